//! Conversations of language models begin, have a point and end.

use std::collections::BTreeMap;

use hamlet_agents::mock::{Behaviour, MockConfig};
use hamlet_protocol::event::Event;

use crate::town::{models, run, serve};

const SQUARE: &str = r#"
seed = 5
map = "maps/town.tmj"
[[population]]
count = 6
mind = "llm"
at = "town_hall"
"#;

/// Lines and members of every conversation that ended, and how many lines were said in all.
async fn talks(behaviour: Behaviour) -> (Vec<(u32, usize)>, usize) {
    let server = serve(MockConfig {
        behaviour,
        ..MockConfig::default()
    })
    .await;
    let ran = run(SQUARE, 600, models(&[&server])).await;
    let mut open = BTreeMap::new();
    let (mut ended, mut said) = (Vec::new(), 0);
    for record in ran.events {
        match record.event {
            Event::TalkBegan { talk, members, .. } => {
                open.insert(talk, members.len());
            }
            Event::TalkEnded {
                talk,
                members,
                lines,
            } => {
                assert!(open.remove(&talk).is_some(), "it began");
                ended.push((lines, members.len()));
            }
            Event::Said { .. } => said += 1,
            _ => {}
        }
    }
    assert!(open.len() <= 3, "what begins ends: {open:?}");
    (ended, said)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_politeness_ends() {
    let (ended, said) = talks(Behaviour::Polite).await;
    assert!(!ended.is_empty(), "somebody was thanked");
    for (lines, members) in &ended {
        assert!(*lines as usize <= *members, "{ended:?}");
    }
    // A thousand thoughts would have thanked somebody.
    assert!(said < 40, "{said} lines of thanks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_have_something_to_say_go_on_and_come_to_an_end() {
    let (ended, said) = talks(Behaviour::Resident).await;
    assert!(ended.iter().any(|(lines, _)| *lines > 2), "{ended:?}");
    assert!(ended.iter().all(|(lines, _)| *lines <= 14), "{ended:?}");
    assert!(said > ended.len());
}
