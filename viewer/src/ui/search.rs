//! The search field: people, places and posts that the window knows.

use bevy_egui::egui;
use egui::{Align2, Area, Frame, Id, Key, RichText, ScrollArea, Ui, Vec2};
use hamlet_protocol::ids::{AgentId, PostId};

use super::board::field;
use super::words::short;
use crate::view::{CommandQueue, Slot, ViewContext, Wish};

/// Findings of each kind.
const FOUND_MAX: usize = 6;

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    Person(AgentId, String),
    Place(f32, f32, String),
    Post(PostId, String),
}

impl Found {
    fn text(&self) -> (&str, &str) {
        match self {
            Self::Person(_, text) => ("👤", text),
            Self::Place(_, _, text) => ("🏠", text),
            Self::Post(_, text) => ("📄", text),
        }
    }

    fn wish(self) -> Wish {
        match self {
            Self::Person(id, _) => Wish::ShowOnMap(id),
            Self::Place(x, y, _) => Wish::ShowPlace(x, y),
            Self::Post(id, _) => Wish::Open(Some(id)),
        }
    }
}

/// The search field with what it found.
pub(super) fn search_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &Ui) {
    if !ctx.view.search {
        return;
    }
    Area::new(Id::new("search"))
        .anchor(Align2::CENTER_TOP, Vec2::new(0.0, 70.0))
        .order(egui::Order::Foreground)
        .show(ui.ctx(), |ui| {
            Frame::popup(ui.style()).show(ui, |ui| {
                let screen = ui.ctx().content_rect().size();
                ui.set_width(380.0_f32.min(screen.x - 30.0));
                let typed = field(
                    ctx,
                    out,
                    ui,
                    Slot::Search,
                    "Whom or what do you look for?",
                    1,
                );
                if !typed.has_focus() && !typed.lost_focus() {
                    typed.request_focus();
                }
                let mut found = find(ctx, ctx.view.draft(Slot::Search));
                if typed.lost_focus()
                    && ui.input(|it| it.key_pressed(Key::Enter))
                    && !found.is_empty()
                {
                    go(out, found.swap_remove(0));
                    return;
                }
                if found.is_empty() && !ctx.view.draft(Slot::Search).is_empty() {
                    ui.weak("Nothing here is called that.");
                }
                // What is found reaches no further than the window.
                let room = (screen.y - 160.0).max(60.0);
                ScrollArea::vertical().max_height(room).show(ui, |ui| {
                    for it in found {
                        let (sign, text) = it.text();
                        let text = RichText::new(format!("{sign} {text}"));
                        if ui.selectable_label(false, text).clicked() {
                            go(out, it);
                        }
                    }
                });
            });
        });
    if ui.input(|it| it.key_pressed(Key::Escape)) {
        out.push(Wish::Search(false));
    }
}

fn go(out: &mut CommandQueue, found: Found) {
    out.push(found.wish());
    out.push(Wish::Search(false));
    out.push(Wish::Type(Slot::Search, String::new()));
}

/// What is called something like this: what begins so comes first.
pub(super) fn find(ctx: &ViewContext<'_>, text: &str) -> Vec<Found> {
    let wanted = text.trim().trim_start_matches('@').to_lowercase();
    if wanted.is_empty() {
        return Vec::new();
    }
    let rank = |name: &str| {
        let name = name.to_lowercase();
        match name.find(&wanted) {
            Some(0) => Some(0),
            Some(_) => Some(1),
            None => None,
        }
    };
    let people = ctx.mirror.world.people.values().filter_map(|it| {
        let rank = rank(&it.display_name)
            .into_iter()
            .chain(rank(&it.name))
            .min()?;
        Some((rank, Found::Person(it.id, it.title().to_owned())))
    });
    let places = ctx.mirror.map.as_deref().map_or(&[][..], |it| &it.places);
    let places = places.iter().filter_map(|it| {
        let (x, y) = it.area.middle();
        Some((rank(&it.name)?, Found::Place(x, y, it.name.clone())))
    });
    let posts = ctx
        .mirror
        .board
        .known()
        .filter_map(|it| Some((rank(&it.title)?, Found::Post(it.id, short(&it.title, 60)))));
    let posts = best(posts);
    let here = |id: PostId| {
        posts
            .iter()
            .any(|it| matches!(it, Found::Post(post, _) if *post == id))
    };
    // What the village found by their words, and the window has not seen.
    let (words, found) = &ctx.mirror.found;
    let found = found.iter().filter(|_| words.to_lowercase() == wanted);
    let more = found.filter(|it| !here(it.id)).map(|it| {
        let title = it.title.as_deref().unwrap_or("…");
        Found::Post(it.id, short(title, 60))
    });
    let more: Vec<Found> = more.take(FOUND_MAX).collect();
    [best(people), best(places), posts, more].concat()
}

fn best(found: impl Iterator<Item = (u32, Found)>) -> Vec<Found> {
    let mut found: Vec<_> = found.collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.text().cmp(&b.1.text())));
    found.into_iter().take(FOUND_MAX).map(|it| it.1).collect()
}
