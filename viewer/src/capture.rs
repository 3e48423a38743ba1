//! A picture of the window, taken when the town is there; after it the window closes.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use bevy::camera::RenderTarget;
use bevy::prelude::*;
use bevy::render::view::screenshot::{Screenshot, ScreenshotCaptured};
use bevy_egui::PrimaryEguiContext;

use crate::app::Show;
use crate::options::{Shot, ViewError, ViewOptions};
use crate::scene::Tilesets;

/// Frames that are drawn first in any case: panels find their sizes, textures arrive.
const FIRST_FRAMES: u32 = 20;
/// Seconds after which there will be no town any more.
const PATIENCE_SECS: f64 = 60.0;

/// What went wrong, told to whoever opened the window.
static TROUBLE: Mutex<Option<ViewError>> = Mutex::new(None);

/// The picture that is to be taken.
#[derive(Resource)]
struct Wanted {
    shot: Option<Shot>,
    frames: u32,
    taken: bool,
}

/// Takes the picture that the options ask for.
pub(crate) fn plugin(options: &ViewOptions) -> impl Plugin + use<> {
    let shot = options.shot.clone();
    move |app: &mut App| {
        app.insert_resource(Wanted {
            shot: shot.clone(),
            frames: 0,
            taken: false,
        })
        .add_systems(Last, take);
    }
}

/// What came of it.
pub(crate) fn outcome(exit: AppExit) -> Result<(), ViewError> {
    let trouble = TROUBLE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match (trouble, exit) {
        (Some(trouble), _) => Err(trouble),
        (None, AppExit::Success) => Ok(()),
        (None, AppExit::Error(code)) => Err(ViewError::Unfinished(format!(
            "the window ended with status {code}; its log says more"
        ))),
    }
}

/// Keeps what went wrong first for whoever opened the window.
pub(crate) fn fail(why: ViewError) {
    let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
    trouble.get_or_insert(why);
}

fn give_up(text: String, exit: &mut MessageWriter<AppExit>) {
    fail(ViewError::Unfinished(text));
    exit.write(AppExit::error());
}

fn take(
    mut commands: Commands,
    mut wanted: ResMut<Wanted>,
    show: NonSend<Show>,
    sets: Res<Tilesets>,
    cameras: Query<&RenderTarget, With<PrimaryEguiContext>>,
    mut exit: MessageWriter<AppExit>,
) {
    let Some(shot) = wanted.shot.clone() else {
        return;
    };
    if wanted.taken {
        return;
    }
    if !show.is_there() || !sets.is_drawn() {
        if show.now > PATIENCE_SECS {
            let why = match (&show.view.awaited, show.mirror.link.sentence()) {
                (_, Some(line)) => line,
                (Some(name), None) => format!("nobody here is called {name}"),
                (None, None) => "the map has not come".to_owned(),
            };
            give_up(
                format!("no picture after {PATIENCE_SECS} s: {why}"),
                &mut exit,
            );
        }
        return;
    }
    wanted.frames += 1;
    if wanted.frames < FIRST_FRAMES.saturating_add(shot.frames) {
        return;
    }
    wanted.taken = true;
    let target = cameras.iter().next();
    let screenshot = match target.and_then(RenderTarget::as_image) {
        Some(image) => Screenshot::image(image.clone()),
        None => Screenshot::primary_window(),
    };
    commands.spawn(screenshot).observe(save(shot.file));
}

/// Writes the picture, and ends.
fn save(file: PathBuf) -> impl FnMut(On<ScreenshotCaptured>, MessageWriter<AppExit>) {
    move |captured, mut exit| {
        let written = captured
            .image
            .clone()
            .try_into_dynamic()
            .map_err(|why| why.to_string())
            .and_then(|picture| {
                let picture = picture.to_rgb8();
                picture.save(&file).map_err(|why| why.to_string())
            });
        match written {
            Ok(()) => {
                exit.write(AppExit::Success);
            }
            Err(why) => give_up(
                format!("{} cannot be written: {why}", file.display()),
                &mut exit,
            ),
        }
    }
}
