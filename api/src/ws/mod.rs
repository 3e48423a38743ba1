//! WebSockets: the world, the board, and what concerns the caller, as it happens.
//!
//! ```text
//! Published ── Beat ──▶ Hub ── News (built once, encoded once per format) ──▶ every listener
//! ```
//!
//! The hub is one task. It keeps the view that listeners are at, a ring of what it told lately (`?since=`), and one channel per socket kind.
//! A listener that is too slow skips what it missed and begins anew with a snapshot: nothing ever queues for it.

mod board;
mod count;
mod encode;
mod hub;
mod letters;
mod own;
mod params;
mod people;
mod pulse;
mod ring;
mod routes;
mod socket;
mod typing;
mod world;

pub use hub::Hub;
pub(crate) use letters::{Audience, Letter, letter};
pub(crate) use people::is_there;
pub(crate) use routes::router;
pub(crate) use typing::tell_typing;

/// Tells somebody what is for them alone and kept elsewhere, or nowhere.
pub(crate) fn tell_own(app: &crate::state::App, letter: Letter) {
    app.hub.pass_on(letter);
}
