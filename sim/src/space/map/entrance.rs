//! Where one enters a landmark.

use std::collections::BTreeSet;

use hamlet_protocol::map::{Area, Point};

use crate::space::regions::{Region, Regions};

/// The walkable parts of a map, and which of them is the town.
pub(super) struct Ground {
    pub(super) regions: Regions,
    pub(super) town: Region,
}

impl Ground {
    pub(super) fn in_town(&self, p: Point) -> bool {
        self.regions.region(p) == Some(self.town)
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entrance {
    /// One may go in.
    Inside(Point),
    /// The place is solid, as a house seen from above: one stops before it.
    Before(Point),
    /// One stops before it although it has free tiles inside: they are walled off.
    WalledOff(Point),
    /// Neither its tiles nor those beside them belong to the town.
    None,
}

/// The best entrance of an area: the lowest row that has one, as doors face the viewer, and there the tile nearest to the middle.
/// `own` are the tiles that count as inside where that is not the whole area.
pub(super) fn find(area: Area, own: Option<&[Point]>, ground: &Ground) -> Entrance {
    let middle = area.x + (area.width - 1) / 2;
    let nearest = |row: &mut dyn Iterator<Item = Point>| {
        row.filter(|p| ground.in_town(*p))
            .min_by_key(|p| (p.x.abs_diff(middle), p.x))
    };
    let inside = match own {
        Some(tiles) => {
            let reachable = tiles.iter().filter(|p| ground.in_town(**p));
            reachable
                .min_by_key(|p| (u16::MAX - p.y, p.x.abs_diff(middle), p.x))
                .copied()
        }
        None => rows(area)
            .rev()
            .find_map(|y| nearest(&mut columns(area).map(|x| Point::new(x, y)))),
    };
    if let Some(p) = inside {
        return Entrance::Inside(p);
    }
    let Some(before) = beside(area).find_map(|mut row| nearest(&mut row)) else {
        return Entrance::None;
    };
    let is_free = |p: Point| ground.regions.region(p).is_some();
    let has_free = match own {
        Some(tiles) => tiles.iter().copied().any(is_free),
        None => area.tiles().any(is_free),
    };
    if has_free {
        Entrance::WalledOff(before)
    } else {
        Entrance::Before(before)
    }
}

/// The regions that an area has tiles of, or where it has none, those beside it.
pub(super) fn regions_of(area: Area, own: Option<&[Point]>, regions: &Regions) -> BTreeSet<Region> {
    let inside: BTreeSet<Region> = match own {
        Some(tiles) => tiles.iter().filter_map(|p| regions.region(*p)).collect(),
        None => area.tiles().filter_map(|p| regions.region(p)).collect(),
    };
    if inside.is_empty() {
        return beside(area)
            .flatten()
            .filter_map(|p| regions.region(p))
            .collect();
    }
    inside
}

/// Whether a tile belongs to an area or touches it, corners included.
pub(super) fn touches(area: Area, p: Point) -> bool {
    let near =
        |at: u16, from: u16, length: u16| (from.saturating_sub(1)..=from + length).contains(&at);
    near(p.x, area.x, area.width) && near(p.y, area.y, area.height)
}

fn rows(area: Area) -> std::ops::Range<u16> {
    area.y..area.y + area.height
}

fn columns(area: Area) -> std::ops::Range<u16> {
    area.x..area.x + area.width
}

/// The tiles that share an edge with an area: those below it, those at its sides from the bottom up, those above.
fn beside(area: Area) -> impl Iterator<Item = Box<dyn Iterator<Item = Point>>> {
    let row = move |y: u16| -> Box<dyn Iterator<Item = Point>> {
        Box::new(columns(area).map(move |x| Point::new(x, y)))
    };
    let sides = rows(area)
        .rev()
        .map(move |y| -> Box<dyn Iterator<Item = Point>> {
            let left = area.x.checked_sub(1).map(|x| Point::new(x, y));
            Box::new(left.into_iter().chain([Point::new(area.x + area.width, y)]))
        });
    let above = area.y.checked_sub(1).map(row);
    std::iter::once(row(area.y + area.height))
        .chain(sides)
        .chain(above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::grid::Grid;
    use crate::space::grid::tests::drawn;

    /// The ground of a drawn map; its largest part is the town.
    fn ground(rows: &[&str]) -> Ground {
        let regions = Regions::new(&Grid::new(&drawn(rows)));
        let town = regions.largest().expect("there is ground");
        Ground { regions, town }
    }

    fn find_in(rows: &[&str], (x, y, width, height): (u16, u16, u16, u16)) -> Entrance {
        let area = Area {
            x,
            y,
            width,
            height,
        };
        find(area, None, &ground(rows))
    }

    #[test]
    fn the_door_at_the_bottom_is_the_entrance() {
        let rows = ["......", ".####.", ".#..#.", ".##.#.", "......"];
        assert_eq!(
            find_in(&rows, (1, 1, 4, 3)),
            Entrance::Inside(Point::new(3, 3))
        );
        assert_eq!(
            find_in(&rows, (0, 0, 6, 5)),
            Entrance::Inside(Point::new(2, 4))
        );
    }

    #[test]
    fn before_a_solid_house_below_then_beside_then_above() {
        assert_eq!(
            find_in(&["...", ".#.", "..."], (1, 1, 1, 1)),
            Entrance::Before(Point::new(1, 2))
        );
        assert_eq!(
            find_in(&["...", ".#.", ".#."], (1, 1, 1, 2)),
            Entrance::Before(Point::new(0, 2))
        );
        assert_eq!(
            find_in(&["...", "###", "###"], (0, 1, 3, 2)),
            Entrance::Before(Point::new(1, 0))
        );
        assert_eq!(
            find_in(&["##.", "##.", "..."], (0, 0, 1, 1)),
            Entrance::None
        );
    }

    #[test]
    fn walled_off_is_told_apart() {
        let rows = [".......", ".#####.", ".#...#.", ".#####.", "......."];
        assert_eq!(
            find_in(&rows, (1, 1, 5, 3)),
            Entrance::WalledOff(Point::new(3, 4))
        );
        assert_eq!(find_in(&rows, (2, 2, 3, 1)), Entrance::None);
    }

    #[test]
    fn own_tiles_come_before_the_box() {
        let open = ground(&["...."; 4]);
        let area = Area {
            x: 0,
            y: 0,
            width: 4,
            height: 4,
        };
        let own = [Point::new(0, 0), Point::new(3, 1)];
        assert_eq!(
            find(area, Some(&own), &open),
            Entrance::Inside(Point::new(3, 1))
        );
    }

    #[test]
    fn touching_includes_corners() {
        let area = Area {
            x: 2,
            y: 2,
            width: 2,
            height: 1,
        };
        assert!(touches(area, Point::new(1, 1)) && touches(area, Point::new(4, 3)));
        assert!(!touches(area, Point::new(5, 2)) && !touches(area, Point::new(2, 4)));
    }
}
