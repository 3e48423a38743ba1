//! What work on a task costs, kept while it lasts.

use std::sync::Arc;

use hamlet_protocol::task::{TaskEnd, TaskTurn};
use tokio::time::Instant;

use super::Inner;
use super::accounts::{Spent, Whose};
use super::record::{Record, TaskRecord, What, text};
use crate::pool::{Answered, Bill};
use crate::scene::Scene;
use crate::task::TaskOutcome;

/// How work ended that whoever waited for it has broken off.
const BROKEN_OFF: &str = "broken_off";

/// What a task has cost so far, and what was said: booked and recorded when this is dropped, however the work ended.
pub(super) struct Tab {
    inner: Arc<Inner>,
    began: Instant,
    whose: Whose,
    spent: Spent,
    outcome: &'static str,
    of: TaskRecord,
    pub(super) record: Record,
    /// Where requests note what brought no answer, and what of that is booked.
    pub(super) bill: Bill,
    lost: Spent,
    /// What vectors took: it is booked where they came.
    vectors: Spent,
}

impl Tab {
    pub(super) fn open(inner: Arc<Inner>, scene: &Scene, turn: &TaskTurn) -> Self {
        Self {
            whose: Whose::of(scene),
            spent: Spent::default(),
            outcome: BROKEN_OFF,
            of: TaskRecord {
                task: text(&turn.title),
                person: turn.person.clone(),
                agent: turn.agent,
                asked: scene.ask.asked,
                end: TaskEnd::default(),
                took_ms: 0,
            },
            record: Record::new(!inner.recordings.is_closed()),
            bill: Bill::default(),
            lost: Spent::default(),
            vectors: Spent::default(),
            inner,
            began: Instant::now(),
        }
    }

    /// An answer has come.
    pub(super) fn add(&mut self, answered: &Answered) {
        self.spent.by = Some((answered.model.clone(), answered.endpoint.clone()));
        self.spent.usage += answered.answer.usage;
        self.spent.cost += answered.cost;
        self.spent.turns += 1;
    }

    /// Vectors were wanted for it.
    pub(super) fn add_vectors(&mut self, spent: &Spent) {
        self.vectors.usage += spent.usage;
        self.vectors.cost += spent.cost;
    }

    /// What it has cost so far, in micro-dollars, without tries that brought no answer.
    pub(super) fn so_far(&self) -> i64 {
        (self.spent.cost + self.vectors.cost).round() as i64
    }

    /// It has ended by itself; what it took, tries that brought no answer included.
    pub(super) fn close(&mut self, outcome: TaskOutcome) -> TaskEnd {
        self.outcome = outcome.as_str();
        self.book_lost();
        self.end()
    }

    fn book_lost(&mut self) {
        let lost = self.bill.take();
        if lost.is_empty() {
            return;
        }
        for one in &lost {
            self.lost.usage += one.usage;
            self.lost.cost += one.cost;
        }
        let counts = !self.inner.lockstep;
        let mut state = self.inner.lock();
        state.accounts.lost(&self.whose, &lost, counts);
    }

    fn end(&self) -> TaskEnd {
        let by = self.spent.by.as_ref();
        TaskEnd {
            outcome: self.outcome.to_owned(),
            turns: self.spent.turns,
            model: by.map(|(model, _)| model.clone()),
            tokens_in: self.spent.usage.input + self.lost.usage.input + self.vectors.usage.input,
            tokens_out: self.spent.usage.output + self.lost.usage.output,
            cost_micros: (self.spent.cost + self.lost.cost + self.vectors.cost).round() as i64,
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.book_lost();
        self.spent.took_ms = self.began.elapsed().as_millis() as u64;
        let what = What::Task(TaskRecord {
            end: self.end(),
            took_ms: self.spent.took_ms,
            ..self.of.clone()
        });
        let record = std::mem::take(&mut self.record);
        if let Some(recorded) = record.close(self.whose.agent.clone(), what) {
            self.inner.keep(recorded);
        }
        self.inner
            .lock()
            .accounts
            .task_ended(&self.whose, &self.spent);
    }
}
