//! The line at the bottom: what happened of late, as marks.

use bevy_egui::egui;
use egui::{Color32, Pos2, Rect, Sense, Stroke, Ui, Vec2};

use super::words::hour;
use crate::mirror::MarkKind;
use crate::theme;
use crate::view::{CommandQueue, ViewContext};

/// Height in points.
const HEIGHT: f32 = 26.0;
/// Span of sim time in seconds.
const SPAN_SECS: i64 = 6 * 3_600;

/// The line.
pub(super) fn timeline_ui(ctx: &ViewContext<'_>, _out: &mut CommandQueue, ui: &mut Ui) {
    let size = Vec2::new(ui.available_width(), HEIGHT);
    let (rect, touched) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter();
    let (text, line) = (
        ui.visuals().weak_text_color(),
        ui.visuals().widgets.noninteractive.bg_stroke,
    );
    let now = ctx.mirror.world.time;
    let from = now - SPAN_SECS;
    let x = |time: i64| {
        let part = (time - from) as f32 / SPAN_SECS as f32;
        rect.min.x + part.clamp(0.0, 1.0) * rect.width()
    };
    let base = rect.max.y - 4.0;
    painter.hline(rect.x_range(), base, line);
    let mut full = from - from.rem_euclid(3_600) + 3_600;
    while full <= now {
        let at = Pos2::new(x(full), base);
        painter.vline(at.x, base - 5.0..=base, line);
        let font = egui::FontId::proportional(10.0);
        painter.text(
            at - Vec2::new(-3.0, 3.0),
            egui::Align2::LEFT_BOTTOM,
            hour(full),
            font,
            text,
        );
        full += 3_600;
    }
    let pointer = touched.hover_pos();
    let mut near: Option<(f32, &str, i64)> = None;
    for mark in &ctx.mirror.world.marks {
        let time = mark.time.unwrap_or(now);
        if time < from {
            continue;
        }
        let (color, height) = look(mark.kind);
        let at = x(time);
        let rect = Rect::from_min_max(
            Pos2::new(at - 1.0, base - height),
            Pos2::new(at + 1.0, base),
        );
        painter.rect_filled(rect, 1, color);
        if let Some(pointer) = pointer {
            let far = (pointer.x - at).abs();
            if far < 6.0 && near.is_none_or(|it| far <= it.0) {
                near = Some((far, &mark.text, time));
            }
        }
    }
    painter.vline(
        rect.max.x - 1.0,
        rect.y_range(),
        Stroke::new(1.5, theme::RED),
    );
    if let Some((_, text, time)) = near {
        touched.on_hover_text(format!("{}  {text}", hour(time)));
    }
}

/// Colour and height of a mark: no meaning by colour alone.
fn look(kind: MarkKind) -> (Color32, f32) {
    match kind {
        MarkKind::Talk => (theme::ORANGE, 7.0),
        MarkKind::Deed => (theme::GREEN, 12.0),
        MarkKind::Post => (theme::BLUE, 18.0),
    }
}
