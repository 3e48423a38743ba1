//! How amounts of money are written: one rule for all panels.

/// Between two groups of three digits: the one space at which no line is broken.
const GAP: char = '\u{a0}';
/// What is written where the village did not say how much.
const UNKNOWN: &str = "–";

/// An amount of whoever runs the village, in dollars, as the village says it; residents' own money is written by [`ai_dollars`].
pub(crate) fn dollars(amount: &str) -> String {
    let (sign, sum) = parts(amount);
    if sum.is_empty() {
        return UNKNOWN.to_owned();
    }
    format!("{sign}${sum}")
}

/// An amount of residents' money, in aiDollars, as the village says it.
pub(crate) fn ai_dollars(amount: &str) -> String {
    let (sign, sum) = parts(amount);
    if sum.is_empty() {
        return UNKNOWN.to_owned();
    }
    format!("{sign}{sum} a$")
}

/// The sign of an amount, and the rest of it with its gaps.
fn parts(amount: &str) -> (&'static str, String) {
    let amount = amount.trim();
    match amount.strip_prefix(['-', '−']) {
        Some(less) => ("−", grouped(less)),
        None => ("", grouped(amount)),
    }
}

/// A decimal number with gaps between the thousands of its whole part; its fraction stays in one piece. What is no number stays as it is.
fn grouped(amount: &str) -> String {
    let (whole, part) = match amount.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (amount, None),
    };
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if !digits(whole) || !part.is_none_or(digits) {
        return amount.to_owned();
    }
    let mut out = thousands(whole);
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// Digits with gaps between thousands.
pub(crate) fn thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(GAP);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With gaps that one sees.
    fn seen(text: String) -> String {
        text.replace(GAP, "_")
    }

    #[test]
    fn dollars_have_their_sign_before_them_and_nothing_between() {
        for (amount, written) in [
            ("0", "$0"),
            ("0.3", "$0.3"),
            ("3.5", "$3.5"),
            ("0.0087", "$0.0087"),
            ("0.000001", "$0.000001"),
            ("-3", "−$3"),
            ("-1234.5", "−$1_234.5"),
            ("1000", "$1_000"),
            ("123456.123456", "$123_456.123456"),
            (" 0.3 ", "$0.3"),
            ("", "–"),
        ] {
            assert_eq!(seen(dollars(amount)), written, "{amount:?}");
        }
    }

    #[test]
    fn residents_money_has_its_sign_behind_it() {
        for (amount, written) in [
            ("5", "5 a$"),
            ("2.50", "2.50 a$"),
            ("-2.5", "−2.5 a$"),
            ("12345678.25", "12_345_678.25 a$"),
            ("much", "much a$"),
            ("1.2.3", "1.2.3 a$"),
        ] {
            assert_eq!(seen(ai_dollars(amount)), written, "{amount:?}");
        }
    }
}
