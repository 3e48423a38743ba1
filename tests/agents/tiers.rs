//! Work on tasks in a village that keeps its own books: which models a tier lets answer, and what is left in the books.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use hamlet_agents::config::{ModelsConfig, Purpose};
use hamlet_agents::mock::{MockConfig, MockServer};
use hamlet_agents::skills::Registry;
use hamlet_protocol::command::{Answer, Command, StampedCommand};
use hamlet_protocol::economy::tier::default_tiers;
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::minds::{MindsView, VillageHandle};
use hamlet_protocol::task::{TaskAuthor, TaskEar, TaskEnd, TaskKind, TaskLine, TaskSaid, TaskTurn};
use hamlet_sim::Village;
use hamlet_sim::files::Disk;
use hamlet_sim::scenario::{self, Overrides};

use crate::town::{found, loaded, models, serve, start};

const TOWN: &str = r#"
seed = 5
map = "maps/town.tmj"
[economy]
grant = 25.0
[[population]]
count = 1
mind = "llm"
"#;

/// A village that takes commands, and whose time stands still.
struct Real(Mutex<Village>);

impl VillageHandle for Real {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        let mut village = self.0.lock().unwrap();
        let stamp_ms = village.stamp_ms();
        let answer = village.apply(&StampedCommand { stamp_ms, command });
        Box::pin(async { Some(answer) })
    }
}

/// Hears what was said.
#[derive(Default)]
struct Ear(Mutex<Vec<TaskSaid>>);

impl TaskEar for Ear {
    fn words(&self, _known: usize, _new: &str) {}

    fn said(&self, said: TaskSaid) {
        self.0.lock().unwrap().push(said);
    }

    fn spent(&self, _cost_micros: i64) {}
}

/// A server with a large model for talking and a small one for all else.
async fn two_models() -> (MockServer, ModelsConfig) {
    let server = serve(MockConfig {
        models: vec!["large".to_owned(), "small".to_owned()],
        ..MockConfig::default()
    })
    .await;
    let mut config = models(&[&server]);
    for endpoint in &mut config.endpoints {
        endpoint.model = None;
        endpoint.models = BTreeMap::from([
            (Purpose::Chat, "large".to_owned()),
            (Purpose::Fast, "small".to_owned()),
        ]);
    }
    (server, config)
}

/// The one resident works on a task in a village whose lowest tier allows these classes of models.
async fn work(classes: &[&str]) -> (TaskEnd, Vec<TaskSaid>, Arc<Real>) {
    let (server, config) = two_models().await;
    let mut loaded = loaded(TOWN);
    let mut tiers = default_tiers();
    tiers[0].models = classes.iter().map(|&class| class.to_owned()).collect();
    loaded.scenario.economy.entitlements = tiers;
    let mut village = found(loaded);
    village.tick(None);
    let scenario = Arc::clone(village.scenario());
    let turn = TaskTurn {
        agent: IdCodec::new(scenario.seed).make(0),
        person: "mira".to_owned(),
        title: "Bread".to_owned(),
        lines: vec![TaskLine {
            author: TaskAuthor::Person,
            kind: TaskKind::Message,
            text: "Please write down how bread is baked in this town.".to_owned(),
            files: Vec::new(),
        }],
        older: 0,
        sees_inside: true,
        view: village.view(),
    };
    let village = Arc::new(Real(Mutex::new(village)));
    let (minds, recordings) = start(config, scenario, Arc::clone(&village) as _, false);
    drop(recordings);
    let ear = Arc::new(Ear::default());
    let end = minds.task(turn, Arc::clone(&ear) as _).await;
    drop(server);
    let said = ear.0.lock().unwrap().clone();
    (end, said, village)
}

#[tokio::test]
async fn a_task_is_worked_on_by_the_models_that_a_tier_allows_and_paid_like_a_thought() {
    for (classes, class, model) in [
        (["fast", "chat"].as_slice(), "chat", "large"),
        (["fast"].as_slice(), "fast", "small"),
    ] {
        let (end, said, village) = work(classes).await;
        assert_eq!(end.outcome, "delivered", "{said:?}");
        assert_eq!(end.model.as_deref(), Some(model));
        let economy = village.0.lock().unwrap().image().state.economy;
        let cost = &economy.costs[&(0, "task".to_owned(), class.to_owned())];
        assert_eq!(cost.count, u64::from(end.turns), "{class}");
        assert!(cost.amount > 0, "{class}");
        assert_eq!(economy.spent.agents[&0].runs, end.turns);
        assert_eq!(economy.spent.agents[&0].in_hour, cost.amount);
        assert!(economy.meters.is_empty(), "nothing stays reserved");
    }
}

#[tokio::test]
async fn where_a_tier_has_no_models_nobody_works() {
    let (end, said, village) = work(&[]).await;
    assert_eq!(end.outcome, "unpaid");
    let last = said.last().unwrap();
    assert_eq!(last.kind, TaskKind::Failure);
    assert!(last.text.contains("no models"), "{}", last.text);
    let economy = village.0.lock().unwrap().image().state.economy;
    assert!(economy.costs.is_empty() && economy.meters.is_empty());
}

#[test]
fn what_a_resident_of_the_catalogue_is_offered_depends_on_template_and_tier() {
    let path = Path::new("scenarios/llm-town.toml");
    let loaded = scenario::load(path, &Disk, &Overrides::default()).unwrap();
    let template = |slug: &str| loaded.scenario.templates[slug].clone();
    let (scout, interpreter) = (template("bd-1"), template("c-3po"));
    let registry = Registry::of_village();
    let names = |tier, template| registry.offer(tier, Some(template), true).names();
    assert_ne!(names(0, &scout), names(0, &interpreter));
    assert_ne!(names(0, &interpreter), names(1, &interpreter));
    let has = |tier, template, money, skill: &str| {
        let offer = registry.offer(tier, Some(template), money);
        offer.names().split(", ").any(|name| name == skill)
    };
    assert!(has(0, &scout, false, "survey"));
    assert!(!has(2, &interpreter, true, "survey"));
    assert!(has(1, &interpreter, true, "assess"));
    assert!(!has(0, &interpreter, true, "assess"));
    assert!(!has(1, &interpreter, false, "assess"), "nobody has means");
}
