#![doc = include_str!("../README.md")]

pub mod audit;
pub mod auth;
pub mod config;
pub mod control;
pub mod directory;
pub mod files;
pub mod http;
pub mod identity;
pub mod limits;
pub mod mail;
pub mod metrics;
mod openapi;
mod outbound;
mod outcomes;
mod pages;
pub mod problem;
mod render;
pub mod router;
mod routes;
mod search;
pub mod server;
pub mod state;
pub mod tasks;
pub mod time;
pub mod village;
pub mod webhooks;
pub mod ws;
