//! What somebody has, what it entitles them to, what they spent on thinking, and their ledger.

use bevy_egui::egui;
use egui::{RichText, Ui};
use hamlet_protocol::ids::AgentId;

use super::super::ledger::ledger_ui;
use super::super::words::{clock_of, count, short};
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::{AgentShape, Entitlements, SpentPage};

/// Lines of costs that are shown.
const SPENT_MAX: usize = 12;

/// What somebody has, in a line.
pub(super) fn purse_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, agent: AgentId) {
    if !ctx.mirror.has("economy") {
        return;
    }
    out.push(Wish::Need(Page::Balance(agent)));
    let Some((_, purse)) = ctx.mirror.balance.as_ref().filter(|it| it.0 == agent) else {
        return;
    };
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        ui.label("💰");
        ui.strong(&purse.available);
        ui.label(&purse.currency);
        if !purse.reserved.is_empty() && purse.reserved != "0" {
            ui.weak(format!("and {} reserved", purse.reserved));
        }
        ui.weak(format!("· tier {}", purse.tier));
    });
}

pub(super) fn money_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: &AgentShape,
) {
    purse_ui(ctx, out, ui, agent.id);
    entitlements_ui(ctx, out, ui, agent.id);
    if !ctx.mirror.may_look_into(agent) {
        ui.weak(
            "Costs and ledger are for themselves, their owner and those who keep order to see.",
        );
        return;
    }
    out.push(Wish::Need(Page::Spent(agent.id)));
    let spent = ctx.mirror.minds.spent.as_ref();
    if let Some((_, spent)) = spent.filter(|it| it.0 == agent.id) {
        spent_ui(ui, spent);
    }
    ui.add_space(theme::GAP);
    ui.strong("Ledger");
    ledger_ui(ctx, out, ui, agent.id);
}

/// What somebody is entitled to, as far as it has come.
pub(in crate::ui) fn entitlements_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: AgentId,
) {
    out.push(Wish::Need(Page::Entitlements(agent)));
    let entitled = ctx.mirror.entitlements.as_ref();
    if let Some((_, entitled)) = entitled.filter(|it| it.0 == agent) {
        entitled_ui(ui, entitled);
    }
}

/// The tier with its limits, and where the next one begins.
fn entitled_ui(ui: &mut Ui, it: &Entitlements) {
    ui.add_space(theme::GAP);
    ui.horizontal_wrapped(|ui| {
        ui.strong(format!("Tier {}, {}", it.tier, it.name));
        if let Some(until) = &it.bought_until {
            ui.weak(format!("bought until {}", clock_of(until)));
        }
        let next = it.tiers.iter().find(|tier| tier.tier > it.tier);
        if let Some(next) = next {
            ui.weak(format!("· {} from {} on", next.name, next.from));
            if next.price_per_hour != "0" {
                ui.weak(format!("or for {} an hour", next.price_per_hour));
            }
        }
    });
    if !it.can_think {
        let text = "Nothing is left to think with: they live by habit until they can pay again.";
        ui.colored_label(theme::ORANGE, text);
    }
    let models = match it.models.iter().any(|model| model == "*") {
        true => "all".to_owned(),
        false if it.models.is_empty() => "none".to_owned(),
        false => short(&it.models.join(", "), 80),
    };
    let per = |many: u64, span: &str| format!("{} {span}", count(many));
    egui::Grid::new("entitled").num_columns(2).show(ui, |ui| {
        for (word, value) in [
            ("Requests", per(it.requests_per_min.into(), "a minute")),
            ("Posts", per(it.posts_per_hour.into(), "an hour")),
            ("Comments", per(it.comments_per_hour.into(), "an hour")),
            ("Thoughts", per(it.thoughts_per_hour.into(), "an hour")),
            ("Tokens", per(it.tokens_per_hour, "an hour")),
            ("Tools", per(it.concurrent_tool_runs.into(), "at once")),
            ("Models", models),
            (
                "Place in the queue",
                format!("priority {}", it.queue_priority),
            ),
            ("Share of a GPU", short(&it.gpu_share, 40)),
            ("Slots won", it.auction_slots.to_string()),
        ] {
            ui.weak(word);
            ui.label(value);
            ui.end_row();
        }
    });
}

/// What was spent on thinking.
fn spent_ui(ui: &mut Ui, spent: &SpentPage) {
    ui.add_space(theme::GAP);
    ui.strong("Spent on thinking");
    ui.horizontal_wrapped(|ui| {
        for (word, amount) in [
            ("in all", &spent.total),
            ("this hour", &spent.spending.hour),
            ("today", &spent.spending.day),
        ] {
            ui.weak(word);
            ui.label(RichText::new(amount).monospace());
        }
    });
    if spent.costs.is_empty() {
        return;
    }
    egui::Grid::new("spent")
        .num_columns(4)
        .striped(true)
        .show(ui, |ui| {
            for line in spent.costs.iter().take(SPENT_MAX) {
                ui.label(line.purpose.replace('_', " "));
                ui.label(short(&line.model, 28));
                ui.weak(format!("{} ×", count(line.count)));
                ui.label(RichText::new(&line.amount).monospace());
                ui.end_row();
            }
        });
}
