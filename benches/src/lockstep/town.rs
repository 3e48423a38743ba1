//! A village whose residents all think, run in lockstep by one of two rules.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use hamlet_agents::runtime::{Minds, Recordings, Setup, What};
use hamlet_protocol::command::{Answer, Command, StampedCommand};
use hamlet_protocol::minds::{
    MindsCommand, ThoughtAsk, ThoughtBatch, ThoughtTerms, ThoughtView, VillageHandle,
};
use hamlet_sim::bridge::{self, BridgeOptions, Control, Envelope, InboxError, Pace, SimHandle};
use hamlet_sim::scenario::Loaded;
use hamlet_sim::{Village, VillageOptions};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::Plan;
use crate::crowd::shipped;
use crate::mocks;

/// Servers of models.
const ENDPOINTS: usize = 4;
/// Requests in flight at each: as many in all as ever think at once.
const IN_FLIGHT: u32 = 512;
/// Wait before a full inbox is tried again.
const FULL_WAIT: Duration = Duration::from_millis(2);
/// Longest time that the thoughts of one tick may take, and those under way at the end.
const PATIENCE: Duration = Duration::from_secs(600);

/// When time waits for thoughts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Where they are due.
    ThinkTicks,
    /// After the tick in which they were asked, for all of them.
    Barrier,
}

/// What came of a run.
pub(super) struct Ran {
    /// From the first tick's beginning to the last one's end.
    pub(super) secs: f64,
    pub(super) hash: String,
    /// Thoughts that were asked for.
    pub(super) asked: u64,
    /// Those that ended, the ones that the end of the run cut off among them.
    pub(super) thoughts: Vec<ThoughtView>,
}

/// Runs a village with servers of its own.
pub(super) fn run(runtime: &Runtime, plan: Plan, rule: Rule) -> Result<Ran> {
    let servers = runtime.block_on(mocks::start(ENDPOINTS, &plan.servers()))?;
    let models = mocks::models(&servers, IN_FLIGHT);
    let mut village = found(plan)?;
    let attach = StampedCommand {
        stamp_ms: village.stamp_ms(),
        command: Command::Minds(models.attach(true)),
    };
    village.apply(&attach).context("minds are not taken")?;
    let scenario = Arc::clone(village.scenario());
    let options = BridgeOptions {
        // Until everything else is there.
        pace: Pace::Paused,
        // The barrier must hear of every tick.
        views: rule == Rule::Barrier,
        lockstep: true,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = bridge::spawn(village, options)?;
    let answered = Arc::new(Answered::default());
    let setup = Setup {
        config: models,
        scenario,
        village: Arc::new(Counted {
            village: handle.clone(),
            answered: Arc::clone(&answered),
        }),
        lockstep: true,
        spent: 0.0,
    };
    let inside = runtime.enter();
    let (minds, mut recordings) = Minds::start(setup, |_| None)?;
    let (mut asked, mut secs, mut thoughts) = (0, None, Vec::new());
    let began = Instant::now();
    steer(
        &handle,
        match rule {
            Rule::ThinkTicks => Control::Pace(Pace::Fast),
            Rule::Barrier => Control::Steps(1),
        },
    )?;
    for emission in emissions {
        let is_over = emission.tick >= plan.ticks;
        if is_over && secs.is_none() {
            secs = Some(began.elapsed().as_secs_f64());
        }
        for reply in emission.replies {
            reply.release();
        }
        asked += answerable(&emission.asks);
        if let Some(view) = emission.view.filter(|_| !emission.asks.is_empty()) {
            let asks = emission.asks;
            minds.think(ThoughtBatch { asks, view });
        }
        note(&mut recordings, &mut thoughts);
        if rule == Rule::Barrier && emission.ticked && !is_over {
            answered.wait_for(asked)?;
            steer(&handle, Control::Steps(1))?;
        }
    }
    let outcome = thread
        .join()
        .map_err(|_panic| anyhow!("the village panicked"))?;
    runtime.block_on(minds.settled(PATIENCE));
    note(&mut recordings, &mut thoughts);
    drop((minds, inside));
    Ok(Ran {
        secs: secs.context("the village never came to its last tick")?,
        hash: outcome.village.state_hash().to_string(),
        asked,
        thoughts,
    })
}

fn steer(village: &SimHandle, control: Control) -> Result<()> {
    let steered = village.control(control);
    steered.map_err(|_stopped| anyhow!("the village has stopped"))
}

fn found(plan: Plan) -> Result<Village> {
    let Plan {
        residents,
        ticks,
        seed,
        ..
    } = plan;
    let homes = (residents * 9 / 10).max(50);
    let side = (f64::from(homes) * 105.0).sqrt().ceil().max(128.0);
    let loaded: Loaded = shipped(
        "crowd",
        vec![
            format!(
                "map={{ generate = \"town\", width = {side}, height = {side}, homes = {homes}, seed = 1 }}"
            ),
            format!("seed={seed}"),
            format!("population.0.count={residents}"),
            "population.0.mind=\"llm\"".to_owned(),
            // Nobody sleeps.
            "time.start=\"2026-02-01T10:00:00Z\"".to_owned(),
            format!("stop.after_ticks={ticks}"),
        ],
    )?;
    let options = VillageOptions {
        views: true,
        thoughts: true,
        ..VillageOptions::default()
    };
    Village::found(loaded.scenario, loaded.map, options).context("founding a village")
}

/// Questions that are answered: who cannot pay for a thought is asked in vain.
fn answerable(asks: &[ThoughtAsk]) -> u64 {
    let unpaid = |ask: &&ThoughtAsk| matches!(ask.terms, ThoughtTerms::Unpaid { .. });
    (asks.len() - asks.iter().filter(unpaid).count()) as u64
}

/// Takes in what was recorded of thoughts that have ended.
fn note(recordings: &mut Recordings, thoughts: &mut Vec<ThoughtView>) {
    while let Ok(recorded) = recordings.try_recv() {
        if let What::Thought(thought) = recorded.what {
            thoughts.push(thought);
        }
    }
}

/// Answers that minds have given.
#[derive(Default)]
struct Answered {
    count: Mutex<u64>,
    more: Condvar,
}

impl Answered {
    fn lock(&self) -> MutexGuard<'_, u64> {
        // It is a number, whoever panicked.
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self) {
        *self.lock() += 1;
        self.more.notify_all();
    }

    /// Waits until there are so many.
    fn wait_for(&self, asked: u64) -> Result<()> {
        let waited = self
            .more
            .wait_timeout_while(self.lock(), PATIENCE, |count| *count < asked);
        let (count, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        ensure!(
            !timeout.timed_out(),
            "{} thoughts of {asked} have been answered, and no more come",
            *count
        );
        Ok(())
    }
}

/// Reaches the village, and counts thoughts once their answers are on their way to it.
struct Counted {
    village: SimHandle,
    answered: Arc<Answered>,
}

impl VillageHandle for Counted {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        Box::pin(async move {
            let is_thought = matches!(command, Command::Minds(MindsCommand::Think(_)));
            let (sender, answer) = oneshot::channel();
            let mut envelope = Envelope {
                command,
                stamp_ms: None,
                side: None,
                // Whoever asked may have gone.
                reply: Box::new(move |answer| drop(sender.send(answer))),
            };
            while let Err(InboxError::Full(back)) = self.village.try_send(envelope) {
                envelope = *back;
                tokio::time::sleep(FULL_WAIT).await;
            }
            if is_thought {
                self.answered.add();
            }
            // The village may have stopped: then nobody answers.
            answer.await.ok()
        })
    }
}
