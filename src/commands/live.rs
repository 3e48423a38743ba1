//! `hamlet` without a command: the default town lives in this terminal.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use hamlet_protocol::agent::Activity;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::time::TimeSpec;
use hamlet_sim::bridge::{self, BridgeOptions, Pace};
use hamlet_sim::scenario::{self, Overrides};
use hamlet_sim::{Village, VillageOptions};

use super::{refuse, say, say_faults};
use crate::library::Library;
use crate::stop;

/// The default scenario.
const TOWN: &str = "scenarios/town.toml";

pub(crate) fn live() -> anyhow::Result<ExitCode> {
    let stopper = stop::listen()?;
    let loaded = scenario::load(Path::new(TOWN), &Library, &Overrides::default())
        .map_err(|faults| refuse(&faults))?;
    say_faults(&loaded.warnings);
    let time = loaded.scenario.time;
    let village = Village::found(
        loaded.scenario,
        loaded.map,
        VillageOptions {
            transient: true,
            ..VillageOptions::default()
        },
    )?;
    say(&format!(
        "A village of {} lives here until Ctrl-C. `hamlet run` writes reports; `hamlet --help` says more.",
        village.population()
    ));
    let options = BridgeOptions {
        pace: Pace::Realtime { hz: time.tick_hz },
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = bridge::spawn(village, options)?;
    stopper.watch_over(handle);
    let mut chronicle = Chronicle {
        time,
        names: BTreeMap::new(),
    };
    for emission in emissions {
        for record in &emission.events {
            if let Some(line) = chronicle.line(record) {
                say(&line);
            }
        }
    }
    let outcome = thread
        .join()
        .map_err(|_panic| anyhow::anyhow!("the village panicked; please report this"))?;
    say(&format!(
        "The village rests after {} ticks: {}.",
        outcome.village.tick_count(),
        outcome.why
    ));
    Ok(ExitCode::SUCCESS)
}

/// Turns events into lines for people.
struct Chronicle {
    time: TimeSpec,
    names: BTreeMap<AgentId, String>,
}

impl Chronicle {
    fn line(&mut self, record: &EventRecord) -> Option<String> {
        let what = self.tell(&record.event)?;
        Some(format!(
            "{} {what}",
            self.time.at(record.tick).datetime().format("%H:%M")
        ))
    }

    fn tell(&mut self, event: &Event) -> Option<String> {
        Some(match event {
            Event::AgentJoined { agent, name, .. } => {
                self.names.insert(*agent, name.clone());
                return None;
            }
            Event::ActivityChanged { agent, activity } => {
                format!("{} {}", self.name(agent), begins(*activity)?)
            }
            Event::AgentLeft { agent } => format!("{} leaves the town", self.name(agent)),
            Event::Said { agent, text, .. } => format!("{}: {text}", self.name(agent)),
            Event::Posted { author, title, .. } => {
                let author =
                    author.map_or_else(|| "the town".to_owned(), |author| self.name(&author));
                format!("{author} puts a note on the board: {title}")
            }
            Event::Commented { author, text, .. } => {
                format!("{} answers on the board: {text}", self.name(author))
            }
            Event::Traded {
                agent,
                with,
                gave,
                got,
            } => {
                format!(
                    "{} swaps {gave} for {got} with {}",
                    self.name(agent),
                    self.name(with)
                )
            }
            Event::Rewarded {
                agent,
                amount,
                reason,
            } => {
                format!("{} is rewarded with {amount}: {reason}", self.name(agent))
            }
            Event::NewsBroke { agent, text, .. } => {
                format!("{} knows something new: {text}", self.name(agent))
            }
            _ => return None,
        })
    }

    fn name(&self, agent: &AgentId) -> String {
        self.names
            .get(agent)
            .cloned()
            .unwrap_or_else(|| agent.to_string())
    }
}

/// What beginning to do something looks like from outside; going and standing about is not worth a line.
fn begins(activity: Activity) -> Option<&'static str> {
    Some(match activity {
        Activity::Sleeping => "falls asleep",
        Activity::Eating => "sits down to a meal",
        Activity::Working => "sets to work",
        Activity::Trading => "looks over the stalls",
        Activity::Reading => "reads the board",
        Activity::Resting => "takes a rest",
        Activity::Healing => "is being cared for",
        Activity::Idle | Activity::Walking | Activity::Talking => return None,
    })
}
