//! The scripted mind: needs and habits, deterministic, no model.
//!
//! Every so often each resident who is not in a conversation looks at needs, hour and place, weighs a handful of goals
//! and goes after the weightiest. Weights are points of need (0 to 10 000) with habits and a little chance on top.

mod board;
mod company;
mod goals;
mod goods;
mod market;

use bevy_ecs::prelude::*;
use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, Need};
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::image::{Goal, PlanImage, SeenImage, WalkImage};
use hamlet_protocol::map::Point;

pub(crate) use self::goals::bedtime;
use crate::minds::Intents;
use crate::rng::{Purpose, Stream};
use crate::town::Town;

/// A need below this interrupts whatever one is doing.
const URGENT: u16 = 1_200;

/// What a mind looks at before it decides.
struct Situation {
    no: u32,
    at: Point,
    activity: Activity,
    plan: PlanImage,
    needs: hamlet_protocol::agent::Needs,
    stream: Stream,
}

impl Situation {
    fn lack(&self, need: Need) -> i32 {
        10_000 - i32::from(self.needs[need as usize])
    }
}

/// All scripted minds whose time has come, in order of agent number.
pub(crate) fn decide(mut town: Town, mut intents: ResMut<Intents>) {
    let tick = town.clock.tick;
    for index in 0..town.roster.residents().len() {
        let (no, entity) = town.roster.residents()[index];
        let due = town.residents.get(entity).is_ok_and(|resident| {
            resident.plan.now.next <= tick
                && resident.memory.talk.is_none()
                && resident.walk.0 == WalkImage::Still
                && resident.identity.lives_by_habit()
                && !town.mind_decides(no, resident.identity.mind)
        });
        if due {
            let act = decide_one(&mut town, no);
            intents.0.extend(act.map(|act| (no, act)));
        }
    }
}

fn decide_one(town: &mut Town, no: u32) -> Option<Act> {
    let mut now = look(town, no);
    let pause = town.clock.ticks(town.rules.0.decide_secs);
    // A little apart from each other, so that the town does not think in step.
    let next = town.clock.tick + pause + u64::from(now.stream.below(pause as u32));
    town.resident(no).plan.now.next = next;
    if let Some(act) = arrived(town, &mut now) {
        return Some(act);
    }
    if carries_on(town, &now) {
        return carry_on(town, &mut now);
    }
    look_back(town, &now);
    let act = goals::choose(town, &mut now);
    if act.is_none() {
        pass_the_time(town, &mut now)
    } else {
        act
    }
}

fn look(town: &mut Town, no: u32) -> Situation {
    let stream = Stream::new(town.seed.0, Purpose::Decide, u64::from(no), town.clock.tick);
    let at = town.at(no);
    let resident = town.resident(no);
    Situation {
        no,
        at,
        activity: resident.doing.what.activity,
        plan: resident.plan.now.clone(),
        needs: resident.wants.needs,
        stream,
    }
}

/// Having come where one wanted to be, one does what one came for.
fn arrived(town: &mut Town, now: &mut Situation) -> Option<Act> {
    let landmark = now.plan.landmark?;
    let waiting = now.activity == Activity::Idle && now.plan.goal != Goal::None;
    if !waiting || !town.places.inside(landmark, now.at) || town.clock.tick >= now.plan.until {
        return None;
    }
    match now.plan.goal {
        Goal::Sleep => Some(Act::Sleep),
        _ => Some(Act::Use {
            landmark: town.roster.landmark_id(landmark),
        }),
    }
}

/// Whether one goes on with what one is doing.
fn carries_on(town: &Town, now: &Situation) -> bool {
    let busy = !matches!(
        now.activity,
        Activity::Idle | Activity::Walking | Activity::Talking
    );
    let urgent = match now.activity {
        Activity::Sleeping => {
            now.needs[Need::Food as usize] == 0 && now.needs[Need::Energy as usize] > 4_000
        }
        Activity::Eating => false,
        _ => now.needs[Need::Food as usize] < URGENT || now.needs[Need::Energy as usize] < URGENT,
    };
    let slept_in = now.activity == Activity::Sleeping
        && !bedtime(town, now.no)
        && now.needs[Need::Energy as usize] > 8_000;
    busy && !urgent && !slept_in && town.clock.tick < now.plan.until
}

/// Somebody who has rested as long as they meant to remembers it.
fn look_back(town: &mut Town, now: &Situation) {
    let place = town.resident(now.no).doing.what.landmark;
    if let (Activity::Resting, Some(place)) = (now.activity, place)
        && town.clock.tick >= now.plan.until
    {
        town.observe(now.no, SeenImage::Rested(place));
    }
}

/// What one does beside what one is doing.
fn carry_on(town: &mut Town, now: &mut Situation) -> Option<Act> {
    let beside = match now.activity {
        Activity::Sleeping | Activity::Healing => return None,
        Activity::Reading => board::read(town, now.no, &mut now.stream),
        Activity::Trading => market::bargain(town, now.no, now.at, &mut now.stream),
        _ => None,
    };
    beside
        .or_else(|| goods::handle(town, now))
        .or_else(|| company::chat(town, now))
}

/// With nothing to do one talks, or strolls a few steps.
fn pass_the_time(town: &mut Town, now: &mut Situation) -> Option<Act> {
    if let Some(act) = goods::handle(town, now).or_else(|| company::chat(town, now)) {
        return Some(act);
    }
    if !now.stream.chance(2_500) {
        return None;
    }
    let stroll = |stream: &mut Stream| stream.below(9) as i16 - 4;
    let (dx, dy) = (stroll(&mut now.stream), stroll(&mut now.stream));
    (dx != 0 || dy != 0).then_some(Act::Step { dx, dy })
}

/// A refused act is taken in and another way is sought.
pub(crate) fn refused(town: &mut Town, no: u32, act: &Act, why: &Rejection) {
    if let (RejectionCode::Closed, Act::Use { landmark }) = (why.code, act)
        && let Ok(landmark) = town.landmark_no(*landmark)
    {
        town.found_closed(no, landmark);
    }
    let wait = town.clock.ticks(town.rules.0.decide_secs);
    let next = town.clock.tick + wait;
    let mut resident = town.resident(no);
    resident.plan.now = PlanImage {
        next,
        ..PlanImage::default()
    };
    town.touched.agent(no);
}
