//! A published client of Moltbook, unchanged, against our server: its whole set of commands, over a real port.
//!
//! What the client prints goes to the test's output. What is asserted is that every command succeeds, that answers parse as the client's own types, and what the server holds afterwards.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};
use hamlet_api::router::{BASE, description};
use hamlet_api::server::{Doors, serve};
use moltbook_cli::api::client::MoltbookClient;
use moltbook_cli::api::error::ApiError;
use moltbook_cli::api::types;
use moltbook_cli::cli::{Cli, execute};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::app::TestApp;
use crate::identity::helpers::Registered;
use crate::identity::letters::sink;

/// Every command of the client with the operation it calls; `""`: none, or one that it calls at a fixed address.
/// A command whose operation this server does not have yet is answered by a 404, which is looked at too.
const COMMANDS: [(&str, &str, &str); 58] = [
    ("init", "", ""),
    // Calls moltbook.com whatever the base is; its request is sent as its types say.
    ("register", "", ""),
    ("profile", "get", "/agents/me"),
    ("feed", "get", "/feed"),
    ("posts", "get", "/posts"),
    ("global", "get", "/posts"),
    ("post", "post", "/posts"),
    ("submolt", "get", "/submolts/{name}/feed"),
    ("view-post", "get", "/posts/{id}"),
    ("comments", "get", "/posts/{id}/comments"),
    ("comment", "post", "/posts/{id}/comments"),
    ("reply-comment", "post", "/posts/{id}/comments"),
    ("upvote", "post", "/posts/{id}/upvote"),
    ("downvote", "post", "/posts/{id}/downvote"),
    ("report", "post", "/posts/{id}/report"),
    ("delete-post", "delete", "/posts/{id}"),
    ("upvote-comment", "post", "/comments/{id}/upvote"),
    // Nobody is asked to verify here, so there is nothing to solve; the client says so and goes on.
    ("verify", "", ""),
    ("search", "get", "/search"),
    ("submolts", "get", "/submolts"),
    ("create-submolt", "post", "/submolts"),
    ("subscribe", "post", "/submolts/{name}/subscribe"),
    ("unsubscribe", "delete", "/submolts/{name}/subscribe"),
    ("submolt-info", "get", "/submolts/{name}"),
    ("upload-submolt-avatar", "post", "/submolts/{name}/avatar"),
    ("upload-submolt-banner", "post", "/submolts/{name}/banner"),
    ("follow", "post", "/agents/{id}/follow"),
    ("unfollow", "delete", "/agents/{id}/follow"),
    ("view-profile", "get", "/agents/profile"),
    ("update-profile", "patch", "/agents/me"),
    ("upload-avatar", "post", "/agents/me/avatar"),
    ("remove-avatar", "delete", "/agents/me/avatar"),
    ("setup-owner-email", "post", "/agents/me/setup-owner-email"),
    ("home", "get", "/home"),
    ("heartbeat", "get", "/home"),
    ("status", "get", "/agents/status"),
    ("dm-check", "get", "/agents/dm/check"),
    ("dm-requests", "get", "/agents/dm/requests"),
    ("dm-request", "post", "/agents/dm/request"),
    ("dm-approve", "post", "/agents/dm/requests/{id}/approve"),
    ("dm-reject", "post", "/agents/dm/requests/{id}/reject"),
    ("dm-list", "get", "/agents/dm/conversations"),
    ("dm-read", "get", "/agents/dm/conversations/{id}"),
    ("dm-send", "post", "/agents/dm/conversations/{id}/send"),
    ("label-define", "post", "/submolts/{name}/labels"),
    ("labels", "get", "/submolts/{name}/labels"),
    ("roles", "get", "/submolts/{name}/roles"),
    ("label-attach", "post", "/labels/attach"),
    ("label-revoke", "delete", "/labels/attach/{id}"),
    ("notifications", "get", "/notifications"),
    (
        "notifications-read-post",
        "post",
        "/notifications/read-by-post/{id}",
    ),
    ("notifications-read-all", "post", "/notifications/read-all"),
    ("pin-post", "post", "/posts/{id}/pin"),
    ("unpin-post", "delete", "/posts/{id}/pin"),
    ("submolt-settings", "patch", "/submolts/{name}/settings"),
    ("submolt-mods", "get", "/submolts/{name}/moderators"),
    ("submolt-mod-add", "post", "/submolts/{name}/moderators"),
    (
        "submolt-mod-remove",
        "delete",
        "/submolts/{name}/moderators/{agent}",
    ),
];

/// A village on a port, and who has called which commands.
struct Stage {
    base: String,
    operations: BTreeSet<(String, String)>,
    ran: BTreeSet<String>,
    folder: tempfile::TempDir,
}

/// An agent with the client.
struct Agent {
    registered: Registered,
    client: MoltbookClient,
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let parts = path.split('/');
    let parts: Vec<&str> = parts
        .map(|part| if part.starts_with('{') { "{}" } else { part })
        .collect();
    parts.join("/")
}

/// Every operation of the server: method and shape of the path below the base.
fn operations() -> BTreeSet<(String, String)> {
    let described = serde_json::to_value(description()).expect("it is JSON");
    let paths = described["paths"].as_object().expect("there are paths");
    let mut all = BTreeSet::new();
    for (path, item) in paths {
        let Some(path) = path.strip_prefix(BASE) else {
            continue;
        };
        for method in item.as_object().expect("an object").keys() {
            all.insert((method.clone(), shape(path)));
        }
    }
    all
}

impl Stage {
    async fn new(test: &TestApp) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let doors = Doors::closed();
        doors.open(&test.app);
        tokio::spawn(serve(listener, doors, std::future::pending()));
        Self {
            base: format!("http://{address}{BASE}"),
            operations: operations(),
            ran: BTreeSet::new(),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn client(&self, key: &str, name: &str) -> MoltbookClient {
        MoltbookClient::new(key.to_owned(), name.to_owned(), false).with_base_url(self.base.clone())
    }

    /// Registers an agent in the client's own types.
    async fn agent(&self, name: &str) -> Agent {
        let body = json!({"name": name, "description": "A client of Moltbook"});
        let nobody = self.client("", "");
        let registered: types::RegistrationResponse = nobody
            .post_unauth("/agents/register", &body)
            .await
            .expect("registered");
        assert!(registered.success);
        let agent = registered.agent;
        assert!(agent.claim_url.starts_with("http"));
        let claim = agent.claim_url.rsplit('/').next().expect("a token");
        let client = self.client(&agent.api_key, name);
        let status: types::StatusResponse = client.get("/agents/status").await.expect("known");
        let registered = Registered {
            id: status.agent.expect("an agent").id,
            claim: claim.to_owned(),
            code: agent.verification_code,
            key: agent.api_key,
        };
        Agent { registered, client }
    }

    /// Whether the server has what a command calls.
    fn has(&self, command: &str) -> bool {
        let row = COMMANDS.iter().find(|(name, ..)| *name == command);
        let (_, method, path) = row.expect("the table has it");
        path.is_empty()
            || self
                .operations
                .contains(&((*method).to_owned(), shape(path)))
    }

    /// Runs a command as the client's `main` does. Where the server has not got what it calls, it must say so.
    async fn run(&mut self, who: &Agent, words: &[&str]) {
        let all = ["moltbook"].iter().chain(words);
        let cli = Cli::try_parse_from(all).unwrap_or_else(|fault| panic!("{words:?}: {fault}"));
        let done = execute(cli.command, &who.client).await;
        let command = words[0];
        match (self.has(command), done) {
            (true, Ok(())) => {
                self.ran.insert(command.to_owned());
            }
            (true, Err(fault)) => panic!("{words:?}: {fault}"),
            (false, Err(ApiError::MoltbookError(..))) => {}
            (false, other) => panic!("{words:?}: {other:?}"),
        }
    }

    /// A small picture on disk.
    fn picture(&self) -> PathBuf {
        /// One red pixel.
        const PNG: &[u8] = &[
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
            0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00,
            0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x08,
            0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x18, 0xdd, 0x8d,
            0xb0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
        ];
        let path = self.folder.path().join("picture.png");
        std::fs::write(&path, PNG).expect("written");
        path
    }
}

impl Agent {
    async fn json(&self, path: &str) -> Value {
        let got: Result<Value, ApiError> = self.client.get(path).await;
        got.unwrap_or_else(|fault| panic!("{path}: {fault}"))
    }

    async fn newest(&self) -> types::Post {
        let path = format!("/posts?author={}&sort=new&limit=1", self.client.agent_name);
        let feed: types::FeedResponse = self.client.get(&path).await.expect("a feed");
        feed.posts.into_iter().next().expect("a post")
    }
}

fn words(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn no_command_of_the_client_is_forgotten() {
    let theirs: BTreeSet<String> = Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let ours: BTreeSet<String> = COMMANDS
        .iter()
        .map(|(name, ..)| (*name).to_owned())
        .collect();
    assert_eq!(theirs, ours);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_client_runs_unchanged() {
    let (config, mut letters) = sink().await;
    let test = TestApp::with(config).await;
    let mut stage = Stage::new(&test).await;
    let ada = stage.agent("ada_client").await;
    let bo = stage.agent("bo_client").await;
    stage.ran.insert("register".to_owned());

    people(&mut stage, &ada, &bo).await;
    let letter = letters.recv().await.expect("a letter to the owner");
    assert!(letter.contains("To: owner@example.org"), "{letter}");
    communities(&mut stage, &ada, &bo).await;
    let (post, comment) = board(&mut stage, &ada, &bo).await;
    labels(&mut stage, &ada, &bo, &post).await;
    messages(&mut stage, &test, &ada, &bo).await;
    notices(&mut stage, &ada, &post).await;
    moderation(&mut stage, &ada, &bo, &post, &comment).await;

    let expected: BTreeSet<String> = COMMANDS
        .iter()
        .filter(|(name, ..)| stage.has(name))
        .map(|(name, ..)| (*name).to_owned())
        .collect();
    assert_eq!(stage.ran, expected, "every command that can run has run");
    test.stop().await;
}

async fn people(stage: &mut Stage, ada: &Agent, bo: &Agent) {
    stage.run(ada, &["init"]).await;
    stage.run(ada, &["status"]).await;
    stage.run(ada, &["profile"]).await;
    stage.run(ada, &["update-profile", "Draws maps."]).await;
    let me: types::Agent =
        serde_json::from_value(ada.json("/agents/me").await["agent"].clone()).expect("an agent");
    assert_eq!(me.description.as_deref(), Some("Draws maps."));
    stage.run(ada, &["view-profile", "bo_client"]).await;
    stage.run(bo, &["follow", "ada_client"]).await;
    let me = ada.json("/agents/me").await;
    assert_eq!(me["agent"]["follower_count"], 1);
    stage.run(bo, &["unfollow", "ada_client"]).await;
    stage.run(bo, &["follow", "ada_client"]).await;
    stage
        .run(ada, &["verify", "--code", "none", "--solution", "1"])
        .await;
    let picture = stage.picture();
    stage.run(ada, &["upload-avatar", words(&picture)]).await;
    stage.run(ada, &["remove-avatar"]).await;
    stage
        .run(ada, &["setup-owner-email", "owner@example.org"])
        .await;
}

async fn communities(stage: &mut Stage, ada: &Agent, bo: &Agent) {
    let create = [
        "create-submolt",
        "old-maps",
        "Old maps",
        "--description",
        "Where roads used to go.",
    ];
    stage.run(ada, &create).await;
    stage.run(ada, &["submolt-info", "old-maps"]).await;
    stage.run(ada, &["submolts"]).await;
    stage.run(bo, &["subscribe", "old-maps"]).await;
    let info: types::SubmoltResponse = ada.client.get("/submolts/old-maps").await.expect("typed");
    assert_eq!(info.your_role.as_deref(), Some("owner"));
    assert_eq!(info.submolt.subscriber_count, Some(1));
    assert_eq!(info.submolt.display_name, "Old maps");
    assert_eq!(bo.json("/submolts/old-maps").await["is_subscribed"], true);
    stage.run(bo, &["unsubscribe", "old-maps"]).await;
    let list: types::SubmoltsResponse = ada
        .client
        .get("/submolts?sort=hot&limit=50")
        .await
        .expect("typed");
    let maps = list.submolts.iter().find(|it| it.name == "old-maps");
    assert_eq!(maps.expect("it is listed").subscriber_count, Some(0));
    stage.run(bo, &["subscribe", "old-maps"]).await;
    let settings = [
        "submolt-settings",
        "old-maps",
        "--description",
        "Roads and rivers.",
        "--theme-color",
        "#336699",
    ];
    stage.run(ada, &settings).await;
    let info = ada.json("/submolts/old-maps").await;
    assert_eq!(info["description"], "Roads and rivers.");
    assert_eq!(info["theme_color"], "#336699");
    stage
        .run(ada, &["submolt-mod-add", "old-maps", "bo_client"])
        .await;
    stage.run(ada, &["submolt-mods", "old-maps"]).await;
    let moderators = ada.json("/submolts/old-maps/moderators").await;
    assert_eq!(moderators["moderators"][1]["agent_name"], "bo_client");
    assert_eq!(moderators["moderators"][1]["role"], "moderator");
    stage
        .run(ada, &["submolt-mod-remove", "old-maps", "bo_client"])
        .await;
    let picture = stage.picture();
    let picture = words(&picture);
    stage
        .run(ada, &["upload-submolt-avatar", "old-maps", picture])
        .await;
    stage
        .run(ada, &["upload-submolt-banner", "old-maps", picture])
        .await;
}

async fn board(stage: &mut Stage, ada: &Agent, bo: &Agent) -> (String, String) {
    stage
        .run(
            ada,
            &["post", "A map of the river", "old-maps", "It bends."],
        )
        .await;
    let post = ada.newest().await;
    assert_eq!(post.submolt_name.as_deref(), Some("old-maps"));
    assert_eq!(post.content.as_deref(), Some("It bends."));
    let id = post.id.as_str();
    stage.run(bo, &["view-post", id]).await;
    stage.run(bo, &["upvote", id]).await;
    stage
        .run(bo, &["comment", id, "Where is the bridge?"])
        .await;
    let comments = ada.json(&format!("/posts/{id}/comments?sort=new")).await;
    let comment = comments["comments"][0]["id"]
        .as_str()
        .expect("a comment")
        .to_owned();
    stage
        .run(
            ada,
            &["reply-comment", id, &comment, "--content", "Upstream."],
        )
        .await;
    stage.run(ada, &["comments", id]).await;
    stage.run(ada, &["upvote-comment", &comment]).await;
    let answers = ada.json(&format!("/posts/{id}/comments")).await;
    assert_eq!(answers["comments"][0]["replies"][0]["content"], "Upstream.");
    assert_eq!(answers["comments"][0]["score"], 1);
    stage.run(bo, &["downvote", id]).await;
    let shown: types::PostResponse = serde_json::from_value(json!({
        "success": true,
        "post": ada.json(&format!("/posts/{id}")).await["post"],
    }))
    .expect("typed");
    assert_eq!(shown.post.and_then(|post| post.score), Some(-1));
    for sort in ["hot", "new", "top", "rising"] {
        stage.run(bo, &["feed", "--sort", sort]).await;
        stage.run(bo, &["global", "--sort", sort]).await;
        stage
            .run(bo, &["submolt", "old-maps", "--sort", sort])
            .await;
        stage
            .run(bo, &["posts", "--author", "ada_client", "--sort", sort])
            .await;
    }
    stage.run(bo, &["feed", "--filter", "following"]).await;
    let feed: types::FeedResponse = bo.client.get("/feed?sort=new").await.expect("typed");
    assert_eq!(feed.feed_type.as_deref(), Some("home"));
    assert_eq!(feed.posts.first().map(|post| post.id.as_str()), Some(id));
    assert_eq!(feed.posts[0].you_follow_author, Some(true));
    let of_submolt: types::SubmoltFeedResponse = bo
        .client
        .get("/submolts/old-maps/feed?sort=new&limit=5")
        .await
        .expect("typed");
    assert_eq!(of_submolt.total, Some(1));
    if stage.has("search") {
        let found: types::SearchResponse = bo.client.get("/search?q=river").await.expect("typed");
        assert!(found.results.iter().any(|result| result.id == id));
    }
    stage.run(bo, &["search", "river"]).await;
    stage.run(ada, &["home"]).await;
    stage.run(ada, &["heartbeat"]).await;
    (post.id, comment)
}

async fn labels(stage: &mut Stage, ada: &Agent, bo: &Agent, post: &str) {
    let define = |key: &'static str, kind: &'static str| {
        [
            "label-define",
            "old-maps",
            "--key",
            key,
            "--label",
            key,
            "--color",
            "sky",
            "--kind",
            kind,
        ]
    };
    stage.run(ada, &define("river", "tag")).await;
    let mut role = define("greeter", "role").to_vec();
    role.extend(["--prompt", "Greet who is new.", "--cadence", "60"]);
    stage.run(ada, &role).await;
    stage.run(ada, &["labels", "old-maps"]).await;
    let labels: types::LabelsResponse = ada
        .client
        .get("/submolts/old-maps/labels")
        .await
        .expect("typed");
    let labels = labels.labels.expect("labels");
    assert_eq!(labels.len(), 2);
    assert_eq!(labels[1].cadence_minutes, Some(60));
    let attach = |definition: &str, kind: &str, target: &str| {
        let words = [
            "label-attach",
            "--definition",
            definition,
            "--target-type",
            kind,
            "--target",
            target,
        ];
        words.map(str::to_owned)
    };
    for (label, kind, target) in [
        (&labels[0].id, "post", post),
        (&labels[1].id, "agent", bo.registered.id.as_str()),
    ] {
        let all = attach(label, kind, target);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        stage.run(ada, &all).await;
    }
    stage.run(ada, &["roles", "old-maps"]).await;
    let roles: types::RolesResponse = ada
        .client
        .get("/submolts/old-maps/roles")
        .await
        .expect("typed");
    let holders = roles
        .roles
        .expect("roles")
        .remove(0)
        .holders
        .expect("holders");
    assert_eq!(
        holders[0].agent.as_ref().map(|it| it.name.as_str()),
        Some("bo_client")
    );
    let shown = ada.json(&format!("/posts/{post}")).await;
    assert_eq!(shown["labels"][0]["key"], "river");
    if stage.has("home") {
        let home: types::HomeResponse = bo.client.get("/home").await.expect("typed");
        let briefings = home
            .check_in
            .and_then(|it| it.briefings)
            .expect("briefings");
        assert_eq!(briefings[0].prompt.as_deref(), Some("Greet who is new."));
        assert_eq!(briefings[0].submolt_name.as_deref(), Some("old-maps"));
    }
    let attachment = shown["labels"][0]["attachment_id"].as_str().expect("an id");
    stage.run(ada, &["label-revoke", attachment]).await;
    let shown = ada.json(&format!("/posts/{post}")).await;
    assert_eq!(shown["labels"], json!([]));
}

async fn messages(stage: &mut Stage, test: &TestApp, ada: &Agent, bo: &Agent) {
    let request = |to: &'static str| {
        [
            "dm-request",
            "--to",
            to,
            "--message",
            "Shall we draw the river together?",
        ]
    };
    // Only who was claimed may turn to strangers.
    let owner = test.sign_up("owner").await;
    let carol = stage.agent("carol_client").await;
    test.claim(&carol.registered, &owner).await;
    stage.run(&carol, &request("ada_client")).await;
    stage.run(ada, &["dm-check"]).await;
    stage.run(ada, &["dm-requests"]).await;
    if !stage.has("dm-check") {
        for command in ["dm-approve", "dm-reject", "dm-read"] {
            stage.run(ada, &[command, "none"]).await;
        }
        stage.run(ada, &["dm-list"]).await;
        stage
            .run(ada, &["dm-send", "none", "--message", "Yes."])
            .await;
        return;
    }
    let check: types::DmCheckResponse = ada.client.get("/agents/dm/check").await.expect("typed");
    let asked = check.requests.expect("requests").items;
    let conversation = asked[0].conversation_id.as_str();
    assert_eq!(asked[0].from.name, "carol_client");
    stage.run(ada, &["dm-approve", conversation]).await;
    stage
        .run(ada, &["dm-send", conversation, "--message", "Gladly."])
        .await;
    stage.run(&carol, &["dm-list"]).await;
    stage.run(&carol, &["dm-read", conversation]).await;
    let path = format!("/agents/dm/conversations/{conversation}");
    let said = carol.json(&path).await;
    let messages: Vec<types::Message> =
        serde_json::from_value(said["messages"].clone()).expect("typed");
    let texts: Vec<&str> = messages.iter().map(|it| it.content.as_str()).collect();
    assert_eq!(texts, ["Shall we draw the river together?", "Gladly."]);
    let list: types::DmListResponse = ada
        .client
        .get("/agents/dm/conversations")
        .await
        .expect("typed");
    assert_eq!(list.conversations.items[0].with_agent.name, "carol_client");
    let dora = stage.agent("dora_client").await;
    test.claim(&dora.registered, &owner).await;
    stage.run(&dora, &request("bo_client")).await;
    let check: types::DmCheckResponse = bo.client.get("/agents/dm/check").await.expect("typed");
    let asked = check.requests.expect("requests").items;
    stage
        .run(bo, &["dm-reject", &asked[0].conversation_id, "--block"])
        .await;
}

async fn notices(stage: &mut Stage, ada: &Agent, post: &str) {
    if stage.has("notifications") {
        let unread: types::NotificationsResponse = ada
            .client
            .get("/notifications?filter=unread")
            .await
            .expect("typed");
        assert!(unread.unread_count.unwrap_or(0) > 0);
    }
    stage.run(ada, &["notifications", "--unread"]).await;
    stage.run(ada, &["notifications-read-post", post]).await;
    stage.run(ada, &["notifications-read-all"]).await;
    if stage.has("notifications") {
        let left: types::NotificationsResponse =
            ada.client.get("/notifications").await.expect("typed");
        assert_eq!(left.unread_count, Some(0));
    }
}

async fn moderation(stage: &mut Stage, ada: &Agent, bo: &Agent, post: &str, comment: &str) {
    stage.run(ada, &["pin-post", post]).await;
    if stage.has("pin-post") {
        let shown = ada.json(&format!("/posts/{post}")).await;
        assert_eq!(shown["post"]["is_pinned"], true);
    }
    stage.run(ada, &["unpin-post", post]).await;
    stage.run(bo, &["report", post, "--reason", "spam"]).await;
    stage.run(ada, &["delete-post", post]).await;
    if stage.has("delete-post") {
        let thread = ada.json(&format!("/posts/{post}/comments")).await;
        assert_eq!(thread["comments"][0]["id"], comment, "the thread stays");
        let feed: types::SubmoltFeedResponse = bo
            .client
            .get("/submolts/old-maps/feed")
            .await
            .expect("typed");
        assert!(feed.posts.is_empty());
    }
}
