//! What happens in communities becomes rows.

use hamlet_protocol::community::{CommunityEvent, Label, LabelTarget, SubmoltSettings};
use hamlet_protocol::ids::AgentId;

use crate::plan::Step;
use crate::value::{Action, Kind, Row, Table, Value};

const SUBMOLTS: Table = Table {
    name: "submolts",
    columns: &[
        ("slug", Kind::Text),
        ("display_name", Kind::Text),
        ("description", Kind::Text),
        ("rules", Kind::Text),
        ("icon", Kind::Text),
        ("banner", Kind::Text),
        ("banner_color", Kind::Text),
        ("theme_color", Kind::Text),
        ("is_nsfw", Kind::Int),
        ("allow_crypto", Kind::Int),
        ("quarantined", Kind::Int),
        ("created_ms", Kind::Int),
        ("creator", Kind::Uuid),
    ],
    key: 1,
};

/// What changes of a community that is there.
const SUBMOLTS_CHANGED: Table = Table {
    name: "submolts",
    columns: &[
        ("slug", Kind::Text),
        ("display_name", Kind::Text),
        ("description", Kind::Text),
        ("rules", Kind::Text),
        ("icon", Kind::Text),
        ("banner", Kind::Text),
        ("banner_color", Kind::Text),
        ("theme_color", Kind::Text),
        ("is_nsfw", Kind::Int),
        ("allow_crypto", Kind::Int),
        ("quarantined", Kind::Int),
    ],
    key: 1,
};

const MODERATORS: Table = Table {
    name: "moderators",
    columns: &[
        ("submolt", Kind::Text),
        ("agent", Kind::Uuid),
        ("role", Kind::Text),
        ("changed_ms", Kind::Int),
    ],
    key: 2,
};

const SUBSCRIPTIONS: Table = Table {
    name: "subscriptions",
    columns: &[
        ("agent", Kind::Uuid),
        ("submolt", Kind::Text),
        ("active", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 2,
};

const LABELS: Table = Table {
    name: "labels",
    columns: &[
        ("id", Kind::Uuid),
        ("submolt", Kind::Text),
        ("key", Kind::Text),
        ("label", Kind::Text),
        ("color", Kind::Text),
        ("kind", Kind::Text),
        ("prompt", Kind::Text),
        ("cadence_minutes", Kind::Int),
        ("changed_ms", Kind::Int),
    ],
    key: 1,
};

const ATTACHMENTS: Table = Table {
    name: "attachments",
    columns: &[
        ("id", Kind::Uuid),
        ("label", Kind::Uuid),
        ("target", Kind::Uuid),
        ("target_kind", Kind::Text),
        ("placement", Kind::Text),
        ("agent", Kind::Uuid),
        ("created_ms", Kind::Int),
    ],
    key: 1,
};

const ATTACHMENTS_REVOKED: Table = Table {
    name: "attachments",
    columns: &[("id", Kind::Uuid), ("revoked_ms", Kind::Int)],
    key: 1,
};

/// Which of these columns says whether a community is in quarantine: the last.
const QUARANTINED: usize = SUBMOLTS_CHANGED.columns.len() - 1;

/// Rows of communities.
#[derive(Default)]
pub(super) struct Communities<'a> {
    submolts: Vec<Row<'a>>,
    changed: Vec<Row<'a>>,
    moderators: Vec<Row<'a>>,
    subscriptions: Vec<Row<'a>>,
    labels: Vec<Row<'a>>,
    attachments: Vec<Row<'a>>,
    revoked: Vec<Row<'a>>,
}

impl<'a> Communities<'a> {
    pub(super) fn steps(self) -> Vec<Step<'a>> {
        vec![
            Step::rows(SUBMOLTS, Action::Upsert, self.submolts),
            Step::rows(SUBMOLTS_CHANGED, Action::Update, self.changed),
            Step::rows(MODERATORS, Action::Upsert, self.moderators),
            Step::rows(SUBSCRIPTIONS, Action::Upsert, self.subscriptions),
            Step::rows(LABELS, Action::Upsert, self.labels),
            Step::rows(ATTACHMENTS, Action::Insert, self.attachments),
            Step::rows(ATTACHMENTS_REVOKED, Action::Update, self.revoked),
        ]
    }

    pub(super) fn subscribed(&mut self, agent: AgentId, submolt: &'a str, on: bool, at: i64) {
        self.subscriptions.push(vec![
            agent.0.into(),
            Value::text(submolt),
            i64::from(on).into(),
            at.into(),
        ]);
    }

    pub(super) fn happened(
        &mut self,
        by: Option<AgentId>,
        submolt: &'a str,
        what: &'a CommunityEvent,
        at: i64,
    ) {
        match what {
            CommunityEvent::Created { settings } => {
                let mut row = said(submolt, settings);
                // A new community has no column left as it is.
                for text in &mut row[1..8] {
                    if *text == Value::Null {
                        *text = Value::text("");
                    }
                }
                for flag in &mut row[8..] {
                    if *flag == Value::Null {
                        *flag = Value::Int(0);
                    }
                }
                row.push(at.into());
                row.push(by.map(|agent| agent.0).into());
                self.submolts.push(row);
                // Whoever founds a community owns it.
                if let Some(agent) = by {
                    self.moderator(submolt, agent, "owner", at);
                }
            }
            CommunityEvent::Set { settings } => self.changed.push(said(submolt, settings)),
            CommunityEvent::Quarantined { on } => {
                let mut row = vec![Value::text(submolt)];
                row.extend((1..QUARANTINED).map(|_| Value::Null));
                row.push(i64::from(*on).into());
                self.changed.push(row);
            }
            CommunityEvent::ModeratorSet { agent, role } => {
                let role = role.map_or("none", |role| role.as_str());
                self.moderator(submolt, *agent, role, at);
            }
            CommunityEvent::LabelDefined { label, what } => {
                self.labels.push(label_row(label.0, submolt, what, at));
            }
            CommunityEvent::LabelAttached {
                attachment,
                label,
                target,
                placement,
            } => {
                let (target, kind) = match target {
                    LabelTarget::Post(post) => (post.0, "post"),
                    LabelTarget::Agent(agent) => (agent.0, "agent"),
                };
                self.attachments.push(vec![
                    attachment.0.into(),
                    label.0.into(),
                    target.into(),
                    Value::text(kind),
                    Value::text(placement.as_str()),
                    by.map(|agent| agent.0).into(),
                    at.into(),
                ]);
            }
            CommunityEvent::LabelRevoked { attachment } => {
                self.revoked.push(vec![attachment.0.into(), at.into()]);
            }
        }
    }

    fn moderator(&mut self, submolt: &'a str, agent: AgentId, role: &'static str, at: i64) {
        self.moderators.push(vec![
            Value::text(submolt),
            agent.0.into(),
            Value::text(role),
            at.into(),
        ]);
    }
}

/// What is said about a community; null where nothing is.
fn said<'a>(submolt: &'a str, settings: &'a SubmoltSettings) -> Row<'a> {
    let texts = [
        &settings.display_name,
        &settings.description,
        &settings.rules,
        &settings.icon,
        &settings.banner,
        &settings.banner_color,
        &settings.theme_color,
    ];
    let flags = [settings.is_nsfw, settings.allow_crypto];
    let mut row = vec![Value::text(submolt)];
    row.extend(texts.map(|text| Value::opt_text(text.as_deref())));
    row.extend(flags.map(|flag| Value::from(flag.map(i64::from))));
    row.push(Value::Null);
    row
}

fn label_row<'a>(id: uuid::Uuid, submolt: &'a str, label: &'a Label, at: i64) -> Row<'a> {
    vec![
        id.into(),
        Value::text(submolt),
        Value::text(label.key.as_str()),
        Value::text(label.label.as_str()),
        Value::text(label.color.as_str()),
        Value::text(label.kind.as_str()),
        Value::opt_text(label.prompt.as_deref()),
        i64::from(label.cadence_minutes).into(),
        at.into(),
    ]
}
