//! Every exchange of a thought, and of work on a task, for whoever looks into it later. Keys and the like are cut out before anything is kept.

use std::collections::BTreeSet;
use std::io;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::minds::ThoughtView;
use hamlet_protocol::task::TaskEnd;
use serde::Serialize;
use serde_json::{Value, json};

use crate::mock::hash;
use crate::pool::{Answered, PoolError};
use crate::redact::clean;
use crate::skills::{Done, Fault};
use crate::thought::Ran;
use crate::wire::{ChatMessage, ChatRequest, Role, ToolCall};

/// Characters of one text of an answer or a result.
const TEXT_CHARS_MAX: usize = 4_000;
/// Characters of one message of a prompt.
const ASKED_CHARS_MAX: usize = 32_000;
/// Exchanges of one recording; what comes later is counted, and not kept.
const EXCHANGES_MAX: usize = 1_000;

/// One thought, or work on one message of a task chat, as a line of JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// What its requests begin with; written in a line of its own, see [`Lines`].
    #[serde(skip)]
    pub system: Option<System>,
    /// Handle of whose; empty where no model was asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How it went.
    #[serde(flatten)]
    pub what: What,
    /// What was asked, answers of the model and what became of its calls, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Value>,
}

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum What {
    /// A thought.
    Thought(ThoughtView),
    /// Work on a message of a task chat.
    Task(TaskRecord),
}

/// Work on a message of a task chat.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskRecord {
    /// What the chat is called.
    pub task: String,
    /// Handle of the person.
    pub person: String,
    /// Who worked.
    pub agent: AgentId,
    /// The tick it began at.
    pub asked: u64,
    /// How it went; `broken_off` where whoever waited has gone.
    #[serde(flatten)]
    pub end: TaskEnd,
    /// Time it took, in milliseconds.
    pub took_ms: u64,
}

/// What a model is told before everything else, and what it may call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct System {
    /// A number made from all of it, by which recordings name it.
    #[serde(rename = "system")]
    pub key: String,
    /// The words as they were sent; [`Lines`] looks through them where it writes them.
    pub text: String,
    /// Names of the functions that are offered.
    pub tools: Vec<String>,
}

/// Writes recordings down, a line of JSON each. What their requests begin with stands once, in a line before the first that names it.
#[derive(Debug, Default)]
pub struct Lines {
    told: BTreeSet<String>,
}

impl Lines {
    /// Writes one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, recorded: &Recorded, out: &mut impl io::Write) -> io::Result<()> {
        if let Some(system) = &recorded.system
            && !self.told.contains(&system.key)
        {
            let cleaned = System {
                text: clean(&system.text, ASKED_CHARS_MAX),
                ..system.clone()
            };
            serde_json::to_writer(&mut *out, &cleaned)?;
            out.write_all(b"\n")?;
            self.told.insert(system.key.clone());
        }
        serde_json::to_writer(&mut *out, recorded)?;
        out.write_all(b"\n")
    }
}

/// A recording under way.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Whether anybody wants it.
    is_wanted: bool,
    system: Option<System>,
    /// Messages of the last request, by what is in them: what stands there already is not said again.
    shown: Vec<u64>,
    exchanges: Vec<Exchange>,
    left_out: usize,
}

/// One step of it.
#[derive(Debug)]
enum Exchange {
    /// New messages of a request, as they were sent: looking through them takes time that whoever begins many thoughts does not have.
    Asked {
        messages: Vec<String>,
        system: Option<String>,
        count: usize,
    },
    /// Anything else.
    Kept(Value),
}

impl Exchange {
    fn close(self) -> Value {
        match self {
            Self::Kept(value) => value,
            Self::Asked {
                messages,
                system,
                count,
            } => {
                let asked = messages.iter().map(|text| clean(text, ASKED_CHARS_MAX));
                json!({"asked": asked.collect::<Vec<_>>(), "system": system, "messages": count})
            }
        }
    }
}

impl Record {
    pub(super) fn new(is_wanted: bool) -> Self {
        Self {
            is_wanted,
            ..Self::default()
        }
    }

    /// A request: its new messages. Answers and results of skills stand in the recording already.
    pub(super) fn asked(&mut self, request: &ChatRequest) {
        if !self.is_wanted {
            return;
        }
        // It stays the same until the end: once is enough.
        if self.system.is_none() {
            self.system = system_of(request);
        }
        let words = |message: &ChatMessage| hash(13, message.content.as_deref().unwrap_or(""));
        let shown: Vec<u64> = request.messages.iter().map(words).collect();
        let known = shown.iter().zip(&self.shown);
        let known = known.take_while(|(new, old)| new == old).count();
        let new = request.messages.iter().skip(known);
        let new = new.filter(|message| message.role == Role::User);
        let messages = new.filter_map(|message| message.content.clone());
        self.keep(Exchange::Asked {
            messages: messages.collect(),
            system: self.system.as_ref().map(|system| system.key.clone()),
            count: request.messages.len(),
        });
        self.shown = shown;
    }

    pub(super) fn answered(&mut self, answered: &Result<Answered, PoolError>) {
        if !self.is_wanted {
            return;
        }
        self.keep(Exchange::Kept(match answered {
            Ok(answered) => {
                let answer = &answered.answer;
                let calls = answer.calls.iter();
                let calls = calls.map(|call| json!({"skill": text(&call.name), "args": text(&call.arguments)}));
                json!({"model": answered.model, "endpoint": answered.endpoint, "words": text(&answer.content),
                    "calls": calls.collect::<Vec<_>>(), "refusal": answer.refusal.as_deref().map(text)})
            }
            Err(why) => json!({"failed": text(&why.to_string())}),
        }));
    }

    pub(super) fn ran(&mut self, calls: &[ToolCall], ran: &[Ran]) {
        for (call, ran) in calls.iter().zip(ran) {
            match ran {
                Ran::Done(done) => self.looked(call, done),
                Ran::Acted(act, Ok(())) => self.result(call, &format!("done: {}", act.name())),
                Ran::Acted(act, Err(why)) => {
                    self.result(call, &format!("refused: {}: {why}", act.name()));
                }
            }
        }
    }

    /// What a skill came to.
    pub(super) fn looked(&mut self, call: &ToolCall, done: &Result<Done, Fault>) {
        let result = match done {
            Ok(Done::Looked(words) | Done::Kept(words)) => words.clone(),
            Ok(Done::Act(act)) => format!("act: {}", act.name()),
            Ok(Done::Rest) => "rest".to_owned(),
            Err(fault) => format!("fault: {fault}"),
        };
        self.result(call, &result);
    }

    fn result(&mut self, call: &ToolCall, result: &str) {
        if self.is_wanted {
            let kept = json!({"skill": text(&call.name), "result": text(result)});
            self.keep(Exchange::Kept(kept));
        }
    }

    fn keep(&mut self, exchange: Exchange) {
        if self.exchanges.len() < EXCHANGES_MAX {
            self.exchanges.push(exchange);
        } else {
            self.left_out += 1;
        }
    }

    /// The whole of it, where anybody wants it.
    pub(super) fn close(self, name: String, what: What) -> Option<Recorded> {
        if !self.is_wanted {
            return None;
        }
        let mut exchanges: Vec<Value> = self.exchanges.into_iter().map(Exchange::close).collect();
        if self.left_out > 0 {
            exchanges.push(json!({"left_out": self.left_out}));
        }
        Some(Recorded {
            system: self.system,
            name,
            what,
            exchanges,
        })
    }
}

/// A text of an answer or a result, as it is kept.
pub(super) fn text(text: &str) -> String {
    clean(text, TEXT_CHARS_MAX)
}

/// What a request begins with.
fn system_of(request: &ChatRequest) -> Option<System> {
    let first = request.messages.first()?;
    let words = first
        .content
        .as_deref()
        .filter(|_| first.role == Role::System)?;
    let tools = request.tools.iter().map(|tool| tool.function.name.clone());
    let tools: Vec<String> = tools.collect();
    let seed = hash(14, &tools.join(" "));
    Some(System {
        key: format!("{:016x}", hash(seed, words)),
        text: words.to_owned(),
        tools,
    })
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::ids::IdCodec;

    use super::*;

    fn request(words: &[(Role, &str)]) -> ChatRequest {
        let messages = words
            .iter()
            .map(|(role, words)| ChatMessage::new(*role, *words));
        ChatRequest {
            messages: messages.collect(),
            ..ChatRequest::default()
        }
    }

    fn task() -> What {
        What::Task(TaskRecord {
            task: "Bread".to_owned(),
            person: "mira".to_owned(),
            agent: IdCodec::new(5).make(0),
            asked: 3,
            end: TaskEnd::default(),
            took_ms: 1,
        })
    }

    #[test]
    fn what_was_asked_stands_once_and_the_beginning_once_a_file() {
        let key = format!("sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2));
        let mut record = Record::new(true);
        let you = format!("You are Ada.\n{key}");
        let first = [(Role::System, you.as_str()), (Role::User, "It is noon.")];
        record.asked(&request(&first));
        let more = format!("It was wrong: {key}");
        let second = [
            first[0],
            first[1],
            (Role::Assistant, "Hm."),
            (Role::User, more.as_str()),
        ];
        record.asked(&request(&second));
        let recorded = record.close("@ada".to_owned(), task()).expect("wanted");
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        for _ in 0..2 {
            lines.write(&recorded, &mut out).expect("memory bears it");
        }
        let text = String::from_utf8(out).expect("JSON is text");
        let all: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(all.len(), 3, "the beginning, and two recordings");
        let told = all[0]["text"].as_str();
        assert!(
            told.is_some_and(|told| told.starts_with("You are Ada.\n[left out")),
            "{told:?}"
        );
        assert_eq!(
            (&all[1]["name"], &all[1]["task"]),
            (&json!("@ada"), &json!("Bread"))
        );
        let exchanges = &all[1]["exchanges"];
        assert_eq!(exchanges[0]["asked"], json!(["It is noon."]));
        assert_eq!(exchanges[0]["system"], all[0]["system"]);
        assert_eq!(exchanges[1]["messages"], 4);
        let asked = exchanges[1]["asked"].as_array().expect("a list");
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert!(!text.contains("Zx9Kq2"), "{text}");
    }

    #[test]
    fn nothing_is_gathered_where_nobody_wants_it() {
        let mut record = Record::new(false);
        record.asked(&request(&[(Role::System, "s"), (Role::User, "u")]));
        record.answered(&Err(PoolError::Nobody));
        assert!(record.exchanges.is_empty() && record.system.is_none());
        assert_eq!(record.close("@ada".to_owned(), task()), None);
    }
}
