//! Serving a village: sockets, timeouts of slow clients, and a graceful end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::routing::get;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::crowd::{CONNECTIONS_MAX, Crowd};
use crate::http::Completed;
use crate::problem::Problem;
use crate::router::router;
use crate::state::App;

/// Time a client has to send a request's head.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a request's head, and of what is read ahead.
const HEAD_BYTES_MAX: usize = 32 << 10;
/// Headers a request may have.
const HEADERS_MAX: usize = 100;
/// Time that running requests have to end when the server stops.
const DRAIN: Duration = Duration::from_secs(10);
/// Wait after an accept that failed, such as for want of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);

/// The router in force: one that only says that the village is waking up, until there is a village.
#[derive(Clone, Debug)]
pub struct Doors {
    router: Arc<ArcSwap<Router>>,
    crowd: Crowd,
}

impl Doors {
    /// Doors behind which a village comes to life: alive, but not ready.
    #[must_use]
    pub fn closed() -> Self {
        let waking = || async {
            Problem::unavailable(
                "starting",
                "The village is coming to life: it is founded, or its journal is run again.",
                1,
            )
        };
        let router = Router::new()
            .route("/livez", get(|| async { "ok\n" }))
            .fallback(waking);
        Self {
            router: Arc::new(ArcSwap::from_pointee(router)),
            crowd: Crowd::default(),
        }
    }

    /// Opens them. Lists are put in order first: in a large village that takes seconds, for which no reader shall wait.
    pub fn open(&self, app: &App) {
        let view = app.published.view();
        app.renderings.board.warm(&view, &app.ids);
        let proxied = app.config.trust_proxy;
        self.crowd.show(&app.metrics.connections, proxied);
        self.router.store(Arc::new(router(app)));
    }

    fn router(&self) -> Router {
        Router::clone(&self.router.load())
    }
}

/// Serves until `stop` is ready, then lets running requests end.
pub async fn serve(listener: TcpListener, doors: Doors, stop: impl Future<Output = ()>) {
    serve_within(listener, doors, stop, HEADER_TIMEOUT).await;
}

/// The same, with another time that a client has to send a request's head.
pub async fn serve_within(
    listener: TcpListener,
    doors: Doors,
    stop: impl Future<Output = ()>,
    head_within: Duration,
) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .max_buf_size(HEAD_BYTES_MAX)
        .max_headers(HEADERS_MAX);
    let (stopping, _) = watch::channel(());
    let mut connections = JoinSet::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_ended) = connections.join_next() => {}
            accepted = accept(&listener, &slots) => match accepted {
                Ok((stream, peer, slot)) => {
                    let Some(visit) = doors.crowd.enter(peer.ip()) else {
                        tracing::debug!(%peer, "a connection too many of its network is closed");
                        continue;
                    };
                    let ending = stopping.subscribe();
                    let served = connection(builder.clone(), stream, peer, doors.clone(), ending);
                    connections.spawn(async move {
                        served.await;
                        drop((slot, visit));
                    });
                }
                Err(source) => {
                    tracing::warn!(%source, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                }
            },
        }
    }
    drop(listener);
    stopping.send_replace(());
    let ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, ended).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut off");
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await;
    let slot = slot.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, slot))
}

/// Serves one connection; when the server ends, its running request ends first.
async fn connection(
    builder: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    doors: Doors,
    mut ending: watch::Receiver<()>,
) {
    // Small answers must not wait for more; a socket that refuses this is slow, not wrong.
    drop(stream.set_nodelay(true));
    let service = service_fn(move |request: Request<Incoming>| {
        let router = doors.router();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            let answered: Result<_, Infallible> = router.oneshot(request).await;
            answered
        }
    });
    let connection = builder
        .serve_connection(TokioIo::new(Completed::new(stream)), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let served = tokio::select! {
        served = &mut connection => served,
        _ = ending.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(source) = served {
        tracing::debug!(%source, %peer, "a connection ended early");
    }
}
