//! Who follows whom.

use hamlet_protocol::ids::AgentId;

/// Which end of following is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FollowSide {
    /// Who follow somebody.
    Followers,
    /// Whom somebody follows.
    Following,
}

/// The other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowRow {
    /// Who follows, or is followed.
    pub agent: AgentId,
    /// Since when, UTC milliseconds.
    pub since_ms: i64,
}
