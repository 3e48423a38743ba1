//! A village behind its router, in a folder of its own, with a clock that stands still.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use hamlet_api::config::ApiConfig;
use hamlet_api::files::{FileStore, FilesPlace};
use hamlet_api::metrics::Metrics;
use hamlet_api::router::router;
use hamlet_api::state::{App, Assets};
use hamlet_api::time::{Clock, StillClock};
use hamlet_api::village::{Boot, Booted, Keep, boot};
use hamlet_sim::bridge::Pace;
use hamlet_sim::files::{Disk, Files};
use hamlet_sim::scenario::{self, Overrides};
use hamlet_store::{Store, StoreOptions};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// Noon of the first of February 2026.
pub(crate) const NOW_MS: i64 = 1_769_947_200_000;
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// A village one can call.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) booted: Booted,
    pub(crate) folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

/// The repository's files, from wherever the tests run.
pub(crate) struct Repository;

fn whole(path: &Path) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(path)
}

impl Files for Repository {
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        Disk.read(&whole(path))
    }

    fn exists(&self, path: &Path) -> bool {
        Disk.exists(&whole(path))
    }

    fn is_dir(&self, path: &Path) -> bool {
        Disk.is_dir(&whole(path))
    }

    fn list(&self, path: &Path) -> Vec<PathBuf> {
        let entries = Disk.list(&whole(path)).into_iter();
        entries
            .filter_map(|entry| Some(path.join(entry.file_name()?)))
            .collect()
    }
}

/// The repository's pictures.
pub(crate) struct Pictures;

impl Assets for Pictures {
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        Repository.read(&Path::new("assets").join(path)).ok()
    }
}

impl TestApp {
    /// A new village of `scenarios/town.toml`, paused: it ticks only when told to.
    pub(crate) async fn new() -> Self {
        Self::with(ApiConfig::default()).await
    }

    /// A new village with these settings.
    pub(crate) async fn with(config: ApiConfig) -> Self {
        let folder = TempDir::new().expect("a folder for the village");
        Self::open(folder, config).await
    }

    /// The village of a folder, new or as it was left.
    pub(crate) async fn open(folder: TempDir, config: ApiConfig) -> Self {
        Self::open_at(folder, config, Some(Pace::Paused)).await
    }

    /// The same at this pace, or at the one it was left at.
    pub(crate) async fn open_at(folder: TempDir, config: ApiConfig, pace: Option<Pace>) -> Self {
        Self::open_on(folder, None, config, pace).await
    }

    /// The same on a database of its own; else it lies in the folder.
    pub(crate) async fn open_on(
        folder: TempDir,
        url: Option<String>,
        config: ApiConfig,
        pace: Option<Pace>,
    ) -> Self {
        let clock = Arc::new(StillClock::at(NOW_MS));
        let told = Arc::clone(&clock) as _;
        Self::open_by(folder, url, config, pace, told, clock).await
    }

    /// The same by a clock of its own; `clock` is that of the test.
    pub(crate) async fn open_by(
        folder: TempDir,
        url: Option<String>,
        mut config: ApiConfig,
        pace: Option<Pace>,
        told: Arc<dyn Clock>,
        clock: Arc<StillClock>,
    ) -> Self {
        folder.path().clone_into(&mut config.data);
        let file = folder.path().join("village.db");
        let url = url.unwrap_or_else(|| format!("sqlite://{}", file.display()));
        let store = Store::open(&url, StoreOptions::default())
            .await
            .expect("the store opens");
        let town = Path::new("scenarios/town.toml");
        let mut loaded =
            scenario::load(town, &Repository, &Overrides::default()).expect("it is a scenario");
        // Tests write much, and the same, in no time; those of these limits are in the village's own tests.
        let rules = &mut loaded.scenario.rules;
        (rules.posts_per_hour, rules.comments_per_hour) = (1_000_000, 1_000_000);
        (rules.newcomer_percent, rules.spam_hours) = (100, 0);
        // So does what newcomers give away.
        loaded.scenario.economy.newcomer_hours = 0;
        let metrics = Arc::new(Metrics::default());
        let booted = boot(Boot {
            store: store.clone(),
            scenario: (loaded.scenario, loaded.map),
            must_match: true,
            threads: 1,
            pace,
            hash_every_ticks: 0,
            image_every: Duration::ZERO,
            keep: Keep::default(),
            clock: told,
            metrics: Arc::clone(&metrics),
            thoughts: None,
        })
        .await
        .expect("the village comes to life");
        let files = FileStore::open(&FilesPlace::Folder, folder.path()).expect("files can be kept");
        let app = App::of(
            &booted,
            config,
            store,
            metrics,
            files,
            Arc::new(Pictures),
            &[7; 32],
        );
        Self {
            router: router(&app),
            app,
            clock,
            booted,
            folder,
        }
    }

    /// Sends a request, with a bearer token where one is given.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Got {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).expect("it is a request"))
            .await
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Got {
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("the router never fails");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = to_bytes(answer.into_body(), ANSWER_BYTES_MAX)
            .await
            .expect("the answer can be read");
        let json = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Got {
            status,
            headers,
            json,
        }
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Got {
        self.call(Method::GET, path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Got {
        self.call(Method::POST, path, token, Some(body)).await
    }

    /// Lets the village live for some ticks, and waits until readers see it.
    pub(crate) async fn tick(&self, ticks: u64) {
        let until = self.app.published.view().tick + ticks;
        let mut beats = self.app.published.listen();
        self.app
            .desk
            .control(hamlet_sim::bridge::Control::Steps(ticks))
            .await
            .expect("the village can be steered");
        while self.app.published.view().tick < until {
            // Lagging behind is no harm here.
            drop(beats.recv().await);
        }
    }

    /// Ends the village; its folder remains.
    pub(crate) async fn stop(self) -> TempDir {
        drop((self.router, self.app));
        self.booted.stop().await.expect("the village ends well");
        self.folder
    }
}
