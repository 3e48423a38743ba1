//! An address that somebody handed in, taken apart, and the connection to where it leads.

use std::net::{Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::http::Uri;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::OutboundError;
use super::public::is_public;

/// A connection, with or without TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Where an address leads.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) secure: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) path: String,
}

impl Target {
    /// Takes an address apart.
    pub(super) fn parse(address: &str) -> Result<Self, OutboundError> {
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

    /// Connects to where the address leads. With `private` that may be anywhere.
    pub(super) async fn connect(&self, private: bool) -> Result<Box<dyn Stream>, OutboundError> {
        let address = self.resolve(private).await?;
        let stream = TcpStream::connect(address)
            .await
            .map_err(|_fault| OutboundError::Unreachable)?;
        if !self.secure {
            return Ok(Box::new(stream));
        }
        let name =
            ServerName::try_from(self.host.clone()).map_err(|_fault| OutboundError::Address)?;
        let stream = connector()?
            .connect(name, stream)
            .await
            .map_err(|_fault| OutboundError::Unreachable)?;
        Ok(Box::new(stream))
    }

    /// The address to connect to. One private address among many is enough to refuse: it was put there for a reason.
    pub(super) async fn resolve(&self, private: bool) -> Result<SocketAddr, OutboundError> {
        let found = lookup_host((self.host.as_str(), self.port))
            .await
            .map_err(|_fault| OutboundError::Unknown)?;
        let found: Vec<SocketAddr> = found.collect();
        if !private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(OutboundError::Private);
        }
        found.first().copied().ok_or(OutboundError::Unknown)
    }

    /// What the `Host` header says.
    pub(super) fn authority(&self) -> String {
        let bracketed = match self.host.parse::<Ipv6Addr>() {
            Ok(v6) => format!("[{v6}]"),
            Err(_) => self.host.clone(),
        };
        match (self.secure, self.port) {
            (true, 443) | (false, 80) => bracketed,
            (_, port) => format!("{bracketed}:{port}"),
        }
    }
}

/// Reading the system's certificates takes a while: it is done once.
fn connector() -> Result<TlsConnector, OutboundError> {
    static CONNECTOR: OnceLock<TlsConnector> = OnceLock::new();
    if let Some(known) = CONNECTOR.get() {
        return Ok(known.clone());
    }
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
    let made = TlsConnector::from(Arc::new(config));
    Ok(CONNECTOR.get_or_init(|| made).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
