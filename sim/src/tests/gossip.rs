//! News: how far a word carries, who learns it from whom, and what is forgotten for it.

use hamlet_protocol::command::Command;
use hamlet_protocol::event::Event;
use hamlet_protocol::image::{NewsImage, ObservationImage, SeenImage};

use crate::testing::Stage;

const WELL: &str = "The well sings.";

fn stage(news_max: u16) -> Stage {
    // Hearing carries six tiles: Ann to Bob, and Bob to Cy, but not Ann to Cy.
    let people = [("Ann", (5, 5)), ("Bob", (10, 5)), ("Cy", (15, 5))];
    Stage::with(&people, |scenario| scenario.rules.news_max = news_max)
}

fn rumour(stage: &mut Stage, name: &str, text: &str) {
    let (agent, text) = (stage.id(name), text.to_owned());
    let answer = stage.command(Command::Rumour { agent, text });
    answer.expect("allowed");
}

fn known(stage: &Stage) -> [Vec<u32>; 3] {
    ["Ann", "Bob", "Cy"].map(|name| stage.resident(name).news)
}

#[test]
fn news_goes_from_mouth_to_ear_and_no_further_than_words_carry() {
    let mut stage = stage(12);
    rumour(&mut stage, "Ann", WELL);
    assert_eq!(known(&stage), [vec![0], vec![], vec![]]);
    stage.events();
    // Words without the news carry none; who does not know it cannot pass it on.
    stage.say("Ann", "The well is dry.");
    stage.say("Cy", &format!("Somebody said: {WELL}"));
    assert_eq!(known(&stage), [vec![0], vec![], vec![]]);
    stage.events();
    let (ann, bob, cy) = (stage.id("Ann"), stage.id("Bob"), stage.id("Cy"));
    let learned = |agent, from| Event::NewsLearned {
        news: 0,
        agent,
        from,
    };
    stage.say("Ann", &format!("Listen! {WELL} At night!"));
    assert_eq!(known(&stage), [vec![0], vec![0], vec![]]);
    assert!(stage.events().contains(&learned(bob, ann)));
    stage.say("Bob", WELL);
    assert_eq!(known(&stage), [vec![0], vec![0], vec![0]]);
    let events = stage.events();
    assert!(events.contains(&learned(cy, bob)), "{events:?}");
    assert!(!events.contains(&learned(ann, bob)), "Ann knew it");
    let item = NewsImage {
        text: WELL.to_owned(),
        origin: stage.no("Ann"),
        tick: 0,
        learned: 3,
    };
    assert_eq!(stage.state().news, [item]);
    let from_bob = ObservationImage {
        tick: 0,
        what: SeenImage::News(stage.no("Bob"), 0),
    };
    assert!(stage.resident("Cy").observations.contains(&from_bob));
}

#[test]
fn the_oldest_is_forgotten_and_can_be_learned_anew() {
    let mut stage = stage(2);
    for text in [WELL, "The bridge is up.", "The mill stands still."] {
        rumour(&mut stage, "Ann", text);
    }
    assert_eq!(known(&stage), [vec![1, 2], vec![], vec![]]);
    // What one has forgotten one's words no longer carry.
    stage.say("Ann", WELL);
    assert!(known(&stage)[1].is_empty());
    for text in ["The bridge is up.", "The mill stands still."] {
        stage.say("Ann", text);
    }
    assert_eq!(known(&stage)[1], [1, 2]);
    rumour(&mut stage, "Bob", "The fair is cancelled.");
    assert_eq!(known(&stage)[1], [2, 3]);
    stage.say("Ann", "The bridge is up.");
    assert_eq!(known(&stage)[1], [3, 1], "learned anew, and now the newest");
    let learned: Vec<u32> = stage.state().news.iter().map(|item| item.learned).collect();
    assert_eq!(learned, [1, 3, 2, 1]);
    // Less room: the next piece makes the others go.
    let rule = Command::SetRule {
        name: "news_max".to_owned(),
        value: 1.0,
    };
    stage.command(rule).expect("allowed");
    assert_eq!(known(&stage)[1], [3, 1]);
    rumour(&mut stage, "Bob", "It snows.");
    assert_eq!(known(&stage)[1], [4]);
}
