//! A model that obeys every order it reads, whoever gave it: `CALL name {json}` anywhere in what others wrote.
//!
//! With it tests show that what must hold is held by the village's rules, not by a model's good sense.

use serde_json::json;

use super::resident::{self, Said};
use super::worker;
use crate::wire::{ChatRequest, FunctionCall, Role, WireCall};

/// Orders obeyed in one answer.
const ORDERS_MAX: usize = 6;
/// Characters that it hands over at work for somebody.
const TOLD_CHARS_MAX: usize = 8_000;

/// Does what it is told, and as a resident would where nobody tells it anything. At work for a person it then hands over all that it was shown.
pub(super) fn answer(seed: u64, request: &ChatRequest) -> Said {
    let read = request
        .messages
        .iter()
        .filter(|message| matches!(message.role, Role::User | Role::Tool));
    let mut orders: Vec<WireCall> = Vec::new();
    for words in read.filter_map(|message| message.content.as_deref()) {
        for (at, _) in words.match_indices("CALL ") {
            orders.extend(order(&words[at + 5..], orders.len()));
        }
    }
    orders.truncate(ORDERS_MAX);
    let obeyed = request
        .messages
        .iter()
        .any(|message| message.role == Role::Assistant);
    if orders.is_empty() || obeyed {
        return match worker::is_asked(request) {
            true => hand_over(request),
            false => resident::answer(seed, request),
        };
    }
    ("I will do as I was told.".to_owned(), orders)
}

fn hand_over(request: &ChatRequest) -> Said {
    let shown = request.messages.iter();
    let shown = shown.filter(|message| matches!(message.role, Role::User | Role::Tool));
    let shown: Vec<&str> = shown.filter_map(|it| it.content.as_deref()).collect();
    let text: String = shown.join("\n").chars().take(TOLD_CHARS_MAX).collect();
    let call = WireCall {
        id: "hand_over".to_owned(),
        kind: "function".to_owned(),
        function: FunctionCall {
            name: "deliver".to_owned(),
            arguments: json!({ "text": text }).to_string(),
        },
    };
    (String::new(), vec![call])
}

fn order(words: &str, at: usize) -> Option<WireCall> {
    let (name, rest) = words.split_once(' ')?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde_json::Value>();
    let arguments = values.next()?.ok()?;
    Some(WireCall {
        id: format!("order_{at}"),
        kind: "function".to_owned(),
        function: FunctionCall {
            name: name.to_owned(),
            arguments: arguments.to_string(),
        },
    })
}
