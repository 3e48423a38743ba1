//! Minds pay for what they think: what is reserved, charged, refused and given back, and that it depends on answers alone.

use std::collections::BTreeMap;

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::{Activity, MindKind};
use hamlet_protocol::command::{Command, Outcome, RejectionCode, StampedCommand};
use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand, Feedback, Usage};
use hamlet_protocol::economy::tier::default_tiers;
use hamlet_protocol::map::Point;
use hamlet_protocol::minds::{
    MindsCommand, ModelPrices, ThoughtAnswer, ThoughtAsk, ThoughtEnd, ThoughtPermit, ThoughtTerms,
    Unpaid,
};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::social::notice::NoticeKind;
use uuid::Uuid;

use crate::bridge::{self, BridgeOptions, Envelope, Pace};
use crate::testing::{self, Stage};
use crate::village::{Village, VillageOptions};

const HOUR_TICKS: u64 = 600;
/// 100 000 tokens at half an aiDollar for a million.
const RESERVED: Money = Money(50_000);
const USED: Usage = Usage {
    tokens_in: 20_000,
    tokens_cached: 0,
    tokens_out: 10_000,
    tool_ms: 0,
};
const CHARGED: Money = Money(25_000);

fn options() -> VillageOptions {
    VillageOptions {
        thoughts: true,
        views: true,
        ..VillageOptions::default()
    }
}

/// Ada and Bo think, with 25 aiDollars each, in a scenario changed before.
fn stage_with(change: impl FnOnce(&mut Scenario)) -> Stage {
    let mut all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(20, 5));
    all = testing::with_puppet(all, "Bo", Point::new(22, 5));
    for template in all.templates.values_mut() {
        template.think_ticks = 10;
    }
    for population in &mut all.populations[1..] {
        population.mind = MindKind::Llm;
    }
    all.economy.grant = Money(25 * MICROS);
    change(&mut all);
    let mut stage = Stage::on(all, testing::map());
    stage.village = Village::resume(stage.village.image(), options()).expect("its own image");
    attach(&mut stage);
    stage
}

fn attach(stage: &mut Stage) {
    let estimate = Usage {
        tokens_in: 100_000,
        ..Usage::default()
    };
    let attach = MindsCommand::Attach {
        think_secs: 120,
        estimate: Some(estimate),
    };
    stage
        .command(Command::Minds(attach))
        .expect("within its range");
}

fn stage() -> Stage {
    stage_with(|_scenario| {})
}

/// What is asked after the next tick, refused ones included.
fn asks(stage: &mut Stage) -> Vec<ThoughtAsk> {
    stage.ticks(1);
    stage.village.take_asks()
}

fn thought(ask: &ThoughtAsk, usage: Usage, end: ThoughtEnd) -> Command {
    Command::Minds(MindsCommand::Think(Box::new(ThoughtAnswer {
        agent: ask.agent,
        fence: ask.fence,
        acts: Vec::new(),
        end,
        usage,
    })))
}

fn answer(stage: &mut Stage, ask: &ThoughtAsk, usage: Usage, end: ThoughtEnd) -> Option<Money> {
    match stage
        .command(thought(ask, usage, end))
        .expect("asked")
        .outcome
    {
        Outcome::Thought { charged, .. } => charged,
        other => panic!("{other:?}"),
    }
}

fn permit(ask: &ThoughtAsk) -> &ThoughtPermit {
    match &ask.terms {
        ThoughtTerms::Paid(permit) => permit,
        other => panic!("{other:?}"),
    }
}

fn unpaid(ask: &ThoughtAsk) -> Option<Unpaid> {
    match ask.terms {
        ThoughtTerms::Unpaid { why, .. } => Some(why),
        ThoughtTerms::Free | ThoughtTerms::Paid(_) => None,
    }
}

fn available(stage: &mut Stage, name: &str) -> Money {
    let no = stage.no(name);
    stage.in_town(|town| town.available(no))
}

fn command(stage: &mut Stage, command: EconomyCommand) {
    let command = Command::Economy(Box::new(command));
    stage.command(command).expect("allowed");
}

fn feedback(stage: &mut Stage, name: &str, amount: i64) {
    let agent = stage.id(name);
    let feedback = Feedback {
        by: None,
        agent,
        amount: Money(amount),
        reason: "of a test".to_owned(),
        post: None,
        client: None,
    };
    command(stage, EconomyCommand::Feedback(feedback));
}

/// Notices about thoughts that somebody has.
fn told(stage: &Stage, name: &str) -> usize {
    let boxes = stage.state().social.boxes;
    let kept = boxes.get(&stage.no(name));
    let kept = kept.into_iter().flatten();
    kept.filter(|notice| notice.kind == NoticeKind::Thoughts)
        .count()
}

#[test]
fn a_thought_is_reserved_when_it_is_asked_for_and_charged_when_it_takes_effect() {
    let mut stage = stage();
    let asked = asks(&mut stage);
    assert_eq!(asked.len(), 2);
    let wanted = ThoughtPermit {
        tier: 0,
        model: "chat".to_owned(),
        priority: 0,
        reserved: RESERVED,
        prices: ModelPrices {
            input: Money(500_000),
            cached: Money(50_000),
            output: Money(1_500_000),
        },
    };
    assert_eq!(permit(&asked[0]), &wanted);
    let whole = Money(25 * MICROS);
    assert_eq!(available(&mut stage, "Ada"), Money(whole.0 - RESERVED.0));
    // What goes on costs nothing yet.
    let open = answer(&mut stage, &asked[0], USED, ThoughtEnd::Open);
    assert_eq!(open, None);
    let charged = answer(&mut stage, &asked[0], USED, ThoughtEnd::Done);
    assert_eq!(charged, Some(CHARGED));
    assert_eq!(available(&mut stage, "Ada"), Money(whole.0 - CHARGED.0));
    // Nothing used is nothing charged; more than was reserved is not charged.
    let nothing = answer(&mut stage, &asked[1], Usage::default(), ThoughtEnd::Failed);
    assert_eq!(
        (nothing, available(&mut stage, "Bo")),
        (Some(Money(0)), whole)
    );
    let economy = stage.state().economy;
    let key = (asked[0].no, "thought".to_owned(), "chat".to_owned());
    assert_eq!(
        (economy.costs[&key].count, economy.costs[&key].amount),
        (1, CHARGED.0)
    );
    assert_eq!(economy.spent.village.in_hour, CHARGED.0);
    assert_eq!(economy.spent.village.tokens, USED.tokens());
    assert!(economy.meters.is_empty());
}

#[test]
fn more_than_was_reserved_is_not_charged() {
    let mut stage = stage();
    let asked = asks(&mut stage);
    let much = Usage {
        tokens_out: u64::MAX,
        tool_ms: u64::MAX,
        ..Usage::default()
    };
    let charged = answer(&mut stage, &asked[0], much, ThoughtEnd::Done);
    assert_eq!(charged, Some(RESERVED));
}

#[test]
fn where_there_is_no_money_or_no_price_nothing_is_reserved() {
    let free = |change: fn(&mut Scenario)| {
        let mut stage = stage_with(change);
        let asked = asks(&mut stage);
        assert_eq!(asked[0].terms, ThoughtTerms::Free);
        let charged = answer(&mut stage, &asked[0], USED, ThoughtEnd::Done);
        let economy = stage.state().economy;
        assert!(economy.meters.is_empty() && economy.costs.is_empty());
        (charged, economy.spent.village.runs)
    };
    assert_eq!(
        free(|scenario| scenario.economy.grant = Money(0)),
        (None, 0)
    );
    let no_price = |scenario: &mut Scenario| {
        for part in ["input", "cached", "output"] {
            let prices = &mut scenario.economy.prices;
            prices.insert(format!("model.{part}"), Money(0));
        }
    };
    assert_eq!(free(no_price), (None, 0));
}

#[test]
fn whoever_cannot_pay_lives_by_habit_until_they_can() {
    let mut stage = stage();
    stage.edit_resident("Ada", |ada| ada.needs = [9_000, 500, 9_000, 9_000, 9_000]);
    stage.village = Village::resume(stage.village.image(), options()).expect("its own image");
    let ada = stage.no("Ada");
    feedback(&mut stage, "Ada", -(25 * MICROS - RESERVED.0 + 1));
    let asked = asks(&mut stage);
    assert_eq!(asked.len(), 2);
    assert_eq!((asked[0].no, unpaid(&asked[0])), (ada, Some(Unpaid::Funds)));
    assert_eq!(unpaid(&asked[1]), None);
    assert_eq!(told(&stage, "Ada"), 1);
    let late = thought(&asked[0], USED, ThoughtEnd::Done);
    assert_eq!(
        stage.refused_command_after(late),
        RejectionCode::Changed,
        "nobody was asked"
    );
    // She is there, does what she needs, and nobody is told twice.
    stage.ticks(15);
    assert_ne!(stage.resident("Ada").doing.activity, Activity::Idle);
    stage.ticks(100);
    let again = stage.village.take_asks();
    assert!(again.iter().all(|ask| ask.no != ada), "{again:?}");
    assert_eq!(told(&stage, "Ada"), 1);
    // Money brings her thoughts back.
    feedback(&mut stage, "Ada", 25 * MICROS);
    let mut back = Vec::new();
    for _ in 0..HOUR_TICKS {
        back.extend(asks(&mut stage).into_iter().filter(|ask| ask.no == ada));
    }
    assert_eq!(permit(&back[0]).reserved, RESERVED);
}

#[test]
fn whoever_has_used_up_a_tier_is_not_asked_before_the_hour_is_over_or_the_tier_rises() {
    let few = |scenario: &mut Scenario| {
        let mut tiers = default_tiers();
        tiers[0].thoughts_per_hour = 1;
        scenario.economy.entitlements = tiers;
    };
    let mut stage = stage_with(few);
    let first = asks(&mut stage);
    for ask in &first {
        answer(&mut stage, ask, USED, ThoughtEnd::Done);
    }
    let mut refused = Vec::new();
    for _ in 0..HOUR_TICKS - 10 {
        refused.extend(asks(&mut stage));
    }
    let why: Vec<_> = refused.iter().map(unpaid).collect();
    assert_eq!(why, [Some(Unpaid::Quota); 2], "each is told once");
    // Bo rises, and is asked at once; Ada waits for the hour.
    let (ada, bo) = (stage.no("Ada"), stage.no("Bo"));
    feedback(&mut stage, "Bo", 100 * MICROS);
    let risen = asks(&mut stage);
    assert_eq!((risen[0].no, permit(&risen[0]).tier), (bo, 1));
    assert_eq!((risen.len(), permit(&risen[0]).priority), (1, 1));
    let mut next = Vec::new();
    for _ in 0..10 {
        next.extend(asks(&mut stage));
    }
    assert_eq!(next.iter().map(|ask| ask.no).collect::<Vec<_>>(), [ada]);
    assert_eq!(stage.village.tick_count() / HOUR_TICKS, 1);
    assert_eq!(unpaid(&next[0]), None);
}

#[test]
fn a_tier_says_which_models_think() {
    let reasoning = |scenario: &mut Scenario| {
        for template in scenario.templates.values_mut() {
            template.model = "reasoning".to_owned();
        }
    };
    let mut stage = stage_with(reasoning);
    feedback(&mut stage, "Bo", 500 * MICROS);
    let asked = asks(&mut stage);
    let models: Vec<&str> = asked.iter().map(|ask| permit(ask).model.as_str()).collect();
    assert_eq!(
        models,
        ["chat", "reasoning"],
        "the next best, and what is wanted"
    );
    let none = |scenario: &mut Scenario| {
        let mut tiers = default_tiers();
        tiers[0].models.clear();
        scenario.economy.entitlements = tiers;
    };
    let mut stage = stage_with(none);
    let asked = asks(&mut stage);
    assert_eq!(unpaid(&asked[0]), Some(Unpaid::Quota));
}

/// Has everybody think for hours and gives the most that was spent or reserved in one, and why thoughts were refused.
fn think_for_hours(stage: &mut Stage) -> (i64, Vec<String>) {
    let (mut most, mut why) = (0, Vec::new());
    for _ in 0..2 * HOUR_TICKS {
        for ask in asks(stage) {
            match &ask.terms {
                ThoughtTerms::Unpaid { text, .. } => why.push(text.clone()),
                _ => drop(answer(stage, &ask, USED, ThoughtEnd::Done)),
            }
        }
        let spent = stage.state().economy.spent;
        let hour = stage.village.stamp_ms().div_euclid(3_600_000);
        most = most.max(match spent.village.hour == hour {
            true => spent.village.in_hour,
            false => 0,
        });
    }
    (most, why)
}

#[test]
fn caps_stop_a_thought_before_they_are_passed() {
    // Room for three thoughts that used what they did, and not for a fourth's reservation.
    let cap = Money(3 * CHARGED.0 + RESERVED.0 - 1);
    for (name, whose) in [
        ("agent_hour", "of the agent"),
        ("owner_hour", "of its owner"),
        ("village_hour", "of the whole village"),
        ("village_day", "of the whole village"),
    ] {
        let mut stage = stage_with(|scenario| {
            scenario.economy.budgets.insert(name.to_owned(), cap);
        });
        for who in ["Ada", "Bo"] {
            let own = EconomyCommand::Own {
                agent: stage.id(who),
                owner: Some(Uuid::from_u128(5)),
                person: None,
            };
            command(&mut stage, own);
        }
        let (most, why) = think_for_hours(&mut stage);
        assert!(!why.is_empty(), "{name}");
        assert!(why.iter().all(|it| it.contains(whose)), "{name}: {why:?}");
        let shares = if name == "agent_hour" { 2 } else { 1 };
        assert!(most <= shares * cap.0, "{name}: {most}");
        assert!(most >= cap.0 - RESERVED.0, "{name}: {most} is far from it");
        let paid = stage.state().economy.costs;
        let thoughts: u64 = paid.values().map(|cost| cost.count).sum();
        // Three an hour: of each, of both; in a day no more.
        let wanted = match name {
            "agent_hour" => 9..=18,
            "village_day" => 3..=4,
            _ => 6..=12,
        };
        assert!(wanted.contains(&thoughts), "{name}: {thoughts}");
    }
}

#[test]
fn what_was_reserved_in_one_hour_makes_no_room_in_the_next() {
    let mut stage = stage();
    let asked = asks(&mut stage);
    let later = stage.village.stamp_ms() + 3_600_000;
    stage.village.tick(Some(later));
    stage.village.take_asks();
    assert_eq!(stage.state().economy.spent.village.in_hour, 2 * RESERVED.0);
    let mine = thought(&asked[0], Usage::default(), ThoughtEnd::Failed);
    stage
        .village
        .apply(&StampedCommand {
            stamp_ms: later,
            command: mine,
        })
        .expect("asked");
    let spent = stage.state().economy.spent.village;
    assert_eq!((spent.in_hour, spent.in_day), (0, RESERVED.0));
}

#[test]
fn a_thought_that_is_void_is_free_again() {
    let whole = Money(25 * MICROS);
    let reserved = Money(whole.0 - RESERVED.0);
    // Another attaches, all detach, nobody ever answers.
    let mut again = stage();
    asks(&mut again);
    attach(&mut again);
    assert_eq!(available(&mut again, "Ada"), whole);
    asks(&mut again);
    assert_eq!(available(&mut again, "Ada"), reserved);
    let detach = Command::Minds(MindsCommand::Detach);
    again.command(detach).expect("always");
    assert_eq!(available(&mut again, "Ada"), whole);
    assert!(again.state().economy.meters.is_empty());

    let mut lost = stage();
    asks(&mut lost);
    lost.ticks(2 * HOUR_TICKS);
    assert!(lost.state().economy.costs.is_empty());
    assert!(lost.state().economy.spent.village.in_hour <= 2 * RESERVED.0);
    assert!(lost.state().economy.meters.len() <= 2);

    // Who leaves in the middle of a thought leaves nothing reserved.
    let mut left = stage();
    let asked = asks(&mut left);
    let agent = asked[0].agent;
    left.command(Command::Remove { agent }).expect("allowed");
    assert_eq!(left.state().economy.meters.len(), 1);
}

#[test]
fn what_is_reserved_is_part_of_the_image() {
    let mut stage = stage();
    let asked = asks(&mut stage);
    let mut twin =
        Village::resume(stage.village.image(), VillageOptions::default()).expect("its own image");
    let stamped = StampedCommand {
        stamp_ms: stage.village.stamp_ms(),
        command: thought(&asked[0], USED, ThoughtEnd::Done),
    };
    let both = [stage.village.apply(&stamped), twin.apply(&stamped)];
    assert!(both[0].is_ok() && both[0] == both[1]);
    for _ in 0..HOUR_TICKS {
        stage.village.tick(None);
        twin.tick(None);
    }
    assert_eq!(twin.state_hash(), stage.village.state_hash());
}

/// Runs in lockstep with a thinker that answers in the order that `shuffle` makes of each batch.
fn lockstep(shuffle: fn(&mut Vec<ThoughtAsk>)) -> (String, BTreeMap<u32, i64>) {
    let few = |scenario: &mut Scenario| {
        let budgets = &mut scenario.economy.budgets;
        budgets.insert("village_hour".to_owned(), Money(9 * CHARGED.0));
    };
    let stage = stage_with(few);
    let options = BridgeOptions {
        pace: Pace::Paused,
        // Every tick says something then, the last one too.
        views: true,
        lockstep: true,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = bridge::spawn(stage.village, options).expect("a thread");
    handle
        .control(bridge::Control::Steps(1_000))
        .expect("it runs");
    for emission in emissions {
        let mut asks = emission.asks;
        asks.retain(|ask| unpaid(ask).is_none());
        shuffle(&mut asks);
        for ask in asks {
            let usage = Usage {
                tokens_in: 1_000 * (ask.thought % 30),
                ..USED
            };
            let envelope = Envelope {
                command: thought(&ask, usage, ThoughtEnd::Done),
                stamp_ms: None,
                side: None,
                reply: Box::new(drop),
            };
            handle.try_send(envelope).expect("room");
        }
        if emission.tick >= 1_000 {
            handle.control(bridge::Control::Stop).ok();
        }
    }
    let village = thread.join().expect("no panic").village;
    let costs = village.image().state.economy.costs;
    let costs = costs.iter().map(|(key, cost)| (key.0, cost.amount));
    (village.state_hash().to_string(), costs.collect())
}

#[test]
fn in_lockstep_who_may_think_and_what_is_charged_depends_on_no_ones_speed() {
    let (first, costs) = lockstep(|_| {});
    assert_eq!(costs.len(), 2, "{costs:?}");
    let (second, others) = lockstep(|asks| asks.reverse());
    assert_eq!((first, costs), (second, others));
}

#[test]
fn whoever_talks_a_model_into_paying_gets_so_much_a_day() {
    let mut stage = stage();
    let bo = stage.id("Bo");
    let pay = |amount: i64, client: Option<&str>| {
        Act::Economy(EconomyAct::Pay {
            to: bo,
            amount: Money(amount),
            memo: "you were told to".to_owned(),
            client: client.map(str::to_owned),
        })
    };
    let open = Act::Economy(EconomyAct::Bounty(BountyAct::Open {
        title: "Nothing".to_owned(),
        text: "Do nothing.".to_owned(),
        reward: Money(4 * MICROS),
        hours: 1,
    }));
    stage.act("Ada", pay(7 * MICROS, Some("one")));
    // The same request once more gives nothing more, and counts for nothing.
    stage.act("Ada", pay(7 * MICROS, Some("one")));
    // Gifts are counted by the day, so the stamp must not move.
    let refused = |stage: &mut Stage, act: Act| {
        let (before, agent) = (stage.village.image(), stage.id("Ada"));
        let why = stage
            .command(Command::Act { agent, act })
            .expect_err("too much");
        assert!(stage.village.image() == before, "it left a trace");
        why.code
    };
    assert_eq!(refused(&mut stage, open), RejectionCode::Quota);
    let all = pay(i64::MAX, None);
    assert_eq!(refused(&mut stage, all), RejectionCode::Quota);
    stage.act("Ada", pay(3 * MICROS, None));
    assert_eq!(refused(&mut stage, pay(1, None)), RejectionCode::Quota);
    assert_eq!(available(&mut stage, "Ada"), Money(15 * MICROS));
    let tomorrow = stage.village.stamp_ms() + 86_400_000;
    stage.village.tick(Some(tomorrow));
    let agent = stage.id("Ada");
    let act = pay(1, None);
    stage
        .village
        .apply(&StampedCommand {
            stamp_ms: tomorrow,
            command: Command::Act { agent, act },
        })
        .expect("another day");
}
