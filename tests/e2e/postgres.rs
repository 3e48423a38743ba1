//! Databases of the server that `scripts/test` starts, and a wire to one that can be cut.

use std::fs;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

/// Name of the server's socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// The address of a new, empty database.
pub(crate) fn database(prefix: &str) -> String {
    let server = std::env::var("HAMLET_TEST_POSTGRES").expect(
        "this test needs PostgreSQL: scripts/test starts one, and so does scripts/with-postgres cargo nextest run -p hamlet",
    );
    let name = format!("{prefix}_{}", std::process::id());
    let made = Command::new("psql")
        .args([server.as_str(), "-qc", &format!("CREATE DATABASE {name}")])
        .status()
        .expect("psql comes with the server");
    assert!(made.success());
    server.replacen("/postgres?", &format!("/{name}?"), 1)
}

/// A socket that leads to the server's own, until it is cut.
pub(crate) struct Wire {
    folder: tempfile::TempDir,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cut: bool,
    open: Vec<UnixStream>,
}

impl Wire {
    /// A wire to the server of this address.
    pub(crate) fn to(url: &str) -> Self {
        let (_, host) = url.split_once("host=").expect("the server has a socket");
        let server = PathBuf::from(host).join(SOCKET);
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        // Ends with the test's process; nothing waits for it.
        thread::spawn(move || {
            for near in listener.incoming() {
                let mut state = shared.lock().unwrap();
                // While it is cut, whoever comes is let go of at once.
                if state.cut {
                    continue;
                }
                let (Ok(near), Ok(far)) = (near, UnixStream::connect(&server)) else {
                    continue;
                };
                state
                    .open
                    .extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
                pass(&near, &far);
                pass(&far, &near);
            }
        });
        Self { folder, state }
    }

    /// The same database over this wire.
    pub(crate) fn url(&self, url: &str) -> String {
        let (before, _) = url.split_once("host=").unwrap();
        format!("{before}host={}", self.folder.path().display())
    }

    /// Nothing passes any more, neither what is open nor what is new.
    pub(crate) fn cut(&self) {
        let mut state = self.state.lock().unwrap();
        state.cut = true;
        for stream in state.open.drain(..) {
            // One that has ended already is as good.
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    /// What is new passes again.
    pub(crate) fn mend(&self) {
        self.state.lock().unwrap().cut = false;
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.cut();
        drop(fs::remove_file(self.folder.path().join(SOCKET)));
    }
}

fn pass(from: &UnixStream, to: &UnixStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        // However it ends, the other end hears of it.
        drop(io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Both));
        drop(from.shutdown(Shutdown::Both));
    });
}
