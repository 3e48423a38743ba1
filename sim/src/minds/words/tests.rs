//! Thousands of texts are read by machine here, so that people only have to read some.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::collections::BTreeMap;

use super::frames::{Piece, alternatives, fits, guard, pieces};
use super::subject::Kind;
use super::vocabulary::traits::is_group;
use super::vocabulary::wares::wares;
use super::vocabulary::{interests, places, small, trades};
use super::voice::Voice;
use super::*;
use crate::rng::{Purpose, Stream};

const NAMES: [&str; 24] = [
    "Abena", "Aino", "Basil", "Birgit", "Bram", "Camila", "Chidi", "Dagny", "Elio", "Fenna", "Gus",
    "Hana", "Idris", "Jorun", "Kofi", "Linnea", "Maeve", "Nuno", "Odile", "Petra", "Rafi", "Sada",
    "Tilda", "Yuki",
];
const TRAITS: [&str; 12] = [
    "curious", "grumpy", "shy", "merry", "chatty", "dry", "kind", "dreamy", "exact", "proud",
    "nameless", "restless",
];
const OCCUPATIONS: [&str; 12] = [
    "baker",
    "potter",
    "blacksmith",
    "librarian",
    "fisher",
    "candle maker",
    "archivist",
    "nurse",
    "lion tamer",
    "weaver",
    "farmer",
    "storyteller",
];
const INTERESTS: [&str; 14] = [
    "beekeeping",
    "old maps",
    "chess",
    "soup",
    "gossip",
    "the river",
    "kites",
    "history of the town",
    "ghost stories",
    "lanterns",
    "etiquette",
    "mosses",
    "tea",
    "poetry",
];

/// News with everything in it that frames might trip over.
const NEWS: &str = "They  dug {up} a [bell] under the hall";
/// Other news.
const MORE_NEWS: [&str; 6] = [
    "Tobin saw lights on the river.",
    "The well sings.",
    "Somebody bought the old mill!",
    "There will be a dance.",
    "The clock struck thirteen",
    "Geese chose a mayor.",
];

fn one_of<'a>(stream: &mut Stream, all: &[&'a str]) -> &'a str {
    stream.pick(all).unwrap()
}

fn persona(stream: &mut Stream) -> Persona {
    let mut few = |all: &[&str], count: u32| {
        (0..count)
            .map(|_| one_of(stream, all).to_owned())
            .collect::<Vec<_>>()
    };
    let (traits, interests, occupations) =
        (few(&TRAITS, 2), few(&INTERESTS, 3), few(&OCCUPATIONS, 1));
    let occupation = occupations
        .into_iter()
        .next()
        .filter(|_| !stream.chance(800));
    let words = |texts: Vec<String>| texts.into_iter().map(Into::into).collect();
    Persona {
        traits: words(traits),
        interests: words(interests),
        occupation,
        ..Persona::default()
    }
}

fn spot(stream: &mut Stream) -> Spot {
    let all = [
        ("Copper Kettle Café", LandmarkKind::Cafe),
        ("Market Square", LandmarkKind::Market),
        ("Town Board", LandmarkKind::Board),
        ("Willow Park", LandmarkKind::Park),
        ("Lantern Library", LandmarkKind::Library),
        ("Ember Forge", LandmarkKind::Workshop),
        ("Withy Bridge", LandmarkKind::Place),
        ("2 Thistle Lane", LandmarkKind::Home),
        ("Town Hall", LandmarkKind::TownHall),
        ("Moon Lake", LandmarkKind::Other("lake".to_owned())),
    ];
    let (name, kind) = stream.pick(&all).unwrap().clone();
    let own = kind == LandmarkKind::Home && stream.chance(5_000);
    Spot {
        name: name.to_owned(),
        kind,
        own,
    }
}

fn topic(stream: &mut Stream) -> Topic {
    let all = [
        Topic::AskMood,
        Topic::AskWork,
        Topic::AskPlans,
        Topic::AskInterest,
        Topic::AskFood,
        Topic::AskBoard,
        Topic::AskNews,
        Topic::AskOpinion,
        Topic::AskOther,
        Topic::Tale,
        Topic::Trouble,
        Topic::News,
        Topic::Musing,
        Topic::Invitation,
        Topic::Thanks,
        Topic::Open,
    ];
    *stream.pick(&all).unwrap()
}

fn scene(stream: &mut Stream) -> Scene {
    let speaker = one_of(stream, &NAMES).to_owned();
    Scene {
        persona: Arc::new(persona(stream)),
        listener: Some(one_of(stream, &NAMES).to_owned()),
        other: Some(Arc::new(persona(stream))),
        hour: stream.below(24),
        place: stream.chance(8_000).then(|| spot(stream)),
        mood: stream.below(2_001) as i16 - 1_000,
        eating: stream.chance(1_000),
        closeness: stream.below(600) as u16,
        liking: stream.below(600) as i16 - 200,
        board_title: stream.chance(7_000).then(|| "A jug with a past".to_owned()),
        topic: topic(stream),
        lines: stream.below(14),
        group: stream.chance(2_000),
        closing: stream.chance(1_000),
        thread: stream.bits(),
        speaker,
        ..Scene::default()
    }
}

/// Somebody of whom nothing is known, nowhere, with nobody.
fn bare() -> Scene {
    Scene {
        speaker: "Pit".to_owned(),
        hour: 12,
        ..Scene::default()
    }
}

fn told(stream: &mut Stream) -> Told {
    let who = if stream.chance(500) {
        "an old neighbour"
    } else {
        one_of(stream, &NAMES)
    }
    .to_owned();
    let item = *stream.pick(&Item::ALL).unwrap();
    let other = *stream.pick(&Item::ALL).unwrap();
    let title = one_of(
        stream,
        &[
            "Found: a left glove",
            "Is stew better on the second day?",
            "Closed: the Ember Forge",
        ],
    )
    .to_owned();
    let reason = one_of(
        stream,
        &[
            "kind word",
            "the finest jug of the day",
            "weighed a thumb with the fish",
            "swept the square",
        ],
    )
    .to_owned();
    match stream.below(14) {
        0 => Told::Talked(who),
        1 if stream.chance(5_000) => Told::News(who, NEWS.to_owned()),
        1 => Told::News(who, one_of(stream, &MORE_NEWS).to_owned()),
        2 => Told::Ate(spot(stream)),
        3 => Told::Slept,
        4 => Told::Worked(spot(stream), item),
        5 if item != other => Told::Traded(who, item, other),
        6 => Told::Received(who, item),
        7 => Told::Read(title),
        8 => Told::Answered(who, title),
        9 => Told::FoundClosed(Spot {
            own: false,
            ..spot(stream)
        }),
        10 => {
            let sign = if stream.chance(3_000) { -1 } else { 1 };
            Told::Rewarded(
                Money(sign * 500_000 * i64::from(1 + stream.below(20))),
                reason,
            )
        }
        11 | 12 => Told::Rested(spot(stream)),
        _ => Told::FollowedBy(who),
    }
}

/// What is wrong with a text, if anything.
fn fault(text: &str) -> Option<String> {
    let body = text.replace(NEWS, "News");
    let wrong = |what: &str| Some(format!("{what}: {text:?}"));
    if body.trim().is_empty() || body.trim() != body {
        return wrong("empty, or spaces around");
    }
    // An ellipsis is no mistake.
    let plain = body.replace("...", "…");
    let bad = [
        "  ",
        "{",
        "}",
        "[",
        "]",
        "|",
        " .",
        " ,",
        " !",
        " ?",
        ",.",
        "..",
        "?.",
        "!.",
        ".!",
        "?,",
        ".,",
        ",,",
        ";;",
        "??",
        " a a ",
        " the the ",
        " the my ",
        " a the ",
        " the a ",
        " my my ",
        " a an ",
        "’",
        ".:",
        "?:",
        "!:",
        ".”.",
    ];
    if let Some(pattern) = bad.into_iter().find(|pattern| plain.contains(pattern)) {
        return wrong(pattern);
    }
    if !body.ends_with(['.', '!', '?', '…', '*', ')', '”']) {
        return wrong("no end");
    }
    if body.starts_with(char::is_lowercase) {
        return wrong("no capital");
    }
    let lower_after = |stop: &str| {
        plain
            .match_indices(stop)
            .any(|(at, _)| plain[at + 2..].starts_with(char::is_lowercase))
    };
    if [". ", "! ", "? "].into_iter().any(lower_after) {
        return wrong("no capital after a stop");
    }
    (text.chars().count() > TEXT_CHARS_MAX).then(|| format!("too long: {text:?}"))
}

fn check(texts: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = texts
        .into_iter()
        .enumerate()
        .filter_map(|(at, text)| Some(format!("{at}: {}", fault(&text)?)))
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults: {:#?}",
        faults.len(),
        &faults[..faults.len().min(60)]
    );
}

/// A title as a text of its own.
fn as_text(title: &str) -> String {
    if title.ends_with(['.', '!', '?', '…', '”']) {
        title.to_owned()
    } else {
        format!("{title}.")
    }
}

fn duplicates<'a>(texts: impl Iterator<Item = &'a str>) -> f64 {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    texts.for_each(|text| *seen.entry(text).or_default() += 1);
    let all: u32 = seen.values().sum();
    1.0 - seen.len() as f64 / f64::from(all)
}

#[test]
fn two_thousand_notes_are_well_formed_and_hardly_repeat() {
    let mut stream = Stream::new(1, Purpose::Write, 0, 0);
    let notes: Vec<(String, String)> = (0..2_000)
        .map(|_| {
            let (scene, told) = (scene(&mut stream), told(&mut stream));
            let (title, text, _) = note(&scene, &told, &mut stream);
            assert!(
                title.chars().count() <= TITLE_CHARS_MAX,
                "too long: {title:?}"
            );
            if let Told::News(_, news) = &told {
                assert!(text.contains(news.as_str()), "{news:?} is not in {text:?}");
            }
            (title, text)
        })
        .collect();
    check(notes.iter().map(|(_, text)| text.clone()));
    check(notes.iter().map(|(title, _)| as_text(title)));
    let whole: Vec<String> = notes
        .iter()
        .map(|(title, text)| format!("{title}\n{text}"))
        .collect();
    let share = duplicates(whole.iter().map(String::as_str));
    assert!(share < 0.02, "{share} of notes are duplicates");
    let share = duplicates(notes.iter().map(|(title, _)| title.as_str()));
    assert!(share < 0.15, "{share} of titles are duplicates");
}

#[test]
fn five_thousand_lines_are_well_formed_and_hardly_repeat() {
    let mut stream = Stream::new(2, Purpose::Talk, 0, 0);
    let lines: Vec<String> = (0..5_000)
        .map(|at| {
            let mut scene = scene(&mut stream);
            let ask = topic(&mut stream);
            scene.ask = Some(ask).filter(|ask| ask.asks() && *ask != Topic::AskOther);
            match at % 6 {
                0 => greeting(&scene, &mut stream),
                1 => greeting_back(&scene, &mut stream),
                2 => farewell(&scene, &mut stream),
                3 => remark(&scene, &told(&mut stream), &mut stream),
                4 => answer(&scene, &mut stream),
                _ => small_talk(&scene, &mut stream),
            }
        })
        .collect();
    check(lines.iter().cloned());
    let share = duplicates(lines.iter().map(String::as_str));
    assert!(share < 0.05, "{share} of lines are duplicates");
}

#[test]
fn news_is_told_to_the_letter_in_many_ways() {
    let mut stream = Stream::new(12, Purpose::Talk, 0, 0);
    let lines: Vec<String> = (0..300)
        .map(|_| news(&scene(&mut stream), NEWS, &mut stream))
        .collect();
    assert!(lines.iter().all(|line| line.contains(NEWS)));
    check(lines.iter().cloned());
    let share = duplicates(lines.iter().map(String::as_str));
    assert!(share < 0.9, "{share} of openings are duplicates");
}

#[test]
fn replies_are_well_formed_and_hardly_repeat() {
    let mut stream = Stream::new(3, Purpose::Write, 0, 0);
    let replies: Vec<String> = (0..3_000)
        .map(|at| {
            let mut scene = scene(&mut stream);
            let other = told(&mut stream);
            let (title, text, _) = note(&scene, &other, &mut stream);
            if at % 3 > 0 {
                return reply(&scene, &title, &text, &mut stream);
            }
            let comments = ["Is that so?", "Thank you.", "No, never.", "I like it."];
            scene.comment = Some(one_of(&mut stream, &comments).to_owned());
            reply_to_comment(&scene, &title, &mut stream)
        })
        .collect();
    check(replies.iter().cloned());
    let share = duplicates(replies.iter().map(String::as_str));
    // At the board, what stands there already is drafted anew.
    assert!(share < 0.16, "{share} of replies are duplicates");
}

#[test]
fn what_goes_back_and_forth_is_well_formed_and_hardly_repeats() {
    let mut stream = Stream::new(4, Purpose::Write, 0, 0);
    let comments = [
        "Count me in. What shall I bring?",
        "Is that so?",
        "Thank you.",
        "No, never.",
        "I laughed out loud.",
        "It's the same with tea.",
    ];
    let titles = [
        "Thank you, Bram",
        "Bram and I differ: who's right?",
        "What Bram told me",
    ];
    let texts: Vec<String> = (0..3_000)
        .map(|at| {
            let mut scene = scene(&mut stream);
            scene.lines = at % 6;
            scene.comment = Some(one_of(&mut stream, &comments).to_owned());
            match at % 3 {
                0 => answer_as_named(&scene, one_of(&mut stream, &titles), &mut stream),
                1 if at % 2 == 0 => welcome(&scene, &mut stream),
                1 => introduction(&scene, &mut stream).1,
                _ => answer_as_author(&scene, &mut stream),
            }
        })
        .collect();
    check(texts.iter().cloned());
    let share = duplicates(texts.iter().map(String::as_str));
    assert!(share < 0.12, "{share} are duplicates");
    assert!(names("Thank you, Bram!", "Bram") && !names("I read “Bram wrote back”", "Bram"));
    assert!(!names("A bramble jam", "Bram"));
}

#[test]
fn somebody_of_whom_nothing_is_known_finds_words() {
    let mut stream = Stream::new(4, Purpose::Talk, 0, 0);
    let mut said = Vec::new();
    for _ in 0..500 {
        let topic = if stream.chance(1_000) {
            Topic::Farewell
        } else {
            topic(&mut stream)
        };
        let ask = Some(topic).filter(|topic| topic.asks() && stream.chance(3_000));
        let (lines, closing, group) = (stream.below(9), stream.chance(2_000), stream.chance(2_000));
        let scene = Scene {
            topic,
            ask,
            lines,
            closing,
            group,
            ..bare()
        };
        let stream = &mut stream;
        said.extend([
            greeting(&scene, stream),
            greeting_back(&scene, stream),
            farewell(&scene, stream),
        ]);
        said.extend([
            answer(&scene, stream),
            reply(&scene, "A title", "A text.", stream),
        ]);
        said.push(small_talk(&scene, stream));
        for comment in [
            None,
            Some("What?".to_owned()),
            Some("Thanks.".to_owned()),
            Some("No.".to_owned()),
        ] {
            said.push(reply_to_comment(
                &Scene { comment, ..bare() },
                "A title",
                stream,
            ));
        }
        let told = told(stream);
        let (title, text, _) = note(&scene, &told, stream);
        said.extend([remark(&scene, &told, stream), as_text(&title), text]);
    }
    check(said);
}

#[test]
fn the_same_scene_and_stream_give_the_same_words() {
    for at in 0..50 {
        let mut stream = Stream::new(5, Purpose::Talk, at, 0);
        let (scene, told) = (scene(&mut stream), told(&mut stream));
        let words = |stream: &Stream| {
            let mut stream = stream.clone();
            let note = note(&scene, &told, &mut stream);
            (
                note,
                answer(&scene, &mut stream),
                small_talk(&scene, &mut stream),
            )
        };
        assert_eq!(words(&stream), words(&stream));
    }
}

#[test]
fn what_an_opening_asks_is_heard() {
    let mut stream = Stream::new(6, Purpose::Talk, 0, 0);
    let mut right = 0;
    for asked in [
        Topic::AskMood,
        Topic::AskWork,
        Topic::AskPlans,
        Topic::AskFood,
        Topic::AskNews,
        Topic::AskBoard,
    ] {
        for _ in 0..200 {
            let scene = Scene {
                ask: Some(asked),
                lines: 0,
                group: false,
                ..scene(&mut stream)
            };
            let line = greeting(&scene, &mut stream);
            // Some greetings ask something of their own, and are heard as what they are.
            let heard = topic_of(&line);
            assert!(heard.asks(), "{line:?} was heard as {heard:?}");
            right += u32::from(heard == asked);
        }
    }
    assert!(right > 900, "{right} of 1200 were heard as meant");
    let heard = [
        ("How are you, droid?", Topic::AskMood),
        ("Thank you so much.", Topic::Thanks),
        ("Bye then", Topic::Farewell),
        ("Hello everybody", Topic::Greeting),
        ("Why is the moon round?", Topic::AskOther),
        ("The moon is round.", Topic::Open),
    ];
    for (line, topic) in heard {
        assert_eq!(topic_of(line), topic, "{line:?}");
    }
}

#[test]
fn notes_are_taken_for_what_they_are() {
    let mut stream = Stream::new(7, Purpose::Write, 0, 0);
    let mut wrong: BTreeMap<String, u32> = BTreeMap::new();
    let all = 4_000;
    for _ in 0..all {
        let (scene, told) = (scene(&mut stream), told(&mut stream));
        let (title, text, meant) = notes::draft(&scene, &told, &mut stream);
        let taken = Kind::of(&title, &text);
        if taken != meant {
            *wrong
                .entry(format!("{meant:?} as {taken:?}: {title}"))
                .or_default() += 1;
        }
    }
    let count: u32 = wrong.values().sum();
    assert!(
        count < all / 10,
        "{count} of {all} notes are misread: {:#?}",
        wrong.keys().take(900).collect::<Vec<_>>()
    );
}

#[test]
fn quotes_are_short_and_places_have_their_articles() {
    assert_eq!(shortened("one two three", 9), "one two…");
    assert_eq!(shortened("one two", 9), "one two");
    assert_eq!(shortened(&"x".repeat(20), 5), "xxxx…");
    for (name, noun) in [
        ("Town Hall", "the Town Hall"),
        ("Willow Park", "Willow Park"),
        ("1 Thistle Lane", "1 Thistle Lane"),
        ("The café", "the café"),
        ("cafe", "the cafe"),
        ("Isabella's apartment", "Isabella's apartment"),
        ("Home 3", "Home 3"),
        ("Ember Forge", "the Ember Forge"),
    ] {
        assert_eq!(places::with_article(name), noun);
    }
    let long = Told::Read("A very long title ".repeat(18));
    let mut stream = Stream::new(8, Purpose::Write, 0, 0);
    for _ in 0..300 {
        let scene = scene(&mut stream);
        check([
            note(&scene, &long, &mut stream).1,
            remark(&scene, &long, &mut stream),
        ]);
    }
}

#[test]
fn news_too_long_for_an_opening_is_told_without() {
    let mut stream = Stream::new(9, Purpose::Talk, 0, 0);
    let text = "x".repeat(TEXT_CHARS_MAX);
    assert_eq!(news(&bare(), &text, &mut stream), text);
    let (_, note, _) = note(
        &bare(),
        &Told::News("Pit".to_owned(), text.clone()),
        &mut stream,
    );
    assert!(note.contains(&text));
}

/// Every frame there is: conditions and slots exist, brackets are closed, and somebody somewhere can say it.
#[test]
fn every_frame_can_be_said_by_somebody() {
    let mut stream = Stream::new(10, Purpose::Talk, 0, 0);
    let moments: Vec<(Scene, Told)> = (0..1_500)
        .map(|_| (scene(&mut stream), told(&mut stream)))
        .collect();
    for (table, frame) in all_frames() {
        assert_eq!(
            frame.matches('[').count(),
            frame.matches(']').count(),
            "brackets in {table}: {frame}"
        );
        assert_eq!(
            frame.matches('{').count(),
            frame.matches('}').count(),
            "braces in {table}: {frame}"
        );
        check_conditions(frame);
        let sayable = moments.iter().any(|(scene, told)| {
            let mut stream = Stream::new(0, Purpose::Talk, 0, 0);
            let mut voice = Voice::new(scene, Some(told), &mut stream);
            voice.gist = Some("soup");
            every_choice(frame)
                .iter()
                .all(|part| fits(part, &voice) || part.starts_with('<'))
        });
        assert!(sayable, "nobody can say, in {table}: {frame}");
    }
}

/// A frame and the alternatives inside of it, all the way down.
fn every_choice(frame: &str) -> Vec<&str> {
    let mut found = vec![frame];
    for piece in pieces(guard(frame).1) {
        if let Piece::Choice(inside) = piece {
            found.extend(alternatives(inside).flat_map(every_choice));
        }
    }
    found
}

fn check_conditions(frame: &str) {
    const PLAIN: [&str; 16] = [
        "morning",
        "noon",
        "afternoon",
        "evening",
        "night",
        "glad",
        "low",
        "eating",
        "group",
        "closing",
        "opening",
        "stranger",
        "friend",
        "fond",
        "cool",
        "working",
    ];
    for part in every_choice(frame) {
        for condition in guard(part)
            .0
            .into_iter()
            .flat_map(|conditions| conditions.split(','))
        {
            let condition = condition.trim_start_matches('!');
            let place = condition
                .strip_prefix("at_")
                .or_else(|| condition.strip_prefix("told_"));
            let known = match place {
                Some(kind) => LandmarkKind::KNOWN
                    .iter()
                    .any(|known| known.as_str() == kind),
                None => PLAIN.contains(&condition) || condition == "edible" || is_group(condition),
            };
            assert!(known, "<{condition}> means nothing, in {frame}");
        }
    }
}

fn all_frames() -> Vec<(&'static str, &'static str)> {
    let tables = [
        greetings::ALL,
        questions::ALL,
        answers::ALL,
        comebacks::ALL,
        smalltalk::ALL,
        tales::ALL,
        replies::ALL,
        notes::ALL,
    ];
    let tables = tables
        .into_iter()
        .flatten()
        .flat_map(|(name, frames)| frames.iter().map(|frame| (*name, *frame)));
    let notes = notes::all().flat_map(|form| [("title", form.title), ("text", form.text)]);
    let interests = interests::all()
        .chain([&interests::ANY])
        .flat_map(|interest| {
            [
                interest.things,
                interest.musings,
                interest.asks,
                interest.outings,
            ]
            .into_iter()
            .flatten()
            .map(|frame| ("interest", *frame))
        });
    let trades = trades::all()
        .chain([&trades::ANY, &trades::IDLE])
        .flat_map(|trade| {
            [trade.tools, trade.moments, trade.asks, trade.helps]
                .into_iter()
                .flatten()
                .map(|frame| ("trade", *frame))
        });
    let goods = Item::ALL.into_iter().flat_map(|item| {
        let wares = wares(item);
        [wares.pieces, wares.lots, wares.praise, wares.flaws]
            .into_iter()
            .flatten()
            .map(|frame| ("wares", *frame))
    });
    let small = [
        small::DISHES,
        small::DRINKS,
        small::TRINKETS,
        small::DISPUTES,
        small::IDEAS,
        small::WANTS,
        small::TIPS,
        small::DREAMS,
        small::NIGHT_SOUNDS,
        small::MISHAPS,
    ];
    let small = small.into_iter().flatten().map(|frame| ("small", *frame));
    let sights = LandmarkKind::KNOWN
        .into_iter()
        .flat_map(|kind| places::sights(&kind).iter().map(|frame| ("sights", *frame)));
    tables
        .chain(notes)
        .chain(interests)
        .chain(trades)
        .chain(goods)
        .chain(small)
        .chain(sights)
        .collect()
}

#[test]
fn vocabulary_that_is_a_sentence_is_whole() {
    let sentences = [
        small::DISPUTES,
        small::TIPS,
        small::NIGHT_SOUNDS,
        small::MISHAPS,
    ]
    .into_iter()
    .flatten()
    .copied();
    let sentences = sentences.chain(
        LandmarkKind::KNOWN
            .into_iter()
            .flat_map(|kind| places::sights(&kind).iter().copied()),
    );
    for sentence in sentences {
        assert!(
            sentence.ends_with(['.', '?', '!']) && sentence.starts_with(char::is_uppercase),
            "{sentence}"
        );
    }
    for question in interests::all()
        .flat_map(|interest| interest.asks)
        .chain(trades::all().flat_map(|trade| trade.asks))
    {
        assert!(question.contains('?'), "{question}");
    }
}

#[test]
fn zz_dump() {
    let mut stream = Stream::new(1, Purpose::Write, 0, 0);
    let mut kinds: BTreeMap<String, (u32, u32, u32)> = BTreeMap::new();
    let mut seen = BTreeMap::new();
    let mut titles = BTreeMap::new();
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for _ in 0..2000 {
        let (scene, told) = (scene(&mut stream), told(&mut stream));
        let (title, text, _) = note(&scene, &told, &mut stream);
        let k = format!("{told:?}").split('(').next().unwrap().to_owned();
        let e = kinds.entry(k).or_default();
        e.0 += 1;
        if seen.insert(format!("{title}\n{text}"), ()).is_some() {
            e.1 += 1;
        }
        if titles.insert(title.clone(), ()).is_some() {
            e.2 += 1;
        }
        println!("## {title}\n{text}\n");
    }
    for _ in 0..1000 {
        let mut scene = scene(&mut stream);
        if stream.chance(4000) {
            let ask = topic(&mut stream);
            scene.ask = Some(ask).filter(|ask| ask.asks() && *ask != Topic::AskOther);
        }
        let told = told(&mut stream);
        let (title, text, _) = note(&scene, &told, &mut stream);
        let comments = ["Is that so?", "Thank you.", "No, never.", "I like it."];
        scene.comment = Some(one_of(&mut stream, &comments).to_owned());
        let mut say = |k: &'static str, about: String, text: String| {
            println!("{k} {about} {text}");
            lines.entry(k).or_default().push(text);
        };
        let s = &mut stream;
        say("G", String::new(), greeting(&scene, s));
        say("B", format!("{:?}", scene.topic), greeting_back(&scene, s));
        say("F", format!("{:?}", scene.topic), farewell(&scene, s));
        say("A", format!("{:?}", scene.topic), answer(&scene, s));
        say("S", String::new(), small_talk(&scene, s));
        say("T", String::new(), remark(&scene, &told, s));
        say("R", format!("[{title}]"), reply(&scene, &title, &text, s));
        say(
            "RR",
            format!("[{title}] {:?}", scene.comment),
            reply_to_comment(&scene, &title, s),
        );
    }
    for (k, l) in &lines {
        println!("DUP {k} {:.3}", duplicates(l.iter().map(String::as_str)));
    }
    println!("KINDS {kinds:?}");
}
