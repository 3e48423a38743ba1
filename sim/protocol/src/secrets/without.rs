//! Texts for whatever is kept or shown: what holds a secret gives way to a word on it.

use std::borrow::Cow;

use super::find;

/// Stands in the first line of a private key as files have it.
const PRIVATE_KEY: &str = "PRIVATE KEY";

/// A text without what [`find`] finds. Lines that hold a secret give way to [`SecretKind::left_out`](super::SecretKind::left_out), the others stay;
/// where that does not help, and where there is a private key, the whole text does.
///
/// Cut a text after this and never before: what is left of a secret that was cut looks like none.
#[must_use]
pub fn without(text: &str) -> Cow<'_, str> {
    let Some(first) = find(text) else {
        return Cow::Borrowed(text);
    };
    if text.contains(PRIVATE_KEY) {
        // The lines after its first look like nothing, and another secret may stand before it.
        return Cow::Owned(first.kind.left_out());
    }
    let lines = text.split('\n').map(|line| match find(line) {
        None => Cow::Borrowed(line),
        Some(found) => Cow::Owned(found.kind.left_out()),
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    Cow::Owned(match find(&lines) {
        None => lines,
        Some(found) => found.kind.left_out(),
    })
}
