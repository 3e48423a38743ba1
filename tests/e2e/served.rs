//! A village that is served: how it begins, goes on, and ends, and what keeps it from beginning.

use std::net::TcpListener;

use crate::desk::Desk;
use crate::process::until;
use crate::server::{SERVE, Served};

#[test]
fn without_a_command_the_town_is_served_as_the_environment_says() {
    let desk = Desk::new();
    let served = Served::start_in(&desk, "", &[("HAMLET_SERVER__LISTEN", "127.0.0.1:0")]);
    assert_eq!(served.get("/livez"), (200, "ok\n".to_owned()));
    assert_eq!(served.get("/readyz"), (200, "ok\n".to_owned()));
    let world = served.world();
    assert_eq!(world["name"], "town");
    assert_eq!(world["agents"].as_array().unwrap().len(), 51);
    let setup = format!("http://{}/setup/", served.address);
    let rest = served.stop("INT");
    assert!(rest.contains(&setup) && rest.lines().count() == 1, "{rest}");
    assert_eq!(desk.list("."), ["hamlet-data"]);
    // Neither a socket nor an open journal of the database is left.
    let kept = desk.list("hamlet-data");
    assert_eq!(
        kept,
        [
            "files",
            "lock",
            "token.key",
            "village.db",
            "village.db.lock"
        ]
    );
}

#[test]
fn a_village_goes_on_where_it_was_and_stays_the_one_it_is() {
    let desk = Desk::new();
    let first = Served::start(&desk, SERVE);
    first.live_beyond(2);
    let before = first.world();
    first.stop("TERM");

    // The world is not the one that another scenario would found.
    let other = format!("{SERVE} --scenario scenarios/market-day.toml");
    let err = desk.bad(&other, 1);
    assert!(err.contains("\"market-day\""), "{err}");
    assert!(
        err.contains("without --scenario") && err.contains("--data"),
        "{err}"
    );

    let again = Served::start(&desk, &format!("{SERVE} --scenario scenarios/town.toml"));
    let after = again.world();
    assert!(after["tick"].as_u64() >= before["tick"].as_u64());
    assert!(after["seq"].as_u64() >= before["seq"].as_u64());
    assert_eq!(after["agents"][0]["id"], before["agents"][0]["id"]);
    again.live_beyond(after["tick"].as_u64().unwrap());
    again.stop("TERM");
}

#[test]
fn what_a_reader_has_seen_outlives_kill_9() {
    let desk = Desk::new();
    let first = Served::start(&desk, SERVE);
    let founded = first.seq();
    until("something happens", || first.seq() > founded);
    let (tick, seq) = (first.tick(), first.seq());
    first.kill_9();
    let again = Served::start(&desk, SERVE);
    // Quiet ticks too: whatever a reader has seen is there.
    let (tick_after, seq_after) = (again.tick(), again.seq());
    assert!(tick_after >= tick, "tick {tick_after} after {tick}");
    assert!(seq_after >= seq, "event {seq_after} after {seq}");
    again.live_beyond(tick_after);
    again.stop("TERM");
}

#[test]
fn one_server_at_a_time_has_a_folder() {
    let desk = Desk::new();
    let first = Served::start(&desk, SERVE);
    let err = desk.bad(SERVE, 1);
    assert!(
        err.contains("another server has the village in home") && err.contains("--data"),
        "{err}"
    );
    assert_eq!(first.get("/readyz").0, 200);
    first.stop("TERM");
}

#[test]
fn a_port_in_use_is_named_with_the_way_out() {
    let desk = Desk::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let err = desk.bad(&format!("serve --listen {address} --data home"), 1);
    assert!(
        err.contains(&address.to_string()) && err.contains("--listen"),
        "{err}"
    );
}

#[test]
fn the_log_names_a_request_and_the_command_it_became() {
    let desk = Desk::new();
    let served = Served::start_logging(&desk, SERVE, "log.json");
    let body = serde_json::json!({ "name": "chronicler", "description": "writes things down" });
    let path = "/api/v1/agents/register";
    let (status, got) = Served::try_post(&served.address, path, None, &body).unwrap();
    assert_eq!(status, 201, "{got}");
    served.stop("TERM");
    let log = String::from_utf8(desk.read("log.json")).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut lines = lines.filter(|line: &serde_json::Value| line["path"] == path);
    let line = lines.next().expect("the request is in the log");
    assert_eq!(line["status"], 201, "{line}");
    let span = &line["span"];
    assert!(
        span["id"].as_str().is_some_and(|id| !id.is_empty()),
        "{line}"
    );
    let command = span["command"].as_str().unwrap();
    let (tick, order) = command.split_once('/').unwrap();
    assert!(
        tick.parse::<u64>().is_ok() && order.parse::<u32>().is_ok(),
        "{line}"
    );
}
