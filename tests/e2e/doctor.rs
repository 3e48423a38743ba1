//! `hamlet doctor` and `hamlet config`: what is on, what is off and why, and the settings that all sources come to.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;
use crate::process::until;
use crate::server::{SERVE, Served};

/// What the doctor says of one thing: its standing, and why.
fn finding(said: &str, what: &str) -> (String, String) {
    let rows = said.lines().filter_map(|line| {
        let (standing, rest) = line.trim().split_once(' ')?;
        let (name, why) = rest.trim().split_once(' ')?;
        (name == what).then(|| (standing.to_owned(), why.trim().to_owned()))
    });
    let mut rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 1, "{what} in\n{said}");
    rows.swap_remove(0)
}

fn standing(said: &str, what: &str) -> String {
    finding(said, what).0
}

#[test]
fn the_doctor_says_what_is_on_before_during_and_after_a_village() {
    let desk = Desk::new();
    let before = desk.good("doctor --data home").out;
    for what in ["folder", "server", "database", "e-mail", "models", "tools"] {
        assert_eq!(standing(&before, what), "off", "{before}");
    }
    for what in ["program", "settings", "reading", "joining", "links"] {
        assert_eq!(standing(&before, what), "on", "{before}");
    }
    assert_eq!(desk.list("."), Vec::<String>::new(), "a look makes nothing");

    let served = Served::start(&desk, SERVE);
    let during = desk.good("doctor --data home").out;
    let (server, how) = finding(&during, "server");
    assert!(server == "on" && how.starts_with("runs, ready"), "{during}");
    assert_eq!(standing(&during, "folder"), "on", "{during}");
    let (database, how) = finding(&during, "database");
    assert!(
        database == "on" && how.contains("integrity checked"),
        "{during}"
    );
    served.stop("TERM");

    let after = desk.good("doctor --data home").out;
    assert_eq!(standing(&after, "server"), "off", "{after}");
    assert_eq!(standing(&after, "database"), "on", "{after}");

    // What others could read is wrong, and so is the exit status.
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(desk.path("home"), open).unwrap();
    let said = desk.call("doctor --data home");
    assert_eq!(said.code, Some(1), "{said:?}");
    let (folder, how) = finding(&said.out, "folder");
    assert!(folder == "wrong" && how.contains("chmod 700"), "{said:?}");
}

#[test]
fn the_doctor_and_the_settings_say_which_setting_makes_no_sense() {
    let desk = Desk::new();
    desk.write("bad.toml", "[server]\nlisten_on = 5\n");
    let said = desk.call("doctor --config bad.toml");
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(standing(&said.out, "settings"), "wrong", "{said:?}");
    assert!(said.out.contains("listen_on"), "{said:?}");
    let err = desk.bad("config --config bad.toml", 1);
    assert!(err.contains("listen_on"), "{err}");
}

#[test]
fn the_settings_are_shown_as_a_file_that_can_be_read_without_their_secrets() {
    let desk = Desk::new();
    let file = r#"
[server]
public_url = "https://hamlet.example"
[smtp]
url = "smtps://town:do-not-show@mail.example"
from = "Hamlet <hamlet@example.org>"
"#;
    desk.write("mine.toml", file);
    let mut command = desk.command(["config", "--config", "mine.toml", "--listen", "127.0.0.1:9"]);
    command.env("HAMLET_LIMITS__KEY_REQUESTS_PER_MIN", "321");
    let said: crate::desk::Said = command.output().unwrap().into();
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in [
        "public_url = \"https://hamlet.example\"",
        "listen = \"127.0.0.1:9\"",
        "key_requests_per_min = 321",
        "smtps://town:",
    ] {
        assert!(said.out.contains(part), "{part} in\n{}", said.out);
    }
    assert!(!said.out.contains("do-not-show"), "{}", said.out);
    // What is shown is itself a settings file.
    desk.write("shown.toml", &said.out);
    let again = desk.good("config --config shown.toml").out;
    assert_eq!(again, said.out);
}

/// HTTP connections that the server says it has.
fn connections(served: &Served) -> i64 {
    let (status, text) = served.get("/metrics");
    assert_eq!(status, 200, "{text}");
    let mut lines = text.lines();
    let found = lines.find_map(|line| line.strip_prefix("hamlet_http_connections "));
    found.expect("it is measured").parse().unwrap()
}

#[test]
fn open_connections_are_counted() {
    let desk = Desk::new();
    let served = Served::start(&desk, SERVE);
    until(
        "an idle connection is counted beside the one that asks",
        || {
            let idle = TcpStream::connect(&served.address).unwrap();
            let seen = connections(&served);
            drop(idle);
            seen >= 2
        },
    );
    until("only the one that asks is left", || {
        connections(&served) == 1
    });
    served.stop("TERM");
}
