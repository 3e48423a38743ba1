//! What a note is about, heard by its words: so that notes of anybody are answered to the point.

use super::vocabulary::{interests, small};

/// What kind of note it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Thanks,
    Offer,
    Wanted,
    Closed,
    Food,
    Invitation,
    Proposal,
    Question,
    Lost,
    News,
    Dream,
    Reward,
    Tale,
}

impl Kind {
    /// The kind of a note by title and text.
    pub(super) fn of(title: &str, text: &str) -> Self {
        let (title, text) = (unquoted(&title.to_lowercase()), text.to_lowercase());
        let by_title = TITLE_WORDS
            .iter()
            .find(|(_, words)| words.iter().any(|word| has_word(&title, word)));
        if let Some((kind, _)) = by_title {
            return *kind;
        }
        let by_text = TEXT_WORDS
            .iter()
            .find(|(_, words)| words.iter().any(|word| text.contains(word)));
        match by_text {
            Some((kind, _)) => *kind,
            None if title.contains('?') => Self::Question,
            None if small::DISHES.iter().any(|dish| title.contains(dish)) => Self::Food,
            None => Self::Tale,
        }
    }
}

/// A text without what it quotes: the words of others don't say what it is about.
fn unquoted(text: &str) -> String {
    let mut quotes = 0;
    text.chars()
        .filter(|&letter| {
            quotes += i32::from(letter == '“') - i32::from(letter == '”');
            quotes <= 0
        })
        .collect()
}

/// Words of titles; the first that fits counts.
#[rustfmt::skip]
const TITLE_WORDS: &[(Kind, &[&str])] = &[
    (Kind::Reward, &["aidollar", "aidollars", "fined", "a fine", "did something right", "i've been thanked"]),
    (Kind::Question, &["the key to", "the hours of", "when does", "a question", "question", "referee", "settle this", "second opinion", "against me", "more voice", "help us out", "requests taken", "may one", "may i tidy", "fair price", "fair or foolish", "a kindness", "order the notes", "the notes"]),
    (Kind::Proposal, &["proposal", "propose", "idea", "ideas", "what if we", "wouldn't it be nice", "could we", "should we have", "stay open", "keep longer hours", "what about", "i thought of", "thinking of", "since we're all", "while i'm at it", "what's missing", "let's have"]),
    (Kind::Food, &["recipe", "kitchen", "tip", "cooked", "menu", "those who cook", "a trick", "the salt in", "critical note", "a word for"]),
    (Kind::Offer, &["fresh", "to swap", "would swap", "offering", "seconds", "slightly crooked", "with character", "for sale", "still trading", "next swap", "sharing", "to give away", "who wants", "not perfect", "too good to keep", "enough for several", "just finished", "new at", "new in", "new on"]),
    (Kind::Wanted, &["wanted", "looking for", "has anybody got", "who has", "has one of you", "one of you has", "who can spare", "helping hand", "hour to spare", "if anybody has", "has anybody"]),
    (Kind::Lost, &["found", "lost", "who's missing", "is this yours", "left a", "left an", "left half"]),
    (Kind::Thanks, &["thank", "thanks", "shouldn't have", "kindness", "for no reason", "good deed", "good point", "people are good", "a nod to", "reads my notes", "hello", "trades fair"]),
    (Kind::Closed, &["closed", "locked", "shut", "was dark", "no light", "its hours", "the door of", "instead of"]),
    (Kind::Invitation, &["invitation", "who's in", "come along", "come to", "anyone?", "who's for", "who'd join", "come and", "join us", "at my place", "how about", "who'd like", "who's coming", "are planning", "in the making", "open door", "at a table", "showing how", "too much of", "too much", "leftovers", "swap evening", "say that over", "market day", "festival"]),
    (Kind::Dream, &["dream", "dreams", "dreamt", "dreaming", "strange night"]),
    (Kind::News, &["heard", "word for word", "word in the lanes", "the talk of", "passing it on", "rumour", "what people say", "told me something", "as told by", "straight from", "says it's true", "make of this", "something in this", "what to think", "if it's news", "unverified"]),
];

/// Words of texts, for titles that say nothing.
#[rustfmt::skip]
const TEXT_WORDS: &[(Kind, &[&str])] = &[
    (Kind::Closed, &["was closed", "was shut", "closed until", "stays closed"]),
    (Kind::Invitation, &["just turn up", "bring what you", "stalls open", "everybody's welcome", "everyone's welcome", "say so below"]),
    (Kind::Proposal, &["who's for it", "hands up below", "names below"]),
    (Kind::Question, &["answers below", "reasons, please", "what's your view", "settle this", "votes below"]),
    (Kind::Offer, &["first come", "i'd swap for", "come and feel"]),
    (Kind::Dream, &["i dreamt"]),
    (Kind::News, &["they say:", "it's going round", "i can't vouch"]),
];

/// What a note is about, as a noun: something its title names.
pub(super) fn gist(title: &str) -> Option<&'static str> {
    let title = title.to_lowercase();
    let known = interests::all().map(|interest| (interest.name(), interest.called()));
    let things = NOUNS.iter().copied().chain(known);
    let dishes = small::DISHES.iter().map(|&dish| (dish, dish));
    dishes
        .chain(things)
        .find(|(word, _)| has_word(&title, word))
        .map(|(_, noun)| noun)
}

/// Whether a title names somebody, outside of what it quotes.
pub(crate) fn names(title: &str, first_name: &str) -> bool {
    !first_name.is_empty() && has_word(&unquoted(title), first_name)
}

/// Whether a note is about something one likes.
pub(crate) fn is_about(title: &str, text: &str, interest: &str) -> bool {
    let word = interest.to_lowercase();
    has_word(&title.to_lowercase(), &word) || has_word(&text.to_lowercase(), &word)
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Words of titles, and how a sentence takes them up.
#[rustfmt::skip]
const NOUNS: &[(&str, &str)] = &[
    ("bench", "the bench"), ("benches", "benches"), ("lanterns", "lanterns"), ("ladder", "the ladder"), ("glove", "the glove"), ("gloves", "gloves"),
    ("umbrella", "the umbrella"), ("umbrellas", "umbrellas"), ("kettle", "the kettle"), ("hat", "the hat"), ("sock", "the sock"), ("button", "the button"),
    ("whistle", "the whistle"), ("spoon", "the spoon"), ("key", "the key"), ("pawn", "the pawn"), ("duck", "the duck"), ("ducks", "ducks"),
    ("market day", "market day"), ("café", "the café"), ("market", "the market"), ("library", "the library"), ("clinic", "the clinic"), ("park", "the park"),
    ("bridge", "the bridge"), ("orchard", "the orchard"), ("forge", "the forge"), ("workshop", "the workshop"), ("town hall", "the hall"), ("hall clock", "the hall clock"),
    ("clock", "the clock"), ("board", "the board"), ("stew", "stew"), ("pie", "pie"), ("jam", "jam"), ("cats", "cats"), ("cat", "the cat"), ("goose", "the goose"),
    ("loaf", "bread"), ("rolls", "rolls"), ("vegetables", "vegetables"), ("carrots", "carrots"), ("cabbages", "cabbages"), ("cabbage", "the cabbage"), ("beans", "beans"),
    ("fish", "fish"), ("trout", "trout"), ("jar", "the jar"), ("cloth", "cloth"), ("scarf", "the scarf"), ("scarves", "scarves"), ("blanket", "the blanket"), ("linen", "linen"),
    ("pottery", "pottery"), ("jug", "the jug"), ("jugs", "jugs"), ("bowl", "the bowl"), ("bowls", "bowls"), ("cups", "cups"), ("plates", "plates"),
    ("tools", "tools"), ("hinge", "the hinge"), ("hinges", "hinges"), ("knife", "the knife"), ("hammer", "the hammer"), ("stool", "the stool"), ("stools", "stools"),
    ("chair", "the chair"), ("chairs", "chairs"), ("shelf", "the shelf"), ("books", "books"), ("book", "the book"), ("notebook", "the notebook"),
    ("candles", "candles"), ("candle", "the candle"), ("tapers", "tapers"), ("salve", "the salve"), ("mint", "mint"), ("flowers", "flowers"), ("posy", "the posy"),
    ("toys", "toys"), ("bear", "the bear"), ("drum", "the drum"), ("drums", "drums"), ("flute", "the flute"), ("flutes", "flutes"), ("fiddle", "the fiddle"),
    ("basket", "the basket"), ("baskets", "baskets"), ("paper", "paper"), ("envelopes", "envelopes"), ("bell", "the bell"), ("choir", "the choir"), ("race", "the race"),
    ("doing nothing", "doing nothing"), ("nap", "naps"), ("dream", "dreams"), ("swap", "the swap"), ("bargain", "bargains"), ("hours", "the hours"), ("fine", "the fine"),
];
