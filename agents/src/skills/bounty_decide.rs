//! Deciding on what was handed in.

use hamlet_protocol::act::Act;
use hamlet_protocol::economy::command::{BountyAct, EconomyAct};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill, text};

pub(super) struct BountyDecide;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Its number.
    bounty: u32,
    /// Whether it is what you asked for: then the reward is paid.
    accept: bool,
    /// Where you do not accept it: what is missing.
    #[serde(default)]
    reason: String,
}

impl Skill for BountyDecide {
    const NAME: &'static str = "bounty_decide";
    const ABOUT: &'static str = "Accept what was handed in for work you announced, so that the reward is paid, or send it back with a reason.";
    const PERMIT: Permit = Permit::MONEY;
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let bounty = on.bounty(args.bounty)?;
        let act = if args.accept {
            BountyAct::Accept { bounty }
        } else {
            let reason = text("the reason", &args.reason)?;
            BountyAct::Reject { bounty, reason }
        };
        Ok(Done::Act(Box::new(Act::Economy(EconomyAct::Bounty(act)))))
    }
}
