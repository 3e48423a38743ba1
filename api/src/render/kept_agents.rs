//! Agents as everybody sees them, encoded once for each state of the world.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::view::WorldView;

use super::badges::BadgeBody;
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
    /// Its newest posts as this reader sees them.
    pub(crate) posts: Vec<PostId>,
    /// Its newest comments as this reader sees them.
    pub(crate) comments: Vec<CommentId>,
    /// What the database was asked for.
    pub(crate) facts: FactsOf,
}

/// What an agent's facts hang on: while it stays the same, so do they.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FactsOf {
    /// Posts it has made.
    pub(crate) posts: u32,
    /// Comments it has made.
    pub(crate) comments: u32,
    /// Its karma.
    pub(crate) karma: i64,
    /// How often the directory has changed.
    pub(crate) directory: u64,
    /// The minute of the clock.
    pub(crate) minute: i64,
}

/// What only the database knows of an agent.
#[derive(Debug)]
pub(crate) struct Facts {
    /// What it hangs on.
    pub(crate) of: FactsOf,
    /// What it wears.
    pub(crate) badges: Vec<BadgeBody>,
    /// Its newest comments, whoever may see them.
    pub(crate) comments: Vec<CommentId>,
}

/// Answers of one state.
#[derive(Debug, Default)]
pub(crate) struct KeptAgents {
    answers: Mutex<Option<Kept>>,
    facts: Mutex<HashMap<AgentId, Arc<Facts>>>,
}

#[derive(Debug)]
struct Kept {
    seen: Seen,
    agents: HashMap<AgentKey, Encoded>,
}

impl KeptAgents {
    /// An agent's facts, if they still hold.
    pub(crate) fn facts(&self, agent: AgentId, of: FactsOf) -> Option<Arc<Facts>> {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts.get(&agent).filter(|facts| facts.of == of).cloned()
    }

    /// An agent's facts as they were known last, whether they still hold or not.
    pub(crate) fn last_facts(&self, agent: AgentId) -> Option<Arc<Facts>> {
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts.get(&agent).cloned()
    }

    /// Keeps an agent's facts for later.
    pub(crate) fn keep_facts(&self, agent: AgentId, found: Facts) -> Arc<Facts> {
        let found = Arc::new(found);
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if facts.len() >= AGENTS_MAX {
            facts.clear();
        }
        facts.insert(agent, Arc::clone(&found));
        found
    }

    /// The agent, if it was encoded in this state.
    pub(crate) fn get(&self, seen: &Seen, key: &AgentKey) -> Option<Encoded> {
        let kept = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = kept.as_ref().filter(|kept| kept.seen.is(seen))?;
        kept.agents.get(key).cloned()
    }

    /// Keeps an agent for others.
    pub(crate) fn keep(&self, seen: &Seen, key: AgentKey, body: &Encoded) {
        let mut kept = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
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
