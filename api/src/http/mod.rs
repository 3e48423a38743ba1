//! What happens to every request and answer, whatever its route.

mod answers;
mod body;
mod cors;
mod drain;
mod finish;
mod idempotency;
mod manners;
mod peer;
mod upload;

pub(crate) use answers::complete;
pub use body::{Input, OptionalInput, Params};
pub use cors::cors;
pub use drain::drain;
pub use finish::{RequestId, finish};
pub use idempotency::{IdempotencyHeader, read_idempotency};
pub use manners::manners;
pub use peer::{PeerAddress, peer};
pub(crate) use upload::{Upload, UploadBody};
