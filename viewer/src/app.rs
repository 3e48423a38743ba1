//! The window as a Bevy app: it hears the line, draws the panels, and does what they wish.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bevy::app::ScheduleRunnerPlugin;
use bevy::camera::RenderTarget;
use bevy::log::LogPlugin;
use bevy::prelude::*;
use bevy::render::render_resource::TextureFormat;
use bevy::window::{ExitCondition, WindowResolution};
use bevy::winit::WinitPlugin;
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass, PrimaryEguiContext, egui};

use crate::link::{Ask, News, Wire};
use crate::memory::{Keeper, Kept};
use crate::mirror::Mirror;
use crate::options::{SIDE_MAX, SIDE_MIN, ViewError, ViewOptions};
use crate::scene::{self, Tilesets};
use crate::status::Teller;
use crate::ui::{Layout, whole_ui};
use crate::view::{CommandQueue, Tone, View, ViewContext};
use crate::wire::Problem;
use crate::{access, capture, fonts, leave, lost, memory, theme};

/// News that are taken in per frame: more would make the picture stutter.
const NEWS_PER_FRAME_MAX: usize = 256;

/// egui takes a window for wider than this, in points, until it is told its size.
const WIDTH_UNKNOWN: f32 = 9_000.0;

/// Everything the window knows. It lives on the main thread, as panels do.
pub(crate) struct Show {
    pub(crate) mirror: Mirror,
    pub(crate) view: View,
    pub(crate) layout: Option<Layout>,
    pub(crate) wire: Wire,
    /// Seconds since the window was opened.
    pub(crate) now: f64,
    /// Where what the next window takes up is kept.
    pub(crate) keeper: Option<Keeper>,
    /// Whether a hand is on it, or a panel still moves.
    pub(crate) busy: bool,
    dressed: Option<(bool, f32)>,
    teller: Option<Teller>,
}

/// Opens a window, and comes back when it is closed.
///
/// # Errors
/// Why there is none, or why the picture could not be taken.
pub fn run(options: ViewOptions) -> Result<(), ViewError> {
    let (width, height) = options.size;
    let sides = SIDE_MIN..=SIDE_MAX;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(ViewError::Size(width, height));
    }
    if options.headless && options.shot.is_none() {
        return Err(ViewError::NothingToDraw);
    }
    if !options.headless && !has_display() {
        return Err(ViewError::NoDisplay);
    }
    let show = Show::new(&options)?;
    let mut app = assemble(&options, show);
    if options.headless {
        app.add_plugins(ScheduleRunnerPlugin::run_loop(Duration::from_millis(15)));
    }
    if let Some(closing) = options.closing {
        app.add_systems(Last, move |mut exit: MessageWriter<AppExit>| {
            if closing.load(Ordering::Relaxed) {
                exit.write(AppExit::Success);
            }
        });
    }
    end_of(app)
}

/// Runs the app to its end, and says what came of it. A machine that has a display but nothing to draw with, or loses it, breaks the window and not the program.
pub(crate) fn end_of(mut app: App) -> Result<(), ViewError> {
    let run = std::panic::AssertUnwindSafe(move || app.run());
    let exit = std::panic::catch_unwind(run);
    leave::finish_drawing();
    let exit = exit.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        ViewError::Broken(text.unwrap_or_else(|| "for no reason it gave".to_owned()))
    })?;
    capture::outcome(exit)
}

/// The window with everything in it, or without a window what would be in it.
fn assemble(options: &ViewOptions, show: Show) -> App {
    assembled(options, show, scene::plugin)
}

/// The same with this below the panels.
pub(crate) fn assembled(options: &ViewOptions, show: Show, below: fn(&mut App)) -> App {
    let (width, height) = options.size;
    let mut app = App::new();
    let plugins = DefaultPlugins
        .set(ImagePlugin::default_nearest())
        .disable::<LogPlugin>();
    if options.headless {
        let window = WindowPlugin {
            primary_window: None,
            exit_condition: ExitCondition::DontExit,
            ..default()
        };
        app.add_plugins(plugins.set(window).disable::<WinitPlugin>());
    } else {
        let window = Window {
            title: "Hamlet".to_owned(),
            name: Some("hamlet".to_owned()),
            resolution: WindowResolution::new(width, height),
            ..default()
        };
        app.add_plugins(plugins.set(WindowPlugin {
            primary_window: Some(window),
            ..default()
        }));
        if options.shot.is_none() {
            app.add_plugins(crate::pace::plugin);
        }
    }
    app.add_plugins(EguiPlugin::default())
        .add_plugins((below, capture::plugin(options), lost::plugin))
        .add_plugins(access::plugin)
        .insert_resource(ClearColor(Color::srgb_u8(
            theme::BEYOND.r(),
            theme::BEYOND.g(),
            theme::BEYOND.b(),
        )))
        .insert_resource(PanelsShown(true))
        .insert_non_send(show)
        .add_systems(Startup, eye(options))
        .add_systems(PreUpdate, hear)
        .add_systems(
            EguiPrimaryContextPass,
            panels.run_if(|shown: Res<PanelsShown>| shown.0),
        )
        .add_systems(Last, remember);
    app
}

/// Whether panels are drawn: for measuring what they cost.
#[derive(Resource)]
pub(crate) struct PanelsShown(pub(crate) bool);

/// Whether there is a display to open a window on.
#[must_use]
pub fn has_display() -> bool {
    if cfg!(any(target_os = "windows", target_os = "macos")) {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|it| !it.is_empty()))
}

impl Show {
    fn new(options: &ViewOptions) -> Result<Self, ViewError> {
        let wire = Wire::open(&options.url, options.pass.clone())?;
        let memory = options.remember.then(memory::place).flatten();
        Ok(Self::of(options, wire, memory))
    }

    /// What the window knows at its beginning, with this line.
    pub(crate) fn of(options: &ViewOptions, wire: Wire, memory: Option<PathBuf>) -> Self {
        let kept = memory.as_deref().map(memory::read).unwrap_or_default();
        let mut mirror = Mirror::default();
        mirror.link.url.clone_from(&options.url);
        let mut view = View {
            dark: options.dark.or(kept.dark).unwrap_or(true),
            scale: kept.scale.unwrap_or(1.0),
            awaited: options.select.clone(),
            wanted: options.panel,
            begin_panel: options.panel,
            begin_tiles: options.zoom_tiles,
            edge_pan: kept.edge_pan,
            ..View::default()
        };
        let layout = kept.layout.as_deref().and_then(Layout::from_text);
        view.take_up(kept.editing, kept.unsent(), kept.tries());
        Self {
            mirror,
            view,
            layout,
            wire,
            now: 0.0,
            keeper: memory.map(Keeper::new),
            busy: true,
            dressed: None,
            teller: options.status.as_deref().map(Teller::new),
        }
    }

    /// What the next window takes up.
    fn kept(&self) -> Kept {
        let layout = self.layout.as_ref().and_then(Layout::to_text);
        Kept {
            layout,
            dark: Some(self.view.dark),
            scale: Some(self.view.scale),
            edge_pan: self.view.edge_pan,
            editing: self.view.editing,
            ..Kept::of(self.view.unsent()).with_tries(self.view.open_tries())
        }
    }

    /// Keeps that, where it is time to, or at once.
    pub(crate) fn keep(&mut self, at_once: bool) {
        let Some(mut keeper) = self.keeper.take() else {
            return;
        };
        if at_once || keeper.is_due(self.now) {
            keeper.keep(self.kept(), self.now);
        }
        self.keeper = Some(keeper);
    }

    /// Whether there is a town in the picture.
    pub(crate) fn is_there(&self) -> bool {
        self.mirror.world.known && self.mirror.map.is_some() && self.view.awaited.is_none()
    }

    fn ask(&mut self, ask: Option<Ask>) {
        let Some(ask) = ask else {
            return;
        };
        if ask.key().is_some() {
            // Before it leaves: also a window that is killed while the answer is awaited leaves it to the next.
            self.keep(true);
        }
        let draft = ask.draft();
        if self.wire.ask(ask).is_ok() {
            return;
        }
        // As if the village had refused: what was typed can be sent again.
        let refused = News::Refused {
            problem: Problem::local(
                "busy",
                "Too much is waiting for the village.",
                "Try again in a moment.",
            ),
            was_act: true,
            draft,
        };
        self.view.hear(refused, &mut self.mirror, self.now);
    }

    fn obey(&mut self, wishes: CommandQueue) {
        for wish in wishes {
            let ask = self.view.obey(wish, &mut self.mirror);
            self.ask(ask);
        }
    }

    fn dress(&mut self, ctx: &egui::Context) {
        let wanted = (self.view.dark, self.view.scale);
        if self.dressed.is_none() {
            ctx.set_fonts(fonts::wide());
        }
        if self.dressed != Some(wanted) {
            theme::apply(ctx, self.view.dark);
            ctx.set_zoom_factor(self.view.scale);
            self.dressed = Some(wanted);
        }
    }
}

/// Sets up the camera, onto the window or onto a picture.
fn eye(options: &ViewOptions) -> impl FnMut(Commands, ResMut<Assets<Image>>) + use<> {
    let (headless, (width, height)) = (options.headless, options.size);
    move |mut commands, mut images| {
        let mut camera = commands.spawn((Camera2d, PrimaryEguiContext, Msaa::Off));
        if headless {
            let format = TextureFormat::Rgba8UnormSrgb;
            let image = Image::new_target_texture(width, height, format, None);
            camera.insert(RenderTarget::Image(images.add(image).into()));
        }
    }
}

/// Takes in what the line says.
fn hear(mut show: NonSendMut<Show>, mut sets: ResMut<Tilesets>, time: Res<Time<Real>>) {
    let show = &mut *show;
    show.now = time.elapsed_secs_f64();
    for _ in 0..NEWS_PER_FRAME_MAX {
        let Some(news) = show.wire.news() else {
            break;
        };
        if let News::Picture { set, bytes } = &news
            && !sets.take(*set, bytes.as_deref())
        {
            let text =
                "A picture of the map cannot be had or read; its tiles are drawn as squares.";
            show.view.say(Tone::Trouble, text.to_owned(), show.now);
        }
        let ask = show.view.hear(news, &mut show.mirror, show.now);
        show.ask(ask);
    }
    let ask = show.view.tick(&show.mirror, show.now);
    show.ask(ask);
}

/// Draws the panels, and does what they wish.
fn panels(mut contexts: EguiContexts, mut show: NonSendMut<Show>) -> Result {
    let ctx = contexts.ctx_mut()?.clone();
    let show = &mut *show;
    show.dress(&ctx);
    let width = ctx.viewport_rect().width();
    if width > WIDTH_UNKNOWN {
        return Ok(());
    }
    let mut layout = show.layout.take().unwrap_or_else(|| Layout::new(width));
    let mut out = CommandQueue::new();
    let mut ui = egui::Ui::new(
        ctx.clone(),
        egui::Id::new("window"),
        egui::UiBuilder::new()
            .layer_id(egui::LayerId::background())
            .max_rect(ctx.viewport_rect()),
    );
    let context = ViewContext {
        mirror: &show.mirror,
        view: &show.view,
        now: show.now,
    };
    if show.teller.is_some() {
        Teller::begin(&ctx);
    }
    whole_ui(&context, &mut out, &mut layout, &mut ui);
    show.layout = Some(layout);
    let hand = ctx.input(|it| it.pointer.any_down() || !it.keys_down.is_empty());
    show.busy = hand || ctx.has_requested_repaint();
    show.view.wanted = None;
    show.obey(out);
    if let Some(mut teller) = show.teller.take() {
        teller.tell(show, &ctx);
        show.teller = Some(teller);
    }
    Ok(())
}

/// Keeps for the next window what it takes up: now and then, for a window that breaks, and at the end.
fn remember(mut show: NonSendMut<Show>, mut exits: MessageReader<AppExit>) {
    let ends = exits.read().next().is_some();
    show.keep(ends);
}

#[cfg(test)]
mod tests;
