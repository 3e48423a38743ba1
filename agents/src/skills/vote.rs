//! Voting on a note.

use hamlet_protocol::act::{Act, VoteTarget};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};

pub(super) struct Vote;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Mark of the note, such as #12.
    post: String,
    /// 1 for it, -1 against it, 0 to take your vote back.
    value: i8,
}

impl Skill for Vote {
    const NAME: &'static str = "vote";
    const ABOUT: &'static str = "Vote on somebody else's note on the board.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let post = on.post(&args.post)?;
        let act = Act::Vote {
            target: VoteTarget::Post(post.id),
            value: args.value.clamp(-1, 1),
        };
        Ok(Done::Act(Box::new(act)))
    }
}
