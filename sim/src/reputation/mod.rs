//! Reputation beside karma: contributions that peers verify, and words that members give for one another.
//!
//! What is kept are the deeds alone; what they come to is computed from them by [`explain`], so that no counter can be wrong.

mod count;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::event::Event;
use hamlet_protocol::reputation::{
    AcceptedImage, ContributionImage, ContributionKind, Deed, ProjectImage, ReputationAct,
    ReputationImage, VouchImage,
};

pub use count::{BountyCredit, Counted, Credit, CreditState, Explained, explain};

use crate::news::check_text;
use crate::town::{ActResult, Town};

/// Characters of a project's title.
const TITLE_CHARS_MAX: u32 = 100;
/// Characters of what a project is about, and of a contribution's note.
const NOTE_CHARS_MAX: u32 = 1_000;
/// Projects that one member may start.
const PROJECTS_PER_MEMBER_MAX: usize = 20;
/// Contributions of a project.
const CONTRIBUTIONS_MAX: usize = 100;
/// Contributions of one member to one project.
const CONTRIBUTIONS_PER_MEMBER_MAX: usize = 10;
/// Members who may confirm one contribution.
const VERIFIERS_MAX: usize = 20;
/// Karma from which on one may confirm what others did.
const VERIFIER_KARMA_MIN: i64 = 1;
/// Words that one member may give.
const VOUCHES_PER_MEMBER_MAX: usize = 50;
/// Letters, digits and hyphens of what a word is given for.
const SUBJECT_CHARS_MAX: usize = 32;

/// All deeds. Shared with views, and copied when something is added after one was made; the copy is of pointers.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Reputation(pub(crate) Arc<ReputationImage>);

impl Town<'_, '_> {
    /// A member does something for a reputation.
    pub(crate) fn reputation_act(&mut self, no: u32, act: &ReputationAct) -> ActResult {
        match act {
            ReputationAct::Start { title, about } => self.start_project(no, title, about),
            ReputationAct::Contribute {
                project,
                kind,
                note,
            } => self.contribute(no, *project, *kind, note),
            ReputationAct::Verify {
                project,
                contribution,
            } => self.verify(no, *project, *contribution),
            ReputationAct::Vouch { whom, subject, on } => {
                let whom = self.member_no(*whom)?;
                self.vouch(no, whom, subject, *on)
            }
        }
    }

    fn start_project(&mut self, no: u32, title: &str, about: &str) -> ActResult {
        check_text("a title", title, TITLE_CHARS_MAX)?;
        if title.chars().any(char::is_control) {
            return Err(invalid(
                "A title is one line.",
                "Leave control characters out.",
            ));
        }
        if !about.is_empty() {
            check_text("a description", about, NOTE_CHARS_MAX)?;
        }
        let projects = &self.reputation.0.projects;
        let own = projects.iter().filter(|project| project.owner == no);
        if own.count() >= PROJECTS_PER_MEMBER_MAX {
            return Err(limit(format!(
                "A member starts at most {PROJECTS_PER_MEMBER_MAX} projects."
            )));
        }
        let project = projects.len() as u32;
        let created_ms = self.clock.stamp_ms;
        self.book().projects.push(Arc::new(ProjectImage {
            owner: no,
            title: title.to_owned(),
            about: about.to_owned(),
            created_ms,
            contributions: Vec::new(),
        }));
        let deed = Deed::Started {
            project,
            title: title.to_owned(),
            about: about.to_owned(),
        };
        Ok(self.record_deed(no, deed, project))
    }

    fn contribute(
        &mut self,
        no: u32,
        project: u32,
        kind: ContributionKind,
        note: &str,
    ) -> ActResult {
        check_text("a note", note, NOTE_CHARS_MAX)?;
        let found = self.project(project)?;
        let contributions = &found.contributions;
        if contributions.iter().any(|it| it.verifiers.contains(&no)) {
            return Err(forbidden(
                "You have confirmed a contribution to this project, and so can't be one of its authors.",
                "Contribute to another project.",
            ));
        }
        let own = contributions.iter().filter(|it| it.by == no).count();
        if contributions.len() >= CONTRIBUTIONS_MAX || own >= CONTRIBUTIONS_PER_MEMBER_MAX {
            return Err(limit(format!(
                "A project has at most {CONTRIBUTIONS_MAX} contributions, {CONTRIBUTIONS_PER_MEMBER_MAX} of one member."
            )));
        }
        let contribution = contributions.len() as u32;
        let created_ms = self.clock.stamp_ms;
        self.project_mut(project, |project| {
            project.contributions.push(ContributionImage {
                by: no,
                kind,
                note: note.to_owned(),
                created_ms,
                verifiers: Vec::new(),
            });
        });
        let deed = Deed::Contributed {
            project,
            contribution,
            kind,
            note: note.to_owned(),
        };
        Ok(self.record_deed(no, deed, contribution))
    }

    fn verify(&mut self, no: u32, project: u32, contribution: u32) -> ActResult {
        let found = self.project(project)?;
        let Some(wanted) = found.contributions.get(contribution as usize) else {
            return Err(Rejection::new(
                RejectionCode::NotFound,
                format!("Project {project} has no contribution {contribution}."),
                "Take its number from the project.",
            ));
        };
        if found.owner == no || found.contributions.iter().any(|it| it.by == no) {
            return Err(forbidden(
                "Authors of a project can't confirm contributions to it.",
                "Ask a peer who has no part in it.",
            ));
        }
        if wanted.verifiers.contains(&no) {
            return Ok(Outcome::Recorded { no: contribution });
        }
        if wanted.verifiers.len() >= VERIFIERS_MAX {
            return Err(limit(format!(
                "A contribution is confirmed by at most {VERIFIERS_MAX} members."
            )));
        }
        if self.standings.get(no).karma < VERIFIER_KARMA_MIN {
            return Err(forbidden(
                "Only who has some karma can confirm what others did.",
                "Write something that others vote for first.",
            ));
        }
        self.project_mut(project, |project| {
            let found = project.contributions.get_mut(contribution as usize);
            found.into_iter().for_each(|found| found.verifiers.push(no));
        });
        let deed = Deed::Verified {
            project,
            contribution,
        };
        Ok(self.record_deed(no, deed, contribution))
    }

    fn vouch(&mut self, no: u32, whom: u32, subject: &str, on: bool) -> ActResult {
        if no == whom {
            return Err(invalid(
                "Nobody vouches for themselves.",
                "Choose somebody else.",
            ));
        }
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=SUBJECT_CHARS_MAX).contains(&subject.len()) || !subject.chars().all(fits) {
            return Err(invalid(
                format!(
                    "What a word is given for has 1 to {SUBJECT_CHARS_MAX} lower-case letters, digits and hyphens."
                ),
                "Write it like `honesty` or `rust`.",
            ));
        }
        let vouches = &self.reputation.0.vouches;
        let place =
            vouches.binary_search_by(|it| (it.by, it.whom, &*it.subject).cmp(&(no, whom, subject)));
        match (place, on) {
            (Ok(_), true) | (Err(_), false) => return Ok(Outcome::Done),
            (Ok(at), false) => drop(self.book().vouches.remove(at)),
            (Err(at), true) => {
                if count::given(vouches, no).len() >= VOUCHES_PER_MEMBER_MAX {
                    return Err(limit(format!(
                        "A member vouches at most {VOUCHES_PER_MEMBER_MAX} times: a word for everybody says nothing."
                    )));
                }
                let at_ms = self.clock.stamp_ms;
                let vouch = VouchImage {
                    by: no,
                    whom,
                    subject: subject.into(),
                    at_ms,
                };
                self.book().vouches.insert(at, vouch);
            }
        }
        let deed = Deed::Vouched {
            whom: self.roster.agent_id(whom),
            subject: subject.to_owned(),
            on,
        };
        self.record_deed(no, deed, 0);
        Ok(Outcome::Done)
    }

    /// Work for a bounty was accepted: each who had part in it is credited. Shares are numbers, thousandths and whether they agreed.
    pub(crate) fn credit_bounty(&mut self, bounty: u32, by: u32, shares: &[(u32, u16, bool)]) {
        let at_ms = self.clock.stamp_ms;
        let parts = shares.iter().map(|&(whom, permille, _)| AcceptedImage {
            bounty,
            by,
            whom,
            permille,
            at_ms,
        });
        self.book().accepted.extend(parts);
    }

    /// The deeds, to add to; the next view shows them.
    fn book(&mut self) -> &mut ReputationImage {
        self.touched.town = true;
        Arc::make_mut(&mut self.reputation.0)
    }

    fn project(&self, project: u32) -> Result<&ProjectImage, Rejection> {
        let found = self.reputation.0.projects.get(project as usize);
        found.map(AsRef::as_ref).ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotFound,
                format!("There is no project {project}."),
                "Take a project's number from the list.",
            )
        })
    }

    fn project_mut(&mut self, project: u32, change: impl FnOnce(&mut ProjectImage)) {
        if let Some(found) = self.book().projects.get_mut(project as usize) {
            change(Arc::make_mut(found));
        }
    }

    fn record_deed(&mut self, no: u32, deed: Deed, number: u32) -> Outcome {
        let agent = self.roster.agent_id(no);
        let event = Event::Reputation {
            agent,
            deed: Box::new(deed),
        };
        self.log.record(&self.clock, event);
        Outcome::Recorded { no: number }
    }
}

fn invalid(detail: impl Into<String>, hint: &str) -> Rejection {
    Rejection::new(RejectionCode::Invalid, detail, hint)
}

fn forbidden(detail: &str, hint: &str) -> Rejection {
    Rejection::new(RejectionCode::Forbidden, detail, hint)
}

fn limit(detail: String) -> Rejection {
    Rejection::new(RejectionCode::Limit, detail, "Nothing more fits.")
}
