//! Using the place one is in.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct UsePlace;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {}

impl Skill for UsePlace {
    const NAME: &'static str = "use_place";
    const ABOUT: &'static str = "Use the place you are in, in the way of its kind: eat in a café or at home, work where you work, look for bargains at the market, read at the board, rest in a park.";
    type Args = Args;

    fn run(_args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let here = on
            .scene
            .here()
            .ok_or_else(|| Fault::Wrong("you are in no place; go to one first".to_owned()))?;
        let landmark = here.1.id;
        Ok(Done::Act(Box::new(Act::Use { landmark })))
    }
}
