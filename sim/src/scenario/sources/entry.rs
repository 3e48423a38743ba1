//! An entry of a JSON file as a persona: Generative Agents' `scratch.json`, or a profile of OASIS.

use hamlet_protocol::persona::{Persona, check_name};
use hamlet_protocol::word::Word;
use serde_json::Value as Json;

use super::fields::{FieldFault, Fields};
use super::sentences::{lifestyle_hours, occupation, temperament};
use crate::scenario::population::{ABOUT_CHARS_MAX, LIST_MAX};
use crate::scenario::words::handle;

/// Why an entry is no persona.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is something else altogether, or has no name.
    Whole(String),
    /// Fields of it are of a wrong type.
    Fields(Vec<FieldFault>),
}

/// Reads an entry of either kind.
pub(super) fn read_entry(entry: &Json) -> Result<Persona, Unreadable> {
    let whole = |message: &str| Err(Unreadable::Whole(message.to_owned()));
    let Some(fields) = entry.as_object() else {
        return whole("it is no object");
    };
    let fields = Fields::new(fields);
    let has_one_of = |keys: &[&str]| keys.iter().any(|key| fields.has(key));
    let mut persona = if has_one_of(&["innate", "learned", "living_area"]) {
        scratch(&fields)
    } else if has_one_of(&["username", "realname"]) {
        profile(&fields)
    } else {
        return whole("it has neither `innate` (scratch.json) nor `username` (OASIS)");
    };
    let faults = fields.into_faults();
    if !faults.is_empty() {
        return Err(Unreadable::Fields(faults));
    }
    if check_name(&persona.name).is_err() {
        let full = persona.display_name.clone();
        let made = handle(&persona.name).or_else(|| handle(&full));
        let nameless = || format!("no handle can be made from its name `{full}`");
        persona.name = made.ok_or_else(|| Unreadable::Whole(nameless()))?;
    }
    persona.about = persona.about.chars().take(ABOUT_CHARS_MAX).collect();
    Ok(persona)
}

/// Generative Agents: `scratch.json`.
fn scratch(fields: &Fields<'_>) -> Persona {
    let text = |key| fields.text(key);
    let name = match text("name") {
        name if name.is_empty() => format!("{} {}", text("first_name"), text("last_name"))
            .trim()
            .to_owned(),
        name => name,
    };
    let learned = text("learned");
    let about = [learned.clone(), text("currently")];
    Persona {
        occupation: occupation(&learned),
        about: about
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        name: name.clone(),
        display_name: name,
        age: fields.age(),
        traits: listed(text("innate").split(',')),
        interests: Vec::new(),
        sleep: lifestyle_hours(&text("lifestyle")),
        // world:sector:arena; people live in a sector.
        home: text("living_area").split(':').nth(1).map(str::to_owned),
    }
}

/// OASIS: an entry of a list of Reddit profiles.
fn profile(fields: &Fields<'_>) -> Persona {
    let text = |key| fields.text(key);
    let (username, realname) = (text("username"), text("realname"));
    let about = match text("persona") {
        persona if persona.is_empty() => text("bio"),
        persona => persona,
    };
    Persona {
        name: if username.is_empty() {
            realname.clone()
        } else {
            username.clone()
        },
        display_name: if realname.is_empty() {
            username
        } else {
            realname
        },
        age: fields.age(),
        traits: temperament(&text("mbti")),
        interests: listed(fields.texts("interested_topics").into_iter()),
        occupation: Some(text("profession")).filter(|profession| !profession.is_empty()),
        about,
        sleep: None,
        home: None,
    }
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Word> {
    let words = words.map(str::trim).filter(|word| !word.is_empty());
    words.take(LIST_MAX).map(Word::from).collect()
}
