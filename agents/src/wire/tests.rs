use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::mock::{MockConfig, MockServer};

const SOON: Duration = Duration::from_secs(10);
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
    let answer = ChatAnswer::read(body.to_string().as_bytes()).expect("an answer");
    assert_eq!(answer.calls[0].arguments, "{\"text\":\"hi\"}");
    assert_eq!(
        (answer.calls[0].id.as_str(), answer.finish),
        ("call_0", Finish::Calls)
    );
    assert!(!answer.usage.reported);
    for bad in ["", "[]", "{}", "{\"choices\": []}", "<html>"] {
        assert!(ChatAnswer::read(bad.as_bytes()).is_err(), "{bad}");
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
    let likeness = |a: usize, b: usize| -> f32 {
        vectors[a].iter().zip(&vectors[b]).map(|(a, b)| a * b).sum()
    };
    assert!(likeness(0, 1) > likeness(0, 2));
}

#[tokio::test]
async fn a_stream_that_ends_early_is_cut_off() {
    let mut gatherer = stream::Gatherer::default();
    gatherer
        .take(b"data: {\"choices\": [{\"delta\": {\"content\": \"hel\"}}]}\n\nda")
        .expect("a piece");
    assert_eq!(gatherer.end(), Err(WireError::Cut));
    let mut garbled = stream::Gatherer::default();
    assert!(garbled.take(b"data: {oh\n").is_err());
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
        api_key: Some("sk-very-secret".to_owned()),
        ..Access::default()
    };
    assert!(!format!("{access:?}").contains("secret"));
}
