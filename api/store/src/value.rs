//! Values on their way into the database, and what a table looks like to those who write it.

use std::borrow::Cow;

use uuid::Uuid;

/// What a column holds; both databases have one type for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Uuid,
    Bytes,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Uuid(Uuid),
    Bytes(Cow<'a, [u8]>),
}

impl<'a> Value<'a> {
    /// Text as it can be kept: PostgreSQL has no place for NUL, and a text that cannot be kept must not stop the world.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.contains('\0') {
            Self::Text(Cow::Owned(text.replace('\0', "\u{FFFD}")))
        } else {
            Self::Text(text)
        }
    }

    pub(crate) fn opt_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(crate) fn bytes(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value<'_> {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(value: Option<i64>) -> Self {
        value.map_or(Self::Null, Self::Int)
    }
}

impl From<Uuid> for Value<'_> {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}

impl From<Option<Uuid>> for Value<'_> {
    fn from(value: Option<Uuid>) -> Self {
        value.map_or(Self::Null, Self::Uuid)
    }
}

/// One row.
pub(crate) type Row<'a> = Vec<Value<'a>>;

/// A table, or those of its columns that one statement writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Name and kind; the key comes first.
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// How many of the columns are the key.
    pub(crate) key: usize,
}

impl Table {
    /// Its columns, as a list for SQL.
    pub(crate) fn list(self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// `SELECT` of all its columns, with what follows the table's name.
    pub(crate) fn select(self, rest: &str) -> String {
        format!("SELECT {} FROM {} {rest}", self.list(), self.name)
    }

    pub(crate) fn key_list(self) -> String {
        let names: Vec<&str> = self.columns[..self.key]
            .iter()
            .map(|(name, _)| *name)
            .collect();
        names.join(", ")
    }

    /// The columns that are not the key.
    pub(crate) fn rest(self) -> impl Iterator<Item = &'static str> {
        self.columns[self.key..].iter().map(|(name, _)| *name)
    }
}

/// What a statement does with its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// Adds them; a key that is there already is an error.
    Insert,
    /// Adds them, or replaces those with the same key.
    Upsert,
    /// Changes rows that are there; a null leaves a column as it is, and a key that is not there is passed over.
    Update,
}
