//! One file per family of routes: extract, command or lookup, respond.

pub(crate) mod agents;
pub(crate) mod auth;
pub(crate) mod claim;
pub(crate) mod keys;
pub(crate) mod moderation;
pub(crate) mod operation;
pub(crate) mod people;
pub(crate) mod register;
pub(crate) mod world;
