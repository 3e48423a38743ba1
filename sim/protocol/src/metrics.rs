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
}

macro_rules! metrics {
    ($($name:literal, $about:literal;)*) => {
        /// All metrics, in the order of [`Sample::values`].
        pub const METRICS: &[Metric] = &[$(Metric { name: $name, about: $about }),*];
    };
}

metrics! {
    "population", "agents in the town";
    "mood.mean", "mean mood, -1 to 1";
    "mood.min", "lowest mood, -1 to 1";
    "needs.energy", "mean level of energy, 0 to 1";
    "needs.food", "mean level of food, 0 to 1";
    "needs.company", "mean level of company, 0 to 1";
    "needs.purpose", "mean level of purpose, 0 to 1";
    "needs.fun", "mean level of fun, 0 to 1";
    "activity.idle", "agents idle";
    "activity.walking", "agents on their way";
    "activity.sleeping", "agents asleep";
    "activity.eating", "agents having a meal";
    "activity.working", "agents at work";
    "activity.trading", "agents at the market";
    "activity.talking", "agents in a conversation";
    "activity.reading", "agents at the board";
    "activity.resting", "agents at rest";
    "activity.healing", "agents being cared for";
    "place.home", "agents in a home";
    "place.cafe", "agents in a cafe";
    "place.market", "agents at a market";
    "place.board", "agents at the board";
    "place.town_hall", "agents in a town hall";
    "place.workshop", "agents in a workshop";
    "place.park", "agents in a park";
    "place.library", "agents in a library";
    "place.clinic", "agents in a clinic";
    "place.place", "agents in any other landmark";
    "place.outside", "agents in no landmark";
    "posts", "posts so far";
    "comments", "comments so far";
    "votes", "votes cast so far";
    "talks", "conversations begun so far";
    "lines", "lines said so far";
    "trades", "trades agreed so far";
    "gifts", "goods handed over so far";
    "news.known", "pieces of news known, summed over residents";
    "news.reach", "share of residents that know the newest piece of news";
    "relations.mean", "mean number of acquaintances";
    "steps", "steps walked so far";
    "board.posts_answered", "share of the newest posts that somebody else has answered";
    "board.comments_answered", "share of the newest comments that somebody else has answered";
    "board.depth_mean", "mean depth of the newest comments; 1 is an answer to a post";
    "board.depth_max", "greatest depth of the newest comments";
    "board.reciprocity", "share of those who answered somebody, by pairs, that were answered by them";
    "board.duplicates", "share of the newest texts that say what another says";
    "board.hot_age", "mean age of the ten hottest posts, in hours";
    "ledger.gini", "inequality of residents' balances, 0 to 1";
    "ledger.supply", "aiDollars there are";
    "ledger.treasury", "aiDollars of the town's treasury";
    "ledger.mean", "mean balance of residents, in aiDollars";
    "ledger.transfers", "transfers so far";
    "market.food_price", "mean price of food, in aiDollars";
    "market.goods_price", "mean price of other goods, in aiDollars";
    "market.sales", "deals at the market so far";
    "market.orders", "orders in the market's book";
    "wage", "aiDollars for a piece of work";
    "meal", "aiDollars for a meal in a café";
    "tier.0", "share of residents in tier 0";
    "tier.1", "share of residents in tier 1";
    "tier.2", "share of residents in tier 2 and above";
    "hungry", "share of residents who can't pay for a meal";
    "mood.rich", "mean mood of the quarter of residents with the most money, -1 to 1";
    "mood.poor", "mean mood of the quarter of residents with the least money, -1 to 1";
    "food.rich", "mean level of food of the quarter of residents with the most money, 0 to 1";
    "food.poor", "mean level of food of the quarter of residents with the least money, 0 to 1";
    "meals.cafe", "meals paid for in cafés so far";
    "meals.home", "meals at home so far";
    "meals.soup", "soups so far, given to those who starved and could not pay";
    "balance.rewarded", "mean balance of those rewarded, in aiDollars";
    "tier.rewarded", "mean tier of those rewarded";
    "mood.rewarded", "mean mood of those rewarded, -1 to 1";
    "food.rewarded", "mean level of food of those rewarded, 0 to 1";
    "cafe.rewarded", "meals in cafés so far, a head of those rewarded";
    "home.rewarded", "meals at home so far, a head of those rewarded";
    "soup.rewarded", "soups so far, a head of those rewarded";
    "balance.penalised", "mean balance of those penalised, in aiDollars";
    "tier.penalised", "mean tier of those penalised";
    "mood.penalised", "mean mood of those penalised, -1 to 1";
    "food.penalised", "mean level of food of those penalised, 0 to 1";
    "cafe.penalised", "meals in cafés so far, a head of those penalised";
    "home.penalised", "meals at home so far, a head of those penalised";
    "soup.penalised", "soups so far, a head of those penalised";
    "thoughts", "thoughts that came to an end so far";
    "tokens", "tokens spent on them so far";
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
    /// One value per entry of [`METRICS`]; `NaN` where there is nothing to measure.
    pub values: Vec<f64>,
    /// Where everybody stands (residents only), for maps of a run.
    pub positions: Vec<Point>,
}
