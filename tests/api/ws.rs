//! Sockets, over a real connection: what a listener hears, and when it is sent away.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::StatusCode;
use futures_util::{SinkExt, StreamExt};
use hamlet_api::config::ApiConfig;
use hamlet_api::server::{Doors, serve};
use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::command::{Applied, Command, Outcome};
use hamlet_protocol::frame::{
    BoardEvent, BoardFrame, Noticed, OwnFrame, SnapshotReason, WorldDelta, WorldFrame,
    WorldSnapshot,
};
use hamlet_protocol::map::{Area, Point};
use hamlet_protocol::moderation::{ModerationCommand, Subject};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_store::{AgentStatus, Role, Write};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::app::TestApp;

/// Longest that a test waits for a frame.
const PATIENCE: Duration = Duration::from_secs(60);

/// A village with a port.
pub(crate) struct Served {
    pub(crate) test: TestApp,
    pub(crate) address: SocketAddr,
}

/// The other end of a socket.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Served {
    pub(crate) async fn new() -> Self {
        Self::with(ApiConfig::default()).await
    }

    pub(crate) async fn with(config: ApiConfig) -> Self {
        Self::on(TestApp::with(config).await).await
    }

    /// The same of a village that lives already.
    pub(crate) async fn on(test: TestApp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let doors = Doors::closed();
        doors.open(&test.app);
        tokio::spawn(serve(listener, doors, std::future::pending()));
        Self { test, address }
    }

    pub(crate) async fn open(&self, path: &str, token: Option<&str>) -> Socket {
        match self.try_open(path, token).await {
            Ok(socket) => socket,
            Err(refused) => panic!("{path} does not open: {refused:?}"),
        }
    }

    async fn try_open(
        &self,
        path: &str,
        token: Option<&str>,
    ) -> Result<Socket, (StatusCode, Value)> {
        let address = self.address;
        let mut request = format!("ws://{address}/api/v1{path}")
            .into_client_request()
            .expect("it is a URL");
        if let Some(token) = token {
            let value = format!("Bearer {token}").parse().expect("it is a header");
            request.headers_mut().insert("authorization", value);
        }
        // Little room, so that a listener who does not read is soon noticed.
        let stream = TcpSocket::new_v4().expect("a socket");
        stream
            .set_recv_buffer_size(8 << 10)
            .expect("it can be small");
        let stream = stream.connect(address).await.expect("it listens");
        match client_async(request, stream).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(Error::Http(answer)) => {
                let body = answer.body().as_deref().unwrap_or_default();
                let json = serde_json::from_slice(body).unwrap_or(Value::Null);
                Err((answer.status(), json))
            }
            Err(other) => panic!("no WebSocket: {other}"),
        }
    }

    async fn act(&self, command: Command) -> Applied {
        let done = self.test.app.desk.command(None, command, |_, _| {}).await;
        done.expect("it is applied").outcome
    }
}

impl Socket {
    /// What comes next, pings apart: on a slow machine the server asks whether one is still there.
    async fn message(&mut self) -> Message {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("something comes in time")
                .expect("the socket is open")
                .expect("it is whole");
            if !message.is_ping() {
                return message;
            }
        }
    }

    pub(crate) async fn json(&mut self) -> Value {
        match self.message().await {
            Message::Text(text) => serde_json::from_str(&text).expect("it is JSON"),
            other => panic!("no text: {other:?}"),
        }
    }

    async fn world(&mut self) -> WorldFrame {
        match self.message().await {
            Message::Text(text) => serde_json::from_str(&text).expect("it is a frame"),
            Message::Binary(bytes) => rmp_serde::from_slice(&bytes).expect("it is a frame"),
            other => panic!("no frame: {other:?}"),
        }
    }

    async fn snapshot(&mut self) -> WorldSnapshot {
        match self.world().await {
            WorldFrame::Snapshot(snapshot) => snapshot,
            WorldFrame::Delta(delta) => panic!("no snapshot: {delta:?}"),
        }
    }

    async fn delta(&mut self) -> WorldDelta {
        match self.world().await {
            WorldFrame::Delta(delta) => delta,
            WorldFrame::Snapshot(snapshot) => panic!("no delta: {snapshot:?}"),
        }
    }

    async fn board(&mut self) -> BoardFrame {
        serde_json::from_value(self.json().await).expect("it is a frame of the board")
    }

    pub(crate) async fn own(&mut self) -> OwnFrame {
        serde_json::from_value(self.json().await).expect("it is a frame of one's own")
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        let text = Message::text(frame.to_string());
        self.0.send(text).await.expect("it leaves");
    }

    /// Waits for the end; gives back the last error said and the close code.
    async fn end(&mut self) -> (String, u16) {
        let mut code = String::new();
        loop {
            match self.message().await {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).expect("it is JSON");
                    if frame["type"] == "error" {
                        frame["code"]
                            .as_str()
                            .unwrap_or_default()
                            .clone_into(&mut code);
                    }
                }
                Message::Close(Some(close)) => return (code, u16::from(close.code)),
                Message::Close(None) => return (code, u16::from(CloseCode::Status)),
                _ => {}
            }
        }
    }
}

/// A mirror as a viewer keeps it: number, place and what they do.
fn mirror(snapshot: &WorldSnapshot) -> Vec<(u32, u16, u16, String)> {
    let agents = snapshot.agents.iter();
    agents
        .map(|it| (it.no, it.x, it.y, it.activity.as_str().to_owned()))
        .collect()
}

fn take_in(mirror: &mut [(u32, u16, u16, String)], delta: &WorldDelta) {
    for body in &delta.bodies {
        let seen = mirror.iter_mut().find(|seen| seen.0 == body.no);
        let seen = seen.expect("whoever moves was there");
        *seen = (body.no, body.x, body.y, body.activity.as_str().to_owned());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn snapshot_and_deltas_give_the_world_as_it_is_in_both_formats() {
    let served = Served::new().await;
    let mut as_json = served.open("/ws/world", None).await;
    let mut as_msgpack = served.open("/ws/world?format=msgpack", None).await;
    let first = as_json.snapshot().await;
    assert_eq!(first, as_msgpack.snapshot().await);
    assert_eq!((first.tick, first.reason), (0, SnapshotReason::Joined));
    let residents = served.test.app.published.view().bodies.len();
    assert_eq!(first.agents.len(), residents);
    let mut seen = mirror(&first);
    served.test.tick(60).await;
    let mut moved = 0;
    for tick in 1..=60 {
        let delta = as_json.delta().await;
        assert_eq!(delta.tick, tick, "one delta per tick");
        assert_eq!(delta, as_msgpack.delta().await);
        moved += delta.bodies.len();
        take_in(&mut seen, &delta);
    }
    assert!(moved > 0, "somebody walks in sixty ticks");
    // A frame is counted when it has left, and so is a ping on a slow machine.
    let counted = async {
        while served.test.app.metrics.frames_sent.get() < 122 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, counted)
        .await
        .expect("every frame is counted");
    let metrics = served.test.get("/metrics", None).await.json.to_string();
    assert!(metrics.contains("hamlet_websockets 2"), "{metrics}");
    assert!(metrics.contains("hamlet_websocket_frames_total 1"));
    let again = served.open("/ws/world", None).await.snapshot().await;
    assert_eq!(seen, mirror(&again));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_heard_although_the_village_is_paused() {
    let served = Served::new().await;
    let mut socket = served.open("/ws/world", None).await;
    let first = socket.snapshot().await;
    let agent = served.test.resident(0);
    let text = "Good morning, town!".to_owned();
    served
        .act(Command::Act {
            agent,
            act: Act::Say { text },
        })
        .await;
    let delta = socket.delta().await;
    assert_eq!(delta.tick, first.tick);
    let said = &delta.said[0];
    assert_eq!(
        (said.agent, said.text.as_str()),
        (agent, "Good morning, town!")
    );
    assert_eq!(said.name, served.test.resident_name(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_shows_what_happens_in_it() {
    let served = Served::new().await;
    let whole = served.open("/ws/world", None).await.snapshot().await;
    let somebody = &whole.agents[0];
    let region = Area {
        x: somebody.x.saturating_sub(2),
        y: somebody.y.saturating_sub(2),
        width: 5,
        height: 5,
    };
    let Area {
        x,
        y,
        width,
        height,
    } = region;
    let mut socket = served
        .open(&format!("/ws/world?region={x},{y},{width},{height}"), None)
        .await;
    let first = socket.snapshot().await;
    assert!(first.agents.len() < whole.agents.len());
    let inside = |x, y| region.contains(Point::new(x, y));
    assert!(first.agents.iter().all(|it| inside(it.x, it.y)));
    let mut known: Vec<u32> = first.agents.iter().map(|it| it.no).collect();
    let mut walked_in = 0;
    let view = served.test.app.published.view();
    let mut places = view.landmarks.iter().zip(&view.map.landmarks);
    let elsewhere = places.find(|(_, place)| !inside(place.entrance.x, place.entrance.y));
    let landmark = elsewhere.expect("the town is larger").0.id;
    let act = Act::GoToLandmark { landmark };
    let agent = somebody.id;
    served.act(Command::Act { agent, act }).await;
    let strangers = whole.agents.iter().filter(|it| !inside(it.x, it.y));
    let to = Point::new(somebody.x, somebody.y);
    let nearest = strangers.min_by_key(|it| it.x.abs_diff(to.x) + it.y.abs_diff(to.y));
    let agent = nearest.expect("the town is larger").id;
    served.act(Command::Place { agent, to }).await;
    served.test.tick(60).await;
    let mut left = 0;
    let mut tick = 0;
    while tick < 60 {
        let delta = socket.delta().await;
        tick = delta.tick;
        for arrived in &delta.arrivals {
            if !known.contains(&arrived.no) {
                let same = &whole.agents[arrived.no as usize];
                assert_eq!((arrived.id, &arrived.name), (same.id, &same.name));
                known.push(arrived.no);
                walked_in += 1;
            }
        }
        for body in delta.bodies {
            if inside(body.x, body.y) {
                assert!(known.contains(&body.no), "nobody says who {} is", body.no);
            } else {
                assert!(
                    known.contains(&body.no),
                    "only who was here is seen to leave"
                );
                left += 1;
            }
        }
    }
    assert!(left > 0, "whoever went elsewhere was seen to leave");
    assert!(walked_in > 0, "whoever comes says who they are");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_goes_on_where_one_was() {
    let served = Served::new().await;
    let mut socket = served.open("/ws/world", None).await;
    let mut seen = mirror(&socket.snapshot().await);
    let agent = served.test.resident(0);
    let say = |text: &str| Command::Act {
        agent,
        act: Act::Say {
            text: text.to_owned(),
        },
    };
    served.act(say("One.")).await;
    let delta = socket.delta().await;
    take_in(&mut seen, &delta);
    let since = delta.seq;
    drop(socket);
    served.test.tick(20).await;
    served.act(say("Two.")).await;
    // Whoever listens has heard of it when a tick later is told.
    let mut other = served.open("/ws/world", None).await;
    let now = other.snapshot().await;
    served.test.tick(1).await;
    while other.delta().await.tick <= now.tick {}
    let mut back = served.open(&format!("/ws/world?since={since}"), None).await;
    let missed = back.delta().await;
    let said: Vec<_> = missed.said.iter().map(|said| said.text.as_str()).collect();
    assert!(
        said.contains(&"Two.") && !said.contains(&"One."),
        "{said:?}"
    );
    assert_eq!(missed.tick, now.tick + 1);
    take_in(&mut seen, &missed);
    let whole = served.open("/ws/world", None).await.snapshot().await;
    assert_eq!(seen, mirror(&whole));
    for strange in [0, whole.seq + 1000] {
        let path = format!("/ws/world?since={strange}");
        let first = served.open(&path, None).await.snapshot().await;
        assert_eq!(first.reason, SnapshotReason::Joined);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_tells_posts_comments_and_votes() {
    let served = Served::new().await;
    let mut socket = served.open("/ws/board", None).await;
    let BoardFrame::Snapshot { seq: since, .. } = socket.board().await else {
        panic!("the board begins with a snapshot");
    };
    let (ada, ben) = (served.test.resident(0), served.test.resident(1));
    let act = |agent, act| served.act(Command::Act { agent, act });
    let applied = act(
        ada,
        Act::Post {
            submolt: "general".to_owned(),
            title: "Soup".to_owned(),
            text: "Who has a recipe?".to_owned(),
        },
    )
    .await;
    let Outcome::Posted { post } = applied.outcome else {
        panic!("a post was made: {applied:?}");
    };
    act(
        ben,
        Act::Comment {
            post,
            parent: None,
            text: "I have.".to_owned(),
        },
    )
    .await;
    let target = VoteTarget::Post(post);
    act(ben, Act::Vote { target, value: 1 }).await;
    let mut events = Vec::new();
    while events.len() < 3 {
        match socket.board().await {
            BoardFrame::Delta { events: more, .. } => events.extend(more),
            other @ BoardFrame::Snapshot { .. } => panic!("no delta: {other:?}"),
        }
    }
    let name = served.test.resident_name(0);
    assert!(matches!(&events[0], BoardEvent::Post { post: it, .. }
        if it.id == post && it.author_name == Some(name) && it.title == "Soup"));
    assert!(
        matches!(&events[1], BoardEvent::Comment { comment, .. } if comment.content == "I have.")
    );
    assert!(matches!(events[2], BoardEvent::Vote { score: 1, target: it, .. } if it == target));
    let mut back = served.open(&format!("/ws/board?since={since}"), None).await;
    let BoardFrame::Delta { events: missed, .. } = back.board().await else {
        panic!("what was missed is told");
    };
    assert_eq!(missed, events);
    let mut late = served.open("/ws/board", None).await;
    let BoardFrame::Snapshot { posts, .. } = late.board().await else {
        panic!("the board begins with a snapshot");
    };
    assert_eq!(
        (posts[0].id, posts[0].score, posts[0].comments),
        (post, 1, 1)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_socket_tells_what_concerns_oneself_alone() {
    let served = Served::new().await;
    let owner = served.test.person(Role::Human).await;
    served
        .test
        .enter_agent(0, AgentStatus::Active, Some(owner.row.id))
        .await;
    let key = served.test.key(0, |_| {}).await;
    let stranger = served.test.caller(2).await;
    let (ada, ben) = (served.test.resident(0), served.test.resident(1));
    let mut own = served.open("/ws", Some(&key.token)).await;
    let mut owners = served.open("/ws", Some(&owner.token)).await;
    let mut other = served.open("/ws", Some(&stranger.token)).await;
    for socket in [&mut own, &mut owners] {
        let OwnFrame::Snapshot { agents, .. } = socket.own().await else {
            panic!("it begins with a snapshot");
        };
        assert_eq!(agents.iter().map(|it| it.id).collect::<Vec<_>>(), [ada]);
    }
    other.own().await;
    let at = served
        .test
        .app
        .published
        .view()
        .bodies
        .get(0)
        .expect("ada is there")
        .at;
    served.act(Command::Place { agent: ben, to: at }).await;
    let act = |agent, act| served.act(Command::Act { agent, act });
    act(
        ben,
        Act::Talk {
            to: vec![ada],
            text: "Hello, neighbour.".to_owned(),
        },
    )
    .await;
    act(
        ben,
        Act::Follow {
            agent: ada,
            on: true,
        },
    )
    .await;
    let reason = "kind word".to_owned();
    let amount = Money(5 * MICROS);
    served
        .act(Command::Reward {
            agent: ada,
            amount,
            reason,
        })
        .await;
    served
        .act(Command::Reward {
            agent: served.test.resident(2),
            amount,
            reason: "another".to_owned(),
        })
        .await;
    for socket in [&mut own, &mut owners] {
        let mut heard = Vec::new();
        while heard.len() < 3 {
            let OwnFrame::Delta { notices, .. } = socket.own().await else {
                panic!("no delta");
            };
            assert!(notices.iter().all(|notice| notice.agent == ada));
            heard.extend(notices.into_iter().map(|notice| notice.what));
        }
        assert!(matches!(&heard[0], Noticed::SpokenTo { from, text, .. }
            if *from == ben && text == "Hello, neighbour."));
        assert!(matches!(heard[1], Noticed::Follow { from, on: true, .. } if from == ben));
        assert!(matches!(&heard[2], Noticed::Reward { reason, .. } if reason == "kind word"));
    }
    let OwnFrame::Delta { notices, .. } = other.own().await else {
        panic!("no delta");
    };
    assert_eq!(
        notices.len(),
        1,
        "nothing of what concerns others: {notices:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_alone_is_told_of_what_waits_for_a_moderator() {
    let served = Served::new().await;
    let staff = served.test.person(Role::Moderator).await;
    let key = served.test.caller(2).await;
    let mut staffs = served.open("/ws", Some(&staff.token)).await;
    let mut others = served.open("/ws", Some(&key.token)).await;
    for socket in [&mut staffs, &mut others] {
        assert!(matches!(socket.own().await, OwnFrame::Snapshot { .. }));
    }
    let [ada, ben, cleo] = [0, 1, 2].map(|no| served.test.resident(no));
    let report = ModerationCommand::Report {
        agent: ben,
        party: None,
        subject: Subject::Agent(ada),
        reason: "Rude.".to_owned(),
    };
    served.act(Command::Moderation(Box::new(report))).await;
    let OwnFrame::Case {
        subject_kind,
        subject,
        reason,
        reports,
        ..
    } = staffs.own().await
    else {
        panic!("staff is told of the case");
    };
    assert_eq!(
        (subject_kind.as_str(), subject, reason.as_str(), reports),
        ("agent", ada.to_string(), "Rude.", 1)
    );
    // What concerns the other is the first that they hear.
    let act = Act::Follow {
        agent: cleo,
        on: true,
    };
    served.act(Command::Act { agent: ada, act }).await;
    let heard = others.own().await;
    assert!(!matches!(heard, OwnFrame::Case { .. }), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_may_say_first_who_one_is_but_never_in_the_url() {
    let served = Served::with(ApiConfig {
        anonymous_read: false,
        ..ApiConfig::default()
    })
    .await;
    let key = served.test.caller(0).await;
    let mut socket = served.open("/ws/world", None).await;
    socket.say(json!({"type": "ping"})).await;
    assert_eq!(
        socket.json().await,
        json!({"type": "pong"}),
        "nothing else before one is known"
    );
    socket.say(json!({"type": "dance"})).await;
    assert_eq!(socket.json().await["type"], "error");
    socket
        .say(json!({"type": "auth", "token": key.token}))
        .await;
    assert_eq!(socket.json().await, json!({"type": "authenticated"}));
    assert!(!socket.snapshot().await.agents.is_empty());
    let mut liar = served.open("/ws", None).await;
    liar.say(json!({"type": "auth", "token": "hamlet_sk_made_up"}))
        .await;
    assert_eq!(liar.end().await, ("key_unknown".to_owned(), 4401));
    let path = format!("/ws?token={}", key.token);
    let (status, problem) = served
        .try_open(&path, None)
        .await
        .err()
        .expect("it is refused");
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(problem["code"], "secret_in_url");
    let refused = served.try_open("/ws", Some("hamlet_sk_made_up")).await;
    assert_eq!(
        refused.err().expect("it is refused").0,
        StatusCode::UNAUTHORIZED
    );
    let plain = served.test.get("/api/v1/ws", Some(&key.token)).await;
    assert_eq!(plain.status, StatusCode::UPGRADE_REQUIRED);
    assert_eq!(plain.headers["upgrade"], "websocket");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_cut_off_is_cut_off_at_once() {
    let served = Served::new().await;
    let mut key = served.test.caller(0).await;
    let mut revoked = served.open("/ws", Some(&key.token)).await;
    let other = served.test.caller(1).await;
    let mut suspended = served.open("/ws/world", Some(&other.token)).await;
    key.row.revoked_ms = Some(crate::app::NOW_MS);
    served.test.enter(vec![Write::Key(key.row)]).await;
    served
        .test
        .enter_agent(1, AgentStatus::Suspended, None)
        .await;
    assert_eq!(revoked.end().await, ("key_revoked".to_owned(), 4401));
    assert_eq!(suspended.end().await, ("suspended".to_owned(), 4403));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_may_not_read_hears_what_everybody_hears() {
    let served = Served::new().await;
    served.test.enter_agent(0, AgentStatus::Active, None).await;
    let key = served
        .test
        .key(0, |key| "act".clone_into(&mut key.scopes))
        .await;
    let refused = served.try_open("/ws", Some(&key.token)).await;
    assert_eq!(
        refused.err().expect("it is refused").0,
        StatusCode::FORBIDDEN
    );
    let mut late = served.open("/ws", None).await;
    late.say(json!({"type": "auth", "token": key.token})).await;
    assert_eq!(late.end().await.1, 4403);
    served
        .open("/ws/world", Some(&key.token))
        .await
        .snapshot()
        .await;
    let path = format!("/api/v1/agents/{}", served.test.resident(0));
    let seen = served.test.get(&path, Some(&key.token)).await;
    assert_eq!(seen.status, StatusCode::OK, "{seen:?}");
    assert!(seen.json["agent"]["private"].is_null(), "{seen:?}");
    let reader = served.test.caller(0).await;
    let seen = served.test.get(&path, Some(&reader.token)).await;
    assert!(seen.json["agent"]["private"].is_object(), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_no_moderator_any_more_reads_as_one_no_longer() {
    let served = Served::new().await;
    let moderator = served.test.person(Role::Moderator).await;
    let mut socket = served.open("/ws/board", Some(&moderator.token)).await;
    let is_snapshot = |frame: &BoardFrame| matches!(frame, BoardFrame::Snapshot { .. });
    assert!(is_snapshot(&socket.board().await));
    let mut row = moderator.row;
    row.role = Role::Human;
    served.test.enter(vec![Write::Account(row)]).await;
    // Everything anew, as a person sees it.
    assert!(is_snapshot(&socket.board().await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_holds_so_many_sockets_and_says_so_much() {
    let served = Served::with(ApiConfig {
        sockets_per_key_max: 2,
        ..ApiConfig::default()
    })
    .await;
    let key = served.test.caller(0).await;
    let mut first = served.open("/ws/board", Some(&key.token)).await;
    let _second = served.open("/ws", Some(&key.token)).await;
    let refused = served.try_open("/ws/world", Some(&key.token)).await;
    let (status, problem) = refused.err().expect("it is one too many");
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(problem["code"], "sockets_max");
    let mut late = served.open("/ws", None).await;
    late.say(json!({"type": "auth", "token": key.token})).await;
    assert_eq!(late.end().await, ("sockets_max".to_owned(), 1013));
    first
        .say(json!({"type": "auth", "token": "x".repeat(5000)}))
        .await;
    assert_eq!(first.end().await, ("invalid".to_owned(), 1009));
    // Its place is free again.
    let again = async {
        while served
            .try_open("/ws/world", Some(&key.token))
            .await
            .is_err()
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, again)
        .await
        .expect("a place becomes free");
}

/// A listener that does not read: what it misses is skipped, and nothing gathers for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_too_slow_begins_anew() {
    let served = Served::new().await;
    let mut socket = served.open("/ws/world", None).await;
    let mut seen = mirror(&socket.snapshot().await);
    let said = "word ".repeat(90);
    // More than the buffers between the two hold.
    for _ in 0..60 {
        let acts = (0..40).map(|no| {
            let text = said.clone();
            let agent = served.test.resident(no);
            served.act(Command::Act {
                agent,
                act: Act::Say { text },
            })
        });
        futures_util::future::join_all(acts).await;
        served.test.tick(100).await;
    }
    let last = served.test.app.published.view().tick;
    let mut tick = 0;
    let mut reasons = Vec::new();
    while tick < last {
        match socket.world().await {
            WorldFrame::Snapshot(snapshot) => {
                reasons.push(snapshot.reason);
                seen = mirror(&snapshot);
                tick = snapshot.tick;
            }
            WorldFrame::Delta(delta) => {
                take_in(&mut seen, &delta);
                tick = delta.tick;
            }
        }
    }
    assert!(reasons.contains(&SnapshotReason::Lagged), "{reasons:?}");
    assert!(served.test.app.metrics.socket_lags.get() > 0);
    let whole = served.open("/ws/world", None).await.snapshot().await;
    assert_eq!(seen, mirror(&whole));
}
