//! Which tiles of our own tileset a generated town is drawn with, by global id.
//!
//! `hamlet-art` draws the tileset and names its tiles in `assets/maps/town.tmj`; a test compares the names with these numbers.

use hamlet_protocol::map::Tileset;

/// Side of a tile in pixels.
pub(super) const TILE_PX: u32 = 16;
/// Tiles in a row of the tileset: how far the tile below in a tall picture lies.
pub(super) const COLUMNS: u32 = 32;
/// Tiles of the tileset.
const COUNT: u32 = 992;

/// Eight tiles of lawn, from plain to tufty.
pub(super) const GRASS: u32 = 2;
/// Four tiles of street without edges.
pub(super) const COBBLE_FULL: u32 = 10;
/// Four tiles of paving without edges.
pub(super) const SLAB_FULL: u32 = 18;
/// Four tiles of open water.
pub(super) const WATER_FULL: u32 = 22;
/// 47 tiles of street with edges.
pub(super) const COBBLE: u32 = 153;
/// 47 tiles of paving with edges.
pub(super) const SLAB: u32 = 247;
/// 47 tiles of water with banks.
pub(super) const WATER: u32 = 294;

/// Two tiles of light floor boards, then two of dark ones.
pub(super) const PLANKS: u32 = 34;
/// Stone floor.
pub(super) const FLAGS: u32 = 38;
/// Floor of cafés.
pub(super) const CHECKER: u32 = 39;
/// Floor of clinics.
pub(super) const WHITE_TILES: u32 = 40;
/// Floor of the hall.
pub(super) const CARPET: u32 = 41;

/// First tile of the four styles of walls: timber, stone, brick, boards.
pub(super) const STYLES: [u32; 4] = [42, 59, 76, 93];
/// Pieces of a wall, from the first tile of its style.
pub(super) mod wall {
    pub(crate) const BACK: u32 = 0;
    pub(crate) const BACK_WINDOW: u32 = 1;
    pub(crate) const BACK_LEFT: u32 = 4;
    pub(crate) const BACK_RIGHT: u32 = 5;
    pub(crate) const LEFT: u32 = 6;
    pub(crate) const RIGHT: u32 = 7;
    pub(crate) const FRONT: u32 = 8;
    pub(crate) const FRONT_WINDOW: u32 = 9;
    pub(crate) const FRONT_LEFT: u32 = 10;
    pub(crate) const FRONT_RIGHT: u32 = 11;
    pub(crate) const DOOR: u32 = 12;
    pub(crate) const DOOR_LEFT: u32 = 13;
    pub(crate) const DOOR_RIGHT: u32 = 14;
}

/// Middle piece of the eave in six colours; the left piece is two further on, the right one four.
pub(super) const ROOFS: [u32; 6] = [111, 117, 123, 129, 135, 141];

/// A flat picture of several tiles: its first tile, columns and rows.
pub(super) type Picture = (u32, u32, u32);

/// Double beds in five colours.
pub(super) const DOUBLE_BEDS: [Picture; 5] = [
    (578, 2, 2),
    (583, 2, 2),
    (588, 2, 2),
    (593, 2, 2),
    (598, 2, 2),
];
/// Single beds in five colours.
pub(super) const BEDS: [Picture; 5] = [
    (577, 1, 2),
    (582, 1, 2),
    (587, 1, 2),
    (592, 1, 2),
    (597, 1, 2),
];
/// Stalls in five colours.
pub(super) const STALLS: [Picture; 5] = [
    (641, 3, 2),
    (646, 3, 2),
    (651, 3, 2),
    (656, 3, 2),
    (661, 3, 2),
];
/// A stool.
pub(super) const STOOL: Picture = (440, 1, 1);
/// A small table, laid.
pub(super) const CAFE_TABLE: Picture = (447, 1, 1);
/// A counter with cakes.
pub(super) const BAR: Picture = (449, 1, 1);
/// A joiner's bench.
pub(super) const WORKBENCH: Picture = (461, 2, 1);
/// An anvil.
pub(super) const ANVIL: Picture = (463, 1, 1);
/// A long desk with books.
pub(super) const READING_DESK: Picture = (470, 2, 1);
/// A bookcase that stands against the wall.
pub(super) const SHELF: Picture = (672, 1, 2);
/// A clinic's bed.
pub(super) const CLINIC_BED: Picture = (706, 1, 2);
/// The council's table.
pub(super) const COUNCIL_TABLE: Picture = (708, 4, 2);
/// A bench.
pub(super) const BENCH: Picture = (508, 2, 1);
/// The bulletin board.
pub(super) const BOARD: Picture = (713, 3, 2);
/// The fountain.
pub(super) const FOUNTAIN: Picture = (865, 4, 4);
/// A lamp.
pub(super) const LAMP: Picture = (712, 1, 2);
/// Five kinds of young trees.
pub(super) const TREES: [Picture; 5] = [
    (722, 2, 2),
    (724, 2, 2),
    (726, 2, 2),
    (728, 2, 2),
    (730, 2, 2),
];
/// Flowers that grow in lawns.
pub(super) const FLOWERS: [u32; 7] = [527, 529, 531, 533, 535, 537, 538];
/// Flower beds.
pub(super) const FLOWER_BEDS: [u32; 5] = [528, 530, 532, 534, 536];

/// The tileset, as a map that lies in `assets/maps` would name it.
pub(super) fn tileset() -> Tileset {
    Tileset {
        name: "town".to_owned(),
        first_gid: 1,
        image: Some("../tilesets/town.png".to_owned()),
        tile_px: (TILE_PX, TILE_PX),
        columns: COLUMNS,
        tile_count: COUNT,
        margin: 0,
        spacing: 0,
    }
}

/// Which of a terrain's 47 tiles to draw, for each way in which the eight neighbours (clockwise from the north, bit 0 first) can be
/// of the same terrain. A corner counts only where both sides beside it do.
pub(super) fn blob_table() -> [u8; 256] {
    let reduce = |mask: usize| {
        [1, 3, 5, 7]
            .into_iter()
            .fold(mask & 0b0101_0101, |out, corner| {
                let sides = 1 << (corner - 1) | 1 << ((corner + 1) % 8);
                if mask & sides == sides {
                    out | mask & 1 << corner
                } else {
                    out
                }
            })
    };
    let mut table = [0; 256];
    let mut next = 0;
    for mask in 0..256 {
        if reduce(mask) == mask {
            table[mask] = next;
            next += 1;
        } else {
            // A reduced mask is smaller, so that its number is known already.
            table[mask] = table[reduce(mask)];
        }
    }
    table
}

/// The tile whose neighbours are all of its terrain.
pub(super) const BLOB_FULL: u8 = 46;

/// Numbers and the names that the tileset must give them.
#[cfg(test)]
pub(super) fn named() -> Vec<(u32, String)> {
    let mut all = Vec::new();
    let mut add = |id: u32, name: &str| all.push((id, name.to_owned()));
    for (id, name) in [
        (GRASS, "grass 0"),
        (GRASS + 7, "grass 7"),
        (COBBLE_FULL, "cobble full 0"),
        (SLAB_FULL, "slab full 0"),
        (WATER_FULL, "water full 0"),
        (COBBLE, "cobble 0"),
        (COBBLE + 46, "cobble 46"),
        (SLAB, "slab 0"),
        (WATER, "water 0"),
        (PLANKS, "planks 0"),
        (PLANKS + 2, "dark planks 0"),
        (FLAGS, "flags"),
        (CHECKER, "checker"),
        (WHITE_TILES, "tiles"),
        (CARPET, "carpet"),
        (STOOL.0, "stool"),
        (CAFE_TABLE.0, "cafe table"),
        (BAR.0, "bar cakes"),
        (WORKBENCH.0, "workbench"),
        (ANVIL.0, "anvil"),
        (READING_DESK.0, "reading desk"),
        (SHELF.0, "library shelf"),
        (CLINIC_BED.0, "clinic bed"),
        (COUNCIL_TABLE.0, "council table"),
        (BENCH.0, "bench"),
        (BOARD.0, "board"),
        (FOUNTAIN.0, "fountain"),
        (LAMP.0, "lamp"),
        (FLOWERS[0], "tulips few"),
        (FLOWERS[6], "long grass"),
        (FLOWER_BEDS[0], "tulips bed"),
        (FLOWER_BEDS[4], "bluebells bed"),
    ] {
        add(id, name);
    }
    for (first, style) in STYLES
        .into_iter()
        .zip(["timber", "stone", "brick", "board"])
    {
        for (piece, name) in [
            (wall::BACK, "back"),
            (wall::BACK_WINDOW, "back window"),
            (wall::BACK_LEFT, "back left"),
            (wall::BACK_RIGHT, "back right"),
            (wall::LEFT, "left"),
            (wall::RIGHT, "right"),
            (wall::FRONT, "front"),
            (wall::FRONT_WINDOW, "front window"),
            (wall::FRONT_LEFT, "front left"),
            (wall::FRONT_RIGHT, "front right"),
            (wall::DOOR, "door"),
            (wall::DOOR_LEFT, "door left"),
            (wall::DOOR_RIGHT, "door right"),
        ] {
            add(first + piece, &format!("{style} {name}"));
        }
    }
    for (first, colour) in ROOFS
        .into_iter()
        .zip(["red", "slate", "green", "plum", "ochre", "blue"])
    {
        add(first, &format!("{colour} roof middle"));
        add(first + 2, &format!("{colour} roof left"));
        add(first + 4, &format!("{colour} roof right"));
    }
    for (i, colour) in ["red", "blue", "green", "plum", "ochre"]
        .into_iter()
        .enumerate()
    {
        add(BEDS[i].0, &format!("bed {colour}"));
        add(DOUBLE_BEDS[i].0, &format!("double bed {colour}"));
    }
    for (i, colour) in ["red", "blue", "green", "ochre", "plum"]
        .into_iter()
        .enumerate()
    {
        add(STALLS[i].0, &format!("stall {colour}"));
    }
    for (i, tree) in ["oak", "birch", "cherry", "maple", "apple"]
        .into_iter()
        .enumerate()
    {
        add(TREES[i].0, &format!("young {tree}"));
    }
    all
}
