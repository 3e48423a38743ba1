//! The threads a tick may use.

use std::sync::{Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The calling thread and, when more are wanted, a pool of helpers.
#[derive(Debug, Default)]
pub(super) struct Crew {
    helpers: Option<ThreadPool>,
}

impl Crew {
    pub(super) fn threads(&self) -> usize {
        1 + self
            .helpers
            .as_ref()
            .map_or(0, ThreadPool::current_num_threads)
    }

    pub(super) fn resize(&mut self, threads: usize) -> Result<(), String> {
        let threads = threads.max(1);
        if threads == self.threads() {
            return Ok(());
        }
        self.helpers = match threads {
            1 => None,
            _ => {
                let pool = ThreadPoolBuilder::new()
                    .num_threads(threads - 1)
                    .thread_name(|n| format!("space-{n}"))
                    .build();
                Some(pool.map_err(|error| {
                    format!("cannot start {threads} threads: {error}; ask for fewer threads")
                })?)
            }
        };
        Ok(())
    }

    /// Does all tasks, each once, in no order that anybody may rely on.
    pub(super) fn run<T: Send>(&self, tasks: Vec<T>, work: impl Fn(T) + Sync) {
        let Some(helpers) = &self.helpers else {
            return tasks.into_iter().for_each(work);
        };
        let queue = Mutex::new(tasks.into_iter());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let help = || {
            while let Some(task) = next() {
                work(task);
            }
        };
        helpers.in_place_scope(|scope| {
            for _ in 0..helpers.current_num_threads() {
                scope.spawn(|_| help());
            }
            help();
        });
    }
}
