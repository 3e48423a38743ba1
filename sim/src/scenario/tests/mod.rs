//! Scenarios in, faults and resolved scenarios out.

mod faults;
mod personas;
mod resolved;
mod shipped;
mod submolts;
mod support;
