//! Writes a cassette on a thread of its own, so that nobody who thinks waits for the disk.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, oneshot};

/// Lines that may wait to be written; beyond, whoever records waits.
const LINES_MAX: usize = 1_024;

/// What is to be done.
enum Job {
    Line(Vec<u8>),
    /// To be answered once all that came before is written.
    Flush(oneshot::Sender<()>),
}

/// The way to the file. What waits is written when this is dropped, at the latest.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Writes the first line, and begins to take in others.
    ///
    /// # Errors
    /// When the disk refuses; when the system gives no thread.
    pub(super) fn begin(mut file: File, first: &[u8], path: &Path) -> io::Result<Self> {
        file.write_all(first)?;
        let (queue, jobs) = mpsc::channel(LINES_MAX);
        let path = path.to_owned();
        let thread = thread::Builder::new().name("cassette".to_owned());
        let thread = thread.spawn(move || write_all(file, &path, jobs))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(super) async fn write(&self, line: Vec<u8>) {
        self.send(Job::Line(line)).await;
    }

    /// Ready when all that came before is written.
    pub(super) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        self.send(Job::Flush(done)).await;
        // A thread that has ended writes nothing more.
        drop(is_done.await);
    }

    async fn send(&self, job: Job) {
        if let Some(queue) = &self.queue
            && queue.send(job).await.is_err()
        {
            tracing::error!("a cassette is no longer written; please report this");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends once it has written what waits.
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer of a cassette panicked; please report this");
        }
    }
}

fn write_all(mut file: File, path: &Path, mut jobs: mpsc::Receiver<Job>) {
    let mut is_refused = false;
    while let Some(job) = jobs.blocking_recv() {
        match job {
            Job::Line(line) => {
                if let Err(why) = file.write_all(&line)
                    && !is_refused
                {
                    is_refused = true;
                    tracing::error!(%why, cassette = %path.display(), "exchanges cannot be recorded");
                }
            }
            // Whoever asked may have gone.
            Job::Flush(done) => drop(done.send(())),
        }
    }
}
