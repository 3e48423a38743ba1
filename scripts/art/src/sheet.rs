//! The tileset while it is being drawn: named pictures, cut into tiles and packed into one sheet.

use std::collections::BTreeMap;

use crate::canvas::{Canvas, TILE};

/// Tiles in a row of the sheet.
pub(crate) const COLUMNS: i32 = 32;

/// A picture of one or more tiles, as a map places it.
#[derive(Clone)]
pub(crate) struct Sprite {
    /// Columns of tiles.
    pub(crate) w: i32,
    /// Rows of tiles.
    pub(crate) h: i32,
    /// Its tiles, row by row; `None` where nothing is drawn.
    pub(crate) ids: Vec<Option<u32>>,
    /// Which tiles nobody can enter, row by row.
    pub(crate) solid: Vec<bool>,
}

/// All pictures so far.
#[derive(Default)]
pub(crate) struct Sheet {
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    picture: Canvas,
    solid: Vec<bool>,
}

/// Where everything lies once the sheet is packed.
pub(crate) struct Packed {
    /// The picture of all tiles.
    pub(crate) picture: Canvas,
    /// Names of tiles by id, for people and tests; only the top left tile of a picture has one.
    pub(crate) names: BTreeMap<u32, String>,
    sprites: BTreeMap<String, Sprite>,
}

impl Sheet {
    /// Adds a picture that people walk on.
    pub(crate) fn flat(&mut self, name: impl Into<String>, picture: Canvas) {
        let tiles = (picture.w / TILE * (picture.h / TILE)) as usize;
        self.entries.push(Entry {
            name: name.into(),
            picture,
            solid: vec![false; tiles],
        });
    }

    /// Adds a picture whose every tile is in the way.
    pub(crate) fn solid(&mut self, name: impl Into<String>, picture: Canvas) {
        let rows = vec!["#".repeat((picture.w / TILE) as usize); (picture.h / TILE) as usize];
        self.partly(name, picture, &rows.join("/"));
    }

    /// Adds a picture with a plan of the tiles in the way: rows of `#` and `.`, parted by `/`.
    pub(crate) fn partly(&mut self, name: impl Into<String>, picture: Canvas, plan: &str) {
        let solid: Vec<bool> = plan
            .chars()
            .filter(|&c| c != '/')
            .map(|c| c == '#')
            .collect();
        assert_eq!(
            solid.len() as i32,
            picture.w / TILE * (picture.h / TILE),
            "plan {plan} does not fit the picture"
        );
        self.entries.push(Entry {
            name: name.into(),
            picture,
            solid,
        });
    }

    /// Packs everything: single tiles first and in the order they were added, then taller ones.
    pub(crate) fn pack(mut self) -> Packed {
        self.entries.sort_by_key(|entry| entry.picture.h);
        let mut shelf = Shelf::default();
        let spots: Vec<_> = self
            .entries
            .iter()
            .map(|entry| shelf.place(entry.picture.w / TILE, entry.picture.h / TILE))
            .collect();
        let mut packed = Packed {
            picture: Canvas::tiles(COLUMNS, shelf.top + shelf.height),
            names: BTreeMap::new(),
            sprites: BTreeMap::new(),
        };
        for (entry, (column, row)) in self.entries.into_iter().zip(spots) {
            packed.add(entry, column, row);
        }
        packed
    }
}

impl Packed {
    /// The picture of this name.
    ///
    /// # Panics
    /// When there is none: the plan of the town and the drawings are one program.
    pub(crate) fn sprite(&self, name: &str) -> &Sprite {
        self.sprites
            .get(name)
            .unwrap_or_else(|| panic!("nothing is drawn under the name {name}"))
    }

    /// Global id of the top left tile of this name.
    pub(crate) fn gid(&self, name: &str) -> u32 {
        self.sprite(name).ids[0].map_or(0, |id| id + 1)
    }

    /// Number of tiles.
    pub(crate) fn tile_count(&self) -> u32 {
        (self.picture.w / TILE * (self.picture.h / TILE)) as u32
    }

    fn add(&mut self, entry: Entry, column: i32, row: i32) {
        let (w, h) = (entry.picture.w / TILE, entry.picture.h / TILE);
        let ids = (0..w * h).map(|i| {
            let (x, y) = (i % w, i / w);
            let id = ((row + y) * COLUMNS + column + x) as u32;
            (!entry.picture.tile(x, y).is_clear()).then_some(id)
        });
        let sprite = Sprite {
            w,
            h,
            ids: ids.collect(),
            solid: entry.solid,
        };
        self.picture
            .stamp(&entry.picture, column * TILE, row * TILE);
        self.names
            .insert((row * COLUMNS + column) as u32, entry.name.clone());
        let earlier = self.sprites.insert(entry.name.clone(), sprite);
        assert!(earlier.is_none(), "two pictures are called {}", entry.name);
    }
}

/// Fills the sheet shelf by shelf; every shelf is as high as its first picture.
#[derive(Default)]
struct Shelf {
    left: i32,
    top: i32,
    height: i32,
}

impl Shelf {
    fn place(&mut self, w: i32, h: i32) -> (i32, i32) {
        if self.left + w > COLUMNS || h > self.height {
            self.top += self.height;
            self.height = h;
            self.left = 0;
        }
        let spot = (self.left, self.top);
        self.left += w;
        spot
    }
}
