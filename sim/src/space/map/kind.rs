//! What a landmark is for, from the words people use.
//!
//! Case and accents are ignored, a plural counts like its singular, and fixed phrases come before single words.
//! The last telling word decides (`Town Hall Café` is a café), but what stands before a word such as `and`, `of` or `near`
//! goes first (`Dorm for Oak Hill College Library` is a home).

use hamlet_protocol::map::LandmarkKind;

use LandmarkKind::{Board, Cafe, Clinic, Home, Library, Market, Park, Place, TownHall, Workshop};

/// Words that belong together. `Place` here means: no kind, although a single word would say so.
const PHRASES: [(&[&str], LandmarkKind); 31] = [
    (&["town", "hall"], TownHall),
    (&["city", "hall"], TownHall),
    (&["village", "hall"], TownHall),
    (&["bulletin", "board"], Board),
    (&["notice", "board"], Board),
    (&["message", "board"], Board),
    (&["coffee", "shop"], Cafe),
    (&["coffee", "house"], Cafe),
    (&["tea", "room"], Cafe),
    (&["tea", "house"], Cafe),
    (&["tea", "shop"], Cafe),
    (&["ale", "house"], Cafe),
    (&["public", "house"], Cafe),
    (&["beer", "garden"], Cafe),
    (&["work", "shop"], Workshop),
    (&["repair", "shop"], Workshop),
    (&["reading", "room"], Library),
    (&["living", "room"], Place),
    (&["dining", "room"], Place),
    (&["common", "room"], Place),
    (&["meeting", "room"], Place),
    (&["waiting", "room"], Place),
    (&["store", "room"], Place),
    (&["bath", "room"], Place),
    (&["class", "room"], Place),
    (&["rest", "room"], Place),
    (&["green", "house"], Place),
    (&["light", "house"], Place),
    (&["school", "house"], Place),
    (&["court", "house"], Place),
    (&["bus", "depot"], Place),
];

const WORDS: [(&str, LandmarkKind); 80] = [
    ("home", Home),
    ("house", Home),
    ("cottage", Home),
    ("apartment", Home),
    ("flat", Home),
    ("room", Home),
    ("bedroom", Home),
    ("dorm", Home),
    ("dormitory", Home),
    ("residence", Home),
    ("living", Home),
    ("coliving", Home),
    ("villa", Home),
    ("hut", Home),
    ("cabin", Home),
    ("farmhouse", Home),
    ("townhouse", Home),
    ("bungalow", Home),
    ("mansion", Home),
    ("cafe", Cafe),
    ("cafeteria", Cafe),
    ("coffee", Cafe),
    ("coffeehouse", Cafe),
    ("teahouse", Cafe),
    ("restaurant", Cafe),
    ("tavern", Cafe),
    ("pub", Cafe),
    ("inn", Cafe),
    ("bar", Cafe),
    ("diner", Cafe),
    ("bistro", Cafe),
    ("canteen", Cafe),
    ("bakery", Cafe),
    ("market", Market),
    ("marketplace", Market),
    ("supermarket", Market),
    ("shop", Market),
    ("store", Market),
    ("bazaar", Market),
    ("grocery", Market),
    ("groceries", Market),
    ("stall", Market),
    ("mall", Market),
    ("bookshop", Market),
    ("bookstore", Market),
    ("board", Board),
    ("bulletin", Board),
    ("billboard", Board),
    ("noticeboard", Board),
    ("townhall", TownHall),
    ("rathaus", TownHall),
    ("workshop", Workshop),
    ("smithy", Workshop),
    ("forge", Workshop),
    ("blacksmith", Workshop),
    ("foundry", Workshop),
    ("carpenter", Workshop),
    ("carpentry", Workshop),
    ("pottery", Workshop),
    ("studio", Workshop),
    ("atelier", Workshop),
    ("factory", Workshop),
    ("mill", Workshop),
    ("sawmill", Workshop),
    ("windmill", Workshop),
    ("watermill", Workshop),
    ("garage", Workshop),
    ("park", Park),
    ("garden", Park),
    ("playground", Park),
    ("meadow", Park),
    ("orchard", Park),
    ("library", Library),
    ("archive", Library),
    ("clinic", Clinic),
    ("hospital", Clinic),
    ("infirmary", Clinic),
    ("doctor", Clinic),
    ("pharmacy", Clinic),
    ("apothecary", Clinic),
];

/// Words after which a name says whose, where or of what.
const JOINTS: [&str; 15] = [
    "and", "of", "for", "at", "by", "near", "in", "on", "behind", "beside", "with", "above",
    "under", "to", "from",
];

/// The kind that a name tells; [`Place`] when it tells none.
pub(super) fn of_name(name: &str) -> LandmarkKind {
    let words = words(name);
    let mut parts = words.split(|word| JOINTS.contains(&word.as_str()));
    parts.find_map(of_words).unwrap_or(Place)
}

/// The kind that a map maker named outright: one of ours, a synonym of one, or a word of their own.
pub(super) fn of_property(value: &str) -> LandmarkKind {
    let words = words(value);
    let kind = LandmarkKind::from(words.join("_"));
    match (&kind, words.len()) {
        (LandmarkKind::Other(word), 1) => single(word).unwrap_or(kind),
        (LandmarkKind::Other(_), _) => phrase(&words).unwrap_or(kind),
        _ => kind,
    }
}

/// The kind that an object's class names, if it is one of ours.
pub(super) fn of_class(class: &str) -> Option<LandmarkKind> {
    match of_property(class) {
        Place | LandmarkKind::Other(_) => None,
        kind => Some(kind),
    }
}

/// A sentence for a place that its maker did not describe.
pub(super) fn description(kind: &LandmarkKind) -> String {
    match kind {
        Home => "A home, where people live and sleep.",
        Cafe => "A café, where people eat and meet.",
        Market => "A market, where goods are traded.",
        Board => "The bulletin board, where people post and read notes.",
        TownHall => "The town hall.",
        Workshop => "A workshop, where people make things.",
        Park => "A park, where people rest and stroll.",
        Library => "A library, where people read.",
        Clinic => "A clinic, where people get well.",
        Place => "A place in town.",
        LandmarkKind::Other(word) => {
            return format!("A place in town: {}.", word.replace('_', " "));
        }
    }
    .to_owned()
}

fn of_words(words: &[String]) -> Option<LandmarkKind> {
    (1..=words.len()).rev().find_map(|end| {
        let pair = end
            .checked_sub(2)
            .and_then(|start| phrase(&words[start..end]));
        pair.or_else(|| single(&words[end - 1]))
    })
}

fn phrase(words: &[String]) -> Option<LandmarkKind> {
    PHRASES
        .iter()
        .find(|(phrase, _)| *phrase == words)
        .map(|(_, kind)| kind.clone())
}

fn single(word: &str) -> Option<LandmarkKind> {
    let find = |word: &str| {
        WORDS
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, kind)| kind.clone())
    };
    find(word).or_else(|| find(word.strip_suffix('s')?))
}

/// The words of a text in plain lower-case letters.
fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(plain)
        .collect();
    let parts = plain.split(|c: char| !c.is_alphanumeric());
    // What an apostrophe cuts off ("Ann's") is no word.
    parts
        .filter(|word| !word.is_empty() && *word != "s")
        .map(str::to_owned)
        .collect()
}

/// A letter without its accent, whether that is part of it or follows it.
fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{300}'..='\u{36F}' => return None,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ś' | 'š' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_kind() {
        let cases = [
            ("Ann's Home", Home),
            ("Tamara Taylor and Carmen Ortiz's house", Home),
            ("ROSE COTTAGE", Home),
            ("artist's co-living space", Home),
            ("Dorm for Oak Hill College Library", Home),
            ("Room 12", Home),
            ("Café Luna", Cafe),
            ("CAFE\u{301} LUNA", Cafe),
            ("The Rose and Crown Pub", Cafe),
            ("Coffee shop", Cafe),
            ("Town Hall Café", Cafe),
            ("The Willows Market and Pharmacy", Market),
            ("Market Square", Market),
            ("Harvey Oak Supply Store", Market),
            ("The Stalls", Market),
            ("Bulletin board", Board),
            ("Notice-Board", Board),
            ("Board at the market", Board),
            ("Town Hall", TownHall),
            ("Old Smithy", Workshop),
            ("Johnson Park", Park),
            ("Library garden", Park),
            ("Reading room", Library),
            ("St. Mary's Hospital", Clinic),
            ("Living room", Place),
            ("Class room", Place),
            ("Lighthouse", Place),
            ("Light house", Place),
            ("Oak Hill College", Place),
            ("Homer Simpson", Place),
            ("", Place),
        ];
        for (name, kind) in cases {
            assert_eq!(of_name(name), kind, "{name}");
        }
    }

    #[test]
    fn a_property_says_it_outright() {
        assert_eq!(of_property("Café"), Cafe);
        assert_eq!(of_property("town-hall"), TownHall);
        assert_eq!(of_property("tavern"), Cafe);
        assert_eq!(of_property("coffee shop"), Cafe);
        assert_eq!(
            of_property("Guest House"),
            LandmarkKind::Other("guest_house".to_owned())
        );
        assert_eq!(
            of_property("temple"),
            LandmarkKind::Other("temple".to_owned())
        );
        assert_eq!(of_class("Market"), Some(Market));
        assert_eq!(of_class("building"), None);
    }
}
