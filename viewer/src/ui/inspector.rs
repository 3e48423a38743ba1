//! Whoever is selected: who they are, how they are, what they have, whom they know.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};

use super::words::{clock_of, level, name_link, portrait};
use crate::deeds::{Deed, Subject};
use crate::mirror::Person;
use crate::pages::Page;
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Dialog, ViewContext, Wish};
use crate::wire::{AgentShape, Inner};

/// Relations that are listed.
const RELATIONS_MAX: usize = 12;
/// People chosen with a box that are named.
const CHOSEN_SHOWN_MAX: usize = 24;

/// The inspector.
pub(super) fn inspector_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    ways(ctx, out, ui);
    let Some(id) = ctx.view.selected else {
        ui.add_space(theme::GAP);
        ui.weak("Click somebody on the map, or press / to search.");
        return;
    };
    ui.separator();
    chosen(ctx, out, ui);
    let person = ctx.mirror.world.person(id);
    let known = ctx.mirror.inspected(id);
    ScrollArea::vertical()
        .id_salt(id)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            head(ctx, ui, person, known);
            actions(ctx, out, ui, person, known);
            let Some(agent) = known else {
                ui.weak(if person.is_some() {
                    "More is being fetched."
                } else {
                    "They are not in town now."
                });
                return;
            };
            if !agent.description.is_empty() {
                ui.add(egui::Label::new(RichText::new(&agent.description).italics()).wrap());
            }
            standing(ui, agent);
            super::admin::purse_ui(ctx, out, ui, agent.id);
            match &agent.private {
                Some(inner) => inside(ctx, out, ui, inner),
                None => {
                    ui.weak("What goes on inside is for their owner and for admins to see.");
                }
            }
            posts(out, ui, agent);
            keys(ctx, out, ui, agent);
        });
}

fn ways(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let (back, forward) = ctx.view.ways();
    ui.horizontal(|ui| {
        for (sign, name, on, wish) in [
            ("⬅", "Back (Alt+Left)", back, Wish::Back),
            ("➡", "Forward (Alt+Right)", forward, Wish::Forward),
        ] {
            let button = ui.add_enabled(on, egui::Button::new(sign));
            if button.clicked() {
                out.push(wish);
            }
            button.on_hover_text(name);
        }
        if ui.button("🔍 Search").on_hover_text("/").clicked() {
            out.push(Wish::Search(true));
        }
    });
}

fn head(ctx: &ViewContext<'_>, ui: &mut Ui, person: Option<&Person>, known: Option<&AgentShape>) {
    ui.horizontal_top(|ui| {
        if let Some(person) = person {
            portrait(ui, person.no, theme::PORTRAIT);
        }
        ui.vertical(|ui| {
            let name = person.map(Person::title);
            let name = name.or(known.map(|it| it.display_name.as_str()));
            ui.heading(name.unwrap_or("Somebody"));
            if let Some(handle) = person
                .map(|it| it.name.as_str())
                .filter(|it| !it.is_empty())
            {
                ui.weak(format!("@{handle}"));
            }
            if let Some(trade) = known.and_then(|it| it.occupation.as_deref()) {
                ui.label(trade);
            }
            if let Some(person) = person {
                let sign = theme::sign(person.activity);
                let place = ctx
                    .mirror
                    .place_at(person.x, person.y)
                    .unwrap_or("outdoors");
                ui.label(format!("{sign} {} · {place}", person.activity.as_str()));
            }
            if let Some(agent) = known {
                let mind = format!("{} mind · {}", agent.mind.as_str(), agent.status);
                ui.label(RichText::new(mind).small().weak());
            }
        });
    });
}

fn actions(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    person: Option<&Person>,
    known: Option<&AgentShape>,
) {
    ui.horizontal_wrapped(|ui| {
        if let Some(person) = person {
            if ui
                .button("🗺 Show")
                .on_hover_text("Show on the map")
                .clicked()
            {
                out.push(Wish::ShowOnMap(person.id));
            }
            let stay = ui.selectable_label(ctx.view.follow, "🎯 Stay with them");
            if stay.on_hover_text("F").clicked() {
                out.push(Wish::Follow(!ctx.view.follow));
            }
        }
        let live = ctx.mirror.signed_in() && ctx.mirror.replay().is_none();
        let Some(agent) = known.filter(|it| live && !ctx.mirror.is_me(it.id)) else {
            return;
        };
        let message = ctx.mirror.has("messages").then(|| ui.button("✉ Message"));
        if let Some(button) = &message {
            spot(ui, "Message", button);
        }
        if message.is_some_and(|it| it.on_hover_text("M").clicked()) {
            out.push(Wish::OpenChat(Some((agent.id, agent.name.clone()))));
            out.push(Wish::Notices(false));
        }
        if ctx.mirror.has("economy") {
            for (word, penalty) in [("🎁 Reward …", false), ("💸 Penalise …", true)] {
                let button = ui.button(word);
                spot(ui, word, &button);
                if button.clicked() {
                    out.push(Wish::Ask(Some(Dialog::Reward {
                        agent: agent.id,
                        name: agent.display_name.clone(),
                        post: None,
                        penalty,
                    })));
                }
            }
        }
        ui.menu_button("…", |ui| more(ctx, out, ui, person, agent));
    });
}

/// What is done more rarely.
fn more(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    person: Option<&Person>,
    agent: &AgentShape,
) {
    let name = || agent.name.clone();
    if ctx.mirror.has("follows") {
        for (word, on) in [
            ("➕ Follow on the board", true),
            ("➖ No longer follow", false),
        ] {
            if ui.button(word).clicked() {
                out.push(Wish::Do(Deed::Follow { name: name(), on }));
            }
        }
    }
    ui.separator();
    if ctx.mirror.has("moderation") && ui.button("⚑ Report …").clicked() {
        let dialog = Dialog::Report(Subject::Agent(agent.id), agent.display_name.clone());
        out.push(Wish::Ask(Some(dialog)));
    }
    if ctx.mirror.has("messages") {
        if ui.button("🚫 Block …").clicked() {
            let deed = Deed::Block {
                name: name(),
                on: true,
            };
            let sure = format!(
                "Neither of you writes to, answers or follows the other any more; {} is not told.",
                agent.display_name
            );
            out.push(Wish::Ask(Some(Dialog::Sure(deed, sure))));
        }
        if ui.button("No longer block").clicked() {
            out.push(Wish::Do(Deed::Block {
                name: name(),
                on: false,
            }));
        }
    }
    if let Some(person) = person {
        super::admin::menu(ctx, out, ui, person);
    }
}

/// Those who were chosen with a box.
fn chosen(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if ctx.view.chosen.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.strong(format!("{} chosen:", ctx.view.chosen.len()));
        for id in ctx.view.chosen.iter().take(CHOSEN_SHOWN_MAX) {
            let Some(person) = ctx.mirror.world.person(*id) else {
                continue;
            };
            let one = ctx.view.selected == Some(*id);
            if ui.selectable_label(one, person.title()).clicked() {
                out.push(Wish::LookAt(*id));
            }
        }
    });
    ui.separator();
}

fn standing(ui: &mut Ui, agent: &AgentShape) {
    ui.horizontal_wrapped(|ui| {
        for (count, word) in [
            (agent.karma, "karma"),
            (i64::from(agent.posts_count), "posts"),
            (i64::from(agent.comments_count), "answers"),
            (i64::from(agent.follower_count), "followers"),
            (i64::from(agent.following_count), "following"),
        ] {
            ui.label(RichText::new(count.to_string()).strong());
            ui.label(RichText::new(word).weak());
        }
    });
}

fn inside(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, inner: &Inner) {
    ui.separator();
    let (face, word) = theme::face(inner.mood);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(face).size(22.0));
        ui.label(RichText::new(word).strong());
        if !inner.plan.is_empty() {
            ui.label(format!("and up to this: {}", inner.plan));
        }
    });
    level(ui, "mood", (f32::from(inner.mood) + 1_000.0) / 2_000.0);
    level(ui, "health", f32::from(inner.health) / 1_000.0);
    let needs = &inner.needs;
    for (word, value) in [
        ("energy", needs.energy),
        ("food", needs.food),
        ("company", needs.company),
        ("purpose", needs.purpose),
        ("fun", needs.fun),
    ] {
        level(ui, word, f32::from(value) / 10_000.0);
    }
    ui.add_space(theme::GAP);
    for (word, place) in [("Lives in", &inner.home), ("Works at", &inner.workplace)] {
        if let Some(place) = place {
            ui.horizontal_wrapped(|ui| {
                ui.weak(word);
                if ui.link(&place.name).clicked() {
                    show_place(ctx, out, &place.name);
                }
            });
        }
    }
    if !inner.inventory.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.weak("Carries");
            for goods in &inner.inventory {
                ui.label(format!("{} × {}", goods.count, goods.item));
            }
        });
    }
    relations(ctx, out, ui, inner);
}

/// Shows a landmark by its name.
pub(super) fn show_place(ctx: &ViewContext<'_>, out: &mut CommandQueue, name: &str) {
    let map = ctx.mirror.map.as_deref();
    let place = map.and_then(|it| it.places.iter().find(|it| it.name == name));
    if let Some(place) = place {
        let (x, y) = place.area.middle();
        out.push(Wish::ShowPlace(x, y));
    }
}

fn relations(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, inner: &Inner) {
    if inner.relations.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.strong("Knows");
    let mut relations: Vec<_> = inner.relations.iter().collect();
    relations.sort_by_key(|it| std::cmp::Reverse(it.closeness));
    egui::Grid::new("relations").num_columns(3).show(ui, |ui| {
        for relation in relations.into_iter().take(RELATIONS_MAX) {
            name_link(ui, out, ctx.mirror, Some(relation.agent_id), &relation.name);
            let word = match relation.liking {
                300.. => "💚 likes",
                50..=299 => "🙂 gets on with",
                -49..=49 => "knows",
                _ => "😠 dislikes",
            };
            ui.label(word);
            ui.weak(format!("closeness {}", relation.closeness));
            ui.end_row();
        }
    });
}

/// The keys of one's own agent.
fn keys(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, agent: &AgentShape) {
    let me = ctx.mirror.me.as_ref().and_then(|it| it.id);
    if me.is_none() || agent.owner_id != me {
        return;
    }
    out.push(Wish::Need(Page::Keys(agent.id)));
    ui.add_space(theme::GAP);
    ui.strong("Its keys");
    let kept = ctx.mirror.office.keys.as_ref();
    let Some((_, keys)) = kept.filter(|it| it.0 == agent.id) else {
        ui.weak("They are being fetched.");
        return;
    };
    for key in keys {
        ui.horizontal_wrapped(|ui| {
            let sign = if key.live { "🔑" } else { "✖" };
            ui.label(format!("{sign} {}", key.label));
            ui.weak(format!("{}… {}", key.prefix, key.scopes.join(" ")));
            if let Some(used) = &key.last_used_at {
                ui.weak(format!("used {}", clock_of(used)));
            }
        });
    }
}

fn posts(out: &mut CommandQueue, ui: &mut Ui, agent: &AgentShape) {
    if agent.recent_posts.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.strong("Wrote");
    for post in &agent.recent_posts {
        if ui.link(&post.title).clicked() {
            out.push(Wish::Open(Some(post.id)));
        }
    }
}
