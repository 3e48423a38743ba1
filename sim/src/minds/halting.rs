//! A mind that is halted: what it was thinking is void, and nobody is asked until the measure ends.

use crate::town::Town;

impl Town<'_, '_> {
    /// Stops what somebody is thinking: the answer is refused when it comes, and what was reserved for it is free again, as are their bids.
    /// The thought counts as had: a model is at work on it, and who halts and resumes again and again must not get more of them than others.
    pub(crate) fn halt_mind(&mut self, no: u32) {
        self.forfeit_thought(no);
        self.withdraw_bids(no);
        let thinking = &mut *self.thinking;
        thinking.asks.retain(|ask| ask.no != no);
        if let Some(mind) = thinking.data.minds.get_mut(&no)
            && let Some(open) = mind.open.take()
        {
            mind.fence += 1;
            // Nobody thinks two thoughts at once: what the one remembers, the other must find or not, whoever is quicker.
            mind.broken_off = Some(open.due);
        }
        let tick = self.clock.tick;
        if self.is_resident(no) {
            // They do by themselves what they need until then.
            self.resident(no).plan.now.next = tick;
        }
    }
}
