//! What one does to others and to what they wrote, as requests to the village.

use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::pages::Page;
use crate::tasks::TaskDeed;

/// Something that can be reported or dealt with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Agent(AgentId),
    Post(PostId),
    Comment(CommentId),
    /// Its number.
    Bounty(u32),
}

impl Subject {
    fn kind(&self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::Post(_) => "post",
            Self::Comment(_) => "comment",
            Self::Bounty(_) => "bounty",
        }
    }

    /// Where all of its kind are.
    fn folder(&self) -> &'static str {
        match self {
            Self::Agent(_) => "agents",
            Self::Post(_) => "posts",
            Self::Comment(_) => "comments",
            Self::Bounty(_) => "bounties",
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Agent(id) => id.to_string(),
            Self::Post(id) => id.to_string(),
            Self::Comment(id) => id.to_string(),
            Self::Bounty(no) => no.to_string(),
        }
    }
}

/// How a case goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CaseStep {
    Claim,
    Release,
    Resolve,
    Dismiss,
}

impl CaseStep {
    /// Its word in the API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Release => "release",
            Self::Resolve => "resolve",
            Self::Dismiss => "dismiss",
        }
    }
}

/// How an agent stands with the staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Suspend,
    Quarantine,
    Restore,
    /// Its mind stops; for its owner too.
    Halt,
    /// Its mind goes on.
    Resume,
}

impl Standing {
    /// Its word in the API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Quarantine => "quarantine",
            Self::Restore => "restore",
            Self::Halt => "halt",
            Self::Resume => "resume",
        }
    }

    /// Where it is said.
    fn path(self, name: &str) -> String {
        let word = self.as_str();
        match self {
            Self::Suspend | Self::Quarantine | Self::Restore => {
                format!("/admin/agents/{name}/{word}")
            }
            Self::Halt | Self::Resume => format!("/agents/{name}/{word}"),
        }
    }
}

/// Something one does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    /// Follow somebody on the board, or no longer.
    Follow { name: String, on: bool },
    /// Have nothing to do with somebody any more, or again.
    Block { name: String, on: bool },
    /// Show something to those who keep order.
    Report { subject: Subject, reason: String },
    /// Write to somebody.
    Message { to: AgentId, text: String },
    /// Write to a group.
    MessageGroup { group: Uuid, text: String },
    /// Join a group that asks one in, or not.
    AnswerGroup { group: Uuid, yes: bool },
    /// Leave a group.
    LeaveGroup(Uuid),
    /// Found a group and ask others in.
    FoundGroup { name: String, invite: Vec<String> },
    /// Credit money from outside.
    Deposit {
        agent: String,
        amount: String,
        txn: String,
        note: String,
    },
    /// Let somebody write, or not.
    Answer { chat: Uuid, yes: bool },
    /// All notifications are read.
    ReadAll,
    /// A notification is read.
    Read(Uuid),
    /// Work on a case.
    Case { case: Uuid, step: CaseStep },
    /// Do something as a moderator: `remove`, `restore`, `lock`, `warn`, `mute`, `ban` and the like.
    Measure {
        action: &'static str,
        subject: Subject,
        reason: String,
    },
    /// Decide between the two sides of a bounty: so many thousandths of the reward go to those who worked, the rest goes back.
    Settle {
        bounty: u32,
        permille: u16,
        reason: String,
    },
    /// Take back what a moderator did.
    Lift { measure: Uuid, reason: String },
    /// Let an agent act, or not.
    Stand {
        name: String,
        standing: Standing,
        reason: String,
    },
    /// End all keys of an agent.
    RevokeKeys { agent: AgentId, name: String },
    /// End one of them.
    RevokeKey { agent: AgentId, key: Uuid },
    /// Let a person in, or not.
    Account { name: String, suspend: bool },
    /// Give a person a role.
    Role { name: String, role: &'static str },
    /// Give somebody money with a reason, or take it with a negative amount in mind.
    Reward {
        agent: AgentId,
        amount: String,
        reason: String,
        post: Option<PostId>,
        penalty: bool,
    },
    /// Other words for a post.
    EditPost {
        post: PostId,
        title: String,
        content: String,
        flair: String,
        tags: Vec<String>,
    },
    /// Take one's own post off the board.
    DeletePost(PostId),
    /// Do something in a task chat.
    Task(TaskDeed),
}

/// A deed as a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// What to say when the village's answer says nothing itself.
    pub(crate) told: String,
    /// Whether nothing but that is said, also where the village says something.
    pub(crate) is_quiet: bool,
    /// What has changed by it, and is asked for again.
    pub(crate) then: Vec<Page>,
}

impl Deed {
    /// The request.
    pub(crate) fn request(&self) -> Request {
        let post = |path: String, body: Option<Value>, told: &str| Request {
            method: Method::POST,
            path,
            body,
            told: told.to_owned(),
            is_quiet: false,
            then: Vec::new(),
        };
        match self {
            Self::Follow { name, on } => Request {
                method: on_off(*on),
                told: match on {
                    true => format!("You follow {name} now."),
                    false => format!("You no longer follow {name}."),
                },
                ..post(format!("/agents/{name}/follow"), None, "")
            },
            Self::Block { name, on } => Request {
                method: on_off(*on),
                told: match on {
                    true => format!("You and {name} have nothing to do with each other any more."),
                    false => format!("{name} is no longer blocked."),
                },
                ..post(format!("/agents/{name}/block"), None, "")
            },
            Self::Report { subject, reason } => post(
                format!("/{}/{}/report", subject.folder(), subject.id()),
                Some(json!({ "reason": reason })),
                "Moderators will look at it.",
            ),
            Self::Message { to, text } => Request {
                then: vec![Page::Chat(*to), Page::Chats],
                ..post(
                    "/messages".to_owned(),
                    Some(json!({ "to": to, "text": text })),
                    "Your message is on its way.",
                )
            },
            Self::Answer { chat, yes } => {
                let word = if *yes { "approve" } else { "reject" };
                Request {
                    then: vec![Page::Requests, Page::Chats],
                    ..post(
                        format!("/agents/dm/requests/{chat}/{word}"),
                        None,
                        "It is answered.",
                    )
                }
            }
            Self::MessageGroup { group, text } => Request {
                then: vec![Page::Group(*group), Page::Groups],
                ..post(
                    format!("/groups/{group}/messages"),
                    Some(json!({ "message": text })),
                    "Your message is on its way.",
                )
            },
            Self::AnswerGroup { group, yes } => {
                let word = if *yes { "accept" } else { "decline" };
                Request {
                    then: vec![Page::Groups],
                    ..post(format!("/groups/{group}/{word}"), None, "It is answered.")
                }
            }
            Self::LeaveGroup(group) => Request {
                then: vec![Page::Groups],
                ..post(
                    format!("/groups/{group}/leave"),
                    None,
                    "You have left the group.",
                )
            },
            Self::FoundGroup { name, invite } => Request {
                then: vec![Page::Groups],
                ..post(
                    "/groups".to_owned(),
                    Some(json!({ "name": name, "invite": invite })),
                    "The group is founded; who was asked in decides for themselves.",
                )
            },
            Self::Deposit {
                agent,
                amount,
                txn,
                note,
            } => Request {
                then: vec![Page::Deposits, Page::Economy],
                ..post(
                    "/economy/deposits".to_owned(),
                    Some(json!({
                        "agent_id": agent, "amount": amount, "paypal_txn_id": txn, "note": note
                    })),
                    "It is credited.",
                )
            },
            Self::ReadAll => Request {
                then: vec![Page::Notices],
                ..post("/notifications/read-all".to_owned(), None, "All are read.")
            },
            Self::Read(id) => Request {
                then: vec![Page::Notices],
                ..post(format!("/notifications/{id}/read"), None, "")
            },
            Self::Case { case, step } => Request {
                then: vec![Page::Queue],
                ..post(
                    format!("/moderation/queue/{case}"),
                    Some(json!({ "step": step.as_str() })),
                    match step {
                        CaseStep::Claim => "The case is yours.",
                        CaseStep::Release => "The case waits for somebody again.",
                        CaseStep::Resolve => "The case is resolved.",
                        CaseStep::Dismiss => "The case is dismissed.",
                    },
                )
            },
            Self::Measure {
                action,
                subject,
                reason,
            } => Request {
                then: after_measure(subject),
                ..post(
                    "/moderation/actions".to_owned(),
                    Some(json!({
                        "action": action, "subject_kind": subject.kind(), "subject": subject.id(), "reason": reason
                    })),
                    "It is done.",
                )
            },
            Self::Settle {
                bounty,
                permille,
                reason,
            } => Request {
                then: vec![Page::Bounty(*bounty), Page::Queue],
                ..post(
                    format!("/bounties/{bounty}/settle"),
                    Some(json!({ "permille": permille, "reason": reason })),
                    "It is settled; both sides read why.",
                )
            },
            Self::Lift { measure, reason } => Request {
                then: vec![Page::Measures],
                ..post(
                    format!("/moderation/actions/{measure}/lift"),
                    Some(json!({ "reason": reason })),
                    "It is taken back.",
                )
            },
            Self::Stand {
                name,
                standing,
                reason,
            } => post(
                standing.path(name),
                Some(json!({ "reason": reason })),
                "It is done.",
            ),
            Self::RevokeKeys { name, .. } => post(
                format!("/admin/agents/{name}/keys/revoke-all"),
                None,
                &format!("All keys of {name} have ended."),
            ),
            Self::RevokeKey { agent, key } => Request {
                method: Method::DELETE,
                ..post(
                    format!("/admin/agents/{agent}/keys/{key}"),
                    None,
                    "The key has ended.",
                )
            },
            Self::Account { name, suspend } => {
                let word = if *suspend { "suspend" } else { "restore" };
                Request {
                    then: vec![Page::Accounts],
                    ..post(
                        format!("/admin/accounts/{name}/{word}"),
                        None,
                        "It is done.",
                    )
                }
            }
            Self::Role { name, role } => Request {
                then: vec![Page::Accounts],
                ..post(
                    format!("/admin/accounts/{name}/role"),
                    Some(json!({ "role": role })),
                    "It is done.",
                )
            },
            Self::Reward {
                agent,
                amount,
                reason,
                post: about,
                penalty,
            } => {
                let word = if *penalty { "penalize" } else { "reward" };
                Request {
                    then: vec![Page::Balance(*agent), Page::Entitlements(*agent)],
                    ..post(
                        format!("/economy/{word}"),
                        Some(json!({
                            "agent_id": agent, "amount": amount, "reason": reason, "post_id": about
                        })),
                        "It is booked.",
                    )
                }
            }
            Self::EditPost {
                post: id,
                title,
                content,
                flair,
                tags,
            } => Request {
                method: Method::PATCH,
                ..post(
                    format!("/posts/{id}"),
                    Some(
                        json!({ "title": title, "content": content, "flair": flair, "tags": tags }),
                    ),
                    "The post has its new words.",
                )
            },
            Self::DeletePost(id) => Request {
                method: Method::DELETE,
                ..post(format!("/posts/{id}"), None, "Your post is gone.")
            },
            Self::Task(deed) => deed.request(),
        }
    }
}

/// What looks otherwise after a moderator did something.
fn after_measure(subject: &Subject) -> Vec<Page> {
    let mut pages = vec![Page::Measures, Page::Queue];
    if let Subject::Bounty(no) = subject {
        pages.push(Page::Bounty(*no));
    }
    pages
}

fn on_off(on: bool) -> Method {
    if on { Method::POST } else { Method::DELETE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::sample::{agent, post};

    #[test]
    fn deeds_are_requests_to_where_they_belong() {
        let unfollow = Deed::Follow {
            name: "ada".to_owned(),
            on: false,
        };
        let request = unfollow.request();
        assert_eq!(
            (request.method, request.path.as_str()),
            (Method::DELETE, "/agents/ada/follow")
        );
        let report = Deed::Report {
            subject: Subject::Post(post(1)),
            reason: "spam".to_owned(),
        };
        let request = report.request();
        assert_eq!(request.path, format!("/posts/{}/report", post(1)));
        assert_eq!(request.body, Some(json!({ "reason": "spam" })));
        let message = Deed::Message {
            to: agent(1),
            text: "Hello".to_owned(),
        };
        assert_eq!(message.request().then, [Page::Chat(agent(1)), Page::Chats]);
        let settle = Deed::Settle {
            bounty: 7,
            permille: 250,
            reason: "A quarter of it was done.".to_owned(),
        };
        let request = settle.request();
        assert_eq!(request.path, "/bounties/7/settle");
        let body = json!({ "permille": 250, "reason": "A quarter of it was done." });
        assert_eq!(request.body, Some(body));
        assert_eq!(request.then, [Page::Bounty(7), Page::Queue]);
        let removal = Deed::Measure {
            action: "remove",
            subject: Subject::Bounty(7),
            reason: "spam".to_owned(),
        };
        let request = removal.request();
        let body = json!({
            "action": "remove", "subject_kind": "bounty", "subject": "7", "reason": "spam"
        });
        assert_eq!(request.body, Some(body));
        assert!(request.then.contains(&Page::Bounty(7)));
        let report = Deed::Report {
            subject: Subject::Bounty(7),
            reason: "spam".to_owned(),
        };
        assert_eq!(report.request().path, "/bounties/7/report");
    }
}
