//! The map under the pointer: dragging, coming closer, choosing somebody; and all that hangs over it.

use bevy_egui::egui;
use egui::{Color32, Pos2, Rect, Sense, Stroke, Ui, Vec2};

use super::{bubbles, minimap, steps};
use crate::mirror::Person;
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};

/// Points that an arrow key moves the map in a second.
const ARROW_POINTS: f32 = 700.0;
/// Points from the map's edge within which it moves by itself.
const EDGE_POINTS: f32 = 16.0;
/// How far from somebody a click still means them, in tiles and in points.
const REACH: (f32, f32) = (0.75, 9.0);

/// The map, in whatever room is left for it.
pub(super) fn town_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let rect = ui.max_rect();
    let touched = ui.interact(rect, steps::map_id(), Sense::click_and_drag());
    steps::speak(ctx, ui, &touched);
    let mut camera = ctx.view.camera;
    camera.rect = rect;
    let mut moved = false;
    let boxed = boxing(ctx, out, ui, &touched);
    if touched.dragged() && boxed.is_none() {
        camera.drag(touched.drag_delta());
        moved = true;
    }
    let pointer = touched.hover_pos();
    if let Some(at) = pointer {
        let (scroll, pinch) = ui.input(|it| (it.smooth_scroll_delta().y, it.zoom_delta()));
        let factor = pinch * (scroll * 0.004).exp();
        if (factor - 1.0).abs() > 1e-4 {
            camera.zoom_by(factor, at);
        }
    }
    let arrows = arrows(ui) + edge(ctx, ui, pointer);
    if arrows != Vec2::ZERO {
        camera.drag(-arrows);
        moved = true;
    }
    if moved {
        out.push(Wish::Follow(false));
    }
    if camera != ctx.view.camera {
        out.push(Wish::Camera(camera));
    }
    if ctx.mirror.has("moods") {
        out.push(Wish::Need(Page::Moods));
    }
    let painter = ui.painter().with_clip_rect(rect);
    bubbles::draw(ctx, ui, &painter);
    minimap::minimap_ui(ctx, out, ui, rect);
    if let Some(boxed) = boxed {
        painter.rect_filled(boxed, 2, theme::SKY.gamma_multiply(0.2));
        let stroke = Stroke::new(1.5, theme::SKY);
        painter.rect_stroke(boxed, 2, stroke, egui::StrokeKind::Inside);
    }
    let under = pointer.and_then(|at| under(ctx, at));
    if let Some(person) = under {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        outline(ctx, &painter, person);
    }
    if touched.has_focus() {
        let stroke = ui.visuals().selection.stroke;
        painter.rect_stroke(rect, 0, stroke, egui::StrokeKind::Inside);
    }
    if steps::is_pressed(&touched) {
        out.push(Wish::Select(steps::nearest(ctx)));
    } else if touched.clicked() {
        out.push(Wish::Select(under.map(|it| it.id)));
    }
    if touched.double_clicked()
        && let Some(person) = under
    {
        out.push(Wish::ShowOnMap(person.id));
        out.push(Wish::Follow(true));
    }
    what_is_there(ctx, ui, pointer);
    if !ctx.mirror.world.known {
        let text = "The town comes into the picture as soon as the village tells of it.";
        painter.text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            text,
            egui::FontId::proportional(15.0),
            Color32::from_gray(200),
        );
    }
}

/// How far the arrow keys ask to go in this frame.
fn arrows(ui: &Ui) -> Vec2 {
    if steps::is_elsewhere(ui) {
        return Vec2::ZERO;
    }
    ui.input(|it| {
        // With Alt they are for something else.
        if it.modifiers.alt {
            return Vec2::ZERO;
        }
        let far = ARROW_POINTS * it.stable_dt.min(0.1);
        let key = |key| f32::from(u8::from(it.key_down(key)));
        Vec2::new(
            key(egui::Key::ArrowRight) - key(egui::Key::ArrowLeft),
            key(egui::Key::ArrowDown) - key(egui::Key::ArrowUp),
        ) * far
    })
}

/// How far the map goes by itself, where the pointer is at its edge and somebody wants that.
fn edge(ctx: &ViewContext<'_>, ui: &Ui, pointer: Option<Pos2>) -> Vec2 {
    let rect = ui.max_rect();
    let Some(at) = pointer.filter(|_| ctx.view.edge_pan) else {
        return Vec2::ZERO;
    };
    let far = ARROW_POINTS * ui.input(|it| it.stable_dt.min(0.1));
    let side = |at: f32, low: f32, high: f32| {
        f32::from(u8::from(high - at < EDGE_POINTS)) - f32::from(u8::from(at - low < EDGE_POINTS))
    };
    Vec2::new(
        side(at.x, rect.min.x, rect.max.x),
        side(at.y, rect.min.y, rect.max.y),
    ) * far
}

/// The box that is being drawn, with Shift or the right button; whoever is in it is chosen when it is let go.
fn boxing(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &Ui,
    touched: &egui::Response,
) -> Option<Rect> {
    let shift = ui.input(|it| it.modifiers.shift);
    let right = egui::PointerButton::Secondary;
    let drawn = touched.dragged_by(right) || (touched.dragged() && shift);
    let done = touched.drag_stopped_by(right) || (touched.drag_stopped() && shift);
    if !drawn && !done {
        return None;
    }
    // The press may be over by now.
    let id = touched.id.with("box");
    let from = ui.input(|it| it.pointer.press_origin());
    let from = from.or_else(|| ui.data(|it| it.get_temp(id)))?;
    ui.data_mut(|it| it.insert_temp(id, from));
    let boxed = Rect::from_two_pos(from, ui.input(|it| it.pointer.latest_pos())?);
    if done {
        let inside = |person: &&Person| {
            let (x, y) = person.at(ctx.now);
            boxed.contains(ctx.view.camera.screen(x + 0.5, y + 0.4))
        };
        let people = ctx.mirror.world.people.values().filter(inside);
        out.push(Wish::Choose(people.map(|it| it.id).collect()));
    }
    Some(boxed)
}

/// Whoever is meant by a point of the screen.
fn under<'a>(ctx: &ViewContext<'a>, at: Pos2) -> Option<&'a Person> {
    let camera = &ctx.view.camera;
    let reach = REACH.0.max(REACH.1 / camera.zoom);
    let tile = camera.tile(at);
    let far = |person: &Person| {
        let (x, y) = person.at(ctx.now);
        // The middle of a body is a little above its tile.
        Vec2::new(x + 0.5 - tile.x, y + 0.3 - tile.y).length()
    };
    let near = ctx.mirror.world.people.values();
    let near = near.map(|it| (far(it), it)).filter(|it| it.0 < reach);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|it| it.1)
}

fn outline(ctx: &ViewContext<'_>, painter: &egui::Painter, person: &Person) {
    let (x, y) = person.at(ctx.now);
    let zoom = ctx.view.camera.zoom;
    let middle = ctx.view.camera.screen(x + 0.5, y + 0.3);
    let size = Vec2::new(zoom, zoom * 1.5).max(Vec2::splat(10.0));
    let rect = Rect::from_center_size(middle, size);
    let stroke = Stroke::new(1.5, theme::PAPER);
    painter.rect_stroke(rect, 4, stroke, egui::StrokeKind::Outside);
}

/// A line in the corner: what the tile under the pointer is called.
fn what_is_there(ctx: &ViewContext<'_>, ui: &Ui, pointer: Option<Pos2>) {
    let Some(tile) = pointer.map(|at| ctx.view.camera.tile(at)) else {
        return;
    };
    if tile.x < 0.0 || tile.y < 0.0 {
        return;
    }
    if let Some(name) = ctx.mirror.place_at(tile.x as u16, tile.y as u16) {
        let at = ctx.view.camera.rect.left_bottom() + Vec2::new(12.0, -10.0);
        let text = format!("{name} · {}, {}", tile.x as u16, tile.y as u16);
        super::words::rimmed(
            ui.painter(),
            at,
            egui::Align2::LEFT_BOTTOM,
            &text,
            12.0,
            theme::PAPER,
        );
    }
}
