//! Images of the world, what may be deleted, and how large everything is.

/// An image of the world and its place in history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRow {
    /// The world stands after this tick.
    pub tick: i64,
    /// Number of the last durable event in it.
    pub last_seq: i64,
    /// The first journal frame that is not in it.
    pub next_frame: i64,
    /// Order of the next command after `tick`.
    pub next_order: i32,
    /// `IMAGE_FORMAT` of the bytes.
    pub format: i32,
    /// `RULES_VERSION` by which the world came to be.
    pub rules: i32,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// The image, packed.
    pub bytes: Vec<u8>,
}

/// An image without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// Key; later images have higher ones.
    pub id: i64,
    /// See [`ImageRow::tick`].
    pub tick: i64,
    /// See [`ImageRow::last_seq`].
    pub last_seq: i64,
    /// See [`ImageRow::next_frame`].
    pub next_frame: i64,
    /// See [`ImageRow::next_order`].
    pub next_order: i32,
    /// See [`ImageRow::format`].
    pub format: i32,
    /// See [`ImageRow::rules`].
    pub rules: i32,
    /// UTC milliseconds.
    pub created_ms: i64,
    /// How many bytes it has.
    pub size: i64,
}

/// What is old enough to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PruneOptions {
    /// UTC milliseconds.
    pub now_ms: i64,
    /// The newest images that stay; at least one always does.
    pub images_keep: u32,
    /// Frames younger than this stay, and so does every frame that a kept image needs.
    pub journal_keep_hours: u32,
    /// Events younger than this stay; `None`: all do.
    pub events_keep_hours: Option<u32>,
}

/// What was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PruneReport {
    /// Images.
    pub images: u64,
    /// Journal frames.
    pub frames: u64,
    /// Events.
    pub events: u64,
    /// Sessions, tickets, outcomes and counters whose time was over.
    pub expired: u64,
}

/// How large a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableStat {
    /// Its name.
    pub table: String,
    /// Rows in it.
    pub rows: i64,
    /// Bytes it takes with its indexes.
    pub bytes: i64,
}
