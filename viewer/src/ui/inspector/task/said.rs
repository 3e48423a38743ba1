//! A message of a task chat, with what was delivered and where it comes from.

use bevy_egui::egui;
use egui::{Color32, RichText, Ui};
use hamlet_protocol::task::TaskSource;
use uuid::Uuid;

use super::super::super::mail::bubble_ui;
use super::super::super::words::{clock_of, count, short};
use crate::status::spot;
use crate::theme;
use crate::view::{CommandQueue, Wish};
use crate::wire::{FileAt, TaskFileShape, TaskMessageShape};

/// Characters of a message that are laid out.
const TEXT_CHARS_MAX: usize = 32_000;
/// Characters of a name or an address.
const NAME_CHARS_MAX: usize = 120;

pub(super) fn said_ui(out: &mut CommandQueue, ui: &mut Ui, chat: Uuid, message: &TaskMessageShape) {
    bubble_ui(ui, message.author == "person", |ui| {
        if let Some((word, color)) = kind(message) {
            ui.label(RichText::new(word).color(color).strong());
        }
        ui.add(egui::Label::new(short(&message.text, TEXT_CHARS_MAX)).wrap());
        for (file, at) in message.files.iter().zip(1..) {
            let no = message.no;
            delivered_ui(out, ui, file, FileAt { chat, no, at });
        }
        if !message.sources.is_empty() {
            ui.weak("Sources:");
        }
        for source in &message.sources {
            source_ui(ui, source);
        }
        let mut small = clock_of(&message.created_at);
        if message.left_out > 0 {
            let left_out = count(u64::from(message.left_out));
            small.push_str(&format!(
                " · {left_out} older messages did not fit and were not read for it"
            ));
        }
        ui.add(egui::Label::new(RichText::new(small).small().weak()).wrap());
    });
}

/// What a message is, where it is more than words.
fn kind(message: &TaskMessageShape) -> Option<(&'static str, Color32)> {
    Some(match message.kind.as_str() {
        "question" => ("❓ It asks", theme::SKY),
        "requirements" => ("📋 What it has understood", theme::PLUM),
        "progress" => ("⏳ How far it is", theme::ORANGE),
        "delivery" => ("📦 Delivered", theme::GREEN),
        "failure" => ("✖ Not done", theme::RED),
        _ if message.author == "village" => ("The village says", theme::YELLOW),
        _ => return None,
    })
}

fn delivered_ui(out: &mut CommandQueue, ui: &mut Ui, file: &TaskFileShape, at: FileAt) {
    ui.horizontal_wrapped(|ui| {
        let name = short(&file.name, NAME_CHARS_MAX);
        if ui.link(format!("📄 {name}")).clicked() {
            out.push(Wish::ReadFile(Some(at)));
        }
        if let Some(bytes) = file.bytes {
            ui.weak(format!("{} bytes", count(bytes)));
        }
        let save = ui.small_button("💾 Save");
        spot(ui, &format!("Save {name}"), &save);
        if save.clicked() {
            out.push(Wish::SaveFile(at, file.name.clone()));
        }
    });
}

/// A source says whether it was read or is only claimed, and where it leads: the agent has written both.
fn source_ui(ui: &mut Ui, source: &TaskSource) {
    ui.horizontal_wrapped(|ui| {
        let (sign, told) = if source.seen {
            ("✔", "It was read while the agent worked.")
        } else {
            ("⚠ not read", "The agent claims it and has not read it.")
        };
        ui.label(sign).on_hover_text(told);
        ui.label(short(&source.title, NAME_CHARS_MAX));
        let link = short(&source.link, NAME_CHARS_MAX);
        let leads = ["http://", "https://"];
        if leads.iter().any(|it| source.link.starts_with(it)) {
            ui.hyperlink_to(link, &source.link);
        } else {
            ui.weak(link);
        }
    });
}
