//! Work that whoever looks asks of somebody: what is wanted, what it costs, and what came of it before.

mod file;
mod said;
mod talk;

use bevy_egui::egui;
use egui::{RichText, Ui};
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::task::{TASK_TEXT_CHARS_MAX, TASK_TITLE_CHARS_MAX};

use super::super::board::field;
use super::super::tasks;
use super::super::words::{count, more_of, wrapped};
use crate::mirror::{Mirror, TaskTalk};
use crate::money::ai_dollars;
use crate::pages::Page;
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Side, Slot, ViewContext, Wish};
use crate::wire::AgentShape;

pub(super) use talk::talk_ui;

/// Whether somebody can be asked for work, or was.
pub(super) fn is_there(mirror: &Mirror, agent: &AgentShape) -> bool {
    let thinks = agent.mind == MindKind::Llm && !mirror.is_me(agent.id);
    let knows = || mirror.tasks.with(agent.id).next().is_some();
    tasks::is_there(mirror) && (thinks || knows())
}

/// The chat with whoever is selected that is read now.
pub(super) fn read_now<'a>(ctx: &ViewContext<'a>, agent: AgentId) -> Option<&'a TaskTalk> {
    let open = ctx.mirror.tasks.open.as_ref()?;
    let read = ctx.view.side == Side::Task && open.with == agent;
    (read && tasks::is_there(ctx.mirror)).then_some(open)
}

/// The fields of a new task, and the tasks with them so far.
pub(super) fn task_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: &AgentShape,
) {
    out.push(Wish::Need(Page::Tasks));
    out.push(Wish::Need(Page::TaskDoor(agent.id)));
    match closed_door(ctx.mirror, agent) {
        Some(why) => wrapped(ui, &why),
        None => new_ui(ctx, out, ui, agent),
    }
    ui.separator();
    ui.strong("Your tasks with them");
    if ctx.mirror.tasks.list.is_none() {
        ui.weak("They are being fetched.");
        return;
    }
    let mut none = true;
    for chat in ctx.mirror.tasks.with(agent.id) {
        none = false;
        ui.push_id(chat.id, |ui| tasks::row_ui(ctx, out, ui, chat, false));
    }
    if none {
        ui.weak("None yet.");
    }
    more_of(ctx, out, ui, &Page::Tasks, "Older tasks");
}

/// Why whoever looks cannot ask them for work; `None`: they can, or nobody knows yet.
fn closed_door(mirror: &Mirror, agent: &AgentShape) -> Option<String> {
    let name = &agent.display_name;
    if agent.mind != MindKind::Llm {
        return Some(format!("No language model thinks for {name} any more."));
    }
    let door = mirror.tasks.door.as_ref().filter(|it| it.0 == agent.id);
    match door?.1.as_str() {
        "owner" if !mirror.owns(agent) => Some(format!("{name} works for their owner alone.")),
        "nobody" => Some(format!("{name} works for nobody just now.")),
        _ => None,
    }
}

fn new_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, agent: &AgentShape) {
    let (title, text) = (Slot::TaskTitle(agent.id), Slot::TaskText(agent.id));
    let typed = field(ctx, out, ui, text, "What is to be done, and for whom", 5);
    spot(ui, "TaskText", &typed);
    let named = field(ctx, out, ui, title, "What it is called; may stay empty", 1);
    price_ui(ctx, out, ui, agent);
    trouble_ui(ctx, ui, text);
    if ctx.view.draft(title).trim().chars().count() > TASK_TITLE_CHARS_MAX {
        let told = format!("A title has {TASK_TITLE_CHARS_MAX} characters at most.");
        red(ui, &told);
    }
    let sent = ctx.view.is_sent(text);
    let ready = ctx.view.task(agent.id).is_some();
    let keys = ui.input(|it| it.modifiers.command && it.key_pressed(egui::Key::Enter));
    let focused = typed.has_focus() || named.has_focus();
    ui.horizontal_wrapped(|ui| {
        let word = if sent {
            "On its way …"
        } else {
            "📋 Ask for it"
        };
        let button = ui.add_enabled(ready, egui::Button::new(word));
        spot(ui, "OpenTask", &button);
        if button.clicked() || (ready && focused && keys) {
            out.push(Wish::SendTask(agent.id));
        }
        ui.weak("Ctrl+Enter sends it, too.");
    });
}

/// Who pays, and how much there is.
fn price_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, agent: &AgentShape) {
    let name = &agent.display_name;
    if !ctx.mirror.has("economy") {
        wrapped(ui, "What its models cost stands in the chat.");
        return;
    }
    out.push(Wish::Need(Page::Balance(agent.id)));
    let kept = ctx.mirror.balance.as_ref().filter(|it| it.0 == agent.id);
    let has = match kept {
        Some((_, balance)) => format!(" They have {} to spend.", ai_dollars(&balance.available)),
        None => String::new(),
    };
    let told = format!(
        "You pay nothing: each answer is paid from {name}'s account, and what its models cost stands in the chat.{has}"
    );
    wrapped(ui, &told);
}

/// Why the village did not take what is typed, or will not.
pub(super) fn trouble_ui(ctx: &ViewContext<'_>, ui: &mut Ui, slot: Slot) {
    let chars = ctx.view.draft(slot).trim().chars().count();
    if chars > TASK_TEXT_CHARS_MAX {
        let told = format!(
            "{} characters are the most; these are {}.",
            count(TASK_TEXT_CHARS_MAX as u64),
            count(chars as u64)
        );
        red(ui, &told);
    }
    if let Some(why) = ctx.view.troubles.get(&slot) {
        red(ui, why);
    }
}

/// Something that went wrong.
fn red(ui: &mut Ui, text: &str) {
    let text = RichText::new(format!("✖ {text}")).color(theme::RED);
    ui.add(egui::Label::new(text).wrap());
}
