//! The town while it is built: what is in the way, and the three layers of its picture.

use hamlet_protocol::map::{Bitmap, Point};

use crate::rng::mix;
use crate::space::generate::tiles::{self, Picture, wall};

/// A rectangle of tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) w: u32,
    pub(super) h: u32,
}

impl Rect {
    pub(super) fn new(x: u32, y: u32, w: u32, h: u32) -> Self {
        Self { x, y, w, h }
    }

    pub(super) fn tiles(self) -> impl Iterator<Item = (u32, u32)> {
        (self.y..self.y + self.h).flat_map(move |y| (self.x..self.x + self.w).map(move |x| (x, y)))
    }
}

/// How a building looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// First tile of the walls' style.
    pub(super) walls: u32,
    /// Middle tile of the roof.
    pub(super) roof: u32,
    /// Tile of the floor, and how many variants of it follow each other.
    pub(super) floor: (u32, u32),
}

/// A town that is being built.
pub(super) struct Draft {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) blocked: Bitmap,
    /// Grass and floors.
    pub(super) ground: Vec<u32>,
    /// Streets, water and walls.
    pub(super) built: Vec<u32>,
    /// What stands and grows.
    pub(super) objects: Vec<u32>,
    blobs: [u8; 256],
}

impl Draft {
    /// A lawn.
    pub(super) fn new(width: u32, height: u32) -> Self {
        let tiles = width as usize * height as usize;
        // Plain grass is commonest.
        const LAWN: [u8; 16] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6];
        let ground =
            (0..tiles).map(|i| tiles::GRASS + u32::from(LAWN[(mix(i as u64) >> 60) as usize]));
        Self {
            width,
            height,
            blocked: Bitmap::new(tiles),
            ground: ground.collect(),
            built: vec![0; tiles],
            objects: vec![0; tiles],
            blobs: tiles::blob_table(),
        }
    }

    pub(super) fn index(&self, x: u32, y: u32) -> usize {
        y as usize * self.width as usize + x as usize
    }

    pub(super) fn walkable(&self, x: u32, y: u32) -> bool {
        x < self.width && y < self.height && !self.blocked.get(self.index(x, y))
    }

    /// Whether nothing is built on a tile, and nothing stands or grows there.
    pub(super) fn is_bare(&self, x: u32, y: u32) -> bool {
        let i = self.index(x, y);
        self.built[i] == 0 && self.objects[i] == 0
    }

    pub(super) fn block(&mut self, x: u32, y: u32) {
        let i = self.index(x, y);
        self.blocked.set(i, true);
    }

    /// Draws terrain where `there` says so, with edges towards the rest. `first` is its tile with edges, `full` that without.
    pub(super) fn terrain(
        &mut self,
        area: Rect,
        first: u32,
        full: u32,
        there: &dyn Fn(i64, i64) -> bool,
    ) {
        const ROUND: [(i64, i64); 8] = [
            (0, -1),
            (1, -1),
            (1, 0),
            (1, 1),
            (0, 1),
            (-1, 1),
            (-1, 0),
            (-1, -1),
        ];
        for (x, y) in area.tiles() {
            let (cx, cy) = (i64::from(x), i64::from(y));
            if !there(cx, cy) {
                continue;
            }
            let mask = ROUND
                .iter()
                .enumerate()
                .filter(|(_, (dx, dy))| there(cx + dx, cy + dy))
                .fold(0, |m, (bit, _)| m | 1 << bit);
            let blob = self.blobs[mask as usize];
            let i = self.index(x, y);
            self.built[i] = if blob == tiles::BLOB_FULL {
                full + (mix(i as u64) >> 62) as u32
            } else {
                first + u32::from(blob)
            };
        }
    }

    /// Puts a thing down, its top left tile at a place; `solid`: nobody can stand on it.
    pub(super) fn put(&mut self, (first, w, h): Picture, x: u32, y: u32, solid: bool) {
        for (tx, ty) in Rect::new(x, y, w, h).tiles() {
            let i = self.index(tx, ty);
            self.objects[i] = first + (ty - y) * tiles::COLUMNS + (tx - x);
            if solid {
                self.blocked.set(i, true);
            }
        }
    }

    /// Puts down a thing of which only the lowest row stands in the way; its upper part hangs over what lies behind.
    pub(super) fn stand(&mut self, picture: Picture, x: u32, y: u32) {
        self.put(picture, x, y + 1 - picture.2, false);
        for dx in 0..picture.1 {
            self.block(x + dx, y);
        }
    }

    /// Builds walls round a rectangle: the eave is its first row, the front wall with the doors its last.
    /// A door is a column from the left and a width of 1 or 2. Answers the inside.
    pub(super) fn building(&mut self, area: Rect, look: Look, doors: &[(u32, u32)]) -> Rect {
        let Rect { x, y, w, h } = area;
        let (right, bottom) = (x + w - 1, y + h - 1);
        for (tx, ty) in Rect::new(x, y + 2, w, h - 2).tiles() {
            let i = self.index(tx, ty);
            self.ground[i] = look.floor.0 + (mix(i as u64) >> 32) as u32 % look.floor.1;
        }
        for tx in x..=right {
            let at = |left, right_end, middle| {
                if tx == x {
                    left
                } else if tx == right {
                    right_end
                } else {
                    middle
                }
            };
            self.wall(look.roof + at(2, 4, 0), tx, y);
            let window = if (tx - x) % 3 == 2 {
                wall::BACK_WINDOW
            } else {
                wall::BACK
            };
            self.wall(
                look.walls + at(wall::BACK_LEFT, wall::BACK_RIGHT, window),
                tx,
                y + 1,
            );
            let window = if (tx - x) % 4 == 2 {
                wall::FRONT_WINDOW
            } else {
                wall::FRONT
            };
            self.wall(
                look.walls + at(wall::FRONT_LEFT, wall::FRONT_RIGHT, window),
                tx,
                bottom,
            );
        }
        for ty in y + 2..bottom {
            self.wall(look.walls + wall::LEFT, x, ty);
            self.wall(look.walls + wall::RIGHT, right, ty);
        }
        for &(column, wide) in doors {
            for dx in 0..wide {
                let piece = match (wide, dx) {
                    (1, _) => wall::DOOR,
                    (_, 0) => wall::DOOR_LEFT,
                    _ => wall::DOOR_RIGHT,
                };
                let i = self.index(x + column + dx, bottom);
                self.built[i] = look.walls + piece;
                self.blocked.set(i, false);
            }
        }
        Rect::new(x + 1, y + 2, w - 2, h - 3)
    }

    fn wall(&mut self, tile: u32, x: u32, y: u32) {
        let i = self.index(x, y);
        self.built[i] = tile;
        self.blocked.set(i, true);
    }

    /// Which tiles can be reached from one of them.
    pub(super) fn reached(&self, from: Point) -> Bitmap {
        let mut reached = Bitmap::new(self.ground.len());
        let mut open = vec![(u32::from(from.x), u32::from(from.y))];
        while let Some((x, y)) = open.pop() {
            if !self.walkable(x, y) || reached.get(self.index(x, y)) {
                continue;
            }
            reached.set(self.index(x, y), true);
            // Off the left or upper edge the number wraps, and the tile is not walkable.
            open.extend([
                (x + 1, y),
                (x.wrapping_sub(1), y),
                (x, y + 1),
                (x, y.wrapping_sub(1)),
            ]);
        }
        reached
    }
}
