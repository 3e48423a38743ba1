//! The audit log: who did what to whom, each entry chained to the one before by its hash.

use hamlet_store::AuditRow;
use sha2::{Digest, Sha256};

use crate::files::FileHash;

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

/// The setting that keeps where the log ends, apart from the log itself: whoever cuts entries off its end has to find it, too.
pub const END_SETTING: &str = "audit.end";

/// Where the log ends: number and hash of its last entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Entries so far.
    pub no: i64,
    /// The hash of the last of them.
    pub hash: [u8; 32],
}

impl Default for End {
    fn default() -> Self {
        Self {
            no: 0,
            hash: GENESIS,
        }
    }
}

impl From<&AuditRow> for End {
    fn from(last: &AuditRow) -> Self {
        Self {
            no: last.no,
            hash: last.hash,
        }
    }
}

impl End {
    /// As the setting has it.
    #[must_use]
    pub fn to_text(self) -> String {
        // Written as files' hashes are.
        format!("{}:{}", self.no, FileHash(self.hash))
    }

    /// From the setting; `None` where it makes no sense.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (no, hash) = text.split_once(':')?;
        let FileHash(hash) = hash.parse().ok()?;
        let no = no.parse().ok()?;
        Some(Self { no, hash })
    }
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
    /// The last entries are missing.
    #[error(
        "the audit log ends at entry {found}, but {known} were written: entries were removed at its end"
    )]
    CutOff {
        /// The last one that is there.
        found: i64,
        /// The last one that was written.
        known: i64,
    },
    /// The whole log was written anew.
    #[error("entry {0} is not the one that was written last: the log was replaced by another")]
    Replaced(i64),
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

    /// Whether the log goes at least as far as is known of it. Entries that came since do no harm.
    ///
    /// # Errors
    /// When its end is missing or another.
    pub fn reaches(&self, known: End) -> Result<(), Broken> {
        let found = self.entries();
        if found < known.no {
            return Err(Broken::CutOff {
                found,
                known: known.no,
            });
        }
        if found == known.no && self.hash != known.hash {
            return Err(Broken::Replaced(found));
        }
        Ok(())
    }

    /// Entries followed so far.
    #[must_use]
    pub fn entries(&self) -> i64 {
        self.next - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(acts: &[&str]) -> Vec<AuditRow> {
        let mut end = End::default();
        let rows = acts.iter().map(|act| {
            let mut row = AuditRow {
                no: end.no + 1,
                at_ms: 5,
                actor: "owner".to_owned(),
                act: (*act).to_owned(),
                target: "village".to_owned(),
                detail: "null".to_owned(),
                prev: end.hash,
                hash: GENESIS,
            };
            row.hash = link(&row);
            end = End::from(&row);
            row
        });
        rows.collect()
    }

    fn followed(rows: &[AuditRow]) -> Verifier {
        let mut verifier = Verifier::default();
        for row in rows {
            verifier.follow(row).expect("it is whole");
        }
        verifier
    }

    #[test]
    fn an_end_that_is_missing_or_another_is_found() {
        let whole = log(&["a", "b", "c"]);
        let end = End::from(&whole[2]);
        assert_eq!(End::from_text(&end.to_text()), Some(end));
        assert_eq!(followed(&whole).reaches(end), Ok(()));
        let cut = Broken::CutOff { found: 2, known: 3 };
        assert_eq!(followed(&whole[..2]).reaches(end), Err(cut));
        let other = log(&["a", "b", "d"]);
        assert_eq!(followed(&other).reaches(end), Err(Broken::Replaced(3)));
        let longer = log(&["a", "b", "c", "d"]);
        assert_eq!(followed(&longer).reaches(end), Ok(()));
        assert_eq!(Verifier::default().reaches(End::default()), Ok(()));
        for text in ["", "3", "x:00", "3:00", "3:zz"] {
            assert_eq!(End::from_text(text), None, "{text}");
        }
    }
}
