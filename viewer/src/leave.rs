//! The end of a window: no thread is in the graphics driver any more when the process leaves.

use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bevy::tasks::{AsyncComputeTaskPool, TaskPool};

/// How long workers may take to finish what they have begun: software compiles a pipeline in a second or two, a slow machine in ten times that.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often all workers must have met. In the first round one may still have begun work lying beside what it came with; before it comes to the second it has done that, too.
const ROUNDS: usize = 2;

/// Waits, within limits, until no worker compiles a pipeline any more. The app must be gone: it gives them no more work then.
///
/// Bevy has pipelines compiled on worker threads, and letting go of such a task does not stop one that runs.
/// A process that leaves meanwhile takes away under it what the driver keeps in its static data, and dies by a signal instead of ending:
/// a window that is closed right after it was opened, with Mesa's software Vulkan nearly always.
pub(crate) fn finish_drawing() {
    // Who never drew has no workers.
    let Some(pool) = AsyncComputeTaskPool::try_get() else {
        return;
    };
    if !finish(pool, PATIENCE) {
        tracing::warn!("the graphics driver is still at work as the window ends");
    }
}

/// Waits until every worker of a pool has come to the end of what it had to do; whether they did in time.
fn finish(pool: &TaskPool, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    (0..ROUNDS).all(|_| meet(pool, until))
}

/// Has every worker come to a place where it works on nothing else, all at the same time; whether they did in time.
fn meet(pool: &TaskPool, until: Instant) -> bool {
    let workers = pool.thread_num();
    let (come, there) = sync_channel(workers);
    let gate = Arc::new(Mutex::new(()));
    // Whoever has come stays until all have, or time is up: so no worker comes twice.
    let closed = gate.lock().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..workers {
        let (come, gate) = (come.clone(), Arc::clone(&gate));
        let visit = async move {
            // Where nobody waits any more there is room in the channel, or nobody at its end.
            come.try_send(()).ok();
            drop(gate.lock());
        };
        pool.spawn(visit).detach();
    }
    let met = (0..workers).all(|_| {
        let left = until.saturating_duration_since(Instant::now());
        there.recv_timeout(left).is_ok()
    });
    drop(closed);
    met
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::tasks::TaskPoolBuilder;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn what_workers_have_begun_is_over_when_they_have_met() {
        let pool = TaskPoolBuilder::new().num_threads(3).build();
        for _ in 0..20 {
            let done = Arc::new(AtomicUsize::new(0));
            for _ in 0..9 {
                let done = Arc::clone(&done);
                let work = async move {
                    let sum: u64 = (0..200_000_u64).map(std::hint::black_box).sum();
                    assert!(sum > 0);
                    done.fetch_add(1, Ordering::SeqCst);
                };
                pool.spawn(work).detach();
            }
            assert!(finish(&pool, PATIENCE));
            assert_eq!(done.load(Ordering::SeqCst), 9);
        }
    }

    #[test]
    fn a_worker_that_does_not_end_is_not_waited_for_without_end() {
        let pool = TaskPoolBuilder::new().num_threads(2).build();
        let (begun, has_begun) = sync_channel(1);
        let (go, wait) = sync_channel::<()>(1);
        let stuck = async move {
            begun.send(()).ok();
            wait.recv().ok();
        };
        pool.spawn(stuck).detach();
        has_begun.recv().expect("it has begun");
        assert!(!finish(&pool, Duration::from_millis(20)));
        drop(go);
        assert!(finish(&pool, PATIENCE), "it went on");
    }
}
