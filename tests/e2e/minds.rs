//! Minds as somebody has them who built the program: servers of models on one side, a town on the other.

use hamlet_protocol::memory::MemoryRecord;
use hamlet_store::{MindsFile, Store, StoreOptions};

use crate::desk::Desk;
use crate::mock::Mock;
use crate::process::until;
use crate::server::{SERVE, Served};

#[test]
fn a_town_of_language_models_outlives_an_endpoint_and_replays_without_any() {
    let desk = Desk::new();
    let run = |words: &str, out: &str| {
        desk.good(&format!(
            "run scenarios/llm-town.toml --ticks 200 --pace lockstep --model mock {words} --out {out} --set models.think_secs=300"
        ))
    };
    let whole = {
        let one = desk.mock("");
        run(&format!("--llm {}", one.url), "one")
    };
    let well = desk.mock("--latency-ms 3");
    let dying = desk.mock("--latency-ms 1 --die-after 30");
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

/// Everything that was kept in a village's database.
fn kept_by_village(desk: &Desk) -> Vec<MemoryRecord> {
    let url = format!("sqlite://{}", desk.path("home/village.db").display());
    block_on(async {
        let store = Store::open(&url, StoreOptions::default()).await.unwrap();
        let mut all = Vec::new();
        for agent in store.remembering().await.unwrap() {
            all.extend(store.memories(agent, None).await.unwrap());
        }
        store.close().await;
        all
    })
}

fn kept_by_run(desk: &Desk, folder: &str) -> Vec<MemoryRecord> {
    use hamlet_protocol::memory::MemoryStore;
    block_on(async {
        let path = desk.path(folder).join("minds.db");
        let file = MindsFile::open(&path).await.unwrap();
        let mut all = Vec::new();
        for agent in file.agents().await.unwrap() {
            all.extend(file.load(agent, None).await.unwrap());
        }
        all
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(future)
}

#[test]
fn what_minds_remember_outlives_kill_9() {
    let desk = Desk::new();
    let mock = desk.mock("");
    let words = format!(
        "{SERVE} --scenario scenarios/llm-town.toml --llm {} --model mock --set models.think_secs=60",
        mock.url
    );
    let first = Served::start(&desk, &words);
    let answers = |served: &Served| {
        let (_, body) = served.get("/api/v1/models/pool");
        let pool: serde_json::Value = serde_json::from_str(&body).unwrap();
        pool["endpoints"][0]["answered"].as_u64().unwrap_or(0)
    };
    // Each of them soon; the next time a tier lets them wait.
    until("they think", || answers(&first) > 20);
    // What is remembered is written a little later than it is thought.
    until("they remember", || kept_by_village(&desk).len() > 10);
    first.kill_9();
    let before = kept_by_village(&desk);

    let second = Served::start(&desk, &words);
    until("they think again", || answers(&second) > 20);
    until("they remember more", || {
        kept_by_village(&desk).len() > before.len()
    });
    second.stop("TERM");
    let after = kept_by_village(&desk);
    for row in &before {
        assert!(after.contains(row), "{row:?}");
    }
    // They go on from what they remembered: nothing new has a number, or a moment, that was.
    for agent in before.iter().map(|row| row.agent) {
        let of = |rows: &[MemoryRecord]| -> Vec<MemoryRecord> {
            let own = rows.iter().filter(|row| row.agent == agent);
            own.cloned().collect()
        };
        let (old, all) = (of(&before), of(&after));
        assert_eq!(all[..old.len()], old);
    }
}

#[test]
fn a_fork_remembers_what_counted_by_then() {
    let desk = Desk::new();
    let mock = desk.mock("");
    let run = |words: &str, out: &str| {
        desk.good(&format!(
            "run {words} --pace lockstep --llm {} --model mock --out {out} --set models.think_secs=60",
            mock.url
        ))
    };
    run("scenarios/llm-town.toml --ticks 120", "one");
    let whole = kept_by_run(&desk, "one");
    assert!(whole.len() > 20, "{}", whole.len());
    let listed = desk.list("one");
    assert!(listed.contains(&"minds.db".to_owned()), "{listed:?}");
    assert!(
        !listed.iter().any(|name| name.contains("partial")),
        "{listed:?}"
    );

    let said = run("--from one/final.image --ticks 60", "two");
    assert!(!said.err.contains("remembers nothing"), "{said:?}");
    let fork = kept_by_run(&desk, "two");
    let by_then: Vec<_> = whole.iter().filter(|row| row.since <= 120).collect();
    assert!(by_then.len() > 10 && fork.len() > by_then.len());
    for row in by_then {
        assert!(fork.contains(row), "{row:?}");
    }
    // What it remembers does not hang on whether it keeps anything.
    let unkept = desk.good(&format!(
        "run --from one/final.image --ticks 60 --pace lockstep --llm {} --model mock --set models.think_secs=60",
        mock.url
    ));
    assert_eq!(unkept.hash(), said.hash());

    std::fs::copy(desk.path("one/final.image"), desk.path("lone.image")).unwrap();
    let said = run("--from lone.image --ticks 10", "three");
    assert!(
        said.err.contains("remembers nothing of before tick 120"),
        "{said:?}"
    );
}

#[test]
fn a_cassette_stands_in_for_every_endpoint() {
    let desk = Desk::new();
    let run = "run scenarios/llm-town.toml --pace lockstep --set models.think_secs=300";
    let recorded = {
        let mock = desk.mock("");
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

/// Settings of a scripted server that costs something.
fn priced(mock: &Mock) -> String {
    format!(
        "--set models.endpoints=[{{base_url='{}',model='mock',price={{input=1.0,output=4.0}}}}] --set models.think_secs=60",
        mock.url
    )
}

#[test]
fn a_run_that_goes_on_has_what_is_left_of_the_budget() {
    let desk = Desk::new();
    let mock = desk.mock("");
    let models = priced(&mock);
    let said = desk.good(&format!(
        "run scenarios/llm-town.toml --ticks 120 --pace lockstep {models} --budget 5 --out one"
    ));
    let estimate = said
        .err
        .lines()
        .find(|line| line.contains("estimate: about"));
    let estimate = estimate.unwrap_or_else(|| panic!("no estimate: {said:?}"));
    assert!(
        estimate.contains("dollars") && estimate.contains("the budget is 5.00 dollars"),
        "{estimate}"
    );
    assert!(!estimate.contains("before"), "{estimate}");
    let counted = |out: &str| {
        desk.summary(out, "minds")["counted_micros"]
            .as_i64()
            .unwrap()
    };
    let before = counted("one");
    assert!(before > 0);
    let report = String::from_utf8(desk.read("one/report.html")).unwrap();
    assert!(report.contains("--pace lockstep") && report.contains("--budget 5"));

    // As much as is spent already: there is nothing left.
    let budget = before as f64 / 1e6;
    let said = desk.good(&format!(
        "run --from one/final.image --ticks 60 --pace lockstep {models} --budget {budget} --out two"
    ));
    assert!(said.err.contains("were spent before"), "{said:?}");
    let minds = desk.summary("two", "minds");
    assert!(minds["outcomes"]["budget"].as_u64() > Some(0), "{minds}");
    assert_eq!(minds["total"]["answers"].as_u64(), Some(0), "{minds}");
    assert_eq!(counted("two"), before);
    // With more it goes on, and the next would count both.
    desk.good(&format!(
        "run --from two/final.image --ticks 60 --pace lockstep {models} --budget 5 --out three"
    ));
    assert!(counted("three") > before);
}

/// What a village's database says that models have cost.
fn spent_by_village(desk: &Desk) -> i64 {
    let url = format!("sqlite://{}", desk.path("home/village.db").display());
    block_on(async {
        let store = Store::open(&url, StoreOptions::default()).await.unwrap();
        let spent = store.setting("models.spent_micros").await.unwrap();
        store.close().await;
        spent.map_or(0, |text| text.parse().unwrap())
    })
}

#[test]
fn what_models_cost_outlives_kill_9_and_what_was_thought_is_written_down() {
    let desk = Desk::new();
    let mock = desk.mock("");
    let words = format!(
        "{SERVE} --scenario scenarios/llm-town.toml {}",
        priced(&mock)
    );
    let first = Served::start(&desk, &words);
    until("it is written down what they cost", || {
        spent_by_village(&desk) > 0
    });
    let whole_lines = || -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(desk.path("home/thoughts.jsonl")).unwrap_or_default();
        let lines = text.lines();
        lines
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    };
    until("what they thought is written down", || {
        whole_lines()
            .iter()
            .any(|line| line["exchanges"][1]["calls"].is_array())
    });
    first.kill_9();
    let before = spent_by_village(&desk);
    let all = whole_lines();
    let thought = all.iter().find(|line| line["exchanges"].is_array());
    let system = &thought.unwrap()["exchanges"][0]["system"];
    let named = all.iter().filter(|line| line["system"] == *system);
    assert_eq!(named.count(), 1, "what it begins with stands there once");

    let second = Served::start(&desk, &words);
    until("they think again", || spent_by_village(&desk) != before);
    assert!(spent_by_village(&desk) > before, "it goes on from there");
    until("they go on writing", || whole_lines().len() > all.len());
    second.stop("TERM");
}
