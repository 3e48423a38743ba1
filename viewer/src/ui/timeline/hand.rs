//! The line of time by keys and for readers: in a replay a slider, else a picture of what happened.

use bevy_egui::egui;
use egui::accesskit::{Action, ActionData, Role};
use egui::{EventFilter, Key, Response, Ui};

use super::super::spoken::pictured;
use super::super::words::{hour, moment};
use super::time_of;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{ReplaySpan, TimeOrder};

/// Steps by key from one end of a replay to the other.
const STEPS: u64 = 100;
/// Marks that are told of.
const TOLD_MAX: usize = 8;

/// Goes to another moment of a replay by key, and says at which one is.
pub(super) fn slide(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &Ui,
    line: &Response,
    span: ReplaySpan,
    secs: u32,
) {
    let now = ctx.mirror.world.tick.clamp(span.first_tick, span.last_tick);
    ui.ctx().accesskit_node_builder(line.id, |node| {
        node.set_role(Role::Slider);
        node.set_label("Moment of the replay");
        node.set_value(moment(time_of(span, secs, now)));
        node.set_numeric_value(now as f64);
        node.set_min_numeric_value(span.first_tick as f64);
        node.set_max_numeric_value(span.last_tick as f64);
        node.add_action(Action::SetValue);
        node.add_action(Action::Increment);
        node.add_action(Action::Decrement);
    });
    let Some(wanted) = wanted(ui, line, span, now) else {
        return;
    };
    if wanted != now {
        out.push(Wish::Steer(TimeOrder::Seek { tick: wanted }));
    }
}

/// The tick that a key or a reader asks for.
fn wanted(ui: &Ui, line: &Response, span: ReplaySpan, now: u64) -> Option<u64> {
    let step = ((span.last_tick - span.first_tick) / STEPS).max(1);
    let keys = line.has_focus();
    if keys {
        let arrows = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|it| it.set_focus_lock_filter(line.id, arrows));
    }
    let wanted = ui.input(|it| {
        let asked = |action| it.has_accesskit_action_request(line.id, action);
        let key = |key| keys && it.key_pressed(key);
        if key(Key::ArrowRight) || asked(Action::Increment) {
            return Some(now.saturating_add(step));
        }
        if key(Key::ArrowLeft) || asked(Action::Decrement) {
            return Some(now.saturating_sub(step));
        }
        let set = it.accesskit_action_requests(line.id, Action::SetValue);
        set.last().and_then(|request| match request.data {
            Some(ActionData::NumericValue(tick)) if tick >= 0.0 => Some(tick.round() as u64),
            _ => None,
        })
    });
    wanted.map(|it| it.clamp(span.first_tick, span.last_tick))
}

/// Says what happened of late.
pub(super) fn tell(ctx: &ViewContext<'_>, line: &Response) {
    pictured(line, "What happened of late", || {
        let marks = ctx.mirror.world.marks.iter().rev().take(TOLD_MAX);
        let told = marks.map(|it| match it.time {
            Some(time) => format!("{} {}", hour(time), it.text),
            None => it.text.clone(),
        });
        told.collect::<Vec<_>>().join("; ")
    });
}
