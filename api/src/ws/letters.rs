//! What single members hear beside the street and the board: messages, notifications, who is about to write, who came and went.

use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{MessageFrame, Notice, Noticed, OwnFrame};
use hamlet_protocol::ids::{AgentId, ChatId, IdCodec};
use hamlet_protocol::moderation::ModerationEvent;
use hamlet_protocol::social::SocialEvent;
use hamlet_protocol::social::chat::{ChatState, ChatView};
use hamlet_protocol::view::WorldView;

/// Who hears a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// One member.
    One(AgentId),
    /// Those who take part in a conversation or group.
    Members(Vec<AgentId>),
    /// Those who follow somebody, or talk with them.
    Around(AgentId),
    /// Those who keep order in the village.
    Staff,
}

/// A frame with those it is for. Nobody else ever gets it: not an owner, and what is said between members not those who keep order.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// Number of the event; `None` for what is kept nowhere.
    pub(crate) seq: Option<u64>,
    pub(crate) to: Audience,
    pub(crate) frame: OwnFrame,
}

/// What of an event is for single members.
pub(crate) fn letter(record: &EventRecord, now: &WorldView, ids: IdCodec) -> Option<Letter> {
    let seq = record.seq;
    let event = match &record.event {
        Event::Social(event) => event,
        Event::Moderation(event) => return case_letter(seq, event),
        _ => return None,
    };
    let (to, frame) = match event {
        SocialEvent::Notified { agent, notice } => {
            let inbox = ids.number(*agent).and_then(|no| usize::try_from(no).ok());
            let inbox = inbox.and_then(|no| now.inboxes.get(no)?.as_ref());
            let frame = OwnFrame::Notification {
                seq,
                notification: notice.clone(),
                from_name: notice.from.map(|from| member_name(now, ids, from)),
                unread_count: inbox.map_or(0, |inbox| inbox.unread),
            };
            (Audience::One(*agent), frame)
        }
        SocialEvent::Sent { chat, message } => {
            let view = chat_of(now, ids, *chat)?;
            let message = MessageFrame {
                id: message.id,
                from: message.from,
                from_name: member_name(now, ids, message.from),
                at_ms: message.at_ms,
                text: message.text.clone(),
                needs_human: message.needs_human,
            };
            let frame = if view.state.is_group() {
                OwnFrame::GroupMsg {
                    seq,
                    group: *chat,
                    group_name: view.name.clone(),
                    message,
                }
            } else {
                OwnFrame::Dm {
                    seq,
                    conversation: *chat,
                    state: view.state,
                    message,
                }
            };
            (Audience::Members(members(view)), frame)
        }
        _ => return None,
    };
    Some(Letter {
        seq: Some(seq),
        to,
        frame,
    })
}

/// That something waits for those who keep order.
fn case_letter(seq: u64, event: &ModerationEvent) -> Option<Letter> {
    let ModerationEvent::Reported {
        case,
        subject,
        reason,
        reports,
        ..
    } = event
    else {
        return None;
    };
    Some(Letter {
        seq: Some(seq),
        to: Audience::Staff,
        frame: OwnFrame::Case {
            seq,
            case: *case,
            subject_kind: subject.kind().to_owned(),
            subject: subject.name(),
            reason: reason.clone(),
            reports: *reports,
        },
    })
}

/// That somebody is there now, for those around them.
pub(super) fn presence_letter(notice: &Notice, now: &WorldView, ids: IdCodec) -> Letter {
    let presence = match notice.what {
        Noticed::Presence { presence } => presence,
        _ => Default::default(),
    };
    Letter {
        seq: None,
        to: Audience::Around(notice.agent),
        frame: OwnFrame::Presence {
            agent: notice.agent,
            name: member_name(now, ids, notice.agent),
            presence,
        },
    }
}

/// That somebody is about to write, for the others who take part.
pub(super) fn typing_letter(chat: &ChatView, from: AgentId, from_name: String) -> Letter {
    let mut to = members(chat);
    to.retain(|member| *member != from);
    Letter {
        seq: None,
        to: Audience::Members(to),
        frame: OwnFrame::Typing {
            conversation: chat.id,
            group: chat.state.is_group(),
            from,
            from_name,
        },
    }
}

/// Whether a member follows somebody or talks with them.
pub(super) fn is_around(view: &WorldView, ids: IdCodec, who: AgentId, whom: AgentId) -> bool {
    let Some(no) = ids.number(who).and_then(|no| u32::try_from(no).ok()) else {
        return false;
    };
    let follows = |member: hamlet_protocol::view::MemberView<'_>| member.follows().contains(&whom);
    if who == whom {
        return false;
    }
    let talks = || {
        let inbox = view.inboxes.get(no as usize).and_then(Option::as_ref);
        let chats = inbox.into_iter().flat_map(|inbox| &inbox.chats);
        let mut chats = chats.filter_map(|&chat| view.chats.get(chat as usize));
        chats.any(|chat| {
            let open = matches!(chat.state, ChatState::Open | ChatState::Group);
            open && chat.member(whom).is_some()
        })
    };
    view.member(no).is_some_and(follows) || talks()
}

/// The handle of a member.
pub(super) fn member_name(view: &WorldView, ids: IdCodec, id: AgentId) -> String {
    let no = ids.number(id).and_then(|no| u32::try_from(no).ok());
    let member = no.and_then(|no| view.member(no));
    member.map_or_else(String::new, |member| member.name().to_owned())
}

fn members(chat: &ChatView) -> Vec<AgentId> {
    chat.members.iter().map(|member| member.agent).collect()
}

fn chat_of(view: &WorldView, ids: IdCodec, chat: ChatId) -> Option<&ChatView> {
    let no = usize::try_from(ids.number(chat)?).ok()?;
    view.chats.get(no).map(AsRef::as_ref)
}
