//! Requests that could not even be read: the connection's own answer to them has no body, and gets one on its way out.
//!
//! Nothing but the connection knows of such a request: it reaches no router. What the router answers always has a request id, by which the two are told apart.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::finish::new_id;
use crate::problem::Problem;

/// What every bare answer begins with, as far as they are looked at.
const BEGINNING: &[u8] = b"HTTP/1.1 4";
/// Bytes that a bare answer has at most: a status line and a few headers.
const BARE_BYTES_MAX: usize = 512;

/// A connection whose bare refusals are completed.
#[derive(Debug)]
pub(crate) struct Completed<S> {
    stream: S,
    /// What must leave before anything else.
    waiting: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Completed<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            waiting: Vec::new(),
        }
    }

    fn send_waiting(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.waiting))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.waiting.drain(..sent);
        }
        Poll::Ready(Ok(()))
    }
}

/// The whole answer in place of a bare one.
fn whole(bare: &[u8]) -> Option<Vec<u8>> {
    if !bare.starts_with(BEGINNING) || bare.len() > BARE_BYTES_MAX {
        return None;
    }
    let head = std::str::from_utf8(bare).ok()?.strip_suffix("\r\n\r\n")?;
    let lower = head.to_ascii_lowercase();
    if lower.contains("x-request-id") || !lower.contains("\r\ncontent-length: 0") {
        return None;
    }
    let status = head.get(9..12)?.parse::<u16>().ok()?;
    let status = StatusCode::from_u16(status).ok()?;
    let (code, detail, hint) = match status {
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            "head_too_large",
            "The request's head is too large.",
            "Send at most 100 headers, and 32 KiB of them with the address.",
        ),
        StatusCode::URI_TOO_LONG => (
            "head_too_large",
            "The address is too long.",
            "Send what is long in the body.",
        ),
        _ => (
            "no_request",
            "This is no HTTP request.",
            "Send HTTP/1.1: a request line and headers that end in an empty line.",
        ),
    };
    let mut body = Problem::new(status, code, detail, hint).body();
    let id = new_id();
    body.request_id = Some(id.clone());
    body.instance = Some("/".to_owned());
    let json = serde_json::to_string(&body).ok()?;
    let reason = status.canonical_reason().unwrap_or("Refused");
    let answer = format!(
        "HTTP/1.1 {} {reason}\r\ncontent-type: application/problem+json\r\nx-request-id: {id}\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{json}",
        status.as_u16(),
        json.len()
    );
    Some(answer.into_bytes())
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Completed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.send_waiting(cx))?;
        if let Some(answer) = whole(bytes) {
            self.waiting = answer;
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.send_waiting(cx))?;
        let mut filled = parts.iter().filter(|part| !part.is_empty());
        if let (Some(only), None) = (filled.next(), filled.next())
            && let Some(answer) = whole(only)
        {
            self.waiting = answer;
            return Poll::Ready(Ok(only.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send_waiting(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send_waiting(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Completed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_refusals_get_a_body_and_nothing_else_does() {
        let bare = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        let answer = String::from_utf8(whole(bare.as_bytes()).expect("it is bare")).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 431 "), "{head}");
        assert!(head.contains(&format!("content-length: {}", body.len())));
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(body["code"], "head_too_large");
        for other in [
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nx-request-id: 1\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\nmore",
            "HTTP/1.1 4",
        ] {
            assert_eq!(whole(other.as_bytes()), None, "{other}");
        }
    }
}
