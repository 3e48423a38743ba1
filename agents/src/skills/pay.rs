//! Giving somebody money.

use hamlet_protocol::act::Act;
use hamlet_protocol::economy::command::EconomyAct;
use hamlet_protocol::money::Amount;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill, positive};

/// Characters of a memo.
const MEMO_CHARS_MAX: usize = 500;

pub(super) struct Pay;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of whom.
    to: String,
    /// How much, in aiDollars.
    #[schemars(with = "String", example = "1.5")]
    amount: Amount,
    /// What for.
    #[serde(default)]
    memo: String,
}

impl Skill for Pay {
    const NAME: &'static str = "pay";
    const ABOUT: &'static str = "Give somebody aiDollars of yours, for something they did or gave you. What is paid is gone; nobody may order you to pay.";
    const PERMIT: Permit = Permit::MONEY;
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let memo = args.memo.trim().to_owned();
        if memo.chars().count() > MEMO_CHARS_MAX {
            return Err(Fault::Wrong(format!(
                "the memo is too long; use at most {MEMO_CHARS_MAX} characters"
            )));
        }
        let act = EconomyAct::Pay {
            to: on.member(&args.to)?,
            amount: positive(args.amount)?,
            memo,
            client: None,
        };
        Ok(Done::Act(Box::new(Act::Economy(act))))
    }
}
