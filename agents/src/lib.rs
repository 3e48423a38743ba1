#![doc = include_str!("../README.md")]

pub mod config;
pub mod memory;
pub mod mock;
pub mod perception;
pub mod pool;
pub mod runtime;
pub mod scene;
pub mod skills;
pub mod thought;
pub mod wire;

mod redact;
mod task;
mod untrusted;
