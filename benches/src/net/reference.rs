//! Reference servers: bare axum with nothing of ours in front, behind or inside.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A reference server, on a runtime of its own that is as large as ours.
pub(crate) struct Reference {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Ends everything when it is dropped.
    _runtime: Runtime,
}

impl Reference {
    /// Serves what `make` makes.
    pub(crate) fn start(make: impl AsyncFnOnce() -> Result<Router>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the system gives no runtime")?;
        let router = runtime.block_on(make())?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let listener = listener.tap_io(|stream| {
            // One that refuses is slow, not wrong.
            drop(stream.set_nodelay(true));
        });
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            address,
            _runtime: runtime,
        })
    }

    /// The least an axum server does.
    pub(crate) fn hello() -> Result<Self> {
        Self::start(async || Ok(Router::new().route("/", get(async || "hello\n"))))
    }

    /// The same body for everybody, as JSON.
    pub(crate) fn body(body: Bytes) -> Result<Self> {
        let answer = async |State(body): State<Bytes>| ([(CONTENT_TYPE, "application/json")], body);
        Self::start(async move || Ok(Router::new().route("/", get(answer)).with_state(body)))
    }
}
