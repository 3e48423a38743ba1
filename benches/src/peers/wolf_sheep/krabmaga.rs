//! Wolves, sheep and grass in krABMaga, in the way of its own example: one scheduled agent per animal.

use std::any::Any;
use std::hash::{Hash, Hasher};

use hamlet_sim::rng::{Purpose, Stream};
use krabmaga::engine::agent::Agent;
use krabmaga::engine::fields::dense_number_grid_2d::DenseNumberGrid2D;
use krabmaga::engine::fields::dense_object_grid_2d::DenseGrid2D;
use krabmaga::engine::fields::field::Field;
use krabmaga::engine::fields::grid_option::GridOption;
use krabmaga::engine::location::Int2D;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;

use super::{Animal, Look, Params, SHEEP_GAIN, WOLF_GAIN, outcome};

/// An animal with its number in the schedule.
#[derive(Clone, Copy)]
struct Body {
    id: u32,
    at: Int2D,
    animal: Animal,
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Body {}

impl Hash for Body {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

#[derive(Clone)]
struct Sheep(Body);

#[derive(Clone)]
struct Wolf(Body);

struct Pasture {
    params: Params,
    sheep: DenseGrid2D<Body>,
    /// Steps until it is grown.
    grass: DenseNumberGrid2D<u8>,
    /// Born in this step, in the order of their numbers.
    born: Vec<Box<dyn Agent>>,
    eaten: Vec<Body>,
    next_id: u32,
    rng: Stream,
    /// Acts of sheep and of wolves.
    acts: [u64; 2],
}

impl Pasture {
    fn body(&mut self, gain: f64, births: f64) -> Body {
        let side = u32::from(self.params.side);
        self.next_id += 1;
        Body {
            id: self.next_id - 1,
            at: Int2D {
                x: self.rng.below(side) as i32,
                y: self.rng.below(side) as i32,
            },
            animal: Animal {
                energy: f64::from(1 + self.rng.below(2 * gain as u32)),
                births,
                gain,
            },
        }
    }

    fn walk(&mut self, body: &mut Body) {
        let side = i32::from(self.params.side);
        loop {
            let step = self.rng.below(8);
            let step = if step < 4 { step } else { step + 1 } as i32;
            let to = Int2D {
                x: body.at.x + step % 3 - 1,
                y: body.at.y + step / 3 - 1,
            };
            if (0..side).contains(&to.x) && (0..side).contains(&to.y) {
                body.at = to;
                body.animal.energy -= 1.0;
                return;
            }
        }
    }

    /// A child by chance, for one that has not died of hunger.
    fn child(&mut self, body: &mut Body) -> Option<Body> {
        let born = body.animal.energy >= 0.0 && self.rng.happens(body.animal.births);
        born.then(|| {
            body.animal.energy /= 2.0;
            self.next_id += 1;
            Body {
                id: self.next_id - 1,
                ..*body
            }
        })
    }
}

impl Agent for Sheep {
    fn step(&mut self, state: &mut dyn State) {
        let Some(pasture) = state.as_any_mut().downcast_mut::<Pasture>() else {
            return;
        };
        let body = &mut self.0;
        pasture.walk(body);
        pasture.acts[0] += 1;
        let eaten_now = pasture.grass.get_value_unbuffered(&body.at).is_some();
        if !eaten_now && pasture.grass.get_value(&body.at) == Some(0) {
            pasture
                .grass
                .set_value_location(pasture.params.regrowth, &body.at);
            body.animal.energy += body.animal.gain;
        }
        let child = pasture.child(body);
        if body.animal.energy >= 0.0 {
            pasture.sheep.set_object_location(*body, &body.at);
        }
        if let Some(child) = child {
            pasture.sheep.set_object_location(child, &child.at);
            pasture.born.push(Box::new(Self(child)));
        }
    }

    fn is_stopped(&mut self, _state: &mut dyn State) -> bool {
        self.0.animal.energy < 0.0
    }
}

impl Agent for Wolf {
    fn step(&mut self, state: &mut dyn State) {
        let Some(pasture) = state.as_any_mut().downcast_mut::<Pasture>() else {
            return;
        };
        let body = &mut self.0;
        pasture.walk(body);
        pasture.acts[1] += 1;
        // All sheep have acted before the wolves: they are where the field will have them in the next step.
        if let Some(sheep) = pasture.sheep.get_objects_unbuffered(&body.at) {
            pasture.sheep.remove_object_location(sheep[0], &body.at);
            pasture.eaten.push(sheep[0]);
            body.animal.energy += body.animal.gain;
        }
        if let Some(child) = pasture.child(body) {
            pasture.born.push(Box::new(Self(child)));
        }
    }

    fn is_stopped(&mut self, _state: &mut dyn State) -> bool {
        self.0.animal.energy < 0.0
    }
}

impl State for Pasture {
    fn init(&mut self, schedule: &mut Schedule) {
        for _ in 0..self.params.sheep {
            let body = self.body(SHEEP_GAIN, self.params.sheep_births);
            schedule.schedule_repeating(Box::new(Sheep(body)), 0.0, SHEEP_FIRST);
        }
        for _ in 0..self.params.wolves {
            let body = self.body(WOLF_GAIN, self.params.wolf_births);
            schedule.schedule_repeating(Box::new(Wolf(body)), 0.0, WOLVES_THEN);
        }
        let side = i32::from(self.params.side);
        for (x, y) in (0..side).flat_map(|x| (0..side).map(move |y| (x, y))) {
            let grown = self.rng.below(2) == 0;
            let countdown = if grown {
                0
            } else {
                1 + self.rng.below(self.params.regrowth.into()) as u8
            };
            self.grass.set_value_location(countdown, &Int2D { x, y });
        }
    }

    fn after_step(&mut self, schedule: &mut Schedule) {
        for agent in self.born.drain(..) {
            let ordering = if agent.is::<Sheep>() {
                SHEEP_FIRST
            } else {
                WOLVES_THEN
            };
            schedule.schedule_repeating(agent, schedule.time + 1.0, ordering);
        }
        for body in self.eaten.drain(..) {
            schedule.dequeue(Box::new(Sheep(body)), body.id);
        }
    }

    fn update(&mut self, step: u64) {
        if step > 0 {
            self.grass.apply_to_all_values(
                |countdown| countdown.saturating_sub(1),
                GridOption::READWRITE,
            );
        }
        self.grass.lazy_update();
        self.sheep.lazy_update();
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

const SHEEP_FIRST: i32 = 0;
const WOLVES_THEN: i32 = 1;

pub(super) fn run(params: Params, seed: u64) -> Look {
    let side = i32::from(params.side);
    let mut pasture = Pasture {
        params,
        sheep: DenseGrid2D::new(side, side),
        grass: DenseNumberGrid2D::new(side, side),
        born: Vec::new(),
        eaten: Vec::new(),
        next_id: 0,
        rng: Stream::new(seed, Purpose::Model, 0, 0),
        acts: [0; 2],
    };
    let mut schedule = Schedule::new();
    pasture.init(&mut schedule);
    for _ in 0..params.steps {
        schedule.step(&mut pasture);
    }
    Box::new(move || {
        let agents = schedule.get_all_events();
        let sheep = agents.iter().filter(|agent| agent.is::<Sheep>()).count();
        outcome(params, [sheep, agents.len() - sheep], pasture.acts)
    })
}
