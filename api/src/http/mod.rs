//! What happens to every request and answer, whatever its route.

mod answers;
mod body;
mod finish;
mod idempotency;
mod peer;

pub(crate) use answers::complete;
pub use body::{Input, OptionalInput, Params};
pub use finish::{RequestId, finish};
pub use idempotency::{IdempotencyHeader, read_idempotency};
pub use peer::{PeerAddress, peer};
