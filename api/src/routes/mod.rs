//! One file per family of routes: extract, command or lookup, respond.

pub(crate) mod agents;
pub(crate) mod operation;
pub(crate) mod world;
