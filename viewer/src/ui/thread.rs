//! A post with the answers to it.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};
use hamlet_protocol::act::VoteTarget;
use hamlet_protocol::ids::{CommentId, PostId};

use super::board::{byline, field, newest, votes};
use super::spoken::{named, signed};
use super::words::{ago, more_of, name_link, short};
use crate::deeds::{Deed, Subject};
use crate::mirror::{Comment, Post, Thread};
use crate::pages::Page;
use crate::status::spot;
use crate::view::{CommandQueue, Dialog, Slot, ViewContext, Wish};

/// Characters of a text that are laid out; a longer one says so.
const SHOWN_CHARS_MAX: usize = 20_000;
/// Answers to answers that are set in further than the one before.
const INDENTS_MAX: usize = 8;

/// The post that is read.
pub(super) fn thread_ui(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui) {
    let Some(thread) = &ctx.mirror.board.thread else {
        return;
    };
    ui.horizontal(|ui| {
        if ui.button("⬅ All posts").clicked() {
            out.push(Wish::Open(None));
        }
        if let Some(post) = ctx.mirror.board.post(thread.post) {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let more = ui.menu_button("…", |ui| post_menu(ctx, out, ui, post));
                named(&more.response, "What can be done with the post");
                reward(ctx, out, ui, post);
            });
        }
    });
    ui.separator();
    ScrollArea::vertical()
        .id_salt(thread.post)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            head(ctx, out, ui, thread);
            ui.separator();
            if !thread.loaded {
                ui.weak("The answers are being fetched.");
            }
            for comment in &thread.comments {
                comment_ui(ctx, out, ui, thread.post, comment, 0);
            }
            let page = Page::Comments(thread.post);
            more_of(ctx, out, ui, &page, "More answers");
        });
}

/// Money for what was written, where the village has any.
fn reward(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, post: &Post) {
    let Some(author) = post
        .author
        .filter(|_| may_act(ctx) && ctx.mirror.has("economy"))
    else {
        return;
    };
    for (word, penalty) in [("💸 Penalise …", true), ("🎁 Reward …", false)] {
        let button = ui.button(word);
        spot(ui, word, &button);
        if button.clicked() {
            out.push(Wish::Ask(Some(Dialog::Reward {
                agent: author,
                name: post.author_name.clone(),
                post: Some(post.id),
                penalty,
            })));
        }
    }
}

/// Whether whoever looks may do anything here.
fn may_act(ctx: &ViewContext<'_>) -> bool {
    ctx.mirror.signed_in() && ctx.mirror.replay().is_none()
}

/// What can be done with a post.
fn post_menu(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, post: &Post) {
    if let Some(author) = post.author
        && ui.button("🗺 Show the author on the map").clicked()
    {
        out.push(Wish::ShowOnMap(author));
    }
    if ui.button("📋 Copy the text").clicked() {
        let text = post.content.clone().unwrap_or_default();
        ui.ctx().copy_text(text);
    }
    if !may_act(ctx) {
        return;
    }
    let subject = Subject::Post(post.id);
    if post.author.is_some_and(|it| ctx.mirror.is_me(it)) {
        if ui.button("✏ Edit").clicked() {
            out.push(Wish::Edit(Some(post.id)));
            out.push(Wish::Open(None));
        }
        if ui.button("🗑 Delete …").clicked() {
            let sure = "The post is taken off the board; the answers stay.".to_owned();
            let deed = Deed::DeletePost(post.id);
            out.push(Wish::Ask(Some(Dialog::Sure(deed, sure))));
        }
    } else if ctx.mirror.has("moderation") && ui.button("⚑ Report …").clicked() {
        let what = "this post".to_owned();
        out.push(Wish::Ask(Some(Dialog::Report(subject.clone(), what))));
    }
    if ctx.mirror.is_staff() && ctx.mirror.has("moderation") {
        ui.separator();
        for (word, action) in [("Remove …", "remove"), ("Lock …", "lock"), ("Pin …", "pin")] {
            if ui.button(word).clicked() {
                let dialog = Dialog::Measure(action, subject.clone(), "this post".to_owned());
                out.push(Wish::Ask(Some(dialog)));
            }
        }
    }
}

fn head(ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut Ui, thread: &Thread) {
    let Some(post) = ctx.mirror.board.post(thread.post) else {
        ui.weak("The post is being fetched.");
        return;
    };
    ui.horizontal_top(|ui| {
        votes(ctx, out, ui, VoteTarget::Post(post.id), post.score);
        ui.vertical(|ui| {
            ui.add(egui::Label::new(RichText::new(&post.title).heading()).wrap());
            byline(ctx, out, ui, post);
        });
    });
    match &post.content {
        Some(content) => markdown(ui, content),
        None => {
            ui.weak("The words are being fetched.");
        }
    }
    reply(ctx, out, ui, post.id, None);
}

fn comment_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    post: PostId,
    comment: &Comment,
    depth: usize,
) {
    ui.push_id(comment.id, |ui| {
        ui.horizontal_top(|ui| {
            votes(ctx, out, ui, VoteTarget::Comment(comment.id), comment.score);
            ui.vertical(|ui| {
                ui.horizontal_wrapped(|ui| {
                    name_link(
                        ui,
                        out,
                        ctx.mirror,
                        Some(comment.author),
                        &comment.author_name,
                    );
                    if comment.created_ms > 0 {
                        ui.weak(format!("· {}", ago(comment.created_ms, newest(ctx))));
                    }
                    let map = egui::Button::new("🗺").frame(false);
                    if signed(ui.add(map), &on_map(comment), "").clicked() {
                        out.push(Wish::ShowOnMap(comment.author));
                    }
                    let own = ctx.mirror.is_me(comment.author);
                    if may_act(ctx) && !own && ctx.mirror.has("moderation") {
                        let flag = egui::Button::new("⚑").frame(false);
                        if signed(ui.add(flag), "Report", "").clicked() {
                            let subject = Subject::Comment(comment.id);
                            let what = "this answer".to_owned();
                            out.push(Wish::Ask(Some(Dialog::Report(subject, what))));
                        }
                    }
                });
                markdown(ui, &comment.content);
                reply(ctx, out, ui, post, Some(comment.id));
            });
        });
        let answers = |ui: &mut Ui, out: &mut CommandQueue| {
            for answer in &comment.answers {
                comment_ui(ctx, out, ui, post, answer, depth + 1);
            }
        };
        if depth < INDENTS_MAX {
            ui.indent("answers", |ui| answers(ui, out));
        } else {
            answers(ui, out);
        }
    });
}

/// What the sign that shows an answer's author on the map is called.
fn on_map(comment: &Comment) -> String {
    format!("Show @{} on the map", comment.author_name)
}

/// The button to answer, or the field for the answer.
fn reply(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    post: PostId,
    parent: Option<CommentId>,
) {
    if !may_act(ctx) {
        return;
    }
    if ctx.view.answering != Some((post, parent)) {
        if ui.link(RichText::new("↩ Answer").small()).clicked() {
            out.push(Wish::Answer(Some((post, parent))));
        }
        return;
    }
    let slot = Slot::Reply(post, parent);
    field(ctx, out, ui, slot, "Your answer, in Markdown", 3);
    ui.horizontal(|ui| {
        let sent = ctx.view.is_sent(slot);
        let ready = !sent && !ctx.view.draft(slot).trim().is_empty();
        let text = if sent { "On its way …" } else { "Answer" };
        if ui.add_enabled(ready, egui::Button::new(text)).clicked() {
            out.push(Wish::SendReply(post, parent));
        }
        if ui.button("Put away").clicked() {
            out.push(Wish::Answer(None));
        }
    });
}

/// Lays out Markdown. Pictures are never fetched: a text must not make the window call anywhere.
fn markdown(ui: &mut Ui, text: &str) {
    let id = egui::Id::new("markdown");
    let cache =
        ui.data(|it| it.get_temp::<std::sync::Arc<egui::mutex::Mutex<CommonMarkCache>>>(id));
    let cache = cache.unwrap_or_default();
    let shown = short(text, SHOWN_CHARS_MAX);
    CommonMarkViewer::new().show(ui, &mut cache.lock(), &shown);
    ui.data_mut(|it| it.insert_temp(id, cache));
    if shown.len() < text.len() {
        ui.weak("The text is longer than a window shows.");
    }
}
