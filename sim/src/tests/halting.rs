//! A mind that is halted: nobody is asked, nobody acts through it, nothing stays reserved, and the body goes on by habit.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, MindKind, Presence};
use hamlet_protocol::command::{Command, Outcome, RejectionCode};
use hamlet_protocol::economy::command::{EconomyCommand, Feedback, Usage};
use hamlet_protocol::ids::MeasureId;
use hamlet_protocol::map::Point;
use hamlet_protocol::minds::{MindsCommand, ThoughtAnswer, ThoughtAsk, ThoughtEnd};
use hamlet_protocol::moderation::{
    Measure, MeasureKind, ModerationCommand, ModerationEvent, Moderator, Subject,
};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::Scenario;
use uuid::Uuid;

use crate::bridge::{self, BridgeOptions, Control, Emission, Envelope, Pace, SimHandle};
use crate::testing::{self, Stage};
use crate::village::{Village, VillageOptions};

const STAFF: Moderator = Moderator::Staff(Uuid::from_u128(1));
const OWNER: Uuid = Uuid::from_u128(5);
/// Ticks that a thought takes where it takes a while.
const THINK_TICKS: u64 = 10;

fn options() -> VillageOptions {
    VillageOptions {
        thoughts: true,
        views: true,
        ..VillageOptions::default()
    }
}

/// Ada and Bo think, Cy is driven from outside, and Pit does what a test says.
fn stage() -> Stage {
    stage_of(testing::scenario(0))
}

/// The same, where thoughts take a while.
fn slow() -> Stage {
    let mut all = testing::scenario(0);
    for template in all.templates.values_mut() {
        template.think_ticks = u32::try_from(THINK_TICKS).expect("few");
    }
    stage_of(all)
}

fn stage_of(mut all: Scenario) -> Stage {
    let minds = [
        ("Ada", MindKind::Llm),
        ("Bo", MindKind::Llm),
        ("Cy", MindKind::External),
        ("Pit", MindKind::Puppet),
    ];
    for (at, (name, mind)) in (20..).step_by(2).zip(minds) {
        all = testing::with_puppet(all, name, Point::new(at, 5));
        if let Some(population) = all.populations.last_mut() {
            population.mind = mind;
        }
    }
    all.economy.grant = Money(25 * MICROS);
    let mut stage = Stage::on(all, testing::map());
    // Ada is hungry.
    stage.edit_resident("Ada", |ada| ada.needs = [9_000, 500, 9_000, 9_000, 9_000]);
    stage.village = Village::resume(stage.village.image(), options()).expect("its own image");
    let attach = MindsCommand::Attach {
        think_secs: 120,
        estimate: None,
        late_secs: None,
    };
    stage.command(Command::Minds(attach)).expect("in range");
    stage
}

fn take(stage: &Stage, by: Moderator, name: &str, until_ms: Option<i64>) -> Command {
    Command::Moderation(Box::new(ModerationCommand::Take(Measure {
        by,
        kind: MeasureKind::Halt,
        subject: Subject::Agent(stage.id(name)),
        submolt: None,
        until_ms,
        reason: "It must be looked at.".to_owned(),
    })))
}

fn lift(by: Moderator, measure: MeasureId) -> Command {
    Command::Moderation(Box::new(ModerationCommand::Lift {
        by,
        measure,
        reason: "It was looked at.".to_owned(),
    }))
}

fn halt(stage: &mut Stage, by: Moderator, name: &str) -> MeasureId {
    let command = take(stage, by, name, None);
    match stage.command(command).expect("allowed").outcome {
        Outcome::Measured { measure } => measure,
        other => panic!("{other:?}"),
    }
}

fn asks(stage: &mut Stage, ticks: u64) -> Vec<ThoughtAsk> {
    let mut asks = Vec::new();
    for _ in 0..ticks {
        stage.ticks(1);
        asks.extend(stage.village.take_asks());
    }
    asks
}

fn answer(ask: &ThoughtAsk) -> Command {
    Command::Minds(MindsCommand::Think(Box::new(ThoughtAnswer {
        agent: ask.agent,
        fence: ask.fence,
        acts: Vec::new(),
        end: ThoughtEnd::Done,
        usage: Usage {
            tokens_in: 1_000,
            ..Usage::default()
        },
    })))
}

#[test]
fn a_halt_voids_the_thought_and_no_other_is_asked_for_until_it_ends() {
    let mut stage = stage();
    let (ada, bo) = (stage.no("Ada"), stage.no("Bo"));
    let asked = asks(&mut stage, 1);
    assert_eq!(asked.len(), 2);
    let whole = Money(25 * MICROS);
    assert!(stage.in_town(|town| town.available(ada)) < whole);
    let thoughts_had = |stage: &mut Stage| {
        stage
            .village
            .view()
            .economy
            .spent
            .get(ada as usize)
            .map(|spent| spent.runs)
    };
    let measure = halt(&mut stage, STAFF, "Ada");
    stage.ticks(1);
    // A model was at work on it.
    assert_eq!(thoughts_had(&mut stage), Some(1));
    assert_eq!(stage.in_town(|town| town.available(ada)), whole);
    let late = answer(&asked[0]);
    assert_eq!(stage.refused_command_after(late), RejectionCode::Changed);
    stage.command(answer(&asked[1])).expect("Bo goes on");
    let mut others = asks(&mut stage, 15);
    assert_ne!(
        stage.resident("Ada").doing.activity,
        Activity::Idle,
        "she does what she needs"
    );
    others.extend(asks(&mut stage, 1_500));
    assert!(others.iter().any(|ask| ask.no == bo), "{others:?}");
    assert!(others.iter().all(|ask| ask.no != ada), "{others:?}");
    let view = stage.village.view();
    let shown = view.agents.get(ada as usize).and_then(Option::as_ref);
    assert!(shown.is_some_and(|agent| agent.halted));
    // It is part of the image.
    stage.village = Village::resume(stage.village.image(), options()).expect("its own image");
    assert!(asks(&mut stage, 100).iter().all(|ask| ask.no != ada));
    stage.command(lift(STAFF, measure)).expect("it stands");
    let again = asks(&mut stage, 3_000);
    assert!(again.iter().any(|ask| ask.no == ada), "{again:?}");
    let view = stage.village.view();
    let shown = view.agents.get(ada as usize).and_then(Option::as_ref);
    assert!(shown.is_some_and(|agent| !agent.halted));
}

#[test]
fn who_goes_on_thinks_no_second_thought_beside_the_one_that_was_broken_off() {
    let mut stage = slow();
    let ada = stage.no("Ada");
    let asked = asks(&mut stage, 1);
    let measure = halt(&mut stage, STAFF, "Ada");
    stage.command(lift(STAFF, measure)).expect("it stands");
    stage.ticks(2);
    stage.village.take_asks();
    stage.village = Village::resume(stage.village.image(), options()).expect("its own image");
    let again = asks(&mut stage, 2 * THINK_TICKS);
    let again: Vec<_> = again.iter().filter(|ask| ask.no == ada).collect();
    assert_eq!(again.len(), 1, "{again:?}");
    assert_eq!(again[0].asked, asked[0].due + 1);
    assert_eq!(stage.state().minds.minds[&ada].broken_off, None);
}

#[test]
fn nobody_acts_through_a_halted_body_and_it_looks_after_itself() {
    let mut stage = stage();
    stage.say("Cy", "Good morning.");
    let until_ms = stage.village.stamp_ms() + 600_000;
    let timed = take(&stage, STAFF, "Cy", Some(until_ms));
    stage.command(timed).expect("allowed");
    let say = |stage: &mut Stage, text: &str| {
        let (agent, text) = (stage.id("Cy"), text.to_owned());
        let act = Act::Say { text };
        stage.command(Command::Act { agent, act })
    };
    let refused = say(&mut stage, "Is anybody there?").expect_err("halted");
    assert_eq!(refused.code, RejectionCode::Barred);
    assert!(refused.to_string().contains("halted"), "{refused}");
    // What it reports would weigh, too.
    let report = ModerationCommand::Report {
        agent: stage.id("Cy"),
        party: None,
        subject: Subject::Agent(stage.id("Pit")),
        reason: "He says nothing.".to_owned(),
    };
    let report = Command::Moderation(Box::new(report));
    // So would what others see of it, and what it says of others.
    let profile = Command::SetProfile {
        agent: stage.id("Cy"),
        display_name: None,
        description: Some("Nobody in particular.".to_owned()),
    };
    let feedback = Command::Economy(Box::new(EconomyCommand::Feedback(Feedback {
        by: Some(stage.id("Cy")),
        agent: stage.id("Pit"),
        amount: Money(MICROS),
        reason: "He says nothing.".to_owned(),
        post: None,
        client: None,
    })));
    for command in [report, profile.clone(), feedback] {
        let refused = stage.command(command).expect_err("halted");
        assert_eq!(refused.code, RejectionCode::Barred);
    }
    stage.ticks(1);
    assert_eq!(stage.resident("Cy").presence, Presence::Idle);
    // It ends by itself, and is told of.
    stage.ticks(110);
    let ended = stage.village.take_events().into_iter();
    let ended = ended.filter(|record| {
        matches!(&record.event, hamlet_protocol::event::Event::Moderation(it)
            if matches!(**it, ModerationEvent::MeasureEnded { .. }))
    });
    assert_eq!(ended.count(), 1);
    say(&mut stage, "Here I am again.").expect("it is over");
    stage.command(profile).expect("it is over");
    assert_eq!(stage.resident("Cy").presence, Presence::Online);
}

fn own(stage: &mut Stage, name: &str, owner: Option<Uuid>) {
    let own = EconomyCommand::Own {
        agent: stage.id(name),
        owner,
        person: None,
    };
    stage
        .command(Command::Economy(Box::new(own)))
        .expect("allowed");
}

#[test]
fn what_an_owner_halted_goes_on_once_it_is_theirs_no_longer_and_what_staff_halted_does_not() {
    let next = Uuid::from_u128(6);
    for after in [None, Some(next)] {
        let mut stage = stage();
        own(&mut stage, "Ada", Some(OWNER));
        own(&mut stage, "Bo", Some(OWNER));
        halt(&mut stage, Moderator::Owner(OWNER), "Ada");
        halt(&mut stage, Moderator::Owner(OWNER), "Bo");
        halt(&mut stage, STAFF, "Bo");
        let (ada, bo) = (stage.no("Ada"), stage.no("Bo"));
        let halted =
            |stage: &mut Stage| stage.in_town(|town| (town.is_halted(ada), town.is_halted(bo)));
        assert_eq!(halted(&mut stage), (true, true));
        own(&mut stage, "Ada", Some(OWNER));
        assert_eq!(halted(&mut stage), (true, true), "it is theirs still");
        own(&mut stage, "Ada", after);
        own(&mut stage, "Bo", after);
        assert_eq!(halted(&mut stage), (false, true));
        let standing = stage.state().moderation.measures.into_values();
        let standing: Vec<_> = standing.filter(|measure| !measure.lifted).collect();
        assert_eq!(standing.len(), 1, "{standing:?}");
        // Whoever owns it now begins anew.
        if after.is_some() {
            halt(&mut stage, Moderator::Owner(next), "Ada");
            assert_eq!(halted(&mut stage), (true, true));
        }
    }
}

#[test]
fn an_owner_halts_their_own_agent_and_staff_have_the_last_word() {
    let mut stage = stage();
    let (mine, other) = (
        Moderator::Owner(OWNER),
        Moderator::Owner(Uuid::from_u128(6)),
    );
    let nobodys = take(&stage, mine, "Ada", None);
    assert_eq!(
        stage.refused_command_after(nobodys),
        RejectionCode::Forbidden
    );
    own(&mut stage, "Ada", Some(OWNER));
    let measure = halt(&mut stage, mine, "Ada");
    let theirs = lift(other, measure);
    assert_eq!(
        stage.refused_command_after(theirs),
        RejectionCode::Forbidden
    );
    stage.command(lift(mine, measure)).expect("their own");
    let by_staff = halt(&mut stage, STAFF, "Ada");
    assert_eq!(
        stage.refused_command_after(lift(mine, by_staff)),
        RejectionCode::Forbidden
    );
    let mut mute = take(&stage, mine, "Ada", None);
    if let Command::Moderation(command) = &mut mute
        && let ModerationCommand::Take(measure) = &mut **command
    {
        measure.kind = MeasureKind::Mute;
    }
    assert_eq!(stage.refused_command_after(mute), RejectionCode::Forbidden);
    stage.command(lift(STAFF, by_staff)).expect("staff may");
}

#[test]
fn who_has_no_mind_outside_is_not_halted() {
    let mut stage = stage();
    let puppet = take(&stage, STAFF, "Pit", None);
    assert_eq!(stage.refused_command_after(puppet), RejectionCode::Invalid);
    let mut within = take(&stage, STAFF, "Ada", None);
    if let Command::Moderation(command) = &mut within
        && let ModerationCommand::Take(measure) = &mut **command
    {
        measure.submolt = Some("general".to_owned());
    }
    assert_eq!(stage.refused_command_after(within), RejectionCode::Invalid);
}

/// Ticks that are run.
const TICKS: u64 = 40;

/// A village in lockstep whose minds were asked once, and stand halfway before what they answer takes effect.
struct Lockstep {
    handle: SimHandle,
    emissions: crossbeam_channel::Receiver<Emission>,
    thread: std::thread::JoinHandle<bridge::Outcome>,
    asks: Vec<ThoughtAsk>,
    halt: Command,
    remove: Command,
}

impl Lockstep {
    fn begin() -> Self {
        let stage = slow();
        let halt = take(&stage, STAFF, "Ada", None);
        let agent = stage.id("Bo");
        let options = BridgeOptions {
            pace: Pace::Paused,
            // Every tick says something then.
            views: true,
            lockstep: true,
            ..BridgeOptions::default()
        };
        let (handle, emissions, thread) = bridge::spawn(stage.village, options).expect("a thread");
        handle.control(Control::Steps(1)).expect("it runs");
        let asks = emissions
            .iter()
            .map(|emission| emission.asks)
            .find(|asks| !asks.is_empty())
            .expect("questions");
        assert_eq!(asks.len(), 2);
        Self {
            handle,
            emissions,
            thread,
            asks,
            halt,
            remove: Command::Remove { agent },
        }
    }

    fn due(&self) -> u64 {
        self.asks[0].due
    }

    fn send(&self, command: Command) {
        let envelope = Envelope {
            command,
            stamp_ms: None,
            side: None,
            reply: Box::new(drop),
        };
        self.handle.try_send(envelope).expect("room");
    }

    fn steps(&self) {
        self.handle.control(Control::Steps(TICKS)).expect("it runs");
    }

    fn stands_at(&self, tick: u64) {
        while self.handle.ticks() < tick {
            std::thread::yield_now();
        }
    }

    /// Answers both questions, and says after which ticks the village said so.
    fn answers(&self) -> Vec<u64> {
        self.asks.iter().for_each(|ask| self.send(answer(ask)));
        let mut at = Vec::new();
        while at.len() < self.asks.len() {
            let emission = self.emissions.recv().expect("it goes on");
            let refused = emission.replies.iter().filter(|reply| {
                let why = reply.answer.as_ref().err();
                why.is_some_and(|why| {
                    [RejectionCode::Changed, RejectionCode::NotFound].contains(&why.code)
                })
            });
            at.extend(refused.map(|_| emission.tick));
        }
        at
    }

    fn end(self) -> Village {
        self.handle.control(Control::Stop).expect("it runs");
        self.emissions.iter().for_each(drop);
        self.thread.join().expect("no panic").village
    }
}

#[test]
fn time_waits_for_what_is_thought_for_nothing() {
    let town = Lockstep::begin();
    // In the middle of their thoughts one is halted, and the other leaves.
    town.send(town.halt.clone());
    town.send(town.remove.clone());
    town.steps();
    town.stands_at(town.due());
    assert_eq!(town.answers(), [town.due(); 2]);
    town.stands_at(1 + TICKS);
    assert_eq!(town.end().tick_count(), 1 + TICKS);
}

#[test]
fn who_is_halted_while_time_waits_for_them_does_not_stop_it_for_ever() {
    let town = Lockstep::begin();
    town.steps();
    town.stands_at(town.due());
    town.send(town.halt.clone());
    town.send(town.remove.clone());
    assert_eq!(town.answers(), [town.due(); 2]);
    town.stands_at(1 + TICKS);
    town.end();
}

#[test]
fn time_waits_for_nobody_once_minds_are_detached_or_the_run_is_stopped() {
    let town = Lockstep::begin();
    town.steps();
    town.stands_at(town.due());
    town.send(Command::Minds(MindsCommand::Detach));
    town.stands_at(1 + TICKS);
    town.end();

    let town = Lockstep::begin();
    town.send(town.halt.clone());
    town.steps();
    town.stands_at(town.due());
    let due = town.due();
    assert_eq!(town.end().tick_count(), due, "it was waiting for Ada");
}
