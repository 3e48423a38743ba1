//! Notes about closed doors, rewards and fines.

use super::{Form, form};
use crate::minds::words::subject::Kind;

#[rustfmt::skip]
pub(super) const CLOSED: &[Form] = &[
    form(
        Kind::Closed,
        "[Closed: {spot}|{^spot} was closed {today}|I stood before a closed door, {at}|{^spot}, shut when I came|In vain: {spot} was closed]",
        "[I'd been looking forward to it all {part}.|I knocked, I waited, I read the grain of the wood.|I wasn't the only one, there was also a cat.] [A sign would help.|Would somebody write up the hours?|I ate an apple on the step and went home.]",
    ),
    form(
        Kind::Question,
        "[When does {spot} open?|Does anybody know the hours of {spot}?|What are the hours {at}?|Who has the key to {spot}?]",
        "[I found it closed {today} and I'd rather not guess again.|I go by my stomach, and it's often wrong.|It's always open when I don't need it.] [Please write it below, I'll copy it in large letters.|I'd put up a sign myself.|Thank you from my feet.]",
    ),
    form(
        Kind::Proposal,
        "[Could {spot} stay open a bit longer?|Proposal: a sign with hours {at}|Should {spot} keep longer hours?|An idea about {spot}]",
        "[I came too late, again, and so did {few} others.|Nobody's to blame, it just closes when I'm hungry.] [Even an hour would help.|I'd help with sweeping.|I'd paint the sign.] [Who's for it?|Or is it only me?]",
    ),
    form(
        Kind::Closed,
        "[The door of {spot} and I|Instead of {spot}|Things one can do when {spot} is closed|Locked out {at}, a report]",
        "{^spot} was shut. So:\n\n- [counted the nails (there are {few} loose ones)|read all the initials|listened to the river]\n- [met two others who'd had the same idea|told a joke to a sparrow|ate my emergency bun]\n- went home\n\n[Next time I'll ask first.|Not a bad evening, in fact.|Does anyone know the hours?]",
    ),
    form(
        Kind::Closed,
        "<grumpy>[Closed, naturally: {spot}|A word about {spot} and its hours|{^spot}: shut, as usual when I come]",
        "[I'm not saying anything.|In my day a door was a promise.|If one can't rely on {spot}, what's left.] [Put up a sign. Large letters. Thank you.|I shall come back tomorrow, and heaven help the handle.]",
    ),
    form(
        Kind::Closed,
        "<kind>[{^spot} is closed, is all well?|No light {at}, I hope nobody's ill|{^spot} was dark]",
        "[I only want to know that everybody's all right.|I came by and it was closed.] [I can {help}, if help's needed.|I've left a bun on the step, just in case.|Does anyone know more?]",
    ),
];

#[rustfmt::skip]
pub(super) const REWARDED: &[Form] = &[
    form(
        Kind::Reward,
        "[{^amount} for {reason}|{^amount}, for me?|Thank you for {amount}, whoever you are|To whoever sent {amount}|For {reason}: thank you|{^reason}, and the consequences]",
        "[It was for {reason}|{^reason}, it said]. [I went red and said something about nothing.|I'd have done it anyway, but I slept better.|I've told the cat.] [Thank you.|The next round is on me.|I'll try to deserve it by tomorrow.]",
    ),
    form(
        Kind::Reward,
        "[What does one do with {amount}?|{^amount}, and no plan|{^amount} or {drink}, that's the question|Shall I spend {amount} on {want}?|Rich: {amount}]",
        "I got it for {reason}. [I've a mind to put it towards {want}.|It'd buy {drink} for {few}.|The sensible thing would be new shoes.|{^idea} would cost more, I suppose.] [Advice?|Suggestions below, sensible ones last.]",
    ),
    form(
        Kind::Reward,
        "[For {reason}, they say|{^reason}: a good day for {me}|{^me} did something right, apparently|I've been thanked: {reason}]",
        "[{^amount}.|They gave me {amount}.|{^amount}, in a small envelope.] [I've looked at it from both sides.|I keep thinking they've got the wrong door.] [If you see somebody do a good thing, say so. It does wonders.|I'd like to share it in the form of {dish}.]",
    ),
];

#[rustfmt::skip]
pub(super) const PENALISED: &[Form] = &[
    form(
        Kind::Reward,
        "[Fined {amount}: {reason}|{^amount} poorer|About {reason}, and my fine of {amount}|I've been fined for {reason}, before you hear it elsewhere|A fine of {amount}]",
        "[Yes, it's true|It was for {reason}|I've paid]. [I've got two things to say to that, and I've said them to the duck.|Fair enough, I suppose.|I dispute the size, not the matter.] [It won't happen again.|Are we friends?|Let's never speak of it, starting now.|Anyone who wants to may buy me {drink}.]",
    ),
    form(
        Kind::Reward,
        "[Was that fair? {^amount}, gone|Is {amount} a lot for {reason}?|{^reason}: is that worth {amount}?|Who decides that {reason} costs {amount}?]",
        "They write {reason}. [I write: hm.|I remember it differently, but I would.|My side of it takes {few} minutes and {drink}.] [What would you have done?|Be honest, I can take it.]",
    ),
];
