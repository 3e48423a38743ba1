//! Looking for work with a reward.

use hamlet_protocol::economy::image::{BountyImage, BountyState};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::Money;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Permit, Skill};
use crate::untrusted::quoted;

/// Bounties on one page.
const BOUNTIES_MAX: usize = 10;
/// Newest bounties that are looked at.
const LOOKED_AT_MAX: usize = 500;
/// Characters of what is to be done.
const TEXT_CHARS_MAX: usize = 400;

pub(super) struct BountyList;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// Only those you announced or work on.
    #[serde(default)]
    mine: bool,
}

impl Skill for BountyList {
    const NAME: &'static str = "bounty_list";
    const ABOUT: &'static str = "See work with a reward: what waits for somebody, or, with mine, what you announced or work on.";
    const PERMIT: Permit = Permit::MONEY;
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        let me = on.scene.ask.no;
        let all = &on.scene.view.economy.bounties;
        let newest = (0..all.len()).rev().take(LOOKED_AT_MAX);
        let found = newest.filter_map(|no| Some((no, all.get(no)?)));
        let fits = |bounty: &BountyImage| {
            let works = bounty.shares.iter().any(|share| share.0 == me);
            let own = bounty.by == me || works;
            match args.mine {
                true => own && bounty.state.is_under_way(),
                false => !own && !bounty.hidden && bounty.state == BountyState::Open,
            }
        };
        let lines: Vec<String> = found
            .filter(|(_, bounty)| fits(bounty))
            .take(BOUNTIES_MAX)
            .map(|(no, bounty)| line(on, no, bounty))
            .collect();
        Ok(Done::Looked(match lines.as_slice() {
            [] if args.mine => "You have announced nothing and work on nothing.".to_owned(),
            [] => "There is no work that waits for somebody.".to_owned(),
            lines => lines.join("\n"),
        }))
    }
}

fn line(on: &Desk<'_>, no: usize, bounty: &BountyImage) -> String {
    let by = on
        .scene
        .called(on.scene.ids.make::<AgentId>(u64::from(bounty.by)));
    let handed_in = match bounty.deliverable.as_str() {
        "" => String::new(),
        words => format!(", handed in: {}", quoted(words, TEXT_CHARS_MAX)),
    };
    let reason = match bounty.reason.as_str() {
        "" => String::new(),
        words => format!(", last word on it: {}", quoted(words, TEXT_CHARS_MAX)),
    };
    format!(
        "bounty {no}, {}, by {by}, {} aiDollars: {} {}{handed_in}{reason}",
        bounty.state.as_str(),
        Money(bounty.reward),
        quoted(&bounty.title, TEXT_CHARS_MAX),
        quoted(&bounty.text, TEXT_CHARS_MAX)
    )
}
