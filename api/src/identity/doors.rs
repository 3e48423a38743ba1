//! Doors that get slower to open the more often somebody fails: against guessing passwords and codes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;

use super::network::Network;
use crate::problem::Problem;
use crate::time::Clock;

/// Failures at one door from one network that cost nothing.
const FREE_TRIES: u32 = 5;
/// Failures at all doors from one network that cost nothing. Loopback, where a proxy and all behind it may be, has no such sum.
const FREE_TRIES_OF_NETWORK: u32 = 60;
/// The longest wait, in seconds; after as long a rest, failures are forgotten.
const WAIT_SECS_MAX: i64 = 900;
/// Doors remembered at most; when there are more, those at rest are forgotten first, then all.
const DOORS_MAX: usize = 100_000;

#[derive(Clone, Copy, Debug, Default)]
struct Tries {
    count: u32,
    last_ms: i64,
}

impl Tries {
    /// How long to wait after the last try, in milliseconds.
    fn wait_ms(self, free: u32) -> i64 {
        match self.count.checked_sub(free) {
            None => 0,
            Some(over) => (1_i64 << over.min(16)).min(WAIT_SECS_MAX) * 1000,
        }
    }
}

/// Which door, and from where.
type Door = (String, Network);

/// Remembers failures in memory: after a restart all doors are fresh.
#[derive(Debug)]
pub struct Doors {
    clock: Arc<dyn Clock>,
    tries: Mutex<HashMap<Door, Tries>>,
}

impl Doors {
    /// All doors fresh.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            tries: Mutex::default(),
        }
    }

    /// Counts a try as a failure until [`Doors::opened`] says otherwise, so that many at the same moment count as many.
    ///
    /// # Errors
    /// 429 with the seconds to wait; such a try does not count.
    pub fn knock(&self, door: &str, network: Network) -> Result<(), Problem> {
        let now_ms = self.clock.now_ms();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() + 2 > DOORS_MAX {
            tries.retain(|_, it| !is_at_rest(*it, now_ms));
            if tries.len() + 2 > DOORS_MAX {
                tries.clear();
            }
        }
        let both = [
            ((door.to_owned(), network), FREE_TRIES),
            ((String::new(), network), FREE_TRIES_OF_NETWORK),
        ];
        let counted = if network.is_loopback() { 1 } else { 2 };
        for (at, free) in &both[..counted] {
            let it = tries.get(at).copied().unwrap_or_default();
            let until_ms = it.last_ms + it.wait_ms(*free);
            // A clock that was set back opens the door rather than keeping it shut for years.
            if (now_ms..now_ms + WAIT_SECS_MAX * 1000).contains(&(until_ms - 1)) {
                return Err(refuse((until_ms - now_ms).max(1)));
            }
        }
        for (at, _) in both.into_iter().take(counted) {
            let it = tries.entry(at).or_default();
            if is_at_rest(*it, now_ms) {
                it.count = 0;
            }
            it.count += 1;
            it.last_ms = now_ms;
        }
        Ok(())
    }

    /// The last knock was no failure.
    pub fn opened(&self, door: &str, network: Network) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&(door.to_owned(), network));
        if let Some(all) = tries.get_mut(&(String::new(), network)) {
            all.count = all.count.saturating_sub(1);
        }
    }
}

fn is_at_rest(tries: Tries, now_ms: i64) -> bool {
    now_ms - tries.last_ms >= WAIT_SECS_MAX * 1000
}

fn refuse(wait_ms: i64) -> Problem {
    let wait_secs = u64::try_from(wait_ms).unwrap_or(0).div_ceil(1000);
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_tries",
        "Too many tries failed.",
        format!("Wait {wait_secs} s, and make sure of the name, the password or the code."),
    )
    .retry_after(wait_secs)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::time::StillClock;

    fn network(text: &str) -> Network {
        text.parse::<IpAddr>().expect("an address").into()
    }

    #[test]
    fn failures_make_one_wait_longer_and_longer() {
        let clock = Arc::new(StillClock::at(1_000_000));
        let doors = Doors::new(Arc::clone(&clock) as _);
        let (here, there) = (network("192.0.2.1"), network("192.0.2.2"));
        for _ in 0..FREE_TRIES {
            doors.knock("mira", here).expect("free");
        }
        let wait = |doors: &Doors| {
            let refused = doors.knock("mira", here).expect_err("one waits");
            assert_eq!(refused.code, "too_many_tries");
            refused.retry_after_secs.expect("how long")
        };
        assert_eq!(wait(&doors), 1);
        doors.knock("mira", there).expect("elsewhere nobody waits");
        doors
            .knock("bela", here)
            .expect("at other doors nobody waits");
        for secs in [1, 2, 4] {
            assert_eq!(wait(&doors), u64::try_from(secs).expect("small"));
            clock.pass_secs(secs);
            doors.knock("mira", here).expect("one has waited");
        }
        doors.opened("mira", here);
        doors
            .knock("mira", here)
            .expect("whoever got in starts afresh");
    }

    #[test]
    fn a_rest_forgets_and_no_wait_is_longer() {
        let clock = Arc::new(StillClock::at(1_000_000));
        let doors = Doors::new(Arc::clone(&clock) as _);
        let here = network("192.0.2.1");
        for _ in 0..40 {
            if doors.knock("mira", here).is_err() {
                clock.pass_secs(WAIT_SECS_MAX - 1);
            }
        }
        clock.pass_secs(WAIT_SECS_MAX);
        for _ in 0..FREE_TRIES {
            doors.knock("mira", here).expect("rested");
        }
    }

    #[test]
    fn many_names_from_one_place_are_slowed_down() {
        let doors = Doors::new(Arc::new(StillClock::at(1_000_000)));
        let here = network("192.0.2.1");
        for n in 0..FREE_TRIES_OF_NETWORK {
            doors.knock(&format!("name{n}"), here).expect("free");
        }
        assert!(doors.knock("another", here).is_err());
        let home = network("127.0.0.1");
        for n in 0..=FREE_TRIES_OF_NETWORK {
            doors.knock(&format!("name{n}"), home).expect("no sum here");
        }
    }
}
