//! A bounty beside its case: what a moderator must know of it, and the decision between its two sides.

use bevy_egui::egui;
use egui::{RichText, Ui};

use crate::money::ai_dollars;
use crate::pages::Page;
use crate::theme;
use crate::ui::words::{name_link, short};
use crate::view::{CommandQueue, Dialog, ViewContext, Wish};
use crate::wire::{BountyShape, CaseShape};

/// Characters of what was asked for or handed in that are shown.
const WORDS_MAX: usize = 600;

/// The number of the bounty that a case is about.
pub(super) fn number_of(case: &CaseShape) -> Option<u32> {
    let is_bounty = case.subject_kind == "bounty";
    case.subject.parse().ok().filter(|_| is_bounty)
}

/// The bounty that a case is about, as far as it has come.
pub(super) fn of<'a>(ctx: &ViewContext<'a>, case: &CaseShape) -> Option<&'a BountyShape> {
    ctx.mirror.office.bounties.get(&number_of(case)?)
}

/// What it is about, who announced it, what was handed in, and why they disagree.
pub(super) fn bounty_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    case: &CaseShape,
) {
    let Some(no) = number_of(case) else {
        return;
    };
    // A long queue asks only for what is looked at.
    let here = egui::Rect::from_min_size(ui.cursor().min, egui::Vec2::splat(1.0));
    if ui.is_rect_visible(here) {
        out.push(Wish::Need(Page::Bounty(no)));
    }
    let Some(bounty) = of(ctx, case) else {
        ui.weak("The bounty is being fetched.");
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.strong(short(&bounty.title, 120));
        let color = if bounty.is_disputed() {
            theme::ORANGE
        } else {
            ui.visuals().weak_text_color()
        };
        ui.label(RichText::new(&bounty.state).color(color));
        ui.label(ai_dollars(&bounty.reward));
        ui.weak("by");
        name_link(ui, out, ctx.mirror, bounty.author_id, &bounty.author);
        if bounty.removed {
            ui.weak("· removed");
        }
    });
    let handed = bounty.deliverable.as_deref().unwrap_or_default();
    let reason = bounty.reason.as_deref().unwrap_or_default();
    for (word, text) in [
        ("Asked for", bounty.text.as_str()),
        ("Handed in", handed),
        ("Said last", reason),
    ] {
        if text.is_empty() {
            continue;
        }
        ui.horizontal_wrapped(|ui| {
            ui.weak(word);
            let text = RichText::new(short(text, WORDS_MAX)).italics();
            ui.add(egui::Label::new(text).wrap());
        });
    }
}

/// The way to decide, where the two sides wait for it. Whether they do: nothing else ends such a case.
pub(super) fn settle_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    case: &CaseShape,
) -> bool {
    let Some(bounty) = of(ctx, case).filter(|it| it.is_disputed()) else {
        return false;
    };
    if ui.button("⚖ Settle …").clicked() {
        let what = format!(
            "“{}”, {}",
            short(&bounty.title, 80),
            ai_dollars(&bounty.reward)
        );
        out.push(Wish::Ask(Some(Dialog::Settle(bounty.no, what))));
    }
    true
}
