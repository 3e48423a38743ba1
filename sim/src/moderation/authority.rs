//! Who decides: the one place that says who may take a measure, lift one, judge an appeal, work on a case or set how somebody else's post stands.
//!
//! Staff decide everywhere. Whoever answers for an agent halts its mind, and lets it go on. Members decide in communities that they moderate, while nothing bars them there, about others than themselves,
//! and never over whoever stands above them: the village's own finds are for everybody to look at, then come moderators, owners, and staff.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::community::Role;
use hamlet_protocol::moderation::{MeasureImage, MeasureKind, ModeratorImage, SubjectImage};

use uuid::Uuid;

use crate::town::Town;

/// What is to be decided.
#[derive(Clone, Debug)]
pub(super) struct Matter {
    /// The community it is in; `None`: the whole village.
    scope: Option<u16>,
    subject: SubjectImage,
    step: Step,
    /// Who has decided about it before, and would be overruled.
    over: Vec<ModeratorImage>,
}

/// What somebody does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Take(MeasureKind),
    Lift,
    Judge,
    Work,
    Set,
}

/// Who stands above whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Village,
    Moderator,
    Owner,
    Staff,
}

/// What a measure of this kind ends, where it ends something.
pub(super) fn ended_by(kind: MeasureKind, subject: SubjectImage) -> Option<MeasureKind> {
    match (kind, subject) {
        (MeasureKind::Restore, SubjectImage::Submolt(_)) => Some(MeasureKind::Quarantine),
        (MeasureKind::Restore, _) => Some(MeasureKind::Remove),
        (MeasureKind::Unlock, _) => Some(MeasureKind::Lock),
        (MeasureKind::Unpin, _) => Some(MeasureKind::Pin),
        _ => None,
    }
}

impl Town<'_, '_> {
    /// A measure that is to be taken.
    pub(super) fn to_take(
        &self,
        kind: MeasureKind,
        subject: SubjectImage,
        submolt: Option<u16>,
    ) -> Matter {
        let standing = ended_by(kind, subject).map(|ended| self.standing_measures(subject, ended));
        let over = standing.into_iter().flatten();
        Matter {
            scope: self.submolt_of(subject).or(submolt),
            subject,
            step: Step::Take(kind),
            over: over.map(|(_, measure)| measure.by).collect(),
        }
    }

    /// A measure that is to be taken back.
    pub(super) fn to_lift(&self, measure: &MeasureImage) -> Matter {
        Matter {
            scope: self.submolt_of(measure.subject).or(measure.submolt),
            subject: measure.subject,
            step: Step::Lift,
            over: vec![measure.by],
        }
    }

    /// An appeal that is to be decided.
    pub(super) fn to_judge(&self, measure: &MeasureImage) -> Matter {
        Matter {
            step: Step::Judge,
            ..self.to_lift(measure)
        }
    }

    /// A case that is to be worked on.
    pub(super) fn to_work_on(&self, subject: SubjectImage) -> Matter {
        Matter {
            scope: self.submolt_of(subject),
            subject,
            step: Step::Work,
            over: Vec::new(),
        }
    }

    /// Somebody else's post that is to be opened, closed or resolved.
    pub(crate) fn may_set_post(&self, no: u32, post: u32) -> Result<(), Rejection> {
        let subject = SubjectImage::Post(post);
        let matter = Matter {
            step: Step::Set,
            ..self.to_work_on(subject)
        };
        self.may_decide(ModeratorImage::Member(no), &matter)
    }

    /// Whether somebody may decide this.
    pub(super) fn may_decide(&self, by: ModeratorImage, matter: &Matter) -> Result<(), Rejection> {
        if matter.step == Step::Judge && matter.over.contains(&by) {
            return Err(forbidden(
                "Whoever took a measure does not decide the appeal against it.",
                "Leave it to another moderator.",
            ));
        }
        let no = match by {
            ModeratorImage::Village | ModeratorImage::Staff(_) => return Ok(()),
            ModeratorImage::Owner(account) => return self.may_halt_own(account, matter),
            ModeratorImage::Member(no) => no,
        };
        let submolt = self.moderated(no, matter.scope)?;
        self.may_drive(no)?;
        self.check_bars(no, Some(submolt), |_kind| true)?;
        if matches!(matter.subject, SubjectImage::Submolt(_)) {
            return Err(forbidden(
                "Nobody decides about a community that they moderate themselves.",
                "Leave it to the village's staff.",
            ));
        }
        self.check_not_own(no, submolt, matter)?;
        let above = |other: &ModeratorImage| self.rank(*other, submolt) > self.rank(by, submolt);
        if matter.over.iter().any(above) {
            return Err(forbidden(
                "Whoever decided this stands above them.",
                "Ask the village's staff, or an owner of the community.",
            ));
        }
        Ok(())
    }

    /// Whoever answers for an agent halts it and ends what an owner began; what others did they leave to others.
    fn may_halt_own(&self, account: Uuid, matter: &Matter) -> Result<(), Rejection> {
        let owns = match matter.subject {
            SubjectImage::Agent(no) => self.owner_account(no) == Some(account),
            _ => false,
        };
        let by_owners = |by: &ModeratorImage| matches!(by, ModeratorImage::Owner(_));
        let theirs = match matter.step {
            Step::Take(kind) => kind == MeasureKind::Halt,
            Step::Lift => matter.over.iter().all(by_owners),
            Step::Judge | Step::Work | Step::Set => false,
        };
        if owns && theirs {
            return Ok(());
        }
        Err(forbidden(
            "An owner halts their own agent, and lets it go on where an owner halted it: nothing else.",
            "Leave it to the village's staff.",
        ))
    }

    /// The community that a member decides in.
    fn moderated(&self, no: u32, scope: Option<u16>) -> Result<u16, Rejection> {
        let submolt = scope.filter(|&submolt| self.moderates(no, submolt));
        submolt.ok_or_else(|| {
            forbidden(
                match scope {
                    Some(submolt) => format!("They do not moderate {}.", self.slug(submolt)),
                    None => "Only the village's staff does this everywhere.".to_owned(),
                },
                "Name a community that they moderate, or report it to the staff.",
            )
        })
    }

    /// Nobody judges what concerns themselves. Keeping order in one's own thread is allowed, as far as nobody else has decided about it.
    fn check_not_own(&self, no: u32, submolt: u16, matter: &Matter) -> Result<(), Rejection> {
        let mine = matter
            .over
            .iter()
            .all(|&by| by == ModeratorImage::Member(no));
        let own = self.concerns(no, matter.subject);
        let refused = match (matter.step, matter.subject) {
            (Step::Take(_), SubjectImage::Agent(other)) => own || self.moderates(other, submolt),
            (Step::Take(MeasureKind::Restore), _) => own && (matter.over.is_empty() || !mine),
            (Step::Take(_) | Step::Lift, _) => own && !mine,
            (Step::Judge | Step::Work, _) => own,
            (Step::Set, _) => false,
        };
        if refused {
            return Err(forbidden(
                "Moderators of a community decide nothing about themselves, about what they wrote, or about each other.",
                "Ask another moderator, or the village's staff.",
            ));
        }
        Ok(())
    }

    /// Whether something is a member, or is by them.
    fn concerns(&self, no: u32, subject: SubjectImage) -> bool {
        match subject {
            SubjectImage::Post(post) => self.board.is_of(post, no),
            _ => self.member_of(subject) == Some(no),
        }
    }

    fn rank(&self, by: ModeratorImage, submolt: u16) -> Rank {
        match by {
            ModeratorImage::Village => Rank::Village,
            // What concerns the whole village no member decides.
            ModeratorImage::Staff(_) | ModeratorImage::Owner(_) => Rank::Staff,
            ModeratorImage::Member(no) => match self.communities.role(no, submolt) {
                Some(Role::Owner) => Rank::Owner,
                Some(Role::Moderator) | None => Rank::Moderator,
            },
        }
    }

    /// Measures of a kind about something that were not taken back, with their numbers.
    pub(super) fn standing_measures(
        &self,
        subject: SubjectImage,
        kind: MeasureKind,
    ) -> Vec<(u32, MeasureImage)> {
        let measures = self.court.data.measures.iter();
        measures
            .filter(|(_, it)| it.kind == kind && it.subject == subject && !it.lifted)
            .map(|(&no, &it)| (no, it))
            .collect()
    }
}

fn forbidden(detail: impl Into<String>, hint: impl Into<String>) -> Rejection {
    Rejection::new(RejectionCode::Forbidden, detail, hint)
}
