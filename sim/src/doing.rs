//! What people do in places: eat, work, rest, read, trade, sleep, get well; and how that meets their needs.

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::agent::{Activity, NEED_FULL, Need, Presence};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::image::{PlanImage, SeenImage};
use hamlet_protocol::map::{LandmarkKind, Point};

use crate::clock::Clock;
use crate::economy::Meal;
use crate::minds::scripted::bedtime;
use crate::resident::Wants;
use crate::schedule::{Tick, TickSet};
use crate::town::{ActResult, Town};

/// Seconds of work that make one piece of goods.
const PIECE_SECS: u32 = 50 * 60;
/// Ticks between two looks at one resident's mood.
const MOOD_TICKS: u64 = 10;
/// A need at or above this counts as met.
const CONTENT: u16 = 9_900;
/// Health at or above which nobody needs the clinic.
const WELL: u16 = 990;

impl Town<'_, '_> {
    /// Uses the landmark one is in, in the way of its kind.
    pub(crate) fn use_landmark(&mut self, no: u32, landmark: u32) -> ActResult {
        let at = self.at(no);
        if !self.places.inside(landmark, at) {
            let place = &self.places.all[landmark as usize];
            return Err(Rejection::new(
                RejectionCode::TooFar,
                format!("{} is not where you are.", place.name),
                "Walk into the landmark first, then use it.",
            ));
        }
        let place = &self.places.all[landmark as usize];
        if !place.open {
            return Err(Rejection::new(
                RejectionCode::Closed,
                format!("{} is closed now.", place.name),
                "Come back in its opening hours, or use another place of its kind.",
            ));
        }
        let kind = place.kind.clone();
        let activity = self.purpose(no, landmark, &kind);
        let eating = self.resident(no).doing.what.activity == Activity::Eating;
        if activity == Activity::Eating && !eating {
            if kind == LandmarkKind::Cafe {
                self.pay_meal(no)?;
            } else {
                self.eat_from_bag(no);
            }
        }
        self.stop(no);
        self.set_activity(no, activity, Some(landmark));
        Ok(Outcome::Done)
    }

    /// What using a landmark of this kind means for somebody.
    fn purpose(&mut self, no: u32, landmark: u32, kind: &LandmarkKind) -> Activity {
        let resident = self.resident(no);
        let employed = resident.identity.workplace == Some(landmark);
        let hungry = resident.wants.level(Need::Food) < 7_000;
        match kind {
            LandmarkKind::Cafe
                if hungry || (!employed && resident.wants.level(Need::Food) < 9_000) =>
            {
                Activity::Eating
            }
            LandmarkKind::Home
                if hungry && resident.bag.0.iter().any(|(item, _)| item.edible()) =>
            {
                Activity::Eating
            }
            LandmarkKind::Clinic if resident.wants.health < WELL => Activity::Healing,
            LandmarkKind::Market if !employed => Activity::Trading,
            LandmarkKind::Board => Activity::Reading,
            LandmarkKind::Workshop => Activity::Working,
            _ if employed => Activity::Working,
            _ => Activity::Resting,
        }
    }

    fn eat_from_bag(&mut self, no: u32) {
        let mut resident = self.resident(no);
        let found: Option<Item> = resident
            .bag
            .0
            .iter()
            .map(|&(item, _)| item)
            .find(|item| item.edible());
        if let Some(item) = found {
            resident.bag.take(item, 1);
            self.totals.eaten += 1;
            self.count_meal(no, Meal::Home);
        }
    }

    /// Sleeps where one is.
    pub(crate) fn sleep(&mut self, no: u32) -> Outcome {
        self.leave_talk(no);
        self.stop(no);
        let at = self.at(no);
        let home =
            self.resident(no).identity.home.filter(|&home| {
                self.places.all[home as usize].open && self.places.inside(home, at)
            });
        self.set_activity(no, Activity::Sleeping, home);
        Outcome::Done
    }

    /// What somebody did in a place ends when they are somewhere else at once.
    pub(crate) fn uproot(&mut self, no: u32, at: Point) {
        let place = self.resident(no).doing.what.landmark;
        if place.is_some_and(|place| !self.places.inside(place, at)) {
            self.set_activity(no, Activity::Idle, None);
            self.resident(no).plan.now.next = 0;
        }
    }

    /// Ends what has reached its end: a full meal, a full night, a cure, a closed door.
    fn finish(&mut self, no: u32, activity: Activity, landmark: Option<u32>) {
        let wants = *self.resident(no).wants;
        let shut = landmark.is_some_and(|landmark| !self.places.all[landmark as usize].open);
        let done = match activity {
            Activity::Eating => wants.level(Need::Food) >= CONTENT,
            Activity::Sleeping => wants.level(Need::Energy) >= CONTENT && !self.sleeps_on(no),
            Activity::Healing => wants.health >= WELL,
            _ => false,
        };
        if !done && !shut {
            return;
        }
        if done {
            self.remember_done(no, activity, landmark);
        } else if let Some(landmark) = landmark {
            self.found_closed(no, landmark);
        }
        self.set_activity(no, Activity::Idle, None);
        // What one came for is done, or can't be had: the mind starts afresh.
        self.resident(no).plan.now = PlanImage::default();
    }

    /// Whoever lives by habit sleeps until it is time to get up; whose driver is away sleeps until they are back.
    fn sleeps_on(&mut self, no: u32) -> bool {
        let resident = self.resident(no);
        match resident.doing.presence {
            Presence::Idle => true,
            Presence::Online | Presence::Gone => {
                resident.identity.lives_by_habit() && bedtime(self, no)
            }
        }
    }

    fn remember_done(&mut self, no: u32, activity: Activity, landmark: Option<u32>) {
        match (activity, landmark) {
            (Activity::Eating, Some(landmark)) => self.observe(no, SeenImage::Ate(landmark)),
            (Activity::Sleeping, _) => self.observe(no, SeenImage::Slept),
            _ => {}
        }
    }

    /// A piece of work is done every so often.
    fn make(&mut self, no: u32, landmark: Option<u32>, since: u64) {
        let piece = self.clock.ticks(PIECE_SECS);
        let spent = self.clock.tick.saturating_sub(since);
        let Some(landmark) = landmark.filter(|_| spent > 0 && spent.is_multiple_of(piece)) else {
            return;
        };
        let (item, room) = {
            let max = u32::from(self.rules.0.inventory_max);
            let resident = self.resident(no);
            (resident.identity.product(), resident.bag.total() < max)
        };
        if !room {
            return;
        }
        self.resident(no).bag.add(item, 1);
        self.totals.made += 1;
        self.observe(no, SeenImage::Worked(landmark, item));
        let event = Event::Made {
            agent: self.roster.agent_id(no),
            landmark: self.roster.landmark_id(landmark),
            item: item.as_str().to_owned(),
        };
        self.log.record(&self.clock, event);
        self.pay_wage(no);
    }
}

/// What a tick does to needs, by activity.
struct Tides([[i32; 5]; Activity::ALL.len()]);

impl Tides {
    fn of(clock: &Clock, rules: &hamlet_protocol::rules::Rules) -> Self {
        let per_hour = |activity: Activity| {
            let loss = |rate: u16| -i32::from(rate);
            // Energy, food, company, purpose, fun.
            let mut rates = [
                loss(rules.energy_per_hour),
                loss(rules.food_per_hour),
                loss(rules.company_per_hour),
                loss(rules.purpose_per_hour),
                loss(rules.fun_per_hour),
            ];
            match activity {
                Activity::Sleeping => rates = [1_350, rates[1] / 5, 0, 0, 0],
                Activity::Eating => (rates[1], rates[4]) = (11_000, 600),
                Activity::Working => (rates[0], rates[3]) = (rates[0] * 5 / 4, 2_000),
                Activity::Trading => (rates[2], rates[3], rates[4]) = (0, 300, 800),
                Activity::Talking => (rates[2], rates[4]) = (4_000, 1_000),
                Activity::Reading => (rates[3], rates[4]) = (600, 1_400),
                Activity::Resting => (rates[0], rates[4]) = (0, 3_000),
                Activity::Healing => (rates[0], rates[1]) = (600, 600),
                Activity::Idle | Activity::Walking => {}
            }
            rates.map(|rate| clock.flow(rate))
        };
        Self(Activity::ALL.map(per_hour))
    }
}

/// Time passes for everybody.
pub(crate) fn live(mut town: Town) {
    let tides = Tides::of(&town.clock, &town.rules.0);
    let (tick, health) = (town.clock.tick, town.clock.flow(40));
    let healing = town.clock.flow(900);
    let watched = town.touched.on || town.log.transient;
    for index in 0..town.roster.residents().len() {
        let (no, entity) = town.roster.residents()[index];
        let Ok(mut resident) = town.residents.get_mut(entity) else {
            continue;
        };
        let doing = resident.doing.what;
        let before = *resident.wants;
        let wants = &mut *resident.wants;
        for (need, &by) in Need::ALL.into_iter().zip(&tides.0[doing.activity as usize]) {
            wants.change(need, by);
        }
        let suffering = wants.level(Need::Energy) == 0 || wants.level(Need::Food) == 0;
        let change = match doing.activity {
            Activity::Healing => healing,
            _ if suffering => -4 * health,
            _ => health,
        };
        wants.health = (i32::from(wants.health) + change).clamp(50, 1000) as u16;
        if (tick + u64::from(no)).is_multiple_of(MOOD_TICKS) {
            settle_mood(wants);
        }
        if watched && visibly_different(&before, wants) {
            let (needs, mood) = (wants.needs, wants.mood);
            let agent = town.roster.agent_id(no);
            town.log
                .record(&town.clock, Event::NeedsChanged { agent, needs, mood });
            town.touched.agent(no);
        }
        match doing.activity {
            Activity::Working => {
                town.make(no, doing.landmark, doing.since);
                town.finish(no, doing.activity, doing.landmark);
            }
            Activity::Idle | Activity::Walking | Activity::Talking => {}
            _ => town.finish(no, doing.activity, doing.landmark),
        }
    }
}

/// Mood follows the needs, the most pressing one most, and is never quite where they are.
fn settle_mood(wants: &mut Wants) {
    let levels = wants.needs.map(i32::from);
    let mean = levels.iter().sum::<i32>() / 5;
    let lowest = levels.into_iter().min().unwrap_or(0);
    let full = i32::from(NEED_FULL);
    // From −1000 (all empty) to 1000 (all full), a third of it by the lowest.
    let target =
        (2 * mean + lowest) * 2000 / (3 * full) - 1000 - (1000 - i32::from(wants.health)) / 2;
    let gap = target - i32::from(wants.mood);
    let step = gap / 16 + gap.signum();
    wants.mood =
        (i32::from(wants.mood) + step.clamp(-gap.abs(), gap.abs())).clamp(-1000, 1000) as i16;
}

/// Whether a reader would see another percentage.
fn visibly_different(before: &Wants, after: &Wants) -> bool {
    let rounded = |wants: &Wants| {
        let percent = wants.needs.map(|level| level / 100);
        (percent, wants.mood / 20, wants.health / 10)
    };
    rounded(before) != rounded(after)
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Tick,
        live.in_set(TickSet::Perceive)
            .after(crate::places::keep_hours),
    );
}

#[cfg(test)]
mod tests;
