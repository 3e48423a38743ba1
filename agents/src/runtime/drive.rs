//! One thought's effects, performed.

use std::sync::{Arc, PoisonError};

use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Command, Outcome as Came};
use hamlet_protocol::minds::{ActReport, MindsCommand, ThoughtAnswer, ThoughtEnd};

use super::{Inner, Open};
use crate::pool::{Coming, PoolError, in_time};
use crate::skills::{Desk, Done};
use crate::thought::{Effect, Observed, Outcome, Ran};
use crate::wire::ToolCall;

impl Inner {
    /// From the first answer to the end.
    pub(super) async fn think_through(&self, open: &mut Open, first: Coming) -> Outcome {
        let deadline = open.limits.deadline;
        let mut coming = first;
        loop {
            let answered = in_time(coming, deadline).await;
            if answered == Err(PoolError::Late) {
                return Outcome::OutOfTime;
            }
            open.record.answered(&answered);
            let mut effect = open.thought.step(Observed::Answered(Box::new(answered)));
            // Skills answer at once, so that the next thing that takes time is another question.
            loop {
                match effect {
                    Effect::End(outcome) => return outcome,
                    Effect::Ask(request) => {
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
            let meaning = self.meaning_of(call, open.limits.deadline).await;
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
        };
        let reports = self.tell(answer).await.ok_or(Outcome::Stale)?;
        Ok(reports.into_iter().next().and_then(|report| report.refused))
    }

    /// Gives the village what a thought came to.
    pub(super) async fn deliver(&self, open: &Open, outcome: Outcome) -> Outcome {
        let acts = open.thought.acts.clone();
        let answer = ThoughtAnswer {
            agent: open.scene.ask.agent,
            fence: open.scene.ask.fence,
            end: match outcome.end() {
                ThoughtEnd::Failed if !acts.is_empty() => ThoughtEnd::Done,
                end => end,
            },
            acts,
        };
        match self.tell(answer).await {
            Some(_) => outcome,
            None => Outcome::Stale,
        }
    }

    /// What became of the acts; `None` when the village wants the answer no longer.
    pub(super) async fn tell(&self, answer: ThoughtAnswer) -> Option<Vec<ActReport>> {
        let command = Command::Minds(MindsCommand::Think(Box::new(answer)));
        match Arc::clone(&self.village).command(command).await? {
            Ok(applied) => match applied.outcome {
                Came::Thought { reports } => Some(reports),
                _ => Some(Vec::new()),
            },
            Err(refused) => {
                tracing::debug!(%refused, "the village wants a thought no longer");
                None
            }
        }
    }
}
