//! The recorder as a run uses it: events and samples in, a folder out.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::IdCodec;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

use super::fabricate::{self, Handed, SEED};
use super::{Options, OutputFolder, Recorder, Result, RunFacts, Summary};

fn facts(agents: u64, ticks: u64) -> RunFacts {
    RunFacts {
        seed: SEED,
        state_hash: "8f3a0c51d2e94b77".to_owned(),
        started_tick: 0,
        ticks,
        agents,
        wall_secs: 2.5,
        stopped_because: format!("after {ticks} ticks"),
        threads: 2,
        files: vec!["journal.hj".to_owned(), "final.image".to_owned()],
        warnings: vec!["the map has no <clinic>; nobody is cared for".to_owned()],
        command: format!("hamlet run scenarios/market-day.toml --ticks {ticks} --seed {SEED}"),
        minds: None,
    }
}

fn record(
    folder: &OutputFolder,
    run: &[Handed],
    options: Options,
    facts: &RunFacts,
) -> Result<Summary> {
    let scenario = Arc::new(fabricate::scenario());
    let map = Arc::new(fabricate::map());
    let mut recorder = Recorder::new(scenario, map, folder, options)?;
    for handed in run {
        match handed {
            Handed::Event(record) => recorder.event(record)?,
            Handed::Sample(sample) => recorder.sample(sample)?,
        }
    }
    let summary = recorder.finish(facts)?;
    folder.publish()?;
    Ok(summary)
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// With `HAMLET_REPORT_DIR` set, the made-up day stays there to be looked at.
#[test]
fn a_day_of_fifty_leaves_a_whole_folder() {
    let temp = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("HAMLET_REPORT_DIR");
    let dir = kept.map_or(temp.path().to_owned(), Into::into);
    let folder = OutputFolder::prepare(&dir, true).unwrap();
    let run = fabricate::run(50, 18_000);
    let summary = record(&folder, &run, Options { csv: true }, &facts(50, 18_000)).unwrap();
    let expected = [
        "events.csv",
        "events.parquet",
        "report.html",
        "series.csv",
        "series.parquet",
        "summary.json",
    ];
    assert_eq!(names(&dir), expected);

    let json: serde_json::Value =
        serde_json::from_slice(&fs::read(dir.join("summary.json")).unwrap()).unwrap();
    assert_eq!(json["scenario"], "market-day");
    assert_eq!(
        (json["ticks"].as_u64(), json["agents"].as_u64()),
        (Some(18_000), Some(50))
    );
    assert_eq!(json["ticks_per_sec"], 7200.0);
    assert_eq!(json["agent_updates_per_sec"], 360_000.0);
    assert_eq!(json["sim_end"], "2026-02-02T13:00:00+00:00");
    let count = |kind: &str| {
        let same = |handed: &&Handed| matches!(handed, Handed::Event(e) if e.event.kind() == kind);
        run.iter().filter(same).count() as u64
    };
    for (key, kind) in [
        ("posts", "post"),
        ("talks", "talk_begin"),
        ("trades", "trade"),
        ("sales", "sale"),
        ("votes", "vote"),
    ] {
        assert_eq!(json[key].as_u64(), Some(count(kind)), "{key}");
    }

    let reader =
        SerializedFileReader::new(File::open(dir.join("events.parquet")).unwrap()).unwrap();
    assert_eq!(
        reader.metadata().file_metadata().num_rows() as u64,
        summary.events
    );
    let row = reader.get_row_iter(None).unwrap().nth(1).unwrap().unwrap();
    assert_eq!(row.get_long(0).unwrap(), 2);
    assert_eq!(row.get_timestamp_millis(2).unwrap(), 1_769_929_200_000);
    assert_eq!(row.get_string(3).unwrap(), "join");
    assert_eq!(row.get_string(5).unwrap(), "Bram");
    let csv = fs::read_to_string(dir.join("events.csv")).unwrap();
    assert_eq!(csv.lines().count() as u64, summary.events + 1);
    let reader =
        SerializedFileReader::new(File::open(dir.join("series.parquet")).unwrap()).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 300);
}

#[test]
fn the_report_tells_everything_and_loads_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    record(
        &folder,
        &fabricate::run(50, 9000),
        Options::default(),
        &facts(50, 9000),
    )
    .unwrap();
    let page = fs::read_to_string(temp.path().join("report.html")).unwrap();
    for told in [
        "Mood",
        "Needs",
        "Places over the day",
        "What they did",
        "Talk network",
        "Trodden ground",
        "Market square",
        "The board",
        "How word got round",
        "closed by order",
        "a kind word at the market",
        "Prices and wages",
        "Who goes hungry",
        "Everything: worth 1.5 times what it was",
        "Everybody is given 2 aiDollars: “a fair”",
        "Rewarded and penalised",
        "Penalised (1)",
        "penalties",
        "How well they answered each other",
        "answered in turn",
        "Most talkative",
        "Most followed",
        "Busiest places",
        "day 1, 07:00",
        "8f3a0c51d2e94b77",
        "&lt;clinic&gt;",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    for link in ["http:", "https:", "src=", "<link", "@import", "url("] {
        assert!(!outside.contains(link), "{link}");
    }
    assert!(!page.contains("NaN") && !page.contains("\"#0102"));
}

#[test]
fn one_run_always_gives_the_same_page_and_tables() {
    let run = fabricate::run(30, 3000);
    let written = || {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        record(&folder, &run, Options::default(), &facts(30, 3000)).unwrap();
        ["report.html", "events.parquet", "series.parquet"]
            .map(|name| fs::read(temp.path().join(name)).unwrap())
    };
    assert!(written() == written());
}

#[test]
fn what_residents_write_stays_text() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    let ids = IdCodec::new(SEED);
    let evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let event = |event| {
        Handed::Event(EventRecord {
            seq: 1,
            tick: 1,
            stamp_ms: 0,
            event,
        })
    };
    let mut run = fabricate::run(3, 200);
    run.extend([
        event(Event::AgentJoined {
            agent: ids.make(7),
            name: evil.to_owned(),
            display_name: evil.to_owned(),
            description: evil.to_owned(),
            template: evil.to_owned(),
            mind: hamlet_protocol::agent::MindKind::External,
            at: hamlet_protocol::map::Point::new(1, 1),
        }),
        event(Event::Posted {
            post: ids.make(5),
            author: Some(ids.make(7)),
            submolt: evil.to_owned(),
            title: evil.to_owned(),
            text: evil.to_owned(),
        }),
        event(Event::Commented {
            comment: ids.make(5),
            post: ids.make(5),
            parent: None,
            author: ids.make(7),
            depth: 1,
            text: evil.to_owned(),
        }),
        event(Event::NewsBroke {
            news: 3,
            agent: ids.make(7),
            text: evil.to_owned(),
        }),
        event(Event::Rewarded {
            agent: ids.make(7),
            amount: hamlet_protocol::money::Money(1),
            reason: evil.to_owned(),
        }),
        event(Event::TalkBegan {
            talk: ids.make(77),
            members: vec![ids.make(7), ids.make(0)],
            at: hamlet_protocol::map::Point::new(1, 1),
        }),
        event(Event::RuleSet {
            name: evil.to_owned(),
            value: 1.0,
        }),
        event(Event::InterventionRefused {
            index: 0,
            code: hamlet_protocol::command::RejectionCode::TooFar,
            detail: evil.to_owned(),
        }),
    ]);
    let facts = RunFacts {
        warnings: vec![evil.to_owned()],
        stopped_because: evil.to_owned(),
        command: evil.to_owned(),
        ..facts(3, 200)
    };
    record(&folder, &run, Options::default(), &facts).unwrap();
    let page = fs::read_to_string(temp.path().join("report.html")).unwrap();
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<img"));
    assert!(page.matches("&lt;script&gt;").count() > 8);
}

#[test]
fn nobody_no_sample_and_one_sample_are_runs_too() {
    for (residents, ticks) in [(0, 0), (0, 500), (1, 1), (2, 59), (2, 1), (3, 61)] {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let run = fabricate::run(residents, ticks);
        let summary = record(
            &folder,
            &run,
            Options::default(),
            &facts(residents.into(), ticks),
        )
        .unwrap();
        assert_eq!(summary.samples, ticks.div_ceil(60));
        let page = fs::read_to_string(temp.path().join("report.html")).unwrap();
        assert!(page.ends_with("</html>\n") && !page.contains("NaN"));
        assert_eq!(names(temp.path()).len(), 4);
    }
}

#[test]
fn a_crowd_of_ten_thousand_makes_a_page_one_can_open() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    let run = fabricate::run(10_000, 1200);
    record(&folder, &run, Options::default(), &facts(10_000, 1200)).unwrap();
    let bytes = fs::metadata(temp.path().join("report.html")).unwrap().len();
    assert!(bytes < 1_500_000, "{bytes}");
}

#[test]
fn only_the_kinds_asked_for_are_written_and_all_are_counted() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    let mut scenario = fabricate::scenario();
    scenario.outputs.events = ["trade", "move"].map(str::to_owned).to_vec();
    let map = Arc::new(fabricate::map());
    let mut recorder =
        Recorder::new(Arc::new(scenario), map, &folder, Options { csv: true }).unwrap();
    for handed in fabricate::run(20, 2000) {
        if let Handed::Event(record) = handed {
            recorder.event(&record).unwrap();
        }
    }
    let agent = IdCodec::new(SEED).make(0);
    let to = hamlet_protocol::map::Point::new(3, 4);
    let event = Event::Moved {
        agent,
        to,
        facing: Default::default(),
    };
    recorder
        .event(&EventRecord {
            seq: 9,
            tick: 5,
            stamp_ms: 0,
            event,
        })
        .unwrap();
    let summary = recorder.finish(&facts(20, 2000)).unwrap();
    folder.publish().unwrap();
    assert!(summary.talks > 0 && summary.posts > 0 && summary.trades > 0);
    assert_eq!(summary.steps, 1);
    let csv = fs::read_to_string(folder.path("events.csv")).unwrap();
    assert_eq!(csv.lines().count() as u64, summary.trades + 1 + 1);
    let last = csv.lines().last().unwrap();
    assert!(last.contains(&format!(",move,{agent},Ada,,3,4,")), "{last}");
}

/// A run that continues an image sees nobody join.
#[test]
fn those_who_were_there_before_have_names_and_followers() {
    let temp = tempfile::tempdir().unwrap();
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    let scenario = Arc::new(fabricate::scenario());
    let map = Arc::new(fabricate::map());
    let options = Options { csv: true };
    let mut recorder = Recorder::new(scenario, map, &folder, options).unwrap();
    let view = fabricate::view(&["Ada Quill", ""]);
    recorder.meet(&view);
    let (agent, other) = (IdCodec::new(SEED).make(0), IdCodec::new(SEED).make(1));
    let event = Event::Said {
        agent,
        to: vec![other],
        at: hamlet_protocol::map::Point::new(3, 4),
        text: "Good morning".to_owned(),
        heard_by: 1,
        talk: None,
    };
    let record = EventRecord {
        seq: 700,
        tick: 5000,
        stamp_ms: 0,
        event,
    };
    recorder.event(&record).unwrap();
    recorder.meet(&view);
    let facts = RunFacts {
        started_tick: 5000,
        ..facts(2, 10)
    };
    let summary = recorder.finish(&facts).unwrap();
    folder.publish().unwrap();
    assert_eq!((summary.started_tick, summary.final_tick), (5000, 5010));
    let csv = fs::read_to_string(folder.path("events.csv")).unwrap();
    assert!(csv.contains(&format!(",say,{agent},resident-0,{other},3,4,")));
    let page = fs::read_to_string(folder.path("report.html")).unwrap();
    for told in [
        "Ada Quill &amp; resident-1",
        "Most followed",
        "day 1, 15:20",
    ] {
        assert!(page.contains(told), "{told}");
    }
}

#[test]
fn a_forced_run_leaves_no_table_of_the_run_before() {
    let temp = tempfile::tempdir().unwrap();
    let run = fabricate::run(5, 200);
    let folder = OutputFolder::prepare(temp.path(), false).unwrap();
    record(&folder, &run, Options { csv: true }, &facts(5, 200)).unwrap();
    drop(folder);
    let folder = OutputFolder::prepare(temp.path(), true).unwrap();
    record(&folder, &run, Options::default(), &facts(5, 200)).unwrap();
    assert_eq!(
        names(temp.path()),
        [
            "events.parquet",
            "report.html",
            "series.parquet",
            "summary.json"
        ]
    );
}

#[test]
fn wherever_the_disk_fills_up_the_earlier_run_stays_whole_and_nothing_of_the_new_one() {
    let run = fabricate::run(20, 1500);
    let mut failed = 0;
    let mut bytes = 0;
    loop {
        let temp = tempfile::tempdir().unwrap();
        // An earlier run, recognisable by its words.
        for name in ["events.csv", "final.image", "summary.json"] {
            fs::write(temp.path().join(name), "earlier").unwrap();
        }
        let mut folder = OutputFolder::prepare(temp.path(), true).unwrap();
        folder.limit(bytes);
        let result = record(&folder, &run, Options { csv: true }, &facts(20, 1500));
        drop(folder);
        let left = names(temp.path());
        let Err(error) = result else {
            assert_eq!(left.len(), 6, "{left:?}");
            for name in &left {
                whole(&temp.path().join(name));
            }
            break;
        };
        assert_eq!(
            left,
            ["events.csv", "final.image", "summary.json"],
            "{bytes}"
        );
        for name in &left {
            let text = fs::read_to_string(temp.path().join(name)).unwrap();
            assert_eq!(text, "earlier", "{bytes}: {name}");
        }
        failed += 1;
        let message = error.to_string();
        assert!(message.contains("the disk is full: make room"), "{message}");
        assert!(message.contains(temp.path().to_str().unwrap()), "{message}");
        bytes += 7919;
    }
    assert!(failed > 20, "{failed}");
}

/// Reads a file to its end.
fn whole(path: &Path) {
    let name = path.file_name().unwrap().to_str().unwrap();
    if name.ends_with(".parquet") {
        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        let rows = reader
            .get_row_iter(None)
            .unwrap()
            .filter(std::result::Result::is_ok)
            .count();
        assert_eq!(rows as i64, reader.metadata().file_metadata().num_rows());
    } else {
        let text = fs::read_to_string(path).unwrap();
        assert!(text.ends_with('\n'), "{name}");
    }
}
