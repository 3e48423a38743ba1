//! Frames as messages: encoded when the first listener wants them, then shared.

use std::sync::OnceLock;

use axum::extract::ws::{Message, Utf8Bytes};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// How frames are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// Text messages.
    #[default]
    Json,
    /// Binary messages: maps with named fields.
    Msgpack,
}

/// A frame that many listeners share.
#[derive(Debug)]
pub(super) struct Shared<F> {
    frame: F,
    json: OnceLock<Utf8Bytes>,
    msgpack: OnceLock<Bytes>,
}

impl<F: Serialize> Shared<F> {
    pub(super) fn new(frame: F) -> Self {
        Self {
            frame,
            json: OnceLock::new(),
            msgpack: OnceLock::new(),
        }
    }

    /// The frame itself.
    pub(super) fn frame(&self) -> &F {
        &self.frame
    }

    /// The frame as a message; encoded by whoever is the first to ask.
    pub(super) fn message(&self, format: Format) -> Message {
        match format {
            Format::Json => Message::Text(self.json.get_or_init(|| json(&self.frame)).clone()),
            Format::Msgpack => {
                Message::Binary(self.msgpack.get_or_init(|| msgpack(&self.frame)).clone())
            }
        }
    }
}

/// A frame for one listener.
pub(super) fn message(frame: &impl Serialize, format: Format) -> Message {
    match format {
        Format::Json => Message::Text(json(frame)),
        Format::Msgpack => Message::Binary(msgpack(frame)),
    }
}

fn json(frame: &impl Serialize) -> Utf8Bytes {
    // Frames have string keys and finite numbers only: writing them cannot fail.
    serde_json::to_string(frame).unwrap_or_default().into()
}

fn msgpack(frame: &impl Serialize) -> Bytes {
    rmp_serde::to_vec_named(frame).unwrap_or_default().into()
}
