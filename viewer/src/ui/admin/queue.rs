//! The moderators' queue, and what moderators did.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};

use super::bounty;
use crate::deeds::{CaseStep, Deed, Subject};
use crate::pages::Page;
use crate::theme;
use crate::ui::words::{clock_of, more_of, name_link, short};
use crate::view::{CommandQueue, Dialog, ViewContext, Wish};
use crate::wire::{CaseShape, MeasureShape};

pub(super) fn queue_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Queue));
    let Some(cases) = &ctx.mirror.office.cases else {
        ui.weak("The queue is being fetched.");
        return;
    };
    if cases.items.is_empty() {
        ui.weak("Nobody has reported anything.");
    }
    let mut cases: Vec<&CaseShape> = cases.items.iter().collect();
    // What waits comes first; the order of the village within.
    cases.sort_by_key(|it| !it.waits());
    ScrollArea::vertical()
        .id_salt("queue")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            for case in cases {
                ui.push_id(case.id, |ui| case_ui(ctx, out, ui, case));
                ui.separator();
            }
            more_of(ctx, out, ui, &Page::Queue, "Older cases");
        });
}

fn case_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, case: &CaseShape) {
    ui.horizontal_wrapped(|ui| {
        let color = if case.waits() {
            theme::ORANGE
        } else {
            ui.visuals().weak_text_color()
        };
        ui.label(RichText::new(&case.state).color(color).strong());
        ui.label(&case.subject_kind);
        if let Some(member) = case.member_id {
            ui.weak("of");
            member_ui(ctx, out, ui, member);
        }
        if let Some(submolt) = &case.submolt {
            ui.weak(format!("in {submolt}"));
        }
        ui.weak(match case.reports {
            0 => "found by the village".to_owned(),
            1 => format!("1 report, weight {}", case.weight),
            many => format!("{many} reports, weight {}", case.weight),
        });
        ui.weak(clock_of(&case.opened_at));
    });
    if !case.reason.text.is_empty() {
        let words = RichText::new(short(&case.reason.text, 500)).italics();
        ui.add(egui::Label::new(words).wrap());
    }
    if case.waits() {
        bounty::bounty_ui(ctx, out, ui, case);
    }
    ui.horizontal_wrapped(|ui| {
        if let Some(post) = post_of(case)
            && ui.button("Read").clicked()
        {
            out.push(Wish::Open(Some(post)));
        }
        if !case.waits() {
            return;
        }
        let step = |step| {
            Wish::Do(Deed::Case {
                case: case.id,
                step,
            })
        };
        if case.state == "open" && ui.button("✋ Claim").clicked() {
            out.push(step(CaseStep::Claim));
        }
        if case.state == "claimed" && ui.button("Release").clicked() {
            out.push(step(CaseStep::Release));
        }
        if let Some(subject) = subject_of(case) {
            actions(out, ui, case, &subject);
        }
        if bounty::settle_ui(ctx, out, ui, case) {
            return;
        }
        if ui.button("✔ Resolve").clicked() {
            out.push(step(CaseStep::Resolve));
        }
        let dismiss = ui.button("✖ Dismiss");
        if dismiss
            .on_hover_text("Nothing had to be done; what was hidden is seen again")
            .clicked()
        {
            out.push(step(CaseStep::Dismiss));
        }
    });
}

/// What a moderator may do about a case.
fn actions(out: &mut CommandQueue, ui: &mut Ui, case: &CaseShape, subject: &Subject) {
    let words: &[(&str, &'static str)] = match subject {
        Subject::Agent(_) => &[("Warn …", "warn"), ("Mute …", "mute"), ("Ban …", "ban")],
        Subject::Post(_) => &[("Remove …", "remove"), ("Lock …", "lock")],
        Subject::Comment(_) | Subject::Bounty(_) => &[("Remove …", "remove")],
    };
    let what = format!("this {}", case.subject_kind);
    for (word, action) in words {
        if ui.button(*word).clicked() {
            let dialog = Dialog::Measure(action, subject.clone(), what.clone());
            out.push(Wish::Ask(Some(dialog)));
        }
    }
}

fn post_of(case: &CaseShape) -> Option<PostId> {
    let id = case.subject.parse().ok().map(PostId)?;
    (case.subject_kind == "post").then_some(id)
}

fn subject_of(case: &CaseShape) -> Option<Subject> {
    if let Some(no) = bounty::number_of(case) {
        return Some(Subject::Bounty(no));
    }
    let id: uuid::Uuid = case.subject.parse().ok()?;
    match case.subject_kind.as_str() {
        "agent" => Some(Subject::Agent(AgentId(id))),
        "post" => Some(Subject::Post(PostId(id))),
        "comment" => Some(Subject::Comment(CommentId(id))),
        _ => None,
    }
}

fn member_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, member: AgentId) {
    let name = ctx.mirror.world.person(member).map(|it| it.name.clone());
    let name = name.unwrap_or_else(|| "somebody".to_owned());
    name_link(ui, out, ctx.mirror, Some(member), &name);
}

pub(super) fn measures_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    out.push(Wish::Need(Page::Measures));
    let Some(measures) = &ctx.mirror.office.measures else {
        ui.weak("What moderators did is being fetched.");
        return;
    };
    if measures.items.is_empty() {
        ui.weak("Moderators have not had to do anything.");
    }
    ScrollArea::vertical()
        .id_salt("measures")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            for measure in &measures.items {
                ui.push_id(measure.id, |ui| measure_ui(ctx, out, ui, measure));
                ui.separator();
            }
            more_of(ctx, out, ui, &Page::Measures, "Older measures");
        });
}

fn measure_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, measure: &MeasureShape) {
    ui.horizontal_wrapped(|ui| {
        ui.strong(&measure.action);
        ui.label(&measure.subject_kind);
        if let Some(member) = measure.member_id {
            member_ui(ctx, out, ui, member);
        }
        ui.weak(clock_of(&measure.created_at));
        ui.weak(format!("by {}", short(&measure.moderator, 40)));
        ui.weak(if measure.in_force { "in force" } else { "over" });
        if measure.in_force && ui.button("Take back …").clicked() {
            out.push(Wish::Ask(Some(Dialog::Lift(measure.id))));
        }
    });
    let words = RichText::new(short(&measure.reason, 300)).italics();
    ui.add(egui::Label::new(words).wrap());
}
