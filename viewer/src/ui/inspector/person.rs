//! Who somebody is, how they are, what they have and whom they know.

use bevy_egui::egui;
use egui::{RichText, Ui};

use super::super::words::{clock_of, level, name_link, short, wrapped};
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{AgentShape, Inner};

/// Relations that are listed.
const RELATIONS_MAX: usize = 12;
/// Observations that are listed.
const OBSERVATIONS_MAX: usize = 12;
/// Characters of an observation, or of the words with it.
const OBSERVATION_CHARS_MAX: usize = 300;

/// The first side of whoever is selected.
pub(super) fn person_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: &AgentShape,
) {
    if !agent.description.is_empty() {
        ui.add(egui::Label::new(RichText::new(&agent.description).italics()).wrap());
    }
    standing(ui, agent);
    super::money::purse_ui(ctx, out, ui, agent.id);
    match &agent.private {
        Some(inner) => inside(ctx, out, ui, inner),
        None => {
            ui.weak("What goes on inside is for their owner and for those who keep order to see.");
        }
    }
    posts(out, ui, agent);
    keys(ctx, out, ui, agent);
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
    lately(ui, inner);
}

/// What they observed of late, newest first, in the sentences that are told to themselves.
fn lately(ui: &mut Ui, inner: &Inner) {
    if inner.observations.is_empty() {
        return;
    }
    ui.add_space(theme::GAP);
    ui.strong("Latest observations");
    for seen in inner.observations.iter().take(OBSERVATIONS_MAX) {
        let what = short(&seen.what, OBSERVATION_CHARS_MAX);
        wrapped(ui, &format!("{} {what}", seen.clock));
        if let Some(said) = &seen.said {
            let words = format!("« {} »", short(&said.text, OBSERVATION_CHARS_MAX));
            ui.indent((seen.tick, &seen.what), |ui| {
                ui.add(egui::Label::new(RichText::new(words).italics()).wrap());
            });
        }
    }
}

/// Shows a landmark by its name.
fn show_place(ctx: &ViewContext<'_>, out: &mut CommandQueue, name: &str) {
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
    if !ctx.mirror.owns(agent) {
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
