//! Many clients on one thread, who note when they have all of a tick.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use super::Moments;
use super::frames::{Frames, number};

/// Bytes read at once.
const READ_BYTES: usize = 8 << 10;
/// Time after which every tick has been noted.
const NOTED_WITHIN: Duration = Duration::from_millis(100);

/// Clients that are connected.
pub(super) struct Listeners {
    runtime: Runtime,
    streams: Vec<(TcpStream, Frames)>,
}

/// What was heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Things told, over all clients.
    things: u64,
    /// Ticks of which something was told, over all clients.
    ticks: u64,
    /// Time from each tick to each client, in microseconds, sorted.
    micros: Vec<u32>,
    secs: f64,
}

/// What one client heard: single things, and when it had all of a tick.
#[derive(Debug, Default)]
struct Own {
    singles: u64,
    ticks: Vec<(u32, Instant)>,
}

impl Heard {
    pub(super) fn ticks(&self) -> u64 {
        self.ticks
    }

    pub(super) fn rate(&self) -> f64 {
        self.things as f64 / self.secs
    }

    pub(super) fn things_a_tick(&self) -> f64 {
        self.things as f64 / self.ticks.max(1) as f64
    }

    pub(super) fn p99_ms(&self) -> f64 {
        let at = self.micros.len().saturating_sub(1) * 99 / 100;
        let p99 = self.micros.get(at);
        p99.map_or(f64::NAN, |&p99| f64::from(p99) / 1e3)
    }

    fn of(all: &[Own], told: &Moments, secs: f64) -> Self {
        let mut heard = Self {
            secs,
            ..Self::default()
        };
        for own in all {
            heard.things += own.singles;
            heard.ticks += own.ticks.len() as u64;
            for (tick, at) in &own.ticks {
                let Some((told_at, things)) = told.get(*tick as usize).and_then(OnceLock::get)
                else {
                    continue;
                };
                if own.singles == 0 {
                    heard.things += u64::from(*things);
                }
                let micros = at.saturating_duration_since(*told_at).as_micros();
                heard.micros.push(u32::try_from(micros).unwrap_or(u32::MAX));
            }
        }
        heard.micros.sort_unstable();
        heard
    }
}

impl Listeners {
    /// So many clients, each with its own socket.
    pub(super) fn connect(address: SocketAddr, path: &str, clients: usize) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("the system gives no runtime")?;
        let streams = runtime.block_on(async {
            let mut streams = Vec::with_capacity(clients);
            for _ in 0..clients {
                streams.push((open(address, path).await?, Frames::default()));
            }
            Ok::<_, anyhow::Error>(streams)
        })?;
        Ok(Self { runtime, streams })
    }

    /// Listens for a while.
    pub(super) fn listen(&mut self, time: Duration, told: &Moments) -> Result<Heard> {
        let streams = std::mem::take(&mut self.streams);
        let (all, streams) = self.runtime.block_on(async {
            let end = tokio::time::Instant::now() + time;
            let mut tasks = Vec::with_capacity(streams.len());
            for (stream, frames) in streams {
                tasks.push(tokio::spawn(hear(stream, frames, end)));
            }
            let mut all = Vec::with_capacity(tasks.len());
            let mut streams = Vec::with_capacity(tasks.len());
            for task in tasks {
                let (own, stream) = task.await.context("a client panicked")??;
                all.push(own);
                streams.push(stream);
            }
            // Whoever notes the ticks may be a little behind.
            tokio::time::sleep(NOTED_WITHIN).await;
            Ok::<_, anyhow::Error>((all, streams))
        })?;
        self.streams = streams;
        Ok(Heard::of(&all, told, time.as_secs_f64()))
    }
}

/// Opens a WebSocket, with a head read byte by byte so that nothing after it is lost.
async fn open(address: SocketAddr, path: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let ask = format!(
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(ask.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        ensure!(head.len() < READ_BYTES, "a head without an end");
        head.push(stream.read_u8().await?);
    }
    ensure!(
        head.starts_with(b"HTTP/1.1 101"),
        "no WebSocket: {}",
        String::from_utf8_lossy(&head)
    );
    Ok(stream)
}

async fn hear(
    stream: TcpStream,
    mut frames: Frames,
    end: tokio::time::Instant,
) -> Result<(Own, (TcpStream, Frames))> {
    let mut own = Own::default();
    let mut bytes = Vec::new();
    let mut over = std::pin::pin!(tokio::time::sleep_until(end));
    loop {
        tokio::select! {
            biased;
            () = &mut over => return Ok((own, (stream, frames))),
            ready = stream.readable() => ready?,
        }
        bytes.reserve(READ_BYTES);
        match stream.try_read_buf(&mut bytes) {
            Ok(0) => bail!("the server hung up"),
            Ok(_) => {
                let now = Instant::now();
                frames.read(&bytes, |beginning| note(&mut own, beginning, now));
                bytes.clear();
            }
            Err(source) if source.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(source) => return Err(source.into()),
        }
    }
}

/// Where each thing is a message, `left` says how many of its tick are still to come.
fn note(own: &mut Own, beginning: &[u8], now: Instant) {
    let Some(tick) = number(beginning, b"\"tick\":") else {
        return;
    };
    let left = number(beginning, b"\"left\":");
    own.singles += u64::from(left.is_some());
    if left.unwrap_or(0) == 0 {
        own.ticks.push((tick as u32, now));
    }
}
