//! A batch as the statements it becomes: one per table, in an order that references allow.

use std::collections::HashMap;

use hamlet_protocol::memory::{MemoryRecord, MemoryWrite};

use crate::batch::{Batch, Head};
use crate::error::StoreError;
use crate::forget::{forget, forget_memories, forget_task, forget_webhook};
use crate::project::project;
use crate::rows::{
    AccountRow, AgentRecordRow, AuditRow, AvatarRow, ClaimRow, DeliveryRow, IdempotencyRow, KeyRow,
    SessionRow, TaskChatRow, TaskMessageRow, TicketRow, WebhookRow, WindowRow, Write,
};
use crate::tables::{MEMORY_VECTORS, Stored, vector_values};
use crate::value::{Action, Kind, Row, Table, Value};

/// One statement.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// Many rows of one table.
    Rows {
        table: Table,
        action: Action,
        rows: Vec<Row<'a>>,
    },
    /// SQL that both databases understand.
    Sql { sql: String, args: Row<'a> },
}

impl<'a> Step<'a> {
    /// Rows for a table, of which no two have one key.
    pub(crate) fn rows(table: Table, action: Action, rows: Vec<Row<'a>>) -> Self {
        Self::Rows {
            rows: one_per_key(table, action, rows),
            table,
            action,
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Rows { rows, .. } if rows.is_empty())
    }
}

/// Moves the head from where it must be.
pub(crate) const MOVE_HEAD: &str = "UPDATE head SET batch = $3, last_seq = $4, tick = $5, stamp_ms = $6, next_frame = $7, next_order = $8 \
     WHERE epoch = $1 AND batch = $2";

/// What a batch does, but for the head.
pub(crate) fn steps(batch: &Batch) -> Result<Vec<Step<'_>>, StoreError> {
    check(batch)?;
    let mut steps: Vec<Step<'_>> = batch
        .frames
        .iter()
        .map(|frame| Step::Sql {
            sql: "INSERT INTO frames (seq, first_tick, last_tick, stamp_ms, bytes) VALUES ($1, $2, $3, $4, $5)"
                .to_owned(),
            args: vec![
                frame.seq.into(),
                frame.first_tick.into(),
                frame.last_tick.into(),
                batch.after.stamp_ms.into(),
                Value::bytes(&frame.bytes),
            ],
        })
        .collect();
    steps.extend(project(&batch.events)?);
    steps.extend(writes(&batch.writes));
    steps.retain(|step| !step.is_empty());
    Ok(steps)
}

/// What [`MOVE_HEAD`] is given.
pub(crate) fn head_args(before: &Head, after: &Head) -> Row<'static> {
    vec![
        before.epoch.into(),
        before.batch.into(),
        after.batch.into(),
        after.last_seq.into(),
        after.tick.into(),
        after.stamp_ms.into(),
        after.next_frame.into(),
        after.next_order.into(),
    ]
}

fn check(batch: &Batch) -> Result<(), StoreError> {
    let Batch { before, after, .. } = batch;
    let frames = i64::try_from(batch.frames.len()).unwrap_or(i64::MAX);
    let what = if after.epoch != before.epoch || after.batch != before.batch + 1 {
        "it must lead to the next batch of the same epoch"
    } else if after.last_seq < before.last_seq || after.tick < before.tick {
        "it must not lead back"
    } else if after.next_frame != before.next_frame + frames
        || !(before.next_frame..)
            .zip(&batch.frames)
            .all(|(seq, frame)| seq == frame.seq)
    {
        "its frames must follow the head's next_frame without a gap"
    } else {
        return Ok(());
    };
    Err(StoreError::Sql {
        what: format!("the batch after {before:?} leads to {after:?}: {what}"),
    })
}

const KEYS_USED: Table = Table {
    name: "api_keys",
    columns: &[("id", Kind::Uuid), ("last_used_ms", Kind::Int)],
    key: 1,
};

const SETTINGS: Table = Table {
    name: "settings",
    columns: &[("key", Kind::Text), ("value", Kind::Text)],
    key: 1,
};

#[derive(Default)]
struct Writes<'a> {
    accounts: Vec<Row<'a>>,
    agent_records: Vec<Row<'a>>,
    keys: Vec<Row<'a>>,
    keys_used: Vec<Row<'a>>,
    claims: Vec<Row<'a>>,
    sessions: Vec<Row<'a>>,
    tickets: Vec<Row<'a>>,
    audit: Vec<Row<'a>>,
    idempotency: Vec<Row<'a>>,
    windows: Vec<Row<'a>>,
    avatars: Vec<Row<'a>>,
    settings: Vec<Row<'a>>,
    webhooks: Vec<Row<'a>>,
    deliveries: Vec<Row<'a>>,
    memories: Vec<Row<'a>>,
    vectors: Vec<Row<'a>>,
    task_chats: Vec<Row<'a>>,
    task_messages: Vec<Row<'a>>,
    forgets: Vec<Step<'a>>,
}

impl<'a> Writes<'a> {
    fn memory(&mut self, write: &'a MemoryWrite) {
        match write {
            MemoryWrite::Row(row) => self.memories.push(row.values()),
            MemoryWrite::Vector {
                agent,
                no,
                embedding,
            } => self.vectors.push(vector_values(*agent, *no, embedding)),
            MemoryWrite::Gone { agent, nos, below } => {
                let step = forget_memories(*agent, nos.as_deref(), *below);
                self.forgets.push(step);
            }
        }
    }
}

/// What minds remember, as the statements it becomes.
pub(crate) fn memory_steps(writes: &[MemoryWrite]) -> Vec<Step<'_>> {
    let mut rows = Writes::default();
    for write in writes {
        rows.memory(write);
    }
    let mut steps = vec![
        Step::rows(MemoryRecord::TABLE, Action::Upsert, rows.memories),
        Step::rows(MEMORY_VECTORS, Action::Update, rows.vectors),
    ];
    steps.extend(rows.forgets);
    steps.retain(|step| !step.is_empty());
    steps
}

fn writes(writes: &[Write]) -> Vec<Step<'_>> {
    let mut rows = Writes::default();
    for write in writes {
        match write {
            Write::Account(row) => rows.accounts.push(row.values()),
            Write::AgentRecord(row) => rows.agent_records.push(row.values()),
            Write::Key(row) => rows.keys.push(row.values()),
            Write::KeyUsed { id, at_ms } => {
                rows.keys_used.push(vec![(*id).into(), (*at_ms).into()]);
            }
            Write::Claim(row) => rows.claims.push(row.values()),
            Write::Session(row) => rows.sessions.push(row.values()),
            Write::Ticket(row) => rows.tickets.push(row.values()),
            Write::Audit(row) => rows.audit.push(row.values()),
            Write::Idempotency(row) => rows.idempotency.push(row.values()),
            Write::Window(row) => rows.windows.push(row.values()),
            Write::Avatar(row) => rows.avatars.push(row.values()),
            Write::Setting { key, value } => rows
                .settings
                .push(vec![Value::text(key.as_str()), Value::text(value.as_str())]),
            Write::Webhook(row) => rows.webhooks.push(row.values()),
            Write::Delivery(row) => rows.deliveries.push(row.values()),
            Write::TaskChat(row) => rows.task_chats.push(row.values()),
            Write::TaskMessage(row) => rows.task_messages.push(row.values()),
            Write::TaskGone(id) => rows.forgets.extend(forget_task(*id)),
            Write::WebhookGone(id) => rows.forgets.extend(forget_webhook(*id)),
            Write::Memory(write) => rows.memory(write),
            Write::Forget(whom) => rows.forgets.extend(forget(*whom)),
        }
    }
    let mut steps = vec![
        Step::rows(AccountRow::TABLE, Action::Upsert, rows.accounts),
        Step::rows(AgentRecordRow::TABLE, Action::Upsert, rows.agent_records),
        Step::rows(KeyRow::TABLE, Action::Upsert, rows.keys),
        Step::rows(KEYS_USED, Action::Update, rows.keys_used),
        Step::rows(ClaimRow::TABLE, Action::Upsert, rows.claims),
        Step::rows(SessionRow::TABLE, Action::Upsert, rows.sessions),
        Step::rows(TicketRow::TABLE, Action::Upsert, rows.tickets),
        Step::rows(AuditRow::TABLE, Action::Insert, rows.audit),
        Step::rows(IdempotencyRow::TABLE, Action::Upsert, rows.idempotency),
        Step::rows(WindowRow::TABLE, Action::Upsert, rows.windows),
        Step::rows(AvatarRow::TABLE, Action::Upsert, rows.avatars),
        Step::rows(SETTINGS, Action::Upsert, rows.settings),
        Step::rows(WebhookRow::TABLE, Action::Upsert, rows.webhooks),
        Step::rows(DeliveryRow::TABLE, Action::Upsert, rows.deliveries),
        Step::rows(MemoryRecord::TABLE, Action::Upsert, rows.memories),
        Step::rows(MEMORY_VECTORS, Action::Update, rows.vectors),
        Step::rows(TaskChatRow::TABLE, Action::Upsert, rows.task_chats),
        Step::rows(TaskMessageRow::TABLE, Action::Upsert, rows.task_messages),
    ];
    steps.extend(rows.forgets);
    steps
}

/// One row per key: a statement cannot write a row twice. Of two the later wins; of changes, column by column.
fn one_per_key(table: Table, action: Action, rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    if action == Action::Insert || rows.len() < 2 {
        return rows;
    }
    let mut places: HashMap<Row<'_>, usize> = HashMap::with_capacity(rows.len());
    let mut kept: Vec<Row<'_>> = Vec::with_capacity(rows.len());
    for row in rows {
        let place = *places
            .entry(row[..table.key].to_vec())
            .or_insert(kept.len());
        if place == kept.len() {
            kept.push(row);
        } else if action == Action::Upsert {
            kept[place] = row;
        } else {
            for (old, new) in kept[place].iter_mut().zip(row) {
                if new != Value::Null {
                    *old = new;
                }
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: i64, value: impl Into<Value<'static>>) -> Row<'static> {
        vec![key.into(), value.into()]
    }

    const PAIR: Table = Table {
        name: "pairs",
        columns: &[("key", Kind::Int), ("value", Kind::Int)],
        key: 1,
    };

    #[test]
    fn of_two_rows_with_one_key_the_later_wins() {
        let rows = vec![row(1, 10), row(2, 20), row(1, 11)];
        assert_eq!(
            one_per_key(PAIR, Action::Upsert, rows),
            vec![row(1, 11), row(2, 20)]
        );
    }

    #[test]
    fn changes_of_one_row_are_joined() {
        let rows = vec![row(1, 10), row(1, Value::Null)];
        assert_eq!(one_per_key(PAIR, Action::Update, rows), vec![row(1, 10)]);
    }

    #[test]
    fn what_is_only_added_is_left_to_the_database() {
        let rows = vec![row(1, 10), row(1, 11)];
        assert_eq!(one_per_key(PAIR, Action::Insert, rows).len(), 2);
    }

    #[test]
    fn a_gap_between_frames_is_refused() {
        let mut batch = Batch::default();
        batch.after.batch = 1;
        batch.after.next_frame = 1;
        let error = steps(&batch).expect_err("no frame, but a later next_frame");
        assert!(error.to_string().contains("without a gap"), "{error}");
    }
}
