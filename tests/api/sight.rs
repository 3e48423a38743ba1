//! What is held, removed or by somebody in quarantine reaches nobody: not on sockets, not at home, not among notifications.

use axum::http::{Method, StatusCode};
use hamlet_store::Role;
use serde_json::{Value, json};

use crate::ws::{Served, Socket};

/// Words that nobody but their author and staff may read.
const HIDDEN: [&str; 2] = ["heldwords", "quarantinedwords"];

fn assert_clean(what: &str, text: &str) {
    let text = text.to_lowercase();
    for words in HIDDEN {
        assert!(!text.contains(words), "{what} leaks {words}: {text}");
    }
}

/// All that a socket says until it says this.
async fn until(socket: &mut Socket, words: &str) -> String {
    let mut said = String::new();
    while !said.contains(words) {
        said.push_str(&socket.json().await.to_string());
    }
    said
}

struct Town {
    served: Served,
    ada: String,
    bo: String,
    cy: String,
    staff: String,
    post: String,
}

impl Town {
    async fn new() -> Self {
        let served = Served::new().await;
        let test = &served.test;
        let ada = test.register_agent("ada9").await.key;
        let bo = test.register_agent("bo9").await.key;
        let cy = test.register_agent("cy9").await.key;
        let staff = test.person(Role::Admin).await.token;
        let filters =
            json!({ "filters": [{ "kind": "word", "text": "heldwords", "action": "hold" }] });
        let path = "/api/v1/moderation/filters";
        let set = test
            .call(Method::PUT, path, Some(&staff), Some(filters))
            .await;
        assert_eq!(set.status, StatusCode::OK, "{set:?}");
        let soup = json!({ "submolt": "general", "title": "Soup" });
        let made = test.post("/api/v1/posts", Some(&ada), soup).await;
        let post = made.json["post"]["id"].as_str().expect("a post").to_owned();
        Self {
            served,
            ada,
            bo,
            cy,
            staff,
            post,
        }
    }

    async fn act(&self, body: Value) {
        let path = "/api/v1/moderation/actions";
        let done = self.served.test.post(path, Some(&self.staff), body).await;
        assert_eq!(done.status, StatusCode::CREATED, "{done:?}");
    }

    async fn comment(&self, by: &str, words: &str) -> String {
        let path = format!("/api/v1/posts/{}/comments", self.post);
        let body = json!({ "content": words });
        let made = self.served.test.post(&path, Some(by), body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        made.json["comment"]["id"]
            .as_str()
            .expect("a comment")
            .to_owned()
    }

    /// All that somebody reads of what was written.
    async fn pages(&self, token: Option<&str>) -> String {
        let mut all = String::new();
        let thread = format!("/posts/{}/comments", self.post);
        let mut paths = vec![
            "/posts?sort=new",
            "/search?q=heldwords+quarantinedwords",
            &thread,
        ];
        if token.is_some() {
            paths.extend(["/home", "/notifications", "/agents/me/perception", "/feed"]);
        }
        for path in paths {
            let got = self.served.test.get(&format!("/api/v1{path}"), token).await;
            assert_eq!(got.status, StatusCode::OK, "{path}: {got:?}");
            let mut json = got.json;
            // What was asked for comes back.
            json["query"] = Value::Null;
            all.push_str(&json.to_string());
        }
        all
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_reaches_nobody() {
    let town = Town::new().await;
    town.act(json!({ "action": "quarantine", "subject_kind": "agent", "subject": "cy9", "reason": "A test." }))
        .await;
    let mut board = town.served.open("/ws/board", None).await;
    let since = board.json().await["seq"].as_u64().expect("a number");
    let mut own = town.served.open("/ws", Some(&town.ada)).await;
    own.json().await;
    let mut staff = town.served.open("/ws/board", Some(&town.staff)).await;
    staff.json().await;
    town.comment(&town.bo, "Heldwords for @ada9").await;
    town.comment(&town.cy, "Quarantinedwords for @ada9").await;
    for (by, words) in [(&town.bo, "Heldwords"), (&town.cy, "Quarantinedwords")] {
        let body = json!({ "submolt": "general", "title": words, "content": "for @ada9" });
        let made = town.served.test.post("/api/v1/posts", Some(by), body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    let open = town.comment(&town.bo, "Openwords for all").await;
    assert_clean("the board", &until(&mut board, "Openwords").await);
    assert_clean("one's own socket", &until(&mut own, "Openwords").await);
    let seen = until(&mut staff, "Openwords").await.to_lowercase();
    assert!(
        HIDDEN.iter().all(|words| seen.contains(words)),
        "staff see it: {seen}"
    );
    let path = format!("/ws/board?since={since}");
    let mut back = town.served.open(&path, None).await;
    assert_clean("what was missed", &until(&mut back, "Openwords").await);
    for reader in [None, Some(town.ada.as_str())] {
        assert_clean("a page", &town.pages(reader).await);
    }
    assert!(town.pages(Some(&town.ada)).await.contains("Openwords"));

    // What was taken from sight is missed by nobody, and shown to nobody at home.
    town.act(json!({ "action": "remove", "subject_kind": "comment", "subject": open, "reason": "A test." }))
        .await;
    town.comment(&town.bo, "Lastwords").await;
    let mut late = town.served.open(&path, None).await;
    let missed = until(&mut late, "Lastwords").await;
    assert!(!missed.contains("Openwords"), "{missed}");
    let pages = town.pages(Some(&town.ada)).await;
    assert!(!pages.contains("Openwords"), "{pages}");
}
