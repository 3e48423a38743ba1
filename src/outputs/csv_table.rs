//! Comma-separated values: quoting by RFC 4180, lines ended by a plain newline, no value written as nothing.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::{DateTime, SecondsFormat};

use super::error::{OutputError, Result};
use super::folder::AtomicFile;
use super::table::{Cell, Column, ColumnKind};

/// A CSV file being written.
#[derive(Debug)]
pub(crate) struct CsvTable {
    file: AtomicFile,
    kinds: Vec<ColumnKind>,
    /// One line, kept to be filled again.
    line: String,
}

impl CsvTable {
    /// Begins with the line of names.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn new(file: AtomicFile, columns: &[Column]) -> Result<Self> {
        let kinds = columns.iter().map(|column| column.kind).collect();
        let mut table = Self {
            file,
            kinds,
            line: String::new(),
        };
        for (i, column) in columns.iter().enumerate() {
            table.separate(i);
            push_text(&mut table.line, &column.name);
        }
        table.end_line()?;
        Ok(table)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        debug_assert_eq!(cells.len(), self.kinds.len());
        for (i, &cell) in cells.iter().enumerate() {
            self.separate(i);
            push_cell(&mut self.line, self.kinds[i], cell);
        }
        self.end_line()
    }

    /// Brings the file to the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(mut self) -> Result<PathBuf> {
        self.file.commit()
    }

    fn separate(&mut self, column: usize) {
        if column > 0 {
            self.line.push(',');
        }
    }

    fn end_line(&mut self) -> Result<()> {
        self.line.push('\n');
        let written: io::Result<()> = self.file.write_all(self.line.as_bytes());
        self.line.clear();
        written.map_err(OutputError::io("write", self.file.path()))
    }
}

fn push_cell(line: &mut String, kind: ColumnKind, cell: Cell<'_>) {
    match cell {
        Cell::Null => {}
        Cell::Int(millis) if kind == ColumnKind::Time => {
            let time = DateTime::from_timestamp_millis(millis).unwrap_or_default();
            line.push_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true));
        }
        Cell::Int(value) => line.push_str(&value.to_string()),
        Cell::Number(value) if value.is_nan() => {}
        Cell::Number(value) => line.push_str(&value.to_string()),
        Cell::Text(text) => push_text(line, text),
    }
}

/// An empty text is quoted, so that readers can tell it from no value.
fn push_text(line: &mut String, text: &str) {
    let edge_space = text.starts_with(' ') || text.ends_with(' ');
    if !text.is_empty() && !edge_space && !text.contains(['"', ',', '\n', '\r']) {
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;
    use crate::outputs::folder::OutputFolder;

    #[test]
    fn quotes_what_needs_quotes() {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let columns = [
            Column::required("n", ColumnKind::Int),
            Column::required("time", ColumnKind::Time),
            Column::optional("value", ColumnKind::Number),
            Column::optional("a, b", ColumnKind::Text),
        ];
        let mut table = CsvTable::new(folder.create("events.csv").unwrap(), &columns).unwrap();
        let time = Cell::Int(1_769_929_200_000);
        for (value, text) in [
            (Cell::Number(0.25), Cell::Text("plain")),
            (Cell::Number(f64::NAN), Cell::Text("")),
            (
                Cell::Null,
                Cell::Text("she said \"no\",\r\nand left; naïve 🌾"),
            ),
            (Cell::Number(-3.0), Cell::Null),
        ] {
            table.row(&[Cell::Int(-1), time, value, text]).unwrap();
        }
        let path = table.finish().unwrap();
        folder.publish().unwrap();
        let expected = "n,time,value,\"a, b\"\n\
            -1,2026-02-01T07:00:00.000Z,0.25,plain\n\
            -1,2026-02-01T07:00:00.000Z,,\"\"\n\
            -1,2026-02-01T07:00:00.000Z,,\"she said \"\"no\"\",\r\nand left; naïve 🌾\"\n\
            -1,2026-02-01T07:00:00.000Z,-3,\n";
        assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
    }
}
