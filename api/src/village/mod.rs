//! The running village as the bridge sees it: the way of a command, and what readers may see.
//!
//! ```text
//! handler ── Envelope(command, side) ──▶ sim ── Emission ──▶ pump ──▶ one transaction ──▶ view, reply, broadcast
//! handler ── Job ───────────────────────────────────────────▶ pump
//! ```
//!
//! The pump is the only writer. Whatever has no part in the world (a login, a key, a limit) is a job and goes through it too.

mod boot;
mod cold;
mod desk;
mod draft;
mod images;
pub mod owners;
mod published;
mod pump;
mod rerun;
mod shelf;
mod tempo;

pub use boot::{Boot, BootError, Booted, boot};
pub use cold::Cold;
pub use desk::{Desk, Done, IdempotencyKey};
pub use draft::Draft;
pub use images::Keep;
pub use published::{Beat, Health, Published};
pub use rerun::{Rerun, RerunError, Span, Steering, Watch, rerun};
pub use shelf::Shelf;
pub use tempo::Tempo;
