//! What a fresh village's board is like. To read it: `cargo nextest run -p hamlet-sim a_fresh_village --no-capture`.

#![allow(clippy::print_stdout, reason = "a page for people who ask for it")]

use std::collections::BTreeMap;
use std::path::Path;

use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_protocol::metrics::{Sample, metric_index};

use super::support::{Overlay, print};
use crate::scenario::{Overrides, load};
use crate::{Village, VillageOptions};

/// Ticks in an hour of the default town.
const HOUR: u64 = 600;

/// The default town's first hours: what happened, and the last sample.
fn first_hours(hours: u64) -> (Vec<EventRecord>, Sample) {
    let overrides = Overrides {
        set: vec![format!("outputs.every_ticks={HOUR}")],
        ..Overrides::default()
    };
    let path = Path::new("scenarios/town.toml");
    let loaded = load(path, &Overlay::default(), &overrides);
    let loaded = loaded.unwrap_or_else(|faults| panic!("{}", print(&faults)));
    let mut village = Village::found(loaded.scenario, loaded.map, VillageOptions::default())
        .expect("there is room");
    let (mut events, mut last) = (Vec::new(), None);
    for _ in 0..hours * HOUR {
        village.tick(None);
        events.extend(village.take_events());
        last = village.take_sample().or(last);
    }
    (events, last.expect("it is sampled every hour"))
}

/// A comment as the page shows it.
struct Line {
    id: CommentId,
    parent: Option<CommentId>,
    who: AgentId,
    text: String,
}

#[test]
fn a_fresh_village_is_worth_reading_within_ten_hours() {
    let (events, sample) = first_hours(10);
    tell(&events);
    let value = |name: &str| sample.values[metric_index(name).expect("a metric")];
    let posts = value("posts");
    println!(
        "posts {posts}, comments {}, votes {}",
        value("comments"),
        value("votes")
    );
    let names = [
        "posts_answered",
        "comments_answered",
        "depth_mean",
        "depth_max",
        "reciprocity",
        "duplicates",
        "hot_age",
    ];
    for name in names {
        println!("{name} {:.3}", value(&format!("board.{name}")));
    }
    assert!(posts >= 40.0, "{posts} posts");
    for (name, least) in [
        ("board.posts_answered", 0.8),
        ("board.comments_answered", 0.3),
        ("board.depth_max", 4.0),
        ("board.reciprocity", 0.25),
    ] {
        assert!(value(name) >= least, "{name} is {}", value(name));
    }
    assert!(
        value("board.duplicates") < 0.02,
        "{}",
        value("board.duplicates")
    );
}

/// Prints the board as a page, for people.
fn tell(events: &[EventRecord]) {
    let mut names: BTreeMap<AgentId, &str> = BTreeMap::new();
    let mut threads: BTreeMap<PostId, Vec<Line>> = BTreeMap::new();
    for record in events {
        match &record.event {
            Event::AgentJoined { agent, name, .. } => {
                names.insert(*agent, name);
            }
            Event::Commented {
                comment,
                post,
                parent,
                author,
                text,
                ..
            } => {
                threads.entry(*post).or_default().push(Line {
                    id: *comment,
                    parent: *parent,
                    who: *author,
                    text: text.clone(),
                });
            }
            _ => {}
        }
    }
    let name = |who: &AgentId| names.get(who).copied().unwrap_or("the town");
    for record in events {
        let Event::Posted {
            post,
            author,
            submolt,
            title,
            text,
            ..
        } = &record.event
        else {
            continue;
        };
        let who = author.as_ref().map_or("the town", name);
        println!("\n## {title}\n{who} in {submolt}: {text}");
        let thread = threads.get(post).map_or(&[][..], Vec::as_slice);
        under(thread, None, 1, &|who| name(who).to_owned());
    }
}

fn under(
    thread: &[Line],
    parent: Option<CommentId>,
    depth: usize,
    name: &impl Fn(&AgentId) -> String,
) {
    for line in thread.iter().filter(|line| line.parent == parent) {
        println!("{}- {}: {}", "  ".repeat(depth), name(&line.who), line.text);
        under(thread, Some(line.id), depth + 1, name);
    }
}
