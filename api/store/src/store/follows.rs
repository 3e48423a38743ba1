//! What profiles show of the past: who follows whom, what somebody wrote last, and on which days they wrote.

use hamlet_protocol::ids::{AgentId, CommentId};

use crate::cells::{Reader, only_int};
use crate::rows::{FollowRow, FollowSide};
use crate::store::{Result, Store};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

impl Store {
    /// Who follow somebody, or whom they follow, the latest first. `after` is the moment and the id that the page before ended with.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn follows(
        &self,
        whose: AgentId,
        side: FollowSide,
        after: Option<(i64, AgentId)>,
        limit: u32,
    ) -> Result<Vec<FollowRow>> {
        let (other, own) = match side {
            FollowSide::Followers => ("agent", "target"),
            FollowSide::Following => ("target", "agent"),
        };
        let mut args = vec![whose.0.into(), i64::from(limit).into()];
        let mut from = "";
        let later = format!(" AND (changed_ms < $3 OR (changed_ms = $3 AND {other} > $4))");
        if let Some((changed_ms, id)) = after {
            args.extend([changed_ms.into(), id.0.into()]);
            from = &later;
        }
        let sql = format!(
            "SELECT {other}, changed_ms FROM follows WHERE {own} = $1 AND active = 1{from} \
             ORDER BY changed_ms DESC, {other} LIMIT $2"
        );
        self.backend().read(sql, args, follow).await
    }

    /// Days, counted from 1970 in UTC, on which somebody posted or commented since a moment; the latest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn days_written(&self, author: AgentId, since_ms: i64) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT created_ms / {DAY_MS} AS day FROM posts WHERE author = $1 AND created_ms >= $2 \
             UNION SELECT created_ms / {DAY_MS} FROM comments WHERE author = $1 AND created_ms >= $2 \
             ORDER BY day DESC"
        );
        let args = vec![author.0.into(), since_ms.into()];
        self.backend().read(sql, args, only_int).await
    }
}

impl Store {
    /// The newest comments of somebody.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn comments_by(&self, author: AgentId, limit: u32) -> Result<Vec<CommentId>> {
        let sql = "SELECT id FROM comments WHERE author = $1 ORDER BY seq DESC LIMIT $2";
        let args = vec![author.0.into(), i64::from(limit).into()];
        self.backend()
            .read(sql, args, |row| row.uuid().map(CommentId))
            .await
    }
}

fn follow(row: &mut Reader<'_>) -> std::result::Result<FollowRow, sqlx::Error> {
    Ok(FollowRow {
        agent: AgentId(row.uuid()?),
        since_ms: row.int()?,
    })
}
