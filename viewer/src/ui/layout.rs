//! Where panels stand: docked, moved about, and remembered.

use bevy_egui::egui;
use egui::{CentralPanel, Context, Frame, Key, Margin, Modifiers, Panel, Ui, Vec2, WidgetText};
use egui_dock::{DockArea, DockState, NodeIndex, Style, SurfaceIndex, TabViewer};
use serde::{Deserialize, Serialize};

use super::{
    admin, ask, bar, board, charts, dialogs, inspector, keys, mail, models, notes, search, spoken,
    steps, talk, timeline, town,
};
use crate::mirror::Mirror;
use crate::options::PanelName;
use crate::view::{CommandQueue, ViewContext};

/// Windows narrower than this show the map and one panel below it.
const NARROW: f32 = 700.0;
/// Narrow windows lower than this show one panel at a time.
const LOW: f32 = 420.0;

/// Something that can be docked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tab {
    Town,
    Board,
    Inspector,
    Talk,
    Charts,
    Messages,
    Models,
    Admin,
}

/// Where panels stand.
pub(crate) struct Layout {
    dock: DockState<Tab>,
    /// What a window shows that is too small for two panels.
    front: Tab,
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Layout").finish_non_exhaustive()
    }
}

impl Layout {
    /// The layout of a new window of this width, in points.
    pub(crate) fn new(width: f32) -> Self {
        let mut dock = DockState::new(vec![Tab::Town]);
        let panels = vec![
            Tab::Board,
            Tab::Inspector,
            Tab::Talk,
            Tab::Charts,
            Tab::Messages,
        ];
        let surface = dock.main_surface_mut();
        if width < NARROW {
            surface.split_below(NodeIndex::root(), 0.6, panels);
        } else {
            let town = (1.0 - 400.0 / width).clamp(0.5, 0.8);
            surface.split_right(NodeIndex::root(), town, panels);
        }
        Self {
            dock,
            front: Tab::Town,
        }
    }

    /// The layout as text, to be kept.
    pub(crate) fn to_text(&self) -> Option<String> {
        serde_json::to_string(&self.dock).ok()
    }

    /// The layout that was kept; `None` when it makes no sense any more.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        // A panel that was never laid out stands nowhere, which JSON has no number for.
        let text = text
            .replace("\"x\":null", "\"x\":0.0")
            .replace("\"y\":null", "\"y\":0.0");
        let dock: DockState<Tab> = serde_json::from_str(&text).ok()?;
        let has_town = dock.find_tab(&Tab::Town).is_some();
        has_town.then_some(Self {
            dock,
            front: Tab::Town,
        })
    }

    /// What a small window shows.
    #[cfg(test)]
    pub(super) fn front(&self) -> Tab {
        self.front
    }

    /// Brings a panel to the front, also one that was closed.
    pub(super) fn show(&mut self, panel: PanelName) {
        let tab = tab_of(panel);
        self.front = tab;
        self.open(tab);
        // What came to the front by key is what keys mean from now on.
        if let Some(path) = self.dock.find_tab(&tab) {
            self.dock.set_focused_node_and_surface(path.node_path());
        }
    }

    /// Closes the panel that was clicked or brought to the front last; the map stays.
    fn close_front(&mut self) {
        self.front = Tab::Town;
        let front = self.dock.find_active_focused().map(|it| *it.1);
        let front = front.filter(|it| *it != Tab::Town);
        if let Some(path) = front.and_then(|it| self.dock.find_tab(&it)) {
            self.dock.remove_tab(path);
        }
    }

    fn open(&mut self, tab: Tab) {
        if let Some(path) = self.dock.find_tab(&tab) {
            // A path that was just found leads somewhere.
            self.dock.set_active_tab(path).ok();
        } else if tab == Tab::Admin
            && let Some(town) = self.dock.find_tab(&Tab::Town)
            && town.surface == SurfaceIndex::main()
        {
            // Tables want width: below the map there is some.
            let surface = self.dock.main_surface_mut();
            surface.split_below(town.node, 0.5, vec![tab]);
        } else {
            self.put_beside_others(tab);
        }
    }
}

impl Layout {
    /// Opens a panel where others are; beside the map, where there are none.
    fn put_beside_others(&mut self, tab: Tab) {
        let other = self
            .dock
            .find_tab_from(|it| !matches!(it, Tab::Town | Tab::Admin));
        if let Some(other) = other {
            self.dock.set_focused_node_and_surface(other.node_path());
            self.dock.push_to_focused_leaf(tab);
        } else if let Some(town) = self.dock.find_tab(&Tab::Town) {
            let surface = self.dock.main_surface_mut();
            surface.split_right(town.node, 0.7, vec![tab]);
        }
    }
}

fn tab_of(panel: PanelName) -> Tab {
    match panel {
        PanelName::Board => Tab::Board,
        PanelName::Inspector => Tab::Inspector,
        PanelName::Charts => Tab::Charts,
        PanelName::Talk => Tab::Talk,
        PanelName::Messages => Tab::Messages,
        PanelName::Models => Tab::Models,
        PanelName::Admin => Tab::Admin,
    }
}

/// What a panel is called.
pub(super) fn title(panel: PanelName) -> &'static str {
    match panel {
        PanelName::Board => "Board",
        PanelName::Inspector => "Inspector",
        PanelName::Charts => "Charts",
        PanelName::Talk => "Talk",
        PanelName::Messages => "Messages",
        PanelName::Models => "Models",
        PanelName::Admin => "Admin",
    }
}

fn name_of(tab: Tab) -> &'static str {
    match tab {
        Tab::Town => "Town",
        Tab::Board => title(PanelName::Board),
        Tab::Inspector => title(PanelName::Inspector),
        Tab::Talk => title(PanelName::Talk),
        Tab::Charts => title(PanelName::Charts),
        Tab::Messages => title(PanelName::Messages),
        Tab::Models => title(PanelName::Models),
        Tab::Admin => title(PanelName::Admin),
    }
}

/// Whether a panel has anything to show in this village to whoever looks.
pub(super) fn is_there(mirror: &Mirror, panel: PanelName) -> bool {
    match panel {
        PanelName::Admin => mirror.is_staff(),
        PanelName::Models => mirror.has("models"),
        PanelName::Board
        | PanelName::Inspector
        | PanelName::Talk
        | PanelName::Charts
        | PanelName::Messages => true,
    }
}

/// Whether the window is too small for two panels.
pub(super) fn is_small(ctx: &Context) -> bool {
    let size = ctx.content_rect().size();
    size.x < NARROW && size.y < LOW
}

/// One panel at a time, each a click away.
fn one_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    layout: &mut Layout,
    ui: &mut Ui,
    scrolled: f32,
) {
    Panel::top("strip").show(ui, |ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
        ui.spacing_mut().button_padding = egui::vec2(5.0, 1.0);
        ui.spacing_mut().interact_size.y = 18.0;
        ui.horizontal_wrapped(|ui| {
            let panels = PanelName::ALL.into_iter();
            let panels = panels.filter(|it| is_there(ctx.mirror, *it)).map(tab_of);
            for tab in std::iter::once(Tab::Town).chain(panels) {
                let chosen = layout.front == tab;
                if ui.selectable_label(chosen, name_of(tab)).clicked() {
                    layout.front = tab;
                }
            }
        });
    });
    let mut front = layout.front;
    // The map lies below.
    let frame = match front {
        Tab::Town => Frame::NONE,
        _ => Frame::central_panel(ui.style()).inner_margin(4),
    };
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let scrolled = (None, scrolled);
        Tabs { ctx, out, scrolled }.ui(ui, &mut front);
    });
}

/// The whole window.
pub(crate) fn whole_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    layout: &mut Layout,
    ui: &mut Ui,
) {
    if let Some(panel) = ctx.view.wanted {
        layout.show(panel);
    }
    keys::keys(ctx, out, ui);
    let closes = |it: &mut egui::InputState| it.consume_key(Modifiers::COMMAND, Key::W);
    if !steps::is_elsewhere(ui) && ui.input_mut(closes) {
        layout.close_front();
    }
    Panel::top("bar").show(ui, |ui| bar::bar_ui(ctx, out, ui));
    if ctx.mirror.link.sentence().is_some() {
        Panel::top("banner")
            .frame(Frame::NONE)
            .show(ui, |ui| notes::banner_ui(ctx, ui));
    }
    let scrolled = keys::scrolled(ui);
    let (panels, sheet) = if ctx.view.help {
        (0.0, scrolled)
    } else {
        (scrolled, 0.0)
    };
    if is_small(ui.ctx()) {
        one_ui(ctx, out, layout, ui, panels);
    } else {
        dock_ui(ctx, out, layout, ui, panels);
    }
    notes::toasts_ui(ctx, out, ui);
    search::search_ui(ctx, out, ui);
    ui.scroll_with_delta(Vec2::new(0.0, -sheet));
    dialogs::help_ui(ctx, out, ui);
    dialogs::sign_in_ui(ctx, out, ui);
    ask::ask_ui(ctx, out, ui);
}

/// The panels where they were put, above the line of time.
fn dock_ui(
    ctx: &ViewContext<'_>,
    out: &mut CommandQueue,
    layout: &mut Layout,
    ui: &mut Ui,
    scrolled: f32,
) {
    Panel::bottom("timeline")
        .frame(Frame::side_top_panel(ui.style()).inner_margin(Margin::symmetric(8, 2)))
        .show(ui, |ui| timeline::timeline_ui(ctx, out, ui));
    // Where none was brought to the front, all that are seen are meant.
    let front = layout.dock.find_active_focused().map(|it| *it.1);
    let scrolled = (front.filter(|it| *it != Tab::Town), scrolled);
    let mut style = Style::from_egui(ui.style());
    style.tab_bar.height = 26.0;
    style.main_surface_border_stroke = egui::Stroke::NONE;
    style.tab.tab_body.inner_margin = Margin::same(10);
    DockArea::new(&mut layout.dock)
        .style(style)
        .show_leaf_close_all_buttons(false)
        // A tab is closed from its menu, or with the middle button.
        .show_close_buttons(false)
        .show_leaf_collapse_buttons(false)
        .show_inside(ui, &mut Tabs { ctx, out, scrolled });
}

struct Tabs<'a, 'b> {
    ctx: &'a ViewContext<'b>,
    out: &'a mut CommandQueue,
    /// Which panel keys scroll, all where none is named, and how far down.
    scrolled: (Option<Tab>, f32),
}

impl TabViewer for Tabs<'_, '_> {
    type Tab = Tab;

    fn id(&mut self, tab: &mut Tab) -> egui::Id {
        egui::Id::new(("tab", *tab as u8))
    }

    fn title(&mut self, tab: &mut Tab) -> WidgetText {
        name_of(*tab).into()
    }

    fn ui(&mut self, ui: &mut Ui, tab: &mut Tab) {
        let (ctx, out) = (self.ctx, &mut *self.out);
        let (front, down) = self.scrolled;
        if down != 0.0 && front.is_none_or(|it| it == *tab) {
            // The next thing in it that can be scrolled takes it.
            ui.scroll_with_delta(Vec2::new(0.0, -down));
        }
        match tab {
            Tab::Town => town::town_ui(ctx, out, ui),
            Tab::Board => board::board_ui(ctx, out, ui),
            Tab::Inspector => inspector::inspector_ui(ctx, out, ui),
            Tab::Talk => talk::talk_ui(ctx, out, ui),
            Tab::Charts => charts::charts_ui(ctx, out, ui),
            Tab::Messages => mail::mail_ui(ctx, out, ui),
            Tab::Models => models::models_ui(ctx, out, ui),
            Tab::Admin => admin::admin_ui(ctx, out, ui),
        }
    }

    fn on_tab_button(&mut self, tab: &mut Tab, button: &egui::Response) {
        spoken::pressable(button, egui::accesskit::Role::Tab, name_of(*tab));
    }

    fn is_closeable(&self, tab: &Tab) -> bool {
        *tab != Tab::Town
    }

    fn clear_background(&self, tab: &Tab) -> bool {
        // The map lies below.
        *tab != Tab::Town
    }

    fn allowed_in_windows(&self, tab: &mut Tab) -> bool {
        *tab != Tab::Town
    }

    fn scroll_bars(&self, _tab: &Tab) -> [bool; 2] {
        [false, false]
    }
}
