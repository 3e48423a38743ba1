//! Settings: `[models]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use hamlet_protocol::economy::command::Usage;
use hamlet_protocol::minds::MindsCommand;
use serde::{Deserialize, Serialize};

use crate::memory::Embedder;
use crate::wire::Access;

/// Most endpoints of one pool.
pub const ENDPOINTS_MAX: usize = 64;
/// Most requests in flight at one endpoint.
pub const CONCURRENCY_MAX: u32 = 4_096;
/// Seconds beyond a thought's own limit in which its end reaches the village.
const DELIVERY_SECS: u64 = 30;

/// What a model is wanted for.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Talking and everyday acts.
    #[default]
    Chat,
    /// Much, quickly and cheaply.
    Fast,
    /// Hard questions.
    Reasoning,
    /// Programs.
    Code,
    /// Long texts.
    LongContext,
    /// Vectors of texts.
    Embedding,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 6] = [
        Self::Chat,
        Self::Fast,
        Self::Reasoning,
        Self::Code,
        Self::LongContext,
        Self::Embedding,
    ];

    /// Its word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Fast => "fast",
            Self::Reasoning => "reasoning",
            Self::Code => "code",
            Self::LongContext => "long_context",
            Self::Embedding => "embedding",
        }
    }

    /// The purpose of a word, as templates use it; what is unknown is for talking.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|purpose| purpose.as_str() == word)
            .unwrap_or_default()
    }
}

/// Dollars per million tokens, which is micro-dollars per token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Price {
    /// For tokens of the prompt.
    pub input: f64,
    /// For those of them that were cached; without it as `input`.
    pub cached: Option<f64>,
    /// For tokens of the answer.
    pub output: f64,
}

/// A server of models.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EndpointConfig {
    /// Its address with the version, such as `http://127.0.0.1:8000/v1`.
    pub base_url: String,
    /// Its one model, for every purpose but vectors.
    pub model: Option<String>,
    /// Its models by purpose: `chat`, `fast`, `reasoning`, `code`, `long_context`, `embedding`.
    pub models: BTreeMap<Purpose, String>,
    /// Name of the environment variable with its key.
    pub api_key_env: Option<String>,
    /// Most requests in flight; without it the pool finds out.
    pub concurrency: Option<u32>,
    /// What it costs.
    pub price: Price,
    /// The machine it runs on, for people.
    pub node: Option<String>,
    /// Azure's `api-version`, such as `2024-10-21`; `base_url` is then that of the deployment.
    pub azure_api_version: Option<String>,
    /// Whether it is a vLLM started with `--scheduling-policy priority`.
    pub priority: bool,
}

/// `[models]`: who thinks for residents with `mind = "llm"`. Without endpoints they live by habit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelsConfig {
    /// Servers of models.
    pub endpoints: Vec<EndpointConfig>,
    /// Seconds of sim time from one thought of somebody busy to the next.
    pub think_secs: u32,
    /// Dollars that thoughts and work on tasks may cost, over all lives of the program; 0: no limit.
    pub budget: f64,
    /// Dollars that one thought may cost, reckoned at the dearest prices; no answer is asked for beyond it. 0: no limit of its own.
    pub thought_cost_max: f64,
    /// Answers of the model in one thought.
    pub turns_max: u32,
    /// Tokens of one answer.
    pub answer_tokens_max: u32,
    /// Tokens of prompts and answers in one thought.
    pub thought_tokens_max: u32,
    /// Seconds of one thought, live. In lockstep a thought takes as long as it takes.
    pub thought_secs_max: u64,
    /// Seconds of one request in lockstep; one that takes longer is tried again.
    pub request_secs_max: u64,
    /// Seconds in which no endpoint answers, in lockstep, after which thoughts end without an answer.
    pub silence_secs_max: u64,
    /// Tokens of one answer to a person's task.
    pub task_answer_tokens_max: u32,
    /// Seconds of work on one message of a task chat.
    pub task_secs_max: u64,
    /// Tokens of one prompt; what is too long is trimmed by rule.
    pub prompt_tokens_max: u32,
    /// Chance in answers, 0 to 2.
    pub temperature: f64,
    /// Whether the models call functions; else they are asked for JSON.
    pub function_calling: bool,
    /// By what memories are found beside their words.
    pub embedder: EmbedderChoice,
    /// Whether memories with vectors of another embedder get new ones at the start; else they are refused.
    pub reembed: bool,
    /// A cassette: answers that were recorded, played back in place of any endpoint.
    pub cassette: Option<PathBuf>,
    /// File that all exchanges with models are written to, for a cassette.
    pub record: Option<PathBuf>,
}

/// By what memories are found beside their words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmbedderChoice {
    /// By the pool's `embedding` model, where there is one; else lexically.
    #[default]
    Auto,
    /// By hashed words, whatever models there are.
    Lexical,
}

impl Default for ModelsConfig {
    fn default() -> Self {
        Self {
            endpoints: Vec::new(),
            think_secs: 600,
            budget: 0.0,
            thought_cost_max: 0.0,
            turns_max: 6,
            answer_tokens_max: 400,
            thought_tokens_max: 40_000,
            thought_secs_max: 60,
            request_secs_max: 600,
            silence_secs_max: 300,
            task_answer_tokens_max: 2_000,
            task_secs_max: 300,
            prompt_tokens_max: 6_000,
            temperature: 0.7,
            function_calling: true,
            embedder: EmbedderChoice::Auto,
            reembed: false,
            cassette: None,
            record: None,
        }
    }
}

/// What is wrong with the settings, as a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl EndpointConfig {
    /// Its model for a purpose, if it has one.
    #[must_use]
    pub fn model_for(&self, purpose: Purpose) -> Option<&str> {
        let general = self
            .model
            .as_deref()
            .filter(|_| purpose != Purpose::Embedding);
        self.models.get(&purpose).map(String::as_str).or(general)
    }

    /// How one comes in. The key is read from the environment with `key_of`.
    ///
    /// # Errors
    /// Where the key that is named is not there.
    pub fn access(&self, key_of: impl Fn(&str) -> Option<String>) -> Result<Access, ConfigError> {
        let api_key = match &self.api_key_env {
            None => None,
            Some(name) => Some(key_of(name).filter(|key| !key.is_empty()).ok_or_else(|| {
                ConfigError(format!(
                    "models.endpoints: {} wants its key in the environment variable {name}, which is not set",
                    self.base_url
                ))
            })?),
        };
        Ok(Access {
            base_url: self.base_url.clone(),
            api_key,
            azure_api_version: self.azure_api_version.clone(),
        })
    }
}

impl ModelsConfig {
    /// Whether anybody thinks.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !self.endpoints.is_empty() || self.cassette.is_some()
    }

    /// Tells a village who thinks, and what one thought uses and how long it takes at most: in lockstep no clock ends one, and none is told.
    #[must_use]
    pub fn attach(&self, lockstep: bool) -> MindsCommand {
        let tokens_in = self
            .thought_tokens_max
            .saturating_add(self.prompt_tokens_max);
        let estimate = Usage {
            tokens_in: u64::from(tokens_in),
            tokens_out: u64::from(self.turns_max) * u64::from(self.answer_tokens_max),
            ..Usage::default()
        };
        let late_secs = self.thought_secs_max.saturating_add(DELIVERY_SECS);
        MindsCommand::Attach {
            think_secs: self.think_secs,
            estimate: Some(estimate),
            late_secs: (!lockstep).then(|| u32::try_from(late_secs).unwrap_or(u32::MAX)),
        }
    }

    /// Adds what `--llm URL` and `--model NAME` say.
    pub fn add(&mut self, urls: &[String], model: Option<&str>) {
        for url in urls {
            self.endpoints.push(EndpointConfig {
                base_url: url.clone(),
                model: model.map(str::to_owned),
                ..EndpointConfig::default()
            });
        }
    }

    /// Who makes vectors of memories.
    ///
    /// # Errors
    /// When endpoints name different models for it: their vectors would not mix.
    pub fn embedder(&self) -> Result<Embedder, ConfigError> {
        if self.embedder == EmbedderChoice::Lexical {
            return Ok(Embedder::Lexical);
        }
        let endpoints = self.endpoints.iter();
        let models: BTreeSet<&str> = endpoints
            .filter_map(|endpoint| endpoint.model_for(Purpose::Embedding))
            .collect();
        let names: Vec<&str> = models.into_iter().collect();
        match names[..] {
            [] => Ok(Embedder::Lexical),
            [model] => Ok(Embedder::Model(model.to_owned())),
            _ => Err(ConfigError(format!(
                "models.endpoints: vectors of different models do not mix, and there are {}; name one `embedding` model everywhere",
                names.join(", ")
            ))),
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    /// The first thing that does not, and what to do.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |what: String| Err(ConfigError(what));
        if self.cassette.is_some() && self.record.is_some() {
            return wrong(
                "models.cassette and models.record: a cassette is either played (--cassette) or recorded (--record)".to_owned(),
            );
        }
        if self.record.is_some() && self.endpoints.is_empty() {
            return wrong(
                "models.record: there is nothing to record without an endpoint; add --llm URL --model NAME".to_owned(),
            );
        }
        if self.endpoints.len() > ENDPOINTS_MAX {
            return wrong(format!("models.endpoints: at most {ENDPOINTS_MAX}"));
        }
        for endpoint in &self.endpoints {
            let url = &endpoint.base_url;
            if !(url.starts_with("http://") || url.starts_with("https://")) {
                return wrong(format!(
                    "models.endpoints: `{url}` is no address; write base_url like `http://127.0.0.1:8000/v1`"
                ));
            }
            if url.split("://").nth(1).is_some_and(|rest| {
                rest.split('/')
                    .next()
                    .is_some_and(|host| host.contains('@'))
            }) {
                return wrong(
                    "models.endpoints: a base_url holds no password; name the key's variable with api_key_env".to_owned(),
                );
            }
            if endpoint.model.is_none() && endpoint.models.is_empty() {
                return wrong(format!(
                    "models.endpoints: {url} has no model; add `model = \"NAME\"`, or --model NAME beside --llm"
                ));
            }
            if endpoint
                .concurrency
                .is_some_and(|most| !(1..=CONCURRENCY_MAX).contains(&most))
            {
                return wrong(format!(
                    "models.endpoints: {url}: concurrency lies between 1 and {CONCURRENCY_MAX}"
                ));
            }
            let prices = [
                endpoint.price.input,
                endpoint.price.output,
                endpoint.price.cached.unwrap_or(0.0),
            ];
            if prices.iter().any(|price| !(0.0..=1e6).contains(price)) {
                return wrong(format!(
                    "models.endpoints: {url}: a price is dollars per million tokens, 0 to 1000000"
                ));
            }
        }
        self.embedder()?;
        let ranges = [
            ("think_secs", u64::from(self.think_secs), 6, 86_400),
            ("turns_max", u64::from(self.turns_max), 1, 100),
            (
                "answer_tokens_max",
                u64::from(self.answer_tokens_max),
                16,
                100_000,
            ),
            (
                "thought_tokens_max",
                u64::from(self.thought_tokens_max),
                1_000,
                10_000_000,
            ),
            ("thought_secs_max", self.thought_secs_max, 1, 3_600),
            ("request_secs_max", self.request_secs_max, 1, 86_400),
            ("silence_secs_max", self.silence_secs_max, 1, 86_400),
            (
                "task_answer_tokens_max",
                u64::from(self.task_answer_tokens_max),
                16,
                100_000,
            ),
            ("task_secs_max", self.task_secs_max, 1, 3_600),
            (
                "prompt_tokens_max",
                u64::from(self.prompt_tokens_max),
                1_000,
                1_000_000,
            ),
        ];
        for (name, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return wrong(format!("models.{name} = {value}: use {least} to {most}"));
            }
        }
        if !(0.0..=2.0).contains(&self.temperature) {
            return wrong(format!(
                "models.temperature = {}: use 0 to 2",
                self.temperature
            ));
        }
        for (name, dollars) in [
            ("budget", self.budget),
            ("thought_cost_max", self.thought_cost_max),
        ] {
            if !(0.0..=1e9).contains(&dollars) {
                return wrong(format!(
                    "models.{name} = {dollars}: dollars, 0 for no limit"
                ));
            }
        }
        Ok(())
    }
}
