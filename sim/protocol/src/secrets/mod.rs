//! Finds keys, tokens and passwords in texts before anybody else reads them.
//!
//! People and programs paste secrets by mistake, and what stands on a board cannot be taken back.
//! [`find`] knows the shapes of keys that are in use, private keys, signed tokens, addresses with passwords and payment cards,
//! and beside them what is named as a secret or looks like nothing but chance.
//! It takes time proportional to the text and never says what it has found, only its kind and its place.
//! [`without()`] gives a text without them, for what is kept or shown all the same.

mod chance;
mod parts;
mod shapes;
#[cfg(test)]
mod tests;
mod without;

pub use without::without;

use std::fmt;

use crate::command::{Rejection, RejectionCode};

/// What kind of secret a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKind {
    /// A key of an agent of this village or of another.
    Village,
    /// A link by which somebody claims an agent or sets a password.
    Link,
    /// A key of a cloud.
    Cloud,
    /// A key of a host of source code or packages.
    Code,
    /// A key of a provider of models.
    Model,
    /// A key of a chat or mail service.
    Chat,
    /// A key of a payment service, or of webhooks.
    Payment,
    /// A private key in PEM, or one for encrypting files.
    PrivateKey,
    /// A signed token (JWT).
    Token,
    /// An address with a password in it.
    Address,
    /// The number of a payment card.
    Card,
    /// Something that is named as a password.
    Password,
    /// Something that is named as a key, or looks like one.
    Key,
}

impl SecretKind {
    /// What it is, as a noun with its article.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Village => "an agent's API key",
            Self::Link => "a one-time link",
            Self::Cloud => "a cloud's access key",
            Self::Code => "an access token for source code or packages",
            Self::Model => "a model provider's API key",
            Self::Chat => "a chat or mail service's token",
            Self::Payment => "a payment or webhook key",
            Self::PrivateKey => "a private key",
            Self::Token => "a signed token",
            Self::Address => "an address with a password",
            Self::Card => "a payment card's number",
            Self::Password => "a password",
            Self::Key => "something that looks like a key",
        }
    }

    /// What stands where something was left out that held it.
    #[must_use]
    pub fn left_out(self) -> String {
        format!("[left out: it held {self}]")
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A secret in a text. It says where, and never what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is.
    pub kind: SecretKind,
    /// At which character it begins, from 1.
    pub character: usize,
}

impl Finding {
    /// Why a text is taken in by nobody. `what` is what it is of, as a noun with its article: `a comment`.
    #[must_use]
    pub fn refusal(self, what: &str) -> Rejection {
        Rejection::new(
            RejectionCode::Secret,
            format!(
                "The text of {what} holds {}, at character {}. Nobody has seen it.",
                self.kind, self.character
            ),
            "Take it out. If it is real, revoke it where it was made and get a new one: whatever wrote this text knows it.",
        )
    }
}

/// A finding by the byte where it begins.
type Found = (usize, SecretKind);

/// Texts shorter than this, in bytes, hold no secret: most lines that are spoken end here.
const BYTES_MIN: usize = 13;

/// The first secret in a text. What it is called by (`password: …`) counts as its beginning.
#[must_use]
pub fn find(text: &str) -> Option<Finding> {
    if text.len() < BYTES_MIN {
        return None;
    }
    let bytes = text.as_bytes();
    let finders: [fn(&[u8]) -> Option<Found>; 8] = [
        shapes::find,
        parts::signed_token,
        parts::bot_token,
        parts::private_key,
        parts::address,
        parts::card,
        chance::named,
        chance::unnamed,
    ];
    // Of two that begin at one place, the more telling one comes first.
    let found = finders.iter().filter_map(|finder| finder(bytes));
    let (at, kind) = found.min_by_key(|&(at, _)| at)?;
    let before = bytes[..at].iter().filter(|&&b| b & 0xC0 != 0x80).count();
    Some(Finding {
        kind,
        character: before + 1,
    })
}

/// Whether a byte may stand in URL-safe base64.
fn is_url64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// How many bytes at the beginning satisfy a condition, counted up to `max`.
fn run(bytes: &[u8], max: usize, is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take(max).take_while(|&&byte| is(byte)).count()
}

/// How many bytes at the end satisfy a condition, counted up to `max`.
fn run_back(bytes: &[u8], max: usize, is: impl Fn(u8) -> bool) -> usize {
    bytes
        .iter()
        .rev()
        .take(max)
        .take_while(|&&byte| is(byte))
        .count()
}

/// Places where a word begins.
fn places<'a>(bytes: &'a [u8], word: &'static [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes
        .windows(word.len())
        .enumerate()
        .filter_map(move |(at, window)| (window == word).then_some(at))
}
