//! How many requests one process keeps on their way: 512 at a time, 50 milliseconds each, to endpoints that need no time for prompts.
//!
//! The ideal is that none of the slots is ever free.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hamlet_agents::mock::{Behaviour, MockConfig};
use hamlet_agents::pool::Pool;
use tokio::runtime::Runtime;

use super::{BASE, alike, ours};
use crate::mocks;
use crate::options::Options;
use crate::report::Bench;

/// Endpoints, and requests that each of them works on at once.
const ENDPOINTS: usize = 8;
const SLOTS: usize = 64;
const IN_FLIGHT: usize = ENDPOINTS * SLOTS;
/// Requests for each slot.
const EACH: usize = 60;
const EACH_QUICK: usize = 4;
/// Bytes of a prompt's beginning, and how many different ones there are.
const PREFIX_BYTES: usize = 240;
const PREFIXES: usize = 64;

pub(super) fn run(bench: &mut Bench, runtime: &Runtime, options: Options) -> Result<()> {
    let each = if options.quick { EACH_QUICK } else { EACH };
    let took = runtime.block_on(send(each, options.seed))?;
    let all = (IN_FLIGHT * each) as f64;
    let ideal = BASE.as_secs_f64() * each as f64;
    let ours = took.as_secs_f64();
    bench.arm(format!("ideal_{IN_FLIGHT}"), all / ideal, "thoughts/s");
    bench.arm(format!("ours_{IN_FLIGHT}"), all / ours, "thoughts/s");
    bench.ratio(format!("rate_vs_ideal_{IN_FLIGHT}"), ideal / ours);
    Ok(())
}

async fn send(each: usize, seed: u64) -> Result<Duration> {
    let config = MockConfig {
        behaviour: Behaviour::Echo,
        latency: BASE,
        slots: SLOTS,
        ..MockConfig::default()
    };
    let servers = mocks::start(ENDPOINTS, &config).await?;
    let pool = Pool::new(&mocks::models(&servers, SLOTS as u32), |_| None)?;
    // Connections are there before anything counts.
    let warm = alike(IN_FLIGHT, PREFIXES, PREFIX_BYTES, seed);
    ours(&pool, &warm).await?;
    let requests = alike(IN_FLIGHT * each, PREFIXES, PREFIX_BYTES, seed);
    let began = Instant::now();
    ours(&pool, &requests).await?;
    let took = began.elapsed();
    let answers = mocks::answers(&servers) as usize;
    ensure!(
        answers == warm.len() + requests.len(),
        "an arm lost answers"
    );
    Ok(took)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Sizes;

    #[test]
    fn every_request_is_answered_and_all_keys_are_there() {
        let options = Options {
            quick: true,
            threads: 2,
            seed: 1,
            sizes: Sizes::default(),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("threads");
        let mut bench = Bench::new("thoughts");
        run(&mut bench, &runtime, options).expect("no answer is lost");
        let names: Vec<&str> = bench.arms.iter().map(|arm| arm.name.as_str()).collect();
        assert_eq!(names, ["ideal_512", "ours_512"]);
        assert!(bench.ratios["rate_vs_ideal_512"] <= 1.0, "{bench}");
    }
}
