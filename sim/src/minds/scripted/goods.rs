//! Goods beside what one is doing: a gift to a friend who is hungry, picking up what lies about, putting down what is too much.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, Need};
use hamlet_protocol::goods::Item;
use hamlet_protocol::image::Goal;
use hamlet_protocol::map::{LandmarkKind, Point};

use super::Situation;
use crate::inventory::worth;
use crate::resident::Bag;
use crate::town::Town;

/// Food below which somebody looks hungry.
const HUNGRY: u16 = 5_500;
/// Closeness and liking from which one gives.
const FRIEND: (u16, i16) = (60, 10);
/// Chance in 10 000 that one thinks of a hungry friend who is near.
const GIFT_CHANCE: u32 = 3_000;
/// Chance in 10 000 that one brings somebody dear something for no reason, and the closeness from which they are dear.
const PRESENT: (u32, u16) = (60, 300);
/// People one looks at.
const LOOK_MAX: usize = 6;
/// Pieces from which one has enough of a kind.
const ENOUGH: u16 = 3;
/// Chance in 10 000 that one takes what lies at one's feet.
const PICK_UP_CHANCE: u32 = 5_000;
/// Tiles from which something that lies about is seen.
const SIGHT: u16 = 6;
/// Tiles lying about that one looks at.
const LYING_MAX: usize = 32;
/// Chance in 10 000 that somebody with full hands puts something down.
const PUT_DOWN_CHANCE: u32 = 1_200;

/// Something to do with what one carries or what lies about, if there is reason to.
pub(super) fn handle(town: &mut Town, now: &mut Situation) -> Option<Act> {
    give(town, now)
        .or_else(|| pick_up(town, now))
        .or_else(|| put_down(town, now))
}

/// Food for a friend who is hungry; now and then something for somebody dear.
fn give(town: &mut Town, now: &mut Situation) -> Option<Act> {
    let bag = town.resident(now.no).bag.clone();
    let food = spare_food(&bag, now.needs[Need::Food as usize]);
    let present = most_of(&bag).filter(|_| now.stream.chance(PRESENT.0));
    let food = food.filter(|_| now.stream.chance(GIFT_CHANCE));
    if food.is_none() && present.is_none() {
        return None;
    }
    let max = u32::from(town.rules.0.inventory_max);
    for other in around(town, now) {
        let tie = town.resident(now.no).ties.get(other);
        let Some(tie) = tie.filter(|tie| tie.closeness >= FRIEND.0 && tie.liking >= FRIEND.1)
        else {
            continue;
        };
        if town.asleep(other) {
            continue;
        }
        let them = town.resident(other);
        let hungry = them.wants.level(Need::Food) < HUNGRY;
        let has_food = them.bag.0.iter().any(|(item, _)| item.edible());
        let eating = them.doing.what.activity == Activity::Eating;
        let room = them.bag.total() < max;
        let item = match (food, present) {
            (Some(food), _) if hungry && !has_food && !eating => Some(food),
            (_, Some(piece)) if tie.closeness >= PRESENT.1 && them.bag.count(piece) == 0 => {
                Some(piece)
            }
            _ => None,
        };
        if let Some(item) = item.filter(|_| room) {
            return Some(Act::Give {
                to: town.roster.agent_id(other),
                item: item.as_str().to_owned(),
                count: 1,
            });
        }
    }
    None
}

/// Food that one can do without: somebody hungry keeps the last piece.
fn spare_food(bag: &Bag, food: u16) -> Option<Item> {
    let edible = bag.0.iter().filter(|(item, _)| item.edible());
    let pieces: u16 = edible.clone().map(|(_, count)| count).sum();
    let spare = pieces > 1 || food > HUNGRY;
    let most = edible.max_by_key(|&&(item, count)| (count, std::cmp::Reverse(item)));
    most.filter(|_| spare).map(|&(item, _)| item)
}

/// What one has more than enough of.
fn most_of(bag: &Bag) -> Option<Item> {
    let many = bag.0.iter().filter(|(_, count)| *count >= ENOUGH);
    many.max_by_key(|&&(item, count)| (count, std::cmp::Reverse(item)))
        .map(|&(item, _)| item)
}

fn around(town: &Town, now: &Situation) -> Vec<u32> {
    let mut found = Vec::with_capacity(LOOK_MAX);
    let roster = &town.roster;
    town.space.near(now.at, town.rules.0.reach, |other, _| {
        if other != now.no && found.len() < LOOK_MAX && roster.entity(other).is_some() {
            found.push(other);
        }
    });
    found
}

/// Takes what lies at one's feet, or steps up to what lies near, where one has hands free and a use for it.
fn pick_up(town: &mut Town, now: &mut Situation) -> Option<Act> {
    if town.ground.0.is_empty() || now.plan.goal == Goal::Sleep {
        return None;
    }
    let max = u32::from(town.rules.0.inventory_max);
    let bag = town.resident(now.no).bag.clone();
    if bag.total() * 2 > max {
        return None;
    }
    let (x, y) = (now.at.x, now.at.y);
    // The ground is in order of columns.
    let first = Item::ALL[0];
    let left = (Point::new(x.saturating_sub(SIGHT), 0), first);
    let right = (Point::new(x.saturating_add(SIGHT + 1), 0), first);
    let wanted = town
        .ground
        .0
        .range(left..right)
        .map(|(key, _)| key)
        .filter(|(at, _)| at.y.abs_diff(y) <= SIGHT)
        .take(LYING_MAX)
        .filter(|(_, item)| bag.count(*item) < ENOUGH)
        .min_by_key(|(at, item)| (at.manhattan(now.at), worth(*item, bag.count(*item)), *item))
        .copied();
    let (at, item) = wanted.filter(|_| now.stream.chance(PICK_UP_CHANCE))?;
    if at == now.at {
        return Some(Act::PickUp {
            item: item.as_str().to_owned(),
            count: 1,
        });
    }
    // Nobody leaves their work for it.
    let idle = matches!(now.activity, Activity::Idle | Activity::Resting);
    idle.then_some(Act::GoTo { to: at })
}

/// Puts down some of what one has most of, where others come by who may have a use for it.
fn put_down(town: &mut Town, now: &mut Situation) -> Option<Act> {
    let max = u32::from(town.rules.0.inventory_max);
    let bag = &town.resident(now.no).bag;
    if bag.total() < max {
        return None;
    }
    let item = most_of(bag)?;
    let place = town.places.at(now.at).and_then(|no| town.places.get(no));
    let shared = place.is_some_and(|place| {
        matches!(
            place.kind,
            LandmarkKind::Market
                | LandmarkKind::Park
                | LandmarkKind::Workshop
                | LandmarkKind::Board
        )
    });
    (shared && now.stream.chance(PUT_DOWN_CHANCE)).then(|| Act::Drop {
        item: item.as_str().to_owned(),
        count: 2,
    })
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::agent::Needs;
    use hamlet_protocol::image::{GroundImage, RelationImage};

    use super::*;
    use crate::minds::scripted::look;
    use crate::rng::{Purpose, Stream};
    use crate::testing::Stage;

    /// Ada and Bo stand together in the park, friends; Ada has this in her bag.
    fn stage(bag: &[(Item, u16)]) -> Stage {
        let mut stage = Stage::of(&[("Ada", (22, 7)), ("Bo", (23, 7))]);
        let bo = stage.no("Bo");
        stage.edit_resident("Ada", |ada| {
            ada.inventory = bag.to_vec();
            ada.relations = vec![RelationImage {
                other: bo,
                closeness: 400,
                liking: 100,
                last_met: 0,
                follows: false,
            }];
        });
        stage
    }

    fn feed(stage: &mut Stage, name: &str, food: u16) {
        stage.edit_resident(name, |it| {
            let needs: &mut Needs = &mut it.needs;
            needs[Need::Food as usize] = food;
        });
    }

    /// What comes to Ada's mind within a day of looking round, by words.
    fn thoughts(stage: &mut Stage) -> Vec<String> {
        let no = stage.no("Ada");
        let mut thoughts: Vec<String> = Vec::new();
        for chance in 0..2_000 {
            let act = stage.in_town(|town| {
                let mut now = look(town, no);
                now.stream = Stream::new(7, Purpose::Decide, u64::from(no), chance);
                handle(town, &mut now)
            });
            let words = match act {
                Some(Act::Give { item, count, .. }) => format!("give {count} {item}"),
                Some(Act::PickUp { item, count }) => format!("pick up {count} {item}"),
                Some(Act::Drop { item, count }) => format!("drop {count} {item}"),
                Some(Act::GoTo { to }) => format!("go to {to}"),
                Some(other) => format!("{other:?}"),
                None => continue,
            };
            if !thoughts.contains(&words) {
                thoughts.push(words);
            }
        }
        thoughts.sort();
        thoughts
    }

    #[test]
    fn a_hungry_friend_is_given_food_that_can_be_spared() {
        let mut stage = stage(&[(Item::Bread, 2), (Item::Tools, 1)]);
        assert!(thoughts(&mut stage).is_empty(), "nobody is hungry");
        feed(&mut stage, "Bo", 3_000);
        assert_eq!(thoughts(&mut stage), ["give 1 bread"]);
        let bread = Act::Give {
            to: stage.id("Bo"),
            item: "bread".to_owned(),
            count: 1,
        };
        stage.act("Ada", bread);
        assert!(
            thoughts(&mut stage).is_empty(),
            "Bo has something to eat now"
        );
    }

    #[test]
    fn the_last_piece_is_for_whoever_is_hungry_and_strangers_get_none() {
        let mut stage = stage(&[(Item::Bread, 1)]);
        feed(&mut stage, "Bo", 3_000);
        feed(&mut stage, "Ada", 3_000);
        assert!(thoughts(&mut stage).is_empty());
        feed(&mut stage, "Ada", 9_000);
        assert_eq!(thoughts(&mut stage), ["give 1 bread"]);
        stage.edit_resident("Ada", |ada| ada.relations.clear());
        assert!(thoughts(&mut stage).is_empty());
    }

    #[test]
    fn somebody_dear_gets_of_what_there_is_plenty() {
        let mut stage = stage(&[(Item::Pottery, 3)]);
        assert_eq!(thoughts(&mut stage), ["give 1 pottery"]);
    }

    #[test]
    fn what_lies_about_is_taken_with_free_hands_and_put_down_with_full_ones() {
        let mut stage = stage(&[(Item::Tools, 12)]);
        stage.edit_resident("Ada", |ada| ada.relations.clear());
        assert_eq!(thoughts(&mut stage), ["drop 2 tools"]);
        stage.edit_resident("Ada", |ada| ada.inventory = vec![(Item::Tools, 3)]);
        let lies = |x: u16, item: Item| GroundImage {
            at: Point::new(x, 7),
            item,
            count: 2,
        };
        stage.edit(|state| state.ground = vec![lies(22, Item::Tools), lies(24, Item::Toys)]);
        assert_eq!(
            thoughts(&mut stage),
            [format!("go to {}", Point::new(24, 7))],
            "enough tools"
        );
        stage.edit(|state| state.ground = vec![lies(22, Item::Toys)]);
        assert_eq!(thoughts(&mut stage), ["pick up 1 toys"]);
    }
}
