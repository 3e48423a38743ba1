//! Templates: tables of a scenario, or files of the catalogue.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use hamlet_protocol::persona::Template;

use super::context::Context;
use super::faults::Faults;
use super::reader::Reader;
use super::suggest;
use super::tree::{Place, Table, Value, parse_document};
use super::words::handle;

/// Where the catalogue lies, under the working folder or beside the scenario.
pub(super) const CATALOGUE: &str = "agents/templates";

/// Classes of models a template may ask for.
const MODELS: [&str; 5] = ["chat", "fast", "reasoning", "code", "long_context"];

const NAMES_MAX: usize = 10_000;
const WORDS_MAX: usize = 500;
const PROMPT_CHARS_MAX: usize = 20_000;
const THINK_TICKS_DEFAULT: u32 = 10;

/// The templates of one scenario, read when a population first asks for them.
pub(super) struct Templates<'a> {
    context: &'a Context<'a>,
    /// `None`: there is one, but it can't be read; its faults are noted.
    known: RefCell<BTreeMap<String, Option<Template>>>,
    inline: Vec<String>,
}

impl<'a> Templates<'a> {
    /// Reads the `[template.NAME]` tables.
    pub(super) fn new(document: &Reader<'_>, context: &'a Context<'a>) -> Self {
        let mut templates = Self {
            context,
            known: RefCell::default(),
            inline: Vec::new(),
        };
        let Some(tables) = document.table("template", "[template]") else {
            return templates;
        };
        for (slug, place, node) in tables.entries() {
            let Value::Table(table) = &node.value else {
                tables.wrong_kind(slug, node, "a table");
                continue;
            };
            let template = read(table, slug, place, "[template.NAME]", context.faults);
            templates.inline.push(slug.to_owned());
            templates.known.get_mut().insert(slug.to_owned(), template);
        }
        templates
    }

    /// Makes sure that a template is known; a fault at `place` says when there is none.
    /// The one that was most likely meant then takes its place, so that what else is wrong can be found. Says whether there is one.
    pub(super) fn require(&self, slug: &str, place: &Place) -> bool {
        if let Some(known) = self.known.borrow().get(slug) {
            return known.is_some();
        }
        let template = match self.path_of(slug) {
            Some(path) => read_file(&path, self.context),
            None => {
                let all = self.slugs();
                let all = all.iter().map(String::as_str);
                let help = suggest::help(slug, "templates here", all.clone());
                self.context
                    .faults
                    .error(place, format!("there is no template `{slug}`"), help);
                suggest::nearest(slug, all).and_then(|near| self.read_quietly(near))
            }
        };
        let found = template.is_some();
        self.known.borrow_mut().insert(slug.to_owned(), template);
        found
    }

    fn path_of(&self, slug: &str) -> Option<PathBuf> {
        let paths = self
            .folders()
            .map(|folder| folder.join(format!("{slug}.toml")));
        let mut paths = paths.into_iter();
        paths.find(|path| is_slug(slug) && self.context.files.exists(path))
    }

    /// A template that nobody has asked for: its own faults are nobody's.
    fn read_quietly(&self, slug: &str) -> Option<Template> {
        if let Some(known) = self.known.borrow().get(slug) {
            return known.clone();
        }
        let path = self.path_of(slug)?;
        let faults = Faults::of(&path);
        let context = Context::of(&path, self.context.files, &faults);
        read_file(&path, &context)
    }

    /// All that could be read.
    pub(super) fn into_known(self) -> BTreeMap<String, Template> {
        let known = self.known.into_inner().into_iter();
        known
            .filter_map(|(slug, template)| Some((slug, template?)))
            .collect()
    }

    fn slugs(&self) -> Vec<String> {
        let files = self
            .folders()
            .into_iter()
            .flat_map(|folder| self.context.files.list(&folder));
        let slug = |path: PathBuf| {
            Some(
                path.to_str()?
                    .ends_with(".toml")
                    .then(|| slug_of(&path))?
                    .to_owned(),
            )
        };
        let mut slugs: Vec<String> = files
            .filter_map(slug)
            .chain(self.inline.iter().cloned())
            .collect();
        slugs.sort();
        slugs.dedup();
        slugs
    }

    fn folders(&self) -> [PathBuf; 2] {
        [self.context.base.join(CATALOGUE), PathBuf::from(CATALOGUE)]
    }
}

/// Reads a file of the catalogue; its name is the template's slug.
pub(super) fn read_file(path: &Path, context: &Context<'_>) -> Option<Template> {
    let text = context.read_text(path)?;
    let file = path.display().to_string();
    let (table, syntax) = parse_document(&file, &text);
    if !syntax.is_empty() {
        context.note_syntax(&file, syntax);
        return None;
    }
    read(
        &table,
        &slug_of(path),
        &Place::whole(&file),
        "this template",
        context.faults,
    )
}

/// Whether a document is a template rather than a scenario: by the keys that only one of them has, where neither by its folder.
pub(super) fn is_one(table: &Table, path: &Path) -> bool {
    const OF_SCENARIOS: [&str; 11] = [
        "map",
        "population",
        "intervention",
        "time",
        "stop",
        "seed",
        "rules",
        "outputs",
        "economy",
        "submolts",
        "submolt",
    ];
    const OF_TEMPLATES: [&str; 13] = [
        "prompt",
        "tagline",
        "category",
        "traits",
        "interests",
        "occupations",
        "first_names",
        "last_names",
        "ages",
        "about",
        "examples",
        "capabilities",
        "think_ticks",
    ];
    let has = |keys: &[&str]| keys.iter().any(|key| table.get(key).is_some());
    let among_templates = || {
        path.parent()
            .is_some_and(|folder| folder.ends_with("templates"))
    };
    !has(&OF_SCENARIOS) && (has(&OF_TEMPLATES) || among_templates())
}

fn slug_of(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn is_slug(slug: &str) -> bool {
    handle(slug).as_deref() == Some(slug)
}

fn read(
    table: &Table,
    slug: &str,
    place: &Place,
    what: &'static str,
    faults: &Faults,
) -> Option<Template> {
    let reader = Reader::new(table, place, what, faults);
    if !is_slug(slug) {
        let help = "2 to 50 lower-case letters, digits, `_` and `-`".to_owned();
        faults.error(place, format!("`{slug}` is no name for a template"), help);
    }
    reader.need("name", "name = \"Gardener\"");
    let template = Template {
        slug: slug.to_owned(),
        name: reader.text("name", 1..=100).unwrap_or_default(),
        category: reader
            .text("category", 1..=50)
            .unwrap_or_else(|| "other".to_owned()),
        tagline: reader.text("tagline", 1..=200).unwrap_or_default(),
        prompt: reader
            .text("prompt", 0..=PROMPT_CHARS_MAX)
            .unwrap_or_default(),
        traits: reader.words("traits", WORDS_MAX).unwrap_or_default(),
        interests: reader.words("interests", WORDS_MAX).unwrap_or_default(),
        occupations: reader.words("occupations", WORDS_MAX).unwrap_or_default(),
        first_names: names(&reader, "first_names"),
        last_names: names(&reader, "last_names"),
        ages: ages(&reader),
        about: paragraphs(&reader, "about"),
        examples: paragraphs(&reader, "examples"),
        capabilities: reader.words("capabilities", WORDS_MAX).unwrap_or_default(),
        model: MODELS[reader.word("model", &MODELS).unwrap_or(0)].to_owned(),
        think_ticks: reader
            .whole("think_ticks", 1..=10_000_u32)
            .unwrap_or(THINK_TICKS_DEFAULT),
    };
    if template.first_names.is_empty() && !template.last_names.is_empty() {
        let help = "add `first_names`, or remove `last_names`".to_owned();
        faults.error(
            reader.place("last_names"),
            "family names without given names are never used",
            help,
        );
    }
    reader.finish();
    Some(template)
}

/// Names to draw from: each must leave something for a handle.
fn names(reader: &Reader<'_>, key: &'static str) -> Vec<String> {
    let names = reader.texts(key, 1..=24).unwrap_or_default();
    if let Some((_, place)) = names.get(NAMES_MAX) {
        let message = format!("`{key}` has {} entries, more than {NAMES_MAX}", names.len());
        reader
            .faults()
            .error(place, message, "shorten the list".to_owned());
    }
    for (name, place) in &names {
        if handle(name).is_none() {
            let help = "a name needs at least two letters from a to z, for the handle".to_owned();
            reader
                .faults()
                .error(place, format!("`{name}` can't become a handle"), help);
        }
    }
    names.into_iter().map(|(name, _)| name).collect()
}

fn ages(reader: &Reader<'_>) -> Option<(u16, u16)> {
    const HELP: &str = "write the youngest and the oldest, 0 to 1000: [18, 80]";
    let items = reader.list("ages")?;
    let age = |index: usize| match items.get(index).map(|node| &node.value) {
        Some(&Value::Whole(age)) => u16::try_from(age).ok().filter(|&age| age <= 1000),
        _ => None,
    };
    match (age(0), age(1)) {
        (Some(youngest), Some(oldest)) if items.len() == 2 && youngest <= oldest => {
            Some((youngest, oldest))
        }
        _ => {
            reader.faults().error(
                reader.place("ages"),
                "`ages` is no span of years",
                HELP.to_owned(),
            );
            None
        }
    }
}

fn paragraphs(reader: &Reader<'_>, key: &'static str) -> Vec<String> {
    let texts = reader.texts(key, 1..=1000).unwrap_or_default();
    texts.into_iter().map(|(text, _)| text).collect()
}
