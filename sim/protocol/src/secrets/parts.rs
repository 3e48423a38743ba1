//! Secrets that are known by several parts and what stands between them.

use super::chance::Looks;
use super::{Found, SecretKind, is_url64, places, run, run_back};

/// Bytes of a bot's token after its number.
const BOT_CHARS: usize = 33;
/// Bytes of an address that are looked at.
const ADDRESS_BYTES_MAX: usize = 300;
/// Bytes of the first line of a private key that are looked at.
const PEM_BYTES_MAX: usize = 48;

/// A token of three parts in base64, of which two are JSON.
pub(super) fn signed_token(bytes: &[u8]) -> Option<Found> {
    places(bytes, b".eyJ").find_map(|dot| {
        let head = run_back(&bytes[..dot], dot, is_url64);
        let begin = dot - head + places(&bytes[dot - head..dot], b"eyJ").next()?;
        let rest = &bytes[dot + 1..];
        let body = run(rest, rest.len(), is_url64);
        let sign = rest.get(body + 1..)?;
        let whole = dot - begin >= 10
            && body >= 10
            && rest.get(body) == Some(&b'.')
            && run(sign, 16, is_url64) == 16;
        whole.then_some((begin, SecretKind::Token))
    })
}

/// Tokens of bots in chats, and of services that send mail: parts of set lengths.
pub(super) fn bot_token(bytes: &[u8]) -> Option<Found> {
    let numbered = places(bytes, b":AA").filter_map(|colon| {
        let digits = run_back(&bytes[..colon], 10, |byte| byte.is_ascii_digit());
        let sign = &bytes[colon + 3..];
        let whole = digits >= 8 && run(sign, BOT_CHARS, is_url64) == BOT_CHARS;
        (whole && Looks::of(&sign[..BOT_CHARS]).like_chance()).then_some(colon - digits)
    });
    let dotted = places(bytes, b".").filter_map(|dot| {
        let rest = &bytes[dot + 1..];
        let begin = dot - run_back(&bytes[..dot], 26, is_url64);
        let (stamp, sign) = (run(rest, 7, is_url64), rest.get(7..)?);
        let whole = dot - begin >= 23
            && stamp == 6
            && rest[6] == b'.'
            && run(sign, 27, is_url64) == 27
            && Looks::of(&sign[..27]).like_chance();
        whole.then_some(begin)
    });
    let mailed = places(bytes, b"SG.").filter(|&at| {
        let (id, sign) = (&bytes[at + 3..], bytes.get(at + 26..).unwrap_or_default());
        run(id, 23, is_url64) == 22 && id.get(22) == Some(&b'.') && run(sign, 40, is_url64) == 40
    });
    let at = numbered
        .take(1)
        .chain(dotted.take(1))
        .chain(mailed.take(1))
        .min();
    at.map(|at| (at, SecretKind::Chat))
}

/// A private key as files have it.
pub(super) fn private_key(bytes: &[u8]) -> Option<Found> {
    places(bytes, b"-----BEGIN ").find_map(|at| {
        let line = &bytes[at..bytes.len().min(at + PEM_BYTES_MAX)];
        places(line, b"PRIVATE KEY").next()?;
        Some((at, SecretKind::PrivateKey))
    })
}

/// An address with a name and a password before its host.
pub(super) fn address(bytes: &[u8]) -> Option<Found> {
    places(bytes, b"://").find_map(|colon| {
        let rest = &bytes[colon + 3..];
        let length = run(rest, ADDRESS_BYTES_MAX, |byte| {
            byte > b' ' && !b"/?#\"'<>`".contains(&byte)
        });
        let host = rest[..length].iter().rposition(|&byte| byte == b'@')?;
        let name = rest[..host].iter().position(|&byte| byte == b':')?;
        let begin = colon
            - run_back(&bytes[..colon], 24, |byte| {
                byte.is_ascii_alphanumeric() || byte == b'+'
            });
        (!is_placeholder(&rest[name + 1..host])).then_some((begin, SecretKind::Address))
    })
}

/// Whether a password only stands for one.
fn is_placeholder(password: &[u8]) -> bool {
    const WORDS: [&[u8]; 9] = [
        b"pass",
        b"password",
        b"passwd",
        b"pw",
        b"pwd",
        b"secret",
        b"token",
        b"changeme",
        b"key",
    ];
    let marked = password
        .first()
        .is_none_or(|byte| b"<[{$*%.".contains(byte));
    marked
        || WORDS.iter().any(|word| password.eq_ignore_ascii_case(word))
        || Looks::of(password).different < 3
}

/// Digits of a payment card.
const CARD_DIGITS: usize = 16;

/// The number of a payment card: four groups of four digits, or sixteen in a row, with its check digit.
pub(super) fn card(bytes: &[u8]) -> Option<Found> {
    let mut at = 0;
    while at < bytes.len() {
        let length = run(&bytes[at..], bytes.len(), |byte| {
            byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
        });
        if length == 0 {
            at += 1;
            continue;
        }
        if let Some(digits) = card_digits(&bytes[at..])
            && issued(&digits)
            && luhn(&digits)
        {
            return Some((at, SecretKind::Card));
        }
        at += length;
    }
    None
}

/// Sixteen digits that stand alone, together or in groups of four.
fn card_digits(bytes: &[u8]) -> Option<[u8; CARD_DIGITS]> {
    let separator = *bytes.get(4)?;
    let grouped = matches!(separator, b' ' | b'-');
    let length = if grouped {
        CARD_DIGITS + 3
    } else {
        CARD_DIGITS
    };
    let (body, rest) = bytes.split_at_checked(length)?;
    if rest
        .first()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
    {
        return None;
    }
    let mut digits = [0; CARD_DIGITS];
    let mut filled = 0;
    for (index, &byte) in body.iter().enumerate() {
        match byte {
            b'0'..=b'9' if !(grouped && index % 5 == 4) => {
                digits[filled] = byte - b'0';
                filled += 1;
            }
            other if grouped && index % 5 == 4 && other == separator => {}
            _ => return None,
        }
    }
    Some(digits)
}

/// Whether cards begin so.
fn issued(digits: &[u8; CARD_DIGITS]) -> bool {
    let first = |count: usize| {
        digits[..count]
            .iter()
            .fold(0_u32, |all, &digit| all * 10 + u32::from(digit))
    };
    digits[0] == 4
        || matches!(first(2), 51..=55)
        || matches!(first(4), 2221..=2720 | 6011)
        || first(2) == 65
}

/// The check of payment cards.
fn luhn(digits: &[u8; CARD_DIGITS]) -> bool {
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(index, &digit)| {
            let doubled = u32::from(digit) * if index % 2 == 0 { 2 } else { 1 };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}
