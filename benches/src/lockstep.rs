//! Residents who think with language models, in lockstep: our rule beside the naive one and beside the least time that ours can take.
//!
//! Ours: a thought asked at tick *t* takes effect after exactly *t* + `think_ticks`, and time waits at a tick only for the thoughts that are due there.
//! `barrier`: the same village with the same thoughts, each effective at the same tick, but time waits after every tick for all thoughts that were asked in it.
//! `critical_path`: the longest chain of waits that our rule leaves, reckoned from the same latencies, as if nothing else took any time.
//!
//! The product does it all: the village on its own thread ([`hamlet_sim::bridge`]), the runtime of minds, its pool, and scripted servers in this process.
//! Both arms must come to the same state; else their times mean nothing.
//!
//! Latencies are those of [`mocks::chat`], scaled down.

mod path;
mod town;

use anyhow::{Context, Result};
use hamlet_agents::mock::MockConfig;
use hamlet_protocol::minds::ThoughtView;
use tokio::runtime::Runtime;

use self::path::Wait;
use self::town::{Ran, Rule};
use crate::mocks;
use crate::options::Options;
use crate::report::Bench;

/// What is run. A thousand people keep two cores busy for a while with every tick, which is nothing beside the seconds that their models take;
/// so that it stays little beside seconds that are scaled down, those of many are scaled down less. Few people have few thoughts: they live longer, so that
/// one long answer more or less does not decide.
const PLANS: [Plan; 4] = [
    Plan::new(25, 960, 40.0),
    Plan::new(100, 480, 40.0),
    Plan::new(500, 160, 20.0),
    Plan::new(1_000, 120, 10.0),
];
const QUICK: [Plan; 1] = [Plan::new(25, 60, 400.0)];

pub(crate) fn run(options: Options) -> Result<Bench> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.threads.max(2))
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    let mut bench = Bench::new("lockstep");
    let plans = if options.quick {
        &QUICK[..]
    } else {
        &PLANS[..]
    };
    for &plan in plans {
        let plan = Plan {
            seed: options.seed,
            ..plan
        };
        plan.measure(&mut bench, &runtime)?;
        bench.note(format!(
            "{}: {} ticks of 6 seconds, and answers {} times faster than real ones, half of which take {:.1} s or less",
            plan.residents, plan.ticks, plan.faster, mocks::MEDIAN_SECS
        ));
    }
    bench.note("the barrier waits for the thoughts asked in a tick before the next one; critical_path: our rule, where nothing but endpoints takes time");
    Ok(bench)
}

/// One size.
#[derive(Clone, Copy)]
struct Plan {
    /// Residents, all of whom think.
    residents: u32,
    /// Ticks of a run.
    ticks: u64,
    /// How much faster than real servers these are.
    faster: f64,
    seed: u64,
}

impl Plan {
    const fn new(residents: u32, ticks: u64, faster: f64) -> Self {
        Self {
            residents,
            ticks,
            faster,
            seed: 0,
        }
    }

    fn measure(self, bench: &mut Bench, runtime: &Runtime) -> Result<()> {
        let ours = town::run(runtime, self, Rule::ThinkTicks)?;
        let barrier = town::run(runtime, self, Rule::Barrier)?;
        self.check(bench, &ours, &barrier);
        let of = self.residents;
        let rate = |secs: f64| self.ticks as f64 / secs;
        let critical = path::secs(self.ticks, &self.waits(&ours.thoughts));
        bench.arm(format!("ours_{of}"), rate(ours.secs), "ticks/s");
        bench.arm(format!("barrier_{of}"), rate(barrier.secs), "ticks/s");
        bench.arm(format!("critical_path_{of}"), rate(critical), "ticks/s");
        bench.arm(format!("ours_{of}_thoughts"), ours.asked as f64, "thoughts");
        bench.ratio(format!("rate_vs_barrier_{of}"), barrier.secs / ours.secs);
        bench.ratio(format!("rate_vs_critical_path_{of}"), critical / ours.secs);
        Ok(())
    }

    /// Both arms have lived through the same.
    fn check(self, bench: &mut Bench, ours: &Ran, barrier: &Ran) {
        let of = self.residents;
        if ours.asked == 0 {
            bench.fault(format!("{of} residents: nobody thought"));
        }
        if (ours.asked, &ours.hash) != (barrier.asked, &barrier.hash) {
            bench.fault(format!(
                "{of} residents: the arms came to different villages, {} thoughts and {} against {} and {}",
                ours.asked, ours.hash, barrier.asked, barrier.hash
            ));
        }
        for (name, ran) in [("ours", ours), ("barrier", barrier)] {
            let seen = ran.thoughts.len() as u64;
            if seen != ran.asked {
                bench.fault(format!(
                    "{name}_{of}: {} thoughts were asked for, {seen} ended",
                    ran.asked
                ));
            }
        }
    }

    /// How the servers are.
    fn servers(self) -> MockConfig {
        mocks::chat(self.faster, self.seed)
    }

    /// What endpoints took for each thought.
    fn waits(self, thoughts: &[ThoughtView]) -> Vec<Wait> {
        let secs = |of: &ThoughtView| mocks::chat_secs(self.faster, of.turns, of.tokens_out);
        let waits = thoughts.iter().map(|thought| Wait {
            asked: thought.asked,
            due: thought.due,
            secs: secs(thought),
        });
        waits.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Sizes;

    #[test]
    fn both_arms_live_through_the_same_and_all_keys_are_there() {
        let options = Options {
            quick: true,
            threads: 2,
            seed: 1,
            sizes: Sizes::default(),
        };
        let bench = run(options).expect("a run of every arm");
        assert!(bench.faults.is_empty(), "{:?}", bench.faults);
        let names: Vec<&str> = bench.arms.iter().map(|arm| arm.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "ours_25",
                "barrier_25",
                "critical_path_25",
                "ours_25_thoughts"
            ]
        );
        assert!(bench.arms.iter().all(|arm| arm.value > 0.0), "{bench}");
        let ratios: Vec<&str> = bench.ratios.keys().map(String::as_str).collect();
        assert_eq!(ratios, ["rate_vs_barrier_25", "rate_vs_critical_path_25"]);
        let critical = bench.ratios["rate_vs_critical_path_25"];
        assert!(critical <= 1.0, "nobody is quicker than the path: {bench}");
    }
}
