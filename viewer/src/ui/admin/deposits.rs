//! Money that came from outside, and the way to credit some.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};

use crate::money::ai_dollars;
use crate::pages::Page;
use crate::status::spot;
use crate::ui::words::{clock_of, count, more_of, short};
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish};

pub(super) fn deposits_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Deposits));
    let office = &ctx.mirror.office;
    ui.horizontal_wrapped(|ui| {
        let credit = ui.button("➕ Credit …");
        spot(ui, "Credit", &credit);
        let told = "Enter a transaction that came from outside; each counts once.";
        if credit.on_hover_text(told).clicked() {
            out.push(Wish::Ask(Some(Dialog::Deposit)));
            let selected = ctx.view.selected.and_then(|id| ctx.mirror.world.person(id));
            if let Some(person) = selected.filter(|it| !it.name.is_empty()) {
                out.push(Wish::Type(Slot::DepositTo, person.name.clone()));
            }
        }
        if let Some((total, amount)) = &office.deposited {
            let sum = ai_dollars(amount);
            ui.weak(format!("{} deposits, {sum} in all", count(*total)));
        }
    });
    let Some(deposits) = &office.deposits else {
        ui.weak("The deposits are being fetched.");
        return;
    };
    if deposits.items.is_empty() {
        ui.weak("Nothing has come from outside yet.");
    }
    ScrollArea::both()
        .id_salt("deposits")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            egui::Grid::new("deposits")
                .num_columns(5)
                .striped(true)
                .show(ui, |ui| {
                    for title in ["When", "For", "Amount", "Transaction", "Note"] {
                        ui.strong(title);
                    }
                    ui.end_row();
                    for it in &deposits.items {
                        ui.weak(clock_of(&it.created_at));
                        ui.label(short(&it.agent, 30));
                        ui.label(RichText::new(&it.amount).monospace());
                        ui.label(RichText::new(short(&it.paypal_txn_id, 40)).monospace());
                        ui.weak(short(&it.note, 60))
                            .on_hover_text(short(&it.note, 600));
                        ui.end_row();
                    }
                });
            more_of(ctx, out, ui, &Page::Deposits, "Older deposits");
        });
}
