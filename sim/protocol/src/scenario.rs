//! A scenario, resolved: what a run starts from, with every file it named read in.
//!
//! The file format and its checks live in `hamlet-sim`; this is what comes out of them and what images and journals embed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::agent::MindKind;
use crate::community::{SubmoltSeed, seeds_always};
use crate::economy::tier::TierSpec;
use crate::goods::Item;
use crate::map::Point;
use crate::moderation::{Filter, MeasureKind};
use crate::money::Money;
use crate::persona::{Persona, Template};
use crate::rules::Rules;
use crate::time::TimeSpec;

/// Most residents and walkers of one scenario.
pub const AGENTS_MAX: u32 = 4_000_000;

/// Longest run one may ask for, in ticks.
pub const TICKS_MAX: u64 = 1_000_000_000_000;

/// A scenario with nothing left to look up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Seed of every chance in the run.
    pub seed: u64,
    /// Where its map comes from.
    pub map: MapSource,
    /// Its clock.
    pub time: TimeSpec,
    /// Money.
    pub economy: Economy,
    /// The adjustable numbers.
    pub rules: Rules,
    /// Communities of the board that are there from the beginning.
    #[serde(default = "seeds_always")]
    pub submolts: Vec<SubmoltSeed>,
    /// What is looked for in the texts of members.
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// The templates its populations use, by slug.
    pub templates: BTreeMap<String, Template>,
    /// Who lives here at the start, in order of arrival.
    pub populations: Vec<Population>,
    /// What happens at set times, in order.
    pub interventions: Vec<Intervention>,
    /// When the run ends by itself.
    pub stop: Stop,
    /// What is written down.
    pub outputs: Outputs,
}

/// Where a map comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapSource {
    /// A file (Tiled) or folder (maze CSV), as the scenario names it.
    File(String),
    /// Made by the generator.
    Generated(GeneratedMap),
}

/// What the map generator is asked for. The map depends on these fields alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratedMap {
    /// Kind of landscape.
    pub kind: Landscape,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Homes, for a town.
    pub homes: u32,
    /// Seed of the landscape, apart from that of the run.
    pub seed: u64,
}

/// Landscapes of the map generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Landscape {
    /// Grass, nothing else.
    Field,
    /// Streets, homes and every kind of place.
    Town,
}

/// Money in the town.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Economy {
    /// What a new resident is given.
    pub grant: Money,
    /// Balance from which one is in tier 0, 1, 2 and so on, ascending from zero.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Money>,
    /// What things cost, by name: goods, models, tools.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prices: BTreeMap<String, Money>,
    /// Shares kept back, by what for, in millionths.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fees: BTreeMap<String, u32>,
    /// Shares that go to the treasury, by what of, in millionths.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub taxes: BTreeMap<String, u32>,
    /// What may be spent, by whom or for what.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub budgets: BTreeMap<String, Money>,
    /// Tiers with all they allow, the lowest first; empty: the usual ones, from the balances in `tiers`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<TierSpec>,
    /// Compute slots at auction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auction: Option<AuctionSpec>,
    /// Hours (by the stamp) in which those who come and drive themselves give away nothing of their grant, and as long as nobody claims them;
    /// 0: there is no such rule, as in worlds that are older than it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub newcomer_hours: u32,
}

/// Hours in which somebody is new, where a scenario file says nothing.
pub const NEWCOMER_HOURS: u32 = 24;

fn is_zero(hours: &u32) -> bool {
    *hours == 0
}

impl Economy {
    /// Whether people in the town live by money: nobody is asked to pay where nobody was given any.
    #[must_use]
    pub fn is_lived_by(&self) -> bool {
        self.grant.0 > 0 || self.budgets.contains_key("treasury")
    }
}

/// Compute slots at auction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuctionSpec {
    /// Hours (by the stamp) between two rounds.
    pub every_hours: u32,
    /// Slots there are, by class of models.
    pub slots: BTreeMap<String, u32>,
    /// What a slot costs at least.
    pub reserve_price: Money,
    /// What winners pay.
    pub pricing: Pricing,
}

/// What winners of an auction pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pricing {
    /// All the same: the highest price that lost.
    #[default]
    Uniform,
    /// Each the price of the next bid below theirs.
    Second,
}

/// A group of residents or walkers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// Slug of their template; empty for walkers, who have none.
    pub template: String,
    /// How many.
    pub count: u32,
    /// Who decides for them.
    pub mind: MindKind,
    /// Given personas for the first of them, already checked; the rest are drawn from the template.
    pub personas: Vec<Persona>,
    /// Where they begin; `None`: at home, walkers anywhere.
    pub at: Option<PlaceName>,
}

/// A place as a scenario names it. Resolved when it is needed, so that a scenario runs on any map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceName {
    /// A tile.
    Tile(Point),
    /// A landmark by name or kind, without regard to case.
    Landmark(String),
}

/// Something that happens at a set time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intervention {
    /// Tick before whose beginning it is applied.
    pub at_tick: u64,
    /// What.
    pub what: InterventionKind,
    /// Whether an unmet place or agent is only a warning.
    pub optional: bool,
}

/// What an intervention does. Agents are named by handle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterventionKind {
    /// Somebody says something where they are.
    Say {
        /// Who.
        agent: String,
        /// The words.
        text: String,
    },
    /// Somebody learns a piece of news that will be passed on.
    Rumour {
        /// Who.
        agent: String,
        /// The words.
        text: String,
    },
    /// A post; without an agent the town itself posts.
    Post {
        /// Who.
        agent: Option<String>,
        /// Slug of the community.
        submolt: String,
        /// One line.
        title: String,
        /// Markdown.
        text: String,
    },
    /// New residents.
    Spawn(Population),
    /// Somebody leaves for good.
    Remove {
        /// Who.
        agent: String,
    },
    /// Somebody walks to a place (`instantly`: is there at once).
    Move {
        /// Who.
        agent: String,
        /// Where.
        to: PlaceName,
        /// Without walking.
        instantly: bool,
    },
    /// The village moderates.
    Moderate {
        /// What it does to a member: `warn`, `mute`, `quarantine`, `ban` or `halt`; `None` ends all that lasts.
        what: Option<MeasureKind>,
        /// Whom.
        agent: String,
        /// Hours of sim time until it ends by itself.
        hours: Option<u32>,
        /// Why.
        reason: String,
    },
    /// A parameter of the rules changes.
    Set {
        /// Field of [`Rules`].
        rule: String,
        /// New value.
        value: f64,
    },
    /// A landmark closes, opens, or goes by its hours again.
    Open {
        /// Which, by name or kind; a kind means all of it.
        landmark: String,
        /// See [`crate::command::Command::SetOpen`].
        open: Option<bool>,
    },
    /// A reward or, with a negative amount, a penalty.
    Reward {
        /// Whom.
        agent: String,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// Every resident gets money.
    Stimulus {
        /// How much each.
        amount: Money,
        /// Why.
        reason: String,
    },
    /// What goods are worth changes at once.
    PriceShock {
        /// Which; `None`: all.
        item: Option<Item>,
        /// To how many hundredths of what it was.
        percent: u32,
    },
}

/// When a run ends by itself; whatever comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// After this many ticks.
    pub after_ticks: Option<u64>,
    /// When sim time reaches this.
    pub at: Option<DateTime<Utc>>,
    /// When a metric passes a threshold.
    pub metric: Option<Threshold>,
}

/// A metric's threshold, looked at when the series are sampled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Threshold {
    /// Name of the metric.
    pub name: String,
    /// Stop at or above this.
    pub above: Option<f64>,
    /// Stop at or below this.
    pub below: Option<f64>,
}

/// What a run writes down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// Ticks between two samples of the series.
    pub every_ticks: u64,
    /// Names of metrics; see [`crate::metrics`].
    pub series: Vec<String>,
    /// Kinds of events; see [`crate::event::EVENT_KINDS`].
    pub events: Vec<String>,
    /// Ticks between two state hashes in the journal.
    pub hash_every_ticks: u64,
}
