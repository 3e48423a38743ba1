//! The bridge, through its router: what a client sends and what it gets.

mod agents;
mod app;
mod board;
mod callers;
mod conventions;
mod files;
mod first_life;
mod identity;
mod matrix;
mod pages;
mod resident;
mod search;
mod world;
mod ws;
