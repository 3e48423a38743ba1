//! Keys of whoever is selected, for admins: what there are, and how one of them or all of them end.

use bevy_egui::egui;
use egui::{CollapsingHeader, ScrollArea, Ui};
use hamlet_protocol::ids::AgentId;

use crate::deeds::Deed;
use crate::mirror::Person;
use crate::pages::Page;
use crate::ui::spoken::named;
use crate::ui::words::{clock_of, short};
use crate::view::{CommandQueue, Dialog, ViewContext, Wish};
use crate::wire::KeyShape;

/// Height of the list in points.
const HEIGHT: f32 = 150.0;
/// Characters of a label that are shown.
const LABEL_CHARS: usize = 40;

/// The keys of whoever is selected. They are asked for when somebody opens the list, for the village notes who reads it.
pub(super) fn agent_keys_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let selected = ctx.view.selected.and_then(|id| ctx.mirror.world.person(id));
    let may = ctx.mirror.is_admin() && ctx.mirror.replay().is_none();
    let Some(person) = selected.filter(|it| may && !it.name.is_empty()) else {
        return;
    };
    CollapsingHeader::new(format!("🔑 Keys of {}", person.title()))
        .id_salt("agent-keys")
        .show(ui, |ui| list(ctx, out, ui, person));
}

/// Asks whether all keys of somebody shall end.
pub(super) fn end_all(person: &Person) -> Wish {
    let name = person.name.clone();
    let sure = format!("All keys of {name} end at once. Whoever drives it needs a new one.");
    let agent = person.id;
    Wish::Ask(Some(Dialog::Sure(Deed::RevokeKeys { agent, name }, sure)))
}

fn list(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, person: &Person) {
    out.push(Wish::Need(Page::StaffKeys(person.id)));
    let keys = match ctx.mirror.office.staff_keys.get(&person.id) {
        None => {
            ui.weak("They are being fetched.");
            return;
        }
        Some(Err(why)) => {
            ui.weak(why);
            return;
        }
        Some(Ok(keys)) => keys,
    };
    if keys.is_empty() {
        ui.weak("There are none.");
    }
    if keys.iter().any(|it| it.live) && ui.button("Revoke all …").clicked() {
        out.push(end_all(person));
    }
    ScrollArea::both()
        .id_salt("agent-keys")
        .max_height(HEIGHT)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            egui::Grid::new("agent-keys")
                .num_columns(6)
                .striped(true)
                .show(ui, |ui| {
                    for title in ["Label", "May", "Made", "Used", "Good until", ""] {
                        ui.strong(title);
                    }
                    ui.end_row();
                    for key in keys {
                        row(out, ui, person.id, key);
                        ui.end_row();
                    }
                });
        });
}

fn row(out: &mut CommandQueue, ui: &mut Ui, agent: AgentId, key: &KeyShape) {
    let label = short(&key.label, LABEL_CHARS);
    let when = |at: &Option<String>, none: &str| match at {
        Some(at) => clock_of(at),
        None => none.to_owned(),
    };
    ui.label(&label)
        .on_hover_text(format!("{} ({})", key.label, key.id));
    ui.label(key.scopes.join(", "));
    ui.weak(clock_of(&key.created_at));
    ui.weak(when(&key.last_used_at, "never"));
    ui.weak(when(&key.expires_at, "no end"));
    if key.live {
        let button = ui.button("Revoke …");
        named(&button, &format!("Revoke “{label}” …"));
        if button.clicked() {
            let sure = format!("The key “{label}” ends at once. Whoever uses it needs a new one.");
            let deed = Deed::RevokeKey { agent, key: key.id };
            out.push(Wish::Ask(Some(Dialog::Sure(deed, sure))));
        }
    } else {
        let over = match &key.revoked_at {
            Some(at) => format!("revoked {}", clock_of(at)),
            None => "over".to_owned(),
        };
        ui.weak(over);
    }
}
