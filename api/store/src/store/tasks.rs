//! Task chats, for those who are in them.

use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use crate::cells::only_int;
use crate::rows::{TaskChatRow, TaskMessageRow, TaskState};
use crate::store::{Result, Store};
use crate::value::Value;

impl Store {
    /// A task chat.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn task_chat(&self, id: Uuid) -> Result<Option<TaskChatRow>> {
        self.backend().row("WHERE id = $1", vec![id.into()]).await
    }

    /// Task chats of a person, the last used first; `before`: when the last one before was used, and its id.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn task_chats(
        &self,
        person: AgentId,
        before_ms: i64,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<TaskChatRow>> {
        self.backend()
            .rows(
                "WHERE person = $1 AND changed_ms <= $2 ORDER BY changed_ms DESC, id LIMIT $3 OFFSET $4",
                vec![
                    person.0.into(),
                    before_ms.into(),
                    i64::from(limit).into(),
                    i64::from(offset).into(),
                ],
            )
            .await
    }

    /// How many task chats of a person are not closed.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn task_chats_open(&self, person: AgentId) -> Result<i64> {
        let found = self
            .backend()
            .read(
                "SELECT COUNT(*) FROM task_chats WHERE person = $1 AND state <> 'closed'",
                vec![person.0.into()],
                only_int,
            )
            .await?;
        Ok(found.into_iter().next().unwrap_or(0))
    }

    /// Task chats in which an agent was at work when the server ended.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn task_chats_working(&self, limit: u32) -> Result<Vec<TaskChatRow>> {
        self.backend()
            .rows(
                "WHERE state = $1 ORDER BY id LIMIT $2",
                vec![
                    Value::text(TaskState::Working.as_str()),
                    i64::from(limit).into(),
                ],
            )
            .await
    }

    /// Messages of a task chat with a smaller number, newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn task_messages(
        &self,
        chat: Uuid,
        below: i64,
        limit: u32,
    ) -> Result<Vec<TaskMessageRow>> {
        self.backend()
            .rows(
                "WHERE chat = $1 AND no < $2 ORDER BY no DESC LIMIT $3",
                vec![chat.into(), below.into(), i64::from(limit).into()],
            )
            .await
    }

    /// One message of a task chat.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn task_message(&self, chat: Uuid, no: i64) -> Result<Option<TaskMessageRow>> {
        self.backend()
            .row("WHERE chat = $1 AND no = $2", vec![chat.into(), no.into()])
            .await
    }
}
