//! One task of a person, worked on by somebody in the town and heard while it comes.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use hamlet_agents::config::ModelsConfig;
use hamlet_agents::runtime::{Minds, Setup};
use hamlet_protocol::command::{Answer, Command, StampedCommand};
use hamlet_protocol::ids::IdCodec;
use hamlet_protocol::minds::{MindsView, VillageHandle};
use hamlet_protocol::task::{TaskAuthor, TaskEar, TaskEnd, TaskKind, TaskLine, TaskSaid, TaskTurn};
use hamlet_sim::Village;

/// What came of it.
pub(crate) struct Worked {
    pub(crate) end: TaskEnd,
    /// Pieces of answers that were heard before they were whole.
    pub(crate) pieces: usize,
    pub(crate) said: Vec<TaskSaid>,
}

/// Has the first resident of a village answer a question.
pub(crate) async fn work(models: ModelsConfig, mut village: Village) -> Worked {
    let scenario = Arc::clone(village.scenario());
    let line = TaskLine {
        author: TaskAuthor::Person,
        kind: TaskKind::Message,
        text: "Is bread baked here on Sundays as well?".to_owned(),
        files: Vec::new(),
    };
    let turn = TaskTurn {
        agent: IdCodec::new(scenario.seed).make(0),
        person: "mira".to_owned(),
        title: "Bread".to_owned(),
        lines: vec![line],
        older: 0,
        sees_inside: true,
        view: village.view(),
    };
    let setup = Setup {
        config: models,
        scenario,
        village: Arc::new(AtRest(Mutex::new(village))),
        lockstep: false,
        spent: 0.0,
    };
    let (minds, _recordings) = Minds::start(setup, |_| None).unwrap();
    let ear = Arc::new(Ear::default());
    let end = minds.task(turn, Arc::clone(&ear) as _).await;
    let heard = ear.0.lock().unwrap();
    Worked {
        end,
        pieces: heard.pieces,
        said: heard.said.clone(),
    }
}

/// Time stands still, and what is asked for money's sake is answered at once.
struct AtRest(Mutex<Village>);

impl VillageHandle for AtRest {
    fn command(
        &self,
        command: Command,
    ) -> Pin<Box<dyn Future<Output = Option<Answer>> + Send + '_>> {
        let mut village = self.0.lock().unwrap();
        let stamp_ms = village.stamp_ms();
        let answer = village.apply(&StampedCommand { stamp_ms, command });
        Box::pin(async move { Some(answer) })
    }
}

#[derive(Default)]
struct Heard {
    pieces: usize,
    said: Vec<TaskSaid>,
}

#[derive(Default)]
struct Ear(Mutex<Heard>);

impl TaskEar for Ear {
    fn words(&self, _known: usize, new: &str) {
        self.0.lock().unwrap().pieces += usize::from(!new.is_empty());
    }

    fn said(&self, said: TaskSaid) {
        self.0.lock().unwrap().said.push(said);
    }

    fn spent(&self, _cost_micros: i64) {}
}
