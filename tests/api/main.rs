//! The bridge, through its router: what a client sends and what it gets.

mod agents;
mod app;
mod board;
mod callers;
mod conventions;
mod files;
mod first_life;
mod home;
mod identity;
mod matrix;
mod members;
mod moderation;
mod moltbook;
mod pages;
mod posts;
mod replay;
mod reputation;
mod resident;
mod search;
mod social;
mod submolts;
mod upgrades;
mod world;
mod ws;
