//! Agents as everybody sees them, encoded once for each state of the world.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hamlet_protocol::ids::{AgentId, PostId};
use hamlet_protocol::view::WorldView;

use super::encoded::Encoded;

/// Agents that are kept at most.
const AGENTS_MAX: usize = 4_096;

/// What an answer was made of: the same view of the world and the same state of who is who give the same answer.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The world.
    pub(crate) view: Arc<WorldView>,
    /// How often the directory has changed.
    pub(crate) directory: u64,
}

impl Seen {
    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.view, &other.view) && self.directory == other.directory
    }
}

/// Which answer: the agent, and those of its newest posts that the reader may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AgentKey {
    /// Whom it shows.
    pub(crate) agent: AgentId,
    /// Its posts as this reader sees them.
    pub(crate) posts: Vec<PostId>,
}

/// Answers of one state.
#[derive(Debug, Default)]
pub(crate) struct KeptAgents(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    seen: Seen,
    agents: HashMap<AgentKey, Encoded>,
}

impl KeptAgents {
    /// The agent, if it was encoded in this state.
    pub(crate) fn get(&self, seen: &Seen, key: &AgentKey) -> Option<Encoded> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref().filter(|kept| kept.seen.is(seen))?;
        kept.agents.get(key).cloned()
    }

    /// Keeps an agent for others.
    pub(crate) fn keep(&self, seen: &Seen, key: AgentKey, body: &Encoded) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_mut().filter(|kept| kept.seen.is(seen)) {
            Some(kept) if kept.agents.len() < AGENTS_MAX => {
                kept.agents.insert(key, body.clone());
            }
            Some(_) => {}
            None => {
                *kept = Some(Kept {
                    seen: seen.clone(),
                    agents: HashMap::from([(key, body.clone())]),
                });
            }
        }
    }
}
