//! The village's money in numbers, and the ledger of whoever is selected.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};
use egui_plot::{Bar, BarChart, Plot};

use crate::pages::Page;
use crate::theme;
use crate::ui::words::{clock_of, short};
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{EconomyStats, LedgerEntry};

/// Entries that the inspector shows.
const ENTRIES_SHOWN: usize = 8;

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
            ui.horizontal_wrapped(|ui| {
                for (word, value) in [
                    ("money there is", &stats.supply),
                    ("in purses", &stats.in_purses),
                    ("mean", &stats.mean),
                    ("median", &stats.median),
                ] {
                    ui.weak(word);
                    ui.strong(value);
                }
                ui.weak("Gini");
                ui.strong(format!("{:.3}", stats.gini));
                ui.weak("changes hands a day");
                ui.strong(format!("{:.2} ×", stats.velocity_per_day));
                ui.weak("transfers");
                ui.strong(stats.transfers.to_string());
            });
            tiers(ui, stats);
            flows(ui, stats);
            if let Some((agent, entries)) = &ctx.mirror.ledger {
                let name = ctx.mirror.world.person(*agent);
                let name = name.map_or("whoever was selected", |it| it.title());
                ui.add_space(theme::GAP);
                ui.strong(format!("Ledger of {name}"));
                table(ui, entries, usize::MAX);
            }
        });
    if let Some(agent) = ctx.view.selected {
        out.push(Wish::Need(Page::Ledger(agent)));
    }
}

/// How many live in which tier.
fn tiers(ui: &mut Ui, stats: &EconomyStats) {
    if stats.tiers.is_empty() {
        return;
    }
    ui.strong("Residents by tier");
    let names: Vec<&String> = stats.tiers.keys().collect();
    let bars = stats.tiers.values().enumerate();
    let bars = bars.map(|(no, count)| Bar::new(no as f64, *count as f64).width(0.7));
    let chart = BarChart::new("tiers", bars.collect()).color(theme::BLUE);
    Plot::new("tiers")
        .height(110.0)
        .include_y(0.0)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .x_axis_formatter(move |mark, _| {
            let no = mark.value.round();
            let near = (mark.value - no).abs() < 0.01 && no >= 0.0;
            let name = names.get(no as usize).filter(|_| near);
            name.map_or_else(String::new, |it| (*it).clone())
        })
        .show(ui, |plot| plot.bar_chart(chart));
}

fn flows(ui: &mut Ui, stats: &EconomyStats) {
    ui.strong("What moved so far");
    egui::Grid::new("flows")
        .num_columns(3)
        .striped(true)
        .show(ui, |ui| {
            for (code, flow) in &stats.flows {
                ui.label(code.replace('_', " "));
                ui.label(flow.count.to_string());
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

/// Entries of a ledger, newest first.
fn table(ui: &mut Ui, entries: &[LedgerEntry], most: usize) {
    egui::Grid::new("ledger")
        .num_columns(5)
        .striped(true)
        .show(ui, |ui| {
            for entry in entries.iter().take(most) {
                ui.weak(clock_of(&entry.created_at));
                ui.label(entry.code.replace('_', " "));
                let lost = entry.amount.starts_with('-');
                let color = if lost { theme::RED } else { theme::GREEN };
                ui.label(RichText::new(&entry.amount).monospace().color(color));
                ui.label(short(&entry.counterparty.name, 18));
                ui.weak(short(&entry.memo, 40)).on_hover_text(&entry.memo);
                ui.end_row();
            }
        });
}

/// What somebody has, and the last entries of their ledger, for the inspector.
pub(in crate::ui) fn purse_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: hamlet_protocol::ids::AgentId,
) {
    if !ctx.mirror.has("economy") {
        return;
    }
    out.push(Wish::Need(Page::Balance(agent)));
    let Some((_, purse)) = ctx.mirror.balance.as_ref().filter(|it| it.0 == agent) else {
        return;
    };
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        ui.label("💰");
        ui.strong(&purse.available);
        ui.label(&purse.currency);
        if !purse.reserved.is_empty() && purse.reserved != "0" {
            ui.weak(format!("and {} reserved", purse.reserved));
        }
        ui.weak(format!("· tier {}", purse.tier));
    });
    let open = egui::CollapsingHeader::new("Ledger").id_salt("ledger");
    open.show(ui, |ui| {
        out.push(Wish::Need(Page::Ledger(agent)));
        match ctx.mirror.ledger.as_ref().filter(|it| it.0 == agent) {
            Some((_, entries)) => table(ui, entries, ENTRIES_SHOWN),
            None => {
                ui.weak("It is for them, their owner and admins to see, or still on its way.");
            }
        }
    });
}
