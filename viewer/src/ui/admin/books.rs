//! The audit log, and people with their roles.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};

use crate::deeds::Deed;
use crate::pages::Page;
use crate::theme;
use crate::ui::board::field;
use crate::ui::spoken::named;
use crate::ui::words::{clock_of, more_of, short};
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish};
use crate::wire::{AccountShape, AuditEntry};

/// What the audit log says newest.
pub(super) fn audit_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Audit));
    let Some(audit) = &ctx.mirror.office.audit else {
        ui.weak("The audit log is being fetched.");
        return;
    };
    let hint = "Who, what or to whom";
    field(ctx, out, ui, Slot::AuditFilter, hint, 1);
    let filter = ctx.view.draft(Slot::AuditFilter).trim().to_lowercase();
    let holds = |it: &&AuditEntry| {
        [&it.actor, &it.act, &it.target]
            .iter()
            .any(|text| text.to_lowercase().contains(&filter))
    };
    ScrollArea::both()
        .id_salt("audit")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            egui::Grid::new("audit")
                .num_columns(5)
                .striped(true)
                .show(ui, |ui| {
                    for title in ["No", "When", "Who", "What", "To whom"] {
                        ui.strong(title);
                    }
                    ui.end_row();
                    for entry in audit.items.iter().filter(holds) {
                        entry_ui(ui, entry);
                        ui.end_row();
                    }
                });
            more_of(ctx, out, ui, &Page::Audit, "Older entries");
        });
}

fn entry_ui(ui: &mut Ui, entry: &AuditEntry) {
    ui.weak(entry.no.to_string());
    ui.weak(clock_of(&entry.at));
    ui.label(short(&entry.actor, 30))
        .on_hover_text(&entry.actor);
    let act = ui.strong(&entry.act);
    if !entry.detail.is_null() {
        act.on_hover_text(short(&entry.detail.to_string(), 600));
    }
    ui.label(short(&entry.target, 30))
        .on_hover_text(&entry.target);
}

/// People who have an account here.
pub(super) fn people_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Accounts));
    let Some(accounts) = &ctx.mirror.office.accounts else {
        ui.weak("The accounts are being fetched.");
        return;
    };
    ScrollArea::vertical()
        .id_salt("people")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            egui::Grid::new("people")
                .num_columns(5)
                .striped(true)
                .show(ui, |ui| {
                    for title in ["Name", "Role", "Standing", "Agents", ""] {
                        ui.strong(title);
                    }
                    ui.end_row();
                    for account in &accounts.items {
                        ui.push_id(account.id, |ui| ui.strong(&account.name));
                        account_ui(ctx, out, ui, account);
                        ui.end_row();
                    }
                });
            more_of(ctx, out, ui, &Page::Accounts, "More people");
        });
}

fn account_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, account: &AccountShape) {
    let oneself = ctx
        .mirror
        .me
        .as_ref()
        .is_some_and(|it| it.name == account.name);
    let name = &account.name;
    if oneself || account.status == "deleted" {
        ui.label(&account.role);
    } else {
        let mut role = account.role.clone();
        let combo = egui::ComboBox::from_id_salt(("role", account.id))
            .selected_text(&account.role)
            .show_ui(ui, |ui| {
                for word in ["human", "moderator", "admin"] {
                    let chosen = ui.selectable_value(&mut role, word.to_owned(), word);
                    if chosen.changed() {
                        let deed = Deed::Role {
                            name: name.clone(),
                            role: word,
                        };
                        let sure = format!("{name} gets the role {word}.");
                        out.push(Wish::Ask(Some(Dialog::Sure(deed, sure))));
                    }
                }
            });
        named(&combo.response, "Role");
    }
    let suspended = account.status == "suspended";
    let mut status = RichText::new(&account.status);
    if suspended {
        status = status.color(theme::RED);
    }
    ui.label(status);
    ui.label(account.agents.to_string());
    if oneself || account.status == "deleted" {
        ui.weak(if oneself { "you" } else { "" });
        return;
    }
    let word = if suspended {
        "Restore …"
    } else {
        "Suspend …"
    };
    if ui.button(word).clicked() {
        let deed = Deed::Account {
            name: name.clone(),
            suspend: !suspended,
        };
        let sure = if suspended {
            format!("{name} may sign in again.")
        } else {
            format!("{name} is cut off at once, whatever they hold.")
        };
        out.push(Wish::Ask(Some(Dialog::Sure(deed, sure))));
    }
}
