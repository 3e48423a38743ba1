//! Tables on disk: rows go in one by one, columns come out, in bounded memory.

use super::csv_table::CsvTable;
use super::error::Result;
use super::folder::OutputFolder;
use super::parquet_table::ParquetTable;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// A whole number of 64 bits.
    Int,
    /// UTC milliseconds since the epoch.
    Time,
    /// A floating-point number.
    Number,
    /// A text in UTF-8.
    Text,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// What it holds.
    pub(crate) kind: ColumnKind,
    /// Whether every row has a value.
    pub(crate) required: bool,
}

impl Column {
    /// A column that may be empty in some rows.
    pub(crate) fn optional(name: &str, kind: ColumnKind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            required: false,
        }
    }

    /// A column that is never empty.
    pub(crate) fn required(name: &str, kind: ColumnKind) -> Self {
        Self {
            required: true,
            ..Self::optional(name, kind)
        }
    }
}

/// A value of one row in one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Null,
    /// For [`ColumnKind::Int`] and [`ColumnKind::Time`].
    Int(i64),
    /// For [`ColumnKind::Number`]; `NaN` is written as no value.
    Number(f64),
    /// For [`ColumnKind::Text`].
    Text(&'a str),
}

impl Cell<'_> {
    /// A whole number or nothing.
    pub(crate) fn int(value: Option<impl Into<i64>>) -> Self {
        value.map_or(Self::Null, |value| Self::Int(value.into()))
    }
}

impl<'a> Cell<'a> {
    /// A text or nothing.
    pub(crate) fn text(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }
}

/// One table in a folder, as Parquet and, on request, as CSV beside it.
pub(crate) struct TableFiles {
    parquet: ParquetTable,
    csv: Option<CsvTable>,
}

impl TableFiles {
    /// Begins `NAME.parquet`, and `NAME.csv` when asked.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn create(
        folder: &OutputFolder,
        name: &str,
        columns: &[Column],
        about: &[(&str, String)],
        csv: bool,
    ) -> Result<Self> {
        let file = folder.create(&format!("{name}.parquet"))?;
        let parquet = ParquetTable::new(file, columns, about)?;
        let csv = match csv {
            true => Some(CsvTable::new(
                folder.create(&format!("{name}.csv"))?,
                columns,
            )?),
            false => None,
        };
        Ok(Self { parquet, csv })
    }

    /// Adds a row: one cell per column.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if let Some(csv) = &mut self.csv {
            csv.row(cells)?;
        }
        self.parquet.row(cells)
    }

    /// Finishes the files, and returns the paths that they will have.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(self) -> Result<Vec<std::path::PathBuf>> {
        let mut paths = vec![self.parquet.finish()?];
        if let Some(csv) = self.csv {
            paths.push(csv.finish()?);
        }
        Ok(paths)
    }
}
