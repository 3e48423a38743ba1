//! Minds of a headless run.

use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hamlet_agents::config::ModelsConfig;
use hamlet_agents::runtime::{Estimate, Lines, Minds, Recordings, Setup};
use hamlet_protocol::command::{Answer, Command};
use hamlet_protocol::minds::{CostsView, MindsView, PoolView, ThoughtBatch, VillageHandle};
use hamlet_protocol::scenario::Scenario;
use hamlet_sim::bridge::{Emission, Envelope, InboxError, SimHandle};
use tokio::sync::oneshot;

use super::key_of;
use super::memories::{Earlier, Glance, Memories, forgotten};
use crate::outputs::OutputFolder;

/// Wait before a full inbox is tried again.
const FULL_WAIT: Duration = Duration::from_millis(2);
/// Time that thoughts under way get when the run is over.
const END_WAIT: Duration = Duration::from_secs(2);

/// Minds, and the threads they think on.
pub(crate) struct Headless {
    minds: Minds,
    recordings: Recordings,
    lines: Lines,
    memories: Option<Memories>,
    /// What was odd about what they remember.
    warning: Option<String>,
    runtime: tokio::runtime::Runtime,
}

impl Headless {
    /// Minds for a village that runs. `spent` micro-dollars of the runs before count against the budget.
    ///
    /// # Errors
    /// What is wrong with the settings; when the system gives no threads.
    pub(crate) fn start(
        models: &ModelsConfig,
        scenario: &Arc<Scenario>,
        village: SimHandle,
        lockstep: bool,
        folder: Option<&OutputFolder>,
        earlier: Option<&Earlier<'_>>,
        spent: f64,
    ) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("the system gives no threads")?;
        let setup = Setup {
            config: models.clone(),
            scenario: Arc::clone(scenario),
            village: Arc::new(Handle(village)),
            lockstep,
            spent,
        };
        let inside = runtime.enter();
        let (minds, mut recordings) = Minds::start(setup, key_of)?;
        drop(inside);
        let (memories, warning) = match folder {
            Some(folder) => {
                let (memories, warning) = runtime.block_on(Memories::begin(folder, earlier))?;
                let file = Arc::clone(&memories.file);
                runtime.block_on(minds.remember(file))?;
                (Some(memories), warning)
            }
            None => {
                // Nobody writes them.
                recordings.close();
                (None, runtime.block_on(recollect(&minds, earlier))?)
            }
        };
        Ok(Self {
            minds,
            recordings,
            lines: Lines::default(),
            memories,
            warning,
            runtime,
        })
    }

    /// Hands the questions of a tick on.
    pub(crate) fn think(&self, emission: &mut Emission) {
        let asks = std::mem::take(&mut emission.asks);
        if let Some(view) = emission.view.clone().filter(|_| !asks.is_empty()) {
            let _inside = self.runtime.enter();
            self.minds.think(ThoughtBatch { asks, view });
        }
    }

    /// Writes down what has been thought since, one line of JSON each, and once what somebody's thoughts begin with.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn write(&mut self, out: &mut impl Write) -> std::io::Result<()> {
        while let Ok(recorded) = self.recordings.try_recv() {
            self.lines.write(&recorded, out)?;
        }
        Ok(())
    }

    /// What is worth a warning before the run begins.
    pub(crate) fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// Answers that the cassette that is played did not have.
    pub(crate) fn missing(&self) -> u64 {
        self.minds.missing()
    }

    /// Lets thoughts that have an answer end, and says what all of it cost. What they remember is on the disk then.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn end(&mut self) -> anyhow::Result<(CostsView, PoolView)> {
        self.runtime.block_on(self.minds.settled(END_WAIT));
        if let Some(memories) = self.memories.take() {
            self.runtime.block_on(memories.end())?;
        }
        Ok((self.minds.costs(), self.minds.pool()))
    }
}

/// Nobody keeps anything, but what was before is remembered all the same. Gives back what is worth a warning.
async fn recollect(minds: &Minds, earlier: Option<&Earlier<'_>>) -> anyhow::Result<Option<String>> {
    let Some(earlier) = earlier.filter(|earlier| earlier.has_thought) else {
        return Ok(None);
    };
    match Glance::of(earlier).await? {
        Some(glance) => {
            minds.remember(Arc::new(glance)).await?;
            Ok(None)
        }
        None => Ok(Some(forgotten(earlier))),
    }
}

/// What a run may cost, as a line, and what may be spent; `spent` micro-dollars of it are gone.
pub(crate) fn estimate(models: &ModelsConfig, residents: u64, sim_secs: f64, spent: f64) -> String {
    let estimate = Estimate::of(models, residents, sim_secs);
    let priced = models
        .endpoints
        .iter()
        .any(|endpoint| endpoint.price.input > 0.0 || endpoint.price.output > 0.0);
    let cost = if priced {
        format!(", about {:.2} dollars", estimate.dollars)
    } else {
        String::new()
    };
    let budget = if models.budget > 0.0 {
        let before = match spent > 0.0 {
            true => format!(", of which {:.4} were spent before", spent / 1e6),
            false => String::new(),
        };
        format!("; the budget is {:.2} dollars{before}", models.budget)
    } else {
        String::new()
    };
    format!(
        "estimate: about {:.0} thoughts, {:.1} million tokens{cost}{budget}",
        estimate.thoughts,
        estimate.tokens / 1e6
    )
}

/// Reaches a headless village.
struct Handle(SimHandle);

impl VillageHandle for Handle {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        Box::pin(async move {
            let (sender, answer) = oneshot::channel();
            let mut envelope = Envelope {
                command,
                stamp_ms: None,
                side: None,
                reply: Box::new(move |answer| {
                    // Whoever asked may have been given up.
                    drop(sender.send(answer));
                }),
            };
            loop {
                match self.0.try_send(envelope) {
                    Ok(()) => break,
                    Err(InboxError::Full(back)) => {
                        envelope = *back;
                        tokio::time::sleep(FULL_WAIT).await;
                    }
                    Err(InboxError::Stopped) => return None,
                }
            }
            answer.await.ok()
        })
    }
}

/// The settings of a run's models.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn models(args: &crate::cli::RunArgs) -> anyhow::Result<ModelsConfig> {
    let models = |set: &&String| set.trim_start().starts_with("models.");
    let set = args.set.iter().filter(models).cloned().collect();
    let sources = crate::serve::ConfigSources {
        file: args.config.clone(),
        set,
        minds: args.minds.clone(),
        ..crate::serve::ConfigSources::default()
    };
    Ok(crate::serve::Config::read(&sources)?.models)
}
