//! Schelling's segregation as a loop over vectors.

use hamlet_sim::rng::{Purpose, Stream};

use super::{Look, Params, outcome};

struct Person {
    x: u16,
    y: u16,
    group: u8,
    happy: bool,
}

pub(super) fn run(params: Params, seed: u64) -> Look {
    let side = usize::from(params.side);
    let mut rng = Stream::new(seed, Purpose::Model, 0, 0);
    let mut groups = vec![0_u8; side * side];
    let mut empty: Vec<(u16, u16)> = (0..params.side)
        .flat_map(|y| (0..params.side).map(move |x| (x, y)))
        .collect();
    rng.shuffle(&mut empty);
    let mut people = Vec::new();
    for n in 0..params.people {
        let Some((x, y)) = empty.pop() else { break };
        let group = if n < params.people / 2 { 1 } else { 2 };
        groups[usize::from(y) * side + usize::from(x)] = group;
        people.push(Person {
            x,
            y,
            group,
            happy: false,
        });
    }
    let mut order: Vec<u32> = (0..params.people).collect();
    for _ in 0..params.steps {
        rng.shuffle(&mut order);
        for &who in &order {
            let person = &mut people[who as usize];
            let alike = alike(params, &groups, person);
            person.happy = alike >= params.wanted;
            if !person.happy {
                let to = &mut empty
                    [rng.below(params.side as u32 * params.side as u32 - params.people) as usize];
                groups[usize::from(person.y) * side + usize::from(person.x)] = 0;
                groups[usize::from(to.1) * side + usize::from(to.0)] = person.group;
                std::mem::swap(&mut person.x, &mut to.0);
                std::mem::swap(&mut person.y, &mut to.1);
            }
        }
    }
    Box::new(move || outcome(params, &groups, true))
}

fn alike(params: Params, groups: &[u8], person: &Person) -> u32 {
    let (side, radius) = (params.side, params.radius);
    let columns = usize::from(person.x.saturating_sub(radius))
        ..=usize::from((person.x + radius).min(side - 1));
    let rows = usize::from(person.y.saturating_sub(radius))
        ..=usize::from((person.y + radius).min(side - 1));
    let mut alike = 0;
    for y in rows {
        let row = &groups[y * usize::from(side)..][columns.clone()];
        alike += row.iter().filter(|&&group| group == person.group).count() as u32;
    }
    alike - 1
}
