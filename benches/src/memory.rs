//! What one more resident costs, in bytes of heap after a day in the town.
//!
//! Two crowds of different size live a day on one generated map; what the larger one holds more is divided by the residents it has more.
//! So the map and the grid, which both have, fall out.
//! Counted is all the heap that the village asks for: components and the room their columns have left, personas, ties, memories, names,
//! bodies, conversations, scratch. Not counted is what is not a resident's: flow fields, which have a budget of their own, and the board
//! (posts, comments, votes and their texts), which is weighed apart by a copy of it.

use anyhow::Context;
use hamlet_protocol::image::ResidentImage;
use hamlet_protocol::persona::Persona;
use hamlet_sim::{Village, VillageOptions};

use crate::crowd::shipped;
use crate::heap::measured;
use crate::options::Options;
use crate::report::Bench;

/// Bytes a resident may cost.
const GOAL: f64 = 2048.0;
/// Residents of the two crowds.
const FEW: u32 = 1_000;
const MANY: u32 = 3_000;
/// A day of sim time; and the morning, for a short look.
const TICKS: u64 = 3_600;
const TICKS_QUICK: u64 = 300;

/// What is different from `scenarios/crowd.toml`: a smaller map, ticks four times as long.
const CHANGES: [&str; 2] = [
    "map={ generate = \"town\", width = 320, height = 320, homes = 900, seed = 1 }",
    "time.sim_secs_per_tick=24",
];

pub(crate) fn run(options: Options) -> anyhow::Result<Bench> {
    let ticks = if options.quick { TICKS_QUICK } else { TICKS };
    let few = weigh(FEW, ticks)?;
    let many = weigh(MANY, ticks)?;
    let each = |of: fn(&Weight) -> f64| (of(&many) - of(&few)) / f64::from(MANY - FEW);
    let resident = each(|it| it.village - it.board - it.flows);
    let mut bench = Bench::new("memory");
    bench.arm("bytes_per_resident", resident, "bytes");
    bench.arm("goal", GOAL, "bytes");
    bench.arm("ours_when_founded", each(|it| it.founded), "bytes");
    bench.arm("ours_of_it_persona", each(|it| it.personas), "bytes");
    bench.arm("ours_board", each(|it| it.board), "bytes");
    bench.arm("ours_flow_fields", each(|it| it.flows), "bytes");
    bench.ratio("bytes_vs_goal", resident / GOAL);
    Ok(bench)
}

/// Heap bytes of one village.
struct Weight {
    /// Before the first tick.
    founded: f64,
    /// After the last.
    village: f64,
    /// The board's part of it.
    board: f64,
    /// That of the flow fields.
    flows: f64,
    /// A copy of all personas.
    personas: f64,
}

fn weigh(count: u32, ticks: u64) -> anyhow::Result<Weight> {
    let mut set: Vec<String> = CHANGES.map(str::to_owned).into();
    set.push(format!("population.0.count={count}"));
    let loaded = shipped("crowd", set)?;
    let (village, founded) =
        measured(|| Village::found(loaded.scenario, loaded.map, VillageOptions::default()));
    let mut village = village.context("founding a village")?;
    let ((), lived) = measured(|| {
        for _ in 0..ticks {
            village.tick(None);
            drop(village.take_events());
            drop(village.take_sample());
        }
    });
    let image = village.image();
    let (copy, board) = measured(|| image.state.board.clone());
    drop(copy);
    let people = &image.state.residents;
    let persona = |who: &ResidentImage| Persona::clone(&who.persona);
    let (copies, personas) = measured(|| people.iter().map(persona).collect::<Vec<_>>());
    drop(copies);
    Ok(Weight {
        founded,
        village: founded + lived,
        board,
        flows: village.flow_bytes() as f64,
        personas,
    })
}
