//! Keeping something in memory.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};
use crate::memory::{Kind, New};

pub(super) struct Remember;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What to keep, as a sentence.
    text: String,
    /// How much it matters, 1 to 10.
    #[serde(default = "middling")]
    importance: u8,
    /// Handle of whom it is about, if it is what you think of somebody.
    #[serde(default)]
    about: Option<String>,
}

fn middling() -> u8 {
    5
}

impl Skill for Remember {
    const NAME: &'static str = "remember";
    const ABOUT: &'static str =
        "Keep something in mind for good: a fact, a promise, what you think of somebody.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let mut words = text("what you remember", &args.text)?;
        let about = match &args.about {
            None => None,
            Some(who) => Some(on.scene.called(on.member(who)?)),
        };
        let kind = match &about {
            None => Kind::Observation,
            Some(who) => {
                words = format!("{who}: {words}");
                Kind::Relationship
            }
        };
        on.memory.note(New {
            importance: args.importance,
            about,
            ..New::own(on.scene.ask.asked, kind, &words)
        });
        Ok(Done::Kept("You will remember it.".to_owned()))
    }
}
