//! One HTTP client for one village.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Secret;
use super::session::Session;
use crate::options::{Pass, ViewError};
use crate::wire::{Me, OwnProfile, Problem};

/// Seconds a request may take.
const REQUEST_SECS: u64 = 20;
/// Largest answer that is read.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// By it the village knows an act that was sent before.
const IDEMPOTENCY: &str = "Idempotency-Key";
/// The cookie that holds the refresh token.
const REFRESH_COOKIE: &str = "hamlet_refresh";

/// Speaks HTTP with one village.
#[derive(Debug)]
pub(super) struct Client {
    base: String,
    http: reqwest::Client,
    /// Of this window alone.
    chance: u64,
    /// Acts that came to their end.
    acts: AtomicU64,
    /// Whether the village said last that whoever is signed in is a member of the town.
    member: AtomicBool,
    /// How often frames of the town began to come.
    lives: watch::Sender<u64>,
    /// Who the window is.
    pub(super) session: Session,
}

impl Client {
    /// A client for the village at this address.
    ///
    /// # Errors
    /// When the system's certificates cannot be used.
    pub(super) fn new(base: String, pass: Pass) -> Result<Self, ViewError> {
        // Somebody else of this process may have chosen already.
        tokio_rustls::rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let http = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(REQUEST_SECS))
            .user_agent(concat!("hamlet-viewer/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|why| ViewError::Http(why.to_string()))?;
        Ok(Self {
            session: Session::of(&base, pass),
            base,
            http,
            chance: RandomState::new().hash_one(std::process::id()),
            acts: AtomicU64::new(0),
            member: AtomicBool::new(false),
            lives: watch::Sender::new(0),
        })
    }

    /// The address of the village.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Reads something.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Problem> {
        let answer = self.send(None, Method::GET, path, None).await?;
        read(answer).await
    }

    /// Does something.
    pub(super) async fn act<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, Problem> {
        self.act_by(None, method, path, body).await
    }

    /// Does something by this key, where there is one: what was done by it before is not done again.
    pub(super) async fn act_by<T: DeserializeOwned>(
        &self,
        key: Option<String>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, Problem> {
        let answer = self.send(key, method, path, body).await;
        if answer.as_ref().map_or_else(Problem::is_last_word, |_| true) {
            self.acts.fetch_add(1, Ordering::Relaxed);
        }
        read(answer?).await
    }

    /// Whether whoever is signed in is known to be a member of the town.
    pub(super) fn is_member(&self) -> bool {
        self.member.load(Ordering::Relaxed)
    }

    /// Frames of the town begin to come, for the first time or after the line was lost.
    pub(super) fn came_live(&self) {
        self.lives.send_modify(|it| *it += 1);
    }

    /// Hears how often frames of the town began to come.
    pub(super) fn lives(&self) -> watch::Receiver<u64> {
        self.lives.subscribe()
    }

    /// A page of plain text beside the API.
    pub(super) async fn text(&self, path: &str) -> Result<String, Problem> {
        self.refresh().await?;
        let bytes = self.bytes(path).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The bytes of a file that the map names by its path on the server.
    pub(super) async fn bytes(&self, path: &str) -> Result<Vec<u8>, Problem> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = checked(self.signed(request)).await?;
        Ok(answer.bytes().await.map_err(|why| gone(&why))?.to_vec())
    }

    /// Who the window is; `None`: a stranger.
    pub(super) async fn me(&self) -> Result<Option<Me>, Problem> {
        let me = self.ask_who().await?;
        let is_member = me.as_ref().is_some_and(|it| it.member.is_some());
        self.member.store(is_member, Ordering::Relaxed);
        Ok(me)
    }

    async fn ask_who(&self) -> Result<Option<Me>, Problem> {
        self.refresh().await?;
        if self.session.token().is_none() {
            return Ok(None);
        }
        let value: Value = match self.get("/auth/me").await {
            Err(refused) if refused.status == 401 || refused.status == 403 => return Ok(None),
            value => value?,
        };
        let me = value.get("account").unwrap_or(&value);
        let Ok(mut me) = serde_json::from_value::<Me>(me.clone()) else {
            return Ok(None);
        };
        // Agents have no such page; then whose post is whose is not known.
        if let Ok(profile) = self.get::<OwnProfile>("/people/me").await {
            me.member = profile.member.map(|it| it.id);
        }
        Ok(Some(me))
    }

    /// Signs in with a password.
    pub(super) async fn sign_in(&self, name: &str, password: &Secret) -> Result<(), Problem> {
        let body = json!({ "name": name, "password": password.0 });
        let url = self.url("/auth/login");
        let answer = checked(self.http.post(url).json(&body)).await?;
        self.take_tokens(answer).await
    }

    /// Signs out.
    pub(super) fn sign_out(&self) {
        self.session.signed_out();
    }

    /// Gets the next access token where the last is over.
    pub(super) async fn refresh(&self) -> Result<(), Problem> {
        let Some(token) = self.session.take_refresh() else {
            return Ok(());
        };
        let request = self
            .http
            .post(self.url("/auth/refresh"))
            .header(COOKIE, format!("{REFRESH_COOKIE}={token}"));
        match checked(request).await {
            Ok(answer) => self.take_tokens(answer).await,
            // It was used or is over: from now on a stranger looks.
            Err(refused) if refused.status == 401 || refused.status == 403 => {
                self.session.signed_out();
                Ok(())
            }
            // Nobody has used it: it is good for the next try.
            Err(refused) => {
                self.session.keep_refresh(token);
                Err(refused)
            }
        }
    }

    async fn take_tokens(&self, answer: Response) -> Result<(), Problem> {
        let refresh = refresh_token(answer.headers());
        let body: Value = read(answer).await?;
        let access = body["access_token"].as_str().unwrap_or_default().to_owned();
        let secs = body["expires_in"].as_u64().unwrap_or(60);
        self.session.signed_in(access, secs, refresh);
        Ok(())
    }

    async fn send(
        &self,
        key: Option<String>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Response, Problem> {
        self.refresh().await?;
        let is_act = method != Method::GET;
        let mut request = self.http.request(method.clone(), self.url(path));
        if is_act {
            let key = key.unwrap_or_else(|| self.key(&method, path, body.as_ref()));
            request = request.header(IDEMPOTENCY, key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        checked(self.signed(request)).await
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match self.session.token() {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// The same for the same act until an act has come to its end: what is sent again after the line broke happens once.
    fn key(&self, method: &Method, path: &str, body: Option<&Value>) -> String {
        let mut hash = DefaultHasher::new();
        (method.as_str(), path, body.map(Value::to_string)).hash(&mut hash);
        let acts = self.acts.load(Ordering::Relaxed);
        format!("window-{:016x}-{acts}-{:016x}", self.chance, hash.finish())
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.base)
    }
}

async fn checked(request: RequestBuilder) -> Result<Response, Problem> {
    let answer = request.send().await.map_err(|why| gone(&why))?;
    if answer
        .content_length()
        .is_some_and(|it| it > ANSWER_BYTES_MAX)
    {
        return Err(Problem::local(
            "too_large",
            "The village's answer is too large.",
            "Look at a smaller part of it.",
        ));
    }
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let problem: Option<Problem> = answer.json().await.ok();
    let problem = problem.filter(|it| !it.detail.is_empty());
    Err(Problem {
        status: status.as_u16(),
        ..problem.unwrap_or_else(|| {
            Problem::local(
                "refused",
                format!("The village answered {status}."),
                "Look at its log.",
            )
        })
    })
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, Problem> {
    let bytes = answer.bytes().await.map_err(|why| gone(&why))?;
    serde_json::from_slice(&bytes).map_err(|why| {
        Problem::local(
            "unreadable",
            format!("The village's answer makes no sense here: {why}."),
            "It may be of another version than this window.",
        )
    })
}

fn gone(why: &reqwest::Error) -> Problem {
    let what = if why.is_timeout() {
        "it took too long"
    } else if why.is_connect() {
        "nobody answers at that address"
    } else {
        "the line broke"
    };
    Problem::local(
        "unreachable",
        format!("The village could not be asked: {what}."),
        "Check that it runs; what you typed is kept.",
    )
}

fn refresh_token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(SET_COOKIE).iter();
    cookies.filter_map(|it| it.to_str().ok()).find_map(|it| {
        let (name, rest) = it.split_once('=')?;
        let value = rest.split(';').next().unwrap_or_default();
        (name.trim() == REFRESH_COOKIE && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_may_be_tried_anew_and_what_is_not_known_is_the_same_act() {
        let refused = |status, code: &str| Problem {
            status,
            code: code.to_owned(),
            ..Problem::local("", "", "")
        };
        assert!(refused(429, "quota").is_last_word());
        assert!(refused(409, "conflict").is_last_word());
        assert!(!refused(409, "idempotency_running").is_last_word());
        assert!(!refused(503, "commit_unknown").is_last_word());
        assert!(!refused(0, "unreachable").is_last_word());
    }

    #[test]
    fn the_refresh_token_is_read_out_of_its_cookie() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, "other=1; Path=/".parse().expect("a value"));
        let cookie = "hamlet_refresh=abc; HttpOnly; Max-Age=9";
        headers.append(SET_COOKIE, cookie.parse().expect("a value"));
        assert_eq!(refresh_token(&headers).as_deref(), Some("abc"));
        assert_eq!(refresh_token(&HeaderMap::new()), None);
    }
}
