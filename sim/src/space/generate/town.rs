//! Builds a town from its plan.

use hamlet_protocol::map::{
    Area, Landmark, LandmarkKind, MAP_SIDE_MAX, Point, TileLayer, TownMap, Zone,
};
use hamlet_protocol::scenario::GeneratedMap;

use crate::fault::Fault;
use crate::rng::{Purpose, Stream, mix};
use crate::space::generate::FILE;
use crate::space::generate::build::{Draft, Look, Rect};
use crate::space::generate::layout::{BAND, LOT, Layout, Lot, Parcel, STREET, Use, homes_max};
use crate::space::generate::names::{self, Names};
use crate::space::generate::tiles;

/// Columns and rows of a house.
const HOUSE: (u32, u32) = (6, 6);

/// Makes a town.
///
/// # Errors
/// When its homes and public places do not fit on the map.
pub(super) fn town(spec: &GeneratedMap) -> Result<TownMap, Fault> {
    let Some(layout) = Layout::new(spec.width, spec.height, spec.homes, spec.seed) else {
        return Err(too_small(spec));
    };
    let mut builder = Builder::new(spec, &layout);
    builder.streets();
    for parcel in &layout.parcels {
        builder.parcel(parcel);
    }
    builder.homes();
    for &lot in &layout.greens {
        builder.green(lot);
    }
    builder.lamps();
    builder.outskirts();
    builder.finish()
}

fn too_small(spec: &GeneratedMap) -> Fault {
    let GeneratedMap {
        width,
        height,
        homes,
        seed,
        ..
    } = *spec;
    let fits = homes_max(width, height, seed);
    let message = match fits {
        Some(fits) => format!(
            "a town of {homes} homes does not fit on {width}×{height} tiles: {fits} homes do"
        ),
        None => format!("{width}×{height} tiles are too few for a town with its public places"),
    };
    let larger = side_for(width.max(height), homes, seed);
    let help = match (fits, larger) {
        (Some(fits), Some(side)) => {
            format!("ask for at most {fits} homes, or make the map {side}×{side}")
        }
        (None, Some(side)) => format!("make the map {side}×{side}"),
        (Some(fits), None) => format!(
            "ask for at most {fits} homes: no map of {MAP_SIDE_MAX}×{MAP_SIDE_MAX} holds more people"
        ),
        (None, None) => {
            format!("no map up to {MAP_SIDE_MAX}×{MAP_SIDE_MAX} holds {homes} homes: ask for fewer")
        }
    };
    Fault::error(FILE, message).help(help)
}

/// The side of a square map on which a town fits, in steps of 16 tiles.
fn side_for(at_least: u32, homes: u32, seed: u64) -> Option<u32> {
    let fits = |step: u32| Layout::new(step * 16, step * 16, homes, seed).is_some();
    let (mut small, mut large) = (at_least / 16, MAP_SIDE_MAX / 16);
    if !fits(large) {
        return None;
    }
    while large - small > 1 {
        let middle = u32::midpoint(small, large);
        if fits(middle) {
            large = middle;
        } else {
            small = middle;
        }
    }
    Some(large * 16)
}

/// A town half built.
pub(super) struct Builder<'a> {
    spec: &'a GeneratedMap,
    layout: &'a Layout,
    pub(super) draft: Draft,
    names: Names,
    stream: Stream,
    landmarks: Vec<Landmark>,
}

impl<'a> Builder<'a> {
    fn new(spec: &'a GeneratedMap, layout: &'a Layout) -> Self {
        Self {
            spec,
            layout,
            draft: Draft::new(spec.width, spec.height),
            names: Names::new(spec.seed),
            stream: Stream::new(spec.seed, Purpose::Map, u64::MAX, 2),
            landmarks: Vec::new(),
        }
    }

    fn streets(&mut self) {
        let (left, top, width, height) = self.layout.extent;
        let mut street = vec![false; (width * height) as usize];
        let mut pave = |area: Rect, on: bool| {
            for (x, y) in area.tiles() {
                street[((y - top) * width + x - left) as usize] = on;
            }
        };
        for &y in &self.layout.street_y {
            pave(Rect::new(left, y, width, STREET), true);
        }
        for parcel in &self.layout.parcels {
            pave(self.land(parcel), false);
        }
        for &x in &self.layout.street_x {
            pave(Rect::new(x, top, STREET, height), true);
        }
        let there = |x: i64, y: i64| {
            let (x, y) = (x - i64::from(left), y - i64::from(top));
            (0..i64::from(width)).contains(&x)
                && (0..i64::from(height)).contains(&y)
                && street[(y * i64::from(width) + x) as usize]
        };
        self.draft.terrain(
            Rect::new(left, top, width, height),
            tiles::COBBLE,
            tiles::COBBLE_FULL,
            &there,
        );
    }

    /// A parcel's land: everything between the streets round it.
    fn land(&self, parcel: &Parcel) -> Rect {
        let ((lot, band), (lots, bands)) = (parcel.at, parcel.size);
        let y = self.layout.street_y[band as usize] + STREET;
        Rect::new(
            self.layout.lot_x[lot as usize],
            y,
            lots * LOT,
            bands * BAND - STREET,
        )
    }

    fn parcel(&mut self, parcel: &Parcel) {
        let land = self.land(parcel);
        let (kind, area) = match parcel.purpose {
            Use::Cafe => (LandmarkKind::Cafe, self.cafe(land)),
            Use::Market => (LandmarkKind::Market, self.market(land)),
            Use::Board => (LandmarkKind::Board, self.board(land)),
            Use::Joinery => (LandmarkKind::Workshop, self.workshop(land, false)),
            Use::Smithy => (LandmarkKind::Workshop, self.workshop(land, true)),
            Use::Park => (LandmarkKind::Park, self.park(land)),
            Use::Library => (LandmarkKind::Library, self.library(land)),
            Use::Clinic => (LandmarkKind::Clinic, self.clinic(land)),
            Use::TownHall => (LandmarkKind::TownHall, self.hall(land)),
        };
        let (name, description) =
            names::place(parcel.purpose, &self.names.district(parcel.district));
        self.landmark(name, kind, description, area);
    }

    /// Puts a place on the list; its entrance is the walkable tile nearest to the middle of its southern side.
    fn landmark(&mut self, name: String, kind: LandmarkKind, description: String, area: Rect) {
        let middle = area.x + area.w / 2;
        let open = area.tiles().filter(|&(x, y)| self.draft.walkable(x, y));
        let entrance = open
            .min_by_key(|&(x, y)| (area.y + area.h - y, x.abs_diff(middle)))
            .unwrap_or((area.x, area.y));
        self.landmarks.push(Landmark {
            name,
            kind,
            description,
            area: Area {
                x: area.x as u16,
                y: area.y as u16,
                width: area.w as u16,
                height: area.h as u16,
            },
            entrance: Point::new(entrance.0 as u16, entrance.1 as u16),
            hours: None,
        });
    }

    /// Scatters trees over an area, far enough apart to walk between.
    pub(super) fn trees(&mut self, area: Rect, of_10_000: u32) {
        for y in (area.y..(area.y + area.h).saturating_sub(4)).step_by(5) {
            for x in (area.x..(area.x + area.w).saturating_sub(4)).step_by(5) {
                let (tx, ty) = (x + self.stream.below(3), y + self.stream.below(3));
                let bare = Rect::new(tx, ty, 2, 2)
                    .tiles()
                    .all(|(x, y)| self.draft.is_bare(x, y));
                if bare && self.stream.chance(of_10_000) {
                    self.tree(tx, ty);
                }
            }
        }
    }

    /// What grows round the town.
    fn outskirts(&mut self) {
        let (left, top, width, height) = self.layout.extent;
        let (right, bottom) = (left + width, top + height);
        let (w, h) = (self.spec.width, self.spec.height);
        for area in [
            Rect::new(0, 0, w, top),
            Rect::new(0, bottom, w, h - bottom),
            Rect::new(0, top, left, height),
            Rect::new(right, top, w - right, height),
        ] {
            self.trees(area, 3000);
            self.flowers(area, 4);
        }
    }

    fn homes(&mut self) {
        let (mut band, mut number) = (u32::MAX, 0);
        for &(lot, here) in &self.layout.homes {
            if here != band {
                (band, number) = (here, 0);
            }
            number += 1;
            let street = self.names.street(band);
            let description = self.names.home(&street);
            let inside = self.house(lot, band);
            self.landmark(
                format!("{number} {street}"),
                LandmarkKind::Home,
                description,
                inside,
            );
        }
    }

    fn house(&mut self, lot: u32, band: u32) -> Rect {
        let x = self.layout.lot_x[lot as usize] + self.stream.below(LOT - HOUSE.0 + 1);
        let y = self.layout.street_y[band as usize] + STREET + 1;
        let style = self.stream.below(4) as usize;
        let floor = if self.stream.chance(5000) {
            (tiles::PLANKS, 2)
        } else {
            (tiles::PLANKS + 2, 2)
        };
        let look = Look {
            walls: tiles::STYLES[style],
            roof: tiles::ROOFS[self.stream.below(6) as usize],
            floor,
        };
        let door = 1 + self.stream.below(HOUSE.0 - 2);
        let inside = self
            .draft
            .building(Rect::new(x, y, HOUSE.0, HOUSE.1), look, &[(door, 1)]);
        let cloth = self.stream.below(5) as usize;
        self.draft
            .put(tiles::DOUBLE_BEDS[cloth], inside.x, inside.y, false);
        if self.stream.chance(5000) {
            self.draft
                .put(tiles::DOUBLE_BEDS[cloth], inside.x + 2, inside.y, false);
        } else {
            self.draft
                .put(tiles::BEDS[cloth], inside.x + 3, inside.y, false);
        }
        let garden = Rect::new(self.layout.lot_x[lot as usize], y - 1, LOT, 1);
        if self.stream.chance(3000) {
            let bed = tiles::FLOWER_BEDS[self.stream.below(5) as usize];
            for (tx, ty) in garden.tiles().skip(1).take(4) {
                self.draft.put((bed, 1, 1), tx, ty, false);
            }
        } else {
            self.flowers(garden, 25);
        }
        inside
    }

    /// A lot where nobody built.
    fn green(&mut self, (lot, band): Lot) {
        let (x, y) = (
            self.layout.lot_x[lot as usize],
            self.layout.street_y[band as usize] + STREET,
        );
        let shift = self.stream.below(4);
        self.tree(x + shift, y + 1);
        if self.stream.chance(6000) {
            let shift = self.stream.below(4);
            self.tree(x + 1 + shift, y + 4);
        }
        self.flowers(Rect::new(x, y, LOT, BAND - STREET), 14);
    }

    fn tree(&mut self, x: u32, y: u32) {
        let tree = tiles::TREES[self.stream.below(5) as usize];
        self.draft.put(tree, x, y, true);
    }

    /// Scatters flowers over what is still bare.
    pub(super) fn flowers(&mut self, area: Rect, percent: u32) {
        let kind = self.stream.below(tiles::FLOWERS.len() as u32);
        for (x, y) in area.tiles() {
            let i = self.draft.index(x, y);
            let chance = mix(i as u64 ^ self.spec.seed) >> 32;
            if chance as u32 % 100 < percent
                && self.draft.objects[i] == 0
                && self.draft.built[i] == 0
            {
                self.draft.objects[i] =
                    tiles::FLOWERS[((kind + chance as u32 / 1000 % 2) % 7) as usize];
            }
        }
    }

    /// Lamps behind every third lot, beside the street.
    fn lamps(&mut self) {
        for lot in self.layout.homes.iter().filter(|(lot, _)| lot % 3 == 1) {
            let (x, y) = (
                self.layout.lot_x[lot.0 as usize] + LOT - 1,
                self.layout.street_y[lot.1 as usize] + STREET,
            );
            self.draft.stand(tiles::LAMP, x, y);
        }
    }

    /// Checks that everybody can get everywhere, and hands the map over.
    fn finish(mut self) -> Result<TownMap, Fault> {
        let start = Point::new(self.layout.extent.0 as u16, self.layout.extent.1 as u16);
        let reached = self.draft.reached(start);
        for landmark in &self.landmarks {
            let Point { x, y } = landmark.entrance;
            if !reached.get(self.draft.index(u32::from(x), u32::from(y))) {
                let message = format!(
                    "the generator walled in {} for seed {}",
                    landmark.name, self.spec.seed
                );
                return Err(
                    Fault::error(FILE, message).help("try another seed, and report this one")
                );
            }
        }
        for i in 0..self.draft.ground.len() {
            if !reached.get(i) {
                self.draft.blocked.set(i, true);
            }
        }
        let zones = self.zones();
        let Draft {
            width,
            height,
            blocked,
            ground,
            built,
            objects,
            ..
        } = self.draft;
        let layer = |name: &str, gids| TileLayer {
            name: name.to_owned(),
            gids,
            opacity: 1.0,
            visible: true,
        };
        Ok(TownMap {
            name: format!(
                "town of {} homes, {width}×{height}, seed {}",
                self.spec.homes, self.spec.seed
            ),
            width,
            height,
            tile_px: (tiles::TILE_PX, tiles::TILE_PX),
            blocked,
            landmarks: self.landmarks,
            zones,
            layers: vec![
                layer("ground", ground),
                layer("built", built),
                layer("objects", objects),
            ],
            tilesets: vec![tiles::tileset()],
        })
    }

    fn zones(&self) -> Vec<Zone> {
        let zone = |number| {
            let (lot, band, lots, bands) = self.layout.district(number);
            let (first, last) = (
                self.layout.lot_x[lot as usize],
                self.layout.lot_x[(lot + lots - 1) as usize] + LOT,
            );
            let (top, bottom) = (
                self.layout.street_y[band as usize],
                self.layout.street_y[(band + bands) as usize],
            );
            Zone {
                name: self.names.district(number),
                description: format!("District {} of {}.", number + 1, self.layout.districts),
                area: Area {
                    x: first as u16,
                    y: top as u16,
                    width: (last - first) as u16,
                    height: (bottom - top) as u16,
                },
            }
        };
        (0..self.layout.districts)
            .filter(|&number| {
                self.layout.district(number).2 > 0 && self.layout.district(number).3 > 0
            })
            .map(zone)
            .collect()
    }
}
