//! Addressing people within reach.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};

pub(super) struct Talk;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handles of those you address, such as `["@ada"]`; they must be within reach.
    to: Vec<String>,
    /// The words, as you would say them. One or two sentences.
    text: String,
}

impl Skill for Talk {
    const NAME: &'static str = "talk";
    const ABOUT: &'static str = "Talk to people within reach: begin a conversation, answer, or take your leave. Have a point; do not go on being polite for ever.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let text = text("what you say", &args.text)?;
        let to = args.to.iter().map(|name| on.member(name));
        let to = to.collect::<Result<Vec<_>, _>>()?;
        Ok(Done::Act(Box::new(Act::Talk { to, text })))
    }
}
