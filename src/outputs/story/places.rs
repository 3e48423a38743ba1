//! Where people stood: tile by tile for the heat map, landmark by landmark for the busiest places.

use hamlet_protocol::map::{Point, TownMap};
use hamlet_protocol::metrics::Sample;
use hamlet_protocol::time::TimeSpec;

/// Cells along the longer side of the heat map at most; larger maps are put together in squares of tiles.
const CELLS_PER_SIDE_MAX: u32 = 160;

/// Marks a tile that belongs to no landmark.
const NOWHERE: u32 = u32::MAX;

/// Parts of the day that heat is told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayPart {
    /// 22 to 6.
    Night,
    /// 6 to 12.
    Morning,
    /// 12 to 18.
    Afternoon,
    /// 18 to 22.
    Evening,
}

impl DayPart {
    /// All parts, from midnight on.
    pub(crate) const ALL: [Self; 4] = [Self::Night, Self::Morning, Self::Afternoon, Self::Evening];

    fn of_hour(hour: u32) -> Self {
        match hour {
            6..12 => Self::Morning,
            12..18 => Self::Afternoon,
            18..22 => Self::Evening,
            _ => Self::Night,
        }
    }

    /// Its name and hours.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Night => "Night 22–6",
            Self::Morning => "Morning 6–12",
            Self::Afternoon => "Afternoon 12–18",
            Self::Evening => "Evening 18–22",
        }
    }
}

/// How much a landmark was used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlaceUse {
    /// Persons, summed over samples.
    pub(crate) total: u64,
    /// Most persons in one sample.
    pub(crate) peak: u32,
    /// Tick of that sample.
    pub(crate) peak_tick: u64,
}

/// Where people stood in all samples.
#[derive(Debug)]
pub(crate) struct Footprints {
    /// Tiles along one side of a cell.
    pub(crate) cell_tiles: u32,
    /// Cells in a row.
    pub(crate) columns: u32,
    /// Rows of cells.
    pub(crate) rows: u32,
    /// Per part of the day, persons per cell, summed over samples.
    heat: [Vec<u32>; 4],
    /// Number of the landmark each tile belongs to; empty when there are none.
    owner: Vec<u32>,
    width: u32,
    height: u32,
    /// By number of landmark.
    pub(crate) places: Vec<PlaceUse>,
    /// Samples taken in.
    pub(crate) samples: u64,
    /// Persons per landmark in the sample at hand.
    now: Vec<u32>,
    time: TimeSpec,
}

impl Footprints {
    /// An untrodden map.
    pub(crate) fn new(map: &TownMap, time: TimeSpec) -> Self {
        let longer = map.width.max(map.height).max(1);
        let cell_tiles = longer.div_ceil(CELLS_PER_SIDE_MAX);
        let columns = map.width.div_ceil(cell_tiles);
        let rows = map.height.div_ceil(cell_tiles);
        let cells = columns as usize * rows as usize;
        Self {
            cell_tiles,
            columns,
            rows,
            heat: std::array::from_fn(|_| vec![0; cells]),
            owner: owners(map),
            width: map.width,
            height: map.height,
            places: vec![PlaceUse::default(); map.landmarks.len()],
            samples: 0,
            now: vec![0; map.landmarks.len()],
            time,
        }
    }

    /// Takes the positions of a sample in.
    pub(crate) fn add(&mut self, sample: &Sample) {
        self.samples += 1;
        let part = DayPart::of_hour(self.time.at(sample.tick).hour());
        self.now.fill(0);
        for &at in &sample.positions {
            self.step(at, part);
        }
        for (place, &now) in self.places.iter_mut().zip(&self.now) {
            place.total += u64::from(now);
            if now > place.peak {
                (place.peak, place.peak_tick) = (now, sample.tick);
            }
        }
    }

    fn step(&mut self, at: Point, part: DayPart) {
        let (x, y) = (u32::from(at.x), u32::from(at.y));
        if x >= self.width || y >= self.height {
            return;
        }
        let cell = (y / self.cell_tiles) * self.columns + x / self.cell_tiles;
        let heat = &mut self.heat[part as usize][cell as usize];
        *heat = heat.saturating_add(1);
        let owner = self
            .owner
            .get(y as usize * self.width as usize + x as usize);
        if let Some(&owner) = owner
            && owner != NOWHERE
        {
            self.now[owner as usize] += 1;
        }
    }

    /// Persons per cell in one part of the day, or in all.
    pub(crate) fn heat(&self, part: Option<DayPart>) -> Vec<u64> {
        let cells = self.heat[0].len();
        let parts = DayPart::ALL
            .into_iter()
            .filter(|&each| part.is_none_or(|part| part == each));
        let mut sum = vec![0; cells];
        for part in parts {
            for (sum, &heat) in sum.iter_mut().zip(&self.heat[part as usize]) {
                *sum += u64::from(heat);
            }
        }
        sum
    }
}

/// A tile of several landmarks belongs to the smallest.
fn owners(map: &TownMap) -> Vec<u32> {
    if map.landmarks.is_empty() {
        return Vec::new();
    }
    let mut owner = vec![NOWHERE; map.tiles()];
    let mut order: Vec<usize> = (0..map.landmarks.len()).collect();
    let tiles = |&i: &usize| {
        let area = map.landmarks[i].area;
        u32::from(area.width) * u32::from(area.height)
    };
    order.sort_by_key(|i| std::cmp::Reverse(tiles(i)));
    for i in order {
        let area = map.landmarks[i].area;
        let right = (u32::from(area.x) + u32::from(area.width)).min(map.width);
        let bottom = (u32::from(area.y) + u32::from(area.height)).min(map.height);
        for y in u32::from(area.y)..bottom {
            for x in u32::from(area.x)..right {
                owner[y as usize * map.width as usize + x as usize] = i as u32;
            }
        }
    }
    owner
}
