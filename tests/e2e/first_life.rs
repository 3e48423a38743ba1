//! A stranger who has nothing but `/skill.md`, an HTTP tool and sockets: comes in, walks, speaks, writes, is answered, gets an owner, changes keys,
//! and finds all of it again after `kill -9`.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::process::until;
use crate::server::{SERVE, Served};
use crate::socket::Socket;

/// The town with one resident who does nothing, at a pace that makes a walk short.
const TOWN: &str = r#"
name = "first-life"
seed = 1
map = "maps/town.tmj"
submolts = ["town", "general"]
[time]
tick_hz = 50
start = "2026-02-01T10:00:00Z"
[[population]]
count = 1
mind = "puppet"
"#;
const SETTINGS: &str = "--scenario first.toml --set limits.key_requests_per_min=1000000 \
    --set rules.posts_per_hour=1000 --set rules.comments_per_hour=1000 --set rules.spam_hours=0";
const PASSWORD: &str = "a long pass phrase of theirs";

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A request that is granted with this status.
fn send(address: &str, method: &str, path: &str, key: &str, body: &Value, status: u16) -> Value {
    let key = (!key.is_empty()).then_some(key);
    let (found, got) = Served::try_send(address, method, path, key, "", body).unwrap();
    assert_eq!(found, status, "{method} {path}: {got}");
    got
}

/// Somebody who came in from outside.
struct Stranger {
    address: String,
    /// Where the calls begin, as the page says it.
    api: String,
    key: String,
    id: String,
    name: String,
    claim: String,
    code: String,
}

impl Stranger {
    /// Reads the page and does what its first section says.
    fn enter(served: &Served, name: &str) -> Self {
        let (status, page) = served.get("/skill.md");
        assert_eq!(status, 200);
        let begin = format!("All calls begin with `http://{}", served.address);
        let (_, rest) = page.split_once(&begin).expect("it says where calls begin");
        let (api, _) = rest.split_once('`').unwrap();
        assert!(page.contains(&format!(
            "curl -X POST http://{}{api}/agents/register",
            served.address
        )));
        assert!(page.contains(&format!("ws://{}{api}/ws/world", served.address)));
        let body = json!({ "name": name, "description": "Has only just come to town." });
        let path = format!("{api}/agents/register");
        let got = send(&served.address, "POST", &path, "", &body, 201);
        let agent = &got["agent"];
        let (_, claim) = agent["claim_url"]
            .as_str()
            .unwrap()
            .rsplit_once('/')
            .unwrap();
        Self {
            address: served.address.clone(),
            api: api.to_owned(),
            key: text(&agent["api_key"]),
            id: text(&agent["id"]),
            name: name.to_owned(),
            claim: claim.to_owned(),
            code: text(&agent["verification_code"]),
        }
    }

    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.api)
    }

    fn get(&self, path: &str) -> Value {
        send(
            &self.address,
            "GET",
            &self.path(path),
            &self.key,
            &Value::Null,
            200,
        )
    }

    fn post(&self, path: &str, body: &Value, status: u16) -> Value {
        send(
            &self.address,
            "POST",
            &self.path(path),
            &self.key,
            body,
            status,
        )
    }

    /// What becomes of a call with this key.
    fn status_with(&self, key: &str) -> u16 {
        let path = self.path("/agents/me");
        let sent = Served::try_send(&self.address, "GET", &path, Some(key), "", &Value::Null);
        sent.unwrap().0
    }

    fn write(&self, title: &str) -> String {
        let body = json!({ "submolt_name": "general", "title": title, "content": format!("About {title}.") });
        text(&self.post("/posts", &body, 201)["post"]["id"])
    }

    fn answer(&self, post: &str, words: &str) -> String {
        let got = self.post(
            &format!("/posts/{post}/comments"),
            &json!({ "content": words }),
            201,
        );
        text(&got["comment"]["id"])
    }
}

/// The three sockets of somebody, and the numbers of the last event heard on each.
struct Ears {
    world: Socket,
    board: Socket,
    own: Socket,
    seqs: [u64; 3],
}

fn seq(frame: &Value) -> u64 {
    frame["seq"]
        .as_u64()
        .unwrap_or_else(|| panic!("no number: {frame}"))
}

impl Ears {
    /// Listens from now on. Gives the snapshot of the world as well.
    fn begin(of: &Stranger) -> (Self, Value) {
        let mut world = Socket::open(&of.address, &of.path("/ws/world"));
        let mut board = Socket::open(&of.address, &of.path("/ws/board"));
        let mut own = Socket::open_as(&of.address, &of.path("/ws"), &of.key);
        let mut seqs = [0; 3];
        let mut first = Value::Null;
        for (at, socket) in [&mut world, &mut board, &mut own].into_iter().enumerate() {
            let snapshot = socket.json().expect("it begins with how things are");
            assert_eq!(snapshot["type"], "snapshot", "{snapshot}");
            seqs[at] = seq(&snapshot);
            if at == 0 {
                first = snapshot;
            }
        }
        let ears = Self {
            world,
            board,
            own,
            seqs,
        };
        (ears, first)
    }

    fn in_world(&mut self, what: &str, so: impl Fn(&Value) -> bool) -> Value {
        let heard = self.world.until(what, so);
        self.seqs[0] = self.seqs[0].max(seq(&heard));
        heard
    }

    /// Something on the board, of whatever else happened with it.
    fn on_board(&mut self, what: &str, so: impl Fn(&Value) -> bool) -> Value {
        let heard = self.board.until(what, |frame| events(frame).any(&so));
        self.seqs[1] = self.seqs[1].max(seq(&heard));
        events(&heard).find(|event| so(event)).unwrap().clone()
    }

    fn of_own(&mut self, what: &str, so: impl Fn(&Value) -> bool) -> Value {
        let heard = self.own.until(what, so);
        self.seqs[2] = self.seqs[2].max(seq(&heard));
        heard
    }
}

fn events(frame: &Value) -> impl Iterator<Item = &Value> {
    frame["events"].as_array().into_iter().flatten()
}

/// Whether a frame tells somebody that this comment was written to them.
fn notifies_of(frame: &Value, comment: &str) -> bool {
    frame["type"] == "notification" && frame["notification"]["comment"] == comment
}

/// Sets out for the café, and is seen there.
fn walk(stranger: &Stranger, ears: &mut Ears, snapshot: &Value) {
    let agents = snapshot["agents"].as_array().unwrap();
    let me = agents
        .iter()
        .find(|agent| agent["id"] == stranger.id.as_str());
    let me = me.expect("whoever registers has a body")["no"].clone();
    stranger.post("/agents/me/move", &json!({ "landmark": "cafe" }), 200);
    ears.in_world("setting out", |frame| {
        let mut bodies = frame["bodies"].as_array().into_iter().flatten();
        bodies.any(|body| body["no"] == me && body["activity"] == "walking")
    });
    let world = send(
        &stranger.address,
        "GET",
        &stranger.path("/world"),
        "",
        &Value::Null,
        200,
    );
    let landmarks = world["landmarks"].as_array().unwrap();
    let cafes: Vec<&Value> = landmarks
        .iter()
        .filter(|landmark| landmark["kind"] == "cafe")
        .map(|landmark| &landmark["name"])
        .collect();
    until("it is at the café", || {
        cafes.contains(&&stranger.get("/agents/me")["world"]["place"])
    });
}

/// Gets an owner, who confirms by the link and the code.
fn find_owner(stranger: &Stranger) -> String {
    let (at, person) = (
        &stranger.address,
        json!({ "name": "parent", "password": PASSWORD }),
    );
    send(
        at,
        "POST",
        &stranger.path("/auth/register"),
        "",
        &person,
        201,
    );
    let session = send(at, "POST", &stranger.path("/auth/login"), "", &person, 200);
    let token = text(&session["access_token"]);
    let confirm = stranger.path(&format!("/claims/{}/confirm", stranger.claim));
    let code = json!({ "code": stranger.code });
    send(at, "POST", &confirm, &token, &code, 200);
    assert_eq!(stranger.get("/agents/status")["status"], "claimed");
    token
}

/// Takes a new key; the old one is good for so long. Gives its id and the key itself.
fn rotate(stranger: &mut Stranger, which: &str, overlap_secs: u32) -> (String, String) {
    let path = format!("/agents/me/keys/{which}/rotate");
    let made = stranger.post(&path, &json!({ "overlap_secs": overlap_secs }), 201);
    let old = std::mem::replace(&mut stranger.key, text(&made["api_key"]));
    (text(&made["key"]["id"]), old)
}

/// Changes keys: both are good for a while, then the old one is not, whether it is ended or ends by itself.
fn change_keys(stranger: &mut Stranger, ears: Ears) -> Vec<String> {
    let keys = stranger.get("/agents/me/keys");
    let first = text(&keys["keys"][0]["id"]);
    let (second, old) = rotate(stranger, &first, 3600);
    assert_eq!(stranger.status_with(&old), 200);
    assert_eq!(stranger.status_with(&stranger.key), 200);
    let end = stranger.path(&format!("/agents/me/keys/{first}"));
    send(
        &stranger.address,
        "DELETE",
        &end,
        &stranger.key,
        &Value::Null,
        200,
    );
    assert_eq!(stranger.status_with(&old), 401);
    // What was opened with it is closed as well.
    ears.own.end();
    let (_third, older) = rotate(stranger, &second, 1);
    until("the overlap is over", || {
        stranger.status_with(&older) == 401
    });
    assert_eq!(stranger.status_with(&stranger.key), 200);
    vec![old, older]
}

#[test]
fn a_strangers_first_life_over_sockets_and_what_is_left_after_kill_9() {
    let desk = Desk::new();
    desk.write("first.toml", TOWN);
    let serve = format!("{SERVE} {SETTINGS}");
    let served = Served::start(&desk, &serve);
    let mut stranger = Stranger::enter(&served, "stranger");
    let neighbour = Stranger::enter(&served, "neighbour");
    let (mut ears, snapshot) = Ears::begin(&stranger);
    walk(&stranger, &mut ears, &snapshot);

    let line = json!({ "type": "say", "text": "Good morning, everybody!" });
    stranger.post("/agents/me/action", &line, 200);
    let id = stranger.id.clone();
    let said = |frame: &Value| {
        let mut lines = frame["said"].as_array().into_iter().flatten();
        lines.any(|said| said["agent"] == id.as_str() && said["text"] == line["text"])
    };
    ears.in_world("the line", said);

    let post = stranger.write("A question about soup");
    let heard = ears.on_board("the post", |event| event["post"]["id"] == post.as_str());
    assert_eq!(heard["post"]["author_name"], stranger.name.as_str());
    let comment = neighbour.answer(&post, "I have a recipe.");
    ears.on_board("the answer", |event| {
        event["comment"]["id"] == comment.as_str()
    });
    let told = ears.of_own("the answer", |frame| notifies_of(frame, &comment));
    assert_eq!(told["from_name"], neighbour.name.as_str());
    assert!(told["unread_count"].as_u64() > Some(0), "{told}");
    neighbour.post(&format!("/posts/{post}/upvote"), &json!({}), 200);
    let voted = ears.on_board("the vote", |event| {
        event["kind"] == "vote" && event["target"].to_string().contains(&post)
    });
    assert_eq!(voted["score"], 1, "{voted}");
    ears.of_own("the vote", |frame| {
        let mut notices = frame["notices"].as_array().into_iter().flatten();
        notices.any(|notice| notice["what"]["kind"] == "vote")
    });

    // Away for a moment: it goes on after the last number that was heard, and misses nothing.
    let since = stranger.path(&format!("/ws?since={}", ears.seqs[2]));
    let missed = neighbour.answer(&post, "It is from my grandmother.");
    ears.own = Socket::open_as(&stranger.address, &since, &stranger.key);
    let mut first = ears.own.json().expect("it goes on");
    while !notifies_of(&first, &missed) {
        assert_ne!(first["type"], "snapshot", "it began anew: {first}");
        first = ears.own.json().expect("it goes on");
    }
    ears.seqs[2] = seq(&first);

    let token = find_owner(&stranger);
    let (seqs, last) = (ears.seqs, stranger.write("Last words"));
    let old_keys = change_keys(&mut stranger, ears);
    let place = stranger.get("/agents/me")["world"]["place"].clone();
    served.kill_9();

    let again = Served::start(&desk, &serve);
    stranger.address = again.address.clone();
    let me = stranger.get("/agents/me");
    assert_eq!(me["name"], stranger.name.as_str());
    assert_eq!(me["world"]["place"], place, "it stays where it was");
    for old in &old_keys {
        assert_eq!(stranger.status_with(old), 401, "an old key is good again");
    }
    assert_eq!(stranger.get("/agents/status")["status"], "claimed");
    let owned = send(
        &again.address,
        "GET",
        &stranger.path("/auth/me"),
        &token,
        &Value::Null,
        200,
    );
    assert!(owned.to_string().contains(&stranger.id), "{owned}");
    let question = stranger.get(&format!("/posts/{post}"));
    assert_eq!(question["title"], "A question about soup");
    assert_eq!(
        (&question["upvotes"], &question["comment_count"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        stranger.get(&format!("/posts/{last}"))["title"],
        "Last words"
    );
    for id in [&comment, &missed] {
        stranger.get(&format!("/comments/{id}"));
    }
    let notices = stranger.get("/notifications").to_string();
    assert!(
        notices.contains(&comment) && notices.contains(&missed),
        "{notices}"
    );

    // Each socket goes on after the number it had, or begins anew with all there is; no number is given twice.
    let mut sockets: Vec<Socket> = ["/ws/world", "/ws/board", "/ws"]
        .into_iter()
        .zip(seqs)
        .map(|(path, seq)| {
            let path = stranger.path(&format!("{path}?since={seq}"));
            match path.contains("/ws/") {
                true => Socket::open(&again.address, &path),
                false => Socket::open_as(&again.address, &path, &stranger.key),
            }
        })
        .collect();
    stranger.post("/agents/me/action", &line, 200);
    let neighbour = Stranger {
        address: again.address.clone(),
        ..neighbour
    };
    let welcome = neighbour.answer(&last, "Welcome back.");
    let heard = sockets[0].until("the line, again", said);
    assert!(seq(&heard) > seqs[0], "{heard}");
    let heard = sockets[1].until("the answer, again", |frame| {
        events(frame).any(|event| event["comment"]["id"] == welcome.as_str())
    });
    assert!(seq(&heard) > seqs[1], "{heard}");
    let heard = sockets[2].until("the answer, again", |frame| notifies_of(frame, &welcome));
    assert!(seq(&heard) > seqs[2], "{heard}");
    again.stop("TERM");
    desk.good("admin audit --verify --data home");
}
