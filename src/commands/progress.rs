//! How far a long command is: a bar on a terminal, plain lines elsewhere.

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::say_err;

/// Time between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows progress in ticks.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    first: u64,
    total: Option<u64>,
    /// When the last line was said, and at which tick.
    said: Instant,
    said_at: u64,
}

impl Progress {
    /// From tick `first` up to `last`, where one is known.
    pub(crate) fn new(first: u64, last: Option<u64>) -> Self {
        let total = last.map(|last| last.saturating_sub(first));
        let bar = io::stderr().is_terminal().then(|| bar(total));
        Self {
            bar,
            first,
            total,
            said: Instant::now(),
            said_at: 0,
        }
    }

    /// Shows that `tick` ticks are done.
    pub(crate) fn at(&mut self, tick: u64) {
        let done = tick.saturating_sub(self.first);
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            return;
        }
        let elapsed = self.said.elapsed();
        if elapsed >= LINE_EVERY {
            // The pace of late: a town that falls asleep or wakes up changes it.
            let rate = (done - self.said_at) as f64 / elapsed.as_secs_f64();
            say_err(&self.line(done, rate));
            (self.said, self.said_at) = (Instant::now(), done);
        }
    }

    /// Clears the bar.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, done: u64, rate: f64) -> String {
        match self.total {
            Some(total) => {
                let left = total.saturating_sub(done) as f64 / rate.max(1e-9);
                format!("tick {done} of {total}, {rate:.0} ticks/s, {left:.0} s to go")
            }
            None => format!("tick {done}, {rate:.0} ticks/s"),
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{elapsed_precise} {wide_bar:.green} {human_pos}/{human_len} ticks, {rate}, {eta} to go",
        ),
        None => (
            ProgressBar::no_length(),
            "{elapsed_precise} {spinner} {human_pos} ticks, {rate}",
        ),
    };
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.with_key("rate", rate)),
        Err(_plain) => bar,
    }
}

/// Whole ticks a second; the library's own key has four decimals.
fn rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    // An unwritable bar is no reason to stop, and the trait leaves no way to say so.
    write!(out, "{}", words_for(state.per_sec())).ok();
}

fn words_for(per_sec: f64) -> String {
    let decimals = usize::from(per_sec < 10.0);
    format!("{per_sec:.decimals$} ticks/s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_as_fine_as_it_is_worth() {
        assert_eq!(words_for(4_809.095_2), "4809 ticks/s");
        assert_eq!(words_for(0.25), "0.2 ticks/s");
    }
}
