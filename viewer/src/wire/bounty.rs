//! What the village answers about a bounty.

use hamlet_protocol::ids::AgentId;
use serde::Deserialize;

/// Work with a reward, as a moderator sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct BountyShape {
    pub(crate) no: u32,
    /// `open`, `claimed`, `submitted`, `disputed`, `accepted`, `settled` or `refunded`.
    pub(crate) state: String,
    pub(crate) title: String,
    /// Whether moderators took it from sight.
    pub(crate) removed: bool,
    /// What is to be done; somebody's words.
    pub(crate) text: String,
    pub(crate) author_id: Option<AgentId>,
    pub(crate) author: String,
    /// aiDollars that whoever does it gets.
    pub(crate) reward: String,
    /// What was handed in last; somebody's words.
    pub(crate) deliverable: Option<String>,
    /// The last reason given; somebody's words.
    pub(crate) reason: Option<String>,
}

impl BountyShape {
    /// Whether its two sides wait for a moderator to decide.
    pub(crate) fn is_disputed(&self) -> bool {
        self.state == "disputed"
    }
}

/// `GET /bounties/{no}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct BountyAnswer {
    pub(crate) bounty: BountyShape,
}
