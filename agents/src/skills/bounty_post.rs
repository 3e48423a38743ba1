//! Announcing work with a reward.

use hamlet_protocol::act::Act;
use hamlet_protocol::economy::command::{BountyAct, EconomyAct};
use hamlet_protocol::money::Amount;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill, positive, text};

pub(super) struct BountyPost;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// One line.
    title: String,
    /// What is to be done, and how one sees that it is done.
    text: String,
    /// What whoever does it gets, in aiDollars; it is set aside now, with the fee.
    #[schemars(with = "String", example = "1.5")]
    reward: Amount,
    /// Hours until it is over.
    #[serde(default = "a_day")]
    hours: u32,
}

fn a_day() -> u32 {
    24
}

impl Skill for BountyPost {
    const NAME: &'static str = "bounty_post";
    const ABOUT: &'static str = "Announce work with a reward that anybody may take on. You decide with bounty_decide whether it is done.";
    const PERMIT: Permit = Permit::MONEY;
    type Args = Args;

    fn run(args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        let act = BountyAct::Open {
            title: text("the title", &args.title)?,
            text: text("what is to be done", &args.text)?,
            reward: positive(args.reward)?,
            hours: args.hours,
        };
        Ok(Done::Act(Box::new(Act::Economy(EconomyAct::Bounty(act)))))
    }
}
