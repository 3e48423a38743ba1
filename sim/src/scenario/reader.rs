//! Reading a table field by field: every wrong type, value and key becomes a fault, and reading goes on.

use std::cell::RefCell;
use std::fmt::Display;
use std::ops::RangeInclusive;

use hamlet_protocol::money::{Money, MoneyError};

use super::faults::Faults;
use super::suggest;
use super::tree::{Node, Place, Table, Value};

/// One table being read. It learns its allowed keys from what it is asked for; [`Reader::finish`] reports the others.
pub(super) struct Reader<'a> {
    table: &'a Table,
    place: &'a Place,
    what: &'static str,
    faults: &'a Faults,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    /// Begins reading; `what` is how the table is written, such as `[time]`.
    pub(super) fn new(
        table: &'a Table,
        place: &'a Place,
        what: &'static str,
        faults: &'a Faults,
    ) -> Self {
        Self {
            table,
            place,
            what,
            faults,
            known: RefCell::default(),
        }
    }

    /// The faults found so far.
    pub(super) fn faults(&self) -> &'a Faults {
        self.faults
    }

    /// Where the table stands.
    pub(super) fn here(&self) -> &'a Place {
        self.place
    }

    /// Where a key's value stands; the table itself when the key is absent.
    pub(super) fn place(&self, key: &str) -> &'a Place {
        self.table.get(key).map_or(self.place, |node| &node.place)
    }

    /// Whether a key is there. It does not make the key an allowed one.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The value of a key, whatever it is.
    pub(super) fn node(&self, key: &'static str) -> Option<&'a Node> {
        let mut known = self.known.borrow_mut();
        if !known.contains(&key) {
            known.push(key);
        }
        self.table.get(key)
    }

    /// Reports a key that has to be there and is not; `example` shows how to write it.
    pub(super) fn need(&self, key: &'static str, example: &str) {
        if !self.has(key) {
            let message = format!("{} lacks `{key}`", self.what);
            self.faults
                .missing(self.place, message, format!("write for example: {example}"));
        }
    }

    /// A whole number within a range.
    pub(super) fn whole<T>(&self, key: &'static str, range: RangeInclusive<T>) -> Option<T>
    where
        T: Copy + Display + TryFrom<i128> + Into<i128>,
    {
        let node = self.node(key)?;
        let Value::Whole(value) = node.value else {
            self.wrong_kind(key, node, "a whole number");
            return None;
        };
        let (low, high) = ((*range.start()).into(), (*range.end()).into());
        if !(low..=high).contains(&value) {
            self.out_of_range(key, node, value, &low, &high);
            return None;
        }
        T::try_from(value).ok()
    }

    /// A number, whole or not, within a range.
    pub(super) fn number(&self, key: &'static str, range: RangeInclusive<f64>) -> Option<f64> {
        let node = self.node(key)?;
        let value = match node.value {
            Value::Whole(value) => value as f64,
            Value::Float(_, value) => value,
            _ => {
                self.wrong_kind(key, node, "a number");
                return None;
            }
        };
        if !range.contains(&value) {
            self.out_of_range(key, node, value, range.start(), range.end());
            return None;
        }
        Some(value)
    }

    /// An amount of money, exactly as written, from zero upwards.
    pub(super) fn money(&self, key: &'static str) -> Option<Money> {
        self.money_of(key, self.node(key)?)
    }

    /// [`Reader::money`] for a key of the writer's own, or an item of a list.
    pub(super) fn money_of(&self, key: &str, node: &Node) -> Option<Money> {
        let text = match &node.value {
            Value::Whole(value) => value.to_string(),
            Value::Float(text, _) | Value::Text(text) => text.clone(),
            _ => {
                self.wrong_kind(key, node, "an amount such as 12.5");
                return None;
            }
        };
        match text.parse::<Money>() {
            Ok(amount) if amount.0 < 0 => {
                let help = "an amount is zero or more; to take money away, use `penalise`";
                self.faults.error(
                    &node.place,
                    format!("`{key}` is negative: {text}"),
                    help.to_owned(),
                );
                None
            }
            Ok(amount) => Some(amount),
            Err(error) => {
                let help = match error {
                    MoneyError::TooFine => "the smallest amount is 0.000001 aiDollars".to_owned(),
                    MoneyError::Malformed | MoneyError::OutOfRange => {
                        "write for example: 12.5".to_owned()
                    }
                };
                self.faults.error(
                    &node.place,
                    format!("`{key}` is no amount: {text}; {error}"),
                    help,
                );
                None
            }
        }
    }

    /// True or false.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        if let Value::Flag(flag) = node.value {
            return Some(flag);
        }
        self.wrong_kind(key, node, "true or false");
        None
    }

    /// A text of some characters.
    pub(super) fn text(&self, key: &'static str, chars: RangeInclusive<usize>) -> Option<String> {
        let node = self.node(key)?;
        self.text_of(key, node, chars)
    }

    /// One of some words; its index in the list.
    pub(super) fn word(&self, key: &'static str, words: &[&str]) -> Option<usize> {
        let node = self.node(key)?;
        let Value::Text(word) = &node.value else {
            self.wrong_kind(key, node, "a string");
            return None;
        };
        let found = words.iter().position(|known| known == word);
        if found.is_none() {
            self.unknown_word(
                &node.place,
                &format!("`{key}`"),
                word,
                words.iter().copied(),
            );
        }
        found
    }

    /// A list of texts, each with its place.
    pub(super) fn texts(
        &self,
        key: &'static str,
        chars: RangeInclusive<usize>,
    ) -> Option<Vec<(String, &'a Place)>> {
        let nodes = self.list(key)?;
        let text = |node: &'a Node| Some((self.text_of(key, node, chars.clone())?, &node.place));
        Some(nodes.iter().filter_map(text).collect())
    }

    /// A list of at most so many texts that need no place.
    pub(super) fn words(&self, key: &'static str, most: usize) -> Option<Vec<String>> {
        let texts = self.texts(key, 1..=200)?;
        if let Some((_, place)) = texts.get(most) {
            let message = format!("`{key}` has {} entries, more than {most}", texts.len());
            self.faults
                .error(place, message, "shorten the list".to_owned());
        }
        Some(texts.into_iter().map(|(text, _)| text).collect())
    }

    /// A list of anything.
    pub(super) fn list(&self, key: &'static str) -> Option<&'a [Node]> {
        let node = self.node(key)?;
        if let Value::List(items) = &node.value {
            return Some(items);
        }
        self.wrong_kind(key, node, "a list");
        None
    }

    /// A table inside.
    pub(super) fn table(&self, key: &'static str, what: &'static str) -> Option<Self> {
        let node = self.node(key)?;
        if let Value::Table(table) = &node.value {
            return Some(Reader::new(table, &node.place, what, self.faults));
        }
        self.wrong_kind(key, node, "a table");
        None
    }

    /// Tables in a list, written `[[key]]`.
    pub(super) fn tables(&self, key: &'static str, what: &'static str) -> Vec<Self> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        let Value::List(items) = &node.value else {
            let message = format!(
                "`{key}` must be a list of tables, not {}",
                node.value.kind()
            );
            self.faults.error(
                &node.place,
                message,
                format!("begin each with a line {what}"),
            );
            return Vec::new();
        };
        let reader = |item: &'a Node| match &item.value {
            Value::Table(table) => Some(Reader::new(table, &item.place, what, self.faults)),
            _ => {
                self.wrong_kind(key, item, "a list of tables");
                None
            }
        };
        items.iter().filter_map(reader).collect()
    }

    /// All keys with their values, for tables whose keys are names of the writer's own.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Place, &'a Node)> + use<'a> {
        self.table
            .entries
            .iter()
            .map(|entry| (entry.key.as_str(), &entry.place, &entry.node))
    }

    /// Whether there is a key that nobody has asked for so far.
    pub(super) fn has_strangers(&self) -> bool {
        let known = self.known.borrow();
        self.entries().any(|(key, ..)| !known.contains(&key))
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self) {
        let known = self.known.borrow();
        for (key, place, _) in self.entries() {
            if !known.contains(&key) {
                let help = suggest::help(key, "allowed here", known.iter().copied());
                self.faults
                    .error(place, format!("unknown key `{key}` in {}", self.what), help);
            }
        }
    }

    /// Reports a word that is not in a list.
    pub(super) fn unknown_word<'w, W>(&self, place: &Place, label: &str, word: &str, words: W)
    where
        W: IntoIterator<Item = &'w str> + Clone,
    {
        let help = suggest::help(word, "allowed", words);
        self.faults.error(
            place,
            format!("{label} is `{word}`, which is not known"),
            help,
        );
    }

    /// Reports a value of another kind than the field's.
    pub(super) fn wrong_kind(&self, key: &str, node: &Node, wanted: &str) {
        let message = format!("`{key}` must be {wanted}, not {}", node.value.kind());
        let help = way_out(key, &node.value, wanted);
        self.faults.error(&node.place, message, help);
    }

    fn text_of(&self, key: &str, node: &Node, chars: RangeInclusive<usize>) -> Option<String> {
        let Value::Text(text) = &node.value else {
            self.wrong_kind(key, node, "a string");
            return None;
        };
        let count = text.chars().count();
        if chars.contains(&count) && (*chars.start() == 0 || !text.trim().is_empty()) {
            return Some(text.clone());
        }
        let message = match count {
            0 => format!("`{key}` is empty"),
            _ if text.trim().is_empty() => format!("`{key}` is blank"),
            _ => format!("`{key}` has {count} characters"),
        };
        self.faults.error(
            &node.place,
            message,
            format!("allowed: {} to {} characters", chars.start(), chars.end()),
        );
        None
    }

    fn out_of_range(
        &self,
        key: &str,
        node: &Node,
        value: impl Display,
        low: &impl Display,
        high: &impl Display,
    ) {
        let message = format!("`{key}` is {value}, out of range");
        self.faults
            .error(&node.place, message, format!("allowed: {low} to {high}"));
    }
}

/// How a field is written that was given a value of another kind.
fn way_out(key: &str, found: &Value, wanted: &str) -> String {
    let unquoted = |text: &str| text.parse::<f64>().is_ok() || text == "true" || text == "false";
    match (wanted, found) {
        ("a string", _) => "put it in quotation marks".to_owned(),
        (_, Value::Text(text)) if unquoted(text) => "remove the quotation marks".to_owned(),
        ("a whole number", _) => format!("write for example: {key} = 10"),
        ("a number", _) => format!("write for example: {key} = 0.5"),
        ("true or false", _) => format!("write {key} = true or {key} = false"),
        ("a table", _) => {
            format!("write its fields in braces: {key} = {{ … }}, or below a line [{key}]")
        }
        ("a list", _) => "put it in square brackets: [\"…\"]".to_owned(),
        ("a list of tables", _) => format!("begin each with a line [[{key}]]"),
        // The others say in `wanted` what they look like.
        _ => format!("write for {key} {wanted}"),
    }
}
