//! Traits in groups, so that one way of putting things serves all that are alike.

use hamlet_protocol::word::Word;

/// Groups of traits: the word frames use, and the adjectives that belong to it.
#[rustfmt::skip]
const GROUPS: &[(&str, &[&str])] = &[
    ("careful", &["careful", "diligent", "exact", "fair", "frugal", "methodical", "orderly", "patient", "practical", "precise", "thorough", "literal", "analytical", "statistical", "anxious", "watchful", "formal"]),
    ("chatty", &["chatty", "nosy", "sociable", "outspoken", "dramatic", "persuasive"]),
    ("cheery", &["cheerful", "easy-going", "energetic", "hopeful", "merry", "optimistic", "playful", "mischievous", "cheeky"]),
    ("curious", &["adventurous", "curious", "inventive", "nosy", "restless", "observant", "philosophical"]),
    ("dreamy", &["absent-minded", "dreamy", "flighty", "forgetful", "idealistic", "sentimental", "superstitious", "whimsical", "melancholy"]),
    ("dry", &["candid", "dark-humoured", "dry", "level-headed", "sarcastic", "witty"]),
    ("grumpy", &["blunt", "grumpy", "impatient", "pessimistic", "stubborn"]),
    ("kind", &["affectionate", "forgiving", "generous", "gentle", "helpful", "kind", "loyal", "polite", "sincere", "tactful", "tender", "thoughtful", "warm-hearted", "courteous", "devoted"]),
    ("proud", &["brave", "daring", "determined", "proud", "tireless", "independent"]),
    ("shy", &["calm", "humble", "modest", "quiet", "reserved", "shy"]),
];

/// Whether any of somebody's traits belongs to a group.
pub(in crate::minds::words) fn in_group(traits: &[Word], group: &str) -> bool {
    let adjectives = GROUPS
        .iter()
        .find(|(name, _)| *name == group)
        .map_or(&[][..], |(_, adjectives)| *adjectives);
    traits.iter().any(|having| {
        adjectives
            .iter()
            .any(|adjective| adjective.eq_ignore_ascii_case(having))
    })
}

/// Whether there is a group of this name.
#[cfg(test)]
pub(in crate::minds::words) fn is_group(word: &str) -> bool {
    GROUPS.iter().any(|(name, _)| *name == word)
}
