//! Vectors of what is remembered and asked, from the pool's model; and who pays for them.

use std::collections::BTreeMap;
use std::time::Duration;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::scenario::Scenario;
use tokio::time::Instant;

use super::accounts::{Spent, Whose};
use super::{Inner, Scene};
use crate::memory;
use crate::pool::Embedded;
use crate::skills::RECALL;
use crate::wire::{ToolCall, Usage};

/// Texts of one request for vectors.
const TEXTS_MAX: usize = 96;
/// Characters of a text that is embedded.
const TEXT_CHARS_MAX: usize = 2_000;
/// Longest wait for vectors, live; without them words alone decide.
const EMBED_WITHIN: Duration = Duration::from_secs(10);
/// What is for no thought has this number; no thought has it.
pub(super) const NO_THOUGHT: u64 = u64::MAX;
/// Texts of one agent that get their vectors before one thought; the rest do before the next ones.
pub(super) const AWAITING_MAX: usize = 64;

/// Characters of all texts that one thought can want vectors of.
pub(super) fn texts_max(turns_max: u32) -> u64 {
    // What it remembers, what it asks its memory at the beginning, and what it recalls on the way.
    let remembered = AWAITING_MAX * memory::TEXT_CHARS_MAX;
    let recalls = (turns_max as usize).saturating_mul(TEXT_CHARS_MAX);
    (remembered + TEXT_CHARS_MAX).saturating_add(recalls) as u64
}

/// Whose vectors they are.
#[derive(Clone, Debug)]
pub(super) struct Payer {
    /// The thought they are for.
    thought: u64,
    whose: Whose,
}

impl Payer {
    pub(super) fn of(scene: &Scene) -> Self {
        Self {
            thought: scene.ask.thought,
            whose: Whose::of(scene),
        }
    }

    /// Somebody whose memories are embedded anew when the program starts.
    pub(super) fn at_start(agent: AgentId, scenario: &Scenario) -> Self {
        let day = scenario.time.at(0).datetime();
        Self {
            thought: NO_THOUGHT,
            whose: Whose {
                agent: agent.to_string(),
                day: day.format("%Y-%m-%d").to_string(),
            },
        }
    }
}

/// Texts that want vectors, each with the place of who pays for it.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    payers: Vec<Payer>,
    texts: Vec<(usize, String)>,
}

impl Wanted {
    /// Texts of somebody.
    pub(super) fn add(&mut self, payer: Payer, texts: impl IntoIterator<Item = String>) {
        let at = self.payers.len();
        self.payers.push(payer);
        self.texts.extend(texts.into_iter().map(|text| (at, text)));
    }
}

impl Inner {
    /// What a call asks memory, as a vector, where the pool's model is used.
    pub(super) async fn meaning_of(
        &self,
        call: &ToolCall,
        scene: &Scene,
        deadline: Instant,
    ) -> Option<Vec<f32>> {
        let about = self.asks_memory(call)?;
        let mut wanted = Wanted::default();
        wanted.add(Payer::of(scene), [about]);
        self.vectors(wanted, deadline).await.pop().flatten()
    }

    /// What calls of a task ask memory, by their arguments, and what that took.
    pub(super) async fn meanings_of(
        &self,
        calls: &[ToolCall],
        scene: &Scene,
        deadline: Instant,
    ) -> (BTreeMap<String, Vec<f32>>, Spent) {
        let asked = calls
            .iter()
            .filter_map(|call| Some((call.arguments.clone(), self.asks_memory(call)?)));
        let (arguments, texts): (Vec<String>, Vec<String>) = asked.unzip();
        let mut wanted = Wanted::default();
        wanted.add(Payer::of(scene), texts);
        let (vectors, spent) = self.vectors_at_a_price(wanted, deadline).await;
        let meanings = arguments.into_iter().zip(vectors);
        let meanings = meanings.filter_map(|(arguments, vector)| Some((arguments, vector?)));
        (meanings.collect(), spent)
    }

    /// The words of a call that want a vector before it is run.
    fn asks_memory(&self, call: &ToolCall) -> Option<String> {
        if !self.recollection.takes_time() || call.name != RECALL {
            return None;
        }
        let args: serde_json::Value = serde_json::from_str(&call.arguments).ok()?;
        Some(args.get("about")?.as_str()?.to_owned())
    }

    /// Vectors of texts, in order; none for those that did not come.
    pub(super) async fn vectors(&self, wanted: Wanted, deadline: Instant) -> Vec<Option<Vec<f32>>> {
        self.vectors_at_a_price(wanted, deadline).await.0
    }

    /// The same, and what they took in all, which is booked already.
    pub(super) async fn vectors_at_a_price(
        &self,
        mut wanted: Wanted,
        deadline: Instant,
    ) -> (Vec<Option<Vec<f32>>>, Spent) {
        for (_, text) in &mut wanted.texts {
            if let Some((end, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
                text.truncate(end);
            }
        }
        let mut all = Vec::with_capacity(wanted.texts.len());
        let mut spent = Spent::default();
        for some in wanted.texts.chunks(TEXTS_MAX) {
            let deadline = match self.lockstep {
                // Whether they come must not depend on how quickly.
                true => deadline,
                false => deadline.min(Instant::now() + EMBED_WITHIN),
            };
            let began = Instant::now();
            let texts = some.iter().map(|(_, text)| text.clone()).collect();
            let vectors = match self.pool.embed(texts, deadline).await {
                Ok(embedded) => {
                    self.book(&wanted.payers, some, &embedded, began.elapsed());
                    spent.usage.input += embedded.usage.input;
                    spent.cost += embedded.cost;
                    embedded.vectors
                }
                Err(why) => {
                    self.recollection.say(&format!(
                        "no vectors of memories come ({why}): they are found by their words alone"
                    ));
                    Vec::new()
                }
            };
            let mut vectors = vectors.into_iter();
            all.extend(
                some.iter()
                    .map(|_| vectors.next().filter(|it| self.is_usable(it))),
            );
        }
        (all, spent)
    }

    /// Everybody pays for their own texts, by their length.
    fn book(
        &self,
        payers: &[Payer],
        texts: &[(usize, String)],
        embedded: &Embedded,
        took: Duration,
    ) {
        let mut lengths: BTreeMap<usize, u64> = BTreeMap::new();
        for (payer, text) in texts {
            *lengths.entry(*payer).or_default() += text.len() as u64;
        }
        let whole = lengths.values().sum::<u64>().max(1);
        let mut so_far = 0;
        let mut state = self.lock();
        for (payer, length) in lengths {
            let payer = &payers[payer];
            let part = |all: u64| all * (so_far + length) / whole - all * so_far / whole;
            let spent = Spent {
                by: Some((embedded.model.clone(), embedded.endpoint.clone())),
                usage: Usage {
                    input: part(embedded.usage.input),
                    ..Usage::default()
                },
                cost: embedded.cost * length as f64 / whole as f64,
                took_ms: part(took.as_millis() as u64),
                ..Spent::default()
            };
            so_far += length;
            let accounts = &mut state.accounts;
            accounts.embedded(payer.thought, &payer.whose, &spent);
        }
    }

    fn is_usable(&self, vector: &[f32]) -> bool {
        let usable = !vector.is_empty() && self.recollection.fits(vector.len() as u32);
        if !usable {
            let model = self.recollection.embedder.model();
            self.recollection.say(&format!(
                "`{model}` gives vectors of {} numbers, other than before, and they do not mix: memories are found by their words alone. \
                 Start once with `--set models.reembed=true` to embed all of them anew",
                vector.len()
            ));
        }
        usable
    }
}
