//! Telling members elsewhere what concerns them: signed requests to addresses they name (Standard Webhooks).
//!
//! What is to be told is written in the same transaction as what it tells of, and leaves when that is on disk (`queue`).
//! One task carries it there (`courier`), for each address in order and one at a time, and again after a while where it was not taken.
//! Whoever is told may be told the same twice, when the server ended in between: `webhook-id` stays the same.

mod book;
mod courier;
mod events;
mod queue;
mod sign;

pub use book::Webhooks;
pub use courier::deliver;
pub(crate) use events::{Told, check_events, events_list};
pub(crate) use queue::{add, queue};
pub use sign::Signer;

use hamlet_protocol::ids::AgentId;
use hamlet_store::{AccountStatus, AgentStatus};

use crate::directory::Directory;

/// Addresses a member may name.
pub(crate) const HOOKS_MAX: usize = 5;
/// Deliveries that may wait for one address; what comes on top is let go of, and counted.
pub(crate) const PENDING_MAX: usize = 1_000;
/// Deliveries that may wait in all.
pub(crate) const PENDING_ALL_MAX: usize = 20_000;
/// Attempts in a row after which an address is told nothing any more.
pub(crate) const FAILURES_MAX: i64 = 8;
/// Seconds before the next attempt, by how many have failed in a row.
const RETRY_SECS: [i64; 7] = [5, 30, 120, 600, 1_800, 3_600, 7_200];
/// How long what is sent is signed with the secret before as well, in milliseconds.
const OVERLAP_MS: i64 = 24 * 3_600_000;

/// Milliseconds to wait after so many attempts that failed in a row.
pub(crate) fn retry_ms(failures: i64) -> i64 {
    let step = usize::try_from(failures - 1).unwrap_or(0);
    RETRY_SECS[step.min(RETRY_SECS.len() - 1)] * 1000
}

/// Whether a member may be told elsewhere: a person with a good account, or a good agent that a person answers for.
pub(crate) fn may_have(directory: &Directory, member: AgentId) -> bool {
    match directory.agent(member) {
        Some(record) => record.status == AgentStatus::Active && record.owner.is_some(),
        None => directory
            .account_of(member)
            .is_some_and(|account| account.status == AccountStatus::Active),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_stays_within_bounds() {
        let waits: Vec<i64> = (1..=FAILURES_MAX).map(retry_ms).collect();
        assert!(waits.is_sorted());
        assert_eq!((waits[0], waits[7]), (5_000, 7_200_000));
    }
}
