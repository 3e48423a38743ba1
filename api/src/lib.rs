//! The bridge: HTTP and WebSockets over a running village and its store.

pub mod audit;
pub mod config;
pub mod directory;
pub mod metrics;
pub mod problem;
pub mod time;
pub mod village;
