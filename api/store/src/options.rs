//! How a store is opened.

/// What a commit has to survive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// A power cut: `synchronous=FULL` on SQLite.
    #[default]
    Full,
    /// The end of the process, but a power cut may cost the last commits: `synchronous=NORMAL` on SQLite. PostgreSQL stays at `Full`.
    Normal,
}

/// Which database a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A file of this machine.
    Sqlite,
    /// A server.
    Postgres,
}

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// What a commit has to survive.
    pub durability: Durability,
    /// Connections that read, at most; there is one that writes beside them.
    pub readers_max: u32,
    /// How long a connection is waited for, in milliseconds, before the database counts as unavailable.
    pub acquire_timeout_ms: u64,
    /// Bytes of SQLite's write-ahead log from which it is folded into the file in the background. Commits wait for the end of that:
    /// the larger, the fewer do.
    pub checkpoint_bytes: u64,
    /// Bytes that SQLite's file may have, at most; a commit that would need more fails as one on a full disk does.
    pub file_bytes_max: Option<u64>,
    /// Of what has all the words of a search, so many of the newest are weighed; a word that stands in more than that is not weighed itself.
    pub weighed_max: u32,
    /// Whether one only looks: no file is made and no schema brought up to date; one that is older is refused. For work beside a running server.
    pub look: bool,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            readers_max: 4,
            acquire_timeout_ms: 5_000,
            checkpoint_bytes: 128 * 1024 * 1024,
            file_bytes_max: None,
            weighed_max: 20_000,
            look: false,
        }
    }
}
