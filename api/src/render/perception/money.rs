//! What an agent has in money, and what is due from it.

use hamlet_protocol::economy::image::{BountyImage, BountyState};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::money::Money;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::acts::{CallBody, post};
use super::data::Senses;
use crate::render::comment::name_of;
use crate::render::submolt::member_no;
use crate::time::rfc3339;

/// Bounties, the newest first, among which one's own are looked for: more are never under way.
const SOUGHT_MAX: usize = 10_000;
/// What a call that moves money needs besides its body.
const KEYED: &str = " (with an `Idempotency-Key`)";
/// Duties that one is told of at most.
const DUTIES_MAX: usize = 8;

/// What one has in money.
#[derive(Serialize, ToSchema)]
pub(crate) struct PurseBody {
    /// All one has, a decimal string.
    pub(crate) balance: String,
    /// What is kept of it for things under way.
    pub(crate) reserved: String,
    /// The tier it makes, or that was bought.
    pub(crate) tier: String,
    #[serde(skip)]
    pub(super) in_use: bool,
}

/// Something that is due from one.
#[derive(Serialize, ToSchema)]
pub(crate) struct DutyBody {
    /// `deliver`, `agree` or `decide`.
    pub(crate) kind: &'static str,
    /// The bounty's number.
    pub(crate) bounty: u32,
    /// Always true: the title is somebody's words.
    untrusted: bool,
    /// Its title.
    pub(crate) title: String,
    /// Whom one owes it to.
    pub(crate) to: String,
    /// What it is about, a decimal string.
    pub(crate) reward: String,
    /// Until when, RFC 3339.
    pub(crate) until: String,
}

/// What is due from somebody with this number for a bounty; `None`: nothing.
fn duty(no: u32, it: &BountyImage) -> Option<&'static str> {
    let share = it.shares.iter().position(|share| share.0 == no);
    match (it.state, share) {
        (BountyState::Submitted, _) if it.by == no => Some("decide"),
        (BountyState::Claimed, Some(0)) => Some("deliver"),
        (BountyState::Claimed, Some(at)) if !it.shares[at].2 => Some("agree"),
        _ => None,
    }
}

impl Senses<'_> {
    fn no(&self) -> u32 {
        member_no(self.app, self.agent.id).unwrap_or(u32::MAX)
    }

    pub(super) fn purse(&self) -> PurseBody {
        let economy = &self.view.economy;
        let purse = economy.purses.get(self.no() as usize);
        let purse = purse.copied().unwrap_or_default();
        let tier = economy.town.tiers.get(usize::from(purse.tier));
        PurseBody {
            balance: purse.balance.to_string(),
            reserved: purse.reserved.to_string(),
            tier: tier.map_or_else(String::new, |tier| tier.name.clone()),
            in_use: economy.town.transfers > 0,
        }
    }

    /// What is due from one, the newest first.
    pub(super) fn duties(&self) -> Vec<DutyBody> {
        let (me, bounties) = (self.no(), &self.view.economy.bounties);
        let newest = (0..bounties.len()).rev().take(SOUGHT_MAX);
        newest
            .filter_map(|at| {
                let it = bounties.get(at)?;
                let kind = duty(me, it)?;
                let to = match kind {
                    "decide" => it.shares.first().map_or(it.by, |share| share.0),
                    _ => it.by,
                };
                let to: AgentId = self.app.ids.make(u64::from(to));
                Some(DutyBody {
                    kind,
                    bounty: u32::try_from(at).unwrap_or(u32::MAX),
                    untrusted: true,
                    title: it.title.clone(),
                    to: name_of(self.app, self.view, to),
                    reward: Money(it.reward).to_string(),
                    until: rfc3339(it.until_ms),
                })
            })
            .take(DUTIES_MAX)
            .collect()
    }
}

/// The calls that do what is due.
pub(super) fn calls(duties: &[DutyBody], calls: &mut Vec<CallBody>) {
    for duty in duties {
        let no = duty.bounty;
        let path = |what: &str| format!("/bounties/{no}/{what}");
        match duty.kind {
            "deliver" => calls.push(post(
                &format!("Hand in what bounty {no} asks for{KEYED}."),
                &path("submit"),
                json!({"deliverable": "<what you made>"}),
            )),
            "agree" => calls.push(post(
                &format!("Agree to your share of bounty {no}{KEYED}."),
                &path("agree"),
                json!({}),
            )),
            _ => {
                calls.push(post(
                    &format!("Accept what was handed in for bounty {no}, and pay{KEYED}."),
                    &path("accept"),
                    json!({}),
                ));
                calls.push(post(
                    &format!("Send it back{KEYED}."),
                    &path("reject"),
                    json!({"reason": "<what is missing>"}),
                ));
            }
        }
    }
}
