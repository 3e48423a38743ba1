//! How a conversation begins and ends.

use hamlet_protocol::image::Topic;

use super::voice::{Voice, joined};
use super::{Scene, answers, questions};
use crate::rng::Stream;

/// The first line to somebody.
pub(crate) fn greeting(scene: &Scene, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    let hello = voice.say(if scene.group { JOINING } else { HELLO });
    // A greeting that asks already needs no second question.
    let ask = scene.ask.filter(|_| !hello.contains('?'));
    let aside = if scene.ask.is_none() && !scene.group {
        voice.say(ASIDES)
    } else {
        String::new()
    };
    questions::with_question(joined([hello, aside]), ask, voice)
}

/// The answer to it: a greeting, what was asked, and perhaps something back.
pub(crate) fn greeting_back(scene: &Scene, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    let hello = voice.say(HELLO_BACK);
    let answer = match scene.topic {
        topic if topic.asks() => answers::to_question(topic, voice),
        _ if scene.ask.is_none() && !scene.closing => voice.say(SETTLING),
        _ => String::new(),
    };
    if scene.closing {
        return joined([hello, answer, voice.say(IN_A_HURRY)]);
    }
    questions::with_question(joined([hello, answer]), scene.ask, voice)
}

/// The last line but one, or the answer to a farewell.
pub(crate) fn farewell(scene: &Scene, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    if scene.topic == Topic::Farewell {
        return joined([voice.say(FAREWELL_BACK)]);
    }
    let answer = if scene.topic.asks() {
        answers::to_question(scene.topic, voice)
    } else {
        String::new()
    };
    joined([answer, voice.say(FAREWELL)])
}

#[rustfmt::skip]
pub(super) const HELLO: &[&str] = &[
    "[Hello|Hello there|Hi|Good day][, {you}|][.|!]",
    "{you}! [Good to see you|Just the person|There you are|Well met|What luck|I was hoping to run into you].",
    "[Ah|Oh], {you}[.|!] [Good to see you.|I'd a feeling I'd meet you.|Have you a minute?|Perfect timing.|]",
    "[Is that you|Look who it is], {you}[?|!]",
    "{you}, [have you got a moment?|a word with you, if I may.|stand still a second.|wait for me.|you're hard to miss.]",
    "<morning>[Morning|Good morning|A good morning to you], {you}[.|!][ Up before the kettle, I see.| Slept well, I hope.| You beat the baker to it.|]",
    "<morning>{you}, [you're up early|already about, I see|the early bird in person].",
    "<noon>[Good day|Hello], {you}. [Is it lunch yet?|Past noon already, would you believe it.|I can hear stomachs all round us.|]",
    "<afternoon>[Afternoon|Good afternoon|Hello], {you}[.|!][ The day's half gone and I've half begun.| Taking a breath?|]",
    "<evening>[Good evening|Evening|Evening to you], {you}[.|!][ Still on your feet?| The lamps suit you.| That was a long one, wasn't it?|]",
    "<night>[Can't you sleep either|Still awake|Up so late], {you}?",
    "<night>{you}! [You gave me a start|I took you for a coat stand|Whisper, they're asleep].",
    "<stranger>[Hello|Good day|I beg your pardon]. [I don't think we've properly met.|We keep passing each other.|I've seen you about.] I'm {me}[, the {job}|].",
    "<stranger>You must be {you}. [I'm {me}.|People speak well of you. I'm {me}.|{^me}, pleased to meet you.]",
    "<friend>{you}, [my favourite face in town|there's nobody I'd rather meet|just when I needed you][.|!]",
    "<friend>[There's my {you}|If it isn't {you} again|Come here, {you}, sit with me][.|!]",
    "<fond>{you}[!|, you're a sight for tired eyes!|, you do make a {part} better.]",
    "<cool>[Oh. {you}.|{you}.|Well, {you}.] [Good day.|You, here.|I suppose we should talk.|]",
    "<shy>[Um, hello|Oh! Hello|Hello], {you}. [I wasn't sure whether to say anything.|I nearly walked past.|Don't let me disturb you.]",
    "<grumpy>[Hm|Hmph|So]. {you}. [At least it's you|Nobody else to talk to, I suppose|You'll do].",
    "<cheery>{you}! [What a fine {part}|Isn't this a day|I was just whistling, and there you are]!",
    "<curious>{you}! [You look as if you knew something|What's that you've got there|You've been somewhere, I can tell][.|!]",
    "<dreamy>[Oh|Ah], {you}. [I was miles off|I was thinking of something, and now it's gone|I took you for somebody in a book].",
    "<dry>{you}. [Still at large, I see|We must stop meeting in daylight|The town's not as big as they say].",
    "<eating>{you}! [Sit down|Pull up a chair|Have a bite], [there's enough for two|I can't manage all of it|it's {dish} today].",
    "<at_cafe>{you}! [Is that chair free?|Have you ordered?|You've found the good table.]",
    "<at_market>{you}! [Anything worth having {today}?|Selling or only looking?|Mind the cabbages.]",
    "<at_park>[Budge up, {you}.|Is there room on that bench, {you}?|Don't get up, {you}.]",
    "<at_board>[Reading too, {you}?|Anything good up there, {you}?|Let me squeeze in, {you}.]",
    "<at_library>[Psst, {you}.|Quietly now, {you}, hello.|{you}! No, quietly. Hello.]",
    "<at_workshop>{you}! [Can you spare a minute|Mind the shavings|Put that down a moment].",
    "<at_place>{you}! [Admiring the view?|I always find somebody here.|Careful, the railing's just been leant on.]",
];

/// What may follow a greeting that asks nothing.
#[rustfmt::skip]
const ASIDES: &[&str] = &[
    "[I was just on my way to the market|I've been on my feet since dawn|I was looking for somebody to talk to|I meant to be home by now].",
    "[I've been thinking about {dish}|I can smell {dish} from here|I'm on the trail of {dish}]. [Don't mind me.|Walk a bit with me.|]",
    "{mishap} [Not a word to anyone.|I had to tell somebody.|]",
    "[I dreamt {dream}.|Would you believe it, I dreamt {dream}.] [And how's the real world?|I've been odd all {part}.|]",
    "{moment} [That's my {part} so far.|And you come along at just the right time.|]",
    "{sight}",
    "[You don't happen to have|You wouldn't know who has] {want}[, by any chance|]?",
    "[Somebody's lost|Somebody's found] {trinket}, [have you heard|did you know|and it isn't me]?",
    "[Stay a minute|Keep me company|Rest your feet a moment], [I've nobody to complain to|the {part}'s long enough|I've earned a break].",
    "<glad>[I'm in a mood to talk to everyone|What a {part}|I could sing, but I'll spare you].",
    "<low>[I could do with a friendly face|I've had better days|Be gentle with me {today}].",
];

#[rustfmt::skip]
const JOINING: &[&str] = &[
    "[Room for one more?|May I join you?|Is this a private conversation?|Is there a queue, or may I?] [Hello, {you}.|Hello, everyone.|I've brought nothing but my ears.|{you}, move up a bit.|I can always go again.]",
    "[Hello, all|Hello, you two|Good company, I see|{you}, and friends|So this is where everybody is|A meeting]. [What are we talking about|What did I miss|Who's winning|Is it about {dish}|Is it about {interest}|Are we for or against]?",
    "{you}! [And in company|You're holding court, I see|I could hear you laughing from over there|I could tell you were here by the noise|Somebody said you had a story]. [Carry on.|Don't stop because of me.|I'm all ears.|Start again from the beginning.|]",
    "<curious>[Don't stop because of me|Go on, I heard nothing|Pretend I'm a post|I only caught the end of that], {you}. [From the beginning, please.|Who did what?|Was it about {interest}?|I'm not here.]",
    "<shy>[If I'm not in the way|I'll only listen|Don't mind me|I'll stand here at the edge], {you}. [Go on.|I like listening.|]",
    "I [saw you standing there|heard somebody laugh|was passing|only went out for air|lost my way] [and thought|so I thought]: [that's where the news is|I'll stand there as well|why not|{you} will know something|company at last].",
    "<grumpy>[What's all this|Is something the matter|Nobody at work today], {you}? [I'll stand here anyway.|Well, since I'm here.|Go on, then.]",
    "<cheery>[Is it a party|Did somebody say my name|Are we singing], {you}? [I'm in.|Make room.|What fun.]",
    "<dry>[I see a quorum|Three and I make a council|This looks like a plot], {you}. [Minutes, anyone?|Carry on.|Count me in.]",
];

#[rustfmt::skip]
pub(super) const HELLO_BACK: &[&str] = &[
    "[Hello|Hi|Good day|Hello, hello][, {you}|][.|!]",
    "{you}[!|.]",
    "[Ah|Oh], {you}[.|!]",
    "[And to you|The same to you|You too], {you}.",
    "[Good to see you|Nice of you to stop|Well met|Glad it's you], {you}.",
    "<morning>[Morning|Good morning|Morning to you], {you}.",
    "<evening>[Evening|Good evening], {you}.",
    "<night>[Hush|Oh, it's you|You startled me], {you}.",
    "<stranger>[Pleased to meet you|So that's who you are|I've heard your name], {you}. [I'm {me}.|Call me {me}.|{^me}, from round the corner.]",
    "<friend>{you}, [dear|of all people|at last][.|!]",
    "<fond>[I was hoping it was you|You always come at the right time|Lovely], {you}.",
    "<cool>[Hm|Good day|So it is], {you}.",
    "<grumpy>[Hm|Well|If I must], {you}.",
    "<shy>[Oh! Me?|Hello... {you}, isn't it?|Hello.]",
    "<cheery>{you}! [Ha, the very one.|Wonderful.|You've made my {part}.]",
    "<dry>[I was about to say the same|You've found me|Guilty], {you}.",
    "<group>[Hello, everybody|Hello, you lot|All of you at once].",
];

/// After an answer to a greeting that asked nothing.
#[rustfmt::skip]
const SETTLING: &[&str] = &[
    "[Stay a minute|Sit down|Have a breather], [I've time|it's been a long {part}|tell me something].",
    "[I was just thinking of you|I'd hoped for company|I've been talking to myself since breakfast].",
    "[What a {part}.|Fine {part} for standing about.|No hurry, I hope.]",
    "{sight}",
    "<grumpy>[Make it quick.|Go on, then.|Lean on something, this may take a while.]",
    "<chatty>I've [so much to tell|been saving something up|got hardly anything to say, which never lasts].",
    "<eating>I'm [having|halfway through|quarrelling with] {dish}.",
];

const IN_A_HURRY: &[&str] = &[
    "[But I must run|I can't stop|I'm on my way], [talk soon|forgive me|next time properly].",
    "[Let's talk properly another time|I'm late already|Somebody's waiting for me], {you}.",
    "[I'd stay, but|I'm sorry,] [my feet are already going|there's something on the stove|I promised to be quick].",
];

#[rustfmt::skip]
pub(super) const FAREWELL: &[&str] = &[
    "[Well|Right|So], [I should be going|I must be off|I'd better get on|it's time][, {you}|]. [See you soon|Take care|Look after yourself|Until next time].",
    "[I'll let you get on|I won't keep you|I've kept you long enough][, {you}|]. [See you|Be well|Until tomorrow].",
    "[See you around|Until next time|Take care|Be good], {you}[.|!]",
    "It was [good|nice|lovely] talking to you, {you}. [See you soon.|Now I'm late for everything.|Same again tomorrow?]",
    "<working>[I left my {tool} lying about|There's {craft} to be done|{^craft} calls]. [See you|Take care][, {you}|].",
    "[I hear a kettle somewhere|My stomach is striking the hour|My feet say it's time]. [See you soon|Be well], {you}.",
    "<morning>[Have a good day|I'll leave you to the day|Let's see what the day has to say], {you}. [See you|Be well].",
    "<evening>[Get home safely|Sleep well when you do|I'm for my bed, nearly], {you}. [Good night|See you tomorrow].",
    "<night>[Bed, both of us|Off with you|I'm asleep on my feet]. [Good night|Sleep well], {you}.",
    "<group>[I'll leave you to it|Carry on without me|I'm off before somebody asks me to wash up]. [Take care|See you], [everyone|all of you].",
    "<friend>[Come by soon|Don't be a stranger|My door's open], {you}. [See you|Take care].",
    "<fond>[I always go away lighter|You've done me good|I could stay all day], {you}. [See you soon|Until tomorrow].",
    "<cool>[Well. That's that.|I'll be going.] [Good day|See you], {you}.",
    "<grumpy>[Enough said|That'll do|I've used up my words]. [See you|Good day][, {you}|].",
    "<shy>[I've talked a great deal|I'd better not keep you|That's more than I say in a week]. [Take care|See you], {you}.",
    "<dreamy>[I forget where I was going, but I must go|I think I left something on the stove|There was something I had to do]. [See you|Be well], {you}.",
    "<chatty>[We've barely started, but I must run|To be continued|The rest I'll tell you next time], {you}. [See you|Take care][.|!]",
];

#[rustfmt::skip]
const FAREWELL_BACK: &[&str] = &[
    "[See you|Take care|Be well|Go well|Until then|Bye][, {you}|][.|!]",
    "[Off you go|Mind how you go|Safe home], {you}.",
    "[Same time tomorrow|Next time at my place|You owe me the end of that story][, {you}|].",
    "[Bye|See you], [and greet everyone|and eat something|and don't work too hard].",
    "It was [a pleasure|high time|good of you to stop][, {you}|].",
    "<evening>[Good night|Sleep well|Home safe][, {you}|].",
    "<night>[Sleep well|Good night|Mind the stairs][, {you}|].",
    "<grumpy>[Yes, yes. Bye.|Go on, then.|Finally, peace. See you, {you}.]",
    "<cheery>[See you|Bye], {you}! [What fun.|Come again!|Wave when you get to the corner!]",
    "<dry>[I'll try to bear it|I'll alert the others|The bench will miss you]. [See you|Bye].",
    "<fond>[Come back soon|Don't be long|I'll keep your seat], {you}.",
    "<group>[Bye, all|One less for the cake. See you|There goes the best of us]. [Take care.|]",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("hello", HELLO),
    ("asides", ASIDES),
    ("joining", JOINING),
    ("hello back", HELLO_BACK),
    ("settling", SETTLING),
    ("in a hurry", IN_A_HURRY),
    ("farewell", FAREWELL),
    ("farewell back", FAREWELL_BACK),
];
