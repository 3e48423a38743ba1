//! Residents drawn from templates: names, traits, trades and hours, the same for the same seed on every machine.

use std::collections::BTreeMap;

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::name::name_key;
use hamlet_protocol::persona::{NAME_CHARS_MAX, Persona, Template, check_name};
use hamlet_protocol::scenario::{InterventionKind, Population, Scenario};
use hamlet_protocol::time::{DAY_SECS, Hours};
use hamlet_protocol::word::Word;

use super::words::handle;
use crate::rng::{Purpose, Stream};

/// Draws of a full name before a number is appended.
const NAME_DRAWS_MAX: u32 = 32;

/// The "tick" of these streams: what happens in the town at any tick has other numbers.
const BEFORE_ALL_TICKS: u64 = u64::MAX;

/// The handles borne in a town; those that look alike are one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameBook {
    /// Key of the handle, and the next number to try for namesakes.
    names: BTreeMap<String, u32>,
}

impl NameBook {
    /// The handles that a scenario gives explicitly, at the start and in spawns; nobody drawn may bear one of them.
    #[must_use]
    pub fn given(scenario: &Scenario) -> Self {
        let mut book = Self::default();
        book.take_given(scenario);
        book
    }

    /// Enters a handle; `false` when somebody bears it already.
    pub fn take(&mut self, name: &str) -> bool {
        let mut fresh = false;
        self.names.entry(name_key(name)).or_insert_with(|| {
            fresh = true;
            2
        });
        fresh
    }

    /// Whether somebody bears a handle.
    #[must_use]
    pub fn is_taken(&self, name: &str) -> bool {
        self.names.contains_key(&name_key(name))
    }

    /// Enters a handle, with a number appended where it is taken; the handle and that number.
    pub(super) fn take_numbered(&mut self, name: &str) -> (String, Option<u32>) {
        if self.take(name) {
            return (name.to_owned(), None);
        }
        let base = name_key(name);
        let mut number = self.names.get(&base).copied().unwrap_or(2);
        loop {
            let suffix = format!("_{number}");
            let room = NAME_CHARS_MAX - suffix.len();
            let candidate: String = name.chars().take(room).collect::<String>() + &suffix;
            number += 1;
            if self.take(&candidate) {
                self.names.insert(base, number);
                return (candidate, Some(number - 1));
            }
        }
    }

    fn take_given(&mut self, scenario: &Scenario) {
        let spawned = scenario
            .interventions
            .iter()
            .filter_map(|intervention| match &intervention.what {
                InterventionKind::Spawn(population) => Some(population),
                _ => None,
            });
        for persona in scenario
            .populations
            .iter()
            .chain(spawned)
            .flat_map(|population| &population.personas)
        {
            self.take(&persona.name);
        }
    }
}

impl<S: AsRef<str>> FromIterator<S> for NameBook {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut book = Self::default();
        for name in names {
            book.take(name.as_ref());
        }
        book
    }
}

/// Everybody who lives in a scenario's town at the start: one list per population, in order; walkers have none.
#[must_use]
pub fn cast(scenario: &Scenario) -> Vec<Vec<Persona>> {
    let mut taken = NameBook::given(scenario);
    let mut first_no = 0;
    let draw = |population: &Population| {
        let first = first_no;
        first_no += population.count;
        members(scenario, population, first, &mut taken)
    };
    scenario.populations.iter().map(draw).collect()
}

/// The residents that a spawn among the interventions brings; empty when it is none, or brings walkers.
/// `taken` holds the handles borne in the town by then.
/// Given personas come as they stand, even where their handle has been taken meanwhile: spawning them is then refused.
pub fn spawned(scenario: &Scenario, intervention: usize, taken: &mut NameBook) -> Vec<Persona> {
    let counts = |population: &Population| population.count;
    let mut first_no: u32 = scenario.populations.iter().map(counts).sum();
    for (index, earlier) in scenario.interventions.iter().enumerate() {
        let InterventionKind::Spawn(population) = &earlier.what else {
            continue;
        };
        if index == intervention {
            taken.take_given(scenario);
            return members(scenario, population, first_no, taken);
        }
        first_no += population.count;
    }
    Vec::new()
}

/// One resident drawn from a template. `no` is their number in the town; `taken` learns their handle.
pub fn persona(template: &Template, seed: u64, no: u32, taken: &mut NameBook) -> Persona {
    let mut persona = Persona::default();
    draw_character(&mut persona, template, seed, no, true);
    draw_name(&mut persona, template, seed, no, taken);
    persona.about = story(&persona, template, seed, no);
    persona
}

/// Fills in what a given persona leaves open, from its template; a trade only where `with_trade`.
pub(super) fn complete(
    persona: &mut Persona,
    template: &Template,
    seed: u64,
    no: u32,
    with_trade: bool,
) {
    draw_character(persona, template, seed, no, with_trade);
    if persona.about.is_empty() {
        persona.about = story(persona, template, seed, no);
    }
}

fn members(
    scenario: &Scenario,
    population: &Population,
    first_no: u32,
    taken: &mut NameBook,
) -> Vec<Persona> {
    if population.mind == MindKind::Walker {
        return Vec::new();
    }
    let unknown = Template {
        name: population.template.clone(),
        ..Template::default()
    };
    let template = scenario
        .templates
        .get(&population.template)
        .unwrap_or(&unknown);
    let given = population
        .personas
        .iter()
        .take(population.count as usize)
        .cloned();
    let drawn = population.personas.len() as u32..population.count;
    given
        .chain(drawn.map(|place| persona(template, scenario.seed, first_no + place, taken)))
        .collect()
}

/// All but name and story, each only where it is not given.
fn draw_character(
    persona: &mut Persona,
    template: &Template,
    seed: u64,
    no: u32,
    with_trade: bool,
) {
    let mut chance = Stream::new(seed, Purpose::Spawn, u64::from(no), BEFORE_ALL_TICKS);
    let traits = some(&mut chance, &template.traits);
    let interests = some(&mut chance, &template.interests);
    let occupation = chance.pick(&template.occupations).cloned();
    let age = template.ages.map(|(youngest, oldest)| {
        let span = u32::from(oldest.saturating_sub(youngest)) + 1;
        // The mean of two draws: most are neither very young nor very old.
        youngest + (chance.below(span) + chance.below(span)).div_ceil(2) as u16
    });
    let sleep = sleep(&mut chance);
    if persona.traits.is_empty() {
        persona.traits = traits.into_iter().map(Word::from).collect();
    }
    if persona.interests.is_empty() {
        persona.interests = interests.into_iter().map(Word::from).collect();
    }
    if with_trade && persona.occupation.is_none() {
        persona.occupation = occupation;
    }
    persona.age = persona.age.or(age);
    persona.sleep = persona.sleep.or(Some(sleep));
}

/// Two or three of a list, none twice.
fn some(chance: &mut Stream, list: &[String]) -> Vec<String> {
    let count = (2 + chance.below(2)).min(list.len() as u32);
    let mut chosen: Vec<usize> = Vec::with_capacity(3);
    while chosen.len() < count as usize {
        // Of the entries left, the n-th: step over those chosen before.
        let mut index = chance.below((list.len() - chosen.len()) as u32) as usize;
        chosen.sort_unstable();
        for &taken in &chosen {
            index += usize::from(taken <= index);
        }
        chosen.push(index);
    }
    chosen
        .into_iter()
        .map(|index| list[index].clone())
        .collect()
}

/// A night's sleep: early birds, night owls and the many between.
fn sleep(chance: &mut Stream) -> Hours {
    const QUARTER: u32 = 900;
    let (earliest_quarters, spread) = match chance.below(4) {
        0 => (81, 5), // from 20:15
        1 => (94, 7), // from 23:30
        _ => (87, 7), // from 21:45
    };
    let from = (earliest_quarters + chance.below(spread)) * QUARTER;
    let length = (28 + chance.below(7)) * QUARTER;
    let day = DAY_SECS as u32;
    Hours {
        from: from % day,
        to: (from + length) % day,
    }
}

/// Whether [`persona`] may ever give somebody of a template this handle.
pub(super) fn may_bring(template: &Template, name: &str) -> bool {
    // A number stands behind the handle of a namesake.
    let base = match name.rsplit_once('_') {
        Some((base, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => base,
        _ => name,
    };
    let wanted = [name_key(name), name_key(base)];
    let is_it = |full: &str| handle(full).is_some_and(|name| wanted.contains(&name_key(&name)));
    let begins = |first: &&String| {
        let key = handle(first).map(|first| name_key(&first));
        // Its last letter may melt into the next, as in `rn`.
        key.is_some_and(|key| wanted[0].starts_with(&key[..key.len() - 1]))
    };
    let mut firsts = template.first_names.iter().filter(begins);
    match (&template.first_names[..], &template.last_names[..]) {
        ([], _) => is_it(&template.name) || is_it(&template.slug),
        (_, []) => firsts.any(|first| is_it(first)),
        (_, lasts) => {
            firsts.any(|first| lasts.iter().any(|last| is_it(&format!("{first} {last}"))))
        }
    }
}

fn draw_name(persona: &mut Persona, template: &Template, seed: u64, no: u32, taken: &mut NameBook) {
    let mut chance = Stream::new(seed, Purpose::Spawn, u64::from(no), BEFORE_ALL_TICKS - 1);
    let mut full = template.name.clone();
    for _ in 0..NAME_DRAWS_MAX {
        full = match (
            chance.pick(&template.first_names),
            chance.pick(&template.last_names),
        ) {
            (Some(first), Some(last)) => format!("{first} {last}"),
            (Some(first), None) => first.clone(),
            (None, _) => break,
        };
        if handle(&full).is_some_and(|name| !taken.is_taken(&name)) {
            break;
        }
    }
    let base = handle(&full)
        .or_else(|| handle(&template.slug))
        .unwrap_or_else(|| "resident".to_owned());
    let (name, number) = taken.take_numbered(&base);
    debug_assert!(
        check_name(&name).is_ok(),
        "a drawn handle is a valid one: {name}"
    );
    persona.name = name;
    persona.display_name = match number {
        Some(number) => format!("{full} {number}"),
        None => full,
    };
}

/// A paragraph of the template with its slots filled, only one whose slots all have something to say.
fn story(persona: &Persona, template: &Template, seed: u64, no: u32) -> String {
    let mut chance = Stream::new(seed, Purpose::Spawn, u64::from(no), BEFORE_ALL_TICKS - 2);
    let age = persona.age.map(|age| age.to_string());
    let occupation = persona.occupation.clone();
    let slots = [
        ("{name}", Some(persona.display_name.clone())),
        (
            "{first}",
            persona.display_name.split(' ').next().map(str::to_owned),
        ),
        ("{age}", age),
        ("{an_occupation}", occupation.as_deref().map(with_article)),
        ("{occupation}", occupation),
        ("{traits}", enumeration(&persona.traits)),
        ("{interests}", enumeration(&persona.interests)),
    ];
    let tellable = |text: &&String| {
        slots
            .iter()
            .all(|(slot, value)| value.is_some() || !text.contains(slot))
    };
    let paragraphs: Vec<_> = template.about.iter().filter(tellable).collect();
    let Some(&paragraph) = chance.pick(&paragraphs) else {
        return template.tagline.clone();
    };
    let filled = slots
        .iter()
        .fold(paragraph.clone(), |text, (slot, value)| match value {
            Some(value) => text.replace(slot, value),
            None => text,
        });
    capitalised(&filled)
}

fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

fn enumeration(items: &[Word]) -> Option<String> {
    let (last, rest) = items.split_last()?;
    Some(if rest.is_empty() {
        last.as_str().to_owned()
    } else {
        format!("{} and {last}", rest.join(", "))
    })
}

/// With a capital at the beginning of each sentence: a slot may stand there.
fn capitalised(text: &str) -> String {
    let mut begins = true;
    let mut capitalised = String::with_capacity(text.len());
    for c in text.chars() {
        if begins && !c.is_whitespace() {
            capitalised.extend(c.to_uppercase());
        } else {
            capitalised.push(c);
        }
        begins = c == '.' || (begins && c.is_whitespace());
    }
    capitalised
}
