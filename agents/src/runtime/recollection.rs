//! What is remembered beyond the process: read at the start, kept thought by thought, and what a model of the pool makes of texts.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{
    MemoryError, MemoryRecord, MemoryStore, MemoryWrite, Revised, Revision, RevisionError,
};
use hamlet_protocol::minds::ThoughtBatch;
use serde_json::Value;
use tokio::time::Instant;

use super::{Inner, Minds, lock, take_in};
use crate::config::{ConfigError, ModelsConfig};
use crate::memory::{Embedder, Memory};
use crate::perception::perceive;
use crate::scene::Scene;
use crate::thought::question;
use crate::wire::ToolCall;

/// Texts of one request for vectors.
const TEXTS_MAX: usize = 96;
/// Characters of a text that is embedded.
const TEXT_CHARS_MAX: usize = 2_000;
/// Longest wait for vectors; without them words alone decide.
const EMBED_WITHIN: Duration = Duration::from_secs(10);
/// Longest wait for the vectors of all that one agent has in mind.
const REEMBED_WITHIN: Duration = Duration::from_secs(60);
/// Texts of one agent that get their vectors before one thought; the rest do before the next ones.
const AWAITING_MAX: usize = 64;

/// By what memories are found, and who keeps them.
pub(super) struct Recollection {
    embedder: Embedder,
    reembed: bool,
    /// Numbers of a vector, once that is known.
    dim: AtomicU32,
    /// Whether it was said that vectors do not come, or that rows cannot be kept.
    said: AtomicBool,
    store: OnceLock<Arc<dyn MemoryStore>>,
}

/// What was found at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Agents who remember something.
    pub agents: u64,
    /// What they have in mind.
    pub memories: u64,
}

impl Recollection {
    pub(super) fn new(config: &ModelsConfig) -> Result<Self, ConfigError> {
        Ok(Self {
            embedder: config.embedder()?,
            reembed: config.reembed,
            dim: AtomicU32::new(0),
            said: AtomicBool::new(false),
            store: OnceLock::new(),
        })
    }

    /// Whether vectors have to be asked for.
    pub(super) fn takes_time(&self) -> bool {
        self.embedder != Embedder::Lexical
    }

    /// Whether what was kept has to be embedded anew.
    fn check(&self, memory: &Memory, records: &[MemoryRecord]) -> Result<bool, ConfigError> {
        let model = self.embedder.model();
        let in_mind = || records.iter().filter(|record| memory.has(record.no));
        let other = in_mind().find(|record| record.embedding.model != model);
        if let Some(other) = other {
            if !self.reembed {
                let kept = &other.embedding.model;
                return Err(ConfigError(format!(
                    "what is remembered here was embedded by `{kept}`, and `{model}` is to be used now: vectors of different models do not mix. \
                     Start once with `--set models.reembed=true` to embed all of it anew, or name the old one: \
                     `embedding = \"{kept}\"` in the endpoints' models, or `--set models.embedder=lexical` for the lexical one"
                )));
            }
            return Ok(true);
        }
        let dims = in_mind().map(|record| record.embedding.dim);
        if let Some(other) = dims
            .filter(|dim| self.takes_time() && *dim > 0)
            .find(|dim| !self.fits(*dim))
        {
            if !self.reembed {
                let known = self.dim.load(Ordering::Relaxed);
                return Err(ConfigError(format!(
                    "what is remembered here has vectors of {known} and of {other} numbers, all by `{model}`: \
                     start once with `--set models.reembed=true` to embed all of it anew"
                )));
            }
            self.dim.store(0, Ordering::Relaxed);
            return Ok(true);
        }
        Ok(false)
    }

    /// Whether vectors have so many numbers; the first that come say how many.
    fn fits(&self, dim: u32) -> bool {
        let known = self
            .dim
            .compare_exchange(0, dim, Ordering::Relaxed, Ordering::Relaxed);
        known.is_ok() || known == Err(dim)
    }

    /// Says something once, and again only after all was well in between.
    fn say(&self, what: &str) {
        if !self.said.swap(true, Ordering::Relaxed) {
            tracing::warn!("{what}");
        }
    }
}

impl Minds {
    /// Takes in what was kept, and keeps from now on what is remembered. Comes before the first question.
    ///
    /// # Errors
    /// When it cannot be read; when it was embedded by another model than the one that is to be used.
    pub async fn remember(&self, store: Arc<dyn MemoryStore>) -> Result<Remembered, ConfigError> {
        let inner = &self.0;
        let recollection = &inner.recollection;
        let unreadable = |why: MemoryError| ConfigError(why.to_string());
        let mut found = Remembered::default();
        for agent in store.agents().await.map_err(unreadable)? {
            let Some(no) = inner.number(agent) else {
                continue;
            };
            let records = store.load(agent, None).await.map_err(unreadable)?;
            let mut memory = Memory::restore(records.clone(), recollection.embedder.clone());
            if recollection.check(&memory, &records)? {
                memory.embed_anew();
                let writes = inner.embedded(&mut memory, agent).await?;
                store.write(writes).await.map_err(unreadable)?;
            }
            found.agents += 1;
            found.memories += memory.len() as u64;
            let memory = Arc::new(Mutex::new(memory));
            inner.lock().memories.insert(no, memory);
        }
        if recollection.store.set(store).is_err() {
            return Err(ConfigError(
                "minds were given a place for memories twice; please report this".to_owned(),
            ));
        }
        Ok(found)
    }
}

impl Inner {
    /// The vectors of all that somebody has in mind, to be kept.
    async fn embedded(
        &self,
        memory: &mut Memory,
        agent: AgentId,
    ) -> Result<Vec<MemoryWrite>, ConfigError> {
        let (rows, texts): (Vec<u64>, Vec<String>) = memory.awaiting().into_iter().unzip();
        let deadline = Instant::now() + REEMBED_WITHIN;
        for (row, vector) in rows.into_iter().zip(self.vectors(texts, deadline).await) {
            let vector = vector.ok_or_else(|| {
                ConfigError(format!(
                    "models.reembed: `{}` gave no vectors; see that its endpoint answers, and start again",
                    self.recollection.embedder.model()
                ))
            })?;
            memory.set_vector(row, vector);
        }
        Ok(memory.take_unsaved(agent, 0))
    }

    fn number(&self, agent: AgentId) -> Option<u32> {
        u32::try_from(self.ids.number(agent)?).ok()
    }

    /// Somebody's memory; an empty one where they have none yet.
    pub(super) fn memory(&self, no: u32) -> Arc<Mutex<Memory>> {
        let new = || {
            let is_kept = self.recollection.store.get().is_some();
            let memory = Memory::new(self.recollection.embedder.clone(), is_kept);
            Arc::new(Mutex::new(memory))
        };
        Arc::clone(self.lock().memories.entry(no).or_insert_with(new))
    }

    /// Somebody's memory, where they have one.
    pub(super) fn remembering(&self, agent: AgentId) -> Option<Arc<Mutex<Memory>>> {
        let no = self.number(agent)?;
        self.lock().memories.get(&no).cloned()
    }

    /// Keeps what was added to a memory; it counts after the tick `since`. What cannot be kept now is tried again after the next thought.
    pub(super) async fn save(&self, memory: &Mutex<Memory>, agent: AgentId, since: u64) {
        let Some(store) = self.recollection.store.get() else {
            return;
        };
        let writes = lock(memory).take_unsaved(agent, since);
        if writes.is_empty() {
            return;
        }
        match store.write(writes.clone()).await {
            Ok(()) => self.recollection.said.store(false, Ordering::Relaxed),
            Err(why) => {
                lock(memory).put_back(writes);
                self.recollection.say(&why.to_string());
            }
        }
    }

    pub(super) async fn revise(
        &self,
        agent: AgentId,
        tick: u64,
        revision: Revision,
    ) -> Result<Revised, RevisionError> {
        let memory = self.remembering(agent).ok_or(RevisionError::Unknown)?;
        let kept = match (self.recollection.store.get(), &revision) {
            (Some(store), Revision::Erase { .. } | Revision::EraseAll) => {
                store.load(agent, None).await?
            }
            _ => Vec::new(),
        };
        lock(&memory).revise(agent, tick, &revision, &kept)
    }

    /// What everybody of a tick asks their memory, as vectors; on the way, what they remember gets its own.
    pub(super) async fn meanings(
        &self,
        batch: &ThoughtBatch,
        deadline: Instant,
    ) -> BTreeMap<u32, Vec<f32>> {
        let mut texts = Vec::new();
        let mut whose: Vec<(u32, Option<u64>)> = Vec::new();
        for ask in &batch.asks {
            let scene = Scene {
                view: Arc::clone(&batch.view),
                scenario: Arc::clone(&self.scenario),
                ids: self.ids,
                ask: ask.clone(),
            };
            let memory = self.memory(ask.no);
            let awaiting = {
                let mut memory = lock(&memory);
                take_in(&scene, &mut memory);
                memory.awaiting()
            };
            for (row, text) in awaiting.into_iter().take(AWAITING_MAX) {
                whose.push((ask.no, Some(row)));
                texts.push(text);
            }
            if let Some(perceived) = perceive(&scene) {
                whose.push((ask.no, None));
                texts.push(question(&perceived));
            }
        }
        let vectors = self.vectors(texts, deadline).await;
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

    /// What a call asks memory, as a vector, where the pool's model is used.
    pub(super) async fn meaning_of(&self, call: &ToolCall, deadline: Instant) -> Option<Vec<f32>> {
        if !self.recollection.takes_time() || call.name != "recall" {
            return None;
        }
        let args: Value = serde_json::from_str(&call.arguments).ok()?;
        let about = args.get("about")?.as_str()?.to_owned();
        self.vectors(vec![about], deadline).await.pop().flatten()
    }

    /// Vectors of texts, in order; none for those that did not come.
    async fn vectors(&self, mut texts: Vec<String>, deadline: Instant) -> Vec<Option<Vec<f32>>> {
        for text in &mut texts {
            if let Some((end, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
                text.truncate(end);
            }
        }
        let mut all = Vec::with_capacity(texts.len());
        for some in texts.chunks(TEXTS_MAX) {
            let within = EMBED_WITHIN.min(deadline.saturating_duration_since(Instant::now()));
            let vectors = match self.pool.embed(some, within).await {
                Ok((_, vectors)) => vectors,
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
        all
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
