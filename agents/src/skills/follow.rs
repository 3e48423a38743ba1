//! Following somebody on the board.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct Follow;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of whom.
    who: String,
    /// false to follow them no longer.
    #[serde(default = "yes")]
    on: bool,
}

fn yes() -> bool {
    true
}

impl Skill for Follow {
    const NAME: &'static str = "follow";
    const ABOUT: &'static str = "Follow somebody whose notes you value, or follow them no longer.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let agent = on.member(&args.who)?;
        let on = args.on;
        Ok(Done::Act(Box::new(Act::Follow { agent, on })))
    }
}
