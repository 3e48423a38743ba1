//! Hears an agent at work, without ever keeping it waiting.

use hamlet_protocol::task::{TASK_SAID_MAX, TaskEar, TaskSaid};
use tokio::sync::{mpsc, watch};

/// Where what an agent says goes.
pub(super) struct Ear {
    words: watch::Sender<String>,
    said: mpsc::Sender<TaskSaid>,
}

/// The other end.
pub(super) struct Heard {
    pub(super) words: watch::Receiver<String>,
    pub(super) said: mpsc::Receiver<TaskSaid>,
}

pub(super) fn ear() -> (Ear, Heard) {
    let (words, words_heard) = watch::channel(String::new());
    let (said, said_heard) = mpsc::channel(TASK_SAID_MAX);
    let heard = Heard {
        words: words_heard,
        said: said_heard,
    };
    (Ear { words, said }, heard)
}

impl TaskEar for Ear {
    fn words(&self, so_far: &str) {
        self.words.send_modify(|words| {
            words.clear();
            words.push_str(so_far);
        });
    }

    fn said(&self, said: TaskSaid) {
        if self.said.try_send(said).is_err() {
            tracing::warn!("an agent at work says more than anybody writes down");
        }
    }
}
