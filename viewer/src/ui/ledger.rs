//! Somebody's ledger: what for, which way, since when; page by page.

use bevy_egui::egui;
use chrono::{SecondsFormat, TimeDelta, Utc};
use egui::{RichText, Ui};
use hamlet_protocol::economy::Code;
use hamlet_protocol::ids::AgentId;

use super::spoken::named;
use super::words::{clock_of, more_of, short};
use crate::mirror::{LedgerFilter, LedgerQuery};
use crate::pages::Page;
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Way, Wish};
use crate::wire::LedgerEntry;

/// Spans of time by the village's stamps, in hours; `None`: since ever.
const SPANS: [(&str, Option<i64>); 4] = [
    ("all", None),
    ("1 hour", Some(1)),
    ("1 day", Some(24)),
    ("1 week", Some(168)),
];

/// The ledger of somebody, with its filters.
pub(super) fn ledger_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: AgentId,
) {
    filters(ctx, out, ui);
    let query = LedgerQuery {
        agent,
        filter: ctx.view.filter.clone(),
    };
    let page = Page::Ledger(query.clone());
    out.push(Wish::Need(page.clone()));
    let kept = ctx.mirror.ledger.as_ref().filter(|it| it.0 == query);
    let Some((_, list)) = kept else {
        ui.weak("The ledger is being fetched.");
        return;
    };
    let way = ctx.view.way;
    let goes = |it: &&LedgerEntry| match way {
        Way::Both => true,
        Way::In => it.goes_out() == Some(false),
        Way::Out => it.goes_out() == Some(true),
    };
    let shown: Vec<&LedgerEntry> = list.items.iter().filter(goes).collect();
    if shown.is_empty() {
        ui.weak("There is no such entry among those that have come.");
    }
    table(ui, &shown);
    more_of(ctx, out, ui, &page, "Older entries");
}

fn filters(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let filter = &ctx.view.filter;
    ui.horizontal_wrapped(|ui| {
        let words = |code: &str| code.replace('_', " ");
        let shown = filter.code.map_or_else(|| "everything".to_owned(), words);
        let combo = egui::ComboBox::from_id_salt("code").selected_text(shown);
        let combo = combo.show_ui(ui, |ui| {
            let codes = Code::ALL.iter().map(|it| Some(it.as_str()));
            for code in std::iter::once(None).chain(codes) {
                let word = code.map_or_else(|| "everything".to_owned(), words);
                if ui.selectable_label(filter.code == code, word).clicked() {
                    out.push(Wish::Filter(LedgerFilter {
                        code,
                        ..filter.clone()
                    }));
                }
            }
        });
        named(&combo.response, "What for");
        spot(ui, "LedgerCode", &combo.response);
        for (way, word) in [(Way::Both, "both ways"), (Way::In, "in"), (Way::Out, "out")] {
            if ui.selectable_label(ctx.view.way == way, word).clicked() {
                out.push(Wish::Way(way));
            }
        }
        ui.separator();
        for (span, hours) in SPANS {
            let chosen = filter.span == span || (filter.span.is_empty() && hours.is_none());
            if ui.selectable_label(chosen, span).clicked() {
                out.push(Wish::Filter(LedgerFilter {
                    since: hours.map(moment_before),
                    span,
                    ..filter.clone()
                }));
            }
        }
    });
}

/// So many hours ago, as the village writes it. Taken when it is chosen: one query stays one query.
fn moment_before(hours: i64) -> String {
    let then = Utc::now() - TimeDelta::hours(hours);
    then.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Entries, newest first.
fn table(ui: &mut Ui, entries: &[&LedgerEntry]) {
    egui::Grid::new("ledger")
        .num_columns(6)
        .striped(true)
        .show(ui, |ui| {
            for entry in entries {
                ui.weak(clock_of(&entry.created_at));
                ui.label(entry.code.replace('_', " "));
                amount(ui, entry);
                ui.label(short(&entry.counterparty.name, 18));
                ui.weak(RichText::new(&entry.balance).monospace())
                    .on_hover_text("What there is afterwards");
                let memo = ui.weak(short(&entry.memo, 40));
                memo.on_hover_text(short(&entry.memo, 600));
                ui.end_row();
            }
        });
}

/// What an entry does to the balance, or how much it sets apart or frees.
fn amount(ui: &mut Ui, entry: &LedgerEntry) {
    match entry.goes_out() {
        Some(true) => ui.label(RichText::new(&entry.amount).monospace().color(theme::RED)),
        Some(false) => ui.label(
            RichText::new(format!("+{}", entry.amount))
                .monospace()
                .color(theme::GREEN),
        ),
        None => {
            let word = match entry.kind.as_str() {
                "pending" => "reserves",
                "void" | "expire" => "frees",
                _ => "",
            };
            ui.weak(format!("{word} {}", entry.value))
        }
    };
}
