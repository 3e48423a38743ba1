//! What was, for charts: samples that the mirror takes itself, thinned when they grow too many.

use std::collections::BTreeMap;

use hamlet_protocol::agent::Activity;

use super::map::TownPicture;
use super::world::World;

/// Samples that are kept; twice as many are thinned to half.
const SAMPLES_MAX: usize = 1_024;
/// Spans of sim time that charts show, in seconds, with their names.
pub(crate) const WINDOWS: [(i64, &str); 4] = [
    (3_600, "1 hour"),
    (6 * 3_600, "6 hours"),
    (86_400, "1 day"),
    (i64::MAX, "all"),
];

/// The town at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sample {
    /// Sim time.
    pub(crate) time: i64,
    /// How many do what, in the order of [`Activity::ALL`].
    pub(crate) activities: [u32; Activity::ALL.len()],
    /// How many are at which kind of place.
    pub(crate) places: BTreeMap<String, u32>,
    /// Posts heard of.
    pub(crate) posts: u64,
    /// Conversations that go on.
    pub(crate) talks: u32,
    /// Milliseconds between ticks.
    pub(crate) tick_ms: f32,
    /// Mean mood, −1 to 1; `None`: the village has not said.
    pub(crate) mood: Option<f64>,
}

/// What was.
#[derive(Debug)]
pub(crate) struct History {
    /// Oldest first.
    pub(crate) samples: Vec<Sample>,
    /// Seconds of sim time between two samples.
    every_secs: i64,
}

impl Default for History {
    fn default() -> Self {
        Self {
            samples: Vec::new(),
            every_secs: 30,
        }
    }
}

impl History {
    /// Notes the town as it is, where it is time to.
    pub(crate) fn note(
        &mut self,
        world: &World,
        map: Option<&TownPicture>,
        posts: u64,
        mood: Option<f64>,
    ) {
        match self.samples.last() {
            Some(last) if world.time < last.time => self.samples.retain(|it| it.time < world.time),
            Some(last) if world.time - last.time < self.every_secs => return,
            _ => {}
        }
        self.samples.push(Sample {
            mood,
            ..sample(world, map, posts)
        });
        if self.samples.len() >= 2 * SAMPLES_MAX {
            let mut keep = false;
            self.samples.retain(|_| {
                keep = !keep;
                keep
            });
            self.every_secs *= 2;
        }
    }

    /// The samples of the last so many seconds of sim time.
    pub(crate) fn last(&self, secs: i64) -> &[Sample] {
        let now = self.samples.last().map_or(0, |it| it.time);
        let from = now.saturating_sub(secs);
        let first = self.samples.partition_point(|it| it.time < from);
        &self.samples[first..]
    }
}

fn sample(world: &World, map: Option<&TownPicture>, posts: u64) -> Sample {
    let mut sample = Sample {
        time: world.time,
        posts,
        talks: world.talks.len() as u32,
        tick_ms: (world.tick_secs * 1000.0) as f32,
        ..Sample::default()
    };
    for person in world.people.values() {
        sample.activities[person.activity as usize] += 1;
        let place = map.and_then(|it| it.landmark_at(person.x, person.y));
        let kind = place.map_or("outdoors", |it| it.kind.as_str());
        if let Some(count) = sample.places.get_mut(kind) {
            *count += 1;
        } else {
            sample.places.insert(kind.to_owned(), 1);
        }
    }
    sample
}
