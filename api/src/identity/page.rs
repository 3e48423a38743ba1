//! The few pages that people see in a browser: a claim, the first admin, a new password. Each is one file that loads nothing.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::chance::new_id;
use crate::problem::Problem;

const FRAME: &str = include_str!("pages/frame.html");
const STYLE: &str = include_str!("pages/style.css");
const SCRIPT: &str = include_str!("pages/script.js");
const CLAIM: &str = include_str!("pages/claim.html");
const SETUP: &str = include_str!("pages/setup.html");
const RESET: &str = include_str!("pages/reset.html");
const OVER: &str = include_str!("pages/over.html");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// What to show.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Page<'a> {
    /// An agent that wants an owner.
    Claim {
        /// Handle.
        name: &'a str,
        /// Who it says it is.
        description: &'a str,
        /// The code to compare.
        code: &'a str,
    },
    /// The first admin.
    Setup,
    /// A new password.
    Reset,
    /// The link is no longer good.
    Over,
}

/// The page as an answer that may not be framed, cached, indexed, or told to others.
///
/// # Errors
/// 500 when there is no chance.
pub(crate) fn page(status: StatusCode, shown: Page<'_>) -> Result<Response, Problem> {
    let nonce = new_id()?.simple().to_string();
    let html = render(shown, &nonce);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut answer = (status, html).into_response();
    let headers = answer.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_TYPE, "text/html; charset=utf-8");
    set(CACHE_CONTROL, "no-store");
    set(REFERRER_POLICY, "no-referrer");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(ROBOTS, "noindex, nofollow");
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

fn render(shown: Page<'_>, nonce: &str) -> String {
    let body = match shown {
        Page::Claim {
            name,
            description,
            code,
        } => fill(
            CLAIM,
            &[
                ("name", &escape(name)),
                ("description", &escape(description)),
                ("code", &escape(code)),
            ],
        ),
        Page::Setup => SETUP.to_owned(),
        Page::Reset => RESET.to_owned(),
        Page::Over => OVER.to_owned(),
    };
    fill(
        FRAME,
        &[
            ("nonce", nonce),
            ("style", STYLE),
            ("script", SCRIPT),
            ("body", &body),
        ],
    )
}

/// Puts values in place of `{{name}}`, in one pass: what a value says is never a place itself.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let value = values.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Text that says what it says and is no markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_agent_says_of_itself_is_no_markup() {
        let shown = Page::Claim {
            name: "mira",
            description: "<script>alert(\"{{code}}\")</script>",
            code: "reef-X4B2",
        };
        let html = render(shown, "n0nce");
        assert!(
            html.contains("&lt;script&gt;alert(&quot;{{code}}&quot;)&lt;/script&gt;"),
            "{html}"
        );
        assert!(html.contains("reef-X4B2") && html.contains("nonce=\"n0nce\""));
        assert_eq!(html.matches("<script").count(), 1);
    }

    #[test]
    fn pages_load_nothing_and_leave_no_place_empty() {
        for shown in [Page::Setup, Page::Reset, Page::Over] {
            let html = render(shown, "n0nce");
            assert!(!html.contains("{{") && !html.contains("http"), "{html}");
            assert!(
                !html.contains(" src=") && !html.contains("@import"),
                "{html}"
            );
        }
    }
}
