//! Work on tasks is paid from the agent's own account, answer by answer: reserved before, settled after, within the caps of the village.

use std::sync::Arc;

use hamlet_protocol::command::{Answer, Command, Outcome as Came};
use hamlet_protocol::economy::command::{EconomyCommand, EconomyOutcome, Reserve, Usage};
use hamlet_protocol::ids::AgentId;

use super::Inner;
use crate::wire;

/// What is paid for, in the books.
const PURPOSE: &str = "task";
/// Seconds beyond the work's own limit after which a reservation is free again by itself.
const SPARE_SECS: u64 = 60;

/// Money that is set aside for one answer. Whatever becomes of the answer, it is settled.
pub(super) struct Hold {
    inner: Arc<Inner>,
    reservation: Option<u64>,
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
        model: &str,
    ) -> Result<Hold, String> {
        let mut hold = Hold {
            inner: Arc::clone(self),
            reservation: None,
            used: Usage::default(),
        };
        let economy = &self.scenario.economy;
        // Nobody is asked to pay where nobody was given any money.
        if economy.grant.0 <= 0 && !economy.budgets.contains_key("treasury") {
            return Ok(hold);
        }
        let estimate = Usage {
            tokens_in: u64::from(self.config.prompt_tokens_max),
            tokens_out: u64::from(self.config.task_answer_tokens_max),
            ..Usage::default()
        };
        let secs = self.config.task_secs_max + SPARE_SECS;
        let reserve = Reserve {
            agent,
            owner: None,
            estimate,
            purpose: PURPOSE.to_owned(),
            model: model.to_owned(),
            ttl_secs: u32::try_from(secs).unwrap_or(u32::MAX),
        };
        let command = economy_command(EconomyCommand::Reserve(reserve));
        match Arc::clone(&self.village).command(command).await {
            None => Err("The village is stopping.".to_owned()),
            Some(Err(refused)) => Err(refused.to_string()),
            Some(Ok(applied)) => {
                if let Came::Economy(EconomyOutcome::Reserved { reservation, .. }) = applied.outcome
                {
                    hold.reservation = Some(reservation);
                }
                Ok(hold)
            }
        }
    }
}

impl Hold {
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
        if let Some(command) = self.settlement() {
            settled(Arc::clone(&self.inner.village).command(command).await);
        }
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
        let Some(command) = self.settlement() else {
            return;
        };
        let village = Arc::clone(&self.inner.village);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // The village ends; what was reserved is free again by itself.
            return;
        };
        runtime.spawn(async move { settled(village.command(command).await) });
    }
}

fn economy_command(command: EconomyCommand) -> Command {
    Command::Economy(Box::new(command))
}
