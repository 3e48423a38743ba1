//! A file that was delivered: to be read, copied and saved.

use bevy_egui::egui;
use egui::{RichText, ScrollArea, Ui};

use super::super::super::words::short;
use crate::mirror::TaskTalk;
use crate::pages::Page;
use crate::view::{CommandQueue, ViewContext, Wish};
use crate::wire::FileAt;

/// Characters of a file that are laid out; it can be saved whole.
const TEXT_CHARS_MAX: usize = 40_000;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 120;

/// The file of this chat that is read.
pub(super) fn read_file(ctx: &ViewContext<'_>, open: &TaskTalk) -> Option<FileAt> {
    ctx.view.file.filter(|it| it.chat == open.id)
}

/// What is in it.
pub(super) fn file_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    ui: &mut Ui,
    open: &TaskTalk,
    at: FileAt,
) {
    let kept = ctx.mirror.tasks.file.as_ref().filter(|it| it.0 == at);
    ui.horizontal_wrapped(|ui| {
        if ui.button("⬅ Back to the chat").clicked() {
            out.push(Wish::ReadFile(None));
        }
        let name = name_of(open, at).unwrap_or("file.txt");
        ui.strong(short(name, NAME_CHARS_MAX));
        if let Some((_, text)) = kept
            && ui.button("📋 Copy").clicked()
        {
            ui.ctx().copy_text(text.clone());
        }
        if ui.button("💾 Save").clicked() {
            out.push(Wish::SaveFile(at, name.to_owned()));
        }
    });
    ui.separator();
    let Some((_, text)) = kept else {
        out.push(Wish::Need(Page::TaskFile(at)));
        ui.weak("The file is being fetched.");
        return;
    };
    ScrollArea::vertical()
        .id_salt(("file", at.no, at.at))
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let text = RichText::new(short(text, TEXT_CHARS_MAX)).monospace();
            ui.add(egui::Label::new(text).wrap());
        });
}

fn name_of(open: &TaskTalk, at: FileAt) -> Option<&str> {
    let mut messages = open.messages.iter().flat_map(|it| &it.items);
    let message = messages.find(|it| it.no == at.no)?;
    let nth = usize::try_from(at.at).ok()?.checked_sub(1)?;
    Some(message.files.get(nth)?.name.as_str())
}
