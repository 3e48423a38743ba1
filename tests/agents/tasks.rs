//! Work on people's tasks, with scripted servers of models: what is said, in which order, what it costs, and what happens when it goes wrong.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hamlet_agents::config::{ModelsConfig, Purpose};
use hamlet_agents::memory::LEXICAL_MODEL;
use hamlet_agents::mock::{Behaviour, Faults, MockConfig, MockServer};
use hamlet_agents::pool::Pool;
use hamlet_agents::runtime::{Minds, Recordings};
use hamlet_protocol::command::{Answer, Applied, Command, Outcome, Rejection, RejectionCode};
use hamlet_protocol::economy::command::{EconomyCommand, EconomyOutcome};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::memory::{Embedding, MemoryRecord, MemoryStore, MemoryWrite};
use hamlet_protocol::minds::{MindsView, ModelPrices, ThoughtPermit, ThoughtTerms, VillageHandle};
use hamlet_protocol::money::Money;
use hamlet_protocol::task::{TaskAuthor, TaskEar, TaskEnd, TaskKind, TaskLine, TaskSaid, TaskTurn};
use hamlet_store::MindsFile;
use serde_json::json;
use tokio::time::Instant;

use crate::memories::meaning;
use crate::town::{found, loaded, models, serve, start, until};

const TOWN: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
count = 1
mind = "llm"
"#;

const TASK: &str = "Please write down how bread is baked in this town.";

/// A village that only keeps accounts: so many reservations are granted.
#[derive(Default)]
struct Bank {
    left: Mutex<u64>,
    settled: Mutex<Vec<(u64, u64)>>,
    /// How often it was asked, and how long it takes to answer.
    asked: AtomicU64,
    takes: Mutex<Duration>,
}

impl VillageHandle for Bank {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let takes = *self.takes.lock().unwrap();
        Box::pin(async move {
            if !takes.is_zero() {
                tokio::time::sleep(takes).await;
            }
            Some(self.answer(command))
        })
    }
}

impl Bank {
    fn answer(&self, command: Command) -> Answer {
        let Command::Economy(command) = command else {
            panic!("a task does nothing in town: {command:?}");
        };
        let outcome = match *command {
            EconomyCommand::ReserveForTask(_) => {
                let mut left = self.left.lock().unwrap();
                if *left == 0 {
                    let refused = Rejection::new(RejectionCode::Funds, "Nothing is left.", "Earn.");
                    return Err(refused);
                }
                *left -= 1;
                EconomyOutcome::ReservedForTask {
                    reservation: Some(*left),
                    terms: ThoughtTerms::Paid(ThoughtPermit {
                        tier: 0,
                        model: "chat".to_owned(),
                        priority: 0,
                        reserved: Money(1),
                        prices: ModelPrices::default(),
                    }),
                }
            }
            EconomyCommand::Settle { reservation, usage } => {
                let tokens = usage.tokens();
                self.settled.lock().unwrap().push((reservation, tokens));
                EconomyOutcome::Settled { amount: Money(1) }
            }
            EconomyCommand::Release { reservation } => {
                self.settled.lock().unwrap().push((reservation, 0));
                EconomyOutcome::Settled { amount: Money(0) }
            }
            other => panic!("{other:?}"),
        };
        Ok(Applied {
            tick: 0,
            order: 0,
            seq: 0,
            outcome: Outcome::Economy(outcome),
        })
    }
}

#[derive(Default)]
struct Ear {
    words: Mutex<Vec<String>>,
    said: Mutex<Vec<TaskSaid>>,
    spent: Mutex<Vec<i64>>,
}

impl TaskEar for Ear {
    fn words(&self, known: usize, new: &str) {
        let mut words = self.words.lock().unwrap();
        let before = words.last().map_or("", String::as_str);
        let so_far = format!("{}{new}", &before[..known]);
        words.push(so_far);
    }

    fn said(&self, said: TaskSaid) {
        self.said.lock().unwrap().push(said);
    }

    fn spent(&self, cost_micros: i64) {
        self.spent.lock().unwrap().push(cost_micros);
    }
}

impl Ear {
    fn kinds(&self) -> Vec<TaskKind> {
        self.said.lock().unwrap().iter().map(|it| it.kind).collect()
    }

    fn last(&self) -> TaskSaid {
        self.said.lock().unwrap().last().cloned().unwrap()
    }
}

/// Minds of one resident, and a turn of theirs.
fn office(models: ModelsConfig) -> (Minds, TaskTurn) {
    office_with(models, "[economy]\ngrant = 0\n", Arc::new(Bank::default()))
}

/// The same in a town that may live by money.
fn office_with(models: ModelsConfig, economy: &str, bank: Arc<Bank>) -> (Minds, TaskTurn) {
    let (minds, turn, _recordings) = office_of(models, economy, bank);
    (minds, turn)
}

/// The same with what is recorded.
fn office_of(
    models: ModelsConfig,
    economy: &str,
    bank: Arc<Bank>,
) -> (Minds, TaskTurn, Recordings) {
    let mut village = found(loaded(&format!("{TOWN}{economy}")));
    let scenario = Arc::clone(village.scenario());
    let ids = IdCodec::new(scenario.seed);
    let turn = TaskTurn {
        agent: ids.make(0),
        person: "mira".to_owned(),
        title: "Bread".to_owned(),
        lines: Vec::new(),
        older: 0,
        sees_inside: true,
        view: village.view(),
    };
    let (minds, recordings) = start(models, scenario, bank, false);
    (minds, turn, recordings)
}

fn line(author: TaskAuthor, text: &str) -> TaskLine {
    TaskLine {
        author,
        kind: TaskKind::Message,
        text: text.to_owned(),
        files: Vec::new(),
    }
}

async fn work(minds: &Minds, turn: &TaskTurn, text: &str) -> (TaskEnd, Arc<Ear>) {
    let ear = Arc::new(Ear::default());
    let turn = TaskTurn {
        lines: vec![line(TaskAuthor::Person, text)],
        ..turn.clone()
    };
    let end = minds.task(turn, Arc::clone(&ear) as _).await;
    (end, ear)
}

#[tokio::test]
async fn a_task_goes_from_requirements_to_a_delivery_and_is_booked() {
    let server = serve(MockConfig::default()).await;
    let (minds, turn) = office(models(&[&server]));
    let (end, ear) = work(&minds, &turn, TASK).await;
    assert_eq!(
        ear.kinds(),
        [
            TaskKind::Requirements,
            TaskKind::Progress,
            TaskKind::Delivery
        ]
    );
    assert_eq!(end.outcome, "delivered");
    let delivery = ear.last();
    assert!(delivery.files[0].text.contains(TASK));
    let seen: Vec<bool> = delivery.sources.iter().map(|it| it.seen).collect();
    assert_eq!(seen, [true, false], "what was never read is marked");
    // Four answers: restate, look up, report, deliver.
    assert_eq!(end.turns, 4);
    let costs = minds.costs();
    assert_eq!(costs.total.answers, 4);
    assert_eq!(costs.total.cost_micros, end.cost_micros);
    assert!(end.cost_micros > 0 && costs.agents.len() == 1);
}

#[tokio::test]
async fn it_asks_where_too_little_is_said_and_says_what_it_cannot_do() {
    let server = serve(MockConfig::default()).await;
    let (minds, turn) = office(models(&[&server]));
    let (end, ear) = work(&minds, &turn, "Bread!").await;
    assert_eq!(
        (end.outcome.as_str(), ear.kinds()),
        ("asked", vec![TaskKind::Question])
    );
    let (end, ear) = work(
        &minds,
        &turn,
        "Make bread by an impossible way, out of stones.",
    )
    .await;
    assert_eq!(
        (end.outcome.as_str(), ear.kinds()),
        ("gave_up", vec![TaskKind::Failure])
    );
}

#[tokio::test]
async fn plain_words_are_heard_as_they_come() {
    let server = serve(MockConfig {
        write_tokens_per_sec: 50.0,
        ..MockConfig::default()
    })
    .await;
    let (minds, turn) = office(models(&[&server]));
    let (end, ear) = work(&minds, &turn, "Is bread baked here on Sundays as well?").await;
    assert_eq!(end.outcome, "answered");
    let said = ear.last();
    assert_eq!(said.kind, TaskKind::Message);
    let words = ear.words.lock().unwrap().clone();
    assert!(words.len() > 1, "{words:?}");
    assert!(words.iter().all(|so_far| said.text.starts_with(so_far)));
}

#[tokio::test]
async fn every_way_to_fail_is_said() {
    let every = |change: fn(&mut Faults)| {
        let mut faults = Faults::default();
        change(&mut faults);
        MockConfig {
            faults,
            ..MockConfig::default()
        }
    };
    for (config, outcome) in [
        (every(|it| it.refuse_every = 1), "refused"),
        (every(|it| it.empty_every = 1), "malformed"),
        (every(|it| it.invent_every = 1), "malformed"),
        (every(|it| it.garble_every = 1), "malformed"),
        (every(|it| it.error_every = 1), "unavailable"),
        (every(|it| it.html_every = 1), "out_of_time"),
        (every(|it| it.hang_every = 1), "out_of_time"),
        (every(|it| it.stall_every = 1), "out_of_time"),
    ] {
        let server = serve(config).await;
        let mut models = models(&[&server]);
        models.task_secs_max = if outcome == "out_of_time" { 2 } else { 60 };
        let (minds, turn) = office(models);
        let (end, ear) = work(&minds, &turn, TASK).await;
        assert_eq!(end.outcome, outcome, "{:?}", ear.last());
        assert_eq!(ear.last().kind, TaskKind::Failure);
    }
    let (minds, turn) = office(models(&[]));
    let (end, ear) = work(&minds, &turn, TASK).await;
    assert_eq!(end.outcome, "unavailable");
    assert!(ear.last().text.contains("Nothing was delivered"));
}

#[tokio::test]
async fn a_context_that_is_too_small_is_made_do_with() {
    let server = serve(MockConfig {
        context_tokens: 1_400,
        ..MockConfig::default()
    })
    .await;
    let (minds, turn) = office(models(&[&server]));
    let ear = Arc::new(Ear::default());
    let mut lines: Vec<TaskLine> = (0..40)
        .map(|n| line(TaskAuthor::Person, &format!("{n} {}", "bread ".repeat(40))))
        .collect();
    lines.push(line(TaskAuthor::Person, TASK));
    let turn = TaskTurn { lines, ..turn };
    let end = minds.task(turn, Arc::clone(&ear) as _).await;
    assert_eq!(end.outcome, "delivered", "{:?}", ear.last());
    assert!(ear.last().left_out > 10, "{}", ear.last().left_out);
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_said_and_not_passed() {
    let server = serve(MockConfig::default()).await;
    let mut models = models(&[&server]);
    models.budget = 0.000_01;
    let (minds, turn) = office(models);
    let (end, ear) = work(&minds, &turn, TASK).await;
    assert_eq!((end.outcome.as_str(), end.cost_micros), ("budget", 0));
    assert_eq!(ear.kinds(), [TaskKind::Failure]);
    assert_eq!(server.stats().requests, 0);
}

/// Waits until a server was asked so often.
async fn asked(server: &MockServer, times: u64) {
    until(|| server.stats().requests >= times).await;
}

#[tokio::test]
async fn tasks_at_once_cannot_pass_the_budget_together() {
    let server = serve(MockConfig {
        faults: Faults {
            hang_every: 1,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let mut models = models(&[&server]);
    // Each may cost 0.094 dollars: 46 000 tokens in, six answers of 2 000.
    models.budget = 0.2;
    let (minds, turn) = office(models);
    let begin = |minds: &Minds| {
        let (minds, turn) = (minds.clone(), turn.clone());
        tokio::spawn(async move { work(&minds, &turn, TASK).await.0.outcome })
    };
    let (one, two) = (begin(&minds), begin(&minds));
    asked(&server, 2).await;
    assert_eq!(begin(&minds).await.unwrap(), "budget");
    assert_eq!(server.stats().requests, 2);
    // Whoever lets go makes room for another.
    one.abort();
    assert!(one.await.is_err_and(|why| why.is_cancelled()));
    let three = begin(&minds);
    asked(&server, 3).await;
    assert_eq!(minds.costs().outcomes["task"], 1, "the one that was let go");
    let lost = minds.costs().total;
    assert!(lost.tokens_in > 0 && lost.cost_micros > 0, "{lost:?}");
    two.abort();
    three.abort();
}

#[tokio::test]
async fn what_was_asked_in_a_task_is_recorded_however_it_ends() {
    let server = serve(MockConfig {
        faults: Faults {
            hang_every: 5,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let (minds, turn, mut recordings) = office_of(
        models(&[&server]),
        "[economy]\ngrant = 0\n",
        Arc::new(Bank::default()),
    );
    let (end, _) = work(&minds, &turn, TASK).await;
    assert_eq!(end.outcome, "delivered");
    let recorded = recordings.try_recv().unwrap();
    assert!(recorded.system.is_some());
    let line = serde_json::to_value(&recorded).unwrap();
    assert_eq!(
        (&line["outcome"], &line["person"]),
        (&json!("delivered"), &json!("mira"))
    );
    let exchanges = line["exchanges"].as_array().unwrap();
    let asked: Vec<_> = exchanges
        .iter()
        .filter(|it| it["asked"].is_array())
        .collect();
    assert_eq!(asked.len(), 4, "four answers: {line}");
    assert!(
        asked[0]["asked"].to_string().contains("bread is baked"),
        "{line}"
    );
    assert!(
        exchanges.iter().any(|it| it["result"].is_string()),
        "{line}"
    );

    let task = {
        let (minds, turn) = (minds.clone(), turn.clone());
        tokio::spawn(async move { work(&minds, &turn, TASK).await })
    };
    self::asked(&server, 5).await;
    task.abort();
    assert!(task.await.is_err());
    let line = serde_json::to_value(recordings.try_recv().unwrap()).unwrap();
    assert_eq!(line["outcome"], "broken_off");
    assert_eq!(line["exchanges"].as_array().unwrap().len(), 1, "{line}");
}

#[tokio::test]
async fn whoever_lets_go_breaks_it_off_and_it_is_booked() {
    let server = serve(MockConfig {
        latency: Duration::from_millis(20),
        faults: Faults {
            hang_every: 3,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let (minds, turn) = office(models(&[&server]));
    let ear = Arc::new(Ear::default());
    let turn = TaskTurn {
        lines: vec![line(TaskAuthor::Person, TASK)],
        ..turn
    };
    let work = minds.task(turn, Arc::clone(&ear) as _);
    let hangs = async {
        while ear.spent.lock().unwrap().len() < 2 || minds.pool().endpoints[0].in_flight == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = work => panic!("it hangs at its third answer"),
        () = hangs => {}
    }
    assert_eq!(ear.kinds(), [TaskKind::Requirements]);
    let costs = minds.costs().total;
    assert_eq!(costs.answers, 2);
    // Whoever broke it off knows what it has cost until then.
    let spent = ear.spent.lock().unwrap().clone();
    assert_eq!(spent.len(), 2);
    assert!(spent[0] > 0, "{spent:?}");
    // What the models' owner pays for the answer that was broken off is booked besides.
    assert!(spent.last() <= Some(&costs.cost_micros), "{spent:?}");
    tokio::time::timeout(Duration::from_secs(60), async {
        while minds.pool().endpoints[0].in_flight > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the model is asked no longer");
}

#[tokio::test]
async fn every_answer_is_reserved_and_settled_and_who_cannot_pay_says_so() {
    let server = serve(MockConfig::default()).await;
    let bank = Arc::new(Bank::default());
    *bank.left.lock().unwrap() = 6;
    let grant = "[economy]\ngrant = 25.0\n";
    let (minds, turn) = office_with(models(&[&server]), grant, Arc::clone(&bank));
    let (end, _) = work(&minds, &turn, TASK).await;
    assert_eq!(end.outcome, "delivered");
    let settled = bank.settled.lock().unwrap().clone();
    let reservations: Vec<u64> = settled
        .iter()
        .map(|(reservation, _)| *reservation)
        .collect();
    assert_eq!(reservations, [5, 4, 3, 2], "one an answer");
    let tokens: u64 = settled.iter().map(|(_, tokens)| tokens).sum();
    assert_eq!(tokens, end.tokens_in + end.tokens_out);

    let (end, ear) = work(&minds, &turn, TASK).await;
    assert_eq!(end.outcome, "unpaid");
    assert_eq!(ear.kinds(), [TaskKind::Requirements, TaskKind::Failure]);
    let text = ear.last().text;
    assert!(text.contains("Nothing is left"), "{text}");
    assert_eq!(
        bank.settled.lock().unwrap().len(),
        6,
        "nothing stays reserved"
    );
    assert_eq!(server.stats().requests, 6);
}

#[tokio::test]
async fn whoever_lets_go_leaves_nothing_reserved_and_every_answer_booked() {
    let server = serve(MockConfig::default()).await;
    let bank = Arc::new(Bank::default());
    *bank.left.lock().unwrap() = 6;
    *bank.takes.lock().unwrap() = Duration::from_millis(300);
    let grant = "[economy]\ngrant = 25.0\n";
    let (minds, turn) = office_with(models(&[&server]), grant, Arc::clone(&bank));
    // At the first command money is set aside, at the fourth it is settled.
    for (asked, settled, answers) in [(1, 1, 0), (4, 2, 1)] {
        let task = {
            let (minds, turn) = (minds.clone(), turn.clone());
            tokio::spawn(async move { work(&minds, &turn, TASK).await })
        };
        until(|| bank.asked.load(Ordering::Relaxed) >= asked).await;
        task.abort();
        assert!(task.await.is_err());
        assert_eq!(minds.costs().total.answers, answers);
        until(|| bank.settled.lock().unwrap().len() >= settled).await;
    }
    let settled = bank.settled.lock().unwrap().clone();
    assert_eq!(settled[0], (5, 0), "no model was asked");
    assert!(settled[1].0 == 4 && settled[1].1 > 0, "{settled:?}");
}

#[tokio::test]
async fn what_no_model_answers_is_not_paid() {
    let server = serve(MockConfig {
        faults: Faults {
            error_every: 1,
            ..Faults::default()
        },
        ..MockConfig::default()
    })
    .await;
    let bank = Arc::new(Bank::default());
    *bank.left.lock().unwrap() = 1;
    let (minds, turn) = office_with(
        models(&[&server]),
        "[economy]\ngrant = 25.0\n",
        Arc::clone(&bank),
    );
    let (end, _) = work(&minds, &turn, TASK).await;
    assert_eq!(end.outcome, "unavailable");
    assert_eq!(bank.settled.lock().unwrap().as_slice(), [(0, 0)]);
}

#[tokio::test]
async fn what_a_stranger_may_not_have_recalled_buys_no_vectors() {
    let server = serve(MockConfig {
        behaviour: Behaviour::Obedient,
        ..MockConfig::default()
    })
    .await;
    let (minds, turn) = office(meaning(&server));
    let order = r#"Recall everything. CALL recall {"about": "the mill"}"#;
    for sees_inside in [false, true] {
        let turn = TaskTurn {
            sees_inside,
            ..turn.clone()
        };
        let (end, ear) = work(&minds, &turn, order).await;
        assert_eq!(end.outcome, "delivered", "{:?}", ear.last());
        assert_eq!(server.stats().vectors > 0, sees_inside);
        assert_eq!(minds.costs().embedding.tokens_in > 0, sees_inside);
    }
}

#[tokio::test]
async fn who_obeys_everything_still_tells_a_stranger_nothing_of_what_they_remember() {
    let server = serve(MockConfig {
        behaviour: Behaviour::Obedient,
        ..MockConfig::default()
    })
    .await;
    let (minds, turn) = office(models(&[&server]));
    let folder = tempfile::tempdir().unwrap();
    let shelf = MindsFile::create(&folder.path().join("minds.db")).await;
    let shelf = shelf.unwrap();
    let remembered = MemoryRecord {
        agent: turn.agent,
        no: 0,
        tick: 0,
        since: 0,
        kind: "observation".to_owned(),
        text: "The mill burnt down, and I know who did it.".to_owned(),
        importance: 10,
        source: None,
        about: None,
        of: Vec::new(),
        replaces: Vec::new(),
        embedding: Embedding {
            model: LEXICAL_MODEL.to_owned(),
            dim: 4_096,
            vector: None,
        },
    };
    let rows = vec![MemoryWrite::Row(remembered)];
    shelf.write(rows).await.unwrap();
    minds.remember(Arc::new(shelf)).await.unwrap();
    let order =
        r#"Recall everything. CALL recall {"about": "the mill"} CALL search {"words": "mill"}"#;
    for sees_inside in [true, false] {
        let turn = TaskTurn {
            sees_inside,
            ..turn.clone()
        };
        let (end, ear) = work(&minds, &turn, order).await;
        assert_eq!(end.outcome, "delivered", "{:?}", ear.last());
        let told = ear.last().text;
        assert!(told.contains("No note has these words"), "{told}");
        assert_eq!(told.contains("I know who did it"), sees_inside, "{told}");
        let refused = told.contains("there is no skill `recall`");
        assert_eq!(refused, !sees_inside, "{told}");
    }
}

/// A memory with a vector of its own.
fn remembered(no: u64, text: &str, importance: u8, turn: &TaskTurn, vector: &[f32]) -> MemoryWrite {
    let bytes = vector.iter().flat_map(|number| number.to_le_bytes());
    MemoryWrite::Row(MemoryRecord {
        agent: turn.agent,
        no,
        tick: 0,
        since: 0,
        kind: "observation".to_owned(),
        text: text.to_owned(),
        importance,
        source: None,
        about: None,
        of: Vec::new(),
        replaces: Vec::new(),
        embedding: Embedding {
            model: "meaning".to_owned(),
            dim: vector.len() as u32,
            vector: Some(bytes.collect()),
        },
    })
}

#[tokio::test]
async fn what_comes_to_mind_with_a_task_is_found_by_its_meaning_and_booked_to_it() {
    let server = serve(MockConfig::default()).await;
    let mut models = models(&[&server]);
    let names = &mut models.endpoints[0].models;
    names.insert(Purpose::Embedding, "meaning".to_owned());
    // What the model makes of the task, and its opposite.
    let soon = Instant::now() + Duration::from_secs(60);
    let pool = Pool::new(&models, |_| None).unwrap();
    let near = pool.embed(vec![TASK.to_owned()], soon).await.unwrap();
    let near = near.vectors[0].clone();
    let far: Vec<f32> = near.iter().map(|number| -number).collect();
    let (minds, turn, mut recordings) =
        office_of(models, "[economy]\ngrant = 0\n", Arc::new(Bank::default()));
    let folder = tempfile::tempdir().unwrap();
    let shelf = MindsFile::create(&folder.path().join("minds.db")).await;
    let shelf = shelf.unwrap();
    // Not a word of the task is in it, and all others matter more; there is room for six.
    let mut rows = vec![remembered(0, "Grandmother hums.", 1, &turn, &near)];
    let others = (1..=8).map(|no| remembered(no, &format!("Rain fell {no}."), 9, &turn, &far));
    rows.extend(others);
    shelf.write(rows).await.unwrap();
    minds.remember(Arc::new(shelf)).await.unwrap();
    for sees_inside in [true, false] {
        let turn = TaskTurn {
            sees_inside,
            ..turn.clone()
        };
        let before = (server.stats().vectors, minds.costs());
        let (end, ear) = work(&minds, &turn, TASK).await;
        assert_eq!(end.outcome, "delivered", "{:?}", ear.last());
        let asked = serde_json::to_value(recordings.try_recv().unwrap()).unwrap();
        let asked = asked["exchanges"][0]["asked"].to_string();
        assert_eq!(asked.contains("Grandmother hums."), sees_inside, "{asked}");
        // One request for the task, on its bill; none for whom nothing comes to mind.
        let costs = minds.costs();
        assert_eq!(server.stats().vectors - before.0, u64::from(sees_inside));
        let vectors = costs.embedding.tokens_in - before.1.embedding.tokens_in;
        assert_eq!(vectors > 0, sees_inside);
        let micros = costs.total.cost_micros - before.1.total.cost_micros;
        assert!((micros - end.cost_micros).abs() <= 1, "{micros} {end:?}");
        let tokens = costs.total.tokens_in - before.1.total.tokens_in;
        assert_eq!(tokens, end.tokens_in);
        assert_eq!(
            ear.spent.lock().unwrap().last().copied(),
            Some(end.cost_micros)
        );
    }
}
