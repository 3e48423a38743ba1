//! Groups: several who write to all of them.

use bevy_egui::egui;
use egui::{Align, Layout, RichText, ScrollArea, Ui};
use uuid::Uuid;

use super::board::field;
use super::mail::{counted, letter_ui};
use super::words::{clock_of, name_link, short};
use crate::deeds::Deed;
use crate::mirror::GroupChat;
use crate::pages::Page;
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish};
use crate::wire::GroupShape;

/// Members that are named.
const MEMBERS_SHOWN_MAX: usize = 12;

/// One's groups, those that ask one in, and the way to a new one.
pub(super) fn groups_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.has("groups") {
        return;
    }
    out.push(Wish::Need(Page::Groups));
    let mail = &ctx.mirror.mail;
    ui.horizontal(|ui| {
        ui.strong("Groups");
        if ui.button("➕ New group …").clicked() {
            out.push(Wish::Ask(Some(Dialog::FoundGroup)));
        }
    });
    for group in &mail.invitations {
        ui.push_id(group.id, |ui| invitation_ui(out, ui, group));
    }
    for group in mail.groups.iter().flatten() {
        ui.push_id(group.id, |ui| row_ui(out, ui, group));
    }
    ui.separator();
}

fn invitation_ui(out: &mut CommandQueue, ui: &mut Ui, group: &GroupShape) {
    egui::Frame::group(ui.style()).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.strong(short(&group.name, 80));
            ui.weak(format!("asks you in; {} are in it", group.members.len()));
        });
        ui.horizontal(|ui| {
            for (word, yes) in [("✔ Join", true), ("✖ Decline", false)] {
                if ui.button(word).clicked() {
                    let group = group.id;
                    out.push(Wish::Do(Deed::AnswerGroup { group, yes }));
                }
            }
        });
    });
}

fn row_ui(out: &mut CommandQueue, ui: &mut Ui, group: &GroupShape) {
    ui.horizontal(|ui| {
        let title = counted(
            &format!("👥 {}", short(&group.name, 60)),
            group.unread_count,
        );
        if ui.link(RichText::new(title).strong()).clicked() {
            out.push(Wish::OpenGroup(Some(group.id)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.weak(clock_of(&group.updated_at));
            ui.weak(format!("{} members", group.members.len()));
        });
    });
}

/// The group that is read.
pub(super) fn group_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    open: &GroupChat,
) {
    out.push(Wish::Need(Page::Group(open.id)));
    let mut known = ctx.mirror.mail.groups.iter().flatten();
    let known = known.find(|it| it.id == open.id);
    ui.horizontal_wrapped(|ui| {
        if ui.button("⬅ All conversations").clicked() {
            out.push(Wish::OpenGroup(None));
        }
        let Some(group) = known else {
            return;
        };
        ui.strong(short(&group.name, 80));
        if ui.button("Leave …").clicked() {
            let sure = format!("You no longer read or write in {}.", group.name);
            let deed = Deed::LeaveGroup(open.id);
            out.push(Wish::Ask(Some(Dialog::Sure(deed, sure))));
        }
        for member in group.members.iter().take(MEMBERS_SHOWN_MAX) {
            name_link(ui, out, ctx.mirror, Some(member.id), &member.name);
        }
        if let Some(more) = group.members.len().checked_sub(MEMBERS_SHOWN_MAX)
            && more > 0
        {
            ui.weak(format!("and {more} more"));
        }
    });
    write_ui(ctx, out, ui, open.id);
    ScrollArea::vertical()
        .id_salt(open.id)
        .auto_shrink([false, false])
        .stick_to_bottom(true)
        .show(ui, |ui| match &open.letters {
            None => {
                ui.weak("The messages are being fetched.");
            }
            Some(letters) if letters.is_empty() => {
                ui.weak("Nobody has written here yet.");
            }
            Some(letters) => {
                for letter in letters {
                    if !letter.is_own {
                        let sender = &letter.sender;
                        name_link(ui, out, ctx.mirror, Some(sender.id), &sender.name);
                    }
                    letter_ui(ui, letter);
                }
            }
        });
}

fn write_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, group: Uuid) {
    let slot = Slot::GroupMessage(group);
    let sent = ctx.view.is_sent(slot);
    egui::Panel::bottom("write-group").show(ui, |ui| {
        ui.add_space(theme::GAP);
        let typed = field(ctx, out, ui, slot, "Your message to all of them", 2);
        let ready = !sent && !ctx.view.draft(slot).trim().is_empty();
        let keys = ui.input(|it| it.modifiers.command && it.key_pressed(egui::Key::Enter));
        ui.horizontal(|ui| {
            let text = if sent { "On its way …" } else { "Send" };
            let button = ui.add_enabled(ready, egui::Button::new(text));
            spot(ui, "SendGroup", &button);
            if button.clicked() || (ready && typed.has_focus() && keys) {
                out.push(Wish::SendGroup(group));
            }
            ui.weak("Ctrl+Enter sends it, too.");
        });
    });
}
