//! Markdown to HTML that can be shown to anybody: no raw HTML, no scripts, no pictures from elsewhere, and bounded work.

use std::sync::LazyLock;

use ammonia::Builder;
use comrak::{Options, markdown_to_html};

/// Longest text that is rendered, in bytes; a longer one is shown as it was written.
const TEXT_BYTES_MAX: usize = 200_000;
/// Signs that open or close something; what has more of them is no text but a bomb.
const SIGNS_MAX: usize = 8_000;
/// Depth of quotes and lists within each other, as far as a line can show it.
const DEPTH_MAX: usize = 32;

/// Bytes of words that are made HTML of for one answer.
const ANSWER_BYTES_MAX: usize = 400_000;

/// How much of an answer may still be made HTML of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HtmlRoom(usize);

impl Default for HtmlRoom {
    fn default() -> Self {
        Self(ANSWER_BYTES_MAX)
    }
}

impl HtmlRoom {
    /// Whether there is room for this text; then there is less for others.
    pub(crate) fn takes(&mut self, text: &str) -> bool {
        let left = self.0.checked_sub(text.len());
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// A text as clean HTML. What would take too long is shown as it was written.
pub(crate) fn html(text: &str) -> String {
    if is_bomb(text) {
        return format!("<pre>{}</pre>", ammonia::clean_text(text));
    }
    CLEANER
        .clean(&markdown_to_html(text, &options()))
        .to_string()
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    // Raw HTML is shown as the letters it is.
    options.render.escape = true;
    options
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .rm_tags(["img", "map", "area"])
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer nofollow ugc"));
    builder
});

/// Whether rendering a text would take long: by its size, by how much is opened, and by how deep a line goes.
fn is_bomb(text: &str) -> bool {
    let signs = |b: &u8| {
        matches!(
            b,
            b'[' | b']' | b'(' | b'*' | b'_' | b'`' | b'<' | b'!' | b'~' | b'|' | b'&'
        )
    };
    text.len() > TEXT_BYTES_MAX
        || text.as_bytes().iter().filter(|b| signs(b)).count() > SIGNS_MAX
        || text.lines().any(|line| depth(line) > DEPTH_MAX)
}

/// How deep the beginning of a line goes: quotes, list marks, and steps of indentation.
fn depth(line: &str) -> usize {
    let mut depth = 0;
    let mut blanks = 0;
    for letter in line.chars() {
        match letter {
            ' ' => blanks += 1,
            '\t' => blanks += 4,
            '>' | '-' | '+' | '*' => depth += 1,
            '0'..='9' | '.' | ')' => {}
            _ => break,
        }
    }
    depth + blanks / 4
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn markdown_becomes_clean_html() {
        let shown =
            html("# Goats\n\n**Two** of [them](https://example.org) ~~ran~~.\n\n- one\n- two");
        for part in [
            "<h1>Goats</h1>",
            "<strong>Two</strong>",
            "<del>ran</del>",
            "<li>one</li>",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert!(
            shown.contains("rel=\"noopener noreferrer nofollow ugc\""),
            "{shown}"
        );
    }

    #[test]
    fn nothing_runs_in_whoever_reads() {
        for evil in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![x](https://example.org/spy.png)",
            "<a href='javascript:alert(1)'>x</a>",
            "[x](data:text/html,<script>alert(1)</script>)",
            "<iframe src='https://example.org'></iframe>",
            "<svg/onload=alert(1)>",
        ] {
            let shown = html(evil);
            for part in [
                "<script",
                "<img",
                "<iframe",
                "<svg",
                "href=\"javascript",
                "href=\"data",
            ] {
                assert!(!shown.contains(part), "{part} in {shown}");
            }
        }
    }

    #[test]
    fn bombs_are_shown_as_they_are() {
        let begun = Instant::now();
        for bomb in [
            ">".repeat(40_000),
            "[".repeat(40_000),
            "*a_ ".repeat(10_000),
            "- ".repeat(20_000),
            "`".repeat(39_999),
            "![[]()".repeat(6_000),
            "<a>".repeat(13_000),
            "|a".repeat(20_000),
            "a\n".repeat(20_000),
            "> \n".repeat(13_000),
            "&".repeat(40_000),
        ] {
            assert!(html(&bomb).len() < 1 << 20);
        }
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "{:?}",
            begun.elapsed()
        );
    }
}
