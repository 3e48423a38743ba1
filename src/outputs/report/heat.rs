//! The heat map: where people stood, over the walls and landmarks of the map.

use std::fmt::Write as _;

use hamlet_protocol::map::{LandmarkKind, Point, TownMap};

use super::super::story::{DayPart, Footprints};
use super::html::{Text, cut};
use super::theme::Paint;

/// Steps of the colour scale.
const LEVELS: u64 = 9;

/// The largest picture, in pixels.
const WIDTH_PX: f64 = 1140.0;
/// The largest picture, in pixels.
const HEIGHT_PX: f64 = 760.0;

/// Landmarks named at most.
const NAMES_MAX: usize = 40;

/// Landmarks outlined at most.
const OUTLINES_MAX: usize = 400;

/// The map with its heat and a switch for the parts of the day; a sentence where nobody was seen.
pub(crate) fn figure(map: &TownMap, footprints: &Footprints) -> String {
    let all = footprints.heat(None);
    if all.iter().all(|&heat| heat == 0) {
        return "<p class=\"empty\">Nobody was seen in any sample, so there is no heat to show.</p>".to_owned();
    }
    let mut parts = vec![("All day", all)];
    for part in DayPart::ALL {
        let heat = footprints.heat(Some(part));
        if heat.iter().any(|&heat| heat > 0) {
            parts.push((part.label(), heat));
        }
    }
    // All day is the only part there is.
    if parts.len() == 2 {
        parts.truncate(1);
    }
    let mut html = "<div class=\"heat\">".to_owned();
    for (i, (label, _)) in parts.iter().enumerate() {
        let checked = if i == 0 { " checked" } else { "" };
        write!(
            html,
            "<input type=\"radio\" name=\"heat\" id=\"heat{i}\"{checked}><label for=\"heat{i}\">{label}</label>"
        )
        .ok();
    }
    html += &svg(map, footprints, &parts);
    html += "<p class=\"scale\">seldom <i></i> often</p></div>";
    html
}

fn svg(map: &TownMap, footprints: &Footprints, parts: &[(&str, Vec<u64>)]) -> String {
    let grid = Grid {
        columns: footprints.columns as usize,
        rows: footprints.rows as usize,
    };
    let (columns, rows) = (grid.columns as f64, grid.rows as f64);
    let cell_px = (WIDTH_PX / columns).min(HEIGHT_PX / rows);
    let (width, height) = (columns * cell_px, rows * cell_px);
    let tile_px = cell_px / f64::from(footprints.cell_tiles);
    let mut svg = format!(
        "<svg role=\"img\" aria-label=\"Heat map of the town\" viewBox=\"0 0 {width:.1} {height:.1}\" style=\"max-width:{width:.0}px\">\
        <rect class=\"ground\" width=\"{width:.1}\" height=\"{height:.1}\"/><g transform=\"scale({cell_px:.4})\">"
    );
    for (i, (_, heat)) in parts.iter().enumerate() {
        let levels = grid.levels(heat);
        write!(svg, "<g class=\"h heat{i}\">").ok();
        for level in 1..=LEVELS {
            let path = grid.path(|cell| levels[cell] == level);
            if !path.is_empty() {
                write!(svg, "<path class=\"h{level}\" d=\"{path}\"/>").ok();
            }
        }
        svg += "</g>";
    }
    // Walls come last: heat that the blur let into them is nobody's.
    let walls = walls(map, footprints);
    write!(
        svg,
        "<path class=\"wall\" d=\"{}\"/>",
        grid.path(|cell| walls[cell])
    )
    .ok();
    svg += "</g>";
    write_landmarks(&mut svg, map, tile_px, width);
    svg + "</svg>"
}

/// A cell is wall when most of its tiles are.
fn walls(map: &TownMap, footprints: &Footprints) -> Vec<bool> {
    let side = footprints.cell_tiles;
    let mut walls = Vec::new();
    for row in 0..footprints.rows {
        for column in 0..footprints.columns {
            let tiles = |side: u32, from: u32, end: u32| from * side..((from + 1) * side).min(end);
            let (mut blocked, mut seen) = (0, 0);
            for y in tiles(side, row, map.height) {
                for x in tiles(side, column, map.width) {
                    seen += 1;
                    blocked += u32::from(!map.walkable(Point::new(x as u16, y as u16)));
                }
            }
            walls.push(2 * blocked > seen);
        }
    }
    walls
}

/// Outlines of all landmarks; names of those that are no homes, as far as they fit.
fn write_landmarks(svg: &mut String, map: &TownMap, tile_px: f64, width: f64) {
    svg.push_str("<g class=\"marks\">");
    // Where there are too many, homes give way.
    let mut marked: Vec<_> = map.landmarks.iter().collect();
    marked.sort_by_key(|landmark| landmark.kind == LandmarkKind::Home);
    for landmark in marked.iter().take(OUTLINES_MAX) {
        let area = landmark.area;
        let px = |tiles: u16| f64::from(tiles) * tile_px;
        write!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"3\" stroke=\"{}\"><title>{} ({})</title></rect>",
            px(area.x),
            px(area.y),
            px(area.width),
            px(area.height),
            Paint::of_place(&landmark.kind).css(),
            Text(&landmark.name),
            Text(landmark.kind.as_str()),
        )
        .ok();
    }
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let public = marked
        .iter()
        .filter(|landmark| landmark.kind != LandmarkKind::Home);
    for landmark in public.take(NAMES_MAX) {
        let area = landmark.area;
        let name = cut(&landmark.name, 26);
        let half = name.chars().count() as f64 * 3.3 + 4.0;
        let middle = (f64::from(area.x) + f64::from(area.width) / 2.0) * tile_px;
        let x = middle.clamp(half.min(width / 2.0), (width - half).max(width / 2.0));
        let above = f64::from(area.y) * tile_px - 5.0;
        let below = (f64::from(area.y) + f64::from(area.height)) * tile_px + 13.0;
        let spots = [if above > 12.0 { above } else { below }, below];
        let free = |y: f64| {
            let [left, right, top, bottom] = [x - half, x + half, y - 11.0, y + 4.0];
            let clear = |t: &[f64; 4]| right < t[0] || left > t[1] || bottom < t[2] || top > t[3];
            taken
                .iter()
                .all(clear)
                .then_some([left, right, top, bottom])
        };
        let spot = spots.into_iter().find_map(|y| Some((y, free(y)?)));
        if let Some((y, taken_here)) = spot {
            taken.push(taken_here);
            write!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
                Text(&name)
            )
            .ok();
        }
    }
    svg.push_str("</g>");
}

/// Cells in rows.
#[derive(Clone, Copy)]
struct Grid {
    columns: usize,
    rows: usize,
}

impl Grid {
    /// One path of rectangles over the cells that hold, neighbours in a row joined.
    fn path(self, holds: impl Fn(usize) -> bool) -> String {
        let mut path = String::new();
        for row in 0..self.rows {
            let mut column = 0;
            while column < self.columns {
                let begin = column;
                while column < self.columns && holds(row * self.columns + column) {
                    column += 1;
                }
                match column - begin {
                    0 => column += 1,
                    run => {
                        write!(path, "M{begin} {row}h{run}v1h-{run}z").ok();
                    }
                }
            }
        }
        path
    }

    /// The step of the colour scale of each cell, 0 for none.
    /// A little blur turns single footprints into ways; the root brings out what is seldom.
    fn levels(self, heat: &[u64]) -> Vec<u64> {
        let blurred = self.blurred(heat);
        let mut sorted: Vec<u64> = blurred.iter().copied().filter(|&heat| heat > 0).collect();
        sorted.sort_unstable();
        // The beds of long sleepers must not drown the rest.
        let full = sorted
            .get(sorted.len() * 99 / 100)
            .copied()
            .unwrap_or(1)
            .max(1) as f64;
        let level = |heat: u64| match heat {
            0 => 0,
            heat => (((heat as f64 / full).min(1.0)).sqrt() * LEVELS as f64).ceil() as u64,
        };
        blurred.into_iter().map(level).collect()
    }

    /// Each cell counts four times, its neighbours along the axes once.
    fn blurred(self, heat: &[u64]) -> Vec<u64> {
        let mut out = vec![0; heat.len()];
        for row in 0..self.rows {
            for column in 0..self.columns {
                let cell = row * self.columns + column;
                if heat[cell] == 0 {
                    continue;
                }
                out[cell] += 4 * heat[cell];
                if column > 0 {
                    out[cell - 1] += heat[cell];
                }
                if column + 1 < self.columns {
                    out[cell + 1] += heat[cell];
                }
                if row > 0 {
                    out[cell - self.columns] += heat[cell];
                }
                if row + 1 < self.rows {
                    out[cell + self.columns] += heat[cell];
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_cells_become_one_rectangle() {
        let grid = Grid {
            columns: 4,
            rows: 2,
        };
        let on = [true, true, false, true, false, false, false, true];
        assert_eq!(
            grid.path(|cell| on[cell]),
            "M0 0h2v1h-2zM3 0h1v1h-1zM3 1h1v1h-1z"
        );
    }

    #[test]
    fn the_scale_runs_from_nothing_to_full() {
        let grid = Grid {
            columns: 5,
            rows: 1,
        };
        let levels = grid.levels(&[0, 0, 0, 1, 1000]);
        assert_eq!(levels[..2], [0, 0]);
        assert!(levels[2] >= 1 && levels[2] < LEVELS);
        assert_eq!(levels[4], LEVELS);
        assert_eq!(grid.levels(&[0; 5]), [0; 5]);
    }
}
