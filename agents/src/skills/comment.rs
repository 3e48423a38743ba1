//! Answering a note.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};

pub(super) struct Comment;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Mark of the note, such as #12.
    post: String,
    /// What you answer.
    text: String,
}

impl Skill for Comment {
    const NAME: &'static str = "comment";
    const ABOUT: &'static str = "Answer a note on the board.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let post = on.post(&args.post)?;
        let act = Act::Comment {
            post: post.id,
            parent: None,
            text: text("the text", &args.text)?,
        };
        Ok(Done::Act(Box::new(act)))
    }
}
