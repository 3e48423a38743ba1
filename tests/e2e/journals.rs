//! `hamlet replay` and `hamlet run --from`: the same world again, and from anywhere on.

use std::fs::File;

use hamlet_protocol::RULES_VERSION;
use hamlet_sim::journal::{JournalHeader, JournalWriter, StateHash, read_image, write_image};

use crate::desk::{Desk, Said};

/// A day's beginning on the market, with its interventions, and a hash every 50 ticks.
const RUN: &str =
    "run scenarios/market-day.toml --ticks 700 --set outputs.hash_every_ticks=50 --out whole";

fn recorded() -> (Desk, Said) {
    let desk = Desk::new();
    let said = desk.good(RUN);
    (desk, said)
}

#[test]
fn a_fork_at_any_tick_ends_where_the_whole_run_ends() {
    let (desk, whole) = recorded();
    // Interventions happen at 100, 600 and 650.
    for tick in [0, 1, 99, 100, 333, 600, 699] {
        let image = format!("fork-{tick}.image");
        let said = desk.good(&format!(
            "replay whole/journal.hj --image-at {tick} -o {image}"
        ));
        assert!(
            said.out.contains(&format!("image of tick {tick}: ")),
            "{said:?}"
        );
        let left = 700 - tick;
        let fork = desk.good(&format!("run --from {image} --ticks {left}"));
        assert_eq!(fork.hash(), whole.hash(), "from tick {tick}");
    }
    let fork = desk.good("run --from fork-333.image --ticks 367 --out fork");
    assert_eq!(fork.hash(), whole.hash());
    let said = desk.good("replay fork/journal.hj --verify");
    assert!(said.out.contains("verified, 367 ticks"), "{said:?}");
    assert_eq!(desk.summary("fork", "started_tick"), 333);
    // The last image of a run is the base of the next.
    let longer = desk.good("run scenarios/market-day.toml --ticks 800");
    let went_on = desk.good("run --from whole/final.image --ticks 100");
    assert_eq!(went_on.hash(), longer.hash());
}

#[test]
fn a_replay_goes_as_far_as_it_is_told() {
    let (desk, whole) = recorded();
    let until = desk.good("replay whole/journal.hj --until 120");
    assert!(
        until.out.contains("verified, 120 ticks, 2 hashes agree"),
        "{until:?}"
    );
    let short = desk.good("replay whole/journal.hj --until 49");
    assert!(
        short
            .out
            .contains("replayed, 49 ticks; no hash was recorded on the way"),
        "{short:?}"
    );
    let both = desk.good("replay whole/journal.hj --verify --image-at 100 -o fork.image");
    let end = format!(
        "verified, 700 ticks, 15 hashes agree, state hash {}",
        whole.hash()
    );
    assert!(
        both.out.contains("image of tick 100") && both.out.contains(&end),
        "{both:?}"
    );

    for (words, refusal) in [
        ("--image-at 701 -o x.image", "the journal ends at tick 700"),
        ("--until 701", "the journal ends at tick 700"),
        (
            "--image-at 50 -o whole/journal.hj",
            "whole/journal.hj is there already",
        ),
        ("--image-at 50 --until 40 -o x.image", "raise --until"),
        (
            "--image-at 50 -o no/such/x.image",
            "cannot write the image no/such/x.image",
        ),
        ("--image-at 50 -o whole", "whole is there already"),
    ] {
        let err = desk.bad(&format!("replay whole/journal.hj {words}"), 1);
        assert!(err.contains(refusal), "{words}: {err}");
    }
    desk.bad("replay whole/journal.hj --image-at 50", 2);
    desk.good("run --from fork.image --ticks 10 --out fork");
    let err = desk.bad("replay fork/journal.hj --until 90", 1);
    assert!(err.contains("the journal begins at tick 100"), "{err}");
    let left: Vec<_> = desk
        .list(".")
        .into_iter()
        .filter(|name| name.contains("partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_journal_cut_short_is_good_up_to_there() {
    let (desk, _) = recorded();
    let bytes = desk.read("whole/journal.hj");
    // Before the start is whole there is nothing to recover; after it, some ticks; without the trailer, all of them.
    for (length, words) in [
        (0, "cut short"),
        (10, "cut short"),
        (200, "nothing to recover"),
        (bytes.len() - 1, "good up to tick 700, 14 hashes"),
    ] {
        desk.write("cut.hj", &bytes[..length]);
        let err = desk.bad("replay cut.hj --verify", 2);
        assert!(err.contains(words), "{length}: {err}");
    }
    let said = desk.good("replay cut.hj --image-at 450 -o fork.image");
    assert!(said.out.contains("image of tick 450"), "{said:?}");
    // What agrees up to there is not all that there was.
    for words in ["--image-at 450 -o again.image", "--until 450"] {
        let said = desk.good(&format!("replay cut.hj {words}"));
        assert!(
            said.err.contains("the journal is cut off after tick 700"),
            "{words}: {said:?}"
        );
        let whole = desk.good("replay whole/journal.hj --until 450");
        assert!(!whole.err.contains("note:"), "{whole:?}");
    }
}

#[test]
fn what_goes_on_from_an_image_may_go_by_other_rules_and_write_down_other_things() {
    let (desk, _) = recorded();
    desk.good("run --from whole/final.image --ticks 40 --set rules.reach=9 --set outputs.every_ticks=10 --set outputs.series=[\"posts\"] --out on");
    let summary: serde_json::Value = serde_json::from_slice(&desk.read("on/summary.json")).unwrap();
    assert_eq!(summary["samples"], 4, "{summary}");
    desk.good("replay on/journal.hj --verify");
    let err = desk.bad("run --from whole/final.image --ticks 5 --set seed=9", 1);
    assert!(
        err.contains("`seed` can't change in a run that goes on") && err.contains("begin anew"),
        "{err}"
    );
}

#[test]
fn what_is_no_file_is_refused_with_the_way_out() {
    let (desk, _) = recorded();
    for (words, way_out) in [
        (
            "run --from none.image",
            "help: check the path; a run with --out DIR writes DIR/final.image",
        ),
        (
            "run --from whole",
            "help: name the file in it: whole/final.image",
        ),
        (
            "replay none.hj",
            "help: check the path; a run with --out DIR writes DIR/journal.hj",
        ),
        (
            "replay whole",
            "help: name the file in it: whole/journal.hj",
        ),
    ] {
        let err = desk.bad(words, 1);
        assert!(err.contains(way_out), "{words}: {err}");
    }
}

#[test]
fn a_flipped_bit_is_named_with_its_place() {
    let (desk, _) = recorded();
    let bytes = desk.read("whole/journal.hj");
    for part in [20, 40, 60, 80, 99] {
        let mut damaged = bytes.clone();
        damaged[bytes.len() * part / 100] ^= 0x10;
        desk.write("bad.hj", &damaged);
        let err = desk.bad("replay bad.hj --verify", 1);
        assert!(
            err.contains("bad.hj: the journal is damaged at byte "),
            "{part} %: {err}"
        );
    }
    desk.write("long.hj", [bytes.as_slice(), b"x"].concat());
    let err = desk.bad("replay long.hj", 1);
    let place = format!("damaged at byte {}: something follows", bytes.len());
    assert!(err.contains(&place), "{err}");
}

#[test]
fn a_run_that_came_out_differently_is_named_with_its_first_tick() {
    let (desk, _) = recorded();
    let image = read_image(File::open(desk.path("whole/final.image")).unwrap()).unwrap();
    let header = JournalHeader::new(image, 10, "another build");
    let mut journal = JournalWriter::create(Vec::new(), &header).unwrap();
    let wrong = StateHash(7);
    journal.hash(710, wrong).unwrap();
    desk.write("other.hj", journal.finish(720, StateHash(8)).unwrap());
    let err = desk.bad("replay other.hj --verify", 1);
    assert!(
        err.contains(&format!("differs at tick 710: recorded {wrong}, found ")),
        "{err}"
    );
}

#[test]
fn of_other_rules_a_journal_is_refused_and_an_image_goes_on_with_a_warning() {
    let (desk, _) = recorded();
    let mut image = read_image(File::open(desk.path("whole/final.image")).unwrap()).unwrap();
    let header = JournalHeader {
        rules_version: RULES_VERSION + 1,
        ..JournalHeader::new(image.clone(), 10, "hamlet 9.9.9")
    };
    let journal = JournalWriter::create(Vec::new(), &header).unwrap();
    desk.write("later.hj", journal.finish(700, StateHash(1)).unwrap());
    let err = desk.bad("replay later.hj --verify", 1);
    assert!(
        err.contains("replay it with the version that wrote it (hamlet 9.9.9)"),
        "{err}"
    );
    image.rules_version = RULES_VERSION + 1;
    let mut bytes = Vec::new();
    write_image(&image, &mut bytes).unwrap();
    desk.write("later.image", bytes);
    let said = desk.good("run --from later.image --ticks 50 --out on");
    let warning = format!(
        "later.image was made by rules {} and goes on by rules {RULES_VERSION}: the run that made it would go on differently",
        RULES_VERSION + 1
    );
    assert!(
        said.err.contains(&format!("warning: {warning}\n")),
        "{said:?}"
    );
    assert_eq!(desk.summary("on", "warnings"), serde_json::json!([warning]));
    // From there on it is a run like any other, by the rules of this build.
    assert_eq!(desk.summary("on", "started_tick"), 700);
    assert_eq!(desk.summary("on", "rules_version"), RULES_VERSION);
    let replayed = desk.good("replay on/journal.hj --verify");
    assert!(replayed.out.contains(&said.hash()), "{replayed:?}");
    let same = desk.good("run --from whole/final.image --ticks 50");
    assert_eq!(
        (same.hash(), same.err.contains("rules")),
        (said.hash(), false)
    );
}

#[test]
fn files_of_another_kind_are_told_apart() {
    let (desk, _) = recorded();
    desk.write("text.hj", "hello");
    for (words, refusal) in [
        ("replay whole/final.image", "it is an image"),
        ("run --from whole/journal.hj --ticks 5", "it is a journal"),
        ("replay text.hj", "this is no journal"),
        ("run --from text.hj --ticks 5", "this is no image"),
        ("replay none.hj", "none.hj"),
        ("run --from none.image", "none.image"),
        ("replay whole", "whole"),
    ] {
        let err = desk.bad(words, 1);
        assert!(err.contains(refusal), "{words}: {err}");
    }
    let err = desk.bad("run --from whole/final.image --set seed=3", 1);
    assert!(err.contains("`rules`, `outputs` and `stop`"), "{err}");
    // The image is of the run's last tick: how far is it to go?
    let err = desk.bad("run --from whole/final.image", 1);
    assert!(
        err.contains("say how far it goes on with --ticks N"),
        "{err}"
    );
    for words in [
        "run --from whole/final.image --seed 3",
        "run scenarios/town.toml --from whole/final.image",
        "run --from whole/final.image --ticks 0",
        "run",
    ] {
        desk.bad(words, 2);
    }
    let err = desk.bad("run --from whole/final.image --ticks 1000000000000", 1);
    assert!(err.contains("beyond the year 9999"), "{err}");
}
