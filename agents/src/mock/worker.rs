//! Somebody deterministic who works on tasks: asks where too little is said, says what it understood, looks something up, and hands over.

use serde_json::{Value, json};

use super::hash;
use super::resident::Said;
use crate::wire::{ChatRequest, FunctionCall, Role, WireCall};

/// Words that a task must have, or it is asked back.
const TASK_WORDS_MIN: usize = 6;
/// What makes it give up.
const IMPOSSIBLE: &str = "impossible";

/// Whether a request is one of a task chat.
pub(super) fn is_asked(request: &ChatRequest) -> bool {
    let mut tools = request.tools.iter();
    tools.any(|tool| tool.function.name == "deliver")
}

/// What somebody who works does now.
pub(super) fn answer(seed: u64, request: &ChatRequest) -> Said {
    let task = task_of(request);
    let begun = request
        .messages
        .iter()
        .rposition(|message| message.role == Role::User);
    let own = request.messages.iter().skip(begun.unwrap_or_default() + 1);
    let called: Vec<&str> = own
        .flat_map(|message| &message.tool_calls)
        .map(|call| call.function.name.as_str())
        .collect();
    let call = |name: &str, arguments: Value| {
        let id = format!("call_{:08x}", hash(seed, &task) as u32);
        let function = FunctionCall {
            name: name.to_owned(),
            arguments: arguments.to_string(),
        };
        let kind = "function".to_owned();
        (String::new(), vec![WireCall { id, kind, function }])
    };
    if task.ends_with('?') {
        let words = format!(
            "You ask {} words of me. In short: I would say yes.",
            task.split_whitespace().count()
        );
        return (words, Vec::new());
    }
    if task.split_whitespace().count() < TASK_WORDS_MIN {
        return call(
            "ask_person",
            json!({"question": "What exactly is it to be, and for whom?"}),
        );
    }
    if task.contains(IMPOSSIBLE) {
        return call(
            "give_up",
            json!({"what": "the whole of it", "why": "nobody in town knows how"}),
        );
    }
    match called.as_slice() {
        [] => call("restate", json!({"requirements": [task]})),
        [.., "restate"] => call("read_board", json!({"sort": "new"})),
        [.., "read_board"] => call(
            "report_progress",
            json!({"text": "I have read the board; now I write it down."}),
        ),
        _ => call(
            "deliver",
            json!({"text": "Here it is.", "files": [{"name": "result.md", "text": format!("# Result\n\n{task}\n")}],
                "sources": [{"title": "What you wrote", "link": task.split_whitespace().next()},
                    {"title": "Something I never read", "link": "https://example.org/unread"}]}),
        ),
    }
}

/// The newest words of the person.
fn task_of(request: &ChatRequest) -> String {
    let users = request.messages.iter();
    let users = users.filter(|message| message.role == Role::User);
    let words: Vec<&str> = users.filter_map(|it| it.content.as_deref()).collect();
    let all = words.join("\n");
    let newest = all.rsplit_once("writes: «").map(|(_, newest)| newest);
    let newest = newest.and_then(|newest| newest.split('»').next());
    newest.unwrap_or_default().to_owned()
}
