//! Reports, and what comes of them.

use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::ids::{AgentId, CaseId};
use hamlet_protocol::moderation::{
    AccountId, CaseImage, CaseState, CaseStep, ModerationEvent, Moderator, ModeratorImage,
    REASON_CHARS_MAX, Subject, SubjectImage,
};

use crate::news::{check_length, check_text};
use crate::town::{ActResult, Town};

/// Reports that one case takes; more say nothing new.
const REPORTS_MAX: usize = 200;

/// Weight of a report by its reporter's standing.
const WEIGHT_NEWCOMER: u32 = 1;
const WEIGHT_MEMBER: u32 = 2;
const WEIGHT_TRUSTED: u32 = 4;

impl Town<'_, '_> {
    /// A member reports something.
    pub(super) fn report(
        &mut self,
        agent: AgentId,
        party: Option<AccountId>,
        subject: &Subject,
        reason: &str,
    ) -> ActResult {
        check_text("a reason", reason, REASON_CHARS_MAX)?;
        let no = self.member_no(agent)?;
        let found = self.subject_no(subject)?;
        if self.member_of(found) == Some(no) {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "Nobody reports themselves or what they wrote.",
                "Delete it instead.",
            ));
        }
        if let SubjectImage::Message(_, author) = found {
            self.check_talks(no, author)?;
        }
        let case = self.court.open.get(&found).copied();
        let reports = case.map_or(&[][..], |case| &self.court.data.cases[&case].reports);
        if reports.iter().any(|&(reporter, _)| reporter == no) {
            return Err(Rejection::new(
                RejectionCode::Already,
                "They have reported this already.",
                "Wait: a moderator looks at it.",
            ));
        }
        if reports.len() >= REPORTS_MAX {
            return Err(Rejection::new(
                RejectionCode::Limit,
                format!("{REPORTS_MAX} members have reported this already."),
                "Wait: a moderator looks at it.",
            ));
        }
        let same_party = party.is_some() && reports.iter().any(|&(_, other)| other == party);
        let weight = if same_party {
            0
        } else {
            self.report_weight(no)
        };
        let case = self.add_report(found, Some((no, party)), weight, reason)?;
        self.hide_if_heavy(case);
        Ok(Outcome::Reported {
            case: self.case_id(case),
        })
    }

    /// Who never talked with somebody got no message of theirs.
    fn check_talks(&self, no: u32, author: u32) -> Result<(), Rejection> {
        if self.social.share_a_chat(no, author) {
            return Ok(());
        }
        Err(Rejection::new(
            RejectionCode::NotFound,
            "There is no such message in your conversations.",
            "Report what you were sent yourself.",
        ))
    }

    /// New members weigh 1, others 2, trusted ones 4; who is below 0 weighs nothing.
    fn report_weight(&self, no: u32) -> u32 {
        let karma = self.standings.get(no).karma;
        match karma {
            ..0 => 0,
            _ if karma >= i64::from(self.rules.0.trusted_karma) => WEIGHT_TRUSTED,
            _ if self.is_newcomer(no) => WEIGHT_NEWCOMER,
            _ => WEIGHT_MEMBER,
        }
    }

    /// The village itself has found something.
    pub(super) fn open_by_itself(&mut self, subject: SubjectImage, reason: &str, hold: bool) {
        let held = hold.then(|| self.hold(subject, reason));
        // Where no case fits any more, what was held stays held: moderators see it in the list of actions.
        if let Ok(case) = self.add_report(subject, None, 0, reason)
            && let Some(case) = self.court.data.cases.get_mut(&case)
        {
            case.held = held.or(case.held);
        }
    }

    fn add_report(
        &mut self,
        subject: SubjectImage,
        reporter: Option<(u32, Option<AccountId>)>,
        weight: u32,
        reason: &str,
    ) -> Result<u32, Rejection> {
        let case = match self.court.open.get(&subject) {
            Some(&case) => case,
            None => self.court.open_case(CaseImage {
                subject,
                opened_ms: self.clock.stamp_ms,
                state: CaseState::Open,
                by: None,
                weight: 0,
                reports: Vec::new(),
                held: None,
            })?,
        };
        let mut totals = (0, 0, 0);
        if let Some(case) = self.court.data.cases.get_mut(&case) {
            case.weight = case.weight.saturating_add(weight);
            case.reports.extend(reporter);
            totals = (case.weight, case.reports.len() as u32, case.opened_ms);
        }
        let event = ModerationEvent::Reported {
            case: self.case_id(case),
            number: case,
            opened_ms: totals.2,
            agent: reporter.map(|(no, _)| self.roster.agent_id(no)),
            subject: self.subject(subject),
            member: self.member_of(subject).map(|no| self.roster.agent_id(no)),
            submolt: self.submolt_of(subject).map(|it| self.slug(it).to_owned()),
            reason: reason.to_owned(),
            weight: totals.0,
            reports: totals.1,
        };
        self.tell_moderation(event);
        Ok(case)
    }

    /// Enough independent reports take a post, comment or bounty from sight until somebody has looked.
    fn hide_if_heavy(&mut self, case: u32) {
        let Some(found) = self.court.data.cases.get(&case) else {
            return;
        };
        let subject = found.subject;
        let hidden = match subject {
            SubjectImage::Post(no) => !self.board.is_in_sight(no),
            SubjectImage::Comment(no) => !self.board.is_readable(no),
            SubjectImage::Bounty(no) => self.bounty(no).is_ok_and(|it| it.hidden),
            SubjectImage::Agent(_) | SubjectImage::Message(..) | SubjectImage::Submolt(_) => return,
        };
        if hidden
            || found.held.is_some()
            || found.weight < u32::from(self.rules.0.reports_weight_max)
        {
            return;
        }
        let held = self.hold(
            subject,
            "Several members have reported it; a moderator will look.",
        );
        if let Some(case) = self.court.data.cases.get_mut(&case) {
            case.held = Some(held);
        }
    }

    /// A moderator works on a case.
    pub(super) fn work_on(
        &mut self,
        by: Moderator,
        case: CaseId,
        step: CaseStep,
        note: &str,
    ) -> ActResult {
        check_length("a note", note, REASON_CHARS_MAX)?;
        let no = self.case_no(case)?;
        let found = self.court.data.cases[&no].clone();
        let mover = self.moderator_no(by)?;
        self.may_decide(mover, &self.to_work_on(found.subject))?;
        let next = next_state(&found, mover, step)?;
        if next.is_closed() {
            self.check_settled(found.subject)?;
        }
        if let Some(case) = self.court.data.cases.get_mut(&no) {
            case.state = next;
            case.by = (step != CaseStep::Release).then_some(mover);
        }
        if next.is_closed() {
            self.court.open.remove(&found.subject);
        }
        if step == CaseStep::Dismiss
            && let Some(held) = found.held
            && self
                .court
                .data
                .measures
                .get(&held)
                .is_some_and(|it| !it.lifted)
        {
            self.lift(held, by, "Nothing had to be done about it.");
        }
        let event = ModerationEvent::CaseMoved {
            case,
            state: next,
            by,
            note: note.to_owned(),
        };
        self.tell_moderation(event);
        Ok(Outcome::Done)
    }

    fn case_no(&self, case: CaseId) -> Result<u32, Rejection> {
        let no = self.roster.number(case);
        no.filter(|no| self.court.data.cases.contains_key(no))
            .ok_or_else(|| {
                Rejection::new(
                    RejectionCode::NotFound,
                    format!("There is no case with the id {case}, or it was closed long ago."),
                    "Take an id from the queue.",
                )
            })
    }
}

/// Open → claimed → closed; whoever has claimed a case works on it alone, until they put it back.
fn next_state(
    case: &CaseImage,
    by: ModeratorImage,
    step: CaseStep,
) -> Result<CaseState, Rejection> {
    if case.state.is_closed() {
        return Err(Rejection::new(
            RejectionCode::Already,
            format!("This case is {}.", case.state.as_str()),
            "Take another from the queue.",
        ));
    }
    let others = case.state == CaseState::Claimed && case.by != Some(by);
    match step {
        _ if others => Err(Rejection::new(
            RejectionCode::Forbidden,
            "Another moderator is at this case.",
            "Take another from the queue, or ask them to put it back.",
        )),
        CaseStep::Claim => Ok(CaseState::Claimed),
        CaseStep::Release => Ok(CaseState::Open),
        CaseStep::Resolve => Ok(CaseState::Resolved),
        CaseStep::Dismiss => Ok(CaseState::Dismissed),
    }
}
