//! What the report tells of a run, gathered while it goes on, in bounded memory however long it lasts.

mod board;
mod counts;
mod news;
mod places;
mod rewards;
mod samples;
mod social;
mod timeline;

pub(crate) use board::{Board, CommentNote, PostNote};
pub(crate) use counts::Counts;
pub(crate) use news::News;
pub(crate) use places::{DayPart, Footprints};
pub(crate) use rewards::Rewards;
pub(crate) use samples::Samples;
pub(crate) use social::Social;
pub(crate) use timeline::{Timeline, What};

use hamlet_protocol::event::EventRecord;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::metrics::Sample;
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::view::WorldView;

use super::names::{People, Places};

/// Everything the report is made from.
#[derive(Debug)]
pub(crate) struct Story {
    /// Who is who.
    pub(crate) people: People,
    /// What is where.
    pub(crate) places: Places,
    /// How often what happened.
    pub(crate) counts: Counts,
    /// The series, thinned.
    pub(crate) samples: Samples,
    /// Where people stood.
    pub(crate) footprints: Footprints,
    /// Who talked with whom.
    pub(crate) social: Social,
    /// What was written.
    pub(crate) board: Board,
    /// What spread.
    pub(crate) news: News,
    /// What was done to the village.
    pub(crate) timeline: Timeline,
    /// Who was rewarded, who penalised.
    pub(crate) rewards: Rewards,
}

impl Story {
    /// Nothing has happened yet.
    pub(crate) fn new(scenario: &Scenario, map: &TownMap) -> Self {
        Self {
            people: People::default(),
            places: Places::new(map, scenario.seed),
            counts: Counts::default(),
            samples: Samples::default(),
            footprints: Footprints::new(map, scenario.time),
            social: Social::default(),
            board: Board::default(),
            news: News::default(),
            timeline: Timeline::default(),
            rewards: Rewards::default(),
        }
    }

    /// Learns who is there and who follows whom.
    pub(crate) fn meet(&mut self, view: &WorldView) {
        self.people.learn_all(view);
        self.social.learn_follows(view, &mut self.people);
    }

    /// Takes an event in.
    pub(crate) fn event(&mut self, record: &EventRecord) {
        self.people.learn(record);
        self.counts.event(record);
        self.social.event(record, &mut self.people);
        self.board.event(record, &mut self.people);
        self.news.event(record, &mut self.people);
        self.rewards.event(record, &mut self.people);
        self.timeline.event(record, &mut self.people, &self.places);
    }

    /// Takes a sample in.
    pub(crate) fn sample(&mut self, sample: &Sample) {
        self.counts.sample(sample);
        self.samples.add(sample);
        self.footprints.add(sample);
    }
}
