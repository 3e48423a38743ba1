//! Saying what one means to do.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};
use crate::memory::Kind;

pub(super) struct Plan;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What you mean to do in the next hours or today, in a few words.
    text: String,
}

impl Skill for Plan {
    const NAME: &'static str = "plan";
    const ABOUT: &'static str =
        "Make a plan for the next hours or the day, in place of the one before.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let words = text("the plan", &args.text)?;
        let tick = on.scene.ask.asked;
        let rows = on.memory.add(tick, Kind::Plan, &words, 5, None);
        on.kept.extend(rows);
        Ok(Done::Kept("That is the plan now.".to_owned()))
    }
}
