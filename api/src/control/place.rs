//! Where a village is on its server's machine, for owners who name its database alone.

use std::path::Path;

use hamlet_store::Write;

use crate::village::Desk;

/// The setting under which the database says where its server listens to its owner: the socket's path on the server's machine.
pub const SOCKET_SETTING: &str = "control.socket";

/// The setting under which the database says which folder its server has.
pub const FOLDER_SETTING: &str = "village.folder";

/// Writes both places into the database, where they are not there already. A path that is no text is left out: then the folder has to be named.
pub fn note_place(desk: &Desk, folder: &Path, socket: &Path) {
    let row = |key: &str, path: &Path| {
        let path = std::path::absolute(path).ok()?;
        Some((key.to_owned(), path.to_str()?.to_owned()))
    };
    let rows = [row(FOLDER_SETTING, folder), row(SOCKET_SETTING, socket)];
    desk.leave(move |draft| {
        for (key, value) in rows.into_iter().flatten() {
            if draft.directory().setting(&key) != Some(value.as_str()) {
                draft.push(Write::Setting { key, value });
            }
        }
    });
}
