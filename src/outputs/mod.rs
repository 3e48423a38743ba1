//! What a run leaves behind for people and scripts: tables, a summary and a report, written as the run goes on.
//!
//! A run hands every event and sample to a [`Recorder`] and calls [`Recorder::finish`] at its end, however it ended.
//! Until all are whole every file has a temporary name; what fails leaves none behind.

mod csv_table;
mod error;
mod events;
#[cfg(test)]
mod fabricate;
mod folder;
mod names;
mod parquet_table;
mod report;
mod series;
mod story;
mod summary;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use error::{OutputError, Result};
pub(crate) use folder::{Adopted, AtomicFile, OutputFolder};
pub(crate) use summary::{RunFacts, Summary};

use std::path::PathBuf;
use std::sync::Arc;

use hamlet_protocol::event::EventRecord;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::metrics::Sample;
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::view::WorldView;

use events::EventsFile;
use report::Report;
use series::SeriesFile;
use story::Story;

/// What one can choose about the outputs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Whether both tables are written as CSV too.
    pub(crate) csv: bool,
}

/// Writes a run down while it goes on, in bounded memory.
pub(crate) struct Recorder<'a> {
    folder: &'a OutputFolder,
    scenario: Arc<Scenario>,
    map: Arc<TownMap>,
    events: EventsFile,
    series: SeriesFile,
    story: Story,
}

impl<'a> Recorder<'a> {
    /// Begins the tables. The scenario's seed must be the one in force: ids are derived from it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn new(
        scenario: Arc<Scenario>,
        map: Arc<TownMap>,
        folder: &'a OutputFolder,
        options: Options,
    ) -> Result<Self> {
        let about = [
            ("hamlet.scenario", scenario.name.clone()),
            ("hamlet.seed", scenario.seed.to_string()),
            ("hamlet.version", env!("CARGO_PKG_VERSION").to_owned()),
        ];
        let outputs = &scenario.outputs;
        let events = EventsFile::create(folder, &outputs.events, &about, options.csv)?;
        let time = scenario.time;
        let series = SeriesFile::create(folder, &outputs.series, time, &about, options.csv)?;
        Ok(Self {
            story: Story::new(&scenario, &map),
            folder,
            scenario,
            map,
            events,
            series,
        })
    }

    /// Learns who is in the town, how they are called and who follows whom.
    /// Called at the beginning of a run that continues an image, whose residents never join again; called at the end too, the report shows everybody's full name.
    pub(crate) fn meet(&mut self, view: &WorldView) {
        self.story.meet(view);
    }

    /// Takes an event in: into the table if its kind is wanted, into the counts and the report in any case.
    ///
    /// # Errors
    /// When the disk refuses; the recorder is of no use then, and dropping it removes the temporary files.
    pub(crate) fn event(&mut self, record: &EventRecord) -> Result<()> {
        self.story.event(record);
        let (people, places) = (&self.story.people, &self.story.places);
        self.events.event(record, people, places)
    }

    /// Takes a sample in.
    ///
    /// # Errors
    /// As for [`Recorder::event`].
    pub(crate) fn sample(&mut self, sample: &Sample) -> Result<()> {
        self.story.sample(sample);
        self.series.sample(sample)
    }

    /// Finishes all files; [`OutputFolder::publish`] gives them their names.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(self, facts: &RunFacts) -> Result<Summary> {
        let Self {
            folder,
            scenario,
            map,
            mut story,
            ..
        } = self;
        let end = facts.started_tick + facts.ticks;
        story.social.close();
        story
            .timeline
            .add_scheduled(&scenario, facts.started_tick, end);
        let mut paths = self.events.finish()?;
        paths.extend(self.series.finish()?);
        let mut summary = Summary::new(&scenario, &story.counts, facts);
        summary.files = names(&paths);
        summary.files.extend(facts.files.iter().cloned());
        summary
            .files
            .extend(["report.html", "summary.json"].map(str::to_owned));
        let report = Report {
            scenario: &scenario,
            map: &map,
            story: &story,
            facts,
            summary: &summary,
        };
        report.write(folder)?;
        summary.write(folder)?;
        Ok(summary)
    }
}

fn names(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into());
    paths.iter().filter_map(name).collect()
}
