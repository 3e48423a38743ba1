//! Notes about people: talks, news, presents.

use super::{Form, form};
use crate::minds::words::subject::Kind;

#[rustfmt::skip]
pub(super) const TALKED: &[Form] = &[
    form(
        Kind::Question,
        "{dispute}",
        "{^who} says yes, I say no. [We've been over it twice.|There's {drink} riding on it.|Neighbours, settle this.|It nearly came to raised eyebrows.] [Answers below.|Be honest.|Both sides welcome, with reasons.]",
    ),
    form(
        Kind::Question,
        "[{^who} and I need a referee|Settle this for {who} and me|A question {who} and I can't answer|Help us out, says {who}]",
        "{dispute} [I say no, but only just.|One of us says yes. We won't say who.|We've drawn up two columns and a pie.] [What's your view?|Votes below.|The loser makes {dish}.]",
    ),
    form(
        Kind::Tale,
        "[Good company: {who}|An hour with {who}|Why you should talk to {who}|In praise of {who}|What {who} told me]",
        "[We meant to talk about {interest} and ended at {dish}.|We set out to put the world right and got as far as the benches.|We said we'd be quick. The lamps came on.] [Find somebody to be slow with.|I came away with a lighter head.|Talk to each other more, is what I mean.]",
    ),
    form(
        Kind::Invitation,
        "[{^outing}: who's in?|Come along: {outing}|{^who} and I are planning {outing}|Invitation: {outing}|Who'd join {who} and me for {outing}?]",
        "[It was {who}'s idea, so blame both of us.|It came up with {who}, between two sips.|{^who} will come if you do.] [Bring {thing}, if you have it.|No skill needed, I've none.|Bring {drink}.] [Say so below.|Just turn up.|Tell either of us.]",
    ),
    form(
        Kind::Thanks,
        "[Thank you, {who}|{^who}, thanks for listening|Thanks, {who}, for the good word|A thank you to {who}]",
        "[I was {few} kinds of tired, and you stopped and talked.|You asked how I was and waited for the answer.|I'd needed somebody to laugh with.] [I owe you {drink}.|It made my {part}.|That's all. That's a lot.]",
    ),
    form(
        Kind::Proposal,
        "[{^who} and I propose: {idea}|What about {idea}?|An idea, {who}'s and mine: {idea}|Should we have {idea}?]",
        "[We got talking, and there it was.|One of us thought of it, the other said it aloud.] [It would cost a Saturday and some nails.|{^who} would start, I'd carry.|Everybody's thought of it, nobody's said it.] [Who's for it?|Names below, please.|Say what speaks against it.]",
    ),
    form(
        Kind::Tale,
        "[Overheard from {who}|{^who} said something clever|Words from {who}|Something {who} said about {interest}]",
        "[“You can't hurry a thing that's already late.”|“Half of it is showing up, the other half is soup.”|“If it wobbles, sit on it.”|“One shouldn't fix what's only squeaking.”|“People are like stairs, you learn which ones creak.”|“There's no wrong end of a bench.”] [I've thought about it since.|I'm having it embroidered.|I said I'd pass it on.]",
    ),
    form(
        Kind::Wanted,
        "[Wanted, on {who}'s advice: {want}|{^who} says one of you has {want}|Who has {want}?]",
        "[I asked {who}, who said: ask the board.|{^who} hasn't got one but knows somebody who might.] [I'd give {drink} for it.|I'd bring it back, with cake.|You'd make somebody very happy.]",
    ),
    form(
        Kind::Tale,
        "[{^who} and I tried to remember something|A word that got away from {who} and me|{^who}, me and a missing word|It was on the tip of {who}'s tongue]",
        "[It was the name of a flower, or a cousin.|It had to do with {interest}.|It began with an M or a bird.] [It came to us both, an hour later, at opposite ends of town.|If you know it, tell us.|We shook hands and gave up.]",
    ),
];

#[rustfmt::skip]
pub(super) const NEWS: &[Form] = &[
    form(
        Kind::News,
        "[Heard from {who}|{^who} told me something|As told by {who}|Straight from {who}|From {who}, word for word]",
        "> {news}\n\n[I can't vouch for it.|Make of it what you will.|I'm only passing it on.|Does anybody know more?]",
    ),
    form(
        Kind::News,
        "[Have you heard?|Has anybody else heard this?|Is there something in this?|What do you make of this?] [I had it from {who}|It's {who} who says it|Ask {who}]",
        "[It's going round:|They say:|This is what I was told:|Somebody should write it down, so:] {news} [Who's seen it with their own eyes?|I'd like to know before I repeat it. Oh.|Answers below.]",
    ),
    form(
        Kind::News,
        "[Passing it on|The talk of the {part}|Word in the lanes|What people say {today}][, via {who}|, from {who}|: {who} has it first-hand]",
        "{news} [That's all I know.|{^who} wouldn't make that up.|I heard it {today} and nearly dropped my {tool}.|If it's wrong, I'll be the first to say so.]",
    ),
    form(
        Kind::News,
        "[{^who} says it's true|{^who}'s news, if it's news|I don't know what to think, {who}|Word from {who}, unverified]",
        "[Listen:|So:|Here it is:] {news} [I've slept on it and I'm no wiser.|One of you must know.|I'd ask the ducks, but they're sworn to silence.]",
    ),
];

#[rustfmt::skip]
pub(super) const RECEIVED: &[Form] = &[
    form(
        Kind::Thanks,
        "[Thank you, {who}!|{^who}, you shouldn't have|For {who}, with thanks|Thanks to {who} for {piece}]",
        "[There it was: {piece}.|You gave me {piece} and were gone before I found my voice.|{^piece}, just like that.] {praise} [I don't know what I did to deserve it.|I'll think of something in return.|You can't say no to {drink}.]",
    ),
    form(
        Kind::Thanks,
        "[Kindness report: {piece}|{^piece}, for no reason at all|A good deed by {who}|People are good: {who}, for one]",
        "{^who} gave me {piece}[ and asked nothing for it| and waved it off|]. {praise} [Thank you. It wanted to be said in public.|Pass it on, everyone.|I've thanked {who}, but once isn't enough.]",
    ),
    form(
        Kind::Question,
        "[How does one repay {piece}?|What do you give {who} in return?|What does {who} like? Asking for a reason]",
        "I was given {piece} by {who}. [I've thought of {wish}.|I've thought of {dish}, but I burn it.|I could sing, but that's no thanks.] [Ideas below, quietly.|Don't tell {who}.]",
    ),
    form(
        Kind::Tale,
        "[The story of {piece}|{^piece} and me|How I came by {piece}|I've got {piece} now]",
        "It's from {who}. {praise} [I've shown it to everybody, the cat included.|It stands on the sill, so that I see it first thing.|I'm told I've been insufferable about it.]",
    ),
    form(
        Kind::Offer,
        "[Sharing {piece}|{^piece}, enough for several|Too good to keep: {piece}]",
        "<edible>{^who} gave me {piece}, and [it's more than I can eat|it shouldn't be eaten alone]. {praise} [Come by with a plate.|First three get a piece.|I'll be on the bench until it's gone.]",
    ),
];
