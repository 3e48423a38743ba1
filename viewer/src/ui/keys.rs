//! What keys do while no field has the focus.

use bevy_egui::egui;
use egui::{Key, Modifiers, Ui};

use super::steps;
use crate::options::PanelName;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::TimeOrder;

/// All keys, for the sheet.
pub(super) const KEYS: &[(&str, &str)] = &[
    ("/", "search people, places and posts"),
    ("arrows", "move over the map"),
    ("+ −, wheel", "closer, farther"),
    ("Home", "the whole town"),
    ("F", "stay with whoever is selected"),
    ("Alt+Left, Alt+Right", "whoever was selected before, after"),
    (
        "Page Down, Page Up",
        "the next, the last person of those in view",
    ),
    (
        "Shift+Page Down",
        "choose the next of those in view besides",
    ),
    ("Alt+Up, Alt+Down", "scroll the panel in front"),
    ("Ctrl+W", "close the panel in front; its key opens it again"),
    ("Esc", "select nobody; close what is open"),
    ("B", "the board"),
    ("I", "the inspector"),
    ("T", "what was said"),
    ("C", "charts"),
    ("M", "messages; to whoever is selected, where somebody is"),
    ("L", "language models, where some think here"),
    ("A", "the admin panel (moderators and admins)"),
    ("N", "write a post"),
    (
        "Tab, Shift+Tab",
        "the next, the last thing that can be pressed",
    ),
    (
        "Enter on the map",
        "select whoever is nearest to the middle of it",
    ),
    ("drag", "move the map"),
    ("Shift+drag, right drag", "choose all within a box"),
    ("double click", "come close to somebody and stay with them"),
    ("Space", "stop time, let it go on (admins)"),
    (".", "one tick (admins, while time stands still)"),
    ("Ctrl+Enter", "send what is typed"),
    ("Ctrl+Plus, Ctrl+Minus", "larger, smaller letters"),
    ("F1", "this sheet"),
];

/// Points that a key scrolls.
const SCROLL_POINTS: f32 = 120.0;

/// How far keys scroll the panel in front in this frame, in points: more is farther down. Also while a field has the focus.
pub(super) fn scrolled(ui: &Ui) -> f32 {
    let pressed = |key: Key| ui.input_mut(|it| it.consume_key(Modifiers::ALT, key));
    let step = |key| f32::from(u8::from(pressed(key))) * SCROLL_POINTS;
    step(Key::ArrowDown) - step(Key::ArrowUp)
}

/// Turns keys into wishes.
pub(super) fn keys(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &Ui) {
    let typing = steps::is_elsewhere(ui);
    let pressed =
        |modifiers: Modifiers, key: Key| ui.input_mut(|it| it.consume_key(modifiers, key));
    if pressed(Modifiers::NONE, Key::F1) {
        out.push(Wish::Help(!ctx.view.help));
    }
    for (key, factor) in [
        (Key::Plus, 1.1),
        (Key::Equals, 1.1),
        (Key::Minus, 1.0 / 1.1),
    ] {
        if pressed(Modifiers::COMMAND, key) {
            out.push(Wish::Scale(ctx.view.scale * factor));
        }
    }
    if typing {
        return;
    }
    for (key, wish) in [
        (Key::Slash, Wish::Search(true)),
        (Key::Home, Wish::Fit),
        (Key::F, Wish::Follow(!ctx.view.follow)),
        (Key::B, Wish::Panel(PanelName::Board)),
        (Key::I, Wish::Panel(PanelName::Inspector)),
        (Key::T, Wish::Panel(PanelName::Talk)),
        (Key::C, Wish::Panel(PanelName::Charts)),
        (Key::M, message(ctx)),
    ] {
        if pressed(Modifiers::NONE, key) {
            out.push(wish);
        }
    }
    if ctx.mirror.has("models") && pressed(Modifiers::NONE, Key::L) {
        out.push(Wish::Panel(PanelName::Models));
    }
    if ctx.mirror.is_staff() && pressed(Modifiers::NONE, Key::A) {
        out.push(Wish::Panel(PanelName::Admin));
    }
    if ctx.mirror.signed_in() && pressed(Modifiers::NONE, Key::N) {
        out.push(Wish::Panel(PanelName::Board));
        out.push(Wish::Open(None));
        out.push(Wish::Compose(true));
    }
    // Before the same key alone, which would take it, too.
    if pressed(Modifiers::SHIFT, Key::PageDown) {
        out.push(Wish::Choose(steps::one_more(ctx)));
    }
    for (key, back) in [(Key::PageDown, false), (Key::PageUp, true)] {
        if pressed(Modifiers::NONE, key)
            && let Some(id) = steps::next(ctx, back)
        {
            out.push(Wish::Select(Some(id)));
        }
    }
    if pressed(Modifiers::ALT, Key::ArrowLeft) {
        out.push(Wish::Back);
    }
    if pressed(Modifiers::ALT, Key::ArrowRight) {
        out.push(Wish::Forward);
    }
    for (key, factor) in [
        (Key::Plus, 1.25_f32),
        (Key::Equals, 1.25),
        (Key::Minus, 0.8),
    ] {
        if pressed(Modifiers::NONE, key) {
            let mut camera = ctx.view.camera;
            camera.zoom_by(factor, camera.rect.center());
            out.push(Wish::Camera(camera));
        }
    }
    let open = ctx.view.help || ctx.view.search || ctx.view.signing_in || ctx.view.dialog.is_some();
    if !open && pressed(Modifiers::NONE, Key::Escape) {
        out.push(Wish::Select(None));
    }
    steer(ctx, out, &pressed);
}

/// The conversation with whoever is selected, or all of them.
fn message(ctx: &ViewContext<'_>) -> Wish {
    let selected = ctx.view.selected.and_then(|id| ctx.mirror.world.person(id));
    match selected.filter(|it| ctx.mirror.signed_in() && !it.name.is_empty()) {
        Some(person) => Wish::OpenChat(Some((person.id, person.name.clone()))),
        None => Wish::Panel(PanelName::Messages),
    }
}

fn steer(ctx: &ViewContext<'_>, out: &mut CommandQueue, pressed: &impl Fn(Modifiers, Key) -> bool) {
    if !ctx.mirror.may_steer() {
        return;
    }
    let Some(time) = &ctx.mirror.time else {
        return;
    };
    let paused = time.state == "paused";
    if pressed(Modifiers::NONE, Key::Space) {
        let order = if paused {
            TimeOrder::Resume
        } else {
            TimeOrder::Pause
        };
        out.push(Wish::Steer(order));
    }
    if paused && pressed(Modifiers::NONE, Key::Period) {
        out.push(Wish::Steer(TimeOrder::Step { ticks: 1 }));
    }
}
