//! The audit log: who did what to whom, each entry chained to the one before by its hash.

use hamlet_store::AuditRow;
use sha2::{Digest, Sha256};

/// What stands before the first entry.
pub const GENESIS: [u8; 32] = [0; 32];

/// The hash of an entry: SHA-256 over the hash before it and each of its parts with its length.
#[must_use]
pub fn link(row: &AuditRow) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(row.prev);
    hasher.update(row.no.to_be_bytes());
    hasher.update(row.at_ms.to_be_bytes());
    for part in [&row.actor, &row.act, &row.target, &row.detail] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

/// Where a chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An entry is missing or out of place.
    #[error("entry {found} stands where entry {expected} should: entries were removed or moved")]
    Gap {
        /// The number that should stand there.
        expected: i64,
        /// The one that does.
        found: i64,
    },
    /// An entry was changed.
    #[error("entry {0} was changed: its hash does not fit its text")]
    Changed(i64),
    /// An entry before this one was changed.
    #[error("entry {0} does not follow from the one before it")]
    Unchained(i64),
}

/// Follows a chain entry by entry.
#[derive(Clone, Copy, Debug)]
pub struct Verifier {
    next: i64,
    hash: [u8; 32],
}

impl Default for Verifier {
    fn default() -> Self {
        Self {
            next: 1,
            hash: GENESIS,
        }
    }
}

impl Verifier {
    /// Takes the next entry.
    ///
    /// # Errors
    /// Where the chain is broken.
    pub fn follow(&mut self, row: &AuditRow) -> Result<(), Broken> {
        if row.no != self.next {
            return Err(Broken::Gap {
                expected: self.next,
                found: row.no,
            });
        }
        if row.prev != self.hash {
            return Err(Broken::Unchained(row.no));
        }
        if link(row) != row.hash {
            return Err(Broken::Changed(row.no));
        }
        self.next += 1;
        self.hash = row.hash;
        Ok(())
    }

    /// Entries followed so far.
    #[must_use]
    pub fn entries(&self) -> i64 {
        self.next - 1
    }
}
