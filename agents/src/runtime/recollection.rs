//! What is remembered beyond the process: read at the start, kept thought by thought.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{
    MemoryError, MemoryRecord, MemoryStore, MemoryWrite, Revised, Revision, RevisionError,
};
use tokio::time::Instant;

use super::vectors::{Payer, Wanted};
use super::{Inner, Minds, lock};
use crate::config::ConfigError;
use crate::memory::{Embedder, Memory};

/// Longest wait for the vectors of all that one agent has in mind.
const REEMBED_WITHIN: Duration = Duration::from_secs(60);

/// By what memories are found, and who keeps them.
pub(super) struct Recollection {
    pub(super) embedder: Embedder,
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
    pub(super) fn new(embedder: Embedder, reembed: bool) -> Self {
        Self {
            embedder,
            reembed,
            dim: AtomicU32::new(0),
            said: AtomicBool::new(false),
            store: OnceLock::new(),
        }
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
    pub(super) fn fits(&self, dim: u32) -> bool {
        let known = self
            .dim
            .compare_exchange(0, dim, Ordering::Relaxed, Ordering::Relaxed);
        known.is_ok() || known == Err(dim)
    }

    /// Says something once, and again only after all was well in between.
    pub(super) fn say(&self, what: &str) {
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
                store.write(writes.clone()).await.map_err(unreadable)?;
                memory.were_kept(&writes);
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
        let mut wanted = Wanted::default();
        wanted.add(Payer::at_start(agent, &self.scenario), texts);
        for (row, vector) in rows.into_iter().zip(self.vectors(wanted, deadline).await) {
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
            Ok(()) => {
                lock(memory).were_kept(&writes);
                self.recollection.said.store(false, Ordering::Relaxed);
            }
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
}
