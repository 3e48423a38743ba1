//! "Did you mean …?"

/// The word of a list that somebody most likely meant.
pub(super) fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let within = (length / 3).max(1);
    let candidates = words.into_iter().filter_map(|other| {
        let lower = other.to_lowercase();
        let begins = length >= 3
            && (lower.starts_with(&word) || (lower.len() >= 3 && word.starts_with(&lower)));
        let edits = distance(&word, &lower);
        (edits <= within || begins).then_some((edits, other))
    });
    candidates
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, other)| other)
}

/// The help for a wrong word: the nearest right one, then what is allowed, cut off where the list is long.
pub(super) fn help<'a>(
    word: &str,
    label: &str,
    words: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    const SHOWN_MAX: usize = 40;
    let mut shown: Vec<_> = words.clone().into_iter().take(SHOWN_MAX + 1).collect();
    if shown.is_empty() {
        return format!("{label}: none");
    }
    let more = if shown.len() > SHOWN_MAX { ", …" } else { "" };
    shown.truncate(SHOWN_MAX);
    let list = format!("{label}: {}{more}", shown.join(", "));
    match nearest(word, words) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    }
}

/// Edits (insert, delete, replace, swap of neighbours) between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before_last[j - 2] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let words = ["population", "posts", "place.park", "mood.mean"];
        assert_eq!(nearest("popluation", words), Some("population"));
        assert_eq!(nearest("POSTS", words), Some("posts"));
        assert_eq!(nearest("mood", words), Some("mood.mean"));
        assert_eq!(nearest("zebra", words), None);
        assert_eq!(
            (
                distance("ab", "ba"),
                distance("kitten", "sitting"),
                distance("", "abc")
            ),
            (1, 3, 3)
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let many: Vec<String> = (0..50).map(|n| format!("n{n}")).collect();
        let text = help("zzz", "allowed", many.iter().map(String::as_str));
        assert!(text.ends_with("n39, …"), "{text}");
        assert_eq!(help("x", "templates here", []), "templates here: none");
    }
}
