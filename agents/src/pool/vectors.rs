//! Vectors of texts: a request like all others, to any endpoint that has a model for them.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::faults::Failure;
use super::order::{Errand, Reply, Texts};
use super::{Inner, Pool, PoolError, State, cost};
use crate::config::Purpose;
use crate::memory::Embedder;
use crate::wire::{Usage, Vectors, Wire};

/// Vectors, where they come from and what they took.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedded {
    /// One for each text, in their order.
    pub vectors: Vec<Vec<f32>>,
    /// The model that made them.
    pub model: String,
    /// Address of its endpoint.
    pub endpoint: String,
    /// What they took.
    pub usage: Usage,
    /// What they cost, in micro-dollars.
    pub cost: f64,
}

impl Pool {
    /// Who makes vectors of memories: the model of the endpoints, or of the cassette that is played.
    #[must_use]
    pub fn embedder(&self) -> &Embedder {
        &self.0.embedder
    }

    /// Vectors of texts, from any endpoint that has a model for them and is well.
    ///
    /// # Errors
    /// [`PoolError`]; [`PoolError::Silent`] at once while every endpoint that has one is left alone, except in lockstep, where that is waited for.
    pub async fn embed(
        &self,
        texts: Vec<String>,
        deadline: Instant,
    ) -> Result<Embedded, PoolError> {
        let Embedder::Model(model) = &self.0.embedder else {
            return Err(PoolError::Nobody);
        };
        if let Some(cassette) = self.0.player() {
            return cassette.play_vectors(model, &texts);
        }
        let texts = Arc::new(Texts { texts, deadline });
        let (reply, coming) = oneshot::channel();
        let order = (Errand::Vectors(Arc::clone(&texts)), Reply::Vectors(reply));
        self.0.take_in(vec![order]);
        let came = match timeout_at(deadline, coming).await {
            Ok(Ok(came)) => came,
            Ok(Err(_)) | Err(_) => Err(PoolError::Late),
        };
        if let Some(cassette) = self.0.recorder() {
            // Also that none came: whoever plays it finds by words what was found by words.
            cassette
                .record_vectors(model, &texts.texts, came.as_ref().ok())
                .await;
        }
        came
    }
}

impl Inner {
    /// One try.
    pub(super) async fn ask_vectors(self: &Arc<Self>, at: usize, id: u64, texts: Arc<Texts>) {
        let (config, wire): &(_, Wire) = &self.endpoints[at];
        let model = config.model_for(Purpose::Embedding).unwrap_or_default();
        let began = Instant::now();
        let left = texts.deadline.saturating_duration_since(began);
        let within = self.patience.try_within(left);
        let came = wire.embed(model, &texts.texts, within).await;
        let took = began.elapsed();
        let mut state = self.lock();
        state.scheduler.landed(at);
        match came {
            Ok(Vectors { vectors, mut usage }) => {
                if !usage.reported {
                    usage.input = reckon(&texts.texts);
                }
                let cost = cost(&config.price, usage);
                // How long many texts take says nothing about how many chats it bears.
                state.scheduler.lanes[at].gave_vectors();
                state.counters[at].answered(usage, cost, took);
                let embedded = Embedded {
                    vectors,
                    model: model.to_owned(),
                    endpoint: config.base_url.clone(),
                    usage,
                    cost,
                };
                state.give(id, embedded);
            }
            Err(fault) => {
                let failure = Failure {
                    at,
                    id,
                    purpose: Purpose::Embedding,
                    fault,
                    heard: false,
                };
                self.went_wrong(&mut state, failure);
            }
        }
        self.send_all(&mut state);
    }
}

impl State {
    fn give(&mut self, id: u64, embedded: Embedded) {
        if let Some(pending) = self.pending.remove(&id)
            && let Reply::Vectors(reply) = pending.reply
        {
            // Whoever asked may have gone.
            drop(reply.send(Ok(embedded)));
        }
    }
}

/// Tokens of texts where the server does not say: four bytes each.
fn reckon(texts: &[String]) -> u64 {
    let tokens = texts.iter().map(|text| text.len().div_ceil(4) as u64);
    tokens.sum()
}
