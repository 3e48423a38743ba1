//! Sleeping.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct Sleep;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {}

impl Skill for Sleep {
    const NAME: &'static str = "sleep";
    const ABOUT: &'static str =
        "Sleep where you are; best at home, in the evening. You wake up in the morning.";
    type Args = Args;

    fn run(_args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        Ok(Done::Act(Box::new(Act::Sleep)))
    }
}
