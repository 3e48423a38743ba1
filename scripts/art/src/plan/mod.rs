//! The town as a plan: terrain, buildings and things, turned into layers of tiles.

mod building;
mod homes;
mod outdoors;
mod public;
mod rooms;
mod town;
mod wild;

pub(crate) use town::town;

use crate::canvas::hash;
use crate::draw::{NEIGHBOURS, blob_index};
use crate::sheet::Packed;

/// Columns of the town.
pub(crate) const WIDTH: i32 = 96;
/// Rows of the town.
pub(crate) const HEIGHT: i32 = 64;

/// Layers of the picture, bottom first. People belong between `objects` and the first `overhang`.
pub(crate) const LAYERS: [&str; 15] = [
    "ground",
    "meadow",
    "water",
    "paths",
    "streets",
    "squares",
    "floors",
    "details",
    "shadows",
    "houses",
    "objects",
    "overhang",
    "overhang 2",
    "overhang 3",
    "collision",
];
const DETAILS: usize = 7;
const SHADOWS: usize = 8;
const WALLS: usize = 9;
const OBJECTS: usize = 10;
const OVERHANG: usize = 11;
const COLLISION: usize = 14;

/// What the ground is made of, besides grass. Later ones lie on top of earlier ones.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Terrain {
    Meadow,
    Water,
    Soil,
    Dirt,
    Cobble,
    Slab,
}

impl Terrain {
    const ALL: [Self; 6] = [
        Self::Meadow,
        Self::Water,
        Self::Soil,
        Self::Dirt,
        Self::Cobble,
        Self::Slab,
    ];

    fn name(self) -> &'static str {
        ["meadow", "water", "soil", "dirt", "cobble", "slab"][self as usize]
    }

    fn layer(self) -> usize {
        [1, 2, 3, 3, 4, 5][self as usize]
    }

    /// Terrain that this one runs on beneath, so that no grass shows between them.
    fn runs_under(self) -> &'static [Self] {
        match self {
            Self::Dirt => &[Self::Cobble, Self::Slab],
            Self::Cobble => &[Self::Slab],
            _ => &[],
        }
    }
}

/// A rectangle of tiles.
#[derive(Clone, Copy)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) w: i32,
    pub(crate) h: i32,
}

impl Area {
    pub(crate) const fn new(x: i32, y: i32, w: i32, h: i32) -> Self {
        Self { x, y, w, h }
    }

    pub(crate) fn tiles(self) -> impl Iterator<Item = (i32, i32)> {
        (self.y..self.y + self.h).flat_map(move |y| (self.x..self.x + self.w).map(move |x| (x, y)))
    }
}

/// A place that means something, or a part of the town (kind `zone`).
pub(crate) struct Place {
    pub(crate) name: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) description: &'static str,
    pub(crate) area: Area,
    pub(crate) hours: Option<&'static str>,
    pub(crate) beds: i32,
}

/// The town while it is laid out.
pub(crate) struct Plan<'a> {
    pub(crate) art: &'a Packed,
    pub(crate) layers: Vec<Vec<u32>>,
    pub(crate) places: Vec<Place>,
    pub(crate) zones: Vec<Place>,
    terrain: Vec<u8>,
    blocked: Vec<bool>,
    /// Tiles on which nothing may grow by itself.
    kept: Vec<bool>,
    tall: Vec<(String, i32, i32)>,
    fences: Vec<(&'static str, i32, i32)>,
}

fn at(x: i32, y: i32) -> Option<usize> {
    ((0..WIDTH).contains(&x) && (0..HEIGHT).contains(&y)).then_some((y * WIDTH + x) as usize)
}

impl<'a> Plan<'a> {
    pub(crate) fn new(art: &'a Packed) -> Self {
        let tiles = (WIDTH * HEIGHT) as usize;
        Self {
            art,
            layers: vec![vec![0; tiles]; LAYERS.len()],
            places: Vec::new(),
            zones: Vec::new(),
            terrain: vec![0; tiles],
            blocked: vec![false; tiles],
            kept: vec![false; tiles],
            tall: Vec::new(),
            fences: Vec::new(),
        }
    }

    /// Makes tiles of an area this terrain.
    pub(crate) fn fill(&mut self, terrain: Terrain, area: Area) {
        for (x, y) in area.tiles() {
            self.mark(terrain, x, y);
        }
    }

    /// A way of this width along corners; it may run slantwise.
    pub(crate) fn way(&mut self, terrain: Terrain, width: i32, corners: &[(i32, i32)]) {
        for pair in corners.windows(2) {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let steps = (bx - ax).abs().max((by - ay).abs()).max(1);
            for step in 0..=steps {
                let round = |a: i32, b: i32| {
                    a + ((b - a) * step * 2 + steps * (b - a).signum()) / (2 * steps)
                };
                self.fill(
                    terrain,
                    Area::new(round(ax, bx), round(ay, by), width, width),
                );
            }
        }
    }

    pub(crate) fn mark(&mut self, terrain: Terrain, x: i32, y: i32) {
        if let Some(i) = at(x, y) {
            self.terrain[i] |= 1 << terrain as u8;
        }
    }

    pub(crate) fn clear(&mut self, terrain: Terrain, x: i32, y: i32) {
        if let Some(i) = at(x, y) {
            self.terrain[i] &= !(1 << terrain as u8);
        }
    }

    pub(crate) fn is(&self, terrain: Terrain, x: i32, y: i32) -> bool {
        at(x, y).is_none_or(|i| self.terrain[i] >> terrain as u8 & 1 == 1)
    }

    /// Whether a tile is plain grass or meadow that nothing stands on or is kept free.
    pub(crate) fn free(&self, x: i32, y: i32) -> bool {
        at(x, y).is_some_and(|i| self.terrain[i] & !1 == 0 && !self.kept[i])
    }

    /// Keeps tiles free of what grows by itself.
    pub(crate) fn keep(&mut self, area: Area) {
        for (x, y) in area.tiles() {
            if let Some(i) = at(x, y) {
                self.kept[i] = true;
            }
        }
    }

    pub(crate) fn block(&mut self, x: i32, y: i32) {
        if let Some(i) = at(x, y) {
            self.blocked[i] = true;
            self.kept[i] = true;
        }
    }

    /// Lays one picture flat on a layer.
    pub(crate) fn lay(&mut self, layer: usize, name: &str, x: i32, y: i32) {
        let sprite = self.art.sprite(name).clone();
        for (i, id) in sprite.ids.iter().enumerate() {
            let (tx, ty) = (x + i as i32 % sprite.w, y + i as i32 / sprite.w);
            if let (Some(id), Some(tile)) = (id, at(tx, ty)) {
                self.layers[layer][tile] = id + 1;
                self.kept[tile] = true;
                self.blocked[tile] |= sprite.solid[i];
            }
        }
    }

    /// Something under people's feet: flowers, rugs, decks.
    pub(crate) fn detail(&mut self, name: &str, x: i32, y: i32) {
        self.lay(DETAILS, name, x, y);
    }

    pub(crate) fn shadow(&mut self, name: &str, x: i32, y: i32) {
        self.lay(SHADOWS, name, x, y);
    }

    pub(crate) fn wall(&mut self, name: &str, x: i32, y: i32) {
        self.lay(WALLS, name, x, y);
    }

    /// Stands a thing on the ground; `x`, `y` is its top left tile. What people can walk behind goes over their heads.
    pub(crate) fn put(&mut self, name: &str, x: i32, y: i32) {
        let sprite = self.art.sprite(name);
        if sprite.solid.iter().all(|&s| s) || !sprite.solid.iter().any(|&s| s) {
            self.lay(OBJECTS, name, x, y);
            return;
        }
        let (w, solid) = (sprite.w, sprite.solid.clone());
        for (i, _) in solid.iter().enumerate().filter(|(_, solid)| **solid) {
            self.block(x + i as i32 % w, y + i as i32 / w);
        }
        self.tall.push((name.to_owned(), x, y));
    }

    /// Hangs a picture over people's heads.
    pub(crate) fn hang(&mut self, name: &str, x: i32, y: i32) {
        self.tall.push((name.to_owned(), x, y));
    }

    /// A fence or hedge along corners; its pieces join by themselves.
    pub(crate) fn fence(&mut self, kind: &'static str, corners: &[(i32, i32)]) {
        for pair in corners.windows(2) {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            for x in ax.min(bx)..=ax.max(bx) {
                for y in ay.min(by)..=ay.max(by) {
                    if !self.fences.contains(&(kind, x, y)) {
                        self.fences.push((kind, x, y));
                        self.block(x, y);
                    }
                }
            }
        }
    }

    /// Takes a piece of fence out again: a gate.
    pub(crate) fn gate(&mut self, area: Area) {
        for (x, y) in area.tiles() {
            self.fences.retain(|&(_, fx, fy)| (fx, fy) != (x, y));
            if let Some(i) = at(x, y) {
                self.blocked[i] = false;
            }
        }
    }

    pub(crate) fn walkable(&self, x: i32, y: i32) -> bool {
        at(x, y).is_some_and(|i| !self.blocked[i])
    }

    /// Turns terrain, fences and tall things into tiles and closes whatever cannot be reached from `from`.
    pub(crate) fn finish(&mut self, from: (i32, i32)) {
        self.paint_grass();
        for terrain in Terrain::ALL {
            self.paint_terrain(terrain);
        }
        for &(kind, x, y) in &self.fences.clone() {
            let mask: u32 = [(0, -1), (1, 0), (0, 1), (-1, 0)]
                .into_iter()
                .enumerate()
                .filter(|(_, (dx, dy))| self.fences.contains(&(kind, x + dx, y + dy)))
                .map(|(bit, _)| 1 << bit)
                .sum();
            self.lay(OBJECTS, &format!("{kind} {mask}"), x, y);
        }
        self.stand_tall_things();
        self.close_pockets(from);
        let gid = self.art.gid("blocked");
        for (tile, blocked) in self.layers[COLLISION].iter_mut().zip(&self.blocked) {
            *tile = if *blocked { gid } else { 0 };
        }
    }

    fn paint_grass(&mut self) {
        for (x, y) in Area::new(0, 0, WIDTH, HEIGHT).tiles() {
            let n = hash(x, y, 101) % 100;
            let variant = [40, 60, 72, 82, 89, 94, 97, 100]
                .iter()
                .take_while(|&&upto| n >= upto)
                .count();
            self.layers[0][(y * WIDTH + x) as usize] = self.art.gid(&format!("grass {variant}"));
        }
    }

    fn paint_terrain(&mut self, terrain: Terrain) {
        let near = |plan: &Self, x: i32, y: i32| {
            NEIGHBOURS
                .iter()
                .any(|(dx, dy)| plan.is(terrain, x + dx, y + dy))
        };
        let there = |plan: &Self, x: i32, y: i32| {
            plan.is(terrain, x, y)
                || (terrain
                    .runs_under()
                    .iter()
                    .any(|&above| plan.is(above, x, y))
                    && near(plan, x, y))
        };
        for (x, y) in Area::new(0, 0, WIDTH, HEIGHT).tiles() {
            if !there(self, x, y) {
                continue;
            }
            let mask = NEIGHBOURS
                .iter()
                .enumerate()
                .filter(|(_, (dx, dy))| there(self, x + dx, y + dy))
                .fold(0, |m, (bit, _)| m | 1 << bit);
            let name = match blob_index(mask) {
                46 => format!(
                    "{} full {}",
                    terrain.name(),
                    [0, 0, 1, 2, 3][(hash(x, y, 103) % 5) as usize]
                ),
                index => format!("{} {index}", terrain.name()),
            };
            self.layers[terrain.layer()][(y * WIDTH + x) as usize] = self.art.gid(&name);
        }
    }

    /// What stands further south is nearer and covers what stands behind it.
    fn stand_tall_things(&mut self) {
        let mut tall = std::mem::take(&mut self.tall);
        tall.sort_by_key(|(name, x, y)| (y + self.art.sprite(name).h, *x));
        for (name, x, y) in &tall {
            let sprite = self.art.sprite(name).clone();
            for (i, id) in sprite.ids.iter().enumerate() {
                let (Some(id), Some(tile)) =
                    (id, at(x + i as i32 % sprite.w, y + i as i32 / sprite.w))
                else {
                    continue;
                };
                let taken = (OVERHANG..COLLISION)
                    .rev()
                    .find(|&layer| self.layers[layer][tile] != 0);
                let mut layer = taken.map_or(OVERHANG, |top| (top + 1).min(COLLISION - 1));
                if taken.is_none() && sprite.solid[i] && self.layers[OBJECTS][tile] == 0 {
                    layer = OBJECTS;
                }
                self.layers[layer][tile] = id + 1;
            }
        }
    }

    fn close_pockets(&mut self, from: (i32, i32)) {
        let mut reached = vec![false; self.blocked.len()];
        let mut open = vec![from];
        while let Some((x, y)) = open.pop() {
            let Some(i) = at(x, y).filter(|&i| !self.blocked[i] && !reached[i]) else {
                continue;
            };
            reached[i] = true;
            open.extend([(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]);
        }
        for (blocked, reached) in self.blocked.iter_mut().zip(reached) {
            *blocked |= !reached;
        }
    }
}
