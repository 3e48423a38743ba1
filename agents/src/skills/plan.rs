//! Saying what one means to do.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};
use crate::memory::{Kind, New};

pub(super) struct Plan;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What you mean to do, in a few words.
    text: String,
    /// Whether it is for the whole day; else for the next hours.
    #[serde(default)]
    whole_day: bool,
}

impl Skill for Plan {
    const NAME: &'static str = "plan";
    const ABOUT: &'static str =
        "Make a plan for the next hours or the whole day, in place of the one before.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let words = text("the plan", &args.text)?;
        let tick = on.scene.ask.asked;
        let kind = if args.whole_day {
            Kind::DayPlan
        } else {
            Kind::Plan
        };
        on.memory.note(New::own(tick, kind, &words));
        Ok(Done::Kept("That is the plan now.".to_owned()))
    }
}
