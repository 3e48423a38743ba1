//! Pictures that members hand in: kept under the SHA-256 of what is in them, so a file never changes and can be cached for ever.
//!
//! They lie in the village's folder or in a bucket of an S3 service. What the world or a row holds is the hash alone.
//! A file that nothing names any more stays until `hamlet admin prune` sweeps it away.

mod picture;
mod place;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;
use hamlet_protocol::ids::AgentId;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use uuid::Uuid;

pub use picture::{PICTURE_BYTES_MAX, Shape};
pub use place::private_file;
pub use place::{Bucket, FOLDER, FilesPlace, OpenError};
pub(crate) use place::{file_named, files_in, make_private};

use crate::directory::Directory;
use crate::problem::Problem;
use crate::state::App;

/// Pictures that are decoded at once: each may take [`picture::DECODE_BYTES_MAX`].
const DECODING_MAX: usize = 2;
/// How old a file is that is swept away, in milliseconds.
const SWEPT_AFTER_MS: i64 = 86_400_000;

/// The SHA-256 of a file, written in lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileHash(pub [u8; 32]);

impl FileHash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Where the file is served, under the server's address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/files/{self}", crate::router::BASE)
    }

    /// Where others find it: whole where the server's public address is known, else from the root of this server.
    #[must_use]
    pub fn url(&self, public_url: Option<&str>) -> String {
        let before = public_url.unwrap_or_default().trim_end_matches('/');
        format!("{before}{}", self.path())
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// It is no hash of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file is named by the 64 hexadecimal digits of its SHA-256")]
pub struct NoHash;

impl FromStr for FileHash {
    type Err = NoHash;

    fn from_str(text: &str) -> Result<Self, NoHash> {
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoHash);
        }
        let mut hash = [0; 32];
        for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_never| NoHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_digit| NoHash)?;
        }
        Ok(Self(hash))
    }
}

/// Where pictures are kept.
#[derive(Clone, Debug)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    decoding: Arc<Semaphore>,
}

impl FileStore {
    /// Files that lie in this store.
    #[must_use]
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            decoding: Arc::new(Semaphore::new(DECODING_MAX)),
        }
    }

    /// Decodes a picture, makes it this shape, and keeps it. Nothing of the file that came is left but its pixels.
    ///
    /// # Errors
    /// 413 and 415 as [`Shape`] says, 503 when the files cannot be reached.
    pub async fn keep_picture(&self, bytes: Bytes, shape: Shape) -> Result<FileHash, Problem> {
        let turn = Arc::clone(&self.decoding).acquire_owned().await;
        let drawn = tokio::task::spawn_blocking(move || {
            let drawn = picture::redraw(&bytes, shape);
            drop(turn);
            drawn
        });
        let drawn = drawn
            .await
            .map_err(|_panic| Problem::internal("decoding a picture panicked"))??;
        self.keep(drawn.into()).await
    }

    /// Keeps a file as it is.
    async fn keep(&self, bytes: Bytes) -> Result<FileHash, Problem> {
        let hash = FileHash::of(&bytes);
        self.store
            .put(&place_of(hash), bytes.into())
            .await
            .map_err(unreachable)?;
        Ok(hash)
    }

    /// Deletes files that are named nowhere and are older than a day: who hands in a picture names it within that time. Says how many.
    ///
    /// # Errors
    /// 503 when the files cannot be reached; what was deleted before stays deleted.
    pub async fn sweep(&self, named: &BTreeSet<FileHash>, now_ms: i64) -> Result<u64, Problem> {
        let mut found = self.store.list(None);
        let mut old = Vec::new();
        while let Some(meta) = found.next().await {
            let meta = meta.map_err(unreachable)?;
            let hash = meta.location.filename().and_then(|name| {
                let digits = name.strip_suffix(".png")?;
                digits.parse::<FileHash>().ok()
            });
            // What is not called as we call files is none of ours.
            let Some(hash) = hash.filter(|hash| place_of(*hash) == meta.location) else {
                continue;
            };
            let is_old = meta.last_modified.timestamp_millis() < now_ms - SWEPT_AFTER_MS;
            if is_old && !named.contains(&hash) {
                old.push(meta.location);
            }
        }
        let mut swept = 0;
        for place in old {
            self.store.delete(&place).await.map_err(unreachable)?;
            swept += 1;
        }
        Ok(swept)
    }

    /// A file; `None` where there is none.
    ///
    /// # Errors
    /// 503 when the files cannot be reached.
    pub async fn read(&self, hash: FileHash) -> Result<Option<Bytes>, Problem> {
        let found = match self.store.get(&place_of(hash)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(unreachable(error)),
        };
        let bytes = found.bytes().await.map_err(unreachable)?;
        if FileHash::of(&bytes) != hash {
            return Err(Problem::internal(&format!(
                "the file {hash} is not what it was: the disk or somebody changed it"
            )));
        }
        Ok(Some(bytes))
    }
}

/// Where the picture of an agent or a person is, where they show one. A person may be meant by their account or by whom they are in the town.
pub(crate) fn avatar_url(app: &App, directory: &Directory, subject: Uuid) -> Option<String> {
    let account = directory.account_of(AgentId(subject));
    let subject = account.map_or(subject, |account| account.id);
    let hash = directory.avatar(subject).map(FileHash)?;
    Some(hash.url(app.config.public_url.as_deref()))
}

fn place_of(hash: FileHash) -> Path {
    Path::from(place::name_of(hash))
}

fn unreachable(error: Error) -> Problem {
    tracing::error!(%error, "pictures cannot be read or written");
    Problem::unavailable("files", "Pictures cannot be reached just now.", 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = FileHash::of(b"a");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(hash.to_string().to_uppercase().parse(), Ok(hash));
        for wrong in ["", "ab", &"g".repeat(64), &"é".repeat(32), &"+1".repeat(32)] {
            assert_eq!(wrong.parse::<FileHash>(), Err(NoHash), "{wrong}");
        }
        assert_eq!(
            hash.url(Some("https://town.example")),
            format!("https://town.example/api/v1/files/{hash}")
        );
    }
}
