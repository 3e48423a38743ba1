//! What minds remember, as their owners see and change it. Who thinks is a stand-in; what is kept lies in the village's database.

use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use hamlet_api::village::Shelf;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{
    ERASED, Embedding, Later, MemoryPage, MemoryQuery, MemoryRecord, MemoryStore, MemoryView,
    MemoryWrite, Revised, Revision, RevisionError,
};
use hamlet_protocol::minds::{CostsView, MindsView, PoolView, ThoughtView};
use hamlet_protocol::task::{TaskEar, TaskEnd, TaskTurn, TaskWork};
use serde_json::{Value, json};

use crate::app::{Got, TestApp};
use crate::identity::helpers::refused;

/// Minds that remember and do nothing else. Of a revision they work out what this test looks at.
#[derive(Default)]
struct Rememberers(Mutex<Vec<MemoryRecord>>);

impl Rememberers {
    fn row(&self, no: u64) -> Option<MemoryRecord> {
        let rows = self.0.lock().expect("whole");
        rows.iter().find(|row| row.no == no).cloned()
    }
}

fn view(row: &MemoryRecord) -> MemoryView {
    MemoryView {
        no: row.no,
        tick: row.tick,
        kind: row.kind.clone(),
        text: row.text.clone(),
        importance: row.importance,
        source: row.source.clone(),
        about: row.about.clone(),
        of: row.of.clone(),
    }
}

impl MindsView for Rememberers {
    fn pool(&self) -> PoolView {
        PoolView::default()
    }

    fn thoughts(&self, _agent: AgentId, _limit: usize) -> Vec<ThoughtView> {
        Vec::new()
    }

    fn memories(&self, agent: AgentId, query: &MemoryQuery) -> MemoryPage {
        let rows = self.0.lock().expect("whole");
        let fits = |row: &&MemoryRecord| {
            let kind = query.kind.as_deref();
            let words = query.words.as_deref();
            row.agent == agent
                && kind.is_none_or(|kind| row.kind == kind)
                && words.is_none_or(|words| row.text.contains(words))
                && query.below.is_none_or(|below| row.no < below)
        };
        let all: Vec<_> = rows.iter().rev().filter(fits).skip(query.skip).collect();
        MemoryPage {
            more: all.len() > query.most,
            memories: all.into_iter().take(query.most).map(view).collect(),
        }
    }

    fn revise(
        &self,
        agent: AgentId,
        tick: u64,
        revision: Revision,
    ) -> Later<'_, Result<Revised, RevisionError>> {
        Box::pin(async move {
            let marker = |no| MemoryRecord {
                kind: ERASED.to_owned(),
                ..remembered(agent, no, "")
            };
            match revision {
                Revision::Correct { no, text, .. } => {
                    let old = self.row(no).ok_or(RevisionError::Unknown)?;
                    let text = text.ok_or_else(|| RevisionError::Invalid("the same".to_owned()))?;
                    let row = MemoryRecord {
                        no: 100,
                        since: tick,
                        text,
                        replaces: vec![no],
                        ..old
                    };
                    Ok(Revised {
                        memory: Some(view(&row)),
                        writes: vec![MemoryWrite::Row(row)],
                        gone: 0,
                    })
                }
                Revision::Erase { no } => {
                    self.row(no).ok_or(RevisionError::Unknown)?;
                    Ok(Revised {
                        memory: None,
                        writes: vec![
                            MemoryWrite::Row(marker(101)),
                            MemoryWrite::Gone {
                                agent,
                                nos: Some(vec![no]),
                                below: 0,
                            },
                        ],
                        gone: 1,
                    })
                }
                Revision::EraseAll => Ok(Revised {
                    memory: None,
                    writes: vec![
                        MemoryWrite::Row(marker(102)),
                        MemoryWrite::Gone {
                            agent,
                            nos: None,
                            below: 102,
                        },
                    ],
                    gone: 7,
                }),
            }
        })
    }

    fn settle(&self, _agent: AgentId, kept: &[MemoryWrite]) -> bool {
        let mut rows = self.0.lock().expect("whole");
        for write in kept {
            match write {
                MemoryWrite::Row(row) => {
                    rows.retain(|old| !row.replaces.contains(&old.no));
                    rows.extend(Some(row.clone()).filter(|row| row.kind != ERASED));
                }
                MemoryWrite::Gone { nos: Some(nos), .. } => {
                    rows.retain(|old| !nos.contains(&old.no));
                }
                MemoryWrite::Gone { .. } => rows.clear(),
                MemoryWrite::Vector { .. } => {}
            }
        }
        true
    }

    fn task(&self, _turn: TaskTurn, _ear: Arc<dyn TaskEar>) -> TaskWork {
        Box::pin(async { TaskEnd::default() })
    }

    fn costs(&self) -> CostsView {
        CostsView::default()
    }
}

fn remembered(agent: AgentId, no: u64, text: &str) -> MemoryRecord {
    MemoryRecord {
        agent,
        no,
        tick: no,
        since: no,
        kind: if no.is_multiple_of(3) {
            "reflection"
        } else {
            "observation"
        }
        .to_owned(),
        text: text.to_owned(),
        importance: 5,
        source: (no == 1).then(|| "@mallory".to_owned()),
        about: None,
        of: vec![],
        replaces: vec![],
        embedding: Embedding {
            model: "lexical-4096".to_owned(),
            dim: 4096,
            vector: None,
        },
    }
}

struct Scene {
    test: TestApp,
    path: String,
    agent: AgentId,
    key: String,
    owner: String,
}

/// An agent with an owner, who remembers five things.
async fn scene() -> Scene {
    let test = TestApp::quick().await;
    let registered = test.register_agent("rememberer").await;
    let owner = test.sign_up("owner").await;
    test.claim(&registered, &owner).await;
    let agent = AgentId(registered.id.parse().expect("an id"));
    let rows: Vec<_> = (0..5)
        .map(|no| remembered(agent, no, &format!("secret {no}")))
        .collect();
    let shelf = Shelf::new(test.app.desk.clone(), test.app.store.clone());
    let writes = rows.iter().cloned().map(MemoryWrite::Row).collect();
    shelf.write(writes).await.expect("kept");
    assert_eq!(shelf.load(agent, None).await.expect("readable"), rows);
    assert_eq!(shelf.agents().await.expect("readable"), [agent]);
    let minds: Arc<dyn MindsView> = Arc::new(Rememberers(Mutex::new(rows)));
    assert!(test.app.minds.set(minds).is_ok());
    Scene {
        path: format!("/api/v1/agents/{}/memories", registered.id),
        key: registered.key,
        test,
        agent,
        owner,
    }
}

impl Scene {
    /// What lies in the database: numbers and words.
    async fn kept(&self) -> Vec<(u64, String)> {
        let rows = self.test.app.store.memories(self.agent, None).await;
        let rows = rows.expect("readable").into_iter();
        rows.map(|row| (row.no, row.text)).collect()
    }

    async fn audited(&self) -> Vec<(String, String)> {
        let log = self.test.app.store.audit_page(0, 100).await;
        let log = log.expect("readable").into_iter();
        log.filter(|row| row.act.starts_with("memory."))
            .map(|row| (row.act, row.detail))
            .collect()
    }

    async fn change(&self, method: Method, path: &str, token: &str, body: Option<Value>) -> Got {
        let path = format!("{}{path}", self.path);
        self.test.call(method, &path, Some(token), body).await
    }
}

#[tokio::test]
async fn they_are_paged_through_and_searched_by_whom_they_concern() {
    let scene = scene().await;
    let get = async |query: &str| {
        let path = format!("{}{query}", scene.path);
        scene.test.get(&path, Some(&scene.owner)).await
    };
    let first = get("?limit=3").await;
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    assert_eq!(first.json["memories"][0]["no"], 4);
    assert_eq!(first.json["has_more"], true);
    let cursor = first.json["next_cursor"].as_str().expect("there is more");
    let second = get(&format!("?limit=3&cursor={cursor}")).await;
    assert_eq!(second.json["memories"][0]["no"], 1);
    assert_eq!(second.json["memories"][0]["untrusted"], true);
    assert_eq!(
        (&second.json["count"], &second.json["has_more"]),
        (&json!(2), &json!(false))
    );
    let kind = get("?kind=reflection").await;
    assert_eq!(kind.json["count"], 2, "{kind:?}");
    let words = get("?q=secret&limit=2").await;
    let cursor = words.json["next_cursor"].as_str().expect("there is more");
    let words = get(&format!("?q=secret&limit=2&cursor={cursor}")).await;
    assert_eq!(words.json["memories"][0]["no"], 2, "{words:?}");
    refused(&get(&format!("?cursor={cursor}")).await, 400, "bad_cursor");
    refused(&get("?kind=dream").await, 400, "invalid");
    refused(&get("?q=").await, 400, "invalid");
    let stranger = scene.test.sign_up("stranger").await;
    let got = scene.test.get(&scene.path, Some(&stranger)).await;
    refused(&got, 403, "forbidden");
}

#[tokio::test]
async fn an_owner_corrects_and_erases_and_the_words_are_gone() {
    let scene = scene().await;
    let right = json!({"text": "harmless"});
    let got = scene
        .change(Method::PATCH, "/2", &scene.owner, Some(right.clone()))
        .await;
    assert_eq!(got.status, StatusCode::OK, "{got:?}");
    assert_eq!(got.json["memory"]["text"], "harmless");
    assert_eq!(got.json["memory"]["no"], 100);
    let kept = scene.kept().await;
    assert_eq!(kept.len(), 6, "what was before stays on record: {kept:?}");
    refused(
        &scene
            .change(Method::PATCH, "/2", &scene.owner, Some(right))
            .await,
        404,
        "not_found",
    );
    refused(
        &scene
            .change(Method::PATCH, "/3", &scene.owner, Some(json!({})))
            .await,
        400,
        "invalid",
    );

    // The agent itself may erase one, but not all.
    let got = scene.change(Method::DELETE, "/4", &scene.key, None).await;
    assert_eq!(
        (got.status, &got.json["erased"]),
        (StatusCode::OK, &json!(1))
    );
    let kept = scene.kept().await;
    assert!(!kept.iter().any(|(_, text)| text == "secret 4"), "{kept:?}");
    assert!(kept.contains(&(101, String::new())), "{kept:?}");
    refused(
        &scene.change(Method::DELETE, "/4", &scene.key, None).await,
        404,
        "not_found",
    );
    refused(
        &scene.change(Method::DELETE, "/x", &scene.key, None).await,
        404,
        "not_found",
    );
    refused(
        &scene.change(Method::DELETE, "", &scene.key, None).await,
        403,
        "forbidden",
    );
    let stranger = scene.test.sign_up("stranger").await;
    for path in ["", "/1"] {
        let got = scene.change(Method::DELETE, path, &stranger, None).await;
        refused(&got, 403, "forbidden");
    }

    let got = scene.change(Method::DELETE, "", &scene.owner, None).await;
    assert_eq!(
        (got.status, &got.json["erased"]),
        (StatusCode::OK, &json!(7))
    );
    assert_eq!(scene.kept().await, [(102, String::new())]);
    let got = scene.test.get(&scene.path, Some(&scene.owner)).await;
    assert_eq!(got.json["count"], 0);

    let log = scene.audited().await;
    let acts: Vec<&str> = log.iter().map(|(act, _)| act.as_str()).collect();
    assert_eq!(acts, ["memory.correct", "memory.erase", "memory.erase_all"]);
    assert!(
        log.iter().all(|(_, detail)| !detail.contains("secret")),
        "{log:?}"
    );
}

#[tokio::test]
async fn a_repeated_erasure_says_the_same() {
    let scene = scene().await;
    let erase = async || {
        let request = axum::http::Request::delete(format!("{}/0", scene.path))
            .header("authorization", format!("Bearer {}", scene.owner))
            .header("idempotency-key", "once");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        scene.test.send(request).await
    };
    let (first, again) = (erase().await, erase().await);
    assert_eq!(first.status, StatusCode::OK, "{first:?}");
    assert_eq!((again.status, &again.json), (first.status, &first.json));
    assert_eq!(scene.audited().await.len(), 1);
}
