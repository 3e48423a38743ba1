//! Answers in pieces: server-sent events, put together as they come.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::answer::{ChatAnswer, LooseCall, ToolCall, Usage, WireUsage, finish};
use super::error::WireError;

/// A piece of an answer, for whoever looks on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta(pub String);

#[derive(Deserialize)]
struct Chunk {
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
    line: Vec<u8>,
    answer: ChatAnswer,
    calls: BTreeMap<usize, ToolCall>,
    reason: Option<String>,
    done: bool,
}

impl Gatherer {
    /// Takes bytes in as they come; hands out the words in them.
    ///
    /// # Errors
    /// [`WireError::Malformed`] where a line is no piece of an answer.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<Delta>, WireError> {
        let mut deltas = Vec::new();
        for &byte in bytes {
            if byte != b'\n' {
                self.line.push(byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            deltas.extend(self.line(line.trim_ascii())?);
        }
        Ok(deltas)
    }

    fn line(&mut self, line: &[u8]) -> Result<Option<Delta>, WireError> {
        let Some(data) = line.strip_prefix(b"data:") else {
            // Comments, names of events and empty lines.
            return Ok(None);
        };
        let data = data.trim_ascii();
        if data == b"[DONE]" {
            self.done = true;
            return Ok(None);
        }
        let chunk: Chunk = serde_json::from_slice(data)
            .map_err(|fault| WireError::Malformed(fault.to_string()))?;
        if let Some(usage) = chunk.usage {
            self.answer.usage = Usage::from(usage);
        }
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Ok(None);
        };
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
        let words = choice.delta.content.filter(|words| !words.is_empty());
        Ok(words.map(|words| {
            self.answer.content.push_str(&words);
            Delta(words)
        }))
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
    /// [`WireError::Cut`] where it ended too early.
    pub(super) fn end(mut self) -> Result<ChatAnswer, WireError> {
        if !self.done && self.reason.is_none() {
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
