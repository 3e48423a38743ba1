//! What the server measures of itself.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};
use egui_plot::{Line, Plot, PlotPoints};

use crate::mirror::Reading;
use crate::pages::Page;
use crate::theme;
use crate::ui::spoken::pictured;
use crate::view::{CommandQueue, ViewContext, Wish};

/// Height of a curve in points.
const HEIGHT: f32 = 90.0;

/// Numbers that are shown, with their words.
const SHOWN: [(&str, &str); 9] = [
    ("ticks", "ticks done"),
    ("inbox_depth", "commands waiting"),
    ("websockets", "sockets open"),
    ("websocket_frames_total", "frames sent"),
    ("websocket_lags_total", "listeners that were too slow"),
    ("commits_total", "transactions"),
    ("rows_written_total", "rows written"),
    ("database_operations", "queries and transactions"),
    ("http_request_seconds_count", "requests answered"),
];

pub(super) fn server_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Metrics));
    let office = &ctx.mirror.office;
    if office.metrics.is_empty() {
        ui.weak("The measurements are being fetched.");
        return;
    }
    if let Some(server) = &ctx.mirror.server {
        ui.weak(format!("hamlet {} · API {}", server.version, server.api));
    }
    let readings: Vec<Reading> = office.readings.iter().copied().collect();
    ScrollArea::vertical()
        .id_salt("server")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let per_second = |a: f64, b: f64, secs: f64| (b - a) / secs;
            curve(ui, "Ticks a second", theme::GREEN, &readings, |a, b| {
                per_second(a.ticks, b.ticks, b.at - a.at)
            });
            curve(
                ui,
                "Milliseconds a tick takes",
                theme::ORANGE,
                &readings,
                |a, b| 1_000.0 * (b.tick_secs - a.tick_secs) / (b.ticks - a.ticks).max(1.0),
            );
            curve(ui, "Requests a second", theme::BLUE, &readings, |a, b| {
                per_second(a.requests, b.requests, b.at - a.at)
            });
            curve(
                ui,
                "Milliseconds a commit takes",
                theme::PLUM,
                &readings,
                |a, b| 1_000.0 * (b.commit_secs - a.commit_secs) / (b.commits - a.commits).max(1.0),
            );
            egui::Grid::new("numbers")
                .num_columns(2)
                .striped(true)
                .show(ui, |ui| {
                    for (name, word) in SHOWN {
                        if let Some(value) = office.metrics.get(name) {
                            ui.label(word);
                            ui.label(RichText::new(format!("{value:.0}")).monospace());
                            ui.end_row();
                        }
                    }
                });
        });
}

/// A curve of what two readings that follow each other come to.
fn curve(
    ui: &mut Ui,
    title: &str,
    color: egui::Color32,
    readings: &[Reading],
    value: impl Fn(&Reading, &Reading) -> f64,
) {
    let last = readings.last().map_or(0.0, |it| it.at);
    let pairs = readings.windows(2).filter(|it| it[1].at > it[0].at);
    let points: Vec<[f64; 2]> = pairs
        .map(|it| [it[1].at - last, value(&it[0], &it[1]).max(0.0)])
        .collect();
    let now = points.last().map_or(0.0, |it| it[1]);
    ui.horizontal(|ui| {
        ui.strong(title);
        ui.label(RichText::new(format!("{now:.1}")).monospace());
    });
    let shown = Plot::new(title.to_owned())
        .height(HEIGHT)
        .include_y(0.0)
        .show_x(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .x_axis_formatter(|mark, _| format!("{:.0} s", mark.value))
        .show(ui, |plot| {
            plot.line(
                Line::new(title, PlotPoints::from(points))
                    .color(color)
                    .width(1.8),
            );
        });
    pictured(&shown.response, title, || format!("{now:.1} now."));
}
