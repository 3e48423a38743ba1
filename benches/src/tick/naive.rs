//! What one writes first: an entity per agent, `par_iter_mut` over them, a shared grid of numbers, 25 single reads,
//! and a compare-and-swap to enter a tile. Fast to write, and not deterministic.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use bevy_app::TaskPoolOptions;
use bevy_ecs::prelude::*;
use hamlet_sim::rng::{Purpose, Stream, mix};
use hamlet_sim::space::bodies::walker::{Sight, choose};

#[derive(Component)]
struct Number(u32);

#[derive(Component)]
struct Position {
    x: u32,
    y: u32,
}

#[derive(Component)]
struct Looking(u32);

#[derive(Resource)]
struct Tiles {
    side: u32,
    /// 0 for free, else an agent's number plus one.
    occupants: Vec<AtomicU32>,
}

#[derive(Resource)]
struct Tick {
    seed: u64,
    tick: u64,
}

pub(super) struct Naive {
    world: World,
    schedule: Schedule,
}

impl Naive {
    pub(super) fn new(side: u32, agents: u32, seed: u64, threads: usize) -> Self {
        let mut options = TaskPoolOptions::with_num_threads(threads);
        // The default leaves no core of two for computing.
        options.compute.min_threads = threads;
        options.create_default_pools();
        let mut world = World::new();
        let mut places: Vec<u32> = (0..side * side).collect();
        Stream::new(seed, Purpose::Spawn, 0, 0).shuffle(&mut places);
        places.truncate(agents as usize);
        let occupants: Vec<AtomicU32> = (0..side * side).map(|_| AtomicU32::new(0)).collect();
        for (no, &place) in (0..).zip(&places) {
            occupants[place as usize].store(no + 1, Relaxed);
        }
        world.spawn_batch((0..agents).zip(places).map(move |(no, place)| {
            (
                Number(no),
                Position {
                    x: place % side,
                    y: place / side,
                },
                Looking(no % 4),
            )
        }));
        world.insert_resource(Tiles { side, occupants });
        world.insert_resource(Tick { seed, tick: 0 });
        let mut schedule = Schedule::default();
        schedule.add_systems(walk);
        Self { world, schedule }
    }
}

impl super::Arm for Naive {
    fn advance(&mut self, tick: u64) {
        self.world.resource_mut::<Tick>().tick = tick;
        self.schedule.run(&mut self.world);
    }
}

fn walk(
    mut agents: Query<(&Number, &mut Position, &mut Looking)>,
    tiles: Res<Tiles>,
    tick: Res<Tick>,
) {
    let key = mix(tick.seed ^ mix(tick.tick));
    agents
        .par_iter_mut()
        .for_each(|(number, mut position, mut looking)| {
            let sight = tiles.look(position.x, position.y);
            let want = choose(sight, looking.0, mix(key.wrapping_add(u64::from(number.0))));
            if want == 0 {
                return;
            }
            looking.0 = want - 1;
            let (x, y) = match want {
                1 => (position.x, position.y - 1),
                2 => (position.x + 1, position.y),
                3 => (position.x, position.y + 1),
                _ => (position.x - 1, position.y),
            };
            let target = &tiles.occupants[(y * tiles.side + x) as usize];
            if target
                .compare_exchange(0, number.0 + 1, Relaxed, Relaxed)
                .is_ok()
            {
                tiles.occupants[(position.y * tiles.side + position.x) as usize].store(0, Relaxed);
                (position.x, position.y) = (x, y);
            }
        });
}

impl Tiles {
    fn is_free(&self, x: i32, y: i32) -> bool {
        let side = self.side as i32;
        (0..side).contains(&x)
            && (0..side).contains(&y)
            && self.occupants[(y * side + x) as usize].load(Relaxed) == 0
    }

    fn look(&self, x: u32, y: u32) -> Sight {
        let mut sight = Sight::default();
        for dy in -2..=2_i32 {
            for dx in -2..=2_i32 {
                if !self.is_free(x as i32 + dx, y as i32 + dy) {
                    continue;
                }
                sight.room[0] += u32::from(dy < 0);
                sight.room[1] += u32::from(dx > 0);
                sight.room[2] += u32::from(dy > 0);
                sight.room[3] += u32::from(dx < 0);
                sight.open |= match (dx, dy) {
                    (0, -1) => 1,
                    (1, 0) => 2,
                    (0, 1) => 4,
                    (-1, 0) => 8,
                    _ => 0,
                };
            }
        }
        sight
    }
}
