//! Bevy's camera, set from where one looks on the map.

use bevy::camera::ScalingMode;
use bevy::prelude::*;
use bevy_egui::{EguiContexts, PrimaryEguiContext};

use super::{TILE, spot};
use crate::app::Show;

pub(super) fn plugin(app: &mut App) {
    // Before the panels are drawn, so that what hangs over the map and what lies on it belong to one moment.
    app.add_systems(Update, aim);
}

fn aim(
    show: NonSend<Show>,
    mut context: EguiContexts,
    mut cameras: Query<(&Camera, &mut Projection, &mut Transform), With<PrimaryEguiContext>>,
) -> Result {
    let points = context.ctx_mut()?.pixels_per_point();
    for (camera, mut projection, mut transform) in &mut cameras {
        let Some(size) = camera.physical_target_size() else {
            continue;
        };
        let view = &show.view.camera;
        let zoom = view.zoom * points;
        let Projection::Orthographic(projection) = &mut *projection else {
            continue;
        };
        let tiles = size.as_vec2() / zoom;
        projection.scaling_mode = ScalingMode::Fixed {
            width: tiles.x * TILE,
            height: tiles.y * TILE,
        };
        // The map may stand beside the middle of the window.
        let middle = view.rect.center() * points;
        let beside = (size.as_vec2() / 2.0 - Vec2::new(middle.x, middle.y)) / zoom;
        let mut at = spot(view.middle.x + beside.x, view.middle.y + beside.y);
        // On whole pixels of the screen, so that tiles stay crisp.
        let pixel = TILE / zoom;
        at = (at / pixel).round() * pixel;
        transform.translation = at.extend(transform.translation.z);
    }
    Ok(())
}
