//! Minds outside the tick: what the village asks of them, what they answer, and what others may see of them.
//!
//! A thought is asked at one tick and takes effect after another: in lockstep after exactly the tick that was named, live whenever it is ready.
//! The village keeps who was asked what; how a mind thinks it never knows.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::command::{Answer, Command};
use crate::economy::command::Usage;
use crate::ids::AgentId;
use crate::memory::{
    Later, MemoryPage, MemoryQuery, MemoryWrite, Revised, Revision, RevisionError,
};
use crate::money::Money;
use crate::task::{TaskEar, TaskTurn, TaskWork};
use crate::view::WorldView;

/// Most acts of one thought.
pub const ACTS_MAX: usize = 8;
/// Shortest and longest time from one thought to the next of somebody busy, in seconds of sim time.
pub const THINK_SECS_MIN: u32 = 6;
/// See [`THINK_SECS_MIN`].
pub const THINK_SECS_MAX: u32 = 86_400;

/// What one thought uses at most, where whoever thinks does not say.
pub const ESTIMATE: Usage = Usage {
    tokens_in: 46_000,
    tokens_cached: 0,
    tokens_out: 2_400,
    tool_ms: 0,
};

/// Why somebody is asked for a thought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wake {
    /// It is their first, or they have just woken up.
    #[default]
    Begin,
    /// The last one was a while ago.
    Time,
    /// Somebody spoke to them.
    Spoken,
    /// They stand about with nothing to do.
    Free,
}

/// What became of one act of a thought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActReport {
    /// Its word.
    pub act: String,
    /// Why it was refused, and what to do; `None`: it was done.
    pub refused: Option<String>,
}

/// A thought that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThoughtAsk {
    /// Its number among all thoughts of this world.
    pub thought: u64,
    /// Of whom.
    pub agent: AgentId,
    /// Their number.
    pub no: u32,
    /// What the answer must bear: an answer with an older one is refused.
    pub fence: u64,
    /// Tick at whose end the world is looked at.
    pub asked: u64,
    /// Tick after which it takes effect.
    pub due: u64,
    /// Why now.
    pub wake: Wake,
    /// What became of the acts of the thought before.
    pub last: Vec<ActReport>,
    /// Who pays for it.
    pub terms: ThoughtTerms,
}

/// Who pays for a thought, and what that entitles to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThoughtTerms {
    /// Nobody: thoughts cost nothing here.
    #[default]
    Free,
    /// Whoever thinks; what it may cost is reserved.
    Paid(ThoughtPermit),
    /// It can't be paid for. Nobody waits for an answer: they live by habit, and this is said so that it is seen.
    Unpaid {
        /// What is lacking.
        why: Unpaid,
        /// Why, and what to do, in words.
        text: String,
    },
}

/// What somebody who pays for a thought is entitled to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThoughtPermit {
    /// Their tier.
    pub tier: u8,
    /// The class of models they may use for it: what their template wants, or the next best that their tier allows.
    pub model: String,
    /// Their place in the queue: higher comes first.
    pub priority: u8,
    /// What is reserved.
    pub reserved: Money,
    /// What the class costs them.
    pub prices: ModelPrices,
}

/// Prices of a class of models, in aiDollars per million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelPrices {
    /// Of prompts.
    pub input: Money,
    /// Of prompts that a server had in its cache.
    pub cached: Money,
    /// Of answers.
    pub output: Money,
}

/// Why somebody can't pay for a thought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unpaid {
    /// Too little money is left.
    Funds,
    /// What a tier, or a cap of agent, owner or village, allows is used up.
    Quota,
}

impl Unpaid {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Funds => "funds",
            Self::Quota => "quota",
        }
    }
}

/// What a thought came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThoughtAnswer {
    /// Whose.
    pub agent: AgentId,
    /// See [`ThoughtAsk::fence`].
    pub fence: u64,
    /// What they do, in order; at most [`ACTS_MAX`]. Each is validated when it is done; one that is refused stops none of the others.
    pub acts: Vec<Act>,
    /// Whether that was all.
    pub end: ThoughtEnd,
    /// What the model said it used, in all; charged when the thought is over. Nothing used is nothing charged.
    #[serde(default)]
    pub usage: Usage,
}

/// How a thought ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThoughtEnd {
    /// It goes on; live pace only.
    Open,
    /// It is complete.
    Done,
    /// It came to nothing: no model answered, or a limit was reached. They live by habit until the next.
    Failed,
}

/// What concerns minds outside the tick.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MindsCommand {
    /// From now on residents with `mind = "llm"` are asked for thoughts. Those under way are void.
    Attach {
        /// Seconds of sim time from one thought to the next of somebody busy.
        think_secs: u32,
        /// What one thought uses at most: its price is reserved before. `None`: see [`ESTIMATE`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        estimate: Option<Usage>,
        /// Seconds by the stamp in which an answer may come, whatever the pace; `None`: ticks alone say when one is given up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_secs: Option<u32>,
    },
    /// From now on they live by habit.
    Detach,
    /// What a thought came to.
    Think(Box<ThoughtAnswer>),
}

/// Minds outside the tick, as plain data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MindsImage {
    /// Seconds of sim time between thoughts, while residents are asked for some.
    pub think_secs: Option<u32>,
    /// What one thought uses at most, where whoever thinks has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Usage>,
    /// Seconds by the stamp in which an answer may come, where whoever thinks has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_secs: Option<u32>,
    /// Thoughts asked so far: the next one's number.
    pub thoughts: u64,
    /// Thoughts that came to an end so far, whatever came of them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ended: u64,
    /// Tokens spent on those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tokens: u64,
    /// By agent number, everybody who was ever asked.
    pub minds: BTreeMap<u32, MindImage>,
}

/// Where nothing was counted, nothing is written.
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl MindsImage {
    /// Whether nobody was ever asked for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One mind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MindImage {
    /// The fence of the newest thought.
    pub fence: u64,
    /// The thought under way.
    pub open: Option<OpenThought>,
    /// Tick from which the next is asked in any case.
    pub next: u64,
    /// Tick from which the next is asked where there is a reason.
    pub soonest: u64,
    /// Tick of the last question.
    pub asked: u64,
    /// Tick until which they live by habit because a thought came to nothing.
    pub habit_until: u64,
    /// What became of the acts of the last thought.
    pub last: Vec<ActReport>,
    /// Why they are not asked, where that is for money: they live by habit until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpaid: Option<UnpaidImage>,
    /// How long they are not asked, so that what their tier allows lasts for the hour: they live by habit until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<RestImage>,
    /// Tick up to which they are not asked because a thought was broken off that would have taken effect then: it may still be under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_off: Option<u64>,
}

/// A rest between two thoughts, by the stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestImage {
    /// When whoever is spoken to may be asked, UTC milliseconds.
    pub spoken_ms: i64,
    /// When they are asked in any case, UTC milliseconds.
    pub until_ms: i64,
}

/// Until when somebody is not asked because a thought could not be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnpaidImage {
    /// Until they can spend so much.
    Funds {
        /// Micro-aiDollars.
        needs: i64,
    },
    /// Until the hour is over, or they are in another tier.
    Quota {
        /// When it is over, UTC milliseconds.
        until_ms: i64,
        /// The tier they were in.
        tier: u8,
    },
}

impl UnpaidImage {
    /// What is lacking.
    #[must_use]
    pub fn why(self) -> Unpaid {
        match self {
            Self::Funds { .. } => Unpaid::Funds,
            Self::Quota { .. } => Unpaid::Quota,
        }
    }
}

/// A thought under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenThought {
    /// Its number.
    pub thought: u64,
    /// Tick after which it takes effect.
    pub due: u64,
    /// Number of the reservation for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<u64>,
    /// Stamp after which nobody waits for its answer any more, UTC milliseconds; `None`: ticks alone say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_ms: Option<i64>,
}

/// Somebody whose commands reach the village: implemented by whoever runs it.
pub trait VillageHandle: Send + Sync {
    /// Gives a command to the village and waits for its answer; `None` when the village has stopped.
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>>;
}

/// Thoughts asked at the end of one tick, with the world as it is then.
#[derive(Clone, Debug)]
pub struct ThoughtBatch {
    /// In order of agent numbers.
    pub asks: Vec<ThoughtAsk>,
    /// What can be looked up.
    pub view: Arc<WorldView>,
}

/// All endpoints of models.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoolView {
    /// Each of them.
    pub endpoints: Vec<EndpointView>,
    /// Requests that wait for one.
    pub waiting: u64,
}

/// An endpoint of models.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EndpointView {
    /// Its address.
    pub base_url: String,
    /// The machine it runs on.
    pub node: Option<String>,
    /// Its models.
    pub models: Vec<String>,
    /// What it is asked for, as words: `chat`, `embedding` and so on.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// `well`, `resting` or `trying`: for all that it is asked for.
    pub state: String,
    /// How long it is still left alone, in milliseconds.
    pub rests_ms: Option<u64>,
    /// The same for vectors alone, for which it may rest while it talks well; `None`: it makes none.
    #[serde(default)]
    pub vectors_state: Option<String>,
    /// How long it is still not asked for vectors, in milliseconds.
    #[serde(default)]
    pub vectors_rests_ms: Option<u64>,
    /// Requests on their way.
    pub in_flight: u64,
    /// Requests that wait for it.
    pub queued: u64,
    /// Requests it is thought to bear at once.
    pub limit: u64,
    /// Requests sent so far.
    pub sent: u64,
    /// Answers so far.
    pub answered: u64,
    /// Failures so far, by kind.
    pub failed: BTreeMap<String, u64>,
    /// Requests it took from others' queues.
    pub stolen: u64,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Those of them that were cached.
    pub tokens_cached: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// Cost so far, in micro-dollars.
    pub cost_micros: i64,
    /// Mean wait in our queue, in milliseconds.
    pub queue_ms_mean: Option<f64>,
    /// Time of an answer lately, in milliseconds.
    pub latency_ms: Option<f64>,
    /// Tokens of one answer in a second, lately.
    pub tokens_per_sec: Option<f64>,
    /// The last thing that went wrong.
    pub last_error: Option<String>,
    /// Where the next four come from: `vllm`, which says so itself, or `self`: our own counting.
    #[serde(default)]
    pub measured_by: String,
    /// Requests that it works on now, ours and others'.
    #[serde(default)]
    pub running: u64,
    /// Requests that wait inside it; ours that wait here where it does not say.
    #[serde(default)]
    pub waiting: u64,
    /// Share of its cache of keys and values that is in use, 0 to 1, where it says so.
    #[serde(default)]
    pub cache_use: Option<f64>,
    /// Share of prompts' tokens that it found in its cache, 0 to 1.
    #[serde(default)]
    pub hit_share: Option<f64>,
}

/// One thought, looked back at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThoughtView {
    /// Its number.
    pub thought: u64,
    /// Whose.
    pub agent: AgentId,
    /// Tick it was asked at.
    pub asked: u64,
    /// Tick it takes effect after.
    pub due: u64,
    /// Why it was asked for.
    pub wake: Wake,
    /// How it ended, as a word.
    pub outcome: String,
    /// What was done and looked up on the way, as sentences.
    pub steps: Vec<String>,
    /// Words of the model beside its calls.
    pub words: String,
    /// Answers of the model.
    pub turns: u32,
    /// The model that gave the last answer.
    pub model: Option<String>,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Those of them that were cached.
    pub tokens_cached: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// What it cost, in micro-dollars.
    pub cost_micros: i64,
    /// What whoever thought it paid, in aiDollars; `None`: thoughts cost nothing here.
    pub charged: Option<Money>,
    /// Time it took, in milliseconds.
    pub took_ms: u64,
}

/// What thoughts cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// Whose, or of what: an agent's handle, a model, an endpoint, a day; `others` where there are too many.
    pub of: String,
    /// Thoughts for which a model was asked.
    pub thoughts: u64,
    /// Answers of models.
    pub answers: u64,
    /// Tokens of prompts.
    pub tokens_in: u64,
    /// Those of them that were cached.
    pub tokens_cached: u64,
    /// Tokens of answers.
    pub tokens_out: u64,
    /// Cost in micro-dollars.
    pub cost_micros: i64,
    /// Time of models, in milliseconds.
    pub took_ms: u64,
}

/// All that thoughts cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostsView {
    /// In all.
    pub total: CostLine,
    /// By agent, dearest first.
    pub agents: Vec<CostLine>,
    /// By model.
    pub models: Vec<CostLine>,
    /// By endpoint.
    pub endpoints: Vec<CostLine>,
    /// By day of sim time.
    pub days: Vec<CostLine>,
    /// Of all this, vectors of memories: `thoughts` is how often somebody wanted some.
    #[serde(default)]
    pub embedding: CostLine,
    /// Thoughts by how they ended.
    pub outcomes: BTreeMap<String, u64>,
    /// What may be spent, in micro-dollars; `None`: no limit.
    pub budget_micros: Option<i64>,
    /// What of that is used up, in micro-dollars at the dearest prices: earlier lives, and the runs this one goes on from, included.
    #[serde(default)]
    pub counted_micros: i64,
}

/// What may be seen of minds: implemented by whoever thinks, served by whoever serves.
pub trait MindsView: Send + Sync {
    /// How every endpoint is.
    fn pool(&self) -> PoolView;
    /// The newest thoughts of an agent, newest first.
    fn thoughts(&self, agent: AgentId, limit: usize) -> Vec<ThoughtView>;
    /// What an agent remembers.
    fn memories(&self, agent: AgentId, query: &MemoryQuery) -> MemoryPage;
    /// Works out what a revision of an agent's memory comes to at a tick; nothing has changed yet.
    fn revise(
        &self,
        agent: AgentId,
        tick: u64,
        revision: Revision,
    ) -> Later<'_, Result<Revised, RevisionError>>;
    /// What was kept of a revision counts from now on. False: meanwhile a summary took the place of something that should be gone; revise again.
    fn settle(&self, agent: AgentId, kept: &[MemoryWrite]) -> bool;
    /// What thoughts cost.
    fn costs(&self) -> CostsView;
    /// Has an agent work on what a person has written to it, and says what comes of it while it comes. It ends when what is given back ends or is dropped.
    fn task(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork;
}
