//! What one act writes besides the world: checked and gathered by the pump, committed with the act.

use hamlet_store::{AuditRow, Write};
use serde::Serialize;

use crate::audit;
use crate::directory::Directory;

/// The pump's own picture of identity, and the rows that the next transaction will hold.
///
/// A job or side closure checks first and pushes last: what was pushed will be written.
#[derive(Debug)]
pub struct Draft<'a> {
    directory: &'a mut Directory,
    writes: &'a mut Vec<Write>,
    now_ms: i64,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        directory: &'a mut Directory,
        writes: &'a mut Vec<Write>,
        now_ms: i64,
    ) -> Self {
        Self {
            directory,
            writes,
            now_ms,
        }
    }

    /// Identity as it will be once everything before is committed.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        self.directory
    }

    /// When the batch is made, UTC milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Writes a row.
    pub fn push(&mut self, write: Write) {
        self.directory.apply(&write);
        self.writes.push(write);
    }

    /// Writes into the audit log who did what to whom.
    pub fn audit(&mut self, actor: &str, act: &str, target: &str, detail: &impl Serialize) {
        let end = self.directory.audit_end();
        let mut row = AuditRow {
            no: end.no + 1,
            at_ms: self.now_ms,
            actor: actor.to_owned(),
            act: act.to_owned(),
            target: target.to_owned(),
            detail: serde_json::to_string(detail).unwrap_or_else(|_| "null".to_owned()),
            prev: end.hash,
            hash: [0; 32],
        };
        row.hash = audit::link(&row);
        let value = audit::End::from(&row).to_text();
        self.push(Write::Audit(row));
        let key = audit::END_SETTING.to_owned();
        self.push(Write::Setting { key, value });
    }

    pub(super) fn written(&self) -> usize {
        self.writes.len()
    }
}
