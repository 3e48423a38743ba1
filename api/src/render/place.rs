//! Places of the town: tiles, landmarks and zones.

use std::fmt::Write;

use hamlet_protocol::map::{Area, Landmark, Point, TownMap};
use hamlet_protocol::view::{LandmarkView, WorldView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PointBody {
    /// From the left, 0 first.
    pub(crate) x: u16,
    /// From the top, 0 first.
    pub(crate) y: u16,
}

impl From<Point> for PointBody {
    fn from(point: Point) -> Self {
        Self {
            x: point.x,
            y: point.y,
        }
    }
}

/// A rectangle of tiles.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub(crate) struct AreaBody {
    /// From the left.
    x: u16,
    /// From the top.
    y: u16,
    /// Tiles wide.
    width: u16,
    /// Tiles high.
    height: u16,
}

impl From<Area> for AreaBody {
    fn from(area: Area) -> Self {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

/// A landmark of the town.
#[derive(Serialize, ToSchema)]
pub(crate) struct LandmarkBody<'a> {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: &'a str,
    /// `home`, `cafe`, `market`, `board` …
    kind: &'a str,
    /// What it is like.
    description: &'a str,
    /// Its tiles.
    area: AreaBody,
    /// The tile by which one comes in.
    entrance: PointBody,
    /// Whether one may use it now.
    open: bool,
}

/// A named part of the town.
#[derive(Serialize, ToSchema)]
pub(crate) struct ZoneBody<'a> {
    /// Its name.
    name: &'a str,
    /// What it is like.
    description: &'a str,
    /// Its tiles.
    area: AreaBody,
}

/// All landmarks as they are.
pub(crate) fn landmarks(view: &WorldView) -> Vec<LandmarkBody<'_>> {
    both(view)
        .map(|(place, now)| LandmarkBody {
            id: now.id.0,
            name: &place.name,
            kind: place.kind.as_str(),
            description: &place.description,
            area: place.area.into(),
            entrance: place.entrance.into(),
            open: now.open,
        })
        .collect()
}

/// All zones.
pub(crate) fn zones(map: &TownMap) -> Vec<ZoneBody<'_>> {
    let zones = map.zones.iter();
    zones
        .map(|zone| ZoneBody {
            name: &zone.name,
            description: &zone.description,
            area: zone.area.into(),
        })
        .collect()
}

/// Landmarks, as the map has them and as they are now.
pub(crate) fn both(view: &WorldView) -> impl Iterator<Item = (&Landmark, &LandmarkView)> {
    view.map.landmarks.iter().zip(view.landmarks.iter())
}

/// The landmark somebody on this tile is in; of several, the smallest. Who stands in the entrance is in, as for the village's rules.
pub(crate) fn landmark_at(view: &WorldView, at: Point) -> Option<(&Landmark, &LandmarkView)> {
    both(view)
        .filter(|(place, _)| place.area.contains(at) || place.entrance == at)
        .min_by_key(|(place, _)| u32::from(place.area.width) * u32::from(place.area.height))
}

/// What this tile is called: its landmark, else its zone, else nothing.
pub(crate) fn name_of(view: &WorldView, at: Point) -> Option<&str> {
    let zone = || view.map.zones.iter().find(|zone| zone.area.contains(at));
    landmark_at(view, at)
        .map(|(place, _)| place.name.as_str())
        .or_else(|| zone().map(|zone| zone.name.as_str()))
}

/// Which way, and how far, in words: `3 tiles east and 1 north`.
pub(crate) fn way(from: Point, to: Point) -> String {
    let mut words = String::new();
    let (dx, dy) = (
        i32::from(to.x) - i32::from(from.x),
        i32::from(to.y) - i32::from(from.y),
    );
    for (tiles, plus, minus) in [(dx, "east", "west"), (dy, "south", "north")] {
        if tiles == 0 {
            continue;
        }
        let and = if words.is_empty() { "" } else { " and " };
        let unit = match (words.is_empty(), tiles.abs()) {
            (true, 1) => " tile",
            (true, _) => " tiles",
            (false, _) => "",
        };
        let towards = if tiles > 0 { plus } else { minus };
        // Writing to a string never fails.
        write!(words, "{and}{}{unit} {towards}", tiles.abs()).ok();
    }
    if words.is_empty() {
        words.push_str("on the same tile");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_said_as_people_say_them() {
        let from = Point::new(10, 10);
        for (to, words) in [
            (Point::new(13, 9), "3 tiles east and 1 north"),
            (Point::new(9, 10), "1 tile west"),
            (Point::new(10, 12), "2 tiles south"),
            (from, "on the same tile"),
        ] {
            assert_eq!(way(from, to), words);
        }
    }
}
