//! What people ask each other, and how one hears what a line is about.

use hamlet_protocol::image::Topic;

use super::voice::{Voice, joined};

/// A text that goes on to ask about something, if it shall.
pub(super) fn with_question(text: String, ask: Option<Topic>, voice: &mut Voice<'_>) -> String {
    let question = ask
        .map(|topic| voice.say(questions(topic)))
        .unwrap_or_default();
    // Whoever has neither trade nor interests can still be asked for an opinion.
    let question = if ask.is_some() && question.is_empty() {
        voice.say(OPINION)
    } else {
        question
    };
    joined([text, question])
}

fn questions(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::AskMood => MOOD,
        Topic::AskWork => WORK,
        Topic::AskPlans => PLANS,
        Topic::AskInterest => INTEREST,
        Topic::AskFood => FOOD,
        Topic::AskBoard => BOARD,
        Topic::AskNews => NEWS,
        Topic::AskOpinion => OPINION,
        Topic::Invitation => INVITATION,
        _ => &[],
    }
}

/// What a line from anybody is about, as far as one can tell by its words.
pub(crate) fn topic_of(text: &str) -> Topic {
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if text.contains('?') {
        let found = HEARD.iter().find(|(_, words)| has(words));
        return found.map_or(Topic::AskOther, |(topic, _)| *topic);
    }
    if has(&["thank", "much obliged", "how kind"]) {
        Topic::Thanks
    } else if has(&[
        "see you",
        "good night",
        "goodbye",
        "bye",
        "until next time",
        "until tomorrow",
        "take care",
    ]) {
        Topic::Farewell
    } else if has(&[
        "hello",
        "good morning",
        "good day",
        "good evening",
        "good to see you",
        "morning,",
    ]) {
        Topic::Greeting
    } else {
        Topic::Open
    }
}

/// By which words of a question one hears what it is about; the first that fits counts.
#[rustfmt::skip]
const HEARD: &[(Topic, &[&str])] = &[
    (Topic::AskMood, &["how are you", "how are things", "how goes it", "how's life", "how is life", "how have you been", "all well", "bearing up", "keeping well", "how's the world treating you", "how do you feel", "how are we"]),
    (Topic::AskNews, &["any news", "what's new", "anything new", "heard anything", "have you heard", "what do people say", "what's the talk", "what did i miss", "tell me the news"]),
    (Topic::AskPlans, &["where are you off", "where to", "off somewhere", "what brings you", "what are you up to", "any plans", "your plans", "where are you going", "what's next for you", "heading home"]),
    (Topic::AskFood, &["eaten", "to eat", "hungry", "breakfast", "lunch", "supper", "on the menu", "what's good at the café"]),
    (Topic::AskBoard, &["the board", "pinned up"]),
    (Topic::AskWork, &["how's work", "how is work", "busy", "at work", "been working", "your work", "how's trade"]),
];

const MOOD: &[&str] = &[
    "How are you[ today| these days| holding up|]?",
    "How are things[ with you| at your end|]?",
    "How goes it?",
    "How's life[ treating you|]?",
    "All well[ with you|]?",
    "How have you been?",
    "<friend>How are you, [really|honestly]?",
    "Are you [bearing up|keeping well]?",
    "<dry>How's the world treating you, [apart from the obvious|roughly speaking]?",
];

const WORK: &[&str] = &[
    "How's work[ {today}| treating you|]?",
    "[Are you very busy|Busy day|Are you busy at all]?",
    "Have you been working [all day|hard|since dawn]?",
    "How's work, [is there plenty of it|still in one piece|any better than mine]?",
    "How's trade[, well enough| these days|]?",
    "<!opening>{ask_job}",
    "<!opening>{ask_job}",
    "<!opening>[Say|Tell me|You'd know]: {ask_job}",
    "<!opening>[You're {a_your_job}.|I've always wanted to ask {a_your_job}.] {ask_job}",
    "<curious>What do you actually do at work[ all day|, if one may ask|]?",
];

const PLANS: &[&str] = &[
    "Where are you off to[ in such a hurry| so purposefully|]?",
    "What brings you here?",
    "What are you up to[ {today}| later|]?",
    "Any plans[ for later| for the rest of the day|]?",
    "<evening>Heading home?",
    "<morning>Where to[ this early|, at this hour|]?",
    "<curious>Where are you going, [if I may ask|and may I come]?",
];

const INTEREST: &[&str] = &[
    "{ask_interest}",
    "[Say|Tell me|You'd know]: {ask_interest}",
    "I've been meaning to ask you. {ask_interest}",
    "[With you it's {your_interest}, isn't it.|I thought of you when somebody mentioned {your_interest}.] {ask_interest}",
];

const FOOD: &[&str] = &[
    "Have you eaten[ yet| {today}| anything sensible|]?",
    "[Hungry|Are you hungry at all]?",
    "What's [good at the café {today}|on the menu]?",
    "<morning>[Had breakfast yet|What did you have for breakfast]?",
    "<noon>[Had lunch|Where does one get lunch|Lunch yet]?",
    "<evening>[What's for supper at your place|Had supper]?",
    "What would you like to eat[, if you could choose|, right now|]?",
];

const BOARD: &[&str] = &[
    "Have you [looked at|been to|read] the board [lately|today]?",
    "Anything [good|new-fangled|worth reading] on the board?",
    "Did you see {board} on the board?",
    "Have you seen what's pinned up [today|by the hall]?",
    "What did you make of {board}, on the board?",
];

const NEWS: &[&str] = &[
    "Any news[ from your side| worth having|]?",
    "What's new[ with you| round your way|]?",
    "Have you heard anything[ interesting| I should know|]?",
    "What do people say [these days|at your end of town]?",
    "<chatty>What's the talk, [and leave nothing out|who with whom]?",
    "<curious>Anything new under the sun[, or under the counter|]?",
    "What did I miss?",
];

const OPINION: &[&str] = &[
    "[Settle something for me|Tell me|You'll know|Let me ask you something]: {dispute}",
    "[Here's a question|I've been wondering|Somebody asked me this, and I've no answer]. {dispute}",
    "{dispute} [I can't make up my mind.|Be honest.|There's a bet on it.|I've asked four people and got five answers.]",
    "What do you think of {idea}? [I'm all for it.|I'm against it, but politely.|Somebody ought to write it up.]",
    "Would you sign for {idea}?",
];

const INVITATION: &[&str] = &[
    "[How about|What do you say to|Would you come to] {outing}?",
    "[We should have|I'm thinking of] {outing}. [Are you in?|Would you come?|Say yes.]",
    "<fond>[I'd like you there|Only if you come]: {outing}. [Well?|Will you?]",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("ask mood", MOOD),
    ("ask work", WORK),
    ("ask plans", PLANS),
    ("ask interest", INTEREST),
    ("ask food", FOOD),
    ("ask board", BOARD),
    ("ask news", NEWS),
    ("ask opinion", OPINION),
    ("invitation", INVITATION),
];
