//! What was, as curves.

use bevy_egui::egui;
use egui::{ScrollArea, Ui};
use egui_plot::{HoverPosition, Legend, Line, Plot, PlotPoints};
use hamlet_protocol::agent::Activity;

use super::words::hour;
use crate::mirror::{Sample, WINDOWS};
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};

/// Height of a chart in points.
const HEIGHT: f32 = 150.0;
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
        });
}

fn activities(ui: &mut Ui, samples: &[Sample]) {
    ui.strong("Who does what");
    plot("activities").show(ui, |plot| {
        for activity in Activity::ALL {
            let no = activity as usize;
            if samples.iter().any(|it| it.activities[no] > 0) {
                let points = points(samples, |it| f64::from(it.activities[no]));
                let line = Line::new(activity.as_str(), points);
                plot.line(line.color(theme::activity(activity)).width(1.8));
            }
        }
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
    plot("places").show(ui, |plot| {
        for ((kind, _), color) in kinds.into_iter().take(PLACES_MAX).zip(colors) {
            let count = |it: &Sample| f64::from(it.places.get(kind).copied().unwrap_or(0));
            let line = Line::new(kind.replace('_', " "), points(samples, count));
            plot.line(line.color(color).width(1.8));
        }
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
    let line = Line::new(title, points(samples, value))
        .color(color)
        .width(1.8);
    plot(title)
        .legend(Legend::default().hidden_items([]))
        .show(ui, |plot| plot.line(line));
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
