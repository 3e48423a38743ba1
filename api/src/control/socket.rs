//! One order a connection: a line of JSON in, a line of JSON out.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use super::office::{Office, Order};
use crate::problem::Problem;

/// Bytes an order may have.
const ORDER_BYTES_MAX: u64 = 64 << 10;
/// Bytes an answer may have.
const ANSWER_BYTES_MAX: u64 = 1 << 20;
/// Time a connection has to say what it wants.
const ORDER_TIMEOUT: Duration = Duration::from_secs(5);
/// Wait after an accept that failed, such as for want of file descriptors.
const ACCEPT_RETRY: Duration = Duration::from_millis(50);
/// Time an order may take; a backup of a large village takes its time.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3600);

#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    #[serde(rename = "done")]
    Done(Value),
    #[serde(rename = "refused")]
    Refused(String),
}

/// Takes orders on a socket until dropped. A socket that a dead server left behind gives way: the folder's lock says who is alive.
///
/// # Errors
/// When the socket cannot be made.
pub async fn listen(path: &Path, office: Arc<Office>) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(source),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    loop {
        let (stream, _peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(source) => {
                tracing::warn!(%source, "an order could not be heard");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let office = Arc::clone(&office);
        tokio::spawn(async move {
            if let Err(source) = serve(stream, &office).await {
                tracing::debug!(%source, "an order was not heard to its end");
            }
        });
    }
}

async fn serve(mut stream: tokio::net::UnixStream, office: &Office) -> io::Result<()> {
    let (read, mut write) = stream.split();
    let mut line = String::new();
    let mut read = tokio::io::BufReader::new(read.take(ORDER_BYTES_MAX));
    tokio::time::timeout(ORDER_TIMEOUT, read.read_line(&mut line)).await??;
    let answer = match serde_json::from_str::<Order>(&line) {
        Ok(order) => match office.carry_out(order).await {
            Ok(done) => Answer::Done(done),
            Err(refused) => Answer::Refused(said(&refused)),
        },
        Err(source) => Answer::Refused(format!(
            "the server does not know this order ({source}): use the program of the server's version"
        )),
    };
    let mut bytes = serde_json::to_vec(&answer)?;
    bytes.push(b'\n');
    write.write_all(&bytes).await?;
    write.shutdown().await
}

/// Gives an order to the server that has this socket; `None` when there is no server.
///
/// # Errors
/// `Ok(Err(_))` is the server's refusal; an error that it went away while it was asked.
pub fn ask(path: &Path, order: &Order) -> io::Result<Option<Result<Value, String>>> {
    let mut stream = match UnixStream::connect(path) {
        Ok(stream) => stream,
        Err(source)
            if matches!(
                source.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return Ok(None);
        }
        Err(source) => return Err(source),
    };
    stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
    let mut bytes = serde_json::to_vec(order)?;
    bytes.push(b'\n');
    stream.write_all(&bytes)?;
    let mut line = String::new();
    BufReader::new(stream.take(ANSWER_BYTES_MAX)).read_line(&mut line)?;
    match serde_json::from_str(&line)? {
        Answer::Done(done) => Ok(Some(Ok(done))),
        Answer::Refused(why) => Ok(Some(Err(why))),
    }
}

/// A refusal in one line.
pub(super) fn said(refused: &Problem) -> String {
    match refused.hint.is_empty() {
        true => refused.detail.clone(),
        false => format!("{} {}", refused.detail, refused.hint),
    }
}
