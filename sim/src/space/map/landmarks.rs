//! Which objects are landmarks and zones, and what they say about themselves.
//!
//! - A **zone** is an object of class (or type) `zone` without a `kind` property, in any layer.
//! - A **landmark** is any other object in a layer named `landmarks`, `SemanticZones`, `places` or `zones` (in any case),
//!   and an object of class `landmark`, `building` or `place` in any layer; a `zone` with a `kind` property is one too.
//! - Captions (text objects) are neither.
//!
//! A shape counts with its bounding box, rounded to whole tiles; a point is one tile.
//! The kind is the property `kind`, else the class if it names a kind, else what the name tells ([`kind`]).
//! Further properties: `description`; `hours` such as `08:00-20:00` or `always`; `entrance` as `x,y` in tiles.

use hamlet_protocol::map::{Area, LandmarkKind, Point, Zone};
use hamlet_protocol::time::Hours;

use super::drawing::{Body, Drawing, Object};
use super::kind;
use super::reading::{Flaw, Reading};

/// Landmarks of one map.
pub(super) const LANDMARKS_MAX: usize = 16_384;
/// Characters of a landmark's or zone's name.
pub(super) const NAME_CHARS_MAX: usize = 120;
/// Characters of a landmark's or zone's description.
pub(super) const DESCRIPTION_CHARS_MAX: usize = 4000;

const LAYERS: [&str; 4] = ["landmarks", "semanticzones", "places", "zones"];
const CLASSES: [&str; 3] = ["landmark", "building", "place"];

/// A landmark before it has a unique name and an entrance.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) kind: LandmarkKind,
    pub(super) description: String,
    pub(super) area: Area,
    /// The tiles that count as inside, where that is not the whole area.
    pub(super) own: Option<Vec<Point>>,
    /// Where its maker wants the entrance.
    pub(super) entrance: Option<Point>,
    pub(super) hours: Option<Hours>,
    /// Left out with a warning, instead of stopping the run, when it cannot be reached.
    pub(super) can_be_left_out: bool,
}

/// All landmarks and zones in the order of the file.
pub(super) fn read(drawing: &Drawing, reading: &mut Reading<'_>) -> (Vec<Candidate>, Vec<Zone>) {
    let (mut candidates, mut zones) = (Vec::new(), Vec::new());
    for layer in &drawing.layers {
        let Body::Objects(objects) = &layer.body else {
            continue;
        };
        let in_layer = LAYERS.contains(&layer.name.trim().to_lowercase().as_str());
        for object in objects.iter().filter(|object| !object.is_text) {
            let class = object.class.trim().to_lowercase();
            let is_zone = class == "zone" && object.properties.get("kind").is_none();
            let is_landmark = in_layer || class == "zone" || CLASSES.contains(&class.as_str());
            let result = match (is_zone, is_landmark) {
                (true, _) => zone(object, drawing).map(|zone| zones.push(zone)),
                (false, true) => {
                    candidate(object, drawing).map(|candidate| candidates.push(candidate))
                }
                (false, false) => continue,
            };
            if let Err(flaw) = result {
                let title = title(object, &layer.name);
                reading.error(format!("{title}: {}", flaw.message), flaw.help);
            }
        }
    }
    if candidates.len() > LANDMARKS_MAX {
        reading.error(
            format!("{} landmarks are too many", candidates.len()),
            format!("draw at most {LANDMARKS_MAX}"),
        );
    }
    (candidates, zones)
}

/// How a fault calls an object.
fn title(object: &Object, layer: &str) -> String {
    match object.name.trim() {
        "" => format!("object {} in layer `{layer}`", object.id),
        name => format!(
            "`{}` (object {} in layer `{layer}`)",
            clean(name, NAME_CHARS_MAX),
            object.id
        ),
    }
}

fn zone(object: &Object, drawing: &Drawing) -> Result<Zone, Flaw> {
    Ok(Zone {
        name: name(object)?,
        description: description(object)?.unwrap_or_default(),
        area: area(object, drawing)?,
    })
}

fn candidate(object: &Object, drawing: &Drawing) -> Result<Candidate, Flaw> {
    let name = name(object)?;
    let kind = match object.properties.get("kind") {
        Some(kind) => kind::of_property(kind),
        None => kind::of_class(&object.class).unwrap_or_else(|| kind::of_name(&name)),
    };
    Ok(Candidate {
        name,
        description: description(object)?.unwrap_or_else(|| kind::description(&kind)),
        kind,
        area: area(object, drawing)?,
        own: None,
        entrance: object
            .properties
            .get("entrance")
            .map(entrance)
            .transpose()?,
        hours: object.properties.get("hours").map(hours).transpose()?,
        can_be_left_out: false,
    })
}

fn name(object: &Object) -> Result<String, Flaw> {
    let name = clean(&object.name, usize::MAX);
    let length = name.chars().count();
    if length <= NAME_CHARS_MAX {
        return Ok(name);
    }
    Err(Flaw::new(
        format!("the name has {length} characters"),
        format!("use at most {NAME_CHARS_MAX}"),
    ))
}

fn description(object: &Object) -> Result<Option<String>, Flaw> {
    let Some(text) = object.properties.get("description") else {
        return Ok(None);
    };
    let length = text.chars().count();
    if length <= DESCRIPTION_CHARS_MAX {
        return Ok(Some(text.to_owned()));
    }
    Err(Flaw::new(
        format!("the description has {length} characters"),
        format!("use at most {DESCRIPTION_CHARS_MAX}"),
    ))
}

/// One line: blanks and control characters become single blanks.
pub(super) fn clean(text: &str, chars_max: usize) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    words
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(chars_max)
        .collect()
}

/// The tiles of an object: an edge counts where at least half of a tile lies inside; at least one tile is left.
fn area(object: &Object, drawing: &Drawing) -> Result<Area, Flaw> {
    let [left, top, right, bottom] = object.bounds;
    if object.bounds.iter().any(|side| !side.is_finite()) {
        return Err(Flaw::new(
            "its place is no number",
            "draw it again in Tiled",
        ));
    }
    let outside = || {
        Flaw::new(
            format!("it lies outside the map, at pixel ({left:.0}, {top:.0})"),
            "move it onto the map, or remove it",
        )
    };
    let (x, width) = span(left, right, drawing.tile_px.0, drawing.width).ok_or_else(outside)?;
    let (y, height) = span(top, bottom, drawing.tile_px.1, drawing.height).ok_or_else(outside)?;
    Ok(Area {
        x,
        y,
        width,
        height,
    })
}

/// First tile and number of tiles between two pixels; what lies off the map is cut off.
fn span(from: f64, to: f64, tile_px: u32, tiles: u32) -> Option<(u16, u16)> {
    let tile = f64::from(tile_px);
    let (mut first, mut end) = ((from / tile).round(), (to / tile).round());
    if end <= first {
        first = ((from + to) / 2.0 / tile).floor();
        end = first + 1.0;
    }
    let first_on_map = first.max(0.0);
    let end_on_map = end.min(f64::from(tiles));
    (first_on_map < end_on_map).then_some((first_on_map as u16, (end_on_map - first_on_map) as u16))
}

/// `x,y` in tiles.
fn entrance(text: &str) -> Result<Point, Flaw> {
    let inner = text.trim_start_matches('(').trim_end_matches(')');
    let point = inner
        .split_once(',')
        .and_then(|(x, y)| Some(Point::new(x.trim().parse().ok()?, y.trim().parse().ok()?)));
    point.ok_or_else(|| {
        Flaw::new(
            format!("its entrance is `{text}`"),
            "write column and row in tiles, from 0, such as 12,7",
        )
    })
}

/// `08:00-20:00`, `8-20`, or `always`. What ends at midnight ends at 24:00 or 00:00.
fn hours(text: &str) -> Result<Hours, Flaw> {
    if ["always", "24h", "24/7"].contains(&text.to_lowercase().as_str()) {
        return Ok(Hours::ALWAYS);
    }
    let span = text
        .split_once(['-', '–'])
        .and_then(|(from, to)| Some((second(from)?, second(to)?)));
    let (from, to) = span.ok_or_else(|| {
        Flaw::new(
            format!("its hours are `{text}`"),
            "write them such as 08:00-20:00, 22:00-06:00 or always",
        )
    })?;
    Ok(Hours {
        from: from % 86_400,
        to: to % 86_400,
    })
}

/// Seconds since midnight of `8`, `08:30` or `24:00`.
fn second(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_time = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
    is_time.then_some(hour * 3600 + minute * 60)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn pixels_become_tiles() {
        assert_eq!(span(32.0, 96.0, 16, 50), Some((2, 4)));
        assert_eq!(span(30.0, 99.0, 16, 50), Some((2, 4)));
        assert_eq!(span(40.0, 40.0, 16, 50), Some((2, 1)));
        assert_eq!(span(34.0, 38.0, 16, 50), Some((2, 1)));
        assert_eq!(span(-40.0, 40.0, 16, 50), Some((0, 3)));
        assert_eq!(span(700.0, 9000.0, 16, 50), Some((44, 6)));
        assert_eq!(span(800.0, 801.0, 16, 50), None);
        assert_eq!(span(-16.0, -1.0, 16, 50), None);
        assert_eq!(span(1e300, 1e301, 16, 50), None);
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        assert_eq!(hours("08:00-20:00").unwrap(), Hours::between(8, 20));
        assert_eq!(hours("8 – 20").unwrap(), Hours::between(8, 20));
        assert_eq!(hours("22:00-06:00").unwrap(), Hours::between(22, 6));
        assert_eq!(
            hours("18:00-24:00").unwrap(),
            Hours {
                from: 64_800,
                to: 0
            }
        );
        assert_eq!(hours("00:00-24:00").unwrap(), Hours::ALWAYS);
        assert_eq!(hours("Always").unwrap(), Hours::ALWAYS);
        for text in [
            "",
            "8",
            "25:00-26:00",
            "08:60-09:00",
            "24:30-25:00",
            "a-b",
            "-1-5",
        ] {
            assert!(
                hours(text).unwrap_err().help.contains("08:00-20:00"),
                "{text}"
            );
        }
    }

    #[test]
    fn entrances_are_two_numbers() {
        assert_eq!(entrance("12, 7").unwrap(), Point::new(12, 7));
        assert_eq!(entrance("(12,7)").unwrap(), Point::new(12, 7));
        assert!(entrance("12").is_err() && entrance("-1,2").is_err() && entrance("a,b").is_err());
    }
}
