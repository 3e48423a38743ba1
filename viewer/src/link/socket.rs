//! A socket that is opened again and again, and goes on where it was.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use hamlet_protocol::frame::{BoardFrame, ControlFrame, OwnFrame, WorldFrame};
use reqwest::header::AUTHORIZATION;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::News;
use super::backoff::Backoff;
use super::client::Client;
use crate::mirror::LinkState;

/// Seconds without a message, not even a ping, after which the line counts as broken; the village pings every 20.
const SILENCE_SECS: u64 = 50;
/// Largest frame: a snapshot of a large crowd.
const FRAME_BYTES_MAX: usize = 64 << 20;
/// The close code of a token that has expired.
const EXPIRED: u16 = 4401;

/// A kind of frame, and the socket that tells it.
pub(super) trait Told: DeserializeOwned + Send + 'static {
    /// The socket.
    const PATH: &str;
    /// Whether this socket says how the line is.
    const SPEAKS_FOR_THE_LINE: bool;
    /// Number of its last event, where it has one.
    fn seq(&self) -> Option<u64>;
    /// As news for the window, where it is any.
    fn news(self) -> Option<News>;
}

impl Told for WorldFrame {
    const PATH: &str = "/ws/world";
    const SPEAKS_FOR_THE_LINE: bool = true;

    fn seq(&self) -> Option<u64> {
        Some(match self {
            Self::Snapshot(snapshot) => snapshot.seq,
            Self::Delta(delta) => delta.seq,
        })
    }

    fn news(self) -> Option<News> {
        Some(News::World(self))
    }
}

impl Told for BoardFrame {
    const PATH: &str = "/ws/board";
    const SPEAKS_FOR_THE_LINE: bool = false;

    fn seq(&self) -> Option<u64> {
        match self {
            Self::Snapshot { seq, .. } | Self::Delta { seq, .. } => Some(*seq),
        }
    }

    fn news(self) -> Option<News> {
        Some(News::Board(self))
    }
}

impl Told for OwnFrame {
    const PATH: &str = "/ws";
    const SPEAKS_FOR_THE_LINE: bool = false;

    fn seq(&self) -> Option<u64> {
        match self {
            Self::Snapshot { seq, .. }
            | Self::Delta { seq, .. }
            | Self::Dm { seq, .. }
            | Self::GroupMsg { seq, .. }
            | Self::Notification { seq, .. }
            | Self::Case { seq, .. } => Some(*seq),
            Self::Typing { .. }
            | Self::Presence { .. }
            | Self::Task { .. }
            | Self::TaskWords { .. } => None,
        }
    }

    fn news(self) -> Option<News> {
        // What it says in full is asked for where somebody looks at it.
        match self {
            Self::Snapshot { .. }
            | Self::Dm { .. }
            | Self::GroupMsg { .. }
            | Self::Notification { .. } => Some(News::Own),
            Self::Task {
                chat,
                working,
                message,
            } => Some(News::Task {
                chat,
                working,
                message: Box::new(message),
            }),
            Self::TaskWords {
                chat, from, text, ..
            } => Some(News::TaskWords { chat, from, text }),
            Self::Delta { .. }
            | Self::Case { .. }
            | Self::Typing { .. }
            | Self::Presence { .. } => None,
        }
    }
}

/// Listens to what concerns whoever is signed in, while somebody is.
pub(super) async fn listen_to_own(client: Arc<Client>, tell: mpsc::Sender<News>) {
    let mut signed = client.session.changes();
    loop {
        let listening = async {
            if client.session.is_signed() {
                listen::<OwnFrame>(Arc::clone(&client), tell.clone()).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = listening => return,
            changed = signed.changed() => if changed.is_err() { return },
        }
    }
}

/// How a socket ended.
enum End {
    /// The window is gone.
    Unheard,
    /// The token was over: at once again, with the next.
    Expired,
    /// The line broke.
    Broken(String),
}

/// Listens until the window is gone.
pub(super) async fn listen<F: Told>(client: Arc<Client>, tell: mpsc::Sender<News>) {
    let mut backoff = Backoff::default();
    let mut since = None;
    loop {
        let why = match once::<F>(&client, &tell, &mut since, &mut backoff).await {
            End::Unheard => return,
            End::Expired => continue,
            End::Broken(why) => why,
        };
        let retry_secs = backoff.failed();
        tracing::debug!(why, retry_secs, path = F::PATH, "the line broke");
        if F::SPEAKS_FOR_THE_LINE {
            let lost = LinkState::Lost { why, retry_secs };
            if tell.send(News::Link(lost)).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(Duration::from_secs(retry_secs)).await;
    }
}

async fn once<F: Told>(
    client: &Client,
    tell: &mpsc::Sender<News>,
    since: &mut Option<u64>,
    backoff: &mut Backoff,
) -> End {
    if let Err(problem) = client.refresh().await {
        return End::Broken(problem.detail);
    }
    let config = WebSocketConfig::default()
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    let mut request = match address::<F>(client.base(), *since).into_client_request() {
        Ok(request) => request,
        Err(why) => return End::Broken(why.to_string()),
    };
    if let Some(token) = client.session.token()
        && let Ok(value) = format!("Bearer {token}").parse()
    {
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    let opening = tokio_tungstenite::connect_async_with_config(request, Some(config), true);
    let mut socket = match timeout(Duration::from_secs(SILENCE_SECS), opening).await {
        Ok(Ok((socket, _))) => socket,
        Ok(Err(Error::Http(answer))) => {
            return End::Broken(format!("it answered {}", answer.status()));
        }
        Ok(Err(_)) => return End::Broken("nobody answers at that address".to_owned()),
        Err(_) => return End::Broken("it took too long".to_owned()),
    };
    let mut live = false;
    loop {
        let message = match timeout(Duration::from_secs(SILENCE_SECS), socket.next()).await {
            Ok(Some(Ok(message))) => message,
            Ok(Some(Err(_)) | None) => return End::Broken("the line broke".to_owned()),
            Err(_) => return End::Broken("it is silent".to_owned()),
        };
        let text = match message {
            Message::Text(text) => text,
            Message::Close(Some(close)) if u16::from(close.code) == EXPIRED => return End::Expired,
            Message::Close(_) => return End::Broken("the village stops".to_owned()),
            Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {
                continue;
            }
        };
        let frame: F = match serde_json::from_str(&text) {
            Ok(frame) => frame,
            Err(why) => match serde_json::from_str::<ControlFrame>(&text) {
                Ok(control) => {
                    tracing::debug!(?control, "the village says");
                    continue;
                }
                Err(_) => {
                    return End::Broken(format!("it speaks otherwise than this window: {why}"));
                }
            },
        };
        *since = frame.seq().or(*since);
        backoff.worked();
        if F::SPEAKS_FOR_THE_LINE && !live {
            if tell.send(News::Link(LinkState::Live)).await.is_err() {
                return End::Unheard;
            }
            client.came_live();
        }
        live = true;
        if let Some(news) = frame.news()
            && tell.send(news).await.is_err()
        {
            return End::Unheard;
        }
    }
}

/// The address of a socket.
fn address<F: Told>(base: &str, since: Option<u64>) -> String {
    let socket = base.replacen("http", "ws", 1);
    let since = since.map_or_else(String::new, |since| format!("?since={since}"));
    format!("{socket}/api/v1{}{since}", F::PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_are_where_the_village_is() {
        let world = address::<WorldFrame>("http://127.0.0.1:8080", None);
        assert_eq!(world, "ws://127.0.0.1:8080/api/v1/ws/world");
        let board = address::<BoardFrame>("https://town.example", Some(7));
        assert_eq!(board, "wss://town.example/api/v1/ws/board?since=7");
    }
}
