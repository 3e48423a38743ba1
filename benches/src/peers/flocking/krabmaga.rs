//! Flocking in krABMaga, in the way of its own example: agents over a two-state continuous field.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};

use hamlet_sim::rng::{Purpose, Stream};
use krabmaga::engine::agent::Agent;
use krabmaga::engine::fields::field::Field;
use krabmaga::engine::fields::field_2d::{
    Field2D, Location2D, toroidal_distance, toroidal_transform,
};
use krabmaga::engine::location::Real2D;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;

use super::{COHERE, Look, MATCH, Params, SEPARATE, SEPARATION, SPEED, outcome};

#[derive(Clone, Copy)]
struct Bird {
    id: u32,
    at: Real2D,
    velocity: Real2D,
}

impl PartialEq for Bird {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Bird {}

impl Hash for Bird {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Display for Bird {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)
    }
}

impl Location2D<Real2D> for Bird {
    fn get_location(self) -> Real2D {
        self.at
    }

    fn set_location(&mut self, at: Real2D) {
        self.at = at;
    }
}

struct Sky {
    params: Params,
    birds: Field2D<Bird>,
    rng: Stream,
}

impl State for Sky {
    fn init(&mut self, schedule: &mut Schedule) {
        let side = self.params.side;
        for id in 0..self.params.birds {
            let at = Real2D {
                x: self.rng.between(0.0, side) as f32,
                y: self.rng.between(0.0, side) as f32,
            };
            let [x, y] = self.rng.direction().map(|v| v as f32);
            let bird = Bird {
                id,
                at,
                velocity: Real2D { x, y },
            };
            self.birds.set_object_location(bird, at);
            schedule.schedule_repeating(Box::new(bird), 0.0, 0);
        }
    }

    fn update(&mut self, _step: u64) {
        self.birds.lazy_update();
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

impl Agent for Bird {
    fn step(&mut self, state: &mut dyn State) {
        let Some(sky) = state.as_any().downcast_ref::<Sky>() else {
            return;
        };
        let side = sky.params.side as f32;
        let mut number = 0_u32;
        let [mut cohere, mut separate, mut matching] = [[0.0_f32; 2]; 3];
        for other in sky
            .birds
            .get_neighbors_within_distance(self.at, sky.params.sight as f32)
        {
            if other.id == self.id {
                continue;
            }
            let dx = toroidal_distance(other.at.x, self.at.x, side);
            let dy = toroidal_distance(other.at.y, self.at.y, side);
            number += 1;
            cohere = [cohere[0] + dx, cohere[1] + dy];
            if dx * dx + dy * dy < (SEPARATION * SEPARATION) as f32 {
                separate = [separate[0] - dx, separate[1] - dy];
            }
            matching = [
                matching[0] + other.velocity.x,
                matching[1] + other.velocity.y,
            ];
        }
        let number = number.max(1) as f32;
        let new = |own: f32, i: usize| {
            own + (COHERE as f32 * cohere[i]
                + SEPARATE as f32 * separate[i]
                + MATCH as f32 * matching[i])
                / number
        };
        let (vx, vy) = (new(self.velocity.x, 0), new(self.velocity.y, 1));
        let length = (vx * vx + vy * vy).sqrt();
        self.velocity = Real2D {
            x: vx / length,
            y: vy / length,
        };
        self.at = Real2D {
            x: toroidal_transform(self.at.x + self.velocity.x * SPEED as f32, side),
            y: toroidal_transform(self.at.y + self.velocity.y * SPEED as f32, side),
        };
        sky.birds.set_object_location(*self, self.at);
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let side = params.side as f32;
    let mut sky = Sky {
        params,
        birds: Field2D::new(side, side, params.sight as f32, true),
        rng: Stream::new(seed, Purpose::Model, 0, 0),
    };
    let mut schedule = Schedule::new();
    sky.init(&mut schedule);
    for _ in 0..params.steps {
        schedule.step(&mut sky);
    }
    let agents = schedule.get_all_events();
    let birds: Vec<_> = agents
        .iter()
        .filter_map(|agent| agent.downcast_ref::<Bird>())
        .map(|bird| [bird.at, bird.velocity].map(|v| [f64::from(v.x), f64::from(v.y)]))
        .map(|[at, velocity]| (at, velocity))
        .collect();
    Box::new(move || outcome(params, &birds))
}
