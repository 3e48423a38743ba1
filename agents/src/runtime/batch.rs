//! The questions of one tick: who may think is settled at once and in order, and what takes long is done aside.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hamlet_protocol::minds::{ThoughtAsk, ThoughtBatch, ThoughtTerms};
use tokio::time::Instant;

use super::vectors::{AWAITING_MAX, Payer, Wanted};
use super::{Inner, Minds, Scene, lock, take_in};
use crate::perception::perceive;
use crate::thought::{Effect, Outcome, question};

/// From so many questions on, their prompts are made where they hold nobody up.
const MANY: usize = 100;
/// In lockstep no clock ends a thought: the end of each request is the pool's to say.
const LOCKSTEP_WITHIN: Duration = Duration::from_secs(365 * 86_400);

impl Minds {
    /// Takes the questions of one tick. Their first requests go to the pool together.
    pub fn think(&self, mut batch: ThoughtBatch) {
        batch.asks.sort_by_key(|ask| ask.no);
        let inner = &self.0;
        // Here and now, tick by tick: who may think must not depend on who is quicker.
        if let Some(first) = batch.asks.first() {
            inner.lock().accounts.settle(first.asked);
        }
        batch.asks.retain(|ask| inner.may_think(ask));
        if batch.asks.is_empty() {
            return;
        }
        let deadline = Instant::now() + inner.thought_within();
        if !inner.recollection.takes_time() && batch.asks.len() < MANY {
            self.begin_all(batch, deadline, BTreeMap::new());
            return;
        }
        let (minds, asks) = (self.clone(), batch.asks.clone());
        inner.running.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            let beginning = minds.clone().begin_later(batch, deadline);
            if let Err(why) = tokio::spawn(beginning).await
                && why.is_panic()
            {
                tracing::error!("the beginning of thoughts panicked; please report this");
                for ask in asks {
                    minds.0.end_at_once(ask, Outcome::Unavailable);
                }
            }
            minds.0.running.fetch_sub(1, Ordering::Relaxed);
        });
    }

    async fn begin_later(self, batch: ThoughtBatch, deadline: Instant) {
        let many = batch.asks.len() >= MANY;
        // What they ask their memories is embedded first, all of it together.
        let meanings = match self.0.recollection.takes_time() {
            true => self.0.meanings(&batch, deadline, many).await,
            false => BTreeMap::new(),
        };
        aside(many, move || self.begin_all(batch, deadline, meanings)).await;
    }

    /// `meanings`: what each of them asks their memory, as a vector, where there is one.
    fn begin_all(
        &self,
        batch: ThoughtBatch,
        deadline: Instant,
        mut meanings: BTreeMap<u32, Vec<f32>>,
    ) {
        let inner = &self.0;
        let mut begun = Vec::with_capacity(batch.asks.len());
        let mut firsts = Vec::with_capacity(batch.asks.len());
        for ask in &batch.asks {
            let meaning = meanings.remove(&ask.no);
            let scene = inner.scene(&batch, ask);
            let Some((open, effect)) = inner.begin(scene, deadline, meaning) else {
                continue;
            };
            if let Effect::Ask(request) = effect {
                firsts.push(open.ask(request));
                begun.push(open);
            }
        }
        let comings = inner.pool.submit(firsts);
        for (open, coming) in begun.into_iter().zip(comings) {
            inner.spawn(open, coming);
        }
    }
}

impl Inner {
    /// Whether somebody may think now; if so, the most that it can cost is reserved.
    fn may_think(self: &Arc<Self>, ask: &ThoughtAsk) -> bool {
        if let ThoughtTerms::Unpaid { why, text } = &ask.terms {
            self.look_back_at_unpaid(ask, *why, text);
            return false;
        }
        let may = self.lock().accounts.may_begin(ask);
        if !may {
            self.end_at_once(ask.clone(), Outcome::Budget);
        }
        may
    }

    fn thought_within(&self) -> Duration {
        match self.lockstep {
            true => LOCKSTEP_WITHIN,
            false => Duration::from_secs(self.config.thought_secs_max),
        }
    }

    fn scene(&self, batch: &ThoughtBatch, ask: &ThoughtAsk) -> Scene {
        Scene {
            view: Arc::clone(&batch.view),
            scenario: Arc::clone(&self.scenario),
            ids: self.ids,
            ask: ask.clone(),
        }
    }

    /// What everybody of a tick asks their memory, as vectors; on the way, what they remember gets its own.
    async fn meanings(
        self: &Arc<Self>,
        batch: &ThoughtBatch,
        deadline: Instant,
        many: bool,
    ) -> BTreeMap<u32, Vec<f32>> {
        let (inner, of) = (Arc::clone(self), batch.clone());
        let (whose, wanted) = aside(many, move || inner.questions(&of)).await;
        let vectors = self.vectors(wanted, deadline).await;
        let mut questions = BTreeMap::new();
        for ((no, row), vector) in whose.into_iter().zip(vectors) {
            match (row, vector) {
                (Some(row), Some(vector)) => lock(&self.memory(no)).set_vector(row, vector),
                (None, Some(vector)) => {
                    questions.insert(no, vector);
                }
                (_, None) => {}
            }
        }
        questions
    }

    /// The texts that want vectors before a tick's thoughts begin: of whom, and of which of their rows; without one it is a question.
    fn questions(&self, batch: &ThoughtBatch) -> (Vec<(u32, Option<u64>)>, Wanted) {
        let mut wanted = Wanted::default();
        let mut whose = Vec::new();
        for ask in &batch.asks {
            let scene = self.scene(batch, ask);
            let memory = self.memory(ask.no);
            let awaiting = {
                let mut memory = lock(&memory);
                take_in(&scene, &mut memory);
                memory.awaiting()
            };
            let mut texts = Vec::new();
            for (row, text) in awaiting.into_iter().take(AWAITING_MAX) {
                whose.push((ask.no, Some(row)));
                texts.push(text);
            }
            if let Some(perceived) = perceive(&scene) {
                whose.push((ask.no, None));
                texts.push(question(&perceived));
            }
            wanted.add(Payer::of(&scene), texts);
        }
        (whose, wanted)
    }
}

/// Does what keeps a processor busy for a while, on a thread for such things where it is much.
async fn aside<T: Send + 'static>(much: bool, work: impl FnOnce() -> T + Send + 'static) -> T {
    if !much {
        return work();
    }
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(why) => match why.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The program ends, and with it whoever waits here.
            Err(_ended) => std::future::pending().await,
        },
    }
}
