//! The line against a village that says what a test wants.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::{Ask, News, Wire};
use crate::deeds::Deed;
use crate::mirror::sample::{TASK, agent, snapshot};
use crate::options::Pass;
use crate::tasks::TaskDeed;

/// How long anything in here may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Bytes of a request.
const REQUEST_BYTES_MAX: usize = 1 << 16;

/// What was asked.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    /// Method and path.
    line: String,
    /// By what the village would know an act that was sent before.
    key: Option<String>,
    /// How often this was asked before.
    nth: usize,
    /// Sockets of the town so far.
    worlds: usize,
}

type Answer = dyn Fn(&Seen) -> Option<(u16, Value)> + Send + Sync;

/// A village.
struct Stub {
    seen: Mutex<Vec<Seen>>,
    /// What it says to whoever is signed in.
    own: Vec<Value>,
    answer: Box<Answer>,
}

impl Stub {
    /// Opens it; where it is.
    fn open(
        own: Vec<Value>,
        answer: impl Fn(&Seen) -> Option<(u16, Value)> + Send + Sync + 'static,
    ) -> (Arc<Self>, String) {
        let stub = Arc::new(Self {
            seen: Mutex::default(),
            own,
            answer: Box::new(answer),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("it can");
        let url = format!("http://{}", listener.local_addr().expect("it has one"));
        let served = Arc::clone(&stub);
        // It ends with the tests.
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("it listens");
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(Arc::clone(&served).serve(stream));
                }
            });
        });
        (stub, url)
    }

    fn saw(&self) -> Vec<Seen> {
        self.seen.lock().expect("nobody panicked").clone()
    }

    fn note(&self, line: &str, key: Option<String>) -> Seen {
        let mut seen = self.seen.lock().expect("nobody panicked");
        let times = |what: &str| seen.iter().filter(|it| it.line == what).count();
        let now = Seen {
            line: line.to_owned(),
            key,
            nth: times(line),
            worlds: times("GET /api/v1/ws/world"),
        };
        seen.push(now.clone());
        now
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) {
        let mut first = vec![0; REQUEST_BYTES_MAX];
        let line = loop {
            let Ok(bytes) = stream.peek(&mut first).await else {
                return;
            };
            let text = String::from_utf8_lossy(&first[..bytes]).into_owned();
            if let Some((line, _)) = text.split_once("\r\n") {
                break line.to_owned();
            }
            if bytes == 0 {
                return;
            }
            tokio::task::yield_now().await;
        };
        let mut words = line.split([' ', '?']);
        let (method, path) = (words.next(), words.next());
        let line = format!(
            "{} {}",
            method.unwrap_or_default(),
            path.unwrap_or_default()
        );
        if line.contains("/ws") {
            self.tell(&line, stream).await;
        } else {
            self.answer(&line, stream).await;
        }
    }

    /// A socket. The first of the town breaks after its first frame; all others stay.
    async fn tell(&self, line: &str, stream: TcpStream) {
        let seen = self.note(line, None);
        let Ok(mut socket) = accept_async(stream).await else {
            return;
        };
        let frames = match line {
            "GET /api/v1/ws/world" => vec![json!(snapshot(1, 10))],
            "GET /api/v1/ws" => self.own.clone(),
            _ => Vec::new(),
        };
        for frame in frames {
            let text = Message::Text(frame.to_string().into());
            if socket.send(text).await.is_err() {
                return;
            }
        }
        if line.ends_with("/world") && seen.nth == 0 {
            return;
        }
        while let Some(Ok(_)) = socket.next().await {}
    }

    async fn answer(&self, line: &str, mut stream: TcpStream) {
        let mut request = Vec::new();
        let mut chunk = [0; 4_096];
        let (head, length) = loop {
            match stream.read(&mut chunk).await {
                Ok(bytes) if bytes > 0 => request.extend_from_slice(&chunk[..bytes]),
                _ => return,
            }
            let text = String::from_utf8_lossy(&request).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = header(head, "content-length").and_then(|it| it.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                break (head.to_owned(), body.len());
            }
        };
        assert!(length < REQUEST_BYTES_MAX);
        let seen = self.note(line, header(&head, "idempotency-key"));
        let (status, body) = (self.answer)(&seen).unwrap_or((404, json!({})));
        let body = body.to_string();
        let answer = format!(
            "HTTP/1.1 {status} So\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        // The window may be gone.
        stream.write_all(answer.as_bytes()).await.ok();
        stream.shutdown().await.ok();
    }
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (named, value) = line.split_once(": ")?;
        named
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

/// What every village answers.
fn common(seen: &Seen) -> Option<(u16, Value)> {
    Some(match seen.line.as_str() {
        "GET /api/v1/capabilities" => {
            let task_chats = json!({ "name": "task_chats", "on": seen.worlds > 1 });
            let body = json!({ "version": "1", "api": "v1", "features": [task_chats] });
            (200, body)
        }
        "GET /api/v1/auth/me" => {
            let role = if seen.worlds > 1 {
                "moderator"
            } else {
                "human"
            };
            (200, json!({ "name": "mira", "role": role }))
        }
        "GET /api/v1/world/map" | "GET /api/v1/submolts" => (200, json!({})),
        _ => return None,
    })
}

/// Waits for news that are so.
fn until<T>(wire: &mut Wire, what: &str, mut so: impl FnMut(News) -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        while let Some(news) = wire.news() {
            if let Some(found) = so(news) {
                return found;
            }
        }
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn window(url: &str) -> Wire {
    Wire::open(url, Pass::Token("mira's".to_owned())).expect("it opens")
}

#[test]
fn a_village_that_comes_back_is_asked_again_what_it_has_and_who_one_is() {
    let (stub, url) = Stub::open(Vec::new(), common);
    let mut wire = window(&url);
    let features = until(&mut wire, "what it has is known", |news| match news {
        News::Server(server) => Some(server.has("task_chats")),
        _ => None,
    });
    assert!(!features, "not yet");
    let mut has = false;
    let role = until(&mut wire, "what it has by now is known", |news| {
        match news {
            News::Server(server) => has = server.has("task_chats"),
            News::Me(me) if has => return me.map(|it| it.role),
            _ => {}
        }
        None
    });
    assert_eq!(role, "moderator");
    let asked = |line: &str| stub.saw().iter().filter(|it| it.line == line).count();
    // Once at the beginning, and once when the line was there again: not with every frame.
    assert_eq!(asked("GET /api/v1/capabilities"), 2);
    assert_eq!(asked("GET /api/v1/world/map"), 1);
}

#[test]
fn a_picture_that_cannot_be_had_is_told_apart_from_none() {
    let set = |url: Value| {
        json!({
            "name": "town", "first_gid": 1, "tile_px": { "width": 16, "height": 16 },
            "columns": 1, "tile_count": 1, "image_url": url
        })
    };
    let (_stub, url) = Stub::open(Vec::new(), move |seen| match seen.line.as_str() {
        "GET /api/v1/world/map" => {
            let sets = [set(json!("/api/v1/world/tilesets/0")), set(Value::Null)];
            Some((200, json!({ "tilesets": sets })))
        }
        _ => common(seen),
    });
    let mut wire = window(&url);
    let mut told = Vec::new();
    until(&mut wire, "both are told", |news| {
        if let News::Picture { set, bytes } = news {
            assert_eq!(set, told.len());
            told.push(bytes);
        }
        (told.len() == 2).then_some(())
    });
    assert_eq!(told, [Some(Vec::new()), None]);
}

#[test]
fn an_agent_at_work_is_heard_as_it_speaks() {
    let chat = TASK;
    let words = json!({
        "type": "task_words", "chat": chat, "from": 0, "text": "I am ", "is_final": false
    });
    let message = json!({
        "no": 2, "author": "agent", "kind": "delivery", "at_ms": 1, "text": "Here.",
        "files": ["result.md"], "sources": []
    });
    let task = json!({ "type": "task", "chat": chat, "working": false, "message": message });
    let group = json!({
        "type": "group_msg", "seq": 7, "group": chat, "group_name": "Choir",
        "message": {
            "id": chat, "from": agent(1), "from_name": "ben", "at_ms": 1, "text": "At noon?",
            "needs_human": false
        }
    });
    let (_stub, url) = Stub::open(vec![group, words, task], common);
    let mut wire = window(&url);
    let mut heard = Vec::new();
    until(&mut wire, "all of it is heard", |news| {
        match news {
            News::Own => heard.push("own".to_owned()),
            News::TaskWords { chat, from, text } => {
                assert_eq!((chat, from), (TASK, 0));
                heard.push(text);
            }
            News::Task {
                chat,
                working,
                message,
            } => {
                assert_eq!((chat, working, message.no), (TASK, false, 2));
                heard.push(message.text);
            }
            _ => {}
        }
        (heard.len() >= 3).then_some(())
    });
    assert_eq!(heard, ["own", "I am ", "Here."]);
}

#[test]
fn a_draft_is_sent_by_its_own_key() {
    let line = "POST /api/v1/posts";
    let (stub, url) = Stub::open(Vec::new(), move |seen| match seen.line.as_str() {
        it if it == line => Some((201, json!({}))),
        _ => common(seen),
    });
    let mut wire = window(&url);
    let write = Ask::Write {
        draft: 1,
        key: Some("draft-7-1".to_owned()),
        submolt: "general".to_owned(),
        title: "Jam".to_owned(),
        content: String::new(),
        flair: String::new(),
        tags: Vec::new(),
    };
    wire.ask(write).expect("there is room");
    until(&mut wire, "it is there", |news| match news {
        News::Done { draft, .. } => {
            assert_eq!(draft, Some(1));
            Some(())
        }
        _ => None,
    });
    let seen = stub.saw();
    let post = seen.iter().find(|it| it.line == line).expect("it was sent");
    assert_eq!(post.key.as_deref(), Some("draft-7-1"));
}

#[test]
fn a_task_that_is_sent_again_is_the_same_and_another_one_is_not() {
    let chat = json!({
        "id": TASK, "agent": { "id": agent(0), "name": "ada" }, "title": "Jars", "state": "working"
    });
    let (stub, url) = Stub::open(Vec::new(), move |seen| match seen.line.as_str() {
        "POST /api/v1/chats" if seen.nth == 0 => Some((503, json!({}))),
        "POST /api/v1/chats" => Some((201, json!({ "message": "For programs.", "chat": chat }))),
        _ => common(seen),
    });
    let mut wire = window(&url);
    let deed = Deed::Task(TaskDeed::Open {
        agent: agent(0),
        title: "Jars".to_owned(),
        text: "Count the jars.".to_owned(),
    });
    for draft in 1..=3 {
        let ask = Ask::Do {
            deed: deed.clone(),
            draft: Some(draft),
            key: None,
        };
        wire.ask(ask).expect("there is room");
        let mut begun = false;
        until(&mut wire, "it is answered", |news| match news {
            News::Refused { draft, problem, .. } => {
                assert_eq!((draft, problem.status), (Some(1), 503));
                Some(())
            }
            News::TaskChat { chat, begun: is } => {
                assert!(is && chat.is_working());
                begun = true;
                None
            }
            News::Done {
                text, draft: of, ..
            } => {
                assert_eq!((text.as_str(), of, begun), ("", Some(draft), true));
                Some(())
            }
            _ => None,
        });
    }
    let posts = stub.saw();
    let keys = posts.iter().filter(|it| it.line == "POST /api/v1/chats");
    let keys: Vec<_> = keys.map(|it| it.key.as_deref().expect("a key")).collect();
    assert_eq!(keys.len(), 3);
    assert_eq!(keys[0], keys[1], "nobody knows what became of the first");
    assert_ne!(keys[1], keys[2], "the second is done, and this is another");
}
