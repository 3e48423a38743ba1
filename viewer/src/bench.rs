//! How fast pictures follow each other, for `hamlet-bench viewer`: a large town that moves, drawn without a window, beside its bare map.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bevy::app::ScheduleRunnerPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::PollType;
use bevy::render::renderer::RenderDevice;
use bevy::render::{Render, RenderApp, RenderSystems};
use hamlet_protocol::agent::{Activity, Facing, Presence};
use hamlet_protocol::frame::{
    BodyFrame, PasserFrame, SnapshotReason, WorldDelta, WorldFrame, WorldSnapshot,
};
use hamlet_protocol::ids::AgentId;

use crate::app::{Show, assemble};
use crate::link::{News, Wire};
use crate::mirror::LinkState;
use crate::options::{ViewError, ViewOptions};
use crate::wire::{Capabilities, LayerShape, MapShape, Size, TilesetShape};

/// Seconds between two ticks of the town.
const TICK_SECS: f64 = 0.1;
/// Frames that are drawn before the first is timed: textures arrive, tiles are laid.
const WARM_FRAMES: usize = 40;
/// About the room that panels leave for the map, in points.
const ROOM: (f32, f32) = (880.0, 710.0);
/// Layers of the map.
const LAYERS: usize = 2;
/// Tiles of the set.
const TILES: u32 = 64;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// The map and nothing else.
    Map,
    /// The map with this many people, as many of them in view as its part of the map holds, and all panels.
    Town {
        /// People in the world.
        people: u32,
    },
}

/// What was measured.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    /// Milliseconds of each frame.
    pub millis: Vec<f64>,
    /// People on the picture when it ended.
    pub seen: usize,
}

/// Draws frames of a square map of so many tiles a side, of which a part is in view, and times them.
///
/// # Errors
/// When there is no device to draw with.
pub fn frames(load: Load, side: u32, size: (u32, u32), frames: usize) -> Result<Frames, ViewError> {
    let options = ViewOptions {
        size,
        headless: true,
        remember: false,
        ..ViewOptions::default()
    };
    let (wire, news) = Wire::fed();
    let show = Show::of(&options, wire, None);
    let mut app = assemble(&options, show);
    app.add_plugins(ScheduleRunnerPlugin::run_loop(Duration::ZERO));
    // A picture counts when it is drawn, not when it is ordered.
    app.sub_app_mut(RenderApp)
        .add_systems(Render, finish.in_set(RenderSystems::Cleanup));
    let feed = |it: News| drop(news.try_send(it));
    feed(News::Link(LinkState::Live));
    feed(News::Server(Box::new(Capabilities {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Capabilities::default()
    })));
    feed(News::Map(Box::new(map(side))));
    feed(News::Picture {
        set: 0,
        bytes: None,
    });
    let people = match load {
        Load::Map => 0,
        Load::Town { people } => people,
    };
    feed(News::World(WorldFrame::Snapshot(crowd(people, side))));
    let found = Arc::new(Mutex::new(Frames::default()));
    let out = Arc::clone(&found);
    let (mut last, mut warm, mut ticked, mut tick) = (Instant::now(), 0, 0.0, 0_u64);
    app.insert_resource(crate::app::PanelsShown(load != Load::Map));
    app.add_systems(
        Last,
        move |mut show: NonSendMut<Show>, mut exit: MessageWriter<AppExit>| {
            let now = Instant::now();
            if warm < WARM_FRAMES {
                warm += 1;
                if warm == WARM_FRAMES {
                    look(&mut show, side);
                }
            } else {
                let mut found = out.lock().unwrap_or_else(PoisonError::into_inner);
                found.millis.push((now - last).as_secs_f64() * 1_000.0);
                if found.millis.len() >= frames {
                    found.seen = seen(&show);
                    exit.write(AppExit::Success);
                }
            }
            last = now;
            if people > 0 && show.now - ticked >= TICK_SECS {
                (ticked, tick) = (show.now, tick + 1);
                drop(news.try_send(News::World(WorldFrame::Delta(step(people, side, tick)))));
            }
        },
    );
    crate::app::end_of(app)?;
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *found))
}

/// Waits until the device has drawn what it was told.
fn finish(device: Res<RenderDevice>) {
    if let Err(why) = device.poll(PollType::wait_indefinitely()) {
        tracing::warn!(?why, "the device does not say when it has drawn");
    }
}

/// Looks at the middle of the map, so closely that about a fifth of the people are in view; with panels and without at the same part of it.
fn look(show: &mut Show, side: u32) {
    let camera = &mut show.view.camera;
    if camera.rect.width() < 101.0 {
        // No panel has said where the map is.
        let room = bevy_egui::egui::vec2(ROOM.0, ROOM.1);
        camera.rect = bevy_egui::egui::Rect::from_min_size(bevy_egui::egui::Pos2::ZERO, room);
    }
    camera.zoom = ROOM.0 / (side as f32 * 0.45);
    camera.middle = bevy_egui::egui::Vec2::splat(side as f32 / 2.0);
    camera.fitted = true;
}

fn seen(show: &Show) -> usize {
    let seen = show.view.camera.seen();
    let people = show.mirror.world.people.values();
    people
        .filter(|it| seen.contains(bevy_egui::egui::pos2(it.at(show.now).0, it.at(show.now).1)))
        .count()
}

/// A map of two layers without a picture: squares are as much work as trees.
fn map(side: u32) -> MapShape {
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
    let row = no.wrapping_mul(2_654_435_761) % side;
    let column = no.wrapping_mul(40_503) % side;
    let walked = tick % 16;
    let away = if walked < 8 { walked } else { 16 - walked } as u32;
    ((column + away).min(side - 1) as u16, row as u16)
}

fn crowd(people: u32, side: u32) -> WorldSnapshot {
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
                    id: AgentId(uuid::Uuid::from_u128(u128::from(no) + 1)),
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

fn step(people: u32, side: u32, tick: u64) -> WorldDelta {
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
