//! Toasts, and the banner when the village does not answer.

use bevy_egui::egui;
use egui::{Align2, Area, Color32, Frame, Id, Margin, RichText, Ui, Vec2};

use super::spoken::{signed, told};
use crate::theme;
use crate::view::{CommandQueue, Tone, ViewContext, Wish};

/// Width of a toast in points, where the window has it.
const TOAST_WIDTH: f32 = 340.0;

/// The banner, where there is something wrong with the line.
pub(super) fn banner_ui(ctx: &ViewContext<'_>, ui: &mut Ui) {
    let Some(text) = ctx.mirror.link.sentence() else {
        return;
    };
    Frame::new()
        .fill(theme::ORANGE)
        .inner_margin(Margin::symmetric(12, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let text = RichText::new(format!("⚠  {text}"));
            let text = ui.label(text.color(theme::INK).strong());
            told(&text, true);
        });
}

/// What is said in passing.
pub(super) fn toasts_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &Ui) {
    if ctx.view.toasts.is_empty() {
        return;
    }
    let width = TOAST_WIDTH.min(ui.ctx().content_rect().width() - 40.0);
    Area::new(Id::new("toasts"))
        .anchor(Align2::CENTER_BOTTOM, Vec2::new(0.0, -46.0))
        .order(egui::Order::Foreground)
        .show(ui.ctx(), |ui| {
            for toast in &ctx.view.toasts {
                let (sign, edge) = match toast.tone {
                    Tone::Done => ("✔", theme::GREEN),
                    Tone::Trouble => ("⚠", theme::RED),
                };
                let frame = Frame::popup(ui.style()).stroke(egui::Stroke::new(1.5, edge));
                frame.show(ui, |ui| {
                    ui.set_width(width);
                    ui.horizontal_top(|ui| {
                        ui.label(RichText::new(sign).color(edge).strong());
                        let text = egui::Label::new(&toast.text).wrap();
                        let text = ui.add_sized(Vec2::new(width - 60.0, 0.0), text);
                        told(&text, toast.tone == Tone::Trouble);
                        let close = egui::Button::new("✖").fill(Color32::TRANSPARENT);
                        if signed(ui.add(close), "Read", "").clicked() {
                            out.push(Wish::Dismiss(toast.no));
                        }
                    });
                });
            }
        });
}
