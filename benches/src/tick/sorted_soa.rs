//! A plain store without an engine, written with care: one column per field, sorted by 16×16 chunk every 16 ticks,
//! a padded byte per tile read 25 times, an intent pass that claims tiles by the smallest key, then a resolve pass.
//! Both passes run over halves of the store on a pool of threads; the result does not depend on them.

use std::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

use hamlet_sim::rng::{Purpose, Stream, mix};
use hamlet_sim::space::bodies::walker::{Sight, choose};
use rayon::{ThreadPool, ThreadPoolBuilder};

const PAD: u32 = 2;
const CHUNK_SHIFT: u32 = 4;
const SORT_EVERY: u64 = 16;
const UNCLAIMED: u32 = u32::MAX;

pub(super) struct SortedSoa {
    stride: u32,
    seed: u64,
    pool: ThreadPool,
    /// 1 where a tile is taken or lies beyond the map.
    taken: Vec<AtomicU8>,
    /// Smallest key among those who want a tile.
    claims: Vec<AtomicU32>,
    agents: Columns,
    scratch: Columns,
    starts: Vec<u32>,
}

#[derive(Clone, Default)]
struct Columns {
    tile: Vec<u32>,
    no: Vec<u32>,
    facing: Vec<u8>,
    want: Vec<u8>,
}

/// A part of the columns, for one thread.
struct Part<'a> {
    tile: &'a mut [u32],
    no: &'a [u32],
    facing: &'a mut [u8],
    want: &'a mut [u8],
}

impl SortedSoa {
    pub(super) fn new(side: u32, agents: u32, seed: u64, threads: usize) -> anyhow::Result<Self> {
        let stride = side + 2 * PAD;
        let mut places: Vec<u32> = (0..side * side).collect();
        Stream::new(seed, Purpose::Spawn, 0, 0).shuffle(&mut places);
        let mut taken = vec![1; (stride * stride) as usize];
        for place in 0..side * side {
            taken[((place / side + PAD) * stride + place % side + PAD) as usize] = 0;
        }
        let tile: Vec<u32> = places[..agents as usize]
            .iter()
            .map(|place| (place / side + PAD) * stride + place % side + PAD)
            .collect();
        for &tile in &tile {
            taken[tile as usize] = 1;
        }
        let agents = Columns {
            tile,
            no: (0..agents).collect(),
            facing: (0..agents).map(|no| (no % 4) as u8).collect(),
            want: vec![0; agents as usize],
        };
        Ok(Self {
            stride,
            seed,
            pool: ThreadPoolBuilder::new().num_threads(threads).build()?,
            taken: taken.into_iter().map(AtomicU8::new).collect(),
            claims: (0..stride * stride)
                .map(|_| AtomicU32::new(UNCLAIMED))
                .collect(),
            scratch: agents.clone(),
            agents,
            starts: Vec::new(),
        })
    }

    fn sort(&mut self) {
        let (stride, chunks) = (self.stride, self.stride.div_ceil(1 << CHUNK_SHIFT));
        let chunk = |tile: u32| {
            (((tile / stride) >> CHUNK_SHIFT) * chunks + ((tile % stride) >> CHUNK_SHIFT)) as usize
        };
        self.starts.clear();
        self.starts.resize((chunks * chunks) as usize, 0);
        for &tile in &self.agents.tile {
            self.starts[chunk(tile)] += 1;
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += std::mem::replace(start, sum);
        }
        for i in 0..self.agents.tile.len() {
            let start = &mut self.starts[chunk(self.agents.tile[i])];
            let slot = *start as usize;
            *start += 1;
            self.scratch.tile[slot] = self.agents.tile[i];
            self.scratch.no[slot] = self.agents.no[i];
            self.scratch.facing[slot] = self.agents.facing[i];
        }
        std::mem::swap(&mut self.agents, &mut self.scratch);
    }

    fn offsets(&self) -> [u32; 4] {
        [
            self.stride.wrapping_neg(),
            1,
            self.stride,
            1_u32.wrapping_neg(),
        ]
    }
}

impl super::Arm for SortedSoa {
    fn advance(&mut self, tick: u64) {
        if tick.is_multiple_of(SORT_EVERY) {
            self.sort();
        }
        let key = mix(self.seed ^ mix(tick));
        let (stride, offsets) = (self.stride, self.offsets());
        let (taken, claims) = (&self.taken[..], &self.claims[..]);
        let mut parts = self.agents.parts(self.pool.current_num_threads());
        self.pool.scope(|scope| {
            for part in &mut parts {
                scope.spawn(move |_| part.intend(taken, claims, stride, offsets, key));
            }
        });
        self.pool.scope(|scope| {
            for part in &mut parts {
                scope.spawn(move |_| part.resolve(taken, claims, offsets, key));
            }
        });
    }
}

impl Columns {
    fn parts(&mut self, threads: usize) -> Vec<Part<'_>> {
        let len = self.tile.len().div_ceil(threads);
        let columns = self.tile.chunks_mut(len).zip(self.no.chunks(len));
        let small = self.facing.chunks_mut(len).zip(self.want.chunks_mut(len));
        columns
            .zip(small)
            .map(|((tile, no), (facing, want))| Part {
                tile,
                no,
                facing,
                want,
            })
            .collect()
    }
}

impl Part<'_> {
    fn intend(
        &mut self,
        taken: &[AtomicU8],
        claims: &[AtomicU32],
        stride: u32,
        offsets: [u32; 4],
        key: u64,
    ) {
        let columns = self
            .tile
            .iter()
            .zip(self.no)
            .zip(&mut *self.facing)
            .zip(&mut *self.want);
        for (((&tile, &no), facing), want) in columns {
            let sight = look(taken, tile, stride);
            let choice = choose(
                sight,
                u32::from(*facing),
                mix(key.wrapping_add(u64::from(no))),
            );
            *want = choice as u8;
            if choice == 0 {
                continue;
            }
            *facing = choice as u8 - 1;
            let target = tile.wrapping_add(offsets[choice as usize - 1]);
            claims[target as usize].fetch_min(no ^ key as u32, Relaxed);
        }
    }

    fn resolve(&mut self, taken: &[AtomicU8], claims: &[AtomicU32], offsets: [u32; 4], key: u64) {
        for ((tile, &no), &mut want) in self.tile.iter_mut().zip(self.no).zip(&mut *self.want) {
            if want == 0 {
                continue;
            }
            let target = tile.wrapping_add(offsets[usize::from(want) - 1]);
            // Nobody else has this key, so the winner may clear the claim while others still look at it.
            if claims[target as usize].load(Relaxed) == no ^ key as u32 {
                claims[target as usize].store(UNCLAIMED, Relaxed);
                taken[*tile as usize].store(0, Relaxed);
                taken[target as usize].store(1, Relaxed);
                *tile = target;
            }
        }
    }
}

#[inline]
fn look(taken: &[AtomicU8], tile: u32, stride: u32) -> Sight {
    let mut free = [[0; 5]; 5];
    for (dy, row) in free.iter_mut().enumerate() {
        let first = (tile - 2 * stride - 2 + dy as u32 * stride) as usize;
        for (place, taken) in row.iter_mut().zip(&taken[first..first + 5]) {
            *place = 1 - u32::from(taken.load(Relaxed));
        }
    }
    let row = |dy: usize| free[dy].iter().sum::<u32>();
    let column = |dx: usize| free.iter().map(|row| row[dx]).sum::<u32>();
    Sight {
        room: [
            row(0) + row(1),
            column(3) + column(4),
            row(3) + row(4),
            column(0) + column(1),
        ],
        open: free[1][2] | free[2][3] << 1 | free[3][2] << 2 | free[2][1] << 3,
    }
}
