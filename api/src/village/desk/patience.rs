//! Commands of minds. They come of long work that nobody does again, so a village that is merely busy is waited for.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use hamlet_protocol::command::{Answer, Command, Rejection, RejectionCode};
use hamlet_protocol::minds::VillageHandle;
use hamlet_sim::bridge::{Envelope, InboxError};
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::Desk;
use crate::village::Health;

/// Wait between two tries to hand a command in: first and longest.
const TRY_FIRST: Duration = Duration::from_millis(10);
const TRY_LONGEST: Duration = Duration::from_secs(1);

impl VillageHandle for Desk {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        Box::pin(self.insist(command))
    }
}

impl Desk {
    /// Hands a command in as soon as there is room for it and a database to keep it, and waits for the answer; `None` once the village has ended.
    ///
    /// What has been handed in is never handed in again, however long its commit takes: it would be done twice.
    async fn insist(&self, command: Command) -> Option<Answer> {
        if self.is_for_reading {
            let refused = self.open().err()?;
            let refused = Rejection::new(RejectionCode::Changed, refused.detail, refused.hint);
            return Some(Err(refused));
        }
        let (sender, answer) = oneshot::channel();
        let mut envelope = Envelope {
            command,
            stamp_ms: None,
            side: None,
            reply: Box::new(move |answer| {
                // Whoever asked may have been given up.
                drop(sender.send(answer));
            }),
        };
        let mut wait = TRY_FIRST;
        loop {
            match &*self.published.health() {
                Health::Stopped { .. } => return None,
                Health::Paused { .. } => {}
                Health::Ready => {
                    envelope.stamp_ms = Some(self.clock.now_ms());
                    match self.sim.try_send(envelope) {
                        Ok(()) => break,
                        Err(InboxError::Full(back)) => envelope = *back,
                        Err(InboxError::Stopped) => return None,
                    }
                }
            }
            sleep(wait).await;
            wait = (wait * 2).min(TRY_LONGEST);
        }
        answer.await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;
    use std::task::Poll;

    use crossbeam_channel::bounded;
    use hamlet_protocol::act::Act;
    use hamlet_protocol::ids::AgentId;
    use hamlet_sim::bridge::SimHandle;

    use super::*;
    use crate::directory::Directory;
    use crate::time::StillClock;
    use crate::village::cold::nowhere;
    use crate::village::published::Published;

    fn desk() -> (Desk, Arc<Published>) {
        let published = Published::new(Arc::new(nowhere()), Directory::default());
        let published = Arc::new(published);
        let (jobs, _nobody) = bounded(1);
        let clock = Arc::new(StillClock::at(0));
        let desk = Desk::new(
            SimHandle::of_nobody(),
            jobs,
            Arc::clone(&published),
            clock as _,
        );
        (desk, published)
    }

    fn say() -> Command {
        Command::Act {
            agent: AgentId(uuid::Uuid::nil()),
            act: Act::Say {
                text: "Good day.".to_owned(),
            },
        }
    }

    fn paused() -> Health {
        Health::Paused {
            reason: "the database is gone".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_database_that_is_gone_is_waited_for_and_an_end_is_an_end() {
        for end in [
            Health::Ready,
            Health::Stopped {
                reason: "it has ended".to_owned(),
            },
        ] {
            let (desk, published) = desk();
            published.set_health(paused());
            let mut answer = VillageHandle::command(&desk, say());
            let first = poll_fn(|cx| Poll::Ready(answer.as_mut().poll(cx))).await;
            assert!(first.is_pending(), "it only pauses: {first:?}");
            // Nobody drains this village's inbox: once it may be tried, it turns out to have stopped.
            published.set_health(end);
            assert_eq!(answer.await, None);
        }
    }

    #[tokio::test]
    async fn a_replay_refuses_at_once() {
        let (desk, _) = desk();
        let desk = desk.for_reading();
        let answer = VillageHandle::command(&desk, say()).await;
        assert!(matches!(answer, Some(Err(_))), "{answer:?}");
    }
}
