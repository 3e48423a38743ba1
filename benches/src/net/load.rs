//! The load generator: raw HTTP/1.1 over kept connections, one request at a time on each, all on one thread.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Bytes of an answer's head, at most.
const HEAD_BYTES_MAX: usize = 16 << 10;
/// Seconds that an answer may take before the arm counts as broken.
const ANSWER_SECS_MAX: u64 = 60;

/// Writes a connection's n-th request into an empty buffer.
pub(crate) type Script = Arc<dyn Fn(usize, u64, &mut Vec<u8>) + Send + Sync>;

/// How a server is loaded.
pub(crate) struct Load {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Connections.
    pub(crate) connections: usize,
    /// What they send.
    pub(crate) script: Script,
    /// Time that is not measured.
    pub(crate) warm: Duration,
    /// Time that is.
    pub(crate) time: Duration,
    /// Requests a second over all connections; `None`: as many as are answered.
    pub(crate) rate: Option<f64>,
}

/// What a server did under load.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answered {
    /// Answers a second.
    pub(crate) rate: f64,
    /// 99th percentile of the time to an answer, in milliseconds.
    pub(crate) p99_ms: f64,
    /// Answers other than 2xx.
    pub(crate) faults: u64,
}

/// A request with a body of JSON, or none.
pub(crate) fn request(into: &mut Vec<u8>, method: &str, path: &str, key: Option<&str>, body: &str) {
    into.extend_from_slice(method.as_bytes());
    into.push(b' ');
    into.extend_from_slice(path.as_bytes());
    into.extend_from_slice(b" HTTP/1.1\r\nhost: localhost\r\n");
    if let Some(key) = key {
        into.extend_from_slice(b"authorization: Bearer ");
        into.extend_from_slice(key.as_bytes());
        into.extend_from_slice(b"\r\n");
    }
    if !body.is_empty() {
        let head = format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
        into.extend_from_slice(head.as_bytes());
    }
    into.extend_from_slice(b"\r\n");
    into.extend_from_slice(body.as_bytes());
}

impl Load {
    /// Loads the server and says how it bore that. Runs on a thread of its own, with one thread's worth of a runtime.
    pub(crate) fn run(self) -> Result<Answered> {
        std::thread::scope(|scope| {
            scope
                .spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .context("the system gives no runtime")?;
                    runtime.block_on(self.all())
                })
                .join()
                .unwrap_or_else(|_| anyhow::bail!("the load generator panicked"))
        })
    }

    async fn all(self) -> Result<Answered> {
        let begin = Instant::now() + self.warm;
        let end = begin + self.time;
        let mut tasks = Vec::with_capacity(self.connections);
        for connection in 0..self.connections {
            let client = Client::connect(self.address).await?;
            let pace = self
                .rate
                .map(|rate| Duration::from_secs_f64(self.connections as f64 / rate));
            let script = Arc::clone(&self.script);
            tasks.push(tokio::spawn(one(
                client, connection, script, begin, end, pace,
            )));
        }
        let mut micros: Vec<u32> = Vec::new();
        let mut faults = 0;
        for task in tasks {
            let (own, own_faults) = task.await.context("a connection panicked")??;
            micros.extend(own);
            faults += own_faults;
        }
        ensure!(!micros.is_empty(), "nothing was answered in time");
        micros.sort_unstable();
        let p99 = micros[(micros.len() - 1) * 99 / 100];
        Ok(Answered {
            rate: micros.len() as f64 / self.time.as_secs_f64(),
            p99_ms: f64::from(p99) / 1e3,
            faults,
        })
    }
}

/// One connection's times in microseconds, and how many answers were refusals.
async fn one(
    mut client: Client,
    connection: usize,
    script: Script,
    begin: Instant,
    end: Instant,
    pace: Option<Duration>,
) -> Result<(Vec<u32>, u64)> {
    let mut micros = Vec::new();
    let mut faults = 0;
    let mut request = Vec::new();
    let mut due = Instant::now();
    if let Some(pace) = pace {
        // Connections spread over the first period.
        due += pace.mul_f64(connection as f64 / 64.0 % 1.0);
    }
    for n in 0.. {
        let mut sent = Instant::now();
        if let Some(pace) = pace {
            tokio::time::sleep_until(due.into()).await;
            // What waits behind a slow answer is late too.
            sent = due.max(begin - Duration::from_secs(1));
            due += pace;
        }
        request.clear();
        script(connection, n, &mut request);
        let status = client.ask(&request).await?.0;
        let now = Instant::now();
        if now >= end {
            break;
        }
        if now >= begin {
            micros.push(u32::try_from((now - sent).as_micros()).unwrap_or(u32::MAX));
            faults += u64::from(!(200..300).contains(&status));
        }
    }
    Ok((micros, faults))
}

/// A kept connection.
pub(crate) struct Client {
    stream: TcpStream,
    bytes: Vec<u8>,
}

impl Client {
    /// Connects.
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .context("the arm's server takes no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            bytes: Vec::with_capacity(4 << 10),
        })
    }

    /// Sends a request and gives back the status and body of its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        let within = Duration::from_secs(ANSWER_SECS_MAX);
        tokio::time::timeout(within, self.exchange(request))
            .await
            .context("an answer took longer than a minute")?
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.stream.write_all(request).await?;
        self.bytes.clear();
        let (status, head, length) = loop {
            if let Some(found) = head_of(&self.bytes)? {
                break found;
            }
            ensure!(self.bytes.len() < HEAD_BYTES_MAX, "a head without an end");
            self.more().await?;
        };
        while self.bytes.len() < head + length {
            self.more().await?;
        }
        Ok((status, &self.bytes[head..head + length]))
    }

    async fn more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.bytes).await?;
        ensure!(read > 0, io::Error::from(io::ErrorKind::UnexpectedEof));
        Ok(())
    }
}

/// Status, bytes of the head and of the body, once the head is whole.
fn head_of(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&bytes[..end]).context("a head that is no text")?;
    let status = head.get(9..12).and_then(|word| word.parse().ok());
    let status = status.context("an answer without a status")?;
    let mut length = None;
    for line in head.split("\r\n").skip(1) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    ensure!(
        length.is_some() || matches!(status, 101 | 204 | 304),
        "an answer of unknown length: {head}"
    );
    Ok(Some((status, end + 4, length.unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_whole() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 3\r\nx: y\r\n\r\nabc";
        assert_eq!(head_of(&answer[..20]).expect("so far so good"), None);
        let found = head_of(answer).expect("it is a head");
        assert_eq!(found, Some((201, answer.len() - 3, 3)));
        assert!(head_of(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn a_server_is_loaded() {
        use crate::net::reference::Reference;
        let hello = Reference::hello().expect("it listens");
        let load = |path: &'static str, rate| Load {
            address: hello.address,
            connections: 2,
            script: Arc::new(move |_, _, into| request(into, "GET", path, None, "")),
            warm: Duration::from_millis(10),
            time: Duration::from_secs(2),
            rate,
        };
        let good = load("/", None).run().expect("it is answered");
        assert!(good.rate > 0.0 && good.p99_ms > 0.0 && good.faults == 0);
        let paced = load("/", Some(200.0)).run().expect("it is answered");
        assert!(paced.rate > 0.0 && paced.rate <= 300.0, "{paced:?}");
        let bad = load("/elsewhere", None).run().expect("it is answered");
        assert!(bad.faults > 0, "{bad:?}");
    }
}
