//! What an owner may do with somebody's memory: correct, erase, erase all. First it is worked out, then kept, then it counts.

use std::collections::BTreeSet;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{
    ERASED, MemoryRecord, MemoryWrite, Revised, Revision, RevisionError,
};

use super::{Memory, Row, TEXT_CHARS_MAX};

impl Memory {
    /// What a revision comes to. `kept` is all that is kept of this agent: what a memory took the place of goes with it.
    ///
    /// # Errors
    /// [`RevisionError`].
    pub fn revise(
        &mut self,
        agent: AgentId,
        tick: u64,
        revision: &Revision,
        kept: &[MemoryRecord],
    ) -> Result<Revised, RevisionError> {
        match revision {
            Revision::Correct {
                no,
                text,
                importance,
            } => {
                let row = self.corrected(*no, text.as_deref(), *importance)?;
                Ok(Revised {
                    memory: Some(row.view()),
                    writes: vec![MemoryWrite::Row(row.record(agent, tick, &self.embedder))],
                    gone: 0,
                })
            }
            Revision::Erase { no } => {
                self.in_mind(*no)?;
                let nos: Vec<u64> = behind(*no, kept).into_iter().collect();
                Ok(Revised {
                    memory: None,
                    gone: nos.len() as u64,
                    writes: vec![
                        MemoryWrite::Row(self.marker(agent, tick, nos.clone())),
                        MemoryWrite::Gone {
                            agent,
                            nos: Some(nos),
                            below: 0,
                        },
                    ],
                })
            }
            Revision::EraseAll => {
                let marker = self.marker(agent, tick, Vec::new());
                let words = kept.iter().filter(|record| record.kind != ERASED);
                let nos: BTreeSet<u64> = words
                    .map(|record| record.no)
                    .chain(self.rows.iter().map(|row| row.no))
                    .collect();
                Ok(Revised {
                    memory: None,
                    gone: nos.len() as u64,
                    writes: vec![
                        MemoryWrite::Gone {
                            agent,
                            nos: None,
                            below: marker.no,
                        },
                        MemoryWrite::Row(marker),
                    ],
                })
            }
        }
    }

    fn in_mind(&self, no: u64) -> Result<&Row, RevisionError> {
        let found = self.rows.iter().find(|row| row.no == no);
        found.ok_or(RevisionError::Unknown)
    }

    fn corrected(
        &mut self,
        no: u64,
        text: Option<&str>,
        importance: Option<u8>,
    ) -> Result<Row, RevisionError> {
        let old = self.in_mind(no)?.clone();
        let text = text.map_or(old.text.as_str(), str::trim);
        let importance = importance.unwrap_or(old.importance);
        let invalid = |why: String| Err(RevisionError::Invalid(why));
        match text.chars().count() {
            0 => return invalid("a memory has words; delete it to be rid of it".to_owned()),
            chars if chars > TEXT_CHARS_MAX => {
                return invalid(format!(
                    "a memory has at most {TEXT_CHARS_MAX} characters, not {chars}"
                ));
            }
            _ => {}
        }
        if !(1..=10).contains(&importance) {
            return invalid(format!("importance is 1 to 10, not {importance}"));
        }
        if text == old.text && importance == old.importance {
            return invalid("that is how it is remembered already".to_owned());
        }
        let no = self.number();
        Ok(Row {
            no,
            words: super::words::Words::of(text),
            meaning: if text == old.text {
                old.meaning
            } else {
                self.embedder.meaning(text)
            },
            text: text.to_owned(),
            importance,
            replaces: vec![old.no],
            ..old
        })
    }

    /// A row that says that others were erased.
    fn marker(&mut self, agent: AgentId, tick: u64, replaces: Vec<u64>) -> MemoryRecord {
        MemoryRecord {
            agent,
            no: self.number(),
            // So far was taken in: after a restart, what was erased is not taken in again.
            tick: self.seen_tick.unwrap_or(0),
            since: tick,
            kind: ERASED.to_owned(),
            text: String::new(),
            importance: 0,
            source: None,
            about: None,
            of: Vec::new(),
            replaces,
            embedding: self.embedder.to_keep(&super::embedder::Meaning::Awaited),
        }
    }

    /// What was kept of a revision counts from now on. False: meanwhile a summary took the place of something that should be gone.
    pub fn settle(&mut self, kept: &[MemoryWrite]) -> bool {
        let mut whole = true;
        for write in kept {
            match write {
                MemoryWrite::Row(record) => {
                    self.leave(|no| record.replaces.contains(&no));
                    if let Some(row) = Row::of(record.clone(), &self.embedder) {
                        self.rows.push(row);
                        self.rows.sort_by_key(|row| row.no);
                    }
                }
                MemoryWrite::Gone { nos: Some(nos), .. } => {
                    let drawn_in = |row: &Row| row.replaces.iter().any(|no| nos.contains(no));
                    whole &= !self.rows.iter().any(drawn_in);
                    self.leave(|no| nos.contains(&no));
                }
                MemoryWrite::Gone {
                    nos: None, below, ..
                } => {
                    self.leave(|no| no < *below);
                    self.unreflected = 0;
                }
                MemoryWrite::Vector { .. } => {}
            }
        }
        whole
    }

    fn leave(&mut self, goes: impl Fn(u64) -> bool) {
        self.rows.retain(|row| !goes(row.no));
        self.outbox.forget(goes);
    }
}

/// A row and all that it took the place of, and what those did.
fn behind(no: u64, kept: &[MemoryRecord]) -> BTreeSet<u64> {
    let mut all = BTreeSet::from([no]);
    // Rows only ever take the place of earlier ones.
    for record in kept.iter().rev().filter(|record| record.kind != ERASED) {
        if all.contains(&record.no) {
            all.extend(&record.replaces);
        }
    }
    all
}
