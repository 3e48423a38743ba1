//! The scenarios and templates that come with Hamlet.

use std::path::{Path, PathBuf};

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::event::EVENT_KINDS;
use hamlet_protocol::metrics::METRICS;
use hamlet_protocol::rules::RULES;

use super::support::{Overlay, print};
use crate::files::Files;
use crate::scenario::people::cast;
use crate::scenario::{Overrides, check, load, template};

fn shipped(folder: &str) -> Vec<PathBuf> {
    let mut files = Overlay::with_town().list(Path::new(folder));
    files.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    files
}

#[test]
fn every_scenario_loads_without_a_warning() {
    let names: Vec<_> = shipped("scenarios")
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    for name in ["crowd", "empty", "market-day", "rumour", "town"] {
        assert!(
            names.contains(&format!("scenarios/{name}.toml")),
            "{names:?}"
        );
    }
    for path in shipped("scenarios") {
        // A smaller map for what runs in the small town, which has fewer tiles than the shipped one.
        let loaded = load(&path, &Overlay::with_town(), &Overrides::default());
        let loaded = loaded.unwrap_or_else(|faults| panic!("{}", print(&faults)));
        assert_eq!(print(&loaded.warnings), "");
        assert_eq!(
            Some(loaded.scenario.name.as_str()),
            path.file_stem().and_then(|stem| stem.to_str())
        );
        assert!(!loaded.scenario.description.is_empty());
        assert!(
            loaded.scenario.stop.after_ticks.is_some() || loaded.scenario.stop.at.is_some(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn every_template_is_complete() {
    let slugs: Vec<_> = shipped(template::CATALOGUE)
        .iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    let wanted = [
        "ap-5",
        "bb-8",
        "bd-1",
        "c-3po",
        "chopper",
        "hk-47",
        "ig-11",
        "k-2so",
        "l3-37",
        "r2-d2",
        "townsfolk",
    ];
    assert_eq!(slugs, wanted);
    for path in shipped(template::CATALOGUE) {
        assert_eq!(
            check(&path, &Overlay::default()),
            Ok(vec![]),
            "{}",
            path.display()
        );
        let text = format!(
            "map = {{ generate = \"field\", width = 9, height = 9 }}\n[[population]]\ntemplate = \"{}\"\ncount = 2\n",
            path.file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default()
        );
        let files = Overlay::default().file("one.toml", &text);
        let scenario = load(Path::new("one.toml"), &files, &Overrides::default())
            .unwrap_or_else(|f| panic!("{}", print(&f)))
            .scenario;
        let template = scenario.templates.values().next().expect("one template");
        let texts = [
            &template.name,
            &template.category,
            &template.tagline,
            &template.prompt,
            &template.model,
        ];
        assert!(
            texts.iter().all(|text| !text.is_empty()),
            "{}",
            template.slug
        );
        let lists = [
            &template.traits,
            &template.interests,
            &template.occupations,
            &template.about,
            &template.examples,
        ];
        assert!(
            lists.iter().all(|list| !list.is_empty()),
            "{}",
            template.slug
        );
        for persona in cast(&scenario).into_iter().flatten() {
            assert!(persona.about.contains(&persona.display_name) || !persona.about.is_empty());
            assert!(!persona.about.contains('{'), "{}", persona.about);
        }
    }
}

#[test]
fn townsfolk_have_enough_names() {
    let town = load(
        Path::new("scenarios/town.toml"),
        &Overlay::with_town(),
        &Overrides::default(),
    );
    let scenario = town
        .unwrap_or_else(|faults| panic!("{}", print(&faults)))
        .scenario;
    let townsfolk = &scenario.templates["townsfolk"];
    for names in [&townsfolk.first_names, &townsfolk.last_names] {
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        assert!(
            distinct.len() >= 120 && distinct.len() == names.len(),
            "{} of {}",
            distinct.len(),
            names.len()
        );
    }
    let count = |mind: MindKind| -> u32 {
        let populations = scenario.populations.iter();
        let those = populations.filter(|population| population.mind == mind);
        those.map(|population| population.count).sum()
    };
    assert_eq!(count(MindKind::Scripted) + count(MindKind::Llm), 51);
    assert_eq!(count(MindKind::Llm), 9, "the droid, and eight of the fifty");
}

fn how_to() -> String {
    let bytes = Overlay::default().read(Path::new("docs/how-to/write-a-scenario.md"));
    String::from_utf8(bytes.expect("the how-to is there").into_owned()).expect("it is text")
}

#[test]
fn the_how_to_says_every_rule_metric_and_event() {
    let text = how_to();
    for rule in RULES {
        let about = rule.about.trim();
        let row = format!(
            "| `{}` | {} | {} to {} | {about} |",
            rule.name, rule.default, rule.min, rule.max
        );
        assert!(text.contains(&row), "the how-to lacks: {row}");
    }
    for metric in METRICS {
        let row = format!("| `{}` | {} |", metric.name, metric.about);
        assert!(text.contains(&row), "the how-to lacks: {row}");
    }
    for (kind, _) in EVENT_KINDS {
        assert!(
            text.contains(&format!("\n| `{kind}` | ")),
            "the how-to lacks the event {kind}"
        );
    }
}

#[test]
fn the_examples_of_the_how_to_load() {
    let text = how_to();
    let examples: Vec<&str> = text
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let files = Overlay::with_town().file("example.toml", example);
        let loaded = load(Path::new("example.toml"), &files, &Overrides::default());
        assert_eq!(
            print(
                &loaded
                    .unwrap_or_else(|faults| panic!("{}", print(&faults)))
                    .warnings
            ),
            ""
        );
    }
}
