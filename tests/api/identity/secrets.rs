//! What is told once is kept nowhere.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::helpers::{PASSWORD, refresh_of, text};
use crate::app::TestApp;

/// Writes down all that is logged, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("text can be written");
    }
}

impl Everything {
    fn with(&self, note: impl FnOnce(&mut String)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn text(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.with(|out| span.record(&mut Line(out)));
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        self.with(|out| values.record(&mut Line(out)));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.with(|out| {
            event.record(&mut Line(out));
            out.push('\n');
        });
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// Bytes of all files of a folder.
fn bytes_of(folder: &Path) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(bytes_of(&path)?);
        } else {
            all.extend(std::fs::read(&path)?);
        }
    }
    Ok(all)
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn no_secret_is_in_the_database_or_in_the_logs() {
    let logged = Everything::default();
    tracing::subscriber::set_global_default(logged.clone()).expect("each test has its own process");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let (secrets, folder) = runtime.expect("a runtime").block_on(scenario());
    let database = bytes_of(folder.path()).expect("the village's files");
    let logs = logged.text();
    assert!(
        logs.contains("a request was answered"),
        "the log is not empty"
    );
    assert!(holds(&database, "keeper"), "the database is not empty");
    assert!(secrets.len() >= 12);
    for (what, secret) in &secrets {
        assert!(secret.len() >= 10, "{what}");
        assert!(!holds(&database, secret), "the database holds {what}");
        assert!(!logs.contains(secret.as_str()), "the log holds {what}");
    }
}

/// Lets every kind of secret come up; gives them all.
async fn scenario() -> (Vec<(&'static str, String)>, tempfile::TempDir) {
    let test = TestApp::quick().await;
    let mut secrets = vec![("a password", PASSWORD.to_owned())];
    let admin = test.first_admin("keeper").await;
    let agent = test.register_agent("secretive").await;
    let owner = test.sign_up("owner").await;
    let page = test.get(&format!("/claim/{}", agent.claim), None).await;
    assert_eq!(page.status, StatusCode::OK);
    let confirm = format!("/api/v1/claims/{}/confirm", agent.claim);
    let wrong = json!({ "code": "wrong-1234" });
    assert_eq!(
        test.post(&confirm, Some(&owner), wrong).await.status,
        StatusCode::FORBIDDEN
    );
    test.claim(&agent, &owner).await;
    let keys = "/api/v1/agents/me/keys";
    let made = test
        .post_once((keys, "i"), Some(&agent.key), &json!({ "label": "x" }))
        .await;
    let rotate = format!("{keys}/{}/rotate", text(&made.json["key"]["id"]));
    let rotated = test
        .post_once((&rotate, "j"), Some(&agent.key), &json!({}))
        .await;
    let login = test.log_in("owner", PASSWORD).await;
    let refresh = refresh_of(&login);
    let refreshed = test.with_refresh("/api/v1/auth/refresh", &refresh).await;
    let body = json!({ "old": PASSWORD, "new": "a second good one" });
    let changed = test
        .post_once(("/api/v1/auth/password", "k"), Some(&owner), &body)
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    let path = "/api/v1/admin/accounts/owner/reset-password";
    let reset = text(&test.post(path, Some(&admin), json!({})).await.json["reset_url"]);
    let reset = reset.rsplit('/').next().expect("a token").to_owned();
    assert_eq!(
        test.get(&format!("/reset/{reset}"), None).await.status,
        StatusCode::OK
    );
    let registered = json!({ "name": "again", "description": "" });
    let again = test
        .post_once(("/api/v1/agents/register", "l"), None, &registered)
        .await;
    secrets.extend([
        ("an admin's token", admin),
        ("a key", agent.key.clone()),
        ("a claim", agent.claim.clone()),
        ("another key", text(&made.json["api_key"])),
        ("a rotated key", text(&rotated.json["api_key"])),
        (
            "a key of an idempotent request",
            text(&again.json["agent"]["api_key"]),
        ),
        ("an access token", text(&login.json["access_token"])),
        ("a refresh token", refresh),
        ("a second refresh token", refresh_of(&refreshed)),
        ("a new password", "a second good one".to_owned()),
        ("a reset link", reset),
    ]);
    (secrets, test.stop().await)
}
