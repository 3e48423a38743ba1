//! `report.html`: one page that tells a run to people, complete in itself, in light and in dark.
//!
//! Whatever residents wrote stays text: every text goes through [`html::Text`], and the page forbids itself to load anything.

mod board;
mod charts;
mod clock;
mod heat;
mod html;
mod layout;
mod minds;
mod money;
mod network;
mod page;
mod sections;
mod skyline;
mod tables;
mod theme;
mod timeline;
mod words;

use hamlet_protocol::map::TownMap;
use hamlet_protocol::scenario::Scenario;

use super::error::Result;
use super::folder::OutputFolder;
use super::story::Story;
use super::summary::{RunFacts, Summary};

/// Everything a report is made from.
pub(crate) struct Report<'a> {
    /// What was run.
    pub(crate) scenario: &'a Scenario,
    /// Where.
    pub(crate) map: &'a TownMap,
    /// What happened.
    pub(crate) story: &'a Story,
    /// How it was run.
    pub(crate) facts: &'a RunFacts,
    /// The same in numbers.
    pub(crate) summary: &'a Summary,
}

impl Report<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn write(&self, folder: &OutputFolder) -> Result<()> {
        let page = page::render(self)?;
        folder.write_atomic("report.html", |out| out.write_all(page.as_bytes()))?;
        Ok(())
    }
}
