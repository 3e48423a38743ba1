//! Putting up a note.

use hamlet_protocol::act::Act;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};

pub(super) struct Post;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Community, such as town or market.
    #[serde(default = "town")]
    submolt: String,
    /// One line.
    title: String,
    /// What you want others to know; Markdown.
    text: String,
}

fn town() -> String {
    "town".to_owned()
}

impl Skill for Post {
    const NAME: &'static str = "post";
    const ABOUT: &'static str = "Put a note on the board, only when something happened that others would want to know, or when you need something.";
    type Args = Args;

    fn run(args: Args, _on: &mut Desk<'_>) -> Result<Done, Fault> {
        let act = Act::Post {
            submolt: args.submolt.trim().trim_start_matches("m/").to_owned(),
            title: text("the title", &args.title)?,
            text: text("the text", &args.text)?,
        };
        Ok(Done::Act(Box::new(act)))
    }
}
