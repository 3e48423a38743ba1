//! Answers to notes and to those who answered.

use super::subject::{Kind, gist};
use super::voice::{Voice, joined};
use super::{Scene, TEXT_CHARS_MAX, shortened};
use crate::rng::Stream;

/// Chance, of 10 000, that an answer takes the note for what it is rather than in general.
const TO_THE_POINT: u32 = 7_500;
/// Chance, of 10 000, that a second sentence follows.
const SECOND_CHANCE: u32 = 3_500;

/// Chance, of 10 000, that an answer to an answer goes on.
const MORE_CHANCE: u32 = 4_000;

/// An answer to a note.
pub(crate) fn reply(scene: &Scene, title: &str, text: &str, stream: &mut Stream) -> String {
    let kind = Kind::of(title, text);
    let voice = &mut Voice::new(scene, None, stream);
    voice.gist = gist(title);
    let first = if voice.stream.chance(TO_THE_POINT) {
        voice.say(to(kind))
    } else {
        voice.say(GENERAL)
    };
    let second = if voice.stream.chance(SECOND_CHANCE) {
        voice.say(SECONDS)
    } else {
        String::new()
    };
    shortened(&joined([first, second]), TEXT_CHARS_MAX)
}

/// An answer to a comment on a note: short.
pub(crate) fn reply_to_comment(scene: &Scene, title: &str, stream: &mut Stream) -> String {
    let voice = &mut Voice::new(scene, None, stream);
    voice.gist = gist(title);
    let comment = scene.comment.as_deref().unwrap_or_default();
    let table = match comment {
        comment if comment.contains('?') => TO_QUESTION,
        comment if comment.to_lowercase().contains("thank") => TO_THANKS,
        comment
            if comment.starts_with("No")
                || comment.contains("disagree")
                || comment.contains("not so sure") =>
        {
            TO_DOUBT
        }
        _ => TO_COMMENT,
    };
    let first = voice.say(table);
    let second = if voice.stream.chance(MORE_CHANCE) {
        voice.say(MORE)
    } else {
        String::new()
    };
    shortened(&joined([first, second]), TEXT_CHARS_MAX)
}

fn to(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Thanks => THANKS,
        Kind::Offer => OFFER,
        Kind::Wanted => WANTED,
        Kind::Closed => CLOSED,
        Kind::Food => FOOD,
        Kind::Invitation => INVITATION,
        Kind::Proposal => PROPOSAL,
        Kind::Question => QUESTION,
        Kind::Lost => LOST,
        Kind::News => NEWS,
        Kind::Dream => DREAM,
        Kind::Reward => REWARD,
        Kind::Tale => TALE,
    }
}

#[rustfmt::skip]
const THANKS: &[&str] = &[
    "[That's nice to read|More of this, please|Now I'm all soft|This is why I read the board]. [It should be said more often.|There are good people about.|]",
    "[Well said|Seconded|I'd like to add my thanks]. [I've had the same from them.|Some people just do things.|They won't admit it, of course.]",
    "[Credit where it's due.|One good turn and all that.] [I owe somebody a jar myself.|It's catching: I'll go and do something nice.|Now I must think who I've forgotten to thank.]",
    "<kind>[This made my {part}|How lovely of you both|It takes two: one who gives and one who notices].",
    "<grumpy>[I did something nice once. Nobody wrote a note|Fine. That was decent. I'll say no more|All this kindness, one can hardly get through the square].",
    "<dry>[Careful, it'll spread|I see the town's going soft|I was being kind on Tuesday, for the record].",
    "<curious>[And what will you give in return|How long have you two known each other|Is there a story behind it]?",
    "<shy>[That's kind|I liked reading this|I wish I could say it like that].",
    "<working>[If you want to give something back, I can {help}.|As {a_job} I don't get many thanks, so I'm enjoying yours.|Thanks is worth more than {drink}. Nearly.]",
];

#[rustfmt::skip]
const OFFER: &[&str] = &[
    "[I'll take one|Put one by for me|Is there any left|Save me one], [{you}|please|if it isn't too late][.|!]",
    "[What would you want for it|Would you take {thing} for it|Do you swap for {drink}]? [I'm serious.|I've also got odd socks.|]",
    "[I've had {gist} of yours before|I know {gist} of yours]. [Worth every crumb.|Still going strong.|No complaints from this house.]",
    "[Coming by after work|I'll be there before supper|Don't sell it before I get there]. [Keep the crooked one for me.|I like the ones with a story.|]",
    "[About {gist}|On the matter of {gist}]: [yes, please|how many have you got|I could use some]. [I pay in smiles and {dish}.|]",
    "<working>[I could {help} in return.|I'd swap you a day of {craft} for it.|My {tool} and I would like to make an offer.]",
    "<grumpy>[There must be something wrong with it|At that price there's a catch|I'll look at it. Looking's free].",
    "<careful>[How long does it last|Is it the same size as last time|Could you put one aside until tomorrow at nine]?",
    "<curious>[How do you make that|What gave you the idea|Can one watch]?",
    "<cheery>[Hooray, I was nearly out|Just what I need|Yes! And yes]!",
    "<dry>[I need it like a third elbow. I'll take two|My house is full. So, tomorrow then].",
    "<kind>[If somebody needs it more, they go first|You do lovely work|I told three people already].",
];

#[rustfmt::skip]
const WANTED: &[&str] = &[
    "[I might have one|I think there's one in my shed|I've got something like it]. [Come and look.|It's yours if I find it.|What would you do with it?]",
    "[Ask at the hall|Try the market|Ask at the workshop], [somebody there owes me a favour|they've got everything|and say I sent you].",
    "[I've been looking for that myself|If you find two, tell me|Same here]. [We could share.|I thought I was the only one.|]",
    "[What do you need it for|Does it have to be a new one|How big exactly|Until when]? [I may know somebody.|Only asking.|]",
    "[I can {help}|I could {help}], [if that's any use|say when|for {drink}].",
    "<kind>[I'll ask around for you|I'll bring it by tomorrow|Don't buy one, I'm sure we'll find it].",
    "<grumpy>[I had one, and somebody borrowed it. In spring|People should look after their things].",
    "<dry>[I've two of them and they don't get on|Have you looked behind the thing where it always is|I lost mine in the same place].",
    "<careful>[Measure first. I speak from experience|I've got one listed, shelf two, on the left|I lend against a signature].",
    "<proud>[I'd make you one by Friday|No trouble, I'm your {job}|Give me an hour].",
    "<curious>[Now I want to know why|There's a story in this, isn't there|What are you building]?",
];

#[rustfmt::skip]
const CLOSED: &[&str] = &[
    "[It was shut on me, too|Same here|I stood there as well|We must've just missed each other]. [We could've had a party on the step.|I brought a book, luckily.|]",
    "[Somebody should put up a sign|A sign, please|Hours on the door, in large letters]. [I'd lend the paint.|It isn't much to ask.|]",
    "[Try in the morning|They open when the clock says so, which is the trouble|Go before supper|It's a matter of luck]. [I've never understood it.|]",
    "[Next time come to mine|My door was open|You could've knocked at mine]. [There was {dish}.|There's always {drink}.|]",
    "[Even doors need a rest|Somebody has to sleep sometime|They work hard enough]. [Be patient with them.|I'd close, too, some days.|]",
    "<grumpy>[And nobody says a word about it|It's always shut when you're hungry|I've stopped going. I go, but I've stopped].",
    "<dry>[The door has its side of the story|I've seen it open once. It was beautiful|I always try asking it nicely].",
    "<careful>[I keep a list of the hours, ask me|It was open until the stroke of the hour, I noted it].",
    "<kind>[Poor you. Come by for {drink}|I hope nobody's ill there|All that way for nothing. I'm sorry].",
    "<working>[I could {help}, if that's what it takes.|As {a_job} I know: sometimes one just has to close.]",
];

#[rustfmt::skip]
const FOOD: &[&str] = &[
    "[Now I'm hungry|My stomach read this aloud|I came for news and left for lunch]. [Thanks for nothing.|See you there.|]",
    "[I tried {gist}|I had {gist} too|Say what you like about {gist}], [and it's true|not bad at all|more salt, though|I'd have it every day].",
    "[With me it's {dish}|I'm more for {dish}|Nothing beats {dish}]. [But each to their own.|I'd fight for it.|]",
    "[My grandmother did it differently|At home we always did that with vinegar|There's a trick to it]. {tip}",
    "{tip} [That's what I'd add.|Otherwise: perfect.|]",
    "[Is there any left|Do they do half portions|Who's cooking tomorrow|Would you write down the recipe]?",
    "<kind>[Whoever cooks like that should be hugged|I'll take some to somebody who can't get out|You're making us all happy].",
    "<grumpy>[Too little salt, but I cleared the plate|They used to give bigger spoons|It was better before, but so was I].",
    "<dry>[I've had worse, at my own table|My dog disagrees, but he's got no training|I'd walk a mile for it, and I'd need to after].",
    "<careful>[Twelve minutes, exactly|I weighed it: two spoons, level|One pinch or two, it matters].",
    "<dreamy>[I could smell it while I read|It tastes like a Sunday].",
    "<working>[I eat it over my {tool} and regret nothing.|After a day of {craft} there's nothing like it.]",
];

#[rustfmt::skip]
const INVITATION: &[&str] = &[
    "[I'm in|Count me in|I'll be there|Yes, gladly|Put my name down]. [What shall I bring?|I'll bring {dish}.|I'll bring a chair.|Don't start without me.]",
    "[I'd love to, but|I'd come, only] [I promised my {tool} an evening|I promised to {help}|it's past my bedtime]. [Next time!|Tell me how it was.|Save me a piece.]",
    "[May one bring a friend|Is it all right if I only watch|Will there be food]? [Then yes.|Asking for myself.]",
    "[I've never tried {gist}|I'm hopeless at {gist}|I'm mad about {gist}], [so I'm coming|so keep a place for me|you've been warned].",
    "<shy>[I might come and stand at the back|If it's not too many people|I'd come, if somebody goes with me].",
    "<cheery>[What fun! Yes|I've got my shoes on already|Best idea of the week]!",
    "<grumpy>[I suppose I could look in|If there's a chair|Last time there was no cake. Just saying].",
    "<careful>[I'd need to know by when|Tell me if it's moved|I've put it in my book, in pencil].",
    "<dry>[I'll tell my public|My evening was booked with silence, but go on|I'll be there in spirit and, if there's cake, in person].",
    "<kind>[I'll fetch those who can't walk so far|How nice of you to ask everyone|I'll help with the washing up].",
    "<working>[I can {help}.|I'll come straight from {craft}, forgive the apron.]",
];

#[rustfmt::skip]
const PROPOSAL: &[&str] = &[
    "[I'm for it|Yes|You have my vote|Hands up from me|About time]. [I'll bring a hammer.|When do we start?|I'd chip in.|Somebody had to say it.]",
    "[I'm not so sure|I'd rather not|With respect, no|I disagree, politely]. [Who's going to look after it?|We've managed without.|It's the sort of thing that ends with me sweeping.|Where would it stand?]",
    "[Good in principle|Not bad|Half of it's a good idea]. [I'd make it smaller.|I'd ask the hall first.|Start with a trial week.|And who pays for the nails?]",
    "[My worry is {gist}|It all depends on {gist}|I like the part about {gist}]. [Otherwise yes.|But go on.|We should talk it through.]",
    "[I can {help}|I could {help}|If it comes to that, I can {help}]. [Say when.|Sundays are best.|]",
    "<careful>[What would it cost|Has anybody measured|Who keeps the list]? [Then I'll sign.|I'm not against it.|]",
    "<grumpy>[Another thing to trip over|We had that once. It was stolen|First fix the pump].",
    "<cheery>[Yes, yes, yes|I'll bring the paint|What are we waiting for]!",
    "<curious>[How would that work|Has another town got one|Who thought of it first]? [I like it.|]",
    "<dry>[I move that we appoint a committee and never hear of it again|The ducks are in favour|I'd vote for it twice, if nobody counts].",
    "<proud>[I'll build it myself, if need be|Leave it to me|I'd have it up by the weekend].",
    "<kind>[If it helps even one person, why not|I'd do the early shift|Let's ask the quiet ones, too].",
];

#[rustfmt::skip]
const QUESTION: &[&str] = &[
    "[Yes|Yes, plainly|A clear yes from me|Of course]. [My aunt swore by it.|I've tried both.|Next question.|And I'd say it to anyone's face.|I'd bet {drink} on it.|Anybody who knows {interest} would say so.|You learn that from {craft}.]",
    "[No|No, and I'll tell you why over {drink}|Never|A firm no]. [I've seen what comes of it.|It's a slippery slope.|But I respect the question.|Ask my neighbour.|Not even for {dish}.|Not as long as I'm {a_job}.]",
    "[It depends|Depends on the day|Ask me after supper|Yes and no]. [In winter, yes.|It's all in the wrist.|I change my mind weekly.|]",
    "[As {a_job} I'd say|Speaking as {a_job}]: [yes|no|try it and see|you're asking the wrong trade]. [But what do I know.|]",
    "[I've wondered about that, too|Good question|I was just talking about that]. [Follow this with interest.|Somebody must know.|Let's ask the library.]",
    "[About {gist}|When it comes to {gist}|With {gist}], [I go by feeling|I'd trust the old people|one never knows|there are two schools, and I've left both].",
    "<dry>[The answer's on the back of the note|Forty-two, or thereabouts|I'll ask my lawyer, he's a duck].",
    "<careful>[One would have to count|In three cases out of four, yes|I've kept notes on this. Come by].",
    "<grumpy>[Who's got time to think about that|What does it matter|No. And put the bench back].",
    "<curious>[Now I can't think of anything else|And the other way round|Has anybody ever tested it]?",
    "<kind>[Whatever makes you happy|There's no wrong answer, I think|Both of you are right, and I mean it].",
    "<shy>[I think yes, but I'm not sure|I'd say no. Sorry|Perhaps both].",
    "<proud>[I know this one. Yes|Trust me, no|I'll bet {drink} on it: yes].",
];

#[rustfmt::skip]
const LOST: &[&str] = &[
    "[I think I know whose that is|That could be my neighbour's|I've seen one like it on somebody]. [I'll ask.|Leave it at the board.|I say no more.]",
    "[Not mine, but a fine one|Not mine, worse luck|I wish it were mine]. [I hope it finds its way.|Somebody's missing it badly.|]",
    "[I'll keep my eyes open|I'll look under the benches|I'll ask at the café]. [Things turn up.|It can't have gone far.|]",
    "[Where exactly was it|What colour|Was there a note with it|Had it a scratch]? [Only asking.|I may have a clue.|]",
    "[The same thing happened to me with {trinket}|I'm still waiting for {trinket} to come home|If you see {trinket} as well, that's mine].",
    "<dry>[It'll be with the other one|I suspect the magpie|Nobody move].",
    "<curious>[Is there a pattern to this? Last time it was {trinket}|I'd like to investigate].",
    "<careful>[We need a proper box for such things|I've put it on my list, number fourteen].",
    "<kind>[I'll bring {drink} to whoever's looking|How good of you to write|Somebody will be so relieved].",
    "<grumpy>[People would lose their heads|Nail it down, I always say].",
    "<working>[If it can't be found, I can {help}.|I'd make you a new one, if I weren't {a_job}.]",
];

#[rustfmt::skip]
const NEWS: &[&str] = &[
    "[I heard that, too|So it's true|It's all over town]. [From somebody who was there, nearly.|Now it's in writing.|I'd not have believed it.]",
    "[Is that certain|Who saw it|Since when|Says who]? [I'll believe it when I see it.|One should ask twice.|I'm only careful.]",
    "[Well, well|Goodness|You don't say|Fancy that]. [I need to sit down.|I must tell somebody.|And nobody told me.]",
    "[I asked around|I've looked into it|I was there, or nearby]. [Nobody knows anything for certain.|There may be something in it.|It'll have a simple reason.]",
    "<curious>[I'm going to have a look|Who's coming along to see for themselves|I want details]!",
    "<grumpy>[People will say anything|Nonsense, probably|I'd rather somebody fixed the pump].",
    "<dry>[I'll alert the ducks|Finally, something for the minutes|And here I was, thinking nothing ever happens].",
    "<careful>[Let's wait for a second source|I've written it down with a question mark|It's hearsay until somebody signs it].",
    "<chatty>[I knew it before lunch|I could add something, but not in writing|Meet me by the board, I know more].",
    "<shy>[I hope it isn't true|That gives me a shiver|I won't walk there alone tonight].",
];

#[rustfmt::skip]
const DREAM: &[&str] = &[
    "[I dreamt|The same night I dreamt|With me it was different: I dreamt] {dream}. [There must be something in the water.|We should compare notes.|]",
    "[It means luck|It means you're hungry|It means you should answer that letter|My aunt would say: money], [clearly|no doubt about it|or cheese before bed].",
    "[What happened then|Was I in it|And were you afraid|In colour]? [Go on.|Tell the whole thing.|]",
    "[I never dream|I only dream of work|I sleep like a plank]. [I'm a bit jealous.|Write more of these.|]",
    "<grumpy>[Eat less before bed|I was awake, thank you|It was the frogs].",
    "<dreamy>[I think I was there|I know that place|Mine begins where yours stops].",
    "<dry>[The council should be told|I'd vote for that|Sounds like a normal Tuesday].",
    "<careful>[I'd write it down at once, every time|What did you have for supper? It's the supper].",
    "<kind>[I hope you slept well after|What a good dream to have|That's a dream worth keeping].",
];

#[rustfmt::skip]
const REWARD: &[&str] = &[
    "[Well earned|You deserve it|High time somebody noticed|Good for you]. [Drinks are on you, then.|I'd have given more.|Don't spend it all on string.]",
    "[Fair's fair|It happens to the best|We've all been there]. [Chin up.|Tomorrow it's forgotten.|I had to pay once, for whistling.]",
    "[Buy|I'd buy|Treat yourself to] [a good hat|{drink} for everyone|something useless and lovely]. [That's my advice.|]",
    "<dry>[Money comes, money goes, ducks stay|Remember us when you're rich|I'll be your friend now].",
    "<grumpy>[And what do I get|Must be nice|I've never had so much as a thank you].",
    "<curious>[What was it for, exactly|Who decides that|Were you surprised]?",
    "<careful>[Put a third of it by|Get it in writing|I'd count it twice].",
    "<kind>[I'm glad for you, whatever it was|You've always been decent to me|Let me make you {dish}].",
];

#[rustfmt::skip]
const TALE: &[&str] = &[
    "[I like this|Lovely|That made me smile|I laughed out loud|This beats {dish}|Better than {interest}][, {you}|]. [Write more.|More like this.|I've read it to somebody else.|My {tool} liked it, too.|]",
    "[I know exactly what you mean|Same here|I thought I was the only one|It's just like that]. [Every time.|Thanks for saying it.|With me it comes from {craft}.|In my case it was {dish}.|It's the same with {interest}.]",
    "[Something like that happened to me|That reminds me]. {mishap}",
    "[With me it's {gist} as well|You've got me thinking about {gist}|I've an opinion on {gist}, but you've said it better|About {gist}: hear, hear]. [That's all.|]",
    "[You should come by|Next time take me along|I'd have liked to be there]. [I'd bring {drink}.|I can {help}.|]",
    "[I see it differently|I'm not so sure|With respect, I disagree][, {you}|]. [But it's nicely put.|Let's talk over {drink}.|I'd have to think why.|Ask any {job}.|{^a_job} sees the other side of that.]",
    "{musing} [Sorry, your note made me think of it.|That's what came to mind.|]",
    "{moment} [So I know what you're talking about.|That was my day.|]",
    "<curious>[And then what|How does it go on|Who was it, do you know]? [Don't leave us hanging.|]",
    "<grumpy>[Some people have time|Hm. All right, it's good|I've read worse up here].",
    "<dry>[I'm framing this|The ducks asked for a copy|Somebody alert the library].",
    "<kind>[Thank you for writing this|You see the nice things|I'm glad you're here].",
    "<cheery>[Ha! Brilliant|Love it|You've got a gift]!",
    "<shy>[I liked this one|Nice|I read it twice].",
    "<dreamy>[It reads like a song|I could see it while I read|I was elsewhere for a moment].",
    "<chatty>[You must tell me the rest in person|I told everybody at the café|I've got one just like it, remind me].",
];

/// Answers that suit any note.
#[rustfmt::skip]
const GENERAL: &[&str] = &[
    "[Well put, {you}|{you}, you speak for many|I'm with {you}|{you} has a point|As {you} says]. [I've nothing to add, and here I am adding it.|Somebody write that on the hall.|]",
    "[Now that's what the board is for|I read this on the way to work and again on the way back|I stood here longer than I'd meant|I read it out to somebody|I came to read about {interest} and found this]. [Good.|Well written, {you}.|I was late for {dish}.|]",
    "[I'd like to hear more about {gist}|I could talk about {gist} all day|Nobody's mentioned {gist} for weeks]. [Go on, {you}.|I'm all ears.|]",
    "[If you need anything, {you}, I can {help}|{you}, I can {help}, if that's any use|I could {help}, {you}, if that's wanted].",
    "[Come and tell me about it over {drink}|Let's talk about it at the café, {you}|I owe you {drink} for this one, {you}].",
    "[My {tool} and I agree|I put down my {tool} to write this|I nearly missed this because of {craft}]. [Nicely said.|Carry on.|]",
    "<fond>[Only you, {you}|You're a good one, {you}|I can hear you saying it, {you}].",
    "<cool>[I'd have put it differently, {you}|Hm, {you}|That's one way of seeing it, {you}].",
    "<evening>[A good note to end the day on, {you}|I read it by lamplight, after {dish}|The last thing I read today, and the best, {you}].",
    "<morning>[A good note to start the day with, {you}|First thing I've read today, and better than {interest}|I read it before {drink}, and it woke me up].",
    "<glad>[Everything on this board pleases me today, this most|I'm in a good mood, so: bravo, {you}|It must be the {part}, or {dish}: I like this].",
    "<low>[I needed to read something like this, {you}|It's a grey sort of day for me, this helped more than {dish}|Thanks, {you}, it was a long {part} until I read this].",
];

/// What may follow an answer.
#[rustfmt::skip]
const SECONDS: &[&str] = &[
    "[By the way|A tip while I'm here]: {tip9}",
    "[And if anybody has|Also, I'm still looking for|While we're at it, who has got] {want9}[: I'm all ears.|, tell me.]",
    "[Written in haste between two bouts of|Now back to] {craft}.",
    "[Regards|See you at the market|See you about|Good {part} to you], {you}.",
    "[Signed,|Yours,] {me}.",
    "<chatty>[But I'm going on|I could say more|Don't get me started].",
    "<dry>[End of statement|No further questions].",
    "[I said the same to somebody yesterday.|It's been on my mind.|That's all I've got.|Anyway.]",
    "[Says somebody who|From somebody who] [can't find their {tool}|knows about {interest}|has been at {craft} all {part}|thinks mainly of {interest}].",
    "[As true as|Just like with] {interest}[, if you ask me|, I always say|].",
    "[Come and see me|Drop in], [I've got {drink}|there's always {drink}|I'm making {dish}].",
    "<glad>[What a {part}|I'm in a good mood, it shows].",
    "<low>[It cheered me up|I needed that].",
    "<careful>[Read twice before answering|Written slowly].",
    "<dreamy>[I've lost my thread|There was a second point, a blue one].",
    "<proud>[Mark my words|You read it here first].",
    "<kind>[All the best to you|Look after yourselves].",
    "<curious>[I'll look in again for answers|Do say how it ends].",
    "<grumpy>[That had to be said|Now you know].",
];

/// What may follow an answer to an answer.
#[rustfmt::skip]
const MORE: &[&str] = &[
    "[I'd say so over {drink}, too|We can go into it over {drink}|That's worth {drink}].",
    "[My {tool} says the same|Ask my {tool}|I had to put my {tool} down to write this].",
    "[It's like {interest}|It reminds me of {interest}|And yet nobody mentions {interest}].",
    "[Has anyone tried it with {dish}|And what about {dish}]?",
    "[As {a_job} one learns that|You learn that from {craft}|Back to {craft}].",
    "[Just my view|No offence|With a smile|That's me done|I'll be quiet now].",
    "[Who else|Any others|What do the rest say]?",
    "[See you at the café|We'll talk|I'll find you about it].",
    "<evening>[It's late, I'm mild|Good night, all].",
    "<morning>[More after breakfast|And a good morning].",
];

#[rustfmt::skip]
const TO_COMMENT: &[&str] = &[
    "[Exactly|Quite|That's it|Well said|Couldn't agree more][, {you}|]. [And I'm {a_job}, I should know.|You've earned {drink}.|It's just like {interest}.|]",
    "[I wouldn't go that far|I see it a bit differently|Careful, {you}|Hm]. [But you may be right.|Let's leave it there.|I'll think about it over {dish}.|Ask somebody who knows {interest}.|My {tool} would disagree.]",
    "[Ha, {you}|{you}, you're terrible|You made me laugh, {you}][.|!]",
    "[Come by and say that again|Say that at the café|Let's talk about it over {drink}], {you}.",
    "[That's what I meant to write|You've put it shorter than I would|I'd the same thought], {you}.",
    "[If it's about {gist}, I'm listening|On {gist} I trust {you}|It always comes back to {gist}].",
    "[If it helps|If it comes to that|For what it's worth], {you}, I can {help}.",
    "[And I thought I was the only one|So there are two of us|Three, with me], {you}.",
    "<curious>[How do you know|And then|What makes you say so], {you}?",
    "<grumpy>[Easy for you to say|Typical|Hm], {you}.",
    "<dry>[Noted|The jury's out|Let the minutes show it], {you}.",
    "<kind>[That's kindly put|I'm glad you wrote that|You're right, we should be gentler], {you}.",
    "<cheery>[Yes, {you}|Hear, hear|Bravo, {you}]!",
    "<shy>[I think so, too|Yes, that's it|Me too], {you}.",
    "<fond>[Trust {you} to see it|You always find the right words, {you}|I knew you'd say that, {you}].",
    "<cool>[If you say so, {you}|We'll not agree on this, {you}].",
    "<working>[{you}, ask any {job}.|Speaking as {a_job}: yes, {you}.|Speaking as {a_job}: no, {you}.]",
];

#[rustfmt::skip]
const TO_QUESTION: &[&str] = &[
    "[Yes, I think so|I'd say yes|So I'm told][, {you}|]. [Ask me in person.|]",
    "[No idea, {you}, but I'd like to know|I was going to ask the same|Good question, {you}]. [Ask at the café.|I only know about {interest}.|I'll think about it over {dish}.|]",
    "[Not that I know of|I don't think so|No, {you}]. [But don't quote me.|I'd be surprised.|But I'm only {a_job}.|I'd have heard, over {drink}.]",
    "[Somebody at the café will know|Ask at the library|The older people will remember], {you}.",
    "[After supper, I'd guess|By the end of the week, with luck|When there's time], {you}.",
    "[I'll find out|Leave it with me|I'll look into it], {you}.",
    "[Come by and see for yourself|I'll show you|Easier shown than written], {you}.",
    "<grumpy>[Questions, questions|As if it mattered|Read the note again], {you}.",
    "<dry>[Only on Tuesdays|The ducks would know|That's classified], {you}.",
    "<careful>[As far as I've been able to check, yes|I'd want to measure first|Three times out of four], {you}.",
    "<kind>[Of course, {you}|For you, always|Let's find out together, {you}].",
];

#[rustfmt::skip]
const TO_THANKS: &[&str] = &[
    "[Any time|You're welcome|Not at all|Don't mention it][, {you}|]. [It was only {dish}.|We're neighbours.|Pass it on.|Next time it's your turn.|]",
    "[It's nothing|Happy to|You'd do the same], {you}.",
    "[Buy me {drink} and we're even|One day I'll need a favour as well|Now stop, I'm blushing], {you}.",
    "<grumpy>[All right, all right|Yes, well|No fuss], {you}.",
    "<dry>[I'll put it on the bill|I accept cake|The ducks and I thank you back], {you}.",
];

#[rustfmt::skip]
const TO_DOUBT: &[&str] = &[
    "[I'd have said yes|Oh, come|You'd be surprised|I was like you once][, {you}|], [give it a chance|try it once|sleep on it|think of {dish}|it worked with {interest}].",
    "[Fair point|I can see that|There's something in that][, {you}|]. [I still think I'm right.|But still.|]",
    "[We can't all agree|That's why there are two sides to a bench|It takes all sorts], {you}.",
    "[I'm with {you} there|So I'm not the only one, {you}|Finally somebody says it, {you}].",
    "<grumpy>[At last, a sensible word|Quite right, {you}|No is a full sentence, {you}].",
    "<dry>[The opposition has spoken|Two to one, then, not counting ducks|Strong words, {you}].",
    "<cheery>[Oh go on, {you}|Don't be like that, {you}|We'll win you over, {you}]!",
];

/// Everything in this file that is chosen from.
#[cfg(test)]
pub(super) const ALL: &[(&str, &[&str])] = &[
    ("thanks", THANKS),
    ("offer", OFFER),
    ("wanted", WANTED),
    ("closed", CLOSED),
    ("food", FOOD),
    ("invitation", INVITATION),
    ("proposal", PROPOSAL),
    ("question", QUESTION),
    ("lost", LOST),
    ("news", NEWS),
    ("dream", DREAM),
    ("reward", REWARD),
    ("tale", TALE),
    ("general", GENERAL),
    ("seconds", SECONDS),
    ("more", MORE),
    ("to comment", TO_COMMENT),
    ("to question", TO_QUESTION),
    ("to thanks", TO_THANKS),
    ("to doubt", TO_DOUBT),
];
