//! Whoever is selected, from all sides: themselves, their thoughts, their memories, their money.
//!
//! A side is there where the village has it and whoever looks may see it; a further one is a variant of [`Side`] and a file beside these.

mod memories;
mod money;
mod person;
mod task;
mod thoughts;

pub(super) use money::entitlements_ui;

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};
use hamlet_protocol::agent::MindKind;

use super::spoken::{named, signed};
use super::words::portrait;
use crate::deeds::{Deed, Standing, Subject};
use crate::mirror::{Mirror, Person};
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Dialog, Side, ViewContext, Wish};
use crate::wire::AgentShape;

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
    let side = known.map_or(Side::Person, |it| shown(ctx.mirror, it, ctx.view.side));
    if let Some(open) = task::read_now(ctx, id) {
        // A chat wants the room: whoever it is with has their name in it.
        if let Some(agent) = known {
            sides(ctx, out, ui, agent, Side::Task);
        }
        task::talk_ui(ctx, out, ui, open);
        return;
    }
    ScrollArea::vertical()
        .id_salt((id, side as u8))
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
            sides(ctx, out, ui, agent, side);
            match side {
                Side::Person => person::person_ui(ctx, out, ui, agent),
                Side::Thoughts => thoughts::thoughts_ui(ctx, out, ui, agent.id),
                Side::Memories => memories::memories_ui(ctx, out, ui, agent.id),
                Side::Money => money::money_ui(ctx, out, ui, agent),
                Side::Task => task::task_ui(ctx, out, ui, agent),
            }
        });
}

/// Sides with their names.
const SIDES: [(Side, &str); 5] = [
    (Side::Person, "Person"),
    (Side::Thoughts, "Thoughts"),
    (Side::Memories, "Memories"),
    (Side::Money, "Money"),
    (Side::Task, "Task"),
];

/// Whether the village has a side, and whoever looks may see it.
fn is_there(mirror: &Mirror, agent: &AgentShape, side: Side) -> bool {
    match side {
        Side::Person => true,
        Side::Thoughts => mirror.has("models") && mirror.may_look_into(agent),
        Side::Memories => mirror.has("memory") && mirror.may_look_into(agent),
        Side::Money => mirror.has("economy"),
        Side::Task => task::is_there(mirror, agent),
    }
}

fn shown(mirror: &Mirror, agent: &AgentShape, wanted: Side) -> Side {
    if is_there(mirror, agent, wanted) {
        wanted
    } else {
        Side::Person
    }
}

fn sides(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: &AgentShape,
    shown: Side,
) {
    let there = |it: &&(Side, &str)| is_there(ctx.mirror, agent, it.0);
    if SIDES.iter().filter(there).count() < 2 {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (side, title) in SIDES.iter().filter(there) {
            let tab = ui.selectable_label(shown == *side, *title);
            spot(ui, title, &tab);
            if tab.clicked() {
                out.push(Wish::Side(*side));
            }
        }
    });
    ui.separator();
}

fn ways(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let (back, forward) = ctx.view.ways();
    ui.horizontal(|ui| {
        for (sign, name, key, on, wish) in [
            ("⬅", "Back", "Alt+Left", back, Wish::Back),
            ("➡", "Forward", "Alt+Right", forward, Wish::Forward),
        ] {
            let button = ui.add_enabled(on, egui::Button::new(sign));
            if button.clicked() {
                out.push(wish);
            }
            signed(button, name, key);
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
        }
        if ctx.mirror.has("economy") {
            for (name, word, penalty) in [
                ("Reward", "🎁 Reward …", false),
                ("Penalise", "💸 Penalise …", true),
            ] {
                let button = ui.button(word);
                spot(ui, name, &button);
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
        set_apart(ctx, out, ui, agent);
        let rare = ui.menu_button("…", |ui| more(ctx, out, ui, person, agent));
        named(&rare.response, "What else can be done with them");
    });
}

/// Stops one agent's mind, or lets it go on: for its owner and for those who keep order, who let act who was cut off as well.
fn set_apart(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, agent: &AgentShape) {
    let owns = ctx.mirror.owns(agent);
    let (is_staff, status) = (ctx.mirror.is_staff(), agent.status.as_str());
    let (word, standing, told) = match status {
        "quarantined" | "suspended" if is_staff => (
            "▶ Let act …",
            Standing::Restore,
            "It may act again, and is seen.",
        ),
        "halted" if is_staff || owns => (
            "▶ Let think …",
            Standing::Resume,
            "Its mind goes on where it stopped.",
        ),
        "quarantined" | "suspended" | "halted" => return,
        // Who lives by habit has no mind that could be stopped.
        _ if matches!(agent.mind, MindKind::Llm | MindKind::External) && (is_staff || owns) => (
            "⏸ Halt …",
            Standing::Halt,
            "No model is asked for it, and nobody acts through it, until it is let go on.",
        ),
        _ => return,
    };
    let button = ui.button(word);
    spot(ui, "SetApart", &button);
    if button.on_hover_text(told).clicked() {
        let dialog = Dialog::Stand(agent.name.clone(), standing);
        out.push(Wish::Ask(Some(dialog)));
    }
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
