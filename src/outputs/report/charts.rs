//! Curves over sim time, drawn by `plotters` in the style sheet's colours.

mod levels;
mod marks;

use std::fmt::Write as _;

use plotters::coord::ranged1d::Ranged;
use plotters::prelude::{
    AreaSeries, BindKeyPoints as _, ChartBuilder, Circle, IntoDrawingArea as _, IntoFont as _,
    LineSeries, PathElement, Polygon, Rectangle, SVGBackend, TRANSPARENT,
};
use plotters::style::{Color as _, TextStyle};
use serde::Serialize;

use self::levels::Levels;
pub(crate) use self::marks::Mark;
use super::super::error::{OutputError, Result};
use super::clock::Clock;
use super::html::{Text, short};
use super::theme::{Paint, with_css};

/// Points of one curve at most.
pub(crate) const POINTS_MAX: usize = 600;

/// The library places everything on whole units; so many of them to a pixel keep curves smooth.
const UNITS_PER_PX: u32 = 4;

/// Height of a chart, in pixels.
const HEIGHT_PX: u32 = 230;

/// One curve, or one layer of a stack.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    /// What it shows.
    pub(crate) name: String,
    /// One value per moment; `NaN` leaves a gap.
    pub(crate) values: Vec<f64>,
    /// Its colour.
    pub(crate) paint: Paint,
}

/// How curves are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Each as a line.
    Lines,
    /// Each as a line over a shaded area.
    Shaded,
    /// On top of each other.
    Stacked,
}

/// What the vertical axis measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scale {
    /// 0 to 1, as percent.
    Share,
    /// −1 to 1.
    Mood,
    /// How many.
    Count,
    /// 0 to 1, as it is.
    Index,
    /// aiDollars.
    Money,
}

/// A chart over sim time.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// What it shows.
    pub(crate) title: String,
    /// One sentence more.
    pub(crate) about: String,
    /// Moments, in seconds since the epoch, ascending.
    pub(crate) times: Vec<i64>,
    /// Curves, lowest layer first.
    pub(crate) curves: Vec<Curve>,
    /// How they are drawn.
    pub(crate) form: Form,
    /// What they measure.
    pub(crate) scale: Scale,
    /// Whether it takes the whole width of the page.
    pub(crate) wide: bool,
    /// What happened meanwhile, oldest first.
    pub(crate) marks: Vec<Mark>,
}

impl Chart {
    /// The chart as a figure of the page, with a legend and what its script needs; a sentence where there is nothing to draw.
    ///
    /// # Errors
    /// When the drawing library refuses.
    pub(crate) fn figure(&self, clock: &Clock) -> Result<String> {
        let class = if self.wide { "chart wide" } else { "chart" };
        let mut html = format!(
            "<figure class=\"{class}\"><figcaption><h3>{}</h3>",
            Text(&self.title)
        );
        if !self.about.is_empty() {
            write!(html, "<p>{}</p>", Text(&self.about)).ok();
        }
        let measured = |curve: &Curve| curve.values.iter().any(|value| value.is_finite());
        if self.times.is_empty() || !self.curves.iter().any(measured) {
            html += "</figcaption><p class=\"empty\">Nothing was measured here: the run took no sample of it. \
                A smaller <code>outputs.every_ticks</code> in the scenario takes more samples.</p></figure>";
            return Ok(html);
        }
        html += "<ul class=\"legend\">";
        // In a stack the legend runs from the top layer down, as the eye meets them.
        let mut named: Vec<_> = self.curves.iter().collect();
        if self.form == Form::Stacked {
            named.reverse();
        }
        for curve in named {
            let (css, name) = (curve.paint.css(), Text(&curve.name));
            write!(html, "<li><i style=\"background:{css}\"></i>{name}</li>").ok();
        }
        let drawing = self.draw(clock)?;
        let data = serde_json::to_string(&self.hover(clock, drawing.plot)).unwrap_or_default();
        write!(
            html,
            "</ul></figcaption><div class=\"scroll\"><div class=\"plot\" data-chart=\"{}\">{}</div></div></figure>",
            Text(&data),
            drawing.svg
        )
        .ok();
        Ok(html)
    }

    fn draw(&self, clock: &Clock) -> Result<Drawing> {
        self.try_draw(clock).map_err(|error| OutputError::Chart {
            title: self.title.clone(),
            detail: error.to_string(),
        })
    }

    fn try_draw(&self, clock: &Clock) -> std::result::Result<Drawing, Box<dyn std::error::Error>> {
        let width_px: u32 = if self.wide { 1140 } else { 560 };
        let size = (width_px * UNITS_PER_PX, HEIGHT_PX * UNITS_PER_PX);
        let (from, to) = self.time_range();
        let (low, high) = self.value_range();
        let (_, marks) = clock.marks(from, to, if self.wide { 16 } else { 8 });
        let mut svg = String::new();
        let plot;
        {
            let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
            let mut chart = ChartBuilder::on(&root)
                .margin_top(8 * UNITS_PER_PX)
                .margin_right(14 * UNITS_PER_PX)
                .x_label_area_size(24 * UNITS_PER_PX)
                .y_label_area_size(44 * UNITS_PER_PX)
                .build_cartesian_2d((from..to).with_key_points(marks), Levels { low, high })?;
            let (xs, ys) = chart.plotting_area().get_pixel_range();
            plot = [
                f64::from(xs.start) / f64::from(size.0),
                f64::from(ys.start) / f64::from(size.1),
                f64::from(xs.end) / f64::from(size.0),
                f64::from(ys.end) / f64::from(size.1),
            ];
            let night = Paint::Night.stand_in().filled();
            let nights = clock.nights(from, to).into_iter();
            chart.draw_series(nights.map(|(a, b)| Rectangle::new([(a, low), (b, high)], night)))?;
            let label_units = (11 * UNITS_PER_PX) as f64 * 1.24;
            let soft = Paint::Soft.stand_in();
            let label = TextStyle::from(("sans-serif", label_units).into_font()).color(&soft);
            let line = Paint::Line.stand_in().stroke_width(UNITS_PER_PX);
            chart
                .configure_mesh()
                .disable_x_mesh()
                .light_line_style(TRANSPARENT)
                .bold_line_style(line)
                .axis_style(line)
                .set_all_tick_mark_size(4 * UNITS_PER_PX)
                .label_style(label)
                .x_label_formatter(&|secs| clock.mark_label(*secs))
                .y_label_formatter(&|value| self.scale.label(*value))
                .draw()?;
            match self.form {
                Form::Stacked => {
                    self.draw_stack(&mut chart)?;
                    // A stack hides the nights behind it.
                    let shade = Paint::Shade.stand_in().mix(0.16);
                    let nights = clock.nights(from, to).into_iter();
                    chart.draw_series(
                        nights.map(|(a, b)| Rectangle::new([(a, low), (b, high)], shade.filled())),
                    )?;
                }
                Form::Lines | Form::Shaded => self.draw_lines(&mut chart, low)?,
            }
            self.draw_marks(&mut chart, (from, to), (low, high), width_px)?;
            root.present()?;
        }
        Ok(Drawing {
            svg: finished(&svg, &self.title),
            plot,
        })
    }

    fn draw_lines<'a, X>(&self, chart: &mut Plot<'a, '_, X>, low: f64) -> DrawResult
    where
        X: Ranged<ValueType = i64>,
    {
        for curve in &self.curves {
            let paint = curve.paint.stand_in();
            let line = paint.stroke_width(2 * UNITS_PER_PX);
            for run in self.unbroken(&curve.values) {
                if let [only] = run[..] {
                    let dot = Circle::new(only, 4 * UNITS_PER_PX, paint.filled());
                    chart.draw_series(std::iter::once(dot))?;
                    continue;
                }
                if self.form == Form::Shaded {
                    let floor = low.max(0.0);
                    let area = AreaSeries::new(run.iter().copied(), floor, paint.mix(0.14));
                    chart.draw_series(area)?;
                }
                chart.draw_series(LineSeries::new(run, line))?;
            }
        }
        Ok(())
    }

    fn draw_stack<'a, X>(&self, chart: &mut Plot<'a, '_, X>) -> DrawResult
    where
        X: Ranged<ValueType = i64>,
    {
        // One sample alone is shown as a block.
        let times = match self.times[..] {
            [only] => vec![only - 1, only + 1],
            _ => self.times.clone(),
        };
        let mut floor = vec![0.0; times.len()];
        for curve in &self.curves {
            let value = |i: usize| curve.values.get(i).or(curve.values.last());
            let top: Vec<f64> = floor
                .iter()
                .enumerate()
                .map(|(i, floor)| {
                    floor + value(i).copied().filter(|v| v.is_finite()).unwrap_or(0.0)
                })
                .collect();
            let upper = times.iter().copied().zip(top.iter().copied());
            let lower = times.iter().copied().zip(floor.iter().copied()).rev();
            let outline: Vec<_> = upper.clone().chain(lower).collect();
            let layer = Polygon::new(outline, curve.paint.stand_in().filled());
            chart.draw_series(std::iter::once(layer))?;
            let edge = Paint::Card.stand_in().stroke_width(UNITS_PER_PX);
            let edge = PathElement::new(upper.collect::<Vec<_>>(), edge);
            chart.draw_series(std::iter::once(edge))?;
            floor = top;
        }
        Ok(())
    }

    /// The stretches of a curve without a gap.
    fn unbroken(&self, values: &[f64]) -> Vec<Vec<(i64, f64)>> {
        let mut runs = vec![Vec::new()];
        for (&time, &value) in self.times.iter().zip(values) {
            match (value.is_finite(), runs.last_mut()) {
                (true, Some(run)) => run.push((time, value)),
                (false, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
                _ => {}
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    fn time_range(&self) -> (i64, i64) {
        let from = self.times.first().copied().unwrap_or(0);
        let to = self.times.last().copied().unwrap_or(0);
        if from < to {
            (from, to)
        } else {
            (from - 1800, to + 1800)
        }
    }

    fn value_range(&self) -> (f64, f64) {
        let finite = |values: &[f64]| {
            values
                .iter()
                .copied()
                .filter(|v| v.is_finite())
                .collect::<Vec<_>>()
        };
        let all: Vec<f64> = if self.form == Form::Stacked {
            let at =
                |i: usize| finite(&self.curves.iter().map(|c| c.values[i]).collect::<Vec<_>>());
            (0..self.times.len()).map(|i| at(i).iter().sum()).collect()
        } else {
            self.curves
                .iter()
                .flat_map(|curve| finite(&curve.values))
                .collect()
        };
        let high = all.iter().copied().fold(0.0, f64::max);
        let low = all.iter().copied().fold(0.0, f64::min);
        match self.scale {
            Scale::Share | Scale::Index => (0.0, 1.0),
            Scale::Money => (0.0, (high * 1.06).max(0.1)),
            Scale::Mood => ((low * 1.1).max(-1.0), (high * 1.1).clamp(0.1, 1.0)),
            Scale::Count if self.form == Form::Stacked => (0.0, high.max(1.0)),
            Scale::Count => (0.0, (high * 1.06).max(1.0)),
        }
    }

    /// What the page's script needs to tell the values under the pointer.
    fn hover(&self, clock: &Clock, plot: [f64; 4]) -> Hover<'_> {
        let (from, to) = self.time_range();
        Hover {
            plot: plot.map(|part| (part * 1e4).round() / 1e4),
            from,
            to,
            midnight: clock.first_midnight(),
            times: self.times.iter().map(|time| time - from).collect(),
            scale: self.scale,
            stacked: self.form == Form::Stacked,
            curves: self
                .curves
                .iter()
                .map(|curve| HoverCurve {
                    name: &curve.name,
                    css: curve.paint.css(),
                    values: curve.values.iter().map(|&value| rounded(value)).collect(),
                })
                .collect(),
        }
    }
}

impl Scale {
    fn label(self, value: f64) -> String {
        match self {
            Self::Share => format!("{:.0} %", value * 100.0),
            Self::Mood => format!("{:.1}", value + 0.0).replace('-', "−"),
            Self::Count | Self::Money => short(value),
            Self::Index => format!("{value:.1}"),
        }
    }
}

type DrawResult = std::result::Result<(), Box<dyn std::error::Error>>;
type Plot<'a, 'b, X> = plotters::chart::ChartContext<
    'a,
    SVGBackend<'b>,
    plotters::coord::cartesian::Cartesian2d<X, Levels>,
>;

struct Drawing {
    svg: String,
    /// Left, top, right and bottom of the plot as parts of the picture.
    plot: [f64; 4],
}

#[derive(Serialize)]
struct Hover<'a> {
    plot: [f64; 4],
    from: i64,
    to: i64,
    midnight: i64,
    times: Vec<i64>,
    scale: Scale,
    stacked: bool,
    curves: Vec<HoverCurve<'a>>,
}

#[derive(Serialize)]
struct HoverCurve<'a> {
    name: &'a str,
    css: &'static str,
    values: Vec<Option<f64>>,
}

fn rounded(value: f64) -> Option<f64> {
    value.is_finite().then(|| (value * 1000.0).round() / 1000.0)
}

/// Lets the page size the picture, says what it shows, and takes the spare bytes out.
fn finished(svg: &str, title: &str) -> String {
    let svg = with_css(svg);
    let view = svg.find("viewBox").unwrap_or(0);
    let body = svg[view..]
        .replace(" opacity=\"1\"", "")
        .replace(" \"", "\"")
        .replace("\n</text>", "</text>");
    format!(
        "<svg role=\"img\" aria-label=\"{}\" {}",
        Text(title),
        body.replace(">\n", ">")
    )
}

#[cfg(test)]
mod tests;
