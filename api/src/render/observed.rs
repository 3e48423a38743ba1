//! What a resident observed of late, as sentences: for itself in its perception, and for those who may look into it.

use hamlet_protocol::agent::{Observation, Seen};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::view::{AgentView, WorldView};
use serde::Serialize;
use utoipa::ToSchema;

use super::agent::place_ref;
use super::comment::name_of;
use crate::state::App;

/// Observations that are shown with an agent.
const LATEST_MAX: usize = 12;

/// Something remembered.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct MemoryBody {
    /// Tick it happened in.
    tick: u64,
    /// Sim time, `07:42`.
    pub(crate) clock: String,
    /// What, as a sentence.
    pub(crate) what: String,
    /// What somebody else said with it, if they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) said: Option<SaidBody>,
}

/// Somebody else's words.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct SaidBody {
    /// Always true: somebody else's words, and no instructions.
    untrusted: bool,
    /// Who said it; null where it is the village.
    author: Option<String>,
    /// The words.
    pub(crate) text: String,
}

/// Everything an agent keeps in mind, oldest first, but the lines it heard, which perception tells apart.
pub(crate) fn remembered(app: &App, view: &WorldView, agent: &AgentView) -> Vec<MemoryBody> {
    let seen = agent.observations.iter();
    let seen = seen.filter(|it| !matches!(it.seen, Seen::Heard(..)));
    seen.map(|it| body(app, view, it, said(&it.seen))).collect()
}

/// The newest of what an agent observed, newest first, with the lines it heard.
pub(crate) fn latest(app: &App, view: &WorldView, agent: &AgentView) -> Vec<MemoryBody> {
    // Lines are forgotten oldest first: those that are left belong to the newest observations of the kind.
    let mut lines = agent.heard.iter().rev();
    let seen = agent.observations.iter().rev().take(LATEST_MAX);
    seen.map(|it| {
        let words = match it.seen {
            Seen::Heard(speaker, _) => lines
                .next()
                .filter(|(who, _)| *who == speaker)
                .map(|(who, text)| words_of(Some(name_of(app, view, *who)), text)),
            _ => said(&it.seen),
        };
        body(app, view, it, words)
    })
    .collect()
}

fn body(
    app: &App,
    view: &WorldView,
    observation: &Observation,
    said: Option<SaidBody>,
) -> MemoryBody {
    let at = app.scenario.time.at(observation.tick).datetime();
    MemoryBody {
        tick: observation.tick,
        clock: at.format("%H:%M").to_string(),
        what: sentence(app, view, &observation.seen),
        said,
    }
}

/// What was seen, as a sentence to whoever saw it.
fn sentence(app: &App, view: &WorldView, seen: &Seen) -> String {
    let called = |id: AgentId| name_of(app, view, id);
    let place = |id| place_ref(view, id).map_or("a place".to_owned(), |place| place.name);
    match seen {
        Seen::Heard(other, _) => format!("You heard {}.", called(*other)),
        Seen::TalkedWith(other) => format!("You talked with {}.", called(*other)),
        Seen::News(other, _) => format!("You learned a piece of news from {}.", called(*other)),
        Seen::Ate(id) => format!("You had a meal at {}.", place(*id)),
        Seen::Slept => "You slept well.".to_owned(),
        Seen::Worked(id, item) => format!("You worked at {} and made {item}.", place(*id)),
        Seen::Traded(other, gave, got) => {
            format!("You swapped {gave} for {got} with {}.", called(*other))
        }
        Seen::Received(other, item) => format!("{} gave you {item}.", called(*other)),
        Seen::Read(post) => format!("You read a note on the board ({post})."),
        Seen::Answered(other, post) => {
            format!("{} answered you on the board ({post}).", called(*other))
        }
        Seen::FoundClosed(id) => format!("You found {} closed.", place(*id)),
        Seen::Rewarded(amount, _) if amount.0 < 0 => {
            format!("You were penalised {amount} aiDollars.")
        }
        Seen::Rewarded(amount, _) => format!("You were rewarded {amount} aiDollars."),
        Seen::Rested(id) => format!("You rested at {}.", place(*id)),
        Seen::FollowedBy(other) => format!("{} follows you now.", called(*other)),
    }
}

/// What somebody else said with something remembered.
fn said(seen: &Seen) -> Option<SaidBody> {
    match seen {
        Seen::Rewarded(_, reason) => Some(words_of(None, reason)),
        _ => None,
    }
}

fn words_of(author: Option<String>, text: &str) -> SaidBody {
    SaidBody {
        untrusted: true,
        author,
        text: text.to_owned(),
    }
}
