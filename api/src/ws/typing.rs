//! Who is about to write: told to the others at once, kept nowhere, and not too often.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hamlet_protocol::ids::{AgentId, ChatId};
use hamlet_protocol::social::chat::ChatState;

use super::letters::{member_name, typing_letter};
use crate::render::chat::chat_of;
use crate::render::members::inbox;
use crate::render::post::is_halted;
use crate::state::App;

/// Milliseconds between two signs of one writer in one conversation that are passed on.
const GAP_MS: i64 = 2_000;
/// Writers remembered at most; when there are more, those who may sign again are forgotten first.
const WRITERS_MAX: usize = 20_000;

/// When members last gave a sign.
#[derive(Debug, Default)]
pub(super) struct Typists(Mutex<HashMap<(AgentId, ChatId), i64>>);

impl Typists {
    /// Whether a sign may be passed on now.
    fn take(&self, who: AgentId, chat: ChatId, now_ms: i64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() >= WRITERS_MAX {
            last.retain(|_, at_ms| (*at_ms..*at_ms + GAP_MS).contains(&now_ms));
        }
        let full = last.len() >= WRITERS_MAX;
        match last.get_mut(&(who, chat)) {
            Some(at_ms) if (*at_ms..*at_ms + GAP_MS).contains(&now_ms) => false,
            Some(at_ms) => {
                *at_ms = now_ms;
                true
            }
            None if full => false,
            None => {
                last.insert((who, chat), now_ms);
                true
            }
        }
    }
}

/// Tells the others of a conversation or group that somebody is about to write. Whether they were told:
/// not by whoever takes no part or is halted, not where the two have not agreed to talk, and not too often.
pub(crate) fn tell_typing(app: &App, who: AgentId, chat: ChatId) -> bool {
    let view = app.published.view();
    let Some(found) = chat_of(app, &view, chat) else {
        return false;
    };
    let open = matches!(found.state, ChatState::Open | ChatState::Group);
    if !open || found.member(who).is_none() || is_halted(app, &view, who) {
        return false;
    }
    let other = found.other(who);
    let ignored = other.is_some_and(|other| {
        let theirs = inbox(app, &view, Some(other));
        let own = inbox(app, &view, Some(who));
        theirs.blocked.contains(&who) || theirs.muted.contains(&who) || own.blocked.contains(&other)
    });
    if ignored || !app.hub.typists.take(who, chat, app.clock.now_ms()) {
        return false;
    }
    let name = member_name(&view, app.ids, who);
    app.hub.pass_on(typing_letter(&found, who, name));
    true
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn signs_are_passed_on_every_two_seconds() {
        let (typists, who, chat) = (
            Typists::default(),
            AgentId(Uuid::nil()),
            ChatId(Uuid::nil()),
        );
        let passed: Vec<bool> = [0, 1_999, 2_000, 2_001, 5_000, 1]
            .into_iter()
            .map(|now_ms| typists.take(who, chat, now_ms))
            .collect();
        assert_eq!(passed, [true, false, true, false, true, true]);
    }
}
