//! Handing something over.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct Give;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of somebody within reach.
    to: String,
    /// What you carry, such as bread.
    item: String,
    /// How many.
    #[serde(default = "one")]
    count: u16,
}

pub(super) fn one() -> u16 {
    1
}

impl Skill for Give {
    const NAME: &'static str = "give";
    const ABOUT: &'static str = "Give somebody within reach something you carry.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let to = on.member(&args.to)?;
        let (item, count) = (args.item, args.count);
        Ok(Done::Act(Box::new(Act::Give { to, item, count })))
    }
}
