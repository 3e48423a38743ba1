//! Whether all is well, how large it is, and a copy of it.

use std::path::Path;

use crate::backend::Backend;
use crate::cells::{only_int, only_text};
use crate::rows::TableStat;
use crate::store::{Result, Store};

/// Tables, their rows and their bytes with indexes. On SQLite the pages of the file are counted.
const STATS_SQLITE: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
const STATS_POSTGRES: &str = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1";
const BYTES_SQLITE: &str = "SELECT COALESCE(SUM(pgsize), 0) FROM dbstat WHERE aggregate = TRUE \
     AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1)";
const BYTES_POSTGRES: &str = "SELECT pg_total_relation_size(to_regclass($1))";

/// What must hold beyond what a database checks by itself; each gives a count that must be zero.
const RULES: [(&str, &str); 4] = [
    (
        "frames of the journal are missing in between",
        "SELECT COALESCE(MAX(seq) - MIN(seq) + 1 - COUNT(*), 0) FROM frames",
    ),
    (
        "the journal does not end where the head says",
        "SELECT COUNT(*) FROM head WHERE next_frame <> COALESCE((SELECT MAX(seq) + 1 FROM frames), next_frame)",
    ),
    (
        "events are missing in between or beyond the head",
        "SELECT COALESCE(MAX(seq) - MIN(seq) + 1 - COUNT(*), 0) + (SELECT COUNT(*) FROM head WHERE last_seq < \
         COALESCE((SELECT MAX(seq) FROM events), 0)) FROM events",
    ),
    (
        "entries of the audit log are missing",
        "SELECT COALESCE(MAX(no) - COUNT(*), 0) FROM audit",
    ),
];

impl Store {
    /// Rows and bytes of every table. It reads everything: not for every scrape.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn stats(&self) -> Result<Vec<TableStat>> {
        let (tables, bytes) = match self.backend() {
            Backend::Sqlite(_) => (STATS_SQLITE, BYTES_SQLITE),
            Backend::Postgres(_) => (STATS_POSTGRES, BYTES_POSTGRES),
        };
        let names = self.backend().read(tables, vec![], only_text).await?;
        let mut stats = Vec::with_capacity(names.len());
        for table in names {
            let count = format!("SELECT COUNT(*) FROM {table}");
            stats.push(TableStat {
                rows: self.number(count, vec![]).await?,
                bytes: self
                    .number(
                        bytes.to_owned(),
                        vec![crate::value::Value::text(table.clone())],
                    )
                    .await?,
                table,
            });
        }
        Ok(stats)
    }

    /// What is wrong, in sentences; empty: nothing. It reads everything.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn integrity_check(&self) -> Result<Vec<String>> {
        let mut wrong = match self.backend() {
            Backend::Sqlite(database) => database.integrity().await?,
            Backend::Postgres(_) => Vec::new(),
        };
        for (sentence, count) in RULES {
            if self.number(count.to_owned(), vec![]).await? != 0 {
                wrong.push(sentence.to_owned());
            }
        }
        Ok(wrong)
    }

    /// Writes a consistent copy into a new file, while everything goes on.
    ///
    /// # Errors
    /// `Unsupported` or `Unavailable` where the file is there already, `Unavailable` and the like.
    pub async fn backup_into(&self, path: &Path) -> Result<()> {
        match self.backend() {
            Backend::Sqlite(database) => database.backup_into(path).await,
            Backend::Postgres(database) => database.backup_into(path).await,
        }
    }

    async fn number(&self, sql: String, args: crate::value::Row<'_>) -> Result<i64> {
        let found = self.backend().read(sql, args, only_int).await?;
        Ok(found.first().copied().unwrap_or(0))
    }
}
