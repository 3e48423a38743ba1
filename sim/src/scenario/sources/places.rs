//! Where things stand in a JSON text, for the faults of its fields: the parser keeps no places.
//!
//! The text has been parsed before, so that it is JSON from end to end; nothing here is stricter than it must be.

/// Line and column, both from 1.
pub(super) type LineColumn = (u32, u32);

/// A JSON text that knows where its entries begin.
pub(super) struct JsonPlaces<'a> {
    text: &'a str,
    /// Offsets at which lines begin.
    lines: Vec<usize>,
    /// Offsets of the entries: of the list's, or of the one value that the text is.
    entries: Vec<usize>,
}

impl<'a> JsonPlaces<'a> {
    /// Looks through a text that is JSON.
    pub(super) fn of(text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut scanner = Scanner { text, at: 0 };
        scanner.skip_blank();
        let entries = if scanner.peek() == Some(b'[') {
            scanner.items()
        } else {
            vec![scanner.at]
        };
        Self {
            text,
            lines: std::iter::once(0).chain(breaks).collect(),
            entries,
        }
    }

    /// Where an entry begins.
    pub(super) fn entry(&self, index: usize) -> LineColumn {
        self.place(self.offset(index))
    }

    /// Where the value of an entry's field begins, or that of an item of it; the entry itself where there is none.
    pub(super) fn field(&self, index: usize, key: &str, item: Option<usize>) -> LineColumn {
        let entry = self.offset(index);
        let value = Scanner::at(self.text, entry).value_of(key);
        let item = item.and_then(|item| {
            let items = Scanner::at(self.text, value?).items();
            items.get(item).copied()
        });
        self.place(item.or(value).unwrap_or(entry))
    }

    fn offset(&self, index: usize) -> usize {
        self.entries.get(index).copied().unwrap_or(0)
    }

    fn place(&self, offset: usize) -> LineColumn {
        let line = self.lines.partition_point(|&start| start <= offset).max(1);
        let before = self.text.get(self.lines[line - 1]..offset);
        let column = before.unwrap_or_default().chars().count() + 1;
        (line as u32, column as u32)
    }
}

/// Walks over JSON without making anything of it.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn at(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        // Some editors begin a file with a byte order mark, whose bytes are none of ASCII.
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_whitespace() || !byte.is_ascii())
        {
            self.at += 1;
        }
    }

    /// Steps over separators up to the next item; `false` at the end of the list or object.
    fn next_item(&mut self) -> bool {
        self.skip_blank();
        if self.peek() == Some(b',') {
            self.at += 1;
            self.skip_blank();
        }
        !matches!(self.peek(), None | Some(b']' | b'}'))
    }

    /// Offsets of the items of the list that begins here; none where there is no list.
    fn items(&mut self) -> Vec<usize> {
        let mut items = Vec::new();
        if self.peek() != Some(b'[') {
            return items;
        }
        self.at += 1;
        while self.next_item() {
            items.push(self.at);
            self.skip_value();
        }
        items
    }

    /// Offset of a key's value in the object that begins here; of the last one where the key stands twice, as the parser has it.
    fn value_of(&mut self, wanted: &str) -> Option<usize> {
        let mut found = None;
        if self.peek() != Some(b'{') {
            return None;
        }
        self.at += 1;
        while self.next_item() {
            let begin = self.at;
            self.skip_value();
            let key: Option<String> = serde_json::from_str(&self.text[begin..self.at]).ok();
            self.skip_blank();
            // The colon.
            self.at += 1;
            self.skip_blank();
            if key.as_deref() == Some(wanted) {
                found = Some(self.at);
            }
            self.skip_value();
        }
        found
    }

    /// Steps over a value of any kind, however deep it goes.
    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.peek() {
                None => return,
                Some(b'"') => self.skip_string(),
                Some(b'[' | b'{') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b']' | b'}' | b',' | b':') if depth == 0 => return,
                Some(b']' | b'}') => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(_) => {
                    self.at += 1;
                    continue;
                }
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[\n  {\"a\\\"]\": [1, {\"b\": 2}, \"x]\"], \"é\": null,\n   \"age\" : \"old\", \"a\\u0067e\": 3},\n  7, {}\n]";

    #[test]
    fn everything_is_found_where_it_stands() {
        let places = JsonPlaces::of(TEXT);
        let entries: Vec<_> = (0..3).map(|index| places.entry(index)).collect();
        assert_eq!(entries, [(2, 3), (4, 3), (4, 6)]);
        assert_eq!(places.field(0, "a\"]", None), (2, 12));
        assert_eq!(places.field(0, "a\"]", Some(1)), (2, 16));
        assert_eq!(places.field(0, "a\"]", Some(2)), (2, 26));
        assert_eq!(places.field(0, "é", None), (2, 38));
        // The same key again, spelt otherwise: the last one counts.
        assert_eq!(places.field(0, "age", None), (3, 31));
        // What is not there is sought no further than its entry.
        assert_eq!(places.field(0, "b", None), (2, 3));
        assert_eq!(places.field(1, "age", None), (4, 3));
        assert_eq!(places.field(2, "age", Some(4)), (4, 6));
    }

    #[test]
    fn a_single_object_is_the_only_entry() {
        let places = JsonPlaces::of("\u{feff}\n {\"age\": [] }");
        assert_eq!(places.entry(0), (2, 2));
        assert_eq!(places.field(0, "age", Some(0)), (2, 10));
        assert_eq!(JsonPlaces::of("3").entry(0), (1, 1));
    }
}
