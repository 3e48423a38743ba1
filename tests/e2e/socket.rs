//! A WebSocket by hand, with nothing but what its standard says: as plain a listener as there can be.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use serde_json::Value;

use crate::process::PATIENCE;

/// Any sixteen bytes will do for a test; the standard's own example.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const TEXT: u8 = 0x1;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;
/// First bit of a frame: nothing of the message follows it.
const WHOLE: u8 = 0x80;
/// First bit of a length: a mask follows. The server never sends one.
const MASKED: u8 = 0x80;
/// Lengths that stand in the two or eight bytes that follow.
const LENGTH_OF_TWO: u8 = 126;
const LENGTH_OF_EIGHT: u8 = 127;

/// The listener's end of a socket.
pub(crate) struct Socket {
    stream: BufReader<TcpStream>,
}

impl Socket {
    /// Opens a socket of the server at this address.
    pub(crate) fn open(address: &str, path: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: {KEY}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        assert!(line.starts_with("HTTP/1.1 101 "), "{path}: {line}");
        while line != "\r\n" {
            line.clear();
            assert!(stream.read_line(&mut line).unwrap() > 0, "{path}: cut off");
        }
        Self { stream }
    }

    /// Opens a socket, and says who one is as the first message.
    pub(crate) fn open_as(address: &str, path: &str, key: &str) -> Self {
        let mut socket = Self::open(address, path);
        let auth = serde_json::json!({ "type": "auth", "token": key });
        socket.send(TEXT, auth.to_string().as_bytes());
        let said = socket.json().expect("the key is good");
        assert_eq!(said["type"], "authenticated", "{said}");
        socket
    }

    /// The next message; `None`: the server has ended it.
    pub(crate) fn json(&mut self) -> Option<Value> {
        loop {
            let (kind, bytes) = self.frame().ok()?;
            match kind {
                TEXT => return Some(serde_json::from_slice(&bytes).unwrap()),
                PING => self.send(PONG, &bytes),
                CLOSE => return None,
                _ => {}
            }
        }
    }

    /// The first message of which something is so; others are passed over.
    pub(crate) fn until(&mut self, what: &str, so: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let said = self
                .json()
                .unwrap_or_else(|| panic!("it ended before {what}"));
            if so(&said) {
                return said;
            }
        }
        panic!("never heard: {what}");
    }

    /// Hears it out to its end, which must come.
    pub(crate) fn end(mut self) {
        let began = Instant::now();
        while self.json().is_some() {
            assert!(began.elapsed() < PATIENCE, "it goes on");
        }
        assert!(began.elapsed() < PATIENCE, "nothing came, and no end");
    }

    fn frame(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head)?;
        assert!(head[0] & WHOLE != 0, "a message in pieces");
        assert!(head[1] & MASKED == 0, "a server masks nothing");
        let length = match head[1] {
            LENGTH_OF_TWO => {
                let mut length = [0; 2];
                self.stream.read_exact(&mut length)?;
                u64::from(u16::from_be_bytes(length))
            }
            LENGTH_OF_EIGHT => {
                let mut length = [0; 8];
                self.stream.read_exact(&mut length)?;
                u64::from_be_bytes(length)
            }
            length => u64::from(length),
        };
        let mut bytes = vec![0; usize::try_from(length).unwrap()];
        self.stream.read_exact(&mut bytes)?;
        Ok((head[0] & 0xF, bytes))
    }

    /// Sends a short message. Where the server has gone, the next that is heard says so.
    fn send(&mut self, kind: u8, bytes: &[u8]) {
        let length = u8::try_from(bytes.len()).ok();
        let length = length.filter(|length| *length < LENGTH_OF_TWO).unwrap();
        // Clients must mask; a mask of zeros leaves the bytes as they are.
        let mut frame = vec![WHOLE | kind, MASKED | length, 0, 0, 0, 0];
        frame.extend_from_slice(bytes);
        drop(self.stream.get_mut().write_all(&frame));
    }
}
