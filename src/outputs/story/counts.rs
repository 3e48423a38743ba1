//! How often what happened in a run.

use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::metrics::{Sample, metric_index};

/// Counts of one run, whatever kinds of events are written down.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Counts {
    /// Durable events.
    pub(crate) durable: u64,
    /// Posts made.
    pub(crate) posts: u64,
    /// Comments made.
    pub(crate) comments: u64,
    /// Votes cast, changed or taken back.
    pub(crate) votes: u64,
    /// Conversations begun.
    pub(crate) talks: u64,
    /// Lines said.
    pub(crate) lines: u64,
    /// Goods swapped.
    pub(crate) trades: u64,
    /// Deals at the market.
    pub(crate) sales: u64,
    /// Goods handed over.
    pub(crate) gifts: u64,
    /// Rewards and penalties.
    pub(crate) rewards: u64,
    /// Samples taken.
    pub(crate) samples: u64,
    moves: u64,
    steps_sampled: u64,
}

impl Counts {
    /// Counts an event.
    pub(crate) fn event(&mut self, record: &EventRecord) {
        if record.event.is_durable() {
            self.durable += 1;
        }
        let count = match &record.event {
            Event::Posted { .. } => &mut self.posts,
            Event::Commented { .. } => &mut self.comments,
            Event::Voted { .. } => &mut self.votes,
            Event::TalkBegan { .. } => &mut self.talks,
            Event::Said { .. } => &mut self.lines,
            Event::Traded { .. } => &mut self.trades,
            Event::Economy(EconomyEvent::Sold { .. }) => &mut self.sales,
            Event::Gave { .. } => &mut self.gifts,
            Event::Rewarded { .. } => &mut self.rewards,
            Event::Moved { .. } => &mut self.moves,
            _ => return,
        };
        *count += 1;
    }

    /// Counts a sample and reads the steps off it.
    pub(crate) fn sample(&mut self, sample: &Sample) {
        self.samples += 1;
        let steps = metric_index("steps").and_then(|index| sample.values.get(index));
        if let Some(&steps) = steps
            && steps.is_finite()
        {
            self.steps_sampled = steps as u64;
        }
    }

    /// Steps walked: those of the events, or where steps are not handed out as events, the last sample's total.
    pub(crate) fn steps(&self) -> u64 {
        match self.moves {
            0 => self.steps_sampled,
            moves => moves,
        }
    }
}
