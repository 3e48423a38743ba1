//! What a model answers.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::WireError;

/// Why an answer ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// It was complete.
    #[default]
    Stop,
    /// It calls functions.
    Calls,
    /// It was as long as it may be.
    Length,
    /// A filter of the provider.
    Filter,
}

/// A function that the model calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Its id; made up where the server gives none.
    pub id: String,
    /// What is called.
    pub name: String,
    /// Arguments as the model wrote them: JSON, if all is well.
    pub arguments: String,
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub input: u64,
    /// Tokens of it that were in the prefix cache.
    pub cached: u64,
    /// Tokens of the answer, thought ones included.
    pub output: u64,
    /// Whether the server said so; else it is reckoned from the texts.
    pub reported: bool,
}

/// Adds tokens up; who said so of the first stays.
impl AddAssign for Usage {
    fn add_assign(&mut self, more: Self) {
        self.input += more.input;
        self.cached += more.cached;
        self.output += more.output;
    }
}

/// Vectors of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    /// One for each text, in their order.
    pub vectors: Vec<Vec<f32>>,
    /// What they took.
    pub usage: Usage,
}

/// A model's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatAnswer {
    /// Its words.
    pub content: String,
    /// What it calls.
    pub calls: Vec<ToolCall>,
    /// Why it ended.
    pub finish: Finish,
    /// Its words where it refuses.
    pub refusal: Option<String>,
    /// What it took.
    pub usage: Usage,
}

/// The body of an answer, as servers write it.
#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<WireUsage>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<Value>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<LooseCall>>,
}

/// A call as servers write it: ids may be missing, arguments may be an object instead of a string.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct LooseCall {
    #[serde(default)]
    pub(super) index: Option<usize>,
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) function: LooseFunction,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct LooseFunction {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) arguments: Option<Value>,
}

/// Usage as servers report it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct WireUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    #[serde(default)]
    prompt_tokens_details: Option<PromptDetails>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct PromptDetails {
    #[serde(default)]
    cached_tokens: Option<u64>,
}

impl From<WireUsage> for Usage {
    fn from(usage: WireUsage) -> Self {
        let cached = usage.prompt_tokens_details.and_then(|it| it.cached_tokens);
        Self {
            input: usage.prompt_tokens,
            cached: cached.unwrap_or(0).min(usage.prompt_tokens),
            output: usage.completion_tokens,
            reported: true,
        }
    }
}

impl TryFrom<Body> for ChatAnswer {
    type Error = WireError;

    /// Reads an answer; [`WireError::Malformed`] where there is none in it.
    fn try_from(body: Body) -> Result<Self, WireError> {
        let choice = body.choices.into_iter().next();
        let choice = choice.ok_or_else(|| WireError::Malformed("it has no choices".to_owned()))?;
        let calls = choice.message.tool_calls.unwrap_or_default();
        let calls: Vec<ToolCall> = calls
            .into_iter()
            .enumerate()
            .map(|(at, call)| call.settle(at))
            .collect();
        Ok(Self {
            content: choice.message.content.map(words).unwrap_or_default(),
            finish: finish(choice.finish_reason.as_deref(), !calls.is_empty()),
            calls,
            refusal: choice.message.refusal.filter(|text| !text.is_empty()),
            usage: body.usage.map(Usage::from).unwrap_or_default(),
        })
    }
}

impl LooseCall {
    /// The call, with an id of our own where there is none.
    pub(super) fn settle(self, at: usize) -> ToolCall {
        ToolCall {
            id: self
                .id
                .filter(|id| !id.is_empty())
                .unwrap_or_else(|| format!("call_{at}")),
            name: self.function.name.unwrap_or_default(),
            arguments: self.function.arguments.map(words).unwrap_or_default(),
        }
    }
}

/// Text where it is one; parts of text joined; anything else as JSON.
fn words(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
            texts.collect()
        }
        other => other.to_string(),
    }
}

pub(super) fn finish(reason: Option<&str>, calls: bool) -> Finish {
    match reason {
        _ if calls => Finish::Calls,
        Some("length") => Finish::Length,
        Some("content_filter") => Finish::Filter,
        _ => Finish::Stop,
    }
}
