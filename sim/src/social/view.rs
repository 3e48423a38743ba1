//! What members have with one another, for readers.

use bevy_ecs::prelude::*;
use hamlet_protocol::social::InboxView;
use hamlet_protocol::social::chat::{ChatMemberView, ChatView, MessageView};
use hamlet_protocol::social::image::{MessageImage, NoticeImage};
use hamlet_protocol::social::notice::NoticeView;

use super::Social;
use crate::roster::Roster;

pub(super) fn notice_view(roster: &Roster, notice: &NoticeImage) -> NoticeView {
    NoticeView {
        id: roster.ids.make(notice.no),
        at_ms: notice.at_ms,
        kind: notice.kind,
        from: notice.from.map(|no| roster.agent_id(no)),
        post: notice.post.map(|no| roster.ids.make(u64::from(no))),
        comment: notice.comment.map(|no| roster.ids.make(u64::from(no))),
        chat: notice.chat.map(|no| roster.ids.make(u64::from(no))),
        amount: notice.amount,
        text: notice.text.clone(),
        read: notice.read,
    }
}

pub(super) fn message_view(roster: &Roster, message: &MessageImage) -> MessageView {
    MessageView {
        id: roster.ids.make(message.no),
        no: message.no,
        from: roster.agent_id(message.from),
        at_ms: message.at_ms,
        text: message.text.clone(),
        needs_human: message.needs_human,
    }
}

/// What somebody has of their own, or `None` where that is nothing.
pub(crate) fn inbox_view(world: &World, no: u32) -> Option<InboxView> {
    let (roster, social) = (world.resource::<Roster>(), world.resource::<Social>());
    let data = &social.data;
    let notices = data.boxes.get(&no).map_or(&[][..], Vec::as_slice);
    let of = |pairs: &std::collections::BTreeSet<(u32, u32)>| {
        let own = pairs.range((no, 0)..=(no, u32::MAX));
        own.map(|&(_, whom)| roster.agent_id(whom))
            .collect::<Vec<_>>()
    };
    let is_member = |&&chat: &&u32| {
        let members = &data.chats[chat as usize].members;
        members.iter().any(|member| member.no == no)
    };
    let all = social.chats_of(no);
    let view = InboxView {
        notices: notices.iter().map(|it| notice_view(roster, it)).collect(),
        unread: notices.iter().filter(|it| !it.read).count() as u32,
        blocked: of(&data.blocks),
        muted: of(&data.mutes),
        chats: all.iter().filter(is_member).copied().collect(),
        invited: all
            .iter()
            .filter(|chat| !is_member(chat))
            .copied()
            .collect(),
    };
    (view != InboxView::default()).then_some(view)
}

/// A conversation or group.
pub(crate) fn chat_view(world: &World, no: u32) -> ChatView {
    let (roster, social) = (world.resource::<Roster>(), world.resource::<Social>());
    let chat = &social.data.chats[no as usize];
    let members = chat.members.iter().map(|member| ChatMemberView {
        agent: roster.agent_id(member.no),
        role: member.role,
        since: member.since,
        unread: member.unread,
    });
    let invited = chat.invited.iter();
    ChatView {
        id: roster.ids.make(u64::from(no)),
        state: chat.state,
        name: chat.name.clone(),
        members: members.collect(),
        invited: invited
            .map(|&(whom, by)| (roster.agent_id(whom), roster.agent_id(by)))
            .collect(),
        begun_ms: chat.begun_ms,
        changed_ms: chat.changed_ms,
        sent: chat.sent,
        last: chat
            .last
            .iter()
            .map(|it| message_view(roster, it))
            .collect(),
    }
}
