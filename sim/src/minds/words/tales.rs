//! What happened to one, told in talk; and news passed on to the letter.

use super::voice::{Voice, ended, joined};
use super::{Scene, TEXT_CHARS_MAX, Told, questions, smalltalk};
use crate::rng::Stream;

/// Words that repeat `text` to the letter: that is how news travels.
pub(crate) fn news(scene: &Scene, text: &str, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    let opening = voice.say(NEWS);
    let line = format!("{opening} {}", ended(text));
    if line.chars().count() > TEXT_CHARS_MAX {
        text.to_owned()
    } else {
        line
    }
}

/// Something that happened, told to somebody.
pub(crate) fn remark(scene: &Scene, told: &Told, stream: &mut Stream) -> String {
    if let Told::News(_, text) = told {
        return news(scene, text, stream);
    }
    let voice = &mut Voice::new(scene, Some(told), stream);
    let text = voice.say(frames(told));
    let after = smalltalk::after(voice);
    questions::with_question(joined([text, after]), scene.ask, voice)
}

fn frames(told: &Told) -> &'static [&'static str] {
    match told {
        Told::Talked(_) => TALKED,
        Told::News(..) => NEWS,
        Told::Ate(_) => ATE,
        Told::Slept => SLEPT,
        Told::Worked(..) => WORKED,
        Told::Traded(..) => TRADED,
        Told::Received(..) => RECEIVED,
        Told::Read(_) => READ,
        Told::Answered(..) => ANSWERED,
        Told::FoundClosed(_) => CLOSED,
        Told::Rewarded(amount, _) if amount.0 < 0 => PENALISED,
        Told::Rewarded(..) => REWARDED,
        Told::Rested(_) => RESTED,
        Told::FollowedBy(_) => FOLLOWED,
    }
}

#[rustfmt::skip]
const NEWS: &[&str] = &[
    "[Have you heard?|Did you hear?|You'll never guess.|Listen to this.|Come closer.|Now this is news.]",
    "[They say|Word is|People say|The talk is|Somebody told me|I have it on good authority]:",
    "[I heard something today.|I wasn't going to say anything, but:|I'm only passing it on:|Make of this what you will:]",
    "[Before I forget:|Since you ask:|Oh, and:|That reminds me:]",
    "<chatty>[I've been dying to tell somebody!|Hold on to your hat.|I promised to tell nobody but you:]",
    "<shy>[I don't like to gossip, but:|Perhaps it's nothing, but:]",
    "<dry>[For what it's worth:|Stop the clock:|Here's one for the minutes:]",
    "<careful>[I haven't checked it myself, but they say:|As I was told, word for word:]",
    "<grumpy>[More nonsense, if you ask me:|Now they're saying:]",
    "<curious>[What do you make of this?|I can't get it out of my head:]",
    "<friend>[You should hear it from a friend:|I saved this for you:]",
    "<group>[Gather round.|Since we're all here:]",
];

#[rustfmt::skip]
const TALKED: &[&str] = &[
    "I [had a good talk with|was talking to|ran into|got stuck, pleasantly, with] {who} [earlier|just now|a while ago]. [We meant to be brief.|{^who} sends regards.|We settled everything but {dish}.]",
    "{^who} and I [couldn't agree|had a small dispute|argued till we laughed]. {dispute}",
    "{^who} [told me about|went on about|wants to hear about] [a dream with a goose in it|{interest}|the right way to make {dish}|{idea}]. [I nodded in the right places.|I understood most of it.|We'll talk again.]",
    "[You should talk to {who}.|Have you met {who}?|{^who} is good company.] [We talked for ages|I always come away cleverer|Never in a hurry, that one].",
    "I [forgot to ask|should've asked|keep meaning to ask] {who} about {want}. [We talked about everything else.|Next time.|]",
    "{^who} says hello. [Well, not in words.|Or would have, with a mouth less full.|I said I'd pass it on.]",
];

#[rustfmt::skip]
const ATE: &[&str] = &[
    "I [had|ate|made short work of] {dish} {at}. [I'd go back for the crumbs.|You must try it.|I'm not moving for an hour.|It was gone before I'd said good appetite.]",
    "{^dish} {at} [was better than last time|needs more salt, but I ate it all|made my {part}].",
    "[I've eaten {at} and I'm a better person.|A meal {at}, and the world's in order.] [It was {dish}.|Ask for {dish}.]",
    "<!told_home>[They gave me the end piece {at}|There was one portion left {at}, and it was mine|I sat by the window {at}]: {dish}. [Happiness is simple.|I thought of you.|]",
    "<told_home>I made {dish} at home[, for one|, and ate it from the pot|]. {tip}",
    "[I ate too fast|I ate too much|I could eat the same again]. {^dish}, [since you ask|in case you wonder|if you must know].",
];

#[rustfmt::skip]
const SLEPT: &[&str] = &[
    "I [slept like a stone|slept like a cat on flour sacks|slept through the clock]. [I feel ten years younger, in places.|Now I could move a wardrobe.|]",
    "I dreamt {dream}. [I've been wondering about it since.|What would you make of that.|I blame supper.]",
    "{sound} [And then I slept.|I turned over and forgot it.|I lay there and listened.]",
    "[I was up before the lamps went out.|I woke up and didn't know which day it was.|I slept so well that I told the pillow.] [It's going to be a good one.|Nobody believes me.|]",
];

#[rustfmt::skip]
const WORKED: &[&str] = &[
    "I [made|finished|got done with] {piece} {at}[ {today}|]. {praise}",
    "I've been {at} [all {part}|for hours|since I can remember]. {moment}",
    "There's [another batch of|a fresh lot of|more] {goods} {at}. [Come by.|Tell people.|I'll swap for {wish}.]",
    "{moment} [But {piece} came of it.|In the end there was {piece} to show for it.]",
    "{flaw} [The rest is fine.|I'm rather fond of it.|]",
    "[I nearly threw my {tool} at the wall, and then {piece} was done.|I looked up and {piece} was finished.|It took all my patience, but there it is: {piece}.]",
];

#[rustfmt::skip]
const TRADED: &[&str] = &[
    "I [swapped|traded|let go of] {gave} for {got} with {who}. [We both think we won.|No regrets.|Fair's fair.|We shook hands on it twice.]",
    "{^who} had {got}, I had {gave}. [One word led to another.|Now it's the other way round.|We looked at each other and nodded.]",
    "[Look what I've got|You'll like this|I've done well]: {got}, from {who}. {praise}",
    "[I miss {gave} a little|I'd got fond of {gave}], but {got} is [better company|what I needed|just right].",
];

#[rustfmt::skip]
const RECEIVED: &[&str] = &[
    "{^who} gave me {piece}. [Just like that.|And wouldn't hear a word of thanks.|I'd done nothing to deserve it.|I nearly cried, don't tell.]",
    "[Guess what I was given|You'll never believe it|I'm still smiling]: {piece}, from {who}. {praise}",
    "I [owe {who} something|must think of something for {who}|keep looking at it]: {piece}, [out of the blue|for no reason at all|without a ribbon but with a grin].",
];

#[rustfmt::skip]
const READ: &[&str] = &[
    "[There's a note on the board|Somebody's written a note|I read a note], {title}. [It made me laugh.|I've been arguing with it all {part}.|I half agree.|You should read it.]",
    "[Have a look at|Go and read|Don't miss] {title}, [it's on the board|up on the board, on the left|if it's still pinned up]. [Somebody's got a pen and isn't afraid to use it.|I'd have said the same, but shorter.|]",
    "I [nearly answered|wanted to answer|should answer] that note, {title}. [Then I'd no pencil.|But what does one say.|I'm still choosing my words.]",
];

#[rustfmt::skip]
const ANSWERED: &[&str] = &[
    "{^who} answered my note. [And I can't even be cross about it.|With a good point, I'm sorry to say.|I've read it four times.|In full sentences!]",
    "[Somebody does read the board|You write something and somebody answers]: {who}, on {title}. [I was quite moved.|Now I must think of something clever.|]",
    "{^who} and I are [having a conversation in pins|writing to each other on the board|at it again, on the board]. It's about {title}.",
];

#[rustfmt::skip]
const CLOSED: &[&str] = &[
    "I stood before a closed door. {^spot}, [shut|locked|dark]. [I knocked, in case.|I read the sign, and there wasn't one.|All that way.]",
    "{^spot} was closed[ when I came| just when I'd got there|]. [I could've eaten the handle.|I took it personally.|The cat on the step shrugged.]",
    "[Does anybody know the hours?|They might put up a sign.|I should've asked first.] I went all the way and {spot} was closed.",
    "Closed! {^spot}, of all places. [I told the door what I thought.|So I went for a walk instead.|Now I've {few} hours and nothing to put in them.]",
];

#[rustfmt::skip]
const REWARDED: &[&str] = &[
    "I was given {amount}: {reason}. [I went red to the ears.|Me, of all people.|I'd have done it for nothing, but I won't say no.]",
    "[Somebody noticed.|One does one's bit, and then this.] {^amount}, for {reason}. [I'm buying {drink}.|I keep patting my pocket.|]",
];

#[rustfmt::skip]
const PENALISED: &[&str] = &[
    "They've fined me {amount}: {reason}. [I've got things to say about that.|I'll survive.|Fair's fair, I suppose.]",
    "{^amount} gone. {^reason}, [they say|it says on the slip|if you please]. [I shall be very good for a week.|I dispute the comma.|]",
];

#[rustfmt::skip]
const RESTED: &[&str] = &[
    "I sat {at} [for an hour|for a good while|until I'd forgotten why]. {view}",
    "{view} That was {at}. [I'd only meant to sit a minute.|I stayed until my leg fell asleep.|Go and look.]",
    "[You should sit down|There's nothing like sitting|I recommend doing nothing] {at}. [Nobody wants anything from you there.|I found half a poem.|I came away a different person, slightly.]",
    "I found {trinket} {at}. [I've left it where it was.|Somebody must be looking for it.|It's in my pocket, ask around.]",
];

#[rustfmt::skip]
const FOLLOWED: &[&str] = &[
    "{^who} [reads everything I write|has started to follow my notes|says they look out for my notes]. [Now I'll have to write well.|I've checked my spelling twice today.|Fame, at last.]",
    "I've got a reader: {who}. [One is plenty.|I'm nervous.|It changes a person.]",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("news", NEWS),
    ("talked", TALKED),
    ("ate", ATE),
    ("slept", SLEPT),
    ("worked", WORKED),
    ("traded", TRADED),
    ("received", RECEIVED),
    ("read", READ),
    ("answered", ANSWERED),
    ("closed", CLOSED),
    ("rewarded", REWARDED),
    ("penalised", PENALISED),
    ("rested", RESTED),
    ("followed", FOLLOWED),
];
