//! What was said in the town of late, and what happened.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};

use super::words::{hour, name_link};
use crate::view::{CommandQueue, ViewContext};

/// Lines that are shown.
const SHOWN_MAX: usize = 150;

/// The talk panel: the newest line is the lowest.
pub(super) fn talk_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let world = &ctx.mirror.world;
    if world.lines.is_empty() {
        ui.weak("Nobody has said anything since this window was opened.");
        return;
    }
    let first = world.lines.len().saturating_sub(SHOWN_MAX);
    ScrollArea::vertical()
        .auto_shrink([false, false])
        .stick_to_bottom(true)
        .show(ui, |ui| {
            for line in world.lines.iter().skip(first) {
                ui.horizontal_wrapped(|ui| {
                    ui.label(RichText::new(hour(line.time)).weak().small());
                    name_link(ui, out, ctx.mirror, Some(line.agent), &line.name);
                    ui.add(egui::Label::new(&line.text).wrap());
                });
            }
        });
}
