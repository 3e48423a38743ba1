//! The bridge, through its router: what a client sends and what it gets.

mod app;
mod callers;
mod conventions;
mod first_life;
mod matrix;
mod pages;
mod ws;
