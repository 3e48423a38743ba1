//! What a listener asks for in the query.

use axum::http::Uri;
use hamlet_protocol::map::Area;
use serde::Deserialize;
use utoipa::IntoParams;

use super::encode::Format;
use crate::problem::Problem;

/// Names under which clients are tempted to send a secret.
const SECRETS: [&str; 6] = [
    "token",
    "key",
    "api_key",
    "apikey",
    "access_token",
    "authorization",
];

/// What a listener wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) format: Format,
    /// Only what happens there.
    pub(super) region: Option<Area>,
    /// Number of the last durable event it has heard of.
    pub(super) since: Option<u64>,
}

/// Parameters of all sockets.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Common {
    /// `json` (text messages, the default) or `msgpack` (binary messages).
    #[param(value_type = Option<String>, example = "json")]
    format: Option<Format>,
    /// Goes on after the event with this number, as the last frame's `seq` said; a snapshot comes first where that is too long ago.
    since: Option<u64>,
}

/// Parameters of the world's socket.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Region {
    /// Only what happens in these tiles: `x,y,width,height`.
    #[param(example = "0,0,40,30")]
    region: Option<String>,
}

/// Reads the query.
///
/// # Errors
/// 400 when it makes no sense, or holds a secret.
pub(super) fn read(uri: &Uri) -> Result<Wanted, Problem> {
    no_secrets(uri)?;
    let common: Common = query(uri)?;
    let region: Region = query(uri)?;
    Ok(Wanted {
        format: common.format.unwrap_or_default(),
        region: region.region.as_deref().map(area).transpose()?,
        since: common.since,
    })
}

fn query<T: serde::de::DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    axum::extract::Query::try_from_uri(uri)
        .map(|axum::extract::Query(params)| params)
        .map_err(|refused| {
            Problem::invalid(
                format!("A parameter of the query makes no sense: {}.", refused.body_text()),
                "Known are format (json or msgpack), since (a number) and, for the world, region (x,y,width,height).",
            )
        })
}

/// URLs end up in logs, histories and referrers: no place for a secret.
fn no_secrets(uri: &Uri) -> Result<(), Problem> {
    let pairs = uri.query().unwrap_or_default().split('&');
    let mut names = pairs.map(|pair| pair.split('=').next().unwrap_or(pair));
    match names.find(|name| {
        SECRETS
            .iter()
            .any(|secret| name.eq_ignore_ascii_case(secret))
    }) {
        None => Ok(()),
        Some(name) => Err(Problem::new(
            axum::http::StatusCode::BAD_REQUEST,
            "secret_in_url",
            format!("The URL holds `{name}`, and URLs end up in logs."),
            "Revoke that key. Send it as `Authorization: Bearer …`, or as first message {\"type\":\"auth\",\"token\":…}.",
        )),
    }
}

fn area(text: &str) -> Result<Area, Problem> {
    let numbers: Vec<u16> = text
        .split(',')
        .map_while(|part| part.trim().parse().ok())
        .collect();
    match *numbers {
        [x, y, width, height]
            if text.split(',').count() == 4
                && width > 0
                && height > 0
                && x.checked_add(width).is_some()
                && y.checked_add(height).is_some() =>
        {
            Ok(Area {
                x,
                y,
                width,
                height,
            })
        }
        _ => Err(Problem::invalid(
            format!("The region `{text}` makes no sense."),
            "Write four whole numbers: x,y,width,height, the last two at least 1.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_refused() {
        let read = |query: &str| {
            let uri = format!("/api/v1/ws/world?{query}");
            read(&uri.parse().expect("it is a path")).map_err(|problem| problem.code)
        };
        let area = Area {
            x: 1,
            y: 2,
            width: 3,
            height: 4,
        };
        let wanted = Wanted {
            format: Format::Msgpack,
            region: Some(area),
            since: Some(7),
        };
        assert_eq!(read("format=msgpack&since=7&region=1,2,3,4"), Ok(wanted));
        assert_eq!(read(""), Ok(Wanted::default()));
        for bad in [
            "format=xml",
            "since=-1",
            "region=1,2,3",
            "region=1,2,3,4,5",
            "region=1,2,0,4",
            "region=65535,0,2,2",
        ] {
            assert_eq!(read(bad), Err("invalid"), "{bad}");
        }
        for secret in ["token=x", "format=json&Key=x", "access_token"] {
            assert_eq!(read(secret), Err("secret_in_url"), "{secret}");
        }
    }
}
