//! Makes up runs, so that outputs can be tested and looked at without a simulation.

use hamlet_protocol::act::VoteTarget;
use std::sync::Arc;

use hamlet_protocol::agent::{Activity, MindKind, Presence, Relation, Standing};
use hamlet_protocol::community::{CommunitiesView, seeds_always};
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{EVENT_KINDS, Event, EventRecord};
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::{AgentId, IdCodec, PostId};
use hamlet_protocol::map::{Area, Bitmap, Landmark, LandmarkKind, Point, TownMap};
use hamlet_protocol::metrics::{METRICS, Sample, metric_index};
use hamlet_protocol::money::Money;
use hamlet_protocol::pages::Pages;
use hamlet_protocol::persona::Persona;
use hamlet_protocol::rules::Rules;
use hamlet_protocol::scenario::{
    Economy, GeneratedMap, Intervention, InterventionKind, Landscape, MapSource, Outputs, Scenario,
    Stop,
};
use hamlet_protocol::time::TimeSpec;
use hamlet_protocol::view::{AgentView, WorldView};

/// Seed of everything made up.
pub(crate) const SEED: u64 = 7;

/// What a run hands to the recorder, in order.
#[derive(Clone, Debug)]
pub(crate) enum Handed {
    /// An event.
    Event(EventRecord),
    /// A sample.
    Sample(Sample),
}

const NAMES: [&str; 24] = [
    "Ada", "Bram", "Cleo", "Dario", "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kaya",
    "Linus", "Mira", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tilda", "Uma", "Vito",
    "Wanda", "Yuri",
];
const TITLES: [&str; 6] = [
    "Fresh rye bread at the café from seven",
    "Who left a green umbrella by the well?",
    "Looking for three hands to mend the bridge",
    "Lantern evening in the park, bring tea",
    "Trading plum jam for a sharp plane",
    "The library is warm and nobody knows it",
];
const LINES: [&str; 6] = [
    "I was just thinking the same.",
    "Have you been to the market yet?",
    "Not before breakfast, I beg you.",
    "They say the bridge will hold another winter.",
    "Count me in, and my brother too.",
    "That is the best news since Tuesday.",
];

/// A scenario that asks for everything.
pub(crate) fn scenario() -> Scenario {
    Scenario {
        name: "market-day".to_owned(),
        description:
            "A small town on the first of February: bread, barter and a rumour about the bridge."
                .to_owned(),
        seed: SEED,
        map: MapSource::Generated(GeneratedMap {
            kind: Landscape::Town,
            width: 96,
            height: 64,
            homes: 25,
            seed: 1,
        }),
        time: TimeSpec {
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            start: "2026-02-01T07:00:00Z".parse().unwrap_or_default(),
        },
        economy: Economy::default(),
        rules: Rules::default(),
        submolts: seeds_always(),
        filters: Vec::new(),
        templates: Default::default(),
        populations: Vec::new(),
        interventions: vec![
            Intervention {
                at_tick: 900,
                what: InterventionKind::Say {
                    agent: "Ada".to_owned(),
                    text: "Good morning, all!".to_owned(),
                },
                optional: false,
            },
            Intervention {
                at_tick: 2000,
                what: InterventionKind::PriceShock {
                    item: None,
                    percent: 150,
                },
                optional: false,
            },
            Intervention {
                at_tick: 2500,
                what: InterventionKind::Stimulus {
                    amount: Money(2_000_000),
                    reason: "a fair".to_owned(),
                },
                optional: false,
            },
        ],
        stop: Stop::default(),
        outputs: Outputs {
            every_ticks: 60,
            series: METRICS
                .iter()
                .map(|metric| metric.name.to_owned())
                .collect(),
            events: EVENT_KINDS
                .iter()
                .filter(|(_, durable)| *durable)
                .map(|(kind, _)| (*kind).to_owned())
                .collect(),
            hash_every_ticks: 100,
        },
    }
}

/// A town with streets of homes round a middle of public places.
pub(crate) fn map() -> TownMap {
    let (width, height) = (96, 64);
    let mut landmarks = Vec::new();
    for n in 0..25_u16 {
        let (column, row) = (n % 13, n / 13);
        let area = Area {
            x: 3 + column * 7,
            y: 3 + row * 54,
            width: 5,
            height: 5,
        };
        landmarks.push(landmark(
            format!("Home {}", n + 1),
            LandmarkKind::Home,
            area,
        ));
    }
    for (name, kind, x, y, w, h) in [
        ("The Copper Kettle", LandmarkKind::Cafe, 12, 14, 11, 8),
        ("Market square", LandmarkKind::Market, 40, 22, 17, 13),
        ("Town hall", LandmarkKind::TownHall, 64, 14, 13, 9),
        ("Bulletin board", LandmarkKind::Board, 68, 23, 4, 2),
        ("Workshop", LandmarkKind::Workshop, 12, 38, 13, 9),
        ("Linden park", LandmarkKind::Park, 62, 34, 24, 14),
        ("Reading room", LandmarkKind::Library, 30, 42, 11, 8),
        ("Clinic", LandmarkKind::Clinic, 46, 44, 9, 6),
    ] {
        landmarks.push(landmark(
            name.to_owned(),
            kind,
            Area {
                x,
                y,
                width: w,
                height: h,
            },
        ));
    }
    let mut map = TownMap {
        name: "town.tmj".to_owned(),
        width,
        height,
        tile_px: (16, 16),
        blocked: Bitmap::new((width * height) as usize),
        landmarks,
        zones: Vec::new(),
        layers: Vec::new(),
        tilesets: Vec::new(),
    };
    wall_in(&mut map);
    map
}

fn landmark(name: String, kind: LandmarkKind, area: Area) -> Landmark {
    let entrance = Point::new(area.x + area.width / 2, area.y + area.height - 1);
    Landmark {
        name,
        kind,
        description: String::new(),
        area,
        entrance,
        hours: None,
    }
}

/// Walls round everything but the open places, a door at the entrance, and a river.
fn wall_in(map: &mut TownMap) {
    for landmark in map.landmarks.clone() {
        if matches!(
            landmark.kind,
            LandmarkKind::Market | LandmarkKind::Park | LandmarkKind::Board
        ) {
            continue;
        }
        let area = landmark.area;
        for tile in area.tiles() {
            let edge = tile.x == area.x
                || tile.y == area.y
                || tile.x + 1 == area.x + area.width
                || tile.y + 1 == area.y + area.height;
            let index = map.index(tile);
            map.blocked.set(index, edge && tile != landmark.entrance);
        }
    }
    for y in 0..64_u16 {
        for x in 0..3_u16 {
            let index = map.index(Point::new(91 + x - (y / 16) % 2, y));
            map.blocked.set(index, true);
        }
    }
}

/// A world of residents with these full names; everybody follows the first.
pub(crate) fn view(full_names: &[&str]) -> WorldView {
    let ids = IdCodec::new(SEED);
    let mut agents = Pages::default();
    for (n, full_name) in full_names.iter().enumerate() {
        let persona = Persona {
            name: format!("resident-{n}"),
            display_name: (*full_name).to_owned(),
            ..Persona::default()
        };
        let to_first = Relation {
            agent: ids.make(0),
            closeness: 10,
            liking: 5,
            last_met: 1,
            follows: true,
        };
        agents.push(Some(Arc::new(AgentView {
            id: ids.make(n as u64),
            persona: Arc::new(persona),
            template: String::new(),
            mind: MindKind::Scripted,
            presence: Presence::Online,
            halted: false,
            quarantined: false,
            standing: Standing::default(),
            health: 1000,
            needs: [5000; 5],
            mood: 0,
            home: None,
            workplace: None,
            plan: String::new(),
            talk: None,
            inventory: Vec::new(),
            relations: if n > 0 { vec![to_first] } else { Vec::new() },
            observations: Vec::new(),
            heard: Vec::new(),
            last_seen: 0,
            last_seen_ms: 0,
        })));
    }
    WorldView {
        ground: Default::default(),
        tick: 5000,
        seq: 699,
        time: scenario().time.at(5000),
        stamp_ms: 0,
        map: Arc::new(map()),
        rules: Arc::new(Rules::default()),
        landmarks: Arc::new(Vec::new()),
        bodies: Pages::default(),
        agents,
        people: Pages::default(),
        reputation: Arc::default(),
        posts: Pages::default(),
        comments: Pages::default(),
        communities: CommunitiesView::default(),
        inboxes: Pages::default(),
        chats: Pages::default(),
        economy: Default::default(),
    }
}

/// A run of `residents` over `ticks`, as a recorder would be handed it.
pub(crate) fn run(residents: u32, ticks: u64) -> Vec<Handed> {
    let mut teller = Teller::new(residents);
    teller.arrive();
    for tick in 0..ticks {
        teller.tick = tick;
        teller.chat();
        if tick.is_multiple_of(60) {
            teller.sample();
        }
    }
    teller.handed
}

struct Teller {
    ids: IdCodec,
    map: TownMap,
    people: Vec<AgentId>,
    posts: Vec<(PostId, i32)>,
    knows: Vec<bool>,
    totals: [u64; 7],
    comments: u64,
    chance: u64,
    seq: u64,
    tick: u64,
    handed: Vec<Handed>,
}

const POSTS: usize = 0;
const COMMENTS: usize = 1;
const VOTES: usize = 2;
const TALKS: usize = 3;
const LINES_SAID: usize = 4;
const TRADES: usize = 5;
const GIFTS: usize = 6;

impl Teller {
    fn new(residents: u32) -> Self {
        let ids = IdCodec::new(SEED);
        Self {
            ids,
            map: map(),
            people: (0..residents).map(|n| ids.make(n.into())).collect(),
            posts: Vec::new(),
            knows: vec![false; residents as usize],
            totals: [0; 7],
            comments: 0,
            chance: 99,
            seq: 0,
            tick: 0,
            handed: Vec::new(),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.chance = self
            .chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        ((self.chance >> 33) % bound.max(1) as u64) as usize
    }

    fn anybody(&mut self) -> AgentId {
        let index = self.below(self.people.len());
        self.people[index]
    }

    fn popular(&mut self) -> AgentId {
        let index = self.below(self.people.len()).pow(2) / self.people.len();
        self.people[index]
    }

    fn any_post(&mut self) -> PostId {
        let index = self.below(self.posts.len());
        self.posts[index].0
    }

    fn event(&mut self, event: Event) {
        if event.is_durable() {
            self.seq += 1;
        }
        let stamp_ms = scenario().time.at(self.tick).millis();
        let record = EventRecord {
            seq: self.seq,
            tick: self.tick,
            stamp_ms,
            event,
        };
        self.handed.push(Handed::Event(record));
    }

    fn arrive(&mut self) {
        for n in 0..self.people.len() {
            let name = match n / NAMES.len() {
                0 => NAMES[n].to_owned(),
                more => format!("{}-{}", NAMES[n % NAMES.len()], more + 1),
            };
            let (agent, at) = (self.people[n], Point::new(5, 5));
            self.event(Event::AgentJoined {
                agent,
                display_name: name.clone(),
                description: String::new(),
                template: "townsfolk".to_owned(),
                name,
                mind: MindKind::Scripted,
                at,
            });
        }
    }

    fn hour(&self) -> f64 {
        f64::from(scenario().time.at(self.tick).second_of_day()) / 3600.0
    }

    /// Friends are mostly those whose number is near: five circles.
    fn friend(&mut self, who: usize) -> usize {
        let people = self.people.len();
        let circle = people.div_ceil(5);
        if self.below(10) < 8 {
            who / circle * circle + self.below(circle.min(people))
        } else {
            self.below(people)
        }
        .min(people - 1)
    }

    fn chat(&mut self) {
        let awake = (7.0..22.5).contains(&self.hour());
        if self.people.len() < 2 || !awake {
            return;
        }
        if self.below(9) == 0 {
            self.talk();
        }
        match self.below(240) {
            0..2 => self.post(),
            2..7 => self.comment(),
            7..16 => self.vote(),
            16..19 => self.trade(),
            19 => self.follow(),
            _ => {}
        }
        self.order();
    }

    fn talk(&mut self) {
        let who = self.below(self.people.len()).pow(2) / self.people.len();
        let other = self.friend(who);
        if who == other {
            return;
        }
        let (a, b) = (self.people[who], self.people[other]);
        let at = Point::new(20 + self.below(40) as u16, 15 + self.below(30) as u16);
        let talk = self.ids.make(self.totals[TALKS]);
        self.totals[TALKS] += 1;
        self.event(Event::TalkBegan {
            talk,
            members: vec![a, b],
            at,
        });
        let lines = 2 + self.below(4);
        for n in 0..lines {
            let (agent, to) = if n % 2 == 0 { (a, b) } else { (b, a) };
            let text = LINES[self.below(LINES.len())].to_owned();
            self.totals[LINES_SAID] += 1;
            self.event(Event::Said {
                agent,
                to: vec![to],
                at,
                text,
                heard_by: 1,
                talk: Some(talk),
            });
        }
        self.event(Event::TalkEnded {
            talk,
            members: vec![a, b],
            lines: lines as u32,
        });
        let heard = self.knows[who] && !self.knows[other] && self.below(10) < 6;
        if heard {
            self.knows[other] = true;
            self.event(Event::NewsLearned {
                news: 0,
                agent: b,
                from: a,
            });
        }
    }

    fn post(&mut self) {
        let post = self.ids.make(self.totals[POSTS]);
        self.totals[POSTS] += 1;
        self.posts.push((post, 0));
        let author = self.anybody();
        let title = TITLES[self.below(TITLES.len())].to_owned();
        let text = format!("{} {}", LINES[self.below(6)], LINES[self.below(6)]);
        self.event(Event::Posted {
            post,
            author: Some(author),
            submolt: "town".to_owned(),
            title,
            text,
        });
    }

    fn comment(&mut self) {
        if self.posts.is_empty() {
            return;
        }
        let post = self.any_post();
        let comment = self.ids.make(self.comments);
        self.comments += 1;
        self.totals[COMMENTS] += 1;
        let (author, depth) = (self.anybody(), 1 + self.below(2) as u16);
        let text = LINES[self.below(LINES.len())].to_owned();
        self.event(Event::Commented {
            comment,
            post,
            parent: None,
            author,
            depth,
            text,
        });
    }

    fn vote(&mut self) {
        if self.posts.is_empty() {
            return;
        }
        let index = self.below(self.posts.len()).pow(2) / self.posts.len();
        let value = if self.below(6) == 0 { -1 } else { 1 };
        self.posts[index].1 += i32::from(value);
        let (post, score) = self.posts[index];
        self.totals[VOTES] += 1;
        let agent = self.anybody();
        self.event(Event::Voted {
            agent,
            target: VoteTarget::Post(post),
            before: 0,
            value,
            score,
            up: score.max(0) as u32,
            down: score.min(0).unsigned_abs(),
        });
    }

    fn trade(&mut self) {
        let who = self.below(self.people.len());
        let (agent, with) = (self.people[who], self.people[(who + 1) % self.people.len()]);
        if self.below(3) == 0 {
            self.totals[GIFTS] += 1;
            self.event(Event::Gave {
                agent,
                to: with,
                item: "bread".to_owned(),
                count: 2,
            });
        } else {
            self.totals[TRADES] += 1;
            self.event(Event::Traded {
                agent,
                with,
                gave: "jam".to_owned(),
                got: "plane".to_owned(),
            });
            self.event(Event::Economy(EconomyEvent::Sold {
                seller: with,
                buyer: agent,
                item: Item::Tools,
                count: 1,
                price: Money(1_000_000),
            }));
        }
    }

    fn follow(&mut self) {
        let agent = self.anybody();
        let target = self.popular();
        self.event(Event::Followed {
            agent,
            target,
            on: true,
        });
    }

    fn order(&mut self) {
        let someone = self.people[self.people.len() / 2];
        match self.tick {
            600 => {
                self.knows[0] = true;
                let text = "The bridge will be closed until spring".to_owned();
                self.event(Event::NewsBroke {
                    news: 0,
                    agent: self.people[0],
                    text,
                });
            }
            1500 => self.event(Event::Rewarded {
                agent: someone,
                amount: Money(5_000_000),
                reason: "a kind word at the market".to_owned(),
            }),
            1600 => self.event(Event::Rewarded {
                agent: self.people[0],
                amount: Money(-3_000_000),
                reason: "a dog let loose".to_owned(),
            }),
            3000 => {
                let landmark = self.ids.make(25);
                self.event(Event::OpenSet {
                    landmark,
                    open: Some(false),
                });
            }
            3600 => self.event(Event::RuleSet {
                name: "gossip_chance".to_owned(),
                value: 9000.0,
            }),
            4000 => {
                let post = self.ids.make(900_000);
                self.event(Event::Posted {
                    post,
                    author: None,
                    submolt: "town".to_owned(),
                    title: "The café is closed for repairs today".to_owned(),
                    text: "It opens again tomorrow at seven.".to_owned(),
                });
            }
            _ => {}
        }
    }

    fn sample(&mut self) {
        let hour = self.hour();
        let mut values = vec![f64::NAN; METRICS.len()];
        let mut set = |name: &str, value: f64| {
            if let Some(index) = metric_index(name) {
                values[index] = value;
            }
        };
        let people = self.people.len();
        let wave = |shift: f64| ((hour - shift) / 24.0 * std::f64::consts::TAU).sin();
        set("population", people as f64);
        if people > 0 {
            set(
                "mood.mean",
                0.28 + 0.2 * wave(9.0) + 0.03 * wave(2.0 * hour),
            );
            set(
                "mood.min",
                -0.25 + 0.15 * wave(11.0) + 0.05 * wave(3.0 * hour),
            );
            for (i, need) in ["energy", "food", "company", "purpose", "fun"]
                .iter()
                .enumerate()
            {
                let level = 0.62 + 0.22 * wave(4.0 * i as f64) + 0.05 * wave(2.3 * hour + i as f64);
                set(&format!("needs.{need}"), level.clamp(0.0, 1.0));
            }
        }
        let names = [
            "posts", "comments", "votes", "talks", "lines", "trades", "gifts",
        ];
        for (name, total) in names.iter().zip(self.totals) {
            set(name, total as f64);
        }
        set("market.sales", self.totals[TRADES] as f64);
        set("steps", self.tick as f64 * people as f64 * 0.2);
        set(
            "relations.mean",
            12.0 * (1.0 - (-(self.tick as f64) / 5000.0).exp()),
        );
        self.money_and_answers(&mut values);
        let mut positions = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        let mut activities = std::collections::BTreeMap::new();
        for n in 0..people {
            let (landmark, activity) = self.spot(n, hour);
            let kind = landmark.map_or("outside".to_owned(), |i| {
                self.map.landmarks[i].kind.to_string()
            });
            *places.entry(kind).or_insert(0.0) += 1.0;
            *activities.entry(activity.as_str()).or_insert(0.0) += 1.0;
            positions.push(self.stand(landmark));
        }
        for (name, index) in METRICS.iter().zip(0..) {
            let count = |map: Option<&f64>| map.copied().unwrap_or(0.0);
            if let Some(kind) = name.name.strip_prefix("place.") {
                values[index] = count(places.get(kind));
            } else if let Some(word) = name.name.strip_prefix("activity.") {
                values[index] = count(activities.get(word));
            }
        }
        self.handed.push(Handed::Sample(Sample {
            tick: self.tick,
            values,
            positions,
        }));
    }

    /// Money and the board, measured: somebody is rewarded in tick 1500 and somebody penalised in tick 1600.
    fn money_and_answers(&self, values: &mut [f64]) {
        if self.people.is_empty() {
            return;
        }
        let time = self.tick as f64 / 1000.0;
        let mut set = |name: &str, value: f64| {
            if let Some(index) = metric_index(name) {
                values[index] = value;
            }
        };
        for (name, value) in [
            ("ledger.supply", 800.0 + 20.0 * time),
            ("ledger.treasury", 300.0 - 9.0 * time),
            ("ledger.mean", 10.0 + 0.5 * time),
            ("ledger.gini", 0.3 + 0.01 * time),
            ("market.food_price", 0.6 + 0.05 * time),
            ("market.goods_price", 1.0),
            ("meal", 0.8 + 0.07 * time),
            ("wage", 1.1 - 0.02 * time),
            ("tier.0", 0.7),
            ("tier.1", 0.2),
            ("tier.2", 0.1),
            ("hungry", 0.02 * time),
            ("mood.rich", 0.4),
            ("mood.poor", 0.1),
            ("food.rich", 0.8),
            ("food.poor", 0.5),
            ("meals.cafe", 70.0 * time),
            ("meals.home", 20.0 * time),
            ("meals.soup", time),
            ("board.posts_answered", 0.6),
            ("board.comments_answered", 0.3),
            ("board.depth_mean", 1.7),
            ("board.depth_max", 5.0),
            ("board.reciprocity", 0.25),
            ("board.duplicates", 0.02),
            ("board.hot_age", 3.0 + time),
        ] {
            set(name, value);
        }
        for (group, since, by) in [("rewarded", 1500, 2.0), ("penalised", 1600, 1.0)] {
            if self.tick < since {
                continue;
            }
            for (what, value) in [
                ("balance", 9.0 * by),
                ("tier", by - 1.0),
                ("mood", 0.2 * by),
                ("food", 0.4 * by),
                ("cafe", 0.4 * by * time),
                ("home", 0.3 * time),
                ("soup", (2.0 - by) * 0.2 * time),
            ] {
                set(&format!("{what}.{group}"), value);
            }
        }
    }

    /// Where somebody is at an hour, and doing what.
    fn spot(&mut self, n: usize, hour: f64) -> (Option<usize>, Activity) {
        let shift = (n % 7) as f64 * 0.2;
        let roll = self.below(10);
        match hour + shift {
            h if !(6.6..23.0).contains(&h) => (Some(n % 25), Activity::Sleeping),
            _ if roll < 2 => (None, Activity::Walking),
            h if h < 8.4 || (12.0..13.5).contains(&h) => (Some(25), Activity::Eating),
            h if h < 12.0 || (13.5..17.0).contains(&h) => match n % 3 {
                0 => (Some(29), Activity::Working),
                1 => (Some(26), Activity::Trading),
                _ => (Some(31), Activity::Reading),
            },
            h if h < 20.5 => match n % 4 {
                0 => (Some(28), Activity::Reading),
                1 => (Some(32), Activity::Healing),
                _ => (Some(30), Activity::Talking),
            },
            _ => (Some(n % 25), Activity::Resting),
        }
    }

    fn stand(&mut self, landmark: Option<usize>) -> Point {
        let Some(index) = landmark else {
            let (from, part) = (self.below(33), self.below(100) as f64 / 100.0);
            let a = self.map.landmarks[from].entrance;
            let b = self.map.landmarks[26].entrance;
            let mix = |a: u16, b: u16| (f64::from(a) + (f64::from(b) - f64::from(a)) * part) as u16;
            return Point::new(mix(a.x, b.x), mix(a.y, b.y));
        };
        let area = self.map.landmarks[index].area;
        let inside =
            |from: u16, length: u16, roll: usize| from + 1 + roll as u16 % (length.max(3) - 2);
        let (rx, ry) = (self.below(99), self.below(99));
        Point::new(
            inside(area.x, area.width, rx),
            inside(area.y, area.height, ry),
        )
    }
}
