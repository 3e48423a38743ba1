//! A task chat: what is said in it, what the agent is saying, and the field to answer.

use bevy_egui::egui;
use egui::{Panel, RichText, ScrollArea, Ui};
use hamlet_protocol::task::TASK_TITLE_CHARS_MAX;

use super::super::super::board::field;
use super::super::super::mail::bubble_ui;
use super::super::super::tasks::state_ui;
use super::super::super::words::{more_of, name_link, short};
use super::file::{file_ui, read_file};
use super::said::said_ui;
use super::{red, trouble_ui};
use crate::deeds::Deed;
use crate::mirror::TaskTalk;
use crate::money::dollars;
use crate::pages::Page;
use crate::status::spot;
use crate::tasks::TaskDeed;
use crate::theme;
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish};
use crate::wire::TaskChatShape;

/// The chat that is read.
pub(in crate::ui::inspector) fn talk_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    open: &TaskTalk,
) {
    out.push(Wish::Need(Page::Task(open.id)));
    if let Some(at) = read_file(ctx, open) {
        file_ui(ctx, out, ui, open, at);
        return;
    }
    head_ui(ctx, out, ui, open);
    if let Some(chat) = open.chat.as_ref().filter(|it| !it.is_closed()) {
        write_ui(ctx, out, ui, chat);
    }
    ScrollArea::vertical()
        .id_salt(open.id)
        .auto_shrink([false, false])
        .stick_to_bottom(true)
        .show(ui, |ui| {
            if let Some(why) = &open.trouble {
                red(ui, why);
            }
            match &open.messages {
                None => {
                    ui.weak("What was said is being fetched.");
                }
                Some(list) => {
                    let page = Page::Task(open.id);
                    more_of(ctx, out, ui, &page, "Older messages");
                    for message in list.items.iter().rev() {
                        ui.push_id(message.no, |ui| said_ui(out, ui, open.id, message));
                    }
                }
            }
            words_ui(ui, open);
        });
}

fn head_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, open: &TaskTalk) {
    ui.horizontal_wrapped(|ui| {
        if ui.button("⬅ All tasks").clicked() {
            out.push(Wish::OpenTask(None));
        }
        let Some(chat) = &open.chat else {
            return;
        };
        name_link(ui, out, ctx.mirror, Some(chat.agent.id), &chat.agent.name);
        state_ui(ui, chat);
        ui.weak(format!("models cost {}", dollars(&chat.cost)));
    });
    let Some(chat) = &open.chat else {
        return;
    };
    let title = RichText::new(short(&chat.title, TASK_TITLE_CHARS_MAX)).strong();
    ui.add(egui::Label::new(title).wrap());
    ui.horizontal_wrapped(|ui| deeds_ui(out, ui, chat));
    ui.separator();
}

/// What can be done with a chat besides writing.
fn deeds_ui(out: &mut CommandQueue, ui: &mut Ui, chat: &TaskChatShape) {
    if chat.is_working() {
        let button = ui.button("⏹ Stop it");
        spot(ui, "StopTask", &button);
        if button.clicked() {
            out.push(Wish::Do(Deed::Task(TaskDeed::Stop(chat.id))));
        }
    }
    let mut sure = |word: &str, deed: TaskDeed, what: &str| {
        if ui.button(word).clicked() {
            let dialog = Dialog::Sure(Deed::Task(deed), what.to_owned());
            out.push(Wish::Ask(Some(dialog)));
        }
    };
    if !chat.is_closed() {
        let what = "Nothing more is said in it, and work in it is broken off. It stays to be read.";
        sure("✔ Close …", TaskDeed::Close(chat.id), what);
    }
    let what = "It goes with all that was said and delivered in it; work in it is broken off.";
    sure("🗑 Delete …", TaskDeed::Delete(chat.id), what);
}

/// The field to answer. While the agent is at work it hears nothing; what is typed waits.
fn write_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, chat: &TaskChatShape) {
    let slot = Slot::TaskReply(chat.id);
    Panel::bottom("write-task").show(ui, |ui| {
        ui.add_space(theme::GAP);
        let typed = field(ctx, out, ui, slot, "Your answer, or what is next", 2);
        spot(ui, "TaskReply", &typed);
        trouble_ui(ctx, ui, slot);
        let ready = !chat.is_working() && ctx.view.task_text(slot).is_some();
        let keys = ui.input(|it| it.modifiers.command && it.key_pressed(egui::Key::Enter));
        ui.horizontal_wrapped(|ui| {
            let sent = ctx.view.is_sent(slot);
            let word = if sent { "On its way …" } else { "Send" };
            let button = ui.add_enabled(ready, egui::Button::new(word));
            spot(ui, "SendTaskReply", &button);
            if button.clicked() || (ready && typed.has_focus() && keys) {
                out.push(Wish::SendTaskReply(chat.id));
            }
            ui.weak(if chat.is_working() {
                "At work it hears nothing: wait for your turn, or stop it."
            } else {
                "Ctrl+Enter sends it, too."
            });
        });
    });
}

/// Words as they come: a message takes their place.
fn words_ui(ui: &mut Ui, open: &TaskTalk) {
    if open.words.is_empty() {
        return;
    }
    bubble_ui(ui, false, |ui| {
        ui.add(egui::Label::new(RichText::new(open.words.as_str()).italics()).wrap());
        ui.label(RichText::new("being said; not final").small().weak());
    });
}
