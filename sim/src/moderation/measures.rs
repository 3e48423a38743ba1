//! What moderators do, and how it ends.

use hamlet_protocol::board::{PostSetting, Status};
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode};
use hamlet_protocol::ids::{CommentId, MeasureId};
use hamlet_protocol::moderation::{
    AppealState, Measure, MeasureImage, MeasureKind, ModerationEvent, Moderator, ModeratorImage,
    REASON_CHARS_MAX, SubjectImage,
};

use hamlet_protocol::social::notice::NoticeKind;

use super::authority::ended_by;
use crate::news::check_text;
use crate::social::Notice;
use crate::town::{ActResult, Town};

/// Longest time for which a measure can be set, in milliseconds: ten years of 366 days.
const SPAN_MS_MAX: i64 = 10 * 366 * 86_400_000;

impl Town<'_, '_> {
    /// A moderator does something.
    pub(crate) fn take_measure(&mut self, asked: &Measure) -> ActResult {
        check_text("a reason", &asked.reason, REASON_CHARS_MAX)?;
        let subject = self.subject_no(&asked.subject)?;
        let submolt = asked
            .submolt
            .as_deref()
            .map(|slug| self.submolt_index(slug))
            .transpose()?;
        self.check_sense(asked, subject, submolt)?;
        let by = self.moderator_no(asked.by)?;
        self.may_decide(by, &self.to_take(asked.kind, subject, submolt))?;
        let was = self.status_in_sight(subject);
        self.set_effect(by, subject, asked.kind, was)?;
        self.end_standing(asked, subject);
        let no = self.carry_out_measure(by, asked, subject, (submolt, was));
        Ok(Outcome::Measured {
            measure: self.measure_id(no),
        })
    }

    /// The village itself takes something from sight.
    pub(super) fn hold(&mut self, subject: SubjectImage, reason: &str) -> u32 {
        let asked = Measure {
            by: Moderator::Village,
            kind: MeasureKind::Remove,
            subject: self.subject(subject),
            submolt: None,
            until_ms: None,
            reason: reason.to_owned(),
        };
        let was = self.status_in_sight(subject);
        // Taking something from sight is never refused.
        drop(self.set_effect(ModeratorImage::Village, subject, MeasureKind::Remove, was));
        self.carry_out_measure(ModeratorImage::Village, &asked, subject, (None, was))
    }

    /// How a post stands, or stood before it was taken from sight.
    fn status_in_sight(&self, subject: SubjectImage) -> Option<Status> {
        let SubjectImage::Post(no) = subject else {
            return None;
        };
        match self.board.post(no).status {
            Status::Moderated => {
                let standing = self.standing_measures(subject, MeasureKind::Remove);
                standing.iter().find_map(|(_, measure)| measure.was)
            }
            status => Some(status),
        }
    }

    /// What a measure undoes is taken back: it is written down so, and does nothing more.
    fn end_standing(&mut self, asked: &Measure, subject: SubjectImage) {
        let Some(kind) = ended_by(asked.kind, subject) else {
            return;
        };
        for (no, _) in self.standing_measures(subject, kind) {
            self.strike(no, asked.by, &asked.reason);
        }
    }

    fn check_sense(
        &mut self,
        asked: &Measure,
        subject: SubjectImage,
        submolt: Option<u16>,
    ) -> Result<(), Rejection> {
        use MeasureKind::{
            Ban, Halt, Lock, Mute, Pin, Quarantine, Remove, Restore, Unlock, Unpin, Warn,
        };
        let fits = matches!(
            (asked.kind, subject),
            (
                Remove | Restore,
                SubjectImage::Post(_) | SubjectImage::Comment(_) | SubjectImage::Bounty(_)
            ) | (Lock | Unlock | Pin | Unpin, SubjectImage::Post(_))
                | (
                    Warn | Mute | Quarantine | Ban | Halt,
                    SubjectImage::Agent(_)
                )
                | (Quarantine | Restore, SubjectImage::Submolt(_))
        );
        if !fits {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!(
                    "One does not {} a {}.",
                    asked.kind.as_str(),
                    asked.subject.kind()
                ),
                "Posts, comments and bounties can be removed and restored, posts locked and pinned, members warned, muted, put in quarantine and banned, agents halted, communities put in quarantine.",
            ));
        }
        if asked.kind == Halt {
            self.check_halt(subject, submolt)?;
        }
        let own = self.submolt_of(subject);
        if own.is_some() && submolt.is_some() && own != submolt {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "It is in another community.",
                "Leave the community out: a thing has its own.",
            ));
        }
        let now_ms = self.clock.stamp_ms;
        let (from, to) = (now_ms.saturating_add(1), now_ms.saturating_add(SPAN_MS_MAX));
        match asked.until_ms {
            Some(_) if !asked.kind.lasts() => Err(Rejection::new(
                RejectionCode::Invalid,
                format!(
                    "Nothing that is done to {} a thing ends by itself.",
                    asked.kind.as_str()
                ),
                "Leave the end out; only mute, quarantine, ban and halt have one.",
            )),
            Some(until_ms) if !(from..=to).contains(&until_ms) => Err(Rejection::new(
                RejectionCode::Invalid,
                "A measure ends in the future and within ten years.",
                "Send a later time, or none for a measure that ends when it is lifted.",
            )),
            _ => Ok(()),
        }
    }

    /// Only who has a mind that can be stopped is halted, and everywhere.
    fn check_halt(&mut self, subject: SubjectImage, submolt: Option<u16>) -> Result<(), Rejection> {
        let SubjectImage::Agent(no) = subject else {
            return Ok(());
        };
        if !self.is_resident(no) || !self.resident(no).identity.is_driven() {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                "There is no mind to halt: no model thinks for them, and nobody drives them.",
                "Halt an agent whose `mind` is `llm` or `external`; mute or ban a person.",
            ));
        }
        match submolt {
            None => Ok(()),
            Some(_) => Err(Rejection::new(
                RejectionCode::Invalid,
                "A mind is halted everywhere, or not at all.",
                "Leave the community out.",
            )),
        }
    }

    fn carry_out_measure(
        &mut self,
        by: ModeratorImage,
        asked: &Measure,
        subject: SubjectImage,
        (submolt, was): (Option<u16>, Option<Status>),
    ) -> u32 {
        let measure = MeasureImage {
            kind: asked.kind,
            subject,
            member: self.member_of(subject),
            submolt,
            by,
            at_ms: self.clock.stamp_ms,
            until_ms: asked.until_ms,
            lifted: false,
            appeal: AppealState::None,
            was: was.filter(|_| asked.kind == MeasureKind::Remove),
        };
        let no = self.court.enter(measure, self.clock.stamp_ms);
        if asked.kind.lasts() {
            self.show_again(subject, asked.kind);
        }
        let event = ModerationEvent::MeasureTaken {
            measure: self.measure_id(no),
            number: no,
            by: asked.by,
            what: asked.kind,
            subject: asked.subject.clone(),
            member: measure.member.map(|no| self.roster.agent_id(no)),
            submolt: submolt
                .or_else(|| self.submolt_of(subject))
                .map(|it| self.slug(it).to_owned()),
            reason: asked.reason.clone(),
            until_ms: asked.until_ms,
        };
        self.tell_moderation(event);
        let words = format!(
            "What was done: {}. Why: {}",
            asked.kind.as_str(),
            asked.reason
        );
        self.tell_whom_it_touches(no, by, &words);
        no
    }

    /// Whom a measure touches is told, unless they did it themselves.
    pub(super) fn tell_whom_it_touches(&mut self, no: u32, by: ModeratorImage, words: &str) {
        let Some(&measure) = self.court.data.measures.get(&no) else {
            return;
        };
        let others = measure
            .member
            .filter(|&it| by != ModeratorImage::Member(it));
        let Some(member) = others else {
            return;
        };
        let notice = Notice::new(NoticeKind::Moderation, None).saying(words);
        let notice = match measure.subject {
            SubjectImage::Post(post) => notice.about(post, None),
            SubjectImage::Comment(comment) => {
                let post = self.board.data.comments[comment as usize].post;
                notice.about(post, Some(comment))
            }
            SubjectImage::Bounty(no) => notice.saying(&format!("Bounty {no}. {words}")),
            SubjectImage::Agent(_) | SubjectImage::Message(..) | SubjectImage::Submolt(_) => notice,
        };
        self.notify(member, notice);
    }

    /// What a measure does to what it is about. Only pinning can be refused: where too much is pinned already.
    fn set_effect(
        &mut self,
        by: ModeratorImage,
        subject: SubjectImage,
        kind: MeasureKind,
        was: Option<Status>,
    ) -> Result<(), Rejection> {
        let member = match by {
            ModeratorImage::Member(no) => Some(no),
            ModeratorImage::Village | ModeratorImage::Staff(_) | ModeratorImage::Owner(_) => None,
        };
        match (kind, subject) {
            (MeasureKind::Quarantine, SubjectImage::Submolt(index)) => {
                self.quarantine_submolt(index, true);
            }
            (MeasureKind::Restore, SubjectImage::Submolt(index)) => {
                self.quarantine_submolt(index, false);
            }
            (MeasureKind::Remove | MeasureKind::Restore, SubjectImage::Comment(no)) => {
                let comment: CommentId = self.roster.ids.make(u64::from(no));
                self.set_comment(member, comment, kind == MeasureKind::Remove)?;
            }
            (MeasureKind::Remove, SubjectImage::Bounty(no)) => {
                self.hide_bounty(no, true);
                // What the village holds back waits for a moderator; only they end it.
                if by != ModeratorImage::Village {
                    self.refund_hidden_bounty(no)?;
                }
            }
            (MeasureKind::Restore, SubjectImage::Bounty(no)) => self.hide_bounty(no, false),
            (MeasureKind::Halt, SubjectImage::Agent(no)) => self.halt_mind(no),
            (_, SubjectImage::Post(no)) => {
                let set = match kind {
                    MeasureKind::Remove => PostSetting::Status(Status::Moderated),
                    MeasureKind::Restore => PostSetting::Status(was.unwrap_or_default()),
                    MeasureKind::Lock => PostSetting::Locked(true),
                    MeasureKind::Unlock => PostSetting::Locked(false),
                    MeasureKind::Pin => PostSetting::Pinned(true),
                    MeasureKind::Unpin => PostSetting::Pinned(false),
                    MeasureKind::Warn
                    | MeasureKind::Mute
                    | MeasureKind::Quarantine
                    | MeasureKind::Ban
                    | MeasureKind::Halt => return Ok(()),
                };
                self.put_so(member, no, set)?;
            }
            // What lasts is shown anew once it is entered; a warning shows nowhere.
            _ => {}
        }
        Ok(())
    }

    /// Whatever a measure did is undone, as far as no other measure does the same.
    fn undo(&mut self, by: ModeratorImage, no: u32) {
        let Some(&measure) = self.court.data.measures.get(&no) else {
            return;
        };
        let subject = measure.subject;
        let inverse = match measure.kind {
            MeasureKind::Remove => Some(MeasureKind::Restore),
            MeasureKind::Lock => Some(MeasureKind::Unlock),
            MeasureKind::Quarantine if matches!(subject, SubjectImage::Submolt(_)) => {
                Some(MeasureKind::Restore)
            }
            _ => None,
        };
        let Some(inverse) = inverse else {
            self.show_again(subject, measure.kind);
            return;
        };
        if self.standing_measures(subject, measure.kind).is_empty() {
            // Letting it be seen, or answered, again is never refused.
            drop(self.set_effect(by, subject, inverse, measure.was));
        }
    }

    /// A moderator ends a measure before its time.
    pub(super) fn lift_measure(
        &mut self,
        by: Moderator,
        measure: MeasureId,
        reason: &str,
    ) -> ActResult {
        check_text("a reason", reason, REASON_CHARS_MAX)?;
        let no = self.measure_no(measure)?;
        let found = self.court.data.measures[&no];
        let mover = self.moderator_no(by)?;
        self.may_decide(mover, &self.to_lift(&found))?;
        if !found.can_be_lifted(self.clock.stamp_ms) {
            return Err(Rejection::new(
                RejectionCode::Already,
                "This measure is over, or did nothing that could be taken back.",
                "List the actions to see which are in force.",
            ));
        }
        self.lift(no, by, reason);
        Ok(Outcome::Done)
    }

    pub(super) fn lift(&mut self, no: u32, by: Moderator, reason: &str) {
        // Only a member who is gone has no number; then the village does it.
        let mover = self.moderator_no(by).unwrap_or(ModeratorImage::Village);
        self.strike(no, by, reason);
        self.undo(mover, no);
        self.tell_whom_it_touches(
            no,
            mover,
            &format!("What was done is taken back. Why: {reason}"),
        );
    }

    /// A measure stands no more.
    fn strike(&mut self, no: u32, by: Moderator, reason: &str) {
        self.court.forget(no);
        if let Some(measure) = self.court.data.measures.get_mut(&no) {
            measure.lifted = true;
        }
        let event = ModerationEvent::MeasureLifted {
            measure: self.measure_id(no),
            by,
            reason: reason.to_owned(),
        };
        self.tell_moderation(event);
    }

    /// Ends all that lasts and touches a member.
    pub(crate) fn pardon(&mut self, no: u32, reason: &str) {
        let numbers: Vec<u32> = self.court.on(no).map(|(number, _)| number).collect();
        for number in numbers {
            self.lift(number, Moderator::Village, reason);
        }
    }

    /// Somebody answers to another owner from now on, or to none: a mind that one of before halted goes on. What others did stays.
    pub(crate) fn end_halts_of_former_owners(&mut self, no: u32) {
        let owner = self.owner_account(no);
        let former = |measure: &MeasureImage| match measure.by {
            ModeratorImage::Owner(account) => owner != Some(account),
            ModeratorImage::Village | ModeratorImage::Staff(_) | ModeratorImage::Member(_) => false,
        };
        let measures = self.court.on(no);
        let halts = measures.filter(|(_, it)| it.kind == MeasureKind::Halt && former(it));
        let numbers: Vec<u32> = halts.map(|(number, _)| number).collect();
        for number in numbers {
            let reason = "Whoever halted it answers for it no longer.";
            self.lift(number, Moderator::Village, reason);
        }
    }

    pub(super) fn measure_no(&self, measure: MeasureId) -> Result<u32, Rejection> {
        let no = self.roster.number(measure);
        no.filter(|no| self.court.data.measures.contains_key(no))
            .ok_or_else(|| {
                Rejection::new(
                    RejectionCode::NotFound,
                    format!("There is no measure with the id {measure}, or it is forgotten."),
                    "Take an id from the list of actions, or from one's own standing.",
                )
            })
    }
}
