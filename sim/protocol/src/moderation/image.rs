//! Moderation as plain data, with everybody and everything by number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{AppealState, CaseState, Filter, MeasureKind};
use crate::board::Status;

/// All that moderation knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModerationImage {
    /// Cases, by number; closed ones are forgotten when there are too many.
    pub cases: BTreeMap<u32, CaseImage>,
    /// Cases opened so far: the next one's number.
    pub cases_opened: u32,
    /// Measures, by number; those without effect are forgotten when there are too many.
    pub measures: BTreeMap<u32, MeasureImage>,
    /// Measures taken so far: the next one's number.
    pub measures_taken: u32,
    /// What is looked for in texts; `None`: what the scenario says.
    pub filters: Option<Vec<Filter>>,
    /// Of those who drive themselves and have written: since when, and how much this hour.
    pub speakers: BTreeMap<u32, SpeakerImage>,
    /// What was written lately, oldest first.
    pub sketches: Vec<SketchImage>,
    /// Stamp up to which measures that end by themselves were told of, UTC milliseconds.
    pub ended_ms: i64,
}

/// [`super::Subject`] by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectImage {
    /// A member.
    Agent(u32),
    /// A post.
    Post(u32),
    /// A comment.
    Comment(u32),
    /// A message and who wrote it.
    Message(Uuid, u32),
    /// A community.
    Submolt(u16),
    /// A bounty.
    Bounty(u32),
}

/// [`super::Moderator`] by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModeratorImage {
    /// The village itself.
    Village,
    /// Staff, by account.
    Staff(Uuid),
    /// A moderator of communities, by agent number.
    Member(u32),
    /// Whoever answers for an agent, by account.
    Owner(Uuid),
}

/// Something that was reported, or found by the village itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseImage {
    /// What it is about.
    pub subject: SubjectImage,
    /// Stamp at which it was opened, UTC milliseconds.
    pub opened_ms: i64,
    /// How far it is.
    pub state: CaseState,
    /// Who has it, or closed it.
    pub by: Option<ModeratorImage>,
    /// Weight of all reports.
    pub weight: u32,
    /// Who reported it, by agent number, and who stands behind them.
    pub reports: Vec<(u32, Option<Uuid>)>,
    /// Number of the measure by which the village took it from sight.
    pub held: Option<u32>,
}

/// A measure that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureImage {
    /// What was done.
    pub kind: MeasureKind,
    /// To what.
    pub subject: SubjectImage,
    /// Number of the member whom it touches.
    pub member: Option<u32>,
    /// Index of the community in which alone it holds.
    pub submolt: Option<u16>,
    /// By whom.
    pub by: ModeratorImage,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Until when, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// Whether it was taken back.
    pub lifted: bool,
    /// How an appeal against it stands.
    pub appeal: AppealState,
    /// How a post stood that was taken from sight.
    #[serde(default)]
    pub was: Option<Status>,
}

/// How much somebody has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerImage {
    /// Stamp of their first text, UTC milliseconds.
    pub first_ms: i64,
    /// When the hour began that is counted, UTC milliseconds.
    pub hour_ms: i64,
    /// Posts of this hour.
    pub posts: u32,
    /// Comments of this hour.
    pub comments: u32,
}

/// What is remembered of a text to know it again: not the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SketchImage {
    /// Agent number of its author.
    pub author: u32,
    /// When it was written, UTC milliseconds.
    pub at_ms: i64,
    /// The smallest hashes of its runs of three words, ascending; empty for a short text.
    pub marks: Vec<u32>,
    /// Hashes of the hosts that it links to, ascending.
    pub hosts: Vec<u32>,
}

impl MeasureImage {
    /// Whether it holds at this time, UTC milliseconds.
    #[must_use]
    pub fn is_in_force(&self, now_ms: i64) -> bool {
        self.kind.lasts() && !self.lifted && self.until_ms.is_none_or(|until_ms| until_ms > now_ms)
    }

    /// Whether it counts in a community; `None`: whether it counts in the whole village. What is done in one community counts there alone.
    #[must_use]
    pub fn counts_in(&self, submolt: Option<u16>) -> bool {
        self.submolt.is_none() || self.submolt == submolt
    }

    /// Whether there is something to take back.
    #[must_use]
    pub fn can_be_lifted(&self, now_ms: i64) -> bool {
        let stays = matches!(
            self.kind,
            MeasureKind::Remove | MeasureKind::Lock | MeasureKind::Warn
        );
        self.is_in_force(now_ms) || (stays && !self.lifted)
    }
}
