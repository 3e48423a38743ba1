//! Bargaining at the market: one piece for one, with somebody who gains by it too.

use hamlet_protocol::act::Act;
use hamlet_protocol::map::Point;

use crate::inventory::worth;
use crate::resident::Bag;
use crate::rng::Stream;
use crate::town::Town;

/// People one looks at.
const LOOK_MAX: usize = 6;

/// A swap with somebody in reach that is worth more to both, if there is one.
pub(super) fn bargain(town: &mut Town, no: u32, at: Point, stream: &mut Stream) -> Option<Act> {
    if !stream.chance(5_000) {
        return None;
    }
    let mut others = Vec::with_capacity(LOOK_MAX);
    let reach = town.rules.0.reach;
    let roster = &town.roster;
    town.space.near(at, reach, |other, _| {
        let somebody = other != no && others.len() < LOOK_MAX;
        if somebody && roster.entity(other).is_some() {
            others.push(other);
        }
    });
    let ours = town.resident(no).bag.clone();
    for other in others {
        if town.asleep(other) {
            continue;
        }
        let habit = town.resident(other).identity.lives_by_habit();
        let theirs = town.resident(other).bag.clone();
        if let Some((give, want)) = gainful(&ours, &theirs).filter(|_| habit) {
            return Some(Act::Trade {
                with: town.roster.agent_id(other),
                give: give.as_str().to_owned(),
                want: want.as_str().to_owned(),
            });
        }
    }
    None
}

/// The swap from which both gain most.
fn gainful(
    ours: &Bag,
    theirs: &Bag,
) -> Option<(hamlet_protocol::goods::Item, hamlet_protocol::goods::Item)> {
    let gain = |from: &Bag, to: &Bag, item| {
        i64::from(worth(item, to.count(item))) - i64::from(worth(item, from.count(item) - 1))
    };
    let give = ours
        .0
        .iter()
        .map(|&(item, _)| (gain(ours, theirs, item), item))
        .max()?;
    let want = theirs
        .0
        .iter()
        .map(|&(item, _)| (gain(theirs, ours, item), item))
        .max()?;
    (give.0 > 0 && want.0 > 0 && give.1 != want.1).then_some((give.1, want.1))
}
