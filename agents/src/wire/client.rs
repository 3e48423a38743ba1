//! The client of one endpoint.

use std::fmt;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::answer::ChatAnswer;
use super::error::WireError;
use super::request::ChatRequest;
use super::stream::{Delta, Gatherer};

/// Bytes of one answer.
const ANSWER_BYTES_MAX: usize = 4 << 20;
/// Characters of a server's words that are passed on.
const WORDS_CHARS_MAX: usize = 200;
/// Time to reach an endpoint.
const CONNECT_SECS: u64 = 5;
/// Longest wait that an endpoint may ask for, in seconds.
const RETRY_AFTER_SECS_MAX: u64 = 300;

/// How one comes in at an endpoint.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Address with its version, such as `http://127.0.0.1:8000/v1`; for Azure that of the deployment.
    pub base_url: String,
    /// The key, where one is needed.
    pub api_key: Option<String>,
    /// Azure's `api-version`; with one the key goes into `api-key`.
    pub azure_api_version: Option<String>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("base_url", &self.base_url)
            .field("api_key", &self.api_key.as_ref().map(|_| "********"))
            .finish_non_exhaustive()
    }
}

/// Talks to one endpoint. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Wire {
    http: reqwest::Client,
    access: Access,
}

impl Wire {
    /// A client of an endpoint; nothing is sent yet.
    ///
    /// # Errors
    /// [`WireError::Setting`] where the address is none.
    pub fn new(access: Access) -> Result<Self, WireError> {
        let url = &access.base_url;
        if reqwest::Url::parse(url).is_err() || !url.starts_with("http") {
            return Err(WireError::Setting(format!(
                "`{url}` is no address of an endpoint; write it like `http://127.0.0.1:8000/v1`"
            )));
        }
        if tokio_rustls::rustls::crypto::CryptoProvider::get_default().is_none() {
            // Somebody else may have been faster: then theirs is in force.
            drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
        }
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(CONNECT_SECS))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|fault| WireError::Setting(fault.to_string()))?;
        Ok(Self { http, access })
    }

    /// One answer, within this time.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn chat(
        &self,
        request: &ChatRequest,
        within: Duration,
    ) -> Result<ChatAnswer, WireError> {
        let asked = self.post("chat/completions").json(request);
        let body = timeout(within, async { read(send(asked).await?).await })
            .await
            .map_err(|_elapsed| WireError::Timeout)??;
        ChatAnswer::read(&body)
    }

    /// One answer in pieces, within this time; `hear` gets the words as they come.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn chat_streamed(
        &self,
        request: &ChatRequest,
        within: Duration,
        mut hear: impl FnMut(Delta) + Send,
    ) -> Result<ChatAnswer, WireError> {
        let mut request = request.clone();
        request.stream = Some(true);
        request.stream_options = Some(json!({"include_usage": true}));
        let asked = self.post("chat/completions").json(&request);
        let gather = async {
            let mut response = send(asked).await?;
            let (mut gatherer, mut bytes) = (Gatherer::default(), 0);
            while let Some(chunk) = response.chunk().await.map_err(|_| WireError::Cut)? {
                bytes += chunk.len();
                if bytes > ANSWER_BYTES_MAX {
                    return Err(WireError::TooLong(ANSWER_BYTES_MAX));
                }
                gatherer.take(&chunk)?.into_iter().for_each(&mut hear);
            }
            gatherer.end()
        };
        timeout(within, gather)
            .await
            .map_err(|_elapsed| WireError::Timeout)?
    }

    /// Vectors of texts, in their order.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn embed(
        &self,
        model: &str,
        texts: &[String],
        within: Duration,
    ) -> Result<Vec<Vec<f32>>, WireError> {
        let asked = self
            .post("embeddings")
            .json(&json!({"model": model, "input": texts}));
        let body = timeout(within, async { read(send(asked).await?).await })
            .await
            .map_err(|_elapsed| WireError::Timeout)??;
        let body: Value = serde_json::from_slice(&body)
            .map_err(|fault| WireError::Malformed(fault.to_string()))?;
        let data = body.get("data").and_then(Value::as_array);
        let vectors: Vec<Vec<f32>> = data
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get("embedding")?.as_array())
            .map(|vector| {
                let numbers = vector.iter().filter_map(Value::as_f64);
                numbers.map(|number| number as f32).collect()
            })
            .collect();
        if vectors.len() == texts.len() {
            Ok(vectors)
        } else {
            Err(WireError::Malformed(format!(
                "{} vectors for {} texts",
                vectors.len(),
                texts.len()
            )))
        }
    }

    /// Names of the models that an endpoint says it has.
    ///
    /// # Errors
    /// [`WireError`].
    pub async fn models(&self, within: Duration) -> Result<Vec<String>, WireError> {
        let asked = self.http.get(self.url("models"));
        let asked = self.signed(asked);
        let body = timeout(within, async { read(send(asked).await?).await })
            .await
            .map_err(|_elapsed| WireError::Timeout)??;
        let body: Value = serde_json::from_slice(&body)
            .map_err(|fault| WireError::Malformed(fault.to_string()))?;
        let data = body.get("data").and_then(Value::as_array);
        let names = data.into_iter().flatten();
        Ok(names
            .filter_map(|model| Some(model.get("id")?.as_str()?.to_owned()))
            .collect())
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.signed(self.http.post(self.url(path)))
    }

    fn url(&self, path: &str) -> String {
        let base = self.access.base_url.trim_end_matches('/');
        match &self.access.azure_api_version {
            Some(version) => format!("{base}/{path}?api-version={version}"),
            None => format!("{base}/{path}"),
        }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match (&self.access.api_key, &self.access.azure_api_version) {
            (None, _) => request,
            (Some(key), None) => request.bearer_auth(key),
            (Some(key), Some(_)) => request.header("api-key", key),
        }
    }
}

/// Sends a request; an answer with a status of its own becomes an error.
async fn send(request: RequestBuilder) -> Result<Response, WireError> {
    let response = request.send().await.map_err(|fault| unreachable(&fault))?;
    let status = response.status();
    if status.is_success() {
        if is_html(&response) {
            return Err(not_json(response).await);
        }
        return Ok(response);
    }
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok())
        .filter(|secs| secs.is_finite() && *secs >= 0.0)
        .map(|secs| Duration::from_secs_f64(secs.min(RETRY_AFTER_SECS_MAX as f64)));
    let html = is_html(&response);
    let body = read(response).await.unwrap_or_default();
    Err(refusal(status, retry_after, html, &body))
}

fn refusal(
    status: StatusCode,
    retry_after: Option<Duration>,
    html: bool,
    body: &[u8],
) -> WireError {
    let message = message_in(body);
    let lower = message.to_lowercase();
    let code = status.as_u16();
    let about_context = [
        "context length",
        "context_length",
        "maximum context",
        "context window",
        "too many tokens",
    ];
    match code {
        401 | 403 => WireError::Unauthorized(code),
        429 | 503 => WireError::Overloaded {
            status: code,
            retry_after,
        },
        500.. => WireError::Server(code),
        _ if about_context.iter().any(|words| lower.contains(words)) => {
            WireError::ContextOverflow(message)
        }
        _ if html => WireError::NotJson(message),
        404 => WireError::UnknownModel(message),
        _ if lower.contains("model")
            && (lower.contains("not found") || lower.contains("does not exist")) =>
        {
            WireError::UnknownModel(message)
        }
        status => WireError::Refused { status, message },
    }
}

/// What a body says is wrong: OpenAI's `error.message`, else its beginning.
fn message_in(body: &[u8]) -> String {
    let said = serde_json::from_slice::<Value>(body).ok().and_then(|body| {
        let error = body.get("error")?;
        let said = error.get("message").unwrap_or(error);
        Some(said.as_str()?.to_owned())
    });
    let said = said.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    let plain = said.chars().filter(|letter| !letter.is_control());
    plain.take(WORDS_CHARS_MAX).collect()
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("html"))
}

async fn not_json(response: Response) -> WireError {
    match read(response).await {
        Ok(body) => WireError::NotJson(message_in(&body)),
        Err(fault) => fault,
    }
}

/// The whole body, up to its limit.
async fn read(mut response: Response) -> Result<Vec<u8>, WireError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| WireError::Cut)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(WireError::TooLong(ANSWER_BYTES_MAX));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(fault: &reqwest::Error) -> WireError {
    if fault.is_timeout() {
        return WireError::Timeout;
    }
    // The deepest cause says it best, and the address in the outer one may hold a password.
    let mut cause: &dyn std::error::Error = fault;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let said: String = cause.to_string();
    WireError::Unreachable(said.chars().take(WORDS_CHARS_MAX).collect())
}
