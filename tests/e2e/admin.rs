//! What the owner orders, by the folder or by the database alone, while the village is served and while it rests.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::postgres::database;
use crate::process::until;
use crate::server::Served;

/// The usual bits of a file that only its owner reads and writes.
const OWNER_ONLY: u32 = 0o600;

fn mode(desk: &Desk, name: &str) -> u32 {
    let mode = std::fs::metadata(desk.path(name)).unwrap().permissions();
    mode.mode() & 0o777
}

/// Makes an account; its password comes by standard input.
fn create(desk: &Desk, db: &str, name: &str, role: &str) {
    let words = format!("admin --db {db} create {name} --role {role} --password-stdin");
    let mut child = desk
        .command(words.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"a long pass phrase of theirs").unwrap();
    drop(input);
    let said = child.wait_with_output().unwrap();
    assert!(said.status.success(), "{words}: {said:?}");
}

fn status(desk: &Desk, db: &str) -> Value {
    serde_json::from_str(&desk.good(&format!("admin --db {db} status")).out).unwrap()
}

/// Entries of the audit log.
fn audited(status: &Value) -> i64 {
    status["audit_entries"].as_i64().unwrap()
}

fn state(served: &Served) -> Value {
    let (_, body) = served.get("/api/v1/world/time");
    let time: Value = serde_json::from_str(&body).unwrap();
    time["state"].clone()
}

/// Every order that takes a name of somebody, and those that look.
fn order_about(desk: &Desk, db: &str) {
    for words in [
        "role second moderator",
        "suspend second --reason tested",
        "unsuspend second",
        "reset-password second",
        "audit --verify",
        "ledger --verify",
        "prune",
    ] {
        desk.good(&format!("admin --db {db} {words}"));
    }
}

/// Orders that name the database alone, over a server that has another folder than the usual one, and after its end.
fn by_the_database_alone(desk: &Desk, db: &str) {
    let serve = format!("serve --listen 127.0.0.1:0 --data home --db {db}");
    let served = Served::start(desk, &serve);
    until("the database says where its server is", || {
        status_is_served(desk, db)
    });
    create(desk, db, "first", "admin");
    create(desk, db, "second", "human");
    order_about(desk, db);
    let words = format!("admin --db {db} journal export way.hj");
    let before = audited(&status(desk, db));
    desk.good(&words);
    assert_eq!(mode(desk, "way.hj"), OWNER_ONLY);
    assert_eq!(audited(&status(desk, db)), before + 1);

    // Whoever pauses it by an order sees it paused, and so does the next start.
    desk.good(&format!("admin --db {db} pause"));
    assert_eq!(state(&served), "paused");
    desk.good(&format!("admin --db {db} resume"));
    assert_eq!(state(&served), "running");
    desk.good(&format!("admin --db {db} pause"));
    served.stop("TERM");
    let again = Served::start(desk, &serve);
    assert_eq!(state(&again), "paused");
    again.stop("TERM");

    assert_eq!(status(desk, db)["served"], false);
    order_about(desk, db);
    // At rest it is noted as well.
    let before = audited(&status(desk, db));
    desk.good(&format!("admin --db {db} journal export rest.hj"));
    assert_eq!(audited(&status(desk, db)), before + 1);
    // Nobody asked for a folder of the usual name.
    assert!(!desk.path("hamlet-data").exists());
}

fn status_is_served(desk: &Desk, db: &str) -> bool {
    let said = desk.call(&format!("admin --db {db} status"));
    said.code == Some(0) && said.out.contains("\"served\": true")
}

#[test]
fn orders_reach_the_village_of_a_file() {
    let desk = Desk::new();
    let db = format!("sqlite://{}", desk.path("there/town.db").display());
    by_the_database_alone(&desk, &db);
    let made = format!("admin --db {db} backup whole.backup");
    desk.good(&made);
    assert_eq!(mode(&desk, "whole.backup"), OWNER_ONLY);
    desk.good("admin --data back restore whole.backup");
    assert_eq!(mode(&desk, "back/village.db"), OWNER_ONLY);
    assert_eq!(mode(&desk, "back/token.key"), OWNER_ONLY);
    let back = desk.good("admin --data back status").out;
    let back: Value = serde_json::from_str(&back).unwrap();
    assert_eq!(audited(&back), audited(&status(&desk, &db)) + 1);
    desk.good("admin --data back audit --verify");
}

#[test]
fn orders_reach_the_village_of_a_postgres_server() {
    let (desk, db) = (Desk::new(), database("hamlet_orders"));
    by_the_database_alone(&desk, &db);
    desk.good(&format!("admin --db {db} audit --verify"));
    // Whoever cuts entries off the log's end is found out, also while nobody serves the village.
    let cut = "ALTER TABLE audit DISABLE TRIGGER USER; DELETE FROM audit WHERE no = (SELECT max(no) FROM audit)";
    let done = Command::new("psql")
        .args([db.as_str(), "-qc", cut])
        .status();
    assert!(done.unwrap().success());
    let err = desk.bad(&format!("admin --db {db} audit --verify"), 1);
    assert!(err.contains("entries were removed at its end"), "{err}");
}

#[test]
fn a_reset_ends_the_village_that_was_named_and_no_other() {
    let desk = Desk::new();
    for serve in [
        "serve --listen 127.0.0.1:0",
        "serve --listen 127.0.0.1:0 --data home --db sqlite://other.db",
    ] {
        Served::start(&desk, serve).stop("TERM");
    }
    let served = Served::start(
        &desk,
        "serve --listen 127.0.0.1:0 --data home --db sqlite://other.db",
    );
    let err = desk.bad("admin --db sqlite://other.db reset --yes", 1);
    assert!(
        err.contains("another server") || err.contains("stop it first"),
        "{err}"
    );
    served.stop("TERM");
    let err = desk.bad("admin --db sqlite://other.db reset", 1);
    assert!(err.contains("other.db") && err.contains("--yes"), "{err}");
    desk.good("admin --db sqlite://other.db reset --yes");
    assert!(!desk.path("other.db").exists());
    assert!(!desk.path("home/token.key").exists() && !desk.path("home/files").exists());
    let kept = desk.list("hamlet-data");
    assert!(kept.contains(&"village.db".to_owned()) && kept.contains(&"token.key".to_owned()));
    desk.good("admin reset --yes");
    assert_eq!(desk.list("hamlet-data"), ["lock"]);
    desk.bad("admin reset --yes", 1);
}

/// Somebody who posts once; gives their key, and where the post is.
fn post(served: &Served) -> (String, String) {
    let body = json!({ "name": "chronicler", "description": "writes down what happens" });
    let path = "/api/v1/agents/register";
    let (status, got) = Served::try_post(&served.address, path, None, &body).unwrap();
    assert_eq!(status, 201, "{got}");
    let key = got["agent"]["api_key"].as_str().unwrap().to_owned();
    let body = json!({ "submolt_name": "general", "title": "before", "content": "a\tb\\n\nc" });
    let sent = Served::try_post(&served.address, "/api/v1/posts", Some(&key), &body);
    let (status, got) = sent.unwrap();
    assert_eq!(status, 201, "{got}");
    let id = got["post"]["id"].as_str().unwrap();
    (key, format!("/api/v1/posts/{id}"))
}

#[test]
fn a_village_on_postgres_is_taken_along_put_back_and_ended() {
    let desk = Desk::new();
    let (db, other) = (database("hamlet_whole"), database("hamlet_put_back"));
    let serve = format!("serve --listen 127.0.0.1:0 --data home --db {db}");
    let served = Served::start(&desk, &serve);
    let (key, path) = post(&served);
    // While it lives, and nobody ends it meanwhile, from its own folder or from another.
    desk.good(&format!("admin --data home --db {db} backup whole.backup"));
    assert_eq!(mode(&desk, "whole.backup"), OWNER_ONLY);
    for folder in ["home", "elsewhere"] {
        let err = desk.bad(&format!("admin --data {folder} --db {db} reset --yes"), 1);
        assert!(
            err.contains("another server") || err.contains("stop it first"),
            "{err}"
        );
    }
    // Nor does another server take it.
    let second = format!("serve --listen 127.0.0.1:0 --data elsewhere --db {db}");
    let err = desk.bad(&second, 1);
    assert!(err.contains("another server has this world"), "{err}");
    assert_eq!(served.get("/readyz").0, 200);
    served.stop("TERM");

    // It goes where it came from: into a database, with a folder.
    let restore = format!("--db {other} restore whole.backup");
    let err = desk.bad(&format!("admin {restore}"), 1);
    assert!(err.contains("--data"), "{err}");
    let err = desk.bad("admin --data file restore whole.backup", 1);
    assert!(err.contains("--db"), "{err}");
    desk.good(&format!("admin --data back {restore}"));
    assert_eq!(mode(&desk, "back/token.key"), OWNER_ONLY);
    for folder in ["back", "third"] {
        let err = desk.bad(&format!("admin --data {folder} {restore}"), 1);
        assert!(err.contains("has a village already"), "{err}");
    }
    assert!(!desk.path("third/token.key").exists());
    for words in ["audit --verify", "ledger --verify"] {
        desk.good(&format!("admin --data back --db {other} {words}"));
    }
    let again = Served::start(
        &desk,
        &format!("serve --listen 127.0.0.1:0 --data back --db {other}"),
    );
    assert_eq!(again.get(&path).0, 200);
    assert_eq!(again.get_as("/api/v1/agents/me", &key).0, 200);
    // Orders that name the database alone reach the copy, not what it was copied from.
    until("the database says where its server is", || {
        status_is_served(&desk, &other)
    });
    assert_eq!(status(&desk, &db)["served"], false);

    let err = desk.bad(&format!("admin --db {db} reset"), 1);
    assert!(
        err.contains("hamlet_whole") && err.contains("--yes"),
        "{err}"
    );
    desk.good(&format!("admin --db {db} reset --yes"));
    assert!(!desk.path("home/token.key").exists() && !desk.path("home/files").exists());
    let err = desk.bad(&format!("admin --db {db} reset --yes"), 1);
    assert!(err.contains("there is no village"), "{err}");
    assert_eq!(again.get(&path).0, 200, "the other one lives on");
    again.stop("TERM");
    // Another is founded where it was.
    let anew = Served::start(&desk, &serve);
    assert_eq!(anew.get("/api/v1/agents/chronicler").0, 404);
    anew.stop("TERM");
}
