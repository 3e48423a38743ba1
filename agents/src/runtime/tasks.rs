//! Work on tasks, performed: the pool is asked with people's priority, their words are heard as they come, and what it costs is booked.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use hamlet_protocol::minds::{ThoughtAsk, ThoughtTerms, Wake};
use hamlet_protocol::task::{TaskEar, TaskEnd, TaskKind, TaskSaid, TaskTurn};
use tokio::time::Instant;

use super::Inner;
use super::accounts::Spent;
use super::purse::Hold;
use super::tab::Tab;
use super::vectors::{AWAITING_MAX, NO_THOUGHT, Payer, Wanted};
use crate::pool::{Answered, Ask, PoolError, in_time};
use crate::scene::Scene;
use crate::skills::{Desk, Offer, RECALL};
use crate::task::{Next, Task, TaskLimits, TaskOutcome, TaskPrompt, newest_words};
use crate::wire::ChatMessage;

impl Inner {
    /// Works on what a person has written, until there is an answer, a question or an honest failure.
    pub(super) async fn work_on(self: Arc<Self>, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskEnd {
        let Some(scene) = self.task_scene(&turn) else {
            return fail(&*ear, TaskOutcome::Gone, TaskEnd::default());
        };
        if !self.lock().accounts.task_may_begin() {
            return fail(&*ear, TaskOutcome::Budget, TaskEnd::default());
        }
        // Booked and recorded when the work ends, and as well when it is broken off.
        let mut tab = Tab::open(Arc::clone(&self), &scene, &turn);
        let offer = self.task_offer(&scene, &turn);
        let limit = Duration::from_secs(self.config.task_secs_max);
        let deadline = Instant::now() + limit;
        let (meaning, spent) = self.task_meaning(&scene, &turn, deadline).await;
        tab.add_vectors(&spent);
        let Some((mut task, mut next)) = self.take_task(&scene, &turn, meaning) else {
            return fail(&*ear, TaskOutcome::Gone, tab.close(TaskOutcome::Gone));
        };
        let mut unpaid = None;
        let outcome = loop {
            let request = match next {
                Next::End(outcome) => break outcome,
                Next::Ask(request) => request,
            };
            let mut hold = match self.hold(turn.agent, &request).await {
                Ok(hold) => hold,
                Err(why) => {
                    unpaid = Some(why);
                    break TaskOutcome::Unpaid;
                }
            };
            let (purpose, priority) = hold.entitles(&scene);
            tab.record.asked(&request);
            let ask = Ask {
                request,
                answer_tokens_max: self.config.task_answer_tokens_max,
                temperature: self.config.temperature,
                prefix: task.prefix(),
                priority,
                purpose,
                deadline,
                bill: tab.bill.clone(),
            };
            let answered = self.ask_aloud(ask, &*ear, &mut hold).await;
            // Before anything at which whoever waits may let go.
            if let Ok(answered) = &answered {
                tab.add(answered);
                ear.spent(tab.so_far());
            }
            // Whoever hears the end finds it settled.
            hold.settle().await;
            tab.record.answered(&answered);
            // Who remembers nothing for this person asks nothing of their memory.
            let calls = answered.as_ref().map(|it| task.recalls(&it.answer));
            let calls = calls.unwrap_or_default();
            let (mut meanings, spent) = self.meanings_of(&calls, &scene, deadline).await;
            tab.add_vectors(&spent);
            let record = &mut tab.record;
            next = task.step(answered, &mut |call| {
                let meaning = meanings.remove(&call.arguments);
                let done = self.look_up(&scene, &offer, &call.name, &call.arguments, meaning);
                record.looked(call, &done);
                done
            });
            for said in task.take_said() {
                ear.said(said);
            }
        };
        let end = tab.close(outcome);
        if let Some(why) = unpaid {
            ear.said(failure(format!(
                "I cannot pay for the answer of a language model: {why} Nothing was delivered beyond what you see."
            )));
            return end;
        }
        fail(&*ear, outcome, end)
    }

    /// The world for whoever works; `None` where they have left.
    fn task_scene(&self, turn: &TaskTurn) -> Option<Scene> {
        let no = u32::try_from(self.ids.number(turn.agent)?).ok()?;
        let scene = Scene {
            scenario: Arc::clone(&self.scenario),
            ids: self.ids,
            ask: ThoughtAsk {
                thought: NO_THOUGHT,
                agent: turn.agent,
                no,
                fence: 0,
                asked: turn.view.tick,
                due: turn.view.tick,
                wake: Wake::Spoken,
                last: Vec::new(),
                // Each answer is paid for by itself.
                terms: ThoughtTerms::Free,
            },
            view: Arc::clone(&turn.view),
        };
        scene.me().is_some().then_some(scene)
    }

    /// What the newest message asks of somebody's memory, as a vector, where the pool's model is used; on the way, what they remember gets its own.
    /// Whoever may not look into them has them remember nothing, and nothing is asked.
    async fn task_meaning(
        &self,
        scene: &Scene,
        turn: &TaskTurn,
        deadline: Instant,
    ) -> (Option<Vec<f32>>, Spent) {
        if !self.recollection.takes_time() || !turn.sees_inside {
            return (None, Spent::default());
        }
        let memory = self.memory(scene.ask.no);
        let awaiting = super::lock(&memory).awaiting();
        let awaiting = awaiting.into_iter().take(AWAITING_MAX);
        let (rows, mut texts): (Vec<u64>, Vec<String>) = awaiting.unzip();
        texts.push(newest_words(turn).to_owned());
        let mut wanted = Wanted::default();
        wanted.add(Payer::of(scene), texts);
        let (mut vectors, spent) = self.vectors_at_a_price(wanted, deadline).await;
        let meaning = vectors.pop().flatten();
        for (row, vector) in rows.into_iter().zip(vectors) {
            if let Some(vector) = vector {
                super::lock(&memory).set_vector(row, vector);
            }
        }
        (meaning, spent)
    }

    fn take_task(
        &self,
        scene: &Scene,
        turn: &TaskTurn,
        meaning: Option<Vec<f32>>,
    ) -> Option<(Task, Next)> {
        let tools = Task::tools(&self.task_offer(scene, turn));
        let functions = self.config.function_calling;
        let memory = self.memory(scene.ask.no);
        let prompt = {
            let memory = super::lock(&memory);
            TaskPrompt::new(scene, turn, &memory, meaning, &tools, functions)?
        };
        let limits = TaskLimits {
            turns_max: self.config.turns_max,
            tokens_max: u64::from(self.config.thought_tokens_max),
            prompt_tokens_max: self.config.prompt_tokens_max,
        };
        Some(Task::begin(prompt, tools, functions, limits))
    }

    /// What somebody can look up for this person: whoever may not look into them is told nothing of what they remember.
    fn task_offer(&self, scene: &Scene, turn: &TaskTurn) -> Offer {
        let offer = self.offer(scene);
        match turn.sees_inside {
            true => offer,
            false => offer.without(RECALL),
        }
    }

    /// One answer, whose words are passed on as they come where they are words for the person.
    async fn ask_aloud(
        &self,
        ask: Ask,
        ear: &dyn TaskEar,
        hold: &mut Hold,
    ) -> Result<Answered, PoolError> {
        let asked: usize = ask.request.messages.iter().map(ChatMessage::bytes).sum();
        hold.so_far(asked, 0);
        let deadline = ask.deadline;
        let (coming, mut heard) = self.pool.submit_heard(ask);
        let answered = in_time(coming, deadline);
        let mut answered = std::pin::pin!(answered);
        // Models that call no functions write JSON: that is for us alone.
        let aloud = self.config.function_calling;
        let mut open = true;
        let mut known = 0;
        loop {
            tokio::select! {
                biased;
                changed = heard.changed(), if open => {
                    open = changed.is_ok();
                    let words = heard.borrow_and_update();
                    hold.so_far(asked, words.len());
                    if open && aloud && let Some(new) = words.get(known..) {
                        ear.words(known, new);
                        known = words.len();
                    }
                }
                answer = &mut answered => {
                    match &answer {
                        Ok(answered) => hold.used(answered.answer.usage),
                        Err(_) if heard.borrow().is_empty() => hold.unused(),
                        Err(_) => {}
                    }
                    return answer;
                }
            }
        }
    }

    fn look_up(
        &self,
        scene: &Scene,
        offer: &Offer,
        name: &str,
        arguments: &str,
        meaning: Option<Vec<f32>>,
    ) -> Result<crate::skills::Done, crate::skills::Fault> {
        let memory = self.memory(scene.ask.no);
        let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut desk = Desk {
            scene,
            memory: &mut memory,
            meaning,
        };
        self.registry.run(name, arguments, offer, &mut desk)
    }
}

/// Says what went wrong where the agent said nothing final.
fn fail(ear: &dyn TaskEar, outcome: TaskOutcome, mut end: TaskEnd) -> TaskEnd {
    outcome.as_str().clone_into(&mut end.outcome);
    if let Some(text) = outcome.failure() {
        ear.said(failure(text.to_owned()));
    }
    end
}

fn failure(text: String) -> TaskSaid {
    TaskSaid {
        kind: TaskKind::Failure,
        text,
        files: Vec::new(),
        sources: Vec::new(),
        left_out: 0,
    }
}
