//! What hangs over the map: names, signs of what people do, speech bubbles, circles of conversations, names of places.

use bevy_egui::egui;
use egui::{Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2};
use hamlet_protocol::agent::{Activity, Presence};

use super::words::{rimmed, short};
use crate::mirror::{MOMENT_SECS, Person};
use crate::theme;
use crate::view::ViewContext;

/// People with names and signs at once; beyond it there are only bodies.
const NAMED_MAX: usize = 400;
/// Bubbles on the screen at once.
const BUBBLES_SEEN_MAX: usize = 60;

/// Draws everything that hangs over the map.
pub(super) fn draw(ctx: &ViewContext<'_>, ui: &Ui, painter: &Painter) {
    let seen = ctx.view.camera.seen().expand(2.0);
    let visible = |person: &&Person| {
        let (x, y) = person.at(ctx.now);
        seen.contains(Pos2::new(x, y))
    };
    let mut people: Vec<&Person> = ctx.mirror.world.people.values().filter(visible).collect();
    // Whoever is selected first, then the others from top to bottom: where there is no room for all, they have it.
    people.sort_by_key(|it| (ctx.view.selected != Some(it.id), it.y, it.no));
    circles(ctx, painter);
    selection(ctx, painter);
    let mut taken = places(ctx, painter);
    if ctx.view.camera.zoom >= theme::NAMES_FROM {
        for person in people.iter().take(NAMED_MAX) {
            label(ctx, painter, person, &mut taken);
        }
    }
    if ctx.view.camera.zoom >= theme::BUBBLES_FROM {
        moments(ctx, painter);
        let mut taken: Vec<Rect> = Vec::new();
        let mut count = 0;
        for person in &people {
            count += bubbles(ctx, ui, painter, person, &mut taken);
            if count >= BUBBLES_SEEN_MAX {
                break;
            }
        }
    }
}

/// Where somebody's head is on the screen.
fn head(ctx: &ViewContext<'_>, person: &Person) -> Pos2 {
    let (x, y) = person.at(ctx.now);
    ctx.view.camera.screen(x + 0.5, y - 0.35)
}

/// A name below somebody's feet, where no other stands already, and a sign of what they do.
fn label(ctx: &ViewContext<'_>, painter: &Painter, person: &Person, taken: &mut Vec<Rect>) {
    let chosen = ctx.view.selected == Some(person.id);
    let color = match (chosen, person.presence) {
        (true, _) => theme::YELLOW,
        (false, Presence::Idle) => Color32::from_gray(190),
        (false, _) => Color32::WHITE,
    };
    let (x, y) = person.at(ctx.now);
    let feet = ctx.view.camera.screen(x + 0.5, y + 1.06);
    tag(
        painter,
        feet,
        Align2::CENTER_TOP,
        person.title(),
        11.0,
        color,
        taken,
    );
    let sign = theme::sign(person.activity);
    if !sign.is_empty() && person.activity != Activity::Walking {
        let bob = ((ctx.now * 2.0 + f64::from(person.no)).sin() * 1.5) as f32;
        let at = head(ctx, person) + Vec2::new(ctx.view.camera.zoom * 0.42, bob);
        rimmed(painter, at, Align2::LEFT_BOTTOM, sign, 13.0, Color32::WHITE);
    }
    let face = ctx.mirror.minds.faces.get(&person.no);
    if let Some(face) = face.filter(|_| person.activity != Activity::Sleeping) {
        let at = head(ctx, person) - Vec2::new(ctx.view.camera.zoom * 0.42, 0.0);
        let sign = theme::emote(*face);
        rimmed(painter, at, Align2::RIGHT_BOTTOM, sign, 13.0, theme::YELLOW);
    }
}

/// What happens to somebody at this moment, rising from their head until it is gone.
fn moments(ctx: &ViewContext<'_>, painter: &Painter) {
    let moments = ctx.mirror.world.moments.iter();
    for moment in moments {
        let Some(person) = ctx.mirror.world.person(moment.agent) else {
            continue;
        };
        let age = ((ctx.now - moment.at) / MOMENT_SECS).clamp(0.0, 1.0) as f32;
        let rise = Vec2::new(0.0, 10.0 + 44.0 * age);
        let color = if moment.good {
            theme::YELLOW
        } else {
            theme::RED
        };
        let alpha = ((1.0 - age) * 3.0).min(1.0);
        rimmed(
            painter,
            head(ctx, person) - rise,
            Align2::CENTER_BOTTOM,
            &moment.text,
            15.0,
            color.gamma_multiply(alpha),
        );
    }
}

/// A text on a dark ground of its own, unless something stands there already. Whether it was written.
fn tag(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    text: &str,
    size: f32,
    color: Color32,
    taken: &mut Vec<Rect>,
) -> bool {
    let font = FontId::proportional(size);
    let galley = painter.layout_no_wrap(text.to_owned(), font, color);
    let rect = anchor.anchor_size(at, galley.size());
    if taken.iter().any(|it| it.intersects(rect)) {
        return false;
    }
    let ground = rect.expand2(Vec2::new(4.0, 1.0));
    painter.rect_filled(ground, CornerRadius::same(4), theme::GROUND);
    painter.galley(rect.min, galley, color);
    taken.push(ground);
    true
}

fn selection(ctx: &ViewContext<'_>, painter: &Painter) {
    let Some(person) = ctx.view.selected.and_then(|id| ctx.mirror.world.person(id)) else {
        return;
    };
    let (x, y) = person.at(ctx.now);
    let zoom = ctx.view.camera.zoom;
    let feet = ctx.view.camera.screen(x + 0.5, y + 0.85);
    let wide = Vec2::new(zoom.max(10.0) * 0.55, zoom.max(10.0) * 0.28);
    painter.add(Shape::ellipse_stroke(
        feet,
        wide,
        Stroke::new(3.0, theme::HALO),
    ));
    painter.add(Shape::ellipse_stroke(
        feet,
        wide,
        Stroke::new(1.6, theme::YELLOW),
    ));
    if zoom < theme::NAMES_FROM {
        rimmed(
            painter,
            feet + Vec2::new(0.0, wide.y + 2.0),
            Align2::CENTER_TOP,
            person.title(),
            12.0,
            theme::YELLOW,
        );
    }
}

/// A ring round those who talk with each other.
fn circles(ctx: &ViewContext<'_>, painter: &Painter) {
    let zoom = ctx.view.camera.zoom;
    for talk in ctx.mirror.world.talks.values() {
        let members = talk.members.iter();
        let there = members.filter_map(|id| ctx.mirror.world.person(*id));
        let talking = there.filter(|it| it.activity == Activity::Talking);
        let spots: Vec<(f32, f32)> = talking.map(|it| it.at(ctx.now)).collect();
        if spots.len() < 2 {
            continue;
        }
        let count = spots.len() as f32;
        let x = spots.iter().map(|it| it.0).sum::<f32>() / count;
        let y = spots.iter().map(|it| it.1).sum::<f32>() / count;
        let far = |it: &(f32, f32)| ((it.0 - x).powi(2) + (it.1 - y).powi(2)).sqrt();
        let radius = (spots.iter().map(far).fold(0.0, f32::max) + 0.9) * zoom;
        let middle = ctx.view.camera.screen(x + 0.5, y + 0.6);
        let wide = Vec2::new(radius, radius * 0.8);
        painter.add(Shape::ellipse_filled(
            middle,
            wide,
            theme::ORANGE.gamma_multiply(0.13),
        ));
        painter.add(Shape::ellipse_stroke(
            middle,
            wide,
            Stroke::new(1.2, theme::ORANGE.gamma_multiply(0.7)),
        ));
    }
}

/// Names of landmarks, the more of them the closer one looks. Gives back where they stand.
fn places(ctx: &ViewContext<'_>, painter: &Painter) -> Vec<Rect> {
    let mut taken = Vec::new();
    let Some(map) = ctx.mirror.map.as_deref() else {
        return taken;
    };
    let camera = &ctx.view.camera;
    let seen = camera.seen();
    for place in &map.places {
        let home = place.kind == "home";
        if home && camera.zoom < theme::HOMES_FROM {
            continue;
        }
        let (x, _) = place.area.middle();
        let y = f32::from(place.area.y);
        if !seen.contains(Pos2::new(x, y)) {
            continue;
        }
        let open = ctx
            .mirror
            .world
            .open
            .get(&place.id)
            .copied()
            .unwrap_or(true);
        let text = if open || home {
            place.name.clone()
        } else {
            format!("{} · closed", place.name)
        };
        let size = if home { 10.5 } else { 12.5 };
        let color = if open {
            theme::PAPER
        } else {
            Color32::from_gray(170)
        };
        let at = camera.screen(x, y);
        // Where another stands, a line higher.
        for at in [at, at - Vec2::new(0.0, size * 1.6)] {
            let anchor = Align2::CENTER_BOTTOM;
            if tag(painter, at, anchor, &text, size, color, &mut taken) {
                break;
            }
        }
    }
    taken
}

/// The last lines of somebody, the newest lowest. How many were drawn.
fn bubbles(
    ctx: &ViewContext<'_>,
    ui: &Ui,
    painter: &Painter,
    person: &Person,
    taken: &mut Vec<Rect>,
) -> usize {
    let lines = ctx
        .mirror
        .world
        .lines_of(person.id, ctx.now, theme::BUBBLE_SECS);
    let mut lines: Vec<_> = lines.collect();
    lines.reverse();
    lines.truncate(theme::BUBBLES_MAX);
    let mut foot = head(ctx, person) - Vec2::new(0.0, 6.0);
    for (nth, line) in lines.iter().enumerate() {
        let age = ctx.now - line.at;
        let left = ((theme::BUBBLE_SECS - age) / theme::FADE_SECS).clamp(0.0, 1.0) as f32;
        let fresh = if nth == 0 { 1.0 } else { 0.75 };
        let alpha = left * fresh;
        let text = short(&line.text, theme::BUBBLE_CHARS_MAX);
        let ink = theme::INK.gamma_multiply(alpha);
        let font = FontId::proportional(12.0);
        let galley = ui.painter().layout(text, font, ink, theme::BUBBLE_WIDTH);
        let size = galley.size() + Vec2::new(14.0, 9.0);
        let mut rect = Rect::from_min_size(foot - Vec2::new(size.x / 2.0, size.y), size);
        // Bubbles of neighbours stack instead of covering each other.
        for _ in 0..taken.len() {
            let Some(other) = taken.iter().find(|it| it.intersects(rect)) else {
                break;
            };
            rect = rect.translate(Vec2::new(0.0, other.min.y - rect.max.y - 3.0));
        }
        // Too far from whoever says it nobody knows whose it is; the talk panel has it.
        if head(ctx, person).y - rect.max.y > theme::BUBBLE_CLIMB {
            return nth;
        }
        let paper = theme::PAPER.gamma_multiply(alpha * 0.97);
        let shade = Color32::BLACK.gamma_multiply(alpha * 0.25);
        painter.rect_filled(
            rect.translate(Vec2::new(0.0, 2.0)),
            CornerRadius::same(8),
            shade,
        );
        painter.rect_filled(rect, CornerRadius::same(8), paper);
        if nth == 0 {
            let tip = head(ctx, person);
            let points = vec![
                Pos2::new(tip.x - 5.0, rect.max.y - 0.5),
                Pos2::new(tip.x + 5.0, rect.max.y - 0.5),
                Pos2::new(tip.x, rect.max.y + 6.0),
            ];
            painter.add(Shape::convex_polygon(points, paper, Stroke::NONE));
        }
        painter.galley(rect.min + Vec2::new(7.0, 4.5), galley, ink);
        foot = Pos2::new(foot.x, rect.min.y - 3.0);
        taken.push(rect);
    }
    lines.len()
}
