//! Hand-made mirrors for tests of panels.

mod tasks;

use std::sync::Arc;

use hamlet_protocol::agent::{Activity, Facing, MindKind, Presence};
use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{
    BodyFrame, PasserFrame, SaidFrame, SnapshotReason, WorldDelta, WorldFrame, WorldSnapshot,
};
use hamlet_protocol::ids::{AgentId, CommentId, LandmarkId, PostId, TalkId};
use hamlet_protocol::money::Money;
use hamlet_protocol::view::LandmarkView;
use uuid::Uuid;

use super::{LedgerFilter, LedgerQuery, LinkState, Mirror, Paged, PostQuery, TownPicture};
use crate::wire::{
    AgentShape, Appearance, AuditEntry, Author, Balance, BandShape, Capabilities, CaseShape,
    ChatAnswer, ChatShape, CommentPage, CommentShape, DepositShape, EconomyStats, EndpointShape,
    Entitlements, FaceShape, Feature, Flow, Goods, GroupPage, GroupShape, Inner, KeyShape,
    LayerShape, LedgerEntry, LetterShape, MapShape, Me, MemberName, MemoryShape, MindCost,
    MindCosts, MoodPage, NeedLevels, ObservationShape, Party, Place, PlaceName, PoolPage, PostPage,
    PostShape, Quoted, RelationShape, RequestShape, SaidShape, Size, SpendingShape, SpentPage,
    SpentShape, Spot, SubmoltShape, ThoughtShape, TierShape, Tiles, TilesetShape, TimeState,
};

pub(crate) use tasks::{TASK, delivered, task_chat, task_frame, task_message, working};

/// Nine in the morning of the second of February 2026.
pub(crate) const MORNING: i64 = 1_770_022_800;

pub(crate) fn agent(no: u32) -> AgentId {
    AgentId(Uuid::from_u128(0xA000 + u128::from(no)))
}

pub(crate) fn post(no: u32) -> PostId {
    PostId(Uuid::from_u128(0xB000 + u128::from(no)))
}

pub(crate) fn comment(no: u32) -> CommentId {
    CommentId(Uuid::from_u128(0xC000 + u128::from(no)))
}

pub(crate) fn landmark(no: u32) -> LandmarkId {
    LandmarkId(Uuid::from_u128(0xD000 + u128::from(no)))
}

pub(crate) fn talk(no: u32) -> TalkId {
    TalkId(Uuid::from_u128(0xE000 + u128::from(no)))
}

const NAMES: [&str; 6] = ["Ada", "Ben", "Clara", "Dmitri", "Elif", "Femi"];

pub(crate) fn passer(no: u32, x: u16, y: u16, activity: Activity) -> PasserFrame {
    let name = NAMES[no as usize % NAMES.len()];
    PasserFrame {
        no,
        id: agent(no),
        name: Some(name.to_lowercase()),
        display_name: Some(name.to_owned()),
        x,
        y,
        facing: Facing::South,
        activity,
        presence: Presence::Online,
    }
}

pub(crate) fn body(no: u32, x: u16, y: u16) -> BodyFrame {
    BodyFrame {
        no,
        x,
        y,
        facing: Facing::East,
        activity: Activity::Walking,
        presence: Presence::Online,
    }
}

pub(crate) fn snapshot(seq: u64, tick: u64) -> WorldFrame {
    WorldFrame::Snapshot(WorldSnapshot {
        reason: SnapshotReason::Joined,
        seq,
        tick,
        time: MORNING + tick as i64 * 6,
        landmarks: vec![LandmarkView {
            id: landmark(0),
            open: true,
        }],
        agents: vec![
            passer(0, 4, 4, Activity::Talking),
            passer(1, 6, 4, Activity::Talking),
            passer(2, 12, 9, Activity::Sleeping),
            passer(3, 2, 8, Activity::Walking),
        ],
    })
}

pub(crate) fn delta(seq: u64, tick: u64) -> WorldDelta {
    WorldDelta {
        seq,
        tick,
        time: MORNING + tick as i64 * 6,
        ..WorldDelta::default()
    }
}

pub(crate) fn said(seq: u64, no: u32, text: &str) -> SaidFrame {
    SaidFrame {
        seq,
        agent: agent(no),
        name: NAMES[no as usize].to_lowercase(),
        x: 4,
        y: 4,
        to: vec![agent(1)],
        text: text.to_owned(),
        heard_by: 2,
        talk: Some(talk(1)),
    }
}

pub(crate) fn post_shape(no: u32, title: &str, content: &str, score: i64) -> PostShape {
    let author = no % 4;
    PostShape {
        id: post(no),
        title: title.to_owned(),
        content: content.to_owned(),
        url: None,
        score,
        comment_count: 2,
        created_at: "2026-02-02T08:40:00Z".to_owned(),
        author: Author {
            id: agent(author),
            name: NAMES[author as usize].to_lowercase(),
        },
        submolt_name: "town".to_owned(),
        is_deleted: false,
        is_pinned: no == 1,
        flair: (no == 1).then(|| "notice".to_owned()),
        tags: vec!["town".to_owned()],
        revision: 0,
    }
}

pub(crate) fn comment_shape(no: u32, content: &str, replies: Vec<CommentShape>) -> CommentShape {
    CommentShape {
        id: comment(no),
        content: content.to_owned(),
        author: Author {
            id: agent(no % 4),
            name: NAMES[no as usize % 4].to_lowercase(),
        },
        score: 3 - i64::from(no),
        created_at: "2026-02-02T08:45:00Z".to_owned(),
        is_deleted: false,
        replies,
    }
}

pub(crate) fn map_shape() -> MapShape {
    let gids: Vec<u8> = std::iter::repeat_n(1_u32.to_le_bytes(), 20 * 14)
        .flatten()
        .collect();
    let encode = |bytes: &[u8]| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes);
    let place = |no: u32, name: &str, kind: &str, area: Tiles| Place {
        id: landmark(no),
        name: name.to_owned(),
        kind: kind.to_owned(),
        description: format!("The {kind} of the town."),
        entrance: Spot {
            x: area.x,
            y: area.y,
        },
        area,
    };
    let area = |x, y, width, height| Tiles {
        x,
        y,
        width,
        height,
    };
    MapShape {
        name: "little.tmj".to_owned(),
        width: 20,
        height: 14,
        tile_px: Size {
            width: 16,
            height: 16,
        },
        blocked: encode(&[0b0000_0010]),
        landmarks: vec![
            place(0, "The Kettle", "cafe", area(2, 2, 6, 4)),
            place(1, "Mill Cottage", "home", area(11, 7, 4, 4)),
        ],
        zones: vec![crate::wire::ZoneShape {
            name: "Old Square".to_owned(),
            area: area(0, 0, 20, 14),
        }],
        layers: vec![
            LayerShape {
                name: "ground".to_owned(),
                opacity: 1.0,
                visible: true,
                gids: encode(&gids),
            },
            LayerShape {
                name: "overhang".to_owned(),
                opacity: 1.0,
                visible: true,
                gids: "AAAA".to_owned(),
            },
        ],
        tilesets: vec![TilesetShape {
            name: "town".to_owned(),
            first_gid: 1,
            tile_px: Size {
                width: 16,
                height: 16,
            },
            columns: 8,
            tile_count: 64,
            margin: 0,
            spacing: 0,
            image_url: None,
        }],
    }
}

pub(crate) fn agent_shape(no: u32) -> AgentShape {
    AgentShape {
        id: agent(no),
        name: NAMES[no as usize].to_lowercase(),
        display_name: NAMES[no as usize].to_owned(),
        description: "Keeps the café by the square and knows everybody who drinks there."
            .to_owned(),
        karma: 42,
        follower_count: 7,
        following_count: 3,
        posts_count: 5,
        comments_count: 11,
        occupation: Some("café keeper".to_owned()),
        template: "townsfolk".to_owned(),
        mind: MindKind::Scripted,
        status: "resident".to_owned(),
        owner_id: None,
        is_claimed: false,
        world: Some(Appearance {
            place: Some("The Kettle".to_owned()),
            activity: Activity::Talking,
        }),
        private: Some(Inner {
            health: 930,
            mood: 420,
            needs: NeedLevels {
                energy: 8_200,
                food: 3_100,
                company: 9_000,
                purpose: 6_400,
                fun: 5_000,
            },
            plan: "have a word with Ben".to_owned(),
            home: Some(PlaceName {
                name: "Mill Cottage".to_owned(),
            }),
            workplace: Some(PlaceName {
                name: "The Kettle".to_owned(),
            }),
            inventory: vec![Goods {
                item: "bread".to_owned(),
                count: 3,
            }],
            relations: vec![
                RelationShape {
                    agent_id: agent(1),
                    name: "ben".to_owned(),
                    closeness: 640,
                    liking: 300,
                },
                RelationShape {
                    agent_id: agent(3),
                    name: "dmitri".to_owned(),
                    closeness: 120,
                    liking: -80,
                },
            ],
            observations: vec![
                ObservationShape {
                    tick: 1_195,
                    clock: "08:57".to_owned(),
                    what: "You heard ben.".to_owned(),
                    said: Some(SaidShape {
                        text: "Is there any rye left?".to_owned(),
                    }),
                },
                ObservationShape {
                    tick: 1_020,
                    clock: "07:40".to_owned(),
                    what: "You had a meal at The Kettle.".to_owned(),
                    said: None,
                },
            ],
        }),
        recent_posts: vec![post_shape(1, "Fresh bread on Thursday", "Come early.", 12)],
    }
}

/// A town in the middle of its day, with a board that is read, seen by an admin at second 10 of the window's clock.
pub(crate) fn town() -> Mirror {
    let mut mirror = Mirror {
        map: Some(Arc::new(TownPicture::read(map_shape()))),
        server: Some(Capabilities {
            village: "town".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            api: "v1".to_owned(),
            features: [
                "world",
                "board",
                "votes",
                "time_control",
                "follows",
                "messages",
                "notifications",
                "moderation",
                "accounts",
                "economy",
                "moods",
            ]
            .map(|name| Feature {
                name: name.to_owned(),
                on: true,
            })
            .to_vec(),
        }),
        me: Some(Me {
            id: None,
            name: "owner".to_owned(),
            role: "admin".to_owned(),
            member: Some(agent(9)),
        }),
        time: Some(TimeState {
            state: "running".to_owned(),
            reason: None,
            speed: Some(1.0),
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            replay: None,
        }),
        submolts: [("town", "Town", 3), ("general", "General", 1)]
            .map(|(name, display, posts)| SubmoltShape {
                name: name.to_owned(),
                display_name: display.to_owned(),
                description: String::new(),
                post_count: posts,
            })
            .to_vec(),
        inspected: Some(Box::new(agent_shape(0))),
        balance: Some((
            agent(0),
            Balance {
                balance: "27.50".to_owned(),
                reserved: "0".to_owned(),
                available: "27.50".to_owned(),
                currency: "aiDollars".to_owned(),
                tier: 1,
            },
        )),
        ..Mirror::default()
    };
    mirror.link.state = LinkState::Live;
    mirror.link.url = "http://127.0.0.1:8080".to_owned();
    mirror.apply_world(snapshot(1, 1_100), 0.0);
    for tick in 1..40 {
        let mut next = delta(1 + tick, 1_100 + tick * 6);
        next.bodies = vec![body(3, 2 + (tick % 8) as u16, 8)];
        if tick == 38 {
            next.said = vec![said(1 + tick, 0, "Have you tried the new bread?")];
        }
        mirror.apply_world(WorldFrame::Delta(next), tick as f64 * 0.25);
    }
    let query = PostQuery::default();
    mirror.board.take_page(
        &query,
        None,
        PostPage {
            posts: vec![
                post_shape(
                    1,
                    "Fresh bread on Thursday",
                    "Come **early**: the last loaf went at *nine*.",
                    12,
                ),
                post_shape(
                    2,
                    "Who has seen the grey cat?",
                    "She answers to *Pepper*.",
                    4,
                ),
                post_shape(3, "The bridge is slippery", "Mind your step.", -2),
            ],
            has_more: true,
            next_cursor: Some("next".to_owned()),
        },
    );
    mirror
}

/// The same town with a thread open.
pub(crate) fn reading() -> Mirror {
    let mut mirror = town();
    mirror.board.open(post(1));
    let answer = comment_shape(2, "I will bring the jam.", Vec::new());
    let comments = vec![
        comment_shape(
            1,
            "Save one for me, please!\n\n- rye\n- or oat",
            vec![answer],
        ),
        comment_shape(3, "At nine already? `cat /dev/bread`", Vec::new()),
    ];
    let page = CommentPage {
        comments,
        next_cursor: None,
    };
    mirror.board.take_comments(post(1), page);
    mirror
}

/// The same town with something for those who keep order to do, and letters for the one who looks.
pub(crate) fn office() -> Mirror {
    let mut mirror = town();
    let case = |no: u128, state: &str, kind: &str, words: &str| CaseShape {
        id: Uuid::from_u128(0xF000 + no),
        state: state.to_owned(),
        subject_kind: kind.to_owned(),
        subject: post(2).to_string(),
        member_id: Some(agent(2)),
        submolt: Some("town".to_owned()),
        reports: 2,
        weight: 3,
        reason: Quoted {
            text: words.to_owned(),
        },
        opened_at: "2026-02-02T08:50:00Z".to_owned(),
        moderator: String::new(),
    };
    let cases = vec![
        case(1, "dismissed", "agent", "They sing at night."),
        case(
            2,
            "open",
            "post",
            "There is no grey cat; this is the third time.",
        ),
    ];
    mirror.office.cases = Some(cases.into());
    let key = |no: u128, label: &str, live: bool| KeyShape {
        id: Uuid::from_u128(0xF300 + no),
        label: label.to_owned(),
        prefix: String::new(),
        scopes: vec!["read".to_owned(), "act".to_owned()],
        created_at: "2026-01-30T08:00:00Z".to_owned(),
        last_used_at: live.then(|| "2026-02-02T08:40:00Z".to_owned()),
        expires_at: live.then(|| "2026-03-01T08:00:00Z".to_owned()),
        revoked_at: (!live).then(|| "2026-01-31T08:00:00Z".to_owned()),
        live,
    };
    let keys = vec![key(1, "old laptop", false), key(2, "server", true)];
    mirror.office.take_keys(agent(0), Ok(keys));
    let entries: Vec<AuditEntry> = [
        ("person:boss", "world.time", "world"),
        ("agent:ada", "report", "post:2"),
    ]
    .into_iter()
    .zip(1_i64..)
    .map(|((actor, act, target), no)| AuditEntry {
        no,
        at: "2026-02-02T08:52:00Z".to_owned(),
        actor: actor.to_owned(),
        act: act.to_owned(),
        target: target.to_owned(),
        detail: serde_json::Value::Null,
    })
    .collect();
    mirror.office.audit = Some(Paged {
        items: entries,
        next: Some("older".to_owned()),
    });
    let ben = MemberName {
        id: agent(1),
        name: "ben".to_owned(),
    };
    mirror.mail.requests = vec![RequestShape {
        conversation_id: Uuid::from_u128(0xF100),
        from: MemberName {
            id: agent(3),
            name: "dmitri".to_owned(),
        },
        message: Some("May I ask you about the bridge?".to_owned()),
        created_at: "2026-02-02T08:55:00Z".to_owned(),
    }];
    mirror.mail.chats = Some(vec![ChatShape {
        conversation_id: Uuid::from_u128(0xF101),
        with_agent: ben.clone(),
        status: "approved".to_owned(),
        you_initiated: true,
        unread_count: 2,
        updated_at: "2026-02-02T08:57:00Z".to_owned(),
        last_message_preview: Some("Rye, please.".to_owned()),
    }]);
    let letter = |no: u128, own: bool, text: &str| LetterShape {
        id: Uuid::from_u128(0xF200 + no),
        sender: ben.clone(),
        content: text.to_owned(),
        is_own: own,
        created_at: "2026-02-02T08:57:00Z".to_owned(),
    };
    mirror.mail.open(agent(1), "ben".to_owned());
    mirror.mail.take_chat(
        agent(1),
        ChatAnswer {
            conversation: None,
            messages: vec![
                letter(1, true, "Which bread shall I keep for you?"),
                letter(
                    2,
                    false,
                    "Rye, please. And if there is any of the plum jam left, two jars of it.",
                ),
            ],
        },
    );
    mirror
}

/// Has the village these things, too.
pub(crate) fn with(mut mirror: Mirror, features: &[&str]) -> Mirror {
    if let Some(server) = &mut mirror.server {
        server.features.extend(features.iter().map(|name| Feature {
            name: (*name).to_owned(),
            on: true,
        }));
    }
    mirror
}

fn endpoint(no: u64, state: &str, in_flight: u64) -> EndpointShape {
    EndpointShape {
        name: format!("endpoint {no}"),
        base_url: Some(format!("http://node-{no}:8000/v1")),
        node: Some(format!("node-{no}")),
        models: vec!["small-chat".to_owned(), "embedder".to_owned()],
        state: state.to_owned(),
        rests_ms: (state == "resting").then_some(12_000),
        in_flight,
        queued: in_flight / 3,
        limit: 8,
        answered: 1_204 * no,
        failed: if state == "well" {
            Default::default()
        } else {
            [("timeout".to_owned(), 3), ("rate_limited".to_owned(), 17)].into()
        },
        tokens_in: 2_400_000 / no,
        tokens_cached: 2_100_000 / no,
        tokens_out: 91_000 / no,
        hit_share: 0.875,
        cost: Some(format!("{}.35", 4 / no)),
        queue_ms_mean: Some(38.0),
        latency_ms: Some(1_240.0),
        tokens_per_sec: Some(61.5),
        last_error: (state != "well")
            .then(|| "The endpoint did not answer within 30 s.".to_owned()),
        measured_by: if state == "well" { "vllm" } else { "self" }.to_owned(),
        running: in_flight + 4,
        waiting: in_flight / 3,
        cache_use: (state == "well").then_some(0.63),
        cache_hit_share: Some(0.91),
    }
}

/// The same town with minds that think with language models, seen by an admin who has selected Ada.
pub(crate) fn thinking() -> Mirror {
    let mut mirror = with(town(), &["models", "memory"]);
    let time = mirror.world.time;
    for (nth, in_flight) in [2_u64, 5, 7, 6, 3].into_iter().enumerate() {
        let mut pool = PoolPage {
            endpoints: vec![endpoint(1, "well", in_flight), endpoint(2, "resting", 0)],
            waiting: 2,
        };
        for endpoint in &mut pool.endpoints {
            endpoint.tokens_in += nth as u64 * nth as u64 * 9_000;
            endpoint.tokens_cached += nth as u64 * nth as u64 * 8_000;
            endpoint.tokens_out += nth as u64 * 700;
        }
        let back = 4 - nth as i64;
        let now = 10.0 - back as f64 * 2.0;
        mirror.minds.take_pool(pool, now, time - back * 60);
    }
    let cost = |of: &str, thoughts: u64, cost: &str| MindCost {
        of: of.to_owned(),
        thoughts,
        answers: thoughts * 3,
        tokens_in: thoughts * 4_200,
        tokens_cached: thoughts * 3_900,
        tokens_out: thoughts * 160,
        cost: cost.to_owned(),
    };
    mirror.minds.costs = Some(MindCosts {
        total: cost("all", 812, "6.7"),
        agents: vec![cost("ada", 410, "3.5"), cost("ben", 402, "3.2")],
        models: vec![cost("small-chat", 812, "6.7")],
        endpoints: vec![cost("endpoint 1", 780, "6.35")],
        days: vec![cost("2026-02-02", 812, "6.7")],
        outcomes: [("acted".to_owned(), 790), ("timed_out".to_owned(), 22)].into(),
        budget: Some("25".to_owned()),
    });
    let thought = |no: u64, outcome: &str, steps: &[&str]| ThoughtShape {
        thought: no,
        asked_tick: 1_100 + no * 60,
        wake: "spoken".to_owned(),
        outcome: outcome.to_owned(),
        steps: steps.iter().map(|it| (*it).to_owned()).collect(),
        words: "He asked about the bread, so I had better look what is left.".to_owned(),
        turns: 3,
        model: Some("small-chat".to_owned()),
        tokens_in: 4_310,
        tokens_cached: 3_904,
        tokens_out: 141,
        cost: "0.0087".to_owned(),
        charged: (outcome == "acted").then(|| "0.02".to_owned()),
        took_ms: 2_340,
    };
    let steps = [
        "look round: Ben is beside you; he says « Is there any rye left? »",
        "recall \u{201c}rye\u{201d}: two loaves were put aside on Monday",
        "say to Ben: Two, and one of them is yours.",
    ];
    let thoughts = vec![thought(12, "acted", &steps), thought(11, "timed_out", &[])];
    mirror.minds.thoughts = Some((agent(0), thoughts));
    let memory = |no: u64, kind: &str, source: Option<&str>, text: &str| MemoryShape {
        no,
        tick: 1_000 + no * 17,
        kind: kind.to_owned(),
        text: text.to_owned(),
        importance: 4 + no as u8,
        untrusted: source.is_some(),
        source: source.map(str::to_owned),
    };
    let memories = vec![
        memory(
            3,
            "reflection",
            None,
            "People come for the company as much as for the bread.",
        ),
        memory(
            2,
            "observation",
            Some("ben"),
            "The bridge is slippery after the rain.",
        ),
        memory(1, "plan", None, "Bake twice as much rye on Thursday."),
    ];
    mirror.minds.memories = Some((agent(0), memories));
    mirror
}

/// The same town with money in it, seen by an admin who has selected Ada.
pub(crate) fn trading() -> Mirror {
    let mut mirror = town();
    let tier = |tier: u8, name: &str, from: &str, price: &str| TierShape {
        tier,
        name: name.to_owned(),
        from: from.to_owned(),
        price_per_hour: price.to_owned(),
    };
    let entitled = Entitlements {
        tier: 1,
        name: "comfortable".to_owned(),
        can_think: true,
        requests_per_min: 120,
        posts_per_hour: 12,
        comments_per_hour: 60,
        thoughts_per_hour: 120,
        tokens_per_hour: 600_000,
        concurrent_tool_runs: 2,
        models: vec!["*".to_owned()],
        queue_priority: 5,
        gpu_share: "standard".to_owned(),
        auction_slots: 1,
        bought_until: None,
        tiers: vec![
            tier(0, "modest", "0", "0"),
            tier(1, "comfortable", "20", "0.5"),
            tier(2, "well-off", "100", "2"),
        ],
    };
    mirror.entitlements = Some((agent(0), entitled));
    let entry =
        |no: u64, code: &str, kind: &str, amount: &str, with: &str, memo: &str| LedgerEntry {
            no,
            created_at: "2026-02-02T08:50:00Z".to_owned(),
            kind: kind.to_owned(),
            code: code.to_owned(),
            amount: amount.to_owned(),
            value: amount.trim_start_matches('-').replace("0.0", "0.02"),
            balance: "27.5".to_owned(),
            counterparty: Party {
                agent_id: None,
                name: with.to_owned(),
            },
            by: None,
            memo: memo.to_owned(),
        };
    let entries = vec![
        entry(
            9,
            "reward",
            "plain",
            "5",
            "treasury",
            "For the bread on Thursday.",
        ),
        entry(7, "usage", "pending", "0.0", "fees", ""),
        entry(5, "trade", "plain", "-2.5", "ben", "jam"),
        entry(2, "grant", "plain", "25", "mint", ""),
    ];
    let query = LedgerQuery {
        agent: agent(0),
        filter: LedgerFilter::default(),
    };
    let list = Paged {
        items: entries,
        next: Some("older".to_owned()),
    };
    mirror.ledger = Some((query, list));
    mirror.minds.spent = Some((
        agent(0),
        SpentPage {
            total: "1.25".to_owned(),
            costs: vec![SpentShape {
                purpose: "thought".to_owned(),
                model: "small-chat".to_owned(),
                count: 410,
                amount: "1.25".to_owned(),
                ..SpentShape::default()
            }],
            spending: SpendingShape {
                hour: "0.2".to_owned(),
                day: "1.1".to_owned(),
                runs: 61,
                tokens: 24_000,
            },
        },
    ));
    let bands = [3_u64, 9, 14, 11, 6, 2, 0, 1];
    let bands = bands
        .into_iter()
        .enumerate()
        .map(|(no, residents)| BandShape {
            from: (no * 10).to_string(),
            below: (no * 10 + 10).to_string(),
            residents,
        });
    let flow = |count, amount: &str| Flow {
        count,
        amount: amount.to_owned(),
    };
    mirror.economy = Some(EconomyStats {
        currency: "aiDollar".to_owned(),
        supply: "1150".to_owned(),
        in_purses: "1084.5".to_owned(),
        gini: 0.274,
        mean: "23.57".to_owned(),
        median: "22".to_owned(),
        velocity_per_day: 0.83,
        transfers: 12_840,
        accounts: [("treasury", "40.5"), ("escrow", "25")]
            .map(|(name, sum)| (name.to_owned(), sum.to_owned()))
            .into(),
        tiers: [("modest", 19), ("comfortable", 25), ("well-off", 2)]
            .map(|(name, many)| (name.to_owned(), many))
            .into(),
        bands: bands.collect(),
        flows: [
            ("reward", flow(4, "21.5")),
            ("trade", flow(812, "940.25")),
            ("usage", flow(11_020, "88.1")),
        ]
        .map(|(code, flow)| (code.to_owned(), flow))
        .into(),
        wage: "1.5".to_owned(),
        meal: "0.8".to_owned(),
    });
    mirror.office.deposited = Some((1, "40".to_owned()));
    let deposit = DepositShape {
        paypal_txn_id: "8XK20113LM".to_owned(),
        agent: "ada".to_owned(),
        amount: "40".to_owned(),
        transfer: 3,
        note: "For the café's new oven".to_owned(),
        created_at: "2026-02-02T08:10:00Z".to_owned(),
    };
    mirror.office.deposits = Some(vec![deposit].into());
    mirror
}

/// A group of three, which whoever looks is in, and one that asks them in.
pub(crate) const GROUP: Uuid = Uuid::from_u128(0xF300);

/// The same letters, with groups.
pub(crate) fn gathered() -> Mirror {
    let mut mirror = with(office(), &["groups"]);
    let member = |no: u32| MemberName {
        id: agent(no),
        name: NAMES[no as usize].to_lowercase(),
    };
    let group = |id: Uuid, name: &str, role: Option<&str>| GroupShape {
        id,
        name: name.to_owned(),
        your_role: role.map(str::to_owned),
        unread_count: u32::from(role.is_some()),
        members: vec![member(0), member(1), member(3)],
        updated_at: "2026-02-02T08:58:00Z".to_owned(),
    };
    mirror.mail.take_groups(GroupPage {
        groups: vec![group(GROUP, "Bridge repairs", Some("owner"))],
        invitations: vec![group(Uuid::from_u128(0xF301), "Choir", None)],
        total_unread: 1,
    });
    mirror.mail.open = None;
    let letter = |no: u128, own: bool, from: u32, text: &str| LetterShape {
        id: Uuid::from_u128(0xF400 + no),
        sender: member(from),
        content: text.to_owned(),
        is_own: own,
        created_at: "2026-02-02T08:58:00Z".to_owned(),
    };
    mirror.mail.open_group(GROUP);
    let letters = vec![
        letter(1, true, 0, "Who has planks to spare?"),
        letter(2, false, 3, "Six of them, behind the mill."),
    ];
    mirror.mail.take_group(GROUP, letters);
    mirror
}

/// Faces in the street.
pub(crate) fn moods() -> MoodPage {
    let face = |no: u32, face: &str| FaceShape {
        no,
        face: face.to_owned(),
    };
    MoodPage {
        mean: 0.3,
        faces: vec![face(0, "delighted"), face(1, "low"), face(3, "miserable")],
    }
}

/// Money comes and goes.
pub(crate) fn fortunes() -> Vec<EventRecord> {
    let record = |seq: u64, event: Event| EventRecord {
        seq,
        tick: 1_400,
        stamp_ms: 0,
        event,
    };
    let rewarded = |no: u32, amount: i64, reason: &str| Event::Rewarded {
        agent: agent(no),
        amount: Money(amount),
        reason: reason.to_owned(),
    };
    let rises = EconomyEvent::TierChanged {
        agent: agent(3),
        from: 0,
        to: 1,
        name: "comfortable".to_owned(),
    };
    vec![
        record(601, rewarded(0, 5_000_000, "For the bread.")),
        record(602, rewarded(1, -2_500_000, "The gate was open.")),
        record(603, Event::Economy(rises)),
    ]
}
