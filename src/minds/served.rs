//! Minds of a village that is served.

use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use hamlet_agents::config::ModelsConfig;
use hamlet_agents::runtime::{Minds, Remembered, Setup};
use hamlet_api::state::App;
use hamlet_api::village::Shelf;
use hamlet_api::village::owners::tell_owners;
use hamlet_protocol::command::Command;
use hamlet_protocol::minds::{MindsCommand, ThoughtBatch};
use tokio::sync::mpsc;

use super::spending::{NOTE_EVERY, Spending};
use super::transcript::Place;
use super::{key_of, llm_residents, notice};
use crate::serve::Config;

/// Ticks whose questions may wait.
const BATCHES_MAX: usize = 256;
const BYTES_PER_MB: u64 = 1_000_000;
/// How often is looked for minds that were halted while a model is at work for them.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// The way of questions from the village to those who think.
pub(crate) struct Served {
    models: ModelsConfig,
    place: Place,
    /// Where the village puts them; `None`: nobody thinks.
    pub(crate) questions: Option<mpsc::Sender<ThoughtBatch>>,
    asked: Option<mpsc::Receiver<ThoughtBatch>>,
}

impl Served {
    pub(crate) fn of(config: &Config) -> Self {
        let models = &config.models;
        let (questions, asked) = if models.is_on() {
            let (to, from) = mpsc::channel(BATCHES_MAX);
            (Some(to), Some(from))
        } else {
            (None, None)
        };
        Self {
            models: models.clone(),
            place: Place {
                folder: config.village.data.clone(),
                bytes_max: u64::from(config.village.thoughts_mb_max) * BYTES_PER_MB,
            },
            questions,
            asked,
        }
    }

    /// Begins to think, or tells the village that nobody does any more.
    ///
    /// # Errors
    /// What is wrong with the settings; when the village does not take it in.
    pub(crate) async fn begin(self, app: &App, were_attached: bool) -> anyhow::Result<()> {
        if let Some(notice) = notice(&self.models, llm_residents(&app.scenario)) {
            tracing::info!("{notice}");
        }
        let broken_off = hamlet_api::tasks::recover(app).await;
        let broken_off = broken_off.map_err(|problem| {
            anyhow!(
                "task chats that were broken off cannot be looked after: {}",
                problem.detail
            )
        })?;
        if broken_off > 0 {
            tracing::warn!(
                broken_off,
                "agents were at work for people when the village ended; the chats say so"
            );
        }
        let Some(mut asked) = self.asked else {
            if were_attached {
                tell(app, MindsCommand::Detach).await?;
            }
            return Ok(());
        };
        let mut spending = Spending::read(app).await?;
        if spending.micros() > 0.0 {
            let dollars = spending.micros() / 1e6;
            tracing::info!(
                dollars,
                "models have cost so much in earlier lives; it counts against the budget"
            );
        }
        let setup = Setup {
            config: self.models.clone(),
            scenario: Arc::clone(&app.scenario),
            village: Arc::new(app.desk.clone()),
            lockstep: false,
            spent: spending.micros(),
        };
        let (minds, recordings) = Minds::start(setup, key_of)?;
        let shelf = Shelf::new(app.desk.clone(), app.store.clone());
        let remembered = minds.remember(Arc::new(shelf)).await?;
        if remembered.memories > 0 {
            let Remembered { agents, memories } = remembered;
            tracing::info!(agents, memories, "minds remember what was before");
        }
        if app.minds.set(Arc::new(minds.clone())).is_err() {
            return Err(anyhow!("minds were begun twice; please report this"));
        }
        if let Err(problem) = tell_owners(app).await {
            tracing::warn!(%problem, "the village does not know all owners: their caps hold from the next start on");
        }
        tell(app, self.models.attach(false)).await?;
        // Looked back at over the API, and written down.
        tokio::spawn(self.place.take(recordings));
        let (desk, published) = (app.desk.clone(), Arc::clone(&app.published));
        tokio::spawn(async move {
            let mut noting = tokio::time::interval(NOTE_EVERY);
            let mut looking = tokio::time::interval(LOOK_EVERY);
            loop {
                tokio::select! {
                    batch = asked.recv() => match batch {
                        Some(batch) => minds.think(batch),
                        None => return,
                    },
                    _ = looking.tick() => minds.heed(&published.view()),
                    _ = noting.tick() => spending.note(&desk, minds.counted()),
                }
            }
        });
        Ok(())
    }
}

async fn tell(app: &App, command: MindsCommand) -> anyhow::Result<()> {
    let command = Command::Minds(command);
    let told = app.desk.command(None, command, |_, _| {}).await;
    told.map_err(|problem| {
        anyhow!(
            "the village does not take in who thinks: {}",
            problem.detail
        )
    })?;
    Ok(())
}
