//! Ids and secrets from the operating system's chance, which never comes from the village.

use uuid::{Builder, Uuid};

use crate::auth::Secret;
use crate::problem::Problem;

/// A new id of a row beside the world.
///
/// # Errors
/// 500 when there is no chance.
pub(crate) fn new_id() -> Result<Uuid, Problem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|source| none(&source))?;
    Ok(Builder::from_random_bytes(bytes).into_uuid())
}

/// A new secret with a prefix that says what it is.
///
/// # Errors
/// 500 when there is no chance.
pub(super) fn new_secret(kind: &str) -> Result<Secret, Problem> {
    Secret::new(kind).map_err(|source| none(&source))
}

fn none(source: &getrandom::Error) -> Problem {
    Problem::internal(&format!("the operating system gives no chance: {source}"))
}
