//! The course of a recorded run: forwards tick by tick, and back to the last image before.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use hamlet_protocol::event::EventRecord;
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::time::ClockAnchor;
use hamlet_protocol::view::WorldView;
use hamlet_sim::journal::{End, JournalReader, Record, decode_image, encode_image};
use hamlet_sim::{Village, VillageOptions};

use super::RerunError;

/// Commands, hashes and anchors that are held.
const RECORDS_MAX: usize = 4_000_000;
/// Ticks between two images at the beginning.
const EVERY_TICKS: u64 = 500;
/// Images that are kept; then every second one goes, and they are taken half as often.
const IMAGES_MAX: usize = 64;
/// Bytes of all images together, packed.
const IMAGE_BYTES_MAX: usize = 512 << 20;

/// The ticks of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub first_tick: u64,
    /// Where it ends.
    pub last_tick: u64,
    /// Sim time at its beginning, in seconds since 1970.
    pub first_time: i64,
}

/// A place one can begin at again.
struct Place {
    image: Vec<u8>,
    /// The record that comes next.
    next: usize,
    anchor: Option<ClockAnchor>,
}

pub(super) struct Course {
    village: Village,
    options: VillageOptions,
    records: Vec<Record>,
    next: usize,
    anchor: Option<ClockAnchor>,
    span: Span,
    places: BTreeMap<u64, Place>,
    every: u64,
}

impl Course {
    /// Reads a whole journal, and stands at its beginning.
    pub(super) fn read(
        mut journal: JournalReader<impl Read>,
        options: VillageOptions,
    ) -> Result<Self, RerunError> {
        let mut village = Village::resume(journal.header().start.clone(), options)?;
        let mut records = Vec::new();
        while let Some(record) = journal.next_record()? {
            if records.len() == RECORDS_MAX {
                return Err(RerunError::TooLong { max: RECORDS_MAX });
            }
            records.push(record);
        }
        let last_tick = match journal.end() {
            Some(End::Finished { last_tick, .. }) => *last_tick,
            Some(End::Truncated {
                good_until_tick, ..
            }) => *good_until_tick,
            None => journal.good_until_tick(),
        };
        let first_tick = village.tick_count();
        let span = Span {
            first_tick,
            last_tick: last_tick.max(first_tick),
            first_time: village.view().time.0,
        };
        let mut course = Self {
            village,
            options,
            records,
            next: 0,
            anchor: None,
            span,
            places: BTreeMap::new(),
            every: EVERY_TICKS,
        };
        course.mark()?;
        course.catch_up()?;
        Ok(course)
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    pub(super) fn scenario(&self) -> Arc<Scenario> {
        Arc::clone(self.village.scenario())
    }

    pub(super) fn view(&mut self) -> Arc<WorldView> {
        self.village.view()
    }

    pub(super) fn tick_count(&self) -> u64 {
        self.village.tick_count()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.tick_count() >= self.span.last_tick
    }

    pub(super) fn take_events(&mut self) -> Vec<EventRecord> {
        drop(self.village.take_sample());
        self.village.take_events()
    }

    /// One tick on, with everything that was done after it.
    pub(super) fn tick(&mut self) -> Result<(), RerunError> {
        let next = self.tick_count() + 1;
        self.village
            .tick(self.anchor.map(|anchor| anchor.stamp_of(next)));
        if next.is_multiple_of(self.every) {
            self.mark()?;
        }
        self.catch_up()
    }

    /// Stands where the way on to a tick is shortest.
    pub(super) fn turn_towards(&mut self, tick: u64) -> Result<(), RerunError> {
        let here = self.tick_count();
        let place = self.places.range(..=tick).next_back();
        let Some((&from, place)) = place.filter(|(from, _)| here > tick || **from > here) else {
            return Ok(());
        };
        let image = decode_image(&place.image)?;
        self.village = Village::resume(image, self.options)?;
        (self.next, self.anchor) = (place.next, place.anchor);
        debug_assert_eq!(self.tick_count(), from, "an image knows its tick");
        self.catch_up()?;
        drop(self.take_events());
        Ok(())
    }

    /// Does what was recorded after the ticks done so far.
    fn catch_up(&mut self) -> Result<(), RerunError> {
        let tick = self.tick_count();
        while let Some(record) = self.records.get(self.next)
            && record.tick() <= tick
        {
            self.next += 1;
            match record {
                Record::Anchor(anchor) => self.anchor = Some(*anchor),
                Record::Command { stamped, .. } => {
                    self.village
                        .apply(stamped)
                        .map_err(|why| RerunError::Diverged {
                            tick,
                            what: format!("a recorded command is refused now ({why})"),
                        })?;
                }
                Record::Hash { hash, .. } => {
                    let found = self.village.state_hash();
                    if found != *hash {
                        return Err(RerunError::Diverged {
                            tick,
                            what: format!("recorded {hash}, found {found}"),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// Keeps the world as it is before what is recorded after this tick.
    fn mark(&mut self) -> Result<(), RerunError> {
        let tick = self.tick_count();
        if self.places.contains_key(&tick) {
            return Ok(());
        }
        let place = Place {
            image: encode_image(&self.village.image())?,
            next: self.next,
            anchor: self.anchor,
        };
        self.places.insert(tick, place);
        let bytes: usize = self.places.values().map(|it| it.image.len()).sum();
        if self.places.len() > IMAGES_MAX || (bytes > IMAGE_BYTES_MAX && self.places.len() > 2) {
            self.every *= 2;
            let (every, first) = (self.every, self.span.first_tick);
            self.places
                .retain(|tick, _| *tick == first || tick.is_multiple_of(every));
        }
        Ok(())
    }
}
