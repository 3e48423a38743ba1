//! What the window shows, written to a file each time it changes: for tests that look at it from outside, with a real pointer and real keys.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bevy_egui::egui;
use egui::{Pos2, Response, Ui};
use serde::Serialize;

use crate::app::Show;
use crate::file;
use crate::wire::TaskMessageShape;

/// People whose places are told.
const PEOPLE_MAX: usize = 64;

/// Where things that can be pressed are, by name, in pixels; only kept while somebody wants to know.
type Spots = BTreeMap<String, (i32, i32)>;

fn key() -> egui::Id {
    egui::Id::new("spots")
}

/// What the window shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Status {
    /// Whether frames come.
    live: bool,
    /// Who is signed in.
    me: Option<String>,
    /// Handle of whoever is selected.
    selected: Option<String>,
    /// Whether the search field is open.
    search: bool,
    /// Whether keys go into a field.
    writing: bool,
    /// Whether the fields of a post are open.
    composing: bool,
    /// The title of the post that is read.
    reading: Option<String>,
    /// What was said in the task chat that is read, oldest first.
    task: Vec<Said>,
    /// Whether a dialog is open.
    asking: bool,
    /// What is said in passing.
    toasts: Vec<String>,
    /// What is typed, by field.
    drafts: BTreeMap<String, String>,
    /// Where things that can be pressed are.
    spots: Spots,
    /// Where people stand on the screen, by handle.
    people: BTreeMap<String, (i32, i32)>,
}

/// A message of a task chat.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Said {
    author: String,
    kind: String,
}

impl From<&TaskMessageShape> for Said {
    fn from(message: &TaskMessageShape) -> Self {
        Self {
            author: message.author.clone(),
            kind: message.kind.clone(),
        }
    }
}

/// Writes what the window shows.
#[derive(Debug)]
pub(crate) struct Teller {
    file: PathBuf,
    last: Option<Status>,
}

impl Teller {
    /// One that writes to this file.
    pub(crate) fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            last: None,
        }
    }

    /// Begins a frame: what is pressed in it is noted anew.
    pub(crate) fn begin(ctx: &egui::Context) {
        ctx.data_mut(|it| it.insert_temp(key(), Spots::new()));
    }

    /// Writes what is shown, where that has changed.
    pub(crate) fn tell(&mut self, show: &Show, ctx: &egui::Context) {
        let status = look(show, ctx);
        if self.last.as_ref() == Some(&status) {
            return;
        }
        let text = serde_json::to_string(&status).unwrap_or_default();
        match file::replace(&self.file, &text) {
            Ok(()) => self.last = Some(status),
            Err(why) => tracing::warn!(%why, "what the window shows cannot be written"),
        }
    }
}

/// Notes where something is that can be pressed.
pub(crate) fn spot(ui: &Ui, name: &str, response: &Response) {
    // What is only measured is not yet where it will be.
    if ui.is_sizing_pass() {
        return;
    }
    // egui's memory is locked inside.
    let scale = ui.ctx().pixels_per_point();
    ui.data_mut(|it| {
        // Where nobody wants to know, there is no map.
        if let Some(mut spots) = it.get_temp::<Spots>(key()) {
            spots.insert(name.to_owned(), pixel(response.rect.center(), scale));
            it.insert_temp(key(), spots);
        }
    });
}

fn pixel(at: Pos2, scale: f32) -> (i32, i32) {
    ((at.x * scale) as i32, (at.y * scale) as i32)
}

fn look(show: &Show, ctx: &egui::Context) -> Status {
    let (view, mirror) = (&show.view, &show.mirror);
    let scale = ctx.pixels_per_point();
    let selected = view.selected.and_then(|id| mirror.world.person(id));
    let reading = mirror.board.thread.as_ref();
    let reading = reading.and_then(|it| mirror.board.post(it.post));
    let task = mirror.tasks.open.as_ref();
    let task = task.and_then(|it| it.messages.as_ref());
    let task = task.map_or(&[][..], |it| &it.items);
    let seen = view.camera.rect;
    let people = mirror.world.people.values().filter_map(|person| {
        let (x, y) = person.at(show.now);
        let at = view.camera.screen(x + 0.5, y + 0.3);
        seen.contains(at)
            .then(|| (person.name.clone(), pixel(at, scale)))
    });
    Status {
        live: mirror.link.is_live(),
        me: mirror.me.as_ref().map(|it| it.name.clone()),
        selected: selected.map(|it| it.name.clone()),
        search: view.search,
        writing: ctx.memory(|it| it.focused().is_some()),
        composing: view.composing,
        reading: reading.map(|it| it.title.clone()),
        task: task.iter().rev().map(Said::from).collect(),
        asking: view.dialog.is_some(),
        toasts: view.toasts.iter().map(|it| it.text.clone()).collect(),
        drafts: view
            .drafts
            .iter()
            .filter(|(slot, _)| !slot.is_secret())
            .map(|(slot, text)| (format!("{slot:?}"), text.clone()))
            .collect(),
        spots: ctx.data(|it| it.get_temp(key())).unwrap_or_default(),
        people: people.take(PEOPLE_MAX).collect(),
    }
}
