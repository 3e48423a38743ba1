//! Every key here is made when the test runs, from parts, so that no other scanner takes this file for a leak.

use super::shapes::{Letters, SHAPES};
use super::{SecretKind, find, without};

/// Chance of a test: the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    fn below(&mut self, max: usize) -> usize {
        (self.next() % max as u64) as usize
    }

    fn of(&mut self, letters: &str, count: usize) -> String {
        let letters = letters.as_bytes();
        (0..count)
            .map(|_| char::from(letters[self.below(letters.len())]))
            .collect()
    }
}

const PLAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const HEX: &str = "0123456789abcdef";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn key(dice: &mut Dice, letters: Letters, chars: usize) -> String {
    match letters {
        Letters::Plain => dice.of(PLAIN, chars),
        Letters::Url => dice.of(URL, chars),
        Letters::Hex => dice.of(HEX, chars),
        Letters::Capitals => dice.of(CAPITALS, chars),
        // Keys behind short beginnings are longer than what is looked at.
        Letters::Chance => dice.of(PLAIN, chars.max(43)),
    }
}

/// One secret of every sort, with its kind.
fn planted(dice: &mut Dice) -> Vec<(String, SecretKind)> {
    let mut all: Vec<(String, SecretKind)> = SHAPES
        .iter()
        .map(|shape| {
            let body = key(dice, shape.letters, shape.chars);
            (format!("{}{body}", shape.begins), shape.kind)
        })
        .collect();
    let token = [dice.of(URL, 33), dice.of(URL, 60), dice.of(URL, 43)];
    let mut add = |text: String, kind| all.push((text, kind));
    add(
        format!("ey{}{}.ey{}{}.{}", "J", token[0], "J", token[1], token[2]),
        SecretKind::Token,
    );
    for what in ["RSA ", "EC ", "OPENSSH ", ""] {
        let dashes = "-".repeat(5);
        add(
            format!(
                "{dashes}BEGIN {what}PRIVATE {}{dashes}\n{}",
                "KEY",
                dice.of(BASE64, 64)
            ),
            SecretKind::PrivateKey,
        );
    }
    for scheme in ["postgres", "mysql", "mongodb+srv", "redis", "amqp", "https"] {
        let password = dice.of(PLAIN, 14);
        add(
            format!("{scheme}:{}owner:{password}@db.example.org:5432/town", "//"),
            SecretKind::Address,
        );
    }
    add(
        format!(
            "{}:A{}",
            dice.of("123456789", 10),
            ["A", &dice.of(PLAIN, 33)].concat()
        ),
        SecretKind::Chat,
    );
    add(
        format!(
            "M{}.{}.{}",
            dice.of(PLAIN, 23),
            dice.of(PLAIN, 6),
            dice.of(PLAIN, 27)
        ),
        SecretKind::Chat,
    );
    add(
        format!("S{}.{}.{}", "G", dice.of(PLAIN, 22), dice.of(PLAIN, 43)),
        SecretKind::Chat,
    );
    all
}

/// What may stand before or after a secret. Letters, signs and other scripts touch it directly.
fn surroundings(dice: &mut Dice) -> String {
    let count = dice.below(30);
    let letters: Vec<char> = "ab XY09-_=:.,;!?\"'`()[]{}<>/\\@#\n\tñ漢🙂\u{200b}"
        .chars()
        .collect();
    (0..count)
        .map(|_| letters[dice.below(letters.len())])
        .collect()
}

#[test]
fn a_planted_secret_is_found_whatever_surrounds_it() {
    let mut dice = Dice(1);
    for round in 0..200 {
        for (secret, kind) in planted(&mut dice) {
            let (before, after) = (surroundings(&mut dice), surroundings(&mut dice));
            let text = format!("{before}{secret}{after}");
            let found = find(&text);
            assert!(found.is_some(), "round {round}: {kind:?} in {text:?}");
        }
    }
}

#[test]
fn a_secret_between_words_is_named_and_its_place_told() {
    let mut dice = Dice(2);
    for (secret, kind) in planted(&mut dice) {
        let text = format!("Grüße, here: {secret} – keep it.");
        let found = find(&text).unwrap_or_else(|| panic!("nothing found in {text:?}"));
        assert_eq!((found.kind, found.character), (kind, 14), "{text:?}");
        // Cut short, it is none.
        if SHAPES.iter().any(|shape| secret.starts_with(shape.begins)) {
            let cut = &text[.."Grüße, here: ".len() + 12];
            assert_eq!(find(cut), None, "{cut:?}");
        }
    }
}

/// A private key as files have it, with this in its body.
fn private_key(what: &str, body: &str) -> String {
    let dashes = "-".repeat(5);
    let line = |word: &str| format!("{dashes}{word} {what}PRIVATE {}{dashes}", "KEY");
    format!("{}\n{body}\n{}\n", line("BEGIN"), line("END"))
}

#[test]
fn without_secrets_a_text_keeps_its_other_lines() {
    let mut dice = Dice(7);
    for (secret, kind) in planted(&mut dice) {
        let text = format!("Grüße.\nHere: {secret} – keep it.\nEnd.");
        let whole = secret.contains("PRIVATE");
        let expected = match kind.left_out() {
            gone if whole => gone,
            gone => format!("Grüße.\n{gone}\nEnd."),
        };
        assert_eq!(without(&text), expected, "{text:?}");
    }
    for text in harmless(&mut dice) {
        assert_eq!(without(&text), text);
    }
}

#[test]
fn nothing_stays_of_a_private_key_whatever_stands_around_it() {
    let mut dice = Dice(8);
    // Its lines are known by their first alone.
    let body = "MORNINGMORNINGMORNING\n".repeat(3);
    let other = format!("sk-proj-{}", dice.of(PLAIN, 48));
    for what in ["RSA ", "EC ", "ENCRYPTED ", ""] {
        let key = private_key(what, &body);
        for text in [
            key.clone(),
            format!("Look:\n{key}Good night."),
            format!("{other}\n{key}"),
            format!("{other} {key}"),
            format!("{key}{other}"),
        ] {
            let left = without(&text);
            assert!(left.starts_with("[left out"), "{left}");
            assert!(!left.contains("MORNING"), "{left}");
        }
    }
}

#[test]
fn cards_are_known_by_their_check_digit() {
    let groups = ["4111", "1111", "1111", "1111"];
    for text in [groups.concat(), groups.join(" "), groups.join("-")] {
        let found = find(&format!("my card is {text}, thanks")).map(|found| found.kind);
        assert_eq!(found, Some(SecretKind::Card), "{text}");
    }
    for text in [
        "my card is 4111 1111 1111 1112, thanks",
        "number 41111111111111119 is longer",
        "4111-1111-1111 is shorter than that",
        "born 1111 1111 1111 1111 years ago",
        "id a4111111111111111 of a list",
    ] {
        assert_eq!(find(text), None, "{text}");
    }
}

#[test]
fn what_is_called_a_secret_is_one() {
    let mut dice = Dice(3);
    for _ in 0..500 {
        let (long, short) = (dice.of(PLAIN, 24), format!("{}a7Z", dice.of(PLAIN, 10)));
        for text in [
            format!("API_KEY={long}x9"),
            format!("\"api-key\": \"{long}x9\""),
            format!("set the Access Key: {long}x9 and go"),
            format!("Authorization: Bearer {long}x9"),
            format!("client_secret => '{long}x9'"),
            format!("password: {short}"),
            format!("PWD={short}"),
        ] {
            assert!(find(&text).is_some(), "{text}");
        }
    }
}

#[test]
fn what_looks_like_nothing_but_chance_is_a_key() {
    let mut dice = Dice(4);
    let mut found = 0;
    for _ in 0..1000 {
        let text = format!("use `{}` for it", dice.of(PLAIN, 48));
        found += u32::from(find(&text).is_some());
    }
    assert!(found > 980, "only {found} of 1000");
}

/// What nobody should be bothered about.
fn harmless(dice: &mut Dice) -> Vec<String> {
    let mut all: Vec<String> = [
        "The old oak by the market fell last night, and nobody heard it.",
        "hamlet_sk_… is how keys begin; never post yours. Mine is hamlet_sk_made_up.",
        "Set HAMLET_KEY to your key: export HAMLET_KEY=hamlet_sk_YOUR_KEY_HERE_YOUR_KEY_HERE",
        "sk-this-is-not-a-key-it-is-a-very-long-slug-with-words-and-2-numbers-in-it",
        "The risk-assessment-for-the-second-quarter-of-2026-and-everything-else is done.",
        "postgres://user:password@localhost/town and postgres://user:$PASSWORD@db/town",
        "Read https://example.org:8080/a/b?c=d#e, or mail ada@example.org: she knows.",
        "My token of thanks: a cup of tea. The secret: patience and 2 spoons of sugar.",
        "password: at least ten characters. Token: 12,345 of 20,000 used.",
        "pwd=/home/Ada/Projects2026/Hamlet-v2",
        "ThisIsACamelCaseIdentifierThatIsVeryLongIndeedAndHas42InIt",
        "SCREAMING_SNAKE_CASE_NAME_THAT_GOES_ON_AND_ON_FOR_99_LETTERS",
        "-----BEGIN CERTIFICATE----- is public, and so is -----BEGIN PUBLIC KEY-----.",
        "AKIAIOSFODNN7EXAMPLE is what manuals print.",
        "Version 4.11.1-rc.1+build.1111 came out at 2026-11-21T19:00:00.000Z.",
        "Call 0111 1111 1111, or +49 30 1234 5678 9012 after six.",
    ]
    .map(str::to_owned)
    .into();
    for _ in 0..50 {
        let (hex, url) = (dice.of(HEX, 64), dice.of(URL, 300));
        let uuid = [8, 4, 4, 4, 12].map(|count| dice.of(HEX, count)).join("-");
        all.extend([
            format!("commit {} fixes it", &hex[..40]),
            format!("sha256:{hex}"),
            format!("integrity sha256-{}=", dice.of(BASE64, 43)),
            format!("post {uuid} and comment {uuid}"),
            format!(
                "https://example.org/watch/{}?v={}",
                &url[..20],
                &url[20..60]
            ),
            format!(
                "![a cat](data:image/png;base64,{}==)",
                dice.of(BASE64, 2000)
            ),
            format!(
                "ssh-ed25519 {}{}",
                "AAAAC3NzaC1lZDI1NTE5AAAAI",
                dice.of(BASE64, 43)
            ),
            format!("pay {} or {}", base58(dice, 44), base58(dice, 34)),
            (0..6).map(|_| dice.of(PLAIN, 76) + "\n").collect(),
        ]);
    }
    all
}

fn base58(dice: &mut Dice, chars: usize) -> String {
    dice.of(
        "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        chars,
    )
}

#[test]
fn harmless_texts_are_let_through() {
    for text in harmless(&mut Dice(5)) {
        assert_eq!(find(&text), None, "{text}");
    }
}

/// Our own pages speak of keys all the time.
#[test]
fn our_own_words_are_harmless() {
    for text in [
        include_str!("../../README.md"),
        include_str!("mod.rs"),
        include_str!("shapes.rs"),
        include_str!("../name.rs"),
        include_str!("../../../../README.md"),
        include_str!("../../../../docs/API.md"),
    ] {
        let found = find(text);
        let near = found.map(|it| {
            text.chars()
                .skip(it.character.saturating_sub(20))
                .take(90)
                .collect::<String>()
        });
        assert_eq!(found, None, "{near:?}");
    }
}

#[test]
fn no_text_brings_it_down() {
    let mut dice = Dice(6);
    let pieces = [
        "eyJ",
        ".",
        "sk-",
        "://",
        "@",
        ":",
        "-----BEGIN ",
        "SG.",
        ":AA",
        "4111",
        " ",
        "ü",
        "password=",
        "\u{0}",
    ];
    for _ in 0..3000 {
        let count = dice.below(40);
        let text: String = (0..count)
            .map(|_| pieces[dice.below(pieces.len())])
            .collect();
        let found = find(&text);
        assert!(
            found.is_none_or(|it| (1..=text.chars().count()).contains(&it.character)),
            "{text:?}"
        );
    }
}

/// Work grows with the text and not with its square: each of these would take long if it did.
#[test]
fn long_texts_of_one_sort_take_no_longer() {
    for piece in [
        "eyJ",
        ".eyJ",
        "://",
        "a:b@",
        "-----BEGIN ",
        "token=",
        "SG.",
        "0000:AA",
        "4111 ",
        "password password",
        "sk-A1b",
    ] {
        let text = piece.repeat(40_000 / piece.len());
        let found = find(&text);
        assert!(found.is_none_or(|it| it.character <= text.len()), "{piece}");
    }
}
