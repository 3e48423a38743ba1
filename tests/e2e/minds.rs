//! Minds as somebody has them who built the program: servers of models on one side, a town on the other.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::desk::Desk;

/// A scripted server of models, in a process of its own.
struct Mock {
    child: Child,
    url: String,
}

impl Mock {
    fn start(desk: &Desk, words: &str) -> Self {
        let words = format!("mock-llm --listen 127.0.0.1:0 {words}");
        let mut command = desk.command(words.split_whitespace());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let url = line.strip_prefix("listening on ").unwrap().to_owned();
        Self { child, url }
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_town_of_language_models_outlives_an_endpoint_and_replays_without_any() {
    let desk = Desk::new();
    let run = |words: &str, out: &str| {
        desk.good(&format!(
            "run scenarios/llm-town.toml --ticks 200 --pace lockstep --model mock {words} --out {out} --set models.think_secs=300"
        ))
    };
    let whole = {
        let one = Mock::start(&desk, "");
        run(&format!("--llm {}", one.url), "one")
    };
    let well = Mock::start(&desk, "--latency-ms 3");
    let dying = Mock::start(&desk, "--latency-ms 1 --die-after 30");
    let said = run(&format!("--llm {} --llm {}", dying.url, well.url), "two");
    assert_eq!(
        said.hash(),
        whole.hash(),
        "two endpoints, one of which dies, change nothing"
    );
    drop((well, dying));

    let minds = desk.summary("two", "minds");
    let outcomes: u64 = minds["outcomes"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(serde_json::Value::as_u64)
        .sum();
    assert!(outcomes >= 75, "three thoughts each at least: {minds}");
    assert!(
        minds["outcomes"]["unavailable"].is_null() && minds["outcomes"]["out_of_time"].is_null(),
        "{minds}"
    );
    assert_eq!(minds["agents"].as_array().unwrap().len(), 25);
    // Those under way when the run ends may have had fewer answers.
    let acted = |out: &str| desk.summary(out, "minds")["outcomes"]["acted"].clone();
    assert_eq!(acted("two"), acted("one"));
    let report = String::from_utf8(desk.read("two/report.html")).unwrap();
    assert!(report.contains("What thoughts cost, by agent") && report.contains("By endpoint"));
    let thoughts = String::from_utf8(desk.read("two/thoughts.jsonl")).unwrap();
    assert!(
        thoughts.lines().count() as u64 >= outcomes - 25,
        "all but those under way at the end"
    );

    // No endpoint is there any more.
    let replayed = desk.good("replay two/journal.hj --verify");
    assert!(replayed.out.contains(&said.hash()), "{replayed:?}");
    // A fork lives by habit, and says so.
    desk.good("replay two/journal.hj --image-at 100 -o fork.image");
    let fork = desk.good("run --from fork.image --ticks 20");
    assert!(fork.err.contains("live by habit"), "{fork:?}");
}

#[test]
fn what_makes_no_sense_is_said_before_anything_runs() {
    let desk = Desk::new();
    let bad = |words: &str| desk.bad(&format!("run scenarios/llm-town.toml --ticks 5 {words}"), 1);
    assert!(
        bad("--llm nowhere --model m").contains("base_url"),
        "an address"
    );
    assert!(
        bad("--llm http://127.0.0.1:9/v1").contains("--model NAME"),
        "a model"
    );
    assert!(
        bad("--llm http://127.0.0.1:9/v1 --model m --set models.turns_max=0").contains("turns_max")
    );
    assert!(bad("--llm http://127.0.0.1:9/v1 --model m --budget=-1").contains("budget"));
    let key = "--set models.endpoints=[{base_url='http://127.0.0.1:9/v1',model='m',api_key_env='HAMLET_NO_SUCH_KEY'}]";
    assert!(bad(key).contains("HAMLET_NO_SUCH_KEY"));
    desk.bad("mock-llm --fault nonsense=3", 2);
}

#[test]
fn a_cassette_stands_in_for_every_endpoint() {
    let desk = Desk::new();
    let run = "run scenarios/llm-town.toml --pace lockstep --set models.think_secs=300";
    let recorded = {
        let mock = Mock::start(&desk, "");
        let words = format!(
            "{run} --ticks 80 --llm {} --model mock --record town.cassette",
            mock.url
        );
        desk.good(&words)
    };
    // No endpoint is there any more.
    let played = desk.good(&format!("{run} --ticks 80 --cassette town.cassette"));
    assert_eq!(played.hash(), recorded.hash());
    let other = desk.bad(
        &format!("{run} --ticks 80 --seed 99 --cassette town.cassette"),
        1,
    );
    assert!(other.contains("the cassette had no answer to"), "{other}");
    let none = desk.bad(&format!("{run} --ticks 80 --cassette nowhere"), 1);
    assert!(none.contains("--record FILE"), "{none}");
    let twice =
        format!("{run} --ticks 5 --llm http://127.0.0.1:9/v1 --model m --record town.cassette");
    assert!(desk.bad(&twice, 1).contains("not there yet"));
}
