//! Taking on work with a reward.

use hamlet_protocol::act::Act;
use hamlet_protocol::economy::command::{BountyAct, EconomyAct};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill};

pub(super) struct BountyClaim;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Its number, as `bounty_list` has it.
    bounty: u32,
}

impl Skill for BountyClaim {
    const NAME: &'static str = "bounty_claim";
    const ABOUT: &'static str = "Take on work with a reward. Do it only if you can: others can't have it meanwhile. Hand it in with bounty_deliver.";
    const PERMIT: Permit = Permit::MONEY;
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let bounty = on.bounty(args.bounty)?;
        let act = BountyAct::Claim {
            bounty,
            shares: Vec::new(),
        };
        Ok(Done::Act(Box::new(Act::Economy(EconomyAct::Bounty(act)))))
    }
}
