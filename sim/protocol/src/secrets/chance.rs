//! What is called a secret and does not look like words, and what looks like nothing but chance.

use super::{Found, SecretKind, is_url64, run};

/// What a run of characters is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Looks {
    chars: usize,
    upper: usize,
    lower: usize,
    digits: usize,
    others: usize,
    /// Neighbours of different classes: words have few, chance has many.
    changes: usize,
    /// Those of them where one of the two is a digit.
    digit_changes: usize,
    /// Different characters.
    pub(super) different: usize,
}

impl Looks {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut looks = Self {
            chars: bytes.len(),
            upper: 0,
            lower: 0,
            digits: 0,
            others: 0,
            changes: 0,
            digit_changes: 0,
            different: 0,
        };
        let (mut seen, mut before) = ([false; 256], None);
        for &byte in bytes {
            let class = match byte {
                b'A'..=b'Z' => &mut looks.upper,
                b'a'..=b'z' => &mut looks.lower,
                b'0'..=b'9' => &mut looks.digits,
                _ => &mut looks.others,
            };
            *class += 1;
            let class = class_of(byte);
            let changed = before.is_some_and(|before| before != class);
            looks.changes += usize::from(changed);
            looks.digit_changes +=
                usize::from(changed && (class == DIGIT || before == Some(DIGIT)));
            before = Some(class);
            looks.different += usize::from(!std::mem::replace(&mut seen[usize::from(byte)], true));
        }
        looks
    }

    /// Whether letters of both cases stand together with few signs between them: no word and no slug does.
    pub(super) fn like_chance(self) -> bool {
        self.upper >= 2 && self.lower >= 2 && self.others * 7 <= self.chars
    }

    /// Whether digits stand among letters of both cases without any order, where nothing else speaks for a key.
    fn like_much_chance(self) -> bool {
        self.upper >= 4
            && self.lower >= 4
            && self.digit_changes >= 5
            && self.changes * 100 >= self.chars * 45
            && self.different >= 20
    }

    /// Whether it may be the key that it is called.
    fn like_a_key(self) -> bool {
        self.chars >= KEY_CHARS_MIN
            && self.digits >= 1
            && self.upper + self.lower >= 2
            && self.changes * 4 >= self.chars
            && self.different >= 8
    }

    /// Whether it may be the password that it is called.
    fn like_a_password(self) -> bool {
        let classes = [self.upper, self.lower, self.digits, self.others];
        let classes = classes.iter().filter(|&&count| count > 0).count();
        self.chars >= PASSWORD_CHARS_MIN
            && classes >= 3
            && self.digits > 0
            && self.changes >= 3
            && self.different >= 6
    }
}

/// The class of digits.
const DIGIT: u8 = 2;

fn class_of(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => DIGIT,
        _ => 3,
    }
}

/// Characters of what is called a key, at least.
const KEY_CHARS_MIN: usize = 16;
/// Characters of what is called a password, at least.
const PASSWORD_CHARS_MIN: usize = 8;
/// Characters of such a value that are looked at.
const VALUE_CHARS_MAX: usize = 128;

/// What secrets are called, in small letters; `_`, `-` and a blank are one.
const NAMES: [(&[u8], SecretKind); 10] = [
    (b"api_key", SecretKind::Key),
    (b"apikey", SecretKind::Key),
    (b"access_key", SecretKind::Key),
    (b"accesskey", SecretKind::Key),
    (b"private_key", SecretKind::Key),
    (b"secret", SecretKind::Key),
    (b"token", SecretKind::Key),
    (b"bearer", SecretKind::Key),
    (b"passw", SecretKind::Password),
    (b"pwd", SecretKind::Password),
];

/// Something that is called a secret: `api_key = …`, `Authorization: Bearer …`, `password: …`.
pub(super) fn named(bytes: &[u8]) -> Option<Found> {
    (0..bytes.len())
        .filter(|&at| matches!(bytes[at] | 0x20, b'a' | b'b' | b'p' | b's' | b't'))
        .find_map(|at| {
            let here = &bytes[at..];
            let &(name, kind) = NAMES.iter().find(|(name, _)| begins_with(here, name))?;
            let looks = Looks::of(value_after(&here[name.len()..], name)?);
            let found = match kind {
                SecretKind::Password => looks.like_a_password(),
                _ => looks.like_a_key(),
            };
            found.then_some((at, kind))
        })
}

fn begins_with(bytes: &[u8], name: &[u8]) -> bool {
    let same = |(&byte, &wanted): (&u8, &u8)| match wanted {
        b'_' => matches!(byte, b'_' | b'-' | b' '),
        letter => byte.eq_ignore_ascii_case(&letter),
    };
    bytes.len() >= name.len() && bytes.iter().zip(name).all(same)
}

/// What a name stands for, if something like `=` or `:` follows it.
fn value_after<'a>(bytes: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    // `password`, `passwd`, `secret_key`, `token_2`: a name may go on.
    let rest = &bytes[run(bytes, 16, is_url64)..];
    let rest = &rest[run(rest, 3, |byte| matches!(byte, b'"' | b'\'' | b'`' | b' '))..];
    let signs = run(rest, 3, |byte| matches!(byte, b':' | b'=' | b'>'));
    if signs == 0 && name != b"bearer" {
        return None;
    }
    let rest = &rest[signs..];
    let rest = &rest[run(rest, 4, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'`'))..];
    // A path or a variable is where the value comes from, not the value.
    if rest.first().is_some_and(|byte| b"/~$.%{<".contains(byte)) {
        return None;
    }
    let length = run(rest, VALUE_CHARS_MAX, |byte| {
        byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'"' | b'\'' | b'`' | b',' | b';' | b'<' | b'>' | b')' | b']' | b'}'
            )
    });
    Some(&rest[..length])
}

/// Characters of what looks like a key though nothing says so.
const RUN_CHARS: std::ops::RangeInclusive<usize> = 40..=160;
/// Lengths of lines into which data is wrapped.
const LINES: [usize; 2] = [64, 76];
/// Lengths of public addresses and of names of files by their content, in base 58.
const PUBLIC_CHARS: std::ops::RangeInclusive<usize> = 43..=46;

/// Something that looks like a key though nothing says so.
pub(super) fn unnamed(bytes: &[u8]) -> Option<Found> {
    let mut at = 0;
    while at < bytes.len() {
        let length = run(&bytes[at..], bytes.len(), is_url64);
        if RUN_CHARS.contains(&length) && looks_like_a_key(bytes, at, length) {
            return Some((at, SecretKind::Key));
        }
        at += length.max(1);
    }
    None
}

fn looks_like_a_key(bytes: &[u8], at: usize, length: usize) -> bool {
    let body = &bytes[at..at + length];
    let before = at.checked_sub(1).map(|before| bytes[before]);
    let after = bytes.get(at + length).copied();
    // Not a part of an address, a path, or a longer piece of data.
    let stands_alone = before
        .is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`([".contains(&byte))
        && after.is_none_or(|byte| byte.is_ascii_whitespace() || b"\"'`)].,;=!?".contains(&byte));
    let line = before.is_none_or(|byte| byte == b'\n') || after.is_none_or(|byte| byte == b'\n');
    let wrapped = line && LINES.contains(&length);
    let base58 = !body.iter().any(|byte| b"0OIl-_".contains(byte));
    let public = body.starts_with(b"sha")
        || body.starts_with(b"AAAA")
        || (base58 && PUBLIC_CHARS.contains(&length));
    stands_alone && !wrapped && !public && Looks::of(body).like_much_chance()
}
