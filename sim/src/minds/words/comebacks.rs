//! What goes back and forth under a note: its writer answers those who answered, somebody who is named speaks up,
//! newcomers say hello.

use super::voice::{Voice, joined};
use super::{Scene, TEXT_CHARS_MAX, TITLE_CHARS_MAX, shortened};
use crate::rng::Stream;

/// Chance, of 10 000, that a second sentence follows.
const SECOND_CHANCE: u32 = 3_000;

/// What a comment seems to want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// It offers help, or its company.
    Offers,
    Asks,
    Thanks,
    Doubts,
    Praises,
    Nothing,
}

impl Wish {
    fn of(comment: &str) -> Self {
        let lower = comment.to_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if any(DOUBTS) || lower.starts_with("no.") || lower.starts_with("no,") {
            Self::Doubts
        } else if any(OFFERS) {
            Self::Offers
        } else if lower.contains('?') {
            Self::Asks
        } else if lower.contains("thank") {
            Self::Thanks
        } else if any(PRAISES) {
            Self::Praises
        } else {
            Self::Nothing
        }
    }
}

#[rustfmt::skip]
const DOUBTS: &[&str] = &["not so sure", "i'd rather not", "with respect", "disagree", "a firm no", "no, and i'll", "i see it differently", "wouldn't go that far", "we've managed without", "never. "];
#[rustfmt::skip]
const OFFERS: &[&str] = &["i can ", "i could ", "i'll bring", "i'm in", "count me in", "i'd chip in", "put my name", "i'd help", "i'll take one", "put one by", "save me one", "i'll be there", "coming by", "i might have one", "i'll ask around", "leave it with me", "hands up from me", "i'd swap you", "i'll build it", "i'm coming"];
#[rustfmt::skip]
const PRAISES: &[&str] = &["lovely", "smile", "laughed", "well put", "well said", "i like this", "liked this", "made my", "bravo", "brilliant", "well written", "beats ", "nice to read", "you've got a gift", "framing this"];

/// The writer of a note answers a comment on it. `scene.lines` is how deep the exchange has gone.
pub(crate) fn answer_as_author(scene: &Scene, stream: &mut Stream) -> String {
    let wish = Wish::of(scene.comment.as_deref().unwrap_or_default());
    let voice = &mut Voice::new(scene, None, stream);
    let first = if scene.lines >= 3 && voice.stream.chance(6_000) {
        voice.say(LAST_WORDS)
    } else {
        voice.say(match wish {
            Wish::Offers => TO_OFFER,
            Wish::Asks => TO_ASKED,
            Wish::Thanks => TO_THANKED,
            Wish::Doubts => TO_DOUBTER,
            Wish::Praises => TO_PRAISE,
            Wish::Nothing => TO_ANYBODY,
        })
    };
    let second = if voice.stream.chance(SECOND_CHANCE) {
        voice.say(SECONDS)
    } else {
        String::new()
    };
    shortened(&joined([first, second]), TEXT_CHARS_MAX)
}

/// Somebody answers a note that names them.
pub(crate) fn answer_as_named(scene: &Scene, title: &str, stream: &mut Stream) -> String {
    let lower = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let table = if has(&[
        "thank",
        "good point",
        "hello",
        "a nod to",
        "is right",
        "think again",
    ]) {
        NAMED_KINDLY
    } else if lower.contains('?') || has(&["settle", "against me"]) {
        NAMED_IN_A_QUESTION
    } else {
        NAMED
    };
    let voice = &mut Voice::new(scene, None, stream);
    shortened(&voice.say(table), TEXT_CHARS_MAX)
}

/// Somebody greets a newcomer who has said hello.
pub(crate) fn welcome(scene: &Scene, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    let first = voice.say(WELCOMES);
    let second = if voice.stream.chance(SECOND_CHANCE) {
        voice.say(WELCOME_ENDS)
    } else {
        String::new()
    };
    shortened(&joined([first, second]), TEXT_CHARS_MAX)
}

/// Title and text of a newcomer's first note.
pub(crate) fn introduction(scene: &Scene, stream: &mut Stream) -> (String, String) {
    let voice = &mut Voice::new(scene, None, stream);
    let title = voice.say(HELLO_TITLES);
    let text = joined([
        voice.say(HELLO_WHO),
        voice.say(HELLO_WHAT),
        voice.say(HELLO_ENDS),
    ]);
    (
        shortened(&title, TITLE_CHARS_MAX),
        shortened(&text, TEXT_CHARS_MAX),
    )
}

#[rustfmt::skip]
const TO_OFFER: &[&str] = &[
    "[Done|Agreed|That's settled, then|You're on], {you}. [After supper, at mine?|Tomorrow before work?|I'll hold you to it.|I'll have {drink} ready.|There'll be {dish} in it for you.]",
    "[I was hoping somebody would say that|That's the best answer so far|You're the first, {you}|I knew one could count on you, {you}]. [Knock when you come by.|I'll be at the café until late.|Bring nothing but yourself.|We'll make an evening of it.|]",
    "[Thank you, {you}|Bless you, {you}|You're a good neighbour, {you}]. [I'd not have dared to ask.|I'll tell you how it went.|I owe you one.|Next time it's my turn.]",
    "[That makes two of us|With you that makes {few} of us|Good, then we're enough], {you}. [Who else?|I'll bring the {tool9}.|We start when you're there.|]",
    "<working>[In return I could {help}, {you}.|Then you'll have a day of {craft} from me, {you}.]",
    "<shy>[Really? Thank you, {you}|Oh, that's kind, {you}|I didn't think anybody would answer. Thank you, {you}].",
    "<grumpy>[All right, {you}, but be on time|If you must, {you}. Wipe your feet|Fine, {you}. Don't tell the others].",
    "<dry>[I've noted it in ink, {you}|There are witnesses, {you}|The ducks heard you, {you}].",
    "<cheery>[Hooray, {you}|That's the spirit, {you}|Look at us, {you}]! [This is going to be good.|I can't wait.]",
    "<careful>[Nine o'clock sharp, {you}|I've put you down in pencil, {you}|Then I need {few} more, {you}. I'm keeping a list].",
];

#[rustfmt::skip]
const TO_ASKED: &[&str] = &[
    "[Since you ask, {you}|It's like this, {you}|Short answer, {you}]: [yes|no|it depends|more or less|only when it rains]. [The long answer takes {drink}.|I'd have put it in the note, but there was no room.|]",
    "[I wish I knew, {you}|That's just what I can't work out, {you}|I've asked myself that all {part}, {you}]. [Any ideas?|You'll be the first to hear.|I'm still thinking.]",
    "[Come and see, {you}|Ask me at the café, {you}|Walk round with me and I'll show you, {you}]. [It's easier than writing.|It won't take long.|]",
    "[Fair question, {you}|You would ask that, {you}|I left that out on purpose, {you}]. [It involves {dish}.|It began with {trinket}.|I'm not proud of it.]",
    "<working>[As {a_job} I'd say yes, {you}.|Anybody at {craft} could tell you, {you}: it takes patience.]",
    "<grumpy>[Read it again, {you}|If I knew that I wouldn't have written, {you}].",
    "<dry>[My lawyer advises me not to say, {you}|That's in volume two, {you}].",
    "<careful>[I measured: {few} of them, {you}|Twice, and once to be sure, {you}].",
    "<curious>[And what do you think, {you}|What made you think of that, {you}]?",
];

#[rustfmt::skip]
const TO_THANKED: &[&str] = &[
    "[You're welcome|Don't mention it|Any time], {you}. [It was written for people like you.|You'd do the same.|]",
    "[It's I who should thank you, {you}|That's kind of you, {you}|Now I'm glad I put it up, {you}].",
    "<shy>[Oh. Thank you for reading, {you}].",
    "<dry>[I accept thanks in the form of {dish}, {you}].",
];

#[rustfmt::skip]
const TO_DOUBTER: &[&str] = &[
    "[Then we differ, {you}|Fair enough, {you}|I thought you'd say that, {you}]. [I still say I'm right.|Tell me why, over {drink}.|It wouldn't be a town if we all agreed.|Change my mind, I'm at the café.]",
    "[You've got a point, {you}|I hadn't thought of that, {you}|Now you've got me doubting, {you}]. [I'll sleep on it.|Perhaps a smaller one, then.|I take half of it back.|]",
    "[What would you do instead, {you}|And how would you do it, {you}|What would it take to bring you round, {you}]?",
    "<grumpy>[I didn't ask for a no, {you}|There's always one, {you}].",
    "<dry>[Recorded: one against, {you}|The motion stands, {you}, on three legs].",
    "<kind>[No hard feelings, {you}|I'm glad you say it openly, {you}]. [We'll find a way.|]",
    "<proud>[You'll see, {you}|Wait until it's done, {you}, then say that again].",
    "<cheery>[Oh, come on, {you}|You'll come round, {you}]! [They always do.|There'll be {dish}.|]",
];

#[rustfmt::skip]
const TO_PRAISE: &[&str] = &[
    "[That's good to hear, {you}|Now you've made my {part}, {you}|I nearly didn't put it up, {you}]. [There'll be more.|I'll write another.|You're to blame for the next one.]",
    "[It took me all {part} to find the words, {you}|I wrote it {few} times, {you}|I only wrote down what happened, {you}]. [So thank you.|The first try was worse.|]",
    "[You're too kind, {you}|Stop it, {you}|Say that again at the café, {you}, loudly].",
    "[Write one yourself, {you}|Your turn now, {you}|I'd like to read something of yours, {you}]. [I mean it.|The board has room.|]",
    "<shy>[I didn't think anybody would read it, {you}|You're making me blush, {you}].",
    "<grumpy>[Well. Thanks, {you}|Hm. I'll allow that, {you}].",
    "<dry>[I'll have that carved over my door, {you}|Signed copies from noon, {you}].",
    "<proud>[I thought it was rather good myself, {you}|You've got taste, {you}].",
];

#[rustfmt::skip]
const TO_ANYBODY: &[&str] = &[
    "[That's how it is, {you}|You've understood me, {you}|I see you know what I mean, {you}]. [I thought I was the only one.|We should start a club.|One doesn't like to say it aloud.|The others will come round.|]",
    "[You know how it goes, {you}|One gets used to it, {you}|It's the little things, {you}]. [Yesterday it was {trinket}.|Tomorrow it'll be something else.|One could write a book about it.]",
    "[I read yours to {few} people, {you}|The whole table nodded at that, {you}|I was just telling somebody about you, {you}]. [They send greetings.|You're famous at the café.|]",
    "[With me it always comes back to {interest}, {you}|Now you've got me on {interest}, {you}|That takes me back to {interest}, {you}]. {musing}",
    "[I hadn't looked at it that way, {you}|Trust you to see that, {you}|Now that you say it, {you}]. [I'll remember it.|That's worth a note of its own.|You should write that up.]",
    "[Good that you answered, {you}|I was curious what you'd say, {you}|I was waiting for you to turn up, {you}]. [Let's go on about it over {drink}.|And the others?|]",
    "[We should talk, {you}|Come by, {you}|Find me at the market, {you}]. [There's {drink}.|I've more to say than fits here.|I want to hear the rest.]",
    "[It doesn't end there, {you}|You haven't heard the half of it, {you}|That was the short version, {you}]. {mishap}",
    "<curious>[Did the same happen to you, {you}|Where did you hear that, {you}|Since when, {you}]?",
    "<grumpy>[If you say so, {you}|That wasn't the point, {you}, but all right].",
    "<dry>[I'll put it in the minutes, {you}|The ducks second that, {you}].",
    "<fond>[I can hear you saying it, {you}|You again, {you}. Good].",
    "<chatty>[And that's not all, {you}|Wait until you hear the rest, {you}]. [I'll come by.|I'll tell you over {drink}.]",
    "<working>[You see that kind of thing at {craft}, {you}.|My {tool} and I have been saying so, {you}.]",
];

/// When two have said enough.
#[rustfmt::skip]
const LAST_WORDS: &[&str] = &[
    "[We're filling the board, {you}|Somebody will want this space, {you}|My pencil's down to a stub, {you}]. [The rest at the café.|To be continued over {drink}.|You have the last word.]",
    "[Agreed, then, {you}|So we're of one mind, {you}|I knew we'd get there, {you}]. [Who'd have thought.|]",
    "[I give in, {you}|You win, {you}|All right, {you}]. [The point is yours.|{^drink} is on me.|]",
    "[We could go on like this until spring, {you}|They're starting to read over my shoulder, {you}]. [Shall we sit down somewhere?|]",
];

#[rustfmt::skip]
const SECONDS: &[&str] = &[
    "[I'll report back|I'll let you all know|More soon].",
    "[Anybody else|And the rest of you|What do the others think]?",
    "<evening>[Good night, all|See you in the morning].",
    "<morning>[And a good morning|Now, breakfast].",
    "<glad>[What a {part}|I like this town].",
    "<kind>[Look after yourself|Greetings at home].",
    "<working>[Back to {craft} now|{^craft} calls].",
];

#[rustfmt::skip]
const NAMED_KINDLY: &[&str] = &[
    "[It was nothing, {you}|You'd have done the same, {you}|Not at all, {you}|Happy to, {you}]. [But it's nice to read.|Now everybody will want it.|I only did what one does.|]",
    "[I saw my name and got a fright, {you}|I thought I was in trouble, {you}|My ears were burning, {you}]. [It's kind of you.|Now I'm relieved.|Thank you.]",
    "[I enjoyed it, too, {you}|The pleasure was mine, {you}|It did me good as well, {you}]. [Let's do it again.|Next time {drink}'s on me.|]",
    "[Put it on record, everybody|I'm cutting this out|I'll show this to my mother]. [Thank you, {you}.|{you}, you're a friend.]",
    "<shy>[You needn't have written that, {you}|I don't know what to say, {you}]. [Thank you.|]",
    "<grumpy>[Now look, {you}, everyone's staring|Yes, well, {you}]. [Thanks, though.|]",
    "<dry>[I'll want that in writing, {you}. Ah|My fee is {dish}, {you}].",
    "<proud>[I said so from the start, {you}|One does what one can, {you}, and one can a lot].",
    "<cheery>[Hurrah for both of us, {you}|You're lovely, {you}]!",
];

#[rustfmt::skip]
const NAMED_IN_A_QUESTION: &[&str] = &[
    "[Since it's me you're asking, {you}|Speaking for myself, {you}|I'm the one who said it, {you}]: [I stand by every word|I say yes|I say no|I've changed my mind twice]. [Let the others judge.|Loser pays for {drink}.|And I've got witnesses.]",
    "[So you've taken it to the board, {you}|You couldn't let it go, {you}|Very well, {you}]. [May the better one win.|I'm not afraid of a vote.|I'll bring {dish} either way.]",
    "[That's not quite what I said, {you}|For the record, {you}|Let me put that right, {you}]: [I said it with a smile|I was speaking of {interest}|it was late and I was hungry].",
    "<grumpy>[I'm right, {you}. Next question|There's nothing to settle, {you}].",
    "<dry>[My side is represented by a duck, {you}|I'll accept the verdict if it's mine, {you}].",
    "<kind>[You may well be right, {you}|Whatever they say, we stay friends, {you}].",
];

#[rustfmt::skip]
const NAMED: &[&str] = &[
    "[That's me|I'm the one|You've got the right person], {you}. [I'd have told it differently.|I had no idea you'd write it up.|And I'd do it again.|It's all true.]",
    "[I did say that, {you}|I remember, {you}|You've a good memory, {you}]. [I still think so.|I was in good form.|It sounds better in writing.]",
    "[You've left out the best part, {you}|You were there, too, {you}|That's only half of it, {you}]. [Go on, tell them the rest.|I'll tell it at the café.|]",
    "<shy>[I hope that's all right with everyone, {you}|I didn't know you were listening, {you}].",
    "<grumpy>[One can't say a word in this town, {you}|Leave me out of it next time, {you}].",
    "<dry>[My agent will be in touch, {you}|I deny everything, {you}, but thanks].",
    "<cheery>[Ha, that's me, {you}|I'm famous, {you}]!",
    "<fond>[Only for you, {you}|You may quote me any time, {you}].",
];

#[rustfmt::skip]
const WELCOMES: &[&str] = &[
    "[Welcome, {you}|Good to have you here, {you}|Hello, {you}|Glad you wrote, {you}]. [We were short of {a_your_job}, whatever people say.|About time we had {a_your_job} on the board.|I've been meaning to ask somebody about {your_interest}.|You'll like it here.]",
    "[Welcome, {you}|Hello, {you}|So that's who you are, {you}]. [I'm {me}, {a_job}.|I'm {me}, from across the square.|{^me} here.] [If you need it, I can {help}.|Come by for {drink}.|You'll find me at {craft}, most days.|]",
    "[{^shared}, you too|Somebody else who likes {shared}, at last|{^shared} makes two of us], {you}. [{musing}|We must talk.|I'd nearly given up hope.]",
    "[{^your_interest}|Did you say {your_interest}], {you}? [Then you should meet {few} people I know.|I know nothing about it, so you'll have to tell me.|I'd like to see that.]",
    "[I've seen you about, {you}|We've met, {you}, over {dish}|You're the one with the good laugh, {you}]. [Now I've got a name for it.|Say hello next time.|I was too shy to ask.]",
    "{ask_interest} [I've always wondered, {you}.|Somebody told me you'd know, {you}.]",
    "{ask_job} [I've always wanted to ask one, {you}.|Welcome, {you}.]",
    "<kind>[How nice of you to say hello, {you}|Make yourself at home, {you}]. [There's {dish} at mine on Sundays.|If you're ever lonely, knock.|]",
    "<grumpy>[Another one, {you}|Hm. Hello, {you}]. [Keep to the left on the stairs.|Don't touch the third bench, it's mine.|]",
    "<dry>[Welcome, {you}. The ducks will want a word|Hello, {you}. It's quiet here, apart from everybody].",
    "<shy>[Hello, {you}|Welcome, {you}. I don't write much, but hello].",
    "<cheery>[Welcome, welcome, {you}|Hooray, somebody new, {you}]! [You must try {dish}.|]",
    "<curious>[What brings you here, {you}|Have you got a cat, {you}|Which way did you come, {you}]?",
    "<careful>[Welcome, {you}. The café opens at seven, the library a little later|Hello, {you}. I keep a list of neighbours, you're on it now].",
];

#[rustfmt::skip]
const WELCOME_ENDS: &[&str] = &[
    "[See you at the market|See you at the café|I'll look out for you].",
    "A tip to begin with: {tip}",
    "[Don't believe what they say about the pond|Mind the step by the hall|The best bench is the one in the shade].",
    "<evening>[Sleep well, your first night on the board|Good evening to you].",
    "<morning>[A good first morning to you|You've picked a fine morning for it].",
];

#[rustfmt::skip]
const HELLO_TITLES: &[&str] = &[
    "[Hello from {a_job}|{^me}, {a_job}, says hello|A new hand at {craft}: {me}|{^me} introduces {me}, briefly]",
    "[Hello, I'm {me}|{^me} here|Who I am: {me}|Good {part} from {me}][, fond of {interest}|, and I like {interest}|]",
    "[Looking for others who like {interest}|Anybody else here for {interest}?|{^interest}: I can't be the only one]",
    "<shy>[Hello, I suppose|Hello from the back row|A quiet hello, by {me}]",
    "<cheery>[Hello, town!|Hello, hello, it's {me}!]",
];

#[rustfmt::skip]
const HELLO_WHO: &[&str] = &[
    "[I'm {me}|They call me {me}|{^me}'s the name], [and I live by {craft}|{a_job} by trade|{a_job} on weekdays].",
    "[Some of you know me from {craft}|You'll have seen me with my {tool}|I'm the one with the {tool9}]. [The name's {me}.|I'm {me}.]",
    "[I'm {me}|The name's {me}]. [I'm better at listening than at writing.|I talk more than I should.|I've never done one of these.|I'm told I should say something here.]",
];

#[rustfmt::skip]
const HELLO_WHAT: &[&str] = &[
    "[What I like|What gets me up|Give me]: {interest}[, and {dish} afterwards|, {drink} and a chair|]. [{musing}|]",
    "[In my free hours it's {interest}|Off work I'm all {interest}|If you see me muttering, it's about {interest}]. [{musing}|]",
    "<working>[From work I bring you this|A thing from my trade]: {moment}",
    "[I can {help}, if anybody needs that|If you need it, I can {help}|Ask me and I'll {help}].",
];

#[rustfmt::skip]
const HELLO_ENDS: &[&str] = &[
    "[And you?|Who are you all?|Now you.|Who's in?]",
    "[Say hello when you see me.|I'm mostly at the café.|Find me at the board in the evenings.|I'd be glad of company.]",
    "[I'm looking for {want}, too.|If anybody shares {interest}: {drink} is on me.]",
    "<shy>[I don't bite.|You can just nod.]",
    "<dry>[I come with references from a duck.|I'm house-trained.]",
    "<careful>[Between seven and eight is best.|Please knock.]",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("to offer", TO_OFFER),
    ("to asked", TO_ASKED),
    ("to thanked", TO_THANKED),
    ("to doubter", TO_DOUBTER),
    ("to praise", TO_PRAISE),
    ("to anybody", TO_ANYBODY),
    ("last words", LAST_WORDS),
    ("comeback seconds", SECONDS),
    ("named kindly", NAMED_KINDLY),
    ("named in a question", NAMED_IN_A_QUESTION),
    ("named", NAMED),
    ("welcomes", WELCOMES),
    ("welcome ends", WELCOME_ENDS),
    ("hello titles", HELLO_TITLES),
    ("hello who", HELLO_WHO),
    ("hello what", HELLO_WHAT),
    ("hello ends", HELLO_ENDS),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_taken_for_what_it_wants() {
        for (comment, wish) in [
            ("Count me in. What shall I bring?", Wish::Offers),
            (
                "I could glue the handle back on. Sundays are best.",
                Wish::Offers,
            ),
            ("Is there any left?", Wish::Asks),
            ("Not a bad idea, thank you.", Wish::Thanks),
            (
                "I'm not so sure. Who's going to look after it?",
                Wish::Doubts,
            ),
            ("No. My aunt swore by it.", Wish::Doubts),
            ("I laughed out loud. Write more.", Wish::Praises),
            ("Now what?  No idea", Wish::Asks),
            ("It goes well with soup.", Wish::Nothing),
        ] {
            assert_eq!(Wish::of(comment), wish, "{comment}");
        }
    }
}
