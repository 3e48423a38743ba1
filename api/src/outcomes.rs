//! What came of requests with an `Idempotency-Key`, in memory: for as long as the records are good, and of each caller only the newest.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use hamlet_store::IdempotencyRow;

/// Outcomes of one caller that are remembered; of more the oldest are forgotten before their day is over.
pub(crate) const OUTCOMES_PER_CALLER_MAX: usize = 4_096;

/// What came of requests, by caller and key.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(HashMap<String, OfCaller>);

#[derive(Debug, Default)]
struct OfCaller {
    rows: HashMap<String, Arc<IdempotencyRow>>,
    /// Their keys by age.
    by_age: BTreeSet<(i64, String)>,
}

impl OfCaller {
    fn enter(&mut self, row: &IdempotencyRow) {
        let old = self.rows.insert(row.key.clone(), Arc::new(row.clone()));
        if let Some(old) = old {
            self.by_age.remove(&(old.created_ms, old.key.clone()));
        }
        self.by_age.insert((row.created_ms, row.key.clone()));
        while self.rows.len() > OUTCOMES_PER_CALLER_MAX {
            let Some((_, oldest)) = self.by_age.pop_first() else {
                return;
            };
            self.rows.remove(&oldest);
        }
    }

    fn forget_expired(&mut self, now_ms: i64) {
        let (rows, by_age) = (&mut self.rows, &mut self.by_age);
        rows.retain(|_, row| row.expires_ms > now_ms);
        by_age.retain(|(_, key)| rows.contains_key(key));
    }
}

impl Outcomes {
    /// What came of an earlier request.
    pub(crate) fn get(&self, caller: &str, key: &str) -> Option<&Arc<IdempotencyRow>> {
        self.0.get(caller)?.rows.get(key)
    }

    /// Takes in what came of a request.
    pub(crate) fn enter(&mut self, row: &IdempotencyRow) {
        self.0.entry(row.scope.clone()).or_default().enter(row);
    }

    /// Forgets all of a caller.
    pub(crate) fn forget(&mut self, caller: &str) {
        self.0.remove(caller);
    }

    /// Forgets what is not good any more.
    pub(crate) fn forget_expired(&mut self, now_ms: i64) {
        self.0.retain(|_, of_caller| {
            of_caller.forget_expired(now_ms);
            !of_caller.rows.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(caller: &str, no: usize) -> IdempotencyRow {
        IdempotencyRow {
            scope: caller.to_owned(),
            key: format!("key-{no}"),
            fingerprint: [0; 32],
            status: 0,
            outcome: "null".to_owned(),
            created_ms: no as i64,
            expires_ms: no as i64 + 100_000,
        }
    }

    #[test]
    fn of_each_caller_the_newest_are_remembered() {
        let mut outcomes = Outcomes::default();
        // In whatever order they come: a start reads them by their keys.
        for no in (0..OUTCOMES_PER_CALLER_MAX + 10).rev() {
            outcomes.enter(&row("agent:one", no));
        }
        outcomes.enter(&row("agent:two", 0));
        assert!(outcomes.get("agent:one", "key-9").is_none());
        assert!(outcomes.get("agent:one", "key-10").is_some());
        assert!(outcomes.get("agent:two", "key-0").is_some());
        outcomes.forget_expired(100_050);
        assert!(outcomes.get("agent:one", "key-50").is_none());
        assert!(outcomes.get("agent:one", "key-51").is_some());
        assert!(!outcomes.0.contains_key("agent:two"));
        outcomes.enter(&row("agent:one", 51));
        let left = &outcomes.0["agent:one"];
        assert_eq!(left.rows.len(), left.by_age.len());
        outcomes.forget("agent:one");
        assert!(outcomes.get("agent:one", "key-51").is_none());
    }
}
