//! Work on a task that a person has written to an agent: a bounded loop like a thought, pure, so that a test or a recording can perform it as well.
//!
//! It ends when the agent hands over, asks, gives up or has answered in plain words, or at a limit; the person always hears why.

mod prompt;
mod skills;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use hamlet_protocol::task::{TASK_FILE_CHARS_MAX, TASK_SAID_MAX, TaskKind, TaskSaid};
use serde_json::json;

pub(crate) use prompt::{TaskPrompt, newest_words};
use skills::{Deed, plain};

use crate::mock::hash;
use crate::pool::{Answered, PoolError, Prefix};
use crate::skills::{Done, Fault, Offer, RECALL};
use crate::thought::{call_in, wire_call};
use crate::wire::{
    ChatAnswer, ChatMessage, ChatRequest, Finish, Role, Tool, ToolCall, Usage, WireError,
};

/// Calls of one answer that are looked at.
const CALLS_MAX: usize = 6;
/// Answers that may be wrong in a way that a word to the model can mend.
const REPAIRS_MAX: u32 = 2;
/// Times a prompt may be found too long by an endpoint.
const SHORTENINGS_MAX: u32 = 3;

/// Limits of work on one message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TaskLimits {
    pub(crate) turns_max: u32,
    pub(crate) tokens_max: u64,
    pub(crate) prompt_tokens_max: u32,
}

/// How work on a task ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskOutcome {
    /// In plain words.
    Answered,
    /// With a question.
    Asked,
    /// With a result.
    Delivered,
    /// With an honest failure.
    GaveUp,
    /// The model refused.
    Refused,
    /// It said nothing sensible, again and again.
    Malformed,
    /// Its answer was cut off for its length.
    Truncated,
    /// Too many answers.
    TurnLimit,
    /// Too many tokens.
    TokenLimit,
    /// Nothing may be spent any more.
    Budget,
    /// The agent cannot pay for it.
    Unpaid,
    /// It took too long.
    OutOfTime,
    /// No model answered.
    Unavailable,
    /// Who should have worked has left.
    Gone,
}

impl TaskOutcome {
    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Asked => "asked",
            Self::Delivered => "delivered",
            Self::GaveUp => "gave_up",
            Self::Refused => "refused",
            Self::Malformed => "malformed",
            Self::Truncated => "truncated",
            Self::TurnLimit => "turn_limit",
            Self::TokenLimit => "token_limit",
            Self::Budget => "budget",
            Self::Unpaid => "unpaid",
            Self::OutOfTime => "out_of_time",
            Self::Unavailable => "unavailable",
            Self::Gone => "gone",
        }
    }

    /// What the person is told where the agent itself said nothing final.
    pub(crate) fn failure(self) -> Option<&'static str> {
        Some(match self {
            Self::Answered | Self::Asked | Self::Delivered | Self::GaveUp => return None,
            Self::Refused => {
                "The language model refused to answer this. Nothing was delivered. Put it another way, or ask somebody else."
            }
            Self::Malformed => {
                "The language model gave no sensible answer, several times. Nothing was delivered. Put it more simply, or try again."
            }
            Self::Truncated => {
                "My answer was longer than one may be and was cut off; what you see is not all of it. Ask for less at once."
            }
            Self::TurnLimit => {
                "I did not come to an end within the steps that one answer may take. Nothing was delivered beyond what you see. Write again, and I go on from here; a smaller task helps."
            }
            Self::TokenLimit => {
                "I used up the tokens that one answer may take. Nothing was delivered beyond what you see. Ask for less at once."
            }
            Self::Unpaid => {
                "I cannot pay for the answer of a language model. Nothing was delivered beyond what you see."
            }
            Self::Budget => {
                "Nothing more may be spent on models now. Nothing was delivered. Try again when the budget or the account has been filled."
            }
            Self::OutOfTime => {
                "No answer came within the time it may take. Nothing was delivered beyond what you see. Try again later."
            }
            Self::Unavailable => {
                "No language model can be reached now. Nothing was delivered. Try again later; GET /api/v1/models/pool shows how the models are."
            }
            Self::Gone => "I have left the village. Nothing was delivered. Ask somebody else.",
        })
    }
}

/// What is next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Next {
    /// Ask a model.
    Ask(Arc<ChatRequest>),
    /// Nothing more.
    End(TaskOutcome),
}

/// Work under way.
#[derive(Debug)]
pub(crate) struct Task {
    prompt: TaskPrompt,
    tools: Vec<Tool>,
    functions: bool,
    limits: TaskLimits,
    work: Vec<ChatMessage>,
    /// All that others wrote and that was really read: sources are held against it. The agent's own words are none.
    seen: String,
    /// What the request under way shows of that.
    shown: String,
    made: BTreeSet<u64>,
    repairs: u32,
    shortenings: u32,
    left_out: u32,
    said: Vec<TaskSaid>,
    said_count: usize,
    turns: u32,
    usage: Usage,
}

impl Task {
    /// Begins to work.
    pub(crate) fn begin(
        prompt: TaskPrompt,
        tools: Vec<Tool>,
        functions: bool,
        limits: TaskLimits,
    ) -> (Self, Next) {
        let mut task = Self {
            prompt,
            tools,
            functions,
            limits,
            work: Vec::new(),
            seen: String::new(),
            shown: String::new(),
            made: BTreeSet::new(),
            repairs: 0,
            shortenings: 0,
            left_out: 0,
            said: Vec::new(),
            said_count: 0,
            turns: 0,
            usage: Usage::default(),
        };
        let next = task.ask();
        (task, next)
    }

    /// What can be called, as the village's skills and those of task chats.
    pub(crate) fn tools(offer: &Offer) -> Vec<Tool> {
        skills::offer(offer)
    }

    /// What its requests begin with.
    pub(crate) fn prefix(&self) -> Prefix {
        self.prompt.prefix
    }

    /// What was said since this was last asked.
    pub(crate) fn take_said(&mut self) -> Vec<TaskSaid> {
        std::mem::take(&mut self.said)
    }

    /// Calls of an answer that may search memory: what is not offered, or comes too late in it, will not be run and is worth no vector.
    pub(crate) fn recalls<'a>(&self, answer: &'a ChatAnswer) -> Cow<'a, [ToolCall]> {
        let offered = self.tools.iter().any(|it| it.function.name == RECALL);
        if !offered {
            return Cow::Borrowed(&[]);
        }
        match self.call_in_words(answer) {
            Some(call) => Cow::Owned(vec![call]),
            None => Cow::Borrowed(&answer.calls[..answer.calls.len().min(CALLS_MAX)]),
        }
    }

    /// What a model that calls no functions has written down as its call.
    fn call_in_words(&self, answer: &ChatAnswer) -> Option<ToolCall> {
        let looks = answer.calls.is_empty() && !self.functions;
        looks.then(|| call_in(answer.content.trim())).flatten()
    }

    /// Takes in an answer, and says what is next. `look` looks something up.
    pub(crate) fn step(
        &mut self,
        answered: Result<Answered, PoolError>,
        look: &mut dyn FnMut(&ToolCall) -> Result<Done, Fault>,
    ) -> Next {
        match answered {
            Ok(answered) => self.answered(answered, look),
            Err(PoolError::Wire(WireError::ContextOverflow(_)))
                if self.shortenings < SHORTENINGS_MAX =>
            {
                self.shortenings += 1;
                self.limits.prompt_tokens_max = (self.limits.prompt_tokens_max / 2).max(500);
                self.ask()
            }
            Err(PoolError::Late) => Next::End(TaskOutcome::OutOfTime),
            Err(_) => Next::End(TaskOutcome::Unavailable),
        }
    }

    fn ask(&mut self) -> Next {
        if self.turns >= self.limits.turns_max {
            return Next::End(TaskOutcome::TurnLimit);
        }
        if self.usage.input + self.usage.output >= self.limits.tokens_max {
            return Next::End(TaskOutcome::TokenLimit);
        }
        let tokens = self.limits.prompt_tokens_max;
        let (messages, left_out) = self.prompt.messages(&self.work, tokens);
        self.left_out = left_out;
        self.shown = others_words(&messages[..messages.len() - self.work.len()]);
        let mut request = ChatRequest {
            messages,
            ..ChatRequest::default()
        };
        if self.functions {
            request.tools.clone_from(&self.tools);
        } else {
            request.response_format = Some(json!({"type": "json_object"}));
        }
        Next::Ask(Arc::new(request))
    }

    fn answered(
        &mut self,
        answered: Answered,
        look: &mut dyn FnMut(&ToolCall) -> Result<Done, Fault>,
    ) -> Next {
        self.turns += 1;
        if !self.seen.contains(&self.shown) {
            self.seen.push('\n');
            self.seen.push_str(&self.shown);
        }
        let answer = answered.answer;
        self.usage += answer.usage;
        if answer.refusal.is_some() || answer.finish == Finish::Filter {
            return Next::End(TaskOutcome::Refused);
        }
        let words = answer.content.trim().to_owned();
        let written = self.call_in_words(&answer);
        let mut calls = answer.calls;
        let mut spoken = words.as_str();
        if let Some(call) = written {
            calls.push(call);
            spoken = "";
        }
        if calls.is_empty() {
            return match (spoken.is_empty(), answer.finish) {
                (true, _) => self.repair("You said nothing. Answer, or call one of your skills."),
                (false, Finish::Length) => {
                    self.say(plain(TaskKind::Message, shortened(spoken)));
                    Next::End(TaskOutcome::Truncated)
                }
                (false, _) => {
                    self.say(plain(TaskKind::Message, shortened(spoken)));
                    Next::End(TaskOutcome::Answered)
                }
            };
        }
        if !spoken.is_empty() {
            self.say(plain(TaskKind::Progress, shortened(spoken)));
        }
        calls.truncate(CALLS_MAX);
        self.work.push(ChatMessage {
            tool_calls: if self.functions {
                calls.iter().map(wire_call).collect()
            } else {
                Vec::new()
            },
            ..ChatMessage::new(Role::Assistant, words)
        });
        self.run(&calls, look)
    }

    fn run(
        &mut self,
        calls: &[ToolCall],
        look: &mut dyn FnMut(&ToolCall) -> Result<Done, Fault>,
    ) -> Next {
        let mut ended = None;
        let mut wrong = false;
        for call in calls {
            let result = match skills::read(&call.name, &call.arguments, &self.seen, &self.tools) {
                Ok(Deed::Say(said, ends)) => {
                    let outcome = match said.kind {
                        TaskKind::Question => TaskOutcome::Asked,
                        TaskKind::Failure => TaskOutcome::GaveUp,
                        _ => TaskOutcome::Delivered,
                    };
                    self.say(said);
                    if ends {
                        // What comes after the last word is nobody's business.
                        ended = Some(outcome);
                        break;
                    }
                    Ok("The person has read it.".to_owned())
                }
                Ok(Deed::Look) => self.look_up(call, look),
                Err(fault) => Err(fault),
            };
            let words = result.unwrap_or_else(|fault| {
                wrong = true;
                fault.to_string()
            });
            self.work.push(if self.functions {
                ChatMessage::result(&call.id, words)
            } else {
                ChatMessage::new(Role::User, format!("{}: {words}", call.name))
            });
        }
        if let Some(outcome) = ended {
            return Next::End(outcome);
        }
        if wrong {
            if self.repairs >= REPAIRS_MAX {
                return Next::End(TaskOutcome::Malformed);
            }
            self.repairs += 1;
        }
        self.ask()
    }

    fn look_up(
        &mut self,
        call: &ToolCall,
        look: &mut dyn FnMut(&ToolCall) -> Result<Done, Fault>,
    ) -> Result<String, Fault> {
        if !self.made.insert(hash(hash(5, &call.name), &call.arguments)) {
            return Err(Fault::Again);
        }
        match look(call)? {
            Done::Looked(words) | Done::Kept(words) => {
                self.seen.push('\n');
                self.seen.push_str(&words);
                Ok(words)
            }
            Done::Act(_) | Done::Rest => Err(Fault::Wrong(
                "you cannot act in the town from here".to_owned(),
            )),
        }
    }

    fn repair(&mut self, words: &str) -> Next {
        if self.repairs >= REPAIRS_MAX {
            return Next::End(TaskOutcome::Malformed);
        }
        self.repairs += 1;
        self.work.push(ChatMessage::new(Role::User, words));
        self.ask()
    }

    fn say(&mut self, mut said: TaskSaid) {
        // The last place is for how it ended.
        let room = TASK_SAID_MAX - 2;
        let is_final = matches!(
            said.kind,
            TaskKind::Delivery | TaskKind::Failure | TaskKind::Question | TaskKind::Message
        );
        if self.said_count >= room && !is_final {
            return;
        }
        self.said_count += 1;
        said.left_out = self.left_out;
        self.said.push(said);
    }
}

/// What a prompt shows of others: the person's lines, the village's, and what is remembered. What the agent has said itself is nothing it has read.
fn others_words(messages: &[ChatMessage]) -> String {
    let others = messages.iter().filter(|it| it.role == Role::User);
    let words = others.filter_map(|it| it.content.as_deref());
    words.collect::<Vec<_>>().join("\n")
}

fn shortened(words: &str) -> String {
    words.chars().take(TASK_FILE_CHARS_MAX).collect()
}
