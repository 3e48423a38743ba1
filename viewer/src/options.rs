//! How a window is opened, and why it may not be.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Smallest side of a picture, in pixels.
pub const SIDE_MIN: u32 = 160;
/// Largest side of a picture, in pixels.
pub const SIDE_MAX: u32 = 8_192;

/// How the window shows who it is.
#[derive(Clone, Default)]
pub enum Pass {
    /// Not yet: somebody may sign in, and whoever did so last time goes on.
    #[default]
    Stranger,
    /// By this token or key.
    Token(String),
    /// By tokens that are minted in the same process; asked again for every request.
    Local(Arc<dyn Fn() -> Option<String> + Send + Sync>),
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stranger => "Stranger",
            Self::Token(_) => "Token",
            Self::Local(_) => "Local",
        })
    }
}

/// A picture that is taken, after which the window closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// Where the PNG goes.
    pub file: PathBuf,
    /// Frames that are drawn before, counted from when the town is in the picture.
    pub frames: u32,
}

/// A part of the window that can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PanelName {
    /// The bulletin board.
    Board,
    /// Whoever is selected.
    Inspector,
    /// What was, as curves.
    Charts,
    /// What was said of late.
    Talk,
    /// What one is told and written.
    Messages,
    /// The servers of models that minds think with.
    Models,
    /// For those who keep order.
    Admin,
}

impl PanelName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Board,
        Self::Inspector,
        Self::Talk,
        Self::Charts,
        Self::Messages,
        Self::Models,
        Self::Admin,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Inspector => "inspector",
            Self::Charts => "charts",
            Self::Talk => "talk",
            Self::Messages => "messages",
            Self::Models => "models",
            Self::Admin => "admin",
        }
    }
}

/// How a window is opened.
#[derive(Clone, Debug)]
pub struct ViewOptions {
    /// Address of the village.
    pub url: String,
    /// Who looks.
    pub pass: Pass,
    /// A picture to take.
    pub shot: Option<Shot>,
    /// Without a window: only for pictures, needs no display.
    pub headless: bool,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// Whom to select: handle or display name.
    pub select: Option<String>,
    /// Which panel to show.
    pub panel: Option<PanelName>,
    /// Dark or light; `None`: as it was last.
    pub dark: Option<bool>,
    /// Tiles that are seen from left to right; `None`: all of them.
    pub zoom_tiles: Option<f32>,
    /// Whether the layout of the last time is taken up, and kept for the next.
    pub remember: bool,
    /// Where the window writes what it shows, each time that changes: for tests.
    pub status: Option<PathBuf>,
    /// The window closes when this becomes true.
    pub closing: Option<Arc<AtomicBool>>,
}

impl Default for ViewOptions {
    fn default() -> Self {
        Self {
            url: "http://127.0.0.1:8080".to_owned(),
            pass: Pass::Stranger,
            shot: None,
            headless: false,
            size: (1_280, 800),
            select: None,
            panel: None,
            dark: None,
            zoom_tiles: None,
            remember: true,
            status: None,
            closing: None,
        }
    }
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The address makes no sense.
    #[error("{0:?} is no address of a village: write it like http://127.0.0.1:8080")]
    Address(String),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[source] std::io::Error),
    /// No HTTP client.
    #[error("no HTTP client: {0}")]
    Http(String),
    /// The size makes no sense.
    #[error("a picture of {0}×{1} pixels cannot be drawn: each side has {SIDE_MIN} to {SIDE_MAX}")]
    Size(u32, u32),
    /// There is no display.
    #[error(
        "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); `--screenshot FILE --headless` draws without one"
    )]
    NoDisplay,
    /// A picture without a file.
    #[error(
        "without a window there is only a picture to take: say where it goes with --screenshot FILE"
    )]
    NothingToDraw,
    /// It could not be drawn, or no longer.
    #[error(
        "the window broke ({0}); it needs a graphics driver with Vulkan, Metal or DirectX 12, of which software ones do (Debian: apt-get install mesa-vulkan-drivers)"
    )]
    Broken(String),
    /// It ended before the picture was there.
    #[error("{0}")]
    Unfinished(String),
}
