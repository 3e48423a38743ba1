//! A llama.cpp server of the test's own, on a free port; it ends with the test.

use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::http::get;

/// The model's name at the server.
pub(crate) const MODEL: &str = "town";
/// Tokens of a prompt with its answer: enough for a model that reads every byte as one.
const CONTEXT_TOKENS: &str = "32768";
/// Longest that loading a model may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often the server is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A running server.
pub(crate) struct Llama {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
    _folder: TempDir,
}

impl Drop for Llama {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Llama {
    /// Starts it with the model that `HAMLET_LLAMA_MODEL` names, by the Python in `HAMLET_LLAMA_PYTHON` or else `python3`, and waits until it has loaded it.
    pub(crate) fn start() -> Self {
        let model = std::env::var_os("HAMLET_LLAMA_MODEL")
            .expect("HAMLET_LLAMA_MODEL names no model: run scripts/test-llama");
        let model = PathBuf::from(model);
        assert!(
            model.is_file(),
            "HAMLET_LLAMA_MODEL: there is no {}",
            model.display()
        );
        let python = std::env::var_os("HAMLET_LLAMA_PYTHON").unwrap_or_else(|| "python3".into());
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let written = File::create(&log).unwrap();
        let address = free();
        let child = Command::new(python)
            .args(["-m", "llama_cpp.server", "--host", "127.0.0.1"])
            .args(["--port", &address.port().to_string()])
            .arg("--model")
            .arg(&model)
            .args(["--model_alias", MODEL, "--n_ctx", CONTEXT_TOKENS])
            // One that comes must not break off another.
            .args(["--interrupt_requests", "False"])
            .stdin(Stdio::null())
            .stdout(written.try_clone().unwrap())
            .stderr(written)
            .spawn()
            .expect("a Python with llama-cpp-python[server]: run scripts/test-llama");
        let mut llama = Self {
            child,
            address,
            log,
            _folder: folder,
        };
        llama.wait_until_it_answers();
        llama
    }

    /// Its address as an endpoint's `base_url`.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    fn wait_until_it_answers(&mut self) {
        let began = Instant::now();
        // It listens once it has loaded the model.
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("the server ended, {status}:\n{}", self.log());
            }
            assert!(
                began.elapsed() < PATIENCE,
                "it never listens:\n{}",
                self.log()
            );
            std::thread::sleep(LOOK_EVERY);
        }
        let (status, _, models) = get(&self.address.to_string(), "/v1/models", PATIENCE);
        assert_eq!(status, 200, "{models}\n{}", self.log());
        assert!(models.contains(MODEL), "{models}");
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// An address that nobody listens at.
fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
