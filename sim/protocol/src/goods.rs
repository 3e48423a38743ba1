//! Goods: what people make, carry, give and trade.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of goods. One byte in memory, a word in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[expect(missing_docs, reason = "the words say it all")]
pub enum Item {
    Bread,
    Vegetables,
    Fish,
    Honey,
    Cloth,
    Pottery,
    Tools,
    Furniture,
    Books,
    Candles,
    Herbs,
    Flowers,
    Toys,
    Instruments,
    Baskets,
    Letters,
}

impl Item {
    /// All kinds of goods.
    pub const ALL: [Self; 16] = [
        Self::Bread,
        Self::Vegetables,
        Self::Fish,
        Self::Honey,
        Self::Cloth,
        Self::Pottery,
        Self::Tools,
        Self::Furniture,
        Self::Books,
        Self::Candles,
        Self::Herbs,
        Self::Flowers,
        Self::Toys,
        Self::Instruments,
        Self::Baskets,
        Self::Letters,
    ];

    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bread => "bread",
            Self::Vegetables => "vegetables",
            Self::Fish => "fish",
            Self::Honey => "honey",
            Self::Cloth => "cloth",
            Self::Pottery => "pottery",
            Self::Tools => "tools",
            Self::Furniture => "furniture",
            Self::Books => "books",
            Self::Candles => "candles",
            Self::Herbs => "herbs",
            Self::Flowers => "flowers",
            Self::Toys => "toys",
            Self::Instruments => "instruments",
            Self::Baskets => "baskets",
            Self::Letters => "letters",
        }
    }

    /// The kind of goods of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.as_str() == word)
    }

    /// What somebody of this trade makes.
    #[must_use]
    pub fn made_by(occupation: Option<&str>) -> Self {
        let Some(occupation) = occupation else {
            return Self::Baskets;
        };
        match occupation.to_lowercase().as_str() {
            "baker" | "cook" | "miller" | "brewer" => Self::Bread,
            "gardener" | "farmer" => Self::Vegetables,
            "fisher" | "ferryman" | "sailor" => Self::Fish,
            "beekeeper" => Self::Honey,
            "weaver" | "tailor" | "dyer" => Self::Cloth,
            "potter" | "sculptor" | "mason" => Self::Pottery,
            "smith" | "blacksmith" | "mechanic" | "engineer" => Self::Tools,
            "carpenter" | "joiner" => Self::Furniture,
            "librarian" | "teacher" | "writer" | "poet" | "printer" => Self::Books,
            "chandler" => Self::Candles,
            "nurse" | "doctor" | "healer" | "apothecary" | "herbalist" => Self::Herbs,
            "florist" => Self::Flowers,
            "toymaker" | "painter" | "clockmaker" => Self::Toys,
            "musician" | "luthier" => Self::Instruments,
            "clerk" | "postmaster" | "messenger" | "guide" => Self::Letters,
            _ => Self::Baskets,
        }
    }

    /// Whether one can eat it.
    #[must_use]
    pub fn edible(self) -> bool {
        matches!(
            self,
            Self::Bread | Self::Vegetables | Self::Fish | Self::Honey
        )
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
