//! Residents from templates and from sources.

use std::collections::BTreeSet;
use std::path::Path;

use hamlet_protocol::persona::{Persona, Template, check_name};

use super::support::{Overlay, load_text, load_with, print};
use crate::scenario::people::{NameBook, cast, persona};
use crate::scenario::{Overrides, check};

fn townsfolk(count: u32, seed: u64) -> Vec<Persona> {
    let text = format!(
        "map = {{ generate = \"field\", width = 200, height = 200 }}\nseed = {seed}\n[[population]]\ncount = {count}\n"
    );
    let loaded = load_text(&text).unwrap_or_else(|faults| panic!("{}", print(&faults)));
    cast(&loaded.scenario).remove(0)
}

#[test]
fn ten_thousand_have_ten_thousand_names() {
    let people = townsfolk(10_000, 3);
    let names: BTreeSet<String> = people
        .iter()
        .map(|persona| hamlet_protocol::name::name_key(&persona.name))
        .collect();
    assert_eq!(names.len(), 10_000);
    let numbered = people
        .iter()
        .filter(|persona| persona.name.ends_with(|c: char| c.is_ascii_digit()))
        .count();
    assert_eq!(numbered, 0, "there are enough names without numbers");
    for persona in &people {
        assert_eq!(check_name(&persona.name), Ok(()));
        assert!(
            (2..=3).contains(&persona.traits.len()) && (2..=3).contains(&persona.interests.len())
        );
        assert!(persona.occupation.is_some() && persona.sleep.is_some());
        assert!((18..=82).contains(&persona.age.unwrap_or_default()));
        assert!(
            !persona.about.is_empty() && !persona.about.contains(['{', '}']),
            "{}",
            persona.about
        );
        let distinct: BTreeSet<_> = persona.traits.iter().collect();
        assert_eq!(distinct.len(), persona.traits.len(), "{:?}", persona.traits);
    }
    let bedtimes: BTreeSet<u32> = people
        .iter()
        .filter_map(|persona| Some(persona.sleep?.from))
        .collect();
    assert!(bedtimes.len() > 12, "{bedtimes:?}");
    let stories: BTreeSet<&str> = people
        .iter()
        .map(|persona| persona.about.as_str())
        .collect();
    assert!(stories.len() > 9_900, "{}", stories.len());
}

#[test]
fn the_same_seed_draws_the_same_people() {
    assert_eq!(townsfolk(50, 3), townsfolk(50, 3));
    assert_ne!(townsfolk(50, 3), townsfolk(50, 4));
    // More neighbours change nobody.
    assert_eq!(townsfolk(50, 3)[..], townsfolk(80, 3)[..50]);
}

#[test]
fn numbers_are_appended_when_names_run_out() {
    let template = Template {
        name: "X".to_owned(),
        first_names: vec!["Ann".to_owned(), "Bo".to_owned()],
        ..Template::default()
    };
    let mut taken = NameBook::default();
    let mut names: Vec<_> = (0..6)
        .map(|no| persona(&template, 1, no, &mut taken).name)
        .collect();
    names.sort();
    let bases: BTreeSet<&str> = names
        .iter()
        .map(|name| name.split('_').next().unwrap_or_default())
        .collect();
    assert_eq!((names.len(), bases), (6, BTreeSet::from(["ann", "bo"])));
    let long = "x".repeat(50);
    let mut taken: NameBook = [&long].into_iter().collect();
    let (numbered, _) = taken.take_numbered(&long);
    assert_eq!((numbered.len(), numbered.ends_with("_2")), (50, true));
    assert!(taken.is_taken(&numbered.to_uppercase()));
}

#[test]
fn an_explicit_name_is_never_drawn() {
    let drawn = townsfolk(1, 3).remove(0);
    let text = format!(
        "map = {{ generate = \"field\", width = 20, height = 20 }}\nseed = 3\n[[population]]\n[[population]]\nname = \"{}\"\n",
        drawn.name.to_uppercase()
    );
    let scenario = load_text(&text)
        .unwrap_or_else(|faults| panic!("{}", print(&faults)))
        .scenario;
    let people = cast(&scenario);
    assert_ne!(people[0][0].name.to_lowercase(), drawn.name);
    assert_eq!(people[1][0].name, drawn.name.to_uppercase());
}

const SCRATCH: &str = r#"{"name": "Orla Fenwick", "age": 34, "innate": "patient, kind", "learned": "Orla Fenwick is a baker.",
    "currently": "", "lifestyle": "goes to bed around 11pm, awakes up around 6am", "living_area": "the Ville:Rose Cottage:main room"}"#;

const PROFILES: &str = r#"[{"realname": "Orla Fenwick", "username": "orla_fenwick", "bio": "b", "persona": "p", "age": 20, "mbti": "ENFP"},
    {"realname": "Tam Quill", "username": "Tam Quill", "bio": "b", "persona": "", "age": 41, "profession": "Potter", "interested_topics": ["Clay"]}]"#;

#[test]
fn personas_come_from_all_sources() {
    let files = Overlay::with_town()
        .file(
            "people/personas/Orla Fenwick/bootstrap_memory/scratch.json",
            SCRATCH,
        )
        .file(
            "people/personas/Tam/bootstrap_memory/scratch.json",
            &SCRATCH
                .replace("Orla Fenwick", "Tam Moor")
                .replace("Rose Cottage", "Far House"),
        )
        .file("assets/profiles.json", PROFILES)
        .file(
            "own.toml",
            "[[persona]]\nname = \"ivo\"\noccupation = \"clerk\"\n",
        );
    let text = "map = \"maps/town.tmj\"\n[[population]]\nsource = [\"people\", \"profiles.json\", \"own.toml\"]\n\
                [[population]]\nsource = \"profiles.json\"\ncount = 1\n";
    let loaded = load_with(text, files, &Overrides::default())
        .unwrap_or_else(|faults| panic!("{}", print(&faults)));
    let wanted = "test.toml:3:11: warning: 1 of the source's homes are not on this map, such as `Far House`\n  help: these residents get another home";
    assert_eq!(print(&loaded.warnings), wanted);
    let populations = &loaded.scenario.populations;
    let names = |index: usize| {
        populations[index]
            .personas
            .iter()
            .map(|persona| persona.name.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(0),
        [
            "orla_fenwick",
            "tam_moor",
            "orla_fenwick_2",
            "tam_quill",
            "ivo"
        ]
    );
    assert_eq!(
        (names(1), populations[0].count),
        (vec!["orla_fenwick_3"], 5)
    );
    let tam = &populations[0].personas[3];
    assert_eq!(
        (
            tam.display_name.as_str(),
            tam.about.as_str(),
            tam.occupation.as_deref()
        ),
        ("Tam Quill", "b", Some("Potter"))
    );
    assert!(
        !tam.traits.is_empty() && tam.sleep.is_some(),
        "what a source leaves open comes from the template"
    );
    assert_eq!(
        populations[0].personas[2].occupation, None,
        "but no trade is made up for somebody's story"
    );
}

#[test]
fn faults_of_sources_are_named() {
    let files = Overlay::with_town()
        .file("broken.json", "[{\"username\": \"a b\"},\n {\"nme\": 3}, ]")
        .file(
            "odd.json",
            "[{\"nme\": 3},\n  {\"username\": \"李\"},\n {\"realname\":\n   3, \"username\": \"x\", \"interested_topics\": [\"tea\", 7]}]",
        )
        .file("own.toml", "[[persona]]\nnme = \"ivo\"\n")
        .file("void/readme.txt", "");
    let text = "map = \"maps/town.tmj\"\n[[population]]\nsource = [\"broken.json\", \"odd.json\", \"own.toml\", \"void\", \"gone.json\"]\n";
    let Err(faults) = load_with(text, files, &Overrides::default()) else {
        panic!("all of these are faulty")
    };
    let formats = "help: a source is a scratch.json of Generative Agents, a folder of such personas, a list of OASIS profiles (JSON), or a TOML file with [[persona]] tables";
    let wanted = format!(
        "test.toml:3:58: error: there is no file `gone.json`\n  help: it was sought as gone.json and as assets/gone.json; put it there or write an absolute path\n\
         broken.json:2:14: error: this is no JSON: trailing comma\n  {formats}\n\
         odd.json:1:2: error: entry 0 (from 0): it has neither `innate` (scratch.json) nor `username` (OASIS)\n  {formats}\n\
         odd.json:2:3: error: entry 1 (from 0): no handle can be made from its name `李`\n  {formats}\n\
         odd.json:4:4: error: entry 2 (from 0): `realname` must be a text, not 3\n  help: mend the field, or leave it out\n\
         odd.json:4:53: error: entry 2 (from 0): item 1 (from 0) of `interested_topics` must be a text, not 7\n  help: mend the field, or leave it out\n\
         own.toml:1:1: error: [[persona]] lacks `name`\n  help: write for example: name = \"mira_holt\"\n\
         own.toml:2:1: error: unknown key `nme` in [[persona]]\n  help: did you mean `name`? allowed here: name, sleep, display_name, age, traits, interests, occupation, about, home\n\
         void: error: no persona lies in this folder\n  help: it should hold folders with bootstrap_memory/scratch.json in them"
    );
    assert_eq!(print(&faults), wanted);
}

#[test]
fn sources_can_be_checked_by_themselves() {
    let files = Overlay::default()
        .file("ok.json", PROFILES)
        .file("own.toml", "[[persona]]\nname = \"ivo\"\n");
    assert_eq!(check(Path::new("ok.json"), &files), Ok(vec![]));
    assert_eq!(check(Path::new("own.toml"), &files), Ok(vec![]));
}
