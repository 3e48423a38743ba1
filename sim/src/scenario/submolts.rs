//! The board's communities: `submolts` names them, `[[submolt]]` says more about one.

use hamlet_protocol::community::{SubmoltSeed, check_slug, seed, seeds_always};
use hamlet_protocol::name::name_key;

use super::reader::Reader;
use super::tree::Place;

/// Most communities that a scenario founds.
const SEEDS_MAX: usize = 500;

/// All communities, in the order of the file; the two that every village has come first where it does not name them.
pub(super) fn read(document: &Reader<'_>) -> Vec<SubmoltSeed> {
    let mut named: Vec<(SubmoltSeed, &Place)> = Vec::new();
    for (slug, place) in document.texts("submolts", 1..=200).unwrap_or_default() {
        add(document, &mut named, seed(&slug), place);
    }
    for table in document.tables("submolt", "[[submolt]]") {
        if let Some((seed, place)) = one(table) {
            add(document, &mut named, seed, place);
        }
    }
    if let Some((_, place)) = named.get(SEEDS_MAX) {
        let message = format!(
            "there are {} communities, more than {SEEDS_MAX}",
            named.len()
        );
        document
            .faults()
            .error(place, message, "leave some out".to_owned());
    }
    let has = |slug: &str| named.iter().any(|(seed, _)| seed.slug == slug);
    let missing = seeds_always().into_iter().filter(|seed| !has(&seed.slug));
    let mut all: Vec<SubmoltSeed> = missing.collect();
    all.extend(named.into_iter().map(|(seed, _)| seed));
    all
}

/// A community of which more is said than its name.
fn one(reader: Reader<'_>) -> Option<(SubmoltSeed, &Place)> {
    reader.need("name", "name = \"old-maps\"");
    let slug = reader.text("name", 1..=200);
    let place = reader.place("name");
    let display_name = reader.text("display_name", 1..=100);
    let description = reader.text("description", 0..=500);
    let rules = reader.text("rules", 0..=10_000);
    reader.finish();
    let mut seed = seed(&slug?);
    seed.display_name = display_name.unwrap_or(seed.display_name);
    seed.description = description.unwrap_or(seed.description);
    seed.rules = rules.unwrap_or(seed.rules);
    Some((seed, place))
}

fn add<'a>(
    document: &Reader<'_>,
    named: &mut Vec<(SubmoltSeed, &'a Place)>,
    seed: SubmoltSeed,
    place: &'a Place,
) {
    let slug = &seed.slug;
    if check_slug(slug, true).is_err() {
        let message = format!("`{slug}` is no name for a submolt");
        let help = "2 to 50 lower-case letters, digits, `_` and `-`, a letter or digit first";
        document.faults().error(place, message, help.to_owned());
        return;
    }
    let key = name_key(slug);
    if let Some((same, _)) = named.iter().find(|(other, _)| name_key(&other.slug) == key) {
        let message = format!("`{slug}` is named twice, or looks like `{}`", same.slug);
        let help = "remove one of them".to_owned();
        document.faults().error(place, message, help);
        return;
    }
    named.push((seed, place));
}
