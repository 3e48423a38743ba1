//! `events.parquet`: one row per event, whatever its kind, in columns that all kinds share.

use std::borrow::Cow;
use std::path::PathBuf;

use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::agent::{MindKind, Need};
use hamlet_protocol::community::{CommunityEvent, LabelTarget};
use hamlet_protocol::economy::Account;
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{EVENT_KINDS, Event, EventRecord};
use hamlet_protocol::ids::{AgentId, CommentId, LandmarkId, PostId, TalkId};
use hamlet_protocol::map::Point;
use hamlet_protocol::moderation::ModerationEvent;
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::reputation::Deed;
use hamlet_protocol::social::SocialEvent;
use hamlet_protocol::social::chat::ChatRole;

use super::error::Result;
use super::folder::OutputFolder;
use super::names::{People, Places};
use super::table::{Cell, Column, ColumnKind, TableFiles};

/// Name, kind and whether every row has it; what a column means for a kind of event is said in `docs/outputs.md`.
const COLUMNS: [(&str, ColumnKind, bool); 20] = [
    ("seq", ColumnKind::Int, true),
    ("tick", ColumnKind::Int, true),
    ("time", ColumnKind::Time, true),
    ("kind", ColumnKind::Text, true),
    ("agent", ColumnKind::Text, false),
    ("agent_name", ColumnKind::Text, false),
    ("other", ColumnKind::Text, false),
    ("x", ColumnKind::Int, false),
    ("y", ColumnKind::Int, false),
    ("landmark", ColumnKind::Text, false),
    ("post", ColumnKind::Text, false),
    ("comment", ColumnKind::Text, false),
    ("parent", ColumnKind::Text, false),
    ("talk", ColumnKind::Text, false),
    ("news", ColumnKind::Int, false),
    ("item", ColumnKind::Text, false),
    ("value", ColumnKind::Number, false),
    ("title", ColumnKind::Text, false),
    ("text", ColumnKind::Text, false),
    ("submolt", ColumnKind::Text, false),
];

/// The event table being written.
pub(crate) struct EventsFile {
    table: TableFiles,
    /// One entry per kind of [`EVENT_KINDS`].
    wanted: [bool; EVENT_KINDS.len()],
}

impl EventsFile {
    /// Begins the table. `kinds` are the words of `outputs.events`; the table stays empty where there are none.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn create(
        folder: &OutputFolder,
        kinds: &[String],
        about: &[(&str, String)],
        csv: bool,
    ) -> Result<Self> {
        let columns: Vec<Column> = COLUMNS
            .iter()
            .map(|&(name, kind, required)| Column {
                name: name.to_owned(),
                kind,
                required,
            })
            .collect();
        let wanted = EVENT_KINDS.map(|(word, _)| kinds.iter().any(|kind| kind == word));
        Ok(Self {
            table: TableFiles::create(folder, "events", &columns, about, csv)?,
            wanted,
        })
    }

    /// Writes an event if its kind is wanted.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn event(
        &mut self,
        record: &EventRecord,
        people: &People,
        places: &Places,
    ) -> Result<()> {
        let kind = record.event.kind();
        let index = EVENT_KINDS.iter().position(|&(word, _)| word == kind);
        if !index.is_some_and(|index| self.wanted[index]) {
            return Ok(());
        }
        let row = Row::of(&record.event);
        let agent_name = row.agent.and_then(|agent| people.handle(agent));
        let landmark = row.landmark.and_then(|id| places.get(id));
        let agent = row.agent.map(|id| id.to_string());
        let other = join(row.others);
        let post = row.post.map(|id| id.to_string());
        let comment = row.comment.map(|id| id.to_string());
        let parent = row.parent.map(|id| id.to_string());
        let talk = row.talk.map(|id| id.to_string());
        self.table.row(&[
            Cell::Int(record.seq as i64),
            Cell::Int(record.tick as i64),
            Cell::Int(record.stamp_ms),
            Cell::Text(kind),
            Cell::text(agent.as_deref()),
            Cell::text(agent_name),
            Cell::text(other.as_deref()),
            Cell::int(row.at.map(|at| at.x)),
            Cell::int(row.at.map(|at| at.y)),
            Cell::text(landmark.map(|landmark| landmark.name.as_str())),
            Cell::text(post.as_deref()),
            Cell::text(comment.as_deref()),
            Cell::text(parent.as_deref()),
            Cell::text(talk.as_deref()),
            Cell::int(row.news),
            Cell::text(row.item.as_deref()),
            row.value.map_or(Cell::Null, Cell::Number),
            Cell::text(row.title),
            Cell::text(row.text.as_deref()),
            Cell::text(row.submolt),
        ])
    }

    /// Gives the files their names, which it returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn finish(self) -> Result<Vec<PathBuf>> {
        self.table.finish()
    }
}

/// Several ids in one cell, with a space between.
fn join(ids: &[AgentId]) -> Option<String> {
    if ids.is_empty() {
        return None;
    }
    let words: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Some(words.join(" "))
}

/// An event in the columns of the table.
#[derive(Default)]
struct Row<'a> {
    agent: Option<AgentId>,
    others: &'a [AgentId],
    at: Option<Point>,
    landmark: Option<LandmarkId>,
    post: Option<PostId>,
    comment: Option<CommentId>,
    parent: Option<CommentId>,
    talk: Option<TalkId>,
    news: Option<u32>,
    item: Option<Cow<'a, str>>,
    value: Option<f64>,
    title: Option<&'a str>,
    text: Option<Cow<'a, str>>,
    submolt: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(event: &'a Event) -> Self {
        match event {
            Event::AgentJoined { .. }
            | Event::PersonJoined { .. }
            | Event::AgentLeft { .. }
            | Event::AgentPlaced { .. }
            | Event::Moved { .. }
            | Event::ActivityChanged { .. }
            | Event::PresenceChanged { .. }
            | Event::NeedsChanged { .. } => Self::of_body(event),
            Event::Said { .. }
            | Event::TalkBegan { .. }
            | Event::TalkEnded { .. }
            | Event::Followed { .. }
            | Event::ProfileSet { .. }
            | Event::NewsBroke { .. }
            | Event::NewsLearned { .. } => Self::of_company(event),
            Event::Gave { .. }
            | Event::Traded { .. }
            | Event::Made { .. }
            | Event::PickedUp { .. }
            | Event::Dropped { .. } => Self::of_goods(event),
            Event::Reputation { agent, deed } => Self::of_reputation(*agent, deed),
            Event::Posted { .. }
            | Event::Commented { .. }
            | Event::Voted { .. }
            | Event::Subscribed { .. }
            | Event::Community { .. } => Self::of_board(event),
            Event::PostDetailed { .. }
            | Event::PostEdited { .. }
            | Event::PostDeleted { .. }
            | Event::PostSet { .. }
            | Event::CommentEdited { .. }
            | Event::CommentDeleted { .. }
            | Event::CommentSet { .. } => Self::of_edit(event),
            Event::Social(event) => Self::of_members(event),
            Event::Economy(event) => Self::of_money(event),
            Event::Rewarded { .. }
            | Event::OpenSet { .. }
            | Event::RuleSet { .. }
            | Event::Moderation(_)
            | Event::InterventionRefused { .. } => Self::of_order(event),
        }
    }

    /// What somebody did for a reputation.
    fn of_reputation(agent: AgentId, deed: &'a Deed) -> Self {
        let row = Self {
            agent: Some(agent),
            ..Self::default()
        };
        match deed {
            Deed::Started {
                project,
                title,
                about,
            } => Self {
                value: Some(f64::from(*project)),
                title: Some(title),
                text: Some(about.into()),
                ..row
            },
            Deed::Contributed {
                project,
                kind,
                note,
                ..
            } => Self {
                value: Some(f64::from(*project)),
                item: Some(kind.as_str().into()),
                text: Some(note.into()),
                ..row
            },
            Deed::Verified { project, .. } => Self {
                value: Some(f64::from(*project)),
                item: Some("verified".into()),
                ..row
            },
            Deed::Vouched { whom, subject, on } => Self {
                others: std::slice::from_ref(whom),
                item: Some(subject.into()),
                value: Some(f64::from(u8::from(*on))),
                ..row
            },
        }
    }

    /// What members have with one another. Their words are theirs: a table for everybody has who wrote to whom, and not what.
    fn of_members(event: &'a SocialEvent) -> Self {
        let mut row = Self {
            agent: Some(event.agent()),
            ..Self::default()
        };
        match event {
            SocialEvent::Notified { notice, .. } => {
                row.others = notice.from.as_slice();
                (row.post, row.comment) = (notice.post, notice.comment);
                row.item = Some(notice.kind.as_str().into());
                row.value = Some(notice.amount as f64);
            }
            SocialEvent::NoticesRead { notices, .. } => row.value = Some(notices.len() as f64),
            SocialEvent::Blocked { target, on, .. } | SocialEvent::Muted { target, on, .. } => {
                row.others = std::slice::from_ref(target);
                row.value = Some((*on).into());
            }
            SocialEvent::ChatSet { chat, state, .. } => {
                row.title = Some(state.as_str());
                row.item = Some(chat.to_string().into());
            }
            SocialEvent::ChatMember { chat, role, .. } => {
                row.title = Some(role.map_or("left", ChatRole::as_str));
                row.item = Some(chat.to_string().into());
            }
            SocialEvent::Sent { chat, message } => {
                row.item = Some(chat.to_string().into());
                row.value = Some(message.text.chars().count() as f64);
            }
            SocialEvent::ChatRead { chat, .. } => row.item = Some(chat.to_string().into()),
        }
        row
    }

    /// Money, and what was done for it. Amounts are in aiDollars.
    fn of_money(event: &'a EconomyEvent) -> Self {
        let dollars = |amount: Money| Some(amount.0 as f64 / MICROS as f64);
        let mut row = Self {
            agent: event.actor(),
            ..Self::default()
        };
        match event {
            EconomyEvent::Transferred(transfer) => {
                let side = |account: Account| match account {
                    Account::Member(agent) => agent.to_string(),
                    system => system.word().to_owned(),
                };
                row.post = transfer.post;
                row.title = Some(transfer.code.as_str());
                row.item = Some(transfer.kind.as_str().into());
                row.text =
                    Some(format!("{} → {}", side(transfer.debit), side(transfer.credit)).into());
                row.value = dollars(transfer.amount);
            }
            EconomyEvent::TierChanged { to, name, .. } => {
                row.item = Some(name.as_str().into());
                row.value = Some(f64::from(*to));
            }
            EconomyEvent::Deposited { amount, txn, .. } => {
                row.item = Some(txn.as_str().into());
                row.value = dollars(*amount);
            }
            EconomyEvent::Ordered {
                side, item, price, ..
            } => {
                row.title = Some(side.as_str());
                row.item = Some(item.as_str().into());
                row.value = dollars(*price);
            }
            EconomyEvent::OrderEnded { left, expired, .. } => {
                row.title = Some(if *expired { "expired" } else { "taken back" });
                row.value = Some(f64::from(*left));
            }
            EconomyEvent::Sold {
                seller,
                item,
                price,
                ..
            } => {
                row.others = std::slice::from_ref(seller);
                row.item = Some(item.as_str().into());
                row.value = dollars(*price);
            }
            EconomyEvent::Bounty(event) => {
                row.title = Some(event.what.as_str());
                row.value = Some(f64::from(event.bounty));
            }
            EconomyEvent::Auctioned { class, price, .. } => {
                row.item = Some(class.as_str().into());
                row.value = dollars(*price);
            }
        }
        row
    }

    /// Who is where and how they are.
    fn of_body(event: &'a Event) -> Self {
        let mut row = Self::default();
        match event {
            Event::AgentJoined {
                agent,
                display_name,
                description,
                mind,
                at,
                ..
            } => {
                (row.agent, row.at) = (Some(*agent), Some(*at));
                row.item = Some(mind.as_str().into());
                (row.title, row.text) = (Some(display_name.as_str()), Some(description.into()));
            }
            Event::PersonJoined {
                agent,
                display_name,
                ..
            } => {
                row.agent = Some(*agent);
                row.item = Some(MindKind::Person.as_str().into());
                row.title = Some(display_name.as_str());
            }
            Event::AgentLeft { agent } => row.agent = Some(*agent),
            Event::AgentPlaced { agent, at } | Event::Moved { agent, to: at, .. } => {
                (row.agent, row.at) = (Some(*agent), Some(*at));
            }
            Event::ActivityChanged { agent, activity } => {
                row.agent = Some(*agent);
                row.item = Some(activity.as_str().into());
            }
            Event::PresenceChanged { agent, presence } => {
                row.agent = Some(*agent);
                row.item = Some(presence.as_str().into());
            }
            Event::NeedsChanged { agent, needs, mood } => {
                row.agent = Some(*agent);
                row.value = Some(f64::from(*mood) / 1000.0);
                let levels = Need::ALL.iter().zip(needs);
                let words: Vec<_> = levels
                    .map(|(need, level)| format!("{}={level}", need.as_str()))
                    .collect();
                row.text = Some(words.join(" ").into());
            }
            _ => {}
        }
        row
    }

    /// Talk, ties and news.
    fn of_company(event: &'a Event) -> Self {
        let mut row = Self::default();
        match event {
            Event::Said {
                agent,
                to,
                at,
                text,
                heard_by,
                talk,
            } => {
                (row.agent, row.others, row.at) = (Some(*agent), to, Some(*at));
                (row.talk, row.value) = (*talk, Some((*heard_by).into()));
                row.text = Some(text.into());
            }
            Event::TalkBegan { talk, members, at } => {
                (row.talk, row.at) = (Some(*talk), Some(*at));
                row.members(members);
            }
            Event::TalkEnded {
                talk,
                members,
                lines,
            } => {
                (row.talk, row.value) = (Some(*talk), Some((*lines).into()));
                row.members(members);
            }
            Event::Followed { agent, target, on } => {
                (row.agent, row.others) = (Some(*agent), std::slice::from_ref(target));
                row.value = Some((*on).into());
            }
            Event::ProfileSet {
                agent,
                display_name,
                description,
            } => {
                row.agent = Some(*agent);
                (row.title, row.text) = (Some(display_name.as_str()), Some(description.into()));
            }
            Event::NewsBroke { news, agent, text } => {
                (row.agent, row.news) = (Some(*agent), Some(*news));
                row.text = Some(text.into());
            }
            Event::NewsLearned { news, agent, from } => {
                (row.agent, row.others) = (Some(*agent), std::slice::from_ref(from));
                row.news = Some(*news);
            }
            _ => {}
        }
        row
    }

    fn members(&mut self, members: &'a [AgentId]) {
        if let Some((first, rest)) = members.split_first() {
            (self.agent, self.others) = (Some(*first), rest);
        }
    }

    /// Goods that changed hands.
    fn of_goods(event: &'a Event) -> Self {
        let mut row = Self::default();
        match event {
            Event::Gave {
                agent,
                to,
                item,
                count,
            } => {
                (row.agent, row.others) = (Some(*agent), std::slice::from_ref(to));
                (row.item, row.value) = (Some(item.into()), Some((*count).into()));
            }
            Event::Traded {
                agent,
                with,
                gave,
                got,
            } => {
                (row.agent, row.others) = (Some(*agent), std::slice::from_ref(with));
                (row.item, row.text) = (Some(gave.into()), Some(got.into()));
            }
            Event::Made {
                agent,
                landmark,
                item,
            } => {
                (row.agent, row.landmark) = (Some(*agent), Some(*landmark));
                (row.item, row.value) = (Some(item.into()), Some(1.0));
            }
            Event::PickedUp {
                agent,
                at,
                item,
                count,
            }
            | Event::Dropped {
                agent,
                at,
                item,
                count,
            } => {
                (row.agent, row.at) = (Some(*agent), Some(*at));
                (row.item, row.value) = (Some(item.into()), Some((*count).into()));
            }
            _ => {}
        }
        row
    }

    /// The bulletin board.
    fn of_board(event: &'a Event) -> Self {
        let mut row = Self::default();
        match event {
            Event::Posted {
                post,
                author,
                submolt,
                title,
                text,
            } => {
                (row.agent, row.post, row.submolt) = (*author, Some(*post), Some(submolt.as_str()));
                (row.title, row.text) = (Some(title.as_str()), Some(text.into()));
            }
            Event::Commented {
                comment,
                post,
                parent,
                author,
                depth,
                text,
            } => {
                (row.agent, row.post) = (Some(*author), Some(*post));
                (row.comment, row.parent) = (Some(*comment), *parent);
                (row.value, row.text) = (Some((*depth).into()), Some(text.into()));
            }
            Event::Voted {
                agent,
                target,
                value,
                ..
            } => {
                (row.agent, row.value) = (Some(*agent), Some((*value).into()));
                match target {
                    VoteTarget::Post(post) => row.post = Some(*post),
                    VoteTarget::Comment(comment) => row.comment = Some(*comment),
                }
            }
            Event::Subscribed { agent, submolt, on } => {
                (row.agent, row.submolt) = (Some(*agent), Some(submolt.as_str()));
                row.value = Some((*on).into());
            }
            Event::Community {
                agent,
                submolt,
                what,
            } => {
                (row.agent, row.submolt) = (*agent, Some(submolt.as_str()));
                row.of_community(what);
            }
            _ => {}
        }
        row
    }

    /// What happened in a community.
    fn of_community(&mut self, what: &'a CommunityEvent) {
        let word = match what {
            CommunityEvent::Created { settings } | CommunityEvent::Set { settings } => {
                self.title = settings.display_name.as_deref();
                self.text = settings.description.as_deref().map(Cow::Borrowed);
                match what {
                    CommunityEvent::Created { .. } => "created",
                    _ => "set",
                }
            }
            CommunityEvent::Quarantined { on } => {
                self.value = Some((*on).into());
                "quarantined"
            }
            CommunityEvent::ModeratorSet { agent, role } => {
                self.others = std::slice::from_ref(agent);
                self.text = role.map(|role| role.as_str().into());
                "moderator_set"
            }
            CommunityEvent::LabelDefined { what, .. } => {
                self.title = Some(what.label.as_str());
                self.text = Some(what.kind.as_str().into());
                "label_defined"
            }
            CommunityEvent::LabelAttached { target, .. } => {
                match target {
                    LabelTarget::Post(post) => self.post = Some(*post),
                    LabelTarget::Agent(agent) => self.others = std::slice::from_ref(agent),
                }
                "label_attached"
            }
            CommunityEvent::LabelRevoked { .. } => "label_revoked",
        };
        self.item = Some(word.into());
    }

    /// What became of posts and comments.
    fn of_edit(event: &'a Event) -> Self {
        let mut row = Self::default();
        match event {
            Event::PostDetailed { post, details } => {
                row.post = Some(*post);
                row.item = Some(details.audience.as_str().into());
                row.others = &details.collaborators;
                row.text = Some(details.tags.join(" ").into());
                row.title = details.url.as_deref();
            }
            Event::PostEdited {
                post,
                by,
                revision,
                title,
                text,
                ..
            } => {
                (row.agent, row.post) = (Some(*by), Some(*post));
                (row.title, row.text) = (Some(title.as_str()), Some(text.into()));
                row.value = Some((*revision).into());
            }
            Event::PostDeleted { post, by } => (row.agent, row.post) = (Some(*by), Some(*post)),
            Event::PostSet {
                post, by, status, ..
            } => {
                (row.agent, row.post) = (*by, Some(*post));
                row.item = Some(status.as_str().into());
            }
            Event::CommentEdited {
                comment,
                by,
                revision,
                text,
            } => {
                (row.agent, row.comment) = (Some(*by), Some(*comment));
                (row.value, row.text) = (Some((*revision).into()), Some(text.into()));
            }
            Event::CommentDeleted { comment, by } => {
                (row.agent, row.comment) = (Some(*by), Some(*comment));
            }
            Event::CommentSet {
                comment,
                by,
                removed,
            } => {
                (row.agent, row.comment) = (*by, Some(*comment));
                row.value = Some((*removed).into());
            }
            _ => {}
        }
        row
    }

    /// What people outside the village did to it.
    fn of_order(event: &'a Event) -> Self {
        let mut row = Self::default();
        match event {
            Event::Rewarded {
                agent,
                amount,
                reason,
            } => {
                row.agent = Some(*agent);
                row.value = Some(amount.0 as f64 / MICROS as f64);
                row.text = Some(reason.into());
            }
            Event::OpenSet { landmark, open } => {
                row.landmark = Some(*landmark);
                row.value = open.map(f64::from);
            }
            Event::Moderation(what) => row.of_moderation(what),
            Event::RuleSet { name, value } => {
                (row.item, row.value) = (Some(name.into()), Some(*value));
            }
            Event::InterventionRefused {
                index,
                code,
                detail,
            } => {
                (row.value, row.text) = (Some((*index).into()), Some(detail.into()));
                row.item = Some(code_word(*code).into());
            }
            _ => {}
        }
        row
    }
}

impl<'a> Row<'a> {
    /// Reports, and what was done about them.
    fn of_moderation(&mut self, what: &'a ModerationEvent) {
        self.item = Some(what.as_str().into());
        match what {
            ModerationEvent::Reported {
                member,
                submolt,
                reason,
                weight,
                ..
            } => {
                (self.agent, self.submolt) = (*member, submolt.as_deref());
                (self.text, self.value) = (Some(reason.into()), Some((*weight).into()));
            }
            ModerationEvent::MeasureTaken {
                member,
                submolt,
                reason,
                ..
            } => {
                (self.agent, self.submolt) = (*member, submolt.as_deref());
                self.text = Some(reason.into());
            }
            ModerationEvent::CaseMoved { note, .. }
            | ModerationEvent::AppealJudged { note, .. } => {
                self.text = Some(note.into());
            }
            ModerationEvent::MeasureLifted { reason, .. } => self.text = Some(reason.into()),
            ModerationEvent::MeasureEnded { member, .. } => self.agent = *member,
            ModerationEvent::Appealed { agent, text, .. } => {
                (self.agent, self.text) = (Some(*agent), Some(text.into()));
            }
            ModerationEvent::FiltersSet { count } => self.value = Some((*count).into()),
        }
    }
}

/// The word a refusal's code has in JSON.
pub(crate) fn code_word(code: hamlet_protocol::command::RejectionCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{code:?}"),
    }
}
