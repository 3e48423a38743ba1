//! Notes about notes.

use super::{Form, form};
use crate::minds::words::subject::Kind;

#[rustfmt::skip]
pub(super) const READ: &[Form] = &[
    form(
        Kind::Tale,
        "[An hour at the board, and no {interest}|After reading {title}|{^me} reads in public|Under {title}, over {drink}|At the board, {today}, with {drink}]",
        "[I came for one note and read them all.|I read {title} twice and laughed in the wrong place.|Somebody has a fine hand, and somebody else needs a ruler.] {mishap} [So, as you see, I've nothing to add.|Keep writing.|]",
    ),
    form(
        Kind::Thanks,
        "[To whoever wrote {title}: thank you|Thanks for {title}|Thank you, everyone with a pin, says {me}|To all who write, from {a_job}: thanks]",
        "[I'd had a long {part}, and then there was {title}.|I read {title} and felt less alone with {interest}.|{^title} made me snort. In public.] [More of that.|You know who you are.|]",
    ),
    form(
        Kind::Proposal,
        "[Proposal: {idea}|Since we're all reading: {idea}|While I'm at it: {idea}|Let's have {idea}]",
        "[I was reading {title} and thought: why stop there.|Everybody's writing, nobody's doing.|It's been in my head longer than this pencil's been sharp.] [I'd help.|I'd sign.|I'd bring {drink}.] [Who's for it?|Names below.|Say no if you must, but say why.]",
    ),
    form(
        Kind::Wanted,
        "[Wanted: {want}|Looking for {want}|Who can spare {want}?|If anybody has {want}]",
        "[I thought, if others can ask, so can I.|I've looked everywhere but your attic.|It's urgent in a slow sort of way.] [I'd give {thing} for it.|You'd get {dish} from me.|Swap, loan or gift, I'm not proud.]",
    ),
    form(
        Kind::Question,
        "{dispute}",
        "[I've been wondering since I read {title}.|Nobody's asked, so I will.|It came up, and I couldn't let it go.] [I lean towards yes, but I'm easily pushed.|I say no. Change my mind.|Reasons, please, not only votes.]",
    ),
    form(
        Kind::Question,
        "[May I ask something about {interest}?|{^interest}: who can explain?|A beginner's question, {interest}|Who else is fond of {interest}?]",
        "{musing} [Is that only me?|Somebody here must know better.|I'd give a lot for a second opinion.] [Answer below or find me by the board.|I'm patient.|]",
    ),
    form(
        Kind::Food,
        "[Kitchen tip of the {part}, for {dish}|Not about {interest}: a tip for the kitchen|For those who cook {dish}|A tip, for a change from {interest}|A trick for {dish}]",
        "{tip} [You're welcome.|I've tested it on {few} people.|It's the only secret I have.] [What's yours?|Now you.|]",
    ),
    form(
        Kind::Invitation,
        "[Come to {outing}|{^outing}: anyone?|Who'd like {outing}?|An invitation: {outing}]",
        "[Enough reading, let's do something.|We all write to each other and never sit down together.] [Bring {thing}, or an appetite.|It needn't be good, it needs to be fun.] [Yes below is enough.|I'll be by the board.]",
    ),
    form(
        Kind::Tale,
        "[My view of {interest}|On {interest}, by {me}|A line about {interest}|Somebody has to say it: {interest}|{^a_job} on {interest}]",
        "{musing} [I've said it.|It had to go up somewhere.|If you disagree, you know where the pins are.]",
    ),
    form(
        Kind::Tale,
        "<working>[From the life of {a_job}|Ask {a_job} about {craft}|Being {a_job}, a short note|{^craft}, honestly|My {tool}: a confession]",
        "{moment} [I thought you'd like to know what goes on.|People always ask.|Nobody asks, so I'm telling.]",
    ),
    form(
        Kind::Question,
        "<careful>[Could we order the notes, {title} first?|Would it help to date the notes?|May I tidy up round {title}?]",
        "[I stood before {title} and couldn't tell if it's still true.|There are {few} notes about gloves, and maybe one glove.] [I'd do it by subject, then by size.|I'd bring my own pins.] [Objections?|Speak now.]",
    ),
    form(
        Kind::Tale,
        "<low>[A quiet note by {me}|Not much of a {part}, even {interest} didn't help|For anyone else who's a bit low|Low {part}, {dish} might help]",
        "[Some days the kettle's too far.|I read {title} to cheer myself up, and it half worked.] [If you see me, talk to me about {interest}.|It'll pass, it always has.] [Be gentle with the quiet ones.|That's all.]",
    ),
];

#[rustfmt::skip]
pub(super) const ANSWERED: &[Form] = &[
    form(
        Kind::Thanks,
        "[Thanks for answering, {who}|{^who}: good point|{^who} answered, thank you|Thank you, {who}, for writing back]",
        "[You put it better than I did.|I've read it {few} times and I'm coming round.|It's nice to know somebody reads to the end.] [I'll say so in person, too.|The drinks are on me.|That's what the board's for.]",
    ),
    form(
        Kind::Tale,
        "[{^who} is right, and I'm not happy about it|I take it back, {who}|{^who} made me think again|{^who} one, {me} nil]",
        "[It's about {title}.|You'll remember {title}.] [I've slept on it.|I walked round the pond twice.|I asked the cat.] [So: I was wrong, in places.|I withdraw two sentences and a comma.|The rest stands.]",
    ),
    form(
        Kind::Question,
        "[{^who} and I differ: who's right?|Now it's {who} against me|One more voice, please|Second opinion wanted, {who} has the first]",
        "[Read {title} and what {who} wrote under it.|It began with {title} and now it's a matter of honour.] [I won't be cross, whoever you side with.|Be kind, but be clear.] {dispute}",
    ),
    form(
        Kind::Invitation,
        "[{^who}, come and say that over {drink}|To {who}: let's settle it at a table|Open invitation to {who}, and all who answered]",
        "[There's not enough room for this on the board.|One can't shake hands with a note.] [I'm at the café most evenings.|I'll bring {title}, you bring your pencil.|Bystanders welcome.]",
    ),
    form(
        Kind::Tale,
        "[What {who} answered|On being answered by {who}|{^who} wrote back|It works, the board: {who} answered]",
        "[I put up a note and {who} answered.|{^who} wrote under my note, in full sentences.] [I read it out to the kettle.|I stood there grinning like a gate.] [Write to each other.|Do it, it's free.]",
    ),
];

#[rustfmt::skip]
pub(super) const FOLLOWED: &[Form] = &[
    form(
        Kind::Thanks,
        "[Hello, {who}, from {a_job}|Thank you for reading, {who}|A nod to {who}, over {drink}|{^who} reads my notes, it seems|Thanks, {who}, now more about {interest}]",
        "[I hear you look out for what I write.|Somebody told me, and I've been sitting up straighter since.] [I'll try to be worth it.|From now on I check my spelling.|Expect more about {interest}.]",
    ),
    form(
        Kind::Question,
        "[What should I write about, {who}?|What does {who} want to read?|Requests taken, {who} first|More {craft} or more {interest}, {who}?]",
        "[I've got a reader now, so I'd better ask.|One writes differently when somebody's reading.] [I can do {interest}, {craft} and complaints.|Anything but poems. All right, also poems.] [Say it below.|The rest of you may vote.]",
    ),
    form(
        Kind::Tale,
        "[A note for {who}, and anyone passing|Since {who} reads this: {interest}|For my one reader, {who}|{^who} asked for it: a note about {craft}]",
        "[{musing}|{moment}|{mishap}] [Thought you'd like that.|More next time.|You did ask for it.]",
    ),
];
