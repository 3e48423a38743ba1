//! The one connection that writes, and what a transaction on it comes to.

use std::future::Future;

use tokio::sync::{Mutex, MutexGuard};

use crate::error::StoreError;
use crate::plan::Step;

/// A connection of either database, as far as writing goes.
pub(crate) trait Link: Sized + Send {
    /// What it is opened with.
    type Options: Send + Sync;
    /// How a transaction that writes begins.
    const BEGIN: &'static str;

    fn open(options: &Self::Options) -> impl Future<Output = Result<Self, sqlx::Error>> + Send;
    fn run(&mut self, step: &Step<'_>) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;
    fn say(&mut self, sql: &'static str) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
    fn end(self) -> impl Future<Output = ()> + Send;
    /// What an error means to the store.
    fn classify(error: &sqlx::Error) -> StoreError;
}

/// A transaction that did not end well.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: StoreError,
    /// Whether it had been asked to commit: then all of it or nothing is there.
    pub(crate) ambiguous: bool,
}

/// What came of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It is committed; so many rows were touched by its last step.
    Committed(u64),
    /// Its first step did not touch exactly one row, so nothing was done.
    Refused,
}

/// The one connection that writes. After a failure, or when its caller goes away half-way, it is dropped and made anew:
/// what state it was left in is then nobody's concern.
pub(crate) struct Writer<L: Link> {
    options: L::Options,
    link: Mutex<Option<L>>,
}

impl<L: Link> Writer<L> {
    pub(crate) fn new(options: L::Options, link: L) -> Self {
        Self {
            options,
            link: Mutex::new(Some(link)),
        }
    }

    /// Runs the steps in one transaction. With `guarded`, the first one must touch exactly one row.
    pub(crate) async fn transact(
        &self,
        guarded: bool,
        steps: &[Step<'_>],
    ) -> Result<Done, Failure> {
        let mut place = self.link.lock().await;
        let certain = |error: sqlx::Error| Failure {
            error: L::classify(&error),
            ambiguous: false,
        };
        let mut link = match place.take() {
            Some(link) => link,
            None => L::open(&self.options).await.map_err(certain)?,
        };
        link.say(L::BEGIN).await.map_err(certain)?;
        let mut touched = 0;
        for (at, step) in steps.iter().enumerate() {
            touched = link.run(step).await.map_err(certain)?;
            if at == 0 && guarded && touched != 1 {
                link.say("ROLLBACK").await.map_err(certain)?;
                *place = Some(link);
                return Ok(Done::Refused);
            }
        }
        link.say("COMMIT").await.map_err(|error| Failure {
            error: L::classify(&error),
            ambiguous: true,
        })?;
        *place = Some(link);
        Ok(Done::Committed(touched))
    }

    /// Nothing is written while this is held.
    pub(crate) async fn pause(&self) -> MutexGuard<'_, Option<L>> {
        self.link.lock().await
    }

    pub(crate) async fn close(&self) {
        if let Some(link) = self.link.lock().await.take() {
            link.end().await;
        }
    }
}
