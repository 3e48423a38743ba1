//! A village that is served: its settings, its folder, and its life from the first line to the last.

mod config;
mod data;
mod life;
mod logs;

pub(crate) use config::{Config, ConfigSources, is_of_scenario};
pub(crate) use data::{DataFolder, private};
pub(crate) use life::{Company, Mint, Opened, Shipped, live, signal};
pub(crate) use logs::quiet as quiet_logs;
