//! Images of the world: written in pieces beside the commits, visible when they are whole.

use std::sync::atomic::Ordering;

use crate::batch::FrameRow;
use crate::cells::only_bytes;
use crate::error::StoreError;
use crate::plan::Step;
use crate::rows::{ImageInfo, ImageRow};
use crate::store::{Result, Store};
use crate::value::Value;
use crate::writer::Done;

/// Bytes of one piece: what one statement carries, and how long a commit waits behind it.
const CHUNK_BYTES: usize = 1024 * 1024;

impl Store {
    /// Keeps an image and gives its id. It is visible when it is whole; what a killed server left half-written is deleted by the next image.
    ///
    /// The events and frames before it must be committed: an image that is ahead of the head is refused, unless no batch was committed yet.
    ///
    /// # Errors
    /// `Fenced` where another server took the world, `Sql` for an image ahead of the head, `Unavailable`, `Full`.
    pub async fn put_image(&self, image: &ImageRow) -> Result<i64> {
        let _one_at_a_time = self.inner.imaging.lock().await;
        let id = self.begin_image(image).await?;
        for (part, bytes) in (0_i64..).zip(image.bytes.chunks(CHUNK_BYTES)) {
            let args = vec![id.into(), part.into(), Value::bytes(bytes)];
            self.backend()
                .write(
                    "INSERT INTO image_chunks (image, part, bytes) VALUES ($1, $2, $3)",
                    args,
                )
                .await?;
        }
        self.end_image(id, image).await?;
        Ok(id)
    }

    async fn begin_image(&self, image: &ImageRow) -> Result<i64> {
        self.backend()
            .write("DELETE FROM images WHERE complete = 0", vec![])
            .await?;
        let newest = self
            .backend()
            .read("SELECT COALESCE(MAX(id), 0) FROM images", vec![], |row| {
                row.int()
            })
            .await?;
        let id = newest.first().copied().unwrap_or(0) + 1;
        let size = i64::try_from(image.bytes.len()).unwrap_or(i64::MAX);
        let args = vec![
            id.into(),
            image.tick.into(),
            image.last_seq.into(),
            image.next_frame.into(),
            image.next_order.into(),
            image.format.into(),
            image.rules.into(),
            image.created_ms.into(),
            size.into(),
        ];
        self.backend()
            .write(
                "INSERT INTO images (id, tick, last_seq, next_frame, next_order, format, rules, created_ms, size, complete) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
                args,
            )
            .await?;
        Ok(id)
    }

    /// Makes it visible, if this server still has the world and the store has come as far as the image.
    async fn end_image(&self, id: i64, image: &ImageRow) -> Result<()> {
        let epoch = self.inner.epoch.load(Ordering::Acquire);
        let guard = Step::Sql {
            sql: "UPDATE head SET epoch = epoch WHERE epoch = $1 \
                  AND (batch = 0 OR (tick >= $2 AND last_seq >= $3 AND next_frame >= $4))"
                .to_owned(),
            args: vec![
                epoch.into(),
                image.tick.into(),
                image.last_seq.into(),
                image.next_frame.into(),
            ],
        };
        let show = Step::Sql {
            sql: "UPDATE images SET complete = 1 WHERE id = $1".to_owned(),
            args: vec![id.into()],
        };
        let done = self.backend().transact(true, &[guard, show]).await;
        match done.map_err(|failure| failure.error)? {
            Done::Committed(_) => Ok(()),
            Done::Refused if self.place().await?.is_some_and(|head| head.epoch == epoch) => {
                Err(StoreError::Sql {
                    what:
                        "an image must not be ahead of what is committed: commit its frames first"
                            .to_owned(),
                })
            }
            Done::Refused => Err(StoreError::Fenced),
        }
    }

    /// The images there are, the newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn images(&self) -> Result<Vec<ImageInfo>> {
        self.backend()
            .rows("WHERE complete = 1 ORDER BY id DESC", vec![])
            .await
    }

    /// The newest image.
    ///
    /// # Errors
    /// As [`Store::image`].
    pub async fn newest_image(&self) -> Result<Option<ImageRow>> {
        match self.images().await?.first() {
            Some(newest) => self.image(newest.id).await,
            None => Ok(None),
        }
    }

    /// One image with its bytes.
    ///
    /// # Errors
    /// `Corrupt` where pieces are missing.
    pub async fn image(&self, id: i64) -> Result<Option<ImageRow>> {
        let info: Option<ImageInfo> = self
            .backend()
            .row("WHERE complete = 1 AND id = $1", vec![id.into()])
            .await?;
        let Some(info) = info else { return Ok(None) };
        let size = usize::try_from(info.size).unwrap_or(0);
        let mut bytes = Vec::with_capacity(size);
        for part in 0..size.div_ceil(CHUNK_BYTES) {
            let part = i64::try_from(part).unwrap_or(i64::MAX);
            let chunk = self
                .backend()
                .read(
                    "SELECT bytes FROM image_chunks WHERE image = $1 AND part = $2",
                    vec![id.into(), part.into()],
                    only_bytes,
                )
                .await?;
            bytes.extend(chunk.into_iter().flatten());
        }
        if bytes.len() != size {
            return Err(StoreError::Corrupt {
                what: format!(
                    "image {id} has {} of its {size} bytes; an earlier one may be whole",
                    bytes.len()
                ),
            });
        }
        Ok(Some(ImageRow {
            tick: info.tick,
            last_seq: info.last_seq,
            next_frame: info.next_frame,
            next_order: info.next_order,
            format: info.format,
            rules: info.rules,
            created_ms: info.created_ms,
            bytes,
        }))
    }

    /// Deletes images with lower ids than this, but never the newest there is; how many.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn delete_images_before(&self, id: i64) -> Result<u64> {
        self.backend()
            .write(
                "DELETE FROM images WHERE complete = 1 AND id < $1 \
                 AND id < (SELECT MAX(id) FROM images WHERE complete = 1)",
                vec![id.into()],
            )
            .await
    }

    /// The journal's frames from this number on, at most `limit` of them.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn frames_from(&self, seq: i64, limit: u32) -> Result<Vec<FrameRow>> {
        self.backend()
            .rows(
                "WHERE seq >= $1 ORDER BY seq LIMIT $2",
                vec![seq.into(), i64::from(limit).into()],
            )
            .await
    }
}
