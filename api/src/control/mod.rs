//! What the village's owner orders from the machine it runs on: over a socket in its folder while it is served, on its books while it rests.
//!
//! Whoever can open the folder is its owner; the socket asks for nothing more.

mod books;
mod ledger;
mod office;
mod place;
#[cfg(unix)]
mod socket;

pub use books::{
    BackupError, ExportError, Exported, back_up, export_journal, restore, restore_on_postgres,
};
pub use office::{Office, Order};
pub use place::{FOLDER_SETTING, SOCKET_SETTING, note_place};
#[cfg(unix)]
pub use socket::{ask, listen};

/// Name of the socket in the village's folder.
pub const SOCKET: &str = "control.sock";
