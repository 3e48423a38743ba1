//! A village with its window, as `hamlet` opens it where there is a display.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::display::Display;

/// How long anything in here may take: software drawing beside other tests is slow.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a click may take to show before it is made again.
const BEFORE_ANOTHER: Duration = Duration::from_secs(5);
/// How long what is clicked has stayed where it is.
const STEADY: Duration = Duration::from_secs(1);
/// How often is looked.
const LOOK: Duration = Duration::from_millis(30);

/// The village behind the window, as a client sees it.
pub(crate) struct Server {
    address: String,
}

impl Server {
    /// The JSON of an answer.
    pub(crate) fn get(&self, path: &str) -> Value {
        let (_status, _head, body) = crate::http::get(&self.address, path, PATIENCE);
        serde_json::from_str(&body).unwrap_or_else(|why| panic!("{why}: {body}"))
    }
}

/// A window. It ends with the test, with its village and its display.
pub(crate) struct Window {
    program: Program,
    /// Kept open: nobody's reader goes away while it lives.
    _out: BufReader<ChildStdout>,
    display: Display,
    desk: tempfile::TempDir,
    server: Server,
}

/// A program that is killed where it was not ended.
struct Program(Child);

impl Window {
    pub(crate) fn open() -> Self {
        Self::open_with(&[])
    }

    /// One on a village that was started with these words.
    pub(crate) fn open_with(words: &[&str]) -> Self {
        Self::open_on(Display::open(), tempfile::tempdir().unwrap(), words)
    }

    fn open_on(display: Display, desk: tempfile::TempDir, words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hamlet"));
        command
            .args(words)
            .current_dir(desk.path())
            .env_remove("WAYLAND_DISPLAY")
            .env("DISPLAY", display.name())
            .env("HAMLET_SERVER__LISTEN", "127.0.0.1:0")
            .env("HAMLET_VIEW_STATUS", desk.path().join("status.json"))
            .env("XDG_STATE_HOME", desk.path().join("state"))
            .env("XDG_DOWNLOAD_DIR", desk.path().join("downloads"))
            .env("XDG_RUNTIME_DIR", desk.path())
            .stdout(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let mut out = BufReader::new(program.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        let window = Self {
            program: Program(program),
            _out: out,
            display,
            desk,
            server: Server { address },
        };
        window.take_focus();
        window
    }

    /// Closes it and opens another on the same folder.
    pub(crate) fn reopen(self) -> Self {
        let Self {
            program,
            display,
            desk,
            ..
        } = self;
        program.end();
        drop(std::fs::remove_file(desk.path().join("status.json")));
        Self::open_on(display, desk, &[])
    }

    /// Asks it to close, which it must do well.
    pub(crate) fn close(self) {
        self.program.end();
    }

    /// Without a window manager nobody gives it the keys.
    fn take_focus(&self) {
        wait("there is a window", || {
            let found = self
                .display
                .hand(&["search", "--onlyvisible", "--name", "Hamlet"]);
            let Some(id) = found.lines().next_back() else {
                return false;
            };
            self.display.hand(&["windowmove", id, "0", "0"]);
            self.display.hand(&["windowfocus", id]);
            self.display.hand(&["getwindowfocus"]).trim() == id
        });
    }

    /// What it shows.
    fn status(&self) -> Value {
        let text = std::fs::read_to_string(self.desk.path().join("status.json"));
        text.ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    /// Waits until what it shows is so.
    pub(crate) fn until(&self, what: &str, mut so: impl FnMut(&Value) -> bool) {
        let began = Instant::now();
        loop {
            let status = self.status();
            if !status.is_null() && so(&status) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never: {what}: {status}");
            thread::sleep(LOOK);
        }
    }

    /// Clicks what has this name until what it shows is so: what lies above it may have moved it just then.
    pub(crate) fn click_until(&self, name: &str, so: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        self.click_on(name);
        while !self.is_soon(&so) {
            assert!(began.elapsed() < PATIENCE, "never: {name} does it");
            // What was only slow to show is not clicked again: that might undo it.
            if let Some(at) = self.steady(name, &so) {
                self.click(at);
            }
        }
    }

    /// Whether what it shows becomes so before it is worth another click.
    fn is_soon(&self, so: impl Fn(&Value) -> bool) -> bool {
        let began = Instant::now();
        while began.elapsed() < BEFORE_ANOTHER {
            let status = self.status();
            if !status.is_null() && so(&status) {
                return true;
            }
            thread::sleep(LOOK);
        }
        false
    }

    /// Waits until the next window would take this up.
    pub(crate) fn until_kept(&self, text: &str) {
        let place = self.desk.path().join("state/hamlet/window.json");
        wait(&format!("{text:?} is kept"), || {
            std::fs::read_to_string(&place).is_ok_and(|kept| kept.contains(text))
        });
    }

    /// Waits until this was saved; what is in it.
    pub(crate) fn until_saved(&self, name: &str) -> String {
        let place = self.desk.path().join("downloads").join(name);
        let read = || std::fs::read_to_string(&place).unwrap_or_default();
        wait(&format!("{name} is saved"), || !read().is_empty());
        read()
    }

    /// Waits until the village is so.
    pub(crate) fn until_server(&self, what: &str, so: impl Fn(&Server) -> bool) {
        wait(what, || so(&self.server));
    }

    /// What somebody has, as the village says it.
    pub(crate) fn money(&self, name: &str) -> f64 {
        let balance = self.server.get(&format!("/api/v1/economy/balance/{name}"));
        let text = balance["balance"]
            .as_str()
            .unwrap_or_else(|| panic!("{balance}"));
        text.parse().unwrap()
    }

    /// Waits until nobody moves on the picture any more.
    pub(crate) fn until_still(&self) {
        let mut last = json!(null);
        let mut since = Instant::now();
        wait("everybody stands still", || {
            let people = self.status()["people"].clone();
            if people != last || people.is_null() {
                (last, since) = (people, Instant::now());
            }
            since.elapsed() > Duration::from_secs(2)
        });
    }

    /// Somebody who stands apart from all others, and where.
    pub(crate) fn somebody(&self) -> (String, (i64, i64)) {
        let status = self.status();
        let place = |at: &Value| (at[0].as_i64().unwrap(), at[1].as_i64().unwrap());
        let people = status["people"].as_object().unwrap();
        let apart = |name: &str, at: (i64, i64)| {
            let others = people.iter().filter(|other| other.0 != name);
            let far = |other: (i64, i64)| (other.0 - at.0).pow(2) + (other.1 - at.1).pow(2);
            others
                .map(|other| far(place(other.1)))
                .min()
                .unwrap_or(i64::MAX)
        };
        let all = people.iter().map(|(name, at)| (name.clone(), place(at)));
        all.max_by_key(|(name, at)| apart(name, *at)).unwrap()
    }

    /// Clicks a place of the screen.
    pub(crate) fn click(&self, (x, y): (i64, i64)) {
        let (x, y) = (x.to_string(), y.to_string());
        // It comes, is seen there, presses, is seen pressing, and lets go.
        self.display.hand(&[
            "mousemove",
            &x,
            &y,
            "sleep",
            "0.3",
            "mousedown",
            "1",
            "sleep",
            "0.2",
            "mouseup",
            "1",
        ]);
    }

    /// Clicks what has this name, as soon as it is there.
    pub(crate) fn click_on(&self, name: &str) {
        if let Some(at) = self.steady(name, |_| false) {
            self.click(at);
        }
    }

    /// Where what has this name is, as soon as it stays there; nowhere where what is shown is so before.
    fn steady(&self, name: &str, so: impl Fn(&Value) -> bool) -> Option<(i64, i64)> {
        // What has just opened still finds its place.
        let mut last = Value::Null;
        let mut since = Instant::now();
        let mut is_so = false;
        self.until(
            &format!("{name} can be clicked and stays where it is"),
            |it| {
                is_so = so(it);
                let spot = &it["spots"][name];
                if *spot != last {
                    (last, since) = (spot.clone(), Instant::now());
                }
                is_so || (!last.is_null() && since.elapsed() >= STEADY)
            },
        );
        (!is_so).then(|| (last[0].as_i64().unwrap(), last[1].as_i64().unwrap()))
    }

    /// Brings a panel to the front by its key.
    pub(crate) fn click_on_panel(&self, key: &str) {
        self.key(key);
        self.until("the board is in front", |it| {
            !it["spots"]["Write"].is_null()
        });
    }

    /// Presses a key.
    pub(crate) fn key(&self, key: &str) {
        self.display.hand(&["key", "--delay", "80", key]);
    }

    /// Sends what is typed by key until what it shows is so: a button may move while the town does.
    pub(crate) fn send_until(&self, so: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        loop {
            // Ctrl is seen held before the other key comes, and longer.
            self.display.hand(&[
                "keydown", "ctrl", "sleep", "0.4", "key", "--delay", "80", "Return", "sleep",
                "0.4", "keyup", "ctrl",
            ]);
            if self.is_soon(&so) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never: it is sent");
        }
    }

    /// Types a text.
    pub(crate) fn write(&self, text: &str) {
        self.display.hand(&["type", "--delay", "40", text]);
    }
}

fn wait(what: &str, mut so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(LOOK);
    }
}

impl Program {
    /// Ends it as an operator does: it must end well.
    fn end(mut self) {
        let words = format!("kill -TERM {}", self.0.id());
        let told = Command::new("sh").args(["-c", &words]).status().unwrap();
        assert!(told.success());
        assert_eq!(self.0.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // After `end` there is nothing left to kill.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
