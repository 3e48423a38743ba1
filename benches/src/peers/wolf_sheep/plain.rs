//! Wolves, sheep and grass as loops over vectors.

use hamlet_sim::rng::{Purpose, Stream};

use super::{Animal, Look, Params, SHEEP_GAIN, WOLF_GAIN, outcome};

struct Placed {
    x: u16,
    y: u16,
    alive: bool,
    animal: Animal,
}

impl Placed {
    /// Walks to one of the adjacent cells and grows hungrier; the number of the cell.
    fn walk(&mut self, side: u16, rng: &mut Stream) -> usize {
        loop {
            let step = rng.below(8);
            let step = if step < 4 { step } else { step + 1 };
            let (x, y) = (
                i32::from(self.x) + (step % 3) as i32 - 1,
                i32::from(self.y) + (step / 3) as i32 - 1,
            );
            if (0..i32::from(side)).contains(&x) && (0..i32::from(side)).contains(&y) {
                (self.x, self.y) = (x as u16, y as u16);
                self.animal.energy -= 1.0;
                return usize::from(self.y) * usize::from(side) + usize::from(self.x);
            }
        }
    }

    /// Dies of hunger, or has a child by chance.
    fn live_on(&mut self, rng: &mut Stream) -> Option<Self> {
        self.alive = self.animal.energy >= 0.0;
        (self.alive && rng.happens(self.animal.births)).then(|| {
            self.animal.energy /= 2.0;
            Self {
                alive: true,
                animal: self.animal,
                ..*self
            }
        })
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let side = params.side;
    let area = usize::from(side) * usize::from(side);
    let mut rng = Stream::new(seed, Purpose::Model, 0, 0);
    let mut sheep = herd(
        params,
        params.sheep,
        SHEEP_GAIN,
        params.sheep_births,
        &mut rng,
    );
    let mut wolves = herd(
        params,
        params.wolves,
        WOLF_GAIN,
        params.wolf_births,
        &mut rng,
    );
    let mut grass: Vec<u8> = (0..area)
        .map(|_| {
            if rng.below(2) == 0 {
                0
            } else {
                1 + rng.below(params.regrowth.into()) as u8
            }
        })
        .collect();
    let mut in_cell: Vec<Vec<u32>> = vec![Vec::new(); area];
    let mut acts = [0; 2];
    for _ in 0..params.steps {
        for list in &mut in_cell {
            list.clear();
        }
        rng.shuffle(&mut sheep);
        let mut born = Vec::new();
        for animal in &mut sheep {
            acts[0] += 1;
            let cell = animal.walk(side, &mut rng);
            if grass[cell] == 0 {
                grass[cell] = params.regrowth;
                animal.animal.energy += animal.animal.gain;
            }
            born.extend(animal.live_on(&mut rng));
        }
        sheep.append(&mut born);
        for (n, animal) in sheep.iter().enumerate().filter(|(_, animal)| animal.alive) {
            in_cell[usize::from(animal.y) * usize::from(side) + usize::from(animal.x)]
                .push(n as u32);
        }
        rng.shuffle(&mut wolves);
        let mut born = Vec::new();
        for wolf in &mut wolves {
            acts[1] += 1;
            let cell = wolf.walk(side, &mut rng);
            if let Some(eaten) = in_cell[cell].pop() {
                sheep[eaten as usize].alive = false;
                wolf.animal.energy += wolf.animal.gain;
            }
            born.extend(wolf.live_on(&mut rng));
        }
        wolves.append(&mut born);
        sheep.retain(|animal| animal.alive);
        wolves.retain(|animal| animal.alive);
        for grass in &mut grass {
            *grass = grass.saturating_sub(1);
        }
    }
    let left = [sheep.len(), wolves.len()];
    Box::new(move || outcome(params, left, acts))
}

fn herd(params: Params, number: u32, gain: f64, births: f64, rng: &mut Stream) -> Vec<Placed> {
    let mut animal = || Placed {
        x: rng.below(params.side.into()) as u16,
        y: rng.below(params.side.into()) as u16,
        alive: true,
        animal: Animal {
            energy: f64::from(1 + rng.below(2 * gain as u32)),
            births,
            gain,
        },
    };
    (0..number).map(|_| animal()).collect()
}
