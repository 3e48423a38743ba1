//! The panel of those who keep order: everybody, cases, measures, the audit log, people, the server, and the switches that stop things.

mod agent_keys;
mod agents;
mod books;
mod bounty;
mod deposits;
mod money;
mod queue;
mod server;

pub(super) use agents::menu;
#[cfg(test)]
pub(super) use agents::select;
pub(super) use money::bands_ui;

use bevy_egui::egui;
use egui::{RichText, Ui};

use crate::view::{CommandQueue, Desk, ViewContext, Wish};
use crate::wire::TimeOrder;
use crate::{mirror::Mirror, theme};

/// The admin panel.
pub(super) fn admin_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.mirror.is_staff() {
        ui.weak("This panel is for the village's moderators and admins. Sign in as one of them.");
        return;
    }
    switch_ui(ctx, out, ui);
    let shown = shown(ctx.mirror, ctx.view.desk);
    ui.horizontal_wrapped(|ui| {
        for desk in Desk::ALL.into_iter().filter(|it| is_there(ctx.mirror, *it)) {
            let title = match desk {
                Desk::Queue => waiting(ctx.mirror),
                _ => desk.title().to_owned(),
            };
            if ui.selectable_label(shown == desk, title).clicked() {
                out.push(Wish::Desk(desk));
            }
        }
    });
    ui.separator();
    match shown {
        Desk::Agents => agents::agents_ui(ctx, out, ui),
        Desk::Queue => queue::queue_ui(ctx, out, ui),
        Desk::Measures => queue::measures_ui(ctx, out, ui),
        Desk::Audit => books::audit_ui(ctx, out, ui),
        Desk::People => books::people_ui(ctx, out, ui),
        Desk::Money => money::money_ui(ctx, out, ui),
        Desk::Deposits => deposits::deposits_ui(ctx, out, ui),
        Desk::Server => server::server_ui(ctx, out, ui),
    }
}

/// Whether somebody may see a page here, and the village has it.
fn is_there(mirror: &Mirror, desk: Desk) -> bool {
    let moderation = !matches!(desk, Desk::Queue | Desk::Measures) || mirror.has("moderation");
    let books = !matches!(desk, Desk::Audit | Desk::People) || mirror.has("accounts");
    let money = !matches!(desk, Desk::Money | Desk::Deposits) || mirror.has("economy");
    (mirror.is_admin() || desk.is_for_staff()) && moderation && books && money
}

fn shown(mirror: &Mirror, wanted: Desk) -> Desk {
    if is_there(mirror, wanted) {
        wanted
    } else {
        Desk::Agents
    }
}

fn waiting(mirror: &Mirror) -> String {
    let cases = mirror.office.cases.iter().flat_map(|it| &it.items);
    match cases.filter(|it| it.waits()).count() {
        0 => Desk::Queue.title().to_owned(),
        waiting => format!("{} ({waiting})", Desk::Queue.title()),
    }
}

/// The switch that stops the whole village.
fn switch_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let Some(time) = ctx.mirror.time.as_ref() else {
        return;
    };
    if !ctx.mirror.may_steer() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let paused = time.state == "paused";
        let (word, order) = if paused {
            ("▶ Let the village go on", TimeOrder::Resume)
        } else {
            ("⏹ Stop the whole village", TimeOrder::Pause)
        };
        let mut text = RichText::new(word).strong();
        if !paused {
            text = text.color(theme::RED);
        }
        let button = ui.add_enabled(time.state != "stopped", egui::Button::new(text));
        if button.clicked() {
            out.push(Wish::Steer(order));
        }
        ui.weak("Nobody moves or thinks while it stands still; reading goes on.");
    });
}
