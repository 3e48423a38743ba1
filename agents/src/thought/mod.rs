//! A thought: a bounded loop from perception to acts, as a pure state machine.
//!
//! [`Thought::begin`] says what is to be done first, [`Thought::step`] takes what came of it and says what is next: ask a model, run skills, or end.
//! Whoever performs these effects may do so with a model, a recording or a test; the thought is the same.

mod outcome;
mod prompt;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use hamlet_protocol::act::Act;
use hamlet_protocol::minds::ACTS_MAX;
use serde_json::{Value, json};

pub use outcome::Outcome;
pub use prompt::{Prompt, prefix_of, remembered};
pub(crate) use prompt::{persona, question};

use crate::config::Price;
use crate::mock::hash;
use crate::pool::{Answered, PoolError};
use crate::redact::clean;
use crate::skills::{Done, Fault, Offer};
use crate::wire::{
    ChatMessage, ChatRequest, Finish, FunctionCall, Role, ToolCall, Usage, WireCall, WireError,
};

/// Calls of one answer that are looked at.
const CALLS_MAX: usize = 6;
/// Answers that may be wrong in a way that a word to the model can mend.
const REPAIRS_MAX: u32 = 2;
/// Times a prompt may be found too long by an endpoint.
const SHORTENINGS_MAX: u32 = 3;
/// Characters of the model's words that are kept.
const WORDS_CHARS_MAX: usize = 1_000;

/// Limits of one thought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Answers of the model.
    pub turns_max: u32,
    /// Tokens of prompts and answers together.
    pub tokens_max: u64,
    /// Tokens of one prompt.
    pub prompt_tokens_max: u32,
    /// What it may cost whoever runs the village, in micro-dollars.
    pub cost_max: Option<Ceiling>,
    /// What it may cost whoever thinks, in micro-aiDollars: what was reserved for it.
    pub reserved: Option<Ceiling>,
}

/// The most that something may cost, in millionths of one currency. No question is asked once it is reached; one answer may go beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ceiling {
    /// Millionths per token.
    pub price: Price,
    /// Millionths.
    pub most: f64,
}

impl Ceiling {
    /// Whether so much is used that no more may be.
    #[must_use]
    pub fn is_reached(&self, usage: Usage) -> bool {
        crate::pool::cost(&self.price, usage) >= self.most
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask a model.
    Ask(Arc<ChatRequest>),
    /// Run skills, in order.
    Run(Vec<ToolCall>),
    /// Nothing more.
    End(Outcome),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed {
    /// The model's answer.
    Answered(Box<Result<Answered, PoolError>>),
    /// What became of each call, in order.
    Ran(Vec<Ran>),
    /// There is no time left.
    OutOfTime,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Ran {
    /// As the skill says.
    Done(Result<Done, Fault>),
    /// The village did it, or refused it and said why.
    Acted(Box<Act>, Result<(), String>),
}

/// A thought under way.
#[derive(Clone, Debug)]
pub struct Thought {
    prompt: Prompt,
    offer: Offer,
    limits: Limits,
    /// Whether the model calls functions; else it answers with JSON.
    calls_functions: bool,
    chat: Vec<ChatMessage>,
    /// Calls that were made: only look-ups that repeat themselves are a loop.
    made: BTreeSet<u64>,
    pending: Vec<ToolCall>,
    repairs: u32,
    shortenings: u32,
    trouble: Option<Outcome>,
    /// Acts for the village, where they wait until the end of the thought.
    pub acts: Vec<Act>,
    /// Whether anything was done.
    acted: bool,
    /// What was done and looked up, as sentences.
    pub steps: Vec<String>,
    /// Words of the model beside its calls.
    pub words: String,
    /// Answers so far.
    pub turns: u32,
    /// Tokens so far.
    pub usage: Usage,
    /// Micro-dollars so far.
    pub cost: f64,
    /// The model that answered last, and its endpoint.
    pub by: Option<(String, String)>,
}

impl Thought {
    /// Begins a thought.
    #[must_use]
    pub fn begin(
        prompt: Prompt,
        offer: Offer,
        limits: Limits,
        calls_functions: bool,
    ) -> (Self, Effect) {
        let mut thought = Self {
            prompt,
            offer,
            limits,
            calls_functions,
            chat: Vec::new(),
            made: BTreeSet::new(),
            pending: Vec::new(),
            repairs: 0,
            shortenings: 0,
            trouble: None,
            acts: Vec::new(),
            acted: false,
            steps: Vec::new(),
            words: String::new(),
            turns: 0,
            usage: Usage::default(),
            cost: 0.0,
            by: None,
        };
        let effect = thought.ask();
        (thought, effect)
    }

    /// Takes in what came of the last effect, and says what is next.
    pub fn step(&mut self, observed: Observed) -> Effect {
        match observed {
            Observed::OutOfTime => Effect::End(Outcome::OutOfTime),
            Observed::Answered(answered) => match *answered {
                Ok(answered) => self.answered(answered),
                Err(PoolError::Wire(WireError::ContextOverflow(_)))
                    if self.shortenings < SHORTENINGS_MAX =>
                {
                    self.shortenings += 1;
                    self.limits.prompt_tokens_max = (self.limits.prompt_tokens_max / 2).max(500);
                    self.ask()
                }
                Err(PoolError::Late) => Effect::End(Outcome::OutOfTime),
                Err(why) => {
                    self.steps.push(format!("No answer: {why}."));
                    Effect::End(Outcome::Unavailable)
                }
            },
            Observed::Ran(ran) => self.ran(ran),
        }
    }

    /// The next question, unless a limit is reached.
    fn ask(&mut self) -> Effect {
        let spent = self.usage.input + self.usage.output;
        if self.turns >= self.limits.turns_max {
            return Effect::End(self.ended_by(Outcome::TurnLimit));
        }
        if spent >= self.limits.tokens_max {
            return Effect::End(self.ended_by(Outcome::TokenLimit));
        }
        let ceilings = [self.limits.cost_max, self.limits.reserved];
        let mut ceilings = ceilings.into_iter().flatten();
        if ceilings.any(|ceiling| ceiling.is_reached(self.usage)) {
            return Effect::End(self.ended_by(Outcome::PriceLimit));
        }
        let (messages, left_out) = self
            .prompt
            .messages(&self.chat, self.limits.prompt_tokens_max);
        if let Some(left_out) = left_out {
            let said = format!("Left out for lack of room: {left_out}.");
            if !self.steps.contains(&said) {
                self.steps.push(said);
            }
        }
        let mut request = ChatRequest {
            messages,
            ..ChatRequest::default()
        };
        if self.calls_functions {
            request.tools = Vec::clone(&self.offer.tools);
        } else {
            request.response_format = Some(json!({"type": "json_schema", "json_schema": {
            "name": "call", "strict": false, "schema": {
                "type": "object", "required": ["skill", "args"],
                "properties": {
                    "skill": {"type": "string", "enum": self.offer.tools.iter().map(|tool| &tool.function.name).collect::<Vec<_>>()},
                    "args": {"type": "object"}
                }}}}));
        }
        Effect::Ask(Arc::new(request))
    }

    /// What was done counts even where a limit ends the thought.
    fn ended_by(&self, limit: Outcome) -> Outcome {
        if self.acted { Outcome::Acted } else { limit }
    }

    fn answered(&mut self, answered: Answered) -> Effect {
        self.turns += 1;
        let answer = answered.answer;
        self.usage += answer.usage;
        self.cost += answered.cost;
        self.by = Some((answered.model, answered.endpoint));
        let room = WORDS_CHARS_MAX.saturating_sub(self.words.chars().count());
        // Looked through before it is cut: a key across the cut would stay in part.
        self.words.push_str(&clean(&answer.content, room));
        if answer.refusal.is_some() || answer.finish == Finish::Filter {
            self.steps.push("The model refused.".to_owned());
            return Effect::End(self.ended_by(Outcome::Refused));
        }
        let mut calls = answer.calls;
        if calls.is_empty() && !self.calls_functions {
            match call_in(&answer.content) {
                Some(call) => calls.push(call),
                None if !answer.content.trim().is_empty() => {
                    return self.repair(
                        Outcome::Malformed,
                        &answer.content,
                        "Answer with one JSON object: {\"skill\": NAME, \"args\": {…}}.",
                    );
                }
                None => {}
            }
        }
        if calls.is_empty() {
            return match answer.finish {
                _ if answer.content.trim().is_empty() => self.repair(
                    Outcome::Empty,
                    "",
                    "You said nothing. Call one of your skills; `rest` if there is nothing to do.",
                ),
                Finish::Length => self.repair(
                    Outcome::Truncated,
                    &answer.content,
                    "Your answer was cut off for its length. Call one skill, briefly.",
                ),
                Finish::Stop | Finish::Calls | Finish::Filter if self.acted => {
                    Effect::End(Outcome::Acted)
                }
                Finish::Stop | Finish::Calls | Finish::Filter => Effect::End(Outcome::Rested),
            };
        }
        calls.truncate(CALLS_MAX);
        self.chat.push(ChatMessage {
            tool_calls: if self.calls_functions {
                calls.iter().map(wire_call).collect()
            } else {
                Vec::new()
            },
            ..ChatMessage::new(Role::Assistant, answer.content)
        });
        self.pending.clone_from(&calls);
        Effect::Run(calls)
    }

    /// Says once more what is wanted, a bounded number of times.
    fn repair(&mut self, trouble: Outcome, said: &str, words: &str) -> Effect {
        if self.repairs >= REPAIRS_MAX {
            return Effect::End(self.ended_by(trouble));
        }
        self.repairs += 1;
        if !said.trim().is_empty() {
            let said: String = said.chars().take(WORDS_CHARS_MAX).collect();
            self.chat.push(ChatMessage::new(Role::Assistant, said));
        }
        self.chat.push(ChatMessage::new(Role::User, words));
        self.ask()
    }

    fn ran(&mut self, ran: Vec<Ran>) -> Effect {
        let (mut looked, mut rested, mut wrong) = (false, false, false);
        let calls = std::mem::take(&mut self.pending);
        for (call, ran) in calls.iter().zip(ran) {
            let words = match ran {
                Ran::Done(Ok(Done::Looked(words))) => {
                    if self.made.insert(hash(hash(3, &call.name), &call.arguments)) {
                        looked = true;
                        self.steps.push(format!("Looked up: {}.", call.name));
                        words
                    } else {
                        wrong = true;
                        self.trouble = Some(Outcome::Looping);
                        Fault::Again.to_string()
                    }
                }
                Ran::Done(Ok(Done::Kept(words))) => {
                    self.acted = true;
                    self.steps.push(format!("Kept in mind: {}.", call.name));
                    words
                }
                Ran::Done(Ok(Done::Rest)) => {
                    rested = true;
                    "Very well.".to_owned()
                }
                Ran::Done(Ok(Done::Act(act))) => {
                    if self.acts.len() < ACTS_MAX {
                        self.steps.push(format!("Did: {}.", act.name()));
                        self.acts.push(*act);
                        self.acted = true;
                        "You set about it; you will learn if it could not be done.".to_owned()
                    } else {
                        format!("That is too much at once: {ACTS_MAX} acts are the most.")
                    }
                }
                Ran::Acted(act, Ok(())) => {
                    self.acted = true;
                    self.steps.push(format!("Did: {}.", act.name()));
                    "Done.".to_owned()
                }
                Ran::Acted(act, Err(why)) => {
                    wrong = true;
                    self.trouble = Some(Outcome::Refusals);
                    self.steps
                        .push(format!("Could not: {} ({why}).", act.name()));
                    format!("That could not be done: {why}")
                }
                Ran::Done(Err(fault)) => {
                    wrong = true;
                    self.trouble = Some(match fault {
                        Fault::Again => Outcome::Looping,
                        Fault::Unknown { .. } | Fault::Arguments(_) => Outcome::Malformed,
                        Fault::Wrong(_) => Outcome::Refusals,
                        Fault::NotPermitted(_) => Outcome::NotPermitted,
                    });
                    let name: String = call.name.chars().take(60).collect();
                    self.steps.push(format!("Could not: {name} ({fault})."));
                    fault.to_string()
                }
            };
            self.chat.push(if self.calls_functions {
                ChatMessage::result(&call.id, words)
            } else {
                ChatMessage::new(Role::User, format!("{}: {words}", call.name))
            });
        }
        if looked {
            return self.ask();
        }
        if wrong && !self.acted {
            if self.repairs >= REPAIRS_MAX {
                return Effect::End(self.trouble.unwrap_or(Outcome::Malformed));
            }
            self.repairs += 1;
            return self.ask();
        }
        Effect::End(match (self.acted, rested) {
            (true, _) => Outcome::Acted,
            (false, _) => Outcome::Rested,
        })
    }
}

/// A call as it goes back to the model.
pub(crate) fn wire_call(call: &ToolCall) -> WireCall {
    WireCall {
        id: call.id.clone(),
        kind: "function".to_owned(),
        function: FunctionCall {
            name: call.name.clone(),
            // Some servers refuse a chat with arguments that are no JSON, though a model wrote them.
            arguments: match serde_json::from_str::<Value>(&call.arguments) {
                Ok(_) => call.arguments.clone(),
                Err(_) => "{}".to_owned(),
            },
        },
    }
}

/// The call in the words of a model that calls no functions: the first JSON object with a skill in it.
pub(crate) fn call_in(words: &str) -> Option<ToolCall> {
    for (at, _) in words.match_indices('{') {
        let mut values = serde_json::Deserializer::from_str(&words[at..]).into_iter::<Value>();
        if let Some(Ok(Value::Object(object))) = values.next()
            && let Some(Value::String(name)) = object.get("skill")
        {
            let arguments = object.get("args").cloned().unwrap_or_else(|| json!({}));
            return Some(ToolCall {
                id: "call_0".to_owned(),
                name: name.clone(),
                arguments: arguments.to_string(),
            });
        }
    }
    None
}
