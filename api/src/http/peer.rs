//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};

use crate::state::App;

/// The address a request comes from: the socket's, or what the proxy in front says where it is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Notes the address in the request.
pub(super) fn peer(app: &App, mut request: Request) -> Request {
    let socket = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |info| {
            info.0.ip().to_canonical()
        });
    let address = if app.config.trust_proxy {
        forwarded(&request).unwrap_or(socket)
    } else {
        socket
    };
    request.extensions_mut().insert(PeerAddress(address));
    request
}

/// The last address of `X-Forwarded-For`: the one the nearest proxy has seen itself.
fn forwarded(request: &Request) -> Option<IpAddr> {
    let header = request.headers().get("x-forwarded-for")?.to_str().ok()?;
    header.rsplit(',').next()?.trim().parse().ok()
}
