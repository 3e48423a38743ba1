//! The server itself: routes, time, faults.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

use super::cache::PrefixCache;
use super::resident::Said;
use super::{Behaviour, MockConfig, MockStats, hash, obedient, resident, worker};
use crate::wire::{ChatRequest, FunctionCall, Role, WireCall};

/// Bytes of a request.
const REQUEST_BYTES_MAX: usize = 16 << 20;
/// Numbers of a vector.
const VECTOR_LEN: usize = 64;
/// Characters of one piece of a stream.
const PIECE_CHARS: usize = 16;

type Body = UnsyncBoxBody<Bytes, CutOff>;

/// A running server. It ends when it is dropped.
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    mock: Arc<Mock>,
    task: JoinHandle<()>,
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl MockServer {
    /// Serves at this address; port 0 takes any that is free.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(listen: SocketAddr, config: MockConfig) -> std::io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let mock = Arc::new(Mock::new(config));
        let task = tokio::spawn(accept(listener, Arc::clone(&mock)));
        Ok(Self {
            address,
            mock,
            task,
        })
    }

    /// Its address as an endpoint's `base_url`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What it has done so far.
    #[must_use]
    pub fn stats(&self) -> MockStats {
        self.mock.stats()
    }

    /// Ready when it has died of [`MockConfig::die_after`].
    pub async fn dead(&self) {
        self.mock.dead.notified().await;
    }
}

async fn accept(listener: TcpListener, mock: Arc<Mock>) {
    // Connections end with the set, and so with the server.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
            () = mock.dying.notified() => {
                connections.abort_all();
                mock.dead.notify_one();
                return;
            }
        };
        // Small answers must not wait for more to come.
        drop(stream.set_nodelay(true));
        let mock = Arc::clone(&mock);
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let mock = Arc::clone(&mock);
                async move { mock.serve(request).await }
            });
            let served = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
            // Whoever hangs up, or is cut off, has done so on purpose.
            drop(served);
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Why a connection is cut.
#[derive(Debug, thiserror::Error)]
#[error("cut off on purpose")]
struct CutOff;

#[derive(Debug)]
struct Mock {
    config: MockConfig,
    slots: Option<Semaphore>,
    cache: Mutex<PrefixCache>,
    requests: AtomicU64,
    answers: AtomicU64,
    hits: AtomicU64,
    vectors: AtomicU64,
    at_once: AtomicUsize,
    waiting: AtomicUsize,
    at_once_most: AtomicUsize,
    dying: Notify,
    dead: Notify,
}

impl Mock {
    fn new(config: MockConfig) -> Self {
        Self {
            slots: (config.slots > 0).then(|| Semaphore::new(config.slots)),
            cache: Mutex::new(PrefixCache::new(config.cached_prefixes)),
            requests: AtomicU64::new(0),
            answers: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            vectors: AtomicU64::new(0),
            at_once: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            at_once_most: AtomicUsize::new(0),
            dying: Notify::new(),
            dead: Notify::new(),
            config,
        }
    }

    fn stats(&self) -> MockStats {
        MockStats {
            requests: self.requests.load(Ordering::Relaxed),
            answers: self.answers.load(Ordering::Relaxed),
            hits: self.hits.load(Ordering::Relaxed),
            at_once_most: self.at_once_most.load(Ordering::Relaxed),
            vectors: self.vectors.load(Ordering::Relaxed),
        }
    }

    async fn serve(&self, request: Request<Incoming>) -> Result<Response<Body>, CutOff> {
        if let Some(key) = &self.config.api_key {
            let given = request.headers().get(AUTHORIZATION);
            if given.and_then(|value| value.to_str().ok()) != Some(&format!("Bearer {key}")) {
                return Ok(error(
                    StatusCode::UNAUTHORIZED,
                    "Incorrect API key provided.",
                ));
            }
        }
        let route = (request.method().clone(), request.uri().path().to_owned());
        match (route.0, route.1.as_str()) {
            (Method::GET, "/v1/models") => Ok(self.models()),
            (Method::GET, "/metrics") if self.config.has_metrics => Ok(self.metrics()),
            (Method::POST, "/v1/chat/completions") => match read(request).await {
                Some(chat) => self.chat(chat).await,
                None => Ok(error(
                    StatusCode::BAD_REQUEST,
                    "The body is no chat request.",
                )),
            },
            (Method::POST, "/v1/embeddings") if self.config.has_vectors => {
                match read(request).await {
                    Some(body) => Ok(self.vectors(&body).await),
                    None => Ok(error(StatusCode::BAD_REQUEST, "The body is no JSON.")),
                }
            }
            _ => Ok(error(StatusCode::NOT_FOUND, "There is nothing here.")),
        }
    }

    fn models(&self) -> Response<Body> {
        let models = self.config.models.iter();
        let models = models.map(|id| json!({"id": id, "object": "model", "owned_by": "hamlet"}));
        answer(&json!({"object": "list", "data": models.collect::<Vec<_>>()}))
    }

    /// What vLLM says of itself, as far as anybody asks.
    fn metrics(&self) -> Response<Body> {
        let stats = self.stats();
        let at_once = self.at_once.load(Ordering::Relaxed);
        let slots = match self.config.slots {
            0 => usize::MAX,
            slots => slots,
        };
        let mark = "{engine=\"0\",model_name=\"mock\"}";
        let text = format!(
            "# TYPE vllm:num_requests_running gauge\n\
             vllm:num_requests_running{mark} {}\n\
             vllm:num_requests_waiting{mark} {}\n\
             vllm:kv_cache_usage_perc{mark} {:.3}\n\
             vllm:prefix_cache_hits_total{mark} {}\n\
             vllm:prefix_cache_queries_total{mark} {}\n",
            at_once.min(slots),
            self.waiting.load(Ordering::Relaxed),
            at_once.min(slots) as f64 / slots.min(1_000) as f64,
            stats.hits,
            stats.requests
        );
        let mut response = Response::new(full(text));
        response.headers_mut().insert(
            CONTENT_TYPE,
            hyper::header::HeaderValue::from_static("text/plain"),
        );
        response
    }

    async fn vectors(&self, body: &Value) -> Response<Body> {
        let number = self.vectors.fetch_add(1, Ordering::Relaxed);
        let turns = &self.config.vectors_latency;
        let turn = (number as usize).checked_rem(turns.len());
        if let Some(latency) = turn.and_then(|turn| turns.get(turn)) {
            tokio::time::sleep(*latency).await;
        }
        embeddings(body)
    }

    async fn chat(&self, chat: ChatRequest) -> Result<Response<Body>, CutOff> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let every = |n: u64| n > 0 && number.is_multiple_of(n);
        let faults = self.config.faults;
        if !self.config.models.contains(&chat.model) {
            let message = format!("The model `{}` does not exist.", chat.model);
            return Ok(error(StatusCode::NOT_FOUND, &message));
        }
        if faults.no_schemas > 0 && asks_by_schema(&chat) {
            let status = StatusCode::from_u16(faults.no_schemas);
            let status = status.unwrap_or(StatusCode::BAD_REQUEST);
            return Ok(error(status, "Input should be 'text' or 'json_object'."));
        }
        if every(faults.hang_every) {
            std::future::pending::<()>().await;
        }
        let away = faults.away_after..faults.away_after + faults.away_for;
        if every(faults.error_every) || away.contains(&(number - 1)) {
            return Ok(error(StatusCode::INTERNAL_SERVER_ERROR, "Out of luck."));
        }
        if every(faults.limit_every) {
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, "Slow down.");
            response
                .headers_mut()
                .insert(RETRY_AFTER, faults.retry_after_secs.into());
            return Ok(response);
        }
        if every(faults.html_every) {
            let mut page = Response::new(full("<html><body>Please sign in.</body></html>"));
            page.headers_mut().insert(
                CONTENT_TYPE,
                hyper::header::HeaderValue::from_static("text/html"),
            );
            return Ok(page);
        }
        let input = tokens(
            chat.messages
                .iter()
                .map(crate::wire::ChatMessage::bytes)
                .sum(),
        );
        if self.config.context_tokens > 0 && input > self.config.context_tokens {
            let message = format!(
                "This model's maximum context length is {} tokens, the prompt has {input}.",
                self.config.context_tokens
            );
            return Ok(error(StatusCode::BAD_REQUEST, &message));
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let queued = Busy(&self.waiting);
        let permit = match &self.slots {
            Some(slots) => slots.acquire().await.ok(),
            None => None,
        };
        drop(queued);
        let at_once = self.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        self.at_once_most.fetch_max(at_once, Ordering::Relaxed);
        let busy = Busy(&self.at_once);
        let (words, calls) = self.said(&chat, number);
        let output = tokens(
            words.len()
                + calls
                    .iter()
                    .map(|call| call.function.name.len() + call.function.arguments.len())
                    .sum::<usize>(),
        ) + self.thought(&chat);
        let cached = self.cached(&chat);
        let is_stream = chat.stream == Some(true);
        let writing = at_rate(output, self.config.write_tokens_per_sec);
        let mut took = self.config.latency
            + at_rate(input - cached.min(input), self.config.read_tokens_per_sec);
        if !is_stream {
            took += writing;
        }
        if !took.is_zero() {
            tokio::time::sleep(took).await;
        }
        drop((busy, permit));
        if every(faults.cut_every) && !is_stream {
            return Ok(cut_short());
        }
        let refusal = every(faults.refuse_every).then_some("I can't help with that.");
        let usage = json!({
            "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output,
            "prompt_tokens_details": {"cached_tokens": cached},
        });
        let done = self.answers.fetch_add(1, Ordering::Relaxed) + 1;
        if self.config.die_after > 0 && done > self.config.die_after {
            self.dying.notify_one();
            return Err(CutOff);
        }
        if is_stream {
            let pieces = pieces(&chat.model, (&words, refusal), &calls, &usage);
            let wait = writing / u32::try_from(pieces.len()).unwrap_or(u32::MAX);
            let middle = pieces.len() / 2;
            return Ok(stream(Pieces {
                wait,
                stalls_at: every(faults.stall_every).then_some(middle),
                cut_at: every(faults.cut_every).then_some(middle),
                left: pieces.into_iter().enumerate(),
            }));
        }
        Ok(answer(&json!({
            "id": format!("chatcmpl-{number}"), "object": "chat.completion", "created": 0, "model": chat.model,
            "choices": [{"index": 0, "finish_reason": if calls.is_empty() { "stop" } else { "tool_calls" },
                "message": {"role": "assistant", "content": words, "refusal": refusal,
                    "tool_calls": if calls.is_empty() { Value::Null } else { json!(calls) }}}],
            "usage": usage,
        })))
    }

    fn said(&self, chat: &ChatRequest, number: u64) -> Said {
        let every = |n: u64| n > 0 && number.is_multiple_of(n);
        let faults = self.config.faults;
        if every(faults.empty_every) || every(faults.refuse_every) {
            return Said::default();
        }
        let mut said = match self.config.behaviour {
            Behaviour::Resident if worker::is_asked(chat) => worker::answer(self.config.seed, chat),
            Behaviour::Resident => resident::answer(self.config.seed, chat),
            Behaviour::Polite => resident::polite(self.config.seed, chat),
            Behaviour::Obedient => obedient::answer(self.config.seed, chat),
            Behaviour::Echo => {
                let last = chat.messages.last();
                let words = last.and_then(|message| message.content.clone());
                (words.unwrap_or_default(), Vec::new())
            }
        };
        if every(faults.invent_every) {
            said.1 = vec![WireCall {
                id: "call_invented".to_owned(),
                kind: "function".to_owned(),
                function: FunctionCall {
                    name: "summon_dragon".to_owned(),
                    arguments: "{}".to_owned(),
                },
            }];
        }
        if every(faults.garble_every)
            && let Some(call) = said.1.first_mut()
        {
            call.function.arguments = "{\"to\": [".to_owned();
        }
        said
    }

    /// Tokens that are thought before the answer to a chat.
    fn thought(&self, chat: &ChatRequest) -> u64 {
        let chance = || resident::chance_of(self.config.seed, chat);
        let thinking = self.config.thinking.as_ref();
        thinking.map_or(0, |thinking| thinking.tokens(chance()))
    }

    /// Tokens of the prompt's stable beginning, where that was read before.
    fn cached(&self, chat: &ChatRequest) -> u64 {
        let system = chat.messages.first();
        let Some(system) = system.filter(|message| message.role == Role::System) else {
            return 0;
        };
        let words = system.content.as_deref().unwrap_or_default();
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if !cache.read(hash(0, words)) {
            return 0;
        }
        self.hits.fetch_add(1, Ordering::Relaxed);
        tokens(words.len())
    }
}

/// One request in work.
struct Busy<'a>(&'a AtomicUsize);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn asks_by_schema(chat: &ChatRequest) -> bool {
    let form = chat.response_format.as_ref();
    form.is_some_and(|form| form["type"] == "json_schema")
}

/// Four bytes a token.
fn tokens(bytes: usize) -> u64 {
    bytes.div_ceil(4) as u64
}

fn at_rate(tokens: u64, per_sec: f64) -> Duration {
    if per_sec > 0.0 {
        Duration::from_secs_f64(tokens as f64 / per_sec)
    } else {
        Duration::ZERO
    }
}

async fn read<T: serde::de::DeserializeOwned>(request: Request<Incoming>) -> Option<T> {
    let body = Limited::new(request.into_body(), REQUEST_BYTES_MAX);
    let bytes = body.collect().await.ok()?.to_bytes();
    serde_json::from_slice(&bytes).ok()
}

fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

fn answer(body: &Value) -> Response<Body> {
    let mut response = Response::new(full(body.to_string()));
    response.headers_mut().insert(
        CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("application/json"),
    );
    response
}

fn error(status: StatusCode, message: &str) -> Response<Body> {
    let mut response =
        answer(&json!({"error": {"message": message, "type": "invalid_request_error"}}));
    *response.status_mut() = status;
    response
}

/// An answer that ends in the middle of its JSON, though it said how long it would be.
fn cut_short() -> Response<Body> {
    let begun = Bytes::from_static(b"{\"choices\": [{\"message\": {\"content\": \"I was ab");
    let body = Torn(Some(begun));
    let mut response = Response::new(body.boxed_unsync());
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_LENGTH, 4_096.into());
    response
}

/// A body that breaks off after its first piece.
struct Torn(Option<Bytes>);

impl HttpBody for Torn {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        let piece = self.0.take();
        Poll::Ready(Some(piece.map(Frame::data).ok_or(CutOff)))
    }
}

fn embeddings(body: &Value) -> Response<Body> {
    let texts: Vec<&str> = match body.get("input") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => return error(StatusCode::BAD_REQUEST, "There is no input."),
    };
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| json!({"object": "embedding", "index": at, "embedding": vector(text)}))
        .collect();
    let used: u64 = texts.iter().map(|text| tokens(text.len())).sum();
    answer(
        &json!({"object": "list", "data": data, "model": body.get("model"),
        "usage": {"prompt_tokens": used, "total_tokens": used}}),
    )
}

/// A bag of words as a vector: texts that share words lie near each other.
fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0_f32; VECTOR_LEN];
    for word in text
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
    {
        if !word.is_empty() {
            vector[hash(0, word) as usize % VECTOR_LEN] += 1.0;
        }
    }
    let length = vector
        .iter()
        .map(|it| it * it)
        .sum::<f32>()
        .sqrt()
        .max(1e-6);
    vector.iter().map(|it| it / length).collect()
}

/// An answer in pieces, as they are sent.
fn pieces(
    model: &str,
    (words, refusal): (&str, Option<&str>),
    calls: &[WireCall],
    usage: &Value,
) -> Vec<String> {
    let chunk = |delta: Value, finish: Value| {
        let chunk = json!({"object": "chat.completion.chunk", "model": model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
        format!("data: {chunk}\n\n")
    };
    let mut pieces = vec![chunk(json!({"role": "assistant"}), Value::Null)];
    let letters: Vec<char> = words.chars().collect();
    for piece in letters.chunks(PIECE_CHARS) {
        let piece: String = piece.iter().collect();
        pieces.push(chunk(json!({"content": piece}), Value::Null));
    }
    if let Some(refusal) = refusal {
        pieces.push(chunk(json!({"refusal": refusal}), Value::Null));
    }
    for (at, call) in calls.iter().enumerate() {
        let call =
            json!({"index": at, "id": call.id, "type": "function", "function": call.function});
        pieces.push(chunk(json!({"tool_calls": [call]}), Value::Null));
    }
    let reason = if calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    pieces.push(chunk(json!({}), json!(reason)));
    pieces.push(format!(
        "data: {}\n\ndata: [DONE]\n\n",
        json!({"choices": [], "usage": usage})
    ));
    pieces
}

/// Pieces of a stream with what happens on the way.
struct Pieces {
    /// Time before each.
    wait: Duration,
    /// Before which it falls silent.
    stalls_at: Option<usize>,
    /// Before which it breaks off.
    cut_at: Option<usize>,
    left: std::iter::Enumerate<std::vec::IntoIter<String>>,
}

fn stream(pieces: Pieces) -> Response<Body> {
    let frames = futures_util::stream::unfold(pieces, |mut pieces| async move {
        let (at, piece) = pieces.left.next()?;
        if pieces.stalls_at == Some(at) {
            std::future::pending::<()>().await;
        }
        if pieces.cut_at == Some(at) {
            return Some((Err(CutOff), pieces));
        }
        if !pieces.wait.is_zero() {
            tokio::time::sleep(pieces.wait).await;
        }
        Some((Ok(Frame::data(Bytes::from(piece))), pieces))
    });
    let mut response = Response::new(StreamBody::new(frames).boxed_unsync());
    response.headers_mut().insert(
        CONTENT_TYPE,
        hyper::header::HeaderValue::from_static("text/event-stream"),
    );
    response
}
