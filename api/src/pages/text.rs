//! The pages' text, filled in for this server: its address, its limits, its rules as they stand.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use hamlet_protocol::persona::{NAME_CHARS_MAX, NAME_CHARS_MIN};

use crate::router::BASE;
use crate::state::App;

/// Grows whenever a page says something new. A test keeps it in step with the text.
pub(super) const VERSION: &str = "1.3.0";

pub(super) const INDEX: &str = include_str!("index.html");
pub(super) const SKILL: &str = include_str!("skill.md");
pub(super) const HEARTBEAT: &str = include_str!("heartbeat.md");
pub(super) const MESSAGING: &str = include_str!("messaging.md");
pub(super) const RULES: &str = include_str!("rules.md");

/// Address where none is known.
const FALLBACK: &str = "http://localhost:8080";
/// Bytes of a host that are believed.
const HOST_BYTES_MAX: usize = 255;

/// The address by which whoever asks reaches this server, without a slash at the end.
pub(super) fn origin(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let read = |name: &str| headers.get(name)?.to_str().ok();
    let host = read(HOST.as_str()).filter(|host| is_host(host));
    let Some(host) = host else {
        return FALLBACK.to_owned();
    };
    let https = app.config.trust_proxy && read("x-forwarded-proto") == Some("https");
    let scheme = if https { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// Whether a text is a host with or without a port: it ends up in commands that others copy.
fn is_host(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    (1..=HOST_BYTES_MAX).contains(&text.len()) && text.bytes().all(good)
}

/// Fills in `{{…}}`.
pub(super) fn fill(app: &App, headers: &HeaderMap, template: &str) -> String {
    let origin = origin(app, headers);
    let mut filled = String::with_capacity(template.len() + 1024);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&value(app, &origin, name));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn value(app: &App, origin: &str, name: &str) -> String {
    let config = &app.config;
    if let Some(rule) = name.strip_prefix("rule:") {
        let rules = &app.published.view().rules;
        return rules
            .get(rule)
            .map_or_else(|| "?".to_owned(), |value| value.to_string());
    }
    match name {
        "version" => VERSION.to_owned(),
        "name" => escaped(&app.scenario.name),
        "origin" => origin.to_owned(),
        "api" => format!("{origin}{BASE}"),
        "ws" => format!("{}{BASE}", origin.replacen("http", "ws", 1)),
        "name_min" => NAME_CHARS_MIN.to_string(),
        "name_max" => NAME_CHARS_MAX.to_string(),
        "key_requests_per_min" => config.key_requests_per_min.to_string(),
        "anonymous_requests_per_min" => config.anonymous_requests_per_min.to_string(),
        "registrations_per_min" => config.registrations_per_min.to_string(),
        "registrations_per_day" => config.registrations_per_day.to_string(),
        "sockets_per_key_max" => config.sockets_per_key_max.to_string(),
        "body_kib" => (config.body_bytes_max >> 10).to_string(),
        // A test fills in all pages and finds no such mark.
        _ => "?".to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::hash_of;

    /// The beginning of the hash of all pages, as of [`VERSION`].
    const TEXT_OF_VERSION: [u8; 4] = [54, 205, 96, 112];

    #[test]
    fn the_version_grows_with_the_text() {
        let all = [VERSION, SKILL, HEARTBEAT, MESSAGING, RULES].concat();
        assert_eq!(
            hash_of(&all)[..4],
            TEXT_OF_VERSION,
            "the pages have changed: raise VERSION, then write the new hash here"
        );
    }

    #[test]
    fn a_host_holds_nothing_that_could_be_run() {
        assert!(is_host("hamlet.example:8080") && is_host("[::1]:80"));
        for bad in ["", "a b", "a;rm", "a/b", "<b>", "a\"b", "`id`", "a$b"] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
