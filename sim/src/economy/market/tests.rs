//! The book against a plain list of orders: by price, then by who came first, and neither goods nor money appear or vanish.

use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome};
use hamlet_protocol::economy::command::EconomyAct;
use hamlet_protocol::money::MICROS;

use super::*;
use crate::testing::Stage;

const NAMES: [&str; 4] = ["Ada", "Bo", "Cy", "Di"];
const GOODS: [Item; 2] = [Item::Bread, Item::Cloth];
/// Pieces of each kind that everybody begins with.
const PIECES: u16 = 9;

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

#[derive(Clone, Copy, Debug, PartialEq)]
struct Listed {
    no: u64,
    who: usize,
    side: Side,
    good: usize,
    left: u16,
    price: i64,
}

impl Listed {
    fn held(&self) -> i64 {
        self.price * i64::from(self.left)
    }
}

/// What everybody ought to have, and what ought to stand in the book, by number.
struct Model {
    bags: [[u16; 2]; 4],
    purses: [i64; 4],
    taxes: i64,
    book: Vec<Listed>,
    made: u64,
    sold: u64,
    tax_ppm: u32,
}

impl Model {
    /// Whether it is taken.
    fn place(&mut self, who: usize, side: Side, good: usize, left: u16, price: i64) -> bool {
        let own = self.book.iter().filter(|it| it.who == who).count();
        if left == 0 || price == 0 || own >= OWN_MAX {
            return false;
        }
        let listed = Listed {
            no: self.made + 1,
            who,
            side,
            good,
            left,
            price,
        };
        match side {
            Side::Offer if self.bags[who][good] >= left => self.bags[who][good] -= left,
            Side::Request if self.purses[who] >= listed.held() => {
                self.purses[who] -= listed.held();
            }
            Side::Offer | Side::Request => return false,
        }
        self.made += 1;
        self.book.push(listed);
        true
    }

    fn cancel(&mut self, who: usize, no: u64) -> bool {
        let Some(at) = self.book.iter().position(|it| it.no == no && it.who == who) else {
            return false;
        };
        let it = self.book.remove(at);
        match it.side {
            Side::Offer => self.bags[who][it.good] += it.left,
            Side::Request => self.purses[who] += it.held(),
        }
        true
    }

    /// The dearest request for which somebody else asks no more, and the cheapest such offer; of equal ones the older.
    fn meeting(&self) -> Option<(Listed, Listed)> {
        let of = |side| self.book.iter().filter(move |it| it.side == side);
        let mut requests: Vec<&Listed> = of(Side::Request).collect();
        requests.sort_by_key(|it| (-it.price, it.no));
        requests.into_iter().find_map(|request| {
            let fits = |it: &&Listed| {
                it.good == request.good && it.who != request.who && it.price <= request.price
            };
            let offer = of(Side::Offer)
                .filter(fits)
                .min_by_key(|it| (it.price, it.no))?;
            Some((*offer, *request))
        })
    }

    fn tick(&mut self) {
        while let Some((offer, request)) = self.meeting() {
            let older = if offer.no < request.no {
                offer
            } else {
                request
            };
            let count = offer.left.min(request.left);
            let pieces = i64::from(count);
            let sum = older.price * pieces;
            let tax = params::share(Money(sum), self.tax_ppm).0;
            self.purses[offer.who] += sum - tax;
            self.purses[request.who] += request.price * pieces - sum;
            self.taxes += tax;
            self.bags[request.who][request.good] += count;
            self.sold += u64::from(count);
            for it in &mut self.book {
                if it.no == offer.no || it.no == request.no {
                    it.left -= count;
                }
            }
            self.book.retain(|it| it.left > 0);
        }
    }
}

struct Trial {
    stage: Stage,
    numbers: Vec<u32>,
    model: Model,
    dice: Dice,
    /// What was in the treasury at first.
    treasury: i64,
}

impl Trial {
    /// Four stand in the market, with goods and 25 aiDollars each.
    fn new(seed: u64) -> Self {
        let places = [(5, 7), (6, 7), (7, 7), (8, 7)];
        let people: Vec<(&str, (u16, u16))> = NAMES.into_iter().zip(places).collect();
        let mut stage = Stage::with(&people, |scenario| {
            scenario.economy.grant = Money(25 * MICROS);
            scenario.economy.newcomer_hours = 0;
            scenario.rules.external_idle_secs = 86_400;
            for population in &mut scenario.populations {
                population.mind = MindKind::External;
            }
        });
        for name in NAMES {
            stage.edit_resident(name, |it| {
                it.inventory = GOODS.map(|item| (item, PIECES)).to_vec();
            });
        }
        let landmark = stage.place(&LandmarkKind::Market);
        let open = Some(true);
        let opened = stage.command(Command::SetOpen { landmark, open });
        opened.expect("a market opens");
        let tax_ppm = stage.in_town(|town| params::tax_ppm(town.terms(), "sales"));
        let model = Model {
            bags: [[PIECES; 2]; 4],
            purses: [25 * MICROS; 4],
            taxes: 0,
            book: Vec::new(),
            made: 0,
            sold: 0,
            tax_ppm,
        };
        let mut trial = Self {
            numbers: NAMES.map(|name| stage.no(name)).to_vec(),
            stage,
            model,
            dice: Dice(seed),
            treasury: 0,
        };
        trial.treasury = trial.treasury();
        trial
    }

    fn act(&mut self, who: usize, act: EconomyAct) -> Option<Outcome> {
        let command = Command::Act {
            agent: self.stage.id(NAMES[who]),
            act: Act::Economy(act),
        };
        let answer = self.stage.command(command);
        answer.ok().map(|applied| applied.outcome)
    }

    fn step(&mut self) {
        let who = self.dice.below(4) as usize;
        match self.dice.below(8) {
            0..=4 => self.place(who),
            5 => {
                let order = 1 + self.dice.below(self.model.made + 1);
                let done = self.act(who, EconomyAct::CancelOrder { order });
                assert_eq!(done.is_some(), self.model.cancel(who, order), "{order}");
            }
            _ => {
                self.stage.ticks(1);
                self.model.tick();
            }
        }
    }

    fn place(&mut self, who: usize) {
        let side = [Side::Offer, Side::Request][self.dice.below(2) as usize];
        let good = self.dice.below(2) as usize;
        let (count, price) = (
            self.dice.below(5) as u16,
            self.dice.below(7) as i64 * 150_000,
        );
        let order = EconomyAct::Order {
            side,
            item: GOODS[good],
            count,
            price: Money(price),
        };
        let done = self.act(who, order);
        let taken = self.model.place(who, side, good, count, price);
        let wanted = taken.then_some(Outcome::Economy(EconomyOutcome::Ordered {
            order: self.model.made,
        }));
        assert_eq!(done, wanted, "{who} {side:?} {good} {count} {price}");
    }

    fn compare(&mut self) {
        let state = self.stage.state();
        for (who, &no) in self.numbers.iter().enumerate() {
            let resident = state.residents.iter().find(|it| it.no == no);
            let bag = &resident.expect("they live here").inventory;
            let has = GOODS.map(|item| {
                let stack = bag.iter().find(|(it, _)| *it == item);
                stack.map_or(0, |&(_, count)| count)
            });
            assert_eq!(has, self.model.bags[who], "{who}");
            let purse = self.stage.in_town(|town| town.available(no));
            assert_eq!(purse.0, self.model.purses[who], "{who}");
        }
        let orders = state.economy.market.orders.iter();
        let book: Vec<Listed> = orders.map(|(&no, it)| self.listed(no, it)).collect();
        assert_eq!(book, self.model.book);
        let requests = book.iter().filter(|it| it.side == Side::Request).count();
        assert_eq!(state.economy.ledger.pending.len(), requests);
        assert_eq!(self.treasury() - self.treasury, self.model.taxes);
    }

    fn listed(&self, no: u64, order: &OrderImage) -> Listed {
        let who = self.numbers.iter().position(|&it| it == order.agent);
        let good = GOODS.iter().position(|&it| it == order.item);
        Listed {
            no,
            who: who.expect("one of the four"),
            side: order.side,
            good: good.expect("one of the two"),
            left: order.left,
            price: order.price,
        }
    }

    fn treasury(&mut self) -> i64 {
        let balance = self
            .stage
            .in_town(|town| town.economy.ledger.balance(Purse::TREASURY));
        balance.0
    }
}

#[test]
fn whatever_is_ordered_the_market_does_what_its_model_does() {
    let mut sold = 0;
    for seed in 0..10 {
        let mut trial = Trial::new(seed);
        for _ in 0..250 {
            trial.step();
            trial.compare();
        }
        sold += trial.model.sold;
        let model = &trial.model;
        let offered = |good| {
            let offers = model.book.iter().filter(move |it| it.side == Side::Offer);
            let left = offers.filter(move |it| it.good == good).map(|it| it.left);
            left.sum::<u16>()
        };
        for good in 0..2 {
            let carried: u16 = model.bags.iter().map(|bag| bag[good]).sum();
            assert_eq!(carried + offered(good), 4 * PIECES, "seed {seed}");
        }
        let requests = model.book.iter().filter(|it| it.side == Side::Request);
        let held: i64 = requests.map(Listed::held).sum();
        let all = model.purses.iter().sum::<i64>() + held + model.taxes;
        assert_eq!(all, 100 * MICROS, "seed {seed}");
    }
    assert!(sold > 200, "{sold} pieces are no market");
}
