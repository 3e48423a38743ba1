//! What the API asks for: history, texts, audit, settings. Every list has a limit.

use hamlet_protocol::ids::PostId;
use uuid::Uuid;

use crate::cells::only_text;
use crate::rows::{AuditRow, CommentRow, EditRow, EventRow, PostRow};
use crate::store::{Result, Store};
use crate::value::Value;

impl Store {
    /// Entries of the audit log after this number, oldest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn audit_page(&self, after_no: i64, limit: u32) -> Result<Vec<AuditRow>> {
        self.backend()
            .rows(
                "WHERE no > $1 ORDER BY no LIMIT $2",
                vec![after_no.into(), i64::from(limit).into()],
            )
            .await
    }

    /// A page of the audit log before an entry, newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn audit_page_back(&self, before_no: i64, limit: u32) -> Result<Vec<AuditRow>> {
        self.backend()
            .rows(
                "WHERE no < $1 ORDER BY no DESC LIMIT $2",
                vec![before_no.into(), i64::from(limit).into()],
            )
            .await
    }

    /// The newest entry of the audit log.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn audit_last(&self) -> Result<Option<AuditRow>> {
        self.backend().row("ORDER BY no DESC LIMIT 1", vec![]).await
    }

    /// What a post or comment said before it was edited: revisions below this one, the newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn edits_of(&self, target: Uuid, below: i64, limit: u32) -> Result<Vec<EditRow>> {
        self.backend()
            .rows(
                "WHERE target = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3",
                vec![target.into(), below.into(), i64::from(limit).into()],
            )
            .await
    }

    /// Events after this number, oldest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn events_after(&self, seq: i64, limit: u32) -> Result<Vec<EventRow>> {
        self.backend()
            .rows(
                "WHERE seq > $1 ORDER BY seq LIMIT $2",
                vec![seq.into(), i64::from(limit).into()],
            )
            .await
    }

    /// Posts before this number, newest first; `None`: from the newest on.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn posts_page(&self, before_seq: Option<i64>, limit: u32) -> Result<Vec<PostRow>> {
        let before = before_seq.unwrap_or(i64::MAX);
        self.backend()
            .rows(
                "WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
                vec![before.into(), i64::from(limit).into()],
            )
            .await
    }

    /// Comments of a post after this number, oldest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn comments_of(
        &self,
        post: PostId,
        after_seq: i64,
        limit: u32,
    ) -> Result<Vec<CommentRow>> {
        self.backend()
            .rows(
                "WHERE post = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                vec![post.0.into(), after_seq.into(), i64::from(limit).into()],
            )
            .await
    }

    /// A setting by its name.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        let found = self
            .backend()
            .read(
                "SELECT value FROM settings WHERE key = $1",
                vec![Value::text(key)],
                only_text,
            )
            .await?;
        Ok(found.into_iter().next())
    }
}
