//! The product as it is served, in this process: its own router with every layer, its own listener, its own store.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hamlet_api::config::ApiConfig;
use hamlet_api::files::{FileStore, FilesPlace};
use hamlet_api::metrics::Metrics;
use hamlet_api::server::{Doors, serve};
use hamlet_api::state::{App, Assets};
use hamlet_api::time::SystemClock;
use hamlet_api::village::{Boot, Booted, Keep, boot};
use hamlet_sim::scenario::Loaded;
use hamlet_store::{Durability, Store, StoreOptions};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::grown::{Grown, Size, grow};
use super::load::{Client, request};

/// Name of the database in its folder.
pub(crate) const DATABASE: &str = "village.db";
/// Requests a minute: no limit is what is measured.
const NO_LIMIT: u32 = u32::MAX;
/// Passwords are not what is measured: the least that Argon2 takes.
const PASSWORD_MEMORY_KIB: u32 = 64;

/// Where ours keeps what happens.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// A file of its own.
    Sqlite(Durability),
    /// A server's empty database.
    #[cfg(feature = "pg")]
    Postgres(String),
}

/// A village that is served.
pub(crate) struct Ours {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What its handlers reach.
    pub(crate) app: App,
    booted: Booted,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    runtime: Runtime,
    _folder: TempDir,
}

/// A village that has grown, served.
pub(crate) struct GrownOurs {
    pub(crate) ours: Ours,
    /// A copy of its tables, for a reference.
    pub(crate) copy: PathBuf,
}

/// What members may write in an hour, and write twice, is not what is measured.
fn unlimited(loaded: &mut Loaded) {
    let rules = &mut loaded.scenario.rules;
    (rules.posts_per_hour, rules.comments_per_hour) = (1_000_000, 1_000_000);
    rules.spam_hours = 0;
}

fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no runtime")
}

struct NoPictures;

impl Assets for NoPictures {
    fn read(&self, _path: &str) -> Option<Cow<'static, [u8]>> {
        None
    }
}

impl Ours {
    /// Founds a village and serves it.
    pub(crate) fn start(mut loaded: Loaded, database: &Database) -> Result<Self> {
        unlimited(&mut loaded);
        let folder = TempDir::new().context("the system gives no folder")?;
        Self::start_in(folder, runtime()?, loaded, database)
    }

    /// Grows a village and serves it.
    pub(crate) fn start_grown(
        mut loaded: Loaded,
        database: &Database,
        size: Size,
    ) -> Result<GrownOurs> {
        unlimited(&mut loaded);
        let folder = TempDir::new().context("the system gives no folder")?;
        let runtime = runtime()?;
        let file = folder.path().join(DATABASE);
        runtime.block_on(grow(&loaded, &file, size))?;
        let copy = folder.path().join("reference.db");
        std::fs::copy(&file, &copy).context("a copy for the reference")?;
        let ours = Self::start_in(folder, runtime, loaded, database)?;
        Ok(GrownOurs { ours, copy })
    }

    /// Grows a village in a folder, and leaves it at rest.
    pub(crate) fn grow_in(folder: &Path, mut loaded: Loaded, size: Size) -> Result<Grown> {
        unlimited(&mut loaded);
        runtime()?.block_on(grow(&loaded, &folder.join(DATABASE), size))
    }

    /// Serves the village that a folder has.
    pub(crate) fn start_on(folder: TempDir, mut loaded: Loaded) -> Result<Self> {
        unlimited(&mut loaded);
        let database = Database::Sqlite(Durability::Full);
        Self::start_in(folder, runtime()?, loaded, &database)
    }

    fn start_in(
        folder: TempDir,
        runtime: Runtime,
        loaded: Loaded,
        database: &Database,
    ) -> Result<Self> {
        let (app, booted) = runtime.block_on(found(folder.path(), loaded, database))?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let doors = Doors::closed();
        doors.open(&app);
        let (stop, stopped) = oneshot::channel();
        let serving = runtime.spawn(serve(listener, doors, async {
            stopped.await.ok();
        }));
        Ok(Self {
            address,
            app,
            booted,
            stop,
            serving,
            runtime,
            _folder: folder,
        })
    }

    /// Keys of so many newly registered agents.
    pub(crate) fn register(&self, agents: usize) -> Result<Vec<String>> {
        self.runtime.block_on(async {
            let mut client = Client::connect(self.address).await?;
            let mut keys = Vec::with_capacity(agents);
            for n in 0..agents {
                let body = format!(r#"{{"name":"writer-{n}","description":"writes"}}"#);
                let mut asked = Vec::new();
                request(&mut asked, "POST", "/api/v1/agents/register", None, &body);
                let (status, answer) = client.ask(&asked).await?;
                let json: serde_json::Value = serde_json::from_slice(answer)?;
                ensure!(status == 201, "an agent is refused: {json}");
                let key = json["agent"]["api_key"].as_str().context("no key")?;
                keys.push(key.to_owned());
            }
            Ok(keys)
        })
    }

    /// Asks once.
    pub(crate) fn get(&self, path: &str) -> Result<(u16, Vec<u8>)> {
        self.runtime.block_on(async {
            let mut client = Client::connect(self.address).await?;
            let mut asked = Vec::new();
            request(&mut asked, "GET", path, None, "");
            let (status, body) = client.ask(&asked).await?;
            Ok((status, body.to_vec()))
        })
    }

    /// Asks one after the other over one connection: method, path, key and body of each. Gives back each answer's status and milliseconds.
    pub(crate) fn ask_each(
        &self,
        asked: &[(&str, String, Option<&str>, String)],
    ) -> Result<Vec<(u16, f64)>> {
        self.runtime.block_on(async {
            let mut client = Client::connect(self.address).await?;
            let mut answers = Vec::with_capacity(asked.len());
            let mut bytes = Vec::new();
            for (method, path, key, body) in asked {
                bytes.clear();
                request(&mut bytes, method, path, *key, body);
                let began = Instant::now();
                let (status, _) = client.ask(&bytes).await?;
                answers.push((status, began.elapsed().as_secs_f64() * 1e3));
            }
            Ok(answers)
        })
    }

    /// Ends it well.
    pub(crate) fn stop(self) -> Result<()> {
        // Whoever serves may have ended by itself.
        self.stop.send(()).ok();
        self.runtime.block_on(async {
            self.serving.await.context("serving panicked")?;
            drop(self.app);
            self.booted
                .stop()
                .await
                .context("the village does not end well")
        })
    }
}

async fn found(folder: &Path, loaded: Loaded, database: &Database) -> Result<(App, Booted)> {
    let file = format!("sqlite://{}", folder.join(DATABASE).display());
    let (url, durability) = match database {
        Database::Sqlite(durability) => (file, *durability),
        #[cfg(feature = "pg")]
        Database::Postgres(url) => (url.clone(), Durability::Full),
    };
    let options = StoreOptions {
        durability,
        ..StoreOptions::default()
    };
    let store = Store::open(&url, options).await?;
    let metrics = Arc::new(Metrics::default());
    let booted = boot(Boot {
        store: store.clone(),
        scenario: (loaded.scenario, loaded.map),
        must_match: true,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        pace: None,
        hash_every_ticks: 1_000,
        image_every: Duration::from_secs(600),
        keep: Keep::default(),
        clock: Arc::new(SystemClock),
        metrics: Arc::clone(&metrics),
        thoughts: None,
    })
    .await?;
    let config = ApiConfig {
        data: folder.to_owned(),
        key_requests_per_min: NO_LIMIT,
        anonymous_requests_per_min: NO_LIMIT,
        password_memory_kib: PASSWORD_MEMORY_KIB,
        ..ApiConfig::default()
    };
    let app = App::of(
        &booted,
        config,
        store,
        metrics,
        FileStore::open(&FilesPlace::Folder, folder)?,
        Arc::new(NoPictures),
        &[7; 32],
    );
    Ok((app, booted))
}
