//! How each kind of public place is built on its land. Every function answers the area that people use.

use crate::space::generate::build::{Look, Rect};
use crate::space::generate::tiles;
use crate::space::generate::town::Builder;

impl Builder<'_> {
    /// A large building on a parcel, with a garden behind, an alley on both sides and two wide doors.
    fn hall_of(&mut self, land: Rect, style: usize, roof: usize, floor: (u32, u32)) -> Rect {
        let area = Rect::new(land.x, land.y + 1, land.w - 1, land.h - 1);
        let look = Look {
            walls: tiles::STYLES[style],
            roof: tiles::ROOFS[roof],
            floor,
        };
        let doors = if area.w < 12 {
            vec![(area.w / 2 - 1, 2)]
        } else {
            vec![(area.w / 3 - 1, 2), (area.w * 2 / 3 - 1, 2)]
        };
        self.flowers(Rect::new(land.x, land.y, land.w, 1), 30);
        self.draft.building(area, look, &doors)
    }

    /// A café: a bar along the wall, tables with a stool each.
    pub(super) fn cafe(&mut self, land: Rect) -> Rect {
        let inside = self.hall_of(land, 0, 0, (tiles::CHECKER, 1));
        for dx in (0..inside.w - 2).take(6) {
            self.draft.put(tiles::BAR, inside.x + dx, inside.y, true);
        }
        self.rows_of(inside, (3, 3), tiles::CAFE_TABLE, Some(tiles::STOOL));
        inside
    }

    /// A workshop: benches, or anvils where it is hot.
    pub(super) fn workshop(&mut self, land: Rect, hot: bool) -> Rect {
        let floor = if hot {
            (tiles::FLAGS, 1)
        } else {
            (tiles::PLANKS, 2)
        };
        let inside = self.hall_of(land, usize::from(hot), if hot { 3 } else { 4 }, floor);
        let (tool, pitch) = if hot {
            (tiles::ANVIL, (4, 3))
        } else {
            (tiles::WORKBENCH, (5, 3))
        };
        self.rows_of(inside, pitch, tool, None);
        inside
    }

    /// A library: shelves along the wall, desks in rows.
    pub(super) fn library(&mut self, land: Rect) -> Rect {
        let inside = self.hall_of(land, 2, 2, (tiles::PLANKS + 2, 2));
        for dx in (0..inside.w).filter(|dx| dx % 5 != 4) {
            self.draft.stand(tiles::SHELF, inside.x + dx, inside.y);
        }
        self.rows_of(inside, (5, 3), tiles::READING_DESK, Some(tiles::STOOL));
        inside
    }

    /// A clinic: beds in rows.
    pub(super) fn clinic(&mut self, land: Rect) -> Rect {
        let inside = self.hall_of(land, 3, 5, (tiles::WHITE_TILES, 1));
        for dy in (0..inside.h.saturating_sub(1)).step_by(4) {
            for dx in (1..inside.w - 1).step_by(3) {
                self.draft
                    .put(tiles::CLINIC_BED, inside.x + dx, inside.y + dy, false);
            }
        }
        inside
    }

    /// The town hall: the council's table and benches for the public.
    pub(super) fn hall(&mut self, land: Rect) -> Rect {
        let inside = self.hall_of(land, 1, 1, (tiles::CARPET, 1));
        self.draft.put(
            tiles::COUNCIL_TABLE,
            inside.x + inside.w / 2 - 2,
            inside.y,
            true,
        );
        for dy in (3..inside.h.saturating_sub(1)).step_by(2) {
            for dx in (1..inside.w - 2).step_by(4) {
                self.draft
                    .put(tiles::BENCH, inside.x + dx, inside.y + dy, false);
            }
        }
        inside
    }

    /// Rows of solid things in a room, with a free ring along the walls and free rows between; a seat beside each.
    fn rows_of(
        &mut self,
        inside: Rect,
        pitch: (u32, u32),
        thing: tiles::Picture,
        seat: Option<tiles::Picture>,
    ) {
        for dy in (2..inside.h.saturating_sub(1)).step_by(pitch.1 as usize) {
            for dx in (1..inside.w.saturating_sub(thing.1 + 1)).step_by(pitch.0 as usize) {
                let (x, y) = (inside.x + dx, inside.y + dy);
                self.draft.put(thing, x, y, true);
                if let Some(seat) = seat {
                    self.draft.put(seat, x + thing.1, y, false);
                }
            }
        }
    }

    fn slabs(&mut self, land: Rect) {
        let inside = |x: i64, y: i64| {
            (i64::from(land.x)..i64::from(land.x + land.w)).contains(&x)
                && (i64::from(land.y)..i64::from(land.y + land.h)).contains(&y)
        };
        self.draft
            .terrain(land, tiles::SLAB, tiles::SLAB_FULL, &inside);
    }

    /// A paved square with stalls round a fountain, or with one row of stalls where it is small.
    pub(super) fn market(&mut self, land: Rect) -> Rect {
        self.slabs(land);
        let rows: &[u32] = if land.h > 10 { &[1, land.h - 4] } else { &[1] };
        for (row, dy) in rows.iter().enumerate() {
            for (i, dx) in (1..land.w - 3).step_by(5).enumerate() {
                let stall = tiles::STALLS[(i + 2 * row) % tiles::STALLS.len()];
                self.draft.put(stall, land.x + dx, land.y + dy, true);
            }
        }
        if land.h > 10 {
            self.draft.put(
                tiles::FOUNTAIN,
                land.x + land.w / 2 - 2,
                land.y + land.h / 2 - 2,
                true,
            );
        }
        land
    }

    /// A paved corner with the board in its middle.
    pub(super) fn board(&mut self, land: Rect) -> Rect {
        self.slabs(land);
        self.draft.stand(
            tiles::BOARD,
            land.x + land.w / 2 - 1,
            land.y + land.h / 2 - 1,
        );
        land
    }

    /// A park: a pond where there is room, benches, trees.
    pub(super) fn park(&mut self, land: Rect) -> Rect {
        let (rx, ry) = (i64::from(land.w / 4), i64::from(land.h / 5));
        if ry >= 2 {
            // In half tiles, about a corner of tiles, so that the pond has no tips.
            let (cx, cy) = (
                i64::from(2 * land.x + land.w / 2 * 2),
                i64::from(2 * land.y + land.h / 2 * 2),
            );
            let wet = |x: i64, y: i64| {
                let (dx, dy) = (2 * x + 1 - cx, 2 * y + 1 - cy);
                dx * dx * ry * ry + dy * dy * rx * rx <= 4 * rx * rx * ry * ry
            };
            self.draft
                .terrain(land, tiles::WATER, tiles::WATER_FULL, &wet);
            for (x, y) in land
                .tiles()
                .filter(|&(x, y)| wet(i64::from(x), i64::from(y)))
            {
                self.draft.block(x, y);
            }
        }
        if land.h > 10 {
            for dx in (8..land.w - 8).step_by(6) {
                self.draft.put(tiles::BENCH, land.x + dx, land.y + 2, false);
                self.draft
                    .put(tiles::BENCH, land.x + dx, land.y + land.h - 3, false);
            }
        }
        self.trees(land, 4500);
        self.flowers(land, 12);
        land
    }
}
