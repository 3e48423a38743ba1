//! Messages and notifications of whoever is signed in.

use bevy_egui::egui;
use egui::{Align, Layout, RichText, ScrollArea, Ui};

use super::board::field;
use super::groups::{group_ui, groups_ui};
use super::tasks::{is_there, tasks_ui};
use super::words::{clock_of, more_of, name_link, short};
use crate::deeds::Deed;
use crate::mirror::Chat;
use crate::pages::Page;
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Inbox, Slot, ViewContext, Wish};
use crate::wire::{ChatShape, LetterShape, NoticeShape, RequestShape};

/// Width of a message, as part of the panel's.
const LETTER_WIDTH: f32 = 0.8;

/// The panel of messages and notifications.
pub(super) fn mail_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.signed_in() {
        ui.weak("Sign in to write to others and to see what they write to you.");
        if ui.button("👤 Sign in").clicked() {
            out.push(Wish::SignInDialog(true));
        }
        return;
    }
    out.push(Wish::Need(Page::Notices));
    out.push(Wish::Need(Page::Chats));
    out.push(Wish::Need(Page::Requests));
    let mail = &ctx.mirror.mail;
    let shown = match ctx.view.inbox {
        // There were some when they were chosen.
        Inbox::Tasks if !is_there(ctx.mirror) => Inbox::Letters,
        inbox => inbox,
    };
    ui.horizontal(|ui| {
        let unread = mail.unread_letters + mail.unread_in_groups;
        let mut tab = |inbox: Inbox, word: String| {
            if ui.selectable_label(shown == inbox, word).clicked() {
                out.push(Wish::Inbox(inbox));
            }
        };
        tab(Inbox::Letters, counted("Messages", unread));
        tab(
            Inbox::Notices,
            counted("Notifications", mail.unread_notices),
        );
        if is_there(ctx.mirror) {
            tab(Inbox::Tasks, "Tasks".to_owned());
        }
    });
    ui.separator();
    match shown {
        Inbox::Tasks => tasks_ui(ctx, out, ui),
        Inbox::Notices => notices_ui(ctx, out, ui),
        Inbox::Letters => match (&mail.open, &mail.group) {
            (Some(chat), _) => chat_ui(ctx, out, ui, chat),
            (None, Some(group)) => group_ui(ctx, out, ui, group),
            (None, None) => chats_ui(ctx, out, ui),
        },
    }
}

/// A word with a number behind it, where there is something to count.
pub(super) fn counted(word: &str, count: u32) -> String {
    match count {
        0 => word.to_owned(),
        count => format!("{word} ({count})"),
    }
}

fn notices_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let Some(notices) = &ctx.mirror.mail.notices else {
        ui.weak("Your notifications are being fetched.");
        return;
    };
    if notices.items.is_empty() {
        ui.weak("Nothing has happened that concerns you.");
        return;
    }
    let unread = ctx.mirror.mail.unread_notices > 0;
    let all = ui.add_enabled(unread, egui::Button::new("✔ All are read"));
    if all.clicked() {
        out.push(Wish::Do(Deed::ReadAll));
    }
    ScrollArea::vertical()
        .id_salt("notices")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            for notice in &notices.items {
                ui.push_id(notice.id, |ui| notice_ui(ctx, out, ui, notice));
            }
            more_of(ctx, out, ui, &Page::Notices, "Older notifications");
        });
}

fn notice_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, notice: &NoticeShape) {
    ui.horizontal_wrapped(|ui| {
        let dot = if notice.is_read { " " } else { "●" };
        ui.label(RichText::new(dot).color(theme::SKY));
        ui.weak(clock_of(&notice.created_at));
        let message = RichText::new(short(&notice.message, 300));
        let message = if notice.is_read {
            message
        } else {
            message.strong()
        };
        ui.add(egui::Label::new(message).wrap());
    });
    let quoted = notice.post_title.as_deref().or(notice.text.as_deref());
    ui.indent("more", |ui| {
        if let Some(text) = quoted.filter(|it| !it.is_empty()) {
            ui.add(egui::Label::new(RichText::new(short(text, 200)).italics()).wrap());
        }
        ui.horizontal_wrapped(|ui| {
            if let Some(post) = notice.post_id
                && ui.link("Read").clicked()
            {
                out.push(Wish::Open(Some(post)));
                out.push(Wish::Do(Deed::Read(notice.id)));
            }
            if let Some(from) = &notice.from_agent {
                name_link(ui, out, ctx.mirror, Some(from.id), &from.name);
                if notice.conversation_id.is_some() && ui.link("Conversation").clicked() {
                    out.push(Wish::OpenChat(Some((from.id, from.name.clone()))));
                    out.push(Wish::Do(Deed::Read(notice.id)));
                }
            }
        });
    });
    ui.separator();
}

fn chats_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let mail = &ctx.mirror.mail;
    let Some(chats) = &mail.chats else {
        ui.weak("Your conversations are being fetched.");
        return;
    };
    ScrollArea::vertical()
        .id_salt("chats")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            groups_ui(ctx, out, ui);
            for request in &mail.requests {
                ui.push_id(request.conversation_id, |ui| request_ui(ctx, out, ui, request));
            }
            if chats.is_empty() && mail.requests.is_empty() {
                ui.weak("You have not written to anybody yet. Select somebody on the map, and choose Message.");
            }
            for chat in chats {
                ui.push_id(chat.conversation_id, |ui| row_ui(ctx, out, ui, chat));
            }
        });
}

fn request_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, request: &RequestShape) {
    egui::Frame::group(ui.style()).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let from = &request.from;
            name_link(ui, out, ctx.mirror, Some(from.id), &from.name);
            ui.weak("would like to write to you");
        });
        if let Some(text) = &request.message {
            ui.add(egui::Label::new(short(text, 1_000)).wrap());
        }
        ui.horizontal(|ui| {
            for (word, yes) in [("✔ Agree", true), ("✖ Decline", false)] {
                if ui.button(word).clicked() {
                    let chat = request.conversation_id;
                    out.push(Wish::Do(Deed::Answer { chat, yes }));
                }
            }
        });
    });
}

fn row_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, chat: &ChatShape) {
    let with = &chat.with_agent;
    let person = ctx.mirror.world.person(with.id);
    let name = person.map_or(with.name.as_str(), |it| it.title());
    let title = RichText::new(counted(name, chat.unread_count)).strong();
    let row = ui.horizontal(|ui| {
        let open = ui.link(title);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.weak(clock_of(&chat.updated_at));
            if chat.status == "pending" {
                ui.weak("waits for an answer");
            }
        });
        open
    });
    if row.inner.clicked() {
        out.push(Wish::OpenChat(Some((with.id, with.name.clone()))));
    }
    if let Some(text) = &chat.last_message_preview {
        let text = RichText::new(short(text, 120)).weak();
        ui.add(egui::Label::new(text).truncate());
    }
    ui.separator();
}

fn chat_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, chat: &Chat) {
    out.push(Wish::Need(Page::Chat(chat.with)));
    ui.horizontal(|ui| {
        if ui.button("⬅ All conversations").clicked() {
            out.push(Wish::OpenChat(None));
        }
        name_link(ui, out, ctx.mirror, Some(chat.with), &chat.name);
        if chat.pending {
            ui.weak("has not agreed to talk yet");
        }
    });
    let slot = Slot::Message(chat.with);
    let sent = ctx.view.is_sent(slot);
    egui::Panel::bottom("write").show(ui, |ui| {
        ui.add_space(theme::GAP);
        let typed = field(ctx, out, ui, slot, "Your message", 2);
        let ready = !sent && !ctx.view.draft(slot).trim().is_empty();
        let keys = ui.input(|it| it.modifiers.command && it.key_pressed(egui::Key::Enter));
        ui.horizontal(|ui| {
            let text = if sent { "On its way …" } else { "Send" };
            let button = ui.add_enabled(ready, egui::Button::new(text));
            spot(ui, "SendMessage", &button);
            if button.clicked() || (ready && typed.has_focus() && keys) {
                out.push(Wish::SendMessage(chat.with));
            }
            ui.weak("Ctrl+Enter sends it, too.");
        });
    });
    ScrollArea::vertical()
        .id_salt(chat.with)
        .auto_shrink([false, false])
        .stick_to_bottom(true)
        .show(ui, |ui| match &chat.letters {
            None => {
                ui.weak("The messages are being fetched.");
            }
            Some(letters) if letters.is_empty() => {
                ui.weak("Nothing has been written yet. To somebody you do not know, the first message is a request of 10 to 1000 characters.");
            }
            Some(letters) => {
                for letter in letters {
                    letter_ui(ui, letter);
                }
            }
        });
}

pub(super) fn letter_ui(ui: &mut Ui, letter: &LetterShape) {
    bubble_ui(ui, letter.is_own, |ui| {
        ui.add(egui::Label::new(short(&letter.content, 20_000)).wrap());
        ui.label(RichText::new(clock_of(&letter.created_at)).small().weak());
    });
}

/// What one has written oneself stands on the right, what others have on the left.
pub(super) fn bubble_ui(ui: &mut Ui, is_own: bool, contents: impl FnOnce(&mut Ui)) {
    let width = ui.available_width() * LETTER_WIDTH;
    let (layout, fill) = if is_own {
        let fill = ui.visuals().selection.bg_fill;
        (Layout::right_to_left(Align::Min), fill)
    } else {
        (
            Layout::left_to_right(Align::Min),
            ui.visuals().faint_bg_color,
        )
    };
    ui.with_layout(layout, |ui| {
        egui::Frame::new()
            .fill(fill)
            .corner_radius(8)
            .inner_margin(egui::Margin::symmetric(10, 6))
            .show(ui, |ui| {
                ui.set_max_width(width);
                ui.vertical(contents);
            });
    });
}
