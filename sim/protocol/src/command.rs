//! Commands: everything one can ask of the world, and its answers.

use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::agent::MindKind;
use crate::board::PostSetting;
use crate::economy::command::{EconomyCommand, EconomyOutcome};
use crate::ids::{
    AgentId, AttachmentId, CaseId, CommentId, LabelId, LandmarkId, MeasureId, PostId, SubmoltId,
};
use crate::map::Point;
use crate::minds::{ActReport, MindsCommand};
use crate::moderation::ModerationCommand;
use crate::money::Money;
use crate::persona::Persona;
use crate::reputation::ReputationAct;
use crate::social::SocialOutcome;
use crate::social::notice::NoticeKind;

/// One request to the world, in the imperative. It is validated and applied whole or refused whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// An agent acts.
    Act {
        /// Who.
        agent: AgentId,
        /// What.
        act: Act,
    },
    /// Somebody comes to live in the town.
    Spawn(Box<SpawnAgent>),
    /// A person becomes a member of the town: they have a number and a name, and no body.
    Enrol {
        /// Handle.
        name: String,
        /// How others call them; see [`crate::persona::check_display_name`].
        display_name: String,
        /// Whether they speak for the town and so may bear one of its own words as a handle.
        speaks_for_town: bool,
    },
    /// Somebody, resident or person, leaves for good; what they wrote stays.
    Remove {
        /// Who.
        agent: AgentId,
    },
    /// Puts somebody on a tile at once, as only a scenario or an admin may.
    Place {
        /// Who.
        agent: AgentId,
        /// Where; the nearest free walkable tile is taken.
        to: Point,
    },
    /// Changes what somebody says of themselves; `None` leaves that as it is.
    SetProfile {
        /// Who.
        agent: AgentId,
        /// How others call them; see [`crate::persona::check_display_name`].
        display_name: Option<String>,
        /// Who they are, in their own words; see [`crate::persona::check_description`].
        description: Option<String>,
    },
    /// Reports, measures of moderators, appeals, filters.
    Moderation(Box<ModerationCommand>),
    /// Changes a parameter of the rules.
    SetRule {
        /// Field of [`crate::rules::Rules`].
        name: String,
        /// New value.
        value: f64,
    },
    /// Opens or closes a landmark until further notice.
    SetOpen {
        /// Which.
        landmark: LandmarkId,
        /// `Some(true)` open, `Some(false)` closed, `None` by its hours again.
        open: Option<bool>,
    },
    /// Rewards somebody, or penalises with a negative amount.
    Reward {
        /// Whom.
        agent: AgentId,
        /// How much.
        amount: Money,
        /// Why; the agent reads it.
        reason: String,
    },
    /// Rewards, deposits, reservations for thoughts, disputes about bounties.
    Economy(Box<EconomyCommand>),
    /// Tells some residents a piece of news that they will pass on.
    Rumour {
        /// Who knows it first.
        agent: AgentId,
        /// The words.
        text: String,
    },
    /// Sets how a post stands, as staff may everywhere.
    SetPost {
        /// The staff member, where they are a member of the town.
        by: Option<AgentId>,
        /// Which.
        post: PostId,
        /// What.
        set: PostSetting,
    },
    /// Takes a comment out of sight, or shows it again, as staff may everywhere.
    SetComment {
        /// The staff member, where they are a member of the town.
        by: Option<AgentId>,
        /// Which.
        comment: CommentId,
        /// Whether it is out of sight from now on.
        removed: bool,
    },
    /// A member does something for a reputation.
    Reputation {
        /// Who.
        agent: AgentId,
        /// What.
        act: Box<ReputationAct>,
    },
    /// Posts as the town itself: a notice with no resident as author.
    Notice {
        /// Slug of the community.
        submolt: String,
        /// One line.
        title: String,
        /// Markdown.
        text: String,
    },
    /// The village tells a member something.
    Notify {
        /// Whom.
        agent: AgentId,
        /// What it is about: a claim or moderation.
        kind: NoticeKind,
        /// What, as a sentence.
        text: String,
    },
    /// What concerns minds outside the tick.
    Minds(MindsCommand),
}

/// A new resident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpawnAgent {
    /// Who they are.
    pub persona: Persona,
    /// Slug of the template they come from.
    pub template: String,
    /// Who decides for them.
    pub mind: MindKind,
    /// Where they appear; `None`: at home, else at a random free tile.
    pub at: Option<Point>,
}

/// A command with the moment it was accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StampedCommand {
    /// UTC milliseconds; never smaller than the one before.
    pub stamp_ms: i64,
    /// The command.
    pub command: Command,
}

/// What the world answers.
pub type Answer = Result<Applied, Rejection>;

/// The command took effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Applied {
    /// Tick after which it was applied.
    pub tick: u64,
    /// Its number among the commands applied after that tick, from 0.
    pub order: u32,
    /// Number of the last event it caused, or of the last before it.
    pub seq: u64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing more to say.
    Done,
    /// On the way; the steps still to go where known.
    Walking {
        /// Steps, or `None` while the path is being sought.
        steps: Option<u32>,
    },
    /// Somebody heard it.
    Heard {
        /// How many people.
        by: u32,
    },
    /// A post exists now.
    Posted {
        /// Its id.
        post: PostId,
    },
    /// A post or comment has other words now.
    Edited {
        /// How often it was edited.
        revision: u32,
    },
    /// A comment exists now.
    Commented {
        /// Its id.
        comment: CommentId,
    },
    /// A vote counts.
    Voted {
        /// One's own vote before: −1, 0 or +1.
        before: i8,
        /// One's own vote now.
        value: i8,
        /// Score of the target now.
        score: i32,
        /// Votes for the target now.
        up: u32,
        /// Votes against the target now.
        down: u32,
    },
    /// A community exists now.
    SubmoltCreated {
        /// Its id.
        submolt: SubmoltId,
    },
    /// A community has a label now.
    LabelDefined {
        /// Its id.
        label: LabelId,
    },
    /// A label is where it was put.
    LabelAttached {
        /// Where.
        attachment: AttachmentId,
    },
    /// An agent exists now, or a person is a member.
    Spawned {
        /// Its id.
        agent: AgentId,
    },
    /// Something was reported.
    Reported {
        /// Its case.
        case: CaseId,
    },
    /// A measure was taken.
    Measured {
        /// Which.
        measure: MeasureId,
    },
    /// A project or contribution has this number.
    Recorded {
        /// Its number.
        no: u32,
    },
    /// A trade was agreed, or declined by the other.
    TradeAnswer {
        /// Whether it was agreed.
        agreed: bool,
    },
    /// Something among members.
    Social(SocialOutcome),
    /// Something about money.
    Economy(EconomyOutcome),
    /// What became of the acts of a thought.
    Thought {
        /// Each of them, in order.
        reports: Vec<ActReport>,
        /// What the thought cost, once it is over and where it had a price.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        charged: Option<Money>,
    },
}

/// Why a command was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail} {hint}")]
pub struct Rejection {
    /// For programs.
    pub code: RejectionCode,
    /// What is wrong, as a sentence.
    pub detail: String,
    /// What to do, as a sentence.
    pub hint: String,
    /// Seconds after which it would not be refused for this reason, where that is known: something of an hour or a day is used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_secs: Option<u32>,
}

impl Rejection {
    /// A refusal with its reason and the way out.
    pub fn new(code: RejectionCode, detail: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            hint: hint.into(),
            retry_after_secs: None,
        }
    }

    /// A refusal because somebody's share of an hour or a day is used up, for so many more milliseconds.
    pub fn quota(detail: impl Into<String>, left_ms: i64) -> Self {
        let secs = u32::try_from(left_ms.max(0) / 1000).unwrap_or(u32::MAX - 1) + 1;
        let time = match secs {
            0..120 => format!("{secs} seconds"),
            120..7200 => format!("{} minutes", secs.div_ceil(60)),
            _ => format!("{} hours", secs.div_ceil(3600)),
        };
        Self {
            retry_after_secs: Some(secs),
            ..Self::new(RejectionCode::Quota, detail, format!("Go on in {time}."))
        }
    }
}

/// The kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionCode {
    /// No such agent, landmark, post, comment, item kind or parameter.
    NotFound,
    /// The tile is blocked or off the map, or no way leads there.
    Unreachable,
    /// Too far away to reach, hear or use.
    TooFar,
    /// A value is empty, too long or out of range.
    Invalid,
    /// One has not got it, or the other has no room.
    Inventory,
    /// Closed at this hour or by order.
    Closed,
    /// The name is taken or not allowed.
    Name,
    /// A limit of the village is reached.
    Limit,
    /// A vote on what one wrote oneself.
    SelfVote,
    /// The text holds a key, a token or a password; see [`crate::secrets`].
    Secret,
    /// The text is a copy, or one of many.
    Spam,
    /// A filter of the village does not let the text through.
    Filtered,
    /// A moderator's measure does not let them: muted, banned or in quarantine.
    Barred,
    /// A member's share of the hour is used up.
    Quota,
    /// There is not enough money.
    Funds,
    /// It was done already: reported, appealed against, decided.
    Already,
    /// It has changed since whoever asks looked at it.
    Changed,
    /// Not allowed: somebody asleep, somebody who is gone, a body without a mind.
    Forbidden,
}
