//! OpenAI's chat and embedding protocol, as every server of models speaks it more or less.
//!
//! Requests have only what servers agree on. Answers are read leniently: what may be missing is optional, what is unknown is ignored,
//! and a page of HTML, a cut-off body or an empty answer is an error with a name.
//! The types are our own, because a client library hides what a pool lives by: status, `Retry-After` and the first bytes of a page that is no JSON.

mod answer;
mod client;
mod error;
mod request;
mod stream;
#[cfg(test)]
mod tests;

pub use answer::{ChatAnswer, Finish, ToolCall, Usage};
pub use client::{Access, Wire};
pub use error::{Blame, WireError};
pub use request::{
    ChatMessage, ChatRequest, Family, FunctionCall, Role, Tool, ToolFunction, WireCall,
};
pub use stream::Delta;
