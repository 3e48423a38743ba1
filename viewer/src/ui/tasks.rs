//! The signed-in person's task chats, listed beside messages. A chat itself is a side of the agent it is with.

use bevy_egui::egui;
use egui::{Align, Layout, RichText, ScrollArea, Ui};

use super::words::{clock_of, more_of, name_link, short};
use crate::mirror::Mirror;
use crate::money::dollars;
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::TaskChatShape;

/// Characters of a title in a list.
const TITLE_CHARS_MAX: usize = 80;

/// Whether the village has task chats, and somebody looks who may have some.
pub(super) fn is_there(mirror: &Mirror) -> bool {
    mirror.has("task_chats") && mirror.signed_in() && mirror.replay().is_none()
}

/// All of them, the last used first.
pub(super) fn tasks_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Tasks));
    let Some(list) = &ctx.mirror.tasks.list else {
        ui.weak("Your tasks are being fetched.");
        return;
    };
    ScrollArea::vertical()
        .id_salt("tasks")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if list.items.is_empty() {
                ui.weak("You have asked nobody for work yet. Select a resident for whom a language model thinks, and choose Task.");
            }
            for chat in &list.items {
                ui.push_id(chat.id, |ui| row_ui(ctx, out, ui, chat, true));
            }
            more_of(ctx, out, ui, &Page::Tasks, "Older tasks");
        });
}

/// A task chat in a list, with the name of who works where that is not known anyway.
pub(super) fn row_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    chat: &TaskChatShape,
    named: bool,
) {
    let agent = &chat.agent;
    let title = RichText::new(short(&chat.title, TITLE_CHARS_MAX)).strong();
    let open = ui.add(egui::Link::new(title));
    if open.clicked() {
        out.push(Wish::OpenTask(Some((agent.id, chat.id))));
    }
    ui.horizontal(|ui| {
        if named {
            name_link(ui, out, ctx.mirror, Some(agent.id), &agent.name);
        }
        state_ui(ui, chat);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.weak(clock_of(&chat.updated_at));
            ui.weak(dollars(&chat.cost));
        });
    });
    ui.separator();
}

/// How a task chat is, as a sign, a colour and a word.
pub(super) fn state_ui(ui: &mut Ui, chat: &TaskChatShape) {
    let (word, color) = match chat.state.as_str() {
        "working" => ("⏳ at work", theme::ORANGE),
        "closed" => ("✔ closed", ui.visuals().weak_text_color()),
        _ => ("💬 your turn", theme::SKY),
    };
    ui.label(RichText::new(word).color(color));
}
