//! What minds remember outlives the run, and is found again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use hamlet_agents::config::{EmbedderChoice, ModelsConfig, Purpose};
use hamlet_agents::memory::LEXICAL_MODEL;
use hamlet_agents::mock::{MockConfig, MockServer};
use hamlet_agents::runtime::{Remembered, What};
use hamlet_protocol::command::{Answer, Command};
use hamlet_protocol::ids::{AgentId, IdCodec};
use hamlet_protocol::memory::{Embedding, MemoryRecord, MemoryStore, MemoryWrite};
use hamlet_protocol::minds::VillageHandle;
use hamlet_store::MindsFile;
use tempfile::TempDir;

use crate::town::{loaded, models, run, run_with, serve, start};

const TOWN: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
count = 6
mind = "llm"
"#;

fn agent(no: u64) -> AgentId {
    IdCodec::new(5).make(no)
}

/// Something grave that happened before the run.
fn grave(no: u64, model: &str) -> MemoryRecord {
    MemoryRecord {
        agent: agent(0),
        no,
        tick: 0,
        since: 0,
        kind: "observation".to_owned(),
        text: format!("The mill burnt down for the {no}th time."),
        importance: 10,
        source: None,
        about: None,
        of: vec![],
        replaces: vec![],
        embedding: Embedding {
            model: model.to_owned(),
            dim: 4_096,
            vector: None,
        },
    }
}

async fn file(folder: &TempDir, name: &str, model: &str) -> Arc<MindsFile> {
    let file = MindsFile::create(&folder.path().join(name)).await.unwrap();
    let rows = (0..12).map(|no| MemoryWrite::Row(grave(no, model)));
    file.write(rows.collect()).await.unwrap();
    Arc::new(file)
}

async fn all(file: &MindsFile) -> Vec<MemoryRecord> {
    let mut all = Vec::new();
    for agent in file.agents().await.unwrap() {
        all.extend(file.load(agent, None).await.unwrap());
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_keeps_memories_changes_nothing_about_the_run() {
    let (server, folder) = (serve(MockConfig::default()).await, TempDir::new().unwrap());
    let empty = Arc::new(
        MindsFile::create(&folder.path().join("a.db"))
            .await
            .unwrap(),
    );
    let kept = run_with(TOWN, 300, models(&[&server]), Some(Arc::clone(&empty) as _)).await;
    let not_kept = run(TOWN, 300, models(&[&server])).await;
    assert_eq!(kept.hash, not_kept.hash);
    let rows = all(&empty).await;
    assert!(rows.len() > 8, "{rows:?}");
    for row in &rows {
        assert!(row.since >= row.tick, "{row:?}");
        assert_eq!(
            (row.embedding.model.as_str(), row.embedding.dim),
            (LEXICAL_MODEL, 4_096)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_before_is_remembered_and_reflected_on() {
    let (server, folder) = (serve(MockConfig::default()).await, TempDir::new().unwrap());
    let before = file(&folder, "a.db", LEXICAL_MODEL).await;
    let ran = run_with(TOWN, 60, models(&[&server]), Some(Arc::clone(&before) as _)).await;
    let rows = before.load(agent(0), None).await.unwrap();
    let insight = rows.iter().find(|row| row.kind == "reflection");
    let insight = insight.expect("enough had happened to look back on");
    assert!(insight.no >= 12 && !insight.of.is_empty(), "{insight:?}");
    assert!(insight.of.iter().all(|no| *no < 12), "{insight:?}");
    let of_others = all(&before).await.into_iter();
    let of_others = of_others.filter(|row| row.agent != agent(0) && row.kind == "reflection");
    assert_eq!(of_others.count(), 0, "they have lived through little");

    let mut recordings = ran.recordings;
    let mut reflected = 0;
    while let Ok(recorded) = recordings.try_recv() {
        let What::Thought(thought) = recorded.what else {
            panic!("nobody has a task");
        };
        let did = |what: &str| thought.steps.iter().any(|step| step.contains(what));
        if did("Looked up: reflect.") {
            reflected += 1;
            assert!(thought.turns > 1, "then the thought went on");
        }
    }
    assert_eq!(reflected, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_of_the_pool_makes_the_vectors() {
    let (server, folder) = (serve(MockConfig::default()).await, TempDir::new().unwrap());
    let mut hashes = Vec::new();
    for name in ["a.db", "b.db"] {
        let file = Arc::new(MindsFile::create(&folder.path().join(name)).await.unwrap());
        let models = meaning(&server);
        let ran = run_with(TOWN, 300, models, Some(Arc::clone(&file) as _)).await;
        assert!(ran.costs.outcomes.contains_key("acted"));
        let costs = &ran.costs;
        assert!(costs.embedding.cost_micros > 0, "{:?}", costs.embedding);
        assert_eq!(costs.embedding.of, "embedding");
        let line = costs.models.iter().find(|line| line.of == "meaning");
        assert_eq!(line.map(|it| it.tokens_in), Some(costs.embedding.tokens_in));
        hashes.push(ran.hash);
        let rows = all(&file).await;
        assert!(rows.iter().all(|row| row.embedding.model == "meaning"));
        let embedded = rows.iter().filter(|row| {
            let bytes = row.embedding.vector.as_ref().map_or(0, Vec::len);
            bytes > 0 && bytes == row.embedding.dim as usize * 4
        });
        assert!(embedded.count() > 6, "{rows:?}");
    }
    assert_eq!(hashes[0], hashes[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vectors_of_different_models_are_not_mixed() {
    let (server, folder) = (serve(MockConfig::default()).await, TempDir::new().unwrap());
    let lexical = file(&folder, "a.db", LEXICAL_MODEL).await;
    let refused = remember(meaning(&server), &lexical).await.unwrap_err();
    for word in [LEXICAL_MODEL, "meaning", "reembed=true", "embedder=lexical"] {
        assert!(refused.contains(word), "{refused}");
    }
    // The old one, named.
    let named = ModelsConfig {
        embedder: EmbedderChoice::Lexical,
        ..meaning(&server)
    };
    let found = remember(named, &lexical).await.unwrap();
    assert_eq!((found.agents, found.memories), (1, 12));
    // All of it anew.
    let anew = ModelsConfig {
        reembed: true,
        ..meaning(&server)
    };
    remember(anew, &lexical).await.unwrap();
    let rows = all(&lexical).await;
    let of_model = |row: &MemoryRecord| row.embedding.model == "meaning" && row.embedding.dim > 0;
    assert!(rows.iter().all(of_model), "{rows:?}");
    remember(meaning(&server), &lexical).await.unwrap();
    // And back, without an endpoint that answers.
    let models = models(&[&server]);
    drop(server);
    let refused = remember(models.clone(), &lexical).await.unwrap_err();
    assert!(refused.contains("`meaning`"), "{refused}");
    let anew = ModelsConfig {
        reembed: true,
        ..models.clone()
    };
    remember(anew, &lexical).await.unwrap();
    remember(models, &lexical).await.unwrap();
}

/// Settings with a model for vectors.
pub(crate) fn meaning(server: &MockServer) -> ModelsConfig {
    let mut models = models(&[server]);
    for endpoint in &mut models.endpoints {
        let names = &mut endpoint.models;
        names.insert(Purpose::Embedding, "meaning".to_owned());
    }
    models
}

/// Takes in what is kept, without a run.
async fn remember(models: ModelsConfig, file: &Arc<MindsFile>) -> Result<Remembered, String> {
    let scenario = Arc::new(loaded(TOWN).scenario);
    let (minds, _recordings) = start(models, scenario, Arc::new(Nobody), true);
    let found = minds.remember(Arc::clone(file) as _).await;
    found.map_err(|why| why.to_string())
}

struct Nobody;

impl VillageHandle for Nobody {
    fn command(
        &self,
        _command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        Box::pin(async { None })
    }
}
