//! Events become rows: which tables an event touches, and how.

mod community;
mod economy;
mod moderation;
mod social;

use std::borrow::Cow;

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::name::name_key;
use hamlet_protocol::reputation::Deed;
use uuid::Uuid;

use crate::edits::{COLLABORATORS, POST_DETAILS, collaborator_rows, details_row, statements};
use crate::error::StoreError;
use crate::plan::Step;
use crate::rows::{CommentRow, EventRow, PostRow};
use crate::tables::Stored;
use crate::value::{Action, Kind, Row, Table, Value};
use social::SocialRows;

const AGENTS: Table = Table {
    name: "agents",
    columns: &[
        ("id", Kind::Uuid),
        ("name", Kind::Text),
        ("name_key", Kind::Text),
        ("mind", Kind::Text),
        ("template", Kind::Text),
        ("display_name", Kind::Text),
        ("description", Kind::Text),
        ("joined_ms", Kind::Int),
    ],
    key: 1,
};

/// What changes of an agent who is there.
const AGENTS_CHANGED: Table = Table {
    name: "agents",
    columns: &[
        ("id", Kind::Uuid),
        ("display_name", Kind::Text),
        ("description", Kind::Text),
        ("left_ms", Kind::Int),
    ],
    key: 1,
};

const COUNTS: &[(&str, Kind)] = &[
    ("id", Kind::Uuid),
    ("up", Kind::Int),
    ("down", Kind::Int),
    ("score", Kind::Int),
];

const POST_COUNTS: Table = Table {
    name: "posts",
    columns: COUNTS,
    key: 1,
};

const COMMENT_COUNTS: Table = Table {
    name: "comments",
    columns: COUNTS,
    key: 1,
};

const VOTES: Table = Table {
    name: "votes",
    columns: &[
        ("agent", Kind::Uuid),
        ("target", Kind::Uuid),
        ("target_kind", Kind::Text),
        ("value", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 2,
};

const FOLLOWS: Table = Table {
    name: "follows",
    columns: &[
        ("agent", Kind::Uuid),
        ("target", Kind::Uuid),
        ("active", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 2,
};

/// Whoever leaves follows nobody any more …
const FOLLOWS_OF: Table = Table {
    name: "follows",
    columns: &[("agent", Kind::Uuid), ("active", Kind::Int)],
    key: 1,
};

/// … and is followed by nobody.
const FOLLOWERS_OF: Table = Table {
    name: "follows",
    columns: &[("target", Kind::Uuid), ("active", Kind::Int)],
    key: 1,
};

const PROJECTS: Table = Table {
    name: "projects",
    columns: &[
        ("no", Kind::Int),
        ("owner", Kind::Uuid),
        ("title", Kind::Text),
        ("about", Kind::Text),
        ("created_ms", Kind::Int),
    ],
    key: 1,
};

const CONTRIBUTIONS: Table = Table {
    name: "contributions",
    columns: &[
        ("project", Kind::Int),
        ("no", Kind::Int),
        ("agent", Kind::Uuid),
        ("kind", Kind::Text),
        ("note", Kind::Text),
        ("created_ms", Kind::Int),
    ],
    key: 2,
};

const VERIFICATIONS: Table = Table {
    name: "verifications",
    columns: &[
        ("project", Kind::Int),
        ("contribution", Kind::Int),
        ("agent", Kind::Uuid),
        ("created_ms", Kind::Int),
    ],
    key: 3,
};

const VOUCHES: Table = Table {
    name: "vouches",
    columns: &[
        ("agent", Kind::Uuid),
        ("target", Kind::Uuid),
        ("subject", Kind::Text),
        ("active", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 3,
};

/// The steps that write what these events left behind. Transient events leave nothing.
pub(crate) fn project(records: &[EventRecord]) -> Result<Vec<Step<'_>>, StoreError> {
    let mut rows = Projection::default();
    for record in records.iter().filter(|record| record.event.is_durable()) {
        rows.add(record)?;
    }
    Ok(rows.steps())
}

#[derive(Default)]
struct Projection<'a> {
    events: Vec<Row<'a>>,
    agents: Vec<Row<'a>>,
    agents_changed: Vec<Row<'a>>,
    posts: Vec<Row<'a>>,
    comments: Vec<Row<'a>>,
    votes: Vec<Row<'a>>,
    post_counts: Vec<Row<'a>>,
    comment_counts: Vec<Row<'a>>,
    follows: Vec<Row<'a>>,
    left: Vec<Row<'a>>,
    details: Vec<Row<'a>>,
    collaborators: Vec<Row<'a>>,
    edits: Vec<Step<'a>>,
    projects: Vec<Row<'a>>,
    contributions: Vec<Row<'a>>,
    verifications: Vec<Row<'a>>,
    vouches: Vec<Row<'a>>,
    communities: community::Communities<'a>,
    moderation: moderation::Moderation<'a>,
    economy: economy::Money<'a>,
    social: SocialRows<'a>,
}

impl<'a> Projection<'a> {
    fn steps(self) -> Vec<Step<'a>> {
        let mut steps = vec![
            Step::rows(EventRow::TABLE, Action::Insert, self.events),
            Step::rows(AGENTS, Action::Upsert, self.agents),
            Step::rows(AGENTS_CHANGED, Action::Update, self.agents_changed),
            Step::rows(PostRow::TABLE, Action::Insert, self.posts),
            Step::rows(POST_DETAILS, Action::Update, self.details),
            Step::rows(COLLABORATORS, Action::Insert, self.collaborators),
            Step::rows(CommentRow::TABLE, Action::Insert, self.comments),
            Step::rows(VOTES, Action::Upsert, self.votes),
            Step::rows(POST_COUNTS, Action::Update, self.post_counts),
            Step::rows(COMMENT_COUNTS, Action::Update, self.comment_counts),
            Step::rows(FOLLOWS, Action::Upsert, self.follows),
            Step::rows(FOLLOWS_OF, Action::Update, self.left.clone()),
            Step::rows(FOLLOWERS_OF, Action::Update, self.left),
            Step::rows(PROJECTS, Action::Insert, self.projects),
            Step::rows(CONTRIBUTIONS, Action::Insert, self.contributions),
            Step::rows(VERIFICATIONS, Action::Insert, self.verifications),
            Step::rows(VOUCHES, Action::Upsert, self.vouches),
        ];
        steps.extend(self.edits);
        steps.extend(self.communities.steps());
        steps.extend(self.moderation.steps());
        steps.extend(self.economy.steps());
        steps.extend(self.social.steps());
        steps
    }

    fn add(&mut self, record: &'a EventRecord) -> Result<(), StoreError> {
        let seq = number(record.seq)?;
        let tick = number(record.tick)?;
        let at = record.stamp_ms;
        let body = serde_json::to_string(&record.event).map_err(|error| StoreError::Sql {
            what: format!("event {seq} has no JSON: {error}"),
        })?;
        self.events.push(vec![
            seq.into(),
            tick.into(),
            at.into(),
            Value::text(record.event.kind()),
            actor(&record.event).map(|agent| agent.0).into(),
            Value::Text(Cow::Owned(body)),
        ]);
        if let Event::Social(event) = &record.event {
            return self.social.add(event, seq, at);
        }
        self.leave(&record.event, seq, tick, at);
        Ok(())
    }

    /// The rows beside `events` that an event leaves.
    fn leave(&mut self, event: &'a Event, seq: i64, tick: i64, at: i64) {
        match event {
            Event::AgentJoined {
                agent,
                name,
                display_name,
                description,
                template,
                mind,
                ..
            } => self.agents.push(vec![
                agent.0.into(),
                Value::text(name.as_str()),
                Value::text(name_key(name)),
                Value::text(mind.as_str()),
                Value::text(template.as_str()),
                Value::text(display_name.as_str()),
                Value::text(description.as_str()),
                at.into(),
            ]),
            Event::PersonJoined {
                agent,
                name,
                display_name,
            } => self.agents.push(vec![
                agent.0.into(),
                Value::text(name.as_str()),
                Value::text(name_key(name)),
                Value::text(MindKind::Person.as_str()),
                Value::text(""),
                Value::text(display_name.as_str()),
                Value::text(""),
                at.into(),
            ]),
            Event::ProfileSet {
                agent,
                display_name,
                description,
            } => self.agents_changed.push(vec![
                agent.0.into(),
                Value::text(display_name.as_str()),
                Value::text(description.as_str()),
                Value::Null,
            ]),
            Event::AgentLeft { agent } => {
                self.agents_changed
                    .push(vec![agent.0.into(), Value::Null, Value::Null, at.into()]);
                self.left.push(vec![agent.0.into(), Value::Int(0)]);
            }
            Event::Posted {
                post,
                author,
                submolt,
                title,
                text,
            } => self.posts.push(vec![
                post.0.into(),
                seq.into(),
                tick.into(),
                at.into(),
                author.map(|agent| agent.0).into(),
                Value::text(submolt.as_str()),
                Value::text(title.as_str()),
                Value::text(text.as_str()),
                Value::Int(0),
                Value::Int(0),
                Value::Int(0),
            ]),
            Event::Commented {
                comment,
                post,
                parent,
                author,
                depth,
                text,
            } => self.comments.push(vec![
                comment.0.into(),
                seq.into(),
                tick.into(),
                at.into(),
                post.0.into(),
                parent.map(|parent| parent.0).into(),
                author.0.into(),
                i64::from(*depth).into(),
                Value::text(text.as_str()),
                Value::Int(0),
                Value::Int(0),
                Value::Int(0),
            ]),
            Event::Voted {
                agent,
                target,
                value,
                score,
                up,
                down,
                ..
            } => {
                let (id, kind, counts) = match target {
                    VoteTarget::Post(post) => (post.0, "post", &mut self.post_counts),
                    VoteTarget::Comment(comment) => {
                        (comment.0, "comment", &mut self.comment_counts)
                    }
                };
                counts.push(vec![
                    id.into(),
                    i64::from(*up).into(),
                    i64::from(*down).into(),
                    (*score).into(),
                ]);
                self.votes.push(vec![
                    agent.0.into(),
                    id.into(),
                    Value::text(kind),
                    i64::from(*value).into(),
                    at.into(),
                ]);
            }
            Event::Followed { agent, target, on } => self.follows.push(vec![
                agent.0.into(),
                target.0.into(),
                i64::from(*on).into(),
                at.into(),
            ]),
            Event::Reputation { agent, deed } => self.deed(agent.0, deed, at),
            Event::Subscribed { agent, submolt, on } => {
                self.communities.subscribed(*agent, submolt, *on, at);
            }
            Event::Community {
                agent,
                submolt,
                what,
            } => self.communities.happened(*agent, submolt, what, at),
            Event::Moderation(what) => self.moderation.happened(what, seq, at),
            Event::Economy(what) => self.economy.happened(what, at),
            Event::PostDetailed { post, details } => {
                self.details.push(details_row(*post, details));
                self.collaborators.extend(collaborator_rows(*post, details));
            }
            Event::PostEdited { .. }
            | Event::PostDeleted { .. }
            | Event::PostSet { .. }
            | Event::CommentEdited { .. }
            | Event::CommentDeleted { .. }
            | Event::CommentSet { .. } => self.edits.extend(statements(event, at)),
            // Written out, so that whoever adds a kind of event decides here: these are history and nothing else.
            Event::AgentPlaced { .. }
            | Event::Said { .. }
            | Event::TalkBegan { .. }
            | Event::TalkEnded { .. }
            | Event::Gave { .. }
            | Event::Traded { .. }
            | Event::Made { .. }
            | Event::PickedUp { .. }
            | Event::Dropped { .. }
            | Event::Rewarded { .. }
            | Event::NewsBroke { .. }
            | Event::NewsLearned { .. }
            | Event::OpenSet { .. }
            | Event::RuleSet { .. }
            | Event::InterventionRefused { .. }
            | Event::Social(_)
            | Event::Moved { .. }
            | Event::ActivityChanged { .. }
            | Event::PresenceChanged { .. }
            | Event::NeedsChanged { .. } => {}
        }
    }
}

impl<'a> Projection<'a> {
    /// What somebody did for a reputation.
    fn deed(&mut self, agent: Uuid, deed: &'a Deed, at: i64) {
        match deed {
            Deed::Started {
                project,
                title,
                about,
            } => self.projects.push(vec![
                i64::from(*project).into(),
                agent.into(),
                Value::text(title.as_str()),
                Value::text(about.as_str()),
                at.into(),
            ]),
            Deed::Contributed {
                project,
                contribution,
                kind,
                note,
            } => self.contributions.push(vec![
                i64::from(*project).into(),
                i64::from(*contribution).into(),
                agent.into(),
                Value::text(kind.as_str()),
                Value::text(note.as_str()),
                at.into(),
            ]),
            Deed::Verified {
                project,
                contribution,
            } => self.verifications.push(vec![
                i64::from(*project).into(),
                i64::from(*contribution).into(),
                agent.into(),
                at.into(),
            ]),
            Deed::Vouched { whom, subject, on } => self.vouches.push(vec![
                agent.into(),
                whom.0.into(),
                Value::text(subject.as_str()),
                i64::from(*on).into(),
                at.into(),
            ]),
        }
    }
}

/// Who did it, or whom it happened to.
fn actor(event: &Event) -> Option<AgentId> {
    match event {
        Event::AgentJoined { agent, .. }
        | Event::PersonJoined { agent, .. }
        | Event::AgentLeft { agent }
        | Event::ProfileSet { agent, .. }
        | Event::AgentPlaced { agent, .. }
        | Event::Said { agent, .. }
        | Event::Gave { agent, .. }
        | Event::Traded { agent, .. }
        | Event::Made { agent, .. }
        | Event::PickedUp { agent, .. }
        | Event::Dropped { agent, .. }
        | Event::Commented { author: agent, .. }
        | Event::Voted { agent, .. }
        | Event::Followed { agent, .. }
        | Event::Subscribed { agent, .. }
        | Event::Rewarded { agent, .. }
        | Event::Reputation { agent, .. }
        | Event::NewsBroke { agent, .. }
        | Event::NewsLearned { agent, .. } => Some(*agent),
        Event::Posted { author, .. } => *author,
        Event::PostEdited { by, .. }
        | Event::PostDeleted { by, .. }
        | Event::CommentEdited { by, .. }
        | Event::CommentDeleted { by, .. } => Some(*by),
        Event::PostSet { by, .. } | Event::CommentSet { by, .. } => *by,
        Event::Community { agent, .. } => *agent,
        Event::Moderation(what) => moderation::actor(what),
        Event::Social(event) => Some(event.agent()),
        Event::Economy(event) => event.actor(),
        Event::PostDetailed { .. }
        | Event::TalkBegan { .. }
        | Event::TalkEnded { .. }
        | Event::OpenSet { .. }
        | Event::RuleSet { .. }
        | Event::InterventionRefused { .. }
        | Event::Moved { .. }
        | Event::ActivityChanged { .. }
        | Event::PresenceChanged { .. }
        | Event::NeedsChanged { .. } => None,
    }
}

/// A number of the world as the databases keep it.
fn number(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_too_large| StoreError::Sql {
        what: format!("{value} is no number that a database keeps"),
    })
}
