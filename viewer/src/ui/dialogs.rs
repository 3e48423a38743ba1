//! The sheet of keys, and the dialog to sign in.

use bevy_egui::egui;
use egui::{Align2, Key, RichText, ScrollArea, Ui, Window};

use super::board::field;
use super::keys::KEYS;
use crate::view::{CommandQueue, Slot, ViewContext, Wish};

/// The sheet of keys.
pub(super) fn help_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &Ui) {
    if !ctx.view.help {
        return;
    }
    let mut open = true;
    Window::new("Keys")
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, [0.0, 0.0])
        .show(ui.ctx(), |ui| {
            let screen = ui.ctx().content_rect().size();
            ScrollArea::both()
                .max_width((screen.x - 50.0).max(80.0))
                .max_height((screen.y - 90.0).max(60.0))
                .show(ui, keys_ui);
        });
    if !open || ui.input(|it| it.key_pressed(Key::Escape)) {
        out.push(Wish::Help(false));
    }
}

fn keys_ui(ui: &mut Ui) {
    egui::Grid::new("keys")
        .num_columns(2)
        .striped(true)
        .show(ui, |ui| {
            for (key, what) in KEYS {
                ui.label(RichText::new(*key).monospace().strong());
                ui.label(*what);
                ui.end_row();
            }
        });
}

/// The dialog to sign in.
pub(super) fn sign_in_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &Ui) {
    if !ctx.view.signing_in {
        return;
    }
    let mut open = true;
    Window::new("Sign in")
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, [0.0, 0.0])
        .show(ui.ctx(), |ui| {
            ui.set_width(280.0_f32.min(ui.ctx().content_rect().width() - 50.0));
            ui.label(format!("To the village at {}", ctx.mirror.link.url));
            field(ctx, out, ui, Slot::SignInName, "Name", 1);
            let password = field(ctx, out, ui, Slot::SignInPassword, "Password", 1);
            let enter = password.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
            let typed = [Slot::SignInName, Slot::SignInPassword];
            let ready = typed.iter().all(|slot| !ctx.view.draft(*slot).is_empty());
            let button = ui.add_enabled(ready, egui::Button::new("Sign in"));
            if button.clicked() || (enter && ready) {
                out.push(Wish::SignIn);
            }
            ui.weak("Looking on needs no account where the village allows it.");
        });
    if !open || ui.input(|it| it.key_pressed(Key::Escape)) {
        out.push(Wish::SignInDialog(false));
    }
}
