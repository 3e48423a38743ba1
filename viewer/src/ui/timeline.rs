//! The line at the bottom: what happened of late, as marks; in a replay the whole run, to go to any moment of it.

mod hand;

use bevy_egui::egui;
use egui::{Color32, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2};

use super::words::{hour, moment};
use crate::mirror::MarkKind;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{ReplaySpan, TimeOrder};

/// Height in points.
const HEIGHT: f32 = 26.0;
/// Span of sim time in seconds, while the village lives.
const SPAN_SECS: i64 = 6 * 3_600;
/// Points between two hours that are written.
const HOUR_POINTS: f32 = 46.0;
/// Seconds between two seeks while the hand moves.
const SEEK_SECS: f64 = 0.15;

/// The stretch of time that is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    from: i64,
    until: i64,
    rect: Rect,
}

impl Stretch {
    fn x(&self, time: i64) -> f32 {
        let part = (time - self.from) as f32 / (self.until - self.from).max(1) as f32;
        self.rect.min.x + part.clamp(0.0, 1.0) * self.rect.width()
    }

    fn time(&self, x: f32) -> i64 {
        let part = ((x - self.rect.min.x) / self.rect.width()).clamp(0.0, 1.0);
        self.from + (f64::from(part) * (self.until - self.from) as f64) as i64
    }
}

/// The line.
pub(super) fn timeline_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let size = Vec2::new(ui.available_width(), HEIGHT);
    let replay = ctx.mirror.replay();
    let may_seek = replay.is_some() && ctx.mirror.may_steer();
    let sense = if may_seek {
        Sense::click_and_drag()
    } else {
        Sense::hover()
    };
    let (rect, touched) = ui.allocate_exact_size(size, sense);
    let now = ctx.mirror.world.time;
    let secs = ctx
        .mirror
        .time
        .as_ref()
        .map_or(1, |it| it.sim_secs_per_tick);
    let stretch = match replay {
        Some(span) => Stretch {
            from: span.first_time,
            until: time_of(span, secs, span.last_tick),
            rect,
        },
        None => Stretch {
            from: now - SPAN_SECS,
            until: now,
            rect,
        },
    };
    hours(ui, stretch);
    let near = marks(ctx, ui, stretch, touched.hover_pos());
    let hand = stretch.x(now).min(rect.max.x - 1.0);
    ui.painter()
        .vline(hand, rect.y_range(), Stroke::new(2.0, theme::RED));
    if let Some(span) = replay {
        seek(ctx, out, ui, &touched, stretch, span, secs);
        if may_seek {
            hand::slide(ctx, out, ui, &touched, span, secs);
            if touched.has_focus() {
                let stroke = ui.visuals().selection.stroke;
                ui.painter()
                    .rect_stroke(rect, 2, stroke, egui::StrokeKind::Inside);
            }
        }
        if let Some(at) = touched.hover_pos() {
            let there = moment(stretch.time(at.x));
            let near = near.map(|it| format!("\n{it}")).unwrap_or_default();
            touched.on_hover_text(format!("{there}{near}"));
        }
    } else {
        hand::tell(ctx, &touched);
        if let Some(near) = near {
            touched.on_hover_text(near);
        }
    }
}

/// Sim time of a tick.
fn time_of(span: ReplaySpan, secs: u32, tick: u64) -> i64 {
    span.first_time + tick.saturating_sub(span.first_tick) as i64 * i64::from(secs)
}

/// Goes to the moment under the hand.
fn seek(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &Ui,
    touched: &Response,
    stretch: Stretch,
    span: ReplaySpan,
    secs: u32,
) {
    let Some(at) = touched.interact_pointer_pos() else {
        return;
    };
    let id = touched.id.with("sought");
    let last = ui
        .data(|it| it.get_temp::<f64>(id))
        .unwrap_or(f64::NEG_INFINITY);
    let moving = touched.dragged() && ctx.now - last > SEEK_SECS;
    if moving || touched.clicked() || touched.drag_stopped() {
        ui.data_mut(|it| it.insert_temp(id, ctx.now));
        let ticks = (stretch.time(at.x) - span.first_time) / i64::from(secs.max(1));
        let tick = span.first_tick + u64::try_from(ticks).unwrap_or(0);
        let tick = tick.clamp(span.first_tick, span.last_tick);
        out.push(Wish::Steer(TimeOrder::Seek { tick }));
    }
}

/// Full hours with their words, as many as there is room for.
fn hours(ui: &Ui, stretch: Stretch) {
    let (text, line) = (
        ui.visuals().weak_text_color(),
        ui.visuals().widgets.noninteractive.bg_stroke,
    );
    let painter = ui.painter();
    let base = stretch.rect.max.y - 4.0;
    painter.hline(stretch.rect.x_range(), base, line);
    let hours = (stretch.until - stretch.from).max(1) as f32 / 3_600.0;
    let fits = (stretch.rect.width() / HOUR_POINTS).max(1.0);
    let every = [1, 2, 3, 6, 12, 24, 48, 168]
        .into_iter()
        .find(|it| hours / *it as f32 <= fits)
        .unwrap_or(720);
    let every_secs = every * 3_600;
    let mut full = stretch.from - stretch.from.rem_euclid(every_secs) + every_secs;
    while full < stretch.until {
        let at = Pos2::new(stretch.x(full), base);
        painter.vline(at.x, base - 5.0..=base, line);
        let words = if every < 24 { hour(full) } else { moment(full) };
        painter.text(
            at - Vec2::new(-3.0, 3.0),
            egui::Align2::LEFT_BOTTOM,
            words,
            egui::FontId::proportional(10.0),
            text,
        );
        full += every_secs;
    }
}

/// What happened, as marks; gives back what is under the pointer, in words.
fn marks(
    ctx: &ViewContext<'_>,
    ui: &Ui,
    stretch: Stretch,
    pointer: Option<Pos2>,
) -> Option<String> {
    let base = stretch.rect.max.y - 4.0;
    let mut near: Option<(f32, &str, i64)> = None;
    for mark in &ctx.mirror.world.marks {
        let time = mark.time.unwrap_or(stretch.until);
        if time < stretch.from {
            continue;
        }
        let (color, height) = look(mark.kind);
        let at = stretch.x(time);
        let rect = Rect::from_min_max(
            Pos2::new(at - 1.0, base - height),
            Pos2::new(at + 1.0, base),
        );
        ui.painter().rect_filled(rect, 1, color);
        if let Some(pointer) = pointer {
            let far = (pointer.x - at).abs();
            if far < 6.0 && near.is_none_or(|it| far <= it.0) {
                near = Some((far, &mark.text, time));
            }
        }
    }
    near.map(|(_, text, time)| format!("{}  {text}", hour(time)))
}

/// Colour and height of a mark: no meaning by colour alone.
fn look(kind: MarkKind) -> (Color32, f32) {
    match kind {
        MarkKind::Talk => (theme::ORANGE, 7.0),
        MarkKind::Deed => (theme::GREEN, 12.0),
        MarkKind::Post => (theme::BLUE, 18.0),
        MarkKind::Hand => (theme::PLUM, 21.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_the_line_is_a_moment_and_back() {
        let rect = Rect::from_min_size(Pos2::new(100.0, 0.0), Vec2::new(500.0, 26.0));
        let stretch = Stretch {
            from: 1_000,
            until: 11_000,
            rect,
        };
        assert_eq!(stretch.x(6_000), 350.0);
        assert_eq!(stretch.time(350.0), 6_000);
        assert_eq!(stretch.time(-50.0), 1_000);
        let span = ReplaySpan {
            first_tick: 10,
            last_tick: 20,
            first_time: 1_000,
        };
        assert_eq!(time_of(span, 6, 20), 1_060);
    }
}
