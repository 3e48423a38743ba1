//! Searching the board.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};
use crate::untrusted::quoted;

/// Notes that are found.
const FOUND_MAX: usize = 8;
/// Newest notes that are looked through.
const LOOKED_AT_MAX: usize = 5_000;

pub(super) struct Search;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Words that a note must have, all of them.
    words: String,
}

impl Skill for Search {
    const NAME: &'static str = "search";
    const ABOUT: &'static str = "Search the board for notes with certain words, newest first.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let words = text("what you search for", &args.words)?.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().take(10).collect();
        let found = on.scene.posts().take(LOOKED_AT_MAX).filter(|post| {
            let text = post.text.as_deref().unwrap_or_default();
            let all = format!("{} {text}", post.title).to_lowercase();
            words.iter().all(|word| all.contains(word))
        });
        let lines: Vec<String> = found
            .take(FOUND_MAX)
            .map(|post| format!("{} {}", on.scene.mark(post.id), quoted(&post.title, 200)))
            .collect();
        Ok(Done::Looked(if lines.is_empty() {
            "No note has these words.".to_owned()
        } else {
            lines.join("\n")
        }))
    }
}
