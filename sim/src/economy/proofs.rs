//! Proofs: whatever is asked of the economy, no money appears, vanishes or is spent twice; and bad input of every kind is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome, RejectionCode, StampedCommand};
use hamlet_protocol::economy::command::{
    BountyAct, EconomyAct, EconomyCommand, EconomyOutcome, Feedback, Reserve, Usage,
};
use hamlet_protocol::economy::image::BountyState;
use hamlet_protocol::economy::tier::default_tiers;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_protocol::money::{MICROS, Money};

use super::ledger::Purse;
use super::params;
use crate::testing::Stage;

const NAMES: [&str; 4] = ["Ada", "Bo", "Cy", "Di"];
const HOUR_MS: i64 = 3_600_000;

/// Four who are driven from outside, with 25 aiDollars each.
fn stage() -> Stage {
    let places = [(14, 5), (15, 5), (16, 5), (17, 5)];
    let people: Vec<(&str, (u16, u16))> = NAMES.into_iter().zip(places).collect();
    Stage::with(&people, |scenario| {
        scenario.economy.grant = Money(25 * MICROS);
        // Money is what ends thoughts here, and no limit of a tier or cap.
        let mut tiers = default_tiers();
        for tier in &mut tiers {
            (tier.thoughts_per_hour, tier.tokens_per_hour) = (u32::MAX, u64::MAX);
        }
        scenario.economy.entitlements = tiers;
        for name in ["agent_hour", "village_hour", "agent_day", "village_day"] {
            let budgets = &mut scenario.economy.budgets;
            budgets.insert(name.to_owned(), Money(i64::MAX));
        }
        for population in &mut scenario.populations {
            population.mind = MindKind::External;
        }
    })
}

/// Chance of a test: the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// A bounty as it ought to stand.
struct Work {
    by: usize,
    whole: i64,
    reward: i64,
    state: BountyState,
    worker: Option<usize>,
    handed_in: bool,
    until_ms: i64,
}

/// What the economy ought to come to, said as simply as can be: what each can spend, what is reserved, and where bounties stand.
#[derive(Default)]
struct Model {
    purse: Vec<i64>,
    fees: i64,
    treasury: i64,
    burnt: i64,
    minted: i64,
    reserved: BTreeMap<u64, (usize, i64)>,
    work: Vec<Work>,
}

impl Model {
    fn escrow(&self) -> i64 {
        let open = self.work.iter().filter(|it| it.state.is_under_way());
        open.map(|it| it.whole).sum()
    }

    /// What happens by itself when time passes.
    fn late(&mut self, now_ms: i64) {
        for work in &mut self.work {
            let waits = work.state.is_under_way() && work.state != BountyState::Disputed;
            if !waits || work.until_ms > now_ms {
                continue;
            }
            if work.handed_in {
                work.state = BountyState::Disputed;
            } else {
                work.state = BountyState::Refunded;
                self.purse[work.by] += work.whole;
            }
        }
    }
}

struct Trial {
    stage: Stage,
    model: Model,
    ids: Vec<AgentId>,
    dice: Dice,
    now_ms: i64,
}

impl Trial {
    fn new(seed: u64) -> Self {
        let stage = stage();
        let ids: Vec<AgentId> = NAMES.iter().map(|name| stage.id(name)).collect();
        let now_ms = stage.village.stamp_ms();
        let model = Model {
            purse: vec![25 * MICROS; NAMES.len()],
            ..Model::default()
        };
        Self {
            stage,
            model,
            ids,
            dice: Dice(seed),
            now_ms,
        }
    }

    fn ask(&mut self, command: Command) -> Option<Outcome> {
        let stamped = StampedCommand {
            stamp_ms: self.now_ms,
            command,
        };
        let answer = self.stage.village.apply(&stamped);
        answer.ok().map(|applied| applied.outcome)
    }

    fn act(&mut self, who: usize, act: EconomyAct) -> bool {
        let agent = self.ids[who];
        let act = Act::Economy(act);
        self.ask(Command::Act { agent, act }).is_some()
    }

    fn order(&mut self, command: EconomyCommand) -> Option<EconomyOutcome> {
        match self.ask(Command::Economy(Box::new(command)))? {
            Outcome::Economy(outcome) => Some(outcome),
            _ => None,
        }
    }

    fn who(&mut self) -> usize {
        self.dice.below(NAMES.len() as u64) as usize
    }

    fn amount(&mut self) -> i64 {
        let whole = [
            0,
            -1,
            1,
            3,
            700_000,
            2_000_000,
            9_000_000,
            i64::MAX,
            i64::MIN,
        ];
        whole[self.dice.below(whole.len() as u64) as usize]
    }

    fn step(&mut self) {
        match self.dice.below(10) {
            0 | 1 => self.pay(),
            2 => self.feed_back(),
            3 | 4 => self.think(),
            5 => self.open(),
            6..=8 => self.work(),
            _ => self.wait(),
        }
    }

    fn pay(&mut self) {
        let (from, to, amount) = (self.who(), self.who(), self.amount());
        let done = self.act(
            from,
            EconomyAct::Pay {
                to: self.ids[to],
                amount: Money(amount),
                memo: String::new(),
                client: None,
            },
        );
        let wanted = from != to && amount > 0 && amount <= self.model.purse[from];
        assert_eq!(done, wanted, "{from} pays {to} {amount}");
        if done {
            self.model.purse[from] -= amount;
            self.model.purse[to] += amount;
        }
    }

    /// The village rewards without limit; a penalty takes at most what can be spent.
    fn feed_back(&mut self) {
        let (whom, amount) = (self.who(), self.amount().clamp(-9_000_000, 2_000_000));
        let done = self.order(EconomyCommand::Feedback(Feedback {
            by: None,
            agent: self.ids[whom],
            amount: Money(amount),
            reason: "of a test".to_owned(),
            post: None,
            client: None,
        }));
        let Some(EconomyOutcome::Transferred { amount: given, .. }) = done else {
            assert!(amount == 0 || self.model.purse[whom] == 0, "{done:?}");
            return;
        };
        let wanted = amount.max(-self.model.purse[whom]);
        assert_eq!(given.0, wanted);
        self.model.purse[whom] += wanted;
        match wanted {
            1.. => self.model.minted += wanted,
            _ => self.model.burnt -= wanted,
        }
    }

    /// Reserves what a thought may cost, or ends one that is reserved: settled, released, twice, or never heard of.
    fn think(&mut self) {
        let known: Vec<u64> = self.model.reserved.keys().copied().collect();
        if known.len() < 3 {
            let who = self.who();
            let tokens = 1 + self.dice.below(30_000_000);
            let price = (tokens as i64 + 1) / 2;
            let done = self.order(EconomyCommand::Reserve(Reserve {
                agent: self.ids[who],
                owner: None,
                estimate: Usage {
                    tokens_in: tokens,
                    ..Usage::default()
                },
                purpose: "thought".to_owned(),
                model: "chat".to_owned(),
                ttl_secs: 24 * 3600,
            }));
            match done {
                Some(EconomyOutcome::Reserved {
                    reservation,
                    amount,
                }) => {
                    assert_eq!(amount.0, price);
                    assert!(price <= self.model.purse[who]);
                    self.model.purse[who] -= price;
                    self.model.reserved.insert(reservation, (who, price));
                }
                other => assert_eq!(other, None),
            }
            return;
        }
        let reservation = known[self.dice.below(known.len() as u64) as usize];
        let (who, held) = self.model.reserved.remove(&reservation).unwrap();
        let used = match self.dice.below(3) {
            0 => {
                assert!(self.ask(release(reservation)).is_some());
                0
            }
            // More than was reserved is not charged.
            more => {
                let usage = Usage {
                    tokens_in: (held as u64) * more * more,
                    ..Usage::default()
                };
                let settled = self.order(EconomyCommand::Settle { reservation, usage });
                let Some(EconomyOutcome::Settled { amount }) = settled else {
                    panic!("{settled:?}");
                };
                assert!(amount.0 <= held && amount.0 > 0);
                amount.0
            }
        };
        self.model.purse[who] += held - used;
        self.model.treasury += used;
        assert!(self.ask(release(reservation)).is_none(), "it is over");
    }

    fn open(&mut self) {
        let (by, reward) = (self.who(), self.amount());
        let hours = 1 + self.dice.below(3) as u32;
        let done = self.act(
            by,
            EconomyAct::Bounty(BountyAct::Open {
                title: format!("Fence {}", self.model.work.len()),
                text: "Paint it.".to_owned(),
                reward: Money(reward),
                hours,
            }),
        );
        let fee = params::share(Money(reward.max(0)), 10_000).0;
        let whole = reward.saturating_add(fee);
        if !done {
            let own = |it: &&Work| it.by == by && it.state.is_under_way();
            let many = self.model.work.iter().filter(own).count() >= 20;
            assert!(reward <= 0 || whole > self.model.purse[by] || many);
            return;
        }
        self.model.purse[by] -= whole;
        self.model.work.push(Work {
            by,
            whole,
            reward,
            state: BountyState::Open,
            worker: None,
            handed_in: false,
            until_ms: self.now_ms + i64::from(hours) * HOUR_MS,
        });
    }

    /// Anybody does anything about any bounty; what is not theirs to do is refused.
    fn work(&mut self) {
        let who = self.who();
        let number = self.dice.below(self.model.work.len() as u64 + 1) as usize;
        let bounty = number as u32;
        let reason = || "because".to_owned();
        let deed = self.dice.below(8);
        let act = match deed {
            0 | 1 => BountyAct::Claim {
                bounty,
                shares: Vec::new(),
            },
            2 | 3 => BountyAct::Submit {
                bounty,
                deliverable: "Here.".to_owned(),
            },
            4 => BountyAct::Accept { bounty },
            5 => BountyAct::Reject {
                bounty,
                reason: reason(),
            },
            6 => BountyAct::Withdraw { bounty },
            _ => BountyAct::Dispute {
                bounty,
                reason: reason(),
            },
        };
        let done = self.act(who, EconomyAct::Bounty(act));
        let Some(work) = self.model.work.get_mut(number) else {
            assert!(!done, "there is no bounty {number}");
            return;
        };
        use BountyState::{Accepted, Claimed, Disputed, Open, Refunded, Submitted};
        let (own, works) = (work.by == who, work.worker == Some(who));
        let wanted = match deed {
            0 | 1 => work.state == Open && !own,
            2 | 3 => work.state == Claimed && works,
            4 => matches!(work.state, Submitted | Disputed) && own,
            5 => work.state == Submitted && own,
            6 => work.state == Open && own,
            _ => matches!(work.state, Claimed | Submitted) && (own || works) && work.handed_in,
        };
        assert_eq!(done, wanted, "{who} does {deed} about {number}");
        if !done {
            return;
        }
        match deed {
            0 | 1 => (work.state, work.worker) = (Claimed, Some(who)),
            2 | 3 => (work.state, work.handed_in) = (Submitted, true),
            4 => {
                work.state = Accepted;
                self.model.purse[work.worker.unwrap()] += work.reward;
                self.model.fees += work.whole - work.reward;
            }
            5 => work.state = Claimed,
            6 => {
                work.state = Refunded;
                self.model.purse[who] += work.whole;
            }
            _ => work.state = Disputed,
        }
    }

    /// Time passes, sometimes the program ends in between and begins again from its image, with whatever was reserved.
    fn wait(&mut self) {
        if self.dice.below(2) == 0 {
            self.stage.edit(|_state| {});
        }
        // Reservations end after a day, which a trial does not reach.
        self.now_ms += 60_000 * (1 + self.dice.below(5) as i64);
        self.stage.village.tick(Some(self.now_ms));
        self.model.late(self.now_ms);
    }

    fn compare(&mut self) {
        let numbers: Vec<u32> = NAMES.iter().map(|name| self.stage.no(name)).collect();
        let (model, escrow) = (&self.model, self.model.escrow());
        self.stage.in_town(|town| {
            let ledger = &town.economy.ledger;
            assert_eq!(ledger.sum(), 0);
            for (at, &no) in numbers.iter().enumerate() {
                let free = ledger.available(Purse::of(no)).0;
                assert_eq!(free, model.purse[at], "{}", NAMES[at]);
            }
            assert_eq!(ledger.balance(Purse::ESCROW).0, escrow);
            assert_eq!(ledger.balance(Purse::FEES).0, model.fees);
        });
    }
}

fn release(reservation: u64) -> Command {
    Command::Economy(Box::new(EconomyCommand::Release { reservation }))
}

#[test]
fn whatever_is_asked_of_it_the_economy_does_what_its_model_does() {
    for seed in 0..12 {
        let mut trial = Trial::new(seed);
        let begun = trial.stage.village.image().state.economy.ledger;
        for _ in 0..250 {
            trial.step();
            trial.compare();
        }
        let ended = trial.stage.village.image().state.economy.ledger;
        assert!(ended.transfers > begun.transfers + 40, "seed {seed}");
        let model = &trial.model;
        let have: i64 = model.purse.iter().sum();
        let held: i64 = model.reserved.values().map(|it| it.1).sum();
        let all = have + held + model.escrow() + model.fees + model.treasury + model.burnt;
        assert_eq!(all, 100 * MICROS + model.minted, "seed {seed}");
    }
}

#[test]
fn whoever_is_banned_gets_nothing_and_a_hidden_post_is_no_reason() {
    let mut stage = stage();
    let (ada, bo) = (stage.id("Ada"), stage.id("Bo"));
    let note = stage.post("Bo", "A goat is found");
    let measure = |kind, subject| {
        Command::Moderation(Box::new(ModerationCommand::Take(Measure {
            by: Moderator::Staff(uuid::Uuid::from_u128(1)),
            kind,
            subject,
            submolt: None,
            until_ms: None,
            reason: "It must not be.".to_owned(),
        })))
    };
    let reward = |post| {
        Command::Economy(Box::new(EconomyCommand::Feedback(Feedback {
            by: None,
            agent: bo,
            amount: Money(MICROS),
            reason: "well found".to_owned(),
            post,
            client: None,
        })))
    };
    stage.command(reward(Some(note))).unwrap();
    stage
        .command(measure(MeasureKind::Remove, Subject::Post(note)))
        .unwrap();
    assert_eq!(
        stage.refused_command_after(reward(Some(note))),
        RejectionCode::NotFound
    );
    stage
        .command(measure(MeasureKind::Ban, Subject::Agent(bo)))
        .unwrap();
    let pay = Command::Act {
        agent: ada,
        act: Act::Economy(EconomyAct::Pay {
            to: bo,
            amount: Money(1),
            memo: String::new(),
            client: None,
        }),
    };
    assert_eq!(stage.refused_command_after(pay), RejectionCode::Forbidden);
}

#[test]
fn a_bounty_that_ends_while_it_is_accepted_is_paid_once() {
    // The decision comes with the very stamp at which its time is over: before the tick it is paid, after it nothing is refunded.
    let bounty = |act| Act::Economy(EconomyAct::Bounty(act));
    for decided_first in [true, false] {
        let mut stage = stage();
        let open = BountyAct::Open {
            title: "A fence".to_owned(),
            text: "Paint it.".to_owned(),
            reward: Money(10 * MICROS),
            hours: 1,
        };
        stage.act("Ada", bounty(open));
        let claim = BountyAct::Claim {
            bounty: 0,
            shares: Vec::new(),
        };
        stage.act("Bo", bounty(claim));
        let submit = BountyAct::Submit {
            bounty: 0,
            deliverable: "Blue.".to_owned(),
        };
        stage.act("Bo", bounty(submit));
        let over = stage.village.stamp_ms() + HOUR_MS;
        let agent = stage.id("Ada");
        let accept = StampedCommand {
            stamp_ms: over,
            command: Command::Act {
                agent,
                act: bounty(BountyAct::Accept { bounty: 0 }),
            },
        };
        if decided_first {
            stage.village.apply(&accept).unwrap();
            stage.village.tick(Some(over));
        } else {
            stage.village.tick(Some(over));
            // Moderators are asked, and whoever announced it may still accept.
            stage.village.apply(&accept).unwrap();
        }
        stage.village.tick(Some(over + HOUR_MS));
        assert!(stage.village.apply(&accept).is_err(), "once");
        let economy = stage.state().economy;
        assert_eq!(economy.bounties[0].state, BountyState::Accepted);
        let of = |name: &str| economy.ledger.members[stage.no(name) as usize];
        assert_eq!(
            (of("Ada"), of("Bo")),
            (25 * MICROS - 10_100_000, 35 * MICROS)
        );
        // Credits follow acceptance.
        let book = stage.state().reputation;
        let credits = crate::reputation::explain(&book, stage.no("Bo"), |_| 0).credits;
        assert_eq!((book.accepted.len(), credits), (1, 4));
    }
}
