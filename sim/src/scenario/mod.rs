//! Scenario files: format, checks, resolution.
//!
//! [`load`] reads a file and all it names and returns a [`Scenario`] with nothing left to look up, or every fault at once.
//! The format is described in `docs/how-to/write-a-scenario.md`.

use std::path::Path;

use chrono::DateTime;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::money::Money;
use hamlet_protocol::rules::{RULES, Rules};
use hamlet_protocol::scenario::{Economy, Scenario};
use hamlet_protocol::time::TimeSpec;

use self::context::Context;
use self::crew::Crew;
pub use self::moment::END_OF_TIME;
use self::moment::Moment;
use self::population::Scope;
use self::reader::{Faults, Reader};
use self::template::Templates;
use self::tree::{Place, Table, parse_document};
use crate::fault::Fault;
use crate::files::Files;
use crate::space::map::load_map;

mod context;
mod crew;
mod ground;
mod intervention;
mod moment;
mod outcome;
mod overrides;
pub mod people;
pub mod place;
mod population;
mod reader;
mod sources;
mod submolts;
mod suggest;
mod template;
#[cfg(test)]
mod tests;
mod tree;
pub mod words;

const SEED_DEFAULT: u64 = 1;
const TICK_HZ_DEFAULT: f64 = 10.0;
const SECS_PER_TICK_DEFAULT: u32 = 6;
const START_DEFAULT: &str = "2026-02-01T07:00:00Z";
const GRANT_DEFAULT: Money = Money(25_000_000);

/// A scenario that can run.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario, resolved.
    pub scenario: Scenario,
    /// Its map.
    pub map: TownMap,
    /// What one may want to mend; no errors.
    pub warnings: Vec<Fault>,
}

/// Changes from the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Another seed.
    pub seed: Option<u64>,
    /// Another number of ticks to stop after.
    pub ticks: Option<u64>,
    /// `path=value` with the value in TOML syntax, applied in order.
    pub set: Vec<String>,
}

/// Reads, checks and resolves a scenario with all it names.
///
/// # Errors
/// Every fault at once, warnings among them, file by file from top to bottom.
pub fn load(path: &Path, files: &dyn Files, overrides: &Overrides) -> Result<Loaded, Vec<Fault>> {
    let faults = Faults::of(path);
    let context = Context::of(path, files, &faults);
    let file = path.display().to_string();
    let mut resolved = None;
    if let Some(text) = context.read_text(path) {
        let (mut document, syntax) = parse_document(&file, &text);
        overrides::apply(&mut document, overrides, &faults);
        resolved = resolve(&document, path, &context);
        context.note_syntax(&file, syntax);
    }
    match resolved.filter(|_| !faults.any_error()) {
        Some((scenario, map)) => Ok(Loaded {
            scenario,
            map,
            warnings: faults.into_sorted(),
        }),
        None => Err(faults.into_sorted()),
    }
}

/// Checks a scenario, a template, a list of personas or a map, told apart by extension and content. The warnings are returned.
///
/// # Errors
/// Every fault, warnings among them.
pub fn check(path: &Path, files: &dyn Files) -> Result<Vec<Fault>, Vec<Fault>> {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    match extension {
        _ if sources::is_folder_of_personas(path, files) => check_with(path, files, |context| {
            sources::read_path(path, context);
        }),
        "toml" => check_toml(path, files),
        "json" if !is_map(path, files) => check_with(path, files, |context| {
            sources::read_path(path, context);
        }),
        _ => load_map(path, files).map(|loaded| loaded.warnings),
    }
}

fn check_toml(path: &Path, files: &dyn Files) -> Result<Vec<Fault>, Vec<Fault>> {
    let faults = Faults::of(path);
    let context = Context::of(path, files, &faults);
    let Some(text) = context.read_text(path) else {
        return Err(faults.into_sorted());
    };
    let (table, _) = parse_document("", &text);
    let scenario = ["map", "population", "intervention", "time", "stop"]
        .iter()
        .any(|key| table.get(key).is_some());
    if sources::is_list(&table) {
        return check_with(path, files, |context| {
            sources::read_path(path, context);
        });
    }
    let template = ["prompt", "tagline", "category", "first_names", "traits"]
        .iter()
        .any(|key| table.get(key).is_some());
    if template && !scenario {
        return check_with(path, files, |context| {
            template::read_file(path, context);
        });
    }
    load(path, files, &Overrides::default()).map(|loaded| loaded.warnings)
}

fn check_with(
    path: &Path,
    files: &dyn Files,
    read: impl FnOnce(&Context<'_>),
) -> Result<Vec<Fault>, Vec<Fault>> {
    let faults = Faults::of(path);
    read(&Context::of(path, files, &faults));
    let failed = faults.any_error();
    let faults = faults.into_sorted();
    if failed { Err(faults) } else { Ok(faults) }
}

/// Tiled writes maps as `.json` too.
fn is_map(path: &Path, files: &dyn Files) -> bool {
    let Ok(bytes) = files.read(path) else {
        return false;
    };
    let json: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
    json.is_some_and(|json| json.get("layers").is_some() || json.get("tilewidth").is_some())
}

/// The whole document, top to bottom. `None` when there is no map; then there is a fault.
fn resolve(document: &Table, path: &Path, context: &Context<'_>) -> Option<(Scenario, TownMap)> {
    let whole = Place::whole(&path.display().to_string());
    let reader = Reader::new(document, &whole, "a scenario", context.faults);
    let name = reader.text("name", 1..=100);
    let description = reader.text("description", 0..=2000).unwrap_or_default();
    let seed = reader
        .whole("seed", 0..=i64::MAX as u64)
        .unwrap_or(SEED_DEFAULT);
    let (source, map) = ground::read(&reader, context);
    let time = time(&reader);
    let economy = economy(&reader);
    let rules = rules(&reader);
    let submolts = submolts::read(&reader);
    let errors_before = context.faults.errors();
    let templates = Templates::new(&reader, context);
    let scope = Scope {
        context,
        templates: &templates,
        map: map.as_ref(),
    };
    let populations: Vec<_> = reader
        .tables("population", "[[population]]")
        .into_iter()
        .map(|table| population::read(table, &scope))
        .collect();
    let sound = context.faults.errors() == errors_before;
    let interventions = intervention::read_all(&reader, &scope, &time, &rules);
    let stop = outcome::stop(&reader, &time);
    let end = outcome::end_place(document);
    let outputs = outcome::outputs(&reader);
    reader.finish();
    let mut scenario = Scenario {
        name: name.unwrap_or_else(|| {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        }),
        description,
        seed,
        map: source,
        time,
        economy,
        rules,
        submolts,
        templates: templates.into_known(),
        populations: Vec::new(),
        interventions: Vec::new(),
        stop,
        outputs,
    };
    let crew = Crew {
        populations,
        interventions,
        sound,
        end,
    };
    crew.join(&mut scenario, map.as_ref(), &whole, context.faults);
    Some((scenario, map?))
}

fn time(document: &Reader<'_>) -> TimeSpec {
    let start_default = moment::date(START_DEFAULT).unwrap_or_default();
    let mut spec = TimeSpec {
        tick_hz: TICK_HZ_DEFAULT,
        sim_secs_per_tick: SECS_PER_TICK_DEFAULT,
        start: start_default,
    };
    let Some(reader) = document.table("time", "[time]") else {
        return spec;
    };
    spec.tick_hz = reader
        .number("tick_hz", 0.01..=1000.0)
        .unwrap_or(spec.tick_hz);
    spec.sim_secs_per_tick = reader
        .whole("sim_secs_per_tick", 1..=3600)
        .unwrap_or(spec.sim_secs_per_tick);
    spec.start = start(&reader).unwrap_or(spec.start);
    reader.finish();
    spec
}

fn start(reader: &Reader<'_>) -> Option<DateTime<chrono::Utc>> {
    let node = reader.node("start")?;
    match Moment::read(&node.value) {
        Some(Moment::Date(seconds)) => DateTime::from_timestamp(seconds, 0),
        _ => {
            let message = "`start` is no date and time in whole seconds between 1970 and 9999";
            reader
                .faults()
                .error(&node.place, message, moment::DATE_HELP.to_owned());
            None
        }
    }
}

fn economy(document: &Reader<'_>) -> Economy {
    let Some(reader) = document.table("economy", "[economy]") else {
        return Economy {
            grant: GRANT_DEFAULT,
        };
    };
    let grant = reader.money("grant").unwrap_or(GRANT_DEFAULT);
    reader.finish();
    Economy { grant }
}

fn rules(document: &Reader<'_>) -> Rules {
    let mut rules = Rules::default();
    let Some(reader) = document.table("rules", "[rules]") else {
        return rules;
    };
    for spec in RULES {
        if let Some(value) = reader.whole(spec.name, spec.min..=spec.max)
            && let Err(error) = rules.set(spec.name, f64::from(value))
        {
            reader
                .faults()
                .error(reader.place(spec.name), error.to_string(), None);
        }
    }
    reader.finish();
    rules
}
