//! People's accounts: made, changed, cut off, deleted.

use axum::http::StatusCode;
use hamlet_protocol::command::{Applied, Command};
use hamlet_protocol::name::{NameError, check_name, name_key};
use hamlet_protocol::persona::check_display_name;
use hamlet_store::{AccountRow, AccountStatus, Forget, ForgetWhom, Role, WindowRow, Write};
use serde_json::json;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::allowance;
use super::chance::new_id;
use super::sessions::end_sessions_of;
use crate::auth::{Password, Passwords};
use crate::directory::Directory;
use crate::problem::Problem;
use crate::village::{Desk, Done, Draft, IdempotencyKey};

/// Longest e-mail address, in bytes (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;

/// Somebody who is to have an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Handle; the village's own words, such as `admin`, only for those who speak for it.
    pub name: String,
    /// In clear text.
    pub password: Password,
    /// Free text; `None`: the handle.
    pub display_name: Option<String>,
    /// Address, where they gave one.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
}

impl NewAccount {
    /// Whether an account may look like this.
    ///
    /// # Errors
    /// 400 with what is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        match check_name(&self.name) {
            Ok(()) => {}
            Err(NameError::Reserved) if self.role > Role::Human => {}
            Err(fault) => return Err(invalid_name(&fault)),
        }
        self.password.check(&self.name)?;
        if let Some(name) = &self.display_name {
            check_display_name(name).map_err(|fault| {
                Problem::invalid(
                    format!("It cannot be: {fault}."),
                    "Choose another display name.",
                )
            })?;
        }
        self.email.as_deref().map_or(Ok(()), check_email)
    }
}

/// A name that cannot be one.
pub(crate) fn invalid_name(fault: &NameError) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "invalid_name",
        format!("This name cannot be: {fault}."),
        "Choose another name; a display name may be any text.",
    )
}

/// Whether a text may be an e-mail address.
///
/// # Errors
/// 400 when it cannot.
pub fn check_email(email: &str) -> Result<(), Problem> {
    let parts = email.split_once('@');
    let sound = parts.is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.contains('@')
    });
    let plain = email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if sound && plain && email.len() <= EMAIL_BYTES_MAX {
        return Ok(());
    }
    Err(Problem::invalid(
        "This is no e-mail address.",
        "Write it like mira@example.org, or leave it out.",
    ))
}

/// Makes an account, with the counters of registrations where it is to count.
///
/// # Errors
/// 400 when it may not look like this, 409 when the name is taken.
pub async fn create_account(
    desk: &Desk,
    passwords: &Passwords,
    key: Option<&IdempotencyKey>,
    actor: Option<String>,
    new: NewAccount,
    windows: Vec<WindowRow>,
) -> Result<Done<Uuid>, Problem> {
    new.check()?;
    let hash = passwords.hash(new.password.clone()).await?;
    let id = new_id()?;
    desk.write(key, move |draft| {
        enter(draft, id, actor.as_deref(), &new, hash)?;
        allowance::keep(draft, windows);
        Ok(id)
    })
    .await
}

/// Enters an account whose looks and password have been checked.
pub(super) fn enter(
    draft: &mut Draft<'_>,
    id: Uuid,
    actor: Option<&str>,
    new: &NewAccount,
    password_hash: String,
) -> Result<(), Problem> {
    let directory = draft.directory();
    if directory.account_name_held(&new.name) || directory.agent_named(&new.name).is_some() {
        return Err(Problem::conflict(
            "name_taken",
            format!(
                "Somebody called `{}`, or something that looks like it, has an account here or lives in the town.",
                new.name
            ),
            "Choose another name, or sign in if it is yours.",
        ));
    }
    let now_ms = draft.now_ms();
    let row = AccountRow {
        id,
        name: new.name.clone(),
        name_key: name_key(&new.name),
        display_name: new.display_name.clone().unwrap_or_else(|| new.name.clone()),
        role: new.role,
        status: AccountStatus::Active,
        email: new.email.clone(),
        password_hash: Some(password_hash),
        created_ms: now_ms,
        changed_ms: now_ms,
        auth_generation: 1,
        member: None,
    };
    draft.push(Write::Account(row));
    let target = named(id);
    let detail = json!({ "name": new.name, "role": new.role.as_str() });
    draft.audit(actor.unwrap_or(&target), "account.create", &target, &detail);
    Ok(())
}

/// Gives somebody another password because they know the present one; everybody signed in as them is cut off.
///
/// # Errors
/// 403 when the present one is wrong, 400 when the new one is poor.
pub async fn change_password(
    desk: &Desk,
    passwords: &Passwords,
    account: &AccountRow,
    old: Password,
    new: Password,
) -> Result<(), Problem> {
    new.check(&account.name)?;
    if !passwords
        .matches(old, account.password_hash.clone())
        .await?
    {
        return Err(wrong_password());
    }
    let hash = passwords.hash(new).await?;
    let (id, generation) = (account.id, account.auth_generation);
    desk.write(None, move |draft| {
        let row = active(draft.directory(), id)?;
        if row.auth_generation != generation {
            return Err(wrong_password());
        }
        renew(draft, row, Some(hash));
        draft.audit(&named(id), "account.password", &named(id), &json!({}));
        Ok(())
    })
    .await?;
    Ok(())
}

/// Gives somebody another password, whatever the present one is; everybody signed in as them is cut off.
///
/// # Errors
/// 404 when there is no such account, 400 when the password is poor.
pub async fn set_password(
    desk: &Desk,
    passwords: &Passwords,
    actor: &str,
    account: &AccountRow,
    password: Password,
) -> Result<(), Problem> {
    password.check(&account.name)?;
    let hash = passwords.hash(password).await?;
    let (id, actor) = (account.id, actor.to_owned());
    desk.write(None, move |draft| {
        let row = active(draft.directory(), id)?;
        renew(draft, row, Some(hash));
        draft.audit(&actor, "account.password", &named(id), &json!({}));
        Ok(())
    })
    .await?;
    Ok(())
}

/// Gives somebody another role.
///
/// # Errors
/// 404 when there is no such account, 409 when nobody would be an admin.
pub async fn set_role(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    id: Uuid,
    role: Role,
) -> Result<(), Problem> {
    let actor = actor.to_owned();
    desk.write(key, move |draft| {
        let row = active(draft.directory(), id)?;
        if row.role == role {
            return Ok(());
        }
        if role != Role::Admin {
            keep_an_admin(draft.directory(), &row)?;
        }
        let detail = json!({ "from": row.role.as_str(), "to": role.as_str() });
        let changed_ms = draft.now_ms();
        draft.push(Write::Account(AccountRow {
            role,
            changed_ms,
            ..row
        }));
        draft.audit(&actor, "account.role", &named(id), &detail);
        Ok(())
    })
    .await?;
    Ok(())
}

/// Suspends somebody, which cuts them off at once, or lets them back in.
///
/// # Errors
/// 404 when there is no such account, 409 when nobody would be an admin.
pub async fn set_standing(
    desk: &Desk,
    key: Option<&IdempotencyKey>,
    actor: &str,
    id: Uuid,
    suspended: bool,
    reason: &str,
) -> Result<(), Problem> {
    let (actor, reason) = (actor.to_owned(), reason.to_owned());
    desk.write(key, move |draft| {
        let row = known(draft.directory(), id)?;
        let (status, act) = if suspended {
            keep_an_admin(draft.directory(), &row)?;
            (AccountStatus::Suspended, "account.suspend")
        } else {
            (AccountStatus::Active, "account.restore")
        };
        if row.status == status {
            return Ok(());
        }
        let hash = row.password_hash.clone();
        renew(draft, AccountRow { status, ..row }, hash);
        draft.audit(&actor, act, &named(id), &json!({ "reason": reason }));
        Ok(())
    })
    .await?;
    Ok(())
}

/// Deletes an account because whoever has it knows its password, and takes them out of the town in the same commit.
/// Their agents are nobody's from now on.
///
/// # Errors
/// 403 when the password is wrong, 409 when nobody would be an admin.
pub async fn forget_account(
    desk: &Desk,
    passwords: &Passwords,
    account: &AccountRow,
    password: Password,
) -> Result<(), Problem> {
    if !passwords
        .matches(password, account.password_hash.clone())
        .await?
    {
        return Err(wrong_password());
    }
    let id = account.id;
    let check = desk.write(None, move |draft| may_go(draft, id).map(|row| row.member));
    let Some(agent) = check.await?.outcome else {
        return desk.write(None, move |draft| go(draft, id)).await.map(drop);
    };
    let (told, gone) = oneshot::channel();
    let side = move |_left: &Applied, draft: &mut Draft<'_>| drop(told.send(go(draft, id)));
    match desk.command(None, Command::Remove { agent }, side).await {
        Ok(_left) => gone
            .await
            .unwrap_or_else(|_never| Err(Problem::internal("a side row was not written"))),
        // They had left the town before.
        Err(refused) if refused.status.is_client_error() => {
            desk.write(None, move |draft| go(draft, id)).await.map(drop)
        }
        Err(refused) => Err(refused),
    }
}

/// An account that may be deleted.
fn may_go(draft: &Draft<'_>, id: Uuid) -> Result<AccountRow, Problem> {
    let row = active(draft.directory(), id)?;
    keep_an_admin(draft.directory(), &row)?;
    Ok(row)
}

/// Writes that an account is deleted.
fn go(draft: &mut Draft<'_>, id: Uuid) -> Result<(), Problem> {
    may_go(draft, id)?;
    let at_ms = draft.now_ms();
    draft.push(Write::Forget(Forget {
        whom: ForgetWhom::Account(id),
        at_ms,
    }));
    draft.audit(&named(id), "account.delete", &named(id), &json!({}));
    Ok(())
}

/// Writes an account whose tokens so far are void.
pub(super) fn renew(draft: &mut Draft<'_>, row: AccountRow, password_hash: Option<String>) {
    let id = row.id;
    let row = AccountRow {
        password_hash,
        changed_ms: draft.now_ms(),
        auth_generation: row.auth_generation + 1,
        ..row
    };
    draft.push(Write::Account(row));
    end_sessions_of(draft, id);
}

/// An account that is not deleted.
pub(super) fn known(directory: &Directory, id: Uuid) -> Result<AccountRow, Problem> {
    directory
        .account(id)
        .filter(|row| row.status != AccountStatus::Deleted)
        .map(|row| AccountRow::clone(row))
        .ok_or_else(|| Problem::not_found("account", "GET /api/v1/admin/accounts lists them."))
}

/// An account that may be used.
pub(super) fn active(directory: &Directory, id: Uuid) -> Result<AccountRow, Problem> {
    let row = known(directory, id)?;
    if row.status == AccountStatus::Active {
        return Ok(row);
    }
    Err(Problem::conflict(
        "suspended",
        "This account is suspended.",
        "Restore it first.",
    ))
}

/// Whether some account is an active admin.
pub(super) fn has_admin(directory: &Directory) -> bool {
    directory.accounts().any(|row| is_admin(row))
}

fn is_admin(row: &AccountRow) -> bool {
    row.role == Role::Admin && row.status == AccountStatus::Active
}

fn keep_an_admin(directory: &Directory, leaving: &AccountRow) -> Result<(), Problem> {
    let other = |row: &AccountRow| row.id != leaving.id && is_admin(row);
    if !is_admin(leaving) || directory.accounts().any(|row| other(row)) {
        return Ok(());
    }
    Err(Problem::conflict(
        "last_admin",
        "This is the last admin of the village.",
        "Make somebody else an admin first.",
    ))
}

/// How the audit log names a person.
pub(super) fn named(id: Uuid) -> String {
    format!("person:{id}")
}

fn wrong_password() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "wrong_password",
        "This is not your password.",
        "Send the password you signed in with.",
    )
}
