//! Where the dots of the talk network stand: those who talk much close together, nobody on top of anybody.

use super::network::{HEIGHT, Node, Tie, WIDTH};

/// Rounds of the layout; it stands still well before.
const ROUNDS: u32 = 500;

/// Places nodes: everybody pushes everybody away, ties pull (after Fruchterman and Reingold 1991).
pub(super) fn place(nodes: &mut [Node], ties: &[Tie]) {
    if nodes.is_empty() {
        return;
    }
    // Begin on a sunflower's spiral: even, and the same every time.
    for (i, node) in nodes.iter_mut().enumerate() {
        let (angle, radius) = (i as f64 * 2.399_963, 12.0 * (i as f64 + 0.5).sqrt());
        (node.x, node.y) = (radius * angle.cos() * 1.3, radius * angle.sin());
    }
    let distance = 0.9 * (WIDTH * HEIGHT / nodes.len() as f64).sqrt();
    let most = ties.iter().map(|tie| tie.talks).fold(1.0, f64::max);
    for round in 0..ROUNDS {
        let step = 40.0 * (1.0 - f64::from(round) / f64::from(ROUNDS)) + 0.5;
        let mut push = vec![(0.0, 0.0); nodes.len()];
        for a in 0..nodes.len() {
            for b in a + 1..nodes.len() {
                let (dx, dy, gap) = between(&nodes[a], &nodes[b]);
                let force = distance * distance / gap;
                add(&mut push, a, b, dx * force, dy * force);
            }
        }
        for tie in ties {
            let (dx, dy, gap) = between(&nodes[tie.a], &nodes[tie.b]);
            let force = -gap * gap / distance * (0.25 + (tie.talks / most).sqrt());
            add(&mut push, tie.a, tie.b, dx * force, dy * force);
        }
        for (node, (px, py)) in nodes.iter_mut().zip(push) {
            // A gentle pull to the middle, stronger up and down: the picture is wide.
            let (px, py) = (px - node.x * 0.9, py - node.y * 1.5);
            let length = (px * px + py * py).sqrt().max(1e-9);
            node.x += px / length * length.min(step);
            node.y += py / length * length.min(step);
        }
    }
    fit(nodes);
    for _ in 0..150 {
        part(nodes);
    }
}

/// Direction from `b` to `a` and the distance.
pub(super) fn between(a: &Node, b: &Node) -> (f64, f64, f64) {
    let (dx, dy) = (a.x - b.x, a.y - b.y);
    let gap = (dx * dx + dy * dy).sqrt().max(0.01);
    (dx / gap, dy / gap, gap)
}

fn add(push: &mut [(f64, f64)], a: usize, b: usize, x: f64, y: f64) {
    push[a] = (push[a].0 + x, push[a].1 + y);
    push[b] = (push[b].0 - x, push[b].1 - y);
}

/// Stretches the layout over the picture, leaving room for names.
fn fit(nodes: &mut [Node]) {
    let (pad_x, pad_y) = (56.0, 32.0);
    let range = |values: &mut dyn Iterator<Item = f64>| {
        values.fold((f64::MAX, f64::MIN), |(low, high), v| {
            (low.min(v), high.max(v))
        })
    };
    let (left, right) = range(&mut nodes.iter().map(|node| node.x));
    let (top, bottom) = range(&mut nodes.iter().map(|node| node.y));
    let stretch = |value: f64, low: f64, high: f64, pad: f64, size: f64| {
        if high - low < 1.0 {
            size / 2.0
        } else {
            pad + (value - low) / (high - low) * (size - 2.0 * pad)
        }
    };
    for node in nodes {
        node.x = stretch(node.x, left, right, pad_x, WIDTH);
        node.y = stretch(node.y, top, bottom, pad_y, HEIGHT);
    }
}

/// Moves dots that lie on each other apart.
fn part(nodes: &mut [Node]) {
    for a in 0..nodes.len() {
        for b in a + 1..nodes.len() {
            let (dx, dy, gap) = between(&nodes[a], &nodes[b]);
            let wanted = nodes[a].radius + nodes[b].radius + 24.0;
            let half = (wanted - gap) / 2.0;
            if half > 0.0 {
                nodes[a].x += dx * half;
                nodes[a].y += dy * half;
                nodes[b].x -= dx * half;
                nodes[b].y -= dy * half;
            }
        }
    }
    for node in nodes {
        node.x = node.x.clamp(40.0, WIDTH - 40.0);
        node.y = node.y.clamp(20.0, HEIGHT - 28.0);
    }
}
