//! `summary.json`: the run in a few numbers, for scripts.

use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::minds::{CostsView, PoolView};
use hamlet_protocol::scenario::Scenario;
use serde::Serialize;

use super::error::Result;
use super::folder::OutputFolder;
use super::story::Counts;

/// What only the one who ran it knows about a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunFacts {
    /// Seed in force.
    pub(crate) seed: u64,
    /// Hash of the state at the end, in hexadecimal.
    pub(crate) state_hash: String,
    /// Tick the run began at: 0, or that of the image it continued.
    pub(crate) started_tick: u64,
    /// Ticks this run did.
    pub(crate) ticks: u64,
    /// Agents in the town at the end, walkers included.
    pub(crate) agents: u64,
    /// Seconds the run took.
    pub(crate) wall_secs: f64,
    /// Why it ended, as a phrase: `after 5000 ticks`, `interrupted`, …
    pub(crate) stopped_because: String,
    /// Threads it used.
    pub(crate) threads: usize,
    /// What went not quite as the scenario asked, as sentences.
    pub(crate) warnings: Vec<String>,
    /// Command line that does the run again; empty where there is none.
    pub(crate) command: String,
    /// Names of the files that stand beside the recorder's: journal and image.
    pub(crate) files: Vec<String>,
    /// What thoughts cost, and how the endpoints were, where anybody thought.
    pub(crate) minds: Option<(CostsView, PoolView)>,
}

/// The contents of `summary.json`. Counts are of this run alone, whatever kinds of events were written down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// Name of the scenario.
    pub(crate) scenario: String,
    /// Seed in force.
    pub(crate) seed: u64,
    /// Ticks this run did.
    pub(crate) ticks: u64,
    /// Hash of the state at the end, in hexadecimal.
    pub(crate) state_hash: String,
    /// Agents in the town at the end, walkers included.
    pub(crate) agents: u64,
    /// Seconds the run took.
    pub(crate) wall_secs: f64,
    /// Ticks per second of wall clock.
    pub(crate) ticks_per_sec: f64,
    /// Agents at the end × ticks per second of wall clock.
    pub(crate) agent_updates_per_sec: f64,
    /// Posts made.
    pub(crate) posts: u64,
    /// Comments made.
    pub(crate) comments: u64,
    /// Votes cast, changed or taken back.
    pub(crate) votes: u64,
    /// Conversations begun.
    pub(crate) talks: u64,
    /// Goods swapped.
    pub(crate) trades: u64,
    /// Deals at the market.
    pub(crate) sales: u64,
    /// Lines said.
    pub(crate) lines: u64,
    /// Goods handed over.
    pub(crate) gifts: u64,
    /// Steps walked.
    pub(crate) steps: u64,
    /// Rewards and penalties.
    pub(crate) rewards: u64,
    /// Durable events.
    pub(crate) events: u64,
    /// Samples of the series.
    pub(crate) samples: u64,
    /// Tick the run began at.
    pub(crate) started_tick: u64,
    /// Tick it ended at.
    pub(crate) final_tick: u64,
    /// Sim time at its beginning, RFC 3339.
    pub(crate) sim_start: String,
    /// Sim time at its end, RFC 3339.
    pub(crate) sim_end: String,
    /// Why it ended.
    pub(crate) stopped_because: String,
    /// Threads it used.
    pub(crate) threads: usize,
    /// Version of the village's rules.
    pub(crate) rules_version: u32,
    /// Version of Hamlet.
    pub(crate) version: String,
    /// What went not quite as the scenario asked.
    pub(crate) warnings: Vec<String>,
    /// Names of the files the run wrote.
    pub(crate) files: Vec<String>,
    /// What thoughts cost, where anybody thought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minds: Option<CostsView>,
}

impl Summary {
    /// Puts the numbers together.
    pub(crate) fn new(scenario: &Scenario, counts: &Counts, facts: &RunFacts) -> Self {
        let final_tick = facts.started_tick + facts.ticks;
        let time = |tick| scenario.time.at(tick).datetime().to_rfc3339();
        let ticks_per_sec = per_sec(facts.ticks as f64, facts.wall_secs);
        Self {
            scenario: scenario.name.clone(),
            seed: facts.seed,
            ticks: facts.ticks,
            state_hash: facts.state_hash.clone(),
            agents: facts.agents,
            wall_secs: facts.wall_secs,
            ticks_per_sec,
            agent_updates_per_sec: ticks_per_sec * facts.agents as f64,
            posts: counts.posts,
            comments: counts.comments,
            votes: counts.votes,
            talks: counts.talks,
            trades: counts.trades,
            sales: counts.sales,
            lines: counts.lines,
            gifts: counts.gifts,
            steps: counts.steps(),
            rewards: counts.rewards,
            events: counts.durable,
            samples: counts.samples,
            started_tick: facts.started_tick,
            final_tick,
            sim_start: time(facts.started_tick),
            sim_end: time(final_tick),
            stopped_because: facts.stopped_because.clone(),
            threads: facts.threads,
            rules_version: RULES_VERSION,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            warnings: facts.warnings.clone(),
            files: Vec::new(),
            minds: facts.minds.as_ref().map(|(costs, _)| costs.clone()),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn write(&self, folder: &OutputFolder) -> Result<()> {
        folder.write_atomic("summary.json", |out| {
            serde_json::to_writer_pretty(&mut *out, self)?;
            out.write_all(b"\n")
        })?;
        Ok(())
    }
}

/// A rate; 0 where no time has passed, because JSON knows no infinity.
fn per_sec(count: f64, secs: f64) -> f64 {
    if secs > 0.0 { count / secs } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_no_time_has_no_infinite_speed() {
        assert_eq!(per_sec(100.0, 0.0), 0.0);
        assert_eq!(per_sec(100.0, 4.0), 25.0);
    }
}
