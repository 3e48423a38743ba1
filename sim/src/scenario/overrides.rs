//! Changes from the command line, grafted into the document before it is checked.

use super::Overrides;
use super::faults::Faults;
use super::tree::{self, Entry, Node, Place, Table, Value};

/// Applies `--set`, then `--seed` and `--ticks`.
pub(super) fn apply(document: &mut Table, overrides: &Overrides, faults: &Faults) {
    for argument in &overrides.set {
        let place = Place::whole(&format!("--set {argument}"));
        if let Err((message, help)) = set(document, argument, &place) {
            faults.error(&place, message, Some(help));
        }
    }
    let flags = [
        ("--seed", "seed", overrides.seed),
        ("--ticks", "stop.after_ticks", overrides.ticks),
    ];
    for (flag, path, value) in flags {
        let Some(value) = value else { continue };
        let place = Place::whole(&format!("{flag} {value}"));
        let node = Node {
            value: Value::Whole(value.into()),
            place: place.clone(),
        };
        let keys: Vec<_> = path.split('.').map(str::to_owned).collect();
        if let Err((message, help)) = graft(document, &keys, node) {
            faults.error(&place, message, Some(help));
        }
    }
}

/// A message and the way out.
type Refusal = (String, String);

fn set(document: &mut Table, argument: &str, place: &Place) -> Result<(), Refusal> {
    const EXAMPLE: &str = "write for example: --set population.0.count=10";
    let Some((path, value)) = split(argument) else {
        return Err(("this has no `=`".to_owned(), EXAMPLE.to_owned()));
    };
    let Some(keys) = tree::parse_path(path) else {
        return Err((format!("`{path}` is no path of keys"), EXAMPLE.to_owned()));
    };
    graft(document, &keys, read_value(value.trim(), place)?)
}

/// Splits at the first `=` outside quotation marks.
fn split(argument: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in argument.char_indices() {
        match (quote, c) {
            (None, '=') => return Some((argument[..at].trim(), &argument[at + 1..])),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// A value in TOML syntax. What begins like a word or a path and is no TOML is taken as a string, for shells eat quotation marks.
fn read_value(text: &str, place: &Place) -> Result<Node, Refusal> {
    let wrong = match tree::parse_value(place, text) {
        Ok(node) => return Ok(node),
        Err(message) => message,
    };
    let word = text.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '/' | '.'));
    if word && !text.contains('\n') {
        return Ok(Node {
            value: Value::Text(text.to_owned()),
            place: place.clone(),
        });
    }
    let help = "a value is written as in the file; a string in quotation marks: --set 'name=\"5 o clock\"'";
    Err((format!("`{text}` is no value: {wrong}"), help.to_owned()))
}

/// Puts a value where a path of keys leads, making the tables on the way.
fn graft(table: &mut Table, keys: &[String], node: Node) -> Result<(), Refusal> {
    let Some((key, rest)) = keys.split_first() else {
        return Ok(());
    };
    if table.get(key).is_none() {
        let empty = Value::Table(Table::default());
        let place = node.place.clone();
        let value = if rest.first().is_some_and(|next| is_index(next)) {
            Value::List(Vec::new())
        } else {
            empty
        };
        let fresh = Node {
            value,
            place: place.clone(),
        };
        table.entries.push(Entry {
            key: key.clone(),
            place,
            node: fresh,
        });
    }
    match table.get_mut(key) {
        Some(target) => graft_into(target, key, rest, node),
        None => Ok(()),
    }
}

fn graft_into(target: &mut Node, key: &str, rest: &[String], node: Node) -> Result<(), Refusal> {
    let Some((next, beyond)) = rest.split_first() else {
        *target = node;
        return Ok(());
    };
    match &mut target.value {
        Value::Table(table) => graft(table, rest, node),
        Value::List(items) => {
            let length = items.len();
            let way = format!(
                "`{key}` has {length} entries; use a number from 0 to {length}, {length} being a new one"
            );
            let Some(index) = next
                .parse::<usize>()
                .ok()
                .filter(|&index| index <= length && is_index(next))
            else {
                return Err((format!("`{key}` has no entry `{next}`"), way));
            };
            if index == length {
                items.push(Node {
                    value: Value::Table(Table::default()),
                    place: node.place.clone(),
                });
            }
            graft_into(&mut items[index], next, beyond, node)
        }
        other => {
            let help = format!("set `{key}` as a whole");
            Err((
                format!("`{key}` is {}, so it has no `{next}`", other.kind()),
                help,
            ))
        }
    }
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const FILE: &str = "name = 'x'\nmap = 'm'\n[[population]]\ncount = 1\n";

    fn after(arguments: &[&str]) -> (Table, Vec<String>) {
        let (mut table, _) = tree::parse_document("f", FILE);
        let faults = Faults::of(Path::new("f"));
        let set = arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect();
        apply(
            &mut table,
            &Overrides {
                set,
                ..Overrides::default()
            },
            &faults,
        );
        (
            table,
            faults
                .into_sorted()
                .iter()
                .map(ToString::to_string)
                .collect(),
        )
    }

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Text(text) => format!("{text:?}"),
            Value::Whole(whole) => whole.to_string(),
            Value::Float(text, _) => text.clone(),
            Value::Flag(flag) => flag.to_string(),
            Value::Moment(moment) => moment.to_string(),
            Value::List(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
            }
            Value::Table(table) => show_table(table),
        }
    }

    fn show_table(table: &Table) -> String {
        let entries: Vec<_> = table
            .entries
            .iter()
            .map(|entry| format!("{}={}", entry.key, show(&entry.node)))
            .collect();
        format!("{{{}}}", entries.join(","))
    }

    #[test]
    fn any_field_can_be_set() {
        let (table, faults) = after(&[
            "name=market day",
            "population.0.count=10",
            "population.1.mind=scripted",
            "time.start=2026-02-01T07:00:00Z",
            "outputs.series=[\"a\", \"b\"]",
            "map={generate=\"town\", width=8}",
            "map.width=9",
            "template.\"c.3\".name = \"x=y\"",
            "intervention.0.say={agent=\"a\"}",
        ]);
        assert_eq!(faults, Vec::<String>::new());
        let wanted = "{name=\"market day\",map={generate=\"town\",width=9},population=[{count=10},{mind=\"scripted\"}],\
                      time={start=2026-02-01T07:00:00Z},outputs={series=[\"a\",\"b\"]},template={c.3={name=\"x=y\"}},\
                      intervention=[{say={agent=\"a\"}}]}";
        assert_eq!(show_table(&table), wanted);
        assert_eq!(
            table.get("map").map(|node| &*node.place.file),
            Some("--set map={generate=\"town\", width=8}")
        );
    }

    #[test]
    fn what_cannot_be_set_is_named_with_the_way_out() {
        let faults = |argument| after(&[argument]).1.join("\n");
        for (argument, message) in [
            (
                "name",
                "--set name: error: this has no `=`\n  help: write for example: --set population.0.count=10",
            ),
            (
                "a b=1",
                "--set a b=1: error: `a b` is no path of keys\n  help: write for example: --set population.0.count=10",
            ),
            (
                "population.2.count=1",
                "--set population.2.count=1: error: `population` has no entry `2`\n  help: `population` has 1 entries; use a number from 0 to 1, 1 being a new one",
            ),
            (
                "map.width=1",
                "--set map.width=1: error: `map` is a string, so it has no `width`\n  help: set `map` as a whole",
            ),
        ] {
            assert_eq!(faults(argument), message);
        }
        assert!(
            faults("seed=5km").contains("`5km` is no value"),
            "{}",
            faults("seed=5km")
        );
        assert!(faults("outputs.series=[1").contains("help: a value is written as in the file"));
        assert!(faults("seed=").contains("is no value"));
    }
}
