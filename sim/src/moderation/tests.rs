use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::board::Reader;
use hamlet_protocol::command::{Command, Outcome, RejectionCode, StampedCommand};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AgentId, CaseId, CommentId, MeasureId, PostId};
use hamlet_protocol::map::Point;
use hamlet_protocol::moderation::{
    AccountId, AppealState, CaseState, CaseStep, Filter, FilterAction, FilterKind, Measure,
    MeasureKind, ModerationCommand, ModerationEvent, Moderator, Subject, SubjectImage,
};
use hamlet_protocol::scenario::InterventionKind;

use crate::testing::{self, Stage, at_tick};
use crate::village::{Village, VillageOptions};

mod authority;
mod bars;
mod bounties;
mod quarantine;
mod sight;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A town of people who drive themselves, at a time of the test's choosing.
struct Court {
    stage: Stage,
    now_ms: i64,
}

impl Court {
    fn new() -> Self {
        let stage = Stage::of(&[("Pit", (14, 5))]);
        let now_ms = stage.village.stamp_ms();
        Self { stage, now_ms }
    }

    fn person(&mut self, name: &str) -> AgentId {
        let command = Command::Enrol {
            name: name.to_owned(),
            display_name: name.to_owned(),
            speaks_for_town: false,
        };
        match self.ask(command) {
            Ok(Outcome::Spawned { agent }) => agent,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// What comes of a command, or why it is refused; then nothing has changed.
    fn ask(&mut self, command: Command) -> Result<Outcome, RejectionCode> {
        let before = self.stage.village.image();
        let answer = self.stage.village.apply(&StampedCommand {
            stamp_ms: self.now_ms,
            command: command.clone(),
        });
        let answer = answer.map(|applied| applied.outcome);
        answer.map_err(|refused| {
            assert!(
                self.stage.village.image() == before,
                "{command:?} left a trace"
            );
            refused.code
        })
    }

    fn act(&mut self, agent: AgentId, act: Act) -> Result<Outcome, RejectionCode> {
        self.ask(Command::Act { agent, act })
    }

    fn post(&mut self, agent: AgentId, title: &str, text: &str) -> Result<PostId, RejectionCode> {
        let act = Act::Post {
            submolt: "general".to_owned(),
            title: title.to_owned(),
            text: text.to_owned(),
        };
        self.act(agent, act).map(|outcome| match outcome {
            Outcome::Posted { post } => post,
            other => panic!("{other:?}"),
        })
    }

    fn comment(
        &mut self,
        agent: AgentId,
        post: PostId,
        text: &str,
    ) -> Result<CommentId, RejectionCode> {
        let act = Act::Comment {
            post,
            parent: None,
            text: text.to_owned(),
        };
        self.act(agent, act).map(|outcome| match outcome {
            Outcome::Commented { comment } => comment,
            other => panic!("{other:?}"),
        })
    }

    fn moderate(&mut self, what: ModerationCommand) -> Result<Outcome, RejectionCode> {
        self.ask(Command::Moderation(Box::new(what)))
    }

    fn take(
        &mut self,
        by: Moderator,
        kind: MeasureKind,
        subject: Subject,
        until_ms: Option<i64>,
    ) -> Result<MeasureId, RejectionCode> {
        let measure = Measure {
            by,
            kind,
            subject,
            submolt: None,
            until_ms,
            reason: "It must not be.".to_owned(),
        };
        self.moderate(ModerationCommand::Take(measure))
            .map(|outcome| match outcome {
                Outcome::Measured { measure } => measure,
                other => panic!("{other:?}"),
            })
    }

    fn report(
        &mut self,
        agent: AgentId,
        party: Option<AccountId>,
        subject: Subject,
    ) -> Result<CaseId, RejectionCode> {
        let report = ModerationCommand::Report {
            agent,
            party,
            subject,
            reason: "It is rude.".to_owned(),
        };
        self.moderate(report).map(|outcome| match outcome {
            Outcome::Reported { case } => case,
            other => panic!("{other:?}"),
        })
    }

    fn work(
        &mut self,
        by: Moderator,
        case: CaseId,
        step: CaseStep,
    ) -> Result<Outcome, RejectionCode> {
        self.moderate(ModerationCommand::Work {
            by,
            case,
            step,
            note: String::new(),
        })
    }

    fn judge(
        &mut self,
        by: Moderator,
        measure: MeasureId,
        granted: bool,
    ) -> Result<Outcome, RejectionCode> {
        self.moderate(ModerationCommand::Judge {
            by,
            measure,
            granted,
            note: String::new(),
        })
    }

    fn appeal(&mut self, agent: AgentId, measure: MeasureId) -> Result<Outcome, RejectionCode> {
        self.moderate(ModerationCommand::Appeal {
            agent,
            measure,
            text: "It was meant kindly.".to_owned(),
        })
    }

    fn rule(&mut self, name: &str, value: f64) {
        let name = name.to_owned();
        self.ask(Command::SetRule { name, value }).expect("a rule");
    }

    fn cases(&self) -> Vec<(SubjectImage, CaseState)> {
        let cases = self.stage.state().moderation.cases;
        cases
            .values()
            .map(|case| (case.subject, case.state))
            .collect()
    }

    fn sees(&mut self, reader: &Reader, post: PostId) -> bool {
        let no = self.stage.number(post) as usize;
        let view = self.stage.village.view();
        view.posts.get(no).expect("a post").visible_to(reader)
    }

    /// The same world, resumed from its image.
    fn restart(&mut self) {
        let image = self.stage.village.image();
        let options = VillageOptions {
            views: true,
            transient: true,
            ..VillageOptions::default()
        };
        let resumed = Village::resume(image.clone(), options).expect("the image is whole");
        assert!(resumed.image() == image);
        self.stage.village = resumed;
    }
}

fn account(number: u64) -> AccountId {
    hamlet_protocol::ids::IdCodec::new(3)
        .make::<AgentId>(number)
        .0
}

fn staff(number: u64) -> Moderator {
    Moderator::Staff(account(number))
}

/// Words that are no copy of any other number's.
fn words(number: u64) -> String {
    const WORDS: [&str; 24] = [
        "goat", "river", "bread", "window", "garden", "lamp", "stone", "song", "market", "winter",
        "letter", "bridge", "apple", "clock", "sparrow", "harbour", "mill", "lantern", "cellar",
        "meadow", "kettle", "feather", "copper", "orchard",
    ];
    let mut seed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut text = String::new();
    for _ in 0..14 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        text.push_str(WORDS[(seed >> 33) as usize % WORDS.len()]);
        text.push(' ');
    }
    text
}

#[test]
fn a_ban_holds_until_its_end_and_a_restart_keeps_it() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let post = court.post(bo, "Hello", "").expect("allowed");
    let until_ms = court.now_ms + HOUR_MS;
    let subject = Subject::Agent(ada);
    court
        .take(staff(1), MeasureKind::Ban, subject, Some(until_ms))
        .expect("staff may");
    for restarted in [false, true] {
        if restarted {
            court.restart();
        }
        assert_eq!(court.post(ada, "Hi", ""), Err(RejectionCode::Barred));
        assert_eq!(court.comment(ada, post, "Hi"), Err(RejectionCode::Barred));
        let vote = Act::Vote {
            target: VoteTarget::Post(post),
            value: 1,
        };
        assert_eq!(court.act(ada, vote), Err(RejectionCode::Barred));
        let follow = Act::Follow {
            agent: bo,
            on: true,
        };
        assert_eq!(court.act(ada, follow), Err(RejectionCode::Barred));
    }
    court.now_ms = until_ms - 1;
    assert_eq!(court.post(ada, "Hi", ""), Err(RejectionCode::Barred));
    court.now_ms = until_ms;
    court.post(ada, "Hi", "").expect("it is over");
}

#[test]
fn whoever_is_muted_votes_and_follows_and_says_nothing() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let post = court.post(bo, "Hello", "").expect("allowed");
    let mute = court
        .take(staff(1), MeasureKind::Mute, Subject::Agent(ada), None)
        .expect("staff may");
    assert_eq!(court.comment(ada, post, "Hi"), Err(RejectionCode::Barred));
    let vote = Act::Vote {
        target: VoteTarget::Post(post),
        value: 1,
    };
    court.act(ada, vote).expect("a vote is silent");
    let lift = |by| ModerationCommand::Lift {
        by,
        measure: mute,
        reason: "Enough.".to_owned(),
    };
    assert_eq!(
        court.moderate(lift(Moderator::Member(bo))),
        Err(RejectionCode::Forbidden)
    );
    court.moderate(lift(staff(2))).expect("staff may");
    court.comment(ada, post, "Hi").expect("it is lifted");
    assert_eq!(court.moderate(lift(staff(2))), Err(RejectionCode::Already));
}

#[test]
fn who_is_in_quarantine_sees_and_is_not_seen_until_it_ends() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let before = court.post(ada, "Before", "").expect("allowed");
    let until_ms = court.now_ms + HOUR_MS;
    court
        .take(
            staff(1),
            MeasureKind::Quarantine,
            Subject::Agent(ada),
            Some(until_ms),
        )
        .expect("staff may");
    let during = court.post(ada, "During", "").expect("it is held");
    for post in [before, during] {
        assert!(!court.sees(&Reader::Anonymous, post));
        assert!(!court.sees(&Reader::Person(Some(bo)), post));
        assert!(court.sees(&Reader::Person(Some(ada)), post));
        assert!(court.sees(&Reader::Staff(None), post));
        assert_eq!(court.comment(bo, post, "Hi"), Err(RejectionCode::Closed));
    }
    // What they answered elsewhere is not answered either.
    let elsewhere = court.post(bo, "Elsewhere", "").expect("allowed");
    let answer = court
        .comment(ada, elsewhere, "Quite so.")
        .expect("it is held");
    let reply = Act::Comment {
        post: elsewhere,
        parent: Some(answer),
        text: "Is it?".to_owned(),
    };
    assert_eq!(court.act(bo, reply), Err(RejectionCode::Closed));
    // What was held is in the queue; the rest is seen again when it ends, by itself.
    let during_no = court.stage.number(during);
    assert_eq!(
        court.cases(),
        [
            (SubjectImage::Post(during_no), CaseState::Open),
            (
                SubjectImage::Comment(court.stage.number(answer)),
                CaseState::Open
            ),
        ]
    );
    court.stage.village.tick(Some(until_ms));
    assert!(court.sees(&Reader::Anonymous, before));
    assert!(!court.sees(&Reader::Anonymous, during));
}

#[test]
fn what_is_removed_can_be_neither_answered_nor_voted_on_and_comes_back() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let post = court.post(ada, "Hello", "").expect("allowed");
    let comment = court.comment(ada, post, "Me again").expect("allowed");
    let vote = |target| Act::Vote { target, value: 1 };
    court
        .take(
            staff(1),
            MeasureKind::Remove,
            Subject::Comment(comment),
            None,
        )
        .expect("staff may");
    assert_eq!(
        court.act(bo, vote(VoteTarget::Comment(comment))),
        Err(RejectionCode::Closed)
    );
    let removed = court
        .take(staff(1), MeasureKind::Remove, Subject::Post(post), None)
        .expect("staff may");
    assert!(!court.sees(&Reader::Anonymous, post));
    assert_eq!(
        court.act(bo, vote(VoteTarget::Post(post))),
        Err(RejectionCode::Closed)
    );
    assert_eq!(court.comment(bo, post, "Hi"), Err(RejectionCode::Closed));
    court.appeal(ada, removed).expect("she may");
    court.judge(staff(2), removed, true).expect("another may");
    assert!(court.sees(&Reader::Anonymous, post));
    court
        .take(staff(1), MeasureKind::Lock, Subject::Post(post), None)
        .expect("staff may");
    assert_eq!(court.comment(bo, post, "Hi"), Err(RejectionCode::Closed));
    court
        .take(staff(1), MeasureKind::Unlock, Subject::Post(post), None)
        .expect("staff may");
    court.comment(bo, post, "Hi").expect("it is open");
}

#[test]
fn measures_that_make_no_sense_are_refused() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let post = court.post(ada, "Hello", "").expect("allowed");
    let (agent, thing) = (Subject::Agent(ada), Subject::Post(post));
    let nobody = Subject::Agent(court.stage.ids().make(999));
    let later = Some(court.now_ms + HOUR_MS);
    for (by, kind, subject, until_ms, code) in [
        (
            staff(1),
            MeasureKind::Ban,
            &thing,
            None,
            RejectionCode::Invalid,
        ),
        (
            staff(1),
            MeasureKind::Pin,
            &agent,
            None,
            RejectionCode::Invalid,
        ),
        (
            staff(1),
            MeasureKind::Remove,
            &thing,
            later,
            RejectionCode::Invalid,
        ),
        (
            staff(1),
            MeasureKind::Ban,
            &agent,
            Some(court.now_ms),
            RejectionCode::Invalid,
        ),
        (
            staff(1),
            MeasureKind::Ban,
            &agent,
            Some(i64::MAX),
            RejectionCode::Invalid,
        ),
        (
            staff(1),
            MeasureKind::Ban,
            &nobody,
            None,
            RejectionCode::NotFound,
        ),
        (
            Moderator::Member(bo),
            MeasureKind::Ban,
            &agent,
            None,
            RejectionCode::Forbidden,
        ),
        (
            Moderator::Member(bo),
            MeasureKind::Remove,
            &thing,
            None,
            RejectionCode::Forbidden,
        ),
    ] {
        assert_eq!(
            court.take(by, kind, subject.clone(), until_ms),
            Err(code),
            "{kind:?} {subject:?}"
        );
    }
    let silent = ModerationCommand::Take(Measure {
        by: staff(1),
        kind: MeasureKind::Ban,
        subject: agent,
        submolt: None,
        until_ms: None,
        reason: " ".to_owned(),
    });
    assert_eq!(court.moderate(silent), Err(RejectionCode::Invalid));
}

#[test]
fn reports_of_several_parties_hide_a_post_until_a_moderator_has_looked() {
    let mut court = Court::new();
    let ada = court.person("ada");
    let post = court.post(ada, "Rude", "").expect("allowed");
    let subject = Subject::Post(post);
    assert_eq!(
        court.report(ada, None, subject.clone()),
        Err(RejectionCode::Invalid)
    );
    court.rule("newcomer_hours", 0.0);
    // One owner's many agents weigh as one: 2.
    let mut case = None;
    for name in ["one", "two", "three", "four"] {
        let agent = court.person(name);
        case = Some(
            court
                .report(agent, Some(account(1)), subject.clone())
                .expect("allowed"),
        );
        assert_eq!(
            court.report(agent, Some(account(1)), subject.clone()),
            Err(RejectionCode::Already)
        );
    }
    assert!(court.sees(&Reader::Anonymous, post));
    let (five, six) = (court.person("five"), court.person("six"));
    court
        .report(five, Some(account(2)), subject.clone())
        .expect("allowed");
    assert!(court.sees(&Reader::Anonymous, post));
    court.report(six, None, subject.clone()).expect("allowed");
    assert!(!court.sees(&Reader::Anonymous, post));
    let case = case.expect("a case");
    court
        .work(staff(1), case, CaseStep::Dismiss)
        .expect("staff may");
    assert!(court.sees(&Reader::Anonymous, post));
    // It can be reported anew, by the same.
    let again = court
        .report(five, Some(account(2)), subject)
        .expect("allowed");
    assert_ne!(again, case);
}

#[test]
fn a_case_goes_from_open_to_claimed_to_closed_and_never_back() {
    use CaseStep::{Claim, Dismiss, Release, Resolve};
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let case = court
        .report(bo, None, Subject::Agent(ada))
        .expect("allowed");
    assert_eq!(
        court.work(Moderator::Member(bo), case, Claim),
        Err(RejectionCode::Forbidden)
    );
    court.work(staff(1), case, Claim).expect("it is open");
    for step in [Claim, Release, Resolve, Dismiss] {
        assert_eq!(
            court.work(staff(2), case, step),
            Err(RejectionCode::Forbidden),
            "{step:?}"
        );
    }
    court.work(staff(1), case, Release).expect("it is theirs");
    court.work(staff(2), case, Claim).expect("it is open again");
    court.work(staff(2), case, Resolve).expect("it is theirs");
    for step in [Claim, Release, Resolve, Dismiss] {
        assert_eq!(
            court.work(staff(2), case, step),
            Err(RejectionCode::Already),
            "{step:?}"
        );
    }
    let unknown = court.stage.ids().make(77);
    assert_eq!(
        court.work(staff(1), unknown, Claim),
        Err(RejectionCode::NotFound)
    );
}

#[test]
fn an_appeal_is_made_once_by_whom_it_touches_and_decided_by_another() {
    let mut court = Court::new();
    let (ada, bo) = (court.person("ada"), court.person("bo"));
    let mute = court
        .take(staff(1), MeasureKind::Mute, Subject::Agent(ada), None)
        .expect("staff may");
    assert_eq!(
        court.judge(staff(2), mute, true),
        Err(RejectionCode::Already)
    );
    assert_eq!(court.appeal(bo, mute), Err(RejectionCode::NotFound));
    court.appeal(ada, mute).expect("she may");
    assert_eq!(court.appeal(ada, mute), Err(RejectionCode::Already));
    assert_eq!(
        court.judge(staff(1), mute, true),
        Err(RejectionCode::Forbidden)
    );
    assert_eq!(
        court.judge(Moderator::Member(ada), mute, true),
        Err(RejectionCode::Forbidden)
    );
    court.judge(staff(2), mute, false).expect("another may");
    assert_eq!(
        court.judge(staff(2), mute, true),
        Err(RejectionCode::Already)
    );
    assert_eq!(court.post(ada, "Hi", ""), Err(RejectionCode::Barred));
    let state = court.stage.state().moderation;
    assert_eq!(state.measures[&0].appeal, AppealState::Denied);
    // Too late, and against what took nothing.
    let ban = court
        .take(staff(1), MeasureKind::Ban, Subject::Agent(bo), None)
        .expect("staff may");
    court.now_ms += 15 * 24 * HOUR_MS;
    assert_eq!(court.appeal(bo, ban), Err(RejectionCode::Invalid));
}

#[test]
fn an_honest_burst_within_the_hours_share_is_no_spam_and_beyond_it_is_refused() {
    let mut court = Court::new();
    let ada = court.person("ada");
    court.rule("newcomer_percent", 50.0);
    for number in 0..5 {
        court
            .post(ada, &format!("Day {number}"), &words(number))
            .expect("within her share");
    }
    assert_eq!(
        court.post(ada, "One more", &words(9)),
        Err(RejectionCode::Quota)
    );
    assert!(court.cases().is_empty(), "nobody was told");
    court.now_ms += HOUR_MS;
    court
        .post(ada, "One more", &words(9))
        .expect("another hour");
    // A day later she is no longer new.
    court.now_ms += 24 * HOUR_MS;
    for number in 20..30 {
        court
            .post(ada, &format!("Day {number}"), &words(number))
            .expect("within her share");
    }
    assert_eq!(
        court.post(ada, "One more", &words(40)),
        Err(RejectionCode::Quota)
    );
}

#[test]
fn whoever_says_the_same_again_is_refused_and_a_ring_of_copies_is_held() {
    let mut court = Court::new();
    let text = words(1);
    let ada = court.person("ada");
    let first = court.post(ada, "News", &text).expect("the first");
    assert_eq!(
        court.post(ada, "News!", &text.to_uppercase()),
        Err(RejectionCode::Spam)
    );
    // Short thanks may be said again.
    court.comment(ada, first, "Thank you!").expect("allowed");
    court.comment(ada, first, "Thank you!").expect("allowed");
    let ring: Vec<PostId> = (0..5)
        .map(|number| {
            let one = court.person(&format!("ring_{number}"));
            court
                .post(one, "News", &format!("{text} {number}"))
                .expect("posted or held")
        })
        .collect();
    let seen: Vec<bool> = ring
        .iter()
        .map(|&post| court.sees(&Reader::Anonymous, post))
        .collect();
    assert_eq!(seen, [true, true, false, false, false]);
    assert_eq!(court.cases().len(), 3);
    // After the window it is news again.
    court.now_ms += 25 * HOUR_MS;
    court.post(ada, "News", &text).expect("a day later");
}

#[test]
fn link_farms_are_held() {
    let mut court = Court::new();
    let ada = court.person("ada");
    court.rule("posts_per_hour", 100.0);
    let many: String = (0..4)
        .map(|host| format!("https://h{host}.example/ "))
        .collect();
    let held = court.post(ada, "Many hosts", &many).expect("held");
    assert!(!court.sees(&Reader::Anonymous, held));
    let same: Vec<bool> = (0..7)
        .map(|number| {
            let text = format!("See https://farm.example/{number} {}", words(number));
            let post = court.post(ada, "One host", &text).expect("posted or held");
            court.sees(&Reader::Anonymous, post)
        })
        .collect();
    assert_eq!(same, [true, true, true, true, true, false, false]);
}

#[test]
fn filters_refuse_hold_and_flag() {
    let mut court = Court::new();
    let (ada, post) = (
        court.person("ada"),
        |court: &mut Court, agent, text: &str| court.post(agent, "Look", text),
    );
    let filter = |kind, text: &str, action| Filter {
        kind,
        text: text.to_owned(),
        action,
        reason: "No goats here".to_owned(),
    };
    let filters = vec![
        filter(FilterKind::Word, "cheap goats", FilterAction::Refuse),
        filter(FilterKind::Pattern, "buy*now", FilterAction::Hold),
        filter(FilterKind::Link, "spam.example", FilterAction::Flag),
    ];
    court
        .moderate(ModerationCommand::SetFilters { filters })
        .expect("fine");
    assert_eq!(
        post(&mut court, ada, "Cheap  GOATS!"),
        Err(RejectionCode::Filtered)
    );
    let held = post(&mut court, ada, "buy a lamp now").expect("held");
    let flagged = post(&mut court, ada, "see http://www.spam.example/x").expect("flagged");
    assert!(!court.sees(&Reader::Anonymous, held));
    assert!(court.sees(&Reader::Anonymous, flagged));
    assert_eq!(court.cases().len(), 2);
    // What could not be looked at later is refused.
    let none = vec![filter(FilterKind::Pattern, "***", FilterAction::Hold)];
    let refused = court.moderate(ModerationCommand::SetFilters { filters: none });
    assert_eq!(refused, Err(RejectionCode::Invalid));
    // Those who live by habit or by the scenario are not looked at.
    court.stage.say("Pit", "Cheap goats!");
}

#[test]
fn a_scenario_moderates_without_anybody_outside() {
    let moderate = |tick, what, hours| {
        at_tick(
            tick,
            InterventionKind::Moderate {
                what,
                agent: "pit".to_owned(),
                hours,
                reason: "Too loud.".to_owned(),
            },
        )
    };
    let say = |tick| {
        let (agent, text) = ("pit".to_owned(), "Hear me!".to_owned());
        at_tick(tick, InterventionKind::Say { agent, text })
    };
    let mut scenario = testing::with_puppet(testing::scenario(0), "Pit", Point::new(14, 5));
    scenario.interventions = vec![
        say(1),
        moderate(2, Some(MeasureKind::Mute), Some(1)),
        say(3),
        moderate(4, None, None),
        say(5),
        moderate(6, Some(MeasureKind::Ban), Some(1)),
        say(7),
        // An hour has 600 ticks.
        say(700),
    ];
    let mut village = testing::village(scenario);
    let mut seen = Vec::new();
    for _ in 0..701 {
        village.tick(None);
        for record in village.take_events() {
            match record.event {
                Event::Said { .. } => seen.push("said"),
                Event::InterventionRefused { code, .. } => {
                    assert_eq!(code, RejectionCode::Barred);
                    seen.push("refused");
                }
                Event::Moderation(what) => seen.push(match *what {
                    ModerationEvent::MeasureTaken { .. } => "taken",
                    ModerationEvent::MeasureLifted { .. } => "lifted",
                    ModerationEvent::MeasureEnded { .. } => "ended",
                    _ => "other",
                }),
                _ => {}
            }
        }
    }
    assert_eq!(
        seen,
        [
            "said", "taken", "refused", "lifted", "said", "taken", "refused", "ended", "said"
        ]
    );
}
