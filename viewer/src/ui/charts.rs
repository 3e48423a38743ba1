//! What was, as curves.

use bevy_egui::egui;
use egui::{ScrollArea, Ui};
use egui_plot::{HoverPosition, Legend, Line, Plot, PlotPoints};
use hamlet_protocol::agent::Activity;

use super::spoken::pictured;
use super::words::hour;
use crate::mirror::{PoolReading, Sample, WINDOWS};
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};

/// Height of a chart in points.
const HEIGHT: f32 = 150.0;
/// Height of a chart of the last minutes.
const RECENT_HEIGHT: f32 = 110.0;
/// Kinds of places that have a curve.
const PLACES_MAX: usize = 6;

/// The charts panel.
pub(super) fn charts_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        for (no, (_, name)) in WINDOWS.iter().enumerate() {
            if ui.selectable_label(ctx.view.window == no, *name).clicked() {
                out.push(Wish::Window(no));
            }
        }
    });
    let window = WINDOWS.get(ctx.view.window).map_or(i64::MAX, |it| it.0);
    let samples = ctx.mirror.history.last(window);
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if samples.len() < 2 {
                ui.weak("Curves begin as soon as there is something to draw.");
                return;
            }
            activities(ui, samples);
            places(ui, samples);
            mood(ui, samples);
            let posts = |it: &Sample| it.posts as f64;
            single(ui, "Posts heard of", samples, theme::BLUE, posts);
            let talks = |it: &Sample| f64::from(it.talks);
            single(ui, "Conversations", samples, theme::ORANGE, talks);
            let tick = |it: &Sample| f64::from(it.tick_ms);
            single(
                ui,
                "Milliseconds between ticks",
                samples,
                theme::GREEN,
                tick,
            );
            thinking(ctx, out, ui, window);
            money(ctx, out, ui);
        });
}

/// The mean mood, where the village says it.
fn mood(ui: &mut Ui, samples: &[Sample]) {
    let told = samples.iter().filter(|it| it.mood.is_some());
    let points: PlotPoints<'_> = told
        .map(|it| [it.time as f64, it.mood.unwrap_or_default()])
        .collect();
    if points.points().len() < 2 {
        return;
    }
    ui.strong("Mood, from −1 to 1");
    let line = Line::new("mood", points).color(theme::PLUM).width(1.8);
    let shown = plot("mood").show(ui, |plot| plot.line(line));
    let last = samples.iter().rev().find_map(|it| it.mood);
    tell(&shown.response, "Mood", last);
}

/// Tokens and cost of minds that think with language models.
fn thinking(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, window: i64) {
    if !ctx.mirror.has("models") {
        return;
    }
    out.push(Wish::Need(Page::Pool));
    let readings = &ctx.mirror.minds.readings;
    let from = ctx.mirror.world.time.saturating_sub(window);
    let readings: Vec<&PoolReading> = readings.iter().filter(|it| it.time >= from).collect();
    if readings.len() < 2 {
        return;
    }
    let line = |name: &str, color, value: fn(&PoolReading) -> f64| {
        let points = readings.iter().map(|it| [it.time as f64, value(it)]);
        let points: PlotPoints<'_> = points.collect();
        Line::new(name.to_owned(), points).color(color).width(1.8)
    };
    ui.strong("Tokens so far");
    let shown = plot("tokens").show(ui, |plot| {
        plot.line(line("in", theme::BLUE, |it| it.tokens_in as f64));
        plot.line(line("of them cached", theme::SKY, |it| {
            it.tokens_cached as f64
        }));
        plot.line(line("out", theme::ORANGE, |it| it.tokens_out as f64));
    });
    let last = readings.last();
    let all = last.map(|it| (it.tokens_in + it.tokens_out) as f64);
    tell(&shown.response, "Tokens so far", all);
    // To those who keep order alone it is told.
    let mut endpoints = ctx.mirror.minds.pool.iter().flat_map(|it| &it.endpoints);
    if endpoints.all(|it| it.cost.is_none()) {
        return;
    }
    ui.strong("Cost so far, in dollars");
    let shown = plot("cost").show(ui, |plot| {
        plot.line(line("cost", theme::RED, |it| it.cost));
    });
    let cost = last.map(|it| it.cost);
    tell(&shown.response, "Cost so far, in dollars", cost);
}

/// How many have how much.
fn money(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.has("economy") {
        return;
    }
    out.push(Wish::Need(Page::Economy));
    let Some(stats) = ctx
        .mirror
        .economy
        .as_ref()
        .filter(|it| !it.bands.is_empty())
    else {
        return;
    };
    ui.strong("Residents by balance");
    super::admin::bands_ui(ui, &stats.bands);
    ui.weak(format!(
        "Gini {:.3} · mean {} · median {}",
        stats.gini, stats.mean, stats.median
    ));
}

/// A line of a small chart.
pub(super) struct Curve {
    pub(super) name: &'static str,
    pub(super) color: egui::Color32,
    /// Seconds from now, and the value.
    pub(super) points: Vec<[f64; 2]>,
}

/// A small chart of the last minutes by the window's clock.
pub(super) fn recent(ui: &mut Ui, id: &str, curves: &[Curve]) {
    let shown = plot(id)
        .height(RECENT_HEIGHT)
        .x_axis_formatter(|mark, _| format!("{:.0} s", mark.value))
        .label_formatter(|_| None)
        .show(ui, |plot| {
            for curve in curves {
                let points = PlotPoints::from(curve.points.clone());
                plot.line(Line::new(curve.name, points).color(curve.color).width(1.8));
            }
        });
    pictured(&shown.response, "Curves of the last minutes", || {
        let last = |it: &Curve| it.points.last().map(|at| (it.name, at[1]));
        listed(curves.iter().filter_map(last))
    });
}

fn activities(ui: &mut Ui, samples: &[Sample]) {
    ui.strong("Who does what");
    let shown = plot("activities").show(ui, |plot| {
        for activity in Activity::ALL {
            let no = activity as usize;
            if samples.iter().any(|it| it.activities[no] > 0) {
                let points = points(samples, |it| f64::from(it.activities[no]));
                let line = Line::new(activity.as_str(), points);
                plot.line(line.color(theme::activity(activity)).width(1.8));
            }
        }
    });
    pictured(&shown.response, "Who does what", || {
        let now = samples.last().map(|it| it.activities);
        let many = |it: &Activity| now.map(|now| (it.as_str(), f64::from(now[*it as usize])));
        listed(Activity::ALL.iter().filter_map(many))
    });
}

fn places(ui: &mut Ui, samples: &[Sample]) {
    ui.strong("Who is where");
    let Some(last) = samples.last() else {
        return;
    };
    let mut kinds: Vec<(&String, &u32)> = last.places.iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let colors = [
        theme::BLUE,
        theme::ORANGE,
        theme::GREEN,
        theme::RED,
        theme::PLUM,
        theme::SKY,
    ];
    let shown = plot("places").show(ui, |plot| {
        for ((kind, _), color) in kinds.iter().take(PLACES_MAX).zip(colors) {
            let count = |it: &Sample| f64::from(it.places.get(*kind).copied().unwrap_or(0));
            let line = Line::new(kind.replace('_', " "), points(samples, count));
            plot.line(line.color(color).width(1.8));
        }
    });
    pictured(&shown.response, "Who is where", || {
        let shown = kinds.iter().take(PLACES_MAX);
        listed(shown.map(|(kind, many)| (kind.as_str(), f64::from(**many))))
    });
}

fn single(
    ui: &mut Ui,
    title: &str,
    samples: &[Sample],
    color: egui::Color32,
    value: impl Fn(&Sample) -> f64,
) {
    ui.strong(title);
    let line = Line::new(title, points(samples, &value))
        .color(color)
        .width(1.8);
    let last = samples.last().map(&value);
    let shown = plot(title)
        .legend(Legend::default().hidden_items([]))
        .show(ui, |plot| plot.line(line));
    tell(&shown.response, title, last);
}

/// Says what a curve has come to.
fn tell(shown: &egui::Response, name: &str, last: Option<f64>) {
    pictured(shown, name, || {
        last.map_or_else(String::new, |last| format!("By now {last:.2}."))
    });
}

/// Names with their values.
fn listed<'a>(values: impl Iterator<Item = (&'a str, f64)>) -> String {
    let all = values.map(|(name, value)| format!("{} {value:.0}", name.replace('_', " ")));
    all.collect::<Vec<_>>().join(", ")
}

fn points(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> PlotPoints<'static> {
    samples
        .iter()
        .map(|it| [it.time as f64, value(it)])
        .collect()
}

fn plot<'a>(id: &str) -> Plot<'a> {
    Plot::new(id.to_owned())
        .height(HEIGHT)
        .legend(Legend::default())
        .include_y(0.0)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .x_axis_formatter(|mark, _| hour(mark.value as i64))
        .label_formatter(|at| match at {
            HoverPosition::NearDataPoint {
                plot_name,
                position,
                ..
            } => Some(format!(
                "{plot_name} at {}: {:.1}",
                hour(position.x as i64),
                position.y
            )),
            HoverPosition::Elsewhere { .. } => None,
        })
}
