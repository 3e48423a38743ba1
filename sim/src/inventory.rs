//! Goods in bags and on the ground: giving, trading, picking up, putting down.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::image::SeenImage;
use hamlet_protocol::map::Point;

use crate::town::{ActResult, Town};

/// Goods lying about, by tile (row first) and kind.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Ground(pub(crate) BTreeMap<(Point, Item), u16>);

/// Most pieces of one kind on one tile.
const PILE_MAX: u16 = 1_000;

impl Town<'_, '_> {
    pub(crate) fn give(&mut self, no: u32, to: u32, item: Item, count: u16) -> ActResult {
        self.check_other(no, to, "give to")?;
        self.check_has(no, item, count)?;
        self.check_room(to, count)?;
        self.resident(no).bag.take(item, count);
        self.resident(to).bag.add(item, count);
        self.totals.gifts += u64::from(count);
        self.observe(to, SeenImage::Received(no, item));
        self.befriend(to, no, 40, 60);
        self.befriend(no, to, 20, 20);
        self.cheer(to, 60);
        let event = Event::Gave {
            agent: self.roster.agent_id(no),
            to: self.roster.agent_id(to),
            item: item.as_str().to_owned(),
            count,
        };
        self.log.record(&self.clock, event);
        Ok(Outcome::Done)
    }

    /// Offers a swap of one piece each. Those who live by habit answer at once, by what the goods are worth to them.
    pub(crate) fn trade(&mut self, no: u32, with: u32, give: Item, want: Item) -> ActResult {
        self.check_other(no, with, "trade with")?;
        if give == want {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("Swapping {give} for {want} changes nothing."),
                "Ask for something else.",
            ));
        }
        self.check_awake(with)?;
        self.check_has(no, give, 1)?;
        if !self.resident(with).identity.lives_by_habit() {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "They decide for themselves and can't be made to trade.",
                "Talk to them and agree, then give.",
            ));
        }
        let theirs = self.resident(with);
        let agreed = theirs.bag.count(want) > 0
            && worth(give, theirs.bag.count(give)) > worth(want, theirs.bag.count(want) - 1);
        if agreed {
            self.swap(no, with, give, want);
        }
        Ok(Outcome::TradeAnswer { agreed })
    }

    fn swap(&mut self, no: u32, with: u32, give: Item, want: Item) {
        for (who, other, gave, got) in [(no, with, give, want), (with, no, want, give)] {
            let mut resident = self.resident(who);
            resident.bag.take(gave, 1);
            resident.bag.add(got, 1);
            resident.wants.cheer(30);
            self.observe(who, SeenImage::Traded(other, gave, got));
            self.befriend(who, other, 15, 10);
        }
        self.totals.trades += 1;
        let event = Event::Traded {
            agent: self.roster.agent_id(no),
            with: self.roster.agent_id(with),
            gave: give.as_str().to_owned(),
            got: want.as_str().to_owned(),
        };
        self.log.record(&self.clock, event);
    }

    pub(crate) fn pick_up(&mut self, no: u32, item: Item, count: u16) -> ActResult {
        check_count(count)?;
        let at = self.at(no);
        let lying = self.ground.0.get(&(at, item)).copied().unwrap_or(0);
        if lying < count {
            return Err(Rejection::new(
                RejectionCode::Inventory,
                format!("Only {lying} {item} lie here."),
                "Stand on the tile where the goods lie and take no more than there are.",
            ));
        }
        self.check_room(no, count)?;
        if lying == count {
            self.ground.0.remove(&(at, item));
        } else {
            self.ground.0.insert((at, item), lying - count);
        }
        self.resident(no).bag.add(item, count);
        let agent = self.roster.agent_id(no);
        self.log.record(
            &self.clock,
            Event::PickedUp {
                agent,
                at,
                item: item.as_str().to_owned(),
                count,
            },
        );
        Ok(Outcome::Done)
    }

    pub(crate) fn put_down(&mut self, no: u32, item: Item, count: u16) -> ActResult {
        self.check_has(no, item, count)?;
        let at = self.at(no);
        let lying = self.ground.0.get(&(at, item)).copied().unwrap_or(0);
        if lying.saturating_add(count) > PILE_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("At most {PILE_MAX} of a kind lie on one tile."),
                "Use another tile.",
            ));
        }
        self.resident(no).bag.take(item, count);
        self.ground.0.insert((at, item), lying + count);
        let agent = self.roster.agent_id(no);
        self.log.record(
            &self.clock,
            Event::Dropped {
                agent,
                at,
                item: item.as_str().to_owned(),
                count,
            },
        );
        Ok(Outcome::Done)
    }

    fn check_has(&mut self, no: u32, item: Item, count: u16) -> Result<(), Rejection> {
        check_count(count)?;
        let has = self.resident(no).bag.count(item);
        if has < count {
            return Err(Rejection::new(
                RejectionCode::Inventory,
                format!("You carry {has} {item}, not {count}."),
                "Look at your inventory and choose what is there.",
            ));
        }
        Ok(())
    }

    fn check_room(&mut self, no: u32, count: u16) -> Result<(), Rejection> {
        let max = u32::from(self.rules.0.inventory_max);
        let carried = self.resident(no).bag.total();
        if carried + u32::from(count) > max {
            return Err(Rejection::new(
                RejectionCode::Inventory,
                format!("Nobody carries more than {max} pieces."),
                "Put something down or give it away first.",
            ));
        }
        Ok(())
    }

    /// Checks that the other is somebody else and within reach.
    pub(crate) fn check_other(&mut self, no: u32, other: u32, what: &str) -> Result<(), Rejection> {
        if no == other {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("One can't {what} oneself."),
                "Choose somebody else.",
            ));
        }
        let (reach, distance) = (
            u32::from(self.rules.0.reach),
            self.at(no).chebyshev(self.at(other)),
        );
        if distance > reach {
            return Err(Rejection::new(
                RejectionCode::TooFar,
                format!("They are {distance} tiles away, out of reach."),
                format!("Walk up to {reach} tiles or closer first."),
            ));
        }
        Ok(())
    }
}

fn check_count(count: u16) -> Result<(), Rejection> {
    if count == 0 {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "A count of 0 moves nothing.",
            "Give a count of 1 or more.",
        ));
    }
    Ok(())
}

/// What one more piece is worth to somebody who has `owned`: food keeps its worth longer, plenty has little.
pub(crate) fn worth(item: Item, owned: u16) -> u32 {
    let base = if item.edible() { 120 } else { 100 };
    base / (u32::from(owned) + 1)
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::Act;
    use hamlet_protocol::agent::MindKind;

    use super::*;
    use crate::testing::Stage;

    const SQUARE: [(&str, (u16, u16)); 3] = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Far", (2, 5))];

    fn stage() -> Stage {
        let mut stage = Stage::of(&SQUARE);
        stage.edit(|state| {
            let bags = [
                vec![(Item::Bread, 3), (Item::Tools, 1)],
                vec![(Item::Tools, 11)],
                vec![(Item::Honey, 2)],
            ];
            for (resident, bag) in state.residents.iter_mut().zip(bags) {
                resident.inventory = bag;
            }
        });
        stage
    }

    fn bags(stage: &Stage) -> Vec<Vec<(Item, u16)>> {
        let residents = stage.state().residents.into_iter();
        residents.map(|it| it.inventory).collect()
    }

    fn give(stage: &Stage, to: &str, item: &str, count: u16) -> Act {
        Act::Give {
            to: stage.id(to),
            item: item.to_owned(),
            count,
        }
    }

    fn trade(stage: &Stage, with: &str, give: &str, want: &str) -> Act {
        Act::Trade {
            with: stage.id(with),
            give: give.to_owned(),
            want: want.to_owned(),
        }
    }

    fn drop(item: &str, count: u16) -> Act {
        let item = item.to_owned();
        Act::Drop { item, count }
    }

    fn pick_up(item: &str, count: u16) -> Act {
        let item = item.to_owned();
        Act::PickUp { item, count }
    }

    #[test]
    fn a_gift_changes_hands_and_pleases() {
        let mut stage = stage();
        let mood = stage.resident("Bo").mood;
        let present = give(&stage, "Bo", "bread", 1);
        stage.act("Ada", present);
        let bread = |count| (Item::Bread, count);
        let tools = |count| (Item::Tools, count);
        let expected = [
            vec![bread(2), tools(1)],
            vec![bread(1), tools(11)],
            vec![(Item::Honey, 2)],
        ];
        assert_eq!(bags(&stage), expected);
        let gave = Event::Gave {
            agent: stage.id("Ada"),
            to: stage.id("Bo"),
            item: "bread".to_owned(),
            count: 1,
        };
        assert_eq!(stage.events(), [gave]);
        let bo = stage.resident("Bo");
        let received = SeenImage::Received(stage.no("Ada"), Item::Bread);
        assert_eq!(bo.observations.last().map(|it| &it.what), Some(&received));
        assert_eq!(bo.mood, mood + 60);
        let tie = |it: &hamlet_protocol::image::ResidentImage| {
            (it.relations[0].closeness, it.relations[0].liking)
        };
        assert_eq!(tie(&bo), (40, 60));
        assert_eq!(tie(&stage.resident("Ada")), (20, 20));
        assert_eq!(stage.state().totals["gifts"], 1);
    }

    #[test]
    fn goods_lie_where_they_are_dropped() {
        let mut stage = stage();
        stage.act("Ada", drop("bread", 2));
        let at = Point::new(14, 5);
        let lying = |count| hamlet_protocol::image::GroundImage {
            at,
            item: Item::Bread,
            count,
        };
        assert_eq!(stage.state().ground, [lying(2)]);
        stage.edit(|_state| {});
        stage.act("Ada", Act::Step { dx: 0, dy: -1 });
        stage.act("Bo", Act::Step { dx: -1, dy: 0 });
        stage.ticks(1);
        stage.events();
        let two = pick_up("bread", 2);
        assert_eq!(
            stage.refused("Bo", two),
            RejectionCode::Inventory,
            "no room"
        );
        stage.act("Bo", pick_up("bread", 1));
        assert_eq!(stage.state().ground, [lying(1)]);
        stage.act("Bo", drop("bread", 1));
        assert_eq!(stage.state().ground, [lying(2)]);
        let (agent, item, count) = (stage.id("Bo"), "bread".to_owned(), 1);
        let picked = Event::PickedUp {
            agent,
            at,
            item: item.clone(),
            count,
        };
        let dropped = Event::Dropped {
            agent,
            at,
            item,
            count,
        };
        assert_eq!(stage.events(), [picked, dropped]);
    }

    #[test]
    fn what_is_not_there_or_has_no_room_does_not_change_hands() {
        let mut stage = stage();
        stage.edit(|state| {
            state.ground = vec![hamlet_protocol::image::GroundImage {
                at: Point::new(14, 5),
                item: Item::Bread,
                count: PILE_MAX,
            }];
        });
        let refused = [
            (RejectionCode::Inventory, give(&stage, "Bo", "bread", 2)),
            (RejectionCode::Inventory, give(&stage, "Bo", "bread", 4)),
            (RejectionCode::Inventory, give(&stage, "Bo", "fish", 1)),
            (RejectionCode::Invalid, give(&stage, "Bo", "bread", 0)),
            (RejectionCode::NotFound, give(&stage, "Bo", "Bread", 1)),
            (RejectionCode::Invalid, give(&stage, "Ada", "bread", 1)),
            (RejectionCode::TooFar, give(&stage, "Far", "bread", 1)),
            (RejectionCode::Invalid, drop("bread", 0)),
            (RejectionCode::Inventory, drop("bread", 4)),
            (RejectionCode::Limit, drop("bread", 1)),
            (RejectionCode::Invalid, pick_up("bread", 0)),
            (RejectionCode::Inventory, pick_up("bread", 9)),
            (RejectionCode::Inventory, pick_up("honey", 1)),
            (RejectionCode::NotFound, pick_up("gold", 1)),
            (
                RejectionCode::Forbidden,
                trade(&stage, "Bo", "bread", "tools"),
            ),
            (
                RejectionCode::Inventory,
                trade(&stage, "Bo", "fish", "tools"),
            ),
            (
                RejectionCode::Invalid,
                trade(&stage, "Bo", "bread", "bread"),
            ),
            (
                RejectionCode::TooFar,
                trade(&stage, "Far", "bread", "honey"),
            ),
        ];
        for (code, act) in refused {
            assert_eq!(stage.refused("Ada", act.clone()), code, "{act:?}");
        }
    }

    #[test]
    fn those_who_live_by_habit_swap_what_they_have_plenty_of() {
        let mut stage = stage();
        stage.edit_resident("Bo", |bo| bo.mind = MindKind::Scripted);
        let swap = |stage: &mut Stage, given: &str, want: &str| {
            let act = trade(stage, "Bo", given, want);
            stage.act("Ada", act)
        };
        let answer = |agreed| Outcome::TradeAnswer { agreed };
        assert_eq!(
            swap(&mut stage, "tools", "honey"),
            answer(false),
            "has none"
        );
        assert_eq!(swap(&mut stage, "bread", "tools"), answer(true));
        let traded = Event::Traded {
            agent: stage.id("Ada"),
            with: stage.id("Bo"),
            gave: "bread".to_owned(),
            got: "tools".to_owned(),
        };
        assert_eq!(stage.events(), [traded]);
        let expected = [
            vec![(Item::Bread, 2), (Item::Tools, 2)],
            vec![(Item::Bread, 1), (Item::Tools, 10)],
        ];
        assert_eq!(bags(&stage)[..2], expected);
        assert_eq!(
            swap(&mut stage, "tools", "bread"),
            answer(false),
            "a bad bargain"
        );
        assert_eq!(bags(&stage)[..2], expected);
        assert_eq!(stage.state().totals["trades"], 1);
        stage.edit_resident("Bo", |bo| {
            bo.doing.activity = hamlet_protocol::agent::Activity::Sleeping;
        });
        let asleep = trade(&stage, "Bo", "bread", "tools");
        assert_eq!(stage.refused("Ada", asleep), RejectionCode::Forbidden);
    }

    #[test]
    fn food_is_worth_more_and_plenty_less() {
        let worths = |item| (0..4).map(|owned| worth(item, owned)).collect::<Vec<_>>();
        assert_eq!(worths(Item::Bread), [120, 60, 40, 30]);
        assert_eq!(worths(Item::Tools), [100, 50, 33, 25]);
        assert_eq!(worth(Item::Tools, u16::MAX), 0);
    }
}
