//! The servers of models that minds think with: how each is, what is on its way, what it has done and cost.

use bevy_egui::egui;
use egui::{Color32, Label, ProgressBar, RichText, ScrollArea, Ui};

use super::charts::{self, Curve};
use super::spoken::bounded;
use super::words::{count, millis, short};
use crate::mirror::PoolReading;
use crate::money::dollars;
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{EndpointShape, MindCost, MindCosts};

/// Lines of a table of costs.
const LINES_MAX: usize = 15;
/// Readings that a curve of the last minutes has.
const RECENT_MAX: usize = 300;
/// Room that a number with its word wants, in points: eight digits with their gaps.
const CELL_WIDTH: f32 = 78.0;

/// The panel of models.
pub(super) fn models_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.has("models") {
        ui.weak("No language model thinks in this village; its residents live by habit.");
        return;
    }
    out.push(Wish::Need(Page::Pool));
    let staff = ctx.mirror.is_staff();
    if staff {
        out.push(Wish::Need(Page::MindCosts));
    }
    let minds = &ctx.mirror.minds;
    let Some(pool) = &minds.pool else {
        ui.weak("The pool is being fetched.");
        return;
    };
    ScrollArea::vertical()
        .id_salt("models")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if pool.waiting > 0 {
                let text = format!("{} requests wait for an endpoint.", count(pool.waiting));
                ui.colored_label(theme::ORANGE, text);
            }
            for endpoint in &pool.endpoints {
                endpoint_ui(ui, endpoint);
            }
            curves(ctx, ui);
            match &minds.costs {
                Some(costs) if staff => costs_ui(ui, costs),
                _ => {}
            }
        });
}

fn endpoint_ui(ui: &mut Ui, it: &EndpointShape) {
    egui::Frame::group(ui.style()).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let (sign, color, word) = state(it);
            ui.label(RichText::new(sign).color(color));
            ui.strong(&it.name);
            ui.label(RichText::new(word).color(color));
            if let Some(node) = &it.node {
                ui.weak(format!("on {}", short(node, 30)));
            }
            if let Some(url) = &it.base_url {
                ui.weak(short(url, 60));
            }
        });
        ui.add(Label::new(RichText::new(short(&it.models.join(", "), 160)).weak()).wrap());
        let limit = it.limit.max(1);
        let part = (it.in_flight as f32 / limit as f32).clamp(0.0, 1.0);
        let text = format!(
            "{} of {} under way, {} wait",
            it.in_flight, it.limit, it.queued
        );
        let bar = ProgressBar::new(part)
            .desired_width(ui.available_width())
            .fill(theme::BLUE)
            .text(RichText::new(text).small());
        bounded(&ui.add(bar), 0.0, 100.0);
        numbers(ui, it);
        if !it.failed.is_empty() {
            let kinds = it.failed.iter();
            let kinds: Vec<String> = kinds
                .map(|(kind, many)| format!("{} {}", count(*many), kind.replace('_', " ")))
                .collect();
            ui.colored_label(theme::RED, format!("✖ {}", short(&kinds.join(", "), 200)));
        }
        if let Some(error) = it.last_error.as_deref().filter(|it| !it.is_empty()) {
            let text = RichText::new(short(error, 300)).small().weak();
            ui.add(Label::new(text).wrap());
        }
    });
}

/// What an endpoint did and cost by our own counting, and what it says of itself.
fn numbers(ui: &mut Ui, it: &EndpointShape) {
    let cells = [
        (
            "tokens/s",
            or_dash(it.tokens_per_sec.map(|it| format!("{it:.0}"))),
        ),
        ("cached", percent(Some(it.hit_share))),
        ("answers in", or_dash(it.latency_ms.map(millis))),
        ("queue", or_dash(it.queue_ms_mean.map(millis))),
        ("answered", count(it.answered)),
        ("tokens in", count(it.tokens_in)),
        ("tokens out", count(it.tokens_out)),
        ("cost", or_dash(it.cost.as_deref().map(dollars))),
    ];
    cells_ui(ui, &cells);
    // What is our own counting stands above already.
    if matches!(it.measured_by.as_str(), "" | "self") {
        return;
    }
    ui.add_space(theme::GAP);
    let title = format!("As {} measures itself", short(&it.measured_by, 20));
    ui.label(RichText::new(title).small().strong());
    let gauges = [
        ("running", count(it.running)),
        ("waiting", count(it.waiting)),
        ("cache in use", percent(it.cache_use)),
        ("cache hits", percent(it.cache_hit_share)),
    ];
    cells_ui(ui, &gauges);
}

/// Numbers with their words below them, in as many columns of one width as there is room for.
fn cells_ui(ui: &mut Ui, cells: &[(&str, String)]) {
    let (room, gap) = (ui.available_width(), ui.spacing().item_spacing.x);
    let columns = ((room + gap) / (CELL_WIDTH + gap)) as usize;
    // Even rows: eight numbers in three columns would leave a hole.
    let columns = if columns == 3 { 2 } else { columns.clamp(1, 4) };
    let width = (room - gap * (columns - 1) as f32) / columns as f32;
    for row in cells.chunks(columns) {
        ui.horizontal_top(|ui| {
            for (word, value) in row {
                cell_ui(ui, width, word, value);
            }
        });
    }
}

/// A number with its word below it, neither broken over two lines.
fn cell_ui(ui: &mut Ui, width: f32, word: &str, value: &str) {
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add(Label::new(RichText::new(value).strong()).truncate());
        ui.add(Label::new(RichText::new(word).small().weak()).truncate());
    });
}

fn or_dash(value: Option<String>) -> String {
    value.unwrap_or_else(|| "–".to_owned())
}

fn percent(share: Option<f64>) -> String {
    or_dash(share.map(|it| format!("{:.0} %", it * 100.0)))
}

/// A sign, a colour and a word for how an endpoint is.
fn state(it: &EndpointShape) -> (&'static str, Color32, String) {
    match it.state.as_str() {
        "well" => ("✔", theme::GREEN, "well".to_owned()),
        "trying" => ("🔄", theme::ORANGE, "is tried again".to_owned()),
        _ => {
            let rests = it.rests_ms.map(|ms| millis(ms as f64));
            let rests = rests.map_or_else(String::new, |it| format!(" for {it}"));
            ("■", theme::RED, format!("rests{rests}"))
        }
    }
}

/// What went on of late.
fn curves(ctx: &ViewContext<'_>, ui: &mut Ui) {
    let readings = ctx.mirror.minds.readings.iter();
    let skipped = readings.len().saturating_sub(RECENT_MAX);
    let readings: Vec<PoolReading> = readings.skip(skipped).copied().collect();
    if readings.len() < 2 {
        return;
    }
    let last = readings.last().map_or(0.0, |it| it.at);
    let secs = |it: &PoolReading| it.at - last;
    ui.strong("Tokens a second");
    charts::recent(
        ui,
        "tokens-now",
        &[
            per_second("in", theme::BLUE, &readings, secs, |it| it.tokens_in),
            per_second("of them cached", theme::SKY, &readings, secs, |it| {
                it.tokens_cached
            }),
            per_second("out", theme::ORANGE, &readings, secs, |it| it.tokens_out),
        ],
    );
    ui.strong("Requests");
    let line = |name, color, value: fn(&PoolReading) -> u64| Curve {
        name,
        color,
        points: readings
            .iter()
            .map(|it| [secs(it), value(it) as f64])
            .collect(),
    };
    charts::recent(
        ui,
        "requests-now",
        &[
            line("under way", theme::GREEN, |it| it.in_flight),
            line("waiting", theme::RED, |it| it.queued),
        ],
    );
}

/// How much of something came in a second, between readings that follow each other.
fn per_second(
    name: &'static str,
    color: Color32,
    readings: &[PoolReading],
    secs: impl Fn(&PoolReading) -> f64,
    value: fn(&PoolReading) -> u64,
) -> Curve {
    let pairs = readings.windows(2).filter(|it| it[1].at > it[0].at);
    let rate =
        |a: &PoolReading, b: &PoolReading| value(b).saturating_sub(value(a)) as f64 / (b.at - a.at);
    Curve {
        name,
        color,
        points: pairs
            .map(|it| [secs(&it[1]), rate(&it[0], &it[1])])
            .collect(),
    }
}

/// What thoughts cost, by whom and by what.
fn costs_ui(ui: &mut Ui, costs: &MindCosts) {
    ui.add_space(theme::GAP);
    ui.heading("What thoughts cost");
    ui.horizontal_wrapped(|ui| {
        ui.strong(dollars(&costs.total.cost));
        if let Some(budget) = &costs.budget {
            ui.weak(format!("of a budget of {}", dollars(budget)));
        }
        ui.weak(format!(
            "· {} thoughts · {} tokens in, {} out",
            count(costs.total.thoughts),
            count(costs.total.tokens_in),
            count(costs.total.tokens_out)
        ));
    });
    ui.horizontal_wrapped(|ui| {
        for (word, many) in &costs.outcomes {
            ui.label(count(*many));
            ui.weak(word.replace('_', " "));
        }
    });
    for (title, lines) in [
        ("By agent", &costs.agents),
        ("By model", &costs.models),
        ("By endpoint", &costs.endpoints),
        ("By day", &costs.days),
    ] {
        if !lines.is_empty() {
            let open = egui::CollapsingHeader::new(title).default_open(title == "By agent");
            open.show(ui, |ui| lines_ui(ui, title, lines));
        }
    }
}

fn lines_ui(ui: &mut Ui, title: &str, lines: &[MindCost]) {
    // Where a panel is narrower than its columns, they are pushed along rather than cut off.
    ScrollArea::horizontal().id_salt(title).show(ui, |ui| {
        egui::Grid::new(title)
            .num_columns(5)
            .striped(true)
            .show(ui, |ui| {
                for word in ["", "thoughts", "tokens in", "out", "cost"] {
                    ui.weak(word);
                }
                ui.end_row();
                for line in lines.iter().take(LINES_MAX) {
                    ui.label(short(&line.of, 26)).on_hover_text(&line.of);
                    ui.label(count(line.thoughts));
                    ui.label(count(line.tokens_in));
                    ui.label(count(line.tokens_out));
                    ui.label(RichText::new(dollars(&line.cost)).monospace());
                    ui.end_row();
                }
            });
    });
    if lines.len() > LINES_MAX {
        ui.weak(format!("and {} more", lines.len() - LINES_MAX));
    }
}
