//! Wolves, sheep and grass on the modelling surface.

use hamlet_sim::model::{Edge, Lattice, Model, MultiGrid, Run, Shape, Step, Stream};

use super::{Animal, Look, Params, SHEEP_GAIN, WOLF_GAIN, outcome};

struct WolfSheep {
    sheep: MultiGrid<Animal>,
    wolves: MultiGrid<Animal>,
    /// Steps until it is grown.
    grass: Lattice<u8>,
    regrowth: u8,
    /// Acts of sheep and of wolves.
    acts: [u64; 2],
}

impl WolfSheep {
    fn new(params: Params, rng: &mut Stream) -> Self {
        let shape = Shape::new(params.side, params.side, Edge::Bounded);
        let mut herd = |number, gain, births| {
            let mut animals = MultiGrid::new(shape);
            for _ in 0..number {
                let energy = f64::from(1 + rng.below(2 * gain as u32));
                animals.spawn(
                    shape.random_cell(rng),
                    Animal {
                        energy,
                        births,
                        gain,
                    },
                );
            }
            animals
        };
        let sheep = herd(params.sheep, SHEEP_GAIN, params.sheep_births);
        let wolves = herd(params.wolves, WOLF_GAIN, params.wolf_births);
        let regrowth = params.regrowth;
        let grass = Lattice::new(shape, |_| match rng.below(2) {
            0 => 0,
            _ => 1 + rng.below(u32::from(regrowth)) as u8,
        });
        Self {
            sheep,
            wolves,
            grass,
            regrowth,
            acts: [0; 2],
        }
    }
}

impl Model for WolfSheep {
    fn step(&mut self, step: &mut Step) {
        let shape = self.grass.shape();
        for id in step.shuffled(self.sheep.ids()) {
            let Some(mut sheep) = self.sheep.turn(id) else {
                continue;
            };
            self.acts[0] += 1;
            sheep.move_to(shape.random_neighbour(sheep.cell(), &mut step.rng));
            sheep.energy -= 1.0;
            let grass = &mut self.grass[sheep.cell()];
            if *grass == 0 {
                *grass = self.regrowth;
                sheep.energy += sheep.gain;
            }
            if sheep.energy < 0.0 {
                sheep.remove();
            } else if step.rng.happens(sheep.births) {
                sheep.energy /= 2.0;
                sheep.spawn(*sheep);
            }
        }
        for id in step.shuffled(self.wolves.ids()) {
            let Some(mut wolf) = self.wolves.turn(id) else {
                continue;
            };
            self.acts[1] += 1;
            wolf.move_to(shape.random_neighbour(wolf.cell(), &mut step.rng));
            wolf.energy -= 1.0;
            if let Some(sheep) = self.sheep.newest(wolf.cell()) {
                self.sheep.remove(sheep);
                wolf.energy += wolf.gain;
            }
            if wolf.energy < 0.0 {
                wolf.remove();
            } else if step.rng.happens(wolf.births) {
                wolf.energy /= 2.0;
                wolf.spawn(*wolf);
            }
        }
        for grass in self.grass.values_mut() {
            *grass = grass.saturating_sub(1);
        }
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let model = Run::from_seed(seed, |rng| WolfSheep::new(params, rng))
        .ticks(params.steps)
        .model;
    let left = [model.sheep.len(), model.wolves.len()];
    Box::new(move || outcome(params, left, model.acts))
}
