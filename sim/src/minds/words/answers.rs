//! Answers: to a question, to news, to a tale, to an invitation.

use hamlet_protocol::image::Topic;

use super::voice::{Voice, joined, sentence};
use super::{Scene, questions, smalltalk};
use crate::rng::Stream;

/// An answer to what was said last, which may go on to ask something.
pub(crate) fn answer(scene: &Scene, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    let answer = match scene.topic {
        topic if topic.asks() => to_question(topic, voice),
        Topic::News => voice.say(TO_NEWS),
        Topic::Tale => voice.say(TO_TALE),
        Topic::Trouble => voice.say(TO_TROUBLE),
        Topic::Musing => voice.say(TO_MUSING),
        Topic::Invitation => voice.say(TO_INVITATION),
        Topic::Thanks => voice.say(TO_THANKS),
        _ => voice.say(NODS),
    };
    let after = smalltalk::after(voice);
    questions::with_question(joined([answer, after]), scene.ask, voice)
}

/// The answer to a question.
pub(super) fn to_question(topic: Topic, voice: &mut Voice<'_>) -> String {
    sentence(match topic {
        Topic::AskMood => voice.say(MOOD),
        Topic::AskWork => voice.say(WORK),
        Topic::AskPlans => voice.say(PLANS),
        Topic::AskInterest => voice.say(INTEREST),
        Topic::AskFood => voice.say(FOOD),
        Topic::AskBoard => voice.say(BOARD),
        Topic::AskNews => voice.say(NEWS),
        Topic::AskOpinion => voice.say(OPINION),
        _ => voice.say(ANYTHING),
    })
}

#[rustfmt::skip]
const MOOD: &[&str] = &[
    "<glad>[Never better|Splendid|Wonderful, thanks|Very well|I could hug the {tool}]. [I hope it's catching.|Don't tell anyone, they'll give me work.|I slept, I ate, what more is there?|]",
    "<glad>[I woke up whistling|Everything tastes good today|Even my shoes fit today]. [And you look well too.|It won't last, so I'm using it.|]",
    "<low>[So-so|I've been better|Ask me tomorrow|A bit thin today|Tired down to the buttons]. [It'll pass.|Soup will help.|But it's better already, for being asked.|]",
    "<low>[Between you and me, not great|Honestly? Low as a cellar]. [Nothing that a good night won't mend.|Talk to me about something else.|I'll be all right.]",
    "<!low>[Well enough|Quite well|Fine, thanks|Can't complain|As you see, upright|Good, good]. [The usual.|And hungry.|The back's the back.|I'd complain, but nobody listens.|]",
    "<!low>[Getting on|Muddling through|Still here|Better than the hall clock]. [One thing after the other.|I'm not asking for more.|]",
    "<morning>[Ask me after {drink}|Half awake|Not quite all here yet]. [One leg's still in bed.|The other half follows at nine.|]",
    "<evening>[Tired, but the good kind|Ready to sit|Done for the day]. [And that's a fine thing to be.|My feet would like a word with me.|]",
    "<grumpy>[How should I be|Don't ask|It goes, it goes]. [The pump squeaks and nobody minds.|I've had worse. I'll have worse again.|]",
    "<cheery>[Marvellous|On top of the world|Bursting]! [I've done nothing to deserve it.|And it's only {today}!|]",
    "<dry>[Alive, by all reports|Within the usual limits|Upright and mostly paid for].",
    "<shy>[Oh, fine|Well, thank you|I'm all right]. [Nobody's asked me that today.|]",
    "<dreamy>[Somewhere between here and the river|Light as a paper bird|I forgot to notice. Well, I think].",
    "<careful>[Well|Quite well], [on the whole|taking everything together]. [I slept seven hours and a quarter.|Left knee fair, right knee abstains.|]",
    "[Well, except that|Fine, only] [I can't find my {tool}|I've a tune stuck in my head|I sat on a wet bench|I've lost a bet about ducks].",
];

#[rustfmt::skip]
const WORK: &[&str] = &[
    "{moment}",
    "{moment}",
    "[Busy|Plenty to do|Up to my elbows|Steady|Slow, which suits me]. {moment}",
    "[Oh, you know|Well|You asked for it]: {moment}",
    "[I can't find my {tool}, otherwise fine.|My {tool} and I aren't speaking.|It's all {craft} and no glory.]",
    "<low>[More than one can manage|Too much, and all of it today|I'd rather not talk about it]. {moment}",
    "<glad>[It went like butter|One of those days when everything fits|I love it, don't tell anyone]. {moment}",
    "<grumpy>[There's always too much of it|Work is work|It's called work because it isn't cake]. {moment}",
    "<proud>[Not to boast|I'll say it myself|Nobody does it faster]: {moment}",
];

#[rustfmt::skip]
const PLANS: &[&str] = &[
    "[Nowhere in particular|Wherever my feet say|Round the long way|Home, in the end]. [I'm putting something off.|I like the walk.|It's a good {part} for it.|]",
    "[I meant to go to the market|I was on my way to the café|I set out for the board], [and then I met you|but I'm in no hurry|if I get there].",
    "[I'm looking for {thing}|I need {thing}]. [Have you seen one?|No luck so far.|It's a long story.]",
    "[First {drink}, then we'll see|An hour of {interest}, if nobody finds me|I'd like to see about {dish}].",
    "<working>[Back to {craft} in a bit|I've got my {tool} to fetch|Work, then food, then my chair].",
    "<evening>[Home|Home, by way of the river|Bed, by stages]. [The lamp's waiting.|I've promised myself an early night.|My book's got forty pages left.]",
    "<morning>[Work, but slowly|One errand, then the day begins|I wanted to see the town before it's awake].",
    "<at_market>[I came for one onion|I'm only looking|I need nothing], [and see what's in my basket|so it'll take all day|and here I stand].",
    "<at_cafe>[As far as this chair|To the bottom of this cup|Here. I've arrived].",
    "<at_park>[I'm there already|Nowhere, that's the point of a bench|Once round the pond].",
    "<at_board>[Only reading|I wanted to see whether anybody answered|I came to pin something up, and I've forgotten what].",
    "<night>[I couldn't sleep|I'm walking until I'm tired|To see if the stars are still up].",
    "<curious>[I heard something was going on|I'm following a noise|I wanted to see where that path goes].",
    "<dreamy>[I knew when I left the house|I took the wrong turn and liked it|I thought this was the way to the library].",
];

#[rustfmt::skip]
const INTEREST: &[&str] = &[
    "{musing}",
    "{musing}",
    "[Funny you should ask.|You remembered!|Now you've done it.|Have you got an hour?] {musing}",
    "[Well,|You see,] it's like this. {musing}",
    "{musing} [You should come along one day.|But I'm boring you.|I could go on.|That's the short answer.]",
    "[The short answer: yes|The short answer: no|It depends whom you ask]. {musing}",
    "[I'd show you|Come by], I've got {thing}. {musing}",
    "{moment} [But ask me about {interest}, that's another matter.|]",
    "<shy>[Oh, that|It's nothing much|You really want to know]. {musing}",
];

#[rustfmt::skip]
const FOOD: &[&str] = &[
    "[Try|Ask for|You can't go wrong with] {dish}[, and {drink} with it| while there's some left|].",
    "[I had|I've just had|There was] {dish}. [I'd have it again.|I had it twice.|I'm still thinking about it.|Ask for the end piece.]",
    "[Not since breakfast|Not properly|Only standing up]. [I could eat a chair.|I keep thinking of {dish}.|Let's see about {dish}.]",
    "[If there's {dish} left, hurry|They say {dish} is good {today}|I followed the smell of {dish} as far as here].",
    "[I'd give my {tool} for|I dreamt of|My mind's on] {dish}.",
    "<eating>[I'm at it|As you see|Right now, in fact]: {dish}. [Want a spoon?|It's better than it looks.|There's a hair of mine in it, so mind.]",
    "<careful>[An egg, two slices, and half a pear|One bowl, no seconds|I eat at the stroke of the clock, whatever it strikes].",
    "<grumpy>[They put too little salt in {dish}|The portions shrink, or I grow|Whatever's left].",
    "<kind>[I made too much of {dish}, come by|Are you hungry? I've got half a bun|Let me bring you some of {dish}].",
    "{tip} [That's my only advice.|Otherwise I just eat.|]",
];

#[rustfmt::skip]
const BOARD: &[&str] = &[
    "[I read|I saw] {board}. [I laughed.|I've an opinion about that.|I had to read it twice.|Somebody had to say it.|I'd have put it shorter.]",
    "[Not yet|Only the top ones|I read the edges], [there was a crowd|I forgot my spectacles|I was busy being {a_job}|is it good].",
    "[There's one about|Somebody asked about|It's all] [benches|soup|gloves|who closed what and when] [again|this week].",
    "[I look every day|I never miss it|I read it like the paper]. [It's the best thing in town after {dish}.|You learn who's cross.|Half of it is about food.]",
    "[I've been meaning to write one myself|I nearly pinned something up|I've got a note half written]. [About {interest}.|It needs a better ending.|It's gone on too long.]",
    "<grumpy>[Too many notes and not enough pins|I read it to keep my blood moving|Half of it is nonsense, and I read that twice].",
    "<curious>[All of it, twice|I know it by heart|I even read the backs].",
    "<shy>[I read it when nobody's there|I'd never dare to write|I answered one, in very small letters].",
];

#[rustfmt::skip]
const NEWS: &[&str] = &[
    "[Nothing|Not a thing|Nothing to speak of], [and I've asked everybody|which is suspicious|except that {thing} is on my mind]. [Ask me tomorrow.|Quiet week.|]",
    "[Only small things|Nothing that would survive being repeated|No news is what I've got]. {mishap}",
    "[You first|You'd know before me|I was about to ask you]. [I hear everything last.|I've been from one door to the next, that's all.|]",
    "[The usual|Same as ever|Well, let me see]. {sight}",
    "[They say|Somebody says|The talk is that] [{dish} is good again|there'll be {idea} one day|somebody lost {trinket}]. [That's all.|I can't vouch for it.|]",
    "[Somebody's lost|Somebody has found] {trinket}. [That's the headline.|The town holds its breath.|So we live.]",
    "<chatty>[Where shall I begin|Have you an hour]? [Somebody wants {idea}.|Somebody lost {trinket}, and I think I know who has it.] [But you didn't hear it from me.|I say no more.]",
    "<dry>[The ducks are well|The clock's still wrong|A button was found], [details to follow|I'll keep you posted|no comment from the council].",
    "{moment} [That's my news.|No more than that.|]",
];

#[rustfmt::skip]
const OPINION: &[&str] = &[
    "[Yes|Yes, and I'll not be moved|Of course|Certainly]. [Anybody who says otherwise is selling something.|My aunt always said so.|I've tried it both ways.|]",
    "[No|No, never|Absolutely not|Not in my kitchen]. [I've seen where that leads.|I'll put that in writing.|But I respect those who differ, from a distance.|]",
    "[It depends|That depends who's asking|In winter, yes], [on the day|on who's cooking|if nobody's looking]. [Ask me after {drink}.|]",
    "[I used to think so|I've changed my mind twice|I was against it until {today}]. [Now I'm mostly for it.|Then I met somebody who was for it.|]",
    "[Hm|Let me think|Good question]. [Yes.|No.|Yes and no, but more yes.|I'd have to sleep on it.] [You?|What do you say?|]",
    "[Only on market days|Only among friends|In theory]. [In practice I do as I please.|Don't quote me.|]",
    "<dry>[I'm neutral, like a fence|I've no opinion, and I'll defend it|The matter's before the ducks].",
    "<careful>[There are {few} things to be said for it and one against|I'd want to see it in numbers|One should try it first, on a small scale].",
    "<grumpy>[Who comes up with these things|People have too much time|No. And the bench stays where it is].",
    "<kind>[If it makes somebody happy, why not|I'd say yes, so nobody's left out|Whatever you think, I'm sure it's right].",
    "<proud>[I know the answer, and it's yes|I'll bet you {drink} that it is|Trust me: no].",
    "As {a_job} I'd say [yes|no|it's a matter of patience], [as a person I'm not so sure|and I've got my {tool} to prove it|but nobody asks us].",
];

#[rustfmt::skip]
const ANYTHING: &[&str] = &[
    "[I should think so|I believe so|It looks like it|More or less]. [Why do you ask?|Don't hold me to it.|]",
    "[Now there's a question|You do ask things|Let me think about that]. [Ask me again over {drink}.|I'll tell you when I know.|I'd have to look it up.]",
    "[I couldn't say|Your guess is as good as mine|I've wondered myself]. [Somebody at the café will know.|Put it on the board.|Not my department.]",
    "[Yes, I think|I'd say so|Why not]. [Come, sit down.|Go on.|And you?]",
    "<curious>[No idea, but let's find out|I was hoping you'd tell me|That's just what I wanted to know].",
    "<grumpy>[What a question|Who wants to know|Ask somebody with time].",
    "<careful>[To the best of my knowledge, yes|I'd rather not guess|In three cases out of four].",
];

#[rustfmt::skip]
const TO_NEWS: &[&str] = &[
    "[No|Really|You don't say|Never]! [Who told you?|And I was there only yesterday.|Does everybody know?|I need to sit down.]",
    "[I'd heard something of the kind|It was bound to happen|Somebody hinted at it]. [Go on.|I didn't believe it.|Now it makes sense.]",
    "[Are you sure|Is that certain|Says who]? [One hears so many things.|I'll ask around.|I want to see it with my own eyes.]",
    "[Well, well|Fancy that|Goodness|My word]. [I must tell the others.|That's one for the board.|Wait till they hear that at the café.]",
    "<curious>[Who saw it|Where exactly|And since when]? [I want every detail.|Slowly, from the beginning.]",
    "<grumpy>[I'll believe it when I see it|People talk|They said that the last time, too].",
    "<dry>[Finally, something to complain about|I'll alert nobody|The ducks will be shaken].",
    "<careful>[Let's not spread it before we know|I'd want to hear that from a second person|Somebody should write that down].",
    "<chatty>[I knew it! I said so|Oh, this is good|I can't possibly keep that to myself]. [Don't look at me like that.|]",
    "<kind>[I hope nobody minds|I hope everybody's all right|Poor souls, if it's true].",
    "<shy>[Oh|Goodness|Hm]. [I'd better not repeat it.|I shan't sleep now.]",
];

#[rustfmt::skip]
const TO_TALE: &[&str] = &[
    "[Good for you|That's how it should be|I like that|Lovely|Nice]. [One needs days like that.|You've earned it.|I'd have liked to see it.|]",
    "[Ha|Ha, I can see it|I can picture it|That's just like you]. [And then?|You should write that up for the board.|I'd have done the same.|]",
    "[I had something similar|It was the same with me], [only with more flour|last week|but nobody saw]. {mishap}",
    "[Is that so|Really|Honestly]? [I'd never have guessed.|Good to know.|I must try that.]",
    "[You and your {your_interest}|That's what comes of being {a_your_job}|Trust {a_your_job}]. [I mean it kindly.|Go on.|]",
    "<curious>[And what came of it|How did it go on|Who else was there]? [Don't stop there.|]",
    "<dry>[The stuff of legends|I'd pay to read that|And nobody sold tickets].",
    "<kind>[I'm so glad|You deserve that|That warms one]. [Tell me if you need anything.|]",
    "<grumpy>[Some people have all the luck|Hm. Fine|Nothing like that ever happens to me].",
    "<fond>[You do tell it well|I could listen all day|I wish I'd been there].",
    "<cool>[If you say so|How nice for you|Hm-hm].",
    "[With me it's different:|Meanwhile at my end:|That reminds me.] {moment}",
];

#[rustfmt::skip]
const TO_TROUBLE: &[&str] = &[
    "[Oh no|What a nuisance|That's bad luck|How annoying]. [It happened to me, too.|Somebody should say something.|You poor thing.|It'll sort itself out.]",
    "[I'd have been cross|I'd have kicked the step|I'd have gone home]. [And you're so calm about it.|Did you?|]",
    "[Write it on the board|That belongs on the board|Somebody should put up a sign]. [People ought to know.|I'd sign it.|]",
    "[Come, have {drink}|Sit down a minute|What you need is {dish}]. [It helps with most things.|On me.|]",
    "<kind>[I'm sorry to hear it|Oh, you|That's too bad]. [I can {help}.|Say the word.]",
    "<grumpy>[Typical|What did you expect|It's always the way]. [Don't get me started.|]",
    "<dry>[At least it's a story now|The town is cruel|It builds character, I'm told].",
    "<cheery>[Never mind|Chin up|It'll be funny by tomorrow]! [It's a bit funny now.|]",
    "<careful>[One ought to look at the hours first|I always knock twice|I keep a list for such cases].",
];

#[rustfmt::skip]
const TO_MUSING: &[&str] = &[
    "[I never thought of {your_interest} like that|You make me want to try {your_interest}|And they say {your_interest} is dull]. [Go on.|Truly.|]",
    "[With me it's {interest}|I'm the same with {interest}|For me that's {interest}]. {musing}",
    "[I see|I think I see|Ah]. [Is there much call for that?|And what do the neighbours say?|You've thought about this.]",
    "[Ha|That's good|I'll remember that]. [You should put it on the board.|May I repeat it?|]",
    "[You'd get on with my aunt|You're the only one who can explain it|You light up when you talk about that].",
    "[Everyone needs something like that|It takes all sorts|Better that than brooding].",
    "<curious>[How does one start|Is it hard|Could one learn that]? [I've always wondered.|I'd be terrible at it.]",
    "<grumpy>[If it makes you happy|To each their own|I've no patience for that].",
    "<dry>[And do people know this about you|Is it catching|I'll have to sit down after that].",
    "<fond>[I like it when you talk like that|Only you could say it like that|More of that, please].",
    "<shy>[That's nice|Yes|I like that]. [I'd never thought of it.|]",
];

#[rustfmt::skip]
const TO_INVITATION: &[&str] = &[
    "[Gladly|With pleasure|Count me in|Yes, why not|I'd love to]. [Shall I bring something?|I'll bring {dish}.|Who else is coming?|Just say when.]",
    "[I'd like to|Maybe I will|I'll see if I can get away], [but there's work waiting|but don't wait for me|work permitting]. [Ask me again tomorrow.|]",
    "[Not me, thank you|I'll pass this time|I'm hopeless at it], [but thanks for asking|I'd only be in the way|but tell me how it went].",
    "<cheery>[Yes! Yes|I'm there already|Try to stop me]! [I'll bring {drink}.|]",
    "<shy>[If it's only a few of us|I'd come if I needn't talk|I could sit at the back].",
    "<grumpy>[Must I|I suppose I could|Only if it's short]. [Is there food?|Fine.]",
    "<curious>[I've never done that|What does one wear|And what happens then]? [I'm in.|]",
    "<careful>[At what time exactly|How long does it take|Is there a list]? [Then yes.|Put me down for one.]",
    "<dry>[My calendar's been empty since spring|I've nothing better, and I've looked|I'll tell my public].",
];

#[rustfmt::skip]
const TO_THANKS: &[&str] = &[
    "[Not at all|Don't mention it|Any time|It was nothing|You'd do the same].",
    "[You're welcome|With pleasure]. [You'd have done the same.|Buy me {drink} one day.|I enjoyed it.]",
    "<shy>[Oh, please|It was really nothing|You needn't].",
    "<grumpy>[Yes, well|Don't make a thing of it|Let's not start hugging].",
    "<dry>[I'll send a bill|It'll be in my memoirs|Nobody saw it, I hope].",
];

#[rustfmt::skip]
const NODS: &[&str] = &[
    "[Quite right|So it is|That's true|You said it|Mm|I see what you mean].",
    "[Yes|Well|True]. [One has to take it as it comes.|That's how it goes.|It could be worse.|And tomorrow's another.]",
    "[That's what I always say|My aunt used to say so|They should carve that over the door of the hall].",
    "<curious>[How do you mean|Go on|And then]? [I'm listening.|]",
    "<grumpy>[Hm|If you say so|Don't I know it].",
    "<dry>[So the ducks tell me|I'll make a note of it|Deep].",
    "<shy>[Yes|Mm|I think so too].",
    "<dreamy>[I was just thinking that|Was it you who said that, or I|Sorry, I was looking at that cloud].",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("mood", MOOD),
    ("work", WORK),
    ("plans", PLANS),
    ("interest", INTEREST),
    ("food", FOOD),
    ("board", BOARD),
    ("news", NEWS),
    ("opinion", OPINION),
    ("anything", ANYTHING),
    ("to news", TO_NEWS),
    ("to tale", TO_TALE),
    ("to trouble", TO_TROUBLE),
    ("to musing", TO_MUSING),
    ("to invitation", TO_INVITATION),
    ("to thanks", TO_THANKS),
    ("nods", NODS),
];
