//! The bar of a narrow window: the hour, the switch of time, and everything else in one menu.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};

use super::bar::{SPEEDS, news, panels, settings, speed_word, steerable, step, switch};
use super::layout::is_small;
use super::spoken::{named, sign_button};
use super::words::{hour, sun};
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::TimeOrder;

/// Room for the way to the search beside the menu, in points.
const SEARCH_ROOM: f32 = 240.0;
/// Room for what is waiting to be read as well.
const NEWS_ROOM: f32 = 380.0;
/// Width of the menu at most, in points.
const MENU_WIDTH: f32 = 300.0;

/// The bar where there is little room.
pub(super) fn narrow_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let room = ui.available_width();
    ui.horizontal(|ui| {
        let world = &ctx.mirror.world;
        if world.known {
            let text = format!("{} {}", sun(world.time), hour(world.time));
            ui.label(RichText::new(text).strong());
        }
        state(ctx, ui);
        switch(ctx, out, ui);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let menu = ui.menu_button("☰", |ui| everything(ctx, out, ui, room));
            named(&menu.response, "Everything else");
            let searched = room >= SEARCH_ROOM && sign_button(ui, "🔍", "Search", "/").clicked();
            if searched {
                out.push(Wish::Search(true));
            }
            if room >= NEWS_ROOM {
                news(ctx, out, ui);
            }
        });
    });
}

/// A sign where time does not simply go on; why, under the pointer.
fn state(ctx: &ViewContext<'_>, ui: &mut Ui) {
    if let Some(reason) = ctx.mirror.time.as_ref().and_then(|it| it.reason.as_ref()) {
        ui.colored_label(theme::RED, "⚠").on_hover_text(reason);
    }
    if ctx.mirror.replay().is_some() {
        ui.colored_label(theme::SKY, "⟲").on_hover_text("A replay");
    }
}

/// All that a bar with this much room has not.
fn everything(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, room: f32) {
    let screen = ui.ctx().content_rect().size();
    ui.set_max_width(MENU_WIDTH.min(screen.x - 30.0));
    ScrollArea::vertical()
        .max_height((screen.y - 70.0).max(60.0))
        .show(ui, |ui| {
            // In a small window they stand below the bar.
            if !is_small(ui.ctx()) {
                ui.horizontal_wrapped(|ui| panels(ctx, out, ui));
                ui.separator();
            }
            ui.horizontal_wrapped(|ui| {
                let (light, dark) = (!ctx.view.dark, ctx.view.dark);
                let shade = if dark { "☀ Light" } else { "🌙 Dark" };
                for (word, wish) in [
                    ("🔍 Search", Wish::Search(true)),
                    ("⛶ The whole town", Wish::Fit),
                    (shade, Wish::Dark(light)),
                    ("? Keys", Wish::Help(true)),
                ] {
                    if ui.button(word).clicked() {
                        out.push(wish);
                    }
                }
                who(ctx, out, ui);
                if room < NEWS_ROOM {
                    news(ctx, out, ui);
                }
            });
            steps(ctx, out, ui);
            ui.separator();
            settings(ctx, out, ui);
        });
}

fn who(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    match &ctx.mirror.me {
        Some(me) => {
            let word = format!("👤 Sign out {}", me.name);
            if ui.button(word).clicked() {
                out.push(Wish::SignOut);
            }
        }
        None => {
            if ui.button("👤 Sign in").clicked() {
                out.push(Wish::SignInDialog(true));
            }
        }
    }
}

/// One tick, and the speeds.
fn steps(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let Some(time) = steerable(ctx) else {
        return;
    };
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        step(time, out, ui);
        for speed in SPEEDS {
            let now = time.speed == Some(speed);
            if ui.selectable_label(now, speed_word(speed)).clicked() {
                out.push(Wish::Steer(TimeOrder::Speed { speed }));
            }
        }
    });
}
