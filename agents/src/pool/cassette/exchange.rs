//! The lines of a cassette.

use hamlet_protocol::secrets;
use serde::{Deserialize, Serialize};

use super::super::Ask;
use crate::memory::Embedder;
use crate::mock::hash;
use crate::wire::{ChatAnswer, Usage};

/// How cassettes are written.
const FORMAT: u32 = 1;

/// What is written down where the run ended before an answer came.
pub(super) const CUT_OFF: &str = "cut_off";

/// The first line. Older cassettes begin with an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    /// The format.
    cassette: u32,
    /// The model that made vectors of memories, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    embedder: Option<String>,
}

impl Header {
    pub(super) fn of(embedder: &Embedder) -> Self {
        let name = match embedder {
            Embedder::Lexical => None,
            Embedder::Model(name) => Some(name.clone()),
        };
        Self {
            cassette: FORMAT,
            embedder: name,
        }
    }

    /// Whether what follows is written as here.
    pub(super) fn is_known(&self) -> bool {
        self.cassette == FORMAT
    }

    pub(super) fn embedder(self) -> Embedder {
        self.embedder.map_or(Embedder::Lexical, Embedder::Model)
    }
}

/// A request and what came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Exchange {
    /// Of the request.
    pub(super) key: String,
    /// The model that answered.
    #[serde(default)]
    pub(super) model: String,
    /// Its endpoint.
    #[serde(default)]
    pub(super) endpoint: String,
    /// Micro-dollars.
    #[serde(default)]
    pub(super) cost: f64,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<ChatAnswer>,
    /// What every endpoint says of this request instead: `context_overflow`, a refusal, or no vectors; or that the run ended before its answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<String>,
    /// Vectors of texts, to the bit: each number in hexadecimal digits, lowest byte first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) vectors: Option<Vec<String>>,
    /// What the vectors took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) usage: Option<Usage>,
}

impl Exchange {
    /// The vectors as numbers.
    pub(super) fn numbers(&self) -> Option<Vec<Vec<f32>>> {
        let vectors = self.vectors.as_ref()?.iter();
        vectors.map(|digits| from_hex(digits)).collect()
    }
}

/// A number for all that is asked.
pub(super) fn key_of(ask: &Ask) -> String {
    let request = &ask.request;
    let asked = (
        &request.messages,
        &request.tools,
        &request.response_format,
        ask.answer_tokens_max,
        ask.purpose,
    );
    key(&asked)
}

/// A number for texts that want vectors of a model.
pub(super) fn key_of_vectors(model: &str, texts: &[String]) -> String {
    key(&("vectors", model, texts))
}

fn key(asked: &impl Serialize) -> String {
    let asked = serde_json::to_string(asked).unwrap_or_default();
    format!("{:016x}{:016x}", hash(11, &asked), hash(12, &asked))
}

/// An answer without what looks like a key.
pub(super) fn redacted(answer: &ChatAnswer) -> ChatAnswer {
    let mut answer = answer.clone();
    let calls = answer.calls.iter_mut();
    let texts = calls.map(|call| &mut call.arguments);
    for text in texts
        .chain([&mut answer.content])
        .chain(&mut answer.refusal)
    {
        *text = secrets::without(text).into_owned();
    }
    answer
}

/// A vector in digits: what is played must be the same to the last bit.
pub(super) fn to_hex(vector: &[f32]) -> String {
    let numbers = vector.iter();
    let digits = numbers.map(|number| format!("{:08x}", number.to_bits().swap_bytes()));
    digits.collect()
}

fn from_hex(digits: &str) -> Option<Vec<f32>> {
    let (numbers, rest) = digits.as_bytes().as_chunks::<8>();
    let read = |digits: &[u8; 8]| {
        let digits = std::str::from_utf8(digits).ok()?;
        let bits = u32::from_str_radix(digits, 16).ok()?;
        Some(f32::from_bits(bits.swap_bytes()))
    };
    let vector: Option<Vec<f32>> = numbers.iter().map(read).collect();
    vector.filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::secrets::SecretKind;

    use super::*;
    use crate::wire::ToolCall;

    #[test]
    fn vectors_come_back_to_the_bit() {
        let vector = [0.1_f32, -1.0 / 3.0, f32::MIN_POSITIVE, 7e37, 0.0];
        let digits = to_hex(&vector);
        assert_eq!(digits.len(), 40);
        assert_eq!(to_hex(&[1.0]), "0000803f", "lowest byte first");
        assert_eq!(from_hex(&digits).as_deref(), Some(&vector[..]));
        for odd in ["0000803", "0000803g", "00008ß3f"] {
            assert_eq!(from_hex(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_answer_is_written_down_without_its_keys() {
        let key = format!("sk-proj-{}", "Zx9Kq2Lm8Vt4Rb7Nw3Yp6Hd1".repeat(2));
        let answer = redacted(&ChatAnswer {
            content: format!("Good morning.\n{key}\nGood night."),
            calls: vec![ToolCall {
                arguments: format!("{{\"text\": \"{key}\"}}"),
                ..ToolCall::default()
            }],
            refusal: Some(key),
            ..ChatAnswer::default()
        });
        let gone = SecretKind::Model.left_out();
        assert_eq!(
            answer.content,
            format!("Good morning.\n{gone}\nGood night.")
        );
        assert_eq!(answer.calls[0].arguments, gone);
        assert_eq!(answer.refusal.as_deref(), Some(gone.as_str()));
    }

    #[test]
    fn the_first_line_names_the_embedder() {
        for embedder in [Embedder::Lexical, Embedder::Model("meaning".to_owned())] {
            let line = serde_json::to_string(&Header::of(&embedder)).expect("JSON");
            let header: Header = serde_json::from_str(&line).expect("a header");
            assert_eq!(header.embedder(), embedder);
            assert!(serde_json::from_str::<Exchange>(&line).is_err());
        }
        let exchange = r#"{"key": "a", "cost": 1}"#;
        assert!(serde_json::from_str::<Header>(exchange).is_err());
    }
}
