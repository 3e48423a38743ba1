//! The bar at the top: clock, time controls, who looks, and the way to everything else.

use bevy_egui::egui;
use egui::{Button, RichText, Ui};

use super::words::moment;
use crate::options::PanelName;
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{TimeOrder, TimeState};

/// Speeds that can be chosen, as multiples of the scenario's pace.
const SPEEDS: [f64; 5] = [0.25, 1.0, 2.0, 5.0, 20.0];

/// The bar.
pub(super) fn bar_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
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
    let hour = hamlet_protocol::time::SimTime(world.time).hour();
    let sign = if (6..20).contains(&hour) {
        "☀"
    } else {
        "🌙"
    };
    let text = RichText::new(format!("{sign} {}", moment(world.time))).strong();
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
    if !ctx.mirror.may_steer() || time.state == "stopped" {
        return;
    }
    ui.separator();
    let (sign, name, order) = if paused {
        ("▶", "Let time go on (Space)", TimeOrder::Resume)
    } else {
        ("⏸", "Stop time (Space)", TimeOrder::Pause)
    };
    if ui.button(sign).on_hover_text(name).clicked() {
        out.push(Wish::Steer(order));
    }
    let step = ui.add_enabled(paused, Button::new("⏭"));
    if step.on_hover_text("One tick (.)").clicked() {
        out.push(Wish::Steer(TimeOrder::Step { ticks: 1 }));
    }
    speeds(time, out, ui);
}

fn speeds(time: &TimeState, out: &mut CommandQueue, ui: &mut Ui) {
    let word = |speed: f64| format!("{speed} ×");
    let shown = time
        .speed
        .map_or_else(|| "as fast as it can".to_owned(), word);
    egui::ComboBox::from_id_salt("speed")
        .selected_text(shown)
        .width(64.0)
        .show_ui(ui, |ui| {
            for speed in SPEEDS {
                let now = time.speed == Some(speed);
                if ui.selectable_label(now, word(speed)).clicked() {
                    out.push(Wish::Steer(TimeOrder::Speed { speed }));
                }
            }
        });
}

/// From right to left.
fn more(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if ui.button("?").on_hover_text("Keys (F1)").clicked() {
        out.push(Wish::Help(true));
    }
    let (sign, name) = if ctx.view.dark {
        ("☀", "Light")
    } else {
        ("🌙", "Dark")
    };
    if ui.button(sign).on_hover_text(name).clicked() {
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
    if ui.button("🔍").on_hover_text("Search (/)").clicked() {
        out.push(Wish::Search(true));
    }
    if ui
        .button("⛶")
        .on_hover_text("The whole town (Home)")
        .clicked()
    {
        out.push(Wish::Fit);
    }
    ui.menu_button("Panels", |ui| {
        for panel in PanelName::ALL {
            let there = match panel {
                PanelName::Admin => ctx.mirror.is_staff(),
                PanelName::Models => ctx.mirror.has("models"),
                _ => true,
            };
            if !there {
                continue;
            }
            if ui.button(super::layout::title(panel)).clicked() {
                out.push(Wish::Panel(panel));
            }
        }
        ui.separator();
        settings(ctx, out, ui);
    });
    news(ctx, out, ui);
}

/// What is waiting to be read.
fn news(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.signed_in() || !ctx.mirror.has("notifications") {
        return;
    }
    out.push(Wish::Need(Page::Notices));
    let mail = &ctx.mirror.mail;
    for (sign, count, name, notices) in [
        ("🔔", mail.unread_notices, "Notifications", true),
        (
            "✉",
            mail.unread_letters + mail.unread_in_groups,
            "Messages (M)",
            false,
        ),
    ] {
        let text = match count {
            0 => RichText::new(sign),
            count => RichText::new(format!("{sign} {count}"))
                .strong()
                .color(theme::ORANGE),
        };
        if ui.button(text).on_hover_text(name).clicked() {
            out.push(Wish::Notices(notices));
            out.push(Wish::Panel(PanelName::Messages));
        }
    }
}

/// The size of letters, and whether the map moves at its edge.
fn settings(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    ui.horizontal(|ui| {
        ui.label("Size");
        for (sign, factor) in [("−", 1.0 / 1.1), ("+", 1.1)] {
            if ui.button(sign).clicked() {
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
