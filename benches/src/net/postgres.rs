//! Databases on the server of `scripts/with-postgres`, for as long as a bench runs.

use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Where the server is found.
const SERVER: &str = "HAMLET_TEST_POSTGRES";

/// Empty databases.
pub(crate) struct Databases {
    /// Their addresses.
    pub(crate) urls: Vec<String>,
}

impl Databases {
    /// So many new ones. The server and they end with the script.
    pub(crate) fn make(count: usize) -> Result<Self> {
        let server = std::env::var(SERVER).context(
            "PostgreSQL is started by scripts/with-postgres: scripts/with-postgres cargo run --release -p hamlet-bench --features pg -- api-write",
        )?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut link = PgConnection::connect(&server).await?;
            let mut urls = Vec::with_capacity(count);
            for n in 0..count {
                let name = format!("hamlet_bench_{}_{n}", std::process::id());
                sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .execute(&mut link)
                    .await?;
                urls.push(server.replacen("/postgres?", &format!("/{name}?"), 1));
            }
            link.close().await?;
            Ok(Self { urls })
        })
    }
}
