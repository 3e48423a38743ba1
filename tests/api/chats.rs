//! Task chats: a person asks an agent for work. Who thinks is scripted here; that models do is tested with the agents.

use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::tasks::recover;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::frame::OwnFrame;
use hamlet_protocol::task::{
    TaskAuthor, TaskEar, TaskEnd, TaskFile, TaskKind, TaskSaid, TaskSource, TaskTurn, TaskWork,
};
use hamlet_sim::bridge::Pace;
use hamlet_store::{AgentStatus, Role, TaskChatRow, TaskState, Write};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::app::{Got, TestApp};
use crate::callers::TestPerson;
use crate::worker::{AtWork, Worker};
use crate::ws::Served;

const CHATS: &str = "/api/v1/chats";
/// Longest wait for what must come.
const SOON: Duration = Duration::from_secs(60);

/// A mind that does what the last message says.
#[derive(Default)]
struct Scripted {
    turns: Mutex<Vec<TaskTurn>>,
    /// Lets whoever speaks come to the end.
    go_on: Arc<Notify>,
}

/// A key that never was one.
fn key() -> String {
    format!("hamlet_sk_{}", "aB3dE6gH9jK".repeat(4))
}

fn said(kind: TaskKind, text: &str) -> TaskSaid {
    TaskSaid {
        kind,
        text: text.to_owned(),
        files: Vec::new(),
        sources: Vec::new(),
        left_out: 0,
    }
}

impl Worker for Scripted {
    fn work(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork {
        let asked = turn.lines.last().map(|line| line.text.clone());
        self.turns.lock().expect("nobody panics").push(turn);
        let go_on = Arc::clone(&self.go_on);
        Box::pin(async move {
            match asked.unwrap_or_default().as_str() {
                "hang" => {
                    ear.spent(700);
                    ear.said(said(TaskKind::Progress, "I begin."));
                    std::future::pending::<()>().await;
                }
                "panic" => panic!("on purpose"),
                "tell a key" => ear.said(TaskSaid {
                    files: vec![TaskFile {
                        name: "keys.txt".to_owned(),
                        text: format!("One:\n{}\nNo more.", key()),
                    }],
                    ..said(TaskKind::Delivery, &format!("Take {}", key()))
                }),
                "vague" => ear.said(said(TaskKind::Question, "For whom?")),
                "speak" => {
                    for (known, new) in [(0, "One"), (3, " and"), (7, " two.")] {
                        ear.words(known, new);
                    }
                    go_on.notified().await;
                    ear.said(said(TaskKind::Message, "One and two."));
                }
                _ => {
                    ear.said(said(TaskKind::Requirements, "- all of it"));
                    ear.said(said(TaskKind::Progress, "Half of it is done."));
                    ear.said(TaskSaid {
                        files: vec![TaskFile {
                            name: "bréad.md".to_owned(),
                            text: "# Bread\n".to_owned(),
                        }],
                        sources: vec![TaskSource {
                            title: "Note".to_owned(),
                            link: "#1".to_owned(),
                            seen: true,
                        }],
                        ..said(TaskKind::Delivery, "Here it is.")
                    });
                }
            }
            TaskEnd {
                cost_micros: 1_500,
                ..TaskEnd::default()
            }
        })
    }
}

/// A village in which somebody thinks, and a person.
struct Scene {
    test: TestApp,
    mind: Arc<Scripted>,
    person: TestPerson,
}

/// Whoever waits asks often.
fn patient() -> ApiConfig {
    ApiConfig {
        key_requests_per_min: 1_000_000,
        ..ApiConfig::default()
    }
}

/// A village that goes on, so that its agents work, and so slowly that nothing happens by itself.
async fn running(folder: TempDir) -> TestApp {
    let slow = Pace::Realtime { hz: 0.001 };
    TestApp::open_at(folder, patient(), Some(slow)).await
}

/// A new one.
async fn founded() -> TestApp {
    running(TempDir::new().expect("a folder for the village")).await
}

fn think(test: &TestApp) -> Arc<Scripted> {
    let mind = Arc::new(Scripted::default());
    let view = AtWork(Arc::clone(&mind));
    assert!(
        test.app.minds.set(Arc::new(view)).is_ok(),
        "nobody thought before"
    );
    mind
}

/// Number of a resident with such a mind.
fn resident(test: &TestApp, mind: MindKind) -> u64 {
    let view = test.app.published.view();
    let found = (0..view.agents.len()).find(|&no| {
        let agent = view.agents.get(no).and_then(Option::as_ref);
        agent.is_some_and(|agent| agent.mind == mind)
    });
    found.expect("the town has one") as u64
}

impl Scene {
    async fn new() -> Self {
        let test = founded().await;
        let mind = think(&test);
        let person = test.person(Role::Human).await;
        Self { test, mind, person }
    }

    fn thinker(&self) -> u64 {
        resident(&self.test, MindKind::Llm)
    }

    async fn ask(&self, text: &str) -> Got {
        let agent = self.test.resident(self.thinker());
        let body = json!({"agent": agent.to_string(), "text": text});
        self.test.post(CHATS, Some(&self.person.token), body).await
    }

    async fn opened(&self, text: &str) -> String {
        let got = self.ask(text).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        let id = got.json["chat"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(got.headers["location"], format!("{CHATS}/{id}"));
        id
    }

    async fn write(&self, chat: &str, text: &str) -> Got {
        let path = format!("{CHATS}/{chat}/messages");
        self.test
            .post(&path, Some(&self.person.token), json!({ "text": text }))
            .await
    }

    async fn messages(&self, chat: &str) -> Value {
        let path = format!("{CHATS}/{chat}/messages");
        let got = self.test.get(&path, Some(&self.person.token)).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        got.json
    }

    /// Waits until so many messages stand in a chat.
    async fn heard(&self, chat: &str, count: u64) {
        let looking = async {
            while self.messages(chat).await["chat"]["message_count"] != count {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, looking).await.expect("they come");
    }

    /// All chats, once nobody is at work in any.
    async fn all_settled(&self) -> Vec<Value> {
        let path = format!("{CHATS}?limit=100");
        let looking = async {
            loop {
                let got = self.test.get(&path, Some(&self.person.token)).await;
                let chats = got.json["chats"].as_array().expect("a list").clone();
                if chats.iter().all(|chat| chat["state"] == "open") {
                    return chats;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, looking).await.expect("nobody hangs")
    }

    /// The chat once it is the person's turn.
    async fn settled(&self, chat: &str) -> Value {
        let looking = async {
            loop {
                let json = self.messages(chat).await;
                if json["chat"]["state"] == "open" {
                    return json;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, looking).await.expect("it comes to an end")
    }
}

fn kinds(json: &Value) -> Vec<(String, String)> {
    let messages = json["messages"].as_array().into_iter().flatten();
    let word = |message: &Value, field: &str| message[field].as_str().unwrap_or("?").to_owned();
    messages
        .map(|it| (word(it, "author"), word(it, "kind")))
        .collect()
}

fn refused(got: &Got, status: u16, code: &str) {
    assert_eq!(got.status.as_u16(), status, "{got:?}");
    assert_eq!(got.json["code"], code, "{got:?}");
    assert!(got.json["hint"].is_string(), "{got:?}");
}

#[tokio::test]
async fn a_task_is_understood_reported_and_delivered_with_files_and_sources() {
    let scene = Scene::new().await;
    let chat = scene
        .opened("Write down how bread is baked.\nIn short.")
        .await;
    let json = scene.settled(&chat).await;
    let author = |author: &str, kind: &str| (author.to_owned(), kind.to_owned());
    assert_eq!(
        kinds(&json),
        [
            author("person", "message"),
            author("agent", "requirements"),
            author("agent", "progress"),
            author("agent", "delivery"),
        ]
    );
    assert_eq!(json["chat"]["title"], "Write down how bread is baked.");
    assert_eq!(json["chat"]["cost"], "0.0015");
    let delivery = &json["messages"][3];
    assert_eq!(delivery["sources"][0]["seen"], true);
    let file = &delivery["files"][0];
    assert_eq!(
        (&file["name"], &file["bytes"]),
        (&json!("bréad.md"), &json!(8))
    );
    let url = file["url"].as_str().expect("an address");
    let got = scene.test.get(url, Some(&scene.person.token)).await;
    assert_eq!(got.json, json!("# Bread\n"));
    assert_eq!(got.headers["content-type"], "text/plain; charset=utf-8");
    let disposition = &got.headers["content-disposition"];
    assert_eq!(disposition, "attachment; filename=\"br_ad.md\"");
    let no_file = url.replace("/files/1", "/files/2");
    let got = scene.test.get(&no_file, Some(&scene.person.token)).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_agent_asks_back_and_is_shown_the_whole_chat() {
    let scene = Scene::new().await;
    let chat = scene.opened("vague").await;
    let json = scene.settled(&chat).await;
    assert_eq!(json["messages"][1]["kind"], "question");
    let got = scene.write(&chat, "For the baker.").await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    scene.settled(&chat).await;
    let turns = scene.mind.turns.lock().expect("nobody panics");
    let lines: Vec<(TaskAuthor, &str)> = turns[1]
        .lines
        .iter()
        .map(|line| (line.author, line.text.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (TaskAuthor::Person, "vague"),
            (TaskAuthor::Agent, "For whom?"),
            (TaskAuthor::Person, "For the baker."),
        ]
    );
}

#[tokio::test]
async fn one_answer_at_a_time_and_whoever_stops_it_hears_so() {
    let scene = Scene::new().await;
    let chat = scene.opened("hang").await;
    refused(&scene.write(&chat, "And?").await, 409, "task_working");
    scene.heard(&chat, 2).await;
    let stop = format!("{CHATS}/{chat}/stop");
    let token = Some(scene.person.token.as_str());
    let got = scene.test.post(&stop, token, json!({})).await;
    assert_eq!(got.status, StatusCode::OK);
    let json = scene.settled(&chat).await;
    let last = json["messages"].as_array().and_then(|all| all.last());
    let last = last.expect("something was said");
    assert_eq!(
        (&last["author"], &last["kind"]),
        (&json!("village"), &json!("failure"))
    );
    assert!(
        last["text"]
            .as_str()
            .is_some_and(|text| text.contains("stopped"))
    );
    assert_eq!(
        json["chat"]["cost"], "0.0007",
        "what was said has its price"
    );

    // Two may be at work for one person, and a third is refused.
    scene.opened("hang").await;
    scene.opened("hang").await;
    refused(&scene.ask("hang").await, 429, "task_limit");
}

#[tokio::test]
async fn a_fault_of_ours_is_said_and_the_chat_goes_on() {
    let scene = Scene::new().await;
    let chat = scene.opened("panic").await;
    let json = scene.settled(&chat).await;
    assert_eq!(json["messages"][1]["author"], "village");
    assert_eq!(json["messages"][1]["kind"], "failure");
    scene.write(&chat, "Again.").await;
    let json = scene.settled(&chat).await;
    assert_eq!(json["messages"][5]["kind"], "delivery");
}

#[tokio::test]
async fn who_cannot_work_says_so_and_what_to_do() {
    let test = TestApp::new().await;
    let person = test.person(Role::Human).await;
    let ask = |no: u64| {
        let body = json!({"agent": test.resident(no).to_string(), "text": "Bake bread."});
        test.post(CHATS, Some(&person.token), body)
    };
    let (llm, scripted) = (
        resident(&test, MindKind::Llm),
        resident(&test, MindKind::Scripted),
    );
    refused(&ask(llm).await, 409, "no_model");
    think(&test);
    refused(&ask(scripted).await, 409, "no_model");
    for text in ["", " \n", &"x".repeat(8_001)] {
        let body = json!({"agent": test.resident(llm).to_string(), "text": text});
        let got = test.post(CHATS, Some(&person.token), body).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{got:?}");
    }
    let body = json!({"agent": "nobody-of-this-name", "text": "Bake bread."});
    let got = test.post(CHATS, Some(&person.token), body).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND, "{got:?}");
}

#[tokio::test]
async fn owners_say_who_may_ask_and_blocks_hold() {
    let scene = Scene::new().await;
    let no = scene.thinker();
    let agent = scene.test.resident(no);
    let owner = scene.test.person(Role::Human).await;
    scene
        .test
        .enter_agent(no, AgentStatus::Active, Some(owner.row.id))
        .await;
    assert_eq!(scene.ask("Bake bread.").await.status, StatusCode::FORBIDDEN);
    let door = format!("/api/v1/agents/{agent}/chats");
    let open = |token: String, who: &'static str| {
        let (test, door) = (&scene.test, door.clone());
        async move {
            let body = Some(json!({ "who": who }));
            test.call(Method::PUT, &door, Some(&token), body).await
        }
    };
    let got = open(scene.person.token.clone(), "anyone").await;
    assert_eq!(got.status, StatusCode::FORBIDDEN, "not theirs to say");
    let got = open(owner.token.clone(), "anyone").await;
    assert_eq!(
        (got.status, &got.json["who"]),
        (StatusCode::OK, &json!("anyone"))
    );
    let chat = scene.opened("Bake bread.").await;
    scene.settled(&chat).await;
    open(owner.token.clone(), "nobody").await;
    let got = scene.write(&chat, "More.").await;
    assert_eq!(got.status, StatusCode::FORBIDDEN, "{got:?}");
    open(owner.token.clone(), "anyone").await;

    let block = format!("/api/v1/agents/{agent}/block");
    let token = Some(scene.person.token.as_str());
    let got = scene.test.call(Method::POST, &block, token, None).await;
    assert!(got.status.is_success(), "{got:?}");
    let got = scene.write(&chat, "More.").await;
    assert_eq!(got.status, StatusCode::FORBIDDEN, "{got:?}");
}

#[tokio::test]
async fn nobody_else_sees_a_chat_and_lists_go_on_page_by_page() {
    let scene = Scene::new().await;
    let mut chats = Vec::new();
    for n in 0..5 {
        let chat = scene.opened(&format!("Task {n}")).await;
        scene.settled(&chat).await;
        chats.push(chat);
    }
    for role in [Role::Human, Role::Admin] {
        let other = scene.test.person(role).await;
        for path in ["", "/messages", "/messages/4/files/1"] {
            let path = format!("{CHATS}/{}{path}", chats[0]);
            let got = scene.test.get(&path, Some(&other.token)).await;
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        }
        let got = scene.test.get(CHATS, Some(&other.token)).await;
        assert_eq!(got.json["count"], 0);
    }
    // The clock stands still: all were used at the same time.
    let mut seen = Vec::new();
    let mut path = format!("{CHATS}?limit=2");
    loop {
        let got = scene.test.get(&path, Some(&scene.person.token)).await;
        let page = got.json["chats"].as_array().expect("a page").clone();
        seen.extend(
            page.iter()
                .filter_map(|it| Some(it["id"].as_str()?.to_owned())),
        );
        let Some(cursor) = got.json["next_cursor"].as_str() else {
            break;
        };
        path = format!("{CHATS}?limit=2&cursor={cursor}");
    }
    seen.sort();
    chats.sort();
    assert_eq!(seen, chats);
    let messages = format!("{CHATS}/{}/messages?limit=3", chats[0]);
    let got = scene.test.get(&messages, Some(&scene.person.token)).await;
    assert_eq!(
        (&got.json["count"], &got.json["has_more"]),
        (&json!(3), &json!(true))
    );
    assert_eq!(
        got.json["messages"][2]["no"], 4,
        "the newest come first, oldest on top"
    );

    let closed = format!("{CHATS}/{}/close", chats[0]);
    scene
        .test
        .post(&closed, Some(&scene.person.token), json!({}))
        .await;
    refused(&scene.write(&chats[0], "More.").await, 409, "task_closed");
    let gone = format!("{CHATS}/{}", chats[0]);
    let got = scene
        .test
        .call(Method::DELETE, &gone, Some(&scene.person.token), None)
        .await;
    assert_eq!(got.status, StatusCode::OK);
    let got = scene.test.get(&gone, Some(&scene.person.token)).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_request_that_is_repeated_asks_once() {
    let scene = Scene::new().await;
    let agent = scene.test.resident(scene.thinker()).to_string();
    let ask = || {
        let body = json!({"agent": agent, "text": "hang"}).to_string();
        let request = Request::post(CHATS)
            .header("authorization", format!("Bearer {}", scene.person.token))
            .header("content-type", "application/json")
            .header("idempotency-key", "one-and-the-same")
            .body(Body::from(body));
        scene.test.send(request.expect("it is a request"))
    };
    let (first, second) = (ask().await, ask().await);
    assert_eq!(first.json["chat"]["id"], second.json["chat"]["id"]);
    assert_eq!(second.headers["idempotency-replayed"], "true");
    let got = scene.test.get(CHATS, Some(&scene.person.token)).await;
    assert_eq!(got.json["count"], 1);
}

/// The status of an answer, or `None` where whoever asked hung up before: after so many steps of it.
async fn hung_up_after(test: &TestApp, request: Request<Body>, steps: u32) -> Option<StatusCode> {
    let answering = test.router.clone().oneshot(request);
    let mut answering = std::pin::pin!(answering);
    let mut left = steps;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        let answer = answering.as_mut().poll(cx);
        answer.map(|answer| Some(answer.expect("the router never fails").status()))
    })
    .await
}

#[tokio::test]
async fn whoever_hangs_up_leaves_no_chat_without_an_answer() {
    let scene = Scene::new().await;
    let chat = scene.opened("vague").await;
    scene.settled(&chat).await;
    let agent = scene.test.resident(scene.thinker()).to_string();
    let mut before = 0;
    for steps in 1..500 {
        let body = json!({"agent": agent, "text": "Write it down."}).to_string();
        let request = Request::post(CHATS)
            .header("authorization", format!("Bearer {}", scene.person.token))
            .header("content-type", "application/json")
            .body(Body::from(body))
            .expect("it is a request");
        let status = hung_up_after(&scene.test, request, steps).await;
        let chats = scene.all_settled().await.len();
        match status {
            None => before = chats,
            Some(status) => {
                assert_eq!(status, StatusCode::CREATED);
                assert!(before > 1, "somebody hung up while it was taken in");
                return;
            }
        }
    }
    panic!("no request takes so many steps");
}

#[tokio::test]
async fn a_chat_in_which_nobody_works_although_it_says_so_is_the_persons_again() {
    let scene = Scene::new().await;
    let last = |json: &Value| {
        let messages = json["messages"].as_array().expect("messages");
        let last = messages.last().expect("there is one");
        (last["author"].clone(), last["kind"].clone())
    };
    let broken_off = (json!("village"), json!("failure"));
    for stops in [true, false] {
        let chat = scene.opened("vague").await;
        scene.settled(&chat).await;
        // As a commit leaves it of which nobody heard in time.
        let id = chat.parse().expect("an id");
        let row = scene.test.app.store.task_chat(id).await;
        let row = row.expect("the store answers").expect("it is there");
        let working = TaskChatRow {
            state: TaskState::Working,
            ..row
        };
        scene.test.enter(vec![Write::TaskChat(working)]).await;
        assert_eq!(scene.messages(&chat).await["chat"]["state"], "working");
        if stops {
            let stop = format!("{CHATS}/{chat}/stop");
            let token = Some(scene.person.token.as_str());
            let got = scene.test.post(&stop, token, json!({})).await;
            assert_eq!(got.status, StatusCode::OK, "{got:?}");
            let json = scene.messages(&chat).await;
            assert_eq!(json["chat"]["state"], "open");
            assert_eq!(last(&json), broken_off);
        } else {
            let got = scene.write(&chat, "Go on.").await;
            assert_eq!(got.status, StatusCode::OK, "{got:?}");
            let json = scene.settled(&chat).await;
            assert_eq!(last(&json), (json!("agent"), json!("delivery")));
            assert!(kinds(&json).contains(&("village".to_owned(), "failure".to_owned())));
        }
    }
}

#[tokio::test]
async fn keys_go_neither_to_a_model_nor_to_a_person() {
    let scene = Scene::new().await;
    let text = format!("Log in with {} for me.", key());
    let got = scene.ask(&text).await;
    refused(&got, 400, "secret");
    assert!(!got.json.to_string().contains(&key()), "{got:?}");
    let body = json!({
        "agent": scene.test.resident(scene.thinker()).to_string(),
        "text": "Bake bread.",
        "title": key(),
    });
    let got = scene
        .test
        .post(CHATS, Some(&scene.person.token), body)
        .await;
    refused(&got, 400, "secret");
    assert!(scene.mind.turns.lock().expect("nobody panics").is_empty());

    let chat = scene.opened("tell a key").await;
    refused(&scene.write(&chat, &text).await, 400, "secret");
    let json = scene.settled(&chat).await;
    let delivery = &json["messages"][1];
    let gone = "[left out: it held an agent's API key]";
    assert_eq!(delivery["text"], gone);
    let url = delivery["files"][0]["url"].as_str().expect("an address");
    let got = scene.test.get(url, Some(&scene.person.token)).await;
    assert_eq!(got.json, json!(format!("One:\n{gone}\nNo more.")));
}

#[tokio::test]
async fn whoever_may_not_look_into_somebody_is_answered_without_their_memories() {
    let scene = Scene::new().await;
    let no = scene.thinker();
    let agent = scene.test.resident(no);
    let owner = scene.test.person(Role::Human).await;
    let moderator = scene.test.person(Role::Moderator).await;
    let ask = |token: String| {
        let (test, mind) = (&scene.test, &scene.mind);
        async move {
            let body = json!({"agent": agent.to_string(), "text": "vague"});
            let got = test.post(CHATS, Some(&token), body).await;
            assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
            let asked = async {
                loop {
                    if let Some(turn) = mind.turns.lock().expect("nobody panics").pop() {
                        return turn.sees_inside;
                    }
                    tokio::task::yield_now().await;
                }
            };
            timeout(SOON, asked).await.expect("it is asked")
        }
    };
    let stranger = scene.person.token.clone();
    assert!(!ask(stranger.clone()).await, "nobody owns it: not theirs");
    assert!(ask(moderator.token).await, "whoever keeps order");
    scene
        .test
        .enter_agent(no, AgentStatus::Active, Some(owner.row.id))
        .await;
    assert!(ask(owner.token.clone()).await, "its owner");
    let door = format!("/api/v1/agents/{agent}/chats");
    let body = Some(json!({"who": "anyone"}));
    let got = scene
        .test
        .call(Method::PUT, &door, Some(&owner.token), body)
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert!(!ask(stranger).await, "somebody else's");
}

#[tokio::test]
async fn what_the_end_of_the_village_broke_off_is_said_after_the_next_start() {
    let scene = Scene::new().await;
    let chat = scene.opened("hang").await;
    let Scene { test, person, .. } = scene;
    // As a kill leaves it: nobody had a chance to say anything.
    let folder = test.stop().await;
    let test = running(folder).await;
    assert_eq!(recover(&test.app).await.expect("the store answers"), 1);
    assert_eq!(recover(&test.app).await.expect("the store answers"), 0);
    let mind = think(&test);
    let scene = Scene { test, mind, person };
    let json = scene.messages(&chat).await;
    assert_eq!(json["chat"]["state"], "open");
    let last = json["messages"].as_array().and_then(|all| all.last());
    let text = last.and_then(|last| last["text"].as_str()).unwrap_or("");
    assert!(
        text.contains("was stopped while the agent worked"),
        "{json}"
    );
    scene.write(&chat, "Go on.").await;
    let json = scene.settled(&chat).await;
    let last = json["messages"].as_array().and_then(|all| all.last());
    assert_eq!(
        last.map(|last| last["kind"].clone()),
        Some(json!("delivery"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_heard_as_they_come_and_then_the_message() {
    let served = Served::on(founded().await).await;
    let mind = think(&served.test);
    let person = served.test.person(Role::Human).await;
    let other = served.test.person(Role::Human).await;
    let mut strangers = served.open("/ws", Some(&other.token)).await;
    let mut socket = served.open("/ws", Some(&person.token)).await;
    assert!(matches!(socket.own().await, OwnFrame::Snapshot { .. }));
    assert!(matches!(strangers.own().await, OwnFrame::Snapshot { .. }));
    let Served { test, .. } = served;
    let scene = Scene { test, mind, person };
    scene.opened("speak").await;
    let mut words = String::new();
    let message = loop {
        if words == "One and" {
            // The last word may be half of one: it comes with the message.
            scene.mind.go_on.notify_one();
        }
        match timeout(SOON, socket.own()).await.expect("it comes soon") {
            OwnFrame::TaskWords {
                from,
                text,
                is_final,
                ..
            } => {
                assert_eq!((from as usize, is_final), (words.chars().count(), false));
                words.push_str(&text);
            }
            OwnFrame::Task {
                working, message, ..
            } => {
                assert!(!working);
                break message;
            }
            _ => {}
        }
    };
    assert_eq!(words, "One and");
    assert_eq!(
        (message.kind, message.text.as_str()),
        (TaskKind::Message, "One and two.")
    );
    let stranger = timeout(Duration::from_millis(200), strangers.own()).await;
    let heard = matches!(
        stranger,
        Ok(OwnFrame::Task { .. } | OwnFrame::TaskWords { .. })
    );
    assert!(!heard, "it is between two");
}
