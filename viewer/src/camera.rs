//! Where on the map one looks, and how closely: plain numbers, so that they can be tested.

use egui::{Pos2, Rect, Vec2};

/// Closest: points on the screen per tile.
const ZOOM_MAX: f32 = 160.0;
/// Farthest: points on the screen per tile.
const ZOOM_MIN: f32 = 2.0;

use bevy_egui::egui;

/// Where on the map one looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MapCamera {
    /// What is in the middle, in tiles.
    pub(crate) middle: Vec2,
    /// Points on the screen per tile.
    pub(crate) zoom: f32,
    /// Where the map is on the screen, in points.
    pub(crate) rect: Rect,
    /// Whether it has ever been fitted to a map.
    pub(crate) fitted: bool,
}

impl Default for MapCamera {
    fn default() -> Self {
        Self {
            middle: Vec2::ZERO,
            zoom: 16.0,
            rect: Rect::from_min_size(Pos2::ZERO, Vec2::splat(100.0)),
            fitted: false,
        }
    }
}

impl MapCamera {
    /// Where a place of the map is on the screen; the corner of a tile where the place is whole.
    pub(crate) fn screen(&self, x: f32, y: f32) -> Pos2 {
        self.rect.center() + (Vec2::new(x, y) - self.middle) * self.zoom
    }

    /// Which place of the map is at a point of the screen.
    pub(crate) fn tile(&self, at: Pos2) -> Vec2 {
        self.middle + (at - self.rect.center()) / self.zoom
    }

    /// The part of the map that is seen, in tiles.
    pub(crate) fn seen(&self) -> Rect {
        let (min, max) = (self.tile(self.rect.min), self.tile(self.rect.max));
        Rect::from_min_max(min.to_pos2(), max.to_pos2())
    }

    /// Shows a whole map.
    pub(crate) fn fit(&mut self, width: f32, height: f32) {
        self.middle = Vec2::new(width, height) / 2.0;
        let zoom = (self.rect.width() / width).min(self.rect.height() / height);
        self.zoom = zoom.clamp(ZOOM_MIN, ZOOM_MAX);
        self.fitted = true;
    }

    /// Moves by points of the screen, as when the map is dragged.
    pub(crate) fn drag(&mut self, by: Vec2) {
        self.middle -= by / self.zoom;
    }

    /// Comes closer by a factor; what is under the pointer stays there.
    pub(crate) fn zoom_by(&mut self, factor: f32, at: Pos2) {
        let before = self.tile(at);
        self.zoom = (self.zoom * factor).clamp(ZOOM_MIN, ZOOM_MAX);
        self.middle += before - self.tile(at);
    }

    /// Keeps the middle on a map of this size.
    pub(crate) fn keep_on(&mut self, width: f32, height: f32) {
        self.middle = self.middle.clamp(Vec2::ZERO, Vec2::new(width, height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> MapCamera {
        MapCamera {
            rect: Rect::from_min_size(Pos2::new(100.0, 50.0), Vec2::new(800.0, 400.0)),
            ..MapCamera::default()
        }
    }

    #[test]
    fn the_whole_map_fits() {
        let mut camera = camera();
        camera.fit(96.0, 64.0);
        assert_eq!(camera.zoom, 6.25);
        assert_eq!(camera.screen(48.0, 32.0), camera.rect.center());
        assert!(camera.rect.contains(camera.screen(95.9, 63.9)));
    }

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let mut camera = camera();
        camera.fit(96.0, 64.0);
        let at = Pos2::new(333.0, 222.0);
        let before = camera.tile(at);
        camera.zoom_by(3.0, at);
        assert!((camera.tile(at) - before).length() < 1e-3);
        camera.zoom_by(1e9, at);
        assert_eq!(camera.zoom, ZOOM_MAX);
    }

    #[test]
    fn dragging_moves_the_map_with_the_hand() {
        let mut camera = camera();
        let at = Pos2::new(200.0, 200.0);
        let tile = camera.tile(at);
        camera.drag(Vec2::new(30.0, -10.0));
        let moved = camera.screen(tile.x, tile.y);
        assert!((moved - Pos2::new(230.0, 190.0)).length() < 1e-3);
        camera.drag(Vec2::new(1e6, 1e6));
        camera.keep_on(96.0, 64.0);
        assert_eq!(camera.middle, Vec2::ZERO);
    }
}
