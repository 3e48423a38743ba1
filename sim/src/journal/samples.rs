//! Worlds and commands for the tests of this module.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot build its sample fails"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::DateTime;
use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::agent::{Activity, Facing, MindKind, Presence};
use hamlet_protocol::board::Status;
use hamlet_protocol::command::{Command, SpawnAgent, StampedCommand};
use hamlet_protocol::community::{
    AttachmentImage, CommunitiesImage, Label, LabelImage, LabelKind, Role, SubmoltImage,
    TargetImage,
};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{EconomyAct, EconomyCommand, Side};
use hamlet_protocol::economy::image::{
    BountyImage, BountyState, CostImage, DepositImage, EconomyImage, FeedbackImage, MarketImage,
    MeterImage, OrderImage, PurchaseImage,
};
use hamlet_protocol::goods::Item;
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::image::{
    AudienceImage, BoardImage, BodiesImage, BodyKind, CommentImage, DoingImage, Goal, GroundImage,
    IMAGE_FORMAT, LineImage, NewsImage, NotesImage, ObservationImage, PathRequestImage,
    PersonImage, PlanImage, PostExtrasImage, PostImage, RelationImage, ResidentImage, SeenImage,
    StateImage, TalkImage, Topic, WalkImage, WorldImage,
};
use hamlet_protocol::map::{
    Area, Bitmap, Landmark, LandmarkKind, Point, TileLayer, Tileset, TownMap, Zone,
};
use hamlet_protocol::minds::MindsImage;
use hamlet_protocol::moderation::{
    AccountId, AppealState, CaseImage, CaseState, Filter, FilterAction, FilterKind, MeasureImage,
    MeasureKind, ModerationImage, ModeratorImage, SketchImage, SpeakerImage, SubjectImage,
};
use hamlet_protocol::money::Money;
use hamlet_protocol::persona::{Persona, Template};
use hamlet_protocol::reputation::{
    ContributionImage, ContributionKind, ProjectImage, ReputationImage, VouchImage,
};
use hamlet_protocol::rules::Rules;
use hamlet_protocol::scenario::{
    Economy, GeneratedMap, Intervention, InterventionKind, Landscape, MapSource, Outputs,
    PlaceName, Population, Scenario, Stop, Threshold,
};
use hamlet_protocol::social::image::SocialImage;
use hamlet_protocol::time::{Hours, TimeSpec};

use crate::economy::ledger::{Entry, Ledger, Moment, Purse, Step};

/// A world with nobody in it, on a field of four tiles.
pub(super) fn empty_world() -> WorldImage {
    let mut blocked = Bitmap::new(4);
    blocked.set(3, true);
    WorldImage {
        format: IMAGE_FORMAT,
        rules_version: RULES_VERSION,
        scenario: Arc::new(scenario()),
        map: Arc::new(TownMap {
            name: "field".to_owned(),
            width: 2,
            height: 2,
            tile_px: (16, 16),
            blocked,
            landmarks: vec![],
            zones: vec![],
            layers: vec![],
            tilesets: vec![],
        }),
        state: state(),
    }
}

/// A world in which everything that can happen has happened.
pub(super) fn full_world() -> WorldImage {
    let mut world = empty_world();
    world.scenario = Arc::new(busy_scenario());
    world.map = Arc::new(town());
    let state = &mut world.state;
    state.seed = u64::MAX;
    state.tick = 14_400;
    state.order = 2;
    state.stamp_ms = i64::MIN;
    state.totals = BTreeMap::from([("posts".to_owned(), u64::MAX - 1), ("talks".to_owned(), 0)]);
    state.bodies = BodiesImage {
        at: vec![Point::new(0, 0), Point::new(1, 2), Point::new(2, 1)],
        facing: vec![Facing::North, Facing::East, Facing::West],
        kind: vec![BodyKind::Resident, BodyKind::Walker, BodyKind::Gone],
        stuck: vec![0, 3, 255],
    };
    let walks = [
        WalkImage::Still,
        WalkImage::Asked {
            to: Point::new(2, 2),
        },
        WalkImage::Path {
            to: Point::new(1, 1),
            steps: vec![0, 3, 255],
            stuck: 7,
        },
        WalkImage::Flow {
            landmark: 1,
            stuck: u16::MAX,
        },
    ];
    state.residents = walks.into_iter().map(resident).collect();
    state.former_names = BTreeMap::from([("bob".to_owned(), 2)]);
    state.open_orders = BTreeMap::from([(0, true), (9, false)]);
    state.ground = vec![GroundImage {
        at: Point::new(1, 0),
        item: Item::Toys,
        count: 3,
    }];
    state.path_queue = vec![PathRequestImage {
        no: 0,
        to: Point::new(2, 2),
    }];
    state.talks = vec![TalkImage {
        no: 1 << 40,
        members: vec![0, 2],
        left: vec![1],
        lines: 3,
        length: 9,
        last_speaker: Some(2),
        next: 14_403,
        asked: None,
        topic: Topic::Musing,
        stale: 0,
    }];
    state.talks_begun = (1 << 40) + 1;
    state.lines = vec![LineImage {
        speaker: 0,
        text: "Grüß Gott 🌞 \u{0}\n".to_owned(),
    }];
    state.lines_said = 8;
    state.news = vec![NewsImage {
        text: "The mill is closed".to_owned(),
        origin: 2,
        tick: 11,
        learned: 2,
    }];
    state.board = board();
    state.communities = communities();
    state.moderation = moderation();
    state.people = BTreeMap::from([(
        1,
        PersonImage {
            name: "mira".to_owned(),
            display_name: "Mira ☕".to_owned(),
            about: String::new(),
            follows: vec![0, 2],
            last_seen_ms: -5,
            left: false,
        },
    )]);
    state.reputation = reputation();
    state.economy = economy();
    world
}

fn economy() -> EconomyImage {
    let entry = |debit, credit, amount, code| Entry::new(debit, credit, Money(amount), code);
    let now = Moment {
        tick: 14_000,
        at_ms: 1_769_929_200_000,
    };
    let mut ledger = Ledger::new(IdCodec::new(u64::MAX));
    let steps = [
        Step::Move(entry(Purse::MINT, Purse::of(0), 25_000_000, Code::Grant).saying("☕")),
        Step::Reserve(
            entry(Purse::of(0), Purse::TREASURY, 7, Code::Usage),
            Some(i64::MAX),
        ),
        Step::Reserve(
            entry(Purse::of(0), Purse::ESCROW, 500_000, Code::Trade),
            None,
        ),
    ];
    ledger.apply(now, &steps).unwrap();
    ledger.remember("person:1:a".to_owned(), u128::MAX, 1);
    let order = OrderImage {
        agent: 0,
        side: Side::Request,
        item: Item::Bread,
        left: 1,
        price: 500_000,
        until: 15_000,
        reservation: Some(3),
        bought: None,
    };
    let bounty = BountyImage {
        by: 1,
        title: "Paint the fence".to_owned(),
        reward: 5,
        state: BountyState::Claimed,
        shares: vec![(0, 600, true), (2, 400, false)],
        ..BountyImage::default()
    };
    EconomyImage {
        founded: true,
        ledger: ledger.image(),
        tiers: vec![0, 2],
        purchases: [(
            1,
            PurchaseImage {
                tier: 2,
                until_ms: 5,
            },
        )]
        .into(),
        feedback: [(1, FeedbackImage { day: -1, amount: 3 })].into(),
        deposits: [(
            "9XY".to_owned(),
            DepositImage {
                agent: 2,
                amount: 4,
                transfer: 1,
                at_ms: 9,
                note: String::new(),
            },
        )]
        .into(),
        meters: [(
            2,
            MeterImage {
                agent: 0,
                owner: Some(account(3)),
                purpose: "thought".to_owned(),
                model: "tiny".to_owned(),
                tokens: 0,
                hour: 0,
            },
        )]
        .into(),
        costs: [(
            (0, "tool".to_owned(), "shell".to_owned()),
            CostImage::default(),
        )]
        .into(),
        market: MarketImage {
            orders_made: 9,
            orders: [(9, order)].into(),
            prices: [(Item::Bread, 600_000)].into(),
            ..MarketImage::default()
        },
        bounties: vec![bounty],
        spoiled_day: 20_000,
        ..EconomyImage::default()
    }
}

fn reputation() -> ReputationImage {
    let contribution = ContributionImage {
        by: 1,
        kind: ContributionKind::Research,
        note: "Looked into it ☕".to_owned(),
        created_ms: -7,
        verifiers: vec![0, 2],
    };
    let project = ProjectImage {
        owner: 2,
        title: "A well".to_owned(),
        about: String::new(),
        created_ms: 0,
        contributions: vec![contribution],
    };
    let vouch = VouchImage {
        by: 0,
        whom: 1,
        subject: "honesty".into(),
        at_ms: 5,
    };
    ReputationImage {
        projects: vec![Arc::new(project)],
        vouches: vec![vouch],
        accepted: Vec::new(),
    }
}

/// The same world as it was in format 2: without all that was added since, by rules 2.
pub(super) fn full_world_of_format_2() -> WorldImage {
    let mut world = full_world();
    world.rules_version = 2;
    world.state.economy = EconomyImage::default();
    let moderation = &mut world.state.moderation;
    moderation.ended_ms = 0;
    for measure in moderation.measures.values_mut() {
        measure.was = None;
    }
    world
}

/// The same world as it was in format 1: without all that was added since, by rules 1.
pub(super) fn full_world_of_format_1() -> WorldImage {
    let mut world = full_world_of_format_2();
    world.rules_version = 1;
    world.state.people.clear();
    let board = &mut world.state.board;
    board.post_extras.clear();
    board.collaborators.clear();
    for post in &mut board.posts {
        *post = PostImage {
            status: Status::Open,
            pinned: false,
            locked: false,
            deleted: false,
            link_in_text: true,
            audience: AudienceImage::Public,
            revision: 0,
            edited_ms: 0,
            ..*post
        };
    }
    for comment in &mut board.comments {
        (comment.deleted, comment.removed) = (false, false);
        (comment.revision, comment.edited_ms) = (0, 0);
    }
    world.state.reputation = ReputationImage::default();
    world.state.communities = CommunitiesImage::default();
    world.state.moderation = ModerationImage::default();
    world
}

fn state() -> StateImage {
    StateImage {
        seed: 7,
        tick: 0,
        order: 0,
        stamp_ms: 1_769_929_200_000,
        seq: 0,
        interventions_done: 0,
        rules: Rules::default(),
        totals: BTreeMap::new(),
        bodies: BodiesImage::default(),
        residents: vec![],
        former_names: BTreeMap::new(),
        open_orders: BTreeMap::new(),
        ground: vec![],
        path_queue: vec![],
        talks: vec![],
        talks_begun: 0,
        lines: vec![],
        lines_said: 0,
        news: vec![],
        board: BoardImage::default(),
        communities: CommunitiesImage::default(),
        social: SocialImage::default(),
        people: BTreeMap::new(),
        moderation: ModerationImage::default(),
        reputation: ReputationImage::default(),
        economy: EconomyImage::default(),
        minds: MindsImage::default(),
    }
}

/// Any id will do.
fn account(number: u64) -> AccountId {
    IdCodec::new(7).make::<AgentId>(number).0
}

fn moderation() -> ModerationImage {
    let measure = MeasureImage {
        kind: MeasureKind::Mute,
        subject: SubjectImage::Agent(2),
        member: Some(2),
        submolt: Some(0),
        by: ModeratorImage::Staff(account(7)),
        at_ms: 1_769_929_200_000,
        until_ms: Some(1_769_932_800_000),
        lifted: false,
        appeal: AppealState::Waiting,
        was: Some(Status::Closed),
    };
    let case = CaseImage {
        subject: SubjectImage::Post(0),
        opened_ms: 1_769_929_200_000,
        state: CaseState::Claimed,
        by: Some(ModeratorImage::Member(2)),
        weight: 3,
        reports: vec![(2, None), (0, Some(account(9)))],
        held: None,
    };
    ModerationImage {
        cases: BTreeMap::from([(4, case)]),
        cases_opened: 5,
        measures: BTreeMap::from([(1, measure)]),
        measures_taken: 2,
        filters: Some(vec![Filter {
            kind: FilterKind::Pattern,
            text: "buy*now".to_owned(),
            action: FilterAction::Hold,
            reason: String::new(),
        }]),
        speakers: BTreeMap::from([(
            2,
            SpeakerImage {
                first_ms: 5,
                hour_ms: 6,
                posts: 1,
                comments: 0,
            },
        )]),
        sketches: vec![SketchImage {
            author: 2,
            at_ms: 6,
            marks: vec![1, 9],
            hosts: vec![u32::MAX],
        }],
        ended_ms: 7,
    }
}

fn resident(walk: WalkImage) -> ResidentImage {
    let seen = [
        SeenImage::TalkedWith(2),
        SeenImage::Heard(2, u64::MAX),
        SeenImage::Slept,
        SeenImage::Worked(1, Item::Bread),
        SeenImage::Traded(2, Item::Honey, Item::Letters),
        SeenImage::Rewarded(Box::new((Money(i64::MIN), "for nothing".into()))),
    ];
    let observations = (1..)
        .zip(seen)
        .map(|(tick, what)| ObservationImage { tick, what })
        .collect();
    ResidentImage {
        no: 0,
        persona: Arc::new(persona("ada")),
        template: "townsfolk".to_owned(),
        mind: MindKind::Scripted,
        presence: Presence::Idle,
        doing: DoingImage {
            activity: Activity::Eating,
            landmark: Some(1),
            since: 14_000,
        },
        health: 1000,
        needs: [0, 1, 5000, 9999, 10_000],
        mood: -1000,
        home: Some(0),
        workplace: None,
        last_seen: 14_399,
        last_seen_ms: 1_769_929_199_999,
        walk,
        plan: PlanImage {
            goal: Goal::Eat,
            landmark: Some(1),
            agent: None,
            until: 15_000,
            next: 14_410,
        },
        inventory: vec![(Item::Bread, 2), (Item::Tools, u16::MAX)],
        relations: vec![RelationImage {
            other: 2,
            closeness: 800,
            liking: -3,
            last_met: 12,
            follows: true,
        }],
        observations,
        news: vec![0],
        talk: Some(1 << 40),
        read: vec![0],
        notes: NotesImage {
            day: 20_485,
            count: 1,
            tick: 14_000,
        },
    }
}

fn board() -> BoardImage {
    let post = PostImage {
        author: Some(0),
        submolt: 1,
        created_ms: -1,
        up: 2,
        down: 1,
        comments: 1,
        news: Some(0),
        status: Status::Resolved,
        pinned: true,
        locked: true,
        deleted: true,
        link_in_text: false,
        audience: AudienceImage::One(2),
        revision: 3,
        edited_ms: 7,
    };
    let comment = CommentImage {
        post: 0,
        parent: None,
        author: 2,
        depth: 1,
        created_ms: 5,
        up: 0,
        down: u32::MAX,
        deleted: true,
        removed: true,
        revision: 1,
        edited_ms: -1,
    };
    BoardImage {
        submolts: vec!["general".to_owned(), "town".to_owned()],
        posts: vec![
            PostImage {
                author: None,
                news: None,
                ..post
            },
            post,
        ],
        comments: vec![
            comment,
            CommentImage {
                parent: Some(0),
                depth: 2,
                ..comment
            },
        ],
        post_texts: BTreeMap::from([(1, ("Title".to_owned(), "Text".to_owned()))]),
        comment_texts: BTreeMap::from([(0, String::new())]),
        post_votes: BTreeMap::from([((0, 2), -1), ((1, 0), 1), ((1, 300), 0)]),
        comment_votes: BTreeMap::from([((70_000, 1), 1)]),
        post_extras: BTreeMap::from([(
            1,
            PostExtrasImage {
                url: Some("https://example.org".to_owned()),
                flair: Some("Frage ☕".to_owned()),
                tags: vec!["goats".to_owned()],
            },
        )]),
        collaborators: BTreeMap::from([(1, vec![2])]),
    }
}

fn communities() -> CommunitiesImage {
    let submolt = SubmoltImage {
        display_name: "General".to_owned(),
        description: "Everything \u{0}".to_owned(),
        rules: "Be kind.".to_owned(),
        icon: "/files/a".to_owned(),
        banner: "/files/b".to_owned(),
        banner_color: "#102030".to_owned(),
        theme_color: String::new(),
        creator: Some(2),
        created_ms: -4,
        is_nsfw: true,
        allow_crypto: true,
        quarantined: true,
        moderators: vec![(2, Role::Owner), (0, Role::Moderator)],
        subscribers: [0, 70_000].into(),
    };
    let label = LabelImage {
        submolt: 1,
        label: Label {
            key: "greeter".to_owned(),
            label: "Greeter".to_owned(),
            color: "sky".to_owned(),
            kind: LabelKind::Role,
            prompt: Some("Greet who is new.".to_owned()),
            cadence_minutes: 60,
        },
        created_ms: 1,
    };
    let attachment = |target| AttachmentImage {
        label: 0,
        target,
        placement: "metadata".to_owned(),
        by: 2,
        created_ms: 2,
    };
    CommunitiesImage {
        submolts: vec![submolt, SubmoltImage::default()],
        labels: vec![label],
        attachments: [
            (1, attachment(TargetImage::Post(1))),
            (300, attachment(TargetImage::Agent(0))),
        ]
        .into(),
        attached: 301,
    }
}

fn persona(name: &str) -> Persona {
    Persona {
        name: name.to_owned(),
        display_name: "Ada of the Mill".to_owned(),
        age: Some(41),
        traits: vec!["curious".into()],
        interests: vec!["clocks".into(), "tea".into()],
        occupation: Some("miller".to_owned()),
        about: "Keeps the mill.".to_owned(),
        sleep: Some(Hours::between(22, 6)),
        home: None,
    }
}

fn scenario() -> Scenario {
    Scenario {
        name: "empty".to_owned(),
        description: String::new(),
        seed: 7,
        map: MapSource::Generated(GeneratedMap {
            kind: Landscape::Field,
            width: 2,
            height: 2,
            homes: 0,
            seed: 1,
        }),
        time: TimeSpec {
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            start: DateTime::from_timestamp(1_769_929_200, 0).unwrap(),
        },
        economy: Economy {
            grant: Money(25_000_000),
            ..Economy::default()
        },
        rules: Rules::default(),
        submolts: hamlet_protocol::community::seeds_always(),
        filters: Vec::new(),
        templates: BTreeMap::new(),
        populations: vec![],
        interventions: vec![],
        stop: Stop::default(),
        outputs: Outputs {
            every_ticks: 60,
            series: vec![],
            events: vec![],
            hash_every_ticks: 100,
        },
    }
}

fn busy_scenario() -> Scenario {
    let mut scenario = scenario();
    scenario.map = MapSource::File("maps/town.tmj".to_owned());
    scenario.time.tick_hz = 0.1 + 0.2;
    scenario.templates = BTreeMap::from([(
        "townsfolk".to_owned(),
        Template {
            slug: "townsfolk".to_owned(),
            ..Template::default()
        },
    )]);
    let group = Population {
        template: "townsfolk".to_owned(),
        count: 2,
        mind: MindKind::Llm,
        personas: vec![persona("ada")],
        at: Some(PlaceName::Tile(Point::new(1, 1))),
    };
    scenario.populations = vec![
        group.clone(),
        Population {
            at: Some(PlaceName::Landmark("cafe".to_owned())),
            ..group.clone()
        },
    ];
    let kinds = [
        InterventionKind::Spawn(group),
        InterventionKind::Set {
            rule: "say_radius".to_owned(),
            value: f64::MIN_POSITIVE,
        },
        InterventionKind::Open {
            landmark: "cafe".to_owned(),
            open: None,
        },
        InterventionKind::Reward {
            agent: "ada".to_owned(),
            amount: Money(-1),
            reason: "late".to_owned(),
        },
    ];
    scenario.interventions = (5..)
        .zip(kinds)
        .map(|(at_tick, what)| Intervention {
            at_tick,
            what,
            optional: false,
        })
        .collect();
    scenario.stop.at = DateTime::from_timestamp(1_769_929_200, 123_456_789);
    scenario.stop.metric = Some(Threshold {
        name: "mood.mean".to_owned(),
        above: Some(-0.0),
        below: None,
    });
    scenario
}

fn town() -> TownMap {
    let mut blocked = Bitmap::new(9);
    blocked.set(8, true);
    let landmark = |name: &str, kind| Landmark {
        name: name.to_owned(),
        kind,
        description: "A place.".to_owned(),
        area: Area {
            x: 0,
            y: 0,
            width: 1,
            height: 1,
        },
        entrance: Point::new(0, 0),
        hours: Some(Hours::ALWAYS),
    };
    TownMap {
        name: "town.tmj".to_owned(),
        width: 3,
        height: 3,
        tile_px: (32, 32),
        blocked,
        landmarks: vec![
            landmark("House", LandmarkKind::Home),
            landmark("Hof", LandmarkKind::Other("brewery".to_owned())),
        ],
        zones: vec![Zone {
            name: "Square".to_owned(),
            description: String::new(),
            area: Area::default(),
        }],
        layers: vec![TileLayer {
            name: "ground".to_owned(),
            gids: vec![0x8000_0001; 9],
            opacity: 0.1,
            visible: true,
        }],
        tilesets: vec![Tileset {
            name: "town".to_owned(),
            first_gid: 1,
            image: None,
            tile_px: (32, 32),
            columns: 8,
            tile_count: 64,
            margin: 0,
            spacing: 1,
        }],
    }
}

/// One command of each shape.
pub(super) fn commands() -> Vec<StampedCommand> {
    let ids = IdCodec::new(7);
    let agent: AgentId = ids.make(0);
    let spawn = SpawnAgent {
        persona: persona("bob"),
        template: "townsfolk".to_owned(),
        mind: MindKind::External,
        at: None,
    };
    let commands = [
        Command::Act {
            agent,
            act: Act::Step { dx: -1, dy: 0 },
        },
        Command::Act {
            agent,
            act: Act::Stop,
        },
        Command::Act {
            agent,
            act: Act::Say {
                text: "Guten Morgen ☕".to_owned(),
            },
        },
        Command::Act {
            agent,
            act: Act::Vote {
                target: VoteTarget::Post(ids.make(3)),
                value: -1,
            },
        },
        Command::Act {
            agent,
            act: Act::ToggleVote {
                target: VoteTarget::Comment(ids.make(3)),
                value: 1,
            },
        },
        Command::Spawn(Box::new(spawn)),
        Command::SetProfile {
            agent,
            display_name: Some("Ada 🌞".to_owned()),
            description: None,
        },
        Command::SetRule {
            name: "say_radius".to_owned(),
            value: 0.1 + 0.2,
        },
        Command::SetOpen {
            landmark: ids.make(1),
            open: Some(false),
        },
        Command::Reward {
            agent,
            amount: Money(i64::MAX),
            reason: String::new(),
        },
        Command::Notice {
            submolt: "town".to_owned(),
            title: "Fair".to_owned(),
            text: String::new(),
        },
        Command::Economy(Box::new(EconomyCommand::Deposit {
            agent,
            amount: Money(1),
            txn: "9XY".to_owned(),
            note: "☕".to_owned(),
        })),
        Command::Act {
            agent,
            act: Act::Economy(EconomyAct::Pay {
                to: agent,
                amount: Money(i64::MIN),
                memo: String::new(),
                client: Some("a".to_owned()),
            }),
        },
    ];
    (0..)
        .zip(commands)
        .map(|(n, command)| StampedCommand {
            stamp_ms: 1_769_929_200_000 + n,
            command,
        })
        .collect()
}
