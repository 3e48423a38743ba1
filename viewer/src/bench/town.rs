//! A large town that was never lived in: its map, its people, what they do at a tick.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hamlet_protocol::agent::{Activity, Facing, Presence};
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::frame::{
    BoardEvent, BoardFrame, BodyFrame, PasserFrame, PostFrame, SaidFrame, SnapshotReason,
    WorldDelta, WorldSnapshot,
};
use hamlet_protocol::ids::{AgentId, PostId, TalkId};
use hamlet_protocol::money::Money;
use uuid::Uuid;

use crate::wire::{LayerShape, MapShape, Size, TilesetShape};

/// Layers of the map.
const LAYERS: usize = 2;
/// Tiles of the set.
const TILES: u32 = 64;
/// Ticks between two rewards.
const REWARD_EVERY: u64 = 50;
/// Lines of a conversation.
const TALK_LINES: u64 = 10;

/// A map of two layers without a picture: squares are as much work as trees.
pub(super) fn map(side: u32) -> MapShape {
    let layer = |no: usize| {
        let gids = (0..side * side).flat_map(|it| (1 + (it * 7 + no as u32) % TILES).to_le_bytes());
        LayerShape {
            name: format!("layer {no}"),
            opacity: 1.0,
            visible: true,
            gids: BASE64_STANDARD.encode(gids.collect::<Vec<u8>>()),
        }
    };
    let tile = Size {
        width: 16,
        height: 16,
    };
    MapShape {
        name: "bench".to_owned(),
        width: side,
        height: side,
        tile_px: tile,
        layers: (0..LAYERS).map(layer).collect(),
        tilesets: vec![TilesetShape {
            name: "squares".to_owned(),
            first_gid: 1,
            tile_px: tile,
            columns: 8,
            tile_count: TILES,
            margin: 0,
            spacing: 0,
            image_url: None,
        }],
        ..MapShape::default()
    }
}

/// Where somebody is at a tick: to and fro along a row.
fn at(no: u32, side: u32, tick: u64) -> (u16, u16) {
    // Spread over the whole map: rows and columns from different bits of one product.
    let mixed = u64::from(no).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let row = (mixed >> 40) as u32 % side;
    let column = (mixed >> 16) as u32 % side;
    let walked = tick % 16;
    let away = if walked < 8 { walked } else { 16 - walked } as u32;
    ((column + away).min(side - 1) as u16, row as u16)
}

pub(super) fn crowd(people: u32, side: u32) -> WorldSnapshot {
    WorldSnapshot {
        reason: SnapshotReason::Joined,
        seq: 1,
        tick: 1,
        time: 1_770_022_800,
        landmarks: Vec::new(),
        agents: (0..people)
            .map(|no| {
                let (x, y) = at(no, side, 0);
                PasserFrame {
                    no,
                    id: id(no),
                    name: Some(format!("walker_{no}")),
                    display_name: None,
                    x,
                    y,
                    facing: Facing::East,
                    activity: Activity::Walking,
                    presence: Presence::Online,
                }
            })
            .collect(),
    }
}

pub(super) fn step(people: u32, side: u32, tick: u64) -> WorldDelta {
    WorldDelta {
        seq: 1,
        tick: tick + 1,
        time: 1_770_022_800 + tick as i64 * 6,
        bodies: (0..people)
            .map(|no| {
                let (x, y) = at(no, side, tick);
                BodyFrame {
                    no,
                    x,
                    y,
                    facing: if tick % 16 < 8 {
                        Facing::East
                    } else {
                        Facing::West
                    },
                    activity: Activity::Walking,
                    presence: Presence::Online,
                }
            })
            .collect(),
        ..WorldDelta::default()
    }
}

/// The same with somebody who speaks, and now and then somebody who is rewarded.
pub(super) fn busy(people: u32, side: u32, tick: u64) -> WorldDelta {
    let mut delta = step(people, side, tick);
    let speaker = (tick % u64::from(people.max(1))) as u32;
    let (x, y) = at(speaker, side, tick);
    delta.said.push(SaidFrame {
        seq: tick + 1,
        agent: id(speaker),
        name: format!("walker_{speaker}"),
        x,
        y,
        to: Vec::new(),
        text: format!(
            "The bread of morning {tick} is the best of all since {}.",
            tick / 7
        ),
        heard_by: 3,
        talk: Some(TalkId(Uuid::from_u128(u128::from(tick / TALK_LINES) + 1))),
    });
    if tick.is_multiple_of(REWARD_EVERY) {
        let event = Event::Rewarded {
            agent: id(speaker),
            amount: Money(5_000_000),
            reason: format!("For the bread of morning {tick}."),
        };
        delta.events.push(EventRecord {
            seq: tick + 1,
            tick: tick + 1,
            stamp_ms: tick as i64 * 100,
            event,
        });
    }
    delta.seq = tick + 1;
    delta
}

/// A post that somebody writes at a tick.
pub(super) fn post(people: u32, tick: u64) -> BoardFrame {
    let author = (tick % u64::from(people.max(1))) as u32;
    let post = PostFrame {
        id: PostId(Uuid::from_u128(u128::from(tick) + 1)),
        submolt: "general".to_owned(),
        title: format!("Bread of morning {tick}"),
        content: Some(format!("It was **good** at {tick}. ").repeat(12)),
        author: Some(id(author)),
        author_name: Some(format!("walker_{author}")),
        created_ms: tick as i64 * 100,
        score: 1,
        comments: 0,
    };
    BoardFrame::Delta {
        seq: tick + 1,
        events: vec![BoardEvent::Post {
            seq: tick + 1,
            post,
        }],
    }
}

fn id(no: u32) -> AgentId {
    AgentId(Uuid::from_u128(u128::from(no) + 1))
}
