//! Whoever sits at the machine the village runs on: its window signs them in without asking.

use uuid::Uuid;

use super::accounts::{NewAccount, create_account};
use super::chance::new_secret;
use crate::auth::{AccessClaims, Password};
use crate::problem::Problem;
use crate::state::App;
use hamlet_store::{AccountRow, AccountStatus, Role};

/// Name of the account that is made where the village has no admin.
const NAME: &str = "owner";
/// Seconds a token of the window is good for at most: it is minted anew for every request.
const TOKEN_SECS: u64 = 600;

/// The account of whoever sits at the machine: the oldest admin's. Where there is none, one is made, with a password that nobody knows;
/// `hamlet admin reset-password owner` gives it another.
///
/// # Errors
/// When it cannot be written, or somebody else is called so.
pub async fn local_owner(app: &App) -> Result<Uuid, Problem> {
    if let Some(id) = oldest_admin(app) {
        return Ok(id);
    }
    let password = new_secret("")?.tell().to_owned();
    let new = NewAccount {
        name: NAME.to_owned(),
        password: Password::from(password),
        display_name: None,
        email: None,
        role: Role::Admin,
    };
    let actor = Some("system".to_owned());
    let passwords = &app.identity.passwords;
    let made = create_account(&app.desk, passwords, None, actor, new, Vec::new()).await?;
    Ok(made.outcome)
}

/// An account for whoever watches a replay at this machine: an admin, of whom nothing is kept.
#[must_use]
pub fn owner_of_machine(now_ms: i64) -> AccountRow {
    AccountRow {
        id: Uuid::from_u128(1),
        name: NAME.to_owned(),
        name_key: NAME.to_owned(),
        display_name: NAME.to_owned(),
        role: Role::Admin,
        status: AccountStatus::Active,
        email: None,
        password_hash: None,
        created_ms: now_ms,
        changed_ms: now_ms,
        auth_generation: 0,
        member: None,
    }
}

/// A token for somebody who has shown in another way who they are.
///
/// # Errors
/// 401 when they may not come in any more.
pub fn token_of(app: &App, account: Uuid) -> Result<String, Problem> {
    let directory = app.published.directory();
    let row = directory
        .account(account)
        .filter(|row| row.status == AccountStatus::Active)
        .ok_or_else(|| {
            Problem::unauthorized(
                "account_gone",
                "This account may not come in any more.",
                "Sign in as somebody else.",
            )
        })?;
    let secs = app.config.access_token_secs.min(TOKEN_SECS);
    let now_secs = app.clock.now_ms().div_euclid(1000);
    app.tokens.issue(&AccessClaims {
        account,
        expires_secs: now_secs.saturating_add(i64::try_from(secs).unwrap_or(0)),
        generation: row.auth_generation,
        session: None,
    })
}

fn oldest_admin(app: &App) -> Option<Uuid> {
    let directory = app.published.directory();
    let admins = directory
        .accounts()
        .filter(|row| row.role == Role::Admin && row.status == AccountStatus::Active);
    admins
        .min_by_key(|row| (row.created_ms, row.id))
        .map(|row| row.id)
}
