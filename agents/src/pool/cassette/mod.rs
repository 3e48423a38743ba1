//! Cassettes: exchanges with models written down in a file, and played back where there is no model.
//!
//! A cassette is a file of JSON. Its first line says by what memories are found; older ones lack it. Every other line is one exchange.
//! A request is known by a number made from all that is asked, whichever endpoint and model it went to; vectors by their model and texts.
//! The same request asked several times gets its answers in the order they were recorded, and the last one from then on.
//! Where the run ended before an answer came, the cassette says so: from there on nothing is missing, for nothing takes effect any more.

mod exchange;
mod writer;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use self::exchange::{CUT_OFF, Exchange, Header, key_of, key_of_vectors, redacted, to_hex};
use self::writer::Writer;
use super::order::Errand;
use super::{Answered, Ask, Embedded, PoolError};
use crate::config::{ConfigError, ModelsConfig};
use crate::memory::Embedder;
use crate::wire::WireError;

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
    Record(Writer),
    Play {
        embedder: Embedder,
        answers: Mutex<HashMap<String, Take>>,
        missing: AtomicU64,
        /// Whether the end of what was recorded is reached.
        is_over: AtomicBool,
    },
}

/// Answers to one request, and how many of them were given.
#[derive(Debug, Default)]
struct Take {
    answers: Vec<Exchange>,
    given: usize,
}

impl Cassette {
    /// The cassette that the settings name, if they name one.
    ///
    /// # Errors
    /// Where it cannot be read or written, with its line.
    pub(super) fn of(config: &ModelsConfig) -> Result<Option<Self>, ConfigError> {
        match (&config.cassette, &config.record) {
            (Some(path), _) => Self::to_play(path).map(Some),
            (None, Some(path)) => Self::to_record(path, &config.embedder()?).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn to_record(path: &Path, embedder: &Embedder) -> Result<Self, ConfigError> {
        let wrong = |why: std::io::Error| {
            ConfigError(format!(
                "the cassette {} cannot be begun: {why}; name a file that is not there yet",
                path.display()
            ))
        };
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).open(path);
        let header = line(&Header::of(embedder)).unwrap_or_default();
        let writer = Writer::begin(file.map_err(wrong)?, &header, path).map_err(wrong)?;
        Ok(Self {
            path: path.to_owned(),
            work: Work::Record(writer),
        })
    }

    fn to_play(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |what: String| ConfigError(format!("the cassette {}: {what}", path.display()));
        let file = File::open(path)
            .map_err(|why| wrong(format!("{why}; record one with --record FILE beside --llm")))?;
        let mut embedder = Embedder::Lexical;
        let mut answers: HashMap<String, Take> = HashMap::new();
        for (line, no) in BufReader::new(file).lines().zip(1..) {
            if no > EXCHANGES_MAX {
                return Err(wrong(format!("it has more than {EXCHANGES_MAX} exchanges")));
            }
            let line = line.map_err(|why| wrong(format!("line {no}: {why}")))?;
            if line.trim().is_empty() {
                continue;
            }
            if no == 1
                && let Ok(header) = serde_json::from_str::<Header>(&line)
            {
                if !header.is_known() {
                    return Err(wrong(
                        "it was written in another format; record it anew".to_owned(),
                    ));
                }
                embedder = header.embedder();
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
                embedder,
                answers: Mutex::new(answers),
                missing: AtomicU64::new(0),
                is_over: AtomicBool::new(false),
            },
        })
    }

    /// Whether answers come from it.
    pub(super) fn is_played(&self) -> bool {
        matches!(self.work, Work::Play { .. })
    }

    /// By what memories were found when it was recorded; `None`: it is being recorded.
    pub(super) fn embedder(&self) -> Option<Embedder> {
        match &self.work {
            Work::Play { embedder, .. } => Some(embedder.clone()),
            Work::Record(_) => None,
        }
    }

    /// Requests that it had no answer to.
    pub(super) fn missing(&self) -> u64 {
        match &self.work {
            Work::Play { missing, .. } => missing.load(Ordering::Relaxed),
            Work::Record(_) => 0,
        }
    }

    /// Writes an exchange down, without keys and the like. A disk that refuses stops nobody from thinking.
    pub(super) async fn record(&self, ask: &Ask, came: Result<&Answered, &WireError>) {
        let mut exchange = Exchange {
            key: key_of(ask),
            ..Exchange::default()
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
        self.write(&exchange).await;
    }

    /// Writes down which vectors texts got, or that they got none.
    pub(super) async fn record_vectors(
        &self,
        model: &str,
        texts: &[String],
        came: Option<&Embedded>,
    ) {
        let mut exchange = Exchange {
            key: key_of_vectors(model, texts),
            model: model.to_owned(),
            ..Exchange::default()
        };
        match came {
            Some(embedded) => {
                exchange.endpoint.clone_from(&embedded.endpoint);
                exchange.cost = embedded.cost;
                exchange.usage = Some(embedded.usage);
                let vectors = embedded.vectors.iter();
                exchange.vectors = Some(vectors.map(|vector| to_hex(vector)).collect());
            }
            None => exchange.refused = Some("no_vectors".to_owned()),
        }
        self.write(&exchange).await;
    }

    /// Writes down that the run ended before a request was answered.
    pub(super) async fn record_cut_off(&self, errand: &Errand, embedder: &Embedder) {
        let key = match errand {
            Errand::Chat(ask, _) => key_of(ask),
            Errand::Vectors(texts) => key_of_vectors(embedder.model(), &texts.texts),
        };
        let exchange = Exchange {
            key,
            refused: Some(CUT_OFF.to_owned()),
            ..Exchange::default()
        };
        self.write(&exchange).await;
    }

    async fn write(&self, exchange: &Exchange) {
        if let (Work::Record(writer), Some(line)) = (&self.work, line(exchange)) {
            writer.write(line).await;
        }
    }

    /// Ready when all that was recorded so far is in its file.
    pub(super) async fn flush(&self) {
        if let Work::Record(writer) = &self.work {
            writer.flush().await;
        }
    }

    /// The answer that was recorded.
    ///
    /// # Errors
    /// [`PoolError::Cassette`] where there is none; what was recorded instead of one.
    pub(super) fn play(&self, ask: &Ask) -> Result<Answered, PoolError> {
        let exchange = self.take(&key_of(ask))?;
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

    /// The vectors that were recorded.
    ///
    /// # Errors
    /// [`PoolError::Cassette`] where these texts were not asked for; [`PoolError::Late`] where none came.
    pub(super) fn play_vectors(
        &self,
        model: &str,
        texts: &[String],
    ) -> Result<Embedded, PoolError> {
        let exchange = self.take(&key_of_vectors(model, texts))?;
        let vectors = exchange.numbers().ok_or(PoolError::Late)?;
        Ok(Embedded {
            vectors,
            model: exchange.model,
            endpoint: exchange.endpoint,
            usage: exchange.usage.unwrap_or_default(),
            cost: exchange.cost,
        })
    }

    /// The next exchange with this key.
    fn take(&self, key: &str) -> Result<Exchange, PoolError> {
        let Work::Play {
            answers,
            missing,
            is_over,
            ..
        } = &self.work
        else {
            return Err(PoolError::Nobody);
        };
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        let found = answers.get_mut(key).and_then(|take| {
            let at = take.given.min(take.answers.len().checked_sub(1)?);
            take.given += 1;
            take.answers.get(at).cloned()
        });
        let is_cut_off = found
            .as_ref()
            .is_some_and(|it| it.refused.as_deref() == Some(CUT_OFF));
        if is_cut_off {
            is_over.store(true, Ordering::Relaxed);
        }
        if is_cut_off || (found.is_none() && is_over.load(Ordering::Relaxed)) {
            return Err(PoolError::Cassette(format!(
                "the run that the cassette {} is of ended before this answer came",
                self.path.display()
            )));
        }
        found.ok_or_else(|| {
            if missing.fetch_add(1, Ordering::Relaxed) == 0 {
                tracing::error!(cassette = %self.path.display(), key, "the cassette has no answer to a request");
            }
            PoolError::Cassette(format!(
                "the cassette {} has no answer to this request ({key}): it was recorded with another scenario, seed, settings or version; record it anew with --record",
                self.path.display()
            ))
        })
    }
}

/// Something as a line.
fn line(what: &impl Serialize) -> Option<Vec<u8>> {
    let mut line = serde_json::to_vec(what).ok()?;
    line.push(b'\n');
    Some(line)
}
