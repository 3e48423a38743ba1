//! What happened while a curve was drawn, as lines across the chart with a word on each.

use plotters::coord::ranged1d::Ranged;
use plotters::element::Text as Label;
use plotters::prelude::{DashedLineSeries, IntoFont as _};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, TextStyle};

use super::super::theme::Paint;
use super::{Chart, DrawResult, Plot, UNITS_PER_PX};

/// Lines across one chart at most.
const MARKS_MAX: usize = 12;

/// Moments closer together than this share a line.
const APART_PX: i64 = 46;

/// Lengths of a dash and of what lies between two, in units of the drawing.
const DASH: i32 = 4 * UNITS_PER_PX as i32;
const GAP: i32 = 3 * UNITS_PER_PX as i32;

/// A moment to be remembered when looking at a curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// When, in seconds since the epoch.
    pub(crate) secs: i64,
    /// What, in a word or two.
    pub(crate) word: &'static str,
}

impl Chart {
    pub(super) fn draw_marks<'a, X>(
        &self,
        chart: &mut Plot<'a, '_, X>,
        (from, to): (i64, i64),
        (low, high): (f64, f64),
        width_px: u32,
    ) -> DrawResult
    where
        X: Ranged<ValueType = i64>,
    {
        let paint = Paint::Soft.stand_in();
        let label_units = (10 * UNITS_PER_PX) as f64 * 1.24;
        for (secs, words) in gathered(&self.marks, (from, to), width_px) {
            let line = [(secs, low), (secs, high)];
            let style = paint.stroke_width(UNITS_PER_PX);
            chart.draw_series(DashedLineSeries::new(line, DASH, GAP, style))?;
            // Words stand on the side where there is room.
            let right = 3 * (to - secs) < to - from;
            let side = if right { HPos::Right } else { HPos::Left };
            let label = TextStyle::from(("sans-serif", label_units).into_font())
                .color(&paint)
                .pos(Pos::new(side, VPos::Top));
            let words = if right {
                format!("{words}\u{a0}")
            } else {
                format!("\u{a0}{words}")
            };
            let label = Label::new(words, (secs, high), label);
            chart.draw_series(std::iter::once(label))?;
        }
        Ok(())
    }
}

/// Moments within a chart, those that are close together as one, with each word once.
fn gathered(marks: &[Mark], (from, to): (i64, i64), width_px: u32) -> Vec<(i64, String)> {
    let apart = (to - from) * APART_PX / i64::from(width_px);
    let mut lines: Vec<(i64, Vec<&str>)> = Vec::new();
    for mark in marks {
        if mark.secs < from || mark.secs > to {
            continue;
        }
        let near = lines
            .last_mut()
            .filter(|(secs, _)| mark.secs - *secs <= apart);
        if let Some((_, words)) = near {
            if !words.contains(&mark.word) {
                words.push(mark.word);
            }
        } else if lines.len() < MARKS_MAX {
            lines.push((mark.secs, vec![mark.word]));
        }
    }
    let told = lines.into_iter();
    told.map(|(secs, words)| (secs, words.join(", "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_close_together_share_a_line() {
        let mark = |secs, word| Mark { secs, word };
        let marks = [
            mark(0, "before"),
            mark(1000, "rewards"),
            mark(1001, "rewards"),
            mark(1010, "fines"),
            mark(1600, "help"),
            mark(9000, "after"),
        ];
        let lines = gathered(&marks, (500, 2000), 1000);
        assert_eq!(
            lines,
            [
                (1000, "rewards, fines".to_owned()),
                (1600, "help".to_owned())
            ]
        );
        let many: Vec<Mark> = (0..100).map(|n| mark(n * 1000, "fine")).collect();
        assert_eq!(gathered(&many, (0, 100_000), 1000).len(), MARKS_MAX);
        assert!(gathered(&marks, (5, 5), 1000).is_empty());
    }
}
