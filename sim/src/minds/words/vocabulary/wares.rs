//! Goods in words: articles, plurals and what there is to say about them.

use hamlet_protocol::goods::Item;

/// A kind of goods in words.
pub(in crate::minds::words) struct Wares {
    /// One piece, with its article.
    pub(in crate::minds::words) pieces: &'static [&'static str],
    /// What is sold of it, as a plural or a mass, without article.
    pub(in crate::minds::words) lots: &'static [&'static str],
    /// What is good about it: whole sentences.
    pub(in crate::minds::words) praise: &'static [&'static str],
    /// What went wrong with a piece: whole sentences.
    pub(in crate::minds::words) flaws: &'static [&'static str],
}

/// The words for a kind of goods.
#[rustfmt::skip]
pub(in crate::minds::words) const fn wares(item: Item) -> &'static Wares {
    match item {
        Item::Bread => &Wares {
            pieces: &["a loaf of bread", "a rye loaf", "a loaf still warm", "a bag of rolls"],
            lots: &["fresh bread", "loaves", "rye loaves and rolls"],
            praise: &["The crust crackles when you lean in.", "It's still warm, and I make no promises for later.", "It holds butter like a promise.", "Good with soup, better without waiting."],
            flaws: &["One loaf looks like a boot and tastes like a loaf.", "The crooked ones are cheaper and know it.", "One came out hollow, for people who like jam."],
        },
        Item::Vegetables => &Wares {
            pieces: &["a basket of vegetables", "a bunch of carrots", "a cabbage the size of a head", "a bag of beans"],
            lots: &["vegetables", "cabbages and carrots", "fresh greens"],
            praise: &["Picked this week, washed nearly.", "The carrots still have their hair on.", "The beans squeak as beans should.", "They taste of what they are."],
            flaws: &["One carrot has legs; be kind to it.", "The lettuce had visitors, but they've moved out.", "The biggest pumpkin isn't for sale; it's family."],
        },
        Item::Fish => &Wares {
            pieces: &["a fine trout", "a brace of perch", "a smoked fish", "a fish wrapped in dock leaves"],
            lots: &["fish", "river trout", "smoked fish"],
            praise: &["It was in the river at breakfast.", "Smoked over apple wood, eaten over anything.", "The eyes are clear, as far as fish go.", "Ask me about the sauce."],
            flaws: &["One's small but has a good story.", "The pike bit back; see my thumb.", "The cat has already chosen hers."],
        },
        Item::Honey => &Wares {
            pieces: &["a jar of honey", "a jar of linden honey", "a piece of comb", "a small pot of heather honey"],
            lots: &["honey", "jars of honey", "honey and comb"],
            praise: &["It's the colour of a good afternoon.", "The bees send their regards.", "One spoon and the morning has a point.", "Set firm, the way it should be."],
            flaws: &["One lid sticks. That's how you know it's honey.", "The labels are crooked; the honey isn't.", "There's a wing in one jar. Finder's luck."],
        },
        Item::Cloth => &Wares {
            pieces: &["a length of cloth", "a woollen blanket", "a striped scarf", "a bolt of linen"],
            lots: &["cloth", "scarves and blankets", "linen by the yard"],
            praise: &["It's warm and doesn't scratch, which is rarer than you'd think.", "The blue comes from real indigo and a ruined apron.", "It'll outlast the sofa.", "Feel it before you say no."],
            flaws: &["One stripe is wider than its sister.", "There's a knot in row forty. I call it character.", "One scarf came out long enough for two."],
        },
        Item::Pottery => &Wares {
            pieces: &["a glazed bowl", "a pottery jug", "a pair of cups", "a plate with a blue rim"],
            lots: &["pottery", "cups and bowls", "jugs and plates"],
            praise: &["Every cup fits a hand; find yours.", "The jug pours without dribbling, I tested it on my sister.", "They ring when you tap them.", "The glaze surprised even me."],
            flaws: &["One bowl leans to the left and is proud of it.", "One jug has a thumbprint. It's mine.", "The seconds are on the low shelf, for philosophers."],
        },
        Item::Tools => &Wares {
            pieces: &["a good hammer", "a set of hooks and hinges", "a sharp little knife", "a hoe with a new handle"],
            lots: &["tools", "knives and hinges", "hooks, nails and hinges"],
            praise: &["The balance is right; let it hang from two fingers.", "It'll be somebody's grandchild's.", "It keeps its edge longer than I keep mine.", "No squeaks, I've listened."],
            flaws: &["One hinge opens the other way. There's a door for it somewhere.", "One hammer's a little heavy-headed, like its maker.", "The bent ones make fine coat hooks."],
        },
        Item::Furniture => &Wares {
            pieces: &["a three-legged stool", "a small shelf", "a chair that doesn't wobble", "a bedside table"],
            lots: &["furniture", "stools and shelves", "chairs"],
            praise: &["Sit on it before you judge it.", "No nails, only joints and patience.", "It's been stood on by somebody large.", "The drawer slides like butter."],
            flaws: &["One leg was short, so now all four are.", "One stool has an opinion about floors.", "There's a knot that looks like an owl. It's staying."],
        },
        Item::Books => &Wares {
            pieces: &["a bound notebook", "a book of tales", "a slim volume of verse", "a book with a new spine"],
            lots: &["books", "notebooks and tales", "rebound books"],
            praise: &["It opens flat and stays that way.", "The last page is worth the others.", "Nobody has written in the margins yet.", "It smells as a book should."],
            flaws: &["Page forty is upside down, which helps some people.", "One has somebody's list in it: eggs, string, forgive Uncle.", "The print is small, but so is the price."],
        },
        Item::Candles => &Wares {
            pieces: &["a bundle of candles", "a beeswax candle", "a pair of tapers", "a fat candle for long evenings"],
            lots: &["candles", "beeswax candles", "tapers and stubs"],
            praise: &["They burn an evening and a bit.", "No smoke, no drip, and a little lavender.", "They smell faintly of summer.", "Good for reading and for being talked to."],
            flaws: &["One has a bend in it, the optimist.", "One has two wicks and can't decide.", "The stubs are free to anyone afraid of the stairs."],
        },
        Item::Herbs => &Wares {
            pieces: &["a bunch of herbs", "a bag of mint tea", "a tin of salve", "a twist of thyme and sage"],
            lots: &["herbs", "dried herbs and salve", "mint, thyme and sage"],
            praise: &["One sniff and you're hungry.", "The salve works; it's the smell that frightens the ache.", "Dried in the dark and tied in pairs.", "Good in soup, good in a bath, don't mix them up."],
            flaws: &["One bag's unlabelled. I think it's courage.", "Some of the mint got into the sage, and they're very happy.", "The chamomile put my scales to sleep."],
        },
        Item::Flowers => &Wares {
            pieces: &["a bunch of flowers", "a pot of daisies", "a posy", "a wreath for a door"],
            lots: &["flowers", "posies and pots", "cut flowers"],
            praise: &["They'll last a week if you talk to them.", "The yellow ones smell best, don't tell the roses.", "They say what you were going to.", "Cut this morning, still surprised."],
            flaws: &["One bunch is mostly leaves, for shy people.", "There's a bee in one. It's not included.", "A few have a bent neck and a good heart."],
        },
        Item::Toys => &Wares {
            pieces: &["a wooden duck on wheels", "a spinning top", "a carved bear", "a jumping jack"],
            lots: &["toys", "wooden animals", "tops and ducks"],
            praise: &["It waddles. That's the whole point.", "Tested on a stair, a dog and a grandfather.", "The red is real red.", "It has outlived one puppy already."],
            flaws: &["One bear looks worried. It needs the right child.", "One duck goes round in circles and enjoys it.", "One top hums a wrong note, very well."],
        },
        Item::Instruments => &Wares {
            pieces: &["a willow flute", "a small drum", "a fiddle with a new bridge", "a pair of wooden clappers"],
            lots: &["instruments", "flutes and drums", "whistles and drums"],
            praise: &["It's in tune, which is more than one can say for most of us.", "Even I got a song out of it.", "The tone is warm, like the maker's kitchen.", "It wants to be played loud, but it'll whisper."],
            flaws: &["One flute knows only sad songs.", "One drum is a bit forward.", "The high note needs a friend."],
        },
        Item::Baskets => &Wares {
            pieces: &["a willow basket", "a basket with a lid", "an egg basket", "a small round basket"],
            lots: &["baskets", "willow baskets", "baskets with and without lids"],
            praise: &["It holds eleven eggs or one cat.", "It creaks when it's happy.", "The handle's where your hand already is.", "You could carry water in it, briefly."],
            flaws: &["One's a bit oval, as are we all.", "One handle's on the side. It's a basket for thinkers.", "The cat's had a nap in the big one. No extra charge."],
        },
        Item::Letters => &Wares {
            pieces: &["a bundle of letter paper", "a letter written to order", "a card in a fair hand", "a packet of envelopes"],
            lots: &["letters and paper", "letters written to order", "letter paper and envelopes"],
            praise: &["I write to anybody, about anything, in your own words but straighter.", "Good paper makes people honest.", "The blue ink is thrown in.", "I can do firm, fond, or firm but fond."],
            flaws: &["One sheet has a blot shaped like a hen.", "I spell 'neighbour' with feeling.", "The last envelope doesn't stick. Lick it twice."],
        },
    }
}
