//! Thoughts that the village wants no longer are broken off where that saves something: while a model is at work on them.
//!
//! Live, the answer of a mind that was halted, or has left, is refused when it comes. Until then a model would write on for nothing, and its owner
//! would pay for it. So whoever runs the village shows from time to time how the world is, and such thoughts end at once: the request is withdrawn,
//! and what was sent is booked as that of every try that broke off.
//!
//! In lockstep they come to their end. What a thought costs decides who may think next, it is recorded, and a cassette must hold its answer: how far a
//! model had come when it was cut off would hang on its speed. The village discards what comes of it in the tick in which it would have taken effect.

use std::collections::BTreeMap;

use hamlet_protocol::minds::ThoughtAsk;
use hamlet_protocol::view::WorldView;
use tokio::sync::oneshot;

use super::Minds;

/// Thoughts under way, by their numbers.
#[derive(Debug, Default)]
pub(super) struct UnderWay(BTreeMap<u64, Thinking>);

#[derive(Debug)]
struct Thinking {
    no: u32,
    asked: u64,
    lever: oneshot::Sender<()>,
}

/// What a thought is broken off by.
#[derive(Debug)]
pub(super) struct Brake(oneshot::Receiver<()>);

impl UnderWay {
    /// Somebody begins to think.
    pub(super) fn begin(&mut self, ask: &ThoughtAsk) -> Brake {
        let (lever, brake) = oneshot::channel();
        let thinking = Thinking {
            no: ask.no,
            asked: ask.asked,
            lever,
        };
        self.0.insert(ask.thought, thinking);
        Brake(brake)
    }

    /// A thought is over.
    pub(super) fn ended(&mut self, thought: u64) {
        self.0.remove(&thought);
    }

    /// Breaks off what is thought for those who are halted in this view, or no longer in it.
    fn heed(&mut self, view: &WorldView) {
        let all = self.0.iter();
        let in_vain: Vec<u64> = all
            .filter(|(_, it)| view.tick >= it.asked && is_in_vain(view, it.no))
            .map(|(&thought, _)| thought)
            .collect();
        for thought in in_vain {
            if let Some(thinking) = self.0.remove(&thought) {
                // It may have ended just now.
                thinking.lever.send(()).ok();
            }
        }
    }
}

fn is_in_vain(view: &WorldView, no: u32) -> bool {
    match view.agents.get(no as usize) {
        Some(Some(agent)) => agent.halted,
        Some(None) => true,
        None => false,
    }
}

impl Brake {
    /// Ready once the thought is to be broken off.
    pub(super) async fn pulled(self) {
        if self.0.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Minds {
    /// Breaks off what is being thought for those who are halted, or have left, as this view of the village shows it.
    /// In lockstep nothing is broken off: who may think must not depend on how far a model had come.
    pub fn heed(&self, view: &WorldView) {
        if !self.0.lockstep {
            self.0.lock().under_way.heed(view);
        }
    }
}
