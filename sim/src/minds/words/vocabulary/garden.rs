//! Interests of kitchen and garden.

use super::interests::{Interest, interest_of};

#[rustfmt::skip]
pub(super) const INTERESTS: &[Interest] = &[
    interest_of(
        "beekeeping",
        &["a frame of honeycomb", "a smoker that doesn't go out", "a veil without holes"],
        &[
            "[The bees|My bees] know me by now. Whether they like me is another matter.",
            "You can hear a hive's mood before you lift the lid. Today's was [B flat|cheerful|a low grumble].",
            "A bee visits a thousand flowers for one spoon of honey, and then I put it in [tea|porridge].",
            "I was stung on the [thumb|ear|ankle] and apologised to the bee.",
        ],
        &["Are your bees behaving?", "How many stings is it this year?", "Do the bees really know you?"],
        &["a careful look into the hives", "a tasting, one spoon per hive"],
    ),
    interest_of(
        "bread",
        &["a sourdough starter with a name", "a proper bread knife", "a crust that crackles"],
        &[
            "My starter rose over the rim in the night and [took the tea towel with it|went looking for me].",
            "You can judge a [house|town|friendship] by the end piece of the loaf and who gets it.",
            "I knock on the bottom of a loaf the way others knock on doors. It answers.",
            "Rye is patient, wheat is vain, and barley [does what it likes|has no opinions].",
        ],
        &["What's the secret of your crust?", "Is your sourdough still alive?", "End piece or middle?"],
        &["a bread tasting with far too much butter", "a baking morning"],
    ),
    interest_of(
        "cheese",
        &["a wheel of something that bites back", "a rind to argue about", "a cool cellar shelf"],
        &[
            "There's a cheese on my windowsill I'm [training|getting to know]. It's winning.",
            "Cheese is milk that has [thought about it|made plans].",
            "I ate a piece of cheese [before bed|at midnight] and dreamt in three acts.",
            "A cheese without a smell has nothing to say.",
        ],
        &["What goes best with a strong cheese?", "How old was the oldest cheese you ate?", "Rind on or rind off?"],
        &["a cheese board for people with open windows", "a blind tasting with three cheeses and no mercy"],
    ),
    interest_of(
        "cooking",
        &["a pan with a past", "a wooden spoon nobody else may use", "a pinch of something secret"],
        &[
            "I put [an apple|mustard|a spoon of honey] into the cabbage and now there's no going back.",
            "Half of cooking is waiting, and I eat the other half.",
            "Every onion I chop I think: this one won't get me. [They all get me|It gets me].",
            "A recipe is a letter from somebody who was hungry.",
        ],
        &["What are you cooking tonight?", "What do you do with too many onions?", "Salt first or salt last?"],
        &["a supper where everybody chops", "one pot for six people"],
    ),
    interest_of(
        "gardening",
        &["a packet of unlabelled seeds", "a spade that fits the hand", "a row that came up straight"],
        &[
            "I planted [lettuce|peas|radishes]. The snails send their thanks.",
            "I talk to the [beans|tomatoes|courgettes]. They're better listeners than [my cousin|most].",
            "There is no such thing as a weed, only a plant with [ambition|poor manners].",
            "I went out to pull one weed [and it was evening|and missed lunch].",
        ],
        &["What's coming up in your beds?", "Are the snails as bad with you?", "What would you plant beside beans?"],
        &["a seed swap", "a walk from garden gate to garden gate"],
    ),
    interest_of(
        "herbs",
        &["a bunch of thyme", "a tin that smells of summer", "a name for every leaf"],
        &[
            "Rub a leaf of sage between your fingers and [tell me the day isn't better|the whole kitchen changes].",
            "Parsley is for show. Lovage is for people who [mean it|know].",
            "I hang the mint upside down over my bed. I dream [green|of meadows].",
            "There's a herb for everything, except for [people who hum|forgetting where you put the herbs].",
        ],
        &["What helps against a scratchy throat?", "Where do you find your thyme?", "Is there a herb for bad dreams?"],
        &["a herb walk along the hedges", "a pot of tea from whatever we pick"],
    ),
    interest_of(
        "honey",
        &["a jar of last year's heather honey", "a spoon that drips just right", "a slice to put it on"],
        &[
            "Linden honey tastes like [an afternoon with the window open|the colour yellow].",
            "Honey never spoils. I've tested that; [it never lasts|the jar never gets old enough].",
            "I put honey on cheese and [lost two friends|won three friends].",
            "Every jar is a summer somebody else worked for.",
        ],
        &["Heather or linden honey?", "How do you get honey out of a sleeve?", "What do you put honey on?"],
        &["a honey tasting, bring a spoon", "an afternoon with toast and six jars"],
    ),
    interest_of(
        "mushrooms",
        &["a basket and a small knife", "a spot I'll take to my grave", "a cap the size of a hat"],
        &[
            "I know a place for [chanterelles|ceps]. No, I'm not telling.",
            "With mushrooms there's one rule: when in doubt, [admire it|leave it, and bow].",
            "A mushroom comes overnight and looks as if it had always been there, like [a rumour|my uncle].",
            "I found a ring of them and walked around it, not through. One never knows.",
        ],
        &["Would you show me your mushroom spot, or half of it?", "How do you tell the good ones?", "Butter or oil for mushrooms?"],
        &["a mushroom walk, blindfolds for the last mile", "a pan of mushrooms and a sworn silence about where from"],
    ),
    interest_of(
        "orchards",
        &["an apple that doesn't know its own name", "a long ladder", "a basket of windfalls"],
        &[
            "There's an apple for each month if you [know the trees|ask the right tree].",
            "The old trees lean on each other like people [after a wedding|on their way home].",
            "I grafted a pear onto a quince, and both of them [look offended|seem pleased].",
            "The best apple is always one branch too high.",
        ],
        &["Which apple keeps longest?", "Have you been up to the orchard?", "What would you do with a sack of windfalls?"],
        &["an hour of picking up windfalls", "a cider-tasting under the trees"],
    ),
    interest_of(
        "recipes",
        &["a recipe in somebody's grandmother's hand", "a card with a stain on it", "the one ingredient nobody writes down"],
        &[
            "The best recipes say '[some|enough] flour' and trust you.",
            "I've copied out [forty|ninety] recipes and cooked eleven of them.",
            "Whoever wrote 'cook until done' [owes me a pot|never met my stove].",
            "A stain on the page is the highest mark a recipe can get.",
        ],
        &["Would you part with a recipe?", "What does 'a knob of butter' mean to you?", "Whose recipes do you trust?"],
        &["a recipe swap, stains welcome", "an evening of copying out each other's recipes"],
    ),
    interest_of(
        "roses",
        &["a cutting wrapped in wet paper", "a rose older than the fence", "gloves without holes"],
        &[
            "My climbing rose has reached the neighbour's window and is [being polite about it|reading over their shoulder].",
            "A rose forgives you for late pruning. It doesn't forget.",
            "I count my scratches [and call it gardening|in the evening, like a sailor].",
            "The ones without scent are only dressed up.",
        ],
        &["How hard do you cut them back?", "Which of your roses smells best?", "What do you do about greenfly?"],
        &["a walk past all the roses in town", "a pruning lesson, gloves provided"],
    ),
    interest_of(
        "shared meals",
        &["a table that seats one more", "a pot nobody sees the bottom of", "an extra chair"],
        &[
            "Soup for [six|eight] is no more work than soup for one, and [far better company|there's somebody to wash up].",
            "A long table settles more quarrels than [a council|any rule].",
            "I always cook for one more than I expect. Somebody always comes.",
            "[You know people by|Friendship is] who reaches for the last dumpling.",
        ],
        &["When do we eat together again?", "How many fit round your table?", "Who brings the bread next time?"],
        &["a long table, everybody brings a dish", "a supper where nobody sits beside the one they came with"],
    ),
    interest_of(
        "soup",
        &["a pot that holds for three days", "a bone worth boiling", "a ladle with a hook"],
        &[
            "Soup is a way of [apologising to vegetables|letting the week come together].",
            "On the third day a soup tells you what it wanted to be.",
            "I've never met a trouble that [didn't shrink beside|looked the same after] a bowl of soup.",
            "Whoever salts last must [eat first|confess].",
        ],
        &["What's in your pot?", "Thick or clear?", "Is it soup if the spoon stands up in it?"],
        &["a soup evening, bring your own bowl", "a contest of soups with no losers"],
    ),
    interest_of(
        "tea",
        &["a pot with a chipped lid", "a tin of smoky leaves", "the good cups"],
        &[
            "Four minutes for black tea, and no [opinions|talking] until it's poured.",
            "I've got [eleven|seven] tins of tea and the kettle for one of them.",
            "There are people who put the milk in first, and we [greet them all the same|let them live among us].",
            "Nothing is ever so urgent that the kettle can't be put on first.",
        ],
        &["Milk first or tea first?", "Which tea for a long evening?", "Have you time for a pot?"],
        &["a pot of tea that takes its time", "a tea tasting with strong views"],
    ),
    interest_of(
        "vegetables",
        &["a pumpkin with a name", "a carrot with two legs", "the first radish"],
        &[
            "I pulled up a carrot with [two legs|its arms crossed] and couldn't [eat it|bring myself to peel it].",
            "A courgette grows while you look away. [I blinked and had nine|Don't look away].",
            "Leeks are underrated. So is anybody who stands straight all winter.",
            "Cabbage keeps, cabbage comforts, cabbage [never writes|asks for nothing].",
        ],
        &["How are your cabbages?", "Who takes your extra courgettes?", "What grows best down by the water?"],
        &["a swap of whatever we have too much of", "a giant vegetable contest, honour system"],
    ),
    interest_of(
        "wild flowers",
        &["a pressed cornflower", "a meadow nobody mows", "a flower I can't name"],
        &[
            "I know [thirty|sixty] flowers by name now, and the rest [by their faces|to nod to].",
            "Cornflowers grow where nobody asked them. I like that in a flower.",
            "There's a poppy in the crack by the wall. It's doing better than my whole garden.",
            "I pressed a daisy in a book and found three others. I must've been happy on page ninety.",
        ],
        &["What's in flower along the path?", "What's the little blue one by the fence called?", "Do you pick them or leave them?"],
        &["a flower walk, hands in pockets", "an hour of naming things in the meadow"],
    ),
];
