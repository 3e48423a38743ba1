//! Who people and agents are: accounts, sessions, keys, claims, one-time links, and what guards them.
//!
//! What changes something is a plain function over the [`Desk`](crate::village::Desk), so that routes and the control socket do the same.

mod accounts;
mod agents;
mod allowance;
mod answers;
mod chance;
mod claims;
mod code;
mod doors;
mod keys;
mod members;
mod network;
mod origin;
mod owner;
mod page;
mod sessions;
mod tickets;
mod usage;

use std::sync::Arc;

pub(crate) use accounts::invalid_name;
pub use accounts::{
    NewAccount, change_password, check_email, create_account, forget_account, set_password,
    set_role, set_standing,
};
pub(crate) use agents::{named, registered};
pub use agents::{remove_agent, set_agent_standing};
pub use allowance::Allowance;
pub(crate) use allowance::keep as keep_windows;
pub(crate) use answers::{DoneBody, Refusals, created, done, private, private_again};
pub(crate) use chance::new_id;
pub use claims::{
    ClaimWay, Claimed, LinkSecret, check_unowned, confirm_claim, enter_claim, find_by_code,
    new_claim, renew_claim,
};
pub use doors::Doors;
pub(crate) use keys::{
    Ending, KeyPlan, MadeKey, create_key, is_live, new_key, note_reading, revoke_all, revoke_key,
    rotate_key,
};
pub(crate) use members::member_of;
pub use network::Network;
pub(crate) use origin::Origin;
pub use owner::{local_owner, owner_of_machine, token_of};
pub(crate) use page::{Page, page};
pub use sessions::{Opened, close_session, close_sign_in, open_session, refresh_session};
pub use tickets::{
    FIRST_ADMIN, PASSWORD_RESET, first_admin_ticket, password_reset_ticket, use_first_admin,
    use_password_reset,
};
pub(crate) use tickets::{check_ticket, is_open as is_open_ticket};
pub use usage::Usage;

use crate::auth::Passwords;
use crate::config::ApiConfig;
use crate::time::Clock;

/// What counts and guards, shared by all requests.
#[derive(Debug)]
pub struct Identity {
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Slows down guessing.
    pub doors: Doors,
    /// Counts registrations.
    pub allowance: Allowance,
    /// Notes when keys were used.
    pub usage: Usage,
    /// Held while a person becomes a member.
    pub(crate) enrolling: tokio::sync::Mutex<()>,
}

impl Identity {
    /// As configured.
    #[must_use]
    pub fn new(config: &ApiConfig, clock: Arc<dyn Clock>) -> Self {
        Self {
            passwords: Passwords::new(config),
            doors: Doors::new(Arc::clone(&clock)),
            allowance: Allowance::new(config, clock),
            usage: Usage::default(),
            enrolling: tokio::sync::Mutex::default(),
        }
    }
}
