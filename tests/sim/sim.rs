//! The one door: [`TestSim`].

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::image::WorldImage;
use hamlet_protocol::map::Point;
use hamlet_sim::files::{Disk, Files};
use hamlet_sim::journal::{JournalHeader, JournalReader, JournalWriter, StateHash};
use hamlet_sim::replay::{Replay, Verdict};
use hamlet_sim::scenario::{self, Loaded, Overrides};
use hamlet_sim::{Village, VillageOptions};

/// A village in a test, with all that happened in it.
pub(crate) struct TestSim {
    pub(crate) village: Village,
    pub(crate) events: Vec<EventRecord>,
}

impl TestSim {
    /// From a scenario written in the test. Maps and templates are those of the repository.
    pub(crate) fn of(text: &str) -> Self {
        Self::with(text, VillageOptions::default())
    }

    /// The same, run in another way.
    pub(crate) fn with(text: &str, options: VillageOptions) -> Self {
        Self::found(load_text(text), options)
    }

    /// From a scenario that is shipped.
    pub(crate) fn shipped(name: &str) -> Self {
        let path = PathBuf::from(format!("scenarios/{name}.toml"));
        let loaded = scenario::load(&path, &Disk, &Overrides::default()).unwrap();
        assert!(loaded.warnings.is_empty(), "{name}: {:?}", loaded.warnings);
        Self::found(loaded, VillageOptions::default())
    }

    /// Where an image was taken.
    pub(crate) fn resume(image: WorldImage) -> Self {
        let village = Village::resume(image, VillageOptions::default()).unwrap();
        Self {
            village,
            events: Vec::new(),
        }
    }

    fn found(loaded: Loaded, options: VillageOptions) -> Self {
        let mut village = Village::found(loaded.scenario, loaded.map, options).unwrap();
        let events = village.take_events();
        Self { village, events }
    }

    /// Runs up to a tick.
    pub(crate) fn run_to(&mut self, tick: u64) -> &mut Self {
        while self.village.tick_count() < tick {
            self.village.tick(None);
            self.events.extend(self.village.take_events());
            // Samples that nobody takes would be mixed up with the next.
            drop(self.village.take_sample());
        }
        self
    }

    /// Runs up to a tick and takes the state's hash every so many ticks.
    pub(crate) fn hashes_to(&mut self, tick: u64, every: u64) -> BTreeMap<u64, StateHash> {
        let mut hashes = BTreeMap::new();
        while self.village.tick_count() < tick {
            let next = (self.village.tick_count() / every + 1) * every;
            self.run_to(next.min(tick));
            hashes.insert(self.village.tick_count(), self.hash());
        }
        hashes
    }

    pub(crate) fn hash(&self) -> StateHash {
        self.village.state_hash()
    }

    /// How often each kind of event happened.
    pub(crate) fn kinds(&self) -> BTreeMap<&'static str, u64> {
        let mut kinds = BTreeMap::new();
        for record in &self.events {
            *kinds.entry(record.event.kind()).or_default() += 1;
        }
        kinds
    }

    /// What happened in a tick.
    pub(crate) fn in_tick(&self, tick: u64) -> Vec<&Event> {
        let records = self.events.iter().filter(|record| record.tick == tick);
        records.map(|record| &record.event).collect()
    }

    /// The agent who joined under a name.
    pub(crate) fn agent(&self, wanted: &str) -> AgentId {
        let joined = self.events.iter().find_map(|record| match &record.event {
            Event::AgentJoined { agent, name, .. } if name == wanted => Some(*agent),
            _ => None,
        });
        joined.unwrap_or_else(|| panic!("nobody called {wanted} has joined"))
    }

    /// Where an agent stands.
    pub(crate) fn place_of(&mut self, agent: AgentId) -> Point {
        let view = self.village.view();
        let body = view.bodies.iter().find(|body| body.agent == agent);
        body.unwrap().at
    }
}

/// Writes a run down as a journal: its start, hashes, trailer.
pub(crate) fn journal_of(sim: &mut TestSim, ticks: u64, hash_every: u64) -> Vec<u8> {
    let header = JournalHeader::new(sim.village.image(), hash_every, "a test");
    let mut journal = JournalWriter::create(Vec::new(), &header).unwrap();
    let last = sim.village.tick_count() + ticks;
    for (tick, hash) in sim.hashes_to(last, hash_every) {
        journal.hash(tick, hash).unwrap();
    }
    journal.finish(last, sim.hash()).unwrap()
}

/// Runs a journal again.
pub(crate) fn replay(journal: &[u8]) -> Verdict {
    let reader = JournalReader::open(journal).unwrap();
    let mut replay = Replay::begin(reader, VillageOptions::default()).unwrap();
    replay.run(None, |_tick| {}).unwrap()
}

fn load_text(text: &str) -> Loaded {
    let files = OneFile(text.to_owned());
    let path = Path::new(TEST_FILE);
    match scenario::load(path, &files, &Overrides::default()) {
        Ok(loaded) => loaded,
        Err(faults) => panic!(
            "{}",
            faults
                .iter()
                .map(|fault| format!("{fault}\n"))
                .collect::<String>()
        ),
    }
}

/// Name of the scenario that stands only in the test.
const TEST_FILE: &str = "in-the-test.toml";

/// The repository, with one file more.
struct OneFile(String);

impl Files for OneFile {
    fn read(&self, path: &Path) -> io::Result<Cow<'static, [u8]>> {
        if path == Path::new(TEST_FILE) {
            return Ok(Cow::Owned(self.0.clone().into_bytes()));
        }
        Disk.read(path)
    }

    fn exists(&self, path: &Path) -> bool {
        path == Path::new(TEST_FILE) || Disk.exists(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        Disk.is_dir(path)
    }

    fn list(&self, path: &Path) -> Vec<PathBuf> {
        Disk.list(path)
    }
}
