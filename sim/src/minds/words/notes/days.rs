//! Notes about meals, nights and idle hours.

use super::{Form, form};
use crate::minds::words::subject::Kind;

#[rustfmt::skip]
pub(super) const ATE: &[Form] = &[
    form(
        Kind::Food,
        "<!told_home>[{^dish} {at}: go|A word for {dish} {at}|Whoever made {dish} {at}|{^dish}, and why you need it|Eat {dish} {today}]",
        "[I had it, I'd have it again, I may be back before you've read this.|I ate with my eyes shut.|Nobody at the table said a word until it was gone.] [Compliments to the kitchen.|Ask for the end piece.|There was some left when I went.]",
    ),
    form(
        Kind::Food,
        "[Kitchen tip: {dish}|A tip for {dish}|How I make {dish}|{^dish}, my way|On {dish}, some advice]",
        "{tip} [That's the secret. Now you've got it.|It works for nearly everything.|My grandmother hit people with spoons for less.] {tip2} [Tell me how it came out.|Write back if it burnt.|]",
    ),
    form(
        Kind::Question,
        "[What goes with {dish}?|{^dish}: with bread or without?|Is {dish} better hot or cold?|Who has the recipe for {dish}?]",
        "I had it {at} and [can't stop thinking about it|we couldn't agree at the table|I've got to know]. [Strong views welcome.|I won't sleep before I know.|Please settle this before supper.]",
    ),
    form(
        Kind::Invitation,
        "[{^dish} at my place?|I'm making {dish}, who's coming?|Too much of {dish} for one person|Come and eat {dish} with me]",
        "<evening>[The pot's big and the table too.|I've cooked for six out of habit.|There are {few} chairs and a box.] [Bring a bowl.|Bring {drink}.|Bring somebody who's eating alone.]",
    ),
    form(
        Kind::Tale,
        "<!told_home>[Seen over {dish}|A table for one {at}|What one sees {at}|On a napkin, beside {dish}|From the corner table {at}]",
        "{view} [I had {dish} and stayed longer than I'd meant.|I pretended to read the menu.|My food went cold, and I didn't mind.]",
    ),
    form(
        Kind::Food,
        "<grumpy>[About the salt in {dish}|A complaint, with love: {dish}|{^dish}: a critical note]",
        "[It's not what it was.|A pinch more wouldn't kill anyone.|The portions are shrinking, or I'm growing.] [I ate all of it, naturally.|I had seconds, to be sure.] [Still the best table in town.|That's all. Carry on.]",
    ),
    form(
        Kind::Thanks,
        "<!told_home>[Thanks to the kitchen {at}|To the cook {at}: thank you|Thank you for {dish}]",
        "[I came in cross and went out humming.|It was just what the {part} needed.|You saw my face and brought the big bowl.] {^dish} [was perfect|tasted like somebody's home|deserves a bench of its own].",
    ),
    form(
        Kind::Lost,
        "<!told_home>[Found {at}: {trinket}|Somebody left {trinket} {at}|{^trinket}, found under the table {at}]",
        "[It was beside my plate.|It was on the chair, and I sat on it.|It turned up between the soup and the cake.] [I've left it at the counter.|Tell me what it looks like and it's yours.|The owner gets half of {dish}.]",
    ),
    form(
        Kind::Food,
        "<told_home>[Supper for one: {dish}|Cooked at home: {dish}|{^dish}, in my own kitchen|My kitchen, {today}: {dish}]",
        "{tip} [I forgot that, and it was still good.|It matters more than the salt.] [I'd share, but it's gone.|There's a bowl left for whoever knocks.|I washed up straight away. Mark the day.]",
    ),
    form(
        Kind::Proposal,
        "[Proposal: {idea}|Over {dish} I thought of {idea}|Could we have {idea}?]",
        "[It came to me between two spoonfuls {at}.|The whole table was for it, and the table was me.] [It'd cost next to nothing.|I'd bring the nails.|I'd start on it myself, given a nudge.] [Who's for it?|What do you say?]",
    ),
];

#[rustfmt::skip]
pub(super) const SLEPT: &[Form] = &[
    form(
        Kind::Dream,
        "[I dreamt {dream}|Dream of the night: {dream}]",
        "[I woke up laughing.|I woke up and checked, just in case.|It felt like a long week's work.] [Does anybody read dreams?|What did you all dream?|I blame {dish}.|I'd like to know how it ends.]",
    ),
    form(
        Kind::Dream,
        "[A strange night, with {thing} in it|What does it mean, dreaming of {interest}?|I dreamt of it again: {dream}|Dream report: {dream}]",
        "[I dreamt {dream}|In my dream {dream}]. [That's all I remember, except for the hats.|Everybody was in it, even you.|Then the cat stood on my chest.] [Interpretations below.|I'm told it means luck, or cheese.|]",
    ),
    form(
        Kind::Question,
        "[Who else heard that, around {few}?|Did anybody else lie awake until {few}?|What was that noise in the night?|Was that you, at {few} in the morning?|Did {dish} keep anyone else awake?]",
        "{sound} [I'm not complaining, only curious.|I got up to look, and so had the cat.] [Somebody must know.|Confess, you'll feel better.|If it was you: nice tune.]",
    ),
    form(
        Kind::Tale,
        "[Up before everybody, {me}|{^few} in the morning, and wide awake|Early notes by {a_job}|The town at {few}, before anyone's up|What you miss by sleeping, with {interest}]",
        "[The lanes belong to cats at that hour.|Every chimney was thinking about it.|I had the whole square to myself and walked across it twice.] {sound} [Then the first door went, and it was a day.|I recommend it, once.|I've been yawning since.]",
    ),
    form(
        Kind::Tale,
        "[In praise of a night after {dish}|Slept like {a_job} on a Sunday|Sleep, and then {dish}|Better than {interest}: a good night]",
        "[I slept through the clock, the cat and the neighbour's {few} alarm bells.|Nothing hurts. I don't know what to do with myself.] [Everything looks possible, even my {tool}.|If I'm unbearable today, that's why.|Try it.]",
    ),
    form(
        Kind::Proposal,
        "[An idea I woke up with: {idea}|I woke up thinking of {idea}]",
        "[It was quite clear at five in the morning.|Some ideas don't survive breakfast, this one did.] [{^idea}: that's what's missing here.|We'd sleep better for it, or at least laugh.] [Who's with me?|Say so below.]",
    ),
    form(
        Kind::Wanted,
        "[Wanted, for better nights: {want}|Sleepless and looking for {want}|Has anybody {want}? I've had a night of thinking]",
        "[One thinks of things at four in the morning.|It's been on my mind since the owl.] [I'd give {drink} and my eternal gratitude.|No hurry. I'll be awake.|Leave it on my step.]",
    ),
    form(
        Kind::Tale,
        "[A list for the day: {dish}, then the rest|Things to do, by {me}|My plans, {interest} included|{^few} things I'll do {today}, by {me}]",
        "I slept well, so:\n\n- [an hour of {interest}|find my {tool}|answer a letter]\n- [eat {dish}|ask about {want}|say something nice to somebody]\n- [no more than one argument|sit on a bench and mean it|be in bed by ten]\n\n[Ask me tonight.|I've done half of one already.|Anyone want to swap lists?]",
    ),
    form(
        Kind::Tale,
        "<night>[Still awake, {me}|Notes from the small hours, with {drink}|{^few} in the morning, by {me}]",
        "{sound} [I'm sitting at the window with {drink}.|If your lamp's on as well: hello.] [Good night, or good morning.|I'll be sorry tomorrow.]",
    ),
];

#[rustfmt::skip]
pub(super) const RESTED: &[Form] = &[
    form(
        Kind::Lost,
        "[Found {at}: {trinket}|{^trinket}, found {at}|Who's missing {trinket}?|Is this yours? {^trinket}, {at}]",
        "[It was lying there as if it was waiting.|I nearly sat on it.|A duck was looking at it.] [I've hung it on the nearest branch.|I've got it in my pocket. Describe it and it's yours.|I'll keep it a week, then it's the cat's.]",
    ),
    form(
        Kind::Lost,
        "[Lost: {trinket}|Lost {at}, I think: {trinket}|I've lost {trinket}, be kind|Has anybody seen {trinket}?]",
        "[I had it when I sat down {at}, and not when I got up.|It's worth nothing to anybody but me.|It was my aunt's, and she'll ask.] [The finder gets {drink}.|Please look under things.|There's {dish} in it for you.]",
    ),
    form(
        Kind::Tale,
        "[Seen {at}|A small thing, {at}|{^spot}, {today}|Half an hour {at}|What's going on {at}]",
        "{view} [I stayed to the end.|That's all. I wanted somebody to know.|I laughed out loud, alone.|One should sit down more often.]",
    ),
    form(
        Kind::Tale,
        "[On doing nothing {at}|Why I like it {at}|{^few} reasons to sit down {at}|In defence of sitting {at}|A free hour {at}]",
        "[Nobody wanted anything from me for a whole hour.|I went to think about {interest} and thought about nothing.|You can hear your own ideas there, both of them.] {view} [Recommended.|Leave the left side free, that's mine.|]",
    ),
    form(
        Kind::Invitation,
        "[{^outing}, anyone?|How about {outing}?|Who's for {outing}?|Come along: {outing}]",
        "[I thought of it {at}.|The place for it would be right there, {at}.|It's no fun alone, I've tried.] [Bring {thing} or just yourself.|Beginners welcome, I'm one.|Say yes below, then it's real.]",
    ),
    form(
        Kind::Proposal,
        "[Proposal: {idea}|What's missing {at}: {idea}|Wouldn't it be nice: {idea}|Could we have {idea}?]",
        "[I had time to think {at}.|One notices such things sitting down.] [It'd cost a Saturday and some nails.|I'd do the digging if somebody does the thinking.|Half the town has wished for it aloud.] [Who's for it?|What speaks against it?|Hands up below.]",
    ),
    form(
        Kind::Tale,
        "[A thought about {interest}|{^interest}, again|From my notebook: {interest}|What I know about {interest}|{^interest}, according to {me}|{^thing}, and what I think of it]",
        "{musing} [It came to me {at}.|I wrote it down {at}, on the back of a list.] [Anyone else?|Tell me I'm not the only one.|There, it's said.]",
    ),
    form(
        Kind::Question,
        "[Does anyone else here care for {interest}?|Who knows about {interest}?|Am I alone with {interest}?|A question about {interest}|Has anyone got {thing}?]",
        "{musing} [I'd like to meet somebody who feels the same.|There must be {few} of us at least.] [I'm {at} most days about this hour.|Answer here or find me.|I've got {thing} and nobody to show it to.]",
    ),
    form(
        Kind::Tale,
        "[Confession {at}|A confession by {a_job}|Something silly happened to me {at}|Before somebody else tells you what {me} did|{^me}, {at}: don't laugh]",
        "{mishap} [That was {today}, {at}.|There were witnesses, {at}.] [Laugh, I did.|The ducks have been very decent about it.|Tell me yours and we're even.]",
    ),
];
