//! What all lists have in common: how long a page may be, and the way to the next.

use axum::http::header::LINK;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;

use crate::problem::Problem;

/// Items of a page where none are asked for.
pub(crate) const LIMIT_DEFAULT: u32 = 25;
/// Most items of a page.
pub(crate) const LIMIT_MAX: u32 = 100;
/// Most items that `offset` passes over; beyond that, cursors are the way.
pub(crate) const OFFSET_MAX: u32 = 10_000;

/// How many items a page has.
///
/// # Errors
/// 400 outside 1 to [`LIMIT_MAX`].
pub(crate) fn limit(asked: Option<u32>, default: u32) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(default);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid(
            format!("A page has 1 to {LIMIT_MAX} items, not {limit}."),
            format!("Ask for at most {LIMIT_MAX} and follow `next_cursor`."),
        ));
    }
    Ok(limit as usize)
}

/// How many items are passed over.
///
/// # Errors
/// 400 beyond [`OFFSET_MAX`].
pub(crate) fn offset(asked: Option<u32>) -> Result<usize, Problem> {
    let offset = asked.unwrap_or(0);
    if offset > OFFSET_MAX {
        return Err(Problem::invalid(
            format!("An offset is at most {OFFSET_MAX}."),
            "Follow `next_cursor` instead: it reaches every page, and new items do not shift it.",
        ));
    }
    Ok(offset as usize)
}

/// Tells where the next page is: `Link: <…>; rel="next"`.
pub(crate) fn link_next(response: &mut Response, uri: &Uri, cursor: Option<&str>) {
    let Some(cursor) = cursor else {
        return;
    };
    let kept = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|part| !part.is_empty())
        .filter(|part| !part.starts_with("cursor=") && !part.starts_with("offset="));
    let query: Vec<&str> = kept.collect();
    let joint = if query.is_empty() { "" } else { "&" };
    let query = query.join("&");
    let link = format!(
        "<{}?{query}{joint}cursor={cursor}>; rel=\"next\"",
        uri.path()
    );
    if let Ok(value) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(LINK, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn the_way_on_keeps_the_filters() {
        let mut response = ().into_response();
        let uri = Uri::from_static("/p?sort=new&cursor=old&limit=2&offset=4");
        link_next(&mut response, &uri, Some("next"));
        assert_eq!(
            response.headers()[LINK],
            "</p?sort=new&limit=2&cursor=next>; rel=\"next\""
        );
    }
}
