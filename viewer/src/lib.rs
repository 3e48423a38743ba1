#![doc = include_str!("../README.md")]

mod access;
mod app;
pub mod bench;
mod camera;
mod capture;
mod deeds;
mod file;
mod fonts;
mod leave;
mod link;
mod lost;
mod memory;
mod mirror;
mod money;
mod options;
mod pace;
mod pages;
mod scene;
mod sprites;
mod status;
mod tasks;
mod theme;
mod ui;
mod view;
mod wire;

pub use app::{has_display, run};
pub use options::{PanelName, Pass, SIDE_MAX, SIDE_MIN, Shot, ViewError, ViewOptions};
