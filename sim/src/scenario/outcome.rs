//! `[stop]` and `[outputs]`: when a run ends and what it writes down.

use chrono::DateTime;
use hamlet_protocol::event::EVENT_KINDS;
use hamlet_protocol::metrics::{METRICS, metric_index};
use hamlet_protocol::scenario::{Outputs, Stop, TICKS_MAX, Threshold};
use hamlet_protocol::time::TimeSpec;

use super::moment::{END_OF_TIME, MOMENT_HELP, Moment};
use super::reader::Reader;
use super::tree::{Place, Table, Value};

const EVERY_TICKS_DEFAULT: u64 = 60;
const HASH_EVERY_TICKS_DEFAULT: u64 = 1000;
const NAMES: std::ops::RangeInclusive<usize> = 1..=100;

/// Reads `[stop]`.
pub(super) fn stop(document: &Reader<'_>, time: &TimeSpec) -> Stop {
    let Some(reader) = document.table("stop", "[stop]") else {
        return Stop::default();
    };
    let stop = Stop {
        after_ticks: reader.whole("after_ticks", 1..=TICKS_MAX),
        at: stop_at(&reader, time),
        metric: reader.table("metric", "`stop.metric`").and_then(threshold),
    };
    let seconds = i128::from(stop.after_ticks.unwrap_or(0)) * i128::from(time.sim_secs_per_tick);
    if i128::from(time.start.timestamp()) + seconds >= i128::from(END_OF_TIME) {
        let help = "lower `after_ticks` or `time.sim_secs_per_tick`".to_owned();
        reader.faults().error(
            reader.place("after_ticks"),
            "the run would last beyond the year 9999",
            help,
        );
    }
    reader.finish();
    stop
}

/// Where the last tick was written, in the file or as an argument.
pub(super) fn end_place(document: &Table) -> Option<Place> {
    match &document.get("stop")?.value {
        Value::Table(stop) => Some(stop.get("after_ticks")?.place.clone()),
        _ => None,
    }
}

fn stop_at(reader: &Reader<'_>, time: &TimeSpec) -> Option<DateTime<chrono::Utc>> {
    let node = reader.node("at")?;
    let Some(moment) = Moment::read(&node.value) else {
        reader
            .faults()
            .error(&node.place, "`at` is no time", MOMENT_HELP.to_owned());
        return None;
    };
    // The very moment of the start means the same time a day later.
    let after = time.start + chrono::Duration::seconds(1);
    let seconds = match moment {
        Moment::Clock(_) => moment.seconds(after),
        Moment::Day(..) | Moment::Date(_) => moment.seconds(time.start),
    };
    if seconds <= time.start.timestamp() || seconds >= END_OF_TIME {
        let help = format!(
            "choose a time after {} and before the year 10000",
            time.start.to_rfc3339()
        );
        reader.faults().error(
            &node.place,
            "the run would stop before it starts, or beyond the calendar",
            help,
        );
        return None;
    }
    DateTime::from_timestamp(seconds, 0)
}

fn threshold(reader: Reader<'_>) -> Option<Threshold> {
    reader.need("name", "name = \"news.reach\"");
    let name = reader.text("name", NAMES);
    let everything = f64::MIN..=f64::MAX;
    let (above, below) = (
        reader.number("above", everything.clone()),
        reader.number("below", everything),
    );
    if !reader.has("above") && !reader.has("below") {
        let help = "add `above` or `below`: { name = \"news.reach\", above = 0.95 }".to_owned();
        reader.faults().missing(
            reader.here(),
            "a metric without a threshold never stops anything",
            help,
        );
    }
    if let (Some(above), Some(below)) = (above, below)
        && above <= below
    {
        let message = format!(
            "every value is at or above {above} or at or below {below}: the run would stop at once"
        );
        let help = "`above` is the upper threshold, `below` the lower one".to_owned();
        reader.faults().error(reader.place("above"), message, help);
    }
    if let Some(name) = &name
        && metric_index(name).is_none()
    {
        reader.unknown_word(
            reader.place("name"),
            "`name`",
            name,
            METRICS.iter().map(|metric| metric.name),
        );
    }
    reader.finish();
    Some(Threshold {
        name: name?,
        above,
        below,
    })
}

/// Reads `[outputs]`.
pub(super) fn outputs(document: &Reader<'_>) -> Outputs {
    let reader = document.table("outputs", "[outputs]");
    let whole = |key: &'static str| reader.as_ref()?.whole(key, 1..=TICKS_MAX);
    let outputs = Outputs {
        every_ticks: whole("every_ticks").unwrap_or(EVERY_TICKS_DEFAULT),
        hash_every_ticks: whole("hash_every_ticks").unwrap_or(HASH_EVERY_TICKS_DEFAULT),
        series: reader.as_ref().and_then(series).unwrap_or_else(all_metrics),
        events: reader.as_ref().and_then(events).unwrap_or_else(all_durable),
    };
    if let Some(reader) = reader {
        reader.finish();
    }
    outputs
}

fn series(reader: &Reader<'_>) -> Option<Vec<String>> {
    known_words(reader, "series", METRICS.iter().map(|metric| metric.name))
}

fn events(reader: &Reader<'_>) -> Option<Vec<String>> {
    known_words(reader, "events", EVENT_KINDS.iter().map(|(kind, _)| *kind))
}

/// A list of words that are all known, none twice.
fn known_words<'w, W>(reader: &Reader<'_>, key: &'static str, words: W) -> Option<Vec<String>>
where
    W: Iterator<Item = &'w str> + Clone,
{
    let mut names: Vec<String> = Vec::new();
    for (name, place) in reader.texts(key, NAMES)? {
        if !words.clone().any(|word| word == name) {
            reader.unknown_word(place, &format!("an entry of `{key}`"), &name, words.clone());
        } else if names.contains(&name) {
            reader
                .faults()
                .warning(place, format!("`{name}` stands twice in `{key}`"), None);
        } else {
            names.push(name);
        }
    }
    Some(names)
}

fn all_metrics() -> Vec<String> {
    METRICS
        .iter()
        .map(|metric| metric.name.to_owned())
        .collect()
}

fn all_durable() -> Vec<String> {
    EVENT_KINDS
        .iter()
        .filter(|(_, durable)| *durable)
        .map(|(kind, _)| (*kind).to_owned())
        .collect()
}
