//! The panels. Each is a function that draws from the mirror alone and says what somebody wants.

mod admin;
mod ask;
mod bar;
mod board;
mod bubbles;
mod charts;
mod dialogs;
mod groups;
mod inspector;
mod keys;
mod layout;
mod ledger;
mod mail;
mod minimap;
mod models;
mod narrow;
mod notes;
mod search;
mod spoken;
mod steps;
mod talk;
mod tasks;
#[cfg(test)]
mod tests;
mod thread;
mod timeline;
mod town;
mod words;

pub(crate) use layout::{Layout, whole_ui};
pub(crate) use minimap::paint as paint_minimap;
