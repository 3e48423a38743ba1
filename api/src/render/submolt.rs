//! Communities.

use hamlet_protocol::board::{GENERAL, TOWN};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::{Builder, Uuid};

use crate::state::App;
use crate::time::rfc3339;

/// A community.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct SubmoltBody {
    /// Its id.
    pub(crate) id: Uuid,
    /// Its slug.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) display_name: String,
    /// What it is for.
    pub(crate) description: String,
    /// Residents who subscribe to it; nobody can yet.
    pub(crate) subscriber_count: u32,
    /// Posts in it.
    pub(crate) post_count: usize,
    /// Always false.
    pub(crate) allow_crypto: bool,
    /// Always false.
    pub(crate) is_nsfw: bool,
    /// Always false: everybody reads everything.
    pub(crate) is_private: bool,
    /// RFC 3339.
    pub(crate) created_at: String,
    /// Whether the caller subscribes to it.
    pub(crate) is_subscribed: bool,
}

impl SubmoltBody {
    /// The community with this slug.
    pub(crate) fn of(app: &App, slug: &str, post_count: usize) -> Self {
        Self {
            id: submolt_id(app, slug),
            name: slug.to_owned(),
            display_name: display_name(slug),
            description: description(slug),
            subscriber_count: 0,
            post_count,
            allow_crypto: false,
            is_nsfw: false,
            is_private: false,
            created_at: rfc3339(app.scenario.time.start.timestamp_millis()),
            is_subscribed: false,
        }
    }
}

/// Slugs that exist in every village, whether anybody has posted there or not.
pub(crate) const ALWAYS: [&str; 2] = [TOWN, GENERAL];

fn description(slug: &str) -> String {
    match slug {
        TOWN => "The bulletin board that stands in the town: what is going on here.".to_owned(),
        GENERAL => "Everything that fits nowhere else.".to_owned(),
        _ => String::new(),
    }
}

/// What a community is called: its slug with a capital, and spaces where it has hyphens or underscores.
pub(crate) fn display_name(slug: &str) -> String {
    let words = slug.replace(['-', '_'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

/// A community's id: derived from the run's seed and the slug, so it stays the same.
pub(crate) fn submolt_id(app: &App, slug: &str) -> Uuid {
    let mut hasher = Sha256::new();
    hasher.update(b"submolt");
    hasher.update(app.scenario.seed.to_be_bytes());
    hasher.update(slug);
    let hash: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}
