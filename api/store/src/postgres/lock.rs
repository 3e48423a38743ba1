//! The lock on the world: held by a session, so that the server lets go of it when this process ends, however it ends.

use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Row as _};
use tokio::sync::Mutex;

use super::classify;
use crate::error::StoreError;

/// The number of the lock within a database: "hamlet" in ASCII.
const NUMBER: i64 = 0x6861_6d6c_6574;

/// Takes the lock for a session; the session's end lets go of it.
pub(super) async fn try_take(link: &mut PgConnection) -> Result<(), StoreError> {
    let got: bool = sqlx::query("SELECT pg_try_advisory_lock($1)")
        .bind(NUMBER)
        .fetch_one(link)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(|error| classify(&error))?;
    match got {
        true => Ok(()),
        false => Err(StoreError::InUse),
    }
}

/// Lets go of the lock at once: the server would notice the session's end only after a while.
pub(super) async fn let_go(link: &mut PgConnection) {
    let gone = sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(NUMBER)
        .execute(link)
        .await;
    // Where it cannot be said, the session's end says it.
    drop(gone);
}

/// The lock on the world, and the connection that holds it.
pub(super) struct Lock {
    options: PgConnectOptions,
    held: Mutex<Option<PgConnection>>,
    /// Whether this server has the world, as far as it knows.
    wanted: AtomicBool,
    /// Whether the session that holds the lock may be gone.
    doubted: AtomicBool,
}

impl Lock {
    pub(super) fn new(options: PgConnectOptions) -> Self {
        Self {
            options,
            held: Mutex::new(None),
            wanted: AtomicBool::new(false),
            doubted: AtomicBool::new(false),
        }
    }

    /// Takes it, unless it is held already.
    pub(super) async fn take(&self) -> Result<(), StoreError> {
        let mut held = self.held.lock().await;
        if let Some(link) = held.as_mut() {
            if link.ping().await.is_ok() {
                return Ok(());
            }
            *held = None;
        }
        let link = self.options.connect().await;
        let mut link = link.map_err(|error| classify(&error))?;
        try_take(&mut link).await?;
        *held = Some(link);
        self.wanted.store(true, Ordering::Release);
        Ok(())
    }

    /// Something went wrong with the server: the session may be gone, and the lock with it.
    pub(super) fn doubt(&self) {
        self.doubted.store(true, Ordering::Release);
    }

    /// Takes it again where there is doubt, and it was held before.
    pub(super) async fn retake(&self) -> Result<(), StoreError> {
        let needed = self.wanted.load(Ordering::Acquire) && self.doubted.load(Ordering::Acquire);
        if !needed {
            return Ok(());
        }
        self.take().await?;
        self.doubted.store(false, Ordering::Release);
        Ok(())
    }

    pub(super) async fn release(&self) {
        self.wanted.store(false, Ordering::Release);
        if let Some(mut link) = self.held.lock().await.take() {
            let_go(&mut link).await;
            drop(link.close().await);
        }
    }
}
