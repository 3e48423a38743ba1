//! Flocking on the modelling surface.

use hamlet_sim::model::{Edge, Model, Plane, Run, Step, Stream};

use super::{COHERE, Look, MATCH, Params, SEPARATE, SEPARATION, SPEED, outcome};

struct Flocking {
    /// Birds; what they see of each other is the velocity.
    sky: Plane<2>,
    sight: f64,
}

impl Flocking {
    fn new(params: Params, rng: &mut Stream) -> Self {
        let mut sky = Plane::new(params.side, params.side, Edge::Wrapped, params.sight);
        for _ in 0..params.birds {
            let at = [rng.between(0.0, params.side), rng.between(0.0, params.side)];
            sky.spawn(at, rng.direction());
        }
        Self {
            sky,
            sight: params.sight,
        }
    }
}

impl Model for Flocking {
    fn step(&mut self, step: &mut Step) {
        self.sky.settle();
        for bird in step.shuffled(self.sky.ids()) {
            let [number, x, y, vx, vy] = self.sky.sum(bird, self.sight, |near| {
                let pull = if near.d2 < SEPARATION * SEPARATION {
                    COHERE - SEPARATE
                } else {
                    COHERE
                };
                let [vx, vy] = near.data;
                [1.0, pull * near.dx, pull * near.dy, MATCH * vx, MATCH * vy]
            });
            let Some([own_x, own_y]) = self.sky.data(bird) else {
                continue;
            };
            let share = 1.0 / number.max(1.0);
            let (vx, vy) = (own_x + (x + vx) * share, own_y + (y + vy) * share);
            let length = (vx * vx + vy * vy).sqrt();
            let velocity = [vx / length, vy / length];
            self.sky.set_data(bird, velocity);
            self.sky.move_by(bird, velocity.map(|v| v * SPEED));
        }
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let sky = Run::from_seed(seed, |rng| Flocking::new(params, rng))
        .ticks(params.steps)
        .model
        .sky;
    let birds: Vec<_> = sky
        .ids()
        .filter_map(|id| Some((sky.at(id)?, sky.data(id)?)))
        .collect();
    Box::new(move || outcome(params, &birds))
}
