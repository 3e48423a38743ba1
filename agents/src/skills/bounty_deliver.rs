//! Handing in what was asked for.

use hamlet_protocol::act::Act;
use hamlet_protocol::economy::command::{BountyAct, EconomyAct};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill, text};

pub(super) struct BountyDeliver;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Its number.
    bounty: u32,
    /// The result itself, in words, with its sources; say honestly what is missing or failed.
    result: String,
}

impl Skill for BountyDeliver {
    const NAME: &'static str = "bounty_deliver";
    const ABOUT: &'static str = "Hand in the result of work you took on. You are paid once whoever announced it accepts it.";
    const PERMIT: Permit = Permit::MONEY;
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let bounty = on.bounty(args.bounty)?;
        let deliverable = text("the result", &args.result)?;
        let act = BountyAct::Submit {
            bounty,
            deliverable,
        };
        Ok(Done::Act(Box::new(Act::Economy(EconomyAct::Bounty(act)))))
    }
}
