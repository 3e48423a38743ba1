//! Work on tasks is paid from the agent's own account, answer by answer: reserved before, settled after, within the caps of the village.

use std::sync::Arc;

use hamlet_protocol::command::{Answer, Command, Outcome as Came};
use hamlet_protocol::economy::command::{EconomyCommand, EconomyOutcome, TaskReserve, Usage};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::ThoughtTerms;
use tokio::task::JoinHandle;

use super::{Inner, entitled_by};
use crate::config::Purpose;
use crate::scene::Scene;
use crate::wire::{self, ChatRequest};

/// Seconds beyond the work's own limit after which a reservation is free again by itself.
const SPARE_SECS: u64 = 60;
/// Why nothing is reserved where nobody is there to do it.
const STOPPING: &str = "The village is stopping.";

/// Money that is set aside for one answer. Whatever becomes of the answer, it is settled.
pub(super) struct Hold {
    inner: Arc<Inner>,
    reservation: Option<u64>,
    terms: ThoughtTerms,
    used: Usage,
}

impl Inner {
    /// Sets aside what one answer can cost at most.
    ///
    /// # Errors
    /// Why the agent cannot pay for it, and what to do.
    pub(super) async fn hold(
        self: &Arc<Self>,
        agent: AgentId,
        request: &ChatRequest,
    ) -> Result<Hold, String> {
        let mut hold = Hold {
            inner: Arc::clone(self),
            reservation: None,
            terms: ThoughtTerms::Free,
            used: Usage::default(),
        };
        // Nobody is asked to pay where nobody was given any money.
        if !self.scenario.economy.is_lived_by() {
            return Ok(hold);
        }
        let estimate = Usage {
            tokens_in: u64::from(self.config.prompt_tokens_max) + tokens_beside(request),
            tokens_out: u64::from(self.config.task_answer_tokens_max),
            ..Usage::default()
        };
        let secs = self.config.task_secs_max + SPARE_SECS;
        let reserve = TaskReserve {
            agent,
            estimate,
            ttl_secs: u32::try_from(secs).unwrap_or(u32::MAX),
        };
        let command = economy_command(EconomyCommand::ReserveForTask(reserve));
        let village = Arc::clone(&self.village);
        // It goes on where whoever waits lets go: then what is reserved is dropped in it, and free again.
        let reserving = tokio::spawn(async move {
            match village.command(command).await {
                None => Err(STOPPING.to_owned()),
                Some(Err(refused)) => Err(refused.to_string()),
                Some(Ok(applied)) => {
                    if let Came::Economy(EconomyOutcome::ReservedForTask { reservation, terms }) =
                        applied.outcome
                    {
                        (hold.reservation, hold.terms) = (reservation, terms);
                    }
                    Ok(hold)
                }
            }
        });
        let reserved = reserving.await;
        reserved.unwrap_or_else(|_| Err(STOPPING.to_owned()))
    }
}

/// Tokens of a request that a prompt's limit does not count: what may be called, and the shape of the answer.
fn tokens_beside(request: &ChatRequest) -> u64 {
    let tools = serde_json::to_vec(&request.tools).map_or(0, |json| json.len());
    let shape = serde_json::to_vec(&request.response_format).map_or(0, |json| json.len());
    (tools + shape).div_ceil(4) as u64
}

impl Hold {
    /// What models the answer may come from, and its place in the queue: people wait for it, so it comes before thoughts of its tier.
    pub(super) fn entitles(&self, scene: &Scene) -> (Purpose, u8) {
        let (purpose, place) = entitled_by(&self.terms, scene);
        (purpose, place.saturating_sub(1))
    }

    /// What has been used so far, should nobody come to say more.
    pub(super) fn so_far(&mut self, asked_bytes: usize, said_bytes: usize) {
        self.used.tokens_in = asked_bytes.div_ceil(4) as u64;
        self.used.tokens_out = said_bytes.div_ceil(4) as u64;
    }

    /// What was used.
    pub(super) fn used(&mut self, usage: wire::Usage) {
        self.used = Usage {
            tokens_in: usage.input.saturating_sub(usage.cached),
            tokens_cached: usage.cached,
            tokens_out: usage.output,
            tool_ms: 0,
        };
    }

    /// Nothing came of it, and nothing is to be paid.
    pub(super) fn unused(&mut self) {
        self.used = Usage::default();
    }

    /// Settles it, and waits until that is done.
    pub(super) async fn settle(mut self) {
        if let Some(settling) = self.settling() {
            // What goes wrong in it is said there.
            drop(settling.await);
        }
    }

    /// Settles it, once, whether or not anybody waits for that.
    fn settling(&mut self) -> Option<JoinHandle<()>> {
        let command = self.settlement()?;
        let village = Arc::clone(&self.inner.village);
        // Without a runtime the village ends; what was reserved is free again by itself.
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        Some(runtime.spawn(async move { settled(village.command(command).await) }))
    }

    /// How it is settled, once.
    fn settlement(&mut self) -> Option<Command> {
        let reservation = self.reservation.take()?;
        let usage = self.used;
        Some(economy_command(if usage.tokens() == 0 {
            EconomyCommand::Release { reservation }
        } else {
            EconomyCommand::Settle { reservation, usage }
        }))
    }
}

fn settled(answer: Option<Answer>) {
    if let Some(Err(refused)) = answer {
        tracing::warn!(%refused, "work on a task could not be settled");
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        drop(self.settling());
    }
}

fn economy_command(command: EconomyCommand) -> Command {
    Command::Economy(Box::new(command))
}
