//! Colours and sizes: all of them stand here.
//!
//! What carries meaning uses colours that colour-blind readers can tell apart, and never a colour alone.

use bevy_egui::egui;
use egui::style::WidgetVisuals;
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Visuals};
use hamlet_protocol::agent::Activity;

use crate::mirror::Face;

/// Space between things.
pub(crate) const GAP: f32 = 6.0;
/// Height of a bar that shows a level.
pub(crate) const BAR_HEIGHT: f32 = 10.0;
/// Side of a portrait.
pub(crate) const PORTRAIT: egui::Vec2 = egui::vec2(64.0, 96.0);
/// Width of the small map.
pub(crate) const MINIMAP_WIDTH: f32 = 150.0;
/// Width of a speech bubble.
pub(crate) const BUBBLE_WIDTH: f32 = 170.0;
/// Characters of a speech bubble; the talk panel has the rest.
pub(crate) const BUBBLE_CHARS_MAX: usize = 110;
/// Seconds a speech bubble is shown.
pub(crate) const BUBBLE_SECS: f64 = 7.0;
/// Seconds in which it fades.
pub(crate) const FADE_SECS: f64 = 1.5;
/// Bubbles of one person at once.
pub(crate) const BUBBLES_MAX: usize = 3;
/// Points that a bubble may be pushed up by others.
pub(crate) const BUBBLE_CLIMB: f32 = 95.0;
/// Points per tile from which names are written.
pub(crate) const NAMES_FROM: f32 = 20.0;
/// Points per tile from which bubbles are drawn.
pub(crate) const BUBBLES_FROM: f32 = 9.0;
/// Points per tile from which homes have their names.
pub(crate) const HOMES_FROM: f32 = 18.0;
/// Seconds a toast is shown.
pub(crate) const TOAST_SECS: f64 = 8.0;

/// Colours that mean something, from Okabe and Ito's palette.
pub(crate) const BLUE: Color32 = Color32::from_rgb(0x00, 0x72, 0xb2);
pub(crate) const SKY: Color32 = Color32::from_rgb(0x56, 0xb4, 0xe9);
pub(crate) const ORANGE: Color32 = Color32::from_rgb(0xe6, 0x9f, 0x00);
pub(crate) const GREEN: Color32 = Color32::from_rgb(0x00, 0x9e, 0x73);
pub(crate) const RED: Color32 = Color32::from_rgb(0xd5, 0x5e, 0x00);
pub(crate) const PLUM: Color32 = Color32::from_rgb(0xcc, 0x79, 0xa7);
pub(crate) const YELLOW: Color32 = Color32::from_rgb(0xf0, 0xe4, 0x42);

/// Ink and paper of what hangs over the map, the same by day and by night.
pub(crate) const PAPER: Color32 = Color32::from_rgb(0xfb, 0xf6, 0xe9);
pub(crate) const INK: Color32 = Color32::from_rgb(0x2b, 0x26, 0x2e);
pub(crate) const HALO: Color32 = Color32::from_rgba_premultiplied(18, 18, 26, 190);
/// What names are written on.
pub(crate) const GROUND: Color32 = Color32::from_rgba_premultiplied(14, 14, 20, 150);
/// What lies beyond the map.
pub(crate) const BEYOND: Color32 = Color32::from_rgb(0x24, 0x2c, 0x2a);

/// The colour of an activity in charts.
pub(crate) fn activity(activity: Activity) -> Color32 {
    match activity {
        Activity::Idle => Color32::from_rgb(0x99, 0x99, 0x99),
        Activity::Walking => SKY,
        Activity::Sleeping => BLUE,
        Activity::Eating => ORANGE,
        Activity::Working => GREEN,
        Activity::Trading => YELLOW,
        Activity::Talking => RED,
        Activity::Reading => PLUM,
        Activity::Resting => Color32::from_rgb(0x7a, 0xc7, 0xa0),
        Activity::Healing => Color32::from_rgb(0xb0, 0x8a, 0xd9),
    }
}

/// A sign for an activity, beside its word.
pub(crate) fn sign(activity: Activity) -> &'static str {
    match activity {
        Activity::Idle => "",
        Activity::Walking => "🚶",
        Activity::Sleeping => "💤",
        Activity::Eating => "☕",
        Activity::Working => "🔨",
        Activity::Trading => "💱",
        Activity::Talking => "💬",
        Activity::Reading => "📖",
        Activity::Resting => "🎵",
        Activity::Healing => "💊",
    }
}

/// A face for a mood, −1000 to 1000.
pub(crate) fn face(mood: i16) -> (&'static str, &'static str) {
    match mood {
        600.. => ("😄", "delighted"),
        200..=599 => ("😊", "content"),
        -199..=199 => ("😐", "so-so"),
        -599..=-200 => ("😟", "low"),
        _ => ("😢", "miserable"),
    }
}

/// The sign of a mood that shows, over somebody's head.
pub(crate) fn emote(face: Face) -> &'static str {
    match face {
        Face::Delighted => "😄",
        Face::Low => "😟",
        Face::Miserable => "😢",
    }
}

/// The colour of a level between 0 and 1: low levels warn.
pub(crate) fn level(part: f32) -> Color32 {
    if part < 0.25 {
        RED
    } else if part < 0.5 {
        ORANGE
    } else {
        GREEN
    }
}

/// Sets fonts, sizes and colours.
pub(crate) fn apply(ctx: &egui::Context, dark: bool) {
    ctx.set_theme(if dark {
        egui::Theme::Dark
    } else {
        egui::Theme::Light
    });
    ctx.set_visuals_of(egui::Theme::Dark, night());
    ctx.set_visuals_of(egui::Theme::Light, day());
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Heading, 17.0, FontFamily::Proportional),
            (TextStyle::Body, 13.5, FontFamily::Proportional),
            (TextStyle::Button, 13.5, FontFamily::Proportional),
            (TextStyle::Small, 11.0, FontFamily::Proportional),
            (TextStyle::Monospace, 12.5, FontFamily::Monospace),
        ]
        .map(|(style, size, family)| (style, FontId::new(size, family)))
        .into();
        style.spacing.item_spacing = egui::vec2(8.0, 6.0);
        style.spacing.button_padding = egui::vec2(9.0, 4.0);
        style.spacing.menu_margin = Margin::same(8);
        style.interaction.selectable_labels = false;
    });
}

fn night() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.panel_fill = Color32::from_rgb(0x20, 0x22, 0x2b);
    visuals.window_fill = Color32::from_rgb(0x26, 0x29, 0x33);
    visuals.extreme_bg_color = Color32::from_rgb(0x17, 0x19, 0x20);
    visuals.faint_bg_color = Color32::from_rgb(0x29, 0x2c, 0x37);
    visuals.hyperlink_color = SKY;
    visuals.selection.bg_fill = Color32::from_rgb(0x1f, 0x5b, 0x84);
    visuals.selection.stroke = Stroke::new(1.0, Color32::WHITE);
    let text = Color32::from_rgb(0xdd, 0xdd, 0xe4);
    paint(
        &mut visuals,
        text,
        [
            Color32::from_rgb(0x20, 0x22, 0x2b),
            Color32::from_rgb(0x33, 0x37, 0x44),
            Color32::from_rgb(0x40, 0x46, 0x57),
            Color32::from_rgb(0x4c, 0x54, 0x69),
        ],
        Color32::from_rgb(0x3a, 0x3e, 0x4c),
    );
    visuals
}

fn day() -> Visuals {
    let mut visuals = Visuals::light();
    visuals.panel_fill = Color32::from_rgb(0xf6, 0xf1, 0xe5);
    visuals.window_fill = Color32::from_rgb(0xfb, 0xf7, 0xee);
    visuals.extreme_bg_color = Color32::from_rgb(0xff, 0xfd, 0xf8);
    visuals.faint_bg_color = Color32::from_rgb(0xef, 0xe8, 0xd8);
    visuals.hyperlink_color = BLUE;
    visuals.selection.bg_fill = Color32::from_rgb(0xb9, 0xd9, 0xee);
    visuals.selection.stroke = Stroke::new(1.0, INK);
    paint(
        &mut visuals,
        INK,
        [
            Color32::from_rgb(0xf6, 0xf1, 0xe5),
            Color32::from_rgb(0xe7, 0xde, 0xca),
            Color32::from_rgb(0xdc, 0xd0, 0xb6),
            Color32::from_rgb(0xcf, 0xc0, 0xa0),
        ],
        Color32::from_rgb(0xd8, 0xcd, 0xb5),
    );
    visuals
}

fn paint(visuals: &mut Visuals, text: Color32, fills: [Color32; 4], line: Color32) {
    let widgets = &mut visuals.widgets;
    let states = [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
    ];
    for (state, fill) in states.into_iter().zip(fills) {
        *state = WidgetVisuals {
            bg_fill: fill,
            weak_bg_fill: fill,
            bg_stroke: Stroke::new(1.0, line),
            corner_radius: CornerRadius::same(5),
            fg_stroke: Stroke::new(1.0, text),
            expansion: 0.0,
        };
    }
    widgets.open = widgets.hovered;
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.window_stroke = Stroke::new(1.0, line);
    visuals.striped = false;
}
