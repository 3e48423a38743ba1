//! Money for readers.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::economy::command::Side;
use hamlet_protocol::economy::view::{
    BOOK_LEVELS_MAX, EconomyView, MarketView, PurseView, TownPurseView,
};
use hamlet_protocol::goods::Item;
use hamlet_protocol::money::Money;

use super::ledger::Purse;
use super::{Economy, params};
use crate::interventions::Agenda;
use crate::log::Touched;
use crate::people::People;
use crate::resident::Identity;
use crate::roster::Roster;

/// All that readers may look at.
pub(crate) fn everything(world: &World, touched: &mut Touched) {
    let numbers = world.resource::<crate::space::Space>().numbers();
    touched.purses = (0..numbers).collect();
    touched.bounties = (0..world.resource::<Economy>().bounties()).collect();
    touched.economy = true;
}

/// Brings the view up to date.
pub(crate) fn update(world: &World, view: &mut EconomyView, touched: &mut Touched) {
    let economy = world.resource::<Economy>();
    for no in std::mem::take(&mut touched.purses) {
        while view.purses.len() <= no as usize {
            view.purses.push(PurseView::default());
        }
        view.purses.set(no as usize, purse(world, economy, no));
    }
    for number in std::mem::take(&mut touched.bounties) {
        if let Some(bounty) = economy.bounties.get(number as usize) {
            view.bounties.set(number as usize, Arc::clone(bounty));
        }
    }
    if touched.economy {
        // Pages that nobody wrote to are shared.
        view.costs.clone_from(economy.costs.pages());
        view.spent.clone_from(economy.spent.pages());
        view.deposits.clone_from(economy.deposits.pages());
        let known = Arc::clone(&view.town.market);
        let market = if known.changes == economy.market.changes() {
            known
        } else {
            Arc::new(market(world, economy))
        };
        view.town = Arc::new(town(world, economy, market));
    }
}

fn purse(world: &World, economy: &Economy, no: u32) -> PurseView {
    let member =
        world.resource::<Roster>().entity(no).is_some() || world.resource::<People>().has(no);
    let bought = economy.purchases.get(&no);
    PurseView {
        balance: economy.ledger.balance(Purse::of(no)),
        reserved: economy.ledger.reserved(Purse::of(no)),
        tier: economy.tiers.get(no as usize).copied().unwrap_or(0),
        bought_until_ms: bought.map_or(0, |it| it.until_ms),
        there: member,
    }
}

fn town(world: &World, economy: &Economy, market: Arc<MarketView>) -> TownPurseView {
    let terms = &world.resource::<Agenda>().scenario.economy;
    TownPurseView {
        tiers: Arc::clone(&economy.specs),
        system: economy.ledger.system(),
        transfers: economy.ledger.transfers(),
        head: economy.ledger.head(),
        // As many as there are codes.
        flows: economy.ledger.flows().clone(),
        market,
        auction: Arc::clone(&economy.auction),
        spent: economy.spent.village,
        owners: Arc::clone(&economy.owners),
        bounty_fee_ppm: params::fee_ppm(terms, "bounty"),
    }
}

fn market(world: &World, economy: &Economy) -> MarketView {
    let market = &economy.market;
    let data = market.data();
    let mut book = BTreeMap::new();
    for item in Item::ALL {
        for side in [Side::Offer, Side::Request] {
            let levels = market.levels(item, side, BOOK_LEVELS_MAX);
            if !levels.is_empty() {
                book.insert((item, side), levels);
            }
        }
    }
    let roster = world.resource::<Roster>();
    let by_habit = |no: u32| {
        let identity = roster.entity(no).and_then(|it| world.get::<Identity>(it));
        identity.is_none_or(Identity::lives_by_habit)
    };
    let own = data
        .orders
        .iter()
        .filter(|(_, order)| !by_habit(order.agent));
    MarketView {
        changes: market.changes(),
        prices: data
            .prices
            .iter()
            .map(|(&item, &price)| (item, Money(price)))
            .collect(),
        sold: data.sold.clone(),
        book,
        wage: Money(data.wage),
        meal: economy.meal_price(&world.resource::<Agenda>().scenario.economy),
        orders: data.orders.len(),
        own: own.map(|(&number, &order)| (number, order)).collect(),
    }
}
