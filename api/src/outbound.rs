//! Reading a page whose address somebody else handed in, without being led into private networks (SSRF).
//!
//! The name is resolved once, every address it leads to must be public, and the connection goes to one of just those addresses.
//! Nothing is followed: no redirect, no second name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use axum::http::header::{ACCEPT, CONTENT_ENCODING, HOST, USER_AGENT};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Bytes of a page that are read; the rest is not asked for.
pub(crate) const PAGE_BYTES_MAX: usize = 64 << 10;
/// Time for all of it.
const PAGE_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a page cannot be read, as the rest of a sentence. It says nothing of what stands in networks behind the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutboundError {
    /// Not an address of a page.
    #[error("it is no http or https address of a host")]
    Address,
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
    #[error("it took longer than 5 seconds")]
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
    timeout(PAGE_TIMEOUT, target.fetch(private))
        .await
        .map_err(|_elapsed| OutboundError::Timeout)?
}

#[derive(Debug)]
struct Target {
    secure: bool,
    host: String,
    port: u16,
    path: String,
}

impl Target {
    fn parse(address: &str) -> Result<Self, OutboundError> {
        let uri: Uri = address
            .trim()
            .parse()
            .map_err(|_fault| OutboundError::Address)?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(OutboundError::Address),
        };
        let authority = uri.authority().ok_or(OutboundError::Address)?;
        // Who signs in to a page shows no proof, and such addresses are made to be misread.
        if authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(OutboundError::Address);
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            secure,
            host,
            port,
            path: path.to_owned(),
        })
    }

    async fn fetch(&self, private: bool) -> Result<String, OutboundError> {
        let address = self.resolve(private).await?;
        let stream = TcpStream::connect(address)
            .await
            .map_err(|_fault| OutboundError::Unreachable)?;
        if !self.secure {
            return self.read(stream).await;
        }
        let name =
            ServerName::try_from(self.host.clone()).map_err(|_fault| OutboundError::Address)?;
        let stream = connector()?
            .connect(name, stream)
            .await
            .map_err(|_fault| OutboundError::Unreachable)?;
        self.read(stream).await
    }

    /// The address to connect to. One private address among many is enough to refuse: it was put there for a reason.
    async fn resolve(&self, private: bool) -> Result<SocketAddr, OutboundError> {
        let found = lookup_host((self.host.as_str(), self.port))
            .await
            .map_err(|_fault| OutboundError::Unknown)?;
        let found: Vec<SocketAddr> = found.collect();
        if !private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(OutboundError::Private);
        }
        found.first().copied().ok_or(OutboundError::Unknown)
    }

    async fn read<S>(&self, stream: S) -> Result<String, OutboundError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let unreachable = |_fault| OutboundError::Unreachable;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(unreachable)?;
        let request = self.request()?;
        // The connection ends with this future: nothing of it lives on.
        let answer = async move {
            let answer = sender.send_request(request).await.map_err(unreachable)?;
            if answer.status() != 200 {
                return Err(OutboundError::Status(answer.status().as_u16()));
            }
            if answer.headers().contains_key(CONTENT_ENCODING) {
                return Err(OutboundError::Unreachable);
            }
            read_some(answer.into_body()).await
        };
        tokio::select! {
            text = answer => text,
            // A connection that ends before its answer is read has failed; else the answer is there first.
            Err(_fault) = connection => Err(OutboundError::Unreachable),
        }
    }

    fn request(&self) -> Result<Request<Empty<Bytes>>, OutboundError> {
        let bracketed = match self.host.parse::<Ipv6Addr>() {
            Ok(v6) => format!("[{v6}]"),
            Err(_) => self.host.clone(),
        };
        let host = match (self.secure, self.port) {
            (true, 443) | (false, 80) => bracketed,
            (_, port) => format!("{bracketed}:{port}"),
        };
        Request::builder()
            .uri(&self.path)
            .header(HOST, host)
            .header(USER_AGENT, concat!("hamlet/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, "text/*, application/json;q=0.5")
            .body(Empty::new())
            .map_err(|_fault| OutboundError::Address)
    }
}

async fn read_some(mut body: hyper::body::Incoming) -> Result<String, OutboundError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_fault| OutboundError::Unreachable)?;
        if let Some(data) = frame.data_ref() {
            let room = PAGE_BYTES_MAX - bytes.len();
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
        if bytes.len() >= PAGE_BYTES_MAX {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn connector() -> Result<TlsConnector, OutboundError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(OutboundError::Certificates);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_fault| OutboundError::Certificates)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || v4.is_multicast()
        // This network, and reserved with broadcast.
        || a == 0
        || a >= 240
        // Carriers' networks, protocol assignments, relays of IPv6, benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

/// Only what was given out for the internet, without what carries IPv4 addresses inside.
fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    let global = (0x2000..0x4000).contains(&a);
    let carries_v4 = a == 0x2002 || (a == 0x2001 && b < 0x0200);
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    global && !carries_v4 && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_all_their_disguises() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "192.0.0.8",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_public(private.parse().expect(private)), "{private}");
        }
        for public in [
            "1.1.1.1",
            "93.184.215.14",
            "2606:4700::1111",
            "2a00:1450:4001::1",
        ] {
            assert!(is_public(public.parse().expect(public)), "{public}");
        }
    }

    #[test]
    fn only_addresses_of_pages_are_taken() {
        for bad in [
            "",
            "reef",
            "/etc/passwd",
            "file:///etc/passwd",
            "gopher://host/",
            "ftp://host/x",
            "http://",
            "http://user:word@host/",
            "https://host@other/",
        ] {
            assert_eq!(
                Target::parse(bad).err(),
                Some(OutboundError::Address),
                "{bad}"
            );
        }
        let target = Target::parse("https://example.org/a?b=c#d").expect("a page");
        assert_eq!(
            (target.secure, target.port, &*target.path),
            (true, 443, "/a?b=c")
        );
        let target = Target::parse("http://[::1]:8080").expect("a page");
        assert_eq!(
            (&*target.host, target.port, &*target.path),
            ("::1", 8080, "/")
        );
    }

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
