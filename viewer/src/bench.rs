//! How fast pictures follow each other, for `hamlet-bench viewer`: a large town that moves, drawn without a window, beside its bare map.

mod replayed;
mod town;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bevy::app::ScheduleRunnerPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::PollType;
use bevy::render::renderer::RenderDevice;
use bevy::render::{Render, RenderApp, RenderSystems};
use hamlet_protocol::frame::WorldFrame;
use tokio::sync::mpsc;

use crate::app::{Show, assembled};
use crate::link::{News, Wire};
use crate::mirror::LinkState;
use crate::options::{ViewError, ViewOptions};
use crate::scene;
use crate::wire::Capabilities;

/// Seconds between two ticks of the town.
const TICK_SECS: f64 = 0.1;
/// Frames that are drawn before the first is timed: textures arrive, tiles are laid.
const WARM_FRAMES: usize = 40;
/// About the room that panels leave for the map, in points.
const ROOM: (f32, f32) = (880.0, 710.0);
/// Part of the people that is in view.
const IN_VIEW: f32 = 0.2;

pub use replayed::{HOUR_TICKS, replayed};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// The tiles and nothing else: no people, no light, no panels.
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
    let (people, scene): (u32, fn(&mut App)) = match load {
        Load::Map => (0, scene::bare),
        Load::Town { people } => (people, scene::plugin),
    };
    let (mut app, news) = fed(&options, scene, people, side);
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
                let delta = town::step(people, side, tick);
                drop(news.try_send(News::World(WorldFrame::Delta(delta))));
            }
        },
    );
    crate::app::end_of(app)?;
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *found))
}

/// A window without a display on a village that is not there, and the way to tell it what happens.
fn fed(
    options: &ViewOptions,
    scene: fn(&mut App),
    people: u32,
    side: u32,
) -> (App, mpsc::Sender<News>) {
    let (wire, news) = Wire::fed();
    let show = Show::of(options, wire, None);
    let mut app = assembled(options, show, scene);
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
    feed(News::Map(Box::new(town::map(side))));
    feed(News::Picture {
        set: 0,
        bytes: None,
    });
    let crowd = town::crowd(people, side);
    feed(News::World(WorldFrame::Snapshot(crowd)));
    (app, news)
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
    let side_in_view = side as f32 * IN_VIEW.sqrt();
    camera.zoom = (ROOM.0 * ROOM.1).sqrt() / side_in_view;
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
