//! Notes about work and trade.

use super::{Form, form};
use crate::minds::words::subject::Kind;

#[rustfmt::skip]
pub(super) const WORKED: &[Form] = &[
    form(
        Kind::Offer,
        "[Fresh {goods} {at}|{^goods}, fresh, {at}|New {at}: {goods}|Just finished: {piece}]",
        "[I've put a new lot out|There's more where that came from|First come, first served]. {praise} [I'd swap for {wish}.|Come and feel it before you ask the price.|If I'm not there, knock on the wood.|Bring something of yours.]",
    ),
    form(
        Kind::Offer,
        "[Would swap|To swap|Offering]: {piece}[, want {wish}| for {wish}|]",
        "[Made by hand|Made {today}|I made it myself], {at}. {praise} [I'm after {wish}, but tell me what you've got.|Open to offers, also odd ones.|I'm about until supper.]",
    ),
    form(
        Kind::Offer,
        "[{^goods}, seconds, going cheap|Slightly crooked {goods}|{^goods} with character|Not perfect, but yours: {goods}]",
        "{flaw} [For a smile or {wish}.|Going for next to nothing.|Free to whoever laughs first.] [Ask for {me} {at}.|You'll find me {at}.]",
    ),
    form(
        Kind::Tale,
        "[A day of {craft}|Notes from a day of {craft}|{^craft}, a report|What {craft} is really like|Overheard {at}, mostly by me]",
        "{moment} [Still, {piece} got done.|And yet: {piece}, finished.|Otherwise a good day.|I wouldn't change it for a desk.]",
    ),
    form(
        Kind::Tale,
        "[My {tool} and I|In praise of my {tool}|An apology to my {tool}|To whoever borrowed my {tool}|My {tool}, and what came of it: {piece}]",
        "[We made {piece} together {at}|Without it there'd be no {goods}|We've been through a lot], and [we're still speaking|neither of us complained|I've said thank you, out loud]. {moment}",
    ),
    form(
        Kind::Question,
        "[What should I make after {piece}?|{^piece}: more of those, or something new?|Who's got a use for {piece}?|More {goods}, or fewer?]",
        "I've [finished {piece}|made more {goods} than I've shelves|a free afternoon and my {tool}] {at}. [Tell me what's missing in your house.|Somebody must need something.|Ideas below, please, wild ones too.]",
    ),
    form(
        Kind::Wanted,
        "[Helping hand wanted {at}|Wanted {at}: a second pair of hands|Who has an hour to spare {at}?|Looking for somebody to hold the other end]",
        "[There's too much for one|It's a two-person job|My {tool} and I can't manage alone]. [I pay in {goods}.|There's {drink} and {piece} in it for you.|You'll learn something, possibly from my mistakes.]",
    ),
    form(
        Kind::Invitation,
        "[Come and watch how {goods} get made|Open door {at}|Come by {at}: {goods} in the making|{^goods}: I'm showing how it's done, {at}]",
        "[Anyone's welcome, big or small.|I don't mind being watched.|Bring a stool and your questions.] {moment} [Whoever stays to the end gets {piece}.|No charge, but mind the {tool}.]",
    ),
    form(
        Kind::Wanted,
        "[Wanted: {want}|Has anybody got {want}?|Looking for {want}]",
        "[I need it for {craft}|Don't ask what for|It's for a thing I'm trying out]. [I'd give {piece} for it.|Happy to pay in {goods}.|I'll bring it back, if it's that sort of thing.]",
    ),
    form(
        Kind::Proposal,
        "[Proposal: {idea}|An idea from the workbench: {idea}|What if we had {idea}?]",
        "[It came to me {at}, over {piece}|I thought of it while I was working {at}]. [I'd make the first part of it myself.|I'd give {piece} towards it.|All it takes is a Saturday and some nails.] [Who's for it?|Say yes below and I'll start measuring.]",
    ),
    form(
        Kind::Tale,
        "[Proud of this one|One to keep: {piece}|Finished at last: {piece}|It's done: {piece}]",
        "[After {few} tries|On the third attempt|It took me all {part}], {at}. {praise} [I nearly didn't want to give it away.|Come and look before somebody takes it.|I've been standing next to it, casually.]",
    ),
];

#[rustfmt::skip]
pub(super) const TRADED: &[Form] = &[
    form(
        Kind::Tale,
        "[Fair trade: {gave} for {got}|{^gave} for {got}, and both content|Swapped {today}: {gave} for {got}|Market report: {gave} became {got}]",
        "{^who} and I [shook hands on it|didn't even haggle|each think we won]. {praise} [That's how a market should be.|More of this, please.|If you've something to swap, talk to {who}.]",
    ),
    form(
        Kind::Thanks,
        "[Thank you, {who}, for the swap|{^who}: thanks for {got}|A good trade, thanks to {who}|{^who} trades fair, I'd like to say]",
        "I gave {gave} and came home with {got}. {praise} [I'd trade with {who} again any day.|I've put it where I can see it.|We should do this weekly.]",
    ),
    form(
        Kind::Question,
        "[{^gave} for {got}: fair or foolish?|What's {got} worth these days?|Did I overpay for {got}?]",
        "I [gave {gave}|parted with {gave}] for {got}, [from {who}|and {who} was smiling a lot]. [I'm happy either way, but curious.|Before you answer: {praise}|My aunt would've got two.]",
    ),
    form(
        Kind::Offer,
        "[Next swap: {got}, for {wish}|Still trading: {got}|Who wants {got}, nearly unused?]",
        "I got it from {who} for {gave}. {praise} [But what I really need is {wish}.|I'd let it go for {wish}.|I've only the two hands.] [Find me at the market.|Say below what you'd give.]",
    ),
    form(
        Kind::Tale,
        "[How {gave} became {got}|The art of the swap: {gave}, {got}|A small victory: {got}|{^got}, and how I came by it]",
        "[Never look at the thing you want|Smile first, talk second|Ask about the family before the price]. [That's how I got {got}.|{^who} knows it too, so it took a while.] {praise}",
    ),
    form(
        Kind::Proposal,
        "[Could we chalk up what {got} goes for?|Idea: a slate with the day's swaps, {gave} and all|Proposal: write up what {got} is worth|Proposal: a slate for bargains, thanks to {who}]",
        "{^who} and I traded {gave} for {got}, and [neither of us knew if that's usual|we both guessed]. [A slate by the fountain would do.|I'd bring the chalk.] [Who's for it?|Sensible, or too sensible?]",
    ),
    form(
        Kind::Invitation,
        "[Swap evening with {who} and me, anyone?|Bring what you've too much of, I've {wish}|Come and trade: {got} and other leftovers]",
        "It went so well with {who} ({gave} for {got}) that [I'd like to do it with a whole table|it shouldn't stay between two people]. [Bring one thing and a story about it.|Come to the market tomorrow, late.|I'll bring {drink}.]",
    ),
];
