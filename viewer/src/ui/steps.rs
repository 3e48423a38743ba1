//! The map by keys and for readers: going from one person to the next, and saying what is to be seen.

use bevy_egui::egui;
use egui::{EventFilter, Id, Pos2, Response, Ui};
use hamlet_protocol::ids::AgentId;

use super::spoken::{pictured, whispered};
use crate::mirror::Person;
use crate::view::ViewContext;

/// What the map is called.
pub(super) const MAP: &str = "Map of the town";
/// What keys do on it.
const KEYS: &str = "Arrows move it, plus and minus come closer and go farther; Page Down and Page Up go from one person to the next, Enter selects whoever is nearest to the middle.";

/// The map's own id: wherever it is docked, keys find it.
pub(super) fn map_id() -> Id {
    Id::new("map of the town")
}

/// Whether keys are for something else than the map and the whole window.
pub(super) fn is_elsewhere(ui: &Ui) -> bool {
    let focused = ui.ctx().memory(egui::Memory::focused);
    focused.is_some_and(|it| it != map_id())
}

/// Keeps the arrows for the map while it has the focus, and says what is on it.
pub(super) fn speak(ctx: &ViewContext<'_>, ui: &Ui, map: &Response) {
    if map.has_focus() {
        let arrows = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|it| it.set_focus_lock_filter(map.id, arrows));
    }
    pictured(map, MAP, || format!("{} {KEYS}", in_view(ctx)));
    whispered(ui.ctx(), map.id.with("said"), || selected(ctx));
}

/// Whether it was pressed by a key or a reader, which mean no point of it.
pub(super) fn is_pressed(map: &Response) -> bool {
    map.clicked() && !map.clicked_by(egui::PointerButton::Primary)
}

/// How many there are, and where one looks.
pub(super) fn in_view(ctx: &ViewContext<'_>) -> String {
    let middle = ctx.view.camera.seen().center();
    let place = (middle.x >= 0.0 && middle.y >= 0.0)
        .then(|| ctx.mirror.place_at(middle.x as u16, middle.y as u16))
        .flatten();
    let many = seen(ctx).count();
    let people = match many {
        1 => "1 person is in view".to_owned(),
        many => format!("{many} people are in view"),
    };
    match place {
        Some(place) => format!("{people}, {place} in the middle."),
        None => format!("{people}."),
    }
}

/// Who is selected, what they do and where.
pub(super) fn selected(ctx: &ViewContext<'_>) -> String {
    let Some(id) = ctx.view.selected else {
        return "Nobody is selected.".to_owned();
    };
    let Some(person) = ctx.mirror.world.person(id) else {
        return "Whoever is selected is not in town now.".to_owned();
    };
    let place = ctx.mirror.place_at(person.x, person.y);
    let place = place.unwrap_or("outdoors");
    let doing = person.activity.as_str().replace('_', " ");
    format!("{} is selected: {doing}, {place}.", person.title())
}

fn seen<'a>(ctx: &ViewContext<'a>) -> impl Iterator<Item = &'a Person> {
    let (seen, now) = (ctx.view.camera.seen(), ctx.now);
    let people = ctx.mirror.world.people.values();
    people.filter(move |it| {
        let (x, y) = it.at(now);
        seen.contains(Pos2::new(x, y))
    })
}

/// Whoever comes after the one who is selected among those in view, or before; after the last the first.
pub(super) fn next(ctx: &ViewContext<'_>, back: bool) -> Option<AgentId> {
    next_from(ctx, ctx.view.selected, back)
}

/// Those who are chosen, and the next of those in view besides.
pub(super) fn one_more(ctx: &ViewContext<'_>) -> Vec<AgentId> {
    let mut chosen = ctx.view.chosen.clone();
    if chosen.is_empty() {
        chosen.extend(ctx.view.selected);
    }
    let next = next_from(ctx, chosen.last().copied(), false);
    chosen.extend(next.filter(|it| !chosen.contains(it)));
    chosen
}

fn next_from(ctx: &ViewContext<'_>, from: Option<AgentId>, back: bool) -> Option<AgentId> {
    let from = from.and_then(|id| ctx.mirror.world.person(id));
    let no = from.map(|it| it.no);
    // People are kept by number.
    let there: Vec<&Person> = seen(ctx).collect();
    let (ends, step) = if back {
        let before = there
            .iter()
            .rev()
            .find(|it| no.is_some_and(|no| it.no < no));
        (there.last(), before)
    } else {
        let after = there.iter().find(|it| no.is_some_and(|no| it.no > no));
        (there.first(), after)
    };
    step.or(ends).map(|it| it.id)
}

/// Whoever is nearest to the middle of what is seen.
pub(super) fn nearest(ctx: &ViewContext<'_>) -> Option<AgentId> {
    let middle = ctx.view.camera.seen().center();
    let far = |it: &&Person| {
        let (x, y) = it.at(ctx.now);
        (Pos2::new(x + 0.5, y + 0.5) - middle).length_sq()
    };
    let found = seen(ctx).min_by(|a, b| far(a).total_cmp(&far(b)));
    found.map(|it| it.id)
}
