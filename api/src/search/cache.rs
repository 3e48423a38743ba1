//! Searches that were made lately, so that a later page goes on where the one before ended, whatever was written meanwhile.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Found, Wanted};

/// Searches that are remembered. One that is forgotten is made again as of the same moment.
const SEARCHES_MAX: usize = 64;

/// Which search: what was asked, of what, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SearchKey {
    /// The question's name.
    pub(crate) question: String,
    /// What was searched.
    pub(crate) wanted: Wanted,
    /// As of when, UTC milliseconds.
    pub(crate) at_ms: i64,
}

/// Searches, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Searches(Mutex<VecDeque<(SearchKey, Arc<Vec<Found>>)>>);

impl Searches {
    /// What that search found, if it is remembered.
    pub(crate) fn get(&self, key: &SearchKey) -> Option<Arc<Vec<Found>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, found) = kept.iter().find(|(known, _)| known == key)?;
        Some(Arc::clone(found))
    }

    /// Remembers a search.
    pub(crate) fn keep(&self, key: SearchKey, found: Arc<Vec<Found>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.push_back((key, found));
        if kept.len() > SEARCHES_MAX {
            kept.pop_front();
        }
    }
}
