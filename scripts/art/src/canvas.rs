//! A small picture to draw on, one pixel at a time.

/// Side of a tile in pixels.
pub(crate) const TILE: i32 = 16;

/// Red, green, blue, alpha.
pub(crate) type Px = [u8; 4];

/// Nothing at all.
pub(crate) const CLEAR: Px = [0; 4];

/// An opaque colour from its hex number.
pub(crate) const fn rgb(hex: u32) -> Px {
    tint(hex, 255)
}

/// A see-through colour from its hex number.
pub(crate) const fn tint(hex: u32, alpha: u8) -> Px {
    [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8, alpha]
}

/// A picture.
#[derive(Clone)]
pub(crate) struct Canvas {
    /// Columns.
    pub(crate) w: i32,
    /// Rows.
    pub(crate) h: i32,
    px: Vec<Px>,
}

impl Canvas {
    /// A clear picture of this many pixels.
    pub(crate) fn new(w: i32, h: i32) -> Self {
        Self {
            w,
            h,
            px: vec![CLEAR; (w * h) as usize],
        }
    }

    /// A clear picture of this many tiles.
    pub(crate) fn tiles(w: i32, h: i32) -> Self {
        Self::new(w * TILE, h * TILE)
    }

    /// The pixel at a place; clear outside.
    pub(crate) fn get(&self, x: i32, y: i32) -> Px {
        if self.holds(x, y) {
            self.px[(y * self.w + x) as usize]
        } else {
            CLEAR
        }
    }

    /// Replaces a pixel.
    pub(crate) fn set(&mut self, x: i32, y: i32, c: Px) {
        if self.holds(x, y) {
            self.px[(y * self.w + x) as usize] = c;
        }
    }

    /// Lays a colour over a pixel, by its alpha.
    pub(crate) fn blend(&mut self, x: i32, y: i32, c: Px) {
        self.set(x, y, over(self.get(x, y), c));
    }

    /// Lays a filled rectangle over the picture.
    pub(crate) fn rect(&mut self, x: i32, y: i32, w: i32, h: i32, c: Px) {
        for row in y..y + h {
            for column in x..x + w {
                self.blend(column, row, c);
            }
        }
    }

    /// Lays the outline of a rectangle over the picture, corners left out when `soft`.
    pub(crate) fn frame(&mut self, x: i32, y: i32, w: i32, h: i32, c: Px, soft: bool) {
        let cut = i32::from(soft);
        self.rect(x + cut, y, w - 2 * cut, 1, c);
        self.rect(x + cut, y + h - 1, w - 2 * cut, 1, c);
        self.rect(x, y + 1, 1, h - 2, c);
        self.rect(x + w - 1, y + 1, 1, h - 2, c);
        if soft {
            for (column, row) in [
                (x, y),
                (x + w - 1, y),
                (x, y + h - 1),
                (x + w - 1, y + h - 1),
            ] {
                self.set(column, row, CLEAR);
            }
        }
    }

    /// Lays a filled ellipse over the picture; centre and radii in half pixels.
    pub(crate) fn disc(&mut self, cx: i32, cy: i32, rx: i32, ry: i32, c: Px) {
        for y in (cy - ry) / 2 - 1..=(cy + ry) / 2 + 1 {
            for x in (cx - rx) / 2 - 1..=(cx + rx) / 2 + 1 {
                let (dx, dy) = (2 * x + 1 - cx, 2 * y + 1 - cy);
                if dx * dx * ry * ry + dy * dy * rx * rx <= rx * rx * ry * ry {
                    self.blend(x, y, c);
                }
            }
        }
    }

    /// Lays rows of letters over the picture, each letter a colour of the key; other letters stay clear.
    pub(crate) fn letters(&mut self, x: i32, y: i32, rows: &[&str], key: &[(char, Px)]) {
        for (dy, row) in rows.iter().enumerate() {
            for (dx, letter) in row.chars().enumerate() {
                if let Some((_, c)) = key.iter().find(|(known, _)| *known == letter) {
                    self.blend(x + dx as i32, y + dy as i32, *c);
                }
            }
        }
    }

    /// Lays another picture over this one.
    pub(crate) fn stamp(&mut self, other: &Self, x: i32, y: i32) {
        for row in 0..other.h {
            for column in 0..other.w {
                self.blend(x + column, y + row, other.get(column, row));
            }
        }
    }

    /// The picture seen in a mirror.
    pub(crate) fn mirrored(&self) -> Self {
        let mut out = Self::new(self.w, self.h);
        for y in 0..self.h {
            for x in 0..self.w {
                out.set(self.w - 1 - x, y, self.get(x, y));
            }
        }
        out
    }

    /// One tile cut out.
    pub(crate) fn tile(&self, column: i32, row: i32) -> Self {
        let mut out = Self::tiles(1, 1);
        for y in 0..TILE {
            for x in 0..TILE {
                out.set(x, y, self.get(column * TILE + x, row * TILE + y));
            }
        }
        out
    }

    /// Whether nothing is drawn on it.
    pub(crate) fn is_clear(&self) -> bool {
        self.px.iter().all(|px| px[3] == 0)
    }

    /// All bytes, row by row, as a PNG wants them.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.px.as_flattened()
    }

    /// A picture from the bytes of a PNG.
    pub(crate) fn from_bytes(w: i32, h: i32, bytes: &[u8]) -> Self {
        Self {
            w,
            h,
            px: bytes.as_chunks().0.to_vec(),
        }
    }

    fn holds(&self, x: i32, y: i32) -> bool {
        (0..self.w).contains(&x) && (0..self.h).contains(&y)
    }
}

fn over(below: Px, above: Px) -> Px {
    let alpha = u32::from(above[3]);
    if alpha == 255 || below[3] == 0 {
        return if alpha == 0 { below } else { above };
    }
    let under = u32::from(below[3]) * (255 - alpha) / 255;
    let total = (alpha + under).max(1);
    let mix =
        |a: u8, b: u8| ((u32::from(a) * alpha + u32::from(b) * under + total / 2) / total) as u8;
    [
        mix(above[0], below[0]),
        mix(above[1], below[1]),
        mix(above[2], below[2]),
        total as u8,
    ]
}

/// A number that looks random and depends on its three arguments alone: the only chance in these pictures.
pub(crate) fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut n = (x as u32).wrapping_mul(0x85EB_CA6B)
        ^ (y as u32).wrapping_mul(0xC2B2_AE35)
        ^ seed.wrapping_mul(0x27D4_EB2F);
    n = (n ^ (n >> 15)).wrapping_mul(0x2C1B_3C6D);
    n = (n ^ (n >> 12)).wrapping_mul(0x297A_2D39);
    n ^ (n >> 15)
}
