//! Which request goes where and when: a pure value, so that its rules can be tested without a clock or a network.
//!
//! All requests of one tick are known at once. They are partitioned by shared prefix over the endpoints, each endpoint takes its own in order of prefix,
//! so that a prefix is read once and then found in its cache, and one that runs dry takes a whole group from the tail of the longest queue.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::breaker::{Breaker, Health};
use super::limiter::Limiter;
use crate::config::Purpose;

/// Prefixes whose endpoint is remembered.
const HOMES_MAX: usize = 65_536;
/// How far over its fair share an endpoint may be filled for the sake of a prefix it has cached.
const SPILL: f64 = 1.25;

/// What requests have in common at their beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    /// Of the part that many share: rules and skills of a template.
    pub family: u64,
    /// Of the whole stable part.
    pub own: u64,
}

/// A request as the scheduler knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) prefix: Prefix,
    /// Lower first.
    pub(super) priority: u8,
    pub(super) purpose: Purpose,
    /// Endpoints where it has failed.
    pub(super) avoid: Vec<usize>,
}

type Place = (u8, Prefix, u64);

/// One endpoint as the scheduler knows it.
#[derive(Debug)]
pub(super) struct Lane {
    serves: BTreeSet<Purpose>,
    queue: BTreeSet<Place>,
    pub(super) in_flight: usize,
    pub(super) limiter: Limiter,
    pub(super) breaker: Breaker,
    /// The same for vectors alone: a server may talk well and have no model for them.
    pub(super) vectors: Breaker,
    /// Requests taken from others' queues.
    pub(super) stolen: u64,
}

impl Lane {
    pub(super) fn queued(&self) -> usize {
        self.queue.len()
    }

    /// What it is asked for.
    pub(super) fn serves(&self) -> impl Iterator<Item = Purpose> {
        self.serves.iter().copied()
    }

    /// How it is for all that it is asked for: one that makes nothing but vectors is no better than they.
    pub(super) fn health(&self) -> Health {
        let vectors_alone = self.serves().all(|it| it == Purpose::Embedding);
        let vectors = self.vectors_health().filter(|_| vectors_alone);
        self.breaker.health().worse(vectors.unwrap_or(Health::Well))
    }

    /// How it is for vectors; `None`: it makes none.
    pub(super) fn vectors_health(&self) -> Option<Health> {
        let all = self.breaker.health();
        let makes_some = self.serves.contains(&Purpose::Embedding);
        makes_some.then(|| all.worse(self.vectors.health()))
    }

    fn load(&self) -> f64 {
        (self.queue.len() + self.in_flight) as f64 / self.limiter.now() as f64
    }

    fn has_room(&self, now_ms: u64) -> bool {
        self.in_flight < self.limiter.now() && self.breaker.lets(now_ms)
    }

    fn lets(&self, purpose: Purpose, now_ms: u64) -> bool {
        let vectors = purpose != Purpose::Embedding || self.vectors.lets(now_ms);
        vectors && self.breaker.lets(now_ms)
    }

    /// How long it has been down for a purpose, in milliseconds; `None`: it is well.
    fn down_ms(&self, purpose: Purpose, now_ms: u64) -> Option<u64> {
        let all = self.breaker.down_ms(now_ms);
        let vectors = self.vectors.down_ms(now_ms);
        all.max(vectors.filter(|_| purpose == Purpose::Embedding))
    }

    /// Whether it is well for a purpose: it did not fail to answer of late.
    pub(super) fn is_well(&self, purpose: Purpose) -> bool {
        let vectors = purpose != Purpose::Embedding || self.vectors.health() == Health::Well;
        vectors && self.breaker.health() == Health::Well
    }

    /// A request was taken back before it was answered.
    pub(super) fn withdrawn(&mut self, now_ms: u64) {
        self.breaker.withdrawn(now_ms);
        self.vectors.withdrawn(now_ms);
    }
}

/// All queues.
#[derive(Debug)]
pub(super) struct Scheduler {
    pub(super) lanes: Vec<Lane>,
    jobs: HashMap<u64, Job>,
    homes: HashMap<u64, usize>,
}

impl Scheduler {
    /// Endpoints with what they serve and their greatest concurrency.
    pub(super) fn new(lanes: impl Iterator<Item = (BTreeSet<Purpose>, Option<u32>)>) -> Self {
        let lanes = lanes.map(|(serves, concurrency)| Lane {
            serves,
            queue: BTreeSet::new(),
            in_flight: 0,
            limiter: Limiter::new(concurrency),
            breaker: Breaker::new(),
            vectors: Breaker::new(),
            stolen: 0,
        });
        Self {
            lanes: lanes.collect(),
            jobs: HashMap::new(),
            homes: HashMap::new(),
        }
    }

    /// Requests that wait.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.len()
    }

    /// Takes requests in, all that are known at once. Those that nobody can serve come back.
    pub(super) fn submit(&mut self, jobs: Vec<(u64, Job)>, now_ms: u64) -> Vec<u64> {
        let total = jobs.len();
        let mut groups: BTreeMap<(Prefix, u8, Purpose, Vec<usize>), Vec<u64>> = BTreeMap::new();
        for (id, job) in jobs {
            let key = (job.prefix, job.priority, job.purpose, job.avoid.clone());
            groups.entry(key).or_default().push(id);
            self.jobs.insert(id, job);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        // Large groups first: small ones fill the gaps. Equal ones stay in the order of their prefixes.
        groups.sort_by_key(|(_, ids)| std::cmp::Reverse(ids.len()));
        let mut nobody = Vec::new();
        for ((prefix, priority, purpose, avoid), ids) in groups {
            let able = self.able(purpose, &avoid, now_ms);
            if able.is_empty() {
                nobody.extend(&ids);
                continue;
            }
            self.spread(prefix, priority, &ids, &able, total);
        }
        for id in &nobody {
            self.jobs.remove(id);
        }
        nobody
    }

    /// Endpoints for a purpose: those that are well before those that rest, those that serve it before those that talk, new ones before those that failed.
    fn able(&self, purpose: Purpose, avoid: &[usize], now_ms: u64) -> Vec<usize> {
        let choices = self.choices(purpose);
        let fresh = |lanes: &Vec<usize>| -> Vec<usize> {
            let lanes = lanes.iter().copied();
            lanes.filter(|at| !avoid.contains(at)).collect()
        };
        let well = |lanes: Vec<usize>| -> Vec<usize> {
            let lanes = lanes.into_iter();
            lanes
                .filter(|&at| self.lanes[at].lets(purpose, now_ms))
                .collect()
        };
        let best = choices
            .iter()
            .map(|lanes| well(fresh(lanes)))
            .chain(choices.iter().map(|lanes| well(lanes.clone())))
            .chain(choices.iter().map(fresh))
            .chain(choices.iter().cloned())
            .find(|lanes| !lanes.is_empty());
        best.unwrap_or_default()
    }

    /// Endpoints that serve a purpose, those that talk and so can help out, and all that answer anything.
    fn choices(&self, purpose: Purpose) -> Vec<Vec<usize>> {
        let serving = |purpose: Purpose| -> Vec<usize> {
            let lanes = self.lanes.iter().enumerate();
            lanes
                .filter(|(_, lane)| lane.serves.contains(&purpose))
                .map(|(at, _)| at)
                .collect()
        };
        let mut choices = vec![serving(purpose)];
        if purpose != Purpose::Embedding {
            choices.push(serving(Purpose::Chat));
            let any = Purpose::ALL
                .into_iter()
                .filter(|purpose| *purpose != Purpose::Embedding);
            let mut any: Vec<usize> = any.flat_map(serving).collect();
            any.sort_unstable();
            any.dedup();
            choices.push(any);
        }
        choices
    }

    /// Whether nobody has answered a purpose for so long, in milliseconds.
    pub(super) fn is_silent(&self, purpose: Purpose, most_ms: u64, now_ms: u64) -> bool {
        let lanes: Vec<usize> = self.choices(purpose).into_iter().flatten().collect();
        let down = |at: &usize| {
            let down = self.lanes[*at].down_ms(purpose, now_ms);
            down.is_some_and(|down| down >= most_ms)
        };
        !lanes.is_empty() && lanes.iter().all(down)
    }

    /// Lets go of all that wait for a purpose.
    pub(super) fn take_out(&mut self, purpose: Purpose) -> Vec<u64> {
        let jobs = self.jobs.iter();
        let going = jobs.filter(|(_, job)| job.purpose == purpose);
        let mut going: Vec<u64> = going.map(|(id, _)| *id).collect();
        if going.is_empty() {
            return going;
        }
        going.sort_unstable();
        for id in &going {
            self.jobs.remove(id);
        }
        for lane in &mut self.lanes {
            let jobs = &self.jobs;
            lane.queue.retain(|(_, _, id)| jobs.contains_key(id));
        }
        going
    }

    /// Puts one group where its prefix is cached, else where there is most room; one larger than a fair share goes to several.
    fn spread(&mut self, prefix: Prefix, priority: u8, ids: &[u64], able: &[usize], total: usize) {
        let room: usize = able.iter().map(|&at| self.lanes[at].limiter.now()).sum();
        let held: usize = able
            .iter()
            .map(|&at| self.lanes[at].queue.len() + self.lanes[at].in_flight)
            .sum();
        let fair = ((held + total) as f64 / room as f64).max(1.0);
        let home = self.homes.get(&prefix.own).copied();
        let mut home = home.filter(|at| able.contains(at));
        let mut rest = ids;
        while !rest.is_empty() {
            let allowed = |lane: &Lane| {
                let share = fair * lane.limiter.now() as f64;
                // Whole groups may fill a lane a little more than others; one that is too large for any is dealt out evenly.
                let share = if ids.len() as f64 > share {
                    share
                } else {
                    share * SPILL
                };
                (share - (lane.queue.len() + lane.in_flight) as f64).max(0.0) as usize
            };
            let at = home
                .take()
                .filter(|&at| allowed(&self.lanes[at]) > 0)
                .unwrap_or_else(|| self.emptiest(able));
            let (now, later) = rest.split_at(allowed(&self.lanes[at]).clamp(1, rest.len()));
            self.remember(prefix, at);
            let places = now.iter().map(|&id| (priority, prefix, id));
            self.lanes[at].queue.extend(places);
            rest = later;
        }
    }

    fn emptiest(&self, able: &[usize]) -> usize {
        let by_load = |a: &&usize, b: &&usize| {
            let load = |at: usize| self.lanes[at].load();
            load(**a).total_cmp(&load(**b)).then(a.cmp(b))
        };
        able.iter().min_by(by_load).copied().unwrap_or_default()
    }

    fn remember(&mut self, prefix: Prefix, at: usize) {
        if self.homes.len() >= HOMES_MAX {
            // What is forgotten is read once more.
            self.homes.clear();
        }
        self.homes.insert(prefix.own, at);
    }

    /// The next request to send, if an endpoint has room for one.
    pub(super) fn next(&mut self, now_ms: u64) -> Option<(usize, u64)> {
        let mut free: Vec<usize> = (0..self.lanes.len())
            .filter(|&at| self.lanes[at].has_room(now_ms))
            .collect();
        free.sort_by(|&a, &b| {
            let used =
                |at: usize| self.lanes[at].in_flight as f64 / self.lanes[at].limiter.now() as f64;
            used(a).total_cmp(&used(b)).then(a.cmp(&b))
        });
        for at in free {
            if self.first_of(at, now_ms).is_none() {
                self.steal_for(at, now_ms);
            }
            if let Some(place) = self.first_of(at, now_ms) {
                let job = self.jobs.remove(&place.2);
                let lane = &mut self.lanes[at];
                lane.queue.remove(&place);
                lane.in_flight += 1;
                lane.breaker.sent();
                if job.is_some_and(|job| job.purpose == Purpose::Embedding) {
                    lane.vectors.sent();
                }
                return Some((at, place.2));
            }
        }
        None
    }

    /// The first in a queue that may go now.
    fn first_of(&self, at: usize, now_ms: u64) -> Option<Place> {
        let lane = &self.lanes[at];
        let may_go = |place: &&Place| {
            let job = self.jobs.get(&place.2);
            job.is_none_or(|job| lane.lets(job.purpose, now_ms))
        };
        lane.queue.iter().find(may_go).copied()
    }

    /// Takes the last group of the fullest queue, up to half of that queue.
    fn steal_for(&mut self, thief: usize, now_ms: u64) {
        let serves = &self.lanes[thief].serves;
        let stealable = |at: usize| {
            let lane = &self.lanes[at];
            let last = lane.queue.last()?;
            let job = self.jobs.get(&last.2)?;
            let suits = serves.contains(&job.purpose)
                || (job.purpose != Purpose::Embedding && serves.contains(&Purpose::Chat));
            let suits = suits && self.lanes[thief].lets(job.purpose, now_ms);
            let busy = !lane.has_room(now_ms) || !lane.lets(job.purpose, now_ms);
            (at != thief && busy && suits && !job.avoid.contains(&thief))
                .then(|| (lane.load(), *last))
        };
        let victim = (0..self.lanes.len())
            .filter_map(|at| stealable(at).map(|(load, last)| (at, load, last)))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        let Some((victim, _, (priority, prefix, _))) = victim else {
            return;
        };
        let resting = !self.lanes[victim].breaker.lets(now_ms);
        let half = self.lanes[victim].queue.len().div_ceil(2);
        let most = if resting { usize::MAX } else { half };
        let group: Vec<Place> = self.lanes[victim]
            .queue
            .range((priority, prefix, 0)..=(priority, prefix, u64::MAX))
            .rev()
            .take(most)
            .copied()
            .collect();
        for place in group {
            let avoided = self
                .jobs
                .get(&place.2)
                .is_some_and(|job| job.avoid.contains(&thief));
            if !avoided && self.lanes[victim].queue.remove(&place) {
                self.lanes[thief].queue.insert(place);
                self.lanes[thief].stolen += 1;
            }
        }
    }

    /// A request is on its way no longer, whatever came of it.
    pub(super) fn landed(&mut self, at: usize) {
        let lane = &mut self.lanes[at];
        lane.in_flight = lane.in_flight.saturating_sub(1);
    }

    /// An endpoint is sick, or for vectors alone: what waits for it goes elsewhere, if there is anybody.
    pub(super) fn move_away(&mut self, from: usize, vectors_alone: bool, now_ms: u64) {
        let goes = |id: &u64| {
            let job = self.jobs.get(id);
            !vectors_alone || job.is_some_and(|job| job.purpose == Purpose::Embedding)
        };
        let (going, staying): (BTreeSet<Place>, BTreeSet<Place>) =
            std::mem::take(&mut self.lanes[from].queue)
                .into_iter()
                .partition(|(_, _, id)| goes(id));
        self.lanes[from].queue = staying;
        let moved: Vec<(u64, Job)> = going
            .iter()
            .filter_map(|&(_, _, id)| Some((id, self.jobs.remove(&id)?)))
            .collect();
        // Whoever has a place had one before: with nobody else they wait where they were.
        let kept = self.submit(moved, now_ms);
        debug_assert!(kept.is_empty(), "a lane that served them is still there");
    }

    /// When the next endpoint that rests now may be tried, while something waits.
    pub(super) fn wakes_at(&self, now_ms: u64) -> Option<u64> {
        let breakers = self
            .lanes
            .iter()
            .flat_map(|lane| [&lane.breaker, &lane.vectors]);
        let resting = breakers.filter_map(|breaker| match breaker.health() {
            // Those that may be tried already have been looked at.
            Health::Resting { until_ms } => Some(until_ms).filter(|until| *until > now_ms),
            Health::Well | Health::Trying => None,
        });
        (!self.jobs.is_empty()).then(|| resting.min()).flatten()
    }
}
