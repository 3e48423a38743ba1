//! Reading WebSocket frames off a stream without keeping them: how long each is, and how it begins.

/// Bytes of a message that are looked at.
const BEGINNING: usize = 96;

/// A stream taken apart. Servers do not mask what they send.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Header bytes so far.
    head: Vec<u8>,
    /// Payload bytes still to come.
    rest: usize,
    beginning: Vec<u8>,
    inside: bool,
}

impl Frames {
    /// Takes in what was read, and tells of each data message that is whole how it begins.
    pub(super) fn read(&mut self, mut bytes: &[u8], mut whole: impl FnMut(&[u8])) {
        while !bytes.is_empty() || (self.inside && self.rest == 0) {
            if !self.inside {
                self.head.push(bytes[0]);
                bytes = &bytes[1..];
                if let Some(length) = length(&self.head) {
                    self.inside = true;
                    self.rest = length;
                    self.beginning.clear();
                }
                continue;
            }
            let here = self.rest.min(bytes.len());
            let wanted = here.min(BEGINNING - self.beginning.len());
            self.beginning.extend_from_slice(&bytes[..wanted]);
            bytes = &bytes[here..];
            self.rest -= here;
            if self.rest == 0 {
                self.inside = false;
                // Text and binary; pings and the like are nobody's news.
                if matches!(self.head[0] & 0x0F, 1 | 2) {
                    whole(&self.beginning);
                }
                self.head.clear();
            }
        }
    }
}

/// The payload's length, once the header says it.
fn length(head: &[u8]) -> Option<usize> {
    match (head.get(1)? & 0x7F, head.len()) {
        (126, 4) => Some(usize::from(u16::from_be_bytes([head[2], head[3]]))),
        (127, 10) => {
            let bytes: [u8; 8] = head[2..10].try_into().ok()?;
            usize::try_from(u64::from_be_bytes(bytes)).ok()
        }
        (126 | 127, _) => None,
        (short, 2) => Some(usize::from(short)),
        _ => None,
    }
}

/// The number behind a key such as `"tick":` in how a message begins.
pub(super) fn number(beginning: &[u8], key: &[u8]) -> Option<u64> {
    let at = beginning.windows(key.len()).position(|part| part == key)?;
    let digits = beginning[at + key.len()..].iter();
    let mut digits = digits.take_while(|byte| byte.is_ascii_digit()).peekable();
    digits.peek()?;
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut frames = Frames::default();
        let mut heard = Vec::new();
        for piece in pieces {
            frames.read(piece, |beginning| heard.push(beginning.to_vec()));
        }
        heard
    }

    #[test]
    fn frames_are_told_apart_however_they_are_cut() {
        let mut stream = vec![0x81, 3, b'a', b'b', b'c', 0x89, 0, 0x82, 126, 1, 0];
        stream.extend([b'x'; 256]);
        stream.extend([0x81, 0, 0x81, 1, b'z']);
        let whole = heard(&[&stream]);
        assert_eq!(whole.len(), 4);
        assert_eq!(whole[0], b"abc");
        assert_eq!(whole[1], [b'x'; BEGINNING]);
        assert_eq!((&*whole[2], &*whole[3]), (&b""[..], &b"z"[..]));
        let pieces: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(heard(&pieces), whole);
    }

    #[test]
    fn a_number_is_found() {
        assert_eq!(
            number(br#"{"type":"delta","seq":1,"tick":42,"x""#, b"\"tick\":"),
            Some(42)
        );
        assert_eq!(number(b"{}", b"\"tick\":"), None);
        assert_eq!(number(b"\"tick\":x", b"\"tick\":"), None);
    }
}
