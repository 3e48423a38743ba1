//! Cassettes: exchanges with models written down in a file, and played back where there is no model.
//!
//! A cassette is a file of JSON, one exchange a line. A request is known by a number made from all that is asked, whichever endpoint and model it went to;
//! the same request asked several times gets its answers in the order they were recorded, and the last one from then on.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use hamlet_protocol::secrets;
use serde::{Deserialize, Serialize};

use super::{Answered, Ask, PoolError};
use crate::config::{ConfigError, ModelsConfig};
use crate::mock::hash;
use crate::wire::{ChatAnswer, WireError};

/// Exchanges of one cassette.
const EXCHANGES_MAX: usize = 1_000_000;

/// A cassette in use.
#[derive(Debug)]
pub struct Cassette {
    path: PathBuf,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Record(Mutex<File>),
    Play {
        answers: Mutex<HashMap<String, Take>>,
        missing: AtomicU64,
    },
}

/// Answers to one request, and how many of them were given.
#[derive(Debug, Default)]
struct Take {
    answers: Vec<Exchange>,
    given: usize,
}

/// A line of a cassette.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Exchange {
    /// Of the request.
    key: String,
    /// The model that answered.
    #[serde(default)]
    model: String,
    /// Its endpoint.
    #[serde(default)]
    endpoint: String,
    /// Micro-dollars.
    #[serde(default)]
    cost: f64,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<ChatAnswer>,
    /// What every endpoint says of this request instead: `context_overflow`, or a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

impl Cassette {
    /// The cassette that the settings name, if they name one.
    ///
    /// # Errors
    /// Where it cannot be read or written, with its line.
    pub(super) fn of(config: &ModelsConfig) -> Result<Option<Self>, ConfigError> {
        match (&config.cassette, &config.record) {
            (Some(path), _) => Self::to_play(path).map(Some),
            (None, Some(path)) => Self::to_record(path).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn to_record(path: &Path) -> Result<Self, ConfigError> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).open(path);
        let file = file.map_err(|why| {
            ConfigError(format!(
                "the cassette {} cannot be begun: {why}; name a file that is not there yet",
                path.display()
            ))
        })?;
        Ok(Self {
            path: path.to_owned(),
            work: Work::Record(Mutex::new(file)),
        })
    }

    fn to_play(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |what: String| ConfigError(format!("the cassette {}: {what}", path.display()));
        let file = File::open(path)
            .map_err(|why| wrong(format!("{why}; record one with --record FILE beside --llm")))?;
        let mut answers: HashMap<String, Take> = HashMap::new();
        for (line, no) in BufReader::new(file).lines().zip(1..) {
            if no > EXCHANGES_MAX {
                return Err(wrong(format!("it has more than {EXCHANGES_MAX} exchanges")));
            }
            let line = line.map_err(|why| wrong(format!("line {no}: {why}")))?;
            if line.trim().is_empty() {
                continue;
            }
            let exchange: Exchange = serde_json::from_str(&line)
                .map_err(|why| wrong(format!("line {no} is no exchange: {why}")))?;
            let take = answers.entry(exchange.key.clone()).or_default();
            take.answers.push(exchange);
        }
        Ok(Self {
            path: path.to_owned(),
            work: Work::Play {
                answers: Mutex::new(answers),
                missing: AtomicU64::new(0),
            },
        })
    }

    /// Whether answers come from it.
    pub(super) fn is_played(&self) -> bool {
        matches!(self.work, Work::Play { .. })
    }

    /// Requests that it had no answer to.
    pub(super) fn missing(&self) -> u64 {
        match &self.work {
            Work::Play { missing, .. } => missing.load(Ordering::Relaxed),
            Work::Record(_) => 0,
        }
    }

    /// Writes an exchange down, without keys and the like. A disk that refuses stops nobody from thinking.
    pub(super) fn record(&self, ask: &Ask, came: Result<&Answered, &WireError>) {
        let Work::Record(file) = &self.work else {
            return;
        };
        let mut exchange = Exchange {
            key: key_of(ask),
            model: String::new(),
            endpoint: String::new(),
            cost: 0.0,
            answer: None,
            refused: None,
        };
        match came {
            Ok(answered) => {
                exchange.model.clone_from(&answered.model);
                exchange.endpoint.clone_from(&answered.endpoint);
                exchange.cost = answered.cost;
                exchange.answer = Some(redacted(&answered.answer));
            }
            Err(fault) => exchange.refused = Some(fault.kind().to_owned()),
        }
        let Ok(mut line) = serde_json::to_vec(&exchange) else {
            return;
        };
        line.push(b'\n');
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(why) = file.write_all(&line) {
            tracing::error!(%why, cassette = %self.path.display(), "an exchange could not be recorded");
        }
    }

    /// The answer that was recorded.
    ///
    /// # Errors
    /// [`PoolError::Cassette`] where there is none; what was recorded instead of one.
    pub(super) fn play(&self, ask: &Ask) -> Result<Answered, PoolError> {
        let Work::Play { answers, missing } = &self.work else {
            return Err(PoolError::Nobody);
        };
        let key = key_of(ask);
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        let found = answers.get_mut(&key).and_then(|take| {
            let at = take.given.min(take.answers.len().checked_sub(1)?);
            take.given += 1;
            take.answers.get(at).cloned()
        });
        let Some(exchange) = found else {
            if missing.fetch_add(1, Ordering::Relaxed) == 0 {
                tracing::error!(cassette = %self.path.display(), key, "the cassette has no answer to a request");
            }
            return Err(PoolError::Cassette(format!(
                "the cassette {} has no answer to this request ({key}): it was recorded with another scenario, seed, settings or version; record it anew with --record",
                self.path.display()
            )));
        };
        match (exchange.answer, exchange.refused) {
            (Some(answer), _) => Ok(Answered {
                answer,
                model: exchange.model,
                endpoint: exchange.endpoint,
                cost: exchange.cost,
                tries: 1,
            }),
            (None, Some(kind)) if kind == "context_overflow" => {
                Err(WireError::ContextOverflow("as recorded".to_owned()).into())
            }
            (None, _) => Err(WireError::Refused {
                status: 400,
                message: "as recorded".to_owned(),
            }
            .into()),
        }
    }
}

/// A number for all that is asked.
fn key_of(ask: &Ask) -> String {
    let request = &ask.request;
    let asked = (
        &request.messages,
        &request.tools,
        &request.response_format,
        ask.answer_tokens_max,
        ask.purpose,
    );
    let asked = serde_json::to_string(&asked).unwrap_or_default();
    format!("{:016x}{:016x}", hash(11, &asked), hash(12, &asked))
}

/// An answer without what looks like a key.
fn redacted(answer: &ChatAnswer) -> ChatAnswer {
    let mut answer = answer.clone();
    let calls = answer.calls.iter_mut();
    let texts = calls.map(|call| &mut call.arguments);
    for text in texts
        .chain([&mut answer.content])
        .chain(&mut answer.refusal)
    {
        if let Some(found) = secrets::find(text) {
            *text = format!("[left out: it held {}]", found.kind);
        }
    }
    answer
}
