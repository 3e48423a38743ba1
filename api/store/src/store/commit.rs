//! Committing a batch, once.

use std::time::Duration;

use crate::batch::{Batch, Head};
use crate::error::{CommitError, StoreError};
use crate::plan::{self, Step};
use crate::store::Store;
use crate::writer::{Done, Failure};

/// How often the head is read after a COMMIT whose answer was lost.
const RESOLVE_TRIES: u32 = 6;
/// How long is waited before the second try; each further wait is twice as long.
const RESOLVE_PAUSE: Duration = Duration::from_millis(50);

impl Store {
    /// Commits a batch whole, in one transaction. A batch that is there already is `Ok` and not written twice,
    /// so the very same batch may be committed again after [`CommitError::Unavailable`].
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn commit(&self, batch: &Batch) -> Result<(), CommitError> {
        let mut steps = vec![Step::Sql {
            sql: plan::MOVE_HEAD.to_owned(),
            args: plan::head_args(&batch.before, &batch.after),
        }];
        steps.extend(plan::steps(batch).map_err(CommitError::Invalid)?);
        self.backend().retake().await.map_err(sort)?;
        match self.backend().transact(true, &steps).await {
            Ok(Done::Committed(_)) => Ok(()),
            Ok(Done::Refused) => {
                let head = self.place().await.map_err(sort)?;
                judge(batch, head)?.then_some(()).ok_or_else(|| {
                    // The head is where it was, yet it did not move: somebody moved it there and back.
                    CommitError::Unavailable(StoreError::Unavailable {
                        what: "the head moved while it was looked at".to_owned(),
                    })
                })
            }
            Err(Failure {
                error,
                ambiguous: true,
            }) => self.resolve(batch, error).await,
            Err(failure) => Err(sort(failure.error)),
        }
    }

    /// Finds out what became of a batch whose COMMIT was not answered.
    async fn resolve(&self, batch: &Batch, cause: StoreError) -> Result<(), CommitError> {
        let mut pause = RESOLVE_PAUSE;
        for _ in 0..RESOLVE_TRIES {
            if let Ok(head) = self.place().await {
                return if judge(batch, head)? {
                    Ok(())
                } else {
                    Err(sort(cause))
                };
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Err(CommitError::Unavailable(cause))
    }
}

/// Whether the batch is there, by where the head stands. An error where it can never come there.
fn judge(batch: &Batch, head: Option<Head>) -> Result<bool, CommitError> {
    let Some(head) = head else {
        return Err(CommitError::Invalid(StoreError::Sql {
            what: "there is no head: begin_epoch comes first".to_owned(),
        }));
    };
    if head.epoch != batch.before.epoch {
        return Err(CommitError::Fenced);
    }
    if head == batch.after {
        return Ok(true);
    }
    if head == batch.before {
        return Ok(false);
    }
    Err(CommitError::Invalid(StoreError::Sql {
        what: format!(
            "the store stands at {head:?}, the batch leads from {:?} to {:?}",
            batch.before, batch.after
        ),
    }))
}

/// What an error means to a committer.
fn sort(error: StoreError) -> CommitError {
    match error {
        StoreError::InUse | StoreError::Fenced => CommitError::Fenced,
        StoreError::Unavailable { .. } | StoreError::Full { .. } | StoreError::Corrupt { .. } => {
            CommitError::Unavailable(error)
        }
        StoreError::NewerSchema { .. }
        | StoreError::OtherRules { .. }
        | StoreError::Url { .. }
        | StoreError::Unsupported { .. }
        | StoreError::Occupied
        | StoreError::Dump { .. }
        | StoreError::Sql { .. } => CommitError::Invalid(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let before = Head {
            epoch: 3,
            batch: 7,
            ..Head::default()
        };
        Batch {
            before,
            after: Head {
                batch: 8,
                tick: 5,
                ..before
            },
            ..Batch::default()
        }
    }

    #[test]
    fn the_head_tells_whether_a_batch_is_there() {
        let batch = batch();
        assert!(matches!(judge(&batch, Some(batch.after)), Ok(true)));
        assert!(matches!(judge(&batch, Some(batch.before)), Ok(false)));
    }

    #[test]
    fn another_epoch_is_another_server() {
        let batch = batch();
        let other = Head {
            epoch: 4,
            ..batch.after
        };
        assert!(matches!(
            judge(&batch, Some(other)),
            Err(CommitError::Fenced)
        ));
    }

    #[test]
    fn a_head_elsewhere_is_a_bug() {
        let batch = batch();
        let elsewhere = Head {
            batch: 9,
            ..batch.after
        };
        assert!(matches!(
            judge(&batch, Some(elsewhere)),
            Err(CommitError::Invalid(_))
        ));
        assert!(matches!(judge(&batch, None), Err(CommitError::Invalid(_))));
    }
}
