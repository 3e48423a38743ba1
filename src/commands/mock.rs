//! `hamlet mock-llm`: a scripted model with OpenAI's wire.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use hamlet_agents::mock::{Behaviour, Faults, MockConfig, MockServer};

use super::say;
use crate::cli::{MockArgs, MockBehaviour};

pub(crate) fn mock(args: MockArgs) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    runtime.block_on(async {
        let listen = args.listen;
        let server = MockServer::start(listen, config(args))
            .await
            .with_context(|| {
                format!("{listen} cannot be listened on; choose another address with --listen")
            })?;
        say(&format!("listening on {}", server.base_url()));
        tokio::select! {
            stopped = tokio::signal::ctrl_c() => stopped.context("Ctrl-C cannot be heard")?,
            () = server.dead() => say("ended after as many answers as it was to give"),
        }
        let stats = server.stats();
        say(&format!(
            "{} requests, {} answers, {} prefixes found in the cache, {} at once at most",
            stats.requests, stats.answers, stats.hits, stats.at_once_most
        ));
        Ok(ExitCode::SUCCESS)
    })
}

fn config(args: MockArgs) -> MockConfig {
    let mut faults = Faults::default();
    for (kind, every) in &args.fault {
        if kind == "no-schemas" {
            faults.no_schemas = u16::try_from(*every).unwrap_or(u16::MAX);
            continue;
        }
        let fault = match kind.as_str() {
            "error" => &mut faults.error_every,
            "limit" => &mut faults.limit_every,
            "hang" => &mut faults.hang_every,
            "html" => &mut faults.html_every,
            "cut" => &mut faults.cut_every,
            "stall" => &mut faults.stall_every,
            "invent" => &mut faults.invent_every,
            "garble" => &mut faults.garble_every,
            "empty" => &mut faults.empty_every,
            _ => &mut faults.refuse_every,
        };
        *fault = *every;
    }
    faults.retry_after_secs = 1;
    MockConfig {
        models: args.model,
        behaviour: match args.behaviour {
            MockBehaviour::Resident => Behaviour::Resident,
            MockBehaviour::Obedient => Behaviour::Obedient,
            MockBehaviour::Polite => Behaviour::Polite,
            MockBehaviour::Echo => Behaviour::Echo,
        },
        seed: args.seed,
        latency: Duration::from_millis(args.latency_ms),
        read_tokens_per_sec: args.read_rate,
        write_tokens_per_sec: args.write_rate,
        cached_prefixes: args.cache,
        slots: args.slots,
        api_key: args.key,
        context_tokens: args.context,
        die_after: args.die_after,
        faults,
        ..MockConfig::default()
    }
}
