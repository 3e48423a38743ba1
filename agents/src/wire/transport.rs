//! What goes over the network, and what a pool has to know of it: status, `Retry-After`, pages that are no JSON, limits.
//!
//! It stands below the library as its HTTP service, since above it such things are no longer to be seen. Nothing is sent twice here: that is the pool's to decide.

use std::error::Error;
use std::time::Duration;

use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use http_body_util::{LengthLimitError, Limited};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tower::{BoxError, Service, service_fn};

use super::error::WireError;

/// Bytes of one answer.
const ANSWER_BYTES_MAX: usize = 4 << 20;
/// Characters of a server's words that are passed on.
const WORDS_CHARS_MAX: usize = 200;
/// Time to reach an endpoint.
const CONNECT_SECS: u64 = 5;
/// Longest wait that an endpoint may ask for, in seconds.
const RETRY_AFTER_SECS_MAX: u64 = 300;

/// What connections are made by.
///
/// # Errors
/// [`WireError::Setting`] where none can be made.
pub(super) fn http() -> Result<reqwest::Client, WireError> {
    if tokio_rustls::rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may have been faster: then theirs is in force.
        drop(tokio_rustls::rustls::crypto::ring::default_provider().install_default());
    }
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(CONNECT_SECS))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|fault| WireError::Setting(fault.to_string()))
}

/// The service that the library sends its requests by.
pub(super) fn service(
    http: reqwest::Client,
) -> impl Service<
    HttpRequestFactory,
    Response = Response,
    Error = BoxError,
    Future = impl Future<Output = Result<Response, BoxError>> + Send + 'static,
> + Clone
+ Send
+ Sync
+ 'static {
    service_fn(move |request: HttpRequestFactory| {
        let http = http.clone();
        async move {
            let request = request.build().await?;
            let response = http.execute(request).await;
            let response = response.map_err(|fault| unreachable(&fault))?;
            Ok(answered(limited(response)).await?)
        }
    })
}

/// A page that is no JSON, within the same limits.
///
/// # Errors
/// [`WireError`].
pub(super) async fn page(asked: reqwest::RequestBuilder) -> Result<String, WireError> {
    let response = asked.send().await.map_err(|fault| unreachable(&fault))?;
    let page = answered(limited(response)).await?;
    page.text().await.map_err(|fault| broken(&fault))
}

/// A response whose body ends with an error where it is too long.
fn limited(response: Response) -> Response {
    let response = hyper::Response::<reqwest::Body>::from(response);
    Response::from(response.map(|body| reqwest::Body::wrap(Limited::new(body, ANSWER_BYTES_MAX))))
}

/// A response that has an answer in it; any other becomes an error.
async fn answered(response: Response) -> Result<Response, WireError> {
    let (status, html) = (response.status(), is_html(&response));
    if status.is_success() && !html {
        return Ok(response);
    }
    let retry_after = retry_after(&response);
    let body = response.bytes().await;
    if status.is_success() {
        return Err(match body {
            Ok(body) => WireError::NotJson(message_in(&body)),
            Err(fault) => broken(&fault),
        });
    }
    Err(refusal(
        status,
        retry_after,
        html,
        &body.unwrap_or_default(),
    ))
}

fn retry_after(response: &Response) -> Option<Duration> {
    let asked = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let secs: f64 = asked.trim().parse().ok()?;
    (secs.is_finite() && secs >= 0.0)
        .then(|| Duration::from_secs_f64(secs.min(RETRY_AFTER_SECS_MAX as f64)))
}

impl From<OpenAIError> for WireError {
    fn from(fault: OpenAIError) -> Self {
        match fault {
            OpenAIError::Boxed(inner) => match inner.downcast::<Self>() {
                Ok(known) => *known,
                Err(other) => Self::Setting(other.to_string()),
            },
            OpenAIError::Reqwest(fault) => broken(&fault),
            OpenAIError::JSONDeserialize(fault, _) => Self::Malformed(fault.to_string()),
            OpenAIError::StreamError(_) => Self::Cut,
            OpenAIError::ApiError(answer) => Self::Refused {
                status: answer.status_code.as_u16(),
                message: shortened(&answer.api_error.message),
            },
            other => Self::Setting(other.to_string()),
        }
    }
}

/// A body that did not come to its end.
fn broken(fault: &reqwest::Error) -> WireError {
    match deepest(fault).is::<LengthLimitError>() {
        true => WireError::TooLong(ANSWER_BYTES_MAX),
        false => WireError::Cut,
    }
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
        500 if names_form(&lower) => WireError::NoForm {
            status: code,
            message,
        },
        500.. => WireError::Server(code),
        _ if about_context.iter().any(|words| lower.contains(words)) => {
            WireError::ContextOverflow(message)
        }
        _ if html => WireError::NotJson(message),
        400 | 422 if names_form(&lower) => WireError::NoForm {
            status: code,
            message,
        },
        404 => WireError::UnknownModel(message),
        _ if lower.contains("model")
            && (lower.contains("not found") || lower.contains("does not exist")) =>
        {
            WireError::UnknownModel(message)
        }
        status => WireError::Refused { status, message },
    }
}

/// Whether a server's words are about the form that an answer is to have.
fn names_form(lower: &str) -> bool {
    let words = ["response_format", "json_schema", "grammar"];
    words.into_iter().any(|word| lower.contains(word))
}

/// What a body says is wrong: OpenAI's `error.message`, else its beginning.
fn message_in(body: &[u8]) -> String {
    let said = serde_json::from_slice::<Value>(body).ok().and_then(|body| {
        let error = body.get("error")?;
        let said = error.get("message").unwrap_or(error);
        Some(said.as_str()?.to_owned())
    });
    let said = said.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    shortened(&said)
}

fn shortened(words: &str) -> String {
    let plain = words.chars().filter(|letter| !letter.is_control());
    plain.take(WORDS_CHARS_MAX).collect()
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("html"))
}

fn unreachable(fault: &reqwest::Error) -> WireError {
    if fault.is_timeout() {
        return WireError::Timeout;
    }
    // The deepest cause says it best, and the address in the outer one may hold a password.
    WireError::Unreachable(shortened(&deepest(fault).to_string()))
}

/// The cause of all causes.
fn deepest<'a>(fault: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = fault;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}
