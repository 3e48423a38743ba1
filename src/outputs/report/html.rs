//! Text that is safe in a page, and numbers as people write them.

use std::fmt;

/// A text on its way into HTML or SVG: whatever it says, it stays text.
/// Control characters and marks that turn the direction of writing are left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => fmt::Write::write_char(f, c)?,
                '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
                c if c.is_control() => {}
                c => fmt::Write::write_char(f, c)?,
            }
        }
        Ok(())
    }
}

/// A text cut to so many characters.
pub(crate) fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// A whole number with its thousands apart.
pub(crate) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number in few characters: 1.2k, 3.4M.
pub(crate) fn short(n: f64) -> String {
    let magnitude = n.abs();
    let (value, unit) = match magnitude {
        m if m >= 1e9 => (n / 1e9, "G"),
        m if m >= 1e6 => (n / 1e6, "M"),
        m if m >= 1e4 => (n / 1e3, "k"),
        _ => (n, ""),
    };
    let text = if unit.is_empty() && magnitude >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else if magnitude < 1.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.1}")
    };
    format!("{text}{unit}")
}

/// "1 post", "2 posts".
pub(crate) fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_stays_text() {
        let evil = "<script>alert('x')</script>\u{202E}\u{0} & \"so\"\n";
        let safe = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;so&quot;\n";
        assert_eq!(Text(evil).to_string(), safe);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
        let numbers = [0.0, 0.25, 3.5, 250.4, 1200.0, 12_500.0, 2e6];
        assert_eq!(
            numbers.map(short),
            ["0", "0.25", "3.5", "250", "1200", "12.5k", "2M"]
        );
        assert_eq!(plural(1, "post", "posts"), "1 post");
        assert_eq!(cut("naïve folk", 5), "naïve…");
    }
}
