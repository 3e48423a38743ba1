//! Which of the two databases does the work.

use crate::cells::Reader;
use crate::error::StoreError;
use crate::plan::Step;
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::tables::Stored;
use crate::value::Row;
use crate::writer::{Done, Failure};

/// One of the two.
pub(crate) enum Backend {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Postgres>),
}

impl Backend {
    /// Makes this process the only one that has the world.
    pub(crate) async fn take(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(database) => database.take(),
            Self::Postgres(database) => database.take().await,
        }
    }

    /// Makes sure of it again, where a lost connection may have cost it.
    pub(crate) async fn retake(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(database) => database.retake().await,
        }
    }

    /// Runs the steps in one transaction. With `guarded`, the first one must touch exactly one row.
    pub(crate) async fn transact(
        &self,
        guarded: bool,
        steps: &[Step<'_>],
    ) -> Result<Done, Failure> {
        match self {
            Self::Sqlite(database) => database.transact(guarded, steps).await,
            Self::Postgres(database) => database.transact(guarded, steps).await,
        }
    }

    /// One statement on its own; how many rows it touched.
    pub(crate) async fn write(
        &self,
        sql: impl Into<String>,
        args: Row<'_>,
    ) -> Result<u64, StoreError> {
        let step = Step::Sql {
            sql: sql.into(),
            args,
        };
        match self.transact(false, &[step]).await {
            Ok(Done::Committed(touched)) => Ok(touched),
            Ok(Done::Refused) => Ok(0),
            Err(failure) => Err(failure.error),
        }
    }

    /// Rows, decoded one by one.
    pub(crate) async fn read<T>(
        &self,
        sql: impl Into<String>,
        args: Row<'_>,
        decode: fn(&mut Reader<'_>) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(database) => database.read(sql.into(), args, decode).await,
            Self::Postgres(database) => database.read(sql.into(), args, decode).await,
        }
    }

    /// Rows of a table, with what follows `SELECT … FROM table`.
    pub(crate) async fn rows<T: Stored>(
        &self,
        rest: &str,
        args: Row<'_>,
    ) -> Result<Vec<T>, StoreError> {
        self.read(T::TABLE.select(rest), args, T::read).await
    }

    /// The only row, or none.
    pub(crate) async fn row<T: Stored>(
        &self,
        rest: &str,
        args: Row<'_>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.rows(rest, args).await?.into_iter().next())
    }
}
