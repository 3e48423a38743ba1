//! Counters on disk: how often somebody has done something within a while.

use hamlet_store::WindowRow;

use crate::directory::Directory;

/// What is counted, and how often it may be done.
pub(crate) struct Counter {
    /// Its name in the table of counters.
    pub(crate) window: &'static str,
    /// How often.
    pub(crate) most: i64,
    /// Within how many milliseconds.
    pub(crate) within_ms: i64,
}

impl Counter {
    /// The counter with one more of whom it counts: `member:…` or `agent:…`.
    ///
    /// # Errors
    /// In how many seconds there is room again, where the share is used up.
    pub(crate) fn one_more(
        &self,
        directory: &Directory,
        subject: String,
        now_ms: i64,
    ) -> Result<WindowRow, u64> {
        let running = directory
            .window(&subject, self.window)
            .filter(|row| (row.start_ms..row.start_ms + self.within_ms).contains(&now_ms));
        let (start_ms, count) = running.map_or((now_ms, 0), |row| (row.start_ms, row.count));
        if count >= self.most {
            let wait_ms = start_ms + self.within_ms - now_ms;
            return Err(u64::try_from(wait_ms / 1000 + 1).unwrap_or(1));
        }
        Ok(WindowRow {
            subject,
            window: self.window.to_owned(),
            start_ms,
            count: count + 1,
        })
    }
}
