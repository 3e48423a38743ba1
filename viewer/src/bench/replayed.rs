//! A long replay, drawn without a window: what the window keeps of it must not grow.

use bevy::prelude::*;
use hamlet_protocol::frame::WorldFrame;

use super::{WARM_FRAMES, fed, look, town};
use crate::app::{Show, end_of};
use crate::link::News;
use crate::options::{ViewError, ViewOptions};
use crate::scene;

/// Ticks of an hour in which ten pass in a second.
pub const HOUR_TICKS: u64 = 36_000;
/// Ticks between two posts.
const POST_EVERY: u64 = 10;

/// Plays so many ticks of a town of so many people on a square map, as fast as pictures can be drawn with so many ticks between two of them; `told` hears after each picture how many ticks there were.
/// Somebody speaks at each tick, and every second somebody writes a post.
///
/// # Errors
/// When there is no device to draw with.
pub fn replayed(
    people: u32,
    side: u32,
    size: (u32, u32),
    ticks: u64,
    ticks_per_frame: u64,
    mut told: impl FnMut(u64) + Send + Sync + 'static,
) -> Result<(), ViewError> {
    let options = ViewOptions {
        size,
        headless: true,
        remember: false,
        ..ViewOptions::default()
    };
    let (mut app, news) = fed(&options, scene::plugin, people, side);
    let (mut warm, mut tick) = (0, 0_u64);
    app.add_systems(
        Last,
        move |mut show: NonSendMut<Show>, mut exit: MessageWriter<AppExit>| {
            if warm < WARM_FRAMES {
                warm += 1;
                look(&mut show, side);
                return;
            }
            told(tick);
            if tick >= ticks {
                exit.write(AppExit::Success);
                return;
            }
            for _ in 0..ticks_per_frame {
                let delta = town::busy(people, side, tick + 1);
                // What the window has not taken in yet is not lost: it is told with the next picture.
                if news
                    .try_send(News::World(WorldFrame::Delta(delta)))
                    .is_err()
                {
                    break;
                }
                tick += 1;
                if tick.is_multiple_of(POST_EVERY) {
                    drop(news.try_send(News::Board(town::post(people, tick))));
                }
            }
        },
    );
    end_of(app)
}
