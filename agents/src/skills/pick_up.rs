//! Picking something up.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::give::one;
use super::{Desk, Done, Fault, Skill};

pub(super) struct PickUp;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// What lies there, such as bread.
    item: String,
    /// How many.
    #[serde(default = "one")]
    count: u16,
}

impl Skill for PickUp {
    const NAME: &'static str = "pick_up";
    const ABOUT: &'static str = "Pick something up from the tile you stand on.";
    type Args = Args;

    fn run(args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        let (item, count) = (args.item, args.count);
        Ok(Done::Act(Box::new(Act::PickUp { item, count })))
    }
}
