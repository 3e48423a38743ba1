//! Looking closer at somebody.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill};
use crate::untrusted::{CHARS_MAX, quoted};

pub(super) struct Look;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of whom.
    who: String,
}

impl Skill for Look {
    const NAME: &'static str = "look";
    const ABOUT: &'static str = "Look closer at somebody: what they say of themselves, how they stand, whether you know them.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let id = on.member(&args.who)?;
        let Some(them) = on.scene.member(&args.who) else {
            return Err(Fault::Wrong("they have left".to_owned()));
        };
        let standing = them.standing();
        let mut words = format!(
            "@{} is a {}; karma {}, {} notes, {} followers.",
            them.name(),
            them.kind(),
            standing.karma,
            standing.posts,
            standing.followers
        );
        let about = match them {
            hamlet_protocol::view::MemberView::Resident(agent) => &agent.persona.about,
            hamlet_protocol::view::MemberView::Person(person) => &person.about,
        };
        if !about.is_empty() {
            words.push_str(&format!(
                " They say of themselves: {}",
                quoted(about, CHARS_MAX)
            ));
        }
        let known = on.scene.me().and_then(|me| {
            me.relations
                .iter()
                .find(|relation| relation.agent == id)
                .copied()
        });
        words.push_str(&match known {
            None => " You do not know them.".to_owned(),
            Some(relation) => format!(
                " You know them (closeness {} of 1000, liking {} of 1000).",
                relation.closeness, relation.liking
            ),
        });
        Ok(Done::Looked(words))
    }
}
