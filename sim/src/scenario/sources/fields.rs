//! The fields of a JSON entry, each of the type it should have.

use std::cell::RefCell;

use serde_json::{Map, Value as Json};

/// Oldest that somebody may be, in years.
const AGE_MAX: u64 = 1000;

/// A field of a wrong type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FieldFault {
    /// Its key.
    pub(super) key: &'static str,
    /// Which of its items, where it is a list that has wrong ones.
    pub(super) item: Option<usize>,
    /// What is wrong.
    pub(super) message: String,
}

/// The fields of one entry. Reading one of a wrong type notes a fault and gives what an absent one gives.
pub(super) struct Fields<'a> {
    fields: &'a Map<String, Json>,
    faults: RefCell<Vec<FieldFault>>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(fields: &'a Map<String, Json>) -> Self {
        Self {
            fields,
            faults: RefCell::default(),
        }
    }

    /// Whether the entry has a field, of whatever type.
    pub(super) fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// A field as text, on one line; empty where there is none.
    pub(super) fn text(&self, key: &'static str) -> String {
        match self.get(key) {
            None => String::new(),
            Some(Json::String(text)) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Some(other) => self.wrong((key, None), "a text", other),
        }
    }

    /// The texts of a list; none where there is no list.
    pub(super) fn texts(&self, key: &'static str) -> Vec<&'a str> {
        let list = match self.get(key) {
            None => return Vec::new(),
            Some(Json::Array(list)) => list,
            Some(other) => return self.wrong((key, None), "a list of texts", other),
        };
        let mut texts = Vec::with_capacity(list.len());
        for (index, item) in list.iter().enumerate() {
            match item {
                Json::String(text) => texts.push(text.as_str()),
                other => self.wrong((key, Some(index)), "a text", other),
            }
        }
        texts
    }

    /// The age in years, also where it is written as a text.
    pub(super) fn age(&self) -> Option<u16> {
        let given = self.get("age")?;
        let age = match given {
            Json::String(text) => text.trim().parse().ok(),
            other => other.as_u64(),
        };
        match age.filter(|&age| age <= AGE_MAX) {
            Some(age) => u16::try_from(age).ok(),
            None => {
                let wanted = format!("a whole number of years from 0 to {AGE_MAX}");
                self.wrong(("age", None), &wanted, given)
            }
        }
    }

    /// What was found wrong so far.
    pub(super) fn into_faults(self) -> Vec<FieldFault> {
        self.faults.into_inner()
    }

    /// A field that says something; `null` says nothing.
    fn get(&self, key: &str) -> Option<&'a Json> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    fn wrong<T: Default>(
        &self,
        (key, item): (&'static str, Option<usize>),
        wanted: &str,
        found: &Json,
    ) -> T {
        let what = match item {
            Some(index) => format!("item {index} (from 0) of `{key}`"),
            None => format!("`{key}`"),
        };
        let message = format!("{what} must be {wanted}, not {}", in_words(found));
        let fault = FieldFault { key, item, message };
        self.faults.borrow_mut().push(fault);
        T::default()
    }
}

/// A value as a fault shows it: short ones as they are written.
fn in_words(value: &Json) -> String {
    const CHARS_MAX: usize = 40;
    match value {
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        Json::String(text) if text.chars().count() > CHARS_MAX => "a longer text".to_owned(),
        short => short.to_string(),
    }
}
