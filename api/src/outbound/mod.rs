//! Going to an address that somebody else handed in, without being led into private networks (SSRF).
//!
//! The name is resolved once, every address it leads to must be public, and the connection goes to one of just those addresses.
//! Nothing is followed: no redirect, no second name.

mod exchange;
mod public;
mod target;

use std::time::Duration;

use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HOST, USER_AGENT};
use bytes::Bytes;
use hyper::Request;
use hyper::http::request::Builder;
use tokio::time::timeout;

use self::exchange::exchange;
use self::target::Target;

/// Bytes of a page that are read; the rest is not asked for.
pub(crate) const PAGE_BYTES_MAX: usize = 64 << 10;
/// Time for all of it.
const PAGE_TIMEOUT: Duration = Duration::from_secs(5);
/// Time that whoever is told something has to take it.
const POST_TIMEOUT: Duration = Duration::from_secs(10);

/// Why nothing can be read or left there, as the rest of a sentence. It says nothing of what stands in networks behind the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutboundError {
    /// Not an address of a page.
    #[error("it is no http or https address of a host")]
    Address,
    /// In clear text, where others could read along.
    #[error("it is not https")]
    Insecure,
    /// The name is unknown.
    #[error("its host is not known")]
    Unknown,
    /// The name leads somewhere private.
    #[error("its host is not on the public internet")]
    Private,
    /// Nobody answered, or not in the way they should.
    #[error("its host does not answer as it should")]
    Unreachable,
    /// It took too long.
    #[error("it took too long")]
    Timeout,
    /// An answer other than 200.
    #[error("its host answered with status {0}")]
    Status(u16),
    /// This machine has no certificates to trust.
    #[error("this server has no certificates by which to know hosts")]
    Certificates,
}

/// The beginning of a page, as text. With `private` the address may lead anywhere.
///
/// # Errors
/// [`OutboundError`].
pub(crate) async fn fetch_text(address: &str, private: bool) -> Result<String, OutboundError> {
    let target = Target::parse(address)?;
    let request = request(&target, Request::get(&target.path))
        .header(ACCEPT, "text/*, application/json;q=0.5")
        .body(Bytes::new())
        .map_err(|_fault| OutboundError::Address)?;
    let whole = exchange(&target, private, request, PAGE_BYTES_MAX);
    let page = within(PAGE_TIMEOUT, whole).await?;
    if page.status != 200 {
        return Err(OutboundError::Status(page.status.as_u16()));
    }
    if page.headers.contains_key(CONTENT_ENCODING) {
        return Err(OutboundError::Unreachable);
    }
    Ok(String::from_utf8_lossy(&page.body).into_owned())
}

/// Leaves JSON there, and says with which status it was taken. With `private` the address may lead anywhere.
///
/// # Errors
/// [`OutboundError`]; a status of any kind is none.
pub(crate) async fn post_json(
    address: &str,
    private: bool,
    headers: &[(&str, String)],
    body: String,
) -> Result<u16, OutboundError> {
    let target = Target::parse(address)?;
    let mut builder =
        request(&target, Request::post(&target.path)).header(CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        builder = builder.header(*name, value);
    }
    let request = builder
        .body(Bytes::from(body))
        .map_err(|_fault| OutboundError::Address)?;
    let answer = within(POST_TIMEOUT, exchange(&target, private, request, 0)).await?;
    Ok(answer.status.as_u16())
}

/// Looks whether one may go there at all: the address makes sense, and its host is known and public.
///
/// # Errors
/// [`OutboundError`].
pub(crate) async fn check(address: &str, private: bool) -> Result<(), OutboundError> {
    let target = Target::parse(address)?;
    if !target.secure && !private {
        return Err(OutboundError::Insecure);
    }
    within(PAGE_TIMEOUT, target.resolve(private))
        .await
        .map(drop)
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, OutboundError>>,
) -> Result<T, OutboundError> {
    timeout(limit, work)
        .await
        .map_err(|_elapsed| OutboundError::Timeout)?
}

fn request(target: &Target, builder: Builder) -> Builder {
    builder
        .header(HOST, target.authority())
        .header(USER_AGENT, concat!("hamlet/", env!("CARGO_PKG_VERSION")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_private_is_even_asked() {
        for address in [
            "http://127.0.0.1:1/",
            "http://localhost/",
            "http://[::1]/",
            "http://169.254.169.254/latest",
            "https://10.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            let refused = fetch_text(address, false).await.expect_err(address);
            let closed = [OutboundError::Private, OutboundError::Unknown];
            assert!(closed.contains(&refused), "{address}: {refused:?}");
        }
    }
}
