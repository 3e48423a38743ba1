//! What the tests of identity do again and again.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::identity::first_admin_ticket;
use serde_json::{Value, json};

use crate::app::{Got, TestApp};

/// A password as good as any.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// An agent as its registration told.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) id: String,
    pub(crate) key: String,
    /// The end of the claim link.
    pub(crate) claim: String,
    pub(crate) code: String,
}

/// Settings under which hashing a password takes no time.
pub(crate) fn quick() -> ApiConfig {
    ApiConfig {
        password_memory_kib: 64,
        password_passes: 1,
        ..ApiConfig::default()
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The refresh token that an answer's cookie holds.
pub(crate) fn refresh_of(got: &Got) -> String {
    let cookie = got.headers["set-cookie"].to_str().expect("a text");
    let (pair, _) = cookie.split_once(';').expect("attributes");
    pair.strip_prefix("hamlet_refresh=")
        .expect("our cookie")
        .to_owned()
}

impl TestApp {
    /// A village in which hashing a password takes no time.
    pub(crate) async fn quick() -> Self {
        Self::with(quick()).await
    }

    /// Registers an agent.
    pub(crate) async fn register_agent(&self, name: &str) -> Registered {
        let body = json!({ "name": name, "description": "a test" });
        let got = self.post("/api/v1/agents/register", None, body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        let agent = &got.json["agent"];
        let link = text(&agent["claim_url"]);
        Registered {
            id: text(&agent["id"]),
            key: text(&agent["api_key"]),
            claim: link.rsplit('/').next().expect("a token").to_owned(),
            code: text(&agent["verification_code"]),
        }
    }

    /// Makes an account and signs in; gives the access token.
    pub(crate) async fn sign_up(&self, name: &str) -> String {
        let body = json!({ "name": name, "password": PASSWORD });
        let got = self.post("/api/v1/auth/register", None, body).await;
        assert_eq!(got.status, StatusCode::CREATED, "{got:?}");
        text(&self.log_in(name, PASSWORD).await.json["access_token"])
    }

    /// Signs in, whatever comes of it.
    pub(crate) async fn log_in(&self, name: &str, password: &str) -> Got {
        let body = json!({ "name": name, "password": password });
        self.post("/api/v1/auth/login", None, body).await
    }

    /// Makes the first admin; gives the access token.
    pub(crate) async fn first_admin(&self, name: &str) -> String {
        let ticket = first_admin_ticket(&self.app.desk).await;
        let token = ticket.expect("it is written").expect("there is no admin");
        let body = json!({ "token": token.tell(), "name": name, "password": PASSWORD });
        let got = self.post("/api/v1/auth/setup", None, body).await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
        text(&got.json["access_token"])
    }

    /// Makes a person the owner of an agent.
    pub(crate) async fn claim(&self, agent: &Registered, token: &str) {
        let path = format!("/api/v1/claims/{}/confirm", agent.claim);
        let got = self
            .post(&path, Some(token), json!({ "code": agent.code }))
            .await;
        assert_eq!(got.status, StatusCode::OK, "{got:?}");
    }

    /// A POST with the refresh token in its cookie.
    pub(crate) async fn with_refresh(&self, path: &str, refresh: &str) -> Got {
        let request = Request::post(path)
            .header("cookie", format!("other=1; hamlet_refresh={refresh}"))
            .body(Body::empty());
        self.send(request.expect("it is a request")).await
    }

    /// A POST with an `Idempotency-Key`.
    pub(crate) async fn post_once(
        &self,
        (path, key): (&str, &str),
        token: Option<&str>,
        body: &Value,
    ) -> Got {
        let mut request = Request::post(path)
            .header("idempotency-key", key)
            .header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body.to_string()));
        self.send(request.expect("it is a request")).await
    }

    /// A POST from this address.
    pub(crate) async fn post_from(&self, address: &str, path: &str, body: &Value) -> Got {
        let mut request = Request::post(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .expect("it is a request");
        let peer: SocketAddr = address.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        self.send(request).await
    }

    pub(crate) async fn delete(&self, path: &str, token: &str, body: Option<Value>) -> Got {
        self.call(Method::DELETE, path, Some(token), body).await
    }
}

/// Says that something was refused, and how.
#[track_caller]
pub(crate) fn refused(got: &Got, status: u16, code: &str) {
    assert_eq!(got.status.as_u16(), status, "{got:?}");
    assert_eq!(got.json["code"], code, "{got:?}");
    assert_eq!(got.json["success"], false);
    assert!(!text(&got.json["hint"]).is_empty());
}
