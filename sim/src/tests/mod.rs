//! Tests across features: what must hold whatever happens.

mod chance;
mod coming;
mod counted;
mod gossip;
mod halting;
mod night;
mod paying;
mod refused_plans;
mod resting;
mod thinking;
