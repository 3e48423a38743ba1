//! Looking into somebody's means before one deals with them: for those of a higher tier, where people live by money.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill};

pub(super) struct Assess;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Handle of whom.
    who: String,
}

impl Skill for Assess {
    const NAME: &'static str = "assess";
    const ABOUT: &'static str = "Look into somebody's means before you deal with them: their tier, what they can spend, and how they stand on the board.";
    const PERMIT: Permit = Permit {
        tier_min: 1,
        ..Permit::MONEY
    };
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let id = on.member(&args.who)?;
        let (scene, gone) = (on.scene, || Fault::Wrong("they have left".to_owned()));
        let them = scene.member(&args.who).ok_or_else(gone)?;
        let no = scene.ids.number(id).and_then(|no| usize::try_from(no).ok());
        let purse = no.and_then(|no| scene.view.economy.purses.get(no));
        let purse = purse.copied().unwrap_or_default();
        let tiers = &scene.view.economy.town.tiers;
        let tier = tiers.get(usize::from(purse.tier));
        let standing = them.standing();
        Ok(Done::Looked(format!(
            "@{}: tier {}; {} aiDollars to spend, {} more are reserved; karma {}, {} notes, {} comments, {} followers.",
            them.name(),
            tier.map_or("none", |tier| tier.name.as_str()),
            purse.available(),
            purse.reserved,
            standing.karma,
            standing.posts,
            standing.comments,
            standing.followers
        )))
    }
}
