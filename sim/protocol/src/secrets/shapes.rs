//! Keys that begin with a word of their own.

use super::chance::Looks;
use super::{Found, SecretKind, is_url64, run};

/// What the part after the beginning is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// Letters and digits.
    Plain,
    /// Letters, digits, `-` and `_`.
    Url,
    /// Digits and `a` to `f`.
    Hex,
    /// Capitals and digits.
    Capitals,
    /// As `Url`, and no words: for beginnings so short that ordinary words have them.
    Chance,
}

impl Letters {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Plain => byte.is_ascii_alphanumeric(),
            Self::Url | Self::Chance => is_url64(byte),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        }
    }
}

/// How a kind of key looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// What it begins with.
    pub(super) begins: &'static str,
    pub(super) kind: SecretKind,
    pub(super) letters: Letters,
    /// Characters after the beginning, at least.
    pub(super) chars: usize,
}

/// Different characters that a key has after its beginning, at least: `xxxxxxxx` is a placeholder.
const DIFFERENT_MIN: usize = 6;
/// How keys end that were made up for manuals.
const MADE_UP: &[u8] = b"EXAMPLE";

const fn shape(begins: &'static str, kind: SecretKind, letters: Letters, chars: usize) -> Shape {
    Shape {
        begins,
        kind,
        letters,
        chars,
    }
}

/// All shapes; of two that fit, the first counts.
pub(super) const SHAPES: &[Shape] = &[
    shape("hamlet_sk_", SecretKind::Village, Letters::Url, 43),
    shape("moltbook_sk_", SecretKind::Village, Letters::Url, 20),
    shape("moltbook_", SecretKind::Village, Letters::Chance, 24),
    shape("/claim/", SecretKind::Link, Letters::Url, 43),
    shape("/reset/", SecretKind::Link, Letters::Url, 43),
    shape("AKIA", SecretKind::Cloud, Letters::Capitals, 16),
    shape("ASIA", SecretKind::Cloud, Letters::Capitals, 16),
    shape("AIza", SecretKind::Cloud, Letters::Url, 35),
    shape("ya29.", SecretKind::Cloud, Letters::Url, 30),
    shape("GOCSPX-", SecretKind::Cloud, Letters::Url, 28),
    shape("dop_v1_", SecretKind::Cloud, Letters::Hex, 64),
    shape("doo_v1_", SecretKind::Cloud, Letters::Hex, 64),
    shape("tskey-auth-", SecretKind::Cloud, Letters::Url, 20),
    shape("hvs.", SecretKind::Cloud, Letters::Url, 24),
    shape("dapi", SecretKind::Cloud, Letters::Hex, 32),
    shape("ghp_", SecretKind::Code, Letters::Plain, 36),
    shape("gho_", SecretKind::Code, Letters::Plain, 36),
    shape("ghu_", SecretKind::Code, Letters::Plain, 36),
    shape("ghs_", SecretKind::Code, Letters::Plain, 36),
    shape("ghr_", SecretKind::Code, Letters::Plain, 36),
    shape("github_pat_", SecretKind::Code, Letters::Url, 60),
    shape("glpat-", SecretKind::Code, Letters::Url, 20),
    shape("gldt-", SecretKind::Code, Letters::Url, 20),
    shape("glrt-", SecretKind::Code, Letters::Url, 20),
    shape("npm_", SecretKind::Code, Letters::Plain, 36),
    shape("pypi-", SecretKind::Code, Letters::Url, 60),
    shape("dckr_pat_", SecretKind::Code, Letters::Url, 27),
    shape("sk-ant-", SecretKind::Model, Letters::Url, 32),
    shape("sk-proj-", SecretKind::Model, Letters::Url, 40),
    shape("sk-svcacct-", SecretKind::Model, Letters::Url, 40),
    shape("sk-or-v1-", SecretKind::Model, Letters::Hex, 64),
    shape("sk-", SecretKind::Model, Letters::Chance, 40),
    shape("gsk_", SecretKind::Model, Letters::Plain, 48),
    shape("xai-", SecretKind::Model, Letters::Plain, 60),
    shape("hf_", SecretKind::Model, Letters::Plain, 34),
    shape("r8_", SecretKind::Model, Letters::Plain, 37),
    shape("pplx-", SecretKind::Model, Letters::Plain, 40),
    shape("nvapi-", SecretKind::Model, Letters::Url, 60),
    shape("xoxb-", SecretKind::Chat, Letters::Url, 40),
    shape("xoxp-", SecretKind::Chat, Letters::Url, 40),
    shape("xoxa-", SecretKind::Chat, Letters::Url, 40),
    shape("xoxr-", SecretKind::Chat, Letters::Url, 40),
    shape("xoxs-", SecretKind::Chat, Letters::Url, 40),
    shape("xapp-1-", SecretKind::Chat, Letters::Url, 40),
    shape("key-", SecretKind::Chat, Letters::Hex, 32),
    shape("sk_live_", SecretKind::Payment, Letters::Plain, 24),
    shape("rk_live_", SecretKind::Payment, Letters::Plain, 24),
    shape("sk_test_", SecretKind::Payment, Letters::Plain, 24),
    shape("rk_test_", SecretKind::Payment, Letters::Plain, 24),
    shape("sq0csp-", SecretKind::Payment, Letters::Url, 43),
    shape("sq0atp-", SecretKind::Payment, Letters::Url, 22),
    shape("whsec_", SecretKind::Payment, Letters::Plain, 24),
    shape(
        "AGE-SECRET-KEY-1",
        SecretKind::PrivateKey,
        Letters::Capitals,
        58,
    ),
];

/// Bytes with which a shape begins.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let mut index = 0;
    while index < SHAPES.len() {
        first[SHAPES[index].begins.as_bytes()[0] as usize] = true;
        index += 1;
    }
    first
};

impl Shape {
    fn fits(&self, bytes: &[u8]) -> bool {
        let Some(rest) = bytes.strip_prefix(self.begins.as_bytes()) else {
            return false;
        };
        let body = &rest[..rest.len().min(self.chars)];
        if run(body, self.chars, |byte| self.letters.has(byte)) < self.chars {
            return false;
        }
        let looks = Looks::of(body);
        match self.letters {
            Letters::Chance => looks.like_chance(),
            Letters::Capitals if body.ends_with(MADE_UP) => false,
            Letters::Plain | Letters::Url | Letters::Hex | Letters::Capitals => {
                looks.different >= DIFFERENT_MIN
            }
        }
    }
}

/// The first key of a known shape. A key counts whatever stands before and after it.
pub(super) fn find(bytes: &[u8]) -> Option<Found> {
    let begins = |at: &usize| FIRST[bytes[*at] as usize];
    (0..bytes.len()).filter(begins).find_map(|at| {
        let shape = SHAPES.iter().find(|shape| shape.fits(&bytes[at..]))?;
        Some((at, shape.kind))
    })
}
