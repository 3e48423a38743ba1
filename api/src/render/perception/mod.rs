//! What an agent perceives: only what it can see, hear, feel and read from where it stands.
//!
//! The same is given twice: as data for programs, and in words for a language model.
//! What others said or wrote is marked as theirs, so that nobody takes it for an instruction.

mod acts;
mod data;
mod inbox;
mod money;
mod words;

pub(crate) use data::{PerceptionData, Senses};
pub(crate) use words::words;
