//! Schelling's segregation on the modelling surface.

use hamlet_sim::model::{Edge, Model, Run, Shape, SingleGrid, Step, Stream};

use super::{Look, Params, outcome};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Red = 1,
    Blue = 2,
}

struct Person {
    group: Group,
    happy: bool,
}

struct Schelling {
    town: SingleGrid<Person>,
    radius: u16,
    wanted: u32,
}

impl Schelling {
    fn new(params: Params, rng: &mut Stream) -> Self {
        let mut town = SingleGrid::new(Shape::new(params.side, params.side, Edge::Bounded));
        for n in 0..params.people {
            let group = if n < params.people / 2 {
                Group::Red
            } else {
                Group::Blue
            };
            town.spawn_anywhere(
                rng,
                Person {
                    group,
                    happy: false,
                },
            );
        }
        Self {
            town,
            radius: params.radius,
            wanted: params.wanted,
        }
    }
}

impl Model for Schelling {
    fn step(&mut self, step: &mut Step) {
        for id in step.shuffled(self.town.ids()) {
            let Some(mut person) = self.town.turn(id) else {
                continue;
            };
            let group = person.group;
            let alike = person.count(self.radius, |other| other.group == group);
            person.happy = alike >= self.wanted;
            if !person.happy {
                person.move_anywhere(&mut step.rng);
            }
        }
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let run = Run::from_seed(seed, |rng| Schelling::new(params, rng)).ticks(params.steps);
    Box::new(move || {
        let people = run.model.town.cells().values();
        let groups: Vec<u8> = people
            .iter()
            .map(|person| person.as_ref().map_or(0, |person| person.group as u8))
            .collect();
        outcome(params, &groups, true)
    })
}
