//! Interests of river, woods and sky.

use super::interests::{Interest, interest_of};

#[rustfmt::skip]
pub(super) const INTERESTS: &[Interest] = &[
    interest_of(
        "birdsong",
        &["a blackbird with ideas", "a notebook of calls", "a quiet hour before six"],
        &[
            "The blackbird [on the gable|by the hall] has learned a new phrase. I think it's the [kettle|gate hinge].",
            "A wren weighs as much as a coin and shouts like [a landlord|market day].",
            "I was up at dawn to listen. [So was everybody with feathers|The robin was late].",
            "The tit sings 'teacher, teacher', and I always turn round.",
        ],
        &["Who's singing by your window?", "Can you tell a wren from a robin with your eyes shut?", "What sings at four in the morning?"],
        &["a walk at dawn with nobody talking", "half an hour of listening on a bench"],
    ),
    interest_of(
        "boats",
        &["a rowing boat with one good oar", "a coil of rope", "a name for a boat"],
        &[
            "There's no day that isn't better [in a boat|with a hand in the water].",
            "A boat is a house that has changed its mind.",
            "I've got the oars. [Now for the rest of it|The boat can't be far].",
            "Give a boat a short name: you may have to shout it.",
        ],
        &["Would you take me out on the water?", "What would you call a boat?", "Oars or a sail?"],
        &["an hour on the river", "a race of very small boats"],
    ),
    interest_of(
        "clouds",
        &["a cloud shaped like a teapot", "a good patch of grass to lie on", "a sky with something in it"],
        &[
            "I saw [a teapot|a goat|half a piano] go over. It took its time.",
            "Lying on one's back is a science. It's called [looking at clouds|meteorology].",
            "No two clouds are alike, and none of them [minds|is in a hurry].",
            "The high feathery ones mean change. They don't say of what.",
        ],
        &["What was the best cloud you ever saw?", "What do you see up there?", "Where does one lie best to look at clouds?"],
        &["an hour on our backs in the grass", "a cloud-naming contest"],
    ),
    interest_of(
        "ferns",
        &["an unrolling frond", "a damp corner of one's own", "a fern in a teacup"],
        &[
            "A fern unrolls like [a letter|somebody waking up]. I could watch all day, and once I did.",
            "Ferns were here before flowers and don't [brag|bring it up].",
            "Give me a damp wall and [I'm happy|ten years, and I'll give you ferns].",
            "I have [four|nine] ferns in the kitchen. The kitchen is theirs now.",
        ],
        &["Where do the best ferns grow?", "Do ferns like company?", "How do you keep one alive indoors?"],
        &["a walk to the dampest wall in town", "a swap of small ferns in cups"],
    ),
    interest_of(
        "fishing",
        &["a float that hasn't moved", "a hook with a story", "the one that got away"],
        &[
            "I sat [three|two] hours and caught [a boot|a thought|a cold]. [A good morning|Worth it].",
            "The fish under the bridge knows me. We've [an understanding|met].",
            "Fishing is the only way of doing nothing that people [respect|let you finish].",
            "It was this long. No, [longer|hold your hands further apart].",
        ],
        &["Do they bite?", "What do you think about all those hours?", "Worm or fly?"],
        &["a silent morning with rods", "a fish fry, if there's fish, and a bread fry if not"],
    ),
    interest_of(
        "frogs",
        &["a frog in the watering can", "a chorus at dusk", "a lily pad with somebody on it"],
        &[
            "There's a frog in my watering can. I've [bought another can|given up the can].",
            "The pond choir starts at dusk, and they [never rehearse|know only one song and love it].",
            "A frog looks at you as if you owed it [rent|an answer].",
            "I carried [one|three] across the path. No thanks, but I know they meant it.",
        ],
        &["Have you been down to the pond?", "Is it true each frog has its own note?", "What do frogs do all day?"],
        &["an evening at the pond with a lantern", "a frog count, whisper only"],
    ),
    interest_of(
        "long walks",
        &["a pair of boots that have forgiven me", "a path I hadn't seen", "a stick and a sandwich"],
        &[
            "I walked until I'd forgotten what I was cross about. It took [as far as the bridge|two miles].",
            "The long way round is only long [if you count|for people with clocks].",
            "My boots know the way to the weir. I just stand in them.",
            "You meet everybody once on the path out and once on the path back. The second time you've got something to say.",
        ],
        &["Where did you walk last?", "How far is too far?", "Do you turn round or make a loop?"],
        &["a long walk with a short stop for cake", "a loop round the whole town"],
    ),
    interest_of(
        "mosses",
        &["a cushion of moss", "a magnifying glass", "the north side of a wall"],
        &[
            "Somebody scrubbed the moss off a wall. [Thirty years of work, gone|I had to sit down].",
            "Under the glass it's a forest. I've been lost in it since [breakfast|Tuesday].",
            "Moss has no roots and still stays. Think about that.",
            "I know [eleven|eight] kinds, and they all feel like [a cat's ear|velvet with secrets].",
        ],
        &["Which wall has the best moss?", "May one step on it?", "How do you tell two mosses apart?"],
        &["a slow walk with magnifying glasses", "a barefoot minute on the moss behind the hall"],
    ),
    interest_of(
        "rain gauges",
        &["a brass funnel", "a column of small numbers", "a gauge that doesn't leak"],
        &[
            "[My gauge|The gauge by my door] has shown nought for days. I empty it every morning all the same.",
            "Precision is a form of affection. I measure to the [tenth|half drop].",
            "Something drinks from my rain gauge. I suspect [the magpie|the cat].",
            "I've got [nine|four] years of little numbers, and nobody ever asked. Until now, perhaps.",
        ],
        &["What does the gauge say?", "How do you measure a drizzle?", "Do you write down the dry days as well?"],
        &["a reading of the gauge, with tea", "the setting up of a second gauge, for company"],
    ),
    interest_of(
        "running",
        &["a loop without dogs", "a pair of shoes that still bounce", "a second wind"],
        &[
            "I ran round the pond [three|five] times. The ducks have stopped moving over.",
            "The first half mile is a mistake, every time. Then it isn't.",
            "Somebody asked what I was running from. [Supper|My desk], if you must know.",
            "I don't run fast. I run [past things|so that stopping feels better].",
        ],
        &["How many rounds was it today?", "Do you run before or after breakfast?", "Doesn't it hurt?"],
        &["a slow run, talking allowed", "a race to the bridge with handicaps by age"],
    ),
    interest_of(
        "seashells",
        &["a whelk that still hums", "a box lined with cotton", "a shell with a hole just right for string"],
        &[
            "I hold a shell to my ear and hear [the sea|my own head, which is also large and salty].",
            "Not one of my shells is from here. Each is from [somebody's pocket|a journey].",
            "A spiral is the most patient shape there is.",
            "A hermit crab moves house with less fuss than [my neighbours|anybody I know].",
        ],
        &["Which shell is your best?", "Does it really sound of the sea?", "How far away is the sea, do you think?"],
        &["a look through my boxes of shells", "an afternoon of sorting by sound"],
    ),
    interest_of(
        "stargazing",
        &["a star that wasn't there before", "a blanket and a thermos", "a chart with coffee on it"],
        &[
            "The [Swan|Lyre|Bear] stands right over the chimney at [eleven|midnight]. I set my yawn by it.",
            "If everyone put out one lamp, we'd get a thousand stars [for it|in exchange].",
            "I counted to [two hundred|ninety] and lost my place. I always do, and it's always fine.",
            "The light I saw last night left before there was a town. It came anyway.",
        ],
        &["What's up there tonight?", "Where's the darkest spot in town?", "Do you make wishes, or is that beneath a stargazer?"],
        &["an hour on a blanket after dark, lamps out", "a star walk across the bridge"],
    ),
    interest_of(
        "swimming",
        &["a towel that's nearly dry", "a bend with slow water", "blue lips and a good mood"],
        &[
            "The water by the bend is cold [until you're brave|for exactly one scream].",
            "I think best floating on my back. Nobody can [hand me anything|find me].",
            "Swim against the river and you stay exactly where you are. I find that restful.",
            "A pike swam under me. We both pretended not to notice.",
        ],
        &["Is the water bearable?", "Where do you get in?", "Do you dive or creep?"],
        &["a swim by the bend, screams allowed", "a float from the weir to the bridge"],
    ),
    interest_of(
        "the river",
        &["a flat stone", "a heron that pretends to be a post", "a message without its bottle"],
        &[
            "The heron stood [under the bridge|by the reeds] for an hour. So did I. [It won|I blinked first].",
            "The river sounds different at night, as if it [was telling somebody|knew nobody listened].",
            "I threw a stick in at the weir and met it again at the bridge. We were both pleased.",
            "You can't be in a hurry beside a river. It does the hurrying.",
        ],
        &["Have you been down to the water?", "Is the heron back?", "How deep is it under the bridge?"],
        &["a stick race from the weir to the bridge", "an hour on the bank with our feet in"],
    ),
    interest_of(
        "walking sticks",
        &["a blackthorn with a good knob", "a stick that's seen two counties", "a brass ferrule"],
        &[
            "A stick finds its walker. [Mine was lying across the path|I only bent down].",
            "Hazel for the hills, ash for the years, and blackthorn for [geese|discussions].",
            "I carved [a hare|an owl] into the handle. It's worn down to [a potato|a mystery], but I know.",
            "With a stick you're a walker. Without one you're just somebody who's late.",
        ],
        &["Hazel or ash?", "How many sticks does a person need?", "Who carved the handle?"],
        &["a stick-cutting walk along the hedge", "a parade of sticks and their stories"],
    ),
    interest_of(
        "weather",
        &["a barometer I argue with", "a swallow flying low", "a knee that knows things"],
        &[
            "My barometer says change. It's said change since [I bought it|the spring]. One day it'll be right.",
            "My left knee says [fair|wind]. My right knee abstains.",
            "I've written 'fine' so often that I've begun to [grade it|use synonyms].",
            "There's no bad weather, only [a wrong hat|people without hats].",
        ],
        &["What does your knee say?", "Will it hold?", "Do you trust the swallows or the barometer?"],
        &["a forecast contest, loser buys the tea", "an evening watching the sky make up its mind"],
    ),
];
