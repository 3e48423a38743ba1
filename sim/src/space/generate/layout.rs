//! Which lot belongs to what: the plan of a town before anything is built.

use crate::rng::{Purpose, Stream};

/// Columns of a lot.
pub(super) const LOT: u32 = 7;
/// Rows of a band: a row of gardens, a row of houses, a street.
pub(super) const BAND: u32 = 10;
/// Columns or rows of a street.
pub(super) const STREET: u32 = 3;
/// Homes that share one set of public places.
pub(super) const HOMES_PER_DISTRICT: u32 = 400;
/// Lots between two streets, about.
const BLOCK_LOTS: u32 = 7;

/// Lots and bands round its wish within which a parcel is sought first: keeps huge towns quick.
const NEAR: u32 = 24;

/// What a parcel is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Cafe,
    Market,
    Board,
    Joinery,
    Smithy,
    Park,
    Library,
    Clinic,
    TownHall,
}

/// How large the parcels of a district are, as lots and bands.
/// A café of 4×2 lots has room for about 300 guests, so that a district's 1 600 people can eat three times a day.
fn parcels(homes_per_district: u32) -> [(Use, (u32, u32)); 9] {
    use Use::{Board, Cafe, Clinic, Joinery, Library, Market, Park, Smithy, TownHall};
    match homes_per_district {
        0..=30 => [
            (Park, (2, 1)),
            (Market, (2, 1)),
            (Joinery, (2, 1)),
            (Smithy, (1, 1)),
            (Cafe, (2, 1)),
            (TownHall, (2, 1)),
            (Library, (1, 1)),
            (Clinic, (1, 1)),
            (Board, (1, 1)),
        ],
        31..=150 => [
            (Park, (3, 2)),
            (Market, (3, 2)),
            (Joinery, (2, 2)),
            (Smithy, (2, 2)),
            (Cafe, (2, 2)),
            (TownHall, (2, 2)),
            (Library, (2, 1)),
            (Clinic, (2, 1)),
            (Board, (1, 1)),
        ],
        _ => [
            (Park, (6, 3)),
            (Market, (6, 2)),
            (Joinery, (4, 2)),
            (Smithy, (4, 2)),
            (Cafe, (4, 2)),
            (TownHall, (4, 2)),
            (Library, (3, 2)),
            (Clinic, (3, 2)),
            (Board, (2, 1)),
        ],
    }
}

/// A piece of land for a public place.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    /// What it is for.
    pub(super) purpose: Use,
    /// Number of its district.
    pub(super) district: u32,
    /// First lot and band.
    pub(super) at: (u32, u32),
    /// Lots and bands.
    pub(super) size: (u32, u32),
}

/// A lot by its number in the row, and its band.
pub(super) type Lot = (u32, u32);

/// A town's plan.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// Left column of every lot of a row.
    pub(super) lot_x: Vec<u32>,
    /// Left column of every street from north to south.
    pub(super) street_x: Vec<u32>,
    /// Top row of every street from west to east.
    pub(super) street_y: Vec<u32>,
    /// Left column, top row, columns and rows of the whole grid.
    pub(super) extent: (u32, u32, u32, u32),
    /// Public places.
    pub(super) parcels: Vec<Parcel>,
    /// Homes, band by band.
    pub(super) homes: Vec<Lot>,
    /// Lots left green.
    pub(super) greens: Vec<Lot>,
    /// Number of districts, at least 1.
    pub(super) districts: u32,
    /// Rows of districts.
    district_rows: u32,
}

/// The most homes that fit, or `None` when not even the public places do.
pub(super) fn homes_max(width: u32, height: u32, seed: u64) -> Option<u32> {
    let fits = |homes| Layout::new(width, height, homes, seed).is_some();
    if !fits(0) {
        return None;
    }
    let (mut good, mut bad) = (0, width * height / (LOT * BAND) + 1);
    while bad - good > 1 {
        let middle = u32::midpoint(good, bad);
        if fits(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    Some(good)
}

impl Layout {
    /// Plans a town on the smallest part of the map, about its middle, that holds it; `None` when the whole map does not.
    pub(super) fn new(width: u32, height: u32, homes: u32, seed: u64) -> Option<Self> {
        let districts = homes.div_ceil(HOMES_PER_DISTRICT).max(1);
        let wanted = wanted(homes, districts);
        let land = u64::from(homes)
            + wanted
                .iter()
                .map(|p| u64::from(p.size.0 * p.size.1))
                .sum::<u64>();
        let tiles = land * u64::from(LOT * BAND);
        for part in 1..=64_u64 {
            let (w, h) = (u64::from(width) * part / 64, u64::from(height) * part / 64);
            if w * h < tiles {
                continue;
            }
            let Some(mut layout) = Self::grid(w as u32, h as u32, districts) else {
                continue;
            };
            if u64::from(layout.lots() * layout.bands()) >= land
                && layout.settle(&wanted, homes, seed).is_some()
            {
                layout.centre(width, height);
                return Some(layout);
            }
        }
        None
    }

    /// Streets and lots on so many tiles.
    fn grid(width: u32, height: u32, districts: u32) -> Option<Self> {
        let inner = width.checked_sub(STREET)?;
        let blocks = ((inner + BLOCK_LOTS * LOT / 2) / (BLOCK_LOTS * LOT + STREET)).max(1);
        let lots = inner.checked_sub(STREET * blocks)? / LOT;
        let bands = height.checked_sub(STREET)? / BAND;
        if lots < blocks || bands == 0 {
            return None;
        }
        let (mut x, mut lot_x, mut street_x) = (0, Vec::new(), Vec::new());
        for block in 0..blocks {
            street_x.push(x);
            x += STREET;
            let here = lots / blocks + u32::from(block < lots % blocks);
            lot_x.extend((0..here).map(|i| x + i * LOT));
            x += here * LOT;
        }
        street_x.push(x);
        let street_y: Vec<u32> = (0..=bands).map(|band| band * BAND).collect();
        let mut district_rows = 1;
        while district_rows * district_rows < districts {
            district_rows += 1;
        }
        Some(Self {
            extent: (0, 0, x + STREET, bands * BAND + STREET),
            lot_x,
            street_x,
            street_y,
            parcels: Vec::new(),
            homes: Vec::new(),
            greens: Vec::new(),
            districts,
            district_rows,
        })
    }

    /// Lots in a row.
    fn lots(&self) -> u32 {
        self.lot_x.len() as u32
    }

    /// Rows of lots.
    pub(super) fn bands(&self) -> u32 {
        self.street_y.len() as u32 - 1
    }

    /// The lots and bands of a district: first lot, first band, lots, bands. All districts are about equally large.
    pub(super) fn district(&self, number: u32) -> (u32, u32, u32, u32) {
        let first_of = |row: u32| row * self.districts / self.district_rows;
        let row = (0..self.district_rows)
            .rev()
            .find(|&row| first_of(row) <= number)
            .unwrap_or(0);
        let (first, next) = (first_of(row), first_of(row + 1));
        let (top, bottom) = (
            first * self.bands() / self.districts,
            next * self.bands() / self.districts,
        );
        let (column, across) = (number - first, next - first);
        let (left, right) = (
            column * self.lots() / across,
            (column + 1) * self.lots() / across,
        );
        (left, top, right - left, bottom - top)
    }

    /// Gives every wanted parcel and every home its lots.
    fn settle(&mut self, wanted: &[Wanted], homes: u32, seed: u64) -> Option<()> {
        let mut taken = vec![false; (self.lots() * self.bands()) as usize];
        for want in wanted {
            let mut stream = Stream::new(
                seed,
                Purpose::Map,
                u64::from(want.district),
                want.purpose as u64,
            );
            let at = self.find(want, &taken, &mut stream)?;
            for band in at.1..at.1 + want.size.1 {
                for lot in at.0..at.0 + want.size.0 {
                    taken[(band * self.lots() + lot) as usize] = true;
                }
            }
            self.parcels.push(Parcel {
                purpose: want.purpose,
                district: want.district,
                at,
                size: want.size,
            });
        }
        let mut free: Vec<(u64, Lot)> = Vec::new();
        let mut stream = Stream::new(seed, Purpose::Map, u64::MAX, 0);
        let middle = (self.lots() * LOT / 2, self.bands() * BAND / 2);
        for band in 0..self.bands() {
            for lot in 0..self.lots() {
                if !taken[(band * self.lots() + lot) as usize] {
                    let from = u64::from((lot * LOT).abs_diff(middle.0))
                        + u64::from((band * BAND).abs_diff(middle.1));
                    free.push((from + u64::from(stream.below(40)), (lot, band)));
                }
            }
        }
        if (free.len() as u64) < u64::from(homes) {
            return None;
        }
        // Near the middle rather than at the rim, with some greens in between.
        free.sort_unstable();
        let mut greens = free.split_off(homes as usize);
        free.sort_unstable_by_key(|&(_, (lot, band))| (band, lot));
        greens.sort_unstable_by_key(|&(_, (lot, band))| (band, lot));
        self.homes = free.into_iter().map(|(_, lot)| lot).collect();
        self.greens = greens.into_iter().map(|(_, lot)| lot).collect();
        Some(())
    }

    /// The free lots nearest to where a district would like to have a place.
    fn find(&self, want: &Wanted, taken: &[bool], stream: &mut Stream) -> Option<Lot> {
        let (left, top, lots, bands) = self.district(want.district);
        // Squares, cafés and boards in the middle; the rest anywhere in the inner half.
        let central = matches!(
            want.purpose,
            Use::Market | Use::Board | Use::Cafe | Use::TownHall
        );
        let (jump_x, jump_y) = if central {
            (0, 0)
        } else {
            (stream.below(lots / 2 + 1), stream.below(bands / 2 + 1))
        };
        let wish = if central {
            (left + lots / 2, top + bands / 2)
        } else {
            (left + lots / 4 + jump_x, top + bands / 4 + jump_y)
        };
        self.nearest(want.size, wish, NEAR, taken)
            .or_else(|| self.nearest(want.size, wish, u32::MAX, taken))
    }

    /// The free lots nearest to a wish, no further than `reach` lots and bands from it.
    fn nearest(&self, size: (u32, u32), wish: Lot, reach: u32, taken: &[bool]) -> Option<Lot> {
        let range = |wish: u32, size: u32, all: u32| {
            wish.saturating_sub(reach)
                ..wish
                    .saturating_add(reach)
                    .min((all + 1).saturating_sub(size))
        };
        let mut best: Option<(u64, Lot)> = None;
        for band in range(wish.1, size.1, self.bands()) {
            for lot in range(wish.0, size.0, self.lots()) {
                let dx = u64::from((lot + size.0 / 2).abs_diff(wish.0) * LOT);
                let dy = u64::from((band + size.1 / 2).abs_diff(wish.1) * BAND);
                let cost = dx * dx + dy * dy;
                if best.is_none_or(|(least, _)| cost < least)
                    && self.is_free((lot, band), size, taken)
                {
                    best = Some((cost, (lot, band)));
                }
            }
        }
        best.map(|(_, lot)| lot)
    }

    /// Whether lots are free and no street from north to south runs between them.
    fn is_free(&self, (lot, band): Lot, (lots, bands): (u32, u32), taken: &[bool]) -> bool {
        let (first, last) = (lot as usize, (lot + lots - 1) as usize);
        self.lot_x[last] - self.lot_x[first] == (lots - 1) * LOT
            && (band..band + bands)
                .all(|b| (lot..lot + lots).all(|l| !taken[(b * self.lots() + l) as usize]))
    }

    /// Moves the plan to the middle of the map.
    fn centre(&mut self, width: u32, height: u32) {
        let (dx, dy) = ((width - self.extent.2) / 2, (height - self.extent.3) / 2);
        self.extent.0 += dx;
        self.extent.1 += dy;
        for x in self.lot_x.iter_mut().chain(&mut self.street_x) {
            *x += dx;
        }
        for y in &mut self.street_y {
            *y += dy;
        }
    }
}

/// A parcel that has no place yet.
struct Wanted {
    purpose: Use,
    district: u32,
    size: (u32, u32),
}

/// All parcels of a town, the largest kinds first: they are the hardest to place.
fn wanted(homes: u32, districts: u32) -> Vec<Wanted> {
    let mut out = Vec::new();
    for (purpose, size) in parcels(homes / districts) {
        let count = if purpose == Use::TownHall {
            1
        } else {
            districts
        };
        // The hall stands in the district in the middle.
        let first = if purpose == Use::TownHall {
            districts / 2
        } else {
            0
        };
        out.extend((first..first + count).map(|district| Wanted {
            purpose,
            district,
            size,
        }));
    }
    out
}
