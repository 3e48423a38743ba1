//! One thought's effects, performed.

use std::sync::{Arc, PoisonError};

use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Command, Outcome as Came};
use hamlet_protocol::economy::command::Usage;
use hamlet_protocol::minds::{ActReport, MindsCommand, ThoughtAnswer, ThoughtEnd};
use hamlet_protocol::money::Money;

use super::accounts::Whose;
use super::halts::Brake;
use super::{Inner, Open};
use crate::pool::{Coming, PoolError, in_time};
use crate::skills::{Desk, Done};
use crate::thought::{Effect, Observed, Outcome, Ran, Thought};
use crate::wire::ToolCall;

/// What the village said to an answer.
#[derive(Default)]
pub(super) struct Told {
    /// What became of each act.
    reports: Vec<ActReport>,
    /// What the thought cost whoever thought it, once it is over and where it has a price.
    charged: Option<Money>,
}

impl Inner {
    /// From the first answer to the end, or until it is broken off; what was sent and brought no answer is booked.
    pub(super) async fn think_through(
        &self,
        open: &mut Open,
        first: Coming,
        brake: Brake,
    ) -> Outcome {
        let outcome = tokio::select! {
            biased;
            outcome = self.go_through(open, first) => outcome,
            // Whoever waited for the answer lets go of it: that withdraws the request.
            () = brake.pulled() => Outcome::Stale,
        };
        open.lost = open.bill.take();
        if !open.lost.is_empty() {
            let whose = Whose::of(&open.scene);
            let counts = !self.lockstep;
            self.lock().accounts.lost(&whose, &open.lost, counts);
        }
        outcome
    }

    async fn go_through(&self, open: &mut Open, first: Coming) -> Outcome {
        let deadline = open.limits.deadline;
        let mut coming = first;
        loop {
            let answered = in_time(coming, deadline).await;
            open.record.answered(&answered);
            if answered == Err(PoolError::Late) {
                return Outcome::OutOfTime;
            }
            let mut effect = open.thought.step(Observed::Answered(Box::new(answered)));
            // Skills answer at once, so that the next thing that takes time is another question.
            loop {
                match effect {
                    Effect::End(outcome) => return outcome,
                    Effect::Ask(request) => {
                        open.record.asked(&request);
                        let ask = open.ask(request);
                        coming = match self.pool.submit(vec![ask]).pop() {
                            Some(coming) => coming,
                            None => return Outcome::Unavailable,
                        };
                        break;
                    }
                    Effect::Run(calls) => {
                        let ran = match self.run(open, &calls).await {
                            Ok(ran) => ran,
                            Err(stale) => return stale,
                        };
                        open.record.ran(&calls, &ran);
                        effect = open.thought.step(Observed::Ran(ran));
                    }
                }
            }
        }
    }

    async fn run(&self, open: &Open, calls: &[ToolCall]) -> Result<Vec<Ran>, Outcome> {
        let mut all = Vec::with_capacity(calls.len());
        for call in calls {
            let meaning = self
                .meaning_of(call, &open.scene, open.limits.deadline)
                .await;
            let done = self.run_one(open, call, meaning);
            let ran = match done {
                // Live, the village answers while the thought goes on; in lockstep at its end.
                Ok(Done::Act(act)) if !self.lockstep => {
                    let refused = self.act(open, Act::clone(&act)).await?;
                    Ran::Acted(act, refused.map_or(Ok(()), Err))
                }
                done => Ran::Done(done),
            };
            all.push(ran);
        }
        Ok(all)
    }

    fn run_one(
        &self,
        open: &Open,
        call: &ToolCall,
        meaning: Option<Vec<f32>>,
    ) -> Result<Done, crate::skills::Fault> {
        let mut memory = open.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut desk = Desk {
            scene: &open.scene,
            memory: &mut memory,
            meaning,
        };
        self.registry
            .run(&call.name, &call.arguments, &open.offer, &mut desk)
    }

    /// One act at once. Gives back why it was refused, if it was; an error where the thought is out of date.
    async fn act(&self, open: &Open, act: Act) -> Result<Option<String>, Outcome> {
        let answer = ThoughtAnswer {
            agent: open.scene.ask.agent,
            fence: open.scene.ask.fence,
            acts: vec![act],
            end: ThoughtEnd::Open,
            usage: Usage::default(),
        };
        let told = self.tell(answer).await.ok_or(Outcome::Stale)?;
        Ok(told
            .reports
            .into_iter()
            .next()
            .and_then(|report| report.refused))
    }

    /// Gives the village what a thought came to. Gives back how it ended, and what whoever thought it paid.
    pub(super) async fn deliver(&self, open: &Open, outcome: Outcome) -> (Outcome, Option<Money>) {
        let acts = open.thought.acts.clone();
        let answer = ThoughtAnswer {
            agent: open.scene.ask.agent,
            fence: open.scene.ask.fence,
            end: match outcome.end() {
                ThoughtEnd::Failed if !acts.is_empty() => ThoughtEnd::Done,
                end => end,
            },
            acts,
            usage: self.usage_of(&open.thought),
        };
        match self.tell(answer).await {
            Some(told) => (outcome, told.charged),
            None => (Outcome::Stale, None),
        }
    }

    /// What a thought used, as it is charged. What a server had in its cache is cheaper live; in lockstep it counts like all else,
    /// for it depends on how many servers there are and which was free.
    fn usage_of(&self, thought: &Thought) -> Usage {
        let used = thought.usage;
        let cached = match self.lockstep {
            true => 0,
            false => used.cached.min(used.input),
        };
        Usage {
            tokens_in: used.input - cached,
            tokens_cached: cached,
            tokens_out: used.output,
            tool_ms: 0,
        }
    }

    /// What became of it; `None` when the village wants the answer no longer.
    pub(super) async fn tell(&self, answer: ThoughtAnswer) -> Option<Told> {
        let command = Command::Minds(MindsCommand::Think(Box::new(answer)));
        match Arc::clone(&self.village).command(command).await? {
            Ok(applied) => match applied.outcome {
                Came::Thought { reports, charged } => Some(Told { reports, charged }),
                _ => Some(Told::default()),
            },
            Err(refused) => {
                tracing::debug!(%refused, "the village wants a thought no longer");
                None
            }
        }
    }
}
