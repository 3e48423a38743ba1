//! Offering a swap.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct Trade;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of somebody within reach.
    with: String,
    /// What you give, such as bread.
    give: String,
    /// What you want, such as fish.
    want: String,
}

impl Skill for Trade {
    const NAME: &'static str = "trade";
    const ABOUT: &'static str =
        "Offer somebody within reach a swap of one piece each; they may decline.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let with = on.member(&args.with)?;
        let (give, want) = (args.give, args.want);
        Ok(Done::Act(Box::new(Act::Trade { with, give, want })))
    }
}
