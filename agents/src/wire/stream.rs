//! Answers in pieces, put together as they come.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::answer::{ChatAnswer, LooseCall, ToolCall, Usage, WireUsage, finish};
use super::error::WireError;

/// A piece of an answer, for whoever looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta(pub String);

/// One piece of an answer, as servers write it.
#[derive(Deserialize)]
pub(super) struct Chunk {
    #[serde(default)]
    choices: Vec<ChunkChoice>,
    #[serde(default)]
    usage: Option<WireUsage>,
}

#[derive(Deserialize)]
struct ChunkChoice {
    #[serde(default)]
    delta: ChunkDelta,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct ChunkDelta {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<LooseCall>>,
}

/// Puts a stream together.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    answer: ChatAnswer,
    calls: BTreeMap<usize, ToolCall>,
    reason: Option<String>,
}

impl Gatherer {
    /// Takes a piece in; hands out the words in it.
    pub(super) fn take(&mut self, chunk: Chunk) -> Option<Delta> {
        if let Some(usage) = chunk.usage {
            self.answer.usage = Usage::from(usage);
        }
        let choice = chunk.choices.into_iter().next()?;
        if choice.finish_reason.is_some() {
            self.reason = choice.finish_reason;
        }
        for call in choice.delta.tool_calls.unwrap_or_default() {
            self.grow(call);
        }
        if let Some(refusal) = choice.delta.refusal {
            self.answer
                .refusal
                .get_or_insert_default()
                .push_str(&refusal);
        }
        let words = choice.delta.content.filter(|words| !words.is_empty())?;
        self.answer.content.push_str(&words);
        Some(Delta(words))
    }

    fn grow(&mut self, piece: LooseCall) {
        let at = piece.index.unwrap_or(self.calls.len());
        let call = self.calls.entry(at).or_default();
        if let Some(id) = piece.id {
            call.id = id;
        }
        if let Some(name) = piece.function.name {
            call.name.push_str(&name);
        }
        match piece.function.arguments {
            Some(Value::String(text)) => call.arguments.push_str(&text),
            Some(Value::Null) | None => {}
            Some(other) => call.arguments = other.to_string(),
        }
    }

    /// The whole answer, once the stream has ended.
    ///
    /// # Errors
    /// [`WireError::Cut`] where it ended before it said why it ends.
    pub(super) fn end(mut self) -> Result<ChatAnswer, WireError> {
        if self.reason.is_none() {
            return Err(WireError::Cut);
        }
        let calls = self.calls.into_iter().map(|(at, mut call)| {
            if call.id.is_empty() {
                call.id = format!("call_{at}");
            }
            call
        });
        self.answer.calls = calls.collect();
        self.answer.finish = finish(self.reason.as_deref(), !self.answer.calls.is_empty());
        Ok(self.answer)
    }
}
