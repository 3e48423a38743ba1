//! Personas from files: Generative Agents' `scratch.json`, OASIS profiles, our own lists.

mod entry;
mod fields;
mod places;
mod sentences;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use hamlet_protocol::persona::Persona;
use serde_json::Value as Json;

use self::entry::{Unreadable, read_entry};
use self::places::JsonPlaces;
use super::context::Context;
use super::population::persona_fields;
use super::reader::Reader;
use super::tree::{Place, parse_document};
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
        Ok(json) => read_json(&file, &text, json, context),
        Err(error) => {
            let text = error.to_string();
            // The place stands before the fault already.
            let what = text.split(" at line ").next().unwrap_or(&text);
            let fault = Fault::error(file, format!("this is no JSON: {what}"));
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

fn read_json(file: &str, text: &str, json: Json, context: &Context<'_>) -> Vec<Persona> {
    let entries = match json {
        Json::Array(entries) => entries,
        other => vec![other],
    };
    let mut places = None;
    let mut personas = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let why = match read_entry(entry) {
            Ok(persona) => {
                personas.push(persona);
                continue;
            }
            Err(why) => why,
        };
        // Only a file with a fault is looked through again, and once.
        let places = places.get_or_insert_with(|| JsonPlaces::of(text));
        let note = |(line, column), message: String, help: &str| {
            let message = format!("entry {index} (from 0): {message}");
            let fault = Fault::error(file, message).at(line, column);
            context.faults.push(fault.help(help));
        };
        match why {
            Unreadable::Whole(message) => note(places.entry(index), message, FORMATS),
            Unreadable::Fields(faults) => {
                for fault in faults {
                    let place = places.field(index, fault.key, fault.item);
                    note(place, fault.message, "mend the field, or leave it out");
                }
            }
        }
    }
    personas
}
