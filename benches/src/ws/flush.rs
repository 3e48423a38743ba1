//! The obvious server: each thing is a message, and each message is flushed.

use std::time::{Duration, Instant};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use std::sync::Arc;
use tokio::sync::broadcast;
use tokio::time::MissedTickBehavior;

use super::{HZ, Moments, moments};
use crate::net::reference::Reference;

/// Ticks that a slow client may lag behind before it skips some, as ours.
const LAG_MAX: usize = 64;

type Tick = Arc<Vec<Utf8Bytes>>;

/// Serves so many things a tick.
pub(super) fn start(things: usize) -> Result<(Reference, Moments)> {
    let told = moments();
    let noted = Arc::clone(&told);
    let server = Reference::start(async move || {
        let (sender, _) = broadcast::channel::<Tick>(LAG_MAX);
        tokio::spawn(tick(sender.clone(), things, noted));
        Ok(Router::new().route("/", get(open)).with_state(sender))
    })?;
    Ok((server, told))
}

async fn tick(sender: broadcast::Sender<Tick>, things: usize, told: Moments) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / HZ);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for no in 0.. {
        ticks.tick().await;
        let messages = (0..things)
            .map(|thing| message(no, thing, things - thing - 1))
            .collect();
        if let Some(moment) = told.get(no) {
            moment.get_or_init(|| (Instant::now(), things as u32));
        }
        // Nobody may be listening.
        drop(sender.send(Arc::new(messages)));
    }
}

/// A body that moved, as ours tells it.
fn message(tick: usize, thing: usize, left: usize) -> Utf8Bytes {
    format!(
        r#"{{"type":"body","tick":{tick},"left":{left},"no":{thing},"x":{},"y":{},"facing":"north","activity":"walking","presence":"online"}}"#,
        (tick + thing) % 64,
        (tick * 3 + thing) % 64,
    )
    .into()
}

async fn open(
    upgrade: WebSocketUpgrade,
    State(sender): State<broadcast::Sender<Tick>>,
) -> axum::response::Response {
    upgrade.on_upgrade(move |socket| tell(socket, sender.subscribe()))
}

async fn tell(mut socket: WebSocket, mut ticks: broadcast::Receiver<Tick>) {
    loop {
        match ticks.recv().await {
            Ok(tick) => {
                for message in tick.iter() {
                    if socket.send(Message::Text(message.clone())).await.is_err() {
                        return;
                    }
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {}
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}
