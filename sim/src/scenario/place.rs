//! Places by name, by kind or by tile, checked against the map.

use hamlet_protocol::map::{LandmarkKind, Point, TownMap};
use hamlet_protocol::scenario::PlaceName;

use super::faults::Faults;
use super::reader::Reader;
use super::suggest;
use super::tree::{Node, Place, Value};
use super::words::place_key;

/// The landmarks that a word means: the one of that name, else all of that kind; without regard to case and accents.
#[must_use]
pub fn landmarks_named(map: &TownMap, word: &str) -> Vec<usize> {
    let key = place_key(word);
    if let Some(index) = map
        .landmarks
        .iter()
        .position(|landmark| place_key(&landmark.name) == key)
    {
        return vec![index];
    }
    let of_kind = |(index, landmark): (usize, &hamlet_protocol::map::Landmark)| {
        (place_key(landmark.kind.as_str()) == key).then_some(index)
    };
    map.landmarks
        .iter()
        .enumerate()
        .filter_map(of_kind)
        .collect()
}

/// Reads a place: `"Rose Café"`, `"cafe"` or `[12, 7]`.
pub(super) fn read(reader: &Reader<'_>, key: &'static str) -> Option<PlaceName> {
    let node = reader.node(key)?;
    match &node.value {
        Value::Text(word) if !word.trim().is_empty() => Some(PlaceName::Landmark(word.clone())),
        Value::List(items) => {
            let point = tile(items);
            if point.is_none() {
                let help = "write the column and the row, both from 0: [12, 7]".to_owned();
                reader
                    .faults()
                    .error(&node.place, format!("`{key}` is no tile"), help);
            }
            point.map(PlaceName::Tile)
        }
        _ => {
            reader.wrong_kind(key, node, "a place such as \"cafe\" or [12, 7]");
            None
        }
    }
}

fn tile(items: &[Node]) -> Option<Point> {
    let number = |node: &Node| match node.value {
        Value::Whole(value) => u16::try_from(value).ok(),
        _ => None,
    };
    match items {
        [x, y] => Some(Point::new(number(x)?, number(y)?)),
        _ => None,
    }
}

/// Checks a place against the map, if there is one. Says whether it may be unmet: it is named by a kind that other maps have.
pub(super) fn check(
    name: &PlaceName,
    place: &Place,
    map: Option<&TownMap>,
    optional: bool,
    faults: &Faults,
) -> bool {
    match name {
        PlaceName::Landmark(word) => check_landmark(word, place, map, optional, faults),
        PlaceName::Tile(point) => {
            if let Some(map) = map.filter(|map| !map.walkable(*point)) {
                let off = u32::from(point.x) >= map.width || u32::from(point.y) >= map.height;
                let message = format!(
                    "tile {point} {}",
                    if off { "is off the map" } else { "is blocked" }
                );
                faults.error(
                    place,
                    message,
                    format!(
                        "the map has {} × {} tiles; choose a walkable one",
                        map.width, map.height
                    ),
                );
            }
            false
        }
    }
}

/// [`check`] for a landmark.
pub(super) fn check_landmark(
    word: &str,
    place: &Place,
    map: Option<&TownMap>,
    optional: bool,
    faults: &Faults,
) -> bool {
    let key = place_key(word);
    let by_kind = LandmarkKind::KNOWN.iter().any(|kind| kind.as_str() == key);
    let Some(map) = map.filter(|map| landmarks_named(map, word).is_empty()) else {
        return by_kind;
    };
    let names = map.landmarks.iter().map(|landmark| landmark.name.as_str());
    let kinds = LandmarkKind::KNOWN.iter().map(LandmarkKind::as_str);
    if by_kind {
        faults.warning(
            place,
            format!("this map has no place of the kind `{word}`; nothing happens there"),
            None,
        );
    } else if optional {
        faults.warning(
            place,
            format!("this map has no place `{word}`; nothing happens there"),
            None,
        );
    } else {
        let help = suggest::help(word, "kinds and names of places", kinds.chain(names));
        faults.error(place, format!("this map has no place `{word}`"), help);
    }
    by_kind
}
