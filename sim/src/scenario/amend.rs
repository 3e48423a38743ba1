//! What `--set` may change in a run that goes on from an image: its rules, what it writes down and when it ends.

use std::path::Path;
use std::sync::Arc;

use hamlet_protocol::image::WorldImage;
use hamlet_protocol::rules::RULES;
use hamlet_protocol::scenario::{Outputs, Stop};

use super::faults::Faults;
use super::reader::Reader;
use super::tree::{Entry, Node, Place, Table, Value};
use super::{Overrides, outcome, overrides};
use crate::fault::Fault;

/// The tables that a run may change on its way.
const CHANGEABLE: [&str; 3] = ["rules", "outputs", "stop"];

/// Applies `--set` to an image: `rules`, `outputs` and `stop` can be set as in a scenario. The warnings are returned.
///
/// # Errors
/// Every fault; the image is then as it was.
pub fn amend(image: &mut WorldImage, set: &[String]) -> Result<Vec<Fault>, Vec<Fault>> {
    let faults = Faults::of(Path::new("--set"));
    let whole = Place::whole("--set");
    let mut document = document_of(image, &whole);
    let overrides = Overrides {
        set: set.to_vec(),
        ..Overrides::default()
    };
    overrides::apply(&mut document, &overrides, &faults);
    refuse_the_rest(&document, &faults);
    document
        .entries
        .retain(|entry| CHANGEABLE.contains(&entry.key.as_str()));
    let reader = Reader::new(&document, &whole, "a run that goes on", &faults);
    let rules = super::rules(&reader);
    let outputs = outcome::outputs(&reader);
    let stop = outcome::stop(&reader, &image.scenario.time);
    reader.finish();
    if faults.any_error() {
        return Err(faults.into_sorted());
    }
    image.state.rules = rules;
    let scenario = Arc::make_mut(&mut image.scenario);
    scenario.outputs = outputs;
    scenario.stop = stop;
    Ok(faults.into_sorted())
}

/// What is settled once a town is founded, said for each that somebody wants to change.
fn refuse_the_rest(document: &Table, faults: &Faults) {
    for entry in &document.entries {
        if !CHANGEABLE.contains(&entry.key.as_str()) {
            let message = format!(
                "`{}` can't change in a run that goes on from an image",
                entry.key
            );
            let help = "with --from, `rules`, `outputs` and `stop` can be set; for anything else begin anew with the scenario".to_owned();
            faults.error(&entry.place, message, help);
        }
    }
}

/// What is in force now, as a scenario would say it.
fn document_of(image: &WorldImage, place: &Place) -> Table {
    let Outputs {
        every_ticks,
        series,
        events,
        hash_every_ticks,
    } = &image.scenario.outputs;
    let texts = |texts: &[String]| {
        let nodes = texts
            .iter()
            .map(|text| node(Value::Text(text.clone()), place));
        Value::List(nodes.collect())
    };
    let number = |value: f64| Value::Whole(value as i128);
    let rules = RULES
        .iter()
        .filter_map(|spec| Some((spec.name, number(image.state.rules.get(spec.name)?))));
    let outputs = [
        ("every_ticks", Value::Whole((*every_ticks).into())),
        ("hash_every_ticks", Value::Whole((*hash_every_ticks).into())),
        ("series", texts(series)),
        ("events", texts(events)),
    ];
    let mut tables = vec![
        ("rules", table(rules, place)),
        ("outputs", table(outputs, place)),
    ];
    if image.scenario.stop != Stop::default() {
        tables.push(("stop", stop_of(&image.scenario.stop, place)));
    }
    match table(tables, place) {
        Value::Table(document) => document,
        _ => Table::default(),
    }
}

fn stop_of(stop: &Stop, place: &Place) -> Value {
    let mut entries = Vec::new();
    if let Some(after) = stop.after_ticks {
        entries.push(("after_ticks", Value::Whole(after.into())));
    }
    if let Some(at) = stop.at {
        entries.push(("at", Value::Text(at.to_rfc3339())));
    }
    if let Some(metric) = &stop.metric {
        let limit = |limit: f64| Value::Float(limit.to_string(), limit);
        let limits = [("above", metric.above), ("below", metric.below)];
        let limits = limits
            .into_iter()
            .filter_map(|(key, value)| Some((key, limit(value?))));
        let name = ("name", Value::Text(metric.name.clone()));
        let metric = table(std::iter::once(name).chain(limits), place);
        entries.push(("metric", metric));
    }
    table(entries, place)
}

fn table<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>, place: &Place) -> Value {
    let entries = entries.into_iter().map(|(key, value)| Entry {
        key: key.to_owned(),
        place: place.clone(),
        node: node(value, place),
    });
    Value::Table(Table {
        entries: entries.collect(),
    })
}

fn node(value: Value, place: &Place) -> Node {
    Node {
        value,
        place: place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::scenario::Threshold;

    use super::*;
    use crate::testing::Stage;

    fn image() -> WorldImage {
        let mut image = Stage::of(&[("Ada", (14, 5))]).village.image();
        image.state.rules.reach = 7;
        let scenario = Arc::make_mut(&mut image.scenario);
        scenario.stop.metric = Some(Threshold {
            name: "posts".to_owned(),
            above: Some(12.5),
            below: None,
        });
        scenario.stop.after_ticks = Some(900);
        scenario.outputs.series = vec!["posts".to_owned(), "mood.mean".to_owned()];
        image
    }

    fn amended(set: &[&str]) -> Result<WorldImage, String> {
        let mut image = image();
        let set: Vec<String> = set.iter().map(|&set| set.to_owned()).collect();
        let print = |faults: Vec<Fault>| {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            lines.join("\n")
        };
        amend(&mut image, &set).map(|_| image).map_err(print)
    }

    #[test]
    fn nothing_set_is_nothing_changed() {
        assert_eq!(amended(&[]), Ok(image()));
    }

    #[test]
    fn what_is_set_changes_and_nothing_else_does() {
        let mut wanted = image();
        wanted.state.rules.notes_per_day = 9;
        let scenario = Arc::make_mut(&mut wanted.scenario);
        scenario.outputs.every_ticks = 5;
        scenario.outputs.series = vec!["posts".to_owned()];
        scenario.stop.after_ticks = Some(1000);
        let set = [
            "rules.notes_per_day=9",
            "outputs.every_ticks=5",
            "outputs.series=[\"posts\"]",
            "stop.after_ticks=1000",
        ];
        assert_eq!(amended(&set), Ok(wanted));
    }

    #[test]
    fn what_cannot_change_is_said_with_the_way_out() {
        let said = amended(&[
            "seed=3",
            "population.0.count=4",
            "rules.reach=0",
            "rules.rech=1",
        ]);
        let said = said.expect_err("refused");
        for words in [
            "--set seed=3: error: `seed` can't change in a run that goes on from an image\n  help: with --from, `rules`, `outputs` and `stop` can be set",
            "`population` can't change",
            "--set rules.reach=0: error: `reach` is 0, out of range\n  help: allowed: 1 to 64",
            "did you mean `reach`?",
        ] {
            assert!(said.contains(words), "{words}\n--\n{said}");
        }
    }
}
