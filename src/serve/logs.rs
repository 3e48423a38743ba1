//! Logs go to stderr: text for people, or one JSON object a line.

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use super::config::{Log, LogFormat};

/// Begins to log what is wrong, and nothing else: for commands whose output is read by people.
///
/// # Errors
/// None that are known.
pub(crate) fn quiet() -> anyhow::Result<()> {
    begin(&Log {
        filter: "warn".to_owned(),
        ..Log::default()
    })
}

/// Begins to log.
///
/// # Errors
/// When the filter makes no sense.
pub(crate) fn begin(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter).with_context(|| {
        format!(
            "log.filter = {:?}: write a level such as `info`",
            log.filter
        )
    })?;
    // It would print answers of models that it cannot read, and those may be somebody's words.
    let filter = filter.add_directive("async_openai=off".parse()?);
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A log on a full disk loses lines; complaining of that on the same disk would end the thread that logs.
        .log_internal_errors(false);
    let begun = match log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // Somebody logs already, as in tests: then that goes on.
    drop(begun);
    Ok(())
}
