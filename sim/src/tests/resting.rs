//! Live: the stamp is real time, and days in the town go by many times faster. A tier's hour lasts, and a model has the time it was given.

use std::collections::BTreeSet;

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, RejectionCode, StampedCommand};
use hamlet_protocol::economy::command::{EconomyCommand, Reserve, Usage};
use hamlet_protocol::economy::tier::default_tiers;
use hamlet_protocol::map::Point;
use hamlet_protocol::metrics::metric_index;
use hamlet_protocol::minds::{MindsCommand, ThoughtAnswer, ThoughtAsk, ThoughtEnd, ThoughtTerms};
use hamlet_protocol::money::{MICROS, Money};
use hamlet_protocol::scenario::Scenario;

use crate::testing::{self, Stage};
use crate::village::{Village, VillageOptions};

/// Ticks at ten a second.
const LIVE_MS: i64 = 100;
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;

/// Ada thinks, and whatever time it is is told from outside.
struct Live {
    stage: Stage,
    began_ms: i64,
    now_ms: i64,
}

fn live(late_secs: Option<u32>, change: impl FnOnce(&mut Scenario)) -> Live {
    let mut all = testing::with_puppet(testing::scenario(0), "Ada", Point::new(20, 5));
    for template in all.templates.values_mut() {
        template.think_ticks = 10;
    }
    all.populations[1].mind = MindKind::Llm;
    all.economy.grant = Money(25 * MICROS);
    change(&mut all);
    let mut stage = Stage::on(all, testing::map());
    let options = VillageOptions {
        thoughts: true,
        ..VillageOptions::default()
    };
    stage.village = Village::resume(stage.village.image(), options).expect("its own image");
    let attach = MindsCommand::Attach {
        think_secs: 120,
        estimate: None,
        late_secs,
    };
    stage
        .command(Command::Minds(attach))
        .expect("within its range");
    let now_ms = stage.village.stamp_ms();
    Live {
        stage,
        began_ms: now_ms,
        now_ms,
    }
}

impl Live {
    fn tick(&mut self, by_ms: i64) -> Vec<ThoughtAsk> {
        self.now_ms += by_ms;
        self.stage.village.tick(Some(self.now_ms));
        self.stage.village.take_events();
        self.stage.village.take_asks()
    }

    fn command(&mut self, command: Command) -> Result<(), RejectionCode> {
        let stamped = StampedCommand {
            stamp_ms: self.now_ms,
            command,
        };
        let answer = self.stage.village.apply(&stamped);
        answer.map(drop).map_err(|refused| refused.code)
    }

    fn answer(&mut self, ask: &ThoughtAsk, usage: Usage) -> Result<(), RejectionCode> {
        self.command(Command::Minds(MindsCommand::Think(Box::new(
            ThoughtAnswer {
                agent: ask.agent,
                fence: ask.fence,
                acts: Vec::new(),
                end: ThoughtEnd::Done,
                usage,
            },
        ))))
    }

    /// Seconds from the beginning at which she was asked, having answered each at once.
    fn think(&mut self, ticks: u32, by_ms: i64, usage: Usage) -> Vec<i64> {
        let mut asked = Vec::new();
        for _ in 0..ticks {
            for ask in self.tick(by_ms) {
                assert!(matches!(ask.terms, ThoughtTerms::Paid(_)), "{ask:?}");
                self.answer(&ask, usage).expect("asked");
                asked.push((self.now_ms - self.began_ms) / SECOND_MS);
            }
        }
        asked
    }
}

/// Sixty of these are what is not kept for tasks of the tokens of an hour.
const USED: Usage = Usage {
    tokens_in: 4_000,
    tokens_cached: 0,
    tokens_out: 1_000,
    tool_ms: 0,
};

#[test]
fn thoughts_and_their_tokens_are_measured() {
    let mut live = live(None, |scenario| scenario.outputs.every_ticks = 1);
    let asked = live.think(1_000, LIVE_MS, USED);
    assert!(asked.len() > 1, "{asked:?}");
    live.tick(LIVE_MS);
    let sample = live.stage.village.take_sample().expect("one of each tick");
    let value = |name| sample.values[metric_index(name).expect("known")];
    assert_eq!(value("thoughts"), asked.len() as f64);
    assert_eq!(value("tokens"), (asked.len() as u64 * USED.tokens()) as f64);
}

#[test]
fn a_tiers_hour_lasts_and_habits_fill_the_time_between() {
    let mut live = live(None, |_scenario| {});
    let (mut asked, mut places) = (Vec::new(), BTreeSet::new());
    for _ in 0..40 {
        asked.extend(live.think(50, LIVE_MS, USED));
        let at = live.stage.at("Ada");
        places.insert((at.x, at.y));
    }
    assert!(
        asked.last().is_some_and(|&last| last >= 120),
        "2 000 ticks on, she still thinks: {asked:?}"
    );
    assert!(asked.len() < 20, "but not all the time: {asked:?}");
    assert!(
        places.len() > 1,
        "she does what she needs between: {places:?}"
    );
}

#[test]
fn thoughts_come_evenly_over_the_hours() {
    let mut live = live(None, |_scenario| {});
    let asked = live.think(7_200, SECOND_MS, USED);
    let mut windows = [0; 6];
    for second in asked {
        windows[usize::try_from(second / 1_200).expect("later").min(5)] += 1;
    }
    assert!(
        windows.iter().all(|count| (6..=24).contains(count)),
        "{windows:?}"
    );
}

#[test]
fn work_on_tasks_has_its_share_of_a_tiers_hour() {
    let mut live = live(None, |scenario| {
        let mut tiers = default_tiers();
        tiers[0].thoughts_per_hour = 8;
        scenario.economy.entitlements = tiers;
    });
    let little = Usage {
        tokens_in: 100,
        ..Usage::default()
    };
    let asked = live.think(3_500, SECOND_MS, little);
    assert!((4..=6).contains(&asked.len()), "{asked:?}");
    assert!(live.now_ms < live.began_ms + HOUR_MS);
    for _ in 0..2 {
        let reserve = Reserve {
            agent: live.stage.id("Ada"),
            owner: None,
            estimate: little,
            purpose: "task".to_owned(),
            model: "chat".to_owned(),
            ttl_secs: 60,
        };
        let reserve = EconomyCommand::Reserve(reserve);
        live.command(Command::Economy(Box::new(reserve)))
            .expect("a quarter is kept");
    }
}

#[test]
fn a_rest_is_part_of_the_image_and_ends_with_the_tier() {
    let mut live = live(None, |_scenario| {});
    let asked = live.think(20, LIVE_MS, USED);
    assert_eq!(asked.len(), 1);
    let no = live.stage.no("Ada");
    let rest = live.stage.state().minds.minds[&no].rest.expect("it rests");
    assert!(live.now_ms < rest.spoken_ms && rest.spoken_ms < rest.until_ms);
    let image = live.stage.village.image();
    let twin = Village::resume(image, VillageOptions::default()).expect("its own image");
    assert_eq!(twin.state_hash(), live.stage.village.state_hash());
    let risen = hamlet_protocol::economy::command::Feedback {
        by: None,
        agent: live.stage.id("Ada"),
        amount: Money(100 * MICROS),
        reason: "of a test".to_owned(),
        post: None,
        client: None,
    };
    let risen = EconomyCommand::Feedback(risen);
    live.command(Command::Economy(Box::new(risen)))
        .expect("allowed");
    assert_eq!(live.stage.state().minds.minds[&no].rest, None);
}

/// Ticks at twenty times the usual pace.
const FAST_MS: i64 = 5;

#[test]
fn at_any_pace_a_model_has_the_seconds_it_was_given() {
    let thirty_secs = |late_secs| {
        let mut live = live(late_secs, |_scenario| {});
        let ask = live.tick(FAST_MS).remove(0);
        for _ in 0..6_000 {
            live.tick(FAST_MS);
        }
        live.answer(&ask, USED)
    };
    assert_eq!(thirty_secs(Some(40)), Ok(()));
    assert_eq!(thirty_secs(None), Err(RejectionCode::Changed));
    assert_eq!(thirty_secs(Some(20)), Err(RejectionCode::Changed));
}
