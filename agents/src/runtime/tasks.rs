//! Work on tasks, performed: the pool is asked with people's priority, their words are heard as they come, and what it costs is booked.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use hamlet_protocol::minds::{ThoughtAsk, ThoughtTerms, Wake};
use hamlet_protocol::task::{TaskEar, TaskEnd, TaskKind, TaskSaid, TaskTurn};
use tokio::time::Instant;

use super::Inner;
use super::accounts::{Spent, Whose};
use super::purse::Hold;
use super::record::{Record, TaskRecord, What, text};
use super::vectors::NO_THOUGHT;
use crate::pool::{Answered, Ask, Bill, PoolError, in_time};
use crate::scene::Scene;
use crate::skills::{Desk, Offer, RECALL};
use crate::task::{Next, Task, TaskLimits, TaskOutcome, TaskPrompt};
use crate::wire::ChatMessage;

/// How work ended that whoever waited for it has broken off.
const BROKEN_OFF: &str = "broken_off";

impl Inner {
    /// Works on what a person has written, until there is an answer, a question or an honest failure.
    pub(super) async fn work_on(self: Arc<Self>, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskEnd {
        let Some((scene, mut task, next)) = self.take_task(&turn) else {
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
        let mut next = next;
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
                ear.spent(tab.spent.cost.round() as i64);
            }
            // Whoever hears the end finds it settled.
            hold.settle().await;
            let record = &mut tab.record;
            record.answered(&answered);
            let calls = answered.as_ref().map(|it| task.recalls(&it.answer));
            let mut meanings = self
                .meanings_of(calls.unwrap_or_default(), &scene, deadline)
                .await;
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

    fn take_task(&self, turn: &TaskTurn) -> Option<(Scene, Task, Next)> {
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
        let tools = Task::tools(&self.task_offer(&scene, turn));
        let functions = self.config.function_calling;
        let memory = self.memory(no);
        let prompt = {
            let memory = super::lock(&memory);
            TaskPrompt::new(&scene, turn, &memory, &tools, functions)?
        };
        let limits = TaskLimits {
            turns_max: self.config.turns_max,
            tokens_max: u64::from(self.config.thought_tokens_max),
            prompt_tokens_max: self.config.prompt_tokens_max,
        };
        let (task, next) = Task::begin(prompt, tools, functions, limits);
        Some((scene, task, next))
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

/// What a task has cost so far, and what was said: booked and recorded when this is dropped, however the work ended.
struct Tab {
    inner: Arc<Inner>,
    began: Instant,
    whose: Whose,
    spent: Spent,
    outcome: &'static str,
    of: TaskRecord,
    record: Record,
    /// Where requests note what brought no answer, and what of that is booked.
    bill: Bill,
    lost: Spent,
}

impl Tab {
    fn open(inner: Arc<Inner>, scene: &Scene, turn: &TaskTurn) -> Self {
        Self {
            whose: Whose::of(scene),
            spent: Spent::default(),
            outcome: BROKEN_OFF,
            of: TaskRecord {
                task: text(&turn.title),
                person: turn.person.clone(),
                agent: turn.agent,
                asked: scene.ask.asked,
                end: TaskEnd::default(),
                took_ms: 0,
            },
            record: Record::new(!inner.recordings.is_closed()),
            bill: Bill::default(),
            lost: Spent::default(),
            inner,
            began: Instant::now(),
        }
    }

    /// An answer has come.
    fn add(&mut self, answered: &Answered) {
        let usage = answered.answer.usage;
        self.spent.by = Some((answered.model.clone(), answered.endpoint.clone()));
        self.spent.usage.input += usage.input;
        self.spent.usage.cached += usage.cached;
        self.spent.usage.output += usage.output;
        self.spent.cost += answered.cost;
        self.spent.turns += 1;
    }

    /// It has ended by itself; what it took, tries that brought no answer included.
    fn close(&mut self, outcome: TaskOutcome) -> TaskEnd {
        self.outcome = outcome.as_str();
        self.book_lost();
        self.end()
    }

    fn book_lost(&mut self) {
        let lost = self.bill.take();
        if lost.is_empty() {
            return;
        }
        for one in &lost {
            self.lost.usage.input += one.usage.input;
            self.lost.usage.output += one.usage.output;
            self.lost.cost += one.cost;
        }
        let counts = !self.inner.lockstep;
        let mut state = self.inner.lock();
        state.accounts.lost(&self.whose, &lost, counts);
    }

    fn end(&self) -> TaskEnd {
        let by = self.spent.by.as_ref();
        TaskEnd {
            outcome: self.outcome.to_owned(),
            turns: self.spent.turns,
            model: by.map(|(model, _)| model.clone()),
            tokens_in: self.spent.usage.input + self.lost.usage.input,
            tokens_out: self.spent.usage.output + self.lost.usage.output,
            cost_micros: (self.spent.cost + self.lost.cost).round() as i64,
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.book_lost();
        self.spent.took_ms = self.began.elapsed().as_millis() as u64;
        let what = What::Task(TaskRecord {
            end: self.end(),
            took_ms: self.spent.took_ms,
            ..self.of.clone()
        });
        let record = std::mem::take(&mut self.record);
        if let Some(recorded) = record.close(self.whose.agent.clone(), what) {
            self.inner.keep(recorded);
        }
        self.inner
            .lock()
            .accounts
            .task_ended(&self.whose, &self.spent);
    }
}
