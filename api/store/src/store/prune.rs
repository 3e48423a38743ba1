//! Deleting what is old enough: little by little, so that commits go on in between.

use crate::cells::{Reader, only_text};
use crate::rows::{ImageInfo, PruneOptions, PruneReport};
use crate::store::{Result, Store};
use crate::value::{Row, Value};

/// Rows that one transaction deletes at most.
const STEP_ROWS: i64 = 5_000;
const HOUR_MS: i64 = 3_600_000;
/// How long one can look what became of a delivery.
const DELIVERY_KEEP_MS: i64 = 7 * 24 * HOUR_MS;
/// How long a counter outlives the beginning of its window: the longest is a day.
pub const WINDOW_KEEP_MS: i64 = 48 * HOUR_MS;

impl Store {
    /// Deletes what is old enough. Frames that the oldest kept image needs always stay, and so does the newest image;
    /// without any image every frame stays.
    ///
    /// # Errors
    /// `Unavailable` and the like; what was deleted before stays deleted, and calling it again goes on.
    pub async fn prune(&self, options: PruneOptions) -> Result<PruneReport> {
        let mut report = PruneReport::default();
        let images = self.images().await?;
        let keep = usize::try_from(options.images_keep.max(1)).unwrap_or(usize::MAX);
        let kept: &[ImageInfo] = &images[..keep.min(images.len())];
        if let Some(oldest) = kept.last() {
            report.images = self.delete_images_before(oldest.id).await?;
        }
        if let Some(needed) = kept.iter().map(|image| image.next_frame).min() {
            let old = before(options.now_ms, options.journal_keep_hours);
            // In order of their numbers, so that no gap can arise: it stops at the first frame that is too young.
            let until = format!(
                "MIN($1, COALESCE((SELECT MIN(seq) FROM frames WHERE stamp_ms >= {old}), $1))"
            );
            report.frames = self.delete_up_to("frames", &until, needed).await?;
        }
        if let Some(hours) = options.events_keep_hours {
            let old = before(options.now_ms, hours);
            let until = format!(
                "MIN($1, COALESCE((SELECT MIN(seq) FROM events WHERE stamp_ms >= {old}), $1))"
            );
            let all = self.newest_event().await? + 1;
            report.events = self.delete_up_to("events", &until, all).await?;
        }
        report.expired = self.delete_expired(options.now_ms).await?;
        Ok(report)
    }

    /// The files that something names, as the hexadecimal digits of their hashes.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn named_files(&self) -> Result<Vec<String>> {
        let avatars = self
            .backend()
            .read(
                "SELECT hash FROM avatars WHERE hash IS NOT NULL",
                vec![],
                a_hash,
            )
            .await?;
        let avatars = avatars.iter().map(|hash| {
            let digits = hash.iter().map(|byte| format!("{byte:02x}"));
            digits.collect::<String>()
        });
        let mut named: Vec<String> = avatars.collect();
        for column in ["icon", "banner"] {
            let sql = format!("SELECT {column} FROM submolts WHERE {column} <> ''");
            named.extend(self.backend().read(sql, vec![], only_text).await?);
        }
        Ok(named)
    }

    async fn newest_event(&self) -> Result<i64> {
        let newest = self
            .backend()
            .read("SELECT COALESCE(MAX(seq), 0) FROM events", vec![], |row| {
                row.int()
            })
            .await?;
        Ok(newest.first().copied().unwrap_or(0))
    }

    /// Deletes rows with lower numbers than what `until` (an expression of `$1`) says, in steps.
    async fn delete_up_to(&self, table: &str, until: &str, bound: i64) -> Result<u64> {
        let least = if matches!(self.kind(), crate::StoreKind::Postgres) {
            until.replacen("MIN($1", "LEAST($1", 1)
        } else {
            until.to_owned()
        };
        let range = self
            .backend()
            .read(
                format!("SELECT COALESCE(MIN(seq), 0), {least} FROM {table}"),
                vec![bound.into()],
                |row| Ok((row.int()?, row.int()?)),
            )
            .await?;
        let (mut from, to) = range.first().copied().unwrap_or((0, 0));
        let mut deleted = 0;
        while from < to {
            from = (from + STEP_ROWS).min(to);
            let sql = format!("DELETE FROM {table} WHERE seq < $1");
            deleted += self.backend().write(sql, vec![from.into()]).await?;
        }
        Ok(deleted)
    }

    async fn delete_expired(&self, now_ms: i64) -> Result<u64> {
        let now = || -> Row<'static> { vec![Value::Int(now_ms)] };
        let mut deleted = 0;
        for table in ["sessions", "tickets", "idempotency"] {
            let sql = format!("DELETE FROM {table} WHERE expires_ms <= $1");
            deleted += self.backend().write(sql, now()).await?;
        }
        let windows = vec![Value::Int(now_ms - WINDOW_KEEP_MS)];
        deleted += self
            .backend()
            .write("DELETE FROM windows WHERE start_ms < $1", windows)
            .await?;
        let done = vec![Value::Int(now_ms - DELIVERY_KEEP_MS)];
        deleted += self
            .backend()
            .write("DELETE FROM webhook_deliveries WHERE done_ms < $1", done)
            .await?;
        Ok(deleted)
    }
}

fn before(now_ms: i64, hours: u32) -> i64 {
    now_ms - i64::from(hours) * HOUR_MS
}

/// The only column of a row.
fn a_hash(row: &mut Reader<'_>) -> std::result::Result<[u8; 32], sqlx::Error> {
    row.hash()
}
