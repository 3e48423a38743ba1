//! Schelling's segregation in krABMaga, in the way of its own example: an updater over an object grid.

use std::any::Any;
use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use hamlet_sim::rng::{Purpose, Stream};
use krabmaga::engine::agent::Agent;
use krabmaga::engine::fields::field::Field;
use krabmaga::engine::fields::sparse_object_grid_2d::SparseGrid2D;
use krabmaga::engine::location::Int2D;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;

use super::{Look, Params, outcome};

#[derive(Clone, Copy)]
struct Person {
    id: u32,
    group: u8,
}

impl PartialEq for Person {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Person {}

impl Hash for Person {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

struct Town {
    params: Params,
    people: SparseGrid2D<Person>,
    rng: RefCell<Stream>,
}

impl Town {
    fn random_cell(&self) -> Int2D {
        let side = u32::from(self.params.side);
        let mut rng = self.rng.borrow_mut();
        Int2D {
            x: rng.below(side) as i32,
            y: rng.below(side) as i32,
        }
    }
}

impl State for Town {
    fn init(&mut self, schedule: &mut Schedule) {
        for id in 0..self.params.people {
            let mut at = self.random_cell();
            while self.people.get_objects_unbuffered(&at).is_some() {
                at = self.random_cell();
            }
            let group = if id < self.params.people / 2 { 1 } else { 2 };
            self.people.set_object_location(Person { id, group }, &at);
        }
        schedule.schedule_repeating(Box::new(Updater), 0.0, 0);
    }

    fn update(&mut self, _step: u64) {
        self.people.lazy_update();
    }

    fn reset(&mut self) {}

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
}

/// Lets everybody look at the last step's town and choose a place in the next one.
#[derive(Clone)]
struct Updater;

impl Agent for Updater {
    fn step(&mut self, state: &mut dyn State) {
        let Some(town) = state.as_any().downcast_ref::<Town>() else {
            return;
        };
        let Params {
            side,
            radius,
            wanted,
            ..
        } = town.params;
        let (side, radius) = (i32::from(side), i32::from(radius));
        town.people.iter_objects(|at, person| {
            let mut alike = 0;
            for x in (at.x - radius).max(0)..=(at.x + radius).min(side - 1) {
                for y in (at.y - radius).max(0)..=(at.y + radius).min(side - 1) {
                    if let Some(others) = town.people.get_objects(&Int2D { x, y }) {
                        alike += u32::from(others[0].group == person.group);
                    }
                }
            }
            let mut to = *at;
            if alike - 1 < wanted {
                // Empty both before and after this step, so that a cell is never taken twice.
                while to == *at
                    || town.people.get_objects(&to).is_some()
                    || town.people.get_objects_unbuffered(&to).is_some()
                {
                    to = town.random_cell();
                }
            }
            town.people.set_object_location(*person, &to);
        });
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let side = i32::from(params.side);
    let mut town = Town {
        params,
        people: SparseGrid2D::new(side, side),
        rng: RefCell::new(Stream::new(seed, Purpose::Model, 0, 0)),
    };
    let mut schedule = Schedule::new();
    town.init(&mut schedule);
    for _ in 0..params.steps {
        schedule.step(&mut town);
    }
    Box::new(move || {
        let mut groups = vec![0_u8; (side * side) as usize];
        let mut once = true;
        for y in 0..side {
            for x in 0..side {
                if let Some(people) = town.people.get_objects(&Int2D { x, y }) {
                    once &= people.len() == 1;
                    groups[(y * side + x) as usize] = people[0].group;
                }
            }
        }
        outcome(params, &groups, once)
    })
}
