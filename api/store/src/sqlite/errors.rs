//! What SQLite's error codes mean to the store.

use crate::error::StoreError;

const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const NOMEM: i32 = 7;
const READONLY: i32 = 8;
const INTERRUPT: i32 = 9;
const IOERR: i32 = 10;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const NOTADB: i32 = 26;

/// What an error means to the store.
pub(crate) fn classify(error: &sqlx::Error) -> StoreError {
    let what = error.to_string();
    match error {
        sqlx::Error::Database(inner) => match inner.code().and_then(|code| code.parse().ok()) {
            Some(code) => of_code(code, what),
            None => StoreError::Sql { what },
        },
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => StoreError::Unavailable { what },
        _ => StoreError::Sql { what },
    }
}

fn of_code(extended: i32, what: String) -> StoreError {
    // The lowest byte is the kind, the others refine it.
    match extended & 0xff {
        FULL => StoreError::Full { what },
        CORRUPT | NOTADB => StoreError::Corrupt { what },
        BUSY | LOCKED | NOMEM | READONLY | INTERRUPT | IOERR | CANTOPEN => {
            StoreError::Unavailable { what }
        }
        _ => StoreError::Sql { what },
    }
}
