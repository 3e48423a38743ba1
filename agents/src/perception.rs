//! What somebody perceives, in words for a model, as sections that can be left out for lack of room.
//!
//! Only what they can see, hear, feel and read from where they stand. What others said or wrote stands between marks: it is theirs, and no instruction.

use std::fmt::Write;

use hamlet_protocol::agent::{NEED_FULL, Need, Seen};
use hamlet_protocol::map::Point;
use hamlet_protocol::minds::Wake;
use hamlet_protocol::social::chat::ChatState;

use crate::scene::Scene;
use crate::untrusted::quoted;

/// People near, nearest first, that one perceives.
const NEAR_MAX: usize = 12;
/// Characters of what somebody calls themselves.
const NAME_CHARS_MAX: usize = 60;
/// Places, nearest first, that one is told of.
const PLACES_MAX: usize = 14;
/// Notes on the board that one is told of.
const POSTS_MAX: usize = 6;
/// Lines heard of late that one is told of.
const HEARD_MAX: usize = 6;
/// Notices and messages that one is told of.
const WAITING_MAX: usize = 4;
/// Characters of somebody's line.
const LINE_CHARS_MAX: usize = 300;

/// One part of what is perceived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is called where it is left out.
    pub name: &'static str,
    /// Parts with smaller numbers stay longer; 0 always stays.
    pub rank: u8,
    /// Its words.
    pub text: String,
}

/// Everything that somebody perceives; `None` when they have left.
#[must_use]
pub fn perceive(scene: &Scene) -> Option<Vec<Section>> {
    let mut sections = vec![section("yourself", 0, myself(scene)?)];
    sections.push(section("what became of your last acts", 1, last(scene)));
    sections.push(section("what was said", 1, heard(scene)));
    sections.push(section("people near", 1, near(scene)));
    sections.push(section("places", 2, places(scene)));
    sections.push(section("what waits for you", 3, waiting(scene)));
    sections.push(section("the last hours", 4, hours(scene)));
    sections.push(section("the board", 5, board(scene)));
    sections.retain(|section| !section.text.is_empty());
    Some(sections)
}

fn section(name: &'static str, rank: u8, text: String) -> Section {
    Section { name, rank, text }
}

/// Writes lines; writing into a text never fails.
macro_rules! line {
    ($text:expr, $($rest:tt)*) => { writeln!($text, $($rest)*).ok() };
}

fn myself(scene: &Scene) -> Option<String> {
    let (me, body) = (scene.me()?, scene.body()?);
    let mut text = String::new();
    line!(
        text,
        "It is {}.",
        scene.view.time.datetime().format("%A %H:%M")
    );
    let here = scene.here().map(|(place, _)| format!(" at {}", place.name));
    line!(
        text,
        "You are {} (@{}){}, on tile ({}, {}).",
        quoted(&me.persona.display_name, NAME_CHARS_MAX),
        me.persona.name,
        here.unwrap_or_default(),
        body.at.x,
        body.at.y
    );
    line!(text, "You are doing: {}.", body.activity.as_str());
    let words = ["sleep", "a meal", "company", "work worth doing", "some fun"];
    let wanted: Vec<String> = Need::ALL
        .into_iter()
        .zip(words)
        .map(|(need, word)| (word, me.needs[need as usize]))
        .filter(|(_, level)| *level < NEED_FULL / 2)
        .map(|(word, level)| {
            format!(
                "{word} ({}%)",
                u32::from(level) * 100 / u32::from(NEED_FULL)
            )
        })
        .collect();
    let mood = match me.mood {
        ..-500 => "miserable",
        -500..-150 => "low",
        -150..=150 => "all right",
        151..=500 => "good",
        _ => "wonderful",
    };
    match wanted.as_slice() {
        [] => line!(text, "You feel {mood} and need nothing urgently."),
        _ => line!(
            text,
            "You feel {mood}. You could do with {}.",
            wanted.join(", ")
        ),
    };
    let goods: Vec<String> = me
        .inventory
        .iter()
        .map(|stack| format!("{} {}", stack.count, stack.item))
        .collect();
    if !goods.is_empty() {
        line!(text, "You carry {}.", goods.join(", "));
    }
    if scene.scenario.economy.is_lived_by()
        && let Some(purse) = scene.view.economy.purses.get(scene.ask.no as usize)
    {
        line!(text, "You have {} aiDollars to spend.", purse.available());
    }
    let why = match scene.ask.wake {
        Wake::Begin | Wake::Time => None,
        Wake::Spoken => Some("Somebody spoke to you."),
        Wake::Free => Some("You have nothing to do."),
    };
    if let Some(why) = why {
        line!(text, "{why}");
    }
    Some(text)
}

fn last(scene: &Scene) -> String {
    let mut text = String::new();
    let refused: Vec<_> = scene
        .ask
        .last
        .iter()
        .filter_map(|report| Some((&report.act, report.refused.as_ref()?)))
        .collect();
    if !refused.is_empty() {
        line!(text, "\nWhat you tried last and could not do:");
        for (act, why) in refused {
            line!(text, "- {act}: {}", quoted(why, LINE_CHARS_MAX));
        }
    }
    text
}

fn heard(scene: &Scene) -> String {
    let mut text = String::new();
    let Some(me) = scene.me() else {
        return text;
    };
    let lines = me.heard.len().saturating_sub(HEARD_MAX);
    if me.heard.is_empty() {
        return text;
    }
    line!(
        text,
        "\n{}:",
        match scene.ask.wake {
            Wake::Spoken => "Said to you or near you since",
            Wake::Begin | Wake::Time | Wake::Free => "Said near you of late",
        }
    );
    for (from, words) in &me.heard[lines..] {
        line!(
            text,
            "- {}: {}",
            scene.called(*from),
            quoted(words, LINE_CHARS_MAX)
        );
    }
    if me.talk.is_some() {
        line!(
            text,
            "You are in a conversation. Bring it to a point, then take your leave."
        );
    }
    text
}

fn near(scene: &Scene) -> String {
    let mut text = String::new();
    let Some(me) = scene.body() else {
        return text;
    };
    let near = scene.near(NEAR_MAX);
    if near.is_empty() {
        return "\nNobody is near.\n".to_owned();
    }
    let rules = &scene.view.rules;
    line!(text, "\nPeople near:");
    for (distance, agent, body) in near {
        let reach = if distance <= u32::from(rules.reach) {
            ", within reach"
        } else if distance <= u32::from(rules.say_radius) {
            ", hears you"
        } else {
            ""
        };
        line!(
            text,
            "- @{} {}, {}, {}{reach}",
            agent.persona.name,
            quoted(&agent.persona.display_name, NAME_CHARS_MAX),
            way(me.at, body.at),
            body.activity.as_str()
        );
    }
    text
}

fn places(scene: &Scene) -> String {
    let mut text = String::new();
    let (Some(me), Some(body)) = (scene.me(), scene.body()) else {
        return text;
    };
    let here = scene.here().map(|(_, now)| now.id);
    let own = [me.home, me.workplace];
    let mut all: Vec<_> = scene
        .places()
        .filter(|(place, now)| place.kind.as_str() != "home" || own.contains(&Some(now.id)))
        .map(|(place, now)| {
            let known = here == Some(now.id) || own.contains(&Some(now.id));
            (!known, place.entrance.manhattan(body.at), place, now)
        })
        .collect();
    all.sort_by_key(|(far, distance, place, _)| (*far, *distance, place.entrance));
    all.truncate(PLACES_MAX);
    line!(text, "\nPlaces:");
    for (_, _, place, now) in all {
        let state = if now.open { "open" } else { "closed" };
        let mut notes = String::new();
        if here == Some(now.id) {
            notes.push_str(", you are in it");
        }
        if me.home == Some(now.id) {
            notes.push_str(", your home");
        }
        if me.workplace == Some(now.id) {
            notes.push_str(", your work");
        }
        let way = way(body.at, place.entrance);
        line!(
            text,
            "- {} ({}), {way}, {state}{notes}",
            place.name,
            place.kind
        );
    }
    text
}

fn waiting(scene: &Scene) -> String {
    let mut text = String::new();
    let inbox = scene.view.inboxes.get(scene.ask.no as usize);
    let Some(inbox) = inbox.and_then(Option::as_ref) else {
        return text;
    };
    let unread = inbox.notices.iter().rev().filter(|notice| !notice.read);
    let notices: Vec<_> = unread.take(WAITING_MAX).collect();
    if !notices.is_empty() {
        line!(text, "\nYou were told:");
    }
    for notice in notices {
        let from = notice
            .from
            .map_or_else(|| "the village".to_owned(), |from| scene.called(from));
        let post = notice.post.map(|post| format!(" on {}", scene.mark(post)));
        let words = match notice.text.as_str() {
            "" => String::new(),
            words => format!(": {}", quoted(words, LINE_CHARS_MAX)),
        };
        line!(
            text,
            "- {} from {from}{}{words}",
            notice.kind.as_str(),
            post.unwrap_or_default()
        );
    }
    let chats = inbox.chats.iter().rev();
    let chats = chats.filter_map(|&no| scene.view.chats.get(no as usize));
    let unread = chats.filter(|chat| {
        chat.state != ChatState::Rejected
            && chat
                .member(scene.ask.agent)
                .is_some_and(|member| member.unread > 0)
    });
    let unread: Vec<_> = unread.take(WAITING_MAX).collect();
    if !unread.is_empty() {
        line!(text, "\nMessages you have not read:");
    }
    for chat in unread {
        let mut words = chat.last.iter().rev();
        if let Some(message) = words.find(|message| message.from != scene.ask.agent) {
            line!(
                text,
                "- {}: {}",
                scene.called(message.from),
                quoted(&message.text, LINE_CHARS_MAX)
            );
        }
    }
    text
}

fn hours(scene: &Scene) -> String {
    let mut text = String::new();
    let Some(me) = scene.me() else {
        return text;
    };
    let lines: Vec<String> = me
        .observations
        .iter()
        .filter_map(|observation| {
            let at = scene.scenario.time.at(observation.tick).datetime();
            Some(format!(
                "- {}: {}",
                at.format("%H:%M"),
                sentence(scene, &observation.seen)?
            ))
        })
        .collect();
    if !lines.is_empty() {
        line!(text, "\nThe last hours:");
        line!(text, "{}", lines.join("\n"));
    }
    text
}

/// What was seen, as a sentence; `None` for what is told elsewhere.
#[must_use]
pub fn sentence(scene: &Scene, seen: &Seen) -> Option<String> {
    let (who, place) = (|id: &_| scene.called(*id), |id: &_| scene.place_name(*id));
    Some(match seen {
        Seen::Heard(..) => return None,
        Seen::TalkedWith(other) => format!("You talked with {}.", who(other)),
        Seen::News(other, _) => format!("You learned a piece of news from {}.", who(other)),
        Seen::Ate(id) => format!("You had a meal at {}.", place(id)),
        Seen::Slept => "You slept well.".to_owned(),
        Seen::Worked(id, item) => format!("You worked at {} and made {item}.", place(id)),
        Seen::Traded(other, gave, got) => {
            format!("You swapped {gave} for {got} with {}.", who(other))
        }
        Seen::Received(other, item) => format!("{} gave you {item}.", who(other)),
        Seen::Read(post) => format!("You read the note {}.", scene.mark(*post)),
        Seen::Answered(other, post) => {
            format!(
                "{} answered you on the board ({}).",
                who(other),
                scene.mark(*post)
            )
        }
        Seen::FoundClosed(id) => format!("You found {} closed.", place(id)),
        Seen::Rewarded(amount, reason) => {
            let what = if amount.0 < 0 {
                "penalised"
            } else {
                "rewarded"
            };
            let why = quoted(reason, LINE_CHARS_MAX);
            format!("You were {what} {amount} aiDollars: {why}.")
        }
        Seen::Rested(id) => format!("You rested at {}.", place(id)),
        Seen::FollowedBy(other) => format!("{} follows you now.", who(other)),
    })
}

fn board(scene: &Scene) -> String {
    let mut text = String::new();
    let posts: Vec<_> = scene.posts().take(POSTS_MAX).collect();
    if posts.is_empty() {
        return text;
    }
    line!(text, "\nOn the board:");
    for post in posts {
        let author = post
            .author
            .map_or_else(|| "the town".to_owned(), |author| scene.called(author));
        line!(
            text,
            "- {} {} by {author}, score {}, {} comments",
            scene.mark(post.id),
            quoted(&post.title, LINE_CHARS_MAX),
            i64::from(post.up) - i64::from(post.down),
            post.comments
        );
    }
    text
}

/// Which way, and how far.
fn way(from: Point, to: Point) -> String {
    let (dx, dy) = (
        i32::from(to.x) - i32::from(from.x),
        i32::from(to.y) - i32::from(from.y),
    );
    let part = |tiles: i32, plus: &str, minus: &str| {
        let towards = if tiles > 0 { plus } else { minus };
        (tiles != 0).then(|| format!("{} {towards}", tiles.abs()))
    };
    let parts: Vec<String> = [part(dx, "east", "west"), part(dy, "south", "north")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        "here".to_owned()
    } else {
        format!("{} tiles", parts.join(" and "))
    }
}
