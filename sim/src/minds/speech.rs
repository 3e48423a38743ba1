//! What to say next: chooses between greeting, answering, telling, asking and leaving, and has it worded.

mod notes;
mod recall;

use hamlet_protocol::image::{TalkImage, Topic};

use crate::minds::words::{self, Scene, Told};
use crate::rng::{Purpose, Stream, mix};
use crate::town::Town;

pub(crate) use notes::{awaited, comeback, introduction, look_at, note, reply};
pub(crate) use words::topic_of;

/// What people ask in the course of a conversation, each at another line of it.
const QUESTIONS: [Topic; 10] = [
    Topic::AskInterest,
    Topic::AskWork,
    Topic::AskOpinion,
    Topic::AskFood,
    Topic::AskInterest,
    Topic::AskBoard,
    Topic::Invitation,
    Topic::AskOpinion,
    Topic::AskNews,
    Topic::AskPlans,
];
/// What people ask when they meet.
const OPENERS: [Topic; 8] = [
    Topic::AskMood,
    Topic::AskMood,
    Topic::AskMood,
    Topic::AskWork,
    Topic::AskPlans,
    Topic::AskFood,
    Topic::AskNews,
    Topic::AskBoard,
];

/// The first line to somebody.
pub(crate) fn opening(town: &mut Town, no: u32, other: u32, stream: &mut Stream) -> String {
    let mut scene = recall::scene(town, no, Some(other));
    scene.group = town.resident(other).memory.talk.is_some();
    if !scene.group && stream.chance(6_500) {
        scene.ask = stream.pick(&OPENERS).copied();
    }
    words::greeting(&scene, stream)
}

/// The next line of a conversation and what it is about.
pub(crate) fn next_line(
    town: &mut Town,
    open: &TalkImage,
    speaker: u32,
    others: &[u32],
) -> (String, Topic) {
    let mut stream = Stream::new(
        town.seed.0,
        Purpose::Talk,
        open.no ^ u64::from(speaker) << 32,
        town.clock.tick,
    );
    // Whoever spoke last may have left since, the conversation or even the town.
    let listener = open
        .last_speaker
        .filter(|last| others.contains(last))
        .or(others.first().copied());
    let mut scene = recall::scene(town, speaker, listener);
    scene.topic = open.topic;
    scene.lines = open.lines;
    scene.group = open.members.len() > 2;
    scene.thread = mix(town.seed.0 ^ mix(open.no));
    scene.closing = open.lines + 1 >= open.length;
    let stream = &mut stream;
    if open.lines == 1 {
        if !scene.closing && stream.chance(5_500) {
            scene.ask = Some(question(&scene));
        }
        return with_topic(
            words::greeting_back(&scene, stream),
            &scene,
            Topic::Greeting,
        );
    }
    if open.lines + 2 >= open.length {
        return (words::farewell(&scene, stream), Topic::Farewell);
    }
    if stream.chance(answer_chance(scene.topic)) {
        if stream.chance(3_500) {
            scene.ask = Some(question(&scene));
        }
        return with_topic(words::answer(&scene, stream), &scene, Topic::Open);
    }
    on_ones_own(town, scene, others, speaker, stream)
}

/// How likely one goes into what was said, of 10 000.
fn answer_chance(topic: Topic) -> u32 {
    match topic {
        topic if topic.asks() => 10_000,
        Topic::Invitation | Topic::Thanks => 9_500,
        Topic::Trouble => 7_500,
        Topic::News | Topic::Tale => 6_500,
        Topic::Musing => 6_000,
        _ => 1_500,
    }
}

/// News that is new to somebody, something that happened, an interest, a question, or the small things.
fn on_ones_own(
    town: &mut Town,
    mut scene: Scene,
    others: &[u32],
    speaker: u32,
    stream: &mut Stream,
) -> (String, Topic) {
    let gossip_chance = u32::from(town.rules.0.gossip_chance);
    if stream.chance(gossip_chance)
        && let Some(news) = others.iter().find_map(|&other| town.gossip(speaker, other))
    {
        let text = town.news.text(news).to_owned();
        return (words::news(&scene, &text, stream), Topic::News);
    }
    if stream.chance(4_500)
        && let Some(told) = recall::tale(town, speaker, &scene, others)
    {
        if stream.chance(1_500) {
            scene.ask = Some(question(&scene));
        }
        let topic = match &told {
            Told::FoundClosed(_) => Topic::Trouble,
            Told::Rewarded(amount, _) if amount.0 < 0 => Topic::Trouble,
            _ => Topic::Tale,
        };
        let (text, topic) = with_topic(words::remark(&scene, &told, stream), &scene, topic);
        // What two could not agree on is for a third to say.
        let opinion = topic == Topic::AskOther && matches!(told, Told::Talked(_));
        return (text, if opinion { Topic::AskOpinion } else { topic });
    }
    if stream.chance(4_000) && !scene.persona.interests.is_empty() {
        scene.topic = Topic::Musing;
        return with_topic(words::small_talk(&scene, stream), &scene, Topic::Musing);
    }
    if stream.chance(6_500) {
        scene.ask = Some(question(&scene));
    }
    with_topic(words::small_talk(&scene, stream), &scene, Topic::Open)
}

/// What one asks at this line of the conversation: no question comes twice in ten lines.
fn question(scene: &Scene) -> Topic {
    let at = scene.thread.wrapping_add(u64::from(scene.lines)) % QUESTIONS.len() as u64;
    match QUESTIONS[at as usize] {
        // Nobody can be asked about what they have not.
        Topic::AskInterest
            if scene
                .other
                .as_ref()
                .is_none_or(|other| other.interests.is_empty()) =>
        {
            Topic::AskOpinion
        }
        Topic::Invitation if scene.persona.interests.is_empty() => Topic::AskNews,
        topic => topic,
    }
}

/// A line with its topic: what it asks, else what it is about.
fn with_topic(text: String, scene: &Scene, topic: Topic) -> (String, Topic) {
    let topic = match scene.ask {
        Some(asked) => asked,
        None if text.ends_with('?') => Topic::AskOther,
        None => topic,
    };
    (text, topic)
}

/// How a talk changes what somebody thinks of another: shared interests and a chemistry that never changes.
pub(crate) fn chemistry(town: &mut Town, no: u32, other: u32) -> i16 {
    let theirs = town.resident(other).identity.persona.clone();
    let ours = town.resident(no).identity.persona.clone();
    let shared = ours
        .interests
        .iter()
        .filter(|interest| theirs.interests.contains(interest))
        .count() as i16;
    let (low, high) = (no.min(other), no.max(other));
    let bond = (mix(town.seed.0 ^ mix(u64::from(low) << 32 | u64::from(high))) % 22) as i16 - 7;
    bond + 6 * shared
}
