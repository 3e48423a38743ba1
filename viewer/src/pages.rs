//! What panels need besides frames: asked for while somebody looks at it, and again when it has grown old.

use hamlet_protocol::ids::{AgentId, PostId};
use uuid::Uuid;

use crate::mirror::LedgerQuery;
use crate::wire::{
    AccountPage, AuditPage, Balance, BountyAnswer, CasePage, ChatAnswer, ChatPage, CommentPage,
    DepositPage, EconomyStats, Entitlements, FileAt, FoundPage, GroupLetters, GroupPage, KeyPage,
    LedgerPage, MeasurePage, MemoryPage, MindCosts, MoodPage, NoticePage, PoolPage, RequestPage,
    SpentPage, TaskChatPage, TaskDoor, TaskMessagePage, ThoughtPage,
};

/// A page of the village's books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Page {
    /// What was reported.
    Queue,
    /// A bounty that was reported, or whose two sides disagree.
    Bounty(u32),
    /// What moderators did.
    Measures,
    /// The newest of the audit log.
    Audit,
    /// People.
    Accounts,
    /// Keys of an agent.
    Keys(AgentId),
    /// Keys of anybody's agent, for admins; each reading is in the village's audit log.
    StaffKeys(AgentId),
    /// What the server measures of itself.
    Metrics,
    /// What one was told.
    Notices,
    /// Conversations.
    Chats,
    /// Who asks to write.
    Requests,
    /// The conversation with somebody.
    Chat(AgentId),
    /// One's groups, and those that ask one in.
    Groups,
    /// Messages of a group.
    Group(Uuid),
    /// Posts with these words.
    Posts(String),
    /// What somebody has.
    Balance(AgentId),
    /// What somebody is entitled to.
    Entitlements(AgentId),
    /// What moved in somebody's purse.
    Ledger(LedgerQuery),
    /// What somebody spent on thinking.
    Spent(AgentId),
    /// Money from outside.
    Deposits,
    /// Everybody's money in numbers.
    Economy,
    /// Endpoints of models.
    Pool,
    /// What thoughts cost.
    MindCosts,
    /// What somebody thought.
    Thoughts(AgentId),
    /// What somebody remembers.
    Memories(AgentId),
    /// Whose mood shows.
    Moods,
    /// Comments of a post.
    Comments(PostId),
    /// One's task chats.
    Tasks,
    /// What was said in one of them.
    Task(Uuid),
    /// A file that was delivered.
    TaskFile(FileAt),
    /// Who may ask an agent for work.
    TaskDoor(AgentId),
}

impl Page {
    /// Seconds after which it is asked for again while somebody looks at it.
    pub(crate) fn every_secs(&self) -> f64 {
        match self {
            Self::Metrics | Self::Pool => 2.0,
            Self::Chat(_)
            | Self::Group(_)
            | Self::Balance(_)
            | Self::Ledger(_)
            | Self::Thoughts(_)
            | Self::Task(_)
            | Self::TaskFile(_)
            | Self::Moods
            | Self::MindCosts => 5.0,
            Self::Queue
            | Self::Bounty(_)
            | Self::Measures
            | Self::Audit
            | Self::Economy
            | Self::Entitlements(_)
            | Self::Spent(_)
            | Self::Memories(_) => 8.0,
            Self::Chats
            | Self::Requests
            | Self::Groups
            | Self::Tasks
            | Self::TaskDoor(_)
            | Self::Notices
            | Self::Accounts
            | Self::Deposits
            | Self::Keys(_) => 20.0,
            Self::Posts(_) | Self::Comments(_) | Self::StaffKeys(_) => 60.0,
        }
    }

    /// Whether what keeps it from being read is shown where it would be.
    pub(crate) fn has_room_for_trouble(&self) -> bool {
        matches!(self, Self::Task(_) | Self::StaffKeys(_))
    }

    /// Where it is on the server; metrics and files are not JSON, and their path is whole. What has further pages has a question mark, so that a cursor can follow.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Queue => "/moderation/queue?limit=100".to_owned(),
            Self::Bounty(no) => format!("/bounties/{no}"),
            Self::Measures => "/moderation/actions?limit=100".to_owned(),
            Self::Audit => "/admin/audit?limit=100&order=newest".to_owned(),
            Self::Accounts => "/admin/accounts?limit=100".to_owned(),
            Self::Keys(agent) => format!("/agents/{agent}/keys"),
            Self::StaffKeys(agent) => format!("/admin/agents/{agent}/keys"),
            Self::Metrics => "/metrics".to_owned(),
            Self::Notices => "/notifications?limit=50".to_owned(),
            Self::Chats => "/agents/dm/conversations?limit=50".to_owned(),
            Self::Requests => "/agents/dm/requests".to_owned(),
            Self::Chat(agent) => format!("/messages/thread/{agent}?limit=100"),
            Self::Groups => "/groups?limit=50".to_owned(),
            Self::Group(group) => format!("/groups/{group}/messages?limit=100"),
            Self::Posts(words) => format!("/search/posts?limit=8&q={}", encoded(words)),
            Self::Balance(agent) => format!("/economy/balance/{agent}"),
            Self::Entitlements(agent) => format!("/economy/entitlements/{agent}"),
            Self::Ledger(query) => ledger(query),
            Self::Spent(agent) => format!("/economy/costs?agent={agent}"),
            Self::Deposits => "/economy/deposits?limit=50".to_owned(),
            Self::Economy => "/economy/stats".to_owned(),
            Self::Pool => "/models/pool".to_owned(),
            Self::MindCosts => "/models/costs".to_owned(),
            Self::Thoughts(agent) => format!("/agents/{agent}/thoughts?limit=20"),
            Self::Memories(agent) => format!("/agents/{agent}/memories?limit=100"),
            Self::Moods => "/world/moods".to_owned(),
            Self::Comments(post) => format!("/posts/{post}/comments?limit=100"),
            Self::Tasks => "/chats?limit=50".to_owned(),
            Self::Task(chat) => format!("/chats/{chat}/messages?limit=50"),
            Self::TaskFile(FileAt { chat, no, at }) => {
                format!("/api/v1/chats/{chat}/messages/{no}/files/{at}")
            }
            Self::TaskDoor(agent) => format!("/agents/{agent}/chats"),
        }
    }
}

fn ledger(query: &LedgerQuery) -> String {
    let mut path = format!("/economy/ledger/{}?limit=50", query.agent);
    if let Some(code) = query.filter.code {
        path.push_str(&format!("&code={code}"));
    }
    if let Some(since) = &query.filter.since {
        path.push_str(&format!("&since={}", encoded(since)));
    }
    path
}

/// A page as it came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Leaf {
    Queue(CasePage),
    Bounty(Box<BountyAnswer>),
    Measures(MeasurePage),
    Audit(AuditPage),
    Accounts(AccountPage),
    Keys(KeyPage),
    Metrics(String),
    Notices(NoticePage),
    Chats(ChatPage),
    Requests(RequestPage),
    Chat(ChatAnswer),
    Groups(GroupPage),
    Group(GroupLetters),
    Posts(FoundPage),
    Balance(Balance),
    Entitlements(Box<Entitlements>),
    Ledger(LedgerPage),
    Spent(Box<SpentPage>),
    Deposits(DepositPage),
    Economy(Box<EconomyStats>),
    Pool(PoolPage),
    MindCosts(Box<MindCosts>),
    Thoughts(ThoughtPage),
    Memories(MemoryPage),
    Moods(MoodPage),
    Comments(CommentPage),
    Tasks(TaskChatPage),
    Task(Box<TaskMessagePage>),
    TaskFile(String),
    TaskDoor(TaskDoor),
}

/// Words as they stand in an address.
fn encoded(words: &str) -> String {
    let mut out = String::new();
    for byte in words.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::LedgerFilter;

    #[test]
    fn a_ledger_is_asked_for_by_what_for_and_since_when() {
        let agent = crate::mirror::sample::agent(0);
        let filter = LedgerFilter {
            code: Some("reward"),
            since: Some("2026-02-02T09:00:00+00:00".to_owned()),
            span: "1 day",
        };
        let path = Page::Ledger(LedgerQuery { agent, filter }).path();
        let expected = format!(
            "/economy/ledger/{agent}?limit=50&code=reward&since=2026-02-02T09%3A00%3A00%2B00%3A00"
        );
        assert_eq!(path, expected);
    }

    #[test]
    fn words_are_encoded_in_addresses() {
        assert_eq!(encoded("jam & tea"), "jam%20%26%20tea");
        assert_eq!(encoded("é"), "%C3%A9");
    }
}
