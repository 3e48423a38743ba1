//! Work on tasks keeps to the village's brakes: while time stands still, or its agent is halted, cut off or set apart, none begins, and what is under way is broken off.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::MindsView;
use hamlet_protocol::task::{TaskEar, TaskEnd, TaskKind, TaskSaid, TaskTurn, TaskWork};
use hamlet_sim::bridge::Pace;
use hamlet_store::AgentStatus;
use tokio::time::sleep;

use super::ear::Ear;
use crate::state::App;

/// How often brakes are looked at while somebody works.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How work that was broken off ended, as a word.
const OUTCOME: &str = "stopped";

/// Work on a task that keeps to the brakes. What was said before they were pulled is heard before the word on them.
pub(super) fn braked(app: App, minds: Arc<dyn MindsView>, turn: TaskTurn, ear: Ear) -> TaskWork {
    let (agent, spent) = (turn.agent, ear.cost());
    let ear: Arc<dyn TaskEar> = Arc::new(ear);
    Box::pin(async move {
        let work = async { minds.task(turn, Arc::clone(&ear)).await };
        tokio::select! {
            // Brakes first: nothing begins while they are on.
            biased;
            // Dropping the work breaks off what its model is saying; what was said has its price.
            why = pulled(&app, agent) => broken_off(&*ear, why, spent.load(Ordering::Relaxed)),
            end = work => end,
        }
    })
}

/// Waits until something keeps an agent from working.
async fn pulled(app: &App, agent: AgentId) -> &'static str {
    loop {
        if let Some(why) = on(app, agent) {
            return why;
        }
        sleep(LOOK_EVERY).await;
    }
}

/// What keeps an agent from working now.
fn on(app: &App, agent: AgentId) -> Option<&'static str> {
    if app.renderings.pace.get().now == Pace::Paused {
        return Some("The village stands still, and nobody works in it.");
    }
    let record = app.published.directory().agent(agent).cloned();
    if record.is_some_and(|record| record.status != AgentStatus::Active) {
        return Some("I am cut off by those who keep order.");
    }
    let view = app.published.view();
    let no = app
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

fn broken_off(ear: &dyn TaskEar, why: &str, cost_micros: i64) -> TaskEnd {
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
        cost_micros,
        ..TaskEnd::default()
    }
}
