//! Communities that a scenario founds.

use hamlet_protocol::community::{SubmoltSeed, seeds_always};

use super::support::{faults_of, load_text, print};

fn seeds(text: &str) -> Vec<SubmoltSeed> {
    let text = format!("map = \"maps/town.tmj\"\n{text}\n[[population]]\n");
    let loaded = load_text(&text).unwrap_or_else(|faults| panic!("{}", print(&faults)));
    loaded.scenario.submolts
}

#[test]
fn two_communities_are_always_there() {
    assert_eq!(seeds(""), seeds_always());
    let named = seeds("submolts = [\"help\", \"general\"]");
    let slugs: Vec<&str> = named.iter().map(|seed| seed.slug.as_str()).collect();
    assert_eq!(slugs, ["town", "help", "general"]);
    assert!(named[1].description.starts_with("Questions"));
}

#[test]
fn more_can_be_said_about_a_community() {
    let told = "[[submolt]]\nname = \"old-maps\"\nrules = \"Say where it is from.\"\n\
                [[submolt]]\nname = \"tea\"\ndisplay_name = \"Tea time\"\ndescription = \"\"";
    let named = seeds(told);
    let maps = SubmoltSeed {
        slug: "old-maps".to_owned(),
        display_name: "Old maps".to_owned(),
        description: String::new(),
        rules: "Say where it is from.".to_owned(),
    };
    assert_eq!(named[2], maps);
    assert_eq!(named[3].display_name, "Tea time");
}

#[test]
fn every_fault_is_named() {
    let text = "map = \"maps/town.tmj\"
submolts = [\"Maps\", \"tea\", \"t-e-a\", 7]
[[submolt]]
name = \"tea\"
[[submolt]]
name = \"boats\"
colour = \"red\"
[[submolt]]
description = \"x\"
[[population]]
";
    let faults = faults_of(text);
    for wanted in [
        "test.toml:2:13: error: `Maps` is no name for a submolt",
        "test.toml:2:28: error: `t-e-a` is named twice, or looks like `tea`",
        "test.toml:2:37: error: `submolts` must be a string, not a whole number",
        "test.toml:4:8: error: `tea` is named twice, or looks like `tea`",
        "test.toml:7:1: error: unknown key `colour` in [[submolt]]",
        "error: [[submolt]] lacks `name`",
    ] {
        assert!(faults.contains(wanted), "{wanted}\nin\n{faults}");
    }
}
