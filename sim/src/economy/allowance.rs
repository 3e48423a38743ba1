//! What is left of a tier's hour, and how far apart thoughts are so that it lasts until the hour is over.

use super::metering::at;
use crate::minds::THOUGHT;
use crate::town::Town;

const HOUR_MS: i64 = 3_600_000;
/// Of what a tier allows in an hour, one part in so many is left for work on tasks.
const TASK_SHARE: u64 = 4;

/// Thoughts of an hour that one kind of limit has room for.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// In the whole hour.
    whole: u64,
    /// Still.
    left: u64,
}

impl Room {
    /// So much a thought, of what a tier allows less what is kept for others.
    fn new(allowed: u64, kept: u64, spent: u64, each: u64) -> Self {
        let ours = allowed.saturating_sub(kept);
        Self {
            whole: ours / each.max(1),
            left: ours.saturating_sub(spent) / each.max(1),
        }
    }
}

impl Town<'_, '_> {
    /// Milliseconds by the stamp from the end of a thought to the next, so that the rest of the hour has as many as the tier still allows,
    /// and no part of it more than another. `None`: nothing at all is left, and whoever asks is told so.
    pub(crate) fn gap_of_thoughts(&self, no: u32, estimate: u64) -> Option<i64> {
        let spec = self.entitlement(no);
        let (runs_max, tokens_max) = (u64::from(spec.thoughts_per_hour), spec.tokens_per_hour);
        let spent = at(self.economy.spent.agent(no), self.hour());
        let runs = u64::from(spent.runs);
        if runs >= runs_max || spent.tokens.saturating_add(estimate) > tokens_max {
            return None;
        }
        let mut rooms = vec![Room::new(runs_max, runs_max / TASK_SHARE, runs, 1)];
        if let Some(mean) = self.mean_of_thoughts(no) {
            // What a thought may use at most must fit in when it is reserved.
            let kept = (tokens_max / TASK_SHARE).max(estimate);
            rooms.push(Room::new(tokens_max, kept, spent.tokens, mean));
        }
        let left = rooms.iter().map(|room| room.left).min().unwrap_or(0);
        let whole = rooms.iter().map(|room| room.whole).min().unwrap_or(0);
        let hour_left = HOUR_MS - self.clock.stamp_ms.rem_euclid(HOUR_MS);
        Some(match (each(hour_left, left), each(HOUR_MS, whole)) {
            (Some(left), Some(even)) => left.max(even),
            _ => hour_left,
        })
    }

    /// Tokens that a thought of somebody has used in the mean; `None`: none has used any yet.
    fn mean_of_thoughts(&self, no: u32) -> Option<u64> {
        let costs = self.economy.costs.pages().get(no as usize)?;
        let mine = costs.iter().filter(|((purpose, _), _)| purpose == THOUGHT);
        let (count, tokens) = mine.fold((0_u64, 0_u64), |(count, tokens), (_, cost)| {
            let used = cost.tokens_in + cost.tokens_cached + cost.tokens_out;
            (count + cost.count, tokens.saturating_add(used))
        });
        tokens.checked_div(count)
    }
}

/// A span's share for each of so many.
fn each(span_ms: i64, many: u64) -> Option<i64> {
    span_ms.checked_div(i64::try_from(many).unwrap_or(i64::MAX))
}
