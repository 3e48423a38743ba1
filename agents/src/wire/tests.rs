use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::mock::{MockConfig, MockServer};

const SOON: Duration = Duration::from_secs(60);
const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

#[test]
fn families_are_known_by_their_names() {
    for reasoning in ["o1", "o3-mini", "gpt-5", "openai/gpt-5-nano", "o4-mini"] {
        assert_eq!(Family::of(reasoning), Family::Reasoning, "{reasoning}");
    }
    for plain in ["gpt-4o", "llama-3.1-8b", "o1x", "qwen/qwen3-8b", "gpt-50"] {
        assert_eq!(Family::of(plain), Family::Plain, "{plain}");
    }
}

#[test]
fn a_reasoning_family_gets_no_temperature() {
    let mut request = ChatRequest {
        model: "o3".to_owned(),
        ..ChatRequest::default()
    };
    request.shape(100, 0.7);
    let body = serde_json::to_value(&request).expect("plain data");
    assert_eq!(body["max_completion_tokens"], 100);
    assert!(body.get("temperature").is_none() && body.get("max_tokens").is_none());
}

#[test]
fn answers_are_read_leniently() {
    let body = json!({"choices": [{"message": {"content": null, "tool_calls": [
        {"function": {"name": "say", "arguments": {"text": "hi"}}}]}}]});
    let read = |body: &str| {
        let body = serde_json::from_str::<answer::Body>(body).ok()?;
        ChatAnswer::try_from(body).ok()
    };
    let answer = read(&body.to_string()).expect("an answer");
    assert_eq!(answer.calls[0].arguments, "{\"text\":\"hi\"}");
    assert_eq!(
        (answer.calls[0].id.as_str(), answer.finish),
        ("call_0", Finish::Calls)
    );
    assert!(!answer.usage.reported);
    for bad in ["", "[]", "{}", "{\"choices\": []}", "<html>"] {
        assert!(read(bad).is_none(), "{bad}");
    }
}

async fn wire(config: MockConfig) -> (MockServer, Wire) {
    let server = MockServer::start(LOOPBACK, config)
        .await
        .expect("a free port");
    let access = Access {
        base_url: server.base_url(),
        ..Access::default()
    };
    let wire = Wire::new(access).expect("an address");
    (server, wire)
}

fn request() -> ChatRequest {
    ChatRequest {
        model: "mock".to_owned(),
        messages: vec![
            ChatMessage::new(Role::System, "rules"),
            ChatMessage::new(
                Role::User,
                "It is Monday 12:00.\nPlaces:\n- Market (market), 3 tiles east, open\n",
            ),
        ],
        tools: vec![
            Tool::new("go_to", "walk", json!({})),
            Tool::new("say", "say", json!({})),
        ],
        ..ChatRequest::default()
    }
}

#[tokio::test]
async fn in_pieces_and_whole_an_answer_is_the_same() {
    let (_server, wire) = wire(MockConfig::default()).await;
    let whole = wire.chat(&request(), SOON).await.expect("an answer");
    let mut heard = String::new();
    let pieces = wire
        .chat_streamed(&request(), SOON, |Delta(words)| heard.push_str(&words))
        .await;
    let mut pieces = pieces.expect("an answer");
    assert_eq!(heard, whole.content);
    // The second finds its beginning in the cache.
    assert!(pieces.usage.cached > whole.usage.cached);
    pieces.usage.cached = whole.usage.cached;
    assert_eq!(pieces, whole);
}

#[tokio::test]
async fn models_and_vectors_are_read() {
    let (_server, wire) = wire(MockConfig::default()).await;
    assert_eq!(wire.models(SOON).await, Ok(vec!["mock".to_owned()]));
    let texts = [
        "bread and roses".to_owned(),
        "bread and butter".to_owned(),
        "the sea".to_owned(),
    ];
    let vectors = wire.embed("mock", &texts, SOON).await.expect("vectors");
    assert!(vectors.usage.reported && vectors.usage.input > 8);
    let vectors = vectors.vectors;
    let likeness = |a: usize, b: usize| -> f32 {
        vectors[a].iter().zip(&vectors[b]).map(|(a, b)| a * b).sum()
    };
    assert!(likeness(0, 1) > likeness(0, 2));
}

/// A server that says these bytes to whoever asks, once, and hangs up.
async fn saying(bytes: &'static [u8]) -> Wire {
    let listener = tokio::net::TcpListener::bind(LOOPBACK).await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("somebody asks");
        let mut asked = vec![0; 1 << 16];
        drop(stream.read(&mut asked).await);
        drop(stream.write_all(bytes).await);
        drop(stream.shutdown().await);
        // Whoever hangs up on unread bytes resets the connection: what was said would be lost.
        drop(stream.read_to_end(&mut asked).await);
    });
    Wire::new(Access {
        base_url: format!("http://{address}/v1"),
        ..Access::default()
    })
    .expect("an address")
}

#[tokio::test]
async fn a_stream_that_ends_early_is_cut_off() {
    let early = saying(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\
        data: {\"choices\": [{\"delta\": {\"content\": \"half\"}}]}\n\nda",
    );
    let mut heard = String::new();
    let early = early.await;
    let answer = early
        .chat_streamed(&request(), SOON, |Delta(words)| heard.push_str(&words))
        .await;
    assert_eq!((answer, heard.as_str()), (Err(WireError::Cut), "half"));
    let garbled = saying(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\ndata: {oh\n\n",
    );
    let answer = garbled.await.chat_streamed(&request(), SOON, drop).await;
    assert!(matches!(answer, Err(WireError::Malformed(_))), "{answer:?}");
}

#[tokio::test]
async fn what_no_answer_can_be_has_a_name() {
    let page = saying(
        b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<h1>Log in</h1>",
    )
    .await;
    let answer = page.chat(&request(), SOON).await;
    assert_eq!(
        answer,
        Err(WireError::NotJson("<h1>Log in</h1>".to_owned()))
    );
    let short = saying(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{\"choi",
    )
    .await;
    assert_eq!(short.chat(&request(), SOON).await, Err(WireError::Cut));
    let busy =
        saying(b"HTTP/1.1 429 Too Many\r\nretry-after: 1.5\r\ncontent-length: 0\r\n\r\n").await;
    let wait = Some(Duration::from_millis(1500));
    assert_eq!(
        busy.chat(&request(), SOON).await,
        Err(WireError::Overloaded {
            status: 429,
            retry_after: wait
        })
    );
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let listener = tokio::net::TcpListener::bind(LOOPBACK).await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("it listens");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("somebody asks");
        let mut asked = vec![0; 1 << 16];
        drop(stream.read(&mut asked).await);
        let start =
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n[";
        stream.write_all(start).await.expect("it listens");
        while stream.write_all(&[b' '; 1 << 16]).await.is_ok() {}
    });
    let access = Access {
        base_url: format!("http://{address}/v1"),
        ..Access::default()
    };
    let wire = Wire::new(access).expect("an address");
    let answer = wire.chat(&request(), SOON).await;
    assert!(matches!(answer, Err(WireError::TooLong(_))), "{answer:?}");
}

#[test]
fn an_address_that_is_none_is_refused_and_keys_stay_hidden() {
    for bad in ["", "nowhere", "ftp://x/v1"] {
        let access = Access {
            base_url: bad.to_owned(),
            ..Access::default()
        };
        assert!(
            matches!(Wire::new(access), Err(WireError::Setting(_))),
            "{bad}"
        );
    }
    let access = Access {
        base_url: "http://127.0.0.1:8000/v1".to_owned(),
        api_key: Some("sk-very-secret".to_owned()),
        ..Access::default()
    };
    assert!(!format!("{access:?}").contains("secret"));
    let wire = Wire::new(access.clone()).expect("an address");
    assert!(!format!("{wire:?}").contains("secret"));
    let unsendable = Access {
        api_key: Some("two\nlines".to_owned()),
        ..access
    };
    let refused = Wire::new(unsendable).expect_err("no header has two lines");
    assert!(!refused.to_string().contains("lines\n"), "{refused}");
}
