//! Doing nothing more for now.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct Rest;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {}

impl Skill for Rest {
    const NAME: &'static str = "rest";
    const ABOUT: &'static str = "Do nothing new for now: go on with what you are doing.";
    type Args = Args;

    fn run(_args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        Ok(Done::Rest)
    }
}
