//! Places in words: the article, the preposition, and what one sees there.

use hamlet_protocol::map::LandmarkKind;

/// Last words of names that stand without an article.
const BARE: [&str; 16] = [
    "park", "square", "lane", "street", "row", "walk", "bank", "end", "acre", "farm", "hill",
    "rise", "road", "green", "court", "corner",
];
/// Last words of names that want one.
const ARTICLED: [&str; 40] = [
    "café", "cafe", "library", "clinic", "workshop", "forge", "board", "hall", "bridge", "orchard",
    "terrace", "market", "bakery", "mill", "school", "inn", "shop", "store", "pub", "bar",
    "theatre", "theater", "garden", "gardens", "fountain", "harbour", "harbor", "well", "tower",
    "church", "smithy", "pottery", "pharmacy", "college", "dorm", "supply", "place", "village",
    "home", "house",
];

/// A landmark's name as a sentence has it: `the Town Hall`, `Willow Park`.
pub(in crate::minds::words) fn with_article(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("The ") {
        return format!("the {rest}");
    }
    let last = name
        .split_whitespace()
        .next_back()
        .unwrap_or_default()
        .to_lowercase();
    let numbered = name.starts_with(|c: char| c.is_ascii_digit())
        || name.ends_with(|c: char| c.is_ascii_digit());
    let common = !name.contains(' ') && name.starts_with(char::is_lowercase);
    let owned = name.contains("'s ") || name.contains("’s ");
    if numbered
        || owned
        || BARE.contains(&last.as_str())
        || !(common || ARTICLED.contains(&last.as_str()))
    {
        name.to_owned()
    } else {
        format!("the {name}")
    }
}

/// The preposition before a place.
pub(in crate::minds::words) fn preposition(name: &str, kind: &LandmarkKind) -> &'static str {
    let last = name
        .split_whitespace()
        .next_back()
        .unwrap_or_default()
        .to_lowercase();
    match (kind, last.as_str()) {
        (_, "bridge" | "terrace" | "square") => "on",
        (LandmarkKind::Park, _) | (_, "library" | "hall" | "workshop" | "orchard") => "in",
        _ => "at",
    }
}

/// What one sees in a place of a kind: whole sentences.
#[rustfmt::skip]
pub(in crate::minds::words) fn sights(kind: &LandmarkKind) -> &'static [&'static str] {
    match kind {
        LandmarkKind::Home => &[
            "The kettle and I are on good terms today.", "There's a draught here that knows everybody by name.", "The third stair has started to sing.",
            "A spider has moved in over the sink, and I've let her.", "The window sticks, so the view's always the same, but it's a good one.", "Something under the stairs is missing its partner.",
        ],
        LandmarkKind::Cafe => &[
            "Two people shared one slice of cake with two forks and great care.", "The corner table still wobbles, and still everybody wants it.", "Somebody left half a crossword, and three of us finished it.",
            "The steam on the window had a smile drawn in it.", "There were eleven cups on one table and only four people.", "A dog under the table sighed like a whole council.",
            "The sugar bowl was empty, and nobody confessed.", "A man read the menu to his mother as if it were a poem.",
        ],
        LandmarkKind::Market => &[
            "Somebody was weighing a cabbage against a story.", "A child bargained for an apple, got two, and gave one back.", "Two baskets were swapped by mistake, and everybody's eating better.",
            "There was a pear rolling about and nobody's it was.", "Three people agreed about a price. I wrote it down.", "Somebody laughed behind the cloth stall for a good five minutes.",
            "A goose inspected the vegetables and moved on.", "The scales were tested with a shoe.",
        ],
        LandmarkKind::Board => &[
            "There are more notes than pins.", "Somebody has straightened all the notes, even the cross ones.", "One note's been read so often that the corner has come off.",
            "Two people read the same note and laughed in different places.", "The oldest note up there is now mostly a hole.", "People stand closer together at the board than anywhere else in town.",
        ],
        LandmarkKind::Park => &[
            "Two ducks crossed the path as if they'd booked it.", "Somebody was asleep on a bench with a book for a roof.", "A squirrel buried something, looked at me, and dug it up again.",
            "The bench is warm on the left side only.", "A child was teaching a stick to fetch.", "There's a path across the grass now where everybody says they don't walk.",
            "The lilies have opened, and the frogs are behaving as if it was their doing.", "An old couple fed the sparrows without a word and left in step.",
        ],
        LandmarkKind::Library => &[
            "Somebody turned pages so softly that I looked up to see if they were breathing.", "There's a chair by the window that's never empty and never warm.", "One lamp flickers in the poetry section, which suits it.",
            "A sneeze went round all four tables.", "Somebody had underlined 'perhaps' on every page.", "The ladder was parked under the letter M again.",
        ],
        LandmarkKind::Workshop => &[
            "Everybody was humming something different, and it nearly fitted.", "The sawdust had footprints in it, very small ones.", "A hammer was missing and turned up in the lunch basket.",
            "The light came in sideways and made everything look finished.", "Somebody had sharpened all the pencils. Nobody owned up.", "The stove ticked, the cat slept, and the work got done anyhow.",
        ],
        LandmarkKind::TownHall => &[
            "The clock was four minutes out, as it should be.", "Somebody was practising a speech to an empty room, and it was good.", "The minutes of the last meeting are longer than the meeting.",
            "There's a chair in the hall that nobody dares to sit on, and nobody knows why.", "The banister is polished by sleeves alone.",
        ],
        LandmarkKind::Clinic => &[
            "Everybody whispers, even the kettle.", "Somebody had come only to say they were well.", "The clean curtains make you sit straighter.", "There's a jar of buttons for children, and for me.",
        ],
        LandmarkKind::Place | LandmarkKind::Other(_) => &[
            "A heron stood about as if it was waiting for somebody.", "Somebody had scratched a heart with three names.", "You could hear a spoon fall on the other side of the water.",
            "A leaf went by below and I wished it luck.", "People slow down here without knowing it.", "There were two hats on the railing and nobody under them.",
        ],
    }
}
