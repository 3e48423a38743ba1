//! What the minds of a served village were asked, answered and did: lines of JSON in the village's folder, within a size.
//!
//! Two files, each with half of the room: once one is full it becomes the older one, and what that had is gone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use hamlet_agents::runtime::{Lines, Recorded, Recordings};

use crate::serve::private;

/// The file that is written.
const THOUGHTS: &str = "thoughts.jsonl";
/// The one before it.
const OLDER: &str = "thoughts.1.jsonl";
/// Recordings that are written at once, at most.
const AT_ONCE_MAX: usize = 256;

/// Where recordings of a served village go, and how much of them is kept.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Bytes of both files; 0: nothing is kept.
    pub(super) bytes_max: u64,
}

impl Place {
    /// Writes recordings down until nobody makes any more. Where nothing is kept, nothing is recorded from then on.
    pub(super) async fn take(self, mut recordings: Recordings) {
        if self.bytes_max == 0 {
            return;
        }
        let mut transcript = match Transcript::open(&self) {
            Ok(transcript) => transcript,
            Err(why) => {
                tracing::warn!(%why, folder = %self.folder.display(), "thoughts are not written down");
                return;
            }
        };
        let mut said = false;
        loop {
            let mut all = Vec::new();
            if recordings.recv_many(&mut all, AT_ONCE_MAX).await == 0 {
                return;
            }
            let written = tokio::task::spawn_blocking(move || {
                let written = transcript.write(&all);
                (transcript, written)
            });
            let Ok((back, written)) = written.await else {
                tracing::error!("writing thoughts down panicked; please report this");
                return;
            };
            transcript = back;
            match written {
                Ok(()) => said = false,
                Err(why) if !said => {
                    said = true;
                    tracing::warn!(%why, "thoughts are not written down for now");
                }
                Err(_) => {}
            }
        }
    }
}

/// The two files.
#[derive(Debug)]
struct Transcript {
    place: Place,
    file: File,
    bytes: u64,
    lines: Lines,
}

impl Transcript {
    fn open(place: &Place) -> io::Result<Self> {
        let file = open(&place.folder)?;
        Ok(Self {
            bytes: file.metadata()?.len(),
            file,
            place: place.clone(),
            lines: Lines::default(),
        })
    }

    fn write(&mut self, all: &[Recorded]) -> io::Result<()> {
        for recorded in all {
            if self.bytes >= self.place.bytes_max / 2 {
                self.turn()?;
            }
            let mut text = Vec::new();
            self.lines.write(recorded, &mut text)?;
            if let Err(why) = self.file.write_all(&text) {
                // No torn line, and what a line would have told first is told again.
                self.lines = Lines::default();
                self.file.set_len(self.bytes)?;
                return Err(why);
            }
            self.bytes += text.len() as u64;
        }
        Ok(())
    }

    fn turn(&mut self) -> io::Result<()> {
        let folder = &self.place.folder;
        match fs::rename(folder.join(THOUGHTS), folder.join(OLDER)) {
            // Somebody has moved it away; what is written goes into a new one.
            Err(why) if why.kind() == io::ErrorKind::NotFound => {}
            turned => turned?,
        }
        self.file = open(folder)?;
        (self.bytes, self.lines) = (0, Lines::default());
        Ok(())
    }
}

fn open(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    private(
        &folder.join(THOUGHTS),
        options.read(true).append(true).create(true),
    )
}

#[cfg(test)]
mod tests {
    use hamlet_agents::runtime::{System, TaskRecord, What};
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::task::TaskEnd;
    use serde_json::Value;

    use super::*;

    fn recorded(asked: u64) -> Recorded {
        Recorded {
            system: Some(System {
                key: "1".to_owned(),
                text: "You are Ada.".to_owned(),
                tools: Vec::new(),
            }),
            name: "@ada".to_owned(),
            what: What::Task(TaskRecord {
                task: "Bread".to_owned(),
                person: "mira".to_owned(),
                agent: IdCodec::new(5).make(0),
                asked,
                end: TaskEnd::default(),
                took_ms: 0,
            }),
            exchanges: Vec::new(),
        }
    }

    fn lines(folder: &Path, name: &str) -> Vec<Value> {
        let text = fs::read_to_string(folder.join(name)).expect("it is there");
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("whole lines"))
            .collect()
    }

    #[test]
    fn two_files_keep_the_newest_within_their_size() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place {
            folder: folder.path().to_owned(),
            bytes_max: 4_000,
        };
        for life in 0..2 {
            // What was there is gone on with.
            let mut transcript = Transcript::open(&place).expect("it can be written");
            for asked in 0..40 {
                let all = [recorded(life * 100 + asked)];
                transcript.write(&all).expect("the disk bears it");
            }
        }
        let (older, newer) = (lines(folder.path(), OLDER), lines(folder.path(), THOUGHTS));
        for file in [&older, &newer] {
            assert_eq!(file[0]["text"], "You are Ada.", "each file says it first");
        }
        assert_eq!(newer.last().expect("something")["asked"], 139);
        let size = |name: &str| fs::metadata(folder.path().join(name)).map(|it| it.len());
        for name in [OLDER, THOUGHTS] {
            assert!(size(name).expect("it is there") < 2_600, "{name}");
        }
    }

    #[test]
    fn a_file_that_was_moved_away_is_begun_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place {
            folder: folder.path().to_owned(),
            bytes_max: 4_000,
        };
        let mut transcript = Transcript::open(&place).expect("it can be written");
        transcript.write(&[recorded(0)]).expect("the disk bears it");
        fs::rename(folder.path().join(THOUGHTS), folder.path().join("kept"))
            .expect("it can be moved");
        for asked in 1..40 {
            transcript
                .write(&[recorded(asked)])
                .expect("it is begun anew");
        }
        let newer = lines(folder.path(), THOUGHTS);
        assert_eq!(newer.last().expect("something")["asked"], 39);
    }

    #[tokio::test]
    async fn with_no_room_nothing_is_written_or_recorded() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place {
            folder: folder.path().to_owned(),
            bytes_max: 0,
        };
        let (sender, recordings) = tokio::sync::mpsc::channel(4);
        place.take(recordings).await;
        assert!(sender.is_closed() && !folder.path().join(THOUGHTS).exists());
        drop(sender.try_send(recorded(1)));
    }
}
