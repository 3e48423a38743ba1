//! Dialogs that ask what it takes before something is done: why, how much, whether it is really meant.

use bevy_egui::egui;
use egui::{Align2, Key, RichText, Ui, Window};

use super::board::field;
use crate::deeds::Standing;
use crate::status::spot;
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish, is_amount};

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
            if let Dialog::Reward { .. } = dialog {
                amount_ui(ctx, out, ui);
            }
            let needs_reason = !matches!(dialog, Dialog::Sure(..));
            if needs_reason {
                let typed = field(ctx, out, ui, Slot::Reason, "Why", 3);
                let nothing_yet = ctx.view.draft(Slot::Reason).is_empty()
                    && ctx.view.draft(Slot::Amount).is_empty();
                let elsewhere = ui.ctx().memory(|it| it.focused().is_some());
                if nothing_yet && !elsewhere {
                    typed.request_focus();
                }
            }
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

/// Amounts at a click, and a field for any other.
fn amount_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    ui.horizontal(|ui| {
        for amount in ["1", "5", "10", "25"] {
            let chosen = ctx.view.draft(Slot::Amount) == amount;
            if ui
                .selectable_label(chosen, format!("{amount} a$"))
                .clicked()
            {
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

fn title(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Report(..) => "Report",
        Dialog::Reward { penalty: false, .. } => "Reward",
        Dialog::Reward { penalty: true, .. } => "Penalise",
        Dialog::Measure(..) => "Moderate",
        Dialog::Lift(_) => "Take back",
        Dialog::Stand(..) => "Agent",
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
        Dialog::Lift(_) => "Whom it touched reads why.".to_owned(),
        Dialog::Stand(name, Standing::Suspend) => {
            format!("{name} is cut off at once, whatever keys it has. The audit log keeps why.")
        }
        Dialog::Stand(name, Standing::Quarantine) => {
            format!("{name} is set apart until somebody has looked. The audit log keeps why.")
        }
        Dialog::Stand(name, Standing::Restore) => {
            format!("{name} may act again. The audit log keeps why.")
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
        Dialog::Lift(_) => "Take it back",
        Dialog::Stand(_, standing) => match standing {
            Standing::Suspend => "Suspend",
            Standing::Quarantine => "Quarantine",
            Standing::Restore => "Restore",
        },
    }
}
