//! The bar at the top: clock, time controls, who looks, and the way to everything else.

use bevy_egui::egui;
use egui::{Button, RichText, Ui};

use super::layout::{is_there, title};
use super::narrow::narrow_ui;
use super::spoken::{named, sign_button, signed};
use super::words::{moment, sun};
use crate::options::PanelName;
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, Inbox, ViewContext, Wish};
use crate::wire::{TimeOrder, TimeState};

/// Speeds that can be chosen, as multiples of the scenario's pace.
pub(super) const SPEEDS: [f64; 5] = [0.25, 1.0, 2.0, 5.0, 20.0];
/// Room that the whole bar wants, in points; with less, most of it is in a menu.
const WIDE: f32 = 900.0;

/// The bar.
pub(super) fn bar_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if ui.available_width() < WIDE {
        narrow_ui(ctx, out, ui);
        return;
    }
    ui.horizontal(|ui| {
        let village = ctx.mirror.server.as_ref().map(|it| it.village.as_str());
        ui.label(RichText::new(village.unwrap_or("hamlet")).heading());
        ui.separator();
        clock(ctx, ui);
        time(ctx, out, ui);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            more(ctx, out, ui);
        });
    });
}

fn clock(ctx: &ViewContext<'_>, ui: &mut Ui) {
    let world = &ctx.mirror.world;
    if !world.known {
        ui.weak("…");
        return;
    }
    let text = format!("{} {}", sun(world.time), moment(world.time));
    let text = RichText::new(text).strong();
    let text = ui.label(text);
    text.on_hover_text(format!("Tick {}, event {}", world.tick, world.seq));
    ui.weak(format!(
        "{} here, {} awake",
        world.people.len(),
        world.awake()
    ));
}

fn time(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let Some(time) = &ctx.mirror.time else {
        return;
    };
    let paused = time.state == "paused";
    if let Some(reason) = &time.reason {
        ui.colored_label(theme::RED, format!("⏸ {reason}"));
    } else if paused {
        ui.colored_label(theme::ORANGE, "⏸ paused");
    }
    if ctx.mirror.replay().is_some() {
        ui.colored_label(theme::SKY, "⟲ replay");
    }
    let Some(time) = steerable(ctx) else {
        return;
    };
    ui.separator();
    switch(ctx, out, ui);
    step(time, out, ui);
    speeds(time, out, ui);
}

/// The village's time, where whoever looks may steer it and it has not come to its end.
pub(super) fn steerable<'a>(ctx: &ViewContext<'a>) -> Option<&'a TimeState> {
    let time = ctx.mirror.time.as_ref();
    time.filter(|it| ctx.mirror.may_steer() && it.state != "stopped")
}

/// Lets one tick go by while time stands still.
pub(super) fn step(time: &TimeState, out: &mut CommandQueue, ui: &mut Ui) {
    let step = ui.add_enabled(time.state == "paused", Button::new("⏭"));
    if signed(step, "One tick", ".").clicked() {
        out.push(Wish::Steer(TimeOrder::Step { ticks: 1 }));
    }
}

/// Stops time or lets it go on, where whoever looks may.
pub(super) fn switch(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let Some(time) = steerable(ctx) else {
        return;
    };
    let (sign, name, order) = if time.state == "paused" {
        ("▶", "Let time go on", TimeOrder::Resume)
    } else {
        ("⏸", "Stop time", TimeOrder::Pause)
    };
    if sign_button(ui, sign, name, "Space").clicked() {
        out.push(Wish::Steer(order));
    }
}

/// A speed as a multiple of the scenario's pace.
pub(super) fn speed_word(speed: f64) -> String {
    format!("{speed} ×")
}

fn speeds(time: &TimeState, out: &mut CommandQueue, ui: &mut Ui) {
    let shown = time
        .speed
        .map_or_else(|| "as fast as it can".to_owned(), speed_word);
    let combo = egui::ComboBox::from_id_salt("speed")
        .selected_text(shown)
        .width(64.0)
        .show_ui(ui, |ui| {
            for speed in SPEEDS {
                let now = time.speed == Some(speed);
                if ui.selectable_label(now, speed_word(speed)).clicked() {
                    out.push(Wish::Steer(TimeOrder::Speed { speed }));
                }
            }
        });
    named(&combo.response, "Speed");
}

/// From right to left.
fn more(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if sign_button(ui, "?", "Keys", "F1").clicked() {
        out.push(Wish::Help(true));
    }
    let (sign, name) = if ctx.view.dark {
        ("☀", "Light")
    } else {
        ("🌙", "Dark")
    };
    if sign_button(ui, sign, name, "").clicked() {
        out.push(Wish::Dark(!ctx.view.dark));
    }
    match &ctx.mirror.me {
        Some(me) => {
            ui.menu_button(format!("👤 {}", me.name), |ui| {
                ui.weak(&me.role);
                if ui.button("Sign out").clicked() {
                    out.push(Wish::SignOut);
                }
            });
        }
        None => {
            if ui.button("👤 Sign in").clicked() {
                out.push(Wish::SignInDialog(true));
            }
        }
    }
    if sign_button(ui, "🔍", "Search", "/").clicked() {
        out.push(Wish::Search(true));
    }
    if sign_button(ui, "⛶", "The whole town", "Home").clicked() {
        out.push(Wish::Fit);
    }
    ui.menu_button("Panels", |ui| {
        panels(ctx, out, ui);
        ui.separator();
        settings(ctx, out, ui);
    });
    news(ctx, out, ui);
}

/// The way to each panel.
pub(super) fn panels(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    for panel in PanelName::ALL {
        if is_there(ctx.mirror, panel) && ui.button(title(panel)).clicked() {
            out.push(Wish::Panel(panel));
        }
    }
}

/// What is waiting to be read.
pub(super) fn news(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.signed_in() || !ctx.mirror.has("notifications") {
        return;
    }
    out.push(Wish::Need(Page::Notices));
    let mail = &ctx.mirror.mail;
    for (sign, count, name, key, inbox) in [
        (
            "🔔",
            mail.unread_notices,
            "Notifications to read",
            "",
            Inbox::Notices,
        ),
        (
            "✉",
            mail.unread_letters + mail.unread_in_groups,
            "Messages to read",
            "M",
            Inbox::Letters,
        ),
    ] {
        let text = match count {
            0 => RichText::new(sign),
            count => RichText::new(format!("{sign} {count}"))
                .strong()
                .color(theme::ORANGE),
        };
        let name = format!("{name}: {count}");
        if sign_button(ui, text, &name, key).clicked() {
            out.push(Wish::Inbox(inbox));
            out.push(Wish::Panel(PanelName::Messages));
        }
    }
}

/// The size of letters, and whether the map moves at its edge.
pub(super) fn settings(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label("Size");
        for (sign, name, key, factor) in [
            ("−", "Smaller letters", "Ctrl+Minus", 1.0 / 1.1),
            ("+", "Larger letters", "Ctrl+Plus", 1.1),
        ] {
            if sign_button(ui, sign, name, key).clicked() {
                out.push(Wish::Scale(ctx.view.scale * factor));
            }
        }
        ui.weak(format!("{:.0} %", ctx.view.scale * 100.0));
    });
    let mut edge = ctx.view.edge_pan;
    if ui
        .checkbox(&mut edge, "The map moves at its edge")
        .changed()
    {
        out.push(Wish::EdgePan(edge));
    }
}
