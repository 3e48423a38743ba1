//! What somebody thought: why, in which steps, how it ended and what it cost.

use bevy_egui::egui;
use egui::{Color32, RichText, Ui};
use hamlet_protocol::ids::AgentId;

use super::super::words::{count, millis, short, wrapped};
use crate::money::{ai_dollars, dollars};
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::ThoughtShape;

/// Steps of a thought that are shown.
const STEPS_MAX: usize = 40;
/// Characters of a step, or of the words beside them.
const STEP_CHARS_MAX: usize = 600;

pub(super) fn thoughts_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: AgentId,
) {
    out.push(Wish::Need(Page::Thoughts(agent)));
    let kept = ctx.mirror.minds.thoughts.as_ref();
    let Some((_, thoughts)) = kept.filter(|it| it.0 == agent) else {
        ui.weak("Their thoughts are being fetched.");
        return;
    };
    if thoughts.is_empty() {
        ui.weak("They have not thought with a language model since the village was started. Residents with other minds live by habit.");
    }
    for (nth, thought) in thoughts.iter().enumerate() {
        ui.push_id(thought.thought, |ui| thought_ui(ui, thought, nth == 0));
    }
}

fn thought_ui(ui: &mut Ui, thought: &ThoughtShape, newest: bool) {
    let (sign, color) = outcome(&thought.outcome);
    let mut text = format!(
        "{sign} {} · tick {} · {}",
        thought.outcome.replace('_', " "),
        count(thought.asked_tick),
        dollars(&thought.cost)
    );
    if let Some(charged) = &thought.charged {
        text.push_str(&format!(" · paid {}", ai_dollars(charged)));
    }
    egui::CollapsingHeader::new(RichText::new(text).color(color))
        .id_salt("thought")
        .default_open(newest)
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.weak(wake(&thought.wake));
                if let Some(model) = &thought.model {
                    ui.strong(short(model, 60));
                }
                let turns = if thought.turns == 1 { "turn" } else { "turns" };
                ui.weak(format!(
                    "{} {turns} · {}",
                    thought.turns,
                    millis(thought.took_ms as f64)
                ));
                ui.weak(format!(
                    "· {} tokens in, {} of them cached, {} out",
                    count(thought.tokens_in),
                    count(thought.tokens_cached),
                    count(thought.tokens_out)
                ));
            });
            for (no, step) in thought.steps.iter().take(STEPS_MAX).enumerate() {
                wrapped(ui, &format!("{}. {}", no + 1, short(step, STEP_CHARS_MAX)));
            }
            if thought.steps.len() > STEPS_MAX {
                ui.weak(format!(
                    "and {} more steps",
                    thought.steps.len() - STEPS_MAX
                ));
            }
            if !thought.words.is_empty() {
                let words = RichText::new(short(&thought.words, STEP_CHARS_MAX)).italics();
                ui.add(egui::Label::new(words).wrap());
            }
        });
}

/// A sign and a colour for how a thought ended.
fn outcome(word: &str) -> (&'static str, Color32) {
    match word {
        "acted" => ("✔", theme::GREEN),
        "rested" => ("💤", theme::SKY),
        _ => ("✖", theme::RED),
    }
}

/// Why a thought was asked for.
fn wake(word: &str) -> &str {
    match word {
        "begin" => "as they woke up to the town",
        "time" => "because it was time",
        "spoken" => "because somebody spoke to them",
        "free" => "because they had nothing to do",
        other => other,
    }
}
