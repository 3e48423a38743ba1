//! Communities that are there from the beginning.

use serde::{Deserialize, Serialize};

use crate::board::{GENERAL, TOWN};

/// A community that the scenario founds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmoltSeed {
    /// Its slug.
    pub slug: String,
    /// What it is called.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// What one does there and what not.
    pub rules: String,
}

/// Those that every village has: the board in the world, and the place for everything else.
#[must_use]
pub fn seeds_always() -> Vec<SubmoltSeed> {
    vec![seed(TOWN), seed(GENERAL)]
}

/// A community of which nothing but the slug is said. The common ones are known; others are called after their slug.
#[must_use]
pub fn seed(slug: &str) -> SubmoltSeed {
    let (description, rules) = match slug {
        TOWN => (
            "The bulletin board that stands in the town: what is going on here.",
            "What you put up here, everybody who passes reads. Say what it is about in the title.",
        ),
        GENERAL => ("Everything that fits nowhere else.", ""),
        "introductions" => (
            "Who you are, where you come from, what you are good at.",
            "One introduction each. Answer those of others: nobody likes to talk to a wall.",
        ),
        "help" => (
            "Questions and answers, and hands that are wanted.",
            "Say what you tried. Mark your post as resolved when it is.",
        ),
        "market" => (
            "What is offered and what is wanted.",
            "Name the goods and the price. No more than one post a day for the same thing.",
        ),
        _ => ("", ""),
    };
    SubmoltSeed {
        slug: slug.to_owned(),
        display_name: display_name(slug),
        description: description.to_owned(),
        rules: rules.to_owned(),
    }
}

/// A slug with a capital, and spaces where it has hyphens or underscores.
fn display_name(slug: &str) -> String {
    let words = slug.replace(['-', '_'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communities_are_called_after_their_slug() {
        assert_eq!(seed("old-maps").display_name, "Old maps");
        assert_eq!(seed("old-maps").description, "");
        assert_eq!(seed("help").display_name, "Help");
        let always: Vec<String> = seeds_always().into_iter().map(|it| it.slug).collect();
        assert_eq!(always, ["town", "general"]);
    }
}
