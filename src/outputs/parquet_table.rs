//! Parquet files, written row group by row group so that a long run never lies in memory.

use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;

use super::error::{OutputError, Result};
use super::folder::AtomicFile;
use super::table::{Cell, Column, ColumnKind};

/// Rows gathered before they are encoded and written.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// Bytes of text gathered before they are encoded and written, however few rows they are.
const TEXT_BYTES_PER_GROUP: usize = 16 * 1024 * 1024;

/// A Parquet file being written.
pub(crate) struct ParquetTable {
    path: PathBuf,
    writer: SerializedFileWriter<AtomicFile>,
    columns: Vec<Gathered>,
    rows: usize,
    text_bytes: usize,
}

impl ParquetTable {
    /// Begins a table; `about` goes into the file as metadata.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn new(
        file: AtomicFile,
        columns: &[Column],
        about: &[(&str, String)],
    ) -> Result<Self> {
        let path = file.path().to_owned();
        Self::begin(file, columns, about).map_err(|error| fault(path, error))
    }

    fn begin(
        file: AtomicFile,
        columns: &[Column],
        about: &[(&str, String)],
    ) -> parquet::errors::Result<Self> {
        let path = file.path().to_owned();
        let schema = Arc::new(parse_message_type(&schema_text(columns))?);
        let metadata = about
            .iter()
            .map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()))
            .collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("hamlet {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(metadata))
            .build();
        Ok(Self {
            path,
            writer: SerializedFileWriter::new(file, schema, Arc::new(properties))?,
            columns: columns.iter().map(Gathered::new).collect(),
            rows: 0,
            text_bytes: 0,
        })
    }

    /// Adds a row: one cell per column.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        debug_assert_eq!(cells.len(), self.columns.len());
        for (column, &cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
            if let Cell::Text(text) = cell {
                self.text_bytes += text.len();
            }
        }
        self.rows += 1;
        if self.rows >= ROWS_PER_GROUP || self.text_bytes >= TEXT_BYTES_PER_GROUP {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes what is left and brings the file to the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(mut self) -> Result<PathBuf> {
        self.write_group()?;
        // Not `into_inner`: it turns an error of the disk into a text.
        let finished = self.writer.finish();
        finished.map_err(|error| fault(self.path, error))?;
        self.writer.inner_mut().commit()
    }

    fn write_group(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        self.text_bytes = 0;
        encode_group(&mut self.writer, &mut self.columns)
            .map_err(|error| fault(self.path.clone(), error))
    }
}

fn encode_group(
    writer: &mut SerializedFileWriter<AtomicFile>,
    columns: &mut [Gathered],
) -> parquet::errors::Result<()> {
    let mut group = writer.next_row_group()?;
    for column in columns {
        let Some(mut out) = group.next_column()? else {
            return Err(ParquetError::General(
                "more columns than the schema".to_owned(),
            ));
        };
        column.write(&mut out)?;
        out.close()?;
        column.clear();
    }
    group.close()?;
    Ok(())
}

/// The values of one column that wait to be written.
struct Gathered {
    values: Values,
    /// 1 where a row has a value; unused for a required column.
    present: Vec<i16>,
    required: bool,
}

enum Values {
    Int(Vec<i64>),
    Number(Vec<f64>),
    Text(Vec<ByteArray>),
}

impl Gathered {
    fn new(column: &Column) -> Self {
        let values = match column.kind {
            ColumnKind::Int | ColumnKind::Time => Values::Int(Vec::new()),
            ColumnKind::Number => Values::Number(Vec::new()),
            ColumnKind::Text => Values::Text(Vec::new()),
        };
        Self {
            values,
            present: Vec::new(),
            required: column.required,
        }
    }

    fn push(&mut self, cell: Cell<'_>) {
        let present = match (&mut self.values, cell) {
            (Values::Int(values), Cell::Int(value)) => {
                values.push(value);
                true
            }
            (Values::Number(values), Cell::Number(value)) if !value.is_nan() => {
                values.push(value);
                true
            }
            (Values::Text(values), Cell::Text(text)) => {
                values.push(ByteArray::from(text));
                true
            }
            (_, other) => {
                let empty = match other {
                    Cell::Null => true,
                    Cell::Number(value) => value.is_nan(),
                    Cell::Int(_) | Cell::Text(_) => false,
                };
                debug_assert!(empty, "{other:?} in a column of another kind");
                false
            }
        };
        debug_assert!(present || !self.required, "no value in a required column");
        self.present.push(present.into());
    }

    fn write(&self, out: &mut SerializedColumnWriter<'_>) -> parquet::errors::Result<()> {
        let present = (!self.required).then_some(&self.present[..]);
        match &self.values {
            Values::Int(values) => out
                .typed::<Int64Type>()
                .write_batch(values, present, None)?,
            Values::Number(values) => out
                .typed::<DoubleType>()
                .write_batch(values, present, None)?,
            Values::Text(values) => out
                .typed::<ByteArrayType>()
                .write_batch(values, present, None)?,
        };
        Ok(())
    }

    fn clear(&mut self) {
        self.present.clear();
        match &mut self.values {
            Values::Int(values) => values.clear(),
            Values::Number(values) => values.clear(),
            Values::Text(values) => values.clear(),
        }
    }
}

fn schema_text(columns: &[Column]) -> String {
    let mut text = "message hamlet {\n".to_owned();
    for column in columns {
        let repetition = if column.required {
            "REQUIRED"
        } else {
            "OPTIONAL"
        };
        let (physical, logical) = match column.kind {
            ColumnKind::Int => ("INT64", ""),
            ColumnKind::Time => ("INT64", " (TIMESTAMP(MILLIS,true))"),
            ColumnKind::Number => ("DOUBLE", ""),
            ColumnKind::Text => ("BYTE_ARRAY", " (STRING)"),
        };
        text += &format!("  {repetition} {physical} {}{logical};\n", column.name);
    }
    text + "}\n"
}

/// Tells a full disk from a fault of ours.
fn fault(path: PathBuf, error: ParquetError) -> OutputError {
    match error {
        ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(source) => OutputError::Io {
                doing: "write",
                path,
                source: *source,
            },
            Err(other) => OutputError::Table {
                path,
                detail: other.to_string(),
            },
        },
        other => OutputError::Table {
            path,
            detail: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::fs::File;

    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::outputs::folder::OutputFolder;

    fn columns() -> Vec<Column> {
        vec![
            Column::required("n", ColumnKind::Int),
            Column::required("time", ColumnKind::Time),
            Column::optional("mood.mean", ColumnKind::Number),
            Column::optional("text", ColumnKind::Text),
        ]
    }

    #[test]
    fn what_goes_in_comes_out() {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let about = [("scenario", "a test".to_owned())];
        let file = folder.create("events.parquet").unwrap();
        let mut table = ParquetTable::new(file, &columns(), &about).unwrap();
        let rows = [
            (1, Cell::Number(0.5), Cell::Text("naïve 🌾")),
            (2, Cell::Number(f64::NAN), Cell::Null),
            (3, Cell::Null, Cell::Text("")),
        ];
        for (n, value, text) in rows {
            let cells = [Cell::Int(n), Cell::Int(1_769_929_200_000), value, text];
            table.row(&cells).unwrap();
        }
        let path = table.finish().unwrap();
        folder.publish().unwrap();

        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        let rows: Vec<String> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().to_string())
            .collect();
        let time = "time: 2026-02-01 07:00:00.000 +00:00";
        assert_eq!(
            rows,
            [
                format!("{{n: 1, {time}, mood.mean: 0.5, text: \"naïve 🌾\"}}"),
                format!("{{n: 2, {time}, mood.mean: null, text: null}}"),
                format!("{{n: 3, {time}, mood.mean: null, text: \"\"}}"),
            ]
        );
        let metadata = reader.metadata().file_metadata();
        assert_eq!(metadata.key_value_metadata().unwrap()[0].key, "scenario");
    }

    #[test]
    fn many_rows_go_out_in_groups_and_an_empty_table_can_be_read() {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        for count in [0, 3 * ROWS_PER_GROUP + 1] {
            let name = format!("{count}.parquet");
            let file = folder.create(&name).unwrap();
            let mut table = ParquetTable::new(file, &columns(), &[]).unwrap();
            for n in 0..count {
                let cells = [Cell::Int(n as i64), Cell::Int(0), Cell::Null, Cell::Null];
                table.row(&cells).unwrap();
                assert!(table.rows < ROWS_PER_GROUP);
            }
            let path = table.finish().unwrap();
            folder.publish().unwrap();
            let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
            assert_eq!(reader.metadata().file_metadata().num_rows() as usize, count);
            assert_eq!(reader.num_row_groups(), count.div_ceil(ROWS_PER_GROUP));
        }
    }

    #[test]
    fn long_texts_make_groups_shorter() {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let file = folder.create("long.parquet").unwrap();
        let mut table = ParquetTable::new(file, &columns(), &[]).unwrap();
        let text = "x".repeat(1024 * 1024);
        for n in 0..40 {
            let cells = [Cell::Int(n), Cell::Int(0), Cell::Null, Cell::Text(&text)];
            table.row(&cells).unwrap();
            assert!(table.text_bytes < TEXT_BYTES_PER_GROUP);
        }
        let path = table.finish().unwrap();
        folder.publish().unwrap();
        let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
        assert_eq!(reader.num_row_groups(), 3);
    }
}
