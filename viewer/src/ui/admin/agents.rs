//! The table of everybody: sorted, filtered, and laid out only where it is seen.

use std::cmp::Ordering;
use std::sync::Arc;

use bevy_egui::egui;
use egui::accesskit::Role;
use egui::{Align, Layout, RichText, ScrollArea, Sense, Ui, Vec2};
use hamlet_protocol::agent::Presence;

use super::agent_keys::{agent_keys_ui, end_all};
use crate::deeds::Standing;
use crate::mirror::{Mirror, Person};
use crate::options::PanelName;
use crate::theme;
use crate::ui::board::field;
use crate::ui::spoken;
use crate::view::{Column, CommandQueue, Dialog, Slot, ViewContext, Wish};

/// Height of a row in points.
const ROW: f32 = 22.0;
/// Columns with their titles and widths as parts of the table's.
const COLUMNS: [(Column, &str, f32); 5] = [
    (Column::Name, "Name", 0.24),
    (Column::Handle, "Handle", 0.22),
    (Column::Doing, "Doing", 0.17),
    (Column::Place, "Place", 0.25),
    (Column::Presence, "There", 0.12),
];
/// Room for the menu of a row.
const MENU: f32 = 34.0;

/// Which rows there are, in order; kept between frames, for ten thousand names are not sorted sixty times a second.
#[derive(Clone)]
struct Rows {
    order: (Column, bool),
    filter: String,
    /// Seconds of the window's clock.
    second: u64,
    nos: Arc<Vec<u32>>,
}

pub(super) fn agents_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let rows = rows(ctx, ui);
    ui.horizontal(|ui| {
        ui.weak(format!(
            "{} of {}",
            rows.len(),
            ctx.mirror.world.people.len()
        ));
        field(
            ctx,
            out,
            ui,
            Slot::AgentFilter,
            "Name, place or what they do",
            1,
        );
    });
    agent_keys_ui(ctx, out, ui);
    let width = (ui.available_width() - MENU - 16.0).max(200.0);
    head(ctx, out, ui, width);
    ScrollArea::vertical()
        .id_salt("agents")
        .auto_shrink([false, false])
        .show_rows(ui, ROW, rows.len(), |ui, range| {
            for no in range.filter_map(|it| rows.get(it)) {
                if let Some(person) = ctx.mirror.world.people.get(no) {
                    row(ctx, out, ui, person, width);
                }
            }
        });
}

fn head(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, width: f32) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (column, title, part) in COLUMNS {
            let (by, turned) = ctx.view.order;
            let sign = match (by == column, turned) {
                (true, false) => " ⏶",
                (true, true) => " ⏷",
                (false, _) => "",
            };
            let text = RichText::new(format!("{title}{sign}")).strong();
            let label = egui::Label::new(text).sense(Sense::click()).truncate();
            let cell = cell(ui, width * part, |ui| ui.add(label));
            spoken::column(&cell, title, (by == column).then_some(turned));
            if cell
                .on_hover_cursor(egui::CursorIcon::PointingHand)
                .clicked()
            {
                out.push(Wish::SortBy(column));
            }
        }
    });
}

fn cell<T>(ui: &mut Ui, width: f32, fill: impl FnOnce(&mut Ui) -> T) -> T {
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(Vec2::new(width, ROW), layout, |ui| {
        ui.set_width(width);
        fill(ui)
    })
    .inner
}

fn row(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, person: &Person, width: f32) {
    ui.push_id(person.no, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (column, _, part) in COLUMNS {
                let text = text(ctx.mirror, person, column);
                cell(ui, width * part, |ui| {
                    if column == Column::Name {
                        let chosen = ctx.view.selected == Some(person.id);
                        let name = text;
                        let mut text = RichText::new(&name).strong();
                        if chosen {
                            text = text.color(theme::ORANGE);
                        }
                        let label = egui::Label::new(text).sense(Sense::click()).truncate();
                        let label = ui.add(label);
                        spoken::pressable(&label, Role::Button, &name);
                        let label = label.on_hover_cursor(egui::CursorIcon::PointingHand);
                        if label.clicked() {
                            out.push(Wish::ShowOnMap(person.id));
                            out.push(Wish::Panel(PanelName::Admin));
                        }
                    } else {
                        ui.add(egui::Label::new(text).truncate());
                    }
                });
            }
            let more = ui.menu_button("…", |ui| menu(ctx, out, ui, person));
            spoken::named(&more.response, "What can be done with them");
        });
    });
}

/// What can be done with somebody.
pub(in crate::ui) fn menu(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    person: &Person,
) {
    if ui.button("🔎 Inspect").clicked() {
        out.push(Wish::ShowOnMap(person.id));
    }
    if !ctx.mirror.is_staff() || person.name.is_empty() || ctx.mirror.replay().is_some() {
        return;
    }
    ui.separator();
    for (word, standing) in [
        ("⏸ Quarantine …", Standing::Quarantine),
        ("⏹ Suspend …", Standing::Suspend),
        ("▶ Restore …", Standing::Restore),
    ] {
        if ui.button(word).clicked() {
            let dialog = Dialog::Stand(person.name.clone(), standing);
            out.push(Wish::Ask(Some(dialog)));
        }
    }
    if ctx.mirror.is_admin() && ui.button("🔑 End all keys …").clicked() {
        out.push(end_all(person));
    }
}

/// What stands in a column.
fn text(mirror: &Mirror, person: &Person, column: Column) -> String {
    match column {
        Column::Name => person.title().to_owned(),
        Column::Handle => person.name.clone(),
        Column::Doing => person.activity.as_str().to_owned(),
        Column::Place => place(mirror, person).to_owned(),
        Column::Presence => presence(person.presence).to_owned(),
    }
}

fn place<'a>(mirror: &'a Mirror, person: &Person) -> &'a str {
    mirror.place_at(person.x, person.y).unwrap_or("outdoors")
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "online",
        Presence::Idle => "idle",
        Presence::Gone => "gone",
    }
}

/// The rows, from the last second where nothing else was asked for.
fn rows(ctx: &ViewContext<'_>, ui: &Ui) -> Arc<Vec<u32>> {
    let id = egui::Id::new("agents-rows");
    let filter = ctx.view.draft(Slot::AgentFilter).trim().to_lowercase();
    let (order, second) = (ctx.view.order, ctx.now as u64);
    let kept = ui.data(|it| it.get_temp::<Rows>(id));
    if let Some(kept) = kept
        && kept.order == order
        && kept.filter == filter
        && kept.second == second
    {
        return kept.nos;
    }
    let nos = Arc::new(select(ctx.mirror, &filter, order));
    let rows = Rows {
        order,
        filter,
        second,
        nos: Arc::clone(&nos),
    };
    ui.data_mut(|it| it.insert_temp(id, rows));
    nos
}

/// Everybody whom the filter lets through, in order.
pub(in crate::ui) fn select(mirror: &Mirror, filter: &str, order: (Column, bool)) -> Vec<u32> {
    let holds = |person: &&Person| {
        filter.is_empty()
            || [
                person.title(),
                &person.name,
                person.activity.as_str(),
                place(mirror, person),
            ]
            .iter()
            .any(|it| it.to_lowercase().contains(filter))
    };
    let mut people: Vec<&Person> = mirror.world.people.values().filter(holds).collect();
    let (column, turned) = order;
    people.sort_by(|a, b| {
        let order = compare(mirror, a, b, column);
        if turned { order.reverse() } else { order }
    });
    people.into_iter().map(|it| it.no).collect()
}

fn compare(mirror: &Mirror, a: &Person, b: &Person, column: Column) -> Ordering {
    let order = match column {
        Column::Name => a.title().cmp(b.title()),
        Column::Handle => a.name.cmp(&b.name),
        Column::Doing => a.activity.as_str().cmp(b.activity.as_str()),
        Column::Place => place(mirror, a).cmp(place(mirror, b)),
        Column::Presence => presence(a.presence).cmp(presence(b.presence)),
    };
    order.then(a.no.cmp(&b.no))
}
