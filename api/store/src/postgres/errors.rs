//! What PostgreSQL's error codes mean to the store.

use crate::error::StoreError;

/// What an error means to the store.
pub(crate) fn classify(error: &sqlx::Error) -> StoreError {
    let what = error.to_string();
    match error {
        sqlx::Error::Database(inner) => of_code(&inner.code().unwrap_or_default(), what),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => StoreError::Unavailable { what },
        _ => StoreError::Sql { what },
    }
}

fn of_code(code: &str, what: String) -> StoreError {
    match code {
        "53100" => StoreError::Full { what },
        "XX001" | "XX002" => StoreError::Corrupt { what },
        // Read-only, as a standby is; a serialisation failure, a deadlock, a lock that was not to be had.
        "25006" | "40001" | "40P01" | "55P03" => StoreError::Unavailable { what },
        // Connection, resources, operator intervention, system, authorisation and missing database: not the statement's fault.
        _ if ["08", "53", "57", "58", "28", "3D"].contains(&code.get(..2).unwrap_or("")) => {
            StoreError::Unavailable { what }
        }
        _ => StoreError::Sql { what },
    }
}
