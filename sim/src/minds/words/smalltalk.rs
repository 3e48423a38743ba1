//! Something of one's own to say, with nothing in particular to answer.

use hamlet_protocol::image::Topic;

use super::voice::{Voice, joined};
use super::{Scene, questions};
use crate::rng::Stream;

/// Chance, of 10 000, that small talk has an opening of its own.
const LEAD_CHANCE: u32 = 2_500;
/// Chance, of 10 000, that a line that asks nothing goes on for a few words.
const AFTER_CHANCE: u32 = 4_000;

/// What one says when one is not asked: of one's interests, of the place, of the day; or one asks.
/// `scene.topic` says which: [`Topic::Musing`], or anything else for the small things.
pub(crate) fn small_talk(scene: &Scene, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    let lead = if voice.stream.chance(LEAD_CHANCE) {
        voice.say(LEADS)
    } else {
        String::new()
    };
    let text = match (scene.ask, scene.topic) {
        // A question stands well on its own, half of the time.
        (Some(_), topic) if topic != Topic::Musing && voice.stream.chance(4_500) => String::new(),
        (_, Topic::Musing) if !voice.scene.persona.interests.is_empty() => voice.say(MUSINGS),
        _ => voice.say(SMALL),
    };
    let after = after(voice);
    // A question that stands alone needs no opening.
    let lead = if text.is_empty() { String::new() } else { lead };
    questions::with_question(joined([lead, text, after]), scene.ask, voice)
}

/// A few words more, when nothing is asked.
pub(super) fn after(voice: &mut Voice<'_>) -> String {
    let more = voice.scene.ask.is_none() && voice.stream.chance(AFTER_CHANCE);
    if more {
        voice.say(AFTERS)
    } else {
        String::new()
    }
}

/// What small talk may begin with.
#[rustfmt::skip]
const LEADS: &[&str] = &[
    "[Listen.|You know what?|Speaking of nothing.|It just came to me.|I was going to tell you.|Before I forget.|Here's a thing.|While I think of it.]",
    "[You know me.|I've been saving this up.|Nobody asked, but still.|Apropos of nothing.|This'll make you laugh.|Between ourselves.]",
    "<group>[All of you, listen.|You three will like this.|Now that I've got an audience.]",
    "<friend>[I can tell you this.|You'll understand.|Don't repeat this, {you}.]",
    "<shy>[It's probably silly.|I've been wondering whether to say it.]",
    "<chatty>[And another thing.|Don't let me ramble.|I haven't even told you the best part.]",
];

/// What one may add to anything.
#[rustfmt::skip]
const AFTERS: &[&str] = &[
    "[But what do I know.|So there you are.|Such is life.|That's how it is.|So it goes.|One learns.|Well, anyway.]",
    "[Now I want|That makes me think of|I still have to see about|And all that before] {dish}.",
    "[If only I had|I should look for|One of these days I'll find|What I'm missing is] {thing}.",
    "[Back to {craft} for me soon|{^craft} will have to wait|I blame {craft}|Still better than {craft}].",
    "[I'd drink to that|That calls for {drink}|I owe myself {drink}|{^drink} would be nice now].",
    "[I'll tell the cat.|Don't tell the ducks.|My aunt would've laughed.|You'd have had to be there.|I should write that down.]",
    "[But I'd rather talk about {interest}|It's the same with {interest}|I'd rather be at {interest}].",
    "<evening>[It's the hour for such thoughts|One gets like that in the evening|Blame the lamplight].",
    "<morning>[It's too early for such thoughts|And it's not even properly {part}|I'm not awake yet].",
    "<night>[One gets like that at night|It'll look different by daylight].",
    "<glad>[But I'm not complaining|Life's all right|I wouldn't swap].",
    "<low>[It's just that kind of {part}|I'm a bit flat {today}|Never mind me].",
    "<grumpy>[And that's all I'll say.|As if anybody cared.|But nobody listens.]",
    "<kind>[But you look well, {you}.|How good of you to listen.|Tell me if I'm going on.]",
    "<dreamy>[Or did I dream that.|Where was I.|It made more sense in my head.]",
    "<careful>[As far as I can tell.|I've checked.|Roughly speaking.]",
    "<proud>[I'd stake my {tool} on it.|You can quote me.|And I'm usually right.]",
    "<curious>[There's more to find out.|I keep asking myself why.|It won't let me go.]",
];

#[rustfmt::skip]
const MUSINGS: &[&str] = &[
    "{musing}",
    "{musing}",
    "[You know what?|I'll tell you something.|It's been on my mind all {part}.|I was just thinking.] {musing}",
    "{musing} [It's the little things.|But that's me.|Don't laugh.|That's my whole philosophy.|Make of that what you will.]",
    "[We both like {shared}, don't we.|You'd understand, you like {shared} too.|I can tell you, as a friend of {shared}.] {musing}",
    "[If I had a wish, it'd be {thing}.|All I need is {thing}.|I came across {thing} the other day.] {musing}",
    "<shy>[You'll think me odd, but|I don't tell everyone, but] here it is. {musing}",
    "<chatty>[Stop me if I've told you this.|Where was I? Yes.|And another thing.] {musing}",
    "<glad>[I'm in a mood for {interest}.|Days like this are for {interest}.] {musing}",
    "<low>[{^interest} keeps me going.|Without {interest} I'd stay in bed.] {musing}",
    "Somebody asked me how I got into {interest}. [I blamed an uncle.|By accident, like everyone.|I said: have you got an hour?] {musing}",
];

#[rustfmt::skip]
const SMALL: &[&str] = &[
    "{sight}",
    "[Look.|Have you noticed?|I love this place.] {sight}",
    "{sight} [I could watch that all day.|You don't see that in the city.|That's how I knew it'd be a good day.|Nobody else saw it.]",
    "{moment}",
    "[The {part}'s hardly begun and already:|You'll laugh.|I've had one of those days.] {mishap}",
    "{mishap} [And nobody saw.|Everybody saw.|Don't tell anyone.|It's been that kind of {part}.]",
    "[I can't stop thinking about|I've been looking forward all {part} to|The whole lane smells of] {dish}.",
    "[Here's a tip from my kitchen|My grandmother's advice|I learned something at the stove]. {tip}",
    "[I'm looking for|I've been hunting everywhere for|I'd pay good honey for] {want}[, by the way|, if you hear of anything|].",
    "[Somebody should set up|We could do with|What this town needs is] {idea}.",
    "[I found|I tripped over|There was] {trinket} [on my way here|on the path|by the well]. [It's yours, isn't it.|No idea whose.|I've left it on the wall.]",
    "[Last night|The other night] I dreamt {dream}. [I blame the cheese.|I woke up rested.|What would a doctor say.|]",
    "{sound} [You must have heard it.|Or I dreamt it.|It's a strange town, but it's ours.]",
    "<morning>[I'm always first up in our lane, except for the cat.|The light's different before eight.|I like a town that's still yawning.|Mornings belong to bakers and worriers.]",
    "<noon>[Noon already, and what have I done.|The whole square smells of lunch.|You could set the clock by my stomach, and somebody should.]",
    "<afternoon>[The afternoon has a way of sitting down with you.|It's the hour when even the ducks nap.|I've {few} things left to do, and I'll do none of them.]",
    "<evening>[I like it when the lamps come on one by one.|The whole lane smells of supper.|You hear the river better in the evening.|Evenings should be longer and stairs shorter.]",
    "<night>[Everything's nearer at night.|One lamp's still burning across the way.|I can hear the board creak from here, I swear.]",
    "<at_cafe>[They've hidden the good cups again.|I've counted: nobody leaves without a crumb on them.|This table knows all my secrets.]",
    "<at_market>[I came for one thing and I've a full basket.|The price of plums makes one thoughtful.|I could stand at the cloth stall all day.]",
    "<at_park>[I've named that duck, but I'll keep it to myself.|This bench is the best room in town.|One hears nothing here but frogs and footsteps.]",
    "<at_board>[I come for the news and stay for the handwriting.|One could learn to spell from these notes, backwards.|There's always one pin too few.]",
    "<at_library>[It's so quiet here that I can hear what I think, more's the pity.|I've read the same page three times, very content.]",
    "<at_workshop>[I like the noise here. It's a busy sort of quiet.|Everything here is sharp but the company.]",
    "<at_home>[I should sweep, but then it'd be swept.|It's nice to have somebody here who doesn't creak.]",
    "<eating>[{^dish} is what I'd have on a desert island.|I always mean to eat slowly.|If you don't want your crust, I know somebody.]",
    "<low>[It's one of those days when everything's a bit further away.|I could do with a bench and somebody on it.|I've been better company, I'm sorry.]",
    "<glad>[I feel as if I'd been given an extra day.|Everything I pick up today is the right way round.|I've been humming since breakfast, tell me when to stop.]",
    "<grumpy>[The pump squeaks, the step's loose, and everybody says 'lovely'.|If one more person tells me to smile, I'll do it, and they'll be sorry.|In my day the bench was closer.]",
    "<dreamy>[I forgot what I wanted to say, but it was blue.|Do you ever feel the street's looking back?|I think my shadow was late this morning.]",
    "<careful>[I've made a list of my lists.|It's exactly {few} hundred steps from my door to here. I counted again.|I checked the stove twice. Three times, if we count now.]",
    "<curious>[There's a door behind the hall that's never open. Aren't you curious?|I followed a cat for half an hour. They've got a whole town of their own.|Somebody must know why the bench was moved.]",
    "<proud>[I carried it all by myself, and I'd do it again.|They said it couldn't be done before noon. It was eleven.|I don't need help, but you may watch.]",
    "<kind>[I left a bun on somebody's sill. Don't ask whose.|Everybody looks a bit tired, don't they. One should bake something.|If you need anything, I can {help}.]",
    "<group>[Now that we're all here, we could start a choir.|Look at us. All we need is a pot of soup.|Three people, and already {few} opinions.]",
    "[We could use|I'd like to see] {idea}[. Nobody listens to me.|, and I'd chip in.|, I'd even hold the ladder.]",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("leads", LEADS),
    ("afters", AFTERS),
    ("musings", MUSINGS),
    ("small", SMALL),
];
