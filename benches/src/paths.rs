//! Ten thousand people cross a walled town of 512×512 tiles, each to one of eight places.
//!
//! Ours: the product's flow fields and [`Space`], which also keeps people out of each other's way.
//! `naive`: A* per agent from the `pathfinding` crate, then a walk along the path over a grid of who stands where.
//! A* per agent takes so long that `naive` plans and walks for a sample only, drawn evenly from all, and in streets that
//! are emptier for it; both figures are journeys per second.
//! The `_points` arms compare single searches: ours between two tiles beside the crate's, over the sample's journeys.

mod naive;
mod town;

use std::time::Instant;

use anyhow::{Context, anyhow, bail, ensure};
use hamlet_protocol::image::BodyKind;
use hamlet_protocol::map::{Area, Point, TownMap};
use hamlet_sim::rng::{Purpose, Stream};
use hamlet_sim::space::grid::step;
use hamlet_sim::space::path::Search;
use hamlet_sim::space::ways::FLOW_MEMORY_MAX_BYTES;
use hamlet_sim::space::{Space, Ways};

use crate::options::Options;
use crate::report::Bench;
use crate::tick::median;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opts {
    /// People.
    pub(crate) agents: u32,
    /// Columns and rows of the town.
    pub(crate) side: u32,
    /// How many of them the reference arm plans for.
    pub(crate) sample: u32,
    /// Rounds per arm.
    pub(crate) rounds: u32,
    /// Threads of our arm's tick.
    pub(crate) threads: usize,
}

impl Default for Opts {
    fn default() -> Self {
        Self {
            agents: 10_000,
            side: 512,
            sample: 200,
            rounds: 3,
            threads: 2,
        }
    }
}

impl From<Options> for Opts {
    fn from(options: Options) -> Self {
        let base = Self {
            threads: options.threads,
            ..Self::default()
        };
        if options.quick {
            Self {
                agents: 1_000,
                side: 256,
                sample: 100,
                rounds: 1,
                ..base
            }
        } else {
            base
        }
    }
}

const SEED: u64 = 11;
const PLACES: usize = 8;
/// Ticks after which everybody must have arrived.
const TICKS_MAX: u64 = 20_000;

/// Somebody's way across the town.
#[derive(Clone, Copy, Debug)]
struct Journey {
    from: Point,
    /// Number of the place.
    to: usize,
}

/// Runs all arms.
pub(crate) fn run(opts: Opts) -> anyhow::Result<Bench> {
    ensure!(
        opts.agents > 0 && opts.rounds > 0 && opts.sample > 0,
        "agents, sample and rounds must be at least 1"
    );
    let (map, places) = town::town(opts.side, PLACES, SEED);
    let journeys = journeys(&map, &places, opts.agents)?;
    let every = journeys.len().div_ceil(opts.sample as usize);
    let sample: Vec<_> = journeys.iter().copied().step_by(every).collect();

    let mut rates = [const { Vec::new() }; 4];
    for _ in 0..opts.rounds {
        let done = [
            timed(|| by_flow(&map, &places, &journeys, opts.threads))?,
            timed(|| naive::walk_all(&map, &places, &sample))?,
            timed(|| by_points(&map, &places, &sample))?,
            timed(|| naive::plan_all(&map, &places, &sample))?,
        ];
        let count = [journeys.len(), sample.len(), sample.len(), sample.len()];
        ensure!(
            done[2].0 == done[3].0,
            "ways differ in length: ours {}, theirs {}",
            done[2].0,
            done[3].0
        );
        for ((rates, (_, secs)), count) in rates.iter_mut().zip(done).zip(count) {
            rates.push(count as f64 / secs);
        }
    }

    let [ours, naive, ours_points, naive_points] = rates.map(|rates| median(&rates));
    let mut bench = Bench::new("paths");
    bench.arm("ours", ours, "journeys/s");
    bench.arm("naive", naive, "journeys/s");
    bench.arm("ours_points", ours_points, "searches/s");
    bench.arm("naive_points", naive_points, "searches/s");
    bench.ratio("rate_vs_naive", ours / naive);
    bench.ratio("rate_vs_naive_points", ours_points / naive_points);
    Ok(bench)
}

/// What a piece of work says, and how many seconds it took.
fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, f64)> {
    let start = Instant::now();
    let said = work()?;
    Ok((said, start.elapsed().as_secs_f64()))
}

/// People on different tiles of the town, all of whom can reach their place.
fn journeys(map: &TownMap, places: &[Area], agents: u32) -> anyhow::Result<Vec<Journey>> {
    let space = Space::new(map);
    let ways = Ways::new(space.grid(), FLOW_MEMORY_MAX_BYTES);
    let square = Point::new(places[0].x, places[0].y);
    let mut tiles: Vec<_> = (0..map.height as u16)
        .flat_map(|y| (0..map.width as u16).map(move |x| Point::new(x, y)))
        .filter(|&p| ways.same_region(p, square) && !places.iter().any(|place| place.contains(p)))
        .collect();
    Stream::new(SEED, Purpose::Spawn, 0, 0).shuffle(&mut tiles);
    ensure!(
        tiles.len() >= agents as usize,
        "{agents} people do not fit into a town of {} tiles",
        map.tiles()
    );
    let of = |(n, from)| Journey {
        from,
        to: n % places.len(),
    };
    Ok(tiles
        .into_iter()
        .take(agents as usize)
        .enumerate()
        .map(of)
        .collect())
}

/// Everybody walks at once; who arrives goes in. Gives the ticks it took.
fn by_flow(
    map: &TownMap,
    places: &[Area],
    journeys: &[Journey],
    threads: usize,
) -> anyhow::Result<u64> {
    let mut space = Space::new(map);
    space.set_threads(threads).map_err(|error| anyhow!(error))?;
    let mut ways = Ways::new(space.grid(), FLOW_MEMORY_MAX_BYTES);
    for journey in journeys {
        space
            .spawn(BodyKind::Resident, journey.from)
            .context("two people on one tile")?;
    }
    for tick in 0..TICKS_MAX {
        if space.is_empty() {
            return Ok(tick);
        }
        for (place, area) in places.iter().enumerate() {
            let field = ways.flow(place as u32, || area.tiles());
            for no in (place as u32..journeys.len() as u32).step_by(places.len()) {
                let Some(at) = space.at(no) else {
                    continue;
                };
                if field.is_goal(at) {
                    space.remove(no);
                    continue;
                }
                let is_free = |way: &_| step(at, *way).is_some_and(|to| space.is_free(to));
                let wish = field.choices(at).find(is_free).or_else(|| field.next(at));
                space.want(no, wish);
            }
        }
        space.advance(SEED, tick);
    }
    bail!(
        "{} people are still on their way after {TICKS_MAX} ticks",
        space.len()
    )
}

/// One search per journey, to the nearest tile of the place. Gives the steps of all ways.
fn by_points(map: &TownMap, places: &[Area], journeys: &[Journey]) -> anyhow::Result<u64> {
    let space = Space::new(map);
    let mut ways = Ways::new(space.grid(), FLOW_MEMORY_MAX_BYTES);
    let mut sum = 0;
    for journey in journeys {
        match ways.find(journey.from, naive::point_of(&places[journey.to]), u32::MAX) {
            Search::Found { steps, .. } => sum += steps.len() as u64,
            other => bail!("no way for {journey:?}: {other:?}"),
        }
    }
    Ok(sum)
}
