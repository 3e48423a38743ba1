//! Who the window is: the token it sends, and where the next one comes from.
//!
//! A refresh token is good once and gives the next; the newest is kept in a file of one's own (0600), so that the next window need not ask.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::file;
use crate::options::Pass;

/// Name of the file with refresh tokens, by village.
const FILE: &str = "sessions.json";

/// The tokens of one village.
pub(super) struct Session {
    base: String,
    pass: Pass,
    /// Where tokens are kept; `None`: nowhere.
    file: Option<PathBuf>,
    now: Mutex<Tokens>,
    /// Changes when somebody signs in or out.
    turns: watch::Sender<u64>,
}

#[derive(Default)]
struct Tokens {
    access: Option<(String, Instant)>,
    refresh: Option<String>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// The session of this village, as far as it was kept.
    pub(super) fn of(base: &str, pass: Pass) -> Self {
        Self::kept_in(place().map(|place| place.join(FILE)), base, pass)
    }

    fn kept_in(file: Option<PathBuf>, base: &str, pass: Pass) -> Self {
        let kept = file.as_deref().filter(|_| matches!(pass, Pass::Stranger));
        let kept = kept.map(|file| read(file).remove(base));
        Self {
            base: base.to_owned(),
            pass,
            file,
            now: Mutex::new(Tokens {
                access: None,
                refresh: kept.flatten(),
            }),
            turns: watch::Sender::new(0),
        }
    }

    /// Hears when somebody signs in or out.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.turns.subscribe()
    }

    /// Whether somebody is signed in, or will be as soon as the next token has come.
    pub(super) fn is_signed(&self) -> bool {
        self.token().is_some() || self.lock().refresh.is_some()
    }

    /// The token to send, where there is one that is good.
    pub(super) fn token(&self) -> Option<String> {
        match &self.pass {
            Pass::Token(token) => Some(token.clone()),
            Pass::Local(mint) => mint(),
            Pass::Stranger => {
                let now = self.lock();
                let (token, until) = now.access.as_ref()?;
                (Instant::now() < *until).then(|| token.clone())
            }
        }
    }

    /// The token that gives the next access token, where one is needed.
    pub(super) fn take_refresh(&self) -> Option<String> {
        if !matches!(self.pass, Pass::Stranger) || self.token().is_some() {
            return None;
        }
        self.lock().refresh.take()
    }

    /// Takes back a token that gave none, unless there is another by now.
    pub(super) fn keep_refresh(&self, token: String) {
        self.lock().refresh.get_or_insert(token);
    }

    /// Somebody has signed in, or goes on.
    pub(super) fn signed_in(&self, access: String, secs: u64, refresh: Option<String>) {
        // Renewed a little before it is over.
        let good = Duration::from_secs(secs.saturating_sub(secs / 5).max(1));
        let mut now = self.lock();
        let first = now.access.is_none();
        now.access = Some((access, Instant::now() + good));
        now.refresh.clone_from(&refresh);
        drop(now);
        self.keep(refresh);
        if first {
            self.turns.send_modify(|it| *it += 1);
        }
    }

    /// Nobody is signed in any more.
    pub(super) fn signed_out(&self) {
        *self.lock() = Tokens::default();
        self.keep(None);
        self.turns.send_modify(|it| *it += 1);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, refresh: Option<String>) {
        let Some(file) = &self.file else {
            return;
        };
        let mut all = read(file);
        match refresh {
            Some(refresh) => all.insert(self.base.clone(), refresh),
            None => all.remove(&self.base),
        };
        let text = serde_json::json!(all).to_string();
        if let Err(why) = file::replace(file, &text) {
            tracing::warn!(%why, "who is signed in cannot be kept; the next window will ask again");
        }
    }
}

/// Tokens by village; none where that makes no sense.
fn read(file: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(file).ok();
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Where the window keeps what it must remember.
pub(crate) fn place() -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    Some(state.or(home)?.join("hamlet"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::tests::folder;

    const HERE: &str = "http://127.0.0.1:8080";

    #[test]
    fn whoever_is_signed_in_goes_on_in_the_next_window_and_nobody_else_reads_it() {
        let folder = folder("sessions");
        let file = folder.join(FILE);
        let elsewhere = r#"{"https://town.example":"theirs"}"#;
        fs::write(&file, elsewhere).expect("it is written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let open = fs::Permissions::from_mode(0o644);
            fs::set_permissions(&file, open).expect("it is mine");
        }
        let window = || Session::kept_in(Some(file.clone()), HERE, Pass::Stranger);
        let first = window();
        assert!(!first.is_signed());
        first.signed_in("now".to_owned(), 60, Some("next".to_owned()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&file).expect("it is there").permissions();
            assert_eq!(mode.mode() & 0o777, 0o600, "it was open to others before");
        }
        let second = window();
        assert!(second.is_signed());
        assert_eq!(second.take_refresh().as_deref(), Some("next"));
        second.signed_out();
        assert!(!window().is_signed());
        let text = fs::read_to_string(&file).expect("it is there");
        assert_eq!(text, elsewhere, "another village's stays");
        let left: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
