//! The scenarios in the box.

use std::collections::BTreeMap;
use std::path::Path;

use hamlet_protocol::event::Event;
use hamlet_sim::files::{Disk, Files};

use crate::sim::TestSim;

#[test]
fn every_shipped_scenario_runs() {
    let mut names: Vec<String> = Disk
        .list(Path::new("scenarios"))
        .iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "auction",
            "crowd",
            "empty",
            "llm-town",
            "market-day",
            "rumour",
            "scarcity",
            "town"
        ],
        "a new scenario: name it here"
    );
    for name in names {
        let ticks = if name == "crowd" { 50 } else { 500 };
        let mut sim = TestSim::shipped(&name);
        sim.run_to(ticks);
        let refused: Vec<_> = sim
            .events
            .iter()
            .filter(|record| matches!(record.event, Event::InterventionRefused { .. }))
            .collect();
        assert!(refused.is_empty(), "{name}: {refused:?}");
        assert!(sim.village.population() > 0, "{name}");
    }
}

/// What makes the town plausible, over its first day and night.
#[test]
fn the_town_lives() {
    let mut sim = TestSim::shipped("town");
    sim.run_to(14_400);
    let kinds = sim.kinds();
    for kind in [
        "say",
        "talk_begin",
        "talk",
        "make",
        "trade",
        "sale",
        "give",
        "drop",
        "pick_up",
        "post",
        "comment",
        "vote",
    ] {
        assert!(
            kinds.get(kind).is_some_and(|&n| n > 0),
            "no {kind}: {kinds:?}"
        );
    }
    let sizes: Vec<usize> = sim
        .events
        .iter()
        .filter_map(|record| match &record.event {
            Event::TalkEnded { members, .. } => Some(members.len()),
            _ => None,
        })
        .collect();
    let of_at_least = |size: usize| sizes.iter().filter(|&&it| it >= size).count();
    let (all, groups, large) = (of_at_least(2), of_at_least(3), of_at_least(4));
    assert!(
        groups * 10 >= all && large > 0 && groups * 2 < all,
        "people talk in twos and in groups: {groups} of {all} in threes and more, {large} in fours and more"
    );
    let mut titles: BTreeMap<&str, u32> = BTreeMap::new();
    for record in &sim.events {
        if let Event::Posted { title, .. } = &record.event {
            *titles.entry(title).or_default() += 1;
        }
    }
    let (all, most) = (titles.values().sum::<u32>(), titles.values().max().unwrap());
    assert!(
        most * 8 < all,
        "one of {all} notes stands on the board {most} times: {titles:?}"
    );
}

#[test]
fn a_rumour_reaches_nearly_everybody() {
    let mut sim = TestSim::shipped("rumour");
    while sim.village.ended().is_none() {
        let next = sim.village.tick_count() + 10;
        sim.run_to(next);
    }
    let why = sim.village.ended().unwrap();
    assert!(why.contains("news.reach"), "ended because {why}");
}
