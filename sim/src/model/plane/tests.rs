use super::*;
use crate::rng::{Purpose, Stream};

/// Everybody within a radius, found by looking at everybody.
fn found_slowly(plane: &Plane<1>, of: Id, radius: f64) -> Vec<Id> {
    let at = plane.at(of).expect("alive");
    let mut found: Vec<Id> = plane
        .ids()
        .filter(|&id| {
            let [dx, dy] = plane.way(at, plane.at(id).expect("alive"));
            id != of && dx * dx + dy * dy <= radius * radius
        })
        .collect();
    found.sort_unstable();
    found
}

fn found(plane: &Plane<1>, of: Id, radius: f64) -> Vec<Id> {
    let mut found = Vec::new();
    plane.each_near(of, radius, |id, _| found.push(id));
    found.sort_unstable();
    found
}

fn agree(plane: &Plane<1>, radius: f64) {
    for id in plane.ids() {
        let slowly = found_slowly(plane, id, radius);
        assert_eq!(found(plane, id, radius), slowly, "radius {radius}");
        let [number, charge] = plane.sum(id, radius, |near| [1.0, near.data[0]]);
        assert_eq!(number as usize, slowly.len());
        let expected: f64 = slowly
            .iter()
            .map(|&id| plane.data(id).expect("alive")[0])
            .sum();
        assert!((charge - expected).abs() < 1e-9);
    }
}

fn rng() -> Stream {
    Stream::new(1, Purpose::Model, 0, 0)
}

fn crowd(edge: Edge, number: u32, rng: &mut Stream) -> Plane<1> {
    let mut plane = Plane::new(50.0, 30.0, edge, 4.0);
    for n in 0..number {
        plane.spawn(
            [rng.between(0.0, 50.0), rng.between(0.0, 30.0)],
            [f64::from(n)],
        );
    }
    plane
}

#[test]
fn nobody_is_missed_while_agents_come_go_step_and_jump() {
    for edge in [Edge::Bounded, Edge::Wrapped] {
        let mut rng = rng();
        let mut plane = crowd(edge, 150, &mut rng);
        for tick in 0..12 {
            let turns: Vec<Id> = plane.ids().collect();
            for id in turns {
                match rng.below(20) {
                    0 => assert!(
                        plane.move_to(id, [rng.between(-60.0, 90.0), rng.between(-60.0, 90.0)])
                    ),
                    1 => assert!(plane.remove(id)),
                    2 => drop(plane.spawn([rng.between(0.0, 50.0), rng.between(0.0, 30.0)], [0.5])),
                    _ => {
                        assert!(
                            plane.move_by(id, [rng.between(-1.0, 1.0), rng.between(-1.0, 1.0)])
                        );
                    }
                }
            }
            for radius in [0.5, 4.0, 11.0, 26.0, 100.0] {
                agree(&plane, radius);
            }
            if tick % 3 == 0 {
                plane.settle();
                agree(&plane, 4.0);
            }
        }
    }
}

#[test]
fn neighbours_are_found_over_a_wrapped_edge_only() {
    for (edge, expected) in [(Edge::Wrapped, 1), (Edge::Bounded, 0)] {
        let mut plane: Plane<0> = Plane::new(20.0, 20.0, edge, 2.0);
        let corner = plane.spawn([0.5, 0.5], []);
        let opposite = plane.spawn([19.5, 19.5], []);
        for _ in 0..2 {
            let mut seen = Vec::new();
            plane.each_near(corner, 2.0, |id, near| seen.push((id, near.dx, near.dy)));
            assert_eq!(seen.len(), expected);
            assert!(seen.iter().all(|&seen| seen == (opposite, -1.0, -1.0)));
            plane.settle();
        }
    }
}

#[test]
fn an_agent_that_crosses_the_edge_is_seen_on_the_other_side() {
    let mut plane: Plane<0> = Plane::new(20.0, 20.0, Edge::Wrapped, 2.0);
    let walker = plane.spawn([19.8, 10.0], []);
    let watcher = plane.spawn([1.0, 10.0], []);
    let other = plane.spawn([18.0, 10.0], []);
    plane.settle();
    plane.move_by(walker, [0.5, 0.0]);
    assert!((plane.at(walker).expect("alive")[0] - 0.3).abs() < 1e-9);
    for of in [watcher, other] {
        let (seen, near) = plane.nearest(of, 3.0).expect("near");
        assert_eq!(seen, walker);
        assert!(near.dx.abs() < 2.4);
    }
}

#[test]
fn a_bounded_edge_holds_and_a_wrapped_one_does_not() {
    let mut bounded: Plane<0> = Plane::new(10.0, 10.0, Edge::Bounded, 1.0);
    let id = bounded.spawn([9.0, 9.0], []);
    bounded.move_by(id, [5.0, 0.0]);
    assert_eq!(bounded.at(id), Some([10.0, 9.0]));
    let mut wrapped: Plane<0> = Plane::new(10.0, 10.0, Edge::Wrapped, 1.0);
    let id = wrapped.spawn([9.0, 9.0], []);
    wrapped.move_by(id, [25.0, -19.0]);
    assert_eq!(wrapped.at(id), Some([4.0, 0.0]));
    wrapped.move_to(id, [-1e-18, 10.0]);
    let [x, y] = wrapped.at(id).expect("alive");
    assert!(
        (0.0..10.0).contains(&x) && (0.0..10.0).contains(&y),
        "({x}, {y})"
    );
}

#[test]
fn the_gone_are_nowhere() {
    let mut rng = rng();
    let mut plane = crowd(Edge::Wrapped, 40, &mut rng);
    let first = plane.ids().next().expect("somebody");
    assert!(plane.remove(first));
    assert!(
        !plane.remove(first) && !plane.move_by(first, [1.0, 0.0]) && !plane.set_data(first, [1.0])
    );
    assert_eq!(
        (plane.at(first), plane.data(first), plane.len()),
        (None, None, 39)
    );
    assert_eq!(plane.sum(first, 100.0, |_| [1.0]), [0.0]);
    assert!(plane.ids().all(|id| id != first));
    plane.settle();
    assert_eq!(plane.len(), 39);
    agree(&plane, 7.0);
}

#[test]
fn the_hash_knows_where_everybody_is_and_not_when_memory_was_sorted() {
    let hash = |plane: &Plane<1>| {
        let mut digest = Digest::default();
        digest.add(plane);
        digest.finish()
    };
    let mut rng = rng();
    let mut plane = crowd(Edge::Bounded, 20, &mut rng);
    let before = hash(&plane);
    plane.settle();
    assert_eq!(hash(&plane), before);
    let id = plane.ids().next().expect("somebody");
    plane.move_by(id, [0.01, 0.0]);
    assert_ne!(hash(&plane), before);
}

#[test]
fn simultaneous_moves_see_the_same_present() {
    let mut plane: Plane<1> = Plane::new(10.0, 10.0, Edge::Wrapped, 3.0);
    let [ann, bob] = [[1.0, 1.0], [2.0, 1.0]].map(|at| plane.spawn(at, [at[0]]));
    plane.simultaneously(|all, id| {
        let [seen] = all.sum(id, 3.0, |near| [near.data[0]]);
        (all.at(id).expect("alive"), [seen])
    });
    assert_eq!(
        (plane.data(ann), plane.data(bob)),
        (Some([2.0]), Some([1.0]))
    );
}

#[test]
#[should_panic(expected = "position became")]
fn a_position_that_is_no_number_is_refused() {
    let mut plane: Plane<0> = Plane::new(10.0, 10.0, Edge::Wrapped, 1.0);
    let id = plane.spawn([1.0, 1.0], []);
    plane.settle();
    plane.move_by(id, [f64::NAN, 0.0]);
}
