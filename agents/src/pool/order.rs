//! A request under way: what is wanted, and who waits for it.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::scheduler::{Job, Prefix};
use super::{Answered, Ask, Embedded, PoolError};
use crate::config::Purpose;

/// Vectors stand before thoughts, which wait for them.
const VECTORS_PRIORITY: u8 = 0;
/// They have no beginning in common with anything else.
const VECTORS_PREFIX: Prefix = Prefix {
    family: u64::MAX,
    own: u64::MAX,
};

/// Where the words of an answer go while they come.
pub(super) type Teller = Arc<watch::Sender<String>>;

/// What is wanted of an endpoint.
#[derive(Clone)]
pub(super) enum Errand {
    /// An answer, and where its words go while they come.
    Chat(Ask, Option<Teller>),
    /// Vectors.
    Vectors(Arc<Texts>),
}

/// Texts that want vectors.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) texts: Vec<String>,
    /// When they are no longer wanted.
    pub(super) deadline: Instant,
}

impl Errand {
    pub(super) fn job(&self) -> Job {
        let (prefix, priority, purpose) = match self {
            Self::Chat(ask, _) => (ask.prefix, ask.priority, ask.purpose),
            Self::Vectors(_) => (VECTORS_PREFIX, VECTORS_PRIORITY, Purpose::Embedding),
        };
        Job {
            prefix,
            priority,
            purpose,
            avoid: Vec::new(),
        }
    }

    fn deadline(&self) -> Instant {
        match self {
            Self::Chat(ask, _) => ask.deadline,
            Self::Vectors(texts) => texts.deadline,
        }
    }
}

/// Who waits for it.
pub(super) enum Reply {
    Chat(oneshot::Sender<Result<Answered, PoolError>>),
    Vectors(oneshot::Sender<Result<Embedded, PoolError>>),
}

impl Reply {
    /// Says why nothing comes. Whoever asked may have gone.
    pub(super) fn refuse(self, why: PoolError) {
        match self {
            Self::Chat(reply) => drop(reply.send(Err(why))),
            Self::Vectors(reply) => drop(reply.send(Err(why))),
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Self::Chat(reply) => reply.is_closed(),
            Self::Vectors(reply) => reply.is_closed(),
        }
    }
}

/// A request that has no answer yet.
pub(super) struct Pending {
    pub(super) errand: Errand,
    pub(super) reply: Reply,
    pub(super) job: Job,
    pub(super) since: Instant,
    pub(super) tries: usize,
}

impl Pending {
    pub(super) fn new(errand: Errand, reply: Reply, since: Instant) -> Self {
        Self {
            job: errand.job(),
            errand,
            reply,
            since,
            tries: 0,
        }
    }

    /// Whether nobody waits for it any more.
    pub(super) fn is_forsaken(&self) -> bool {
        let unheard = match &self.errand {
            Errand::Chat(_, Some(tell)) => tell.is_closed(),
            Errand::Chat(_, None) | Errand::Vectors(_) => false,
        };
        self.reply.is_closed() || unheard
    }

    /// Whether its time is over.
    pub(super) fn is_late(&self) -> bool {
        self.errand.deadline() <= Instant::now()
    }
}
