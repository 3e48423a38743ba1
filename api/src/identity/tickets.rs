//! One-time links: to become the first admin, to set a new password.

use hamlet_store::{Role, TicketRow, Write};
use serde_json::json;
use uuid::Uuid;

use super::accounts::{self, NewAccount, active, enter, has_admin, renew};
use super::chance::{new_id, new_secret};
use crate::auth::{Password, Passwords, Secret, hash_of};
use crate::directory::Directory;
use crate::problem::Problem;
use crate::village::{Desk, Draft};

/// Purpose of the link that makes the first admin.
pub const FIRST_ADMIN: &str = "first_admin";
/// Purpose of the link that sets a new password.
pub const PASSWORD_RESET: &str = "password_reset";
/// How long a link is good, in milliseconds.
const TTL_MS: i64 = 7 * 86_400_000;

/// A new link for the first admin, while there is none; links made before are void. It leads to `/setup/{token}`.
///
/// # Errors
/// When it cannot be written.
pub async fn first_admin_ticket(desk: &Desk) -> Result<Option<Secret>, Problem> {
    let secret = new_secret("")?;
    let hash = secret.hash();
    let wanted = desk
        .write(None, move |draft| {
            if has_admin(draft.directory()) {
                return Ok(false);
            }
            issue(draft, hash, FIRST_ADMIN, None);
            draft.audit("system", "ticket.first_admin", "village", &json!({}));
            Ok(true)
        })
        .await?;
    Ok(wanted.outcome.then_some(secret))
}

/// A new link by which somebody sets a new password. The old password is void and everybody signed in with it is cut off.
/// It leads to `/reset/{token}`.
///
/// # Errors
/// 404 when there is no such account, 409 when it is suspended.
pub async fn password_reset_ticket(
    desk: &Desk,
    actor: &str,
    account: Uuid,
) -> Result<Secret, Problem> {
    let (secret, actor) = (new_secret("")?, actor.to_owned());
    let hash = secret.hash();
    desk.write(None, move |draft| {
        let row = active(draft.directory(), account)?;
        renew(draft, row, None);
        issue(draft, hash, PASSWORD_RESET, Some(account));
        let target = accounts::named(account);
        draft.audit(&actor, "ticket.password_reset", &target, &json!({}));
        Ok(())
    })
    .await?;
    Ok(secret)
}

/// Makes the first admin of whoever has the link; says who.
///
/// # Errors
/// 404 when the link is unknown, used or over, or there is an admin by now; 400 and 409 as for any account.
pub async fn use_first_admin(
    desk: &Desk,
    passwords: &Passwords,
    token: &str,
    name: String,
    password: Password,
) -> Result<Uuid, Problem> {
    let new = NewAccount {
        name,
        password,
        display_name: None,
        email: None,
        role: Role::Admin,
    };
    new.check()?;
    let token_hash = hash_of(token);
    let hash = passwords.hash(new.password.clone()).await?;
    let id = new_id()?;
    let done = desk
        .write(None, move |draft| {
            let ticket = open_ticket(draft, &token_hash, FIRST_ADMIN)?;
            if has_admin(draft.directory()) {
                return Err(unknown());
            }
            enter(draft, id, None, &new, hash)?;
            close(draft, ticket);
            Ok(id)
        })
        .await?;
    Ok(done.outcome)
}

/// Sets a new password for whoever has the link; says who.
///
/// # Errors
/// 404 when the link is unknown, used or over; 400 when the password is poor.
pub async fn use_password_reset(
    desk: &Desk,
    passwords: &Passwords,
    token: &str,
    password: Password,
) -> Result<Uuid, Problem> {
    let token_hash = hash_of(token);
    let hash = passwords.hash(password.clone()).await?;
    let done = desk
        .write(None, move |draft| {
            let ticket = open_ticket(draft, &token_hash, PASSWORD_RESET)?;
            let id = ticket.subject.ok_or_else(unknown)?;
            let row = active(draft.directory(), id)?;
            password.check(&row.name)?;
            renew(draft, row, Some(hash));
            close(draft, ticket);
            draft.audit(
                &accounts::named(id),
                "account.password",
                &accounts::named(id),
                &json!({}),
            );
            Ok(id)
        })
        .await?;
    Ok(done.outcome)
}

/// Whether a link is good.
pub(crate) fn is_open(directory: &Directory, token: &str, purpose: &str, now_ms: i64) -> bool {
    let ticket = directory.ticket(&hash_of(token));
    ticket.is_some_and(|it| it.purpose == purpose && it.used_ms.is_none() && it.expires_ms > now_ms)
}

/// Refuses a made-up link before anything dear is done for it, such as hashing a password.
///
/// # Errors
/// 404 when the link is unknown, used or over.
pub(crate) fn check_ticket(
    directory: &Directory,
    token: &str,
    purpose: &str,
    now_ms: i64,
) -> Result<(), Problem> {
    match is_open(directory, token, purpose, now_ms) {
        true => Ok(()),
        false => Err(unknown()),
    }
}

fn open_ticket(draft: &Draft<'_>, hash: &[u8; 32], purpose: &str) -> Result<TicketRow, Problem> {
    let ticket = draft.directory().ticket(hash);
    ticket
        .filter(|it| it.purpose == purpose && it.used_ms.is_none())
        .filter(|it| it.expires_ms > draft.now_ms())
        .map(|it| TicketRow::clone(it))
        .ok_or_else(unknown)
}

/// Issues a link; others for the same are void.
fn issue(draft: &mut Draft<'_>, hash: [u8; 32], purpose: &str, subject: Option<Uuid>) {
    let mut others: Vec<TicketRow> = draft
        .directory()
        .tickets()
        .filter(|it| it.purpose == purpose && it.subject == subject && it.used_ms.is_none())
        .map(|it| TicketRow::clone(it))
        .collect();
    others.sort_by_key(|it| it.hash);
    for other in others {
        close(draft, other);
    }
    let now_ms = draft.now_ms();
    draft.push(Write::Ticket(TicketRow {
        hash,
        purpose: purpose.to_owned(),
        subject,
        created_ms: now_ms,
        expires_ms: now_ms + TTL_MS,
        used_ms: None,
    }));
}

fn close(draft: &mut Draft<'_>, ticket: TicketRow) {
    let used_ms = Some(draft.now_ms());
    draft.push(Write::Ticket(TicketRow { used_ms, ..ticket }));
}

fn unknown() -> Problem {
    Problem::not_found(
        "link",
        "It was used, is over, or a newer one took its place. The server prints a new one when it starts without an admin; an admin can make a new one for a password.",
    )
}
