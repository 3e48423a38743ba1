//! Hand-made mirrors for tests of panels.

use std::sync::Arc;

use hamlet_protocol::agent::{Activity, Facing, MindKind, Presence};
use hamlet_protocol::frame::{
    BodyFrame, PasserFrame, SaidFrame, SnapshotReason, WorldDelta, WorldFrame, WorldSnapshot,
};
use hamlet_protocol::ids::{AgentId, CommentId, LandmarkId, PostId, TalkId};
use hamlet_protocol::view::LandmarkView;
use uuid::Uuid;

use super::{LinkState, Mirror, PostQuery, TownPicture};
use crate::wire::{
    AgentShape, Appearance, AuditEntry, Author, Balance, Capabilities, CaseShape, ChatAnswer,
    ChatShape, CommentShape, Feature, Goods, Inner, LayerShape, LetterShape, MapShape, Me,
    MemberName, NeedLevels, Place, PlaceName, PostPage, PostShape, Quoted, RelationShape,
    RequestShape, Size, Spot, SubmoltShape, Tiles, TilesetShape, TimeState,
};

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

fn comment_shape(no: u32, content: &str, replies: Vec<CommentShape>) -> CommentShape {
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
    mirror.board.take_comments(post(1), comments);
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
    mirror.office.cases = Some(vec![
        case(1, "dismissed", "agent", "They sing at night."),
        case(
            2,
            "open",
            "post",
            "There is no grey cat; this is the third time.",
        ),
    ]);
    mirror.office.audit = Some(
        [
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
        .collect(),
    );
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
