//! `hamlet check`, and files that cannot be run: every fault with its place and the way out.

use crate::desk::Desk;

#[test]
fn every_fault_is_said_at_once() {
    let desk = Desk::new();
    desk.write(
        "bad.toml",
        r#"nme = "x"
seed = -4
map = "maps/twon.tmj"
[time]
tick_hz = 0
start = "yesterday"
[[population]]
template = "townfolk"
[[population]]
[[population.persona]]
name = "ann"
[[population.persona]]
name = "ANN"
[[intervention]]
at = "8h30"
say = { agent = "ann", text = "" }
[stop]
metric = { name = "mood.men", above = 2 }
"#,
    );
    let err = desk.bad("check bad.toml", 1);
    for (place, words) in [
        ("1:1", "did you mean `name`"),
        ("2:8", "allowed: 0 to 9223372036854775807"),
        ("3:7", "did you mean `maps/town.tmj`"),
        ("5:11", "allowed: 0.01 to 1000"),
        ("6:9", "write for example: \"2026-02-01T07:00:00Z\""),
        ("8:12", "did you mean `townsfolk`"),
        ("13:8", "names are unique"),
        ("15:6", "write \"08:30\""),
        ("16:31", "allowed: 1 to 500 characters"),
        ("18:19", "did you mean `mood.mean`"),
    ] {
        let fault = err
            .split("bad.toml:")
            .find(|fault| fault.starts_with(&format!("{place}: error: ")))
            .unwrap_or_else(|| panic!("nothing at {place}: {err}"));
        assert!(fault.contains(words), "{place}: {fault}");
    }
    assert!(err.ends_with("10 faults to mend\n"), "{err}");
    // A run says the same and runs nothing.
    let run = desk.bad("run bad.toml --ticks 5 --out out", 1);
    assert!(run.ends_with("error: 10 faults to mend first\n"), "{run}");
    assert!(!desk.path("out").exists());
}

#[test]
fn a_sound_file_and_its_warnings_are_said_with_status_0() {
    let desk = Desk::new();
    let said =
        desk.good("check scenarios/town.toml assets/maps/town.tmj agents/templates/c-3po.toml");
    assert_eq!(said.out.matches(": ok").count(), 3, "{said:?}");
    desk.write(
        "late.toml",
        "map = \"maps/town.tmj\"\n[[population]]\nname = \"ann\"\n[[intervention]]\ntick = 9\nsay = { agent = \"ann\", text = \"x\" }\n[stop]\nafter_ticks = 5\n",
    );
    let said = desk.good("check late.toml");
    assert!(said.out.contains("late.toml: ok (1 warning)"), "{said:?}");
    assert!(
        said.err
            .contains("late.toml:6:17: warning: this would happen at tick 9"),
        "{said:?}"
    );
}

#[test]
fn one_bad_file_among_good_ones_is_enough() {
    let desk = Desk::new();
    let said = desk.call("check scenarios/town.toml none.toml scenarios/empty.toml");
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out.matches(": ok").count(), 2, "{said:?}");
    assert!(
        said.err.contains("none.toml: error: there is no such file"),
        "{said:?}"
    );
}

#[test]
fn a_name_misspelt_is_guessed() {
    let desk = Desk::new();
    desk.write("village.toml", "");
    for (typed, meant) in [
        ("villag.toml", "did you mean village.toml?"),
        ("scenarios/twon.toml", "did you mean scenarios/town.toml?"),
        ("town", "did you mean scenarios/town.toml?"),
        ("zzz.toml", "check the path"),
    ] {
        let err = desk.bad(&format!("run {typed}"), 1);
        assert!(err.contains(meant), "{typed}: {err}");
    }
}

#[test]
fn what_is_no_scenario_is_refused_by_name() {
    let desk = Desk::new();
    let huge = "a".repeat(100_000);
    let deep = format!("map = {}", "[".repeat(100_000));
    for (name, bytes, words) in [
        ("empty.toml", b"".as_slice(), "lacks `map`"),
        ("latin.toml", b"name = \"\xff\"", "no UTF-8 text"),
        ("huge.toml", huge.as_bytes(), "huge.toml:1:"),
        ("deep.toml", deep.as_bytes(), "deep.toml:1:"),
        (
            "torn.toml",
            b"name = \"x\nseed = [1,\n",
            "torn.toml:1:10: error",
        ),
        (
            "twice.toml",
            b"map = 1\nmap = 2\n",
            "`map` stands here a second time",
        ),
    ] {
        desk.write(name, bytes);
        let err = desk.bad(&format!("check {name}"), 1);
        assert!(err.contains(words), "{name}: {err}");
    }
}

#[test]
fn two_agents_of_one_name_are_refused_wherever_they_come_from() {
    let desk = Desk::new();
    let town = "map = \"maps/town.tmj\"\n[[population]]\nname = \"ann\"\n";
    for (more, place) in [
        ("[[population]]\nname = \"Ann\"\n", "s.toml:5:8"),
        (
            "[[intervention]]\ntick = 3\nspawn = { name = \"ANN\" }\n",
            "s.toml:6:18",
        ),
    ] {
        desk.write("s.toml", format!("{town}{more}"));
        let err = desk.bad("run s.toml --ticks 5", 1);
        assert!(
            err.contains(place) && err.contains("somebody else is named"),
            "{err}"
        );
    }
}
