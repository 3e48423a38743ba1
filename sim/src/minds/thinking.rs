//! Minds outside the tick: who is asked for a thought and when, and what becomes of the answer.
//!
//! The village only keeps its own side: a question with a fence, the tick after which it takes effect, and what was refused.
//! Whether an answer comes at once, late or never changes nothing else here; how time waits for answers is the bridge's business.

use bevy_ecs::prelude::*;
use hamlet_protocol::agent::{Activity, MindKind};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::economy::command::Usage;
use hamlet_protocol::image::{SeenImage, WalkImage};
use hamlet_protocol::minds::{
    ACTS_MAX, ActReport, MindImage, MindsImage, OpenThought, THINK_SECS_MAX, THINK_SECS_MIN,
    ThoughtAnswer, ThoughtAsk, ThoughtEnd, Wake,
};

use super::resting;
use crate::rng::{Purpose, Stream};
use crate::town::{ActResult, Town};

/// Ticks from a question to its effect where a template says nothing.
const THINK_TICKS: u64 = 10;
/// Thoughts that are this many times as late as they may be are given up, unless whoever thinks was given longer: whoever thought them is gone.
const LATE_FACTOR: u64 = 60;
/// Who stands about is asked four times as often as who is busy.
const FREE_SHARE: u32 = 4;
/// Tokens that one thought may be thought to use at most.
const ESTIMATE_TOKENS_MAX: u64 = 100_000_000;
/// Characters of a refusal that are kept.
const REFUSAL_CHARS_MAX: usize = 300;

/// What the village knows of minds outside the tick.
#[derive(Resource, Debug, Default)]
pub(crate) struct Thinking {
    pub(crate) data: MindsImage,
    /// Questions since they were last taken.
    pub(crate) asks: Vec<ThoughtAsk>,
    /// Whether anybody takes them.
    pub(super) taken: bool,
    /// Residents with numbers below this have been looked at; found out anew after every start.
    looked: u32,
}

impl Thinking {
    /// With somebody who takes the questions, or, in a replay, without.
    pub(crate) fn new(taken: bool) -> Self {
        Self {
            taken,
            ..Self::default()
        }
    }

    /// Whether a mind outside decides for somebody at this tick and stamp.
    fn thinks(&self, no: u32, kind: MindKind, tick: u64, stamp_ms: i64) -> bool {
        let decides = |mind: &MindImage| {
            mind.habit_until <= tick
                && mind.unpaid.is_none()
                && !resting::rests(mind, tick, stamp_ms)
        };
        kind == MindKind::Llm
            && self.data.think_secs.is_some()
            && self.data.minds.get(&no).is_none_or(decides)
    }

    /// Counts a thought that came to an end.
    fn count(&mut self, usage: &Usage) {
        self.data.ended += 1;
        self.data.tokens = self.data.tokens.saturating_add(usage.tokens());
    }

    /// The tick after which an open thought with this fence takes effect.
    pub(crate) fn due_of(&self, no: u32, fence: u64) -> Option<u64> {
        let mind = self.data.minds.get(&no)?;
        Some(mind.open.filter(|_| mind.fence == fence)?.due)
    }
}

/// Everybody whose time has come is asked for a thought, in order of agent numbers.
pub(super) fn ask_for_thoughts(mut town: Town) {
    let Some(think_secs) = town.thinking.data.think_secs else {
        return;
    };
    town.meet_new_minds();
    let numbers: Vec<u32> = town.thinking.data.minds.keys().copied().collect();
    for no in numbers {
        if !town.is_resident(no) {
            town.thinking.data.minds.remove(&no);
            continue;
        }
        let mind = town.thinking.data.minds[&no].clone();
        match mind.open {
            Some(open) if town.is_too_late(no, &open) => town.give_up(no, think_secs),
            Some(_) => {}
            None => {
                if town.may_try_to_pay(no, &mind)
                    && let Some(wake) = town.wakes(no, &mind)
                {
                    town.ask(no, wake);
                }
            }
        }
    }
}

impl Town<'_, '_> {
    /// Whether needs and habits decide for somebody, now.
    pub(crate) fn lives_by_habit(&mut self, no: u32) -> bool {
        let identity = self.resident(no).identity;
        let (habit, kind) = (identity.lives_by_habit(), identity.mind);
        habit && !self.mind_decides(no, kind)
    }

    /// Whether a mind outside decides for somebody, now.
    pub(super) fn mind_decides(&self, no: u32, kind: MindKind) -> bool {
        let (tick, stamp_ms) = (self.clock.tick, self.clock.stamp_ms);
        self.thinking.thinks(no, kind, tick, stamp_ms) && !self.is_halted(no)
    }

    /// From now on language models think for those who have such a mind.
    pub(crate) fn attach_minds(
        &mut self,
        think_secs: u32,
        estimate: Option<Usage>,
        late_secs: Option<u32>,
    ) -> ActResult {
        if !(THINK_SECS_MIN..=THINK_SECS_MAX).contains(&think_secs) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("Minds cannot be asked every {think_secs} seconds."),
                format!("Use {THINK_SECS_MIN} to {THINK_SECS_MAX} seconds of sim time."),
            ));
        }
        if estimate.is_some_and(|it| it.tokens() > ESTIMATE_TOKENS_MAX || it.tool_ms > 0) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "Nobody reserves so much for one thought.",
                format!("Use {ESTIMATE_TOKENS_MAX} tokens or less, and no tools."),
            ));
        }
        let tick = self.clock.tick;
        self.release_thoughts();
        self.thinking.data.think_secs = Some(think_secs);
        self.thinking.data.estimate = estimate;
        self.thinking.data.late_secs = late_secs;
        for mind in self.thinking.data.minds.values_mut() {
            // Answers to older questions are void.
            mind.fence += 1;
            (mind.open, mind.habit_until) = (None, 0);
            (mind.unpaid, mind.rest, mind.broken_off) = (None, None, None);
            (mind.next, mind.soonest) = (tick, tick);
        }
        self.thinking.asks.clear();
        self.thinking.looked = 0;
        self.meet_new_minds();
        Ok(Outcome::Done)
    }

    /// From now on they live by habit.
    pub(crate) fn detach_minds(&mut self) -> Outcome {
        self.release_thoughts();
        self.thinking.data.think_secs = None;
        for mind in self.thinking.data.minds.values_mut() {
            mind.fence += 1;
            mind.open = None;
        }
        self.thinking.asks.clear();
        Outcome::Done
    }

    /// Those with such a mind who have not been seen yet.
    fn meet_new_minds(&mut self) {
        let looked = self.thinking.looked;
        let residents = self.roster.residents();
        let from = residents.partition_point(|&(no, _)| no < looked);
        let (tick, mut new) = (self.clock.tick, Vec::new());
        for &(no, entity) in &residents[from..] {
            let llm = self
                .residents
                .get(entity)
                .is_ok_and(|resident| resident.identity.mind == MindKind::Llm);
            if llm {
                new.push(no);
            }
        }
        self.thinking.looked = residents.last().map_or(looked, |&(no, _)| no + 1);
        for no in new {
            self.thinking
                .data
                .minds
                .entry(no)
                .or_insert_with(|| MindImage {
                    next: tick,
                    soonest: tick,
                    ..MindImage::default()
                });
        }
    }

    /// Why somebody is asked now, if they are. Who sleeps is not, and no mind that is halted.
    fn wakes(&mut self, no: u32, mind: &MindImage) -> Option<Wake> {
        if self.is_halted(no) {
            return None;
        }
        let tick = self.clock.tick;
        if mind.broken_off.is_some_and(|due| tick <= due) {
            return None;
        }
        let resident = self.resident(no);
        let activity = resident.doing.what.activity;
        if activity == Activity::Sleeping {
            return None;
        }
        let still = resident.walk.0 == WalkImage::Still;
        let spoken = resident
            .memory
            .observations
            .iter()
            .rev()
            .take_while(|seen| seen.tick >= mind.asked)
            .any(|seen| matches!(seen.what, SeenImage::Heard(..)));
        if mind.fence == 0 {
            return Some(Wake::Begin);
        }
        let stamp_ms = self.clock.stamp_ms;
        let rested = mind.rest.is_none_or(|rest| rest.until_ms <= stamp_ms);
        if rested && tick >= mind.next {
            return Some(Wake::Time);
        }
        let heeds = mind.rest.is_none_or(|rest| rest.spoken_ms <= stamp_ms);
        let turn = self.clock.ticks(self.rules.0.talk_turn_secs);
        if spoken && heeds && tick >= mind.asked + turn {
            return Some(Wake::Spoken);
        }
        let idle = still && activity == Activity::Idle;
        (rested && idle && tick >= mind.soonest).then_some(Wake::Free)
    }

    /// Ticks that a thought of somebody takes.
    fn think_ticks(&mut self, no: u32) -> u64 {
        let template = std::sync::Arc::clone(&self.resident(no).identity.template);
        let template = self.agenda.scenario.templates.get(&*template);
        template
            .map_or(THINK_TICKS, |template| u64::from(template.think_ticks))
            .max(1)
    }

    fn ask(&mut self, no: u32, wake: Wake) {
        let (reservation, terms) = match self.terms_of_thought(no) {
            Ok(it) => it,
            Err(refused) => return self.leave_unpaid(no, wake, refused),
        };
        let (tick, think_ticks) = (self.clock.tick, self.think_ticks(no));
        let (agent, late_ms) = (self.roster.agent_id(no), self.late_ms());
        let thinking = &mut *self.thinking;
        let thought = thinking.data.thoughts;
        thinking.data.thoughts += 1;
        let Some(mind) = thinking.data.minds.get_mut(&no) else {
            return;
        };
        mind.fence += 1;
        mind.asked = tick;
        let due = tick + think_ticks;
        (mind.unpaid, mind.broken_off) = (None, None);
        mind.open = Some(OpenThought {
            thought,
            due,
            reservation,
            late_ms,
        });
        if thinking.taken {
            thinking.asks.push(ThoughtAsk {
                thought,
                agent,
                no,
                fence: mind.fence,
                asked: tick,
                due,
                wake,
                last: mind.last.clone(),
                terms,
            });
        }
    }

    /// What a thought came to: its acts are done one by one, and what is refused is said.
    ///
    /// # Errors
    /// Where nobody was asked, or the answer is out of date.
    pub(crate) fn think(&mut self, no: u32, answer: &ThoughtAnswer) -> ActResult {
        let think_secs = self.thinking.data.think_secs;
        let open = self.thinking.due_of(no, answer.fence);
        let (Some(think_secs), Some(_due)) = (think_secs, open) else {
            return Err(Rejection::new(
                RejectionCode::Changed,
                "The thought is out of date: another was asked for, or minds live by habit now.",
                "Answer the newest question.",
            ));
        };
        if answer.acts.len() > ACTS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("One thought has at most {ACTS_MAX} acts."),
                "Keep the rest for the next thought.",
            ));
        }
        let mut reports = Vec::with_capacity(answer.acts.len());
        for act in &answer.acts {
            let refused = self.act(no, act).err();
            if refused.is_some() {
                self.totals.refused += 1;
            }
            reports.push(ActReport {
                act: act.name().to_owned(),
                refused: refused.map(|why| {
                    let why = why.to_string();
                    why.chars().take(REFUSAL_CHARS_MAX).collect()
                }),
            });
        }
        let charged = match answer.end {
            ThoughtEnd::Open => None,
            ThoughtEnd::Done | ThoughtEnd::Failed => {
                self.thinking.count(&answer.usage);
                self.charge_thought(no, &answer.usage)
            }
        };
        self.settle_thought(no, answer.end, think_secs, &reports);
        Ok(Outcome::Thought { reports, charged })
    }

    fn settle_thought(&mut self, no: u32, end: ThoughtEnd, think_secs: u32, reports: &[ActReport]) {
        let Some(mind) = self.thinking.data.minds.get_mut(&no) else {
            return;
        };
        mind.last = reports.to_vec();
        // An act may have ended the thought with the mind: nobody then waits for the next.
        if end != ThoughtEnd::Open && mind.open.is_some() {
            self.close(no, think_secs, end == ThoughtEnd::Failed);
        }
    }

    /// Stamp after which nobody waits for the answer to a question of now, where whoever thinks has said how long they may take.
    fn late_ms(&self) -> Option<i64> {
        let late_secs = self.thinking.data.late_secs?;
        Some(
            self.clock
                .stamp_ms
                .saturating_add(i64::from(late_secs) * 1000),
        )
    }

    /// Whether nobody waits for an answer any more. Live the stamp is real time: however fast ticks come, a model has as long as it was given.
    fn is_too_late(&mut self, no: u32, open: &OpenThought) -> bool {
        let (tick, stamp_ms) = (self.clock.tick, self.clock.stamp_ms);
        let in_time = open.late_ms.is_some_and(|late_ms| stamp_ms <= late_ms);
        !in_time && tick > open.due + LATE_FACTOR * self.think_ticks(no)
    }

    /// A thought that never came.
    fn give_up(&mut self, no: u32, think_secs: u32) {
        self.release_thought(no);
        if let Some(mind) = self.thinking.data.minds.get_mut(&no) {
            mind.fence += 1;
        }
        self.close(no, think_secs, true);
    }

    /// The thought is over; when the next one is asked for.
    fn close(&mut self, no: u32, think_secs: u32, failed: bool) {
        let tick = self.clock.tick;
        let (busy, free) = (
            self.clock.ticks(think_secs),
            self.clock.ticks(think_secs / FREE_SHARE),
        );
        // A little apart from each other, so that a town does not think in step.
        let mut stream = Stream::new(self.seed.0, Purpose::Decide, u64::from(no), tick);
        let apart = u64::from(stream.below((busy / 4).max(1) as u32));
        let rest = self.rest_after_thought(no, &mut stream);
        let Some(mind) = self.thinking.data.minds.get_mut(&no) else {
            return;
        };
        mind.open = None;
        mind.next = tick + busy + apart;
        mind.soonest = tick + free + apart / 4;
        mind.rest = rest;
        if failed {
            // Nothing came of it: they do by themselves what they need until then.
            mind.habit_until = mind.next;
            mind.soonest = mind.next;
            self.resident(no).plan.now.next = tick;
        }
        self.touched.agent(no);
    }
}
