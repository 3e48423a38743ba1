//! `series.parquet`: one row per sample, one column per metric.

use std::path::PathBuf;

use hamlet_protocol::metrics::{Sample, metric_index};
use hamlet_protocol::time::TimeSpec;

use super::error::Result;
use super::folder::OutputFolder;
use super::table::{Cell, Column, ColumnKind, TableFiles};

/// The table of series being written.
pub(crate) struct SeriesFile {
    table: TableFiles,
    time: TimeSpec,
    /// Index in [`Sample::values`] of each column; `None` for a metric this build does not know.
    metrics: Vec<Option<usize>>,
}

impl SeriesFile {
    /// Begins the table. `names` are those of `outputs.series`; beside them stand the tick and its time.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn create(
        folder: &OutputFolder,
        names: &[String],
        time: TimeSpec,
        about: &[(&str, String)],
        csv: bool,
    ) -> Result<Self> {
        let names = column_names(names);
        let mut columns = vec![
            Column::required("tick", ColumnKind::Int),
            Column::required("time", ColumnKind::Time),
        ];
        let numbers = names
            .iter()
            .map(|name| Column::optional(name, ColumnKind::Number));
        columns.extend(numbers);
        Ok(Self {
            table: TableFiles::create(folder, "series", &columns, about, csv)?,
            time,
            metrics: names.iter().map(|name| metric_index(name)).collect(),
        })
    }

    /// Writes a sample.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn sample(&mut self, sample: &Sample) -> Result<()> {
        let mut cells = vec![
            Cell::Int(sample.tick as i64),
            Cell::Int(self.time.at(sample.tick).millis()),
        ];
        let values = self.metrics.iter().map(|metric| {
            let value = metric.and_then(|index| sample.values.get(index));
            value.map_or(Cell::Null, |&value| Cell::Number(value))
        });
        cells.extend(values);
        self.table.row(&cells)
    }

    /// Gives the files their names, which it returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(self) -> Result<Vec<PathBuf>> {
        self.table.finish()
    }
}

/// Each name once, in the order given.
fn column_names(asked: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in asked {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use hamlet_protocol::metrics::METRICS;

    use super::*;

    #[test]
    fn a_name_asked_twice_is_one_column() {
        let asked = ["posts", "tokens", "posts"].map(str::to_owned);
        assert_eq!(column_names(&asked), ["posts", "tokens"]);
        assert!(column_names(&[]).is_empty());
    }

    #[test]
    fn what_is_not_measured_is_empty() {
        let temp = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(temp.path(), false).unwrap();
        let time = TimeSpec {
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            start: "2026-02-01T07:00:00Z".parse().unwrap(),
        };
        let names = ["mood.mean", "tokens"].map(str::to_owned);
        let mut file = SeriesFile::create(&folder, &names, time, &[], true).unwrap();
        let mut sample = Sample {
            tick: 60,
            values: vec![f64::NAN; METRICS.len()],
            positions: Vec::new(),
        };
        sample.values[metric_index("mood.mean").unwrap()] = 0.25;
        file.sample(&sample).unwrap();
        sample.tick = 120;
        sample.values.truncate(1);
        file.sample(&sample).unwrap();
        let paths = file.finish().unwrap();
        folder.publish().unwrap();
        assert_eq!(paths.len(), 2);
        let expected = "tick,time,mood.mean,tokens\n\
            60,2026-02-01T07:06:00.000Z,0.25,\n\
            120,2026-02-01T07:12:00.000Z,,\n";
        assert_eq!(std::fs::read_to_string(&paths[1]).unwrap(), expected);
    }
}
