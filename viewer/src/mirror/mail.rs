//! What the signed-in person was told and written.

use hamlet_protocol::ids::AgentId;

use uuid::Uuid;

use super::paged::Paged;
use crate::wire::{
    ChatAnswer, ChatPage, ChatShape, GroupPage, GroupShape, LetterShape, NoticePage, NoticeShape,
    RequestShape,
};

/// Messages of a conversation that are kept.
const LETTERS_MAX: usize = 500;

/// What the signed-in person was told and written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Mail {
    /// Notifications, newest first; `None` until they have come.
    pub(crate) notices: Option<Paged<NoticeShape>>,
    /// How many of all are not read.
    pub(crate) unread_notices: u32,
    /// Conversations; `None` until they have come.
    pub(crate) chats: Option<Vec<ChatShape>>,
    /// Messages not read.
    pub(crate) unread_letters: u32,
    /// Who asks to write.
    pub(crate) requests: Vec<RequestShape>,
    /// The conversation that is read.
    pub(crate) open: Option<Chat>,
    /// Groups; `None` until they have come.
    pub(crate) groups: Option<Vec<GroupShape>>,
    /// Groups that ask one in.
    pub(crate) invitations: Vec<GroupShape>,
    /// Messages of groups that are not read.
    pub(crate) unread_in_groups: u32,
    /// The group that is read.
    pub(crate) group: Option<GroupChat>,
}

/// A group that is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupChat {
    /// Which.
    pub(crate) id: Uuid,
    /// Its messages, oldest first; `None` until they have come.
    pub(crate) letters: Option<Vec<LetterShape>>,
}

/// A conversation that is read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chat {
    /// With whom.
    pub(crate) with: AgentId,
    /// Their handle.
    pub(crate) name: String,
    /// Its messages, oldest first; `None` until they have come.
    pub(crate) letters: Option<Vec<LetterShape>>,
    /// Whether the other has agreed to talk.
    pub(crate) pending: bool,
}

impl Mail {
    /// A conversation is to be read.
    pub(crate) fn open(&mut self, with: AgentId, name: String) {
        if self.open.as_ref().is_some_and(|it| it.with == with) {
            return;
        }
        self.open = Some(Chat {
            with,
            name,
            letters: None,
            pending: false,
        });
    }

    /// Takes in notifications.
    pub(crate) fn take_notices(&mut self, page: NoticePage) {
        self.unread_notices = page.unread_count;
        Paged::renew(&mut self.notices, page.notifications, page.next_cursor);
    }

    /// Takes in conversations.
    pub(crate) fn take_chats(&mut self, page: ChatPage) {
        self.unread_letters = page.total_unread;
        self.chats = Some(page.conversations.items);
    }

    /// A group is to be read.
    pub(crate) fn open_group(&mut self, id: Uuid) {
        if self.group.as_ref().is_none_or(|it| it.id != id) {
            self.group = Some(GroupChat { id, letters: None });
        }
    }

    /// Takes in groups.
    pub(crate) fn take_groups(&mut self, page: GroupPage) {
        self.unread_in_groups = page.total_unread;
        self.groups = Some(page.groups);
        self.invitations = page.invitations;
    }

    /// Takes in messages of a group.
    pub(crate) fn take_group(&mut self, id: Uuid, mut letters: Vec<LetterShape>) {
        if let Some(open) = self.group.as_mut().filter(|it| it.id == id) {
            let spare = letters.len().saturating_sub(LETTERS_MAX);
            letters.drain(..spare);
            open.letters = Some(letters);
        }
    }

    /// Takes in a conversation.
    pub(crate) fn take_chat(&mut self, with: AgentId, answer: ChatAnswer) {
        let Some(open) = self.open.as_mut().filter(|it| it.with == with) else {
            return;
        };
        open.pending = answer
            .conversation
            .is_some_and(|it| it.status == "pending" && it.you_initiated);
        let mut letters = answer.messages;
        let spare = letters.len().saturating_sub(LETTERS_MAX);
        letters.drain(..spare);
        open.letters = Some(letters);
    }
}
