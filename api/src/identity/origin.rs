//! The address by which a client reaches this server, for links.

use axum::extract::FromRequestParts;
use axum::http::header::HOST;
use axum::http::request::Parts;

use crate::problem::Problem;
use crate::state::App;

/// Where links lead, without a slash at the end: as configured, else as the request was addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin(pub(crate) String);

impl FromRequestParts<App> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(url) = &app.config.public_url {
            return Ok(Self(url.trim_end_matches('/').to_owned()));
        }
        let host = parts
            .headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .filter(|host| is_authority(host))
            .unwrap_or("127.0.0.1:8080");
        let forwarded = parts.headers.get("x-forwarded-proto");
        let secure = app.config.trust_proxy && forwarded.is_some_and(|proto| proto == "https");
        let scheme = if secure { "https" } else { "http" };
        Ok(Self(format!("{scheme}://{host}")))
    }
}

impl Origin {
    /// Whether cookies travel encrypted.
    pub(crate) fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

fn is_authority(host: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b".-:[]".contains(&b);
    (1..=255).contains(&host.len()) && host.bytes().all(fits)
}
