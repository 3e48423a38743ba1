//! What the directory in memory is filled with at a start.

use crate::cells::Reader;
use crate::rows::{
    AccountRow, AgentRecordRow, AvatarRow, ClaimRow, DeliveryRow, IdempotencyRow, KeyRow,
    SessionRow, TicketRow, WebhookRow, WindowRow, Write,
};
use crate::store::{Result, Store};
use crate::tables::Stored;
use crate::value::{Row, Value};

/// How long a key or claim that is over is still known, in milliseconds: thirty days.
pub const OVER_KEPT_MS: i64 = 30 * 86_400_000;
/// Rows that are in memory at once while a table is read.
const PAGE_ROWS: usize = 5_000;

impl Store {
    /// Hands every row that the directory in memory needs to `each`, table by table, in pages, as the writes that would make it:
    /// accounts, agent records, keys and claims that are good or were so within the last thirty days (whoever shows one that is not any more
    /// is told so), sessions and tickets whose time is not over (used ones too: a token that comes a second time must be known),
    /// outcomes whose time is not over, counters, pictures, webhooks with what is on its way to them, settings.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn load_directory(
        &self,
        now_ms: i64,
        mut each: impl FnMut(Write) + Send,
    ) -> Result<()> {
        let now = || vec![Value::Int(now_ms)];
        let alive = "expires_ms > $1";
        self.pages::<AccountRow>("$1 = $1", now(), &mut |row| each(Write::Account(row)))
            .await?;
        self.pages::<AgentRecordRow>("$1 = $1", now(), &mut |row| each(Write::AgentRecord(row)))
            .await?;
        let lately = || vec![Value::Int(now_ms.saturating_sub(OVER_KEPT_MS))];
        let keys =
            "(revoked_ms IS NULL OR revoked_ms > $1) AND (expires_ms IS NULL OR expires_ms > $1)";
        self.pages::<KeyRow>(keys, lately(), &mut |row| each(Write::Key(row)))
            .await?;
        let claims = "expires_ms > $1";
        self.pages::<ClaimRow>(claims, lately(), &mut |row| each(Write::Claim(row)))
            .await?;
        self.pages::<SessionRow>(alive, now(), &mut |row| each(Write::Session(row)))
            .await?;
        self.pages::<TicketRow>(alive, now(), &mut |row| each(Write::Ticket(row)))
            .await?;
        self.pages::<IdempotencyRow>(alive, now(), &mut |row| each(Write::Idempotency(row)))
            .await?;
        self.pages::<WindowRow>("$1 = $1", now(), &mut |row| each(Write::Window(row)))
            .await?;
        self.pages::<AvatarRow>("$1 = $1 AND hash IS NOT NULL", now(), &mut |row| {
            each(Write::Avatar(row));
        })
        .await?;
        self.pages::<WebhookRow>("$1 = $1", now(), &mut |row| each(Write::Webhook(row)))
            .await?;
        self.pages::<DeliveryRow>("$1 = $1 AND state = 'pending'", now(), &mut |row| {
            each(Write::Delivery(row));
        })
        .await?;
        let settings = self
            .backend()
            .read("SELECT key, value FROM settings ORDER BY key", vec![], pair)
            .await?;
        for (key, value) in settings {
            each(Write::Setting { key, value });
        }
        Ok(())
    }

    /// Reads a table in the order of its key, page after page; each page begins after the key that the last one ended with.
    async fn pages<T: Stored + Send>(
        &self,
        wanted: &str,
        first: Row<'static>,
        each: &mut (dyn FnMut(T) + Send),
    ) -> Result<()> {
        let key = T::TABLE.key_list();
        let mut args = first.clone();
        let mut after = String::new();
        loop {
            let rest = format!("WHERE {wanted} {after} ORDER BY {key} LIMIT {PAGE_ROWS}");
            let page: Vec<T> = self.backend().rows(&rest, args).await?;
            let full = page.len() == PAGE_ROWS;
            args = first.clone();
            if let Some(last) = page.last() {
                args.extend(owned(&last.values()[..T::TABLE.key]));
            }
            let places: Vec<String> = (0..T::TABLE.key)
                .map(|at| format!("${}", first.len() + 1 + at))
                .collect();
            after = format!("AND ({key}) > ({})", places.join(", "));
            page.into_iter().for_each(&mut *each);
            if !full {
                return Ok(());
            }
        }
    }
}

/// Values that live on without their row.
fn owned(values: &[Value<'_>]) -> Row<'static> {
    values
        .iter()
        .map(|value| match value {
            Value::Null => Value::Null,
            Value::Int(number) => Value::Int(*number),
            Value::Text(text) => Value::Text(text.clone().into_owned().into()),
            Value::Uuid(id) => Value::Uuid(*id),
            Value::Bytes(bytes) => Value::Bytes(bytes.clone().into_owned().into()),
        })
        .collect()
}

fn pair(row: &mut Reader<'_>) -> std::result::Result<(String, String), sqlx::Error> {
    Ok((row.text()?, row.text()?))
}
