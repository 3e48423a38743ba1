//! What every handler can reach.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::minds::MindsView;
use hamlet_protocol::scenario::Scenario;
use hamlet_sim::bridge::Pace;
use hamlet_store::Store;

use crate::auth::{AccessTable, Tokens};
use crate::config::ApiConfig;
use crate::files::FileStore;
use crate::identity::Identity;
use crate::limits::Limits;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::render::Renderings;
use crate::render::pace::Paced;
use crate::router::description;
use crate::tasks::Tasks;
use crate::time::Clock;
use crate::village::{Booted, Desk, Published, Rerun, Steering, Tempo};
use crate::webhooks::Signer;
use crate::ws::Hub;

/// Files that the village shows: tilesets and sprites, by the path the map names.
pub trait Assets: Send + Sync {
    /// The file, or `None` where there is none.
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

/// Shared by all handlers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<AppInner>);

/// What [`App`] points to.
pub struct AppInner {
    /// Settings.
    pub config: ApiConfig,
    /// Where things are handed in.
    pub desk: Desk,
    /// Changes how fast the village goes.
    pub tempo: Arc<Tempo>,
    /// What readers may see.
    pub published: Arc<Published>,
    /// History and old texts, for reading only: whatever writes goes through the desk.
    pub store: Store,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What is measured.
    pub metrics: Arc<Metrics>,
    /// The scenario the village lives by.
    pub scenario: Arc<Scenario>,
    /// Reads agents' and landmarks' numbers out of their ids.
    pub ids: IdCodec,
    /// Tells listeners on WebSockets what happens.
    pub hub: Hub,
    /// Counts requests.
    pub limits: Limits,
    /// Counts and guards what has to do with signing in and registering.
    pub identity: Identity,
    /// Signs and verifies access tokens.
    pub tokens: Tokens,
    /// Signs what is told elsewhere.
    pub webhook_signer: Signer,
    /// Who may call which operation.
    pub access: AccessTable,
    /// Sends letters, where that is configured.
    pub mailer: Option<Mailer>,
    /// Pictures that members hand in.
    pub files: FileStore,
    /// Tilesets and sprites.
    pub assets: Arc<dyn Assets>,
    /// Who thinks for residents with such a mind, once they have begun.
    pub minds: OnceLock<Arc<dyn MindsView>>,
    /// What agents are doing for people.
    pub tasks: Tasks,
    /// What readers share besides the view.
    pub(crate) renderings: Renderings,
    /// Steers the run that is watched again; `None`: the village lives.
    pub replay: Option<Steering>,
    /// The API's own description as JSON.
    pub openapi_json: bytes::Bytes,
}

impl fmt::Debug for AppInner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppInner")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// What a village stands on, whether it lives ([`Booted`]) or is watched again ([`Rerun`]).
#[derive(Debug)]
pub struct Ground {
    desk: Desk,
    published: Arc<Published>,
    scenario: Arc<Scenario>,
    clock: Arc<dyn Clock>,
    pace: Paced,
    replay: Option<Steering>,
}

impl From<&Booted> for Ground {
    fn from(booted: &Booted) -> Self {
        Self {
            desk: booted.desk.clone(),
            published: Arc::clone(&booted.published),
            scenario: Arc::clone(&booted.scenario),
            clock: booted.clock(),
            pace: booted.pace,
            replay: None,
        }
    }
}

impl From<&Rerun> for Ground {
    fn from(rerun: &Rerun) -> Self {
        let usual = Pace::Realtime {
            hz: rerun.scenario.time.tick_hz,
        };
        Self {
            desk: rerun.desk.clone(),
            published: Arc::clone(&rerun.published),
            scenario: Arc::clone(&rerun.scenario),
            clock: Arc::clone(&rerun.clock),
            pace: Paced::from(usual).then(Pace::Paused),
            replay: Some(rerun.steering.clone()),
        }
    }
}

impl App {
    /// Puts together what handlers need. `token_secret` signs access tokens: at least 32 bytes of chance.
    #[must_use]
    pub fn of(
        ground: impl Into<Ground>,
        config: ApiConfig,
        store: Store,
        metrics: Arc<Metrics>,
        files: FileStore,
        assets: Arc<dyn Assets>,
        token_secret: &[u8],
    ) -> Self {
        let description = description();
        let access = AccessTable::read(&description, config.anonymous_read);
        let openapi_json = description.to_json().unwrap_or_default().into();
        let Ground {
            desk,
            published,
            scenario,
            clock,
            pace,
            replay,
        } = ground.into();
        let ids = IdCodec::new(scenario.seed);
        let renderings = Renderings::new(pace);
        if replay.is_some() {
            renderings.board.let_rewind();
        }
        Self(Arc::new(AppInner {
            hub: Hub::new(Arc::clone(&published), ids, config.sockets_per_key_max),
            limits: Limits::new(&config, Arc::clone(&clock)),
            identity: Identity::new(&config, Arc::clone(&clock)),
            tempo: Arc::new(Tempo::new(
                desk.clone(),
                Arc::clone(&renderings.pace),
                scenario.time.tick_hz,
            )),
            desk,
            published,
            store,
            clock,
            metrics,
            ids,
            scenario,
            tokens: Tokens::new(token_secret),
            webhook_signer: Signer::new(token_secret),
            mailer: mailer(&config),
            access,
            files,
            assets,
            minds: OnceLock::new(),
            tasks: Tasks::default(),
            renderings,
            replay,
            openapi_json,
            config,
        }))
    }
}

/// Settings that make no sense are refused before; should they come here all the same, no letters are sent.
fn mailer(config: &ApiConfig) -> Option<Mailer> {
    Mailer::new(config.smtp.as_ref()?)
        .inspect_err(|why| tracing::error!(%why, "no e-mail is sent"))
        .ok()
}

impl Deref for App {
    type Target = AppInner;

    fn deref(&self) -> &AppInner {
        &self.0
    }
}
