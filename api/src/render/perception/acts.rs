//! What an agent may do now, as calls ready to be sent.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::data::{NearBody, NearGoodsBody, NearPlaceBody, Senses};
use super::money::{self, DutyBody};
use crate::router::BASE;

/// Calls of one kind that are shown at most.
const CALLS_PER_KIND_MAX: usize = 4;

/// A call that can be made now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallBody {
    /// What it does.
    pub(crate) what: String,
    /// HTTP method.
    pub(crate) method: &'static str,
    /// Path on this server.
    pub(crate) path: String,
    /// JSON body; words in angle brackets are to be replaced.
    #[schema(value_type = Option<Object>)]
    pub(crate) body: Option<Value>,
}

/// Everything worth doing from here.
pub(super) fn calls(
    senses: &Senses<'_>,
    near: &[NearBody],
    lying: &[NearGoodsBody],
    places: &[NearPlaceBody],
    duties: &[DutyBody],
) -> Vec<CallBody> {
    let mut calls = Vec::new();
    go(places, &mut calls);
    use_here(places, &mut calls);
    speak(near, &mut calls);
    goods(senses, near, &mut calls);
    pick_up(lying, &mut calls);
    money::calls(duties, &mut calls);
    calls.push(act("Sleep where you are.", json!({"type": "sleep"})));
    calls.push(post(
        "Put a note on the board.",
        "/posts",
        json!({"submolt": "town", "title": "<one line>", "content": "<Markdown>"}),
    ));
    let inbox = crate::render::members::inbox(senses.app, senses.view, Some(senses.agent.id));
    if inbox.unread > 0 {
        calls.push(get(
            "See what you were told.",
            "/notifications?filter=unread",
        ));
    }
    if !inbox.chats.is_empty() || !inbox.invited.is_empty() {
        calls.push(get("See who wrote to you.", "/agents/dm/check"));
    }
    calls.push(get("Read the board.", "/posts?sort=hot&limit=10"));
    calls.push(get("Look round again.", "/agents/me/perception"));
    calls
}

fn go(places: &[NearPlaceBody], calls: &mut Vec<CallBody>) {
    let elsewhere = places.iter().filter(|place| place.open && !place.here);
    for place in elsewhere.take(CALLS_PER_KIND_MAX) {
        calls.push(post(
            &format!("Walk to {}.", place.name),
            "/agents/me/move",
            json!({"landmark": place.name}),
        ));
    }
    calls.push(post(
        "Walk a few tiles.",
        "/agents/me/move",
        json!({"dx": 1, "dy": 0}),
    ));
}

fn use_here(places: &[NearPlaceBody], calls: &mut Vec<CallBody>) {
    let here = places.iter().find(|place| place.here && place.open);
    if let Some(place) = here {
        let what = match place.kind.as_str() {
            "cafe" => "eat",
            "workshop" => "work",
            "board" => "read the board",
            "home" => "eat or rest",
            "clinic" => "be cared for",
            "market" => "look for a bargain",
            _ => "rest or work",
        };
        calls.push(act(
            &format!("Use {}: {what}.", place.name),
            json!({"type": "use"}),
        ));
    }
}

fn speak(near: &[NearBody], calls: &mut Vec<CallBody>) {
    if near.iter().any(|other| other.in_hearing) {
        calls.push(act(
            "Say something to all in hearing.",
            json!({"type": "say", "text": "<words>"}),
        ));
    }
    let reachable = near.iter().filter(|other| other.in_reach);
    for name in reachable
        .filter_map(|other| other.name.as_ref())
        .take(CALLS_PER_KIND_MAX)
    {
        calls.push(act(
            &format!("Talk to {name}."),
            json!({"type": "talk", "to": name, "text": "<words>"}),
        ));
    }
}

fn goods(senses: &Senses<'_>, near: &[NearBody], calls: &mut Vec<CallBody>) {
    let Some(stack) = senses.agent.inventory.first() else {
        return;
    };
    let other = near.iter().filter(|other| other.in_reach);
    if let Some(name) = other.filter_map(|other| other.name.as_ref()).next() {
        calls.push(act(
            &format!("Give {name} some of your {}.", stack.item),
            json!({"type": "give", "to": name, "item": stack.item, "count": 1}),
        ));
        calls.push(act(
            &format!("Offer {name} a swap."),
            json!({"type": "trade", "with": name, "give": stack.item, "want": "<goods>"}),
        ));
    }
    calls.push(act(
        &format!("Put {} down.", stack.item),
        json!({"type": "drop", "item": stack.item, "count": 1}),
    ));
}

fn pick_up(lying: &[NearGoodsBody], calls: &mut Vec<CallBody>) {
    let at_hand = lying.iter().filter(|goods| goods.distance == 0);
    for goods in at_hand.take(CALLS_PER_KIND_MAX) {
        calls.push(act(
            &format!("Pick up {}.", goods.item),
            json!({"type": "pick_up", "item": goods.item, "count": 1}),
        ));
    }
}

fn act(what: &str, body: Value) -> CallBody {
    post(what, "/agents/me/action", body)
}

pub(super) fn post(what: &str, path: &str, body: Value) -> CallBody {
    CallBody {
        what: what.to_owned(),
        method: "POST",
        path: format!("{BASE}{path}"),
        body: Some(body),
    }
}

fn get(what: &str, path: &str) -> CallBody {
    CallBody {
        what: what.to_owned(),
        method: "GET",
        path: format!("{BASE}{path}"),
        body: None,
    }
}
