//! A TOML document as a tree that knows where everything was written.
//!
//! The tree owns its text and may hold branches of several files: what `--set` changes is grafted into it with a place of its own.

use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, Error};
use toml::value::Datetime;

/// What the parser says of a key that is there already.
const DUPLICATE: &str = "duplicate key";

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The file, or the argument of the command line, as it was named.
    pub(super) file: Rc<str>,
    /// Line and column, both from 1; `None` for an argument and for a file as a whole.
    pub(super) at: Option<(u32, u32)>,
}

impl Place {
    /// A whole file or argument.
    pub(super) fn whole(file: &str) -> Self {
        Self {
            file: file.into(),
            at: None,
        }
    }
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) place: Place,
}

/// The values of TOML.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    /// Saturated to 128 bits, which no field accepts.
    Whole(i128),
    /// As written, for amounts of money, and as a number.
    Float(String, f64),
    Flag(bool),
    Moment(Datetime),
    List(Vec<Node>),
    Table(Table),
}

impl Value {
    /// What it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Whole(_) => "a whole number",
            Self::Float(..) => "a decimal number",
            Self::Flag(_) => "true or false",
            Self::Moment(_) => "a date or time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// A table, its keys in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) place: Place,
    pub(super) node: Node,
}

impl Table {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.node)
    }

    /// The value of a key, to change it.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node)
    }
}

/// A fault of the notation itself.
pub(super) struct SyntaxFault {
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// Whether what follows may have been misread because of it.
    pub(super) misleading: bool,
}

/// Reads a document as far as it can be understood, with every fault of notation.
pub(super) fn parse_document(file: &str, text: &str) -> (Table, Vec<SyntaxFault>) {
    let lines = Lines::new(file, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    (lines.table(table.get_ref()), lines.faults(&errors))
}

/// Reads one value, such as stands behind the `=` of an argument; every part of it has the argument as its place.
pub(super) fn parse_value(place: &Place, text: &str) -> Result<Node, String> {
    let value = DeValue::parse(text).map_err(|error| error.message().to_owned())?;
    let lines = Lines {
        whole: true,
        ..Lines::new(&place.file, text)
    };
    Ok(lines.node(&value))
}

/// Reads a dotted key such as `population.0."a b"`.
pub(super) fn parse_path(text: &str) -> Option<Vec<String>> {
    let document = format!("{text} = 0");
    let mut table = DeTable::parse(&document).ok()?.into_inner();
    let mut path = Vec::new();
    loop {
        let mut entries = table.into_iter();
        let (key, value) = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        path.push(key.into_inner().into_owned());
        match value.into_inner() {
            DeValue::Table(inner) => table = inner,
            DeValue::Integer(_) => return Some(path),
            _ => return None,
        }
    }
}

/// Turns byte offsets of one text into lines and columns.
struct Lines<'a> {
    file: Rc<str>,
    text: &'a str,
    starts: Vec<usize>,
    whole: bool,
}

impl<'a> Lines<'a> {
    fn new(file: &str, text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            file: file.into(),
            text,
            starts,
            whole: false,
        }
    }

    fn place(&self, offset: usize) -> Place {
        if self.whole {
            return Place {
                file: self.file.clone(),
                at: None,
            };
        }
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = self
            .text
            .get(self.starts[line - 1]..offset)
            .unwrap_or_default();
        let column = before.chars().count() + 1;
        Place {
            file: self.file.clone(),
            at: Some((line as u32, column as u32)),
        }
    }

    fn faults(&self, errors: &[Error]) -> Vec<SyntaxFault> {
        errors.iter().map(|error| self.fault(error)).collect()
    }

    fn fault(&self, error: &Error) -> SyntaxFault {
        let span = error.span().unwrap_or(0..0);
        let place = self.place(span.start);
        let twice = error.message() == DUPLICATE;
        let line = self.text[..span.start]
            .rsplit('\n')
            .next()
            .unwrap_or_default();
        let key = self.text.get(span).filter(|key| twice && !key.is_empty());
        match key {
            Some(key) => SyntaxFault {
                place,
                message: format!("`{}` stands here a second time", key.trim()),
                help: Some("keep one of them".to_owned()),
                // A second table takes the place of the first, and hides what stood there.
                misleading: line.trim_start().starts_with('['),
            },
            None => SyntaxFault {
                place,
                message: error.message().to_owned(),
                help: None,
                misleading: true,
            },
        }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        Node {
            value: self.value(value.get_ref()),
            place: self.place(value.span().start),
        }
    }

    fn value(&self, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(whole) => {
                let parsed = i128::from_str_radix(whole.as_str(), whole.radix());
                let limit = if whole.as_str().starts_with('-') {
                    i128::MIN
                } else {
                    i128::MAX
                };
                Value::Whole(parsed.unwrap_or(limit))
            }
            DeValue::Float(float) => Value::Float(
                float.as_str().to_owned(),
                float.as_str().parse().unwrap_or(f64::NAN),
            ),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(moment) => Value::Moment(*moment),
            DeValue::Array(list) => Value::List(list.iter().map(|item| self.node(item)).collect()),
            DeValue::Table(table) => Value::Table(self.table(table)),
        }
    }

    /// The parser sorts by key; people read from the top.
    fn table(&self, table: &DeTable<'_>) -> Table {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let entry = |(key, node): (&Spanned<DeString<'_>>, _)| Entry {
            key: key.get_ref().clone().into_owned(),
            place: self.place(key.span().start),
            node: self.node(node),
        };
        Table {
            entries: entries.into_iter().map(entry).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_place() {
        let (table, faults) = parse_document(
            "f.toml",
            "\"é\" = 1\n[time]\n  hz = 0x1_0\n[[p]]\na = [1.50, true]\n",
        );
        assert!(faults.is_empty());
        let keys: Vec<_> = table
            .entries
            .iter()
            .map(|e| (e.key.as_str(), e.place.at))
            .collect();
        assert_eq!(
            keys,
            [
                ("é", Some((1, 1))),
                ("time", Some((2, 2))),
                ("p", Some((4, 3)))
            ]
        );
        let Some(Value::Table(time)) = table.get("time").map(|node| &node.value) else {
            panic!("no table")
        };
        let hz = time.get("hz").expect("set above");
        assert_eq!(hz.place.at, Some((3, 8)));
        assert!(matches!(hz.value, Value::Whole(16)));
    }

    #[test]
    fn every_fault_of_notation_is_found() {
        let (_, faults) = parse_document("f.toml", "name = \nb = x\na = 1\na = 2\n");
        let lines: Vec<_> = faults.iter().filter_map(|fault| fault.place.at).collect();
        assert_eq!(lines, [(1, 8), (2, 5), (4, 1)]);
    }

    #[test]
    fn paths_are_dotted_keys() {
        let path = |text| parse_path(text).map(|keys| keys.join("/"));
        assert_eq!(
            path("population.0.count"),
            Some("population/0/count".to_owned())
        );
        assert_eq!(
            path("template.\"a.b\".name"),
            Some("template/a.b/name".to_owned())
        );
        for bad in ["", "a..b", "a b", "a = 1\nb", "[a]"] {
            assert_eq!(path(bad), None, "{bad}");
        }
    }
}
