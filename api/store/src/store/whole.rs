//! A village's whole database on PostgreSQL, put back or ended. On SQLite it is a file, and whoever has the folder does both.

use std::io::Read;

use crate::address::Address;
use crate::error::StoreError;
use crate::postgres;
use crate::store::{Result, Store};

impl Store {
    /// Puts a copy that [`Store::backup_into`] wrote into a database of PostgreSQL that has no village; whoever opens it next brings its schema up to date.
    /// It is there whole afterwards, or there is still no village. The source is read on the thread that awaits this.
    ///
    /// # Errors
    /// `Occupied` where a village is, `InUse` where a server has it, `Dump` for a source that is no such copy, `NewerSchema`, `Unsupported` for an address of SQLite.
    pub async fn restore_from(url: &str, source: impl Read + Send) -> Result<()> {
        match Address::parse(url)? {
            Address::Postgres(options) => postgres::restore(*options, source).await,
            Address::Sqlite(_) => Err(a_file()),
        }
    }

    /// Drops the village of a database of PostgreSQL for good, with its schema. Says whether there was one.
    ///
    /// # Errors
    /// `InUse` where a server has it, `NewerSchema`, `Unsupported` for an address of SQLite and for a database of another program.
    pub async fn erase(url: &str) -> Result<bool> {
        match Address::parse(url)? {
            Address::Postgres(options) => postgres::erase(*options).await,
            Address::Sqlite(_) => Err(a_file()),
        }
    }
}

fn a_file() -> StoreError {
    StoreError::Unsupported {
        hint: "it is a file: copy or remove it".to_owned(),
    }
}
