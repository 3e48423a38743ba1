//! How runs end that nobody planned: Ctrl-C, `kill -9`, a full disk; and names that are no UTF-8.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Said};
use crate::process::{end, signal, start, until};

const ENDLESS: &str = "run scenarios/town.toml --ticks 1000000000 --out out";

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

#[test]
fn an_interrupted_run_ends_cleanly_with_what_there_is() {
    for name in ["INT", "TERM"] {
        let desk = Desk::new();
        let child = start(&desk, ENDLESS);
        until("the run begins", || {
            length(&desk.path("out/journal.hj.partial")) > 0
        });
        signal(&child, name);
        let said = end(child);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(
            said.out.contains("ended because it was stopped"),
            "{said:?}"
        );
        assert_eq!(desk.list("out").len(), 6, "{:?}", desk.list("out"));
        assert_eq!(desk.summary("out", "state_hash"), said.hash());
        let replayed = desk.good("replay out/journal.hj --verify");
        assert!(replayed.out.contains(&said.hash()), "{replayed:?}");
        desk.good("run --from out/final.image --ticks 5");
    }
}

#[test]
fn one_run_at_a_time_writes_into_a_folder() {
    let desk = Desk::new();
    let child = start(&desk, ENDLESS);
    until("the run begins", || {
        length(&desk.path("out/journal.hj.partial")) > 0
    });
    let err = desk.bad("run scenarios/empty.toml --ticks 5 --out out --force", 1);
    assert!(err.contains("another run is writing into out"), "{err}");
    signal(&child, "INT");
    assert_eq!(end(child).code, Some(0));
}

#[test]
fn after_kill_9_nothing_has_a_name_and_the_journal_tells_how_far_it_is_good() {
    let desk = Desk::new();
    let child = start(&desk, ENDLESS);
    let partial = desk.path("out/journal.hj.partial");
    until("the run begins", || length(&partial) > 0);
    let at_first = length(&partial);
    until("ticks reach the disk", || length(&partial) > at_first);
    signal(&child, "KILL");
    let status = child.wait_with_output().unwrap().status;
    assert_eq!(status.signal(), Some(9));
    let names = desk.list("out");
    assert!(
        names.iter().all(|name| name.ends_with(".partial")),
        "{names:?}"
    );

    let err = desk.bad("replay out/journal.hj.partial --verify", 2);
    let good = err.split("good up to tick ").nth(1).unwrap();
    let good: u64 = good.split(',').next().unwrap().parse().unwrap();
    assert!(good > 0, "{err}");
    let words = format!("replay out/journal.hj.partial --image-at {good} -o fork.image");
    desk.good(&words);
    desk.good("run --from fork.image --ticks 5");
    // The folder serves again, but for files that are not the dead run's.
    desk.write("out/mine.txt", "mine");
    desk.bad("run scenarios/empty.toml --ticks 5 --out out", 1);
    assert_eq!(desk.list("out").len(), names.len() + 1);
    fs::remove_file(desk.path("out/mine.txt")).unwrap();
    let said = desk.good("run scenarios/empty.toml --ticks 5 --out out");
    let note = format!("held {} unfinished files of a run that died", names.len());
    assert!(said.err.contains(&note), "{said:?}");
    assert_eq!(desk.list("out").len(), 6, "{:?}", desk.list("out"));
}

#[test]
fn a_disk_that_fills_up_leaves_nothing_half_written() {
    // The largest file is limited instead of the disk: to the program it is the same refusal.
    for blocks in [0, 8, 40] {
        let desk = Desk::new();
        let limited = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let words = "run scenarios/market-day.toml --ticks 2000 --out out";
        let mut command = Command::new("sh");
        command.args(["-c", &limited, env!("CARGO_BIN_EXE_hamlet")]);
        command
            .args(words.split_whitespace())
            .current_dir(desk.path("."));
        let said: Said = command.output().unwrap().into();
        assert_eq!(said.code, Some(1), "{blocks}: {said:?}");
        assert!(
            said.err.contains("out/") || said.err.contains("into out"),
            "{blocks}: {said:?}"
        );
        assert!(
            said.err.contains("help: the disk is full: make room"),
            "{blocks}: {said:?}"
        );
        let refusals = said.err.matches("os error").count();
        assert_eq!(refusals, 1, "said more than once: {said:?}");
        let names = desk.list("out");
        assert!(
            !names.iter().any(|name| name.contains("partial")),
            "{names:?}"
        );
        assert!(names.is_empty(), "nothing of the run is left: {names:?}");
        if blocks > 0 {
            assert!(
                said.err
                    .contains("the run was stopped, and none of its files is left"),
                "{said:?}"
            );
        }
    }
}

#[test]
fn names_need_not_be_utf_8() {
    let desk = Desk::new();
    let odd = OsString::from_vec(b"n\xff\xfe".to_vec());
    desk.write(
        Path::new(&odd).join("s.toml"),
        "map = \"maps/town.tmj\"\n[[population]]\ncount = 2\n",
    );
    let joined = |name: &str| Path::new(&odd).join(name).into_os_string();
    let words = |words: &[&OsStr]| {
        let said = desk.call_with(words);
        assert_eq!(said.code, Some(0), "{said:?}");
    };
    let (file, out) = (joined("s.toml"), joined("out"));
    words(&[
        "run".as_ref(),
        &file,
        "--ticks".as_ref(),
        "20".as_ref(),
        "--out".as_ref(),
        &out,
    ]);
    words(&[
        "replay".as_ref(),
        &joined("out/journal.hj"),
        "--verify".as_ref(),
    ]);
    words(&["check".as_ref(), &file]);
    assert!(odd.as_bytes().contains(&0xff));
}
