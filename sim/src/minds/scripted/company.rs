//! Company: whom one addresses, whose conversation one joins, whom one calls together.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, Need};
use hamlet_protocol::map::{LandmarkKind, Point};

use super::Situation;
use crate::minds::speech;
use crate::town::Town;

/// Company above this needs no small talk.
const COMPANY_ENOUGH: u16 = 9_300;
/// People one looks at before choosing whom to address.
const NEARBY_MAX: usize = 8;
/// How many times as gladly one joins a conversation as one begins one.
const DRAW: u32 = 2;
/// The same where people gather.
const DRAW_AT_GATHERINGS: u32 = 4;
/// Points (of closeness) that a conversation has ahead of somebody on their own.
const CIRCLE_AHEAD: i32 = 250;
/// People one calls to a conversation one begins, beside the one addressed first.
const CALLED_MAX: usize = 2;
/// Chance in 10 000 that one calls somebody who is near and no stranger.
const CALL_CHANCE: u32 = 2_500;

/// Somebody within reach whom one may address.
struct Candidate {
    no: u32,
    /// In a conversation that has room.
    talking: bool,
    /// 0 to 1000.
    closeness: u32,
    /// How gladly one turns to them, of all who are near.
    appeal: i32,
}

/// Addresses somebody nearby, the more likely the lonelier one is: joins a conversation, or begins one in twos or,
/// where people gather, with a few.
pub(super) fn chat(town: &mut Town, now: &mut Situation) -> Option<Act> {
    if now.needs[Need::Company as usize] > COMPANY_ENOUGH {
        return None;
    }
    let busy = matches!(now.activity, Activity::Working | Activity::Eating);
    let eagerness = 600 + now.lack(Need::Company) as u32 / if busy { 4 } else { 2 };
    let gathering = gathers(town, now.at);
    let draw = if gathering { DRAW_AT_GATHERINGS } else { DRAW };
    let mood = now.stream.below(10_000);
    // Whoever would not even join friends need not look round.
    if mood >= eagerness * draw + 1_000 {
        return None;
    }
    let mut around = candidates(town, now);
    around.retain(|candidate| {
        mood < if candidate.talking {
            eagerness * draw + candidate.closeness
        } else {
            eagerness
        }
    });
    around.sort_by_key(|candidate| std::cmp::Reverse((candidate.appeal, candidate.no)));
    let first = around.first()?;
    let mut to = vec![first.no];
    if gathering && !first.talking {
        let known = |candidate: &&Candidate| !candidate.talking && candidate.closeness > 0;
        for candidate in around.iter().skip(1).filter(known).take(CALLED_MAX) {
            if now.stream.chance(CALL_CHANCE) {
                to.push(candidate.no);
            }
        }
    }
    let text = speech::opening(town, now.no, first.no, &mut now.stream);
    Some(Act::Talk {
        to: to.iter().map(|&no| town.roster.agent_id(no)).collect(),
        text,
    })
}

/// Whether people come to a place to be among others.
fn gathers(town: &Town, at: Point) -> bool {
    let place = town.places.at(at).and_then(|no| town.places.get(no));
    place.is_some_and(|place| {
        matches!(
            place.kind,
            LandmarkKind::Cafe | LandmarkKind::Market | LandmarkKind::Board | LandmarkKind::Park
        )
    })
}

/// Those within reach who stand and are free to talk, or are in a conversation that one may join.
fn candidates(town: &mut Town, now: &mut Situation) -> Vec<Candidate> {
    let reach = town.rules.0.reach;
    let mut found = Vec::with_capacity(NEARBY_MAX);
    let roster = &town.roster;
    town.space.near(now.at, reach, |other, _| {
        let somebody = other != now.no && found.len() < NEARBY_MAX;
        if somebody && roster.entity(other).is_some() {
            found.push(other);
        }
    });
    let mut around = Vec::with_capacity(found.len());
    for no in found {
        let talking = joinable(town, no);
        if (talking || town.approachable(no)) && town.standing(no) {
            let tie = town.resident(now.no).ties.get(no);
            let (closeness, liking) = tie.map_or((0, 0), |tie| (tie.closeness, tie.liking));
            let ahead = if talking { CIRCLE_AHEAD } else { 0 };
            let whim = now.stream.below(400) as i32;
            around.push(Candidate {
                no,
                talking,
                closeness: u32::from(closeness),
                appeal: i32::from(closeness) + i32::from(liking) + ahead + whim,
            });
        }
    }
    around
}

/// Whether somebody is in a conversation that has room and is not about to end.
fn joinable(town: &mut Town, other: u32) -> bool {
    let max = usize::from(town.rules.0.talk_members_max);
    let Some(talk) = town.resident(other).memory.talk else {
        return false;
    };
    town.talks
        .open
        .get(&talk)
        .is_some_and(|open| open.members.len() < max && open.lines + 2 < open.length)
}
