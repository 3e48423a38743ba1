//! What sentences of other people's files say: a trade, hours of sleep, a temperament.

use hamlet_protocol::time::Hours;
use hamlet_protocol::word::Word;

/// The trade in a sentence such as "Ada Brook is a librarian who likes …".
pub(super) fn occupation(learned: &str) -> Option<String> {
    const WORDS_MAX: usize = 4;
    const ENDS: [&str; 12] = [
        "of", "at", "who", "that", "in", "for", "from", "and", "with", "to", "on", "is",
    ];
    let (_, rest) = learned
        .split_once(" is a ")
        .or_else(|| learned.split_once(" is an "))?;
    let mut words = Vec::new();
    for word in rest.split(' ') {
        if ENDS.contains(&word) {
            break;
        }
        words.push(word.trim_end_matches([',', '.', ';']));
        if word.ends_with([',', '.', ';']) {
            break;
        }
    }
    let trade = words.join(" ");
    ((1..=WORDS_MAX).contains(&words.len()) && !trade.is_empty()).then_some(trade)
}

/// Hours of sleep in a sentence such as "goes to bed around 11pm, awakes up around 6am".
pub(super) fn lifestyle_hours(text: &str) -> Option<Hours> {
    let lower = text.to_lowercase();
    let bed = hour_after(&lower, &["to bed", "to sleep", "asleep"])?;
    let up = hour_after(&lower, &["awake", "wakes", "gets up"])?;
    (bed != up).then(|| Hours::between(bed, up))
}

fn hour_after(text: &str, marks: &[&str]) -> Option<u32> {
    let at = marks.iter().filter_map(|mark| text.find(mark)).min()?;
    let rest = &text[at..];
    let digits = rest.find(|c: char| c.is_ascii_digit())?;
    let rest = &rest[digits..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let hour: u32 = rest[..end].parse().ok()?;
    // Minutes, if any, don't matter for a habit.
    let half = rest[end..]
        .trim_start_matches(|c: char| c == ':' || c.is_ascii_digit())
        .trim_start();
    match hour {
        1..=12 if half.starts_with("pm") || half.starts_with("p.m") => Some(hour % 12 + 12),
        1..=12 if half.starts_with("am") || half.starts_with("a.m") => Some(hour % 12),
        0..=23 => Some(hour),
        _ => None,
    }
}

/// Four letters of a personality type as adjectives.
pub(super) fn temperament(mbti: &str) -> Vec<Word> {
    let word = |letter: char| match letter.to_ascii_uppercase() {
        'I' => Some("reserved"),
        'E' => Some("outgoing"),
        'N' => Some("imaginative"),
        'S' => Some("practical"),
        'T' => Some("analytical"),
        'F' => Some("warm"),
        'J' => Some("organised"),
        'P' => Some("spontaneous"),
        _ => None,
    };
    if mbti.chars().count() != 4 {
        return Vec::new();
    }
    mbti.chars().filter_map(word).map(Word::from).collect()
}
