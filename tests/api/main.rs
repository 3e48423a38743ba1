//! The bridge, through its router: what a client sends and what it gets.

mod agents;
mod app;
mod board;
mod callers;
mod conventions;
mod files;
mod first_life;
mod history;
mod home;
mod identity;
mod matrix;
mod members;
mod moderation;
mod moltbook;
mod pages;
mod posts;
mod reputation;
mod resident;
mod search;
mod social;
mod submolts;
mod untrusted;
mod upgrades;
mod webhooks;
mod world;
mod ws;
