#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use hamlet_protocol::agent::Facing;
use hamlet_protocol::image::BodyKind;
use hamlet_protocol::map::{Point, TownMap};

use super::*;
use crate::rng::{Purpose, Stream};
use crate::space::flow::FlowField;
use crate::space::grid::tests::{drawn, rubble};
use crate::space::grid::{FACINGS, direction};

/// Says what is wrong with a space, if anything is.
fn check(space: &Space, map: &TownMap) {
    let mut seen = BTreeSet::new();
    for no in 0..space.numbers() {
        let Some(at) = space.at(no) else {
            assert_eq!(space.kind(no), BodyKind::Gone);
            continue;
        };
        assert!(map.walkable(at), "{no} in a wall at {at}");
        assert!(seen.insert(at), "two at {at}");
        assert_eq!(space.occupant(at), Some(no));
        assert!(!space.is_free(at));
    }
    assert_eq!(seen.len(), space.len());
    for y in 0..map.height as u16 {
        for x in 0..map.width as u16 {
            let p = Point::new(x, y);
            assert_eq!(
                space.is_free(p),
                map.walkable(p) && !seen.contains(&p),
                "{p}"
            );
            assert_eq!(space.occupant(p).is_some(), seen.contains(&p), "{p}");
        }
    }
}

/// A crowd of both kinds on a map with walls.
fn crowd(map: &TownMap, seed: u64) -> Space {
    let mut space = Space::new(map);
    let free = (0..map.tiles())
        .filter(|&tile| !map.blocked.get(tile))
        .count() as u32;
    let mut chance = Stream::new(seed, Purpose::Model, 0, 0);
    space.spawn_walkers(free / 4, seed);
    for _ in 0..free / 4 {
        let at = Point::new(
            chance.below(map.width) as u16,
            chance.below(map.height) as u16,
        );
        space.spawn(BodyKind::Resident, at);
    }
    space
}

/// Wishes that depend on the seed, the tick and the number alone.
fn wish_at_random(space: &mut Space, seed: u64, tick: u64) {
    for no in space.residents().to_vec() {
        let mut chance = Stream::new(seed, Purpose::Model, u64::from(no), tick / 6);
        let wish = chance.chance(8000).then(|| *chance.pick(&FACINGS).unwrap());
        space.want(no, wish);
    }
}

fn run(space: &mut Space, seed: u64, ticks: std::ops::Range<u64>) {
    for tick in ticks {
        wish_at_random(space, seed, tick);
        space.advance(seed, tick);
    }
}

/// Makes a small world take the way of a large one.
fn act_large(space: &mut Space, threads: usize, sort_every: u32) {
    space.order.crowd_min = 1;
    space.order.sort_every = sort_every;
    space.set_threads(threads).unwrap();
}

#[test]
fn nobody_shares_a_tile_or_enters_a_wall() {
    for seed in 0..30 {
        let map = rubble(20 + seed as u32 * 3, 30, seed, seed as u32);
        let mut space = crowd(&map, seed);
        for tick in 0..40 {
            let before: Vec<_> = (0..space.numbers()).map(|no| space.last_at(no)).collect();
            run(&mut space, seed, tick..tick + 1);
            check(&space, &map);
            let moves = (0..space.numbers()).filter(|&no| before[no as usize] != space.last_at(no));
            assert_eq!(moves.count() as u64, space.steps_walked());
            for no in 0..space.numbers() {
                assert!(
                    before[no as usize].manhattan(space.last_at(no)) <= 1,
                    "{no} jumped"
                );
            }
            let told: Vec<_> = space
                .moved()
                .iter()
                .map(|moved| (moved.no, moved.from, moved.to))
                .collect();
            let seen: Vec<_> = (space.residents().iter())
                .map(|&no| (no, before[no as usize], space.last_at(no)))
                .filter(|&(_, from, to)| from != to)
                .collect();
            assert_eq!(told, seen);
        }
        assert!(space.moved().len() > 2, "seed {seed}");
    }
}

#[test]
fn neither_threads_nor_the_order_of_the_store_can_be_seen() {
    for seed in 0..12 {
        let map = rubble(200, 90 + seed as u32 * 20, seed, 5 + seed as u32);
        let mut alone = crowd(&map, seed);
        run(&mut alone, seed, 0..40);
        for (threads, sort_every) in [(1, 1), (2, 1), (2, 7), (3, 1000)] {
            let mut other = crowd(&map, seed);
            act_large(&mut other, threads, sort_every);
            run(&mut other, seed, 0..40);
            check(&other, &map);
            assert!(
                threads == 1 || other.spans().len() > threads,
                "it must have been cut"
            );
            assert!(
                alone.image() == other.image(),
                "seed {seed}, {threads} threads, sorted every {sort_every}"
            );
            assert_eq!(alone.moved(), other.moved());
            assert_eq!(alone.steps_walked(), other.steps_walked());
        }
    }
}

#[test]
fn bodies_that_come_and_go_between_sortings_change_nothing() {
    let map = rubble(150, 150, 1, 10);
    let mut spaces = [crowd(&map, 1), crowd(&map, 1), crowd(&map, 1)];
    act_large(&mut spaces[1], 2, 9);
    act_large(&mut spaces[2], 4, 30);
    for tick in 0..60 {
        for space in &mut spaces {
            let mut chance = Stream::new(5, Purpose::Model, 0, tick);
            for _ in 0..100 {
                let (no, other) = (chance.below(space.numbers()), chance.below(space.numbers()));
                let at = Point::new(chance.below(150) as u16, chance.below(150) as u16);
                space.remove(no);
                space.spawn(
                    if no % 2 == 0 {
                        BodyKind::Resident
                    } else {
                        BodyKind::Walker
                    },
                    at,
                );
                space.place(other, Point::new(at.y, at.x));
            }
            run(space, 1, tick..tick + 1);
            check(space, &map);
        }
        let [a, b, c] = &spaces;
        assert!(
            a.image() == b.image() && b.image() == c.image(),
            "tick {tick}"
        );
    }
}

#[test]
fn a_run_continued_from_an_image_equals_the_uninterrupted_one() {
    for seed in 0..20 {
        let map = rubble(64, 40, seed, 15);
        let mut whole = crowd(&map, seed);
        whole.remove(3);
        run(&mut whole, seed, 0..25);
        let image = whole.image();
        let mut continued = Space::from_image(&map, &image).unwrap();
        assert_eq!(continued.image(), image);
        check(&continued, &map);
        assert!(
            image.stuck.iter().any(|&stuck| stuck > 0),
            "the image must have something to lose"
        );
        run(&mut whole, seed, 25..60);
        run(&mut continued, seed, 25..60);
        assert_eq!(whole.image(), continued.image());
        assert_eq!(whole.moved(), continued.moved());
    }
}

#[test]
fn an_image_that_cannot_be_is_refused_and_says_why() {
    let map = drawn(&["..#"]);
    let mut space = Space::new(&map);
    space.spawn(BodyKind::Resident, Point::new(0, 0));
    space.spawn(BodyKind::Walker, Point::new(1, 0));
    let good = space.image();
    let fault = |change: fn(&mut hamlet_protocol::image::BodiesImage)| {
        let mut image = good.clone();
        change(&mut image);
        Space::from_image(&map, &image).unwrap_err()
    };
    assert!(
        fault(|image| image.at[1] = Point::new(2, 0))
            .contains("body 1 at (2, 0) stands where nobody may")
    );
    assert!(fault(|image| image.at[1] = Point::new(0, 7)).contains("stands where nobody may"));
    assert!(fault(|image| image.at[1] = Point::new(0, 0)).contains("shares its tile"));
    assert!(fault(|image| image.stuck[0] = 9).contains("stuck for 9 ticks"));
    assert!(fault(|image| image.facing.truncate(1)).contains("different lengths"));
}

#[test]
fn a_body_spawns_on_free_tiles_only_and_numbers_are_never_used_again() {
    let map = drawn(&["..#"]);
    let mut space = Space::new(&map);
    let at = |x| Point::new(x, 0);
    assert_eq!(space.spawn(BodyKind::Walker, at(0)), Some(0));
    assert_eq!(space.spawn(BodyKind::Walker, at(0)), None);
    assert_eq!(space.spawn(BodyKind::Walker, at(2)), None);
    assert_eq!(space.spawn(BodyKind::Walker, at(3)), None);
    assert_eq!(space.spawn(BodyKind::Gone, at(1)), None);
    assert!(space.remove(0) && !space.remove(0) && !space.remove(5));
    assert_eq!(
        (space.at(0), space.last_at(0), space.kind(0)),
        (None, at(0), BodyKind::Gone)
    );
    assert_eq!(space.spawn(BodyKind::Resident, at(0)), Some(1));
    assert!(
        space.place(1, at(1))
            && space.place(1, at(1))
            && !space.place(1, at(2))
            && !space.place(0, at(0))
    );
    assert_eq!(
        (space.at(1), space.occupant(at(1)), space.occupant(at(0))),
        (Some(at(1)), Some(1), None)
    );
    space.set_facing(1, Facing::West);
    assert_eq!(space.facing(1), Facing::West);
    assert_eq!(space.residents(), [1]);
}

#[test]
fn walkers_are_scattered_evenly_and_fill_the_map_at_most() {
    let map = rubble(256, 256, 3, 20);
    let mut space = Space::new(&map);
    assert_eq!(space.spawn_walkers(10_000, 7), 0..10_000);
    check(&space, &map);
    let mut quarters = [0; 4];
    for no in 0..10_000 {
        let at = space.at(no).unwrap();
        quarters[usize::from(at.x / 128 + at.y / 128 * 2)] += 1;
    }
    assert!(
        quarters.iter().all(|&n| (2350..2650).contains(&n)),
        "{quarters:?}"
    );
    let all = space.spawn_walkers(u32::MAX, 7);
    assert_eq!(
        all.end as usize,
        (0..map.tiles())
            .filter(|&tile| !map.blocked.get(tile))
            .count()
    );
    check(&space, &map);
    assert!(space.spawn_walkers(5, 7).is_empty());
    let mut again = Space::new(&map);
    again.spawn_walkers(10_000, 7);
    again.spawn_walkers(u32::MAX, 7);
    assert!(space.image() == again.image());
}

#[test]
fn walkers_keep_moving_where_there_is_room() {
    let map = rubble(200, 200, 3, 5);
    let mut space = Space::new(&map);
    space.spawn_walkers(5000, 1);
    let start: Vec<_> = (0..5000).map(|no| space.last_at(no)).collect();
    let mut steps = 0;
    for tick in 0..100 {
        space.advance(1, tick);
        steps += space.steps_walked();
    }
    assert!(steps > 400_000, "{steps}");
    let far = (0..5000)
        .filter(|&no| start[no as usize].chebyshev(space.last_at(no)) > 10)
        .count();
    assert!(far > 3000, "{far} of 5000 got anywhere");
}

#[test]
fn near_finds_everybody_in_row_major_order() {
    let map = rubble(150, 40, 3, 20);
    let space = crowd(&map, 3);
    for (x, y, radius) in [
        (0, 0, 3),
        (149, 39, 5),
        (63, 20, 1),
        (64, 20, 9),
        (70, 10, 200),
        (200, 10, 20),
        (9, 9, 0),
    ] {
        let p = Point::new(x, y);
        let mut found = Vec::new();
        space.near(p, radius, |no, at| found.push((at.y, at.x, no)));
        let mut expected: Vec<_> = (0..space.numbers())
            .map(|no| (space.last_at(no), no))
            .filter(|(at, _)| at.chebyshev(p) <= u32::from(radius))
            .map(|(at, no)| (at.y, at.x, no))
            .collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{p} {radius}");
    }
}

#[test]
fn the_nearest_free_tile_lies_on_the_smallest_ring() {
    let map = rubble(60, 40, 3, 60);
    let space = crowd(&map, 3);
    for (x, y) in (0..45).flat_map(|y| (0..70).map(move |x| (x, y))) {
        let p = Point::new(x, y);
        let free = (0..40)
            .flat_map(|y| (0..60).map(move |x| Point::new(x, y)))
            .filter(|&at| space.is_free(at));
        let nearest = free
            .min_by_key(|at| (at.chebyshev(p), at.y, at.x))
            .filter(|at| at.chebyshev(p) <= 6);
        assert_eq!(space.nearest_free(p, 6), nearest, "{p}");
    }
}

/// Residents at these places, in order of number.
fn people(map: &TownMap, places: &[(u16, u16)]) -> Space {
    let mut space = Space::new(map);
    for &(x, y) in places {
        space.spawn(BodyKind::Resident, Point::new(x, y)).unwrap();
    }
    space
}

#[test]
fn a_queue_moves_as_one_whatever_its_numbers() {
    let map = drawn(&["....."]);
    for places in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let mut space = people(&map, &places.map(|x| (x, 0)));
        (0..4).for_each(|no| space.want(no, Some(Facing::East)));
        space.advance(1, 1);
        assert_eq!(space.moved().len(), 4, "{places:?}");
        for (no, x) in places.into_iter().enumerate() {
            assert_eq!(space.at(no as u32), Some(Point::new(x + 1, 0)));
        }
        space.advance(1, 2);
        assert!(space.moved().is_empty(), "wishes are used up");
    }
}

#[test]
fn two_who_face_each_other_swap() {
    let mut space = people(&drawn(&[".."]), &[(0, 0), (1, 0)]);
    space.want(0, Some(Facing::East));
    space.want(1, Some(Facing::West));
    space.advance(1, 1);
    let at = Point::new;
    let steps: Vec<_> = space
        .moved()
        .iter()
        .map(|moved| (moved.from, moved.to, moved.facing))
        .collect();
    assert_eq!(
        steps,
        [
            (at(0, 0), at(1, 0), Facing::East),
            (at(1, 0), at(0, 0), Facing::West)
        ]
    );
}

#[test]
fn one_who_stands_in_the_way_is_squeezed_past_at_the_third_try() {
    let mut space = people(&drawn(&["..."]), &[(0, 0), (1, 0)]);
    for tick in 0..3 {
        assert_eq!(space.at(0), Some(Point::new(0, 0)));
        space.want(0, Some(Facing::East));
        space.advance(1, tick);
        assert_eq!(space.facing(0), Facing::East);
    }
    assert_eq!(
        (space.at(0), space.at(1)),
        (Some(Point::new(1, 0)), Some(Point::new(0, 0)))
    );
    assert_eq!(
        space.facing(1),
        Facing::South,
        "who is pushed aside looks on as before"
    );
    assert_eq!(space.image().stuck, [0, 0]);
}

#[test]
fn patience_starts_anew_after_a_tick_without_a_wish() {
    let mut space = people(&drawn(&["..."]), &[(0, 0), (1, 0)]);
    for (tick, wish) in [true, true, false, true, true].into_iter().enumerate() {
        space.want(0, wish.then_some(Facing::East));
        space.advance(1, tick as u64);
        assert_eq!(space.at(0), Some(Point::new(0, 0)));
    }
    space.want(0, Some(Facing::North));
    space.advance(1, 9);
    assert_eq!(space.image().stuck, [0, 0], "nobody waits before a wall");
}

#[test]
fn of_two_who_want_one_tile_each_wins_about_as_often() {
    let map = drawn(&["#.#", ".#."]);
    let mut first = 0;
    for tick in 0..400 {
        let map = drawn(&["..."]);
        let mut space = people(&map, &[(0, 0), (2, 0)]);
        space.want(0, Some(Facing::East));
        space.want(1, Some(Facing::West));
        space.advance(3, tick);
        assert_eq!(space.moved().len(), 1);
        first += usize::from(space.moved()[0].no == 0);
    }
    assert!((150..250).contains(&first), "{first}");
    let mut space = people(&map, &[(1, 0)]);
    for facing in FACINGS {
        space.want(0, Some(facing));
        space.advance(1, 1);
        assert!(space.moved().is_empty(), "walls on all sides");
    }
}

#[test]
fn opposing_crowds_get_through_a_door() {
    let rows: Vec<String> = (0..15)
        .map(|y| {
            (0..31)
                .map(|x| if x == 15 && y != 7 { '#' } else { '.' })
                .collect()
        })
        .collect();
    let map = drawn(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    for seed in 0..10 {
        let mut space = Space::new(&map);
        let side = |x: u16| (0..15).map(move |y| Point::new(x, y));
        let fields = [
            FlowField::new(space.grid(), side(30)),
            FlowField::new(space.grid(), side(0)),
        ];
        let mut goals = Vec::new();
        let mut chance = Stream::new(seed, Purpose::Model, 0, 0);
        while goals.len() < 120 {
            let at = Point::new(chance.below(31) as u16, chance.below(15) as u16);
            if space.spawn(BodyKind::Resident, at).is_some() {
                goals.push(usize::from(at.x > 15));
            }
        }
        let mut arrived = BTreeSet::new();
        let mut tick = 0;
        while arrived.len() < goals.len() {
            for no in 0..120 {
                let field = &fields[goals[no as usize]];
                let at = space.at(no).unwrap();
                if field.is_goal(at) {
                    arrived.insert(no);
                }
                let wish = (!arrived.contains(&no)).then(|| field.next(at)).flatten();
                space.want(no, wish);
            }
            space.advance(seed, tick);
            tick += 1;
            assert!(tick < 2000, "seed {seed}: {} of 120 arrived", arrived.len());
        }
        check(&space, &map);
    }
}

#[test]
fn four_who_turn_in_a_circle_do_not_stand_forever() {
    let mut space = people(&drawn(&["..", ".."]), &[(0, 0), (1, 0), (1, 1), (0, 1)]);
    let turn = |at: Point| match (at.x, at.y) {
        (0, 0) => Facing::East,
        (1, 0) => Facing::South,
        (1, 1) => Facing::West,
        _ => Facing::North,
    };
    let mut steps = 0;
    for tick in 0..20 {
        for no in 0..4 {
            space.want(no, space.at(no).map(turn));
        }
        space.advance(1, tick);
        steps += space.moved().len();
    }
    assert!(steps >= 20, "{steps}");
}

#[test]
fn stale_intents_are_wiped_in_time() {
    let map = drawn(&["....", "...."]);
    let mut spaces = [crowd(&map, 1), crowd(&map, 1)];
    spaces[1].beat = (1 << 14) - 10;
    for tick in 0..40 {
        for space in &mut spaces {
            run(space, 1, tick..tick + 1);
        }
        assert_eq!(spaces[0].image(), spaces[1].image());
    }
    assert!(spaces[1].beat < 40);
}

#[test]
fn facing_and_step_agree_for_walkers() {
    let map = rubble(60, 60, 2, 10);
    let mut space = Space::new(&map);
    space.spawn_walkers(600, 2);
    for tick in 0..30 {
        let before: Vec<_> = (0..600).map(|no| space.last_at(no)).collect();
        space.advance(2, tick);
        for no in 0..600 {
            let (from, to) = (before[no as usize], space.last_at(no));
            assert!(from == to || direction(from, to) == Some(space.facing(no)));
        }
    }
}
