//! What happens to every request and answer, whatever its route.

mod answers;
mod body;
mod cors;
mod door;
mod drain;
mod finish;
mod idempotency;
mod manners;
mod peer;
mod unparsed;
mod upload;

pub(crate) use answers::complete;
pub use body::{Input, OptionalInput, Params};
pub use door::door;
pub use finish::RequestId;
pub use idempotency::IdempotencyHeader;
pub use peer::PeerAddress;
pub(crate) use unparsed::Completed;
pub(crate) use upload::{Upload, UploadBody};
