//! OpenAI's chat and embedding protocol, as every server of models speaks it more or less.
//!
//! Requests have only what servers agree on. Answers are read leniently: what may be missing is optional, what is unknown is ignored,
//! and a page of HTML, a cut-off body or an empty answer is an error with a name.
//! Bodies are types of our own, sent and read by the client library (`async-openai`, which calls this "bring your own types");
//! what lies below it, from the status to the limits, is in `transport`.

mod access;
mod answer;
mod client;
mod error;
mod request;
mod stream;
#[cfg(test)]
mod tests;
mod transport;

pub use access::Access;
pub use answer::{ChatAnswer, Finish, ToolCall, Usage, Vectors};
pub use client::Wire;
pub use error::{Blame, WireError};
pub use request::{
    ChatMessage, ChatRequest, Family, FunctionCall, Role, Tool, ToolFunction, WireCall,
};
pub use stream::Delta;
