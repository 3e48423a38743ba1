//! Small things that several panels say the same way.

use bevy_egui::egui;
use egui::{
    Align2, Color32, FontId, Painter, Pos2, ProgressBar, Rect, Response, RichText, Ui, Vec2,
};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::time::SimTime;

use super::spoken::bounded;
use crate::mirror::{Mirror, Person};
use crate::money::thousands;
use crate::pages::Page;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::{sprites, theme};

/// A moment of sim time as date and time of day.
pub(in crate::ui) fn moment(time: i64) -> String {
    SimTime(time)
        .datetime()
        .format("%a %-d %b, %H:%M")
        .to_string()
}

/// A moment of sim time as time of day.
pub(in crate::ui) fn hour(time: i64) -> String {
    SimTime(time).datetime().format("%H:%M").to_string()
}

/// A sign for day or night.
pub(in crate::ui) fn sun(time: i64) -> &'static str {
    if (6..20).contains(&SimTime(time).hour()) {
        "☀"
    } else {
        "🌙"
    }
}

/// How long ago something was, by the clock on the wall of the village.
pub(in crate::ui) fn ago(then_ms: i64, now_ms: i64) -> String {
    let secs = (now_ms - then_ms).max(0) / 1000;
    match secs {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min", secs / 60),
        3_600..86_400 => format!("{} h", secs / 3_600),
        _ => format!("{} d", secs / 86_400),
    }
}

/// A moment that the village wrote as RFC 3339, as day and time of day.
pub(in crate::ui) fn clock_of(text: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(text).map_or_else(
        |_| String::new(),
        |it| it.format("%-d %b %H:%M").to_string(),
    )
}

/// At most so many characters of a text.
pub(in crate::ui) fn short(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(chars.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// A number with gaps between its thousands.
pub(in crate::ui) fn count(number: u64) -> String {
    thousands(&number.to_string())
}

/// A time in milliseconds, in the unit that fits it.
pub(in crate::ui) fn millis(ms: f64) -> String {
    if ms < 1_000.0 {
        format!("{ms:.0} ms")
    } else if ms < 60_000.0 {
        format!("{:.1} s", ms / 1_000.0)
    } else {
        format!("{:.1} min", ms / 60_000.0)
    }
}

/// A text over as many lines as it takes.
pub(in crate::ui) fn wrapped(ui: &mut Ui, text: &str) {
    ui.add(egui::Label::new(text).wrap());
}

/// The button that asks for the next page of a list, where there is one.
pub(in crate::ui) fn more_of(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    page: &Page,
    word: &str,
) {
    if ctx.mirror.next_of(page).is_some() && ui.button(word).clicked() {
        out.push(Wish::MoreOf(page.clone()));
    }
}

/// Somebody's name, which selects them.
pub(in crate::ui) fn name_link(
    ui: &mut Ui,
    out: &mut CommandQueue,
    mirror: &Mirror,
    id: Option<AgentId>,
    name: &str,
) -> Response {
    let person = id.and_then(|id| mirror.world.person(id));
    let text = person.map_or(name, Person::title);
    match id {
        Some(id) => {
            let link = ui.link(RichText::new(text).strong());
            if link.clicked() {
                out.push(Wish::Select(Some(id)));
            }
            link.on_hover_text(format!("@{name}"))
        }
        None => ui.label(RichText::new(text).strong()),
    }
}

/// A level between 0 and 1, with its word and number.
pub(in crate::ui) fn level(ui: &mut Ui, word: &str, part: f32) {
    let part = part.clamp(0.0, 1.0);
    ui.horizontal(|ui| {
        let size = Vec2::new(72.0, theme::BAR_HEIGHT);
        let name = egui::Label::new(RichText::new(word).small()).halign(egui::Align::Min);
        let name = ui.add_sized(size, name);
        let width = (ui.available_width() - 42.0).max(40.0);
        let bar = ProgressBar::new(part)
            .desired_width(width)
            .desired_height(theme::BAR_HEIGHT)
            .fill(theme::level(part));
        let bar = ui.add(bar).labelled_by(name.id);
        bounded(&bar, 0.0, 100.0);
        ui.label(RichText::new(format!("{:.0} %", part * 100.0)).small());
    });
}

/// A picture of somebody.
pub(in crate::ui) fn portrait(ui: &mut Ui, no: u32, size: Vec2) {
    let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let paper = ui.visuals().faint_bg_color;
    ui.painter().rect_filled(rect, 6, paper);
    sprite(
        ui,
        ui.painter(),
        rect,
        sprites::portrait(no),
        false,
        Color32::WHITE,
    );
}

/// A picture of the sheet.
pub(in crate::ui) fn sprite(
    ui: &Ui,
    painter: &Painter,
    rect: Rect,
    index: u32,
    mirrored: bool,
    tint: Color32,
) {
    let mut uv = sprites::uv(index);
    if mirrored {
        std::mem::swap(&mut uv.min.x, &mut uv.max.x);
    }
    let texture = sprites::texture(ui.ctx());
    painter.image(texture.id(), rect, uv, tint);
}

/// A text with a dark rim, readable on any ground.
pub(in crate::ui) fn rimmed(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    text: &str,
    size: f32,
    color: Color32,
) {
    let font = FontId::proportional(size);
    for (dx, dy) in [
        (-1.0, 0.0),
        (1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (1.0, 1.0),
        (-1.0, 1.0),
    ] {
        let beside = at + Vec2::new(dx, dy);
        let rim = theme::HALO.gamma_multiply(color.a() as f32 / 255.0);
        painter.text(beside, anchor, text, font.clone(), rim);
    }
    painter.text(at, anchor, text, font, color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_texts_are_short() {
        assert_eq!(moment(1_770_022_800), "Mon 2 Feb, 09:00");
        let ms = [5_000, 120_000, 7_200_000, 200_000_000];
        let said = ms.map(|it| ago(0, it));
        assert_eq!(said, ["just now", "2 min", "2 h", "2 d"]);
        assert_eq!(ago(9_000, 0), "just now", "a clock that is behind");
        assert_eq!(clock_of("2026-02-02T09:05:00Z"), "2 Feb 09:05");
        assert_eq!(clock_of("soon"), "");
        let thousands = [7, 1_000, 12_345_678].map(count);
        let spaced = |text: &str| text.replace('_', "\u{a0}");
        assert_eq!(thousands, ["7", "1_000", "12_345_678"].map(spaced));
        let times = [12.4, 1_240.0, 90_000.0].map(millis);
        assert_eq!(times, ["12 ms", "1.2 s", "1.5 min"]);
        assert_eq!(short("grüße", 5), "grüße");
        assert_eq!(short("grüßen", 5), "grüß…");
    }
}
