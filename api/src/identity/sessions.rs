//! Refresh tokens: each is good once and leads to the next. One that comes a second time was stolen, by whoever came first or second, so its whole family ends.

use hamlet_store::{AccountStatus, SessionRow, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::chance::{new_id, new_secret};
use crate::auth::Secret;
use crate::files::FileHash;
use crate::problem::Problem;
use crate::village::{Desk, Draft, IdempotencyKey};

/// What a refresh token begins with.
const KIND: &str = "hamlet_rt_";
/// Sign-ins of one person that may be good at the same time; another ends the oldest.
const LIVE_MAX: usize = 50;
/// How long a used token is remembered, in milliseconds: long enough to notice a thief, short enough to forget.
const USED_KEPT_MS: i64 = 7 * 86_400_000;

/// A session that began or went on.
#[derive(Debug)]
pub struct Opened {
    /// Whose it is.
    pub account: Uuid,
    /// The sign-in, the same for all tokens that come of it.
    pub session: Uuid,
    /// The next refresh token.
    pub next: Secret,
}

/// Signs a person in whose password was just found right; `generation` is the one that the password belonged to.
///
/// # Errors
/// 401 when they were cut off or have another password since.
pub async fn open_session(
    desk: &Desk,
    account: Uuid,
    generation: i64,
    ttl_secs: u64,
) -> Result<Opened, Problem> {
    let secret = new_secret(KIND)?;
    let (hash, id) = (secret.hash(), new_id()?);
    desk.write(None, move |draft| {
        let row = draft.directory().account(account);
        row.filter(|row| row.status == AccountStatus::Active)
            .filter(|row| row.auth_generation == generation)
            .ok_or_else(void)?;
        make_room(draft, account);
        let session = SessionRow {
            id,
            hash,
            family: id,
            account,
            created_ms: draft.now_ms(),
            expires_ms: until(draft, ttl_secs),
            used_ms: None,
            revoked_ms: None,
        };
        draft.push(Write::Session(session));
        Ok(())
    })
    .await?;
    Ok(Opened {
        account,
        session: id,
        next: secret,
    })
}

/// What comes of a refresh token.
#[derive(Serialize, Deserialize)]
enum Turn {
    /// It was good.
    Next { account: Uuid, session: Uuid },
    /// It was used before: everything that came of it has ended now.
    Reused,
}

/// Exchanges a refresh token for the next.
///
/// # Errors
/// 401 when it is unknown, over, or was used before; in that case its family has ended, unless it was the very same request (`key`): then 409.
pub async fn refresh_session(
    desk: &Desk,
    key: Option<IdempotencyKey>,
    hash: [u8; 32],
    ttl_secs: u64,
) -> Result<Opened, Problem> {
    let next = new_secret(KIND)?;
    let (next_hash, id) = (next.hash(), new_id()?);
    // A key is one of this token's: whoever shares an address shares no keys.
    let key = key.map(|key| IdempotencyKey {
        scope: format!("session:{}", FileHash(hash)),
        ..key
    });
    let turn = desk
        .write(key.as_ref(), move |draft| {
            let now_ms = draft.now_ms();
            let session = draft.directory().session(&hash).cloned();
            let session = session
                .filter(|it| it.expires_ms > now_ms && it.revoked_ms.is_none())
                .ok_or_else(void)?;
            if session.used_ms.is_some() {
                end_family(draft, &session);
                let target = format!("person:{}", session.account);
                draft.audit(&target, "session.reused", &target, &session.family);
                return Ok(Turn::Reused);
            }
            let account = draft.directory().account(session.account);
            account
                .filter(|row| row.status == AccountStatus::Active)
                .ok_or_else(void)?;
            let successor = SessionRow {
                id,
                hash: next_hash,
                created_ms: now_ms,
                expires_ms: until(draft, ttl_secs),
                ..*session
            };
            draft.push(Write::Session(SessionRow {
                used_ms: Some(now_ms),
                expires_ms: session.expires_ms.min(now_ms + USED_KEPT_MS),
                ..*session
            }));
            draft.push(Write::Session(successor));
            Ok(Turn::Next {
                account: session.account,
                session: session.family,
            })
        })
        .await?;
    if turn.replayed {
        return Err(Problem::conflict(
            "tokens_told",
            "This refresh was done by an earlier request, and its tokens were told with its answer.",
            "Go on with those; if that answer was lost, sign in again.",
        ));
    }
    match turn.outcome {
        Turn::Next { account, session } => Ok(Opened {
            account,
            session,
            next,
        }),
        Turn::Reused => Err(Problem::unauthorized(
            "session_reused",
            "This refresh token was used before, so the session has ended.",
            "Sign in again. If it was not you who used it, change your password.",
        )),
    }
}

/// Signs out: the token's family ends. An unknown token is no fault.
///
/// # Errors
/// When it cannot be written.
pub async fn close_session(desk: &Desk, hash: [u8; 32]) -> Result<(), Problem> {
    desk.write(None, move |draft| {
        if let Some(session) = draft.directory().session(&hash).cloned() {
            end_family(draft, &session);
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// Signs out by an access token: the sign-in that it came from ends, with every token of it.
///
/// # Errors
/// When it cannot be written.
pub async fn close_sign_in(desk: &Desk, account: Uuid, session: Uuid) -> Result<(), Problem> {
    desk.write(None, move |draft| {
        end_sessions(draft, account, |it| it.family == session);
        Ok(())
    })
    .await?;
    Ok(())
}

/// Ends the sessions of somebody who is cut off.
pub(super) fn end_sessions_of(draft: &mut Draft<'_>, account: Uuid) {
    end_sessions(draft, account, |_| true);
}

fn end_family(draft: &mut Draft<'_>, session: &SessionRow) {
    end_sessions(draft, session.account, |it| it.family == session.family);
}

/// Ends the oldest sign-ins of somebody who has too many.
fn make_room(draft: &mut Draft<'_>, account: Uuid) {
    let now_ms = draft.now_ms();
    let live =
        |it: &SessionRow| it.used_ms.is_none() && it.revoked_ms.is_none() && it.expires_ms > now_ms;
    let all = draft.directory().sessions_of(account);
    let mut live: Vec<_> = all.filter(|it| live(it)).cloned().collect();
    live.sort_by_key(|it| (it.created_ms, it.id));
    let over = (live.len() + 1).saturating_sub(LIVE_MAX);
    for session in &live[..over] {
        end_family(draft, session);
    }
}

fn end_sessions(draft: &mut Draft<'_>, account: Uuid, which: impl Fn(&SessionRow) -> bool) {
    let now_ms = draft.now_ms();
    let all = draft.directory().sessions_of(account);
    let ending: Vec<_> = all
        .filter(|it| it.revoked_ms.is_none() && which(it))
        .cloned()
        .collect();
    for session in ending {
        draft.push(Write::Session(SessionRow {
            revoked_ms: Some(now_ms),
            ..*session
        }));
    }
}

fn until(draft: &Draft<'_>, ttl_secs: u64) -> i64 {
    let ttl_ms = i64::try_from(ttl_secs)
        .unwrap_or(i64::MAX)
        .saturating_mul(1000);
    draft.now_ms().saturating_add(ttl_ms)
}

fn void() -> Problem {
    Problem::unauthorized(
        "session_over",
        "This session is over.",
        "Sign in again at POST /api/v1/auth/login.",
    )
}
