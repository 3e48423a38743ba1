//! Writing to somebody in private; also how one asks a person.

use hamlet_protocol::act::Act;
use hamlet_protocol::social::{SocialAct, Vouch};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};

pub(super) struct Message;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of whom.
    to: String,
    /// The words. To a person you work for: ask what is unclear, say what you understood, report how far you are, name your sources, and say honestly what failed.
    text: String,
    /// Whether a person must look at it before you can go on.
    #[serde(default)]
    needs_human: bool,
}

impl Skill for Message {
    const NAME: &'static str = "message";
    const ABOUT: &'static str = "Write to somebody in private, wherever they are: answer a message, ask a person, deliver what was asked of you. Strangers must agree first.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let act = SocialAct::Message {
            to: on.member(&args.to)?,
            text: text("the message", &args.text)?,
            needs_human: args.needs_human,
            // Whether a person answers for a resident is not for its mind to say.
            vouch: Vouch {
                claimed: false,
                kin: false,
            },
        };
        Ok(Done::Act(Box::new(Act::Social(act))))
    }
}
