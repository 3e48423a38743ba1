//! Work on tasks keeps to the village's brakes: while time stands still, or its agent is halted, cut off or set apart, none begins, and what is under way is broken off.

use std::sync::Arc;
use std::time::Duration;

use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::memory::{
    Later, MemoryPage, MemoryQuery, MemoryWrite, Revised, Revision, RevisionError,
};
use hamlet_protocol::minds::{CostsView, MindsView, PoolView, ThoughtView};
use hamlet_protocol::task::{TaskEar, TaskEnd, TaskKind, TaskSaid, TaskTurn, TaskWork};
use hamlet_sim::bridge::Pace;
use hamlet_store::AgentStatus;
use tokio::time::interval;

use crate::render::pace::PaceNow;
use crate::state::App;
use crate::village::Published;

/// How often brakes are looked at while somebody works.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How work that was broken off ended, as a word.
const OUTCOME: &str = "stopped";

/// The same minds, whose work on tasks keeps to a village's brakes.
#[must_use]
pub fn braked(app: &App, minds: Arc<dyn MindsView>) -> Arc<dyn MindsView> {
    let brakes = Brakes {
        published: Arc::clone(&app.published),
        pace: Arc::clone(&app.renderings.pace),
        ids: app.ids,
    };
    Arc::new(Braked { minds, brakes })
}

/// Where it stands whether somebody may work.
#[derive(Clone)]
struct Brakes {
    published: Arc<Published>,
    pace: Arc<PaceNow>,
    ids: IdCodec,
}

impl Brakes {
    /// What keeps an agent from working now.
    fn on(&self, agent: AgentId) -> Option<&'static str> {
        if self.pace.get().now == Pace::Paused {
            return Some("The village stands still, and nobody works in it.");
        }
        let record = self.published.directory().agent(agent).cloned();
        if record.is_some_and(|record| record.status != AgentStatus::Active) {
            return Some("I am cut off by those who keep order.");
        }
        let view = self.published.view();
        let no = self
            .ids
            .number(agent)
            .and_then(|no| usize::try_from(no).ok());
        let found = no.and_then(|no| view.agents.get(no)?.as_ref());
        match found {
            Some(found) if found.halted => Some("My mind is halted."),
            Some(found) if found.quarantined => Some("I am set apart by those who keep order."),
            _ => None,
        }
    }

    /// Waits until something keeps an agent from working.
    async fn pulled(&self, agent: AgentId) -> &'static str {
        let mut looks = interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            if let Some(why) = self.on(agent) {
                return why;
            }
        }
    }
}

/// Minds whose work on tasks keeps to the brakes.
struct Braked {
    minds: Arc<dyn MindsView>,
    brakes: Brakes,
}

impl MindsView for Braked {
    fn pool(&self) -> PoolView {
        self.minds.pool()
    }

    fn thoughts(&self, agent: AgentId, limit: usize) -> Vec<ThoughtView> {
        self.minds.thoughts(agent, limit)
    }

    fn memories(&self, agent: AgentId, query: &MemoryQuery) -> MemoryPage {
        self.minds.memories(agent, query)
    }

    fn revise(
        &self,
        agent: AgentId,
        tick: u64,
        revision: Revision,
    ) -> Later<'_, Result<Revised, RevisionError>> {
        self.minds.revise(agent, tick, revision)
    }

    fn settle(&self, agent: AgentId, kept: &[MemoryWrite]) -> bool {
        self.minds.settle(agent, kept)
    }

    fn costs(&self) -> CostsView {
        self.minds.costs()
    }

    fn task(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork {
        let (agent, brakes) = (turn.agent, self.brakes.clone());
        if let Some(why) = brakes.on(agent) {
            return Box::pin(async move { broken_off(&*ear, why) });
        }
        let work = self.minds.task(turn, Arc::clone(&ear));
        Box::pin(async move {
            tokio::select! {
                biased;
                // Dropping the work breaks off what its model is saying.
                why = brakes.pulled(agent) => broken_off(&*ear, why),
                end = work => end,
            }
        })
    }
}

fn broken_off(ear: &dyn TaskEar, why: &str) -> TaskEnd {
    ear.said(TaskSaid {
        kind: TaskKind::Failure,
        text: format!(
            "{why} What was delivered before stands; write again later to have it gone on with."
        ),
        files: Vec::new(),
        sources: Vec::new(),
        left_out: 0,
    });
    TaskEnd {
        outcome: OUTCOME.to_owned(),
        ..TaskEnd::default()
    }
}
