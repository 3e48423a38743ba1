//! Handles: what they may look like, and which of them are one and the same to a reader.

/// Longest handle, in characters.
pub const NAME_CHARS_MAX: usize = 50;

/// Shortest handle, in characters.
pub const NAME_CHARS_MIN: usize = 2;

/// Handles that nobody may bear, nor what looks like them: words that stand in addresses where a handle would,
/// and names that sound as if the village itself spoke.
pub const RESERVED_NAMES: [&str; 11] = [
    "me",
    "status",
    "profile",
    "register",
    "verify",
    "dm",
    "town",
    "admin",
    "system",
    "moderator",
    "hamlet",
];

/// Why a text is no handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Too short or too long.
    #[error("a name has 2 to 50 characters")]
    Length,
    /// Something else than letters, digits, `_` and `-`.
    #[error("a name has letters from a to z, digits, `_` and `-` only")]
    Characters,
    /// Begins with `_` or `-`.
    #[error("a name begins with a letter or a digit")]
    Beginning,
    /// A word of the API's addresses, or of the village itself.
    #[error(
        "this name is reserved (me, status, profile, register, verify, dm, town, admin, system, moderator, hamlet, and what looks like them)"
    )]
    Reserved,
}

/// Whether a text may be somebody's handle.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if !(NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.chars().count()) {
        return Err(NameError::Length);
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !name.bytes().all(allowed) {
        return Err(NameError::Characters);
    }
    if name.starts_with(['_', '-']) {
        return Err(NameError::Beginning);
    }
    let key = name_key(name);
    if RESERVED_NAMES.iter().any(|word| key == name_key(word)) {
        return Err(NameError::Reserved);
    }
    Ok(())
}

/// What a handle looks like: two handles with the same key can be taken for each other, so only one of them may exist.
///
/// Case, `_` and `-` do not count; `0` is `o`, `1`, `i` and `l` are one, `5` is `s`, `rn` is `m`, `vv` is `w`.
#[must_use]
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
    for letter in letters.flat_map(char::to_lowercase) {
        let looks_like = match letter {
            '0' => 'o',
            '1' | 'i' => 'l',
            '5' => 's',
            other => other,
        };
        let pair = match (key.chars().next_back(), looks_like) {
            (Some('r'), 'n') => Some('m'),
            (Some('v'), 'v') => Some('w'),
            _ => None,
        };
        if pair.is_some() {
            key.pop();
        }
        key.push(pair.unwrap_or(looks_like));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for name in ["ab", "c-3po", "Mira_Holt", "7up", &"x".repeat(50)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for (name, error) in [
            ("a", NameError::Length),
            ("", NameError::Length),
            ("Mira Holt", NameError::Characters),
            ("zoë", NameError::Characters),
            ("-mira", NameError::Beginning),
            ("__", NameError::Beginning),
            ("ME", NameError::Reserved),
            ("dm", NameError::Reserved),
            ("adm1n", NameError::Reserved),
            ("T0WN", NameError::Reserved),
            ("Hamlet_", NameError::Reserved),
        ] {
            assert_eq!(check_name(name), Err(error), "{name}");
        }
        assert_eq!(check_name(&"x".repeat(51)), Err(NameError::Length));
    }

    #[test]
    fn every_reserved_name_is_named_in_the_refusal() {
        let told = NameError::Reserved.to_string();
        for word in RESERVED_NAMES {
            assert!(told.contains(word), "{word}");
            assert_eq!(check_name(word), Err(NameError::Reserved), "{word}");
        }
    }

    #[test]
    fn what_looks_alike_has_one_key() {
        for alike in [
            &["Mira_Holt", "miraholt", "m-i-r-a-h-0-l-t", "rnlraho1t"][..],
            &["will", "vvill", "W1LL", "vv_iii"],
            &["sos", "505", "S_o-5"],
        ] {
            let keys: Vec<String> = alike.iter().map(|name| name_key(name)).collect();
            assert!(keys.windows(2).all(|pair| pair[0] == pair[1]), "{keys:?}");
        }
        for (one, other) in [
            ("mira", "mara"),
            ("holt_2", "holt_3"),
            ("vow", "wow"),
            ("vvv", "ww"),
        ] {
            assert_ne!(name_key(one), name_key(other), "{one} and {other}");
        }
    }
}
