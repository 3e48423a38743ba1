//! The little language template texts are written in.
//!
//! `[a|b|]` stands for one of its alternatives, which may nest and may be empty. `{slot}` stands for a word of the
//! scene, `{^slot}` for the same with a capital. A frame or an alternative may begin with conditions: `<morning,!shy>`.
//! What does not hold, or asks for a word the scene does not have, is never chosen.

/// What fills frames: a scene, or anything like it.
pub(super) trait Source {
    /// Whether a condition holds.
    fn holds(&self, condition: &str) -> bool;
    /// Whether there is a word for a slot.
    fn knows(&self, slot: &str) -> bool;
    /// Appends the word for a slot that is known.
    fn word(&mut self, slot: &str, out: &mut String);
    /// A number below a bound above 0.
    fn chance_below(&mut self, bound: usize) -> usize;
}

/// Draws before all frames are looked through in turn.
const DRAWS_MAX: usize = 16;
/// Chance, of ten, that a frame made for the moment is preferred to one that always fits.
const APT_OF_TEN: usize = 3;

/// One of the frames that fit, filled; empty when none fits.
pub(super) fn say(frames: &[&str], source: &mut impl Source) -> String {
    let mut out = String::new();
    if let Some(frame) = choose(frames, source) {
        fill(frame, source, &mut out);
    }
    out
}

/// One of the frames that fit, rather one with conditions.
pub(super) fn choose<'f>(frames: &[&'f str], source: &mut impl Source) -> Option<&'f str> {
    let first = draw(frames, source)?;
    if first.starts_with('<') || source.chance_below(10) >= APT_OF_TEN {
        return Some(first);
    }
    draw(frames, source)
        .filter(|second| second.starts_with('<'))
        .or(Some(first))
}

fn draw<'f>(frames: &[&'f str], source: &mut impl Source) -> Option<&'f str> {
    if frames.is_empty() {
        return None;
    }
    for _ in 0..DRAWS_MAX {
        let frame = frames[source.chance_below(frames.len())];
        if fits(frame, source) {
            return Some(frame);
        }
    }
    let from = source.chance_below(frames.len());
    let turned = frames[from..].iter().chain(&frames[..from]);
    turned.copied().find(|frame| fits(frame, source))
}

/// Whether a frame's conditions hold and all its words are there.
pub(super) fn fits(frame: &str, source: &impl Source) -> bool {
    let (conditions, body) = guard(frame);
    conditions.is_none_or(|conditions| {
        conditions
            .split(',')
            .all(|condition| met(condition, source))
    }) && pieces(body).all(|piece| match piece {
        Piece::Text(_) => true,
        Piece::Slot(slot) => source.knows(slot.trim_start_matches('^')),
        Piece::Choice(inside) => alternatives(inside).any(|alternative| fits(alternative, source)),
    })
}

fn met(condition: &str, source: &impl Source) -> bool {
    match condition.strip_prefix('!') {
        Some(condition) => !source.holds(condition),
        None => source.holds(condition),
    }
}

/// Appends a frame that fits, with every choice made and every slot filled.
pub(super) fn fill(frame: &str, source: &mut impl Source, out: &mut String) {
    let mut rest = pieces(guard(frame).1).peekable();
    while let Some(piece) = rest.next() {
        match piece {
            // An empty choice between two spaces leaves one.
            Piece::Text(text) if out.ends_with(' ') => {
                out.push_str(text.strip_prefix(' ').unwrap_or(text));
            }
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(slot) => match slot.strip_prefix('^') {
                Some(slot) => {
                    let from = out.len();
                    source.word(slot, out);
                    capitalise(out, from);
                }
                None => source.word(slot, out),
            },
            Piece::Choice(inside) => {
                let from = out.len();
                fill_one_of(inside, source, out);
                // An empty choice at the end leaves no space before it.
                if out.len() == from && rest.peek().is_none() && out.ends_with(' ') {
                    out.pop();
                }
            }
        }
    }
}

fn fill_one_of(inside: &str, source: &mut impl Source, out: &mut String) {
    let fitting = alternatives(inside).filter(|it| fits(it, source)).count();
    if fitting > 0 {
        let chosen = source.chance_below(fitting);
        let alternative = alternatives(inside)
            .filter(|it| fits(it, source))
            .nth(chosen);
        fill(alternative.unwrap_or_default(), source, out);
    }
}

/// Makes the letter at a byte a capital.
pub(super) fn capitalise(text: &mut String, at: usize) {
    let Some(first) = text[at..]
        .chars()
        .next()
        .filter(|first| first.is_lowercase())
    else {
        return;
    };
    let capital: String = first.to_uppercase().collect();
    text.replace_range(at..at + first.len_utf8(), &capital);
}

/// A part of a frame.
pub(super) enum Piece<'f> {
    Text(&'f str),
    Slot(&'f str),
    Choice(&'f str),
}

/// The conditions a frame begins with, and the rest.
pub(super) fn guard(frame: &str) -> (Option<&str>, &str) {
    match frame
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'))
    {
        Some((conditions, body)) => (Some(conditions), body),
        None => (None, frame),
    }
}

/// The parts of a frame without its conditions.
pub(super) fn pieces(body: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let (piece, length) = match rest.as_bytes().first()? {
            b'{' => {
                let end = rest.find('}').unwrap_or(rest.len() - 1);
                (Piece::Slot(&rest[1..end]), end + 1)
            }
            b'[' => {
                let end = closing(rest);
                (Piece::Choice(&rest[1..end]), end + 1)
            }
            _ => {
                let end = rest.find(['{', '[']).unwrap_or(rest.len());
                (Piece::Text(&rest[..end]), end)
            }
        };
        rest = &rest[length..];
        Some(piece)
    })
}

/// Where the bracket that opens a text is closed.
fn closing(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 1 => return at,
            b']' => depth -= 1,
            _ => {}
        }
    }
    text.len() - 1
}

/// The alternatives inside a bracket.
pub(super) fn alternatives(inside: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    inside.split(move |letter| {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        letter == '|' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(usize);

    impl Source for Fixed {
        fn holds(&self, condition: &str) -> bool {
            condition == "yes"
        }
        fn knows(&self, slot: &str) -> bool {
            slot == "name"
        }
        fn word(&mut self, slot: &str, out: &mut String) {
            assert_eq!(slot, "name");
            out.push_str("élan [x|y]");
        }
        fn chance_below(&mut self, bound: usize) -> usize {
            self.0 % bound
        }
    }

    fn filled(frame: &str, chance: usize) -> String {
        say(&[frame], &mut Fixed(chance))
    }

    #[test]
    fn choices_nest_and_may_be_empty() {
        assert_eq!(filled("a[b|c[d|e]|]f", 0), "abf");
        assert_eq!(filled("a[b|c[d|e]|]f", 1), "acef");
        assert_eq!(filled("a[b|c[d|e]|]f", 2), "af");
        assert_eq!(filled("a [|b] c [|d]", 0), "a c");
        assert_eq!(filled("a [|b] c [|d]", 1), "a b c d");
    }

    #[test]
    fn words_are_taken_to_the_letter() {
        assert_eq!(filled("{name}, {^name}.", 0), "élan [x|y], Élan [x|y].");
    }

    #[test]
    fn what_does_not_hold_or_is_not_known_is_never_chosen() {
        assert_eq!(filled("<no>a", 0), "");
        assert_eq!(filled("<yes,!no>a[<no>b|{unknown}|c]", 0), "ac");
        assert_eq!(filled("{unknown}", 0), "");
        assert_eq!(say(&["{unknown}", "b", "<!yes>c"], &mut Fixed(0)), "b");
        assert_eq!(say(&[], &mut Fixed(0)), "");
    }
}
