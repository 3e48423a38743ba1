//! `[[population]]`: who lives in the town, and the same words inside an intervention's `spawn`.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::persona::{Persona, Template, check_name};
use hamlet_protocol::scenario::{AGENTS_MAX, Population};
use hamlet_protocol::word::Word;

use super::context::Context;
use super::faults::Faults;
use super::people::{self, NameBook};
use super::reader::Reader;
use super::template::Templates;
use super::tree::{Node, Place, Value};
use super::words::{display, handle};
use super::{moment, place, sources};

/// The template of a population that names none.
pub(super) const TEMPLATE_DEFAULT: &str = "townsfolk";

/// Longest story of a persona, in characters.
pub(super) use hamlet_protocol::persona::ABOUT_CHARS_MAX;

/// Most traits or interests of a persona.
pub(super) use hamlet_protocol::persona::WORDS_MAX as LIST_MAX;

/// What a population is read with.
pub(super) struct Scope<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) templates: &'a Templates<'a>,
    pub(super) map: Option<&'a TownMap>,
}

/// A population whose personas still lack what templates and other names decide.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) population: Population,
    /// Where it stands.
    pub(super) place: Place,
    given: Vec<Given>,
    /// Whether what decides who comes was read without an error.
    pub(super) sound: bool,
    /// Whether its template or a source of its personas could not be read, so that anybody may come.
    pub(super) open: bool,
}

/// A persona given in words.
#[derive(Clone)]
struct Given {
    persona: Persona,
    place: Place,
    /// Written in the scenario itself: its name stands as it is, and its trade is open where it says none.
    inline: bool,
}

/// Reads one population.
pub(super) fn read(reader: Reader<'_>, scope: &Scope<'_>) -> Draft {
    let faults = reader.faults();
    let errors_before = faults.errors();
    let mut of_place = 0;
    let words = MindKind::ALL.map(MindKind::as_str);
    let mind = reader
        .word("mind", &words)
        .map_or(MindKind::Scripted, |index| MindKind::ALL[index]);
    let template = reader.text("template", 1..=50);
    let count = reader.whole("count", 0..=AGENTS_MAX);
    let (given, mut open) = given(&reader, scope);
    if mind == MindKind::Walker {
        refuse_words_for_walkers(&reader);
    } else {
        let slug = template.as_deref().unwrap_or(TEMPLATE_DEFAULT);
        open |= !scope.templates.require(slug, reader.place("template"));
    }
    check_single(&reader, count);
    let at = place::read(&reader, "at");
    if let Some(name) = &at {
        let before = faults.errors();
        place::check(name, reader.place("at"), scope.map, false, faults);
        of_place = faults.errors() - before;
    }
    if let Some(extra) = given
        .iter()
        .filter(|persona| persona.inline)
        .nth(count.unwrap_or(u32::MAX) as usize)
    {
        let help = "raise `count`, or leave it out: it is then the number of personas".to_owned();
        faults.warning(
            &extra.place,
            "`count` is smaller than the number of personas; the last ones stay away",
            help,
        );
    }
    let population = Population {
        template: if mind == MindKind::Walker {
            String::new()
        } else {
            template.unwrap_or_else(|| TEMPLATE_DEFAULT.to_owned())
        },
        count: count.unwrap_or(if given.is_empty() {
            1
        } else {
            given.len() as u32
        }),
        mind,
        personas: Vec::new(),
        at,
    };
    let place = reader.here().clone();
    reader.finish();
    Draft {
        population,
        place,
        given,
        sound: faults.errors() == errors_before + of_place,
        open,
    }
}

impl Draft {
    /// Enters the names that the scenario itself gives; a fault where one is borne already.
    pub(super) fn take_inline_names(&self, taken: &mut NameBook, faults: &Faults) {
        for given in self
            .present()
            .filter(|given| given.inline && !given.persona.name.is_empty())
        {
            if !taken.take(&given.persona.name) {
                let message = format!("somebody else is named `{}` already", given.persona.name);
                let help = "names are unique, and so is what they look like (`Mira1` and `mira_l` are one); choose another".to_owned();
                faults.error(&given.place, message, help);
            }
        }
    }

    /// Enters the names that come from sources, numbered where they are borne already.
    pub(super) fn take_source_names(&mut self, taken: &mut NameBook) {
        let count = self.population.count as usize;
        for given in self
            .given
            .iter_mut()
            .take(count)
            .filter(|given| !given.inline)
        {
            given.persona.name = taken.take_numbered(&given.persona.name).0;
        }
    }

    /// The population with what its personas leave open filled in from their template.
    pub(super) fn finish(
        self,
        template: Option<&Template>,
        seed: u64,
        first_no: u32,
    ) -> Population {
        let mut population = self.population;
        for (no, given) in (first_no..).zip(self.given.into_iter().take(population.count as usize))
        {
            let mut persona = given.persona;
            if let Some(template) = template {
                people::complete(&mut persona, template, seed, no, given.inline);
            }
            // An empty trade says that there is none.
            persona.occupation = persona
                .occupation
                .filter(|occupation| !occupation.is_empty());
            population.personas.push(persona);
        }
        population
    }

    /// Whether the scenario itself names somebody here.
    pub(super) fn names_somebody(&self) -> bool {
        self.given.iter().any(|given| given.inline)
    }

    fn present(&self) -> impl Iterator<Item = &Given> {
        self.given.iter().take(self.population.count as usize)
    }
}

/// Personas in words: by `name`, by `[[population.persona]]`, from sources; and whether one of the sources could not be read.
fn given(reader: &Reader<'_>, scope: &Scope<'_>) -> (Vec<Given>, bool) {
    let mut given = Vec::new();
    let mut open = false;
    let name = handle_at(reader, "name");
    let display_name = reader.text("display_name", 1..=100);
    if let Some(name) = name {
        let display_name = display_name.unwrap_or_else(|| display(&name));
        let persona = Persona {
            name,
            display_name,
            ..Persona::default()
        };
        given.push(Given {
            persona,
            place: reader.place("name").clone(),
            inline: true,
        });
    } else if reader.has("name") {
        open = true;
    } else if display_name.is_some() {
        reader.faults().error(
            reader.place("display_name"),
            "`display_name` without `name`",
            "add `name`".to_owned(),
        );
    }
    for persona in reader.tables("persona", "[[population.persona]]") {
        let place = persona.place("name").clone();
        let persona = read_persona(persona, scope);
        open |= persona.name.is_empty();
        given.push(Given {
            persona,
            place,
            inline: true,
        });
    }
    for (source, place) in source_names(reader) {
        let errors_before = reader.faults().errors();
        let personas = sources::read(&source, place, scope.context);
        open |= reader.faults().errors() > errors_before;
        warn_of_homes(&personas, place, scope);
        let of_source = |persona| Given {
            persona,
            place: place.clone(),
            inline: false,
        };
        given.extend(personas.into_iter().map(of_source));
    }
    (given, open)
}

/// Reads `[[population.persona]]` or an entry of a list of personas.
pub(super) fn read_persona(reader: Reader<'_>, scope: &Scope<'_>) -> Persona {
    let persona = persona_fields(&reader);
    if let Some(home) = &persona.home {
        place::check_landmark(
            home,
            reader.place("home"),
            scope.map,
            false,
            reader.faults(),
        );
    }
    reader.finish();
    persona
}

fn shared(words: Option<Vec<String>>) -> Vec<Word> {
    words.into_iter().flatten().map(Word::from).collect()
}

/// The fields of a persona, without a look at the map.
pub(super) fn persona_fields(reader: &Reader<'_>) -> Persona {
    reader.need("name", "name = \"mira_holt\"");
    let name = handle_at(reader, "name").unwrap_or_default();
    let sleep = reader.text("sleep", 1..=20);
    let hours = sleep.as_deref().and_then(moment::hours);
    if let (Some(text), None) = (&sleep, hours) {
        let message = format!("`sleep` is no span of hours: {text}");
        reader.faults().error(
            reader.place("sleep"),
            message,
            moment::HOURS_HELP.to_owned(),
        );
    }
    Persona {
        display_name: reader
            .text("display_name", 1..=100)
            .unwrap_or_else(|| display(&name)),
        name,
        age: reader.whole("age", 0..=1000_u16),
        traits: shared(reader.words("traits", LIST_MAX)),
        interests: shared(reader.words("interests", LIST_MAX)),
        occupation: reader.text("occupation", 0..=60),
        about: reader
            .text("about", 0..=ABOUT_CHARS_MAX)
            .unwrap_or_default(),
        sleep: hours,
        home: reader.text("home", 1..=200),
    }
}

fn handle_at(reader: &Reader<'_>, key: &'static str) -> Option<String> {
    let name = reader.text(key, 0..=1000)?;
    let Err(error) = check_name(&name) else {
        return Some(name);
    };
    let help = match handle(&name) {
        Some(handle) => format!("write name = \"{handle}\"; `display_name` may be any text"),
        None => "write for example: name = \"mira_holt\"".to_owned(),
    };
    reader.faults().error(
        reader.place(key),
        format!("`{name}` can't be a name: {error}"),
        help,
    );
    // What was most likely meant, so that others can be told apart from it.
    handle(&name)
}

fn source_names<'a>(reader: &Reader<'a>) -> Vec<(String, &'a Place)> {
    match reader.node("source") {
        None => Vec::new(),
        Some(Node {
            value: Value::List(_),
            ..
        }) => reader.texts("source", 1..=1000).unwrap_or_default(),
        Some(node) => reader
            .text("source", 1..=1000)
            .map(|name| (name, &node.place))
            .into_iter()
            .collect(),
    }
}

fn refuse_words_for_walkers(reader: &Reader<'_>) {
    for key in ["template", "name", "display_name", "persona", "source"] {
        if reader.has(key) {
            let help = format!("remove `{key}`, or choose another mind");
            reader.faults().error(
                reader.place(key),
                format!("walkers have neither name nor story, so no `{key}`"),
                help,
            );
        }
    }
}

fn check_single(reader: &Reader<'_>, count: Option<u32>) {
    if !reader.has("name") {
        return;
    }
    if let Some(count) = count.filter(|&count| count > 1) {
        let help = "remove `count`, or name each in a [[population.persona]]".to_owned();
        reader.faults().error(
            reader.place("name"),
            format!("one name can't serve {count} residents"),
            help,
        );
    }
    for key in ["persona", "source"] {
        if reader.has(key) {
            let message = format!("`name` and `{key}` exclude each other");
            let help = "name each resident in a [[population.persona]]".to_owned();
            reader.faults().error(reader.place(key), message, help);
        }
    }
}

/// A source's homes come from another map; those that this one lacks are said in one line.
fn warn_of_homes(personas: &[Persona], place: &Place, scope: &Scope<'_>) {
    let Some(map) = scope.map else { return };
    let unmet = |home: &&str| place::landmarks_named(map, home).is_empty();
    let mut homes: Vec<&str> = personas
        .iter()
        .filter_map(|persona| persona.home.as_deref())
        .filter(unmet)
        .collect();
    homes.dedup();
    if let Some(first) = homes.first() {
        let message = format!(
            "{} of the source's homes are not on this map, such as `{first}`",
            homes.len()
        );
        scope.context.faults.warning(
            place,
            message,
            "these residents get another home".to_owned(),
        );
    }
}
