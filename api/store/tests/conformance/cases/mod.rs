//! The questions, by what they are about.

pub(crate) mod batches;
pub(crate) mod care;
pub(crate) mod communities;
pub(crate) mod events;
pub(crate) mod images;
pub(crate) mod ledger;
pub(crate) mod memories;
pub(crate) mod moderation;
pub(crate) mod search;
pub(crate) mod side;
pub(crate) mod social;
pub(crate) mod tasks;
