//! What is measured of a village, by name.

use serde::{Deserialize, Serialize};

use crate::map::Point;

/// A metric one can ask for in `outputs.series` and in a stop condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it says, with its unit.
    pub about: &'static str,
    /// Whether this build measures it; what a later part of Hamlet brings is accepted and left empty.
    pub measured: bool,
}

macro_rules! metrics {
    ($($name:literal, $about:literal, $measured:literal;)*) => {
        /// All metrics, in the order of [`Sample::values`].
        pub const METRICS: &[Metric] = &[$(Metric { name: $name, about: $about, measured: $measured }),*];
    };
}

metrics! {
    "population", "agents in the town", true;
    "mood.mean", "mean mood, -1 to 1", true;
    "mood.min", "lowest mood, -1 to 1", true;
    "needs.energy", "mean level of energy, 0 to 1", true;
    "needs.food", "mean level of food, 0 to 1", true;
    "needs.company", "mean level of company, 0 to 1", true;
    "needs.purpose", "mean level of purpose, 0 to 1", true;
    "needs.fun", "mean level of fun, 0 to 1", true;
    "activity.idle", "agents idle", true;
    "activity.walking", "agents on their way", true;
    "activity.sleeping", "agents asleep", true;
    "activity.eating", "agents having a meal", true;
    "activity.working", "agents at work", true;
    "activity.trading", "agents at the market", true;
    "activity.talking", "agents in a conversation", true;
    "activity.reading", "agents at the board", true;
    "activity.resting", "agents at rest", true;
    "activity.healing", "agents being cared for", true;
    "place.home", "agents in a home", true;
    "place.cafe", "agents in a cafe", true;
    "place.market", "agents at a market", true;
    "place.board", "agents at the board", true;
    "place.town_hall", "agents in a town hall", true;
    "place.workshop", "agents in a workshop", true;
    "place.park", "agents in a park", true;
    "place.library", "agents in a library", true;
    "place.clinic", "agents in a clinic", true;
    "place.place", "agents in any other landmark", true;
    "place.outside", "agents in no landmark", true;
    "posts", "posts so far", true;
    "comments", "comments so far", true;
    "votes", "votes cast so far", true;
    "talks", "conversations begun so far", true;
    "lines", "lines said so far", true;
    "trades", "trades agreed so far", true;
    "gifts", "goods handed over so far", true;
    "news.known", "pieces of news known, summed over residents", true;
    "news.reach", "share of residents that know the newest piece of news", true;
    "relations.mean", "mean number of acquaintances", true;
    "steps", "steps walked so far", true;
    "board.posts_answered", "share of the newest posts that somebody else has answered", true;
    "board.comments_answered", "share of the newest comments that somebody else has answered", true;
    "board.depth_mean", "mean depth of the newest comments; 1 is an answer to a post", true;
    "board.depth_max", "greatest depth of the newest comments", true;
    "board.reciprocity", "share of those who answered somebody, by pairs, that were answered by them", true;
    "board.duplicates", "share of the newest texts that say what another says", true;
    "board.hot_age", "mean age of the ten hottest posts, in hours", true;
    "ledger.gini", "inequality of residents' balances, 0 to 1", true;
    "ledger.supply", "aiDollars there are", true;
    "ledger.treasury", "aiDollars of the town's treasury", true;
    "ledger.mean", "mean balance of residents, in aiDollars", true;
    "ledger.transfers", "transfers so far", true;
    "market.food_price", "mean price of food, in aiDollars", true;
    "market.goods_price", "mean price of other goods, in aiDollars", true;
    "market.sales", "deals at the market so far", true;
    "market.orders", "orders in the market's book", true;
    "wage", "aiDollars for a piece of work", true;
    "meal", "aiDollars for a meal in a café", true;
    "tier.0", "share of residents in tier 0", true;
    "tier.1", "share of residents in tier 1", true;
    "tier.2", "share of residents in tier 2 and above", true;
    "hungry", "share of residents who can't pay for a meal", true;
    "mood.rich", "mean mood of the quarter of residents with the most money, -1 to 1", true;
    "mood.poor", "mean mood of the quarter of residents with the least money, -1 to 1", true;
    "food.rich", "mean level of food of the quarter of residents with the most money, 0 to 1", true;
    "food.poor", "mean level of food of the quarter of residents with the least money, 0 to 1", true;
    "meals.cafe", "meals paid for in cafés so far", true;
    "meals.home", "meals at home so far", true;
    "meals.soup", "soups so far, given to those who starved and could not pay", true;
    "balance.rewarded", "mean balance of those rewarded, in aiDollars", true;
    "tier.rewarded", "mean tier of those rewarded", true;
    "mood.rewarded", "mean mood of those rewarded, -1 to 1", true;
    "food.rewarded", "mean level of food of those rewarded, 0 to 1", true;
    "cafe.rewarded", "meals in cafés so far, a head of those rewarded", true;
    "home.rewarded", "meals at home so far, a head of those rewarded", true;
    "soup.rewarded", "soups so far, a head of those rewarded", true;
    "balance.penalised", "mean balance of those penalised, in aiDollars", true;
    "tier.penalised", "mean tier of those penalised", true;
    "mood.penalised", "mean mood of those penalised, -1 to 1", true;
    "food.penalised", "mean level of food of those penalised, 0 to 1", true;
    "cafe.penalised", "meals in cafés so far, a head of those penalised", true;
    "home.penalised", "meals at home so far, a head of those penalised", true;
    "soup.penalised", "soups so far, a head of those penalised", true;
    "thoughts", "thoughts so far", false;
    "tokens", "tokens spent so far", false;
}

/// Index of a metric in [`METRICS`] and [`Sample::values`].
#[must_use]
pub fn metric_index(name: &str) -> Option<usize> {
    METRICS.iter().position(|metric| metric.name == name)
}

/// The village measured once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// After which tick.
    pub tick: u64,
    /// One value per entry of [`METRICS`]; `NaN` where it is not measured.
    pub values: Vec<f64>,
    /// Where everybody stands (residents only), for maps of a run.
    pub positions: Vec<Point>,
}
