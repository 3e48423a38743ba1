//! A deterministic resident: reads what is perceived, and answers with sensible calls of the skills that are offered.

use serde_json::{Value, json};

use super::hash;
use crate::wire::{ChatRequest, FunctionCall, Role, WireCall};

/// What is answered: words, calls.
pub(super) type Said = (String, Vec<WireCall>);

const GREETINGS: [&str; 6] = [
    "Good to see you. How has your day been?",
    "I was just thinking of going to the market. Do you need anything?",
    "Have you read what is on the board today?",
    "The light is lovely at this hour, isn't it?",
    "I could use some company over a meal.",
    "They say the harvest will be early this year. What do you think?",
];
const ANSWERS: [&str; 6] = [
    "That sounds right to me. I'll keep it in mind.",
    "I had not thought of it that way. Tell me more some time.",
    "Thank you for telling me. I should be on my way soon.",
    "Let us look at it together tomorrow.",
    "I'd rather see for myself first, but I am glad you said it.",
    "Well, take care. It was good to talk.",
];
const INSIGHTS: [&str; 4] = [
    "People here are glad of a kind word.",
    "I get more done when I begin early.",
    "The square is where news is heard first.",
    "I should see more of those I like.",
];
const TITLES: [&str; 5] = [
    "A small thing I noticed today",
    "Looking for a second pair of hands",
    "What became of the old bench?",
    "A question for the early risers",
    "Thanks to whoever helped",
];
const COMMENTS: [&str; 4] = [
    "I saw it as well, near the square.",
    "Count me in, if the weather holds.",
    "Thank you for writing this down.",
    "I would ask at the café; somebody always knows.",
];

const THANKS: [&str; 4] = [
    "Thank you so much!",
    "You are very welcome, dear friend.",
    "Thanks again, take care!",
    "How kind of you. Thank you!",
];

/// What somebody does who is polite and nothing else.
pub(super) fn polite(seed: u64, request: &ChatRequest) -> Said {
    let chance = chance_of(seed, request);
    let scene = Scene::read(request);
    let Some(who) = scene.spoken_by.as_ref().or(scene.reach.first()) else {
        return ("I wait.".to_owned(), Vec::new());
    };
    let text = THANKS[chance as usize % THANKS.len()];
    let call = WireCall {
        id: "call_thanks".to_owned(),
        kind: "function".to_owned(),
        function: FunctionCall {
            name: "talk".to_owned(),
            arguments: json!({"to": [who], "text": text}).to_string(),
        },
    };
    (String::new(), vec![call])
}

/// What somebody sensible does now.
pub(super) fn answer(seed: u64, request: &ChatRequest) -> Said {
    let chance = chance_of(seed, request);
    let scene = Scene::read(request);
    let turns = request.messages.iter();
    let turns = turns
        .filter(|message| message.role == Role::Assistant)
        .count();
    let offered = |name: &str| request.tools.iter().any(|tool| tool.function.name == name);
    let mut calls = Vec::new();
    let mut call = |name: &str, arguments: Value| {
        if offered(name) {
            calls.push(WireCall {
                id: format!("call_{:08x}_{}", chance as u32, calls.len()),
                kind: "function".to_owned(),
                function: FunctionCall {
                    name: name.to_owned(),
                    arguments: arguments.to_string(),
                },
            });
        }
        offered(name)
    };
    let pick = |from: &[&str], salt: u64| -> String {
        from[(hash(chance, "pick") ^ salt) as usize % from.len()].to_owned()
    };
    // Whoever is asked to look back does so first.
    if turns == 0
        && let [first, .., last] = &scene.lived[..]
        && call(
            "reflect",
            json!({"insights": [{"text": pick(&INSIGHTS, 7), "from": [first, last]}]}),
        )
    {
        return (String::new(), calls);
    }
    // Now and then somebody looks something up first.
    if turns == 0 && chance.is_multiple_of(5) && call("read_board", json!({"sort": "new"})) {
        return (String::new(), calls);
    }
    if turns == 0 && chance % 5 == 1 && call("recall", json!({"about": "yesterday"})) {
        return (String::new(), calls);
    }
    let done = act(&scene, chance, &pick, &mut call);
    if done && chance.is_multiple_of(7) {
        call(
            "remember",
            json!({"text": format!("I was {} at {}.", scene.doing, scene.clock), "importance": 1 + chance % 9}),
        );
    }
    if calls.is_empty() {
        return ("I stay where I am for now.".to_owned(), calls);
    }
    (String::new(), calls)
}

fn act(
    scene: &Scene,
    chance: u64,
    pick: &impl Fn(&[&str], u64) -> String,
    call: &mut impl FnMut(&str, Value) -> bool,
) -> bool {
    let near = scene.reach.first();
    if let Some(who) = &scene.spoken_by
        && scene.reach.contains(who)
    {
        return call("talk", json!({"to": [who], "text": pick(&ANSWERS, 1)}));
    }
    if scene.night && !chance.is_multiple_of(3) {
        return call("sleep", json!({}));
    }
    match (chance >> 8) % 10 {
        0..=2 if near.is_some() => call("talk", json!({"to": [near], "text": pick(&GREETINGS, 2)})),
        3 => call(
            "post",
            json!({"submolt": "town", "title": pick(&TITLES, 3), "text": pick(&GREETINGS, 4)}),
        ),
        4 if !scene.posts.is_empty() => {
            let post = &scene.posts[(chance >> 16) as usize % scene.posts.len()];
            call("comment", json!({"post": post, "text": pick(&COMMENTS, 5)}))
        }
        5 if !scene.posts.is_empty() => {
            let post = &scene.posts[(chance >> 16) as usize % scene.posts.len()];
            call("vote", json!({"post": post, "value": 1}))
        }
        6..=7 if scene.here.is_some() => call("use_place", json!({})),
        _ if !scene.places.is_empty() => {
            let place = &scene.places[(chance >> 24) as usize % scene.places.len()];
            call("go_to", json!({"place": place}))
        }
        _ => call("say", json!({"text": pick(&GREETINGS, 6)})),
    }
}

/// Chance from all that was said, whichever server is asked.
pub(super) fn chance_of(seed: u64, request: &ChatRequest) -> u64 {
    request.messages.iter().fold(seed, |sum, message| {
        let words = message.content.as_deref().unwrap_or_default();
        let calls = message.tool_calls.iter();
        let calls = calls.fold(0, |sum, call| hash(sum, &call.function.arguments));
        hash(sum ^ calls, words)
    })
}

/// What a resident reads out of what it perceives.
#[derive(Debug, Default)]
struct Scene {
    clock: String,
    doing: String,
    night: bool,
    reach: Vec<String>,
    spoken_by: Option<String>,
    here: Option<String>,
    places: Vec<String>,
    posts: Vec<String>,
    /// Numbers of memories to look back on.
    lived: Vec<u64>,
}

impl Scene {
    fn read(request: &ChatRequest) -> Self {
        let mut scene = Self::default();
        let users = request.messages.iter();
        let mut users = users.filter(|message| message.role == Role::User);
        let Some(words) = users
            .next_back()
            .and_then(|message| message.content.as_deref())
        else {
            return scene;
        };
        let mut part = "";
        for line in words.lines() {
            if let Some(time) = line.strip_prefix("It is ") {
                scene.clock = time.trim_end_matches('.').to_owned();
                let hour: u32 = time
                    .rsplit(' ')
                    .next()
                    .and_then(|clock| clock.split(':').next()?.parse().ok())
                    .unwrap_or(12);
                scene.night = !(6..22).contains(&hour);
            } else if let Some(doing) = line.strip_prefix("You are doing: ") {
                scene.doing = doing.trim_end_matches('.').to_owned();
            } else if line.ends_with(':') && !line.starts_with('-') {
                part = line.trim_end_matches(':');
            } else if let Some(entry) = line.strip_prefix("- ") {
                scene.entry(part, entry);
            }
        }
        scene
    }

    fn entry(&mut self, part: &str, entry: &str) {
        let handle = || {
            entry
                .split([' ', ':', ','])
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        match part {
            "People near" if entry.contains("within reach") => self.reach.push(handle()),
            "Said to you or near you since" => self.spoken_by = Some(handle()),
            "To look back on" => self.lived.extend(handle().parse::<u64>()),
            "Places" => {
                let name = entry.split(" (").next().unwrap_or_default().to_owned();
                if entry.contains("you are in it") {
                    self.here = Some(name);
                } else if entry.contains(", open") {
                    self.places.push(name);
                }
            }
            "On the board" => {
                let id = entry.split_whitespace().next().unwrap_or_default();
                self.posts.push(id.to_owned());
            }
            _ => {}
        }
    }
}
