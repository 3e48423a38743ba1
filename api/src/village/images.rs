//! Images of a live village: packed and written off the pump's thread.

use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::image::{IMAGE_FORMAT, WorldImage};
use hamlet_sim::journal::encode_image;
use hamlet_store::{Head, ImageRow, PruneOptions, Store, StoreError};

/// What is kept of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The newest images, at least one.
    pub images: u32,
    /// Hours of the journal; whatever a kept image needs stays longer.
    pub journal_hours: u32,
    /// Hours of events; `None`: all of them.
    pub events_hours: Option<u32>,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            images: 3,
            journal_hours: 24,
            events_hours: Some(7 * 24),
        }
    }
}

impl Keep {
    /// For the store, at this moment.
    #[must_use]
    pub fn at(self, now_ms: i64) -> PruneOptions {
        PruneOptions {
            now_ms,
            images_keep: self.images,
            journal_keep_hours: self.journal_hours,
            events_keep_hours: self.events_hours,
        }
    }
}

/// An image with its place in history.
pub(super) struct ImageTaken {
    pub(super) image: Box<WorldImage>,
    /// Where the store stood when everything before the image was committed.
    pub(super) head: Head,
    pub(super) created_ms: i64,
}

/// Why an image could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It could not be packed.
    #[error("the image cannot be packed: {0}")]
    Pack(#[from] std::io::Error),
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The packing thread died.
    #[error("packing the image panicked")]
    Panicked,
}

impl ImageTaken {
    /// Packs and writes it, and says in the log what came of it: the village goes on without.
    pub(super) async fn keep(self, store: Store, keep: Keep) {
        let (tick, now_ms) = (self.head.tick, self.created_ms);
        match self.write(&store).await {
            Ok(bytes) => {
                tracing::info!(tick, bytes, "an image of the world was kept");
                match store.prune(keep.at(now_ms)).await {
                    Ok(report) => tracing::debug!(?report, "what is old was cleared away"),
                    Err(why) => {
                        tracing::warn!(%why, "what is old could not be cleared away; it is tried again after the next image");
                    }
                }
            }
            Err(why) => {
                tracing::error!(tick, %why, "an image of the world could not be kept; the journal goes on from the one before");
            }
        }
    }

    /// Packs and writes it; gives back its size.
    pub(super) async fn write(self, store: &Store) -> Result<usize, KeepError> {
        let Self {
            image,
            head,
            created_ms,
        } = self;
        let packed = tokio::task::spawn_blocking(move || encode_image(&image)).await;
        let bytes = packed.map_err(|_panic| KeepError::Panicked)??;
        let size = bytes.len();
        let row = ImageRow {
            tick: head.tick,
            last_seq: head.last_seq,
            next_frame: head.next_frame,
            next_order: head.next_order,
            format: i32::try_from(IMAGE_FORMAT).unwrap_or(i32::MAX),
            rules: i32::try_from(RULES_VERSION).unwrap_or(i32::MAX),
            created_ms,
            bytes,
        };
        store.put_image(&row).await?;
        Ok(size)
    }
}
