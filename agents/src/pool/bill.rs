//! What requests cost that brought no answer: tries that broke off, and requests nobody waited for any longer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;

use super::stats;
use super::work::reckon;
use crate::config::Price;
use crate::wire::{ChatRequest, Usage};

/// A try that was sent and brought no answer. Nobody says what it used: it is reckoned from the texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// The model that was asked.
    pub model: String,
    /// Address of its endpoint.
    pub endpoint: String,
    /// What it used.
    pub usage: Usage,
    /// What it cost, in micro-dollars.
    pub cost: f64,
}

/// Notes what was sent for somebody's requests, one after the other, and brought no answer. Clones are the same bill.
#[derive(Clone, Debug, Default)]
pub struct Bill(Arc<Mutex<Notes>>);

#[derive(Debug, Default)]
struct Notes {
    out: Option<Out>,
    lost: Vec<Lost>,
}

/// A try on its way.
#[derive(Debug)]
struct Out {
    model: String,
    endpoint: String,
    price: Price,
    request: Arc<ChatRequest>,
    /// Its words so far, where they are heard.
    words: Weak<watch::Sender<String>>,
}

impl Bill {
    /// A try is on its way.
    pub(super) fn sent(
        &self,
        (model, endpoint, price): (&str, &str, Price),
        request: &Arc<ChatRequest>,
        words: Option<&Arc<watch::Sender<String>>>,
    ) {
        self.lock().out = Some(Out {
            model: model.to_owned(),
            endpoint: endpoint.to_owned(),
            price,
            request: Arc::clone(request),
            words: words.map(Arc::downgrade).unwrap_or_default(),
        });
    }

    /// It was answered, which says what it used, or it cost nothing.
    pub(super) fn answered(&self) {
        self.lock().out = None;
    }

    /// It broke off, and what was read and said is paid all the same.
    pub(super) fn broke_off(&self) {
        let mut notes = self.lock();
        let lost = notes.out.take().map(Out::lost);
        notes.lost.extend(lost);
    }

    /// Takes out all that brought no answer; what is on its way is counted as lost, and not again later.
    #[must_use]
    pub fn take(&self) -> Vec<Lost> {
        self.broke_off();
        std::mem::take(&mut self.lock().lost)
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        // A panic leaves notes behind that lack one, at worst.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Out {
    fn lost(self) -> Lost {
        let words = self.words.upgrade();
        let said = words.map_or(0, |words| words.borrow().len());
        let usage = reckon(said, &self.request);
        Lost {
            cost: stats::cost(&self.price, usage),
            model: self.model,
            endpoint: self.endpoint,
            usage,
        }
    }
}
