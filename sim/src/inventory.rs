//! Goods in bags and on the ground: giving, trading, picking up, putting down.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::goods::Item;
use hamlet_protocol::image::SeenImage;
use hamlet_protocol::map::Point;

use crate::town::{ActResult, Town};

/// Goods lying about, by tile (column first) and kind.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Ground(pub(crate) BTreeMap<(Point, Item), u16>);

/// Most pieces of one kind on one tile.
const PILE_MAX: u16 = 1_000;

impl Town<'_, '_> {
    pub(crate) fn give(&mut self, no: u32, to: u32, item: Item, count: u16) -> ActResult {
        self.check_other(no, to, "give to")?;
        self.check_has(no, item, count)?;
        self.check_room(to, count)?;
        self.hand_on(no, item, count)?;
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
            // What the one cost is in the other from now on.
            let bought = self.take_bought(no, give, 1);
            self.swap(no, with, give, want);
            self.keep_bought(no, want, bought);
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
        self.touched.town = true;
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
        self.hand_on(no, item, count)?;
        self.resident(no).bag.take(item, count);
        self.ground.0.insert((at, item), lying + count);
        self.touched.town = true;
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
mod tests;
