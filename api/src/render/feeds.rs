//! Pages of posts as they were last encoded: what many ask for is encoded once per change of the board.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hamlet_protocol::board::Reader;

use super::encoded::Encoded;

/// Pages that are kept at most.
const PAGES_MAX: usize = 512;

/// Which page, and for whom: readers see whom they follow, and what they may read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FeedKey {
    /// List, order, filters, and where it begins and how long it is.
    pub(crate) page: String,
    /// Who asks.
    pub(crate) reader: Reader,
}

/// An encoded page, and the cursor of the next.
#[derive(Clone, Debug)]
pub(crate) struct FeedPage {
    /// The page.
    pub(crate) body: Encoded,
    /// Where the next begins.
    pub(crate) next: Option<String>,
}

/// Pages of one state of the world.
#[derive(Debug, Default)]
pub(crate) struct Feeds(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    seq: u64,
    pages: HashMap<FeedKey, FeedPage>,
}

impl Feeds {
    /// The page, if it was encoded in this state of the world.
    pub(crate) fn get(&self, seq: u64, key: &FeedKey) -> Option<FeedPage> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pages.get(key).filter(|_| kept.seq == seq).cloned()
    }

    /// Keeps a page for others.
    pub(crate) fn keep(&self, seq: u64, key: FeedKey, page: FeedPage) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.seq > seq {
            return;
        }
        if kept.seq < seq || kept.pages.len() >= PAGES_MAX {
            kept.pages.clear();
        }
        kept.seq = seq;
        kept.pages.insert(key, page);
    }
}
