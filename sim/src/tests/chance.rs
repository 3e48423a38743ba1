//! Thousands of commands drawn by chance, sensible and not: the world stays whole, its view true, its hash one.

use std::collections::BTreeMap;
use std::sync::Arc;

use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, SpawnAgent, StampedCommand};
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::{IdCodec, TypedId};
use hamlet_protocol::map::{Bitmap, Point};
use hamlet_protocol::money::Money;
use hamlet_protocol::persona::Persona;
use hamlet_protocol::scenario::Population;
use hamlet_protocol::social::{SocialAct, Vouch, WhichNotices};
use hamlet_protocol::view::{AgentView, WorldView};

use crate::rng::{Purpose, Stream};
use crate::space::grid::tests::map_of;
use crate::testing;
use crate::village::{Village, VillageOptions};

/// Draws commands about things that exist, and now and then about others.
struct Dice {
    stream: Stream,
    ids: IdCodec,
}

const TEXTS: [&str; 5] = [
    "The well sings.",
    "Good day to you.",
    "",
    "Has anybody seen my hat?",
    " ",
];

impl Dice {
    fn new(seed: u64, village: &Village) -> Self {
        Self {
            stream: Stream::new(seed, Purpose::Model, 1, 1),
            ids: IdCodec::new(village.scenario().seed),
        }
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.stream.below(bound)
    }

    /// The id of one of so many things, or of one that is not there.
    fn id<T: TypedId>(&mut self, count: usize) -> T {
        let no = self.below(count as u32 + 1);
        self.ids.make(u64::from(no))
    }

    fn text(&mut self) -> String {
        TEXTS[self.below(5) as usize].to_owned()
    }

    /// What puppets carry, mostly: else hardly anything would change hands.
    fn item(&mut self) -> String {
        if self.below(3) > 0 {
            return "baskets".to_owned();
        }
        let known = Item::ALL.len() as u32;
        let item = Item::ALL.get(self.below(known + 1) as usize);
        item.map_or("gold", |item| item.as_str()).to_owned()
    }

    /// A tile, as often as not in the middle of the town, where people meet.
    fn tile(&mut self) -> Point {
        if self.below(2) == 0 {
            return Point::new(13 + self.below(4) as u16, 5 + self.below(3) as u16);
        }
        Point::new(self.below(34) as u16, self.below(12) as u16)
    }

    fn act(&mut self, view: &WorldView) -> Act {
        let (agents, posts, comments) = (view.agents.len(), view.posts.len(), view.comments.len());
        let places = view.landmarks.len();
        match self.below(23) {
            18..=22 => Act::Social(self.social(view)),
            0 => Act::Step {
                dx: self.below(3) as i16 - 1,
                dy: self.below(3) as i16 - 1,
            },
            1 => Act::GoTo { to: self.tile() },
            2 => Act::GoToLandmark {
                landmark: self.id(places),
            },
            3 => Act::Stop,
            4 => Act::Say { text: self.text() },
            5 | 6 => Act::Talk {
                to: (0..=self.below(2)).map(|_| self.id(agents)).collect(),
                text: self.text(),
            },
            7 => Act::Give {
                to: self.id(agents),
                item: self.item(),
                count: self.below(3) as u16,
            },
            8 => Act::Trade {
                with: self.id(agents),
                give: self.item(),
                want: self.item(),
            },
            9 => Act::PickUp {
                item: self.item(),
                count: self.below(3) as u16,
            },
            10 => Act::Drop {
                item: self.item(),
                count: self.below(3) as u16,
            },
            11 => Act::Use {
                landmark: self.id(places),
            },
            12 => Act::Sleep,
            13 => Act::Post {
                submolt: ["town", "general", "nowhere"][self.below(3) as usize].to_owned(),
                title: self.text(),
                text: self.text(),
            },
            14 => Act::Comment {
                post: self.id(posts),
                parent: (comments > 0 && self.below(2) == 0).then(|| self.id(comments)),
                text: self.text(),
            },
            15 => Act::Vote {
                target: VoteTarget::Post(self.id(posts)),
                value: self.below(4) as i8 - 1,
            },
            16 => Act::Vote {
                target: VoteTarget::Comment(self.id(comments)),
                value: self.below(3) as i8 - 1,
            },
            _ => Act::Follow {
                agent: self.id(agents),
                on: self.below(3) > 0,
            },
        }
    }

    fn command(&mut self, view: &WorldView) -> Command {
        let agent = self.id(view.agents.len());
        match self.below(60) {
            0 => self.spawn(),
            1 => Command::Remove { agent },
            2..=4 => Command::Place {
                agent,
                to: self.tile(),
            },
            5 => Command::SetRule {
                name: [
                    "relations_max",
                    "observations_max",
                    "news_max",
                    "board_texts_max",
                    "sight",
                ][self.below(5) as usize]
                    .to_owned(),
                value: f64::from(self.below(12)),
            },
            6 => Command::SetOpen {
                landmark: self.id(view.landmarks.len()),
                open: [None, Some(true), Some(false)][self.below(3) as usize],
            },
            7 => Command::Reward {
                agent,
                amount: Money(i64::from(self.below(3)) * 1_000_000 - 1_000_000),
                reason: self.text(),
            },
            8 => Command::Rumour {
                agent,
                text: self.text(),
            },
            9 => Command::Notice {
                submolt: "town".to_owned(),
                title: self.text(),
                text: self.text(),
            },
            10 => Command::SetProfile {
                agent,
                display_name: (self.below(2) == 0).then(|| self.text()),
                description: (self.below(2) == 0).then(|| self.text()),
            },
            _ => Command::Act {
                agent,
                act: self.act(view),
            },
        }
    }

    /// Something among members.
    fn social(&mut self, view: &WorldView) -> SocialAct {
        let (agents, chats) = (view.agents.len(), view.chats.len());
        let (on, text) = (self.below(3) > 0, self.text());
        match self.below(11) {
            0..=2 => SocialAct::Message {
                to: self.id(agents),
                text: format!("To whom it concerns: {text}"),
                needs_human: on,
                vouch: Vouch {
                    claimed: on,
                    kin: self.below(4) == 0,
                },
            },
            3 => SocialAct::Approve {
                chat: self.id(chats),
            },
            4 => SocialAct::ReadChat {
                chat: self.id(chats),
            },
            5 => SocialAct::Found {
                name: text,
                invite: vec![self.id(agents)],
                claimed: on,
            },
            6 => SocialAct::AnswerInvite {
                group: self.id(chats),
                accept: on,
            },
            7 => SocialAct::Leave {
                group: self.id(chats),
            },
            8 => SocialAct::Post {
                group: self.id(chats),
                text,
            },
            9 => SocialAct::Block {
                agent: self.id(agents),
                on: self.below(4) == 0,
            },
            _ => SocialAct::ReadNotices {
                which: WhichNotices::All,
            },
        }
    }

    fn spawn(&mut self) -> Command {
        let name = format!("guest{}", self.below(40));
        let kinds = [
            MindKind::Scripted,
            MindKind::Puppet,
            MindKind::Walker,
            MindKind::Llm,
        ];
        Command::Spawn(Box::new(SpawnAgent {
            persona: Persona {
                display_name: name.clone(),
                name,
                ..Persona::default()
            },
            template: "townsfolk".to_owned(),
            mind: kinds[self.below(4) as usize],
            at: (self.below(2) == 0).then(|| self.tile()),
        }))
    }

    /// Commands between two ticks: mostly none, sometimes some.
    fn handful(&mut self, village: &mut Village, told: &mut Told) {
        for _ in 0..self.below(6).saturating_sub(2) {
            let view = village.view();
            let command = self.command(&view);
            let stamped = StampedCommand {
                stamp_ms: village.stamp_ms() + i64::from(self.below(2000)),
                command,
            };
            told.hear(&stamped.command, village.apply(&stamped).is_ok());
        }
    }
}

/// How often each kind of command was allowed and refused.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told(BTreeMap<(&'static str, bool), u32>);

impl Told {
    fn hear(&mut self, command: &Command, allowed: bool) {
        let kind = match command {
            Command::Act { act, .. } => act.name(),
            Command::Spawn(_) => "spawn",
            Command::Remove { .. } => "remove",
            Command::Place { .. } => "place",
            Command::SetRule { .. } => "set_rule",
            Command::SetOpen { .. } => "set_open",
            Command::Reward { .. } => "reward",
            Command::Rumour { .. } => "rumour",
            Command::Notice { .. } => "notice",
            Command::SetProfile { .. } => "set_profile",
            Command::Notify { .. } => "notify",
            Command::Enrol { .. } => "enrol",
            Command::Moderation(_) => "moderation",
            Command::SetPost { .. } => "set_post",
            Command::SetComment { .. } => "set_comment",
            Command::Reputation { .. } => "reputation",
            Command::Economy(_) => "economy",
            Command::Minds(_) => "minds",
        };
        *self.0.entry((kind, allowed)).or_default() += 1;
    }
}

const WATCHED: VillageOptions = VillageOptions {
    threads: 1,
    views: true,
    transient: true,
    thoughts: false,
};

fn crowd() -> Village {
    let mut scenario = testing::scenario(6);
    for (at, name) in [(13, "Pit"), (14, "Pat"), (15, "Pam"), (16, "Pol")] {
        scenario = testing::with_puppet(scenario, name, Point::new(at, 6));
    }
    Village::found(scenario, testing::map(), WATCHED).expect("the little town has room")
}

/// Says where two views differ. Needs, mood and health drift at every tick and are shown as of the last time they had changed by much;
/// so they are left out.
fn compare(ours: &WorldView, anew: &WorldView, when: &str) {
    let head = |view: &WorldView| (view.tick, view.seq, view.time, view.stamp_ms);
    assert_eq!(head(ours), head(anew), "{when}");
    assert_eq!(ours.rules, anew.rules, "{when}");
    assert_eq!(ours.landmarks, anew.landmarks, "{when}");
    let lengths = |view: &WorldView| [view.bodies.len(), view.agents.len(), view.posts.len()];
    assert_eq!(lengths(ours), lengths(anew), "{when}");
    for (ours, anew) in ours.bodies.iter().zip(anew.bodies.iter()) {
        assert_eq!(ours, anew, "{when}");
    }
    let steady = |agent: &Option<Arc<AgentView>>| {
        agent.as_deref().map(|agent| AgentView {
            needs: [0; 5],
            mood: 0,
            health: 0,
            ..agent.clone()
        })
    };
    for (ours, anew) in ours.agents.iter().zip(anew.agents.iter()) {
        assert_eq!(steady(ours), steady(anew), "{when}");
    }
    for (ours, anew) in ours.posts.iter().zip(anew.posts.iter()) {
        assert_eq!(ours, anew, "{when}");
    }
    assert_eq!(ours.comments.len(), anew.comments.len(), "{when}");
    for (ours, anew) in ours.comments.iter().zip(anew.comments.iter()) {
        assert_eq!(ours, anew, "{when}");
    }
    let inboxes = |view: &WorldView| -> Vec<_> {
        let all = view.inboxes.iter().enumerate();
        all.filter_map(|(no, inbox)| Some((no, inbox.clone()?)))
            .collect()
    };
    assert_eq!(inboxes(ours), inboxes(anew), "{when}");
    assert!(ours.chats.iter().eq(anew.chats.iter()), "{when}");
}

#[test]
fn a_view_kept_up_to_date_is_the_view_made_anew_and_images_go_round() {
    let mut told = Told::default();
    for seed in 0..3 {
        let mut village = crowd();
        let mut dice = Dice::new(seed, &village);
        for round in 0..3_000 {
            dice.handful(&mut village, &mut told);
            if dice.below(3) > 0 {
                village.tick(None);
            }
            if dice.below(40) > 0 {
                continue;
            }
            let when = format!("seed {seed}, round {round}");
            let image = village.image();
            let mut anew = Village::resume(image.clone(), WATCHED).expect("the world is whole");
            assert!(anew.image() == image, "{when}: another image");
            assert_eq!(anew.state_hash(), village.state_hash(), "{when}");
            compare(&village.view(), &anew.view(), &when);
        }
    }
    // Else the draw above would show less than it says: nearly all there is to command was allowed, and was refused.
    let kinds = |allowed: bool| told.0.keys().filter(|key| key.1 == allowed).count();
    assert!(kinds(true) >= 20 && kinds(false) >= 20, "{told:?}");
}

/// Enough bodies that threads share the work, with commands among them.
#[test]
fn threads_change_nothing_whatever_is_commanded() {
    let run = |threads: usize| {
        let mut scenario = testing::scenario(40);
        scenario.populations.push(Population {
            template: String::new(),
            count: 17_000,
            mind: MindKind::Walker,
            personas: Vec::new(),
            at: None,
        });
        let map = map_of(160, 160, Bitmap::new(160 * 160));
        let options = VillageOptions {
            threads,
            ..VillageOptions::default()
        };
        let mut village = Village::found(scenario, map, options).expect("there is room");
        let (mut dice, mut told) = (Dice::new(5, &village), Told::default());
        let mut hashes = Vec::new();
        for _ in 0..30 {
            // Only the first are residents, and most of what happens shall happen to them.
            for _ in 0..8 {
                let agent = dice.id(40);
                let to = dice.tile();
                let command = match dice.below(4) {
                    0 => Command::Place { agent, to },
                    1 => Command::Remove { agent },
                    2 => dice.spawn(),
                    _ => Command::Act {
                        agent,
                        act: Act::GoTo { to },
                    },
                };
                let stamp_ms = village.stamp_ms();
                let stamped = StampedCommand { stamp_ms, command };
                told.hear(&stamped.command, village.apply(&stamped).is_ok());
            }
            village.tick(None);
            hashes.push(village.state_hash());
        }
        (hashes, told)
    };
    let one = run(1);
    assert!(
        one.1.0.iter().filter(|((_, allowed), _)| *allowed).count() >= 4,
        "{:?}",
        one.1
    );
    assert_eq!(one, run(2));
}
