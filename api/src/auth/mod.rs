//! Who calls, and what they may: every operation declares it in its OpenAPI description, and the gate enforces just that.

mod gate;
mod password;
mod principal;
mod secret;
mod tokens;

pub use gate::{
    AGENT_SCHEME, Access, AccessTable, Entry, PERSON_SCHEME, gate, principal_of, unknown_path,
};
pub(crate) use gate::{bearer, listener_of};
pub use password::{Password, Passwords};
pub use principal::{Caller, Principal};
pub use secret::{Secret, hash_of};
pub use tokens::{AccessClaims, Tokens};
