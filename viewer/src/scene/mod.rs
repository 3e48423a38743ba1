//! What Bevy draws below the panels: the tiles, the people, the light of the hour.
//!
//! It reads the mirror and the view, and writes to neither.

mod camera;
mod light;
mod people;
mod tiles;

use bevy::prelude::*;

pub(crate) use tiles::Tilesets;

/// Pixels of the world per tile: units of Bevy's world.
pub(crate) const TILE: f32 = 16.0;
/// How deep things lie, bottom first.
pub(crate) mod depth {
    /// Layers below people's feet.
    pub(crate) const GROUND: f32 = 0.0;
    /// Between two layers.
    pub(crate) const LAYER: f32 = 1.0;
    /// People; whoever stands lower hides whoever stands higher.
    pub(crate) const PEOPLE: f32 = 300.0;
    /// Layers that hang over heads.
    pub(crate) const ABOVE: f32 = 500.0;
    /// The light of the hour.
    pub(crate) const LIGHT: f32 = 800.0;
}

/// Everything Bevy draws.
pub(crate) fn plugin(app: &mut App) {
    app.init_resource::<Tilesets>().add_plugins((
        tiles::plugin,
        people::plugin,
        light::plugin,
        camera::plugin,
    ));
}

/// The tiles and nothing else: what everything is measured against.
pub(crate) fn bare(app: &mut App) {
    app.init_resource::<Tilesets>()
        .add_plugins((tiles::plugin, camera::plugin));
}

/// A place of the map in Bevy's world, where up is up.
pub(crate) fn spot(x: f32, y: f32) -> Vec2 {
    Vec2::new(x * TILE, -y * TILE)
}
