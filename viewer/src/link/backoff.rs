//! How long to wait before the next try.

/// Seconds before the second try.
const FIRST_SECS: u64 = 1;
/// Longest wait in seconds.
const LONGEST_SECS: u64 = 30;

/// Doubles the wait with every try that fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    tries: u32,
}

impl Backoff {
    /// A try has failed: seconds to wait before the next.
    pub(super) fn failed(&mut self) -> u64 {
        let secs = FIRST_SECS << self.tries.min(10);
        self.tries = self.tries.saturating_add(1);
        secs.min(LONGEST_SECS)
    }

    /// It works again.
    pub(super) fn worked(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..7).map(|_| backoff.failed()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        backoff.worked();
        assert_eq!(backoff.failed(), 1);
    }
}
