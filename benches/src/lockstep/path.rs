//! The least time that a run in lockstep can take: the longest chain of waits.

/// One thought, as far as time waits for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    /// The tick at whose end it was asked for.
    pub(super) asked: u64,
    /// The tick after which it takes effect: the next one begins no sooner.
    pub(super) due: u64,
    /// Time that the endpoints took for it.
    pub(super) secs: f64,
}

/// Seconds until the last of so many ticks is over, where a tick itself takes no time and waits for what is due and for nothing else.
pub(super) fn secs(ticks: u64, waits: &[Wait]) -> f64 {
    let ticks = ticks as usize;
    // The time at which each tick is over; nothing has happened before the first.
    let mut over = vec![0.0_f64; ticks + 1];
    let mut due: Vec<Vec<&Wait>> = vec![Vec::new(); ticks + 1];
    for wait in waits {
        if let Some(due) = due.get_mut(wait.due as usize) {
            due.push(wait);
        }
    }
    for tick in 1..=ticks {
        let before = tick - 1;
        let ready = |wait: &&Wait| over.get(wait.asked as usize).unwrap_or(&0.0) + wait.secs;
        let latest = due[before].iter().map(ready).fold(0.0, f64::max);
        over[tick] = over[before].max(latest);
    }
    over[ticks]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(asked: u64, due: u64, secs: f64) -> Wait {
        Wait { asked, due, secs }
    }

    #[test]
    fn what_goes_on_at_the_same_time_counts_once() {
        // Asked one tick after the other, all due long after: the longest decides.
        let waits = [wait(1, 11, 1.0), wait(2, 12, 3.0), wait(3, 13, 2.0)];
        assert_eq!(secs(20, &waits), 3.0);
    }

    #[test]
    fn what_follows_each_other_adds_up() {
        let waits = [wait(1, 11, 1.0), wait(12, 22, 2.0)];
        assert_eq!(secs(30, &waits), 3.0);
        // The second is due where the first has held time up for a while already.
        let waits = [wait(1, 11, 5.0), wait(2, 12, 5.0), wait(12, 13, 1.0)];
        assert_eq!(secs(20, &waits), 6.0);
    }

    #[test]
    fn what_is_due_at_the_end_or_later_is_waited_for_by_nobody() {
        assert_eq!(secs(10, &[wait(1, 10, 4.0), wait(5, 15, 9.0)]), 0.0);
        assert_eq!(secs(11, &[wait(1, 10, 4.0), wait(5, 15, 9.0)]), 4.0);
        assert_eq!(secs(0, &[]), 0.0);
    }
}
