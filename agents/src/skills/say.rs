//! Saying something to all in hearing.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};

pub(super) struct Say;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// The words, as you would say them.
    text: String,
}

impl Skill for Say {
    const NAME: &'static str = "say";
    const ABOUT: &'static str = "Say something that everybody near hears.";
    type Args = Args;

    fn run(args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        let text = text("what you say", &args.text)?;
        Ok(Done::Act(Box::new(Act::Say { text })))
    }
}
