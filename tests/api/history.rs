//! A history checker: random clients at once, and then what they were told beside what is there.
//!
//! Each client alone decides over its votes, posts and follows, so the last thing it was told of each is what must hold,
//! whatever the others did meanwhile: karma is the sum of votes, counters are rows, and what is out of sight is in no list.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::http::Method;
use hamlet_api::config::ApiConfig;
use hamlet_protocol::ids::{CommentId, PostId};
use hamlet_store::Role;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::TestApp;

/// Clients at once.
const CLIENTS: usize = 8;
/// What each of them does.
const DEEDS: u32 = 120;

/// What is known of a post or comment.
#[derive(Clone, Debug)]
struct Thing {
    author: usize,
    /// Who may know of it: 0 everybody, 1 agents, 2 people, 3 its author and staff (one member, who is the author).
    audience: u32,
    /// On which post, where it is a comment.
    post: Option<String>,
    deleted: bool,
    removed: bool,
}

/// What the clients were told.
#[derive(Debug, Default)]
struct Told {
    things: BTreeMap<String, Thing>,
    /// Votes by voter and target.
    votes: BTreeMap<(usize, String), i8>,
    follows: BTreeSet<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct Client {
    no: usize,
    name: String,
    token: String,
    is_agent: bool,
}

/// Chance that is the same in every run; what comes of it is not, for the clients run at once.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        u32::try_from((self.0 >> 33) % u64::from(sides)).expect("it is small")
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let sides = u32::try_from(all.len()).expect("they are few");
        (sides > 0).then(|| &all[self.roll(sides) as usize])
    }
}

/// One client at its work.
struct Worker {
    test: Arc<TestApp>,
    told: Arc<Mutex<Told>>,
    me: Client,
    names: Vec<String>,
    staff: String,
    dice: Dice,
}

impl Worker {
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Option<Value> {
        let path = format!("/api/v1{path}");
        let got = self
            .test
            .call(method, &path, Some(&self.me.token), body)
            .await;
        assert!(!got.status.is_server_error(), "{path}: {got:?}");
        got.status.is_success().then_some(got.json)
    }

    /// Ids of things of which this holds.
    fn known(&self, right: impl Fn(&Thing) -> bool) -> Vec<String> {
        let told = self.told.lock().expect("nobody panicked");
        let right = told.things.iter().filter(|(_, thing)| right(thing));
        right.map(|(id, _)| id.clone()).collect()
    }

    async fn work(mut self) {
        for _ in 0..DEEDS {
            match self.dice.roll(16) {
                0..2 => self.post().await,
                2..5 => self.comment().await,
                5..12 => self.vote().await,
                12 => self.follow().await,
                13 => self.delete().await,
                14 => self.moderate().await,
                _ => self.edit().await,
            }
        }
    }

    async fn post(&mut self) {
        let audience = if self.dice.roll(4) == 0 {
            1 + self.dice.roll(3)
        } else {
            0
        };
        let who = ["public", "agents", "humans", self.me.name.as_str()][audience as usize];
        let title = format!("Kept by {} at {}", self.me.name, self.dice.roll(1_000_000));
        let body = json!({"submolt": "general", "title": title, "content": format!("marmalade {title}"), "audience": who});
        let Some(made) = self.ask(Method::POST, "/posts", Some(body)).await else {
            return;
        };
        self.enter(&made["post"]["id"], audience, None);
    }

    async fn comment(&mut self) {
        let posts = self.known(|thing| thing.post.is_none());
        let Some(post) = self.dice.pick(&posts).cloned() else {
            return;
        };
        let text = format!(
            "Marmalade, says {} at {}",
            self.me.name,
            self.dice.roll(1_000_000)
        );
        let path = format!("/posts/{post}/comments");
        let body = json!({ "content": text });
        let Some(made) = self.ask(Method::POST, &path, Some(body)).await else {
            return;
        };
        let audience = self.told.lock().expect("nobody panicked").things[&post].audience;
        self.enter(&made["comment"]["id"], audience, Some(post));
    }

    fn enter(&self, id: &Value, audience: u32, post: Option<String>) {
        let id = id.as_str().expect("it has an id").to_owned();
        let thing = Thing {
            author: self.me.no,
            audience,
            post,
            deleted: false,
            removed: false,
        };
        let mut told = self.told.lock().expect("nobody panicked");
        assert!(told.things.insert(id, thing).is_none(), "an id came twice");
    }

    async fn vote(&mut self) {
        let all = self.known(|_| true);
        let Some(id) = self.dice.pick(&all).cloned() else {
            return;
        };
        let family = self.family(&id);
        let way = self.dice.roll(5);
        let (method, path, value) = match way {
            0..3 => (Method::POST, format!("/{family}/{id}/upvote"), 1),
            3 => (Method::POST, format!("/{family}/{id}/downvote"), -1),
            _ => (Method::DELETE, format!("/{family}/{id}/vote"), 0),
        };
        let Some(done) = self.ask(method, &path, None).await else {
            return;
        };
        let now = if done["action"] == "removed" {
            0
        } else {
            value
        };
        let mut told = self.told.lock().expect("nobody panicked");
        told.votes.insert((self.me.no, id), now);
    }

    fn family(&self, id: &str) -> &'static str {
        let told = self.told.lock().expect("nobody panicked");
        if told.things[id].post.is_some() {
            "comments"
        } else {
            "posts"
        }
    }

    async fn follow(&mut self) {
        let other = self.dice.roll(CLIENTS as u32) as usize;
        if other == self.me.no {
            return;
        }
        let on = self.dice.roll(3) > 0;
        let method = if on { Method::POST } else { Method::DELETE };
        let path = format!("/agents/{}/follow", self.names[other]);
        if self.ask(method, &path, None).await.is_some() {
            let mut told = self.told.lock().expect("nobody panicked");
            let pair = (self.me.no, other);
            if on {
                told.follows.insert(pair);
            } else {
                told.follows.remove(&pair);
            }
        }
    }

    async fn delete(&mut self) {
        let me = self.me.no;
        let own = self.known(|thing| thing.author == me && !thing.deleted);
        let Some(id) = self.dice.pick(&own).cloned() else {
            return;
        };
        let path = format!("/{}/{id}", self.family(&id));
        if self.ask(Method::DELETE, &path, None).await.is_some() {
            self.change(&id, |thing| thing.deleted = true);
        }
    }

    async fn edit(&mut self) {
        let me = self.me.no;
        let own = self.known(|thing| thing.author == me);
        let Some(id) = self.dice.pick(&own).cloned() else {
            return;
        };
        let path = format!("/{}/{id}", self.family(&id));
        let text = format!("Other marmalade at {}", self.dice.roll(1_000_000));
        let body = json!({ "content": text });
        self.ask(Method::PATCH, &path, Some(body)).await;
    }

    /// Of each thing only one client is the moderator, so that what it was told last holds.
    async fn moderate(&mut self) {
        let next = (self.me.no + 1) % CLIENTS;
        let others = self.known(|thing| thing.author == next && !thing.deleted);
        let Some(id) = self.dice.pick(&others).cloned() else {
            return;
        };
        let remove = self.dice.roll(3) > 0;
        let kind = self.family(&id).trim_end_matches('s');
        let body = json!({"action": if remove { "remove" } else { "restore" },
            "subject_kind": kind, "subject": id, "reason": "It is a test."});
        let path = "/api/v1/moderation/actions";
        let got = self.test.post(path, Some(&self.staff), body).await;
        assert!(!got.status.is_server_error(), "{got:?}");
        if got.status.is_success() {
            self.change(&id, |thing| thing.removed = remove);
        }
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Thing)) {
        let mut told = self.told.lock().expect("nobody panicked");
        change(told.things.get_mut(id).expect("it is known"));
    }
}

/// What was told, beside what is there.
struct Checker<'a> {
    test: &'a TestApp,
    told: &'a Told,
    clients: &'a [Client],
    staff: &'a str,
}

impl Checker<'_> {
    async fn sees(&self, path: &str, token: Option<&str>) -> Value {
        let got = self.test.get(&format!("/api/v1{path}"), token).await;
        assert_eq!(got.status.as_u16(), 200, "{path}: {got:?}");
        got.json
    }

    async fn check(&self) {
        let (mut karma, mut posts, mut comments) = ([0; CLIENTS], [0; CLIENTS], [0; CLIENTS]);
        for (id, thing) in &self.told.things {
            let votes = self.votes_on(id);
            karma[thing.author] += votes.0 - votes.1;
            match &thing.post {
                None => posts[thing.author] += 1,
                Some(_) => comments[thing.author] += 1,
            }
            self.check_votes(id, thing, votes).await;
        }
        for client in self.clients {
            let no = client.no;
            let follows = |right: &dyn Fn(&(usize, usize)) -> bool| {
                self.told.follows.iter().filter(|pair| right(pair)).count()
            };
            let path = if client.is_agent { "agents" } else { "people" };
            let seen = self.sees(&format!("/{path}/{}", client.name), None).await;
            // A person has them as a member.
            let seen = match client.is_agent {
                true => &seen,
                false => &seen["member"],
            };
            let counters = [
                "karma",
                "posts_count",
                "comments_count",
                "follower_count",
                "following_count",
            ]
            .map(|name| {
                seen[name]
                    .as_i64()
                    .unwrap_or_else(|| panic!("{name}: {seen}"))
            });
            let right = [
                karma[no],
                posts[no],
                comments[no],
                follows(&|pair| pair.1 == no) as i64,
                follows(&|pair| pair.0 == no) as i64,
            ];
            assert_eq!(counters, right, "{}", client.name);
        }
        let rows = self
            .test
            .app
            .store
            .stats()
            .await
            .expect("tables have sizes");
        let rows = |table: &str| {
            let stat = rows.iter().find(|stat| stat.table == table);
            stat.expect("it is a table").rows
        };
        assert_eq!(
            rows("posts") - self.before("posts"),
            posts.iter().sum::<i64>()
        );
        assert_eq!(
            rows("comments") - self.before("comments"),
            comments.iter().sum::<i64>()
        );
        self.check_lists().await;
    }

    /// What the town itself wrote before anybody came.
    fn before(&self, table: &str) -> i64 {
        let view = self.test.app.published.view();
        let known = match table {
            "posts" => view.posts.len(),
            _ => view.comments.len(),
        };
        let ours = self.told.things.values();
        let ours = ours.filter(|thing| thing.post.is_none() == (table == "posts"));
        (known - ours.count()) as i64
    }

    fn votes_on(&self, id: &str) -> (i64, i64) {
        let votes = self.told.votes.iter().filter(|((_, on), _)| on == id);
        votes.fold((0, 0), |(up, down), (_, value)| match value {
            1 => (up + 1, down),
            -1 => (up, down + 1),
            _ => (up, down),
        })
    }

    /// Votes as readers see them, and as they stand in the database.
    async fn check_votes(&self, id: &str, thing: &Thing, votes: (i64, i64)) {
        let uuid = id.parse().expect("it is a UUID");
        let row = match &thing.post {
            None => {
                let row = self.test.app.store.post_texts(&[PostId(uuid)]).await;
                let row = row.expect("it can be read").pop().expect("it is there");
                (row.up, row.down)
            }
            Some(_) => {
                let row = self.test.app.store.comment_texts(&[CommentId(uuid)]).await;
                let row = row.expect("it can be read").pop().expect("it is there");
                (row.up, row.down)
            }
        };
        assert_eq!(row, votes, "rows of {id}: {thing:?}");
        let family = if thing.post.is_some() {
            "comments"
        } else {
            "posts"
        };
        let seen = self
            .sees(&format!("/{family}/{id}"), Some(self.staff))
            .await;
        let shown = (&seen["upvotes"], &seen["downvotes"]);
        assert_eq!(shown, (&json!(votes.0), &json!(votes.1)), "{id}");
        if thing.post.is_none() {
            let of_it = |it: &&Thing| it.post.as_deref() == Some(id);
            let count = self.told.things.values().filter(of_it).count();
            assert_eq!(seen["comment_count"], json!(count), "{id}");
        }
    }

    /// Whether a thing may stand in a list of somebody's.
    fn may_see(&self, id: &str, reader: Option<&Client>) -> bool {
        let Some(thing) = self.told.things.get(id) else {
            return true;
        };
        let own = |thing: &Thing| reader.is_some_and(|reader| reader.no == thing.author);
        let by_kind = |thing: &Thing| match (thing.audience, reader) {
            (0, _) => true,
            (1, Some(reader)) => reader.is_agent,
            (2, Some(reader)) => !reader.is_agent,
            _ => false,
        };
        let seen = |thing: &Thing| {
            let in_sight = !thing.removed || own(thing);
            !thing.deleted && in_sight && (by_kind(thing) || own(thing))
        };
        match &thing.post {
            None => seen(thing),
            // A comment is where its post is; what was taken back or out of sight has no words.
            Some(post) => {
                let post = &self.told.things[post];
                let known = by_kind(post) || own(post);
                known && !thing.deleted && (!thing.removed || own(thing))
            }
        }
    }

    async fn check_lists(&self) {
        let readers = self.clients.iter().map(Some).chain([None]);
        for reader in readers {
            let token = reader.map(|reader| reader.token.as_str());
            let mut lists = vec![
                "/posts?sort=new&limit=100".to_owned(),
                "/posts?sort=hot&limit=100".to_owned(),
                "/posts?sort=top&t=day&limit=100".to_owned(),
                "/posts?sort=rising&limit=100".to_owned(),
                "/posts?sort=controversial&limit=100".to_owned(),
                "/posts?status=open&limit=100".to_owned(),
                "/submolts/general/feed?limit=100".to_owned(),
                "/feed?limit=100".to_owned(),
                "/feed/trending?limit=100".to_owned(),
                "/search?q=marmalade&type=posts&limit=100".to_owned(),
                "/board/posts?limit=100".to_owned(),
            ];
            let authors = self.clients.iter();
            lists.extend(authors.map(|it| format!("/posts?author={}&limit=100", it.name)));
            for list in lists {
                self.check_list(&list, reader, token).await;
            }
            let comments = self
                .sees("/search?q=marmalade&type=comments&limit=100", token)
                .await;
            for found in comments["comments"].as_array().expect("a list") {
                let id = found["id"].as_str().expect("an id");
                assert!(self.may_see(id, reader), "{reader:?} finds {found}");
            }
        }
    }

    /// Walks a list to its end: nothing in it is hidden, nothing comes twice.
    async fn check_list(&self, list: &str, reader: Option<&Client>, token: Option<&str>) {
        let mut seen = BTreeSet::new();
        let mut cursor = String::new();
        loop {
            let page = self.sees(&format!("{list}{cursor}"), token).await;
            for post in page["posts"].as_array().expect("a list") {
                let id = post["id"].as_str().expect("an id");
                assert!(self.may_see(id, reader), "{list}: {reader:?} sees {post}");
                assert!(seen.insert(id.to_owned()), "{list}: {id} comes twice");
            }
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        if list == "/posts?sort=new&limit=100" {
            let all = self.told.things.iter().filter(|(_, it)| it.post.is_none());
            let all = all.filter(|(id, _)| self.may_see(id, reader));
            let missing: Vec<_> = all.filter(|(id, _)| !seen.contains(*id)).collect();
            assert!(missing.is_empty(), "{reader:?} misses {missing:?}");
        }
    }
}

fn config() -> ApiConfig {
    ApiConfig {
        key_requests_per_min: 1_000_000,
        anonymous_requests_per_min: 1_000_000,
        ..ApiConfig::default()
    }
}

async fn clients(test: &TestApp) -> Vec<Client> {
    let mut clients = Vec::new();
    for no in 0..CLIENTS {
        let client = if no < CLIENTS - 2 {
            let name = format!("client{no}");
            let token = test.newcomer(&name, None).await.key;
            Client {
                no,
                name,
                token,
                is_agent: true,
            }
        } else {
            let person = test.person(Role::Human).await;
            // Whoever does something for the first time becomes a member.
            let path = "/api/v1/notifications/read-all";
            let read = test.post(path, Some(&person.token), json!({})).await;
            assert!(read.status.is_success(), "{read:?}");
            Client {
                no,
                name: person.row.name,
                token: person.token,
                is_agent: false,
            }
        };
        clients.push(client);
    }
    clients
}

async fn check_history(url: Option<String>) {
    let folder = TempDir::new().expect("a folder");
    let test = Arc::new(
        TestApp::open_on(
            folder,
            url.clone(),
            config(),
            Some(hamlet_sim::bridge::Pace::Paused),
        )
        .await,
    );
    let clients = clients(&test).await;
    let staff = test.person(Role::Moderator).await.token;
    let told = Arc::new(Mutex::new(Told::default()));
    let names: Vec<String> = clients.iter().map(|it| it.name.clone()).collect();
    let workers: Vec<_> = clients
        .iter()
        .map(|me| {
            let worker = Worker {
                test: Arc::clone(&test),
                told: Arc::clone(&told),
                me: me.clone(),
                names: names.clone(),
                staff: staff.clone(),
                dice: Dice(77 + me.no as u64),
            };
            tokio::spawn(worker.work())
        })
        .collect();
    for worker in workers {
        worker.await.expect("no worker panics");
    }
    let told = Arc::into_inner(told).expect("nobody works any more");
    let told = told.into_inner().expect("nobody panicked");
    assert!(
        told.things.len() > 100 && told.votes.len() > 100,
        "they did something"
    );
    let test = Arc::into_inner(test).expect("nobody works any more");
    Checker {
        test: &test,
        told: &told,
        clients: &clients,
        staff: &staff,
    }
    .check()
    .await;
    // And so it is after a restart.
    let folder = test.stop().await;
    let test = TestApp::open_on(
        folder,
        url,
        config(),
        Some(hamlet_sim::bridge::Pace::Paused),
    )
    .await;
    Checker {
        test: &test,
        told: &told,
        clients: &clients,
        staff: &staff,
    }
    .check()
    .await;
    test.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_clients_were_told_is_what_is_there() {
    check_history(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_clients_were_told_is_what_is_there_on_postgres() {
    check_history(Some(postgres("history"))).await;
}

/// A new, empty database of the server that `scripts/test` starts.
fn postgres(prefix: &str) -> String {
    let server = std::env::var("HAMLET_TEST_POSTGRES").expect(
        "this test needs PostgreSQL: scripts/test starts one, and so does scripts/with-postgres cargo nextest run -p hamlet-api",
    );
    let name = format!("{prefix}_{}", std::process::id());
    let made = Command::new("psql")
        .args([server.as_str(), "-qc", &format!("CREATE DATABASE {name}")])
        .status()
        .expect("psql comes with the server");
    assert!(made.success(), "the server makes databases");
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}
