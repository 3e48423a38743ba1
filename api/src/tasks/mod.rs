//! Task chats: a person asks an agent for work, and hears it while it works.
//!
//! They are rows beside the world. Whoever writes into a person's chats holds their turn, so that numbers follow each other; one answer at a time is under way in it.
//! What an agent says is on disk before the person is told; words that are not final yet are told and kept nowhere.

mod ask;
mod brake;
mod clean;
mod ear;
mod keep;
mod work;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hamlet_protocol::ids::AgentId;
use tokio::sync::Notify;
use uuid::Uuid;

pub(crate) use ask::{Asked, Asking, ask, kept, missing};
pub use keep::recover;
pub(crate) use keep::{Extra, close, stop};

/// Chats of a person that are not closed.
const OPEN_MAX: i64 = 50;
/// Answers under way for one person.
const WORKING_PERSON_MAX: usize = 2;
/// Answers under way in all.
const WORKING_MAX: usize = 64;
/// Locks that people share.
const TURNS: usize = 64;

/// What is under way.
#[derive(Debug)]
pub struct Tasks {
    turns: Vec<tokio::sync::Mutex<()>>,
    working: Mutex<HashMap<Uuid, Working>>,
}

/// An agent at work.
#[derive(Clone, Debug)]
struct Working {
    person: AgentId,
    stop: Arc<Notify>,
}

impl Default for Tasks {
    fn default() -> Self {
        Self {
            turns: (0..TURNS).map(|_| tokio::sync::Mutex::new(())).collect(),
            working: Mutex::default(),
        }
    }
}

impl Tasks {
    /// The turn to write into a person's chats, or to open one for them.
    async fn turn(&self, person: AgentId) -> tokio::sync::MutexGuard<'_, ()> {
        let at = (person.0.as_u128() % TURNS as u128) as usize;
        self.turns[at].lock().await
    }

    /// How many answers are under way for somebody, and in all.
    fn working(&self, person: AgentId) -> (usize, usize) {
        let working = self.lock();
        let own = working.values().filter(|it| it.person == person);
        (own.count(), working.len())
    }

    /// Whether somebody is at work in a chat.
    fn is_at_work(&self, chat: Uuid) -> bool {
        self.lock().contains_key(&chat)
    }

    /// Breaks work off. Whether there was any.
    fn stop(&self, chat: Uuid) -> bool {
        let working = self.lock();
        let found = working.get(&chat);
        if let Some(found) = found {
            found.stop.notify_one();
        }
        found.is_some()
    }

    /// Somebody is at work in a chat no longer; whoever has begun in it since goes on.
    fn ended(&self, chat: Uuid, stop: &Arc<Notify>) {
        let mut working = self.lock();
        if working
            .get(&chat)
            .is_some_and(|it| Arc::ptr_eq(&it.stop, stop))
        {
            working.remove(&chat);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Working>> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
