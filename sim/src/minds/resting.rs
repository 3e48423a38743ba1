//! Between two thoughts one rests as long as the tier's hour wants it to last: thoughts come evenly over the hour, and whoever rests lives by habit.
//!
//! Tiers count by the stamp, which live is the wall clock, while days in the town go by many times faster. Whoever were asked as often as
//! they have time to think would have thought all their tier allows within minutes.

use hamlet_protocol::minds::{ESTIMATE, MindImage, RestImage};

use crate::rng::Stream;
use crate::town::Town;

/// Whoever is spoken to rests this many times shorter.
const SPOKEN_SHARE: i64 = 2;
/// Rests differ by one part in so many, so that a town does not think in step.
const APART_SHARE: i64 = 8;

/// Whether habits decide for somebody who would have been asked again in any case. A rest that is shorter than that is only a pause.
pub(super) fn rests(mind: &MindImage, tick: u64, stamp_ms: i64) -> bool {
    let rests = mind.rest.is_some_and(|rest| stamp_ms < rest.until_ms);
    rests && mind.open.is_none() && tick >= mind.next
}

impl Town<'_, '_> {
    /// How long somebody rests who has just thought. Where thoughts cost nothing nobody counts them.
    pub(super) fn rest_after_thought(&mut self, no: u32, stream: &mut Stream) -> Option<RestImage> {
        let class = self.model_class(no);
        if !self.thoughts_are_paid(&class) {
            return None;
        }
        let estimate = self.thinking.data.estimate.unwrap_or(ESTIMATE);
        let gap_ms = self.gap_of_thoughts(no, estimate.tokens())?;
        let apart = u32::try_from(gap_ms / APART_SHARE).unwrap_or(u32::MAX);
        let now_ms = self.clock.stamp_ms;
        Some(RestImage {
            spoken_ms: now_ms.saturating_add(gap_ms / SPOKEN_SHARE),
            until_ms: now_ms.saturating_add(gap_ms + i64::from(stream.below(apart))),
        })
    }

    /// Somebody's tier is another: how long they rest is found out after the next thought.
    pub(crate) fn rouse_mind(&mut self, no: u32) {
        if let Some(mind) = self.thinking.data.minds.get_mut(&no) {
            mind.rest = None;
        }
    }
}
