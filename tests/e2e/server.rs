//! A server that tests start, call, stop and kill.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::desk::Desk;
use crate::process::{PATIENCE, signal, until};

/// A server on a folder of the desk.
pub(crate) const SERVE: &str = "serve --listen 127.0.0.1:0 --data home";

/// A server with its address. It ends with the test, whatever comes of that.
pub(crate) struct Served {
    child: Child,
    /// Kept open: nobody's reader goes away while the server lives.
    out: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Served {
    pub(crate) fn start(desk: &Desk, words: &str) -> Self {
        Self::start_in(desk, words, &[])
    }

    /// Starts a server and waits for its first line. What it logs goes where the test's own words go.
    pub(crate) fn start_in(desk: &Desk, words: &str, environment: &[(&str, &str)]) -> Self {
        let mut command = desk.command(words.split_whitespace());
        command.envs(environment.iter().copied());
        Self::begin(command)
    }

    /// Starts a server that logs JSON into a file of the desk.
    pub(crate) fn start_logging(desk: &Desk, words: &str, log: &str) -> Self {
        let mut command = desk.command(words.split_whitespace());
        command.env("HAMLET_LOG__FORMAT", "json");
        command.stderr(std::fs::File::create(desk.path(log)).unwrap());
        Self::begin(command)
    }

    fn begin(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://");
        let address = address.unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self {
            child,
            out,
            address,
        }
    }

    /// Status and body of an answer.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let (status, _head, body) = self.get_whole(path);
        (status, body)
    }

    /// Status, head and body of an answer.
    pub(crate) fn get_whole(&self, path: &str) -> (u16, String, String) {
        crate::http::get(&self.address, path, PATIENCE)
    }

    /// Status and body of what a request with a JSON body and perhaps a key brings; an error when the server goes away meanwhile.
    pub(crate) fn try_post(
        address: &str,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> std::io::Result<(u16, Value)> {
        Self::try_send(address, "POST", path, key, "", body)
    }

    /// The same with an `Idempotency-Key`.
    pub(crate) fn try_pay(
        address: &str,
        path: &str,
        key: &str,
        name: &str,
        body: &Value,
    ) -> std::io::Result<(u16, Value)> {
        let header = format!("idempotency-key: {name}\r\n");
        Self::try_send(address, "POST", path, Some(key), &header, body)
    }

    /// Takes something back that held money, under a name of its own.
    pub(crate) fn try_delete(
        address: &str,
        path: &str,
        key: &str,
        name: &str,
    ) -> std::io::Result<(u16, Value)> {
        let header = format!("idempotency-key: {name}\r\n");
        Self::try_send(address, "DELETE", path, Some(key), &header, &Value::Null)
    }

    /// Status and body of what somebody reads with their key.
    pub(crate) fn get_as(&self, path: &str, key: &str) -> (u16, Value) {
        Self::try_send(&self.address, "GET", path, Some(key), "", &Value::Null).unwrap()
    }

    pub(crate) fn try_send(
        address: &str,
        method: &str,
        path: &str,
        key: Option<&str>,
        more: &str,
        body: &Value,
    ) -> std::io::Result<(u16, Value)> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let body = body.to_string();
        let key = key.map_or_else(String::new, |key| {
            format!("authorization: Bearer {key}\r\n")
        });
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{key}{more}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let cut = || std::io::Error::other("the answer is cut off");
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        let json = serde_json::from_str(body).map_err(|_torn| cut())?;
        Ok((status.ok_or_else(cut)?, json))
    }

    pub(crate) fn world(&self) -> Value {
        let (status, body) = self.get("/api/v1/world");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    pub(crate) fn tick(&self) -> u64 {
        self.world()["tick"].as_u64().unwrap()
    }

    /// Number of the last durable event.
    pub(crate) fn seq(&self) -> u64 {
        self.world()["seq"].as_u64().unwrap()
    }

    /// Waits until the village has lived beyond this tick.
    pub(crate) fn live_beyond(&self, tick: u64) {
        until("the village ticks", || self.tick() > tick);
    }

    /// Asks it to end, as an operator does, and hands out what it said after its address.
    pub(crate) fn stop(mut self, name: &str) -> String {
        signal(&self.child, name);
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{rest}");
        rest
    }

    /// Limits the length of the files it may write, in bytes or `unlimited`.
    pub(crate) fn limit_files(&self, bytes: &str) {
        let mut command = Command::new("prlimit");
        command.args([
            format!("--pid={}", self.child.id()),
            format!("--fsize={bytes}:unlimited"),
        ]);
        assert!(command.status().unwrap().success());
    }

    /// Asks it to end while it cannot end well: it ends all the same, and says so by its status.
    pub(crate) fn stop_in_vain(mut self, name: &str) {
        signal(&self.child, name);
        until("the server ends", || {
            self.child.try_wait().unwrap().is_some()
        });
        assert_eq!(self.child.wait().unwrap().code(), Some(1));
    }

    pub(crate) fn kill_9(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // After `stop` there is nothing left to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
