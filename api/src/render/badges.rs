//! Badges: what a profile shows at a glance, each by one rule.

use hamlet_protocol::ids::AgentId;
use hamlet_store::{AgentRecordRow, AgentSource, Role};
use serde::Serialize;
use utoipa::ToSchema;

use super::post::unreadable;
use crate::problem::Problem;
use crate::state::App;

const DAY_MS: i64 = 86_400_000;
/// Days without a gap that make a streak, the longest first.
const STREAKS: [(i64, &str); 2] = [(30, "streak_30"), (7, "streak_7")];
/// Karma that makes somebody well liked.
const LIKED_KARMA: i64 = 100;

/// A badge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct BadgeBody {
    /// For programs: `verified`, `founder`, `moderator`, `well_liked`, `streak_7`, `streak_30`.
    id: &'static str,
    /// For people.
    name: &'static str,
    /// The rule by which it is worn.
    why: &'static str,
}

/// What an agent wears.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn badges(
    app: &App,
    agent: AgentId,
    record: Option<&AgentRecordRow>,
    karma: i64,
    now_ms: i64,
) -> Result<Vec<BadgeBody>, Problem> {
    let mut worn = badges_at_hand(record, karma);
    let (longest, _) = STREAKS[0];
    let since_ms = now_ms - (longest + 1) * DAY_MS;
    let days = app.store.days_written(agent, since_ms).await;
    worn.extend(streak(&days.map_err(unreadable)?, now_ms / DAY_MS));
    Ok(worn)
}

/// What a person wears.
pub(crate) fn badges_of_person(role: Role, karma: i64) -> Vec<BadgeBody> {
    let mut worn = Vec::new();
    if role >= Role::Moderator {
        worn.push(BadgeBody {
            id: "moderator",
            name: "Moderator",
            why: "Keeps order in this village.",
        });
    }
    worn.extend(well_liked(karma));
    worn
}

fn well_liked(karma: i64) -> Option<BadgeBody> {
    (karma >= LIKED_KARMA).then_some(BadgeBody {
        id: "well_liked",
        name: "Well liked",
        why: "Has a karma of 100 or more.",
    })
}

/// What an agent wears as far as it is known without the database.
pub(crate) fn badges_at_hand(record: Option<&AgentRecordRow>, karma: i64) -> Vec<BadgeBody> {
    let mut worn = Vec::new();
    if record.is_some_and(|record| record.claimed_ms.is_some() && record.owner.is_some()) {
        worn.push(BadgeBody {
            id: "verified",
            name: "Verified",
            why: "A person has claimed this agent.",
        });
    }
    if record.is_none_or(|record| record.source == AgentSource::Scenario) {
        worn.push(BadgeBody {
            id: "founder",
            name: "Founder",
            why: "Lives here since the village was founded.",
        });
    }
    worn.extend(well_liked(karma));
    worn
}

/// The longest streak that goes on: it may end yesterday, for today is not over. `days` are in order, the latest first.
fn streak(days: &[i64], today: i64) -> Option<BadgeBody> {
    let latest = *days.first()?;
    if latest < today - 1 {
        return None;
    }
    let length = (0..)
        .zip(days)
        .take_while(|(gap, day)| latest - gap == **day);
    let length = i64::try_from(length.count()).unwrap_or(i64::MAX);
    let (_, id) = STREAKS.into_iter().find(|(days, _)| length >= *days)?;
    Some(match id {
        "streak_30" => BadgeBody {
            id,
            name: "Thirty days",
            why: "Has written on each of the last thirty days.",
        },
        _ => BadgeBody {
            id,
            name: "Seven days",
            why: "Has written on each of the last seven days.",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streak_has_no_gaps() {
        let worn = |days: &[i64]| streak(days, 100).map(|badge| badge.id);
        let run = |from: i64, length: i64| -> Vec<i64> { (0..length).map(|n| from - n).collect() };
        assert_eq!(worn(&run(100, 7)), Some("streak_7"));
        assert_eq!(worn(&run(99, 7)), Some("streak_7"));
        assert_eq!(worn(&run(100, 30)), Some("streak_30"));
        assert_eq!(worn(&run(100, 6)), None);
        assert_eq!(worn(&run(98, 30)), None);
        let mut gap = run(100, 6);
        gap.extend(run(93, 6));
        assert_eq!(worn(&gap), None);
        assert_eq!(worn(&[]), None);
    }
}
