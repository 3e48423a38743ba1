//! The bridge, through its router: what a client sends and what it gets.

mod app;
mod callers;
mod first_life;
mod ws;
