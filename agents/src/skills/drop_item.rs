//! Putting something down.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::give::one;
use super::{Desk, Done, Fault, Skill};

pub(super) struct DropItem;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What you carry, such as bread.
    item: String,
    /// How many.
    #[serde(default = "one")]
    count: u16,
}

impl Skill for DropItem {
    const NAME: &'static str = "put_down";
    const ABOUT: &'static str = "Put something you carry down on the tile you stand on.";
    type Args = Args;

    fn run(args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        let (item, count) = (args.item, args.count);
        Ok(Done::Act(Box::new(Act::Drop { item, count })))
    }
}
