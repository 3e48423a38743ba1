//! What time waits for in lockstep: the answers to all questions that minds were asked.
//!
//! An answer is waited for until it is there, and not until it is wanted no longer: who was halted, or has left, may still be thinking,
//! and what that costs counts when others want to think. Did time go on without it, who may think would hang on who is quicker.

use std::collections::{BTreeMap, BTreeSet};

use hamlet_protocol::command::Command;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::{MindsCommand, ThoughtAsk, ThoughtEnd, ThoughtTerms};

/// One thought: whose, and the fence of its question.
type Which = (AgentId, u64);

/// Questions without an answer.
#[derive(Debug, Default)]
pub(super) struct Awaited {
    due_of: BTreeMap<Which, u64>,
    by_due: BTreeSet<(u64, Which)>,
}

impl Awaited {
    /// A question goes out. Whoever cannot pay is not asked but told, and answers nothing.
    pub(super) fn asked(&mut self, ask: &ThoughtAsk) {
        if matches!(ask.terms, ThoughtTerms::Unpaid { .. }) {
            return;
        }
        let which = (ask.agent, ask.fence);
        if let Some(before) = self.due_of.insert(which, ask.due) {
            self.by_due.remove(&(before, which));
        }
        self.by_due.insert((ask.due, which));
    }

    /// A command has come in: the end of a thought is waited for no longer, whatever the village makes of it.
    pub(super) fn heard(&mut self, command: &Command) {
        if let Command::Minds(MindsCommand::Think(answer)) = command
            && answer.end != ThoughtEnd::Open
        {
            let which = (answer.agent, answer.fence);
            if let Some(due) = self.due_of.remove(&which) {
                self.by_due.remove(&(due, which));
            }
        }
    }

    /// A command was done. Once others think from now on, or nobody does, those of before owe no answer: they may be gone.
    pub(super) fn done(&mut self, command: &Command) {
        if let Command::Minds(MindsCommand::Attach { .. } | MindsCommand::Detach) = command {
            *self = Self::default();
        }
    }

    /// Whether an answer is missing that was due after this tick or before.
    pub(super) fn is_due(&self, tick: u64) -> bool {
        self.by_due.first().is_some_and(|&(due, _)| due <= tick)
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::economy::command::Usage;
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::minds::{ThoughtAnswer, Unpaid, Wake};

    use super::*;

    fn ask(no: u64, fence: u64, due: u64) -> ThoughtAsk {
        ThoughtAsk {
            thought: fence,
            agent: IdCodec::new(5).make(no),
            no: no as u32,
            fence,
            asked: 0,
            due,
            wake: Wake::Time,
            last: Vec::new(),
            terms: ThoughtTerms::Free,
        }
    }

    fn answer(ask: &ThoughtAsk, end: ThoughtEnd) -> Command {
        Command::Minds(MindsCommand::Think(Box::new(ThoughtAnswer {
            agent: ask.agent,
            fence: ask.fence,
            acts: Vec::new(),
            end,
            usage: Usage::default(),
        })))
    }

    #[test]
    fn every_question_is_waited_for_until_its_last_word() {
        let mut awaited = Awaited::default();
        let (ada, bo) = (ask(0, 1, 10), ask(1, 1, 12));
        awaited.asked(&ada);
        awaited.asked(&bo);
        assert!(!awaited.is_due(9) && awaited.is_due(10));
        awaited.heard(&answer(&ada, ThoughtEnd::Open));
        assert!(awaited.is_due(10), "it goes on");
        awaited.heard(&answer(&ask(0, 2, 10), ThoughtEnd::Done));
        assert!(awaited.is_due(10), "another thought of theirs");
        awaited.heard(&answer(&ada, ThoughtEnd::Failed));
        assert!(!awaited.is_due(11) && awaited.is_due(12));
        awaited.heard(&answer(&bo, ThoughtEnd::Done));
        awaited.heard(&answer(&bo, ThoughtEnd::Done));
        assert!(!awaited.is_due(u64::MAX));
    }

    #[test]
    fn who_cannot_pay_owes_no_answer_nor_do_those_of_before() {
        let mut awaited = Awaited::default();
        awaited.asked(&ThoughtAsk {
            terms: ThoughtTerms::Unpaid {
                why: Unpaid::Funds,
                text: "Nothing is left.".to_owned(),
            },
            ..ask(0, 1, 3)
        });
        assert!(!awaited.is_due(u64::MAX));
        awaited.asked(&ask(0, 2, 3));
        awaited.done(&Command::Minds(MindsCommand::Detach));
        assert!(!awaited.is_due(u64::MAX));
    }
}
