//! Notes for the board: what happened to one, with a point.

mod board;
mod days;
mod doors;
mod people;
mod work;

use hamlet_protocol::board::{GENERAL, TOWN};

use super::subject::Kind;
use super::voice::{Voice, joined, sentence};
use super::{Scene, TEXT_CHARS_MAX, TITLE_CHARS_MAX, Told, frames, shortened};
use crate::rng::Stream;

/// Drafts of a note that one throws away because the title is too long.
const DRAFTS_MAX: u32 = 4;
/// Chance, of 10 000, that a note ends with a word of its writer.
const TAIL_CHANCE: u32 = 3_000;

/// A way to write a note: frames for the title and the text, which share their words.
pub(super) struct Form {
    /// What those who answer take it for.
    pub(super) kind: Kind,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

const fn form(kind: Kind, title: &'static str, text: &'static str) -> Form {
    Form { kind, title, text }
}

/// Title, text, and the community such notes are for.
pub(crate) fn note(
    scene: &Scene,
    told: &Told,
    stream: &mut Stream,
) -> (String, String, &'static str) {
    let (title, text, kind) = draft(scene, told, stream);
    (title, text, community(kind))
}

/// Where notes of a kind are looked for.
fn community(kind: Kind) -> &'static str {
    match kind {
        Kind::Offer => "market",
        Kind::Wanted => "help",
        Kind::Food | Kind::Dream | Kind::Question | Kind::Tale => GENERAL,
        Kind::Thanks
        | Kind::Closed
        | Kind::Invitation
        | Kind::Proposal
        | Kind::Lost
        | Kind::News
        | Kind::Reward => TOWN,
    }
}

/// Title and text, and what they were meant for.
pub(super) fn draft(scene: &Scene, told: &Told, stream: &mut Stream) -> (String, String, Kind) {
    let mut written = (String::new(), String::new(), Kind::Tale);
    for _ in 0..DRAFTS_MAX {
        written = write(scene, told, stream);
        if written.0.chars().count() <= TITLE_CHARS_MAX {
            break;
        }
    }
    written.0 = shortened(&written.0, TITLE_CHARS_MAX);
    if !matches!(told, Told::News(..)) {
        written.1 = shortened(&written.1, TEXT_CHARS_MAX);
    }
    written
}

fn write(scene: &Scene, told: &Told, stream: &mut Stream) -> (String, String, Kind) {
    let voice = &mut Voice::new(scene, Some(told), stream);
    let Some(form) = choose(forms(told), voice) else {
        return (String::new(), String::new(), Kind::Tale);
    };
    let title = sentence(voice.say(&[form.title]));
    let text = voice.say(&[form.text]);
    let tail = if voice.stream.chance(TAIL_CHANCE) {
        voice.say(TAILS)
    } else {
        String::new()
    };
    let text = joined([text, tail]);
    (title, text, form.kind)
}

/// One of the forms whose title and text fit.
fn choose<'f>(forms: &'f [Form], voice: &mut Voice<'_>) -> Option<&'f Form> {
    let from = voice.stream.below(forms.len() as u32) as usize;
    let turned = forms[from..].iter().chain(&forms[..from]);
    let mut fitting =
        turned.filter(|form| frames::fits(form.title, voice) && frames::fits(form.text, voice));
    fitting.next()
}

fn forms(told: &Told) -> &'static [Form] {
    match told {
        Told::Talked(_) => people::TALKED,
        Told::News(..) => people::NEWS,
        Told::Ate(_) => days::ATE,
        Told::Slept => days::SLEPT,
        Told::Worked(..) => work::WORKED,
        Told::Traded(..) => work::TRADED,
        Told::Received(..) => people::RECEIVED,
        Told::Read(_) => board::READ,
        Told::Answered(..) => board::ANSWERED,
        Told::FoundClosed(_) => doors::CLOSED,
        Told::Rewarded(amount, _) if amount.0 < 0 => doors::PENALISED,
        Told::Rewarded(..) => doors::REWARDED,
        Told::Rested(_) => days::RESTED,
        Told::FollowedBy(_) => board::FOLLOWED,
    }
}

/// What a note may end with, whatever it is about.
#[rustfmt::skip]
const TAILS: &[&str] = &[
    "*{me}[, {job}|]*",
    "[Yours|With regards|That's all], *{me}*.",
    "<curious>[What do you all think?|I'd love to hear what others have seen.|Questions welcome, answers too.]",
    "<grumpy>[No replies needed. I'll get them anyway.|And that's all I'll say, today.|Don't all thank me at once.]",
    "<cheery>[Isn't it a grand town!|Smile at somebody on the way home.|Onwards!]",
    "<shy>[Sorry to take up space.|I'll take this down if it's in the way.|You needn't answer.]",
    "<chatty>[There's more, but the note's full.|Find me for the long version.|I'll tell the rest to anyone with {drink}.]",
    "<dry>[The ducks were unmoved.|No benches were harmed.|Make of it what you like.]",
    "<careful>[Written {today}, read over twice.|Corrections to me, please, in ink.|I've kept a copy.]",
    "<dreamy>[I'd another point, but it's flown off.|Look up sometimes.|It seemed longer in my head.]",
    "<kind>[Be good to each other.|If it helps anybody, I can {help}.|Somebody give the cat a nod from me.]",
    "<proud>[You heard it from me first.|I stand by every word.|And I'd do it again.]",
    "<evening>[Written by lamplight, so forgive the hand.|Good night, all.]",
    "<morning>[A good morning to whoever reads this.|Now the day may begin.]",
    "P.S. [I'm still looking for {want9}.|If anybody has lost {trinket9}, ask me.|{tip9}]",
];

/// Everything in this folder that is chosen from: what it is for, title and text.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static Form> {
    [
        people::TALKED,
        people::NEWS,
        people::RECEIVED,
        days::ATE,
        days::SLEPT,
        days::RESTED,
        work::WORKED,
        work::TRADED,
        board::READ,
        board::ANSWERED,
        board::FOLLOWED,
        doors::CLOSED,
        doors::REWARDED,
        doors::PENALISED,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[("tails", TAILS)];
