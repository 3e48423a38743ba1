//! Landmarks as the town uses them: kinds, hours, orders to close, and who lives where.

use std::collections::{BTreeMap, BTreeSet};

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::event::Event;
use hamlet_protocol::map::{Area, LandmarkKind, Point, TownMap};
use hamlet_protocol::time::{Hours, SimTime};

use crate::clock::Clock;
use crate::log::Touched;
use crate::roster::Roster;
use crate::schedule::{Tick, TickSet};

/// One landmark.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) kind: LandmarkKind,
    pub(crate) name: Box<str>,
    pub(crate) area: Area,
    pub(crate) entrance: Point,
    hours: Hours,
    /// An order that overrides the hours.
    pub(crate) order: Option<bool>,
    /// Whether one may use it now.
    pub(crate) open: bool,
}

/// All landmarks, by number: their index in the map.
#[derive(Resource, Debug)]
pub(crate) struct Places {
    pub(crate) all: Vec<Place>,
    by_kind: BTreeMap<LandmarkKind, Vec<u32>>,
    keeping_hours: Vec<u32>,
    /// Landmark number + 1 of each tile, the smallest area on top; empty where there are no landmarks.
    tile: Vec<u32>,
    width: usize,
    /// Residents of each landmark.
    living: Vec<u32>,
    /// (residents, number) of all homes, the emptiest first.
    homes: BTreeSet<(u32, u32)>,
}

impl Places {
    pub(crate) fn new(map: &TownMap) -> Self {
        let all: Vec<Place> = map.landmarks.iter().map(place).collect();
        let mut by_kind: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for (no, place) in (0..).zip(&all) {
            by_kind.entry(place.kind.clone()).or_default().push(no);
        }
        let homes = by_kind.get(&LandmarkKind::Home).into_iter().flatten();
        let homes = homes.map(|&no| (0, no)).collect();
        let tile = paint(map, &all);
        let keeping_hours = (0..)
            .zip(&all)
            .filter(|(_, place)| place.hours != Hours::ALWAYS)
            .map(|(no, _)| no)
            .collect();
        Self {
            living: vec![0; all.len()],
            homes,
            all,
            by_kind,
            keeping_hours,
            tile,
            width: map.width as usize,
        }
    }

    pub(crate) fn get(&self, no: u32) -> Option<&Place> {
        self.all.get(no as usize)
    }

    /// Numbers of all landmarks of a kind.
    pub(crate) fn of_kind(&self, kind: &LandmarkKind) -> &[u32] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The innermost landmark at a tile.
    pub(crate) fn at(&self, p: Point) -> Option<u32> {
        let cell = *self
            .tile
            .get(usize::from(p.y) * self.width + usize::from(p.x))?;
        cell.checked_sub(1)
    }

    /// Whether a tile belongs to a landmark, also where another lies inside it.
    pub(crate) fn inside(&self, no: u32, p: Point) -> bool {
        self.get(no)
            .is_some_and(|place| place.area.contains(p) || place.entrance == p)
    }

    /// Numbers of the landmarks that a name or a kind means, without regard to case.
    pub(crate) fn named(&self, word: &str) -> Vec<u32> {
        let word = word.to_lowercase();
        let by_name = (0..)
            .zip(&self.all)
            .find(|(_, place)| place.name.to_lowercase() == word);
        match by_name {
            Some((no, _)) => vec![no],
            None => {
                let kinds = self.by_kind.iter();
                let mut meant: Vec<u32> = kinds
                    .filter(|(kind, _)| kind.as_str().to_lowercase() == word)
                    .flat_map(|(_, places)| places.iter().copied())
                    .collect();
                meant.sort_unstable();
                meant
            }
        }
    }

    /// Finds a home: the one asked for by name, else the one with the fewest residents, the first of them. Homes are shared when too few.
    pub(crate) fn find_home(&self, wish: Option<&str>) -> Option<u32> {
        let by_wish = wish.and_then(|name| self.named(name).first().copied());
        by_wish.or_else(|| self.homes.first().map(|&(_, no)| no))
    }

    /// Counts one more resident in a home.
    pub(crate) fn lodge(&mut self, home: u32) {
        self.count_in(home, |living| living + 1);
    }

    /// Counts one resident less in a home.
    pub(crate) fn move_out(&mut self, home: u32) {
        self.count_in(home, |living| living.saturating_sub(1));
    }

    fn count_in(&mut self, home: u32, count: impl FnOnce(u32) -> u32) {
        let living = &mut self.living[home as usize];
        let before = std::mem::replace(living, count(*living));
        if self.homes.remove(&(before, home)) {
            self.homes.insert((*living, home));
        }
    }

    /// Gives an order for a landmark; whether it is open now.
    pub(crate) fn order(&mut self, no: u32, order: Option<bool>, now: SimTime) {
        let place = &mut self.all[no as usize];
        place.order = order;
        place.open = order.unwrap_or_else(|| place.hours.contains(now));
    }

    /// Sets every landmark that keeps hours to what they and its orders say. Whether any changed.
    pub(crate) fn look_at_clock(&mut self, now: SimTime) -> bool {
        let mut changed = false;
        for &no in &self.keeping_hours {
            let place = &mut self.all[no as usize];
            let open = place.order.unwrap_or_else(|| place.hours.contains(now));
            changed |= open != place.open;
            place.open = open;
        }
        changed
    }
}

fn place(landmark: &hamlet_protocol::map::Landmark) -> Place {
    Place {
        kind: landmark.kind.clone(),
        name: landmark.name.as_str().into(),
        area: landmark.area,
        entrance: landmark.entrance,
        hours: landmark.hours.unwrap_or_else(|| habit(&landmark.kind)),
        order: None,
        open: true,
    }
}

/// Opening hours of a kind whose map names none.
fn habit(kind: &LandmarkKind) -> Hours {
    match kind {
        LandmarkKind::Cafe => Hours::between(7, 22),
        LandmarkKind::Market | LandmarkKind::Workshop => Hours::between(8, 18),
        LandmarkKind::TownHall => Hours::between(9, 17),
        LandmarkKind::Library => Hours::between(9, 20),
        LandmarkKind::Home
        | LandmarkKind::Board
        | LandmarkKind::Park
        | LandmarkKind::Clinic
        | LandmarkKind::Place
        | LandmarkKind::Other(_) => Hours::ALWAYS,
    }
}

/// Paints areas onto tiles, the largest first, so that a board in the yard of a town hall is still found.
fn paint(map: &TownMap, all: &[Place]) -> Vec<u32> {
    if all.is_empty() {
        return Vec::new();
    }
    let mut tile = vec![0; map.tiles()];
    let mut order: Vec<u32> = (0..all.len() as u32).collect();
    let size =
        |no: u32| u32::from(all[no as usize].area.width) * u32::from(all[no as usize].area.height);
    order.sort_by_key(|&no| (std::cmp::Reverse(size(no)), no));
    for no in order {
        for p in all[no as usize].area.tiles() {
            tile[map.index(p)] = no + 1;
        }
    }
    tile
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Tick,
        keep_hours
            .in_set(TickSet::Perceive)
            .after(crate::interventions::carry_out),
    );
}

/// Doors open and close.
pub(crate) fn keep_hours(
    clock: Res<Clock>,
    mut places: ResMut<Places>,
    mut touched: ResMut<Touched>,
) {
    if places.look_at_clock(clock.now()) {
        touched.town = true;
    }
}

/// Carries out [`hamlet_protocol::command::Command::SetOpen`].
pub(crate) fn set_open(world: &mut World, no: u32, order: Option<bool>) {
    let now = world.resource::<Clock>().now();
    world.resource_mut::<Places>().order(no, order, now);
    world.resource_mut::<Touched>().town = true;
    let landmark = world.resource::<Roster>().landmark_id(no);
    crate::lifecycle::record(
        world,
        Event::OpenSet {
            landmark,
            open: order,
        },
    );
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::Act;
    use hamlet_protocol::command::{Command, RejectionCode};

    use super::*;
    use crate::testing::{self, Stage};

    fn open(stage: &mut Stage, kind: &LandmarkKind) -> bool {
        let no = stage.number(stage.place(kind)) as usize;
        stage.village.view().landmarks[no].open
    }

    #[test]
    fn places_open_and_close_by_their_hours() {
        let mut stage = Stage::of(&[]);
        // It is seven in the morning; an hour has 600 ticks.
        let opened: Vec<[bool; 4]> = [0, 599, 1, 9 * 600 + 599, 1, 4 * 600, 9 * 600]
            .into_iter()
            .map(|ticks| {
                stage.ticks(ticks);
                let kinds = [
                    LandmarkKind::Cafe,
                    LandmarkKind::Market,
                    LandmarkKind::Workshop,
                    LandmarkKind::Park,
                ];
                kinds.map(|kind| open(&mut stage, &kind))
            })
            .collect();
        let expected = [
            [true, false, false, true],
            [true, false, false, true],
            [true, true, true, true],
            [true, true, true, true],
            [true, false, false, true],
            [false, false, false, true],
            [true, false, false, true],
        ];
        assert_eq!(opened, expected);
    }

    #[test]
    fn an_order_holds_until_it_is_taken_back() {
        let mut stage = Stage::of(&[]);
        let cafe = stage.place(&LandmarkKind::Cafe);
        let order = |open| Command::SetOpen {
            landmark: cafe,
            open,
        };
        stage.command(order(Some(false))).expect("allowed");
        assert!(!open(&mut stage, &LandmarkKind::Cafe));
        stage.ticks(14_400);
        assert!(!open(&mut stage, &LandmarkKind::Cafe));
        stage.edit(|_state| {});
        assert!(!open(&mut stage, &LandmarkKind::Cafe), "an image keeps it");
        stage.command(order(None)).expect("allowed");
        assert!(open(&mut stage, &LandmarkKind::Cafe));
        stage.command(order(Some(true))).expect("allowed");
        stage.ticks(16 * 600);
        assert!(open(&mut stage, &LandmarkKind::Cafe), "at night");
        let told = [Some(false), None, Some(true)].map(|open| Event::OpenSet {
            landmark: cafe,
            open,
        });
        // The first was told before the image was made.
        assert_eq!(stage.events(), told[1..]);
        let nowhere = Command::SetOpen {
            landmark: stage.ids().make(99),
            open: None,
        };
        assert_eq!(stage.refused_command(nowhere), RejectionCode::NotFound);
    }

    #[test]
    fn whoever_is_in_a_place_when_it_closes_stops_and_remembers() {
        let mut stage = Stage::of(&[("Ada", (16, 3))]);
        stage.edit_resident("Ada", |ada| ada.needs[1] = 0);
        let landmark = stage.place(&LandmarkKind::Cafe);
        stage.act("Ada", Act::Use { landmark });
        let close = Command::SetOpen {
            landmark,
            open: Some(false),
        };
        stage.command(close).expect("allowed");
        stage.ticks(1);
        let ada = stage.resident("Ada");
        let closed = hamlet_protocol::image::SeenImage::FoundClosed(stage.number(landmark));
        assert_eq!(ada.doing.activity, hamlet_protocol::agent::Activity::Idle);
        assert_eq!(ada.observations.last().map(|it| &it.what), Some(&closed));
        stage.events();
        let code = stage.refused("Ada", Act::Use { landmark });
        assert_eq!(code, RejectionCode::Closed);
    }

    #[test]
    fn names_and_kinds_are_found_without_regard_to_case() {
        let mut map = testing::map();
        map.landmarks[1].name = "Café Zur Mühle".to_owned();
        map.landmarks[7].kind = LandmarkKind::Other("Forge".to_owned());
        let places = Places::new(&map);
        for (word, numbers) in [
            ("CAFÉ ZUR MÜHLE", vec![1]),
            ("cafe", vec![1]),
            ("Home 2", vec![3]),
            ("HOME", vec![2, 3, 4]),
            ("forge", vec![7]),
            ("workshop", vec![]),
        ] {
            assert_eq!(places.named(word), numbers, "{word}");
        }
    }

    #[test]
    fn the_emptiest_home_is_next_unless_one_is_asked_for() {
        let mut places = Places::new(&testing::map());
        let mut moved_in = Vec::new();
        for wish in [
            None,
            Some("home 1"),
            None,
            None,
            None,
            Some("The park"),
            Some("attic"),
        ] {
            let home = places.find_home(wish).expect("there are homes");
            places.lodge(home);
            moved_in.push(home);
        }
        assert_eq!(moved_in, [2, 2, 3, 4, 3, 6, 4]);
        places.move_out(3);
        places.move_out(3);
        assert_eq!(places.find_home(None), Some(3));
    }

    #[test]
    fn the_innermost_landmark_is_the_one_at_a_tile() {
        let mut map = testing::map();
        // A board that stands in the park.
        map.landmarks[0].area = Area {
            x: 22,
            y: 7,
            width: 2,
            height: 1,
        };
        let places = Places::new(&map);
        let at = |x, y| places.at(Point::new(x, y));
        assert_eq!(
            (at(22, 7), at(21, 7), at(22, 8)),
            (Some(0), Some(6), Some(6))
        );
        assert_eq!((at(20, 4), at(4000, 4000)), (None, None));
        assert!(
            places.inside(6, Point::new(22, 7)),
            "also where another lies in it"
        );
    }
}
