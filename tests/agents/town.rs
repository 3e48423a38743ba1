//! A small town whose residents think, run in this process.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hamlet_agents::config::{ModelsConfig, Price};
use hamlet_agents::mock::{MockConfig, MockServer};
use hamlet_agents::runtime::{Minds, Recordings, Setup};
use hamlet_protocol::command::{Answer, Command, StampedCommand};
use hamlet_protocol::event::EventRecord;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::memory::MemoryStore;
use hamlet_protocol::minds::{
    CostsView, MindsView, ThoughtAsk, ThoughtBatch, ThoughtTerms, VillageHandle, Wake,
};
use hamlet_protocol::scenario::Scenario;
use hamlet_sim::bridge::{self, BridgeOptions, Envelope, SimHandle};
use hamlet_sim::files::Disk;
use hamlet_sim::scenario::{self, Loaded, Overrides};
use hamlet_sim::{Village, VillageOptions};
use tokio::sync::oneshot;

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) hash: String,
    pub(crate) thoughts: u64,
    pub(crate) costs: CostsView,
    pub(crate) events: Vec<EventRecord>,
    pub(crate) recordings: Recordings,
    pub(crate) village: Village,
}

impl Ran {
    /// Thoughts by how they ended, but for those that the end of the run cut off: how many those are hangs on servers.
    pub(crate) fn outcomes(&self) -> BTreeMap<String, u64> {
        let mut outcomes = self.costs.outcomes.clone();
        outcomes.remove("stale");
        outcomes
    }
}

/// A server of models on loopback.
pub(crate) async fn serve(config: MockConfig) -> MockServer {
    let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
    MockServer::start(any, config).await.unwrap()
}

/// Settings for these servers.
pub(crate) fn models(servers: &[&MockServer]) -> ModelsConfig {
    let mut models = ModelsConfig {
        think_secs: 120,
        ..ModelsConfig::default()
    };
    let urls: Vec<String> = servers.iter().map(|server| server.base_url()).collect();
    models.add(&urls, Some("mock"));
    for endpoint in &mut models.endpoints {
        endpoint.price = Price {
            input: 1.0,
            cached: None,
            output: 4.0,
        };
    }
    models
}

/// Runs a scenario in lockstep.
pub(crate) async fn run(scenario: &str, ticks: u64, models: ModelsConfig) -> Ran {
    inside(scenario, ticks, models, None, |_village| {}).await
}

/// The same in a village where something was done before.
pub(crate) async fn run_from(
    scenario: &str,
    ticks: u64,
    models: ModelsConfig,
    prepare: impl FnOnce(&mut Village),
) -> Ran {
    inside(scenario, ticks, models, None, prepare).await
}

/// The same, where minds keep what they remember.
pub(crate) async fn run_with(
    scenario: &str,
    ticks: u64,
    models: ModelsConfig,
    store: Option<Arc<dyn MemoryStore>>,
) -> Ran {
    inside(scenario, ticks, models, store, |_village| {}).await
}

/// A scenario and its map, from its text.
pub(crate) fn loaded(scenario: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.toml");
    std::fs::write(&path, scenario).unwrap();
    scenario::load(&path, &Disk, &Overrides::default()).unwrap()
}

/// A village at its beginning, in which time stands still.
pub(crate) fn found(loaded: Loaded) -> Village {
    let options = VillageOptions {
        views: true,
        ..VillageOptions::default()
    };
    Village::found(loaded.scenario, loaded.map, options).unwrap()
}

/// A question to the resident with this number.
pub(crate) fn ask(no: u32, ids: IdCodec, tick: u64, terms: ThoughtTerms) -> ThoughtAsk {
    ThoughtAsk {
        thought: u64::from(no),
        agent: ids.make(u64::from(no)),
        no,
        fence: 0,
        asked: tick,
        due: tick + 10,
        wake: Wake::Begin,
        last: Vec::new(),
        terms,
    }
}

/// Minds for a village that somebody else keeps, live or in lockstep.
pub(crate) fn start(
    config: ModelsConfig,
    scenario: Arc<Scenario>,
    village: Arc<dyn VillageHandle>,
    lockstep: bool,
) -> (Minds, Recordings) {
    let setup = Setup {
        config,
        scenario,
        village,
        lockstep,
        spent: 0.0,
    };
    Minds::start(setup, |_| None).unwrap()
}

/// Waits until something is so.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    tokio::time::timeout(Duration::from_secs(60), async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await
    .expect("it comes to be so");
}

async fn inside(
    scenario: &str,
    ticks: u64,
    models: ModelsConfig,
    store: Option<Arc<dyn MemoryStore>>,
    prepare: impl FnOnce(&mut Village),
) -> Ran {
    let loaded = loaded(scenario);
    let options = VillageOptions {
        views: true,
        thoughts: true,
        ..VillageOptions::default()
    };
    let mut scenario = loaded.scenario;
    scenario.stop.after_ticks = Some(ticks);
    let mut village = Village::found(scenario, loaded.map, options).unwrap();
    let attach = StampedCommand {
        stamp_ms: village.stamp_ms(),
        command: Command::Minds(models.attach(true)),
    };
    village.apply(&attach).unwrap();
    prepare(&mut village);
    let scenario = Arc::clone(village.scenario());
    let options = BridgeOptions {
        lockstep: true,
        ..BridgeOptions::default()
    };
    let (handle, emissions, thread) = bridge::spawn(village, options).unwrap();
    let (minds, recordings) = start(models, scenario, Arc::new(Handle(handle)), true);
    if let Some(store) = store {
        minds.remember(store).await.unwrap();
    }
    let runtime = tokio::runtime::Handle::current();
    let thinking = minds.clone();
    let events = tokio::task::spawn_blocking(move || {
        let _inside = runtime.enter();
        let mut events = Vec::new();
        for emission in emissions {
            events.extend(emission.events);
            for reply in emission.replies {
                reply.release();
            }
            if let Some(view) = emission.view.filter(|_| !emission.asks.is_empty()) {
                let asks = emission.asks;
                thinking.think(ThoughtBatch { asks, view });
            }
        }
        events
    });
    let events = events.await.unwrap();
    let village = thread.join().unwrap().village;
    minds.settled(Duration::from_secs(60)).await;
    Ran {
        hash: village.state_hash().to_string(),
        thoughts: village.image().state.minds.thoughts,
        costs: minds.costs(),
        events,
        recordings,
        village,
    }
}

struct Handle(SimHandle);

impl VillageHandle for Handle {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        Box::pin(async move {
            let (sender, answer) = oneshot::channel();
            let envelope = Envelope {
                command,
                stamp_ms: None,
                side: None,
                reply: Box::new(move |answer| drop(sender.send(answer))),
            };
            self.0.try_send(envelope).ok()?;
            answer.await.ok()
        })
    }
}
