//! What can be looked back at: the newest thoughts of everybody, within limits.

use std::collections::{HashMap, VecDeque};

use hamlet_protocol::minds::ThoughtView;

/// Thoughts of one agent that can be looked back at.
const THOUGHTS_MAX: usize = 20;
/// Agents whose thoughts can be looked back at; beyond, whoever thought longest ago is forgotten.
const AGENTS_MAX: usize = 10_000;
/// Entries that may come to a table before it is looked through for those who have left.
const SWEEP_EVERY: usize = 1_000;

/// The newest thoughts, by agent number.
#[derive(Debug, Default)]
pub(super) struct Lately(HashMap<u32, VecDeque<ThoughtView>>);

impl Lately {
    pub(super) fn push(&mut self, no: u32, view: ThoughtView) {
        if self.0.len() >= AGENTS_MAX && !self.0.contains_key(&no) {
            self.forget_one();
        }
        let thoughts = self.0.entry(no).or_default();
        if thoughts.len() >= THOUGHTS_MAX {
            thoughts.pop_front();
        }
        thoughts.push_back(view);
    }

    /// A thought that ended before a model was asked. False, and not kept, where the one before ended the same way:
    /// who may not think for a day would fill everything with that.
    pub(super) fn push_at_once(&mut self, no: u32, view: ThoughtView) -> bool {
        let last = self.0.get(&no).and_then(VecDeque::back);
        if last.is_some_and(|last| last.turns == 0 && last.outcome == view.outcome) {
            return false;
        }
        self.push(no, view);
        true
    }

    /// The newest first.
    pub(super) fn newest(&self, no: u32, limit: usize) -> Vec<ThoughtView> {
        let thoughts = self.0.get(&no).into_iter();
        let newest = thoughts.flat_map(|thoughts| thoughts.iter().rev());
        newest.take(limit).cloned().collect()
    }

    fn forget_one(&mut self) {
        let newest = |thoughts: &VecDeque<ThoughtView>| thoughts.back().map(|view| view.asked);
        let oldest = self
            .0
            .iter()
            .min_by_key(|(no, thoughts)| (newest(thoughts), **no));
        if let Some(no) = oldest.map(|(no, _)| *no) {
            self.0.remove(&no);
        }
    }
}

/// When a table is looked through for those who have left: each time so many have come to it.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    at: Option<usize>,
}

impl Sweep {
    /// Looks through a table of so many, where it is time: `retain` lets go of who has left and says how many stay.
    /// What was there when the first thought ended stays until the next start, so that it can be looked at and erased.
    pub(super) fn over(&mut self, len: usize, retain: impl FnOnce() -> usize) {
        let left = match self.at {
            Some(at) if len < at => return,
            Some(_) => retain(),
            None => len,
        };
        self.at = Some(left + SWEEP_EVERY);
    }
}

/// Whether what somebody remembers stays in mind. `is_there`: as a view of the village says, which knows nothing of those who came after it.
/// What several hold is about to be written into.
pub(super) fn stays(is_there: Option<bool>, holders: usize) -> bool {
    is_there != Some(false) || holders > 1
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::minds::Wake;

    use super::*;

    fn view(asked: u64, turns: u32, outcome: &str) -> ThoughtView {
        ThoughtView {
            thought: asked,
            agent: IdCodec::new(5).make(0),
            asked,
            due: asked,
            wake: Wake::Time,
            outcome: outcome.to_owned(),
            steps: Vec::new(),
            words: String::new(),
            turns,
            model: None,
            tokens_in: 0,
            tokens_cached: 0,
            tokens_out: 0,
            cost_micros: 0,
            charged: None,
            took_ms: 0,
        }
    }

    #[test]
    fn the_newest_thoughts_of_those_who_thought_last_are_kept() {
        let mut lately = Lately::default();
        for asked in 0..30 {
            lately.push(7, view(asked, 1, "acted"));
        }
        let kept = lately.newest(7, 100);
        assert_eq!((kept.len(), kept[0].asked), (THOUGHTS_MAX, 29));
        for no in 0..AGENTS_MAX as u32 {
            lately.push(100 + no, view(1_000 + u64::from(no), 1, "acted"));
        }
        assert_eq!(lately.0.len(), AGENTS_MAX);
        assert!(lately.newest(7, 1).is_empty(), "longest ago");
        assert_eq!(lately.newest(100, 1).len(), 1);
    }

    #[test]
    fn what_ends_at_once_again_and_again_is_kept_once() {
        let mut lately = Lately::default();
        lately.push(7, view(1, 2, "budget"));
        assert!(lately.push_at_once(7, view(2, 0, "budget")));
        assert!(!lately.push_at_once(7, view(3, 0, "budget")));
        assert!(lately.push_at_once(7, view(4, 0, "funds")));
        assert!(lately.push_at_once(7, view(5, 0, "budget")));
        assert_eq!(lately.newest(7, 100).len(), 4);
    }

    #[test]
    fn only_those_who_have_left_are_let_go_of() {
        assert!(!stays(Some(false), 1));
        assert!(stays(Some(false), 2), "a thought of theirs goes on");
        assert!(stays(Some(true), 1));
        assert!(stays(None, 1), "an old view does not know newcomers");
    }

    #[test]
    fn a_table_is_looked_through_each_time_many_have_come() {
        let mut sweep = Sweep::default();
        sweep.over(5_000, || unreachable!("what was there at first stays"));
        sweep.over(5_000 + SWEEP_EVERY - 1, || unreachable!("too few came"));
        let mut swept = 0;
        sweep.over(5_000 + SWEEP_EVERY, || {
            swept += 1;
            5_400
        });
        sweep.over(5_400 + SWEEP_EVERY - 1, || unreachable!("too few came"));
        assert_eq!(swept, 1);
    }
}
