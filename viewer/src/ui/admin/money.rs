//! The village's money in numbers, and what whoever is selected is entitled to, with their ledger.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};
use egui_plot::{Bar, BarChart, Plot};

use crate::pages::Page;
use crate::theme;
use crate::ui::inspector::entitlements_ui;
use crate::ui::ledger::ledger_ui;
use crate::ui::spoken::pictured;
use crate::ui::words::count;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{BandShape, EconomyStats};

/// Height of a chart in points.
const HEIGHT: f32 = 120.0;

pub(super) fn money_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Economy));
    let Some(stats) = &ctx.mirror.economy else {
        ui.weak("The numbers are being fetched.");
        return;
    };
    ScrollArea::vertical()
        .id_salt("money")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            sums(ui, stats);
            ui.columns(2, |sides| {
                sides[0].strong("Residents by balance");
                bands_ui(&mut sides[0], &stats.bands);
                tiers(&mut sides[1], stats);
            });
            flows(ui, stats);
            match ctx.view.selected {
                Some(agent) => {
                    let name = ctx.mirror.world.person(agent);
                    let name = name.map_or("whoever is selected", |it| it.title());
                    ui.add_space(theme::GAP);
                    ui.strong(format!("What {name} is entitled to"));
                    entitlements_ui(ctx, out, ui, agent);
                    ui.add_space(theme::GAP);
                    ui.strong(format!("Ledger of {name}"));
                    ledger_ui(ctx, out, ui, agent);
                }
                None => {
                    ui.weak("Select somebody to see what they are entitled to, and their ledger.");
                }
            }
        });
}

fn sums(ui: &mut Ui, stats: &EconomyStats) {
    ui.horizontal_wrapped(|ui| {
        for (word, value) in [
            ("money there is", stats.supply.clone()),
            ("in purses", stats.in_purses.clone()),
            ("mean", stats.mean.clone()),
            ("median", stats.median.clone()),
            ("Gini", format!("{:.3}", stats.gini)),
            (
                "changes hands a day",
                format!("{:.2} ×", stats.velocity_per_day),
            ),
            ("transfers", count(stats.transfers)),
            ("wage", stats.wage.clone()),
            ("meal", stats.meal.clone()),
        ] {
            if !value.is_empty() {
                ui.weak(word);
                ui.strong(value);
            }
        }
    });
}

/// How many have how much.
pub(in crate::ui) fn bands_ui(ui: &mut Ui, bands: &[BandShape]) {
    let labels = bands.iter().map(|it| it.from.clone()).collect();
    let names = bands
        .iter()
        .map(|it| format!("{} to {}", it.from, it.below));
    let names: Vec<String> = names.collect();
    let counts = bands.iter().map(|it| it.residents);
    let said = "Residents by balance";
    bars(ui, said, labels, &names, counts, theme::GREEN);
}

/// How many live in which tier.
fn tiers(ui: &mut Ui, stats: &EconomyStats) {
    ui.strong("Residents by tier");
    let names: Vec<String> = stats.tiers.keys().cloned().collect();
    let counts = stats.tiers.values().copied();
    let said = "Residents by tier";
    bars(ui, said, names.clone(), &names, counts, theme::BLUE);
}

/// Bars with a word below each.
fn bars(
    ui: &mut Ui,
    id: &str,
    labels: Vec<String>,
    names: &[String],
    counts: impl Iterator<Item = u64>,
    color: egui::Color32,
) {
    let counts: Vec<(u64, &String)> = counts.zip(names).collect();
    let bars = counts.iter().enumerate();
    let bars =
        bars.map(|(no, (many, name))| Bar::new(no as f64, *many as f64).width(0.85).name(name));
    let chart = BarChart::new(id, bars.collect()).color(color);
    let shown = Plot::new(id.to_owned())
        .height(HEIGHT)
        .include_y(0.0)
        .include_y(1.0)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .x_axis_formatter(move |mark, _| {
            let no = mark.value.round();
            let near = (mark.value - no).abs() < 0.01 && no >= 0.0;
            let name = labels.get(no as usize).filter(|_| near);
            name.cloned().unwrap_or_default()
        })
        .show(ui, |plot| plot.bar_chart(chart));
    pictured(&shown.response, id, || {
        let all = counts.iter().map(|(many, name)| format!("{name}: {many}"));
        all.collect::<Vec<_>>().join(", ")
    });
}

fn flows(ui: &mut Ui, stats: &EconomyStats) {
    ui.strong("What moved so far");
    egui::Grid::new("flows")
        .num_columns(3)
        .striped(true)
        .show(ui, |ui| {
            for (code, flow) in &stats.flows {
                ui.label(code.replace('_', " "));
                ui.label(count(flow.count));
                ui.label(RichText::new(&flow.amount).monospace());
                ui.end_row();
            }
            for (account, balance) in &stats.accounts {
                ui.weak(format!("in {account}"));
                ui.label("");
                ui.label(RichText::new(balance).monospace());
                ui.end_row();
            }
        });
}
