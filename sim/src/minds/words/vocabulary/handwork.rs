//! Interests of hand and bench.

use super::interests::{Interest, interest_of};

#[rustfmt::skip]
pub(super) const INTERESTS: &[Interest] = &[
    interest_of(
        "boat building",
        &["a keel in the shed", "a plank with the right curve", "a jar of copper nails"],
        &[
            "The boat in my shed is [nearly done|half done], as it has been for [four|six] years.",
            "You steam a plank, you bend it, you swear, and then it's a boat.",
            "I measured the shed door [this week|at last]. The boat is wider. [We'll speak of it no more|The door will have to go].",
            "A hull is only a basket with convictions.",
        ],
        &["Does she float yet?", "What will you call her?", "How will you get her out of the shed?"],
        &["an afternoon of sanding, tea provided", "a launching, should it come to that"],
    ),
    interest_of(
        "bridges",
        &["a bolt from the old bridge", "a drawing of an arch", "a good spot on the railing"],
        &[
            "Stand in the middle of the bridge and stamp: it [answers|hums a G].",
            "An arch is two weaknesses leaning on each other. I find that [encouraging|rather moving].",
            "I count the planks each time I cross. It's [ninety-one|eighty-seven], except on Fridays.",
            "Whoever builds a bridge thinks well of the other side.",
        ],
        &["Will our bridge last?", "Wood or stone?", "How many planks has it got?"],
        &["a look at the bridge from below", "a matchstick bridge contest"],
    ),
    interest_of(
        "clay",
        &["a lump that wants to be a bowl", "a wire with two corks", "a bucket of slip"],
        &[
            "Clay remembers every touch, [and so does my apron|the kiln tells on you].",
            "I meant a vase and got a [bowl|plate]. The clay had [other ideas|seniority].",
            "A bowl is mostly the nothing in the middle.",
            "There's clay under my nails, in my hair and, since lunch, in [the butter|a letter].",
        ],
        &["What are you shaping?", "Does it always crack?", "How do you centre it?"],
        &["an hour at the wheel, old clothes please", "a day of pinch pots"],
    ),
    interest_of(
        "clocks",
        &["a clock that's nearly right", "a box of small screws", "a spare pendulum"],
        &[
            "I've got [seven|five] clocks and no idea what time it is.",
            "The hall clock is [four|three] minutes out. I wave at it each noon, like to a friend with a limp.",
            "A clock that's stopped is only waiting for somebody.",
            "Between tick and tock there's just room for [a thought|regret].",
        ],
        &["What time is it, really?", "Could you look at a clock that's stopped?", "Do they all strike together at your place?"],
        &["a winding evening", "a visit to the works of the hall clock"],
    ),
    interest_of(
        "embroidery",
        &["a hoop with half a hare in it", "a skein of moss green", "a thimble that fits"],
        &[
            "I'm stitching [a hare|a hedgerow|an owl]. At present it looks like a [slipper|turnip] with hopes.",
            "The back of the cloth tells the truth. Don't look at the back.",
            "Forty shades of green, and the leaf wants the forty-first.",
            "One stitch for each thing I didn't say today. It's coming on nicely.",
        ],
        &["What are you stitching?", "May I see the back?", "How do you thread it without saying words?"],
        &["a stitching circle, gossip allowed", "an evening of mending with embroidery over it"],
    ),
    interest_of(
        "kites",
        &["a spool of good string", "a tail made of rags", "a tree to stay away from"],
        &[
            "My last kite is in the [poplar|plum tree]. It looks happy there.",
            "A kite is a letter to the wind, and the wind [writes all over it|answers with its elbow].",
            "All you need is paper, two sticks and somebody to run.",
            "The string hums when it's high. You can feel it think.",
        ],
        &["Has the kite come down from the tree?", "Diamond or box?", "Who runs and who holds?"],
        &["an afternoon of kites on the meadow", "a kite-mending hour"],
    ),
    interest_of(
        "knitting",
        &["a ball of grey wool", "a sock without its brother", "number four needles"],
        &[
            "I've finished the left sock. The right one is [a matter of character|next year].",
            "Knit one, drop two, [count again|blame the cat].",
            "A scarf is finished when [the wool is|somebody's cold].",
            "I knit so as not to interrupt people. It works until I lose count.",
        ],
        &["What is it going to be?", "Who's the lucky neck?", "How do you turn a heel?"],
        &["a knitting hour, all levels, one teapot", "a scarf knitted by everybody, a hand's width each"],
    ),
    interest_of(
        "lanterns",
        &["a lantern with coloured panes", "a wick that doesn't smoke", "a hook by the door"],
        &[
            "A lantern by the path says: somebody [thought of you|is expected].",
            "I've cut stars into the tin. The wall behind is a whole sky now.",
            "One lantern makes the dark bigger. Two make it [a room|friendly].",
            "Red panes for a party, yellow for waiting, blue for [no reason|the fish].",
        ],
        &["Who lights the ones by the bridge?", "Oil or candle?", "Would you make one for my door?"],
        &["a lantern walk after dark", "an evening of cutting stars into tins"],
    ),
    interest_of(
        "mending things",
        &["a chair with three opinions", "a pot of glue", "a screw that belongs somewhere"],
        &[
            "I mended the [kettle|stool|umbrella]. There are two screws left over, and it works better.",
            "Nothing is broken for good; it's only [waiting for glue|between uses].",
            "People say 'don't trouble yourself' and hold the thing out further.",
            "A good mend shows. It's a medal.",
        ],
        &["Could you look at a wobbly chair?", "What's the oddest thing you've mended?", "Glue or nails?"],
        &["a mending table: bring what's broken", "an hour of sharpening everybody's scissors"],
    ),
    interest_of(
        "old maps",
        &["a map with a sea monster", "a path that's on no map", "a brass compass"],
        &[
            "There's a map in the library with a [lane|well] on it that nobody can find.",
            "I like the blank parts best. Somebody was honest there.",
            "On the oldest map our town is a dot and a [tree|goose]. The [tree|goose] is bigger.",
            "Fold a map wrong once and it's wrong for life.",
        ],
        &["Found anything on the maps?", "Was the river always there?", "What's the oldest map you've held?"],
        &["a walk with a map a hundred years out of date", "an evening bent over maps with the good lamp"],
    ),
    interest_of(
        "painting",
        &["a tube of the good blue", "a brush with hairs left", "an hour of even light"],
        &[
            "I painted the bridge [again|in the wrong colours]. It looks more like itself.",
            "The trouble with light is that it [moves|won't sit still].",
            "Somebody said 'my [goat|child] could do that'. I've offered the [goat|child] a brush.",
            "Blue isn't a colour, it's [a mood with a price|an opinion].",
        ],
        &["What's on the easel?", "Would you paint my door?", "When do you know it's finished?"],
        &["a painting hour by the water", "an exhibition along a washing line"],
    ),
    interest_of(
        "paper birds",
        &["a square of good paper", "a crane with bent wings", "a thread to hang it from"],
        &[
            "I fold one for every [letter I don't answer|errand I put off]. There's quite a flock.",
            "I left a paper bird on a [sill|bench] and it was gone. I like to think it [flew|has a home].",
            "Nine folds and it's nothing, ten folds and it's [looking at you|a crane].",
            "The trick is to crease as if you meant it.",
        ],
        &["Was that your bird on the bench?", "How many folds are in a crane?", "Do they ever fly?"],
        &["a folding hour: a hundred birds or bust", "a hanging of paper birds in the hall"],
    ),
    interest_of(
        "toy making",
        &["a wheel the size of a button", "a bear without its eyes yet", "a pot of red paint"],
        &[
            "I made a duck that waddles. Testing took [all afternoon|longer than making]. It had to.",
            "A toy must survive a stair, a dog and a [Sunday|grandfather].",
            "Give a horse wheels and no child asks why.",
            "Eyes last. Once it's got eyes you can't [throw it away|be cross with it].",
        ],
        &["What's on the bench?", "Who tests the toys?", "Do you ever keep one?"],
        &["an hour of painting small wheels", "a race of wooden animals down the ramp"],
    ),
    interest_of(
        "wood carving",
        &["a piece of lime wood", "a knife that holds its edge", "a pocket full of shavings"],
        &[
            "There's [an owl|a fish|a spoon] in every log. You only have to [take away the rest|listen].",
            "I've carved [eleven|twenty] spoons. We're two at table.",
            "Go with the grain. It's good advice for [wood|most things].",
            "I find shavings in my [bed|tea|hat]. It's a sign of a good week.",
        ],
        &["What's in the log this time?", "Lime or pear?", "Still got all your fingers?"],
        &["a spoon-carving evening", "a bench, a knife and a log each"],
    ),
];
