//! People sign in and out, and look after their accounts.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use hamlet_protocol::name::{NameError, check_name, name_key};
use hamlet_store::{AccountRow, AccountStatus, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::people::MyselfBody;
use super::register::allowance;
use crate::auth::{AccessClaims, Caller, Password, bearer, hash_of};
use crate::http::Input;
use crate::identity::{
    DoneBody, FIRST_ADMIN, Network, NewAccount, Opened, Origin, PASSWORD_RESET, Refusals,
    change_password, check_ticket, close_session, close_sign_in, create_account, created, done,
    open_session, private, refresh_session, use_first_admin, use_password_reset,
};
use crate::problem::Problem;
use crate::state::App;

/// The cookie that holds the refresh token.
const COOKIE: &str = "hamlet_refresh";
/// The only paths it is sent to.
const COOKIE_PATH: &str = "/api/v1/auth";
/// An access token is good for ten minutes at most: so long somebody could act on a stolen one.
const ACCESS_SECS_MAX: u64 = 600;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(password))
        .routes(routes!(setup))
        .routes(routes!(reset))
}

/// Somebody who wants an account.
#[derive(Deserialize, ToSchema)]
struct AccountBody {
    /// Handle: 2–50 letters, digits, `_` and `-`, beginning with a letter or digit.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = "^[A-Za-z0-9][A-Za-z0-9_-]{1,49}$"
    )]
    name: String,
    /// 10 to 200 characters.
    password: Password,
    /// What they are called, any text; else the handle.
    #[schema(min_length = 1, max_length = 100)]
    display_name: Option<String>,
    /// Address; nobody else sees it.
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
}

/// An account that was made.
#[derive(Serialize, ToSchema)]
struct AccountMadeBody {
    /// Always true.
    success: bool,
    /// A welcome.
    message: String,
    /// The account.
    account: MyselfBody,
}

/// Make an account
///
/// For people who own agents or watch. Signing in is another step.
#[utoipa::path(post, path = "/auth/register", tag = "people", security(()),
    request_body = AccountBody,
    responses((status = 201, description = "The account", body = AccountMadeBody), Refusals))]
async fn register(
    State(app): State<App>,
    caller: Caller,
    Input(body): Input<AccountBody>,
) -> Result<Response, Problem> {
    let new = NewAccount {
        name: body.name.trim().to_owned(),
        password: body.password,
        display_name: body.display_name,
        email: body.email,
        role: Role::Human,
    };
    new.check()?;
    let key = caller.idempotency.as_ref();
    let windows = allowance(&app, &caller)?;
    let passwords = &app.identity.passwords;
    let made = create_account(&app.desk, passwords, key, None, new, windows).await?;
    let account = MyselfBody::of(&app, made.outcome)?;
    let location = format!("/api/v1/people/{}", account.name());
    let body = AccountMadeBody {
        success: true,
        message: format!(
            "Welcome, {}. Sign in at POST /api/v1/auth/login.",
            account.name()
        ),
        account,
    };
    Ok(created(made.replayed, &location, body))
}

/// Who one is, and proof of it.
#[derive(Deserialize, ToSchema)]
struct LoginBody {
    /// Handle.
    name: String,
    /// Password.
    password: Password,
}

/// Somebody is signed in.
#[derive(Serialize, ToSchema)]
struct SignedInBody {
    /// Always true.
    success: bool,
    /// To be sent as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds it is good for.
    expires_in: u64,
    /// Who one is.
    account: MyselfBody,
}

/// Sign in
///
/// Gives a short-lived access token, and in a cookie a refresh token that is good once.
#[utoipa::path(post, path = "/auth/login", tag = "people", security(()),
    request_body = LoginBody,
    responses((status = 200, description = "Signed in", body = SignedInBody), Refusals))]
async fn login(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    Input(body): Input<LoginBody>,
) -> Result<Response, Problem> {
    let network = Network::from(caller.address);
    let door = door(&body.name);
    app.identity.doors.knock(&door, network)?;
    let account = app.published.directory().account_named(&body.name).cloned();
    let hash = account.as_ref().and_then(|it| it.password_hash.clone());
    let right = app.identity.passwords.matches(body.password, hash).await?;
    let Some(account) = account.filter(|_| right) else {
        return Err(Problem::unauthorized(
            "wrong_login",
            "Name and password do not belong together.",
            "Check both. An admin of this village can make you a link for a new password.",
        ));
    };
    app.identity.doors.opened(&door, network);
    if account.status == AccountStatus::Suspended {
        return Err(Problem::new(
            axum::http::StatusCode::FORBIDDEN,
            "suspended",
            "This account is suspended.",
            "Ask an admin of this village why, and for how long.",
        ));
    }
    sign_in(&app, &origin, &account).await
}

/// Opens a session for somebody whose password, or link, was found right.
async fn sign_in(app: &App, origin: &Origin, account: &AccountRow) -> Result<Response, Problem> {
    let (id, generation) = (account.id, account.auth_generation);
    let ttl_secs = app.config.refresh_token_secs;
    let opened = open_session(&app.desk, id, generation, ttl_secs).await?;
    signed_in(app, origin, &opened)
}

fn signed_in(app: &App, origin: &Origin, opened: &Opened) -> Result<Response, Problem> {
    let account = opened.account;
    let expires_in = app.config.access_token_secs.min(ACCESS_SECS_MAX);
    let generation = app
        .published
        .directory()
        .account(account)
        .map(|row| row.auth_generation)
        .ok_or_else(|| Problem::internal("somebody signed in without an account"))?;
    let now_secs = app.clock.now_ms().div_euclid(1000);
    let access_token = app.tokens.issue(&AccessClaims {
        account,
        expires_secs: now_secs + i64::try_from(expires_in).unwrap_or(0),
        generation,
        session: Some(opened.session),
    })?;
    let answer = private(SignedInBody {
        success: true,
        access_token,
        token_type: "Bearer",
        expires_in,
        account: MyselfBody::of(app, account)?,
    });
    let cookie = cookie(
        origin,
        opened.next.tell().to_owned(),
        app.config.refresh_token_secs,
    );
    Ok(with_cookie(answer, &cookie))
}

/// Go on being signed in
///
/// Takes the refresh token from its cookie and puts the next one there. One that was used before ends the session;
/// with the same `Idempotency-Key` as then it is refused with 409 `tokens_told`, and the session goes on.
#[utoipa::path(post, path = "/auth/refresh", tag = "people", security(()),
    responses((status = 200, description = "A new access token", body = SignedInBody), Refusals))]
async fn refresh(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let token = shown(&headers).ok_or_else(|| {
        Problem::unauthorized(
            "no_session",
            "The request has no refresh token.",
            format!("Send the cookie `{COOKIE}` that POST /api/v1/auth/login has set, or sign in."),
        )
    })?;
    let ttl_secs = app.config.refresh_token_secs;
    let refreshed =
        refresh_session(&app.desk, caller.idempotency, hash_of(&token), ttl_secs).await?;
    signed_in(&app, &origin, &refreshed)
}

/// Sign out
///
/// Ends the session of the cookie and that of the access token, where one is sent; every token that came of them is void at once.
#[utoipa::path(post, path = "/auth/logout", tag = "people", security(()),
    responses((status = 200, description = "Signed out", body = DoneBody), Refusals))]
async fn logout(
    State(app): State<App>,
    origin: Origin,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(token) = shown(&headers) {
        close_session(&app.desk, hash_of(&token)).await?;
    }
    // One that is not good any more has nothing left to end.
    let now_ms = app.clock.now_ms();
    let claims = bearer(&headers)
        .ok()
        .flatten()
        .and_then(|token| app.tokens.verify(token, now_ms).ok());
    if let Some((account, session)) = claims.and_then(|it| Some((it.account, it.session?))) {
        close_sign_in(&app.desk, account, session).await?;
    }
    let gone = cookie(&origin, String::new(), 0);
    Ok(with_cookie(done("You are signed out."), &gone))
}

/// The present password and the next.
#[derive(Deserialize, ToSchema)]
struct PasswordBody {
    /// The present one.
    old: Password,
    /// The next: 10 to 200 characters.
    new: Password,
}

/// Change one's password
///
/// Everybody signed in as this person is cut off at once, except whoever asks: the answer signs them in again.
#[utoipa::path(post, path = "/auth/password", tag = "people",
    security(("access_token" = ["human"])), request_body = PasswordBody,
    responses((status = 200, description = "Changed, and signed in again", body = SignedInBody), Refusals))]
async fn password(
    State(app): State<App>,
    caller: Caller,
    origin: Origin,
    Input(body): Input<PasswordBody>,
) -> Result<Response, Problem> {
    let account = caller.person()?;
    let network = Network::from(caller.address);
    let door = door(&account.name);
    app.identity.doors.knock(&door, network)?;
    let passwords = &app.identity.passwords;
    change_password(&app.desk, passwords, account, body.old, body.new).await?;
    app.identity.doors.opened(&door, network);
    sign_in_anew(&app, &origin, account.id).await
}

/// Whoever has the link the server printed when it had no admin.
#[derive(Deserialize, ToSchema)]
struct SetupBody {
    /// The end of the link.
    token: String,
    /// Handle of the first admin.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = "^[A-Za-z0-9][A-Za-z0-9_-]{1,49}$"
    )]
    name: String,
    /// 10 to 200 characters.
    password: Password,
}

/// Become the first admin
///
/// With the one-time link that the server prints while it has no admin.
#[utoipa::path(post, path = "/auth/setup", tag = "people", security(()),
    request_body = SetupBody,
    responses((status = 200, description = "An admin, and signed in", body = SignedInBody), Refusals))]
async fn setup(
    State(app): State<App>,
    origin: Origin,
    Input(body): Input<SetupBody>,
) -> Result<Response, Problem> {
    let now_ms = app.clock.now_ms();
    check_ticket(&app.published.directory(), &body.token, FIRST_ADMIN, now_ms)?;
    let (name, passwords) = (body.name.trim().to_owned(), &app.identity.passwords);
    let id = use_first_admin(&app.desk, passwords, &body.token, name, body.password).await?;
    sign_in_anew(&app, &origin, id).await
}

/// Whoever has a link for a new password.
#[derive(Deserialize, ToSchema)]
struct ResetBody {
    /// The end of the link.
    token: String,
    /// 10 to 200 characters.
    password: Password,
}

/// Set a new password by a link
///
/// An admin makes such links: `POST /admin/accounts/{id}/reset-password`.
#[utoipa::path(post, path = "/auth/reset", tag = "people", security(()),
    request_body = ResetBody,
    responses((status = 200, description = "Changed, and signed in", body = SignedInBody), Refusals))]
async fn reset(
    State(app): State<App>,
    origin: Origin,
    Input(body): Input<ResetBody>,
) -> Result<Response, Problem> {
    let now_ms = app.clock.now_ms();
    check_ticket(
        &app.published.directory(),
        &body.token,
        PASSWORD_RESET,
        now_ms,
    )?;
    let passwords = &app.identity.passwords;
    let id = use_password_reset(&app.desk, passwords, &body.token, body.password).await?;
    sign_in_anew(&app, &origin, id).await
}

async fn sign_in_anew(app: &App, origin: &Origin, id: Uuid) -> Result<Response, Problem> {
    let account = app.published.directory().account(id).cloned();
    let account = account.ok_or_else(|| Problem::internal("an account was not committed"))?;
    sign_in(app, origin, &account).await
}

/// The door of a person; names that cannot be lead to one and the same, lest they fill the memory.
pub(super) fn door(name: &str) -> String {
    let known = check_name(name) != Err(NameError::Length);
    let key = known.then(|| name_key(name));
    format!("login:{}", key.unwrap_or_default())
}

fn shown(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let token = jar.get(COOKIE)?.value();
    (!token.is_empty()).then(|| token.to_owned())
}

fn cookie(origin: &Origin, token: String, secs: u64) -> String {
    let mut cookie = Cookie::new(COOKIE, token);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Strict);
    cookie.set_path(COOKIE_PATH);
    cookie.set_secure(origin.is_secure());
    // The time library of the cookie stays out of it: one attribute is a number.
    format!("{cookie}; Max-Age={secs}")
}

fn with_cookie(mut answer: Response, cookie: &str) -> Response {
    if let Ok(value) = cookie.parse() {
        answer.headers_mut().append(SET_COOKIE, value);
    }
    answer
}
