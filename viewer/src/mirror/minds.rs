//! What the window knows of minds that think with language models.

use std::collections::{BTreeMap, VecDeque};

use hamlet_protocol::ids::AgentId;

use crate::wire::{MemoryShape, MindCosts, MoodPage, PoolPage, SpentPage, ThoughtShape};

/// Readings of the pool that are kept for curves.
const READINGS_MAX: usize = 900;

/// A mood that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Delighted,
    Low,
    Miserable,
}

/// What the window knows of minds; `None`: not come yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Minds {
    pub(crate) pool: Option<PoolPage>,
    /// What the pool said before, oldest first.
    pub(crate) readings: VecDeque<PoolReading>,
    pub(crate) costs: Option<MindCosts>,
    pub(crate) thoughts: Option<(AgentId, Vec<ThoughtShape>)>,
    pub(crate) memories: Option<(AgentId, Vec<MemoryShape>)>,
    /// What somebody spent on thinking.
    pub(crate) spent: Option<(AgentId, SpentPage)>,
    /// Mean mood of the town, −1 to 1.
    pub(crate) mood: Option<f64>,
    /// Whose mood shows, by their number.
    pub(crate) faces: BTreeMap<u32, Face>,
}

/// All endpoints together at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PoolReading {
    /// Seconds of the window's clock.
    pub(crate) at: f64,
    /// Sim time.
    pub(crate) time: i64,
    /// Tokens of prompts so far, those of them that were cached, and tokens of answers.
    pub(crate) tokens_in: u64,
    pub(crate) tokens_cached: u64,
    pub(crate) tokens_out: u64,
    /// Dollars so far: to be drawn, not to be reckoned with.
    pub(crate) cost: f64,
    /// On their way, and waiting.
    pub(crate) in_flight: u64,
    pub(crate) queued: u64,
}

impl Minds {
    /// Takes in what the pool says; `now` is of the window's clock, `time` of the sim's.
    pub(crate) fn take_pool(&mut self, pool: PoolPage, now: f64, time: i64) {
        let mut reading = PoolReading {
            at: now,
            time,
            queued: pool.waiting,
            ..PoolReading::default()
        };
        for endpoint in &pool.endpoints {
            reading.tokens_in += endpoint.tokens_in;
            reading.tokens_cached += endpoint.tokens_cached;
            reading.tokens_out += endpoint.tokens_out;
            reading.in_flight += endpoint.in_flight;
            reading.queued += endpoint.queued;
            let cost = endpoint.cost.as_deref();
            reading.cost += cost.and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0);
        }
        if self
            .readings
            .back()
            .is_some_and(|last| last.tokens_in > reading.tokens_in || last.time > time)
        {
            // Another server, or time was turned back.
            self.readings.clear();
        }
        if self.readings.len() == READINGS_MAX {
            self.readings.pop_front();
        }
        self.readings.push_back(reading);
        self.pool = Some(pool);
    }

    /// Takes in whose mood shows.
    pub(crate) fn take_moods(&mut self, page: &MoodPage) {
        self.mood = Some(page.mean);
        let faces = page.faces.iter();
        self.faces = faces
            .filter_map(|it| Some((it.no, face(&it.face)?)))
            .collect();
    }
}

fn face(word: &str) -> Option<Face> {
    Some(match word {
        "delighted" => Face::Delighted,
        "low" => Face::Low,
        "miserable" => Face::Miserable,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{EndpointShape, FaceShape};

    fn pool(tokens_in: u64) -> PoolPage {
        let endpoint = EndpointShape {
            tokens_in,
            tokens_out: 5,
            cost: Some("0.25".to_owned()),
            in_flight: 2,
            ..EndpointShape::default()
        };
        PoolPage {
            endpoints: vec![endpoint.clone(), endpoint],
            waiting: 3,
        }
    }

    #[test]
    fn readings_add_endpoints_up_and_are_bounded() {
        let mut minds = Minds::default();
        for no in 0..2_000_u32 {
            minds.take_pool(pool(u64::from(no)), f64::from(no), i64::from(no));
        }
        assert_eq!(minds.readings.len(), READINGS_MAX);
        let last = minds.readings.back().copied();
        let expected = PoolReading {
            at: 1_999.0,
            time: 1_999,
            tokens_in: 3_998,
            tokens_cached: 0,
            tokens_out: 10,
            cost: 0.5,
            in_flight: 4,
            queued: 3,
        };
        assert_eq!(last, Some(expected));
        minds.take_pool(pool(1), 2_001.0, 2_001);
        assert_eq!(minds.readings.len(), 1, "the server began anew");
    }

    #[test]
    fn faces_that_nobody_knows_are_passed_over() {
        let mut minds = Minds::default();
        let face = |no, word: &str| FaceShape {
            no,
            face: word.to_owned(),
        };
        let faces = vec![face(1, "low"), face(2, "sheepish")];
        minds.take_moods(&MoodPage { mean: 0.2, faces });
        assert_eq!(minds.faces, BTreeMap::from([(1, Face::Low)]));
    }
}
