//! Personas from files: Generative Agents' `scratch.json`, OASIS profiles, our own lists.

mod fields;

use std::path::{Path, PathBuf};

use hamlet_protocol::persona::{Persona, check_name};
use hamlet_protocol::time::Hours;
use serde_json::Value as Json;

use self::fields::Fields;
use super::context::Context;
use super::population::{ABOUT_CHARS_MAX, LIST_MAX, persona_fields};
use super::reader::Reader;
use super::tree::{Place, parse_document};
use super::words::handle;
use crate::fault::Fault;
use crate::files::Files;

const FORMATS: &str = "a source is a scratch.json of Generative Agents, a folder of such personas, \
                       a list of OASIS profiles (JSON), or a TOML file with [[persona]] tables";

/// Reads a source as a population names it; every fault is noted.
pub(super) fn read(name: &str, place: &Place, context: &Context<'_>) -> Vec<Persona> {
    match context.find(name, place) {
        Some(path) => read_path(&path, context),
        None => Vec::new(),
    }
}

/// Reads a file or folder of personas.
pub(super) fn read_path(path: &Path, context: &Context<'_>) -> Vec<Persona> {
    if !context.files.is_dir(path) {
        return read_file(path, context);
    }
    let scratches = scratches(path, context.files);
    if scratches.is_empty() {
        let fault = Fault::error(path.display().to_string(), "no persona lies in this folder");
        context
            .faults
            .push(fault.help("it should hold folders with bootstrap_memory/scratch.json in them"));
    }
    scratches
        .iter()
        .flat_map(|scratch| read_file(scratch, context))
        .collect()
}

/// Whether a path is a folder of personas, of one or many, and no maze.
pub(super) fn is_folder_of_personas(path: &Path, files: &dyn Files) -> bool {
    files.is_dir(path) && !scratches(path, files).is_empty()
}

/// Whether a TOML document is a list of personas.
pub(super) fn is_list(table: &super::tree::Table) -> bool {
    table.get("persona").is_some() && table.get("map").is_none()
}

/// `DIR/scratch.json`, `DIR/NAME/bootstrap_memory/scratch.json`, also below `DIR/personas`.
fn scratches(folder: &Path, files: &dyn Files) -> Vec<PathBuf> {
    const INSIDE: [&str; 2] = ["bootstrap_memory/scratch.json", "scratch.json"];
    let of = |folder: &Path| {
        INSIDE
            .iter()
            .map(|name| folder.join(name))
            .find(|path| files.exists(path))
    };
    if let Some(own) = of(folder) {
        return vec![own];
    }
    let below = folder.join("personas");
    let folder = if files.is_dir(&below) { &below } else { folder };
    files
        .list(folder)
        .iter()
        .filter_map(|entry| of(entry))
        .collect()
}

fn read_file(path: &Path, context: &Context<'_>) -> Vec<Persona> {
    let Some(text) = context.read_text(path) else {
        return Vec::new();
    };
    let file = path.display().to_string();
    if path
        .extension()
        .is_some_and(|extension| extension == "toml")
    {
        return read_toml(&file, &text, context);
    }
    match serde_json::from_str(&text) {
        Ok(json) => read_json(&file, json, context),
        Err(error) => {
            let fault = Fault::error(file, format!("this is no JSON: {error}"));
            let fault = fault.at(error.line() as u32, error.column().max(1) as u32);
            context.faults.push(fault.help(FORMATS));
            Vec::new()
        }
    }
}

fn read_toml(file: &str, text: &str, context: &Context<'_>) -> Vec<Persona> {
    let (table, syntax) = parse_document(file, text);
    let whole = Place::whole(file);
    let reader = Reader::new(&table, &whole, "this list", context.faults);
    reader.need("persona", "[[persona]]");
    let mut personas = Vec::new();
    for entry in reader.tables("persona", "[[persona]]") {
        personas.push(persona_fields(&entry));
        entry.finish();
    }
    reader.finish();
    context.note_syntax(file, syntax);
    personas
}

fn read_json(file: &str, json: Json, context: &Context<'_>) -> Vec<Persona> {
    let entries = match json {
        Json::Array(entries) => entries,
        other => vec![other],
    };
    let mut personas = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let note = |message: String, help: &str| {
            let message = format!("entry {index} (from 0): {message}");
            context.faults.push(Fault::error(file, message).help(help));
        };
        match read_entry(entry) {
            Ok(persona) => personas.push(persona),
            Err(Unreadable::Whole(message)) => note(message, FORMATS),
            Err(Unreadable::Fields(messages)) => {
                for message in messages {
                    note(message, "mend the field, or leave it out");
                }
            }
        }
    }
    personas
}

/// Why an entry is no persona.
#[derive(Debug, PartialEq, Eq)]
enum Unreadable {
    /// It is something else altogether, or has no name.
    Whole(String),
    /// Fields of it are of a wrong type: one message for each.
    Fields(Vec<String>),
}

fn read_entry(entry: &Json) -> Result<Persona, Unreadable> {
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

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let words = words.map(str::trim).filter(|word| !word.is_empty());
    words.take(LIST_MAX).map(str::to_owned).collect()
}

/// The trade in a sentence such as "Ada Brook is a librarian who likes …".
fn occupation(learned: &str) -> Option<String> {
    const WORDS_MAX: usize = 4;
    const ENDS: [&str; 12] = [
        "of", "at", "who", "that", "in", "for", "from", "and", "with", "to", "on", "is",
    ];
    let (_, rest) = learned
        .split_once(" is a ")
        .or_else(|| learned.split_once(" is an "))?;
    let mut words = Vec::new();
    for word in rest.split(' ') {
        if ENDS.contains(&word) {
            break;
        }
        words.push(word.trim_end_matches([',', '.', ';']));
        if word.ends_with([',', '.', ';']) {
            break;
        }
    }
    let trade = words.join(" ");
    ((1..=WORDS_MAX).contains(&words.len()) && !trade.is_empty()).then_some(trade)
}

/// Hours of sleep in a sentence such as "goes to bed around 11pm, awakes up around 6am".
fn lifestyle_hours(text: &str) -> Option<Hours> {
    let lower = text.to_lowercase();
    let bed = hour_after(&lower, &["to bed", "to sleep", "asleep"])?;
    let up = hour_after(&lower, &["awake", "wakes", "gets up"])?;
    (bed != up).then(|| Hours::between(bed, up))
}

fn hour_after(text: &str, marks: &[&str]) -> Option<u32> {
    let at = marks.iter().filter_map(|mark| text.find(mark)).min()?;
    let rest = &text[at..];
    let digits = rest.find(|c: char| c.is_ascii_digit())?;
    let rest = &rest[digits..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let hour: u32 = rest[..end].parse().ok()?;
    // Minutes, if any, don't matter for a habit.
    let half = rest[end..]
        .trim_start_matches(|c: char| c == ':' || c.is_ascii_digit())
        .trim_start();
    match hour {
        1..=12 if half.starts_with("pm") || half.starts_with("p.m") => Some(hour % 12 + 12),
        1..=12 if half.starts_with("am") || half.starts_with("a.m") => Some(hour % 12),
        0..=23 => Some(hour),
        _ => None,
    }
}

/// Four letters of a personality type as adjectives.
fn temperament(mbti: &str) -> Vec<String> {
    let word = |letter: char| match letter.to_ascii_uppercase() {
        'I' => Some("reserved"),
        'E' => Some("outgoing"),
        'N' => Some("imaginative"),
        'S' => Some("practical"),
        'T' => Some("analytical"),
        'F' => Some("warm"),
        'J' => Some("organised"),
        'P' => Some("spontaneous"),
        _ => None,
    };
    if mbti.chars().count() != 4 {
        return Vec::new();
    }
    mbti.chars().filter_map(word).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_scratch_becomes_a_persona() {
        let entry = json!({
            "name": "Orla Fenwick", "age": 34, "innate": "patient, kind", "living_area": "the Ville:Fenwick's house:main room",
            "learned": "Orla Fenwick is a cafe owner of the Copper Kettle who loves guests.",
            "currently": "Orla plans a  feast.", "lifestyle": "Orla goes to bed around 11pm, awakes up around 6am."
        });
        let wanted = Persona {
            name: "orla_fenwick".to_owned(),
            display_name: "Orla Fenwick".to_owned(),
            age: Some(34),
            traits: vec!["patient".to_owned(), "kind".to_owned()],
            interests: Vec::new(),
            occupation: Some("cafe owner".to_owned()),
            about: "Orla Fenwick is a cafe owner of the Copper Kettle who loves guests. Orla plans a feast.".to_owned(),
            sleep: Some(Hours::between(23, 6)),
            home: Some("Fenwick's house".to_owned()),
        };
        assert_eq!(read_entry(&entry), Ok(wanted));
    }

    #[test]
    fn a_profile_becomes_a_persona() {
        let entry = json!({
            "realname": "Tam Quill", "username": "tam.quill!", "bio": "short", "persona": "Long story.", "age": "41",
            "gender": "male", "mbti": "INTJ", "country": "x", "profession": "Potter", "interested_topics": ["Clay", " Tea "]
        });
        let persona = read_entry(&entry).expect("a profile");
        assert_eq!(
            (persona.name.as_str(), persona.display_name.as_str()),
            ("tamquill", "Tam Quill")
        );
        assert_eq!(
            (
                persona.age,
                persona.occupation.as_deref(),
                persona.about.as_str()
            ),
            (Some(41), Some("Potter"), "Long story.")
        );
        assert_eq!(
            persona.traits,
            ["reserved", "imaginative", "analytical", "organised"]
        );
        assert_eq!(persona.interests, ["Clay", "Tea"]);
    }

    #[test]
    fn sentences_give_trades_and_hours() {
        assert_eq!(
            occupation("X is an archivist, and more").as_deref(),
            Some("archivist")
        );
        assert_eq!(
            occupation("X is a person with far too many words before an end"),
            Some("person".to_owned())
        );
        assert_eq!(occupation("X likes tea."), None);
        assert_eq!(
            lifestyle_hours("goes to bed at 22:30, wakes up at 7 a.m."),
            Some(Hours::between(22, 7))
        );
        assert_eq!(
            lifestyle_hours("goes to bed around 12am, awakes up around 12pm"),
            Some(Hours::between(0, 12))
        );
        assert_eq!(lifestyle_hours("sleeps when tired"), None);
    }

    #[test]
    fn what_is_no_persona_is_refused() {
        assert!(read_entry(&json!(3)).is_err());
        assert!(read_entry(&json!({"a": 1})).is_err());
        assert!(read_entry(&json!({"username": "李"})).is_err());
    }

    #[test]
    fn every_field_of_a_wrong_type_is_named() {
        let age = "`age` must be a whole number of years from 0 to 1000, not";
        let cases = [
            (
                json!({"name": "Isa R", "age": "x", "innate": 3}),
                vec![
                    format!("{age} \"x\""),
                    "`innate` must be a text, not 3".to_owned(),
                ],
            ),
            (
                json!({"username": "isa", "age": "old", "interested_topics": "x"}),
                vec![
                    format!("{age} \"old\""),
                    "`interested_topics` must be a list of texts, not \"x\"".to_owned(),
                ],
            ),
            (
                json!({"realname": 3}),
                vec!["`realname` must be a text, not 3".to_owned()],
            ),
            (
                json!({"username": "isa", "age": 1001, "interested_topics": ["Clay", 3, ["x"]], "mbti": {}}),
                vec![
                    format!("{age} 1001"),
                    "`mbti` must be a text, not an object".to_owned(),
                    "item 1 (from 0) of `interested_topics` must be a text, not 3".to_owned(),
                    "item 2 (from 0) of `interested_topics` must be a text, not a list".to_owned(),
                ],
            ),
            (
                json!({"username": "isa", "age": 30.5, "bio": ["x"]}),
                vec![
                    "`bio` must be a text, not a list".to_owned(),
                    format!("{age} 30.5"),
                ],
            ),
        ];
        for (entry, wanted) in cases {
            assert_eq!(
                read_entry(&entry),
                Err(Unreadable::Fields(wanted)),
                "{entry}"
            );
        }
        let unsaid =
            json!({"username": "isa", "age": null, "interested_topics": null, "bio": null});
        assert_eq!(read_entry(&unsaid).map(|isa| isa.age), Ok(None));
    }
}
