//! Who and what is near.

use hamlet_protocol::map::Point;

use super::Space;

impl Space {
    /// Calls `visit` with everybody within `radius` tiles of a tile along both axes, row by row from the top left.
    pub fn near(&self, p: Point, radius: u16, mut visit: impl FnMut(u32, Point)) {
        let (columns, rows) = self.square(p, radius);
        for y in rows {
            let row = self.grid.tile(Point::new(0, y));
            for word in columns.start() / 64..=columns.end() / 64 {
                let left = word * 64;
                let tile = row + u32::from(left);
                let mut there = self.taken.word(tile) & !self.grid.blocked().word(tile);
                there &= u64::MAX << columns.start().saturating_sub(left);
                there &= u64::MAX >> (63 - (columns.end() - left).min(63));
                while there != 0 {
                    let x = left + there.trailing_zeros() as u16;
                    there &= there - 1;
                    visit(
                        self.occupant[(row + u32::from(x)) as usize] - 1,
                        Point::new(x, y),
                    );
                }
            }
        }
    }

    /// The nearest free tile within `max_radius` along both axes: ring by ring, each row by row from the top left.
    #[must_use]
    pub fn nearest_free(&self, p: Point, max_radius: u16) -> Option<Point> {
        (0..=max_radius).find_map(|radius| self.free_on_ring(p, radius))
    }

    fn free_on_ring(&self, p: Point, radius: u16) -> Option<Point> {
        let (columns, rows) = self.square(p, radius);
        rows.into_iter().find_map(|y| {
            if p.y.abs_diff(y) == radius {
                return columns
                    .clone()
                    .map(|x| Point::new(x, y))
                    .find(|&at| self.is_free(at));
            }
            let sides = [p.x.checked_sub(radius), p.x.checked_add(radius)];
            sides
                .into_iter()
                .flatten()
                .map(|x| Point::new(x, y))
                .find(|&at| self.is_free(at))
        })
    }

    /// The columns and rows of the map within a radius; empty ranges when the point is too far off the map.
    fn square(
        &self,
        p: Point,
        radius: u16,
    ) -> (std::ops::RangeInclusive<u16>, std::ops::RangeInclusive<u16>) {
        let (right, bottom) = (self.grid.width() as u16 - 1, self.grid.height() as u16 - 1);
        let columns = p.x.saturating_sub(radius)..=p.x.saturating_add(radius).min(right);
        let rows = p.y.saturating_sub(radius)..=p.y.saturating_add(radius).min(bottom);
        (columns, rows)
    }
}
