//! The bridge, through its router: what a client sends and what it gets.

mod app;
mod first_life;
mod identity;
