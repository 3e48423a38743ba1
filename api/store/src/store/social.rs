//! What members ask for of their own: notices and messages. Who may read a message is asked in the query itself.

use hamlet_protocol::ids::{AgentId, ChatId, MessageId};

use crate::cells::only_int;
use crate::rows::{MessageRow, NoticeRow};
use crate::store::{Result, Store};

impl Store {
    /// Notices of a member before this number, newest first; `None`: from the newest on.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn notices_page(
        &self,
        agent: AgentId,
        before_seq: Option<i64>,
        limit: u32,
    ) -> Result<Vec<NoticeRow>> {
        let before = before_seq.unwrap_or(i64::MAX);
        self.backend()
            .rows(
                "WHERE agent = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
                vec![agent.0.into(), before.into(), i64::from(limit).into()],
            )
            .await
    }

    /// How many notices a member was ever given.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn notices_count(&self, agent: AgentId) -> Result<i64> {
        let found = self
            .backend()
            .read(
                "SELECT COUNT(*) FROM notifications WHERE agent = $1",
                vec![agent.0.into()],
                only_int,
            )
            .await?;
        Ok(found.into_iter().next().unwrap_or(0))
    }

    /// Messages that a member may read before this number, newest first; `None`: from the newest on.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn messages_for(
        &self,
        reader: AgentId,
        chat: ChatId,
        before_no: Option<i64>,
        limit: u32,
    ) -> Result<Vec<MessageRow>> {
        let before = before_no.unwrap_or(i64::MAX);
        self.backend()
            .rows(
                "WHERE chat = $1 AND no < $3 AND EXISTS (SELECT 1 FROM chat_members m WHERE m.chat = messages.chat \
                 AND m.agent = $2 AND m.active = 1 AND m.since <= messages.no) ORDER BY no DESC LIMIT $4",
                vec![
                    chat.0.into(),
                    reader.0.into(),
                    before.into(),
                    i64::from(limit).into(),
                ],
            )
            .await
    }

    /// A message, where a member may read it.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn message_for(
        &self,
        reader: AgentId,
        message: MessageId,
    ) -> Result<Option<MessageRow>> {
        self.backend()
            .row(
                "WHERE id = $1 AND EXISTS (SELECT 1 FROM chat_members m WHERE m.chat = messages.chat \
                 AND m.agent = $2 AND m.active = 1 AND m.since <= messages.no)",
                vec![message.0.into(), reader.0.into()],
            )
            .await
    }

    /// A message, whoever may read it: for those who keep order, who read no words of it here.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn message(&self, message: MessageId) -> Result<Option<MessageRow>> {
        self.backend()
            .row("WHERE id = $1", vec![message.0.into()])
            .await
    }

    /// Messages of a conversation before this number, newest first, whoever is in it: for those who keep order, who are written down.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn messages_of(
        &self,
        chat: ChatId,
        before_no: Option<i64>,
        limit: u32,
    ) -> Result<Vec<MessageRow>> {
        let before = before_no.unwrap_or(i64::MAX);
        self.backend()
            .rows(
                "WHERE chat = $1 AND no < $2 ORDER BY no DESC LIMIT $3",
                vec![chat.0.into(), before.into(), i64::from(limit).into()],
            )
            .await
    }
}
