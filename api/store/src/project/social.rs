//! The rows that members' dealings with one another leave.

use hamlet_protocol::social::SocialEvent;
use hamlet_protocol::social::chat::ChatRole;

use super::number;
use crate::error::StoreError;
use crate::plan::Step;
use crate::rows::{MessageRow, NoticeRow};
use crate::tables::Stored;
use crate::value::{Action, Kind, Row, Table, Value};

const NOTICES_READ: Table = Table {
    name: "notifications",
    columns: &[("id", Kind::Uuid), ("read_ms", Kind::Int)],
    key: 1,
};

const CHATS: Table = Table {
    name: "chats",
    columns: &[
        ("id", Kind::Uuid),
        ("state", Kind::Text),
        ("name", Kind::Text),
        ("changed_ms", Kind::Int),
    ],
    key: 1,
};

const MEMBERS: Table = Table {
    name: "chat_members",
    columns: &[
        ("chat", Kind::Uuid),
        ("agent", Kind::Uuid),
        ("role", Kind::Text),
        ("since", Kind::Int),
        ("active", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 2,
};

const READ_MARKS: Table = Table {
    name: "chat_members",
    columns: &[
        ("chat", Kind::Uuid),
        ("agent", Kind::Uuid),
        ("read_no", Kind::Int),
    ],
    key: 2,
};

const IGNORES: Table = Table {
    name: "ignores",
    columns: &[
        ("agent", Kind::Uuid),
        ("target", Kind::Uuid),
        ("kind", Kind::Text),
        ("active", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 3,
};

#[derive(Default)]
pub(super) struct SocialRows<'a> {
    notices: Vec<Row<'a>>,
    notices_read: Vec<Row<'a>>,
    chats: Vec<Row<'a>>,
    members: Vec<Row<'a>>,
    messages: Vec<Row<'a>>,
    read_marks: Vec<Row<'a>>,
    ignores: Vec<Row<'a>>,
}

impl<'a> SocialRows<'a> {
    pub(super) fn steps(self) -> Vec<Step<'a>> {
        vec![
            Step::rows(NoticeRow::TABLE, Action::Insert, self.notices),
            Step::rows(NOTICES_READ, Action::Update, self.notices_read),
            Step::rows(CHATS, Action::Upsert, self.chats),
            Step::rows(MEMBERS, Action::Upsert, self.members),
            Step::rows(MessageRow::TABLE, Action::Insert, self.messages),
            Step::rows(READ_MARKS, Action::Update, self.read_marks),
            Step::rows(IGNORES, Action::Upsert, self.ignores),
        ]
    }

    pub(super) fn add(
        &mut self,
        event: &'a SocialEvent,
        seq: i64,
        at: i64,
    ) -> Result<(), StoreError> {
        match event {
            SocialEvent::Notified { agent, notice } => self.notices.push(vec![
                notice.id.0.into(),
                seq.into(),
                agent.0.into(),
                at.into(),
                Value::text(notice.kind.as_str()),
                notice.from.map(|id| id.0).into(),
                notice.post.map(|id| id.0).into(),
                notice.comment.map(|id| id.0).into(),
                notice.chat.map(|id| id.0).into(),
                notice.amount.into(),
                Value::text(notice.text.as_str()),
                Value::Null,
            ]),
            SocialEvent::NoticesRead { notices, .. } => {
                let read = notices.iter().map(|id| vec![id.0.into(), at.into()]);
                self.notices_read.extend(read);
            }
            SocialEvent::Blocked { agent, target, on } => {
                self.ignore(agent.0, target.0, "block", *on, at);
            }
            SocialEvent::Muted { agent, target, on } => {
                self.ignore(agent.0, target.0, "mute", *on, at);
            }
            SocialEvent::ChatSet {
                chat, state, name, ..
            } => self.chats.push(vec![
                chat.0.into(),
                Value::text(state.as_str()),
                Value::text(name.as_str()),
                at.into(),
            ]),
            SocialEvent::ChatMember {
                chat,
                agent,
                role,
                since,
            } => self.members.push(vec![
                chat.0.into(),
                agent.0.into(),
                Value::text(role.unwrap_or(ChatRole::Member).as_str()),
                number(*since)?.into(),
                i64::from(role.is_some()).into(),
                at.into(),
            ]),
            SocialEvent::Sent { chat, message } => self.messages.push(vec![
                message.id.0.into(),
                number(message.no)?.into(),
                chat.0.into(),
                message.from.0.into(),
                at.into(),
                Value::text(message.text.as_str()),
                i64::from(message.needs_human).into(),
            ]),
            SocialEvent::ChatRead { agent, chat, upto } => {
                self.read_marks
                    .push(vec![chat.0.into(), agent.0.into(), number(*upto)?.into()]);
            }
        }
        Ok(())
    }

    fn ignore(
        &mut self,
        agent: uuid::Uuid,
        target: uuid::Uuid,
        kind: &'static str,
        on: bool,
        at: i64,
    ) {
        self.ignores.push(vec![
            agent.into(),
            target.into(),
            Value::text(kind),
            i64::from(on).into(),
            at.into(),
        ]);
    }
}
