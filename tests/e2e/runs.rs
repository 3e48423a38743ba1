//! `hamlet run`: what it writes, what one can say to it.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::desk::Desk;

const ALL: [&str; 6] = [
    "events.parquet",
    "final.image",
    "journal.hj",
    "report.html",
    "series.parquet",
    "summary.json",
];

/// Two people in the shipped town, for tests that need no more.
const SMALL: &str = "map = \"maps/town.tmj\"\n[[population]]\ncount = 2\n";

/// `scripts/transcript --write` writes them anew.
#[test]
fn the_documents_show_the_run_as_it_is() {
    let desk = Desk::new();
    let said = desk.good("run scenarios/market-day.toml --ticks 5000 --out out");
    let hash = format!("state hash {}", said.hash());
    let counts = said.out.lines().find(|line| line.contains(" posts, "));
    let counts = counts.expect("a line of counts");
    let text = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::read_to_string(path).unwrap()
    };
    let readme = text("README.md");
    assert!(readme.contains(&hash), "README.md does not show: {hash}");
    assert!(readme.contains(counts), "README.md does not show: {counts}");
    let cited = text("docs/REPRODUCIBILITY.md");
    assert!(cited.contains(&hash), "it does not cite: {hash}");
}

#[test]
fn a_run_far_from_the_repository_leaves_everything() {
    let desk = Desk::new();
    let said = desk.good("run scenarios/market-day.toml --ticks 1000 --out deep/out");
    assert_eq!(desk.list("deep/out"), ALL);
    assert_eq!(desk.summary("deep/out", "ticks"), 1000);
    assert_eq!(desk.summary("deep/out", "scenario"), "market-day");
    assert_eq!(desk.summary("deep/out", "seed"), 7);
    assert_eq!(desk.summary("deep/out", "state_hash"), said.hash());
    assert!(desk.summary("deep/out", "talks").as_u64() > Some(0));
    for field in [
        "agents",
        "wall_secs",
        "ticks_per_sec",
        "agent_updates_per_sec",
        "posts",
        "comments",
        "votes",
        "trades",
        "sales",
    ] {
        assert!(desk.summary("deep/out", field).is_number(), "{field}");
    }
    let mut files: Vec<String> = serde_json::from_value(desk.summary("deep/out", "files")).unwrap();
    files.sort();
    assert_eq!(files, ALL);
    let report = String::from_utf8(desk.read("deep/out/report.html")).unwrap();
    assert!(report.contains("<svg") && report.contains("market-day"));
    for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(
            !report.contains(outside),
            "the report loads something: {outside}"
        );
    }
    let end = format!(
        "verified, 1000 ticks, 2 hashes agree, state hash {}",
        said.hash()
    );
    let replayed = desk.good("replay deep/out/journal.hj --verify");
    assert!(replayed.out.contains(&end), "{replayed:?}");
}

#[test]
fn one_seed_one_hash_on_any_number_of_threads() {
    let desk = Desk::new();
    let hash = |words: &str| {
        desk.good(&format!("run scenarios/town.toml --ticks 400 {words}"))
            .hash()
    };
    let first = hash("--threads 1");
    assert_eq!(first, hash("--threads 2"));
    assert_eq!(first, hash("--seed 1 --out out"));
    assert_eq!(first, hash("--pace lockstep"));
    assert_ne!(first, hash("--seed 2"));
}

#[test]
fn without_out_nothing_is_written() {
    let desk = Desk::new();
    let said = desk.good("run scenarios/empty.toml --ticks 10");
    assert!(said.out.contains("10 ticks with 10 agents"), "{}", said.out);
    assert!(desk.list(".").is_empty());
}

#[test]
fn a_folder_in_use_is_left_alone_unless_forced() {
    let desk = Desk::new();
    desk.write("out/mine.txt", "mine");
    let err = desk.bad("run scenarios/empty.toml --ticks 5 --out out", 1);
    assert!(
        err.contains("not empty") && err.contains("--force"),
        "{err}"
    );
    assert_eq!(desk.list("out"), ["mine.txt"]);
    desk.good("run scenarios/empty.toml --ticks 5 --out out --force --csv");
    assert_eq!(desk.list("out").len(), ALL.len() + 3);
    // A run without --csv leaves no tables of the run before.
    desk.good("run scenarios/empty.toml --ticks 6 --out out --force");
    assert_eq!(desk.list("out").len(), ALL.len() + 1);
    assert_eq!(desk.read("out/mine.txt"), b"mine");
    assert_eq!(desk.summary("out", "ticks"), 6);

    desk.write("file", "a file");
    for (out, word) in [("file", "no folder"), ("file/below", "is a file")] {
        let err = desk.bad(
            &format!("run scenarios/empty.toml --ticks 5 --out {out}"),
            1,
        );
        assert!(err.contains(word) && err.contains("--out"), "{err}");
    }
}

#[test]
fn any_field_can_be_set() {
    let desk = Desk::new();
    desk.write("s.toml", SMALL);
    let said = desk.call_with([
        "run",
        "s.toml",
        "--set",
        "name=by hand",
        "--set",
        "population.0.count=3",
        "--set",
        "population.1={ count = 4, mind = \"walker\" }",
        "--set",
        "outputs.series=[\"posts\", \"mood.mean\"]",
        "--set",
        "outputs.every_ticks=20",
        "--set",
        "stop.after_ticks=40",
        "--set",
        "rules.reach=1_0",
        "--csv",
        "--out",
        "out",
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.starts_with("by hand: 40 ticks with 7 agents"),
        "{}",
        said.out
    );
    let rows = desk.rows("out/series.csv");
    let heads: Vec<_> = rows[0].keys().map(String::as_str).collect();
    assert_eq!(
        (rows.len(), heads),
        (2, vec!["mood.mean", "posts", "tick", "time"])
    );

    for (set, word) in [
        ("rules.reech=3", "did you mean `reach`"),
        ("seed=-1", "allowed: 0 to"),
        ("population.7.count=1", "a number from 0 to 1"),
        ("name", "this has no `=`"),
        ("outputs.series=[1", "no value"),
        ("seed.x=1", "whole number"),
    ] {
        let err = desk.bad(&format!("run s.toml --ticks 5 --set {set}"), 1);
        assert!(err.contains(word) && err.contains("--set"), "{set}: {err}");
    }
}

#[test]
fn a_generated_town_needs_no_number_of_homes() {
    let desk = Desk::new();
    desk.write("s.toml", SMALL);
    for side in [48, 64, 100] {
        let map = format!("map={{ generate = \"town\", width = {side}, height = {side} }}");
        let said = desk.call_with(["run", "s.toml", "--ticks", "5", "--set", &map]);
        assert_eq!(said.code, Some(0), "{side}: {}", said.err);
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let desk = Desk::new();
    for words in [
        "--seed -1",
        "--seed 9223372036854775808",
        "--seed 99999999999999999999",
        "--ticks 0",
        "--ticks -1",
        "--ticks 1000000000001",
        "--threads 0",
        "--pace slow",
        "--csv",
    ] {
        let err = desk.bad(&format!("run scenarios/empty.toml {words}"), 2);
        assert!(err.contains("error:"), "{words}: {err}");
    }
    let err = desk.bad("run scenarios/empty.toml --ticks 1000000000000", 1);
    assert!(err.contains("beyond the year 9999"), "{err}");
    let last = desk.good("run scenarios/empty.toml --ticks 3 --seed 9223372036854775807");
    assert!(
        last.out.contains("seed 9223372036854775807"),
        "{}",
        last.out
    );
}

#[test]
fn a_run_ends_by_whatever_comes_first() {
    let desk = Desk::new();
    let ended = |stop: &str| {
        let set = format!("stop={stop}");
        let said = desk.call_with(["run", "scenarios/town.toml", "--set", &set]);
        assert_eq!(said.code, Some(0), "{stop}: {}", said.err);
        said.out.lines().next().unwrap().to_owned()
    };
    assert!(ended("{ at = \"07:30\" }").contains(": 300 ticks"));
    assert!(ended("{ at = \"07:30\", after_ticks = 50 }").contains(": 50 ticks"));
    let by_metric = ended("{ metric = { name = \"lines\", above = 5 }, after_ticks = 9000 }");
    assert!(by_metric.contains("ended because lines is"), "{by_metric}");
}

#[test]
fn a_shortened_run_says_in_one_line_what_it_leaves_out() {
    let desk = Desk::new();
    let said = desk.good("run scenarios/market-day.toml --ticks 150");
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(
        lines[0],
        "--ticks 150: warning: the run ends at tick 150, before 13 of the interventions"
    );
    // The one other line is about the droid, whose mind wants a language model.
    assert!(
        lines.len() == 2 && lines[1].ends_with("they live by habit"),
        "{lines:?}"
    );
}

/// The whole of `scarcity.toml`: money makes a difference, and the report shows it.
#[test]
fn who_is_rewarded_lives_otherwise_than_who_is_penalised() {
    let desk = Desk::new();
    desk.good("run scenarios/scarcity.toml --out out --csv");
    let rows = desk.rows("out/series.csv");
    let last = rows.last().unwrap();
    let end = |name: &str| last[name].parse::<f64>().unwrap();
    for (what, factor) in [("balance", 5.0), ("cafe", 1.5)] {
        let (up, down) = (
            end(&format!("{what}.rewarded")),
            end(&format!("{what}.penalised")),
        );
        assert!(up > factor * down, "{what}: {up} and {down}");
    }
    assert!(end("tier.rewarded") > end("tier.penalised") + 1.0);
    assert!(end("soup.penalised") > end("soup.rewarded"));
    let mean = |name: &str| {
        let values = rows.iter().filter_map(|row| row.get(name));
        let values: Vec<f64> = values.map(|value| value.parse().unwrap()).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    assert!(mean("food.rewarded") > mean("food.penalised"));
    // Food became dear, and was felt.
    let noon = |day: usize| {
        rows[((day - 1) * 24 + 6) * 10]["meal"]
            .parse::<f64>()
            .unwrap()
    };
    assert!(noon(2) > 1.5 * noon(1), "{} and {}", noon(1), noon(2));
    let report = String::from_utf8(desk.read("out/report.html")).unwrap();
    for told in [
        "<h2>Money</h2>",
        "Prices and wages",
        "Inequality",
        "Mood of rich and poor",
        "<h2>Rewarded and penalised</h2>",
        "Rewarded (5)",
        "Penalised (5)",
        "Bread: worth 2.5 times what it was",
        "Everybody is given 5 aiDollars",
        "<h2>How well they answered each other</h2>",
    ] {
        assert!(report.contains(told), "{told}");
    }
}

#[test]
fn real_time_takes_its_time() {
    let desk = Desk::new();
    let began = Instant::now();
    desk.good("run scenarios/empty.toml --ticks 20 --pace realtime --set time.tick_hz=100");
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(180), "{took:?}");
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let desk = Desk::new();
    let mut command = desk.command(["run", "scenarios/empty.toml", "--ticks", "5"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_empty_list_of_outputs_is_empty() {
    let desk = Desk::new();
    desk.write(
        "s.toml",
        format!("{SMALL}[outputs]\nevery_ticks = 10\nseries = []\nevents = []\n"),
    );
    desk.good("run s.toml --ticks 20 --out out --csv");
    assert_eq!(desk.rows("out/events.csv").len(), 0);
    let rows = desk.rows("out/series.csv");
    assert!(
        rows.iter().all(|row| row.keys().eq(["tick", "time"])),
        "{rows:?}"
    );
}
