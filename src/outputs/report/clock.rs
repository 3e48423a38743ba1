//! Sim time on an axis: where its marks stand, what they say, and when it is night.

use hamlet_protocol::time::{DAY_SECS, SimTime, TimeSpec};

/// Distances between two marks, in seconds.
const STEPS: [i64; 20] = [
    60,
    300,
    600,
    900,
    1800,
    3600,
    2 * 3600,
    3 * 3600,
    6 * 3600,
    12 * 3600,
    DAY_SECS,
    2 * DAY_SECS,
    5 * DAY_SECS,
    10 * DAY_SECS,
    20 * DAY_SECS,
    50 * DAY_SECS,
    100 * DAY_SECS,
    200 * DAY_SECS,
    500 * DAY_SECS,
    1000 * DAY_SECS,
];

/// Hours at which night begins and ends.
const NIGHT_HOURS: (i64, i64) = (22, 6);

/// More nights than this are a grey haze and are left out.
const NIGHTS_MAX: usize = 45;

/// The clock of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    time: TimeSpec,
}

impl Clock {
    /// The clock of a scenario.
    pub(crate) fn new(time: TimeSpec) -> Self {
        Self { time }
    }

    /// Seconds since the epoch at a tick.
    pub(crate) fn secs(&self, tick: u64) -> i64 {
        self.time.at(tick).0
    }

    /// The number of the day, the first of the run being 1.
    pub(crate) fn day(&self, secs: i64) -> i64 {
        SimTime(secs).day() - self.time.at(0).day() + 1
    }

    /// "day 2, 08:30".
    pub(crate) fn moment(&self, tick: u64) -> String {
        let secs = self.secs(tick);
        format!("day {}, {}", self.day(secs), hour(secs))
    }

    /// Midnight before the first day, from which a page counts days by itself.
    pub(crate) fn first_midnight(&self) -> i64 {
        self.time.at(0).day() * DAY_SECS
    }

    /// At most `marks` round moments between two, with the words that stand there.
    pub(crate) fn marks(&self, from: i64, to: i64, marks: i64) -> (i64, Vec<i64>) {
        let fits = |&step: &i64| (to - from) / step < marks;
        let step = STEPS
            .into_iter()
            .find(fits)
            .unwrap_or_else(|| (to - from) / marks.max(1));
        let step = step.max(1);
        // Whole days are counted from the first midnight, so that they read 1, 3, 5 and not 2, 4, 6.
        let origin = self.first_midnight();
        let first = origin + (from - origin).div_euclid(step) * step;
        let all = std::iter::successors(Some(first), |mark| Some(mark + step));
        let marks = all
            .skip_while(|&mark| mark < from)
            .take_while(|&mark| mark <= to);
        (step, marks.collect())
    }

    /// What stands at a mark: the hour, or the day at midnight.
    pub(crate) fn mark_label(&self, secs: i64) -> String {
        if secs.rem_euclid(DAY_SECS) == 0 {
            format!("day {}", self.day(secs))
        } else {
            hour(secs)
        }
    }

    /// The nights between two moments; none when they are too many to be seen.
    pub(crate) fn nights(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let (dusk, dawn) = NIGHT_HOURS;
        let days = from.div_euclid(DAY_SECS) - 1..=to.div_euclid(DAY_SECS);
        let nights = days.map(|day| {
            let midnight = (day + 1) * DAY_SECS;
            let begin = midnight - (24 - dusk) * 3600;
            (begin.max(from), (midnight + dawn * 3600).min(to))
        });
        let seen: Vec<_> = nights
            .filter(|(begin, end)| begin < end)
            .take(NIGHTS_MAX + 1)
            .collect();
        if seen.len() > NIGHTS_MAX {
            Vec::new()
        } else {
            seen
        }
    }
}

/// "08:30".
pub(crate) fn hour(secs: i64) -> String {
    let second = SimTime(secs).second_of_day();
    format!("{:02}:{:02}", second / 3600, second / 60 % 60)
}

/// A span in few characters: "1 d 9 h".
pub(crate) fn short_span(secs: i64) -> String {
    let (days, hours, minutes) = (secs / DAY_SECS, secs / 3600 % 24, secs / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{secs} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, 0) => format!("{hours} h"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        (_, 0, _) => format!("{days} d"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn clock() -> Clock {
        Clock::new(TimeSpec {
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            start: "2026-02-01T07:00:00Z".parse().unwrap(),
        })
    }

    #[test]
    fn marks_are_round_and_few() {
        let clock = clock();
        let from = clock.secs(0);
        for (span_secs, expected) in [
            (0, "07:00"),
            (3600, "07:00 07:10 07:20 07:30 07:40 07:50 08:00"),
            (12 * 3600, "08:00 10:00 12:00 14:00 16:00 18:00"),
            (36 * 3600, "12:00 18:00 day 2 06:00 12:00 18:00"),
            (60 * DAY_SECS, "day 11 day 21 day 31 day 41 day 51 day 61"),
        ] {
            let (_, marks) = clock.marks(from, from + span_secs, 8);
            let labels: Vec<_> = marks.iter().map(|&mark| clock.mark_label(mark)).collect();
            assert_eq!(labels.join(" "), expected);
        }
        let (_, marks) = clock.marks(from, from + 1_000_000 * DAY_SECS, 8);
        assert!(marks.len() <= 9, "{}", marks.len());
    }

    #[test]
    fn nights_are_cut_at_the_ends_and_left_out_when_many() {
        let clock = clock();
        let from = clock.secs(0);
        assert_eq!(clock.nights(from, from + 3600), []);
        let nights = clock.nights(from, from + 24 * 3600);
        assert_eq!(nights.len(), 2 - 1);
        assert_eq!(
            (hour(nights[0].0), hour(nights[0].1)),
            ("22:00".into(), "06:00".into())
        );
        assert_eq!(clock.nights(from, from + 400 * DAY_SECS), []);
        assert_eq!(clock.nights(from - 3600, from - 3600), []);
        let early = clock.nights(from - 2 * 3600, from);
        assert_eq!(early, [(from - 2 * 3600, from - 3600)]);
    }

    #[test]
    fn moments_and_spans_read_well() {
        assert_eq!(clock().moment(0), "day 1, 07:00");
        assert_eq!(clock().moment(14_400), "day 2, 07:00");
        let spans = [30, 60, 3600, 5400, DAY_SECS, 2 * DAY_SECS + 3600];
        let words = ["30 s", "1 min", "1 h", "1 h 30 min", "1 d", "2 d 1 h"];
        assert_eq!(spans.map(short_span), words);
    }
}
