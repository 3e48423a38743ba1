//! What newcomers bought with what they were given: handing such goods on gives the grant away, like paying it out.
//!
//! Of each kind of goods it is known how many pieces a newcomer bought and what they cost. Other pieces (made, found, given) are free,
//! and leave first. What was spent on goods that one still has counts as had, so whoever earns may give away that much, in money or in goods.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::image::BoughtImage;
use hamlet_protocol::goods::Item;
use hamlet_protocol::money::Money;

use super::FAIR_TIMES;
use crate::economy::params;
use crate::town::Town;

impl Town<'_, '_> {
    /// What was spent on goods that somebody still has, as far as it was asked whether they give away their grant.
    pub(super) fn spent_on_goods(&self, no: u32) -> i64 {
        let all = self.economy.bought.range((no, FIRST)..=(no, LAST));
        let left = all.map(|(&(_, item), it)| still_there(*it, self.carries(no, item)).cost);
        left.fold(0, i64::saturating_add)
    }

    /// Somebody bought goods at this price a piece. What is beyond a fair price was given away with the order.
    pub(in crate::economy) fn note_bought(&mut self, no: u32, item: Item, count: u16, price: i64) {
        if !self.is_bound(no) {
            return;
        }
        let fair = params::base_price(self.terms(), item).saturating_mul(FAIR_TIMES);
        let cost = price.min(fair).saturating_mul(i64::from(count));
        self.keep_bought(no, item, Some(BoughtImage { count, cost }));
    }

    /// Goods that were bought came (back) into somebody's bag.
    pub(crate) fn keep_bought(&mut self, no: u32, item: Item, more: Option<BoughtImage>) {
        if let Some(more) = more.filter(|it| it.count > 0) {
            let before = self.carries(no, item).saturating_sub(more.count);
            let all = self.economy.bought.entry((no, item)).or_default();
            *all = still_there(*all, before);
            all.count = all.count.saturating_add(more.count);
            all.cost = all.cost.saturating_add(more.cost);
        }
    }

    /// Pieces of what somebody bought that are among so many of a kind they carry: what they did not buy goes first.
    fn bought_among(&self, no: u32, item: Item, count: u16) -> BoughtImage {
        let Some(&bought) = self.economy.bought.get(&(no, item)) else {
            return BoughtImage::default();
        };
        let carried = self.carries(no, item);
        let mut bought = still_there(bought, carried);
        let free = carried - bought.count;
        take(&mut bought, count.saturating_sub(free))
    }

    /// So many pieces leave somebody's bag, and what of them was bought is handed out. Asked before they do.
    pub(crate) fn take_bought(&mut self, no: u32, item: Item, count: u16) -> Option<BoughtImage> {
        let carried = self.carries(no, item);
        let leaving = self.bought_among(no, item, count);
        let mut left = still_there(*self.economy.bought.get(&(no, item))?, carried);
        left.count -= leaving.count;
        left.cost -= leaving.cost;
        if left.count == 0 {
            self.economy.bought.remove(&(no, item));
        } else {
            self.economy.bought.insert((no, item), left);
        }
        Some(leaving).filter(|it| it.count > 0)
    }

    /// What offering goods at a price gives away: what those that were bought cost beyond it.
    pub(super) fn below_cost(&self, no: u32, item: Item, count: u16, price: Money) -> i64 {
        let bought = self.bought_among(no, item, count);
        let asked = price.0.saturating_mul(i64::from(bought.count));
        bought.cost.saturating_sub(asked).max(0)
    }

    /// Somebody hands goods to others or leaves them for others, and still carries them.
    ///
    /// # Errors
    /// `Forbidden` where they would give away what they were given.
    pub(crate) fn hand_on(&mut self, no: u32, item: Item, count: u16) -> Result<(), Rejection> {
        let bought = self.bought_among(no, item, count);
        if bought.cost > 0 && self.is_bound(no) {
            self.check_beyond_grant(no, Money(bought.cost)).map_err(|refused| {
                let bought = bought.count;
                Rejection::new(
                    RejectionCode::Forbidden,
                    format!("{} You bought {bought} of these {item}.", refused.detail),
                    "Use them yourself, swap them, or sell them at the market for what they cost; or let a person claim you and wait.",
                )
            })?;
        }
        self.take_bought(no, item, count);
        Ok(())
    }

    /// Nobody has what somebody bought who leaves.
    pub(in crate::economy) fn forget_bought(&mut self, no: u32) {
        self.economy.bought.retain(|&(who, _), _| who != no);
    }

    /// Pieces of a kind in somebody's bag.
    fn carries(&self, no: u32, item: Item) -> u16 {
        let resident = self
            .roster
            .entity(no)
            .and_then(|it| self.residents.get(it).ok());
        resident.map_or(0, |it| it.bag.count(item))
    }
}

const FIRST: Item = Item::ALL[0];
const LAST: Item = Item::ALL[Item::ALL.len() - 1];

/// What was eaten or went bad is nobody's any more.
fn still_there(mut bought: BoughtImage, carried: u16) -> BoughtImage {
    let there = bought.count.min(carried);
    take(&mut bought, there)
}

/// Takes pieces out, with their part of the cost.
fn take(bought: &mut BoughtImage, count: u16) -> BoughtImage {
    let count = count.min(bought.count);
    let cost = match bought.count {
        0 => 0,
        all => {
            let part = i128::from(bought.cost) * i128::from(count) / i128::from(all);
            i64::try_from(part).unwrap_or(bought.cost)
        }
    };
    bought.count -= count;
    bought.cost -= cost;
    BoughtImage { count, cost }
}

/// What of an order's goods was bought, once so many of them are sold: others are sold first.
pub(in crate::economy) fn left_after(
    bought: Option<BoughtImage>,
    left: u16,
    sold: u16,
) -> Option<BoughtImage> {
    let mut bought = bought?;
    let free = left.saturating_sub(bought.count);
    take(&mut bought, sold.saturating_sub(free));
    Some(bought).filter(|it| it.count > 0)
}

#[cfg(test)]
mod tests;
