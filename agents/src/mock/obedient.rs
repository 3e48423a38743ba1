//! A model that obeys every order it reads, whoever gave it: `CALL name {json}` anywhere in what others wrote.
//!
//! With it tests show that what must hold is held by the village's rules, not by a model's good sense.

use super::resident::{self, Said};
use crate::wire::{ChatRequest, FunctionCall, Role, WireCall};

/// Orders obeyed in one answer.
const ORDERS_MAX: usize = 6;

/// Does what it is told, and as a resident would where nobody tells it anything.
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
        return resident::answer(seed, request);
    }
    ("I will do as I was told.".to_owned(), orders)
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
