//! What somebody remembers.

use bevy_egui::egui;
use egui::{RichText, Ui};
use hamlet_protocol::ids::AgentId;

use super::super::words::{count, short};
use crate::pages::Page;
use crate::theme;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::MemoryShape;

/// Characters of a memory.
const CHARS_MAX: usize = 600;
/// The highest importance.
const IMPORTANCE_MAX: u8 = 10;

pub(super) fn memories_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    agent: AgentId,
) {
    out.push(Wish::Need(Page::Memories(agent)));
    let kept = ctx.mirror.minds.memories.as_ref();
    let Some((_, memories)) = kept.filter(|it| it.0 == agent) else {
        ui.weak("Their memories are being fetched.");
        return;
    };
    if memories.is_empty() {
        ui.weak("They have kept nothing in mind yet.");
    }
    for memory in memories {
        ui.push_id(memory.no, |ui| memory_ui(ui, memory));
    }
}

fn memory_ui(ui: &mut Ui, memory: &MemoryShape) {
    ui.horizontal_wrapped(|ui| {
        ui.label(sign(&memory.kind));
        ui.strong(memory.kind.replace('_', " "));
        ui.weak(format!("· tick {}", count(memory.tick)));
        let importance = memory.importance.min(IMPORTANCE_MAX);
        ui.weak(format!("· importance {importance} of {IMPORTANCE_MAX}"));
        if let Some(source) = &memory.source {
            let words = RichText::new(format!("words of {}", short(source, 40))).small();
            ui.label(words.color(theme::ORANGE));
        }
    });
    let text = RichText::new(short(&memory.text, CHARS_MAX));
    let text = if memory.untrusted {
        text.italics()
    } else {
        text
    };
    ui.add(egui::Label::new(text).wrap());
    ui.add_space(theme::GAP);
}

fn sign(kind: &str) -> &'static str {
    match kind {
        "observation" => "👁",
        "reflection" => "💡",
        "plan" => "📋",
        "day_plan" => "📅",
        "relationship" => "💬",
        "summary" => "📚",
        _ => "•",
    }
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn every_kind_of_memory_has_a_sign_of_its_own() {
        let kinds = [
            "observation",
            "reflection",
            "plan",
            "day_plan",
            "relationship",
            "summary",
        ];
        let mut signs: Vec<&str> = kinds.into_iter().map(sign).collect();
        assert!(!signs.contains(&sign("something new")), "{signs:?}");
        signs.sort_unstable();
        signs.dedup();
        assert_eq!(signs.len(), kinds.len(), "{signs:?}");
    }
}
