//! The one handle to what happened.

use std::path::Path;

use hamlet_protocol::ids::{CommentId, PostId};

use crate::batch::{Batch, FrameRow, Head};
use crate::error::{CommitError, StoreError};
use crate::options::{StoreKind, StoreOptions};
use crate::rows::{
    AuditRow, CommentRow, EventRow, ImageInfo, ImageRow, PostRow, PruneOptions, PruneReport,
    TableStat, Write,
};

type Result<T> = std::result::Result<T, StoreError>;

/// What happened, in SQLite or PostgreSQL. Clones are handles to the same store.
#[derive(Clone, Debug)]
pub struct Store {
    kind: StoreKind,
}

#[allow(
    clippy::unused_async,
    clippy::todo,
    unused_variables,
    missing_docs,
    reason = "the bodies follow"
)]
impl Store {
    /// Opens what the address names, makes it where it is missing, and brings its schema up to date.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self> {
        todo!()
    }
    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        self.kind
    }
    /// Takes the world for this server.
    pub async fn begin_epoch(&self, now_ms: i64) -> Result<Head> {
        todo!()
    }
    /// Where the store stands; `None`: no world was ever founded here.
    pub async fn head(&self) -> Result<Option<Head>> {
        todo!()
    }
    /// Commits a batch whole, in one transaction.
    pub async fn commit(&self, batch: &Batch) -> std::result::Result<(), CommitError> {
        todo!()
    }
    /// Folds the log into the file and closes every connection.
    pub async fn close(&self) {
        todo!()
    }
    /// Keeps an image; it is visible when it is whole.
    pub async fn put_image(&self, image: &ImageRow) -> Result<i64> {
        todo!()
    }
    pub async fn newest_image(&self) -> Result<Option<ImageRow>> {
        todo!()
    }
    pub async fn image(&self, id: i64) -> Result<Option<ImageRow>> {
        todo!()
    }
    pub async fn images(&self) -> Result<Vec<ImageInfo>> {
        todo!()
    }
    pub async fn delete_images_before(&self, id: i64) -> Result<u64> {
        todo!()
    }
    pub async fn frames_from(&self, seq: i64, limit: u32) -> Result<Vec<FrameRow>> {
        todo!()
    }
    pub async fn prune(&self, options: PruneOptions) -> Result<PruneReport> {
        todo!()
    }
    /// Hands every row that the directory in memory needs to `each`, in pages: all accounts, agent records, keys that are not revoked,
    /// open claims, sessions, tickets and outcomes whose time is not over, counters, settings.
    pub async fn load_directory(&self, now_ms: i64, each: impl FnMut(Write) + Send) -> Result<()> {
        todo!()
    }
    pub async fn audit_page(&self, after_no: i64, limit: u32) -> Result<Vec<AuditRow>> {
        todo!()
    }
    pub async fn audit_last(&self) -> Result<Option<AuditRow>> {
        todo!()
    }
    pub async fn post_text(&self, id: PostId) -> Result<Option<PostRow>> {
        todo!()
    }
    pub async fn comment_text(&self, id: CommentId) -> Result<Option<CommentRow>> {
        todo!()
    }
    pub async fn events_after(&self, seq: i64, limit: u32) -> Result<Vec<EventRow>> {
        todo!()
    }
    pub async fn posts_page(&self, before_seq: Option<i64>, limit: u32) -> Result<Vec<PostRow>> {
        todo!()
    }
    pub async fn comments_of(
        &self,
        post: PostId,
        after_seq: i64,
        limit: u32,
    ) -> Result<Vec<CommentRow>> {
        todo!()
    }
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        todo!()
    }
    pub async fn stats(&self) -> Result<Vec<TableStat>> {
        todo!()
    }
    /// What is wrong, in sentences; empty: nothing.
    pub async fn integrity_check(&self) -> Result<Vec<String>> {
        todo!()
    }
    pub async fn backup_into(&self, path: &Path) -> Result<()> {
        todo!()
    }
}
