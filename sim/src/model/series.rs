//! What a run is watched by: named columns of numbers over ticks.

use std::io::{self, Write};

use super::digest::{Digest, Digested};

/// Columns of numbers, one row per sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    ticks: Vec<u64>,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Series {
    /// Notes a value in the row being sampled; a name that is new makes a new column.
    pub fn record(&mut self, name: &str, value: impl Into<f64>) {
        let column = self
            .names
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.columns.push(Vec::new());
                self.names.len() - 1
            });
        let rows = self.ticks.len().max(1);
        let column = &mut self.columns[column];
        column.resize(rows, f64::NAN);
        column[rows - 1] = value.into();
    }

    /// Ticks of the samples.
    #[must_use]
    pub fn ticks(&self) -> &[u64] {
        &self.ticks
    }

    /// Names of the columns, in order of their first mention.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// A column, one value per sample up to the last it was recorded in; NaN where it was not.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        let at = self.names.iter().position(|known| known == name)?;
        Some(&self.columns[at])
    }

    /// The newest value of a column.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<f64> {
        self.column(name)?.last().copied()
    }

    /// Writes `tick,name,name…` and a line per sample; a value that was not recorded stays empty.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        write!(out, "tick")?;
        for name in &self.names {
            write!(out, ",{}", quoted(name))?;
        }
        writeln!(out)?;
        for (row, tick) in self.ticks.iter().enumerate() {
            write!(out, "{tick}")?;
            for column in &self.columns {
                match column.get(row) {
                    Some(value) if !value.is_nan() => write!(out, ",{value}")?,
                    _ => write!(out, ",")?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Begins a row.
    pub(super) fn begin(&mut self, tick: u64) {
        self.ticks.push(tick);
    }
}

impl Digested for Series {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.ticks);
        into.add(&self.names);
        into.add(&self.columns);
    }
}

/// A field of CSV, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_has_a_line_per_sample_and_holes_where_nothing_was_recorded() {
        let mut series = Series::default();
        series.begin(0);
        series.record("sheep", 60);
        series.begin(10);
        series.record("sheep", 70);
        series.record("wolves, grey", 1.5);
        series.begin(20);
        series.record("wolves, grey", 2.0);
        let mut out = Vec::new();
        series.write_csv(&mut out).expect("memory takes it");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(
            text,
            "tick,sheep,\"wolves, grey\"\n0,60,\n10,70,1.5\n20,,2\n"
        );
        assert_eq!(series.last("wolves, grey"), Some(2.0));
        assert_eq!(series.column("cows"), None);
    }
}
