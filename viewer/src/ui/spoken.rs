//! What readers of the screen say of what is drawn: names of signs, of fields and of bars, and what is told by itself.
//!
//! All of it costs nothing while no reader is there: egui makes no tree then.

use bevy_egui::egui;
use egui::accesskit::{Action, ActionData, Live, Role, SortDirection};
use egui::{Id, Response, Ui, WidgetText};

/// Gives what is drawn a name, in place of the sign on it.
pub(in crate::ui) fn named(response: &Response, name: &str) {
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_label(name));
}

/// Gives what has a sign on it a name, and the key that does the same; both under the pointer as well.
pub(in crate::ui) fn signed(response: Response, name: &str, key: &str) -> Response {
    named(&response, name);
    if key.is_empty() {
        return response.on_hover_text(name);
    }
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_keyboard_shortcut(key));
    response.on_hover_text(format!("{name} ({key})"))
}

/// A button with a sign on it.
pub(in crate::ui) fn sign_button(
    ui: &mut Ui,
    sign: impl Into<WidgetText>,
    name: &str,
    key: &str,
) -> Response {
    let button = ui.button(sign.into());
    signed(button, name, key)
}

/// A text that is pressed like a button or a link: readers say so.
pub(in crate::ui) fn pressable(response: &Response, role: Role, name: &str) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_role(role);
        node.clear_value();
        node.set_label(name);
    });
}

/// The head of a column, and how the table is sorted by it: `Some(true)` from the end on.
pub(in crate::ui) fn column(response: &Response, name: &str, sorted: Option<bool>) {
    pressable(response, Role::Button, name);
    let Some(turned) = sorted else {
        return;
    };
    let way = if turned {
        SortDirection::Descending
    } else {
        SortDirection::Ascending
    };
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_sort_direction(way));
}

/// A picture that says something: what, and what is to be seen on it. The words are made only for a reader, and must not ask egui for anything.
pub(in crate::ui) fn pictured(response: &Response, name: &str, told: impl FnOnce() -> String) {
    let rect = response.rect;
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Figure);
        // What cannot be pressed has no place for readers yet.
        node.set_bounds(egui::accesskit::Rect {
            x0: rect.min.x.into(),
            y0: rect.min.y.into(),
            x1: rect.max.x.into(),
            y1: rect.max.y.into(),
        });
        node.set_label(name);
        let told = told();
        if !told.is_empty() {
            node.set_description(told);
        }
    });
}

/// Where a level lies between its ends.
pub(in crate::ui) fn bounded(response: &Response, min: f64, max: f64) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(min);
        node.set_max_numeric_value(max);
    });
}

/// A text that is told as soon as it is there; one that is grave, before anything else.
pub(in crate::ui) fn told(response: &Response, grave: bool) {
    let live = if grave { Live::Assertive } else { Live::Polite };
    response
        .ctx
        .accesskit_node_builder(response.id, |node| node.set_live(live));
}

/// A sentence that is seen nowhere, and told whenever it becomes another. It is made only for a reader, and must not ask egui for anything.
pub(in crate::ui) fn whispered(ctx: &egui::Context, id: Id, sentence: impl FnOnce() -> String) {
    ctx.accesskit_node_builder(id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
        node.set_label(sentence());
    });
}

/// A field's name, and the text that a reader puts into it.
pub(in crate::ui) fn dictated(ui: &Ui, field: &Response, name: &str) -> Option<String> {
    ui.ctx().accesskit_node_builder(field.id, |node| {
        node.set_label(name);
        node.add_action(Action::SetValue);
    });
    ui.input(|it| {
        let asked = it.accesskit_action_requests(field.id, Action::SetValue);
        asked.last().and_then(|request| match &request.data {
            Some(ActionData::Value(text)) => Some(text.to_string()),
            _ => None,
        })
    })
}
