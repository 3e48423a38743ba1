//! Who decides about whom: a table.

use hamlet_protocol::board::{PostSetting, Status};
use hamlet_protocol::community::{CommunityAct, Role, SubmoltSettings};

use super::*;

/// A community with its owner, two moderators and a member whose post stands in it.
pub(super) struct Yard {
    pub(super) court: Court,
    owner: AgentId,
    keeper: AgentId,
    other: AgentId,
    pub(super) ada: AgentId,
    pub(super) post: PostId,
}

pub(super) const YARD: &str = "yard";

impl Yard {
    pub(super) fn new() -> Self {
        let mut court = Court::new();
        let names = ["owner", "keeper", "other", "ada"];
        let [owner, keeper, other, ada] = names.map(|name| court.person(name));
        let create = CommunityAct::Create {
            slug: YARD.to_owned(),
            settings: Box::new(SubmoltSettings::default()),
        };
        court
            .act(owner, Act::Community(Box::new(create)))
            .expect("allowed");
        for agent in [keeper, other] {
            let name = CommunityAct::SetModerator {
                submolt: YARD.to_owned(),
                agent,
                role: Some(Role::Moderator),
            };
            court
                .act(owner, Act::Community(Box::new(name)))
                .expect("an owner may");
        }
        let post = post_in(&mut court, ada, YARD);
        Self {
            court,
            owner,
            keeper,
            other,
            ada,
            post,
        }
    }

    fn owner(&self) -> Moderator {
        Moderator::Member(self.owner)
    }

    pub(super) fn keeper(&self) -> Moderator {
        Moderator::Member(self.keeper)
    }

    /// A measure, which is allowed.
    pub(super) fn took(&mut self, by: Moderator, kind: MeasureKind, subject: Subject) -> MeasureId {
        match self.court.moderate(self.take(by, kind, subject)) {
            Ok(Outcome::Measured { measure }) => measure,
            other => panic!("{by:?} {kind:?}: {other:?}"),
        }
    }

    /// A measure; to members in the yard alone.
    fn take(&self, by: Moderator, kind: MeasureKind, subject: Subject) -> ModerationCommand {
        let submolt = matches!(subject, Subject::Agent(_)).then(|| YARD.to_owned());
        ModerationCommand::Take(Measure {
            by,
            kind,
            subject,
            submolt,
            until_ms: None,
            reason: "It must not be.".to_owned(),
        })
    }

    /// A member is muted in the yard, and appeals.
    fn appealed(&mut self, by: Moderator, whom: AgentId) -> MeasureId {
        let mute = self.took(by, MeasureKind::Mute, Subject::Agent(whom));
        self.court.appeal(whom, mute).expect("they may");
        mute
    }

    fn case(&mut self, subject: Subject) -> CaseId {
        let reporter = self.court.person("reporter");
        self.court.report(reporter, None, subject).expect("allowed")
    }

    fn yard(&self) -> Subject {
        Subject::Submolt(YARD.to_owned())
    }

    fn thing(&self) -> Subject {
        Subject::Post(self.post)
    }

    fn status(&self, post: PostId) -> Status {
        let no = self.court.stage.number(post) as usize;
        self.court.stage.state().board.posts[no].status
    }
}

pub(super) fn post_in(court: &mut Court, by: AgentId, submolt: &str) -> PostId {
    let act = Act::Post {
        submolt: submolt.to_owned(),
        title: "Hello".to_owned(),
        text: String::new(),
    };
    match court.act(by, act) {
        Ok(Outcome::Posted { post }) => post,
        other => panic!("{other:?}"),
    }
}

fn lift(by: Moderator, measure: MeasureId) -> ModerationCommand {
    ModerationCommand::Lift {
        by,
        measure,
        reason: "Enough.".to_owned(),
    }
}

fn judge(by: Moderator, measure: MeasureId) -> ModerationCommand {
    ModerationCommand::Judge {
        by,
        measure,
        granted: true,
        note: String::new(),
    }
}

fn dismiss(by: Moderator, case: CaseId) -> ModerationCommand {
    ModerationCommand::Work {
        by,
        case,
        step: CaseStep::Dismiss,
        note: String::new(),
    }
}

/// What somebody tries, in a yard that was made ready for it.
type Attempt = fn(&mut Yard) -> ModerationCommand;

const ALLOWED: Option<RejectionCode> = None;
const FORBIDDEN: Option<RejectionCode> = Some(RejectionCode::Forbidden);
const BARRED: Option<RejectionCode> = Some(RejectionCode::Barred);

#[test]
fn who_decides_about_whom() {
    use MeasureKind::{Ban, Lock, Mute, Pin, Quarantine, Remove, Restore, Unlock};
    let table: &[(&str, Attempt, Option<RejectionCode>)] = &[
        // Communities are for staff.
        (
            "an owner closes their community",
            |it| it.take(it.owner(), Quarantine, it.yard()),
            FORBIDDEN,
        ),
        (
            "an owner opens what staff closed",
            |it| {
                it.took(staff(1), Quarantine, it.yard());
                it.take(it.owner(), Restore, it.yard())
            },
            FORBIDDEN,
        ),
        (
            "staff open what staff closed",
            |it| {
                it.took(staff(1), Quarantine, it.yard());
                it.take(staff(2), Restore, it.yard())
            },
            ALLOWED,
        ),
        (
            "an owner dismisses a report of their community",
            |it| {
                let case = it.case(it.yard());
                dismiss(it.owner(), case)
            },
            FORBIDDEN,
        ),
        // Nobody above is overruled.
        (
            "an owner lifts what staff took",
            |it| {
                let mute = it.took(staff(1), Mute, Subject::Agent(it.ada));
                lift(it.owner(), mute)
            },
            FORBIDDEN,
        ),
        (
            "a moderator lifts what an owner took",
            |it| {
                let mute = it.took(it.owner(), Mute, Subject::Agent(it.ada));
                lift(it.keeper(), mute)
            },
            FORBIDDEN,
        ),
        (
            "an owner lifts what a moderator took",
            |it| {
                let mute = it.took(it.keeper(), Mute, Subject::Agent(it.ada));
                lift(it.owner(), mute)
            },
            ALLOWED,
        ),
        (
            "a moderator lifts what they took",
            |it| {
                let mute = it.took(it.keeper(), Mute, Subject::Agent(it.ada));
                lift(it.keeper(), mute)
            },
            ALLOWED,
        ),
        (
            "a moderator restores what staff removed",
            |it| {
                it.took(staff(1), Remove, it.thing());
                it.take(it.keeper(), Restore, it.thing())
            },
            FORBIDDEN,
        ),
        (
            "a moderator restores what staff removed and they removed again",
            |it| {
                it.took(staff(1), Remove, it.thing());
                it.took(it.keeper(), Remove, it.thing());
                it.take(it.keeper(), Restore, it.thing())
            },
            FORBIDDEN,
        ),
        (
            "a moderator restores what another removed",
            |it| {
                it.took(Moderator::Member(it.other), Remove, it.thing());
                it.take(it.keeper(), Restore, it.thing())
            },
            ALLOWED,
        ),
        (
            "an owner unlocks what staff locked",
            |it| {
                it.took(staff(1), Lock, it.thing());
                it.take(it.owner(), Unlock, it.thing())
            },
            FORBIDDEN,
        ),
        // Nobody judges what concerns themselves.
        (
            "an owner mutes themselves",
            |it| it.take(it.owner(), Mute, Subject::Agent(it.owner)),
            FORBIDDEN,
        ),
        (
            "a moderator mutes another",
            |it| it.take(it.keeper(), Mute, Subject::Agent(it.other)),
            FORBIDDEN,
        ),
        (
            "an owner restores a post of theirs",
            |it| {
                let post = post_in(&mut it.court, it.owner, YARD);
                it.took(it.keeper(), Remove, Subject::Post(post));
                it.take(it.owner(), Restore, Subject::Post(post))
            },
            FORBIDDEN,
        ),
        (
            "an owner pins a post of theirs",
            |it| {
                let post = post_in(&mut it.court, it.owner, YARD);
                it.take(it.owner(), Pin, Subject::Post(post))
            },
            ALLOWED,
        ),
        (
            "an owner dismisses a report of a post of theirs",
            |it| {
                let post = post_in(&mut it.court, it.owner, YARD);
                let case = it.case(Subject::Post(post));
                dismiss(it.owner(), case)
            },
            FORBIDDEN,
        ),
        (
            "a moderator dismisses a report of a post",
            |it| {
                let case = it.case(it.thing());
                dismiss(it.keeper(), case)
            },
            ALLOWED,
        ),
        // Appeals are decided by another, who is not below.
        (
            "an owner grants their own appeal",
            |it| {
                let post = post_in(&mut it.court, it.owner, YARD);
                let gone = it.took(it.keeper(), Remove, Subject::Post(post));
                it.court.appeal(it.owner, gone).expect("they may");
                judge(it.owner(), gone)
            },
            FORBIDDEN,
        ),
        (
            "a moderator decides an appeal against themselves",
            |it| {
                let mute = it.appealed(it.keeper(), it.ada);
                judge(it.keeper(), mute)
            },
            FORBIDDEN,
        ),
        (
            "a moderator decides an appeal against another",
            |it| {
                let mute = it.appealed(it.keeper(), it.ada);
                judge(Moderator::Member(it.other), mute)
            },
            ALLOWED,
        ),
        (
            "a moderator decides an appeal against an owner",
            |it| {
                let mute = it.appealed(it.owner(), it.ada);
                judge(it.keeper(), mute)
            },
            FORBIDDEN,
        ),
        (
            "staff decide an appeal against an owner",
            |it| {
                let mute = it.appealed(it.owner(), it.ada);
                judge(staff(1), mute)
            },
            ALLOWED,
        ),
        // Whoever is barred decides nothing.
        (
            "a banned owner bans",
            |it| {
                it.took(staff(1), Ban, Subject::Agent(it.owner));
                it.take(it.owner(), Ban, Subject::Agent(it.ada))
            },
            BARRED,
        ),
        (
            "a muted owner lifts it",
            |it| {
                let mute = it.took(staff(1), Mute, Subject::Agent(it.owner));
                lift(it.owner(), mute)
            },
            BARRED,
        ),
        // What is elsewhere is not theirs.
        (
            "an owner removes elsewhere",
            |it| {
                let post = post_in(&mut it.court, it.ada, "general");
                it.take(it.owner(), Remove, Subject::Post(post))
            },
            FORBIDDEN,
        ),
        (
            "an owner names their community for what is elsewhere",
            |it| {
                let subject = Subject::Post(post_in(&mut it.court, it.ada, "general"));
                ModerationCommand::Take(Measure {
                    by: it.owner(),
                    kind: Remove,
                    subject,
                    submolt: Some(YARD.to_owned()),
                    until_ms: None,
                    reason: "Mine.".to_owned(),
                })
            },
            Some(RejectionCode::Invalid),
        ),
        (
            "an owner bans everywhere",
            |it| {
                ModerationCommand::Take(Measure {
                    by: it.owner(),
                    kind: Ban,
                    subject: Subject::Agent(it.ada),
                    submolt: None,
                    until_ms: None,
                    reason: "Mine.".to_owned(),
                })
            },
            FORBIDDEN,
        ),
    ];
    for (what, attempt, refused) in table {
        let mut yard = Yard::new();
        let command = attempt(&mut yard);
        assert_eq!(yard.court.moderate(command).err(), *refused, "{what}");
    }
}

#[test]
fn posts_are_set_by_whoever_decides_about_them() {
    let mut yard = Yard::new();
    let (post, ada, keeper, owner) = (yard.post, yard.ada, yard.keeper, yard.owner);
    let set = |yard: &mut Yard, who, set| yard.court.act(who, Act::SetPost { post, set }).err();
    let status = PostSetting::Status;
    assert_eq!(set(&mut yard, ada, status(Status::Resolved)), ALLOWED);
    assert_eq!(set(&mut yard, keeper, status(Status::Closed)), ALLOWED);
    assert_eq!(set(&mut yard, ada, PostSetting::Pinned(true)), FORBIDDEN);
    // What a moderator does is a measure: it is told, and can be appealed.
    assert_eq!(set(&mut yard, keeper, status(Status::Moderated)), ALLOWED);
    let measures = yard.court.stage.state().moderation.measures;
    let (&number, taken) = measures.last_key_value().expect("a measure");
    assert_eq!(
        (taken.kind, taken.was),
        (MeasureKind::Remove, Some(Status::Closed))
    );
    let measure = yard.court.stage.ids().make(u64::from(number));
    yard.court.appeal(ada, measure).expect("she may");
    for status_word in [Status::Open, Status::Closed, Status::Resolved] {
        let refused = set(&mut yard, ada, status(status_word));
        assert!(refused.is_some(), "{status_word:?}");
    }
    yard.court
        .moderate(judge(staff(1), measure))
        .expect("staff may");
    assert_eq!(yard.status(post), Status::Closed, "as it stood before");
    // What staff removed nobody here brings back, by no way.
    yard.took(staff(1), MeasureKind::Remove, Subject::Post(post));
    assert_eq!(set(&mut yard, owner, status(Status::Open)), FORBIDDEN);
    assert_eq!(
        set(&mut yard, owner, status(Status::Closed)),
        Some(RejectionCode::Closed)
    );
    let close = |by| Command::SetPost {
        by,
        post,
        set: PostSetting::Status(Status::Open),
    };
    assert_eq!(yard.court.ask(close(None)), Err(RejectionCode::Invalid));
}

#[test]
fn what_two_removed_comes_back_when_both_let_it() {
    let mut yard = Yard::new();
    let (keeper, post, subject) = (yard.keeper(), yard.post, yard.thing());
    let one = yard.took(keeper, MeasureKind::Remove, subject.clone());
    let two = yard.took(staff(1), MeasureKind::Remove, subject.clone());
    yard.court
        .moderate(lift(keeper, one))
        .expect("it is theirs");
    assert_eq!(yard.status(post), Status::Moderated);
    yard.court.moderate(lift(staff(2), two)).expect("staff may");
    assert_eq!(yard.status(post), Status::Open);
    // Restoring ends all of them: nothing is left to lift.
    let one = yard.took(keeper, MeasureKind::Remove, subject.clone());
    yard.took(staff(1), MeasureKind::Restore, subject);
    assert_eq!(
        yard.court.moderate(lift(keeper, one)),
        Err(RejectionCode::Already)
    );
    assert_eq!(yard.status(post), Status::Open);
}

#[test]
fn a_dismissed_report_does_not_undo_what_a_moderator_did() {
    let mut yard = Yard::new();
    let (post, subject) = (yard.post, yard.thing());
    yard.court.rule("newcomer_hours", 0.0);
    yard.court.rule("reports_weight_max", 2.0);
    let case = yard.case(subject.clone());
    assert_eq!(yard.status(post), Status::Moderated, "it is held");
    let removed = yard.took(staff(1), MeasureKind::Remove, subject);
    yard.court
        .moderate(dismiss(staff(2), case))
        .expect("staff may");
    assert_eq!(yard.status(post), Status::Moderated);
    yard.court
        .moderate(lift(staff(2), removed))
        .expect("staff may");
    assert_eq!(yard.status(post), Status::Open);
}
