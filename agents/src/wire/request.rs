//! What is asked of a model.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who a message is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The rules one thinks by.
    System,
    /// The world.
    User,
    /// The model.
    Assistant,
    /// What a skill came to.
    Tool,
}

/// One message of a chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Who it is from.
    pub role: Role,
    /// The words; may be missing beside tool calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Calls that the model made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<WireCall>,
    /// The call that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
}

impl ChatMessage {
    /// A message of words alone.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: Some(content.into()),
            tool_calls: Vec::new(),
            tool_call_id: None,
        }
    }

    /// What a skill came to.
    pub fn result(call: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            tool_call_id: Some(call.into()),
            ..Self::new(Role::Tool, content)
        }
    }

    /// Bytes of its words and calls.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let calls = self.tool_calls.iter();
        let calls: usize = calls
            .map(|call| call.function.name.len() + call.function.arguments.len())
            .sum();
        self.content.as_ref().map_or(0, String::len) + calls
    }
}

/// A call as it stands in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireCall {
    /// Its id.
    pub id: String,
    /// Always `function`.
    #[serde(rename = "type", default = "function")]
    pub kind: String,
    /// What is called.
    pub function: FunctionCall,
}

/// The function of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionCall {
    /// Its name.
    pub name: String,
    /// Its arguments: JSON in a string.
    #[serde(default)]
    pub arguments: String,
}

fn function() -> String {
    "function".to_owned()
}

/// Something a model may call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tool {
    /// Always `function`.
    #[serde(rename = "type", default = "function")]
    pub kind: String,
    /// What can be called.
    pub function: ToolFunction,
}

impl Tool {
    /// A function with its JSON schema.
    pub fn new(name: impl Into<String>, about: impl Into<String>, parameters: Value) -> Self {
        Self {
            kind: function(),
            function: ToolFunction {
                name: name.into(),
                description: about.into(),
                parameters,
            },
        }
    }
}

/// A function that a model may call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolFunction {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// JSON schema of its arguments.
    #[serde(default)]
    pub parameters: Value,
}

/// A request for one answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// Name of the model at that endpoint.
    pub model: String,
    /// The chat so far.
    pub messages: Vec<ChatMessage>,
    /// What may be called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Tool>,
    /// Chance in the answer; not for reasoning families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// How hard a reasoning family thinks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<String>,
    /// Tokens of the answer, for all but reasoning families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Tokens of the answer with what was thought, for reasoning families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_completion_tokens: Option<u32>,
    /// For models that call no functions: the JSON schema of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_format: Option<Value>,
    /// vLLM's scheduling priority, lower first; sent only where it is switched on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// Whether the answer comes in pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// Asks for the usage at the end of a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<Value>,
}

/// How a family of models wants to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Temperature and `max_tokens`.
    Plain,
    /// Reasoning effort and `max_completion_tokens`; a temperature would be refused.
    Reasoning,
}

impl Family {
    /// The family of a model, by its name.
    #[must_use]
    pub fn of(model: &str) -> Self {
        let name = model.rsplit('/').next().unwrap_or(model);
        let numbered = |start: &str| {
            let rest = name.strip_prefix(start);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.', ':']))
        };
        if ["o1", "o3", "o4", "gpt-5"].into_iter().any(numbered) {
            Self::Reasoning
        } else {
            Self::Plain
        }
    }
}

impl ChatRequest {
    /// Says how long the answer may be and how free, in the way of the model's family.
    pub fn shape(&mut self, answer_tokens_max: u32, temperature: f64) {
        match Family::of(&self.model) {
            Family::Plain => {
                self.max_tokens = Some(answer_tokens_max);
                self.temperature = Some(temperature);
                (self.max_completion_tokens, self.reasoning_effort) = (None, None);
            }
            Family::Reasoning => {
                self.max_completion_tokens = Some(answer_tokens_max);
                self.reasoning_effort = Some("low".to_owned());
                (self.max_tokens, self.temperature) = (None, None);
            }
        }
    }
}
