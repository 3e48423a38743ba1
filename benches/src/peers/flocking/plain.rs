//! Flocking as a loop over a vector of birds and a grid of lists.

use hamlet_sim::rng::{Purpose, Stream};

use super::{COHERE, Look, MATCH, Params, SEPARATE, SEPARATION, SPEED, outcome};

#[derive(Clone, Copy)]
struct Bird {
    at: [f64; 2],
    velocity: [f64; 2],
}

struct Cells {
    lists: Vec<Vec<u32>>,
    across: i32,
    side: f64,
}

impl Cells {
    fn of(&self, at: [f64; 2]) -> (i32, i32) {
        let along = |x: f64| ((x / self.side) as i32).min(self.across - 1);
        (along(at[0]), along(at[1]))
    }

    fn list(&mut self, at: [f64; 2]) -> &mut Vec<u32> {
        let (column, row) = self.of(at);
        &mut self.lists[(row * self.across + column) as usize]
    }
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let mut rng = Stream::new(seed, Purpose::Model, 0, 0);
    let across = (params.side / params.sight) as i32;
    let mut cells = Cells {
        lists: vec![Vec::new(); (across * across) as usize],
        across,
        side: params.side / f64::from(across),
    };
    let mut birds = Vec::new();
    for n in 0..params.birds {
        let at = [rng.between(0.0, params.side), rng.between(0.0, params.side)];
        birds.push(Bird {
            at,
            velocity: rng.direction(),
        });
        cells.list(at).push(n);
    }
    let mut order: Vec<u32> = (0..params.birds).collect();
    for _ in 0..params.steps {
        rng.shuffle(&mut order);
        for &who in &order {
            let old = birds[who as usize];
            let bird = flown(params, &birds, &cells, who);
            birds[who as usize] = bird;
            if cells.of(old.at) != cells.of(bird.at) {
                cells.list(old.at).retain(|&other| other != who);
                cells.list(bird.at).push(who);
            }
        }
    }
    let birds: Vec<_> = birds.iter().map(|bird| (bird.at, bird.velocity)).collect();
    Box::new(move || outcome(params, &birds))
}

fn flown(params: Params, birds: &[Bird], cells: &Cells, who: u32) -> Bird {
    let bird = birds[who as usize];
    let (column, row) = cells.of(bird.at);
    let mut number = 0;
    let [mut cohere, mut separate, mut matching] = [[0.0; 2]; 3];
    for y in row - 1..=row + 1 {
        for x in column - 1..=column + 1 {
            let list = y.rem_euclid(cells.across) * cells.across + x.rem_euclid(cells.across);
            for &other in &cells.lists[list as usize] {
                let other_bird = &birds[other as usize];
                let dx = shortest(other_bird.at[0] - bird.at[0], params.side);
                let dy = shortest(other_bird.at[1] - bird.at[1], params.side);
                let d2 = dx * dx + dy * dy;
                if other == who || d2 > params.sight * params.sight {
                    continue;
                }
                number += 1;
                cohere = [cohere[0] + dx, cohere[1] + dy];
                if d2 < SEPARATION * SEPARATION {
                    separate = [separate[0] - dx, separate[1] - dy];
                }
                matching = [
                    matching[0] + other_bird.velocity[0],
                    matching[1] + other_bird.velocity[1],
                ];
            }
        }
    }
    let number = f64::from(number.max(1));
    let new = |i: usize| {
        bird.velocity[i]
            + (COHERE * cohere[i] + SEPARATE * separate[i] + MATCH * matching[i]) / number
    };
    let (vx, vy) = (new(0), new(1));
    let length = (vx * vx + vy * vy).sqrt();
    let velocity = [vx / length, vy / length];
    let at = [0, 1].map(|i| wrapped(bird.at[i] + velocity[i] * SPEED, params.side));
    Bird { at, velocity }
}

fn shortest(d: f64, side: f64) -> f64 {
    if d > side / 2.0 {
        d - side
    } else if d < -side / 2.0 {
        d + side
    } else {
        d
    }
}

fn wrapped(x: f64, side: f64) -> f64 {
    if x < 0.0 {
        x + side
    } else if x >= side {
        x - side
    } else {
        x
    }
}
