//! Searching one's memory.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};
use crate::memory::Question;

/// Memories that come to mind.
const FOUND_MAX: usize = 8;

pub(super) struct Recall;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What about.
    about: String,
}

impl Skill for Recall {
    const NAME: &'static str = "recall";
    const ABOUT: &'static str = "Search your memory.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let (tick, time) = (on.scene.ask.asked, on.scene.scenario.time);
        let question = Question::of(&args.about, on.meaning.take());
        let found = on
            .memory
            .find(&question, tick, time.sim_secs_per_tick, FOUND_MAX);
        let lines: Vec<String> = found
            .iter()
            .map(|row| crate::thought::remembered(row, on.scene))
            .collect();
        Ok(Done::Looked(if lines.is_empty() {
            "Nothing comes to mind.".to_owned()
        } else {
            lines.join("\n")
        }))
    }
}
