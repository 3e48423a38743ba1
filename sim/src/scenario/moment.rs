//! Times as people write them: `08:30`, `day 2 08:30`, a full date, hours of sleep, spans.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use hamlet_protocol::time::{DAY_SECS, Hours, TimeSpec};

use super::tree::Value;

/// What to write for a time.
pub(super) const MOMENT_HELP: &str = "write \"08:30\" (the next such time), \"day 2 08:30\" (day 1 is that of the start) or \"2026-02-01T08:30:00Z\"";

/// What to write for a date and time.
pub(super) const DATE_HELP: &str = "write for example: \"2026-02-01T07:00:00Z\"";

/// What to write for hours.
pub(super) const HOURS_HELP: &str = "write for example: \"22:30-06:30\"";

/// Latest moment of a run, exclusive: the year 10000.
pub const END_OF_TIME: i64 = 253_402_300_800;

/// A moment relative to a run or of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// The next time the clock shows this, in seconds since midnight.
    Clock(i64),
    /// A day of the run, from 1, and seconds since its midnight.
    Day(i64, i64),
    /// A moment of the calendar, in seconds since the epoch.
    Date(i64),
}

impl Moment {
    /// Reads a value; `None` when it is no time.
    pub(super) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Self::parse(text.trim()),
            Value::Moment(moment) => Self::parse(&moment.to_string()),
            _ => None,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(clock) = clock(text) {
            return Some(Self::Clock(clock));
        }
        if let Some(rest) = text.strip_prefix("day ") {
            let (day, time) = rest.trim_start().split_once(' ')?;
            let day = day
                .parse()
                .ok()
                .filter(|day| (1..=1_000_000).contains(day))?;
            return Some(Self::Day(day, clock(time.trim_start())?));
        }
        date(text).map(|date| Self::Date(date.timestamp()))
    }

    /// Seconds since the epoch, for a run with this start.
    pub(super) fn seconds(self, start: DateTime<Utc>) -> i64 {
        let start = start.timestamp();
        let midnight = start - start.rem_euclid(DAY_SECS);
        match self {
            Self::Clock(clock) if midnight + clock >= start => midnight + clock,
            Self::Clock(clock) => midnight + DAY_SECS + clock,
            Self::Day(day, clock) => midnight + (day - 1) * DAY_SECS + clock,
            Self::Date(seconds) => seconds,
        }
    }
}

/// The first tick that begins at or after a moment; `None` before the start.
pub(super) fn tick_at(time: &TimeSpec, seconds: i64) -> Option<u64> {
    let since = u64::try_from(seconds - time.start.timestamp()).ok()?;
    Some(since.div_ceil(u64::from(time.sim_secs_per_tick)))
}

/// Reads a moment of the calendar in whole seconds; without an offset it is UTC, without a time midnight.
pub(super) fn date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let parsed = DateTime::parse_from_rfc3339(text).map(|date| date.with_timezone(&Utc));
    let parsed = parsed.ok().or_else(|| {
        let formats = [
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ];
        let text = text.strip_suffix('Z').unwrap_or(text);
        let time = formats
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        let day = || {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(0, 0, 0)
        };
        time.or_else(day).map(|time| time.and_utc())
    });
    parsed.filter(|date| {
        date.timestamp_subsec_nanos() == 0 && (0..END_OF_TIME).contains(&date.timestamp())
    })
}

/// Reads `22:30-06:30`.
pub(super) fn hours(text: &str) -> Option<Hours> {
    let (from, to) = text.split_once(['-', '–'])?;
    let (from, to) = (clock(from.trim())?, clock(to.trim())?);
    (from != to).then_some(Hours {
        from: from as u32,
        to: to as u32,
    })
}

/// Reads a span such as `90m`, `6h` or `1d`, in seconds.
pub(super) fn span(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u32 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim() {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => DAY_SECS as u32,
        _ => return None,
    };
    number.checked_mul(unit).filter(|&secs| secs > 0)
}

/// Reads `8:30` or `08:30:15` as seconds since midnight.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour = two_digits(parts.next()?, 23)?;
    let minute = parts.next().filter(|part| part.len() == 2)?;
    let minute = two_digits(minute, 59)?;
    let second = parts.next().map_or(Some(0), |part| two_digits(part, 59))?;
    parts
        .next()
        .is_none()
        .then_some(hour * 3600 + minute * 60 + second)
}

fn two_digits(text: &str, most: i64) -> Option<i64> {
    let plain = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|&number| plain && number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        date("2026-02-01T07:00:00Z").expect("a date")
    }

    #[test]
    fn times_count_from_the_start() {
        let at =
            |text| Moment::parse(text).map(|moment| moment.seconds(start()) - start().timestamp());
        assert_eq!(at("08:30"), Some(5400));
        assert_eq!(at("7:00"), Some(0));
        assert_eq!(at("06:59:59"), Some(DAY_SECS - 1));
        assert_eq!(at("day 1 06:00"), Some(-3600));
        assert_eq!(at("day 2 07:00"), Some(DAY_SECS));
        assert_eq!(at("2026-02-01T08:00:00+01:00"), Some(0));
        assert_eq!(at("2026-02-01 07:01"), Some(60));
        for bad in [
            "25:00",
            "8",
            "08:3",
            "day 0 08:30",
            "day 2",
            "tomorrow",
            "2026-02-30T00:00:00Z",
            "1969-12-31",
            "+8:30",
        ] {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_moment_is_rounded_up_to_a_tick() {
        let time = TimeSpec {
            tick_hz: 10.0,
            sim_secs_per_tick: 6,
            start: start(),
        };
        let at = |secs| tick_at(&time, start().timestamp() + secs);
        assert_eq!(
            (at(0), at(1), at(6), at(7), at(-1)),
            (Some(0), Some(1), Some(1), Some(2), None)
        );
    }

    #[test]
    fn hours_and_spans() {
        assert_eq!(
            hours("22:30-06:30"),
            Some(Hours {
                from: 81_000,
                to: 23_400
            })
        );
        assert_eq!(hours("1:00 – 9:00"), Some(Hours::between(1, 9)));
        assert_eq!((hours("22-06"), hours("8:00-8:00")), (None, None));
        assert_eq!(
            (span("90m"), span("1d"), span("30 s"), span("2h")),
            (Some(5400), Some(86_400), Some(30), Some(7200))
        );
        assert_eq!(
            (span("0h"), span("5"), span("h"), span("99999999d")),
            (None, None, None, None)
        );
    }
}
