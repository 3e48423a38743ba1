//! Every exchange of a thought, for whoever looks into it later. Keys and the like are cut out before anything is kept.

use hamlet_protocol::minds::ThoughtView;
use hamlet_protocol::secrets;
use serde::Serialize;
use serde_json::{Value, json};

use crate::pool::{Answered, PoolError};
use crate::scene::Scene;
use crate::thought::Ran;
use crate::wire::ToolCall;

/// Characters of one text.
const TEXT_CHARS_MAX: usize = 4_000;

/// One thought, as a line of JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// Handle of whose.
    pub name: String,
    /// How it went.
    #[serde(flatten)]
    pub thought: ThoughtView,
    /// Answers of the model and what became of its calls, in order.
    pub exchanges: Vec<Value>,
}

/// A recording under way.
#[derive(Debug, Default)]
pub(super) struct Record {
    exchanges: Vec<Value>,
}

impl Record {
    pub(super) fn answered(&mut self, answered: &Result<Answered, PoolError>) {
        self.exchanges.push(match answered {
            Ok(answered) => {
                let answer = &answered.answer;
                let calls = answer.calls.iter();
                let calls = calls.map(|call| json!({"skill": clean(&call.name), "args": clean(&call.arguments)}));
                json!({"model": answered.model, "endpoint": answered.endpoint, "words": clean(&answer.content),
                    "calls": calls.collect::<Vec<_>>(), "refusal": answer.refusal.as_deref().map(clean)})
            }
            Err(why) => json!({"failed": why.to_string()}),
        });
    }

    pub(super) fn ran(&mut self, calls: &[ToolCall], ran: &[Ran]) {
        for (call, ran) in calls.iter().zip(ran) {
            let result = match ran {
                Ran::Done(Ok(done)) => format!("{done:?}"),
                Ran::Done(Err(fault)) => format!("fault: {fault}"),
                Ran::Acted(act, Ok(())) => format!("done: {}", act.name()),
                Ran::Acted(act, Err(why)) => format!("refused: {}: {why}", act.name()),
            };
            let skill = clean(&call.name);
            self.exchanges
                .push(json!({"skill": skill, "result": clean(&result)}));
        }
    }

    pub(super) fn close(self, scene: &Scene, view: &ThoughtView) -> Recorded {
        let mut thought = view.clone();
        thought.words = clean(&thought.words);
        Recorded {
            name: scene.called(view.agent),
            thought,
            exchanges: self.exchanges,
        }
    }
}

/// A text without secrets, shortened.
fn clean(text: &str) -> String {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    match secrets::find(&text) {
        None => text,
        Some(found) => format!("[left out: it held {}]", found.kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_key_is_left_out_and_long_texts_are_shortened() {
        let key = format!("sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2));
        let text = clean(&format!("{{\"text\": \"my key is {key}\"}}"));
        assert!(!text.contains("Zx9Kq2"), "{text}");
        assert!(text.starts_with("[left out"), "{text}");
        assert_eq!(clean("Good morning."), "Good morning.");
        assert_eq!(clean(&"ä ".repeat(9_999)).chars().count(), TEXT_CHARS_MAX);
    }
}
