//! Weighing goals, and choosing a place for the weightiest.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::Need;
use hamlet_protocol::image::{Goal, PlanImage};
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::time::{DAY_SECS, Hours};

use super::Situation;
use crate::minds::speech;
use crate::rng::mix;
use crate::town::Town;

const HOUR: u32 = 3600;
/// Goals lighter than this are not worth getting up for.
const WORTHWHILE: i32 = 1_500;
/// Chance spreads weights by up to this.
const WHIM: u32 = 900;

/// The weightiest goal with a place to go to, and the first act towards it.
pub(super) fn choose(town: &mut Town, now: &mut Situation) -> Option<Act> {
    let mut weights = weigh(town, now);
    for (goal, weight) in &mut weights {
        *weight += now.stream.below(WHIM) as i32 + if *goal == now.plan.goal { 300 } else { 0 };
    }
    weights.sort_by_key(|&(goal, weight)| (std::cmp::Reverse(weight), goal));
    for (goal, weight) in weights {
        if weight < WORTHWHILE {
            return None;
        }
        if let Some(act) = pursue(town, now, goal) {
            return Some(act);
        }
    }
    None
}

fn weigh(town: &mut Town, now: &Situation) -> Vec<(Goal, i32)> {
    let hour = town.clock.now().hour();
    let square = |lack: i32, by: i32| lack / 100 * (lack / 100) * 100 / by;
    let (tired, hungry) = (now.lack(Need::Energy), now.lack(Need::Food));
    let mealtime = matches!(hour, 7 | 8 | 12 | 13 | 18 | 19) && hungry > 2_000;
    let night = bedtime(town, now.no);
    // At night company and pleasure can wait.
    let leisurely = |weight: i32| if night { weight / 3 } else { weight };
    let sleep = if night {
        5_500 + tired / 2
    } else if now.needs[Need::Energy as usize] < 1_500 {
        9_000
    } else {
        0
    };
    let habit = habits(town, now.no);
    let day_off = habit
        .days_off
        .contains(&town.clock.now().day().rem_euclid(7));
    let leisure = if day_off { 900 } else { 0 };
    let carried = i32::from(town.resident(now.no).bag.total().min(20) as u16);
    let health = i32::from(town.resident(now.no).wants.health);
    // Whoever has been answered wants to know what was said.
    let answered = if speech::awaited(town, now.no).is_some() {
        1_400
    } else {
        0
    };
    vec![
        (Goal::Sleep, sleep),
        (
            Goal::Eat,
            square(hungry, 90) + if mealtime { 2_500 } else { 0 },
        ),
        (
            Goal::Work,
            if habit.shift.contains(town.clock.now()) && !day_off {
                3_900 + now.lack(Need::Purpose) / 4
            } else {
                0
            },
        ),
        (
            Goal::Trade,
            if carried >= 2 {
                400 + 190 * carried + leisure
            } else {
                0
            },
        ),
        (
            Goal::Read,
            700 + now.lack(Need::Fun) / 6
                + answered
                + if habit.reads.contains(&hour) {
                    2_600
                } else {
                    0
                },
        ),
        (
            Goal::Rest,
            leisurely(square(now.lack(Need::Fun), 110) + leisure),
        ),
        (Goal::Meet, leisurely(square(now.lack(Need::Company), 100))),
        (Goal::Heal, if health < 500 { 7_000 } else { 0 }),
    ]
}

/// Hours of one's own: derived from the agent's number, so that they need no memory.
struct Habits {
    shift: Hours,
    reads: [u32; 2],
    /// Days of the week, from 0: two in a row.
    days_off: [i64; 2],
}

fn habits(town: &Town, no: u32) -> Habits {
    let bits = mix(town.seed.0 ^ mix(u64::from(no) ^ 0x4AB1));
    let early = (bits % 3) as u32;
    // Some work mornings, some afternoons, most of them both with a break at noon.
    let shift = match (bits >> 8) % 5 {
        0 => Hours::between(7 + early, 13 + early),
        1 => Hours::between(11 + early, 17 + early),
        _ if town.clock.now().hour() < 12 => Hours::between(7 + early, 12),
        _ => Hours::between(13, 16 + early),
    };
    let off = ((bits >> 32) % 7) as i64;
    Habits {
        shift,
        reads: [
            9 + ((bits >> 16) % 5) as u32,
            16 + ((bits >> 24) % 5) as u32,
        ],
        days_off: [off, (off + 1) % 7],
    }
}

/// Whether somebody's hours of sleep have come.
pub(crate) fn bedtime(town: &Town, no: u32) -> bool {
    let bits = mix(town.seed.0 ^ mix(u64::from(no) ^ 0x51EE));
    let shift = (bits % (2 * u64::from(HOUR))) as u32;
    let own = Hours {
        from: 21 * HOUR + HOUR / 2 + shift,
        to: 5 * HOUR + HOUR / 2 + shift,
    };
    let entity = town.roster.entity(no);
    let persona = entity
        .and_then(|entity| town.residents.get(entity).ok())
        .and_then(|it| it.identity.persona.sleep);
    let own = Hours {
        from: own.from % DAY_SECS as u32,
        ..own
    };
    persona.unwrap_or(own).contains(town.clock.now())
}

/// The first act towards a goal, with the plan made for it; `None` when no place serves it now.
fn pursue(town: &mut Town, now: &mut Situation, goal: Goal) -> Option<Act> {
    let landmark = place_for(town, now, goal);
    let until = town.clock.tick + town.clock.ticks(stay_secs(goal, now));
    let next = town.resident(now.no).plan.now.next;
    let plan = PlanImage {
        goal,
        landmark,
        agent: None,
        until,
        next,
    };
    let act = match (goal, landmark) {
        (Goal::Sleep, None) => Act::Sleep,
        (_, None) => return None,
        (goal, Some(landmark)) if town.places.inside(landmark, now.at) => match goal {
            Goal::Sleep => Act::Sleep,
            _ => Act::Use {
                landmark: town.roster.landmark_id(landmark),
            },
        },
        (_, Some(landmark)) => Act::GoToLandmark {
            landmark: town.roster.landmark_id(landmark),
        },
    };
    town.resident(now.no).plan.now = plan;
    Some(act)
}

/// How long one means to stay, with some chance; the way there is included.
fn stay_secs(goal: Goal, now: &mut Situation) -> u32 {
    let minutes = match goal {
        Goal::None => 0,
        Goal::Sleep => 11 * 60,
        Goal::Eat => 70,
        Goal::Work => 150 + now.stream.below(90),
        Goal::Trade => 35 + now.stream.below(40),
        Goal::Read => 15 + now.stream.below(20),
        Goal::Rest | Goal::Meet => 40 + now.stream.below(60),
        Goal::Heal => 180,
    };
    minutes * 60
}

/// Where one goes for something.
fn place_for(town: &mut Town, now: &mut Situation, goal: Goal) -> Option<u32> {
    let resident = town.resident(now.no);
    let (home, workplace) = (resident.identity.home, resident.identity.workplace);
    let has_food = resident.bag.0.iter().any(|(item, _)| item.edible());
    match goal {
        Goal::None => None,
        Goal::Sleep => home,
        Goal::Eat => {
            // Whoever can't pay goes home to what they have; who starves gets soup.
            let starving = now.needs[Need::Food as usize] < 1_000;
            let cafe = town.affords_meal(now.no) || starving;
            let cafe = cafe
                .then(|| nearest(town, now, &[LandmarkKind::Cafe]))
                .flatten();
            cafe.or(home.filter(|_| has_food))
        }
        Goal::Work => {
            workplace.filter(|&place| town.places.get(place).is_some_and(|place| place.open))
        }
        Goal::Trade => nearest(town, now, &[LandmarkKind::Market]),
        Goal::Read => nearest(town, now, &[LandmarkKind::Board]),
        Goal::Rest => nearest(
            town,
            now,
            &[
                LandmarkKind::Park,
                LandmarkKind::Library,
                LandmarkKind::Place,
            ],
        ),
        Goal::Meet => nearest(
            town,
            now,
            &[
                LandmarkKind::Cafe,
                LandmarkKind::Park,
                LandmarkKind::Market,
                LandmarkKind::Board,
            ],
        ),
        Goal::Heal => nearest(town, now, &[LandmarkKind::Clinic]),
    }
}

/// The nearest open place of some kinds, with a taste of one's own that changes from hour to hour.
fn nearest(town: &Town, now: &Situation, kinds: &[LandmarkKind]) -> Option<u32> {
    let hour = town.clock.now().0.div_euclid(i64::from(HOUR)) as u64;
    let taste =
        |place: u32| (mix(u64::from(now.no) ^ mix(u64::from(place) ^ mix(hour))) % 40) as u32;
    kinds
        .iter()
        .flat_map(|kind| town.places.of_kind(kind))
        .copied()
        .filter(|&place| town.places.all[place as usize].open)
        .min_by_key(|&place| {
            (
                now.at.manhattan(town.places.all[place as usize].entrance) + taste(place),
                place,
            )
        })
}
