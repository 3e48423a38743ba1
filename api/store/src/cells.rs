//! Values on their way out: a row is read column by column, in the order of its table.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, Row};
use uuid::Uuid;

/// A row of either database.
pub(crate) trait Cells: Send + Sync {
    fn int(&self, at: usize) -> Result<Option<i64>, Error>;
    fn text(&self, at: usize) -> Result<Option<String>, Error>;
    fn uuid(&self, at: usize) -> Result<Option<Uuid>, Error>;
    fn bytes(&self, at: usize) -> Result<Option<Vec<u8>>, Error>;
}

macro_rules! cells {
    ($row:ty) => {
        impl Cells for $row {
            fn int(&self, at: usize) -> Result<Option<i64>, Error> {
                self.try_get(at)
            }
            fn text(&self, at: usize) -> Result<Option<String>, Error> {
                self.try_get(at)
            }
            fn uuid(&self, at: usize) -> Result<Option<Uuid>, Error> {
                self.try_get(at)
            }
            fn bytes(&self, at: usize) -> Result<Option<Vec<u8>>, Error> {
                self.try_get(at)
            }
        }
    };
}

cells!(SqliteRow);
cells!(PgRow);

/// Reads a row from left to right.
pub(crate) struct Reader<'r> {
    row: &'r dyn Cells,
    at: usize,
}

impl<'r> Reader<'r> {
    pub(crate) fn new(row: &'r dyn Cells) -> Self {
        Self { row, at: 0 }
    }

    fn step(&mut self) -> usize {
        self.at += 1;
        self.at - 1
    }

    fn missing(&self) -> Error {
        Error::Decode(format!("column {} is empty where it must not be", self.at).into())
    }

    pub(crate) fn opt_int(&mut self) -> Result<Option<i64>, Error> {
        let at = self.step();
        self.row.int(at)
    }

    pub(crate) fn int(&mut self) -> Result<i64, Error> {
        self.opt_int()?.ok_or_else(|| self.missing())
    }

    pub(crate) fn small(&mut self) -> Result<i32, Error> {
        let value = self.int()?;
        i32::try_from(value).map_err(|error| Error::Decode(error.into()))
    }

    pub(crate) fn opt_text(&mut self) -> Result<Option<String>, Error> {
        let at = self.step();
        self.row.text(at)
    }

    pub(crate) fn text(&mut self) -> Result<String, Error> {
        self.opt_text()?.ok_or_else(|| self.missing())
    }

    pub(crate) fn opt_uuid(&mut self) -> Result<Option<Uuid>, Error> {
        let at = self.step();
        self.row.uuid(at)
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, Error> {
        self.opt_uuid()?.ok_or_else(|| self.missing())
    }

    pub(crate) fn opt_bytes(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let at = self.step();
        self.row.bytes(at)
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        self.opt_bytes()?.ok_or_else(|| self.missing())
    }

    pub(crate) fn hash(&mut self) -> Result<[u8; 32], Error> {
        let bytes = self.bytes()?;
        <[u8; 32]>::try_from(bytes.as_slice()).map_err(|error| Error::Decode(error.into()))
    }

    pub(crate) fn opt_hash(&mut self) -> Result<Option<[u8; 32]>, Error> {
        let at = self.step();
        let bytes = self.row.bytes(at)?;
        let hash = bytes.map(|bytes| <[u8; 32]>::try_from(bytes.as_slice()));
        hash.transpose()
            .map_err(|error| Error::Decode(error.into()))
    }

    /// A word of an enumeration.
    pub(crate) fn word<T>(&mut self, parse: fn(&str) -> Option<T>) -> Result<T, Error> {
        let word = self.text()?;
        parse(&word).ok_or_else(|| Error::Decode(format!("the word {word:?} is not known").into()))
    }
}

/// The only column of a row.
pub(crate) fn only_int(row: &mut Reader<'_>) -> Result<i64, Error> {
    row.int()
}

/// The only column of a row.
pub(crate) fn only_text(row: &mut Reader<'_>) -> Result<String, Error> {
    row.text()
}

/// The only column of a row.
pub(crate) fn only_bytes(row: &mut Reader<'_>) -> Result<Vec<u8>, Error> {
    row.bytes()
}
