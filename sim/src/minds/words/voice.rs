//! Fills frames from a scene: who speaks, to whom, where, when, and of what.

use hamlet_protocol::goods::Item;
use hamlet_protocol::map::LandmarkKind;
use hamlet_protocol::word::Word;

use super::frames::{self, Source, capitalise, choose, fill};
use super::vocabulary::interests::{self, Interest};
use super::vocabulary::trades::{self, Trade};
use super::vocabulary::traits::in_group;
use super::vocabulary::wares::wares;
use super::vocabulary::{places, small};
use super::{Scene, Spot, Told, shortened};
use crate::rng::{Stream, mix};

/// Longest part of a title that is quoted, in characters.
const QUOTE_CHARS_MAX: usize = 60;

/// Everything that fills frames for one text.
pub(super) struct Voice<'a> {
    pub(super) scene: &'a Scene,
    pub(super) told: Option<&'a Told>,
    /// What a note that is answered is about, as a noun.
    pub(super) gist: Option<&'static str>,
    pub(super) stream: &'a mut Stream,
    /// Words already chosen for slots: a title and its text speak of the same soup.
    chosen: Vec<(String, String)>,
}

/// Where the words for a slot come from.
enum Words {
    /// There are none.
    Unknown,
    /// These, to the letter.
    Said(String),
    /// One of these frames.
    One(&'static [&'static str]),
    /// One of these frames, another one each time in a conversation.
    Next(&'static [&'static str]),
}

impl<'a> Voice<'a> {
    pub(super) fn new(scene: &'a Scene, told: Option<&'a Told>, stream: &'a mut Stream) -> Self {
        Self {
            scene,
            told,
            gist: None,
            stream,
            chosen: Vec::new(),
        }
    }

    /// One of the frames that fit, filled.
    pub(super) fn say(&mut self, frames: &[&str]) -> String {
        frames::say(frames, self)
    }

    fn words(&self, slot: &str) -> Words {
        let scene = self.scene;
        match slot {
            "me" => Words::Said(scene.speaker.clone()),
            "you" => said(scene.listener.clone()),
            "job" => said(scene.persona.occupation.clone()),
            "a_job" => said(scene.persona.occupation.as_deref().map(with_article)),
            "craft" => Words::Said(self.trade().craft.to_owned()),
            "tool" => Words::One(self.trade().tools),
            "moment" => Words::Next(self.trade().moments),
            "help" => Words::One(self.trade().helps),
            "your_job" => said(self.your_occupation().map(str::to_owned)),
            "a_your_job" => said(self.your_occupation().map(with_article)),
            "ask_job" => self.your_occupation().map_or(Words::Unknown, |job| {
                Words::One(trades::trade(Some(job)).asks)
            }),
            "interest" => said(self.interest().map(|(name, words)| called(name, words))),
            "thing" => self
                .interest()
                .map_or(Words::Unknown, |(_, words)| Words::One(words.things)),
            "musing" => self
                .interest()
                .map_or(Words::Unknown, |(_, words)| Words::Next(words.musings)),
            "outing" => self
                .interest()
                .map_or(Words::Unknown, |(_, words)| Words::One(words.outings)),
            "your_interest" => said(
                self.your_interest()
                    .map(|(name, words)| called(name, words)),
            ),
            "ask_interest" => self
                .your_interest()
                .map_or(Words::Unknown, |(_, words)| Words::One(words.asks)),
            "shared" => said(
                self.shared_interest()
                    .map(|(name, words)| called(name, words)),
            ),
            "place" => said(scene.place.as_ref().map(Spot::noun)),
            "here" => said(scene.place.as_ref().map(Spot::adverb)),
            "sight" => scene.place.as_ref().map_or(Words::Unknown, |spot| {
                Words::One(places::sights(&spot.kind))
            }),
            "board" => said(scene.board_title.as_deref().map(quoted)),
            "gist" => said(self.gist.map(str::to_owned)),
            "part" => Words::Said(part_of_day(scene.hour).to_owned()),
            "today" => Words::Said(today(scene.hour).to_owned()),
            _ => self.told_words(slot),
        }
    }

    /// Words about what happened.
    fn told_words(&self, slot: &str) -> Words {
        let spot = match self.told {
            Some(
                Told::Ate(spot)
                | Told::Worked(spot, _)
                | Told::FoundClosed(spot)
                | Told::Rested(spot),
            ) => Some(spot),
            _ => None,
        };
        match (slot, self.told) {
            ("who", Some(told)) => said(who(told).map(str::to_owned)),
            ("spot", _) => said(spot.map(Spot::noun)),
            ("at", _) => said(spot.map(Spot::adverb)),
            ("view", _) => spot.map_or(Words::Unknown, |spot| {
                Words::One(places::sights(&spot.kind))
            }),
            (
                "piece" | "goods" | "praise" | "flaw",
                Some(Told::Worked(_, item) | Told::Received(_, item)),
            ) => {
                let words = wares(*item);
                Words::One(match slot {
                    "piece" => words.pieces,
                    "goods" => words.lots,
                    "praise" => words.praise,
                    _ => words.flaws,
                })
            }
            ("gave", Some(Told::Traded(_, gave, _))) => Words::One(wares(*gave).pieces),
            ("got", Some(Told::Traded(_, _, got))) => Words::One(wares(*got).pieces),
            ("praise", Some(Told::Traded(_, _, got))) => Words::One(wares(*got).praise),
            (
                "wish",
                Some(Told::Worked(_, item) | Told::Traded(_, _, item) | Told::Received(_, item)),
            ) => Words::One(wares(self.another(*item)).pieces),
            ("news", Some(Told::News(_, text))) => Words::Said(ended(text)),
            ("title", Some(Told::Read(title) | Told::Answered(_, title))) => {
                Words::Said(quoted(title))
            }
            ("amount", Some(Told::Rewarded(amount, _))) => {
                let amount = amount.to_string();
                let amount = amount.trim_start_matches('-');
                Words::Said(format!(
                    "{amount} aiDollar{}",
                    if amount == "1" { "" } else { "s" }
                ))
            }
            ("reason", Some(Told::Rewarded(_, reason))) => Words::Said(quoted(reason)),
            _ => small_words(slot),
        }
    }

    fn trade(&self) -> &'static Trade {
        trades::trade(self.scene.persona.occupation.as_deref())
    }

    fn your_occupation(&self) -> Option<&str> {
        self.scene.other.as_deref()?.occupation.as_deref()
    }

    /// The interest the speaker is on about: the same one through a conversation.
    fn interest(&self) -> Option<(&str, &'static Interest)> {
        self.chosen_of(&self.scene.persona.interests, &self.scene.speaker)
    }

    fn your_interest(&self) -> Option<(&str, &'static Interest)> {
        let scene = self.scene;
        self.chosen_of(
            &scene.other.as_deref()?.interests,
            scene.listener.as_deref().unwrap_or_default(),
        )
    }

    /// Whoever speaks, the same person has the same thing on their mind for as long as the thread goes.
    fn chosen_of<'n>(
        &self,
        interests: &'n [Word],
        name: &str,
    ) -> Option<(&'n str, &'static Interest)> {
        let of_person = name
            .bytes()
            .fold(self.scene.thread, |bits, byte| mix(bits ^ u64::from(byte)));
        let at = (of_person % (interests.len() as u64).max(1)) as usize;
        interests
            .get(at)
            .map(|name| (name.as_str(), interests::interest(name)))
    }

    fn shared_interest(&self) -> Option<(&str, &'static Interest)> {
        let theirs = &self.scene.other.as_deref()?.interests;
        let shared = self
            .scene
            .persona
            .interests
            .iter()
            .find(|interest| theirs.contains(interest))?;
        Some((shared.as_str(), interests::interest(shared)))
    }

    /// Other goods than these.
    fn another(&self, item: Item) -> Item {
        let others = Item::ALL.len() as u64 - 1;
        let step = 1 + (self.scene.thread >> 24) % others;
        let at = (item as u64 + step) % Item::ALL.len() as u64;
        Item::ALL[at as usize]
    }

    fn told_kind(&self) -> Option<&LandmarkKind> {
        match self.told? {
            Told::Ate(spot)
            | Told::Worked(spot, _)
            | Told::FoundClosed(spot)
            | Told::Rested(spot) => Some(&spot.kind),
            _ => None,
        }
    }
}

impl Source for Voice<'_> {
    fn holds(&self, condition: &str) -> bool {
        let scene = self.scene;
        match condition {
            "morning" => (5..11).contains(&scene.hour),
            "noon" => (11..14).contains(&scene.hour),
            "afternoon" => (14..18).contains(&scene.hour),
            "evening" => (18..22).contains(&scene.hour),
            "night" => !(5..22).contains(&scene.hour),
            "glad" => scene.mood > 350,
            "low" => scene.mood < -150,
            "eating" => scene.eating,
            "group" => scene.group,
            "closing" => scene.closing,
            "opening" => scene.lines == 0,
            "stranger" => scene.closeness == 0,
            "friend" => scene.closeness >= 250 && scene.liking >= 0,
            "fond" => scene.liking >= 120,
            "cool" => scene.liking < -60,
            "working" => scene.persona.occupation.is_some(),
            "edible" => {
                matches!(self.told, Some(Told::Worked(_, item) | Told::Received(_, item)) if item.edible())
            }
            _ => match condition.split_once('_') {
                Some(("at", kind)) => scene
                    .place
                    .as_ref()
                    .is_some_and(|spot| is_kind(&spot.kind, kind)),
                Some(("told", kind)) => self.told_kind().is_some_and(|told| is_kind(told, kind)),
                _ => in_group(&scene.persona.traits, condition),
            },
        }
    }

    fn knows(&self, slot: &str) -> bool {
        let name = slot.trim_end_matches(|c: char| c.is_ascii_digit());
        match self.words(name) {
            Words::Unknown => false,
            Words::Said(_) => true,
            Words::One(frames) | Words::Next(frames) => !frames.is_empty(),
        }
    }

    fn word(&mut self, slot: &str, out: &mut String) {
        if let Some((_, word)) = self.chosen.iter().find(|(having, _)| having == slot) {
            out.push_str(word);
            return;
        }
        let name = slot.trim_end_matches(|c: char| c.is_ascii_digit());
        let word = match self.words(name) {
            Words::Unknown => String::new(),
            Words::Said(word) => word,
            Words::One(frames) => self.other_than_before(name, frames),
            Words::Next(frames) => {
                // The thread decides where one begins, the lines said so far how far one has come.
                let turn = (self.scene.thread >> 16).wrapping_add(u64::from(self.scene.lines / 2));
                let mut word = String::new();
                fill(
                    frames[(turn % frames.len() as u64) as usize],
                    self,
                    &mut word,
                );
                word
            }
        };
        out.push_str(&word);
        self.chosen.push((slot.to_owned(), word));
    }

    fn chance_below(&mut self, bound: usize) -> usize {
        self.stream.below(bound as u32) as usize
    }
}

impl Voice<'_> {
    /// A word for a slot, rather not one that stands for `{slot}` or `{slot2}` already.
    fn other_than_before(&mut self, name: &str, frames: &'static [&'static str]) -> String {
        let mut word = String::new();
        for _ in 0..3 {
            word.clear();
            if let Some(frame) = choose(frames, self) {
                fill(frame, self, &mut word);
            }
            if !self
                .chosen
                .iter()
                .any(|(slot, having)| slot.starts_with(name) && *having == word)
            {
                break;
            }
        }
        word
    }
}

fn said(word: Option<String>) -> Words {
    word.map_or(Words::Unknown, Words::Said)
}

fn called(name: &str, words: &Interest) -> String {
    if words.called().is_empty() {
        name.to_owned()
    } else {
        words.called().to_owned()
    }
}

/// Whom something that happened is about.
fn who(told: &Told) -> Option<&str> {
    match told {
        Told::Talked(who)
        | Told::News(who, _)
        | Told::Traded(who, ..)
        | Told::Received(who, _)
        | Told::Answered(who, _)
        | Told::FollowedBy(who) => Some(who),
        _ => None,
    }
}

fn small_words(slot: &str) -> Words {
    Words::One(match slot {
        "dish" => small::DISHES,
        "drink" => small::DRINKS,
        "trinket" => small::TRINKETS,
        "dispute" => small::DISPUTES,
        "idea" => small::IDEAS,
        "want" => small::WANTS,
        "tip" => small::TIPS,
        "dream" => small::DREAMS,
        "sound" => small::NIGHT_SOUNDS,
        "mishap" => small::MISHAPS,
        "few" => &["two", "three", "four", "five", "six"],
        _ => return Words::Unknown,
    })
}

/// Whether a kind of place answers to a word of a condition.
fn is_kind(kind: &LandmarkKind, word: &str) -> bool {
    match word {
        "place" => matches!(kind, LandmarkKind::Place | LandmarkKind::Other(_)),
        _ => kind.as_str() == word,
    }
}

fn part_of_day(hour: u32) -> &'static str {
    match hour {
        5..=10 => "morning",
        11..=17 => "day",
        18..=21 => "evening",
        _ => "night",
    }
}

fn today(hour: u32) -> &'static str {
    match hour {
        5..=10 => "this morning",
        11..=17 => "today",
        18..=21 => "this evening",
        _ => "tonight",
    }
}

/// `a baker`, `an archivist`.
fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A title in quotation marks, without a full stop of its own, and not too long.
fn quoted(title: &str) -> String {
    let plain: String = title
        .chars()
        .map(|c| if matches!(c, '“' | '”') { '\'' } else { c })
        .collect();
    format!(
        "“{}”",
        shortened(plain.trim().trim_end_matches('.'), QUOTE_CHARS_MAX)
    )
}

/// A text with a stop after it where it has none.
pub(super) fn ended(text: &str) -> String {
    let stop = if text.trim_end().ends_with(['.', '!', '?', '…', '”', '"']) {
        ""
    } else {
        "."
    };
    format!("{text}{stop}")
}

/// Sentences one after the other; empty ones leave no gap.
pub(super) fn joined<const N: usize>(sentences: [String; N]) -> String {
    let said: Vec<String> = sentences
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(sentence)
        .collect();
    said.join(" ")
}

/// A text with a capital at its beginning.
pub(super) fn sentence(mut text: String) -> String {
    capitalise(&mut text, 0);
    text
}
