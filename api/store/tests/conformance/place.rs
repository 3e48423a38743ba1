//! A database of a test's own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use hamlet_store::{Store, StoreOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use tempfile::TempDir;

/// A database of a test's own, and a way into it past the store.
pub(crate) enum Place {
    Sqlite { folder: TempDir },
    Postgres { server: String, name: String },
}

static MADE: AtomicU32 = AtomicU32::new(0);

impl Place {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite {
            folder: tempfile::tempdir().expect("a folder for the test"),
        }
    }

    pub(crate) async fn postgres() -> Self {
        let server = std::env::var("HAMLET_TEST_POSTGRES").expect(
            "HAMLET_TEST_POSTGRES is not set: run scripts/test, or scripts/with-postgres cargo nextest run -p hamlet-store",
        );
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970");
        let name = format!(
            "hamlet_{}_{}_{}",
            std::process::id(),
            since.as_nanos(),
            MADE.fetch_add(1, Ordering::Relaxed)
        );
        let place = Self::Postgres { server, name };
        place.on_server("CREATE DATABASE").await;
        place
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    pub(crate) fn file(&self) -> PathBuf {
        match self {
            Self::Sqlite { folder } => folder.path().join("world/hamlet.db"),
            Self::Postgres { .. } => panic!("PostgreSQL has no file"),
        }
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite { .. } => format!("sqlite://{}", self.file().display()),
            Self::Postgres { server, name } => {
                server.replacen("/postgres?", &format!("/{name}?"), 1)
            }
        }
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url(), StoreOptions::default())
            .await
            .expect("the store opens")
    }

    /// SQL past the store.
    pub(crate) async fn raw(&self, sql: &str) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite { .. } => {
                let mut link = SqliteConnection::connect(&self.url()).await?;
                Ok(sqlx::query(sql).execute(&mut link).await?.rows_affected())
            }
            Self::Postgres { .. } => {
                let mut link = PgConnection::connect(&self.url()).await?;
                Ok(sqlx::query(sql).execute(&mut link).await?.rows_affected())
            }
        }
    }

    /// Rows of words past the store.
    pub(crate) async fn words(&self, sql: &str) -> Vec<Vec<String>> {
        fn all<R: Row>(rows: &[R]) -> Vec<Vec<String>>
        where
            usize: sqlx::ColumnIndex<R>,
            for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
        {
            rows.iter()
                .map(|row| (0..row.len()).map(|at| row.get(at)).collect())
                .collect()
        }
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite { .. } => {
                let mut link = SqliteConnection::connect(&self.url())
                    .await
                    .expect("it opens");
                all(&sqlx::query(sql).fetch_all(&mut link).await.expect("SQL"))
            }
            Self::Postgres { .. } => {
                let mut link = PgConnection::connect(&self.url()).await.expect("it opens");
                all(&sqlx::query(sql).fetch_all(&mut link).await.expect("SQL"))
            }
        }
    }

    /// One number past the store.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let words = self.words(&format!("SELECT CAST(({sql}) AS TEXT)")).await;
        words[0][0].parse().expect("a number")
    }

    /// Takes every connection of this database away, as a restart of the server does.
    pub(crate) async fn cut_off(&self) {
        if let Self::Postgres { name, .. } = self {
            let cut = format!(
                "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
            );
            self.raw(&cut).await.expect("backends are ended");
        }
    }

    pub(crate) async fn end(self) {
        if self.is_postgres() {
            self.on_server("DROP DATABASE").await;
        }
    }

    async fn on_server(&self, what: &str) {
        if let Self::Postgres { server, name } = self {
            let force = if what.starts_with("DROP") {
                " WITH (FORCE)"
            } else {
                ""
            };
            let mut link = PgConnection::connect(server)
                .await
                .expect("the server of HAMLET_TEST_POSTGRES answers");
            sqlx::query(AssertSqlSafe(format!("{what} {name}{force}")))
                .execute(&mut link)
                .await
                .expect("the server makes and drops databases");
        }
    }
}
