//! The rows that go in and come out, as plain data.

mod access;
mod economy;
mod follow;
mod history;
mod identity;
mod image;
mod moderation;
mod social;
mod task;
mod webhook;
mod words;

pub use access::{ClaimRow, KeyRow, SessionRow, TicketRow};
pub use economy::TransferRow;
pub use follow::{FollowRow, FollowSide};
pub use history::{CommentRow, EditRow, EventRow, PostDetailRow, PostRow};
pub use identity::{
    AccountRow, AccountStatus, AgentRecordRow, AgentSource, AgentStatus, Forget, ForgetWhom, Role,
};
pub use image::{ImageInfo, ImageRow, PruneOptions, PruneReport, TableStat};
pub use moderation::{CaseRow, MeasureRow};
pub use search::{PostTags, SearchHit, SearchKind};
pub use side::{AuditRow, AvatarRow, IdempotencyRow, WindowRow};
pub use social::{MessageRow, NoticeRow};
pub use task::{TaskChatRow, TaskMessageRow, TaskState};
pub use webhook::{DeliveryRow, DeliveryState, WebhookRow, WebhookState};

mod search;
mod side;

use hamlet_protocol::memory::MemoryWrite;
use uuid::Uuid;

/// A row beside the world. It replaces the row with the same key, unless its kind says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A person.
    Account(AccountRow),
    /// Who an agent is, beside the world.
    AgentRecord(AgentRecordRow),
    /// A key to the API.
    Key(KeyRow),
    /// A key was used; unknown keys are passed over.
    KeyUsed {
        /// Which.
        id: Uuid,
        /// When, UTC milliseconds.
        at_ms: i64,
    },
    /// A claim that waits for an owner.
    Claim(ClaimRow),
    /// A refresh token.
    Session(SessionRow),
    /// A one-time link.
    Ticket(TicketRow),
    /// An entry of the audit log: only ever added.
    Audit(AuditRow),
    /// What came of a request with an `Idempotency-Key`.
    Idempotency(IdempotencyRow),
    /// A counter of an hourly or daily limit.
    Window(WindowRow),
    /// The picture that somebody shows.
    Avatar(AvatarRow),
    /// A value by its name.
    Setting {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// Where somebody wants to be told what concerns them.
    Webhook(WebhookRow),
    /// Something that is to be told there.
    Delivery(DeliveryRow),
    /// Nothing is told there any more: the place and its deliveries are deleted, after everything else of the batch.
    WebhookGone(Uuid),
    /// What minds remember: see [`MemoryWrite`]. A row with the same agent and number is replaced.
    Memory(MemoryWrite),
    /// A chat in which a person asks an agent for work.
    TaskChat(TaskChatRow),
    /// Something that is said in one.
    TaskMessage(TaskMessageRow),
    /// Such a chat is deleted with all that was said in it, after everything else of the batch.
    TaskGone(Uuid),
    /// Somebody's personal data is deleted, after everything else of the batch.
    Forget(Forget),
}
