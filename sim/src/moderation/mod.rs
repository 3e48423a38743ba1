//! What keeps company bearable: texts are looked at before they are said, members report what should not be there,
//! and moderators act on it, with a reason, an end and an appeal.
//!
//! | file | what it is for |
//! |---|---|
//! | `secrets.rs` | keys and passwords are stopped |
//! | `filters.rs`, `spam.rs`, `texts.rs` | what a village looks for in texts; copies and link farms; both asked about one text |
//! | `quota.rs` | how much members may write in an hour |
//! | `authority.rs` | who decides |
//! | `measures.rs`, `bars.rs` | what moderators do; what those it is done to may not |
//! | `cases.rs`, `appeals.rs` | reports and what comes of them; another look |
//! | `bounties.rs` | disputes about bounties are cases |

mod appeals;
mod authority;
mod bars;
mod bounties;
mod cases;
mod check;
mod filters;
mod measures;
mod quota;
mod secrets;
mod spam;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, CaseId, MeasureId};
use hamlet_protocol::moderation::{
    CaseImage, MeasureImage, MeasureKind, ModerationCommand, ModerationEvent, ModerationImage,
    Moderator, ModeratorImage, Subject, SubjectImage,
};

pub(crate) use check::check;
pub(crate) use secrets::check_secrets;
pub(crate) use texts::{Kind, Watch};

use crate::schedule::{Tick, TickSet};
use crate::town::{ActResult, Town};

pub(crate) fn plugin(app: &mut App) {
    let system = end_measures
        .in_set(TickSet::Emit)
        .before(crate::metrics::measure);
    app.init_resource::<Court>().add_systems(Tick, system);
}

/// What ends by itself is over: what it hid is seen again.
fn end_measures(mut town: Town) {
    let now_ms = town.clock.stamp_ms;
    while let Some(&(until_ms, no)) = town.court.ends.first() {
        if until_ms > now_ms {
            return;
        }
        town.court.data.ended_ms = now_ms;
        let measure = town.court.data.measures.get(&no).copied();
        town.court.forget(no);
        // A measure that is not known any more still leaves the list.
        town.court.ends.remove(&(until_ms, no));
        if let Some(measure) = measure {
            town.show_again(measure.subject, measure.kind);
            let event = ModerationEvent::MeasureEnded {
                measure: town.measure_id(no),
                member: measure.member.map(|no| town.roster.agent_id(no)),
            };
            town.tell_moderation(event);
        }
    }
}

/// Cases a village keeps; the oldest closed ones are only history then.
const CASES_MAX: usize = 20_000;
/// Measures a village keeps; the oldest that have no effect are only history then.
const MEASURES_MAX: usize = 50_000;

/// All that moderation knows, and where to find it.
#[derive(Resource, Debug, Default)]
pub(crate) struct Court {
    pub(crate) data: ModerationImage,
    /// Numbers of cases that are not closed, by what they are about.
    open: BTreeMap<SubjectImage, u32>,
    /// Numbers of measures that were not taken back and last, by the member they touch.
    touching: BTreeMap<u32, Vec<u32>>,
    /// When measures end by themselves, and their numbers.
    ends: BTreeSet<(i64, u32)>,
}

impl Court {
    pub(crate) fn from_image(data: ModerationImage) -> Self {
        let open = data
            .cases
            .iter()
            .filter(|(_, case)| !case.state.is_closed());
        let open = open.map(|(&no, case)| (case.subject, no)).collect();
        let mut touching: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut ends = BTreeSet::new();
        for (&no, measure) in &data.measures {
            // What has ended by itself was told of.
            let is_over = measure
                .until_ms
                .is_some_and(|until_ms| until_ms <= data.ended_ms);
            if let Some(member) = measure
                .member
                .filter(|_| measure.kind.lasts() && !measure.lifted && !is_over)
            {
                touching.entry(member).or_default().push(no);
                ends.extend(measure.until_ms.map(|until_ms| (until_ms, no)));
            }
        }
        Self {
            data,
            open,
            touching,
            ends,
        }
    }

    /// Whether what somebody writes in a community is seen by themselves and moderators alone; `None`: whether all that they write is.
    pub(crate) fn is_quarantined(&self, no: u32, submolt: Option<u16>, now_ms: i64) -> bool {
        self.is_under(no, MeasureKind::Quarantine, submolt, now_ms)
    }

    /// Whether somebody's mind is stopped.
    pub(crate) fn is_halted(&self, no: u32, now_ms: i64) -> bool {
        self.is_under(no, MeasureKind::Halt, None, now_ms)
    }

    fn is_under(&self, no: u32, kind: MeasureKind, submolt: Option<u16>, now_ms: i64) -> bool {
        self.on(no).any(|(_, measure)| {
            measure.kind == kind && measure.counts_in(submolt) && measure.is_in_force(now_ms)
        })
    }

    /// Opens a case; closed ones make room.
    fn open_case(&mut self, case: CaseImage) -> Result<u32, Rejection> {
        if self.data.cases.len() >= CASES_MAX {
            let closed = self
                .data
                .cases
                .iter()
                .find(|(_, case)| case.state.is_closed());
            let Some(closed) = closed.map(|(&no, _)| no) else {
                return Err(Rejection::new(
                    RejectionCode::Limit,
                    format!("{CASES_MAX} reports wait for a moderator already."),
                    "Tell whoever runs this village.",
                ));
            };
            self.data.cases.remove(&closed);
        }
        let no = self.data.cases_opened;
        self.data.cases_opened += 1;
        self.open.insert(case.subject, no);
        self.data.cases.insert(no, case);
        Ok(no)
    }

    /// Writes a measure down; those that are over make room.
    fn enter(&mut self, measure: MeasureImage, now_ms: i64) -> u32 {
        if self.data.measures.len() >= MEASURES_MAX {
            let over = |measure: &&MeasureImage| !measure.is_in_force(now_ms);
            let over = self.data.measures.iter().find(|(_, measure)| over(measure));
            let oldest = over
                .or(self.data.measures.first_key_value())
                .map(|(&no, _)| no);
            if let Some(no) = oldest {
                self.forget(no);
                self.data.measures.remove(&no);
            }
        }
        let no = self.data.measures_taken;
        self.data.measures_taken += 1;
        if let Some(member) = measure.member.filter(|_| measure.kind.lasts()) {
            self.touching.entry(member).or_default().push(no);
            self.ends
                .extend(measure.until_ms.map(|until_ms| (until_ms, no)));
        }
        self.data.measures.insert(no, measure);
        no
    }

    /// A measure no longer touches anybody.
    fn forget(&mut self, no: u32) {
        let Some(member) = self
            .data
            .measures
            .get(&no)
            .and_then(|measure| measure.member)
        else {
            return;
        };
        self.ends.retain(|&(_, other)| other != no);
        if let Some(list) = self.touching.get_mut(&member) {
            list.retain(|&other| other != no);
            if list.is_empty() {
                self.touching.remove(&member);
            }
        }
    }

    /// Measures that last and touch a member, with their numbers.
    fn on(&self, member: u32) -> impl Iterator<Item = (u32, &MeasureImage)> {
        let numbers = self.touching.get(&member).into_iter().flatten();
        numbers.filter_map(|&no| Some((no, self.data.measures.get(&no)?)))
    }
}

impl Town<'_, '_> {
    /// Something is asked of moderation. What is refused changes nothing.
    pub(crate) fn moderation(&mut self, command: &ModerationCommand) -> ActResult {
        match command {
            ModerationCommand::Report {
                agent,
                party,
                subject,
                reason,
            } => self.report(*agent, *party, subject, reason),
            ModerationCommand::Take(measure) => self.take_measure(measure),
            ModerationCommand::Lift {
                by,
                measure,
                reason,
            } => self.lift_measure(*by, *measure, reason),
            ModerationCommand::Work {
                by,
                case,
                step,
                note,
            } => self.work_on(*by, *case, *step, note),
            ModerationCommand::Appeal {
                agent,
                measure,
                text,
            } => self.appeal(*agent, *measure, text),
            ModerationCommand::Judge {
                by,
                measure,
                granted,
                note,
            } => self.judge(*by, *measure, *granted, note),
            ModerationCommand::SetFilters { filters } => self.set_filters(filters),
        }
    }

    fn tell_moderation(&mut self, event: ModerationEvent) {
        let event = Event::Moderation(Box::new(event));
        self.log.record(&self.clock, event);
    }

    pub(crate) fn measure_id(&self, no: u32) -> MeasureId {
        self.roster.ids.make(u64::from(no))
    }

    pub(crate) fn case_id(&self, no: u32) -> CaseId {
        self.roster.ids.make(u64::from(no))
    }

    fn moderator_no(&self, by: Moderator) -> Result<ModeratorImage, Rejection> {
        Ok(match by {
            Moderator::Village => ModeratorImage::Village,
            Moderator::Staff(account) => ModeratorImage::Staff(account),
            Moderator::Member(agent) => ModeratorImage::Member(self.member_no(agent)?),
            Moderator::Owner(account) => ModeratorImage::Owner(account),
        })
    }

    fn subject(&self, subject: SubjectImage) -> Subject {
        match subject {
            SubjectImage::Agent(no) => Subject::Agent(self.roster.agent_id(no)),
            SubjectImage::Post(no) => Subject::Post(self.roster.ids.make(u64::from(no))),
            SubjectImage::Comment(no) => Subject::Comment(self.roster.ids.make(u64::from(no))),
            SubjectImage::Message(message, author) => Subject::Message {
                message,
                author: self.roster.agent_id(author),
            },
            SubjectImage::Submolt(index) => Subject::Submolt(self.slug(index).to_owned()),
            SubjectImage::Bounty(no) => Subject::Bounty(no),
        }
    }

    fn subject_no(&self, subject: &Subject) -> Result<SubjectImage, Rejection> {
        Ok(match subject {
            Subject::Agent(agent) => SubjectImage::Agent(self.member_no(*agent)?),
            Subject::Post(post) => SubjectImage::Post(self.post_no(*post)?),
            Subject::Comment(comment) => SubjectImage::Comment(self.any_comment_no(*comment)?),
            Subject::Message { message, author } => {
                SubjectImage::Message(*message, self.known_no(*author)?)
            }
            Subject::Submolt(slug) => SubjectImage::Submolt(self.submolt_index(slug)?),
            Subject::Bounty(no) => {
                self.bounty(*no)?;
                SubjectImage::Bounty(*no)
            }
        })
    }

    /// The number of somebody who is or was a member.
    fn known_no(&self, agent: AgentId) -> Result<u32, Rejection> {
        let no = self
            .roster
            .number(agent)
            .filter(|&no| no < self.space.numbers());
        no.ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotFound,
                format!("No member with the id {agent} is known here."),
                "Take an id from a list of agents.",
            )
        })
    }

    /// Who wrote something, or is it.
    fn member_of(&self, subject: SubjectImage) -> Option<u32> {
        match subject {
            SubjectImage::Agent(no) | SubjectImage::Message(_, no) => Some(no),
            SubjectImage::Post(no) => self.board.post(no).author,
            SubjectImage::Comment(no) => Some(self.board.data.comments[no as usize].author),
            SubjectImage::Submolt(_) => None,
            SubjectImage::Bounty(no) => self.bounty(no).ok().map(|it| it.by),
        }
    }

    /// The community that something is in.
    fn submolt_of(&self, subject: SubjectImage) -> Option<u16> {
        match subject {
            SubjectImage::Agent(_) | SubjectImage::Message(..) | SubjectImage::Bounty(_) => None,
            SubjectImage::Post(no) => Some(self.board.post(no).submolt),
            SubjectImage::Comment(no) => {
                let post = self.board.data.comments[no as usize].post;
                Some(self.board.post(post).submolt)
            }
            SubjectImage::Submolt(index) => Some(index),
        }
    }

    /// Readers' pages show anew what a measure of a kind changes. Of all that is done to members a quarantine alone shows on what they wrote.
    fn show_again(&mut self, subject: SubjectImage, kind: MeasureKind) {
        match subject {
            SubjectImage::Post(no) => self.touched.post(no),
            SubjectImage::Comment(no) => self.touched.comment(no),
            SubjectImage::Agent(no) => {
                self.touched.agent(no);
                if kind == MeasureKind::Quarantine {
                    let (posts, comments) = self.board.by(no);
                    posts.iter().for_each(|&it| self.touched.post(it));
                    comments.iter().for_each(|&it| self.touched.comment(it));
                }
            }
            SubjectImage::Bounty(no) => self.touched.bounty(no),
            SubjectImage::Message(..) | SubjectImage::Submolt(_) => {}
        }
    }
}
