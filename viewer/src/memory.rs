//! What one window leaves to the next: where panels stood, dark or light, the size of letters, and all that was typed and not sent.
//!
//! It is written while the window lives, too: one that breaks or is killed loses a few seconds of it.

use std::fs;
use std::path::{Path, PathBuf};

use hamlet_protocol::ids::PostId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::file;
use crate::view::{Slot, Tries, Try};

/// Seconds between two looks at whether there is something new to keep.
const EVERY_SECS: f64 = 3.0;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// Where panels stood.
    pub(crate) layout: Option<String>,
    /// Dark or light.
    pub(crate) dark: Option<bool>,
    /// Size of letters.
    pub(crate) scale: Option<f32>,
    /// Whether the map moves at its edge.
    pub(crate) edge_pan: bool,
    /// The post that was being changed.
    pub(crate) editing: Option<PostId>,
    /// What was typed and not sent, by field. A field that only another version knows makes no sense here, and the rest does.
    pub(crate) typed: Vec<(Value, String)>,
    /// By what the village knows those of them again that were sent and are not known to have arrived, by field.
    pub(crate) tries: Vec<(Value, Try)>,
}

impl Kept {
    /// With nothing but what was typed.
    pub(crate) fn of(unsent: Vec<(Slot, String)>) -> Self {
        let typed = unsent.into_iter().filter_map(|(slot, text)| {
            let slot = serde_json::to_value(slot).ok()?;
            Some((slot, text))
        });
        Self {
            typed: typed.collect(),
            ..Self::default()
        }
    }

    /// The same with what was sent of it and is not known to have arrived.
    pub(crate) fn with_tries(self, tries: Tries) -> Self {
        let tries = tries.into_iter().filter_map(|(slot, it)| {
            let slot = serde_json::to_value(slot).ok()?;
            Some((slot, it))
        });
        Self {
            tries: tries.collect(),
            ..self
        }
    }

    /// What was sent of it and is not known to have arrived.
    pub(crate) fn tries(&self) -> Tries {
        let tries = self.tries.iter().filter_map(|(slot, it)| {
            let slot = Slot::deserialize(slot).ok()?;
            Some((slot, it.clone()))
        });
        tries.collect()
    }

    /// What was typed and not sent.
    pub(crate) fn unsent(&self) -> Vec<(Slot, String)> {
        let typed = self.typed.iter().filter_map(|(slot, text)| {
            let slot = Slot::deserialize(slot).ok()?;
            Some((slot, text.clone()))
        });
        typed.collect()
    }
}

/// Keeps it in a file, where it has changed.
#[derive(Debug)]
pub(crate) struct Keeper {
    place: PathBuf,
    last: Option<Kept>,
    /// When was looked last, in seconds of the window's clock.
    looked: f64,
}

impl Keeper {
    /// One that keeps it there.
    pub(crate) fn new(place: PathBuf) -> Self {
        Self {
            place,
            last: None,
            looked: 0.0,
        }
    }

    /// Whether it is time to look.
    pub(crate) fn is_due(&self, now: f64) -> bool {
        now - self.looked >= EVERY_SECS
    }

    /// Keeps it. What cannot be written is tried again when it is due.
    pub(crate) fn keep(&mut self, kept: Kept, now: f64) {
        self.looked = now;
        if self.last.as_ref() == Some(&kept) {
            return;
        }
        let text = serde_json::to_string(&kept).unwrap_or_default();
        match file::replace(&self.place, &text) {
            Ok(()) => self.last = Some(kept),
            Err(why) => tracing::warn!(%why, "what the next window takes up cannot be kept"),
        }
    }
}

/// The file it is kept in.
pub(crate) fn place() -> Option<PathBuf> {
    Some(crate::link::place()?.join("window.json"))
}

/// What was kept; nothing where that makes no sense any more.
pub(crate) fn read(place: &Path) -> Kept {
    let text = fs::read_to_string(place).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_nobody_knows_loses_nothing_else() {
        let text = r#"{"dark":true,"typed":[["PostTitle","Jam"],[{"Telegram":7},"Stop"],[{"TaskReply":"00000000-0000-0000-0000-000000000007"},"Yes."]]}"#;
        let kept: Kept = serde_json::from_str(text).expect("it is read");
        let reply = Slot::TaskReply(uuid::Uuid::from_u128(7));
        let expected = [(Slot::PostTitle, "Jam"), (reply, "Yes.")];
        let expected = expected.map(|(slot, text)| (slot, text.to_owned()));
        assert_eq!(kept.unsent(), expected);
        assert_eq!(Kept::of(expected.to_vec()).unsent(), expected);
        let older = r#"{"dark":true,"post":["Jam","Plum."]}"#;
        let kept: Kept = serde_json::from_str(older).expect("it is read");
        assert_eq!(kept.dark, Some(true));
    }
}
