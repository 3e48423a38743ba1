//! One request and its answer, over a connection of its own.

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;

use super::OutboundError;
use super::target::Target;

/// An answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// Its beginning.
    pub(super) body: Vec<u8>,
}

/// Sends a request and reads its answer, of which the body up to `bytes_max`.
pub(super) async fn exchange(
    target: &Target,
    private: bool,
    request: Request<Bytes>,
    bytes_max: usize,
) -> Result<Answer, OutboundError> {
    let unreachable = |_fault| OutboundError::Unreachable;
    let stream = target.connect(private).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    // The connection ends with this future: nothing of it lives on.
    let answer = async move {
        let (head, body) = sender
            .send_request(request.map(Full::new))
            .await
            .map_err(unreachable)?
            .into_parts();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: beginning(body, bytes_max).await?,
        })
    };
    tokio::select! {
        answer = answer => answer,
        // A connection that ends before its answer is read has failed; else the answer is there first.
        Err(_fault) = connection => Err(OutboundError::Unreachable),
    }
}

async fn beginning(
    mut body: hyper::body::Incoming,
    bytes_max: usize,
) -> Result<Vec<u8>, OutboundError> {
    let mut bytes = Vec::new();
    while bytes.len() < bytes_max {
        let Some(frame) = body.frame().await else {
            break;
        };
        let frame = frame.map_err(|_fault| OutboundError::Unreachable)?;
        if let Some(data) = frame.data_ref() {
            let room = bytes_max - bytes.len();
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    Ok(bytes)
}
