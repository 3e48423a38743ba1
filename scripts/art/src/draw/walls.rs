//! Houses cut open: the far roof slope and wall stand, the near walls are low, so that people can be watched indoors.

use crate::canvas::{Canvas, Px, hash, rgb};
use crate::draw::roofs::{chimney, floors, roof, shades, smoke};
use crate::palette::{
    BLUE, COBBLE, GLASS, GLINT, GREEN, HALF_SHADOW, IRON, LINEN, OCHRE, PALE, PLUM, RED, Ramp,
    SLATE, STONE, WOOD,
};
use crate::sheet::Sheet;

pub(super) fn draw(sheet: &mut Sheet) {
    floors(sheet);
    for style in &STYLES {
        house(sheet, style);
    }
    for (name, ramp) in [
        ("red", RED),
        ("slate", SLATE),
        ("green", GREEN),
        ("plum", PLUM),
        ("ochre", OCHRE),
        ("blue", BLUE),
    ] {
        roof(sheet, name, &ramp);
    }
    shades(sheet);
    sheet.flat("chimney", chimney());
    sheet.flat("smoke", smoke());
}

struct Style {
    name: &'static str,
    /// Tops of the cut walls.
    cap: Ramp,
    /// Outer face.
    face: Ramp,
    /// Wallpaper and its stripe.
    paper: [Px; 2],
    trim: Ramp,
    pattern: Pattern,
}

enum Pattern {
    Timber,
    Blocks,
    Bricks,
    Boards,
}

const STYLES: [Style; 4] = [
    Style {
        name: "timber",
        cap: PALE,
        face: LINEN,
        paper: [rgb(0xe6d3ad), rgb(0xdcc69b)],
        trim: WOOD,
        pattern: Pattern::Timber,
    },
    Style {
        name: "stone",
        cap: STONE,
        face: STONE,
        paper: [rgb(0xc9cdbb), rgb(0xbcc2ae)],
        trim: SLATE,
        pattern: Pattern::Blocks,
    },
    Style {
        name: "brick",
        cap: RED,
        face: RED,
        paper: [rgb(0xe0bfa6), rgb(0xd5b095)],
        trim: WOOD,
        pattern: Pattern::Bricks,
    },
    Style {
        name: "board",
        cap: BLUE,
        face: BLUE,
        paper: [rgb(0xc5d3d6), rgb(0xb6c7cc)],
        trim: PALE,
        pattern: Pattern::Boards,
    },
];

fn house(sheet: &mut Sheet, style: &Style) {
    let name = style.name;
    for (part, dress) in [
        ("back", Dress::Plain),
        ("back window", Dress::Window),
        ("back picture", Dress::Picture),
        ("back clock", Dress::Clock),
    ] {
        sheet.solid(format!("{name} {part}"), back(style, dress));
    }
    let mut corner = back(style, Dress::Plain);
    side_strip(&mut corner, style, 0, 16);
    sheet.solid(format!("{name} back left"), corner.clone());
    sheet.solid(format!("{name} back right"), corner.mirrored());
    let mut side = Canvas::tiles(1, 1);
    side_strip(&mut side, style, 0, 16);
    side.rect(5, 0, 3, 16, HALF_SHADOW);
    sheet.solid(format!("{name} left"), side);
    let mut side = Canvas::tiles(1, 1);
    side_strip(&mut side, style, 0, 16);
    sheet.solid(format!("{name} right"), side.mirrored());
    sheet.solid(format!("{name} front"), front(style, false));
    sheet.solid(format!("{name} front window"), front(style, true));
    let mut corner = front(style, false);
    front_corner(&mut corner, style);
    sheet.solid(format!("{name} front left"), corner.clone());
    sheet.solid(format!("{name} front right"), corner.mirrored());
    sheet.flat(format!("{name} door"), door(style, true, true));
    sheet.flat(format!("{name} door left"), door(style, true, false));
    sheet.flat(format!("{name} door right"), door(style, false, true));
    let gate = side_door(style);
    sheet.flat(format!("{name} side door left"), gate.clone());
    sheet.flat(format!("{name} side door right"), gate.mirrored());
}

#[derive(PartialEq)]
enum Dress {
    Plain,
    Window,
    Picture,
    Clock,
}

fn back(style: &Style, dress: Dress) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(0, 0, 16, 13, style.paper[0]);
    for x in [2, 6, 10, 14] {
        c.rect(x, 3, 1, 10, style.paper[1]);
    }
    c.rect(0, 0, 16, 2, style.trim[0]);
    c.rect(0, 2, 16, 1, style.trim[1]);
    c.rect(0, 3, 16, 2, HALF_SHADOW);
    c.rect(0, 12, 16, 1, style.trim[3]);
    c.rect(0, 13, 16, 2, style.trim[2]);
    c.rect(0, 15, 16, 1, style.trim[0]);
    match dress {
        Dress::Plain => {}
        Dress::Window => {
            c.rect(3, 3, 10, 9, style.trim[1]);
            c.rect(4, 4, 8, 7, GLASS);
            c.letters(
                4,
                4,
                &["...bb...", "..bb..b.", ".bb..b..", "....b..."],
                &[('b', GLINT)],
            );
            c.rect(7, 4, 1, 7, style.trim[2]);
            c.rect(4, 7, 8, 1, style.trim[2]);
            c.rect(2, 11, 12, 1, style.trim[3]);
            c.rect(2, 3, 2, 7, LINEN[3]);
            c.rect(12, 3, 2, 7, LINEN[3]);
            c.rect(2, 9, 2, 1, LINEN[1]);
            c.rect(12, 9, 2, 1, LINEN[1]);
        }
        Dress::Picture => {
            c.rect(4, 4, 8, 7, WOOD[1]);
            c.rect(5, 5, 6, 5, rgb(0x9cc3cc));
            c.rect(5, 8, 6, 2, rgb(0x6d9f4d));
            c.rect(7, 7, 2, 1, rgb(0x6d9f4d));
            c.set(9, 6, rgb(0xf2d27a));
        }
        Dress::Clock => {
            c.disc(16, 14, 9, 9, WOOD[0]);
            c.disc(16, 14, 7, 7, LINEN[4]);
            c.rect(8, 5, 1, 3, IRON[0]);
            c.rect(8, 7, 2, 1, IRON[0]);
        }
    }
    c
}

fn side_strip(c: &mut Canvas, style: &Style, y: i32, h: i32) {
    c.rect(0, y, 5, h, style.cap[2]);
    c.rect(0, y, 1, h, style.cap[0]);
    c.rect(1, y, 1, h, style.cap[4]);
    c.rect(4, y, 1, h, style.cap[0]);
}

fn front(style: &Style, window: bool) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(0, 3, 16, 1, style.cap[0]);
    c.rect(0, 4, 16, 3, style.cap[2]);
    c.rect(0, 4, 16, 1, style.cap[4]);
    c.rect(0, 7, 16, 1, style.cap[0]);
    c.rect(0, 8, 16, 8, style.face[2]);
    match style.pattern {
        Pattern::Timber => {
            c.rect(0, 8, 1, 8, style.trim[2]);
            c.rect(15, 8, 1, 8, style.trim[1]);
            c.rect(0, 8, 16, 1, style.trim[1]);
            c.rect(0, 14, 16, 1, style.face[1]);
        }
        Pattern::Blocks => courses(&mut c, &style.face, 8),
        Pattern::Bricks => courses(&mut c, &style.face, 4),
        Pattern::Boards => {
            for x in [3, 7, 11, 15] {
                c.rect(x, 8, 1, 8, style.face[1]);
                c.rect(x - 3, 8, 1, 8, style.face[3]);
            }
        }
    }
    c.rect(0, 15, 16, 1, COBBLE[0]);
    if window {
        c.rect(4, 8, 8, 5, style.trim[1]);
        c.rect(5, 9, 6, 3, GLASS);
        c.set(6, 10, GLINT);
        c.set(7, 9, GLINT);
        c.rect(3, 12, 10, 3, WOOD[1]);
        for (i, px) in [
            rgb(0xe87a6c),
            rgb(0xf6d36b),
            rgb(0xe87a6c),
            rgb(0xf2f0e0),
            rgb(0xe87a6c),
        ]
        .into_iter()
        .enumerate()
        {
            c.rect(4 + 2 * i as i32, 11, 1, 1, px);
            c.rect(3 + 2 * i as i32, 12, 2, 1, rgb(0x528545));
        }
    }
    c
}

fn courses(c: &mut Canvas, face: &Ramp, wide: i32) {
    for y in 8..16 {
        for x in 0..16 {
            let row = (y - 8) / 3;
            let shifted = x + row * wide / 2;
            let tone = hash(shifted / wide % (16 / wide), row, 9) % 4;
            let joint = (y - 8) % 3 == 2 || shifted % wide == wide - 1;
            c.set(
                x,
                y,
                if joint {
                    face[1]
                } else {
                    face[if tone == 0 { 3 } else { 2 }]
                },
            );
        }
    }
}

fn front_corner(c: &mut Canvas, style: &Style) {
    c.rect(0, 0, 1, 16, style.cap[0]);
    c.rect(1, 0, 3, 5, style.cap[2]);
    c.rect(1, 0, 1, 5, style.cap[4]);
    c.rect(4, 0, 1, 4, style.cap[0]);
    c.rect(5, 0, 3, 3, HALF_SHADOW);
    c.rect(1, 8, 2, 7, style.trim[2]);
    c.rect(3, 8, 1, 7, style.trim[0]);
}

fn door(style: &Style, left: bool, right: bool) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(0, 4, 16, 12, COBBLE[3]);
    c.rect(0, 4, 16, 1, COBBLE[4]);
    c.rect(0, 9, 16, 1, COBBLE[1]);
    c.rect(0, 15, 16, 1, COBBLE[0]);
    let (from, to) = (if left { 4 } else { 0 }, if right { 12 } else { 16 });
    c.rect(from, 10, to - from, 5, RED[1]);
    c.rect(from, 11, to - from, 3, RED[2]);
    let mut post = |x: i32| {
        c.rect(x, 1, 3, 15, style.trim[0]);
        c.rect(x + 1, 2, 1, 12, style.trim[3]);
    };
    if left {
        post(0);
    }
    if right {
        post(13);
    }
    c
}

fn side_door(style: &Style) -> Canvas {
    let mut c = Canvas::tiles(1, 1);
    c.rect(0, 0, 5, 16, COBBLE[3]);
    c.rect(4, 0, 1, 16, COBBLE[1]);
    for y in [0, 13] {
        c.rect(0, y, 5, 3, style.trim[0]);
        c.rect(1, y + 1, 3, 1, style.trim[3]);
    }
    c
}
