//! The board: communities, orders, posts, and the field for a new one.

use bevy_egui::egui;
use egui::accesskit::Role;
use egui::{RichText, ScrollArea, TextEdit, Ui};
use hamlet_protocol::act::VoteTarget;

use super::spoken::{dictated, named, pressable, signed};
use super::thread::thread_ui;
use super::words::{ago, name_link, short};
use crate::mirror::{Post, PostQuery, PostSort};
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Slot, ViewContext, Wish};

/// The board panel: a list of posts, or the one that is read.
pub(super) fn board_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if ctx.mirror.board.thread.is_some() {
        thread_ui(ctx, out, ui);
        return;
    }
    filters(ctx, out, ui);
    compose(ctx, out, ui);
    let list = &ctx.mirror.board.list;
    if list.fresh > 0 {
        let text = match list.fresh {
            1 => "⬆  There is a new post".to_owned(),
            many => format!("⬆  There are {many} new posts"),
        };
        if ui.button(text).clicked() {
            out.push(Wish::Again);
        }
    }
    ui.separator();
    let salt = (list.query.submolt.clone(), list.query.sort);
    ScrollArea::vertical()
        .id_salt(salt)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            if !list.loaded {
                ui.weak("The posts are being fetched.");
            } else if list.ids.is_empty() {
                ui.weak("Nobody has written here yet.");
            }
            for post in ctx.mirror.board.listed() {
                post_row(ctx, out, ui, post);
            }
            if list.next.is_some() && ui.button("Older posts").clicked() {
                out.push(Wish::More);
            }
        });
}

fn filters(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let query = &ctx.mirror.board.list.query;
    let mut wanted = query.clone();
    ui.horizontal(|ui| {
        let here = query.submolt.as_deref().unwrap_or("everywhere");
        let combo = egui::ComboBox::from_id_salt("submolt")
            .selected_text(here)
            .show_ui(ui, |ui| {
                ui.selectable_value(&mut wanted.submolt, None, "everywhere");
                for submolt in &ctx.mirror.submolts {
                    let text = format!("{} ({})", submolt.display_name, submolt.post_count);
                    ui.selectable_value(&mut wanted.submolt, Some(submolt.name.clone()), text)
                        .on_hover_text(&submolt.description);
                }
            });
        named(&combo.response, "Community");
        if ctx.mirror.replay().is_none() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                write_button(ctx, out, ui);
            });
        }
    });
    ui.horizontal_wrapped(|ui| {
        for sort in PostSort::ALL {
            ui.selectable_value(&mut wanted.sort, sort, sort.as_str());
        }
    });
    if wanted != *query {
        out.push(Wish::List(wanted));
    }
}

fn write_button(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let text = if ctx.view.composing {
        "Put away"
    } else {
        "✏ Write"
    };
    let write = ui.add_enabled(ctx.mirror.signed_in(), egui::Button::new(text));
    spot(ui, "Write", &write);
    if write.clicked() {
        out.push(Wish::Compose(!ctx.view.composing));
    }
    write.on_disabled_hover_text("Sign in to write.");
}

/// The fields for a new post.
fn compose(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    if !ctx.view.composing {
        return;
    }
    egui::Frame::group(ui.style()).show(ui, |ui| {
        let editing = ctx.view.editing.is_some();
        ui.horizontal(|ui| {
            let place = place_of(ctx);
            let mut chosen = place.clone();
            // A post stays in its community.
            ui.add_enabled_ui(!editing, |ui| {
                let combo = egui::ComboBox::from_id_salt("place")
                    .selected_text(&place)
                    .show_ui(ui, |ui| {
                        for submolt in &ctx.mirror.submolts {
                            let name = submolt.name.clone();
                            ui.selectable_value(&mut chosen, name, &submolt.display_name);
                        }
                    });
                named(&combo.response, "Community of the post");
            });
            if chosen != place {
                out.push(Wish::Type(Slot::PostPlace, chosen));
            }
            field(ctx, out, ui, Slot::PostTitle, "Title", 1);
        });
        field(
            ctx,
            out,
            ui,
            Slot::PostText,
            "What you want to say, in Markdown",
            4,
        );
        ui.columns(2, |sides| {
            field(ctx, out, &mut sides[0], Slot::PostFlair, "Flair", 1);
            let hint = "Tags, with spaces between";
            field(ctx, out, &mut sides[1], Slot::PostTags, hint, 1);
        });
        ui.horizontal(|ui| {
            let sent = ctx.view.is_sent(Slot::PostTitle);
            let ready = !sent && !ctx.view.draft(Slot::PostTitle).trim().is_empty();
            let text = match (sent, editing) {
                (true, _) => "On its way …",
                (false, true) => "Change it",
                (false, false) => "Put it up",
            };
            let send = ui.add_enabled(ready, egui::Button::new(text));
            spot(ui, "Send", &send);
            if send.clicked() {
                out.push(Wish::Send);
            }
            if editing && ui.button("Leave it as it was").clicked() {
                out.push(Wish::Edit(None));
            }
            ui.weak("Ctrl+Enter sends it, too.");
        });
        let sends = ui.input(|it| it.modifiers.command && it.key_pressed(egui::Key::Enter));
        if sends {
            out.push(Wish::Send);
        }
    });
}

fn place_of(ctx: &ViewContext<'_>) -> String {
    let typed = ctx.view.draft(Slot::PostPlace);
    let here = ctx.mirror.board.list.query.submolt.as_deref();
    if typed.is_empty() {
        here.unwrap_or(hamlet_protocol::board::GENERAL).to_owned()
    } else {
        typed.to_owned()
    }
}

/// A field for a text that must not be lost.
pub(in crate::ui) fn field(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    slot: Slot,
    hint: &str,
    rows: usize,
) -> egui::Response {
    let mut text = ctx.view.draft(slot).to_owned();
    let edit = if rows == 1 {
        TextEdit::singleline(&mut text)
    } else {
        TextEdit::multiline(&mut text).desired_rows(rows)
    };
    let edit = edit
        .id(egui::Id::new(("field", slot)))
        .hint_text(hint)
        .desired_width(f32::INFINITY)
        .password(slot == Slot::SignInPassword);
    let response = ui.add(edit);
    spot(ui, &format!("{slot:?}"), &response);
    let dictated = dictated(ui, &response, hint);
    if let Some(text) = dictated.or_else(|| response.changed().then_some(text)) {
        out.push(Wish::Type(slot, text));
    }
    response
}

fn post_row(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, post: &Post) {
    ui.push_id(post.id, |ui| {
        ui.horizontal_top(|ui| {
            votes(ctx, out, ui, VoteTarget::Post(post.id), post.score);
            ui.vertical(|ui| {
                let pin = if post.pinned { "📌 " } else { "" };
                let name = format!("{pin}{}", short(&post.title, 200));
                let title = RichText::new(&name).size(15.0).strong();
                let title = egui::Label::new(title).wrap().sense(egui::Sense::click());
                let title = ui
                    .add(title)
                    .on_hover_cursor(egui::CursorIcon::PointingHand);
                pressable(&title, Role::Link, &name);
                spot(ui, &format!("Post {}", post.title), &title);
                if title.clicked() {
                    out.push(Wish::Open(Some(post.id)));
                }
                byline(ctx, out, ui, post);
                if let Some(content) = post.content.as_deref().filter(|it| !it.is_empty()) {
                    let plain: String = content
                        .chars()
                        .filter(|it| !"*_`#>".contains(*it))
                        .collect();
                    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
                    ui.add(egui::Label::new(RichText::new(short(&plain, 140)).weak()).wrap());
                }
                let answers = match post.comments {
                    0 => "Be the first to answer".to_owned(),
                    1 => "1 answer".to_owned(),
                    many => format!("{many} answers"),
                };
                if ui.link(RichText::new(answers).small()).clicked() {
                    out.push(Wish::Open(Some(post.id)));
                }
            });
        });
        ui.separator();
    });
}

/// Who wrote a post, where and when.
pub(super) fn byline(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, post: &Post) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::GAP;
        name_link(ui, out, ctx.mirror, post.author, &post.author_name);
        ui.weak("in");
        if ui.link(&post.submolt).clicked() {
            out.push(Wish::List(PostQuery {
                submolt: Some(post.submolt.clone()),
                sort: ctx.mirror.board.list.query.sort,
            }));
        }
        ui.weak(format!("· {}", ago(post.created_ms, newest(ctx))));
        labels(ui, post);
        if let Some(author) = post.author
            && signed(ui.small_button("🗺"), "Show on the map", "").clicked()
        {
            out.push(Wish::ShowOnMap(author));
        }
    });
}

/// The flair and the tags of a post.
fn labels(ui: &mut Ui, post: &Post) {
    let flair = post.flair.iter().map(|it| (it, theme::PLUM));
    let tags = post.tags.iter().map(|it| (it, theme::SKY));
    for (text, color) in flair.chain(tags) {
        let text = RichText::new(short(text, 24)).small();
        egui::Frame::new()
            .stroke(egui::Stroke::new(1.0, color))
            .corner_radius(6)
            .inner_margin(egui::Margin::symmetric(5, 0))
            .show(ui, |ui| ui.label(text));
    }
}

/// The stamp of the newest thing on the board: the village's own sense of now, as far as the board knows it.
pub(super) fn newest(ctx: &ViewContext<'_>) -> i64 {
    let stamps = ctx.mirror.board.known().map(|it| it.created_ms);
    stamps.max().unwrap_or(0)
}

/// Arrows up and down with the score between them.
pub(super) fn votes(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    target: VoteTarget,
    score: i64,
) {
    let may = ctx.mirror.signed_in() && ctx.mirror.has("votes");
    ui.vertical(|ui| {
        ui.set_width(30.0);
        ui.spacing_mut().item_spacing.y = 1.0;
        for (value, sign, name) in [(1, "⏶", "Vote for it"), (-1, "⏷", "Vote against it")] {
            if value < 0 {
                ui.vertical_centered(|ui| ui.label(RichText::new(score.to_string()).strong()));
            }
            let button = egui::Button::new(sign)
                .frame(false)
                .min_size(egui::vec2(28.0, 16.0));
            let button = ui.add_enabled(may, button);
            if button.clicked() {
                out.push(Wish::Vote(target, value));
            }
            signed(button, name, "").on_disabled_hover_text("Sign in to vote.");
        }
    });
}
