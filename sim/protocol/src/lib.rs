#![doc = include_str!("../README.md")]

pub mod act;
pub mod agent;
pub mod board;
pub mod command;
pub mod community;
pub mod economy;
pub mod event;
pub mod frame;
pub mod goods;
pub mod ids;
pub mod image;
pub mod map;
pub mod memory;
pub mod metrics;
pub mod minds;
pub mod moderation;
pub mod money;
pub mod name;
pub mod pages;
pub mod persona;
pub mod reputation;
pub mod rules;
pub mod scenario;
pub mod secrets;
pub mod social;
pub mod task;
pub mod text;
pub mod time;
pub mod view;
pub mod word;

/// The version of the village's rules.
/// Two builds with the same number compute the same world from the same journal; every change to what a tick computes raises it.
pub const RULES_VERSION: u32 = 3;
