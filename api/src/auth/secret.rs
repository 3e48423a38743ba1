//! Secrets: keys, tokens and codes from the operating system's chance. Only their hashes are kept.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Bytes of chance in a secret.
const SECRET_BYTES: usize = 32;
/// Characters of a key that its list shows.
const PREFIX_CHARS: usize = 12;

/// A secret in clear text: told once, never logged, never kept.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new secret with 256 bits of chance behind a prefix that says what it is, such as `hamlet_sk_`.
    ///
    /// # Errors
    /// When the operating system gives no chance.
    pub fn new(kind: &str) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{kind}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// A secret that was made in another way.
    pub(crate) fn of(text: String) -> Self {
        Self(text)
    }

    /// In clear text, for whoever it belongs to.
    #[must_use]
    pub fn tell(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        hash_of(&self.0)
    }

    /// Its first characters, by which people tell keys apart.
    #[must_use]
    pub fn prefix(&self) -> String {
        let kind = self.0.rfind("sk_").map_or(0, |at| at + 3);
        self.0.chars().take(kind + PREFIX_CHARS / 2).collect()
    }
}

/// SHA-256 of a secret that somebody shows.
#[must_use]
pub fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
