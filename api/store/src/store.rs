//! The one handle to what happened.

mod commit;
mod directory;
mod economy;
mod follows;
mod health;
mod images;
mod kept;
mod memories;
mod moderation;
mod prune;
mod reads;
mod search;
mod social;
mod tasks;
mod texts;
mod webhooks;
mod whole;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::address::Address;
use crate::backend::Backend;
use crate::batch::Head;
use crate::error::StoreError;
use crate::options::{StoreKind, StoreOptions};
use crate::plan::Step;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;

pub use self::directory::OVER_KEPT_MS;
pub use self::economy::{BountyWords, TransferQuery};
pub use self::kept::{Kept, Whose};
pub use self::moderation::{CaseQuery, MeasureQuery};
pub use self::prune::WINDOW_KEEP_MS;

type Result<T> = std::result::Result<T, StoreError>;

/// What happened, in SQLite or PostgreSQL. Clones are handles to the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    /// The epoch this server began; 0 before.
    epoch: AtomicI64,
    /// How often the database was asked for something.
    operations: AtomicU64,
    /// What a search weighs at most.
    weighed_max: u32,
    /// One image at a time is written.
    imaging: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Store {
    /// Without the address: there may be a password in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens what the address names, makes the file where it is missing, and brings the schema up to date.
    ///
    /// # Errors
    /// `Url`, `Unavailable`, `Unsupported` for an old server, `NewerSchema` where a later version was here before.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self> {
        let backend = match Address::parse(url)? {
            Address::Sqlite(path) => Backend::Sqlite(Box::new(Sqlite::open(path, &options).await?)),
            Address::Postgres(connect) => {
                Backend::Postgres(Box::new(Postgres::open(*connect, &options).await?))
            }
        };
        Ok(Self {
            inner: Arc::new(Inner {
                backend,
                epoch: AtomicI64::new(0),
                operations: AtomicU64::new(0),
                weighed_max: options.weighed_max,
                imaging: tokio::sync::Mutex::new(()),
            }),
        })
    }

    /// The file that an address names; `None` where it names a server.
    ///
    /// # Errors
    /// `Url`.
    pub fn file_of(url: &str) -> Result<Option<PathBuf>> {
        Ok(match Address::parse(url)? {
            Address::Sqlite(path) => Some(path),
            Address::Postgres(_) => None,
        })
    }

    /// What an address names, for people: a file, or a database and its server, never the password.
    ///
    /// # Errors
    /// `Url`.
    pub fn name_of(url: &str) -> Result<String> {
        Ok(match Address::parse(url)? {
            Address::Sqlite(path) => path.display().to_string(),
            Address::Postgres(options) => {
                let server = match options.get_socket() {
                    Some(socket) => socket.display().to_string(),
                    None => format!("{}:{}", options.get_host(), options.get_port()),
                };
                let database = options.get_database();
                let database = database.unwrap_or_else(|| options.get_username());
                format!("the database {database} of {server}")
            }
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        match self.inner.backend {
            Backend::Sqlite(_) => StoreKind::Sqlite,
            Backend::Postgres(_) => StoreKind::Postgres,
        }
    }

    /// Takes the world for this server: nobody else can while it lives, and whoever had it before can write no more.
    ///
    /// # Errors
    /// `InUse` where another server has it.
    pub async fn begin_epoch(&self, now_ms: i64) -> Result<Head> {
        self.backend().take().await?;
        let begin = Step::Sql {
            sql: "INSERT INTO head (one, epoch, batch, last_seq, tick, stamp_ms, next_frame, next_order, begun_ms) \
                  VALUES (1, 1, 0, 0, 0, 0, 0, 0, $1) \
                  ON CONFLICT (one) DO UPDATE SET epoch = head.epoch + 1, begun_ms = excluded.begun_ms"
                .to_owned(),
            args: vec![now_ms.into()],
        };
        let done = self.backend().transact(false, &[begin]).await;
        done.map_err(|failure| failure.error)?;
        let head = self.place().await?.ok_or_else(|| StoreError::Corrupt {
            what: "the head is missing just after it was written".to_owned(),
        })?;
        self.inner.epoch.store(head.epoch, Ordering::Release);
        Ok(head)
    }

    /// Where the store stands; `None`: no world was ever founded here, for there is neither a batch nor an image.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn head(&self) -> Result<Option<Head>> {
        let Some(head) = self.place().await? else {
            return Ok(None);
        };
        if head.batch > 0 || !self.images().await?.is_empty() {
            return Ok(Some(head));
        }
        Ok(None)
    }

    /// Folds the log into the file, lets go of the world and closes every connection. Other handles are closed with it.
    pub async fn close(&self) {
        match self.backend() {
            Backend::Sqlite(database) => database.close().await,
            Backend::Postgres(database) => database.close().await,
        }
    }

    /// How many queries and transactions the database was asked for since it was opened.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.inner.operations.load(Ordering::Relaxed)
    }

    fn backend(&self) -> &Backend {
        self.inner.operations.fetch_add(1, Ordering::Relaxed);
        &self.inner.backend
    }

    /// The head as it stands in its table.
    async fn place(&self) -> Result<Option<Head>> {
        self.backend().row("WHERE one = 1", vec![]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Batch;
    use crate::rows::PruneOptions;

    fn sendable<T: Send>(_future: T) {}

    /// Servers await these on any thread; that they can is checked by compiling.
    #[tokio::test]
    async fn what_is_awaited_can_move_between_threads() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let url = format!("sqlite://{}/hamlet.db", folder.path().display());
        sendable(Store::open(&url, StoreOptions::default()));
        let store = Store::open(&url, StoreOptions::default()).await;
        let store = store.expect("it opens");
        sendable(store.begin_epoch(0));
        sendable(store.commit(&Batch::default()));
        sendable(store.newest_image());
        sendable(store.load_directory(0, |_write| ()));
        sendable(store.prune(PruneOptions {
            now_ms: 0,
            images_keep: 1,
            journal_keep_hours: 1,
            events_keep_hours: None,
        }));
        sendable(store.integrity_check());
        assert_eq!(format!("{store:?}"), "Store { kind: Sqlite, .. }");
        store.close().await;
    }
}
