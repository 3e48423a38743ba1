//! When keys were last used: noted at most once a minute each.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hamlet_store::{KeyRow, Write};
use uuid::Uuid;

use crate::village::Desk;

/// A use is noted when the last note is this old, in milliseconds.
const NOTE_EVERY_MS: i64 = 60_000;
/// Keys whose note may be under way; when there are more, uses go unnoted for a moment.
const UNDER_WAY_MAX: usize = 10_000;

/// Notes of use that are under way to the database.
#[derive(Debug, Default)]
pub struct Usage(Mutex<HashMap<Uuid, i64>>);

impl Usage {
    /// Notes that a key was used, without waiting for it.
    pub fn note(&self, desk: &Desk, key: &KeyRow, now_ms: i64) {
        let stale = |last_ms: i64| !(last_ms..last_ms + NOTE_EVERY_MS).contains(&now_ms);
        if !key.last_used_ms.is_none_or(stale) {
            return;
        }
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if under_way.get(&key.id).is_some_and(|&last| !stale(last)) {
            return;
        }
        if under_way.len() >= UNDER_WAY_MAX {
            under_way.retain(|_, &mut last| !stale(last));
            if under_way.len() >= UNDER_WAY_MAX {
                return;
            }
        }
        under_way.insert(key.id, now_ms);
        drop(under_way);
        let id = key.id;
        desk.leave(move |draft| {
            let at_ms = draft.now_ms();
            draft.push(Write::KeyUsed { id, at_ms });
        });
    }
}
