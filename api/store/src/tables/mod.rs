//! How rows and tables correspond: one implementation of [`Stored`] per row, for both directions and both databases.

mod access;
mod economy;
mod history;
mod identity;
mod memory;
mod moderation;
mod side;
mod social;
mod task;
mod webhook;
mod world;

pub(crate) use self::economy::transfer_values;
pub(crate) use self::memory::{MEMORY_VECTORS, agent_of, number, vector_values};
use crate::cells::Reader;
use crate::value::{Row, Table};

/// A row that a table keeps.
pub(crate) trait Stored: Sized {
    /// Its table. The columns are in the order of `values` and `read`.
    const TABLE: Table;

    /// Its cells.
    fn values(&self) -> Row<'_>;

    /// The row that these cells are.
    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error>;
}
