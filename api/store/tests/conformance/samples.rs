//! Rows and events to ask with, and somebody who commits them.

use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::{AgentId, CommentId, PostId};
use hamlet_store::{
    AccountRow, AccountStatus, AgentRecordRow, AgentSource, AgentStatus, AuditRow, AvatarRow,
    Batch, ClaimRow, CommitError, FrameRow, Head, IdempotencyRow, ImageRow, KeyRow, Role,
    SessionRow, Store, TicketRow, WindowRow, Write,
};
use uuid::Uuid;

pub(crate) fn uuid(n: u32) -> Uuid {
    Uuid::from_u128(0x1000 + u128::from(n))
}

pub(crate) fn agent(n: u32) -> AgentId {
    AgentId(uuid(n))
}

pub(crate) fn post(n: u32) -> PostId {
    PostId(uuid(10_000 + n))
}

pub(crate) fn comment(n: u32) -> CommentId {
    CommentId(uuid(20_000 + n))
}

/// Somebody who has the world and commits batch after batch.
pub(crate) struct Pump {
    pub(crate) store: Store,
    pub(crate) head: Head,
}

impl Pump {
    pub(crate) async fn begin(store: Store) -> Self {
        let head = store
            .begin_epoch(1_000)
            .await
            .expect("nobody has the world");
        Self { store, head }
    }

    /// The next batch: these events and writes, and one frame.
    pub(crate) fn batch(&self, events: Vec<Event>, writes: Vec<Write>) -> Batch {
        let before = self.head;
        let tick = before.tick + 1;
        let stamp_ms = 60_000 * tick;
        let mut seq = before.last_seq;
        let events: Vec<EventRecord> = events
            .into_iter()
            .map(|event| {
                seq += i64::from(event.is_durable());
                EventRecord {
                    seq: seq.unsigned_abs(),
                    tick: tick.unsigned_abs(),
                    stamp_ms,
                    event,
                }
            })
            .collect();
        Batch {
            before,
            after: Head {
                batch: before.batch + 1,
                last_seq: seq,
                tick,
                stamp_ms,
                next_frame: before.next_frame + 1,
                next_order: 0,
                ..before
            },
            frames: vec![FrameRow {
                seq: before.next_frame,
                first_tick: tick,
                last_tick: tick,
                bytes: vec![7, 0, 255, u8::try_from(tick & 127).expect("small")],
            }],
            events,
            writes,
        }
    }

    pub(crate) async fn try_commit(&mut self, batch: &Batch) -> Result<(), CommitError> {
        self.store.commit(batch).await?;
        self.head = batch.after;
        Ok(())
    }

    pub(crate) async fn commit(&mut self, events: Vec<Event>, writes: Vec<Write>) {
        let batch = self.batch(events, writes);
        self.try_commit(&batch).await.expect("the batch is good");
    }

    /// An image of where the store stands, as large as is asked for.
    pub(crate) fn image(&self, bytes: usize) -> ImageRow {
        ImageRow {
            tick: self.head.tick,
            last_seq: self.head.last_seq,
            next_frame: self.head.next_frame,
            next_order: self.head.next_order,
            format: 1,
            rules: i32::try_from(RULES_VERSION).expect("small"),
            created_ms: self.head.stamp_ms,
            bytes: (0..bytes).map(|at| (at * 31 % 251) as u8).collect(),
        }
    }
}

/// What the directory holds, handed out at this time.
pub(crate) async fn directory(store: &Store, now_ms: i64) -> Vec<Write> {
    let mut rows = Vec::new();
    store
        .load_directory(now_ms, |write| rows.push(write))
        .await
        .expect("the directory is read");
    rows
}

pub(crate) fn account(n: u32) -> AccountRow {
    AccountRow {
        id: uuid(n),
        name: format!("Person-{n}"),
        name_key: format!("person{n}"),
        display_name: "Ünï \"x\" 🙂".to_owned(),
        role: Role::Moderator,
        status: AccountStatus::Active,
        email: Some(format!("p{n}@example.org")),
        password_hash: None,
        created_ms: 1,
        changed_ms: 2,
        auth_generation: 3,
        member: (n % 2 == 1).then(|| agent(n)),
    }
}

pub(crate) fn record(n: u32, owner: Option<u32>) -> AgentRecordRow {
    AgentRecordRow {
        agent: agent(n),
        name: format!("agent-{n}"),
        name_key: format!("agent{n}"),
        source: AgentSource::Registered,
        status: AgentStatus::Quarantined,
        owner: owner.map(uuid),
        created_ms: 5,
        claimed_ms: owner.map(|_| 6),
        description: "likes\nlines".to_owned(),
    }
}

pub(crate) fn key(n: u32) -> KeyRow {
    KeyRow {
        id: uuid(n),
        agent: Some(agent(n)),
        account: None,
        prefix: "hamlet_abcde".to_owned(),
        hash: hash(n),
        label: String::new(),
        scopes: "act read".to_owned(),
        created_ms: 1,
        expires_ms: None,
        revoked_ms: None,
        last_used_ms: None,
        rotated_to: None,
    }
}

pub(crate) fn claim(n: u32) -> ClaimRow {
    ClaimRow {
        token_hash: hash(n),
        agent: agent(n),
        code: "reef-X4B2".to_owned(),
        method: None,
        created_ms: 1,
        expires_ms: 1_000,
        used_ms: None,
        account: None,
    }
}

pub(crate) fn session(n: u32, account: u32) -> SessionRow {
    SessionRow {
        id: uuid(n),
        hash: hash(n),
        family: uuid(n + 1),
        account: uuid(account),
        created_ms: 1,
        expires_ms: 1_000,
        used_ms: Some(7),
        revoked_ms: None,
    }
}

pub(crate) fn ticket(n: u32) -> TicketRow {
    TicketRow {
        hash: hash(n),
        purpose: "first_admin".to_owned(),
        subject: None,
        created_ms: 1,
        expires_ms: 1_000,
        used_ms: None,
    }
}

pub(crate) fn audit(no: i64) -> AuditRow {
    AuditRow {
        no,
        at_ms: 10 * no,
        actor: "account:1".to_owned(),
        act: "key.revoke".to_owned(),
        target: "key:2".to_owned(),
        detail: r#"{"why":"a \"test\""}"#.to_owned(),
        prev: [1; 32],
        hash: [2; 32],
    }
}

pub(crate) fn outcome(n: u32) -> IdempotencyRow {
    IdempotencyRow {
        scope: format!("key:{}", n % 3),
        key: format!("{n:08}"),
        fingerprint: [9; 32],
        status: 201,
        outcome: "{}".to_owned(),
        created_ms: 1,
        expires_ms: 1_000,
    }
}

pub(crate) fn window(n: u32) -> WindowRow {
    WindowRow {
        subject: format!("key:{n}"),
        window: "posts/hour".to_owned(),
        start_ms: 0,
        count: 4,
    }
}

pub(crate) fn avatar(n: u32) -> AvatarRow {
    AvatarRow {
        subject: uuid(n),
        hash: Some(hash(n)),
        changed_ms: 3,
    }
}

fn hash(n: u32) -> [u8; 32] {
    let mut hash = [0xA5; 32];
    hash[..4].copy_from_slice(&n.to_be_bytes());
    hash
}
