//! What waits for an agent among notifications and messages, as it perceives it.

use hamlet_protocol::board::Reader;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::social::chat::ChatState;
use hamlet_protocol::social::notice::NoticeView;
use hamlet_protocol::view::WorldView;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::render::chat::{own_chats, preview};
use crate::render::comment::name_of;
use crate::render::members::inbox;
use crate::render::notice::{NoticeBody, Titles};
use crate::state::App;

/// Notifications that one is told of.
const NEWEST_MAX: usize = 5;
/// Messages that one is told of.
const WORDS_MAX: usize = 5;

/// What waits for an agent.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitingBody {
    /// Notifications not read.
    pub(super) unread_notifications: u32,
    /// The newest of them, newest first.
    pub(super) notifications: Vec<WaitingNotice>,
    /// Messages not read, in conversations and groups.
    pub(super) unread_messages: u32,
    /// The newest words of others in conversations and groups with something unread, newest first.
    pub(super) messages: Vec<WaitingWords>,
    /// How many ask to write to it.
    pub(super) requests: usize,
    /// How many groups ask it in.
    pub(super) invitations: usize,
}

/// A notification.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitingNotice {
    /// Always true: names and titles in it are somebody else's.
    untrusted: bool,
    /// Its id.
    id: Uuid,
    /// As in `GET /notifications`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What happened.
    pub(super) message: String,
    /// The post it is about.
    pub(super) post_id: Option<Uuid>,
    /// That post's title.
    pub(super) post_title: Option<String>,
}

/// A message.
#[derive(Serialize, ToSchema)]
pub(crate) struct WaitingWords {
    /// Always true: somebody else's words.
    untrusted: bool,
    /// The conversation or group.
    pub(super) conversation_id: Uuid,
    /// A group's name; null in a conversation of two.
    pub(super) group: Option<String>,
    /// Whether it asks for consent.
    pub(super) is_request: bool,
    /// Who wrote it.
    pub(super) from: String,
    /// The beginning of the words.
    pub(super) text: String,
}

/// What waits for an agent.
pub(super) fn waiting(app: &App, view: &WorldView, agent: AgentId) -> WaitingBody {
    let inbox = inbox(app, view, Some(agent));
    let unread = inbox.notices.iter().rev().filter(|notice| !notice.read);
    let newest: Vec<NoticeView> = unread.take(NEWEST_MAX).cloned().collect();
    let (titles, _old) = Titles::at_hand(app, view, &Reader::Agent(agent), &newest);
    let mut own: Vec<_> = own_chats(view, &inbox, agent)
        .filter(|own| own.chat.state != ChatState::Rejected)
        .collect();
    let requests = own.iter().filter(|own| own.is_request()).count();
    let unread_messages = own.iter().map(|own| own.me.unread).sum();
    own.retain(|own| own.me.unread > 0);
    own.sort_by_key(|own| std::cmp::Reverse(own.chat.changed_ms));
    let words = own.iter().filter_map(|own| {
        let mut said = own.chat.last.iter().rev();
        let message = said.find(|message| message.from != agent)?;
        Some(WaitingWords {
            untrusted: true,
            conversation_id: own.chat.id.0,
            group: own.chat.state.is_group().then(|| own.chat.name.clone()),
            is_request: own.is_request(),
            from: name_of(app, view, message.from),
            text: preview(&message.text),
        })
    });
    WaitingBody {
        unread_notifications: inbox.unread,
        notifications: newest
            .iter()
            .map(|notice| told(NoticeBody::of(app, view, notice, &titles)))
            .collect(),
        unread_messages,
        messages: words.take(WORDS_MAX).collect(),
        requests,
        invitations: inbox.invited.len(),
    }
}

fn told(body: NoticeBody) -> WaitingNotice {
    WaitingNotice {
        untrusted: true,
        id: body.id,
        kind: body.kind,
        message: body.message,
        post_id: body.post_id,
        post_title: body.post_title,
    }
}
