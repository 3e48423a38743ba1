//! Dialogs that ask what it takes before something is done: why, how much, whether it is really meant.

use bevy_egui::egui;
use egui::{Align2, Key, RichText, Ui, Window};

use super::board::field;
use crate::deeds::Standing;
use crate::money::ai_dollars;
use crate::status::spot;
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish, is_amount, permille};

/// The dialog that is open.
pub(super) fn ask_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &Ui) {
    let Some(dialog) = &ctx.view.dialog else {
        return;
    };
    let mut open = true;
    Window::new(title(dialog))
        .id(egui::Id::new("ask"))
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, [0.0, 0.0])
        .show(ui.ctx(), |ui| {
            ui.set_width(340.0_f32.min(ui.ctx().content_rect().width() - 60.0));
            ui.add(egui::Label::new(told(dialog)).wrap());
            fields_ui(ctx, out, ui, dialog);
            let ready = ctx.view.deed().is_some();
            let keys = ui.input(|it| it.modifiers.command && it.key_pressed(Key::Enter));
            ui.horizontal(|ui| {
                let button = egui::Button::new(RichText::new(verb(dialog)).strong());
                let button = ui.add_enabled(ready, button);
                spot(ui, "Confirm", &button);
                if button.clicked() || (ready && keys) {
                    out.push(Wish::Confirm);
                }
                if ui.button("Cancel").clicked() {
                    out.push(Wish::Ask(None));
                }
            });
        });
    if !open || ui.input(|it| it.key_pressed(Key::Escape)) {
        out.push(Wish::Ask(None));
    }
}

/// The fields of a dialog; the first of them has the focus until something is typed.
fn fields_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, dialog: &Dialog) {
    let mut first = None;
    for slot in dialog.slots() {
        let typed = match slot {
            Slot::Amount => {
                let quick = matches!(dialog, Dialog::Reward { .. });
                amount_ui(ctx, out, ui, quick);
                continue;
            }
            Slot::Percent => {
                percent_ui(ctx, out, ui);
                continue;
            }
            Slot::DepositTo => field(ctx, out, ui, *slot, "For whom: handle or id", 1),
            Slot::DepositTxn => field(ctx, out, ui, *slot, "Id of the transaction", 1),
            Slot::DepositNote => field(ctx, out, ui, *slot, "What else is known of it", 1),
            Slot::GroupName => field(ctx, out, ui, *slot, "What it is called", 1),
            Slot::GroupInvite => {
                let hint = "Whom you ask in: handles, with spaces between";
                field(ctx, out, ui, *slot, hint, 1)
            }
            _ => field(ctx, out, ui, *slot, "Why", 3),
        };
        first.get_or_insert(typed);
    }
    let mut slots = dialog.slots().iter();
    let nothing_yet = slots.all(|slot| ctx.view.draft(*slot).is_empty());
    let elsewhere = ui.ctx().memory(|it| it.focused().is_some());
    if let Some(first) = first.filter(|_| nothing_yet && !elsewhere) {
        first.request_focus();
    }
}

/// A field for an amount, and where that is meant some amounts at a click.
fn amount_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, quick: bool) {
    let amounts = ["1", "5", "10", "25"].into_iter().filter(|_| quick);
    ui.horizontal(|ui| {
        for amount in amounts {
            let chosen = ctx.view.draft(Slot::Amount) == amount;
            let button = ui.selectable_label(chosen, ai_dollars(amount));
            spot(ui, &format!("Amount {amount}"), &button);
            if button.clicked() {
                out.push(Wish::Type(Slot::Amount, amount.to_owned()));
            }
        }
    });
    field(ctx, out, ui, Slot::Amount, "aiDollars, such as 2.50", 1);
    let typed = ctx.view.amount();
    if !typed.is_empty() && !is_amount(&typed) {
        ui.weak("An amount has digits, perhaps a point and up to six more, and is above 0.");
    }
}

/// A field for a part of a reward, and some parts at a click.
fn percent_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    ui.horizontal(|ui| {
        for part in ["0", "25", "50", "75", "100"] {
            let chosen = ctx.view.draft(Slot::Percent) == part;
            let button = ui.selectable_label(chosen, format!("{part} %"));
            spot(ui, &format!("Percent {part}"), &button);
            if button.clicked() {
                out.push(Wish::Type(Slot::Percent, part.to_owned()));
            }
        }
    });
    let hint = "Hundredths for those who worked, such as 33.3";
    field(ctx, out, ui, Slot::Percent, hint, 1);
    let typed = ctx.view.draft(Slot::Percent);
    if !typed.is_empty() && permille(typed).is_none() {
        ui.weak("A part is a number from 0 to 100, perhaps with a point and one more digit.");
    }
}

fn title(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Report(..) => "Report",
        Dialog::Reward { penalty: false, .. } => "Reward",
        Dialog::Reward { penalty: true, .. } => "Penalise",
        Dialog::Measure(..) => "Moderate",
        Dialog::Settle(..) => "Settle",
        Dialog::Lift(_) => "Take back",
        Dialog::Stand(..) => "Agent",
        Dialog::Deposit => "Credit money from outside",
        Dialog::FoundGroup => "New group",
        Dialog::Sure(..) => "Really?",
    }
}

fn told(dialog: &Dialog) -> String {
    match dialog {
        Dialog::Report(_, what) => format!("Moderators will read why you report {what}."),
        Dialog::Reward {
            name,
            penalty: false,
            ..
        } => format!("{name} gets this much, and reads why."),
        Dialog::Reward { name, .. } => {
            format!("{name} loses this much, though not more than they have, and reads why.")
        }
        Dialog::Measure(action, _, what) => {
            format!("To {action} {what}: whom it touches reads why.")
        }
        Dialog::Settle(_, what) => format!(
            "{what}: so much of the reward goes to those who worked, the rest goes back to who announced it. Both sides read why, and the case is closed."
        ),
        Dialog::Lift(_) => "Whom it touched reads why.".to_owned(),
        Dialog::Stand(name, Standing::Suspend) => {
            format!("{name} is cut off at once, whatever keys it has. The audit log keeps why.")
        }
        Dialog::Stand(name, Standing::Quarantine) => {
            format!(
                "{name} is set apart until somebody has looked: it sees, and is not seen. The audit log keeps why."
            )
        }
        Dialog::Stand(name, Standing::Restore) => {
            format!("{name} may act again. The audit log keeps why.")
        }
        Dialog::Stand(name, Standing::Halt) => {
            format!(
                "No model is asked for {name} any more, and nobody acts through it; its body does by habit what it needs. It reads why."
            )
        }
        Dialog::Stand(name, Standing::Resume) => {
            format!("{name} thinks and acts again. It reads why.")
        }
        Dialog::Deposit => {
            "Each transaction counts once: the same id again is refused. The audit log keeps it."
                .to_owned()
        }
        Dialog::FoundGroup => {
            "Everybody in it reads what is written; who is asked in decides for themselves."
                .to_owned()
        }
        Dialog::Sure(_, what) => what.clone(),
    }
}

fn verb(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Report(..) => "Report it",
        Dialog::Reward { penalty: false, .. } => "Reward",
        Dialog::Reward { penalty: true, .. } => "Penalise",
        Dialog::Measure(..) | Dialog::Sure(..) => "Do it",
        Dialog::Settle(..) => "Settle it",
        Dialog::Lift(_) => "Take it back",
        Dialog::Deposit => "Credit it",
        Dialog::FoundGroup => "Found it",
        Dialog::Stand(_, standing) => match standing {
            Standing::Suspend => "Suspend",
            Standing::Quarantine => "Quarantine",
            Standing::Restore => "Restore",
            Standing::Halt => "Halt",
            Standing::Resume => "Let it go on",
        },
    }
}
