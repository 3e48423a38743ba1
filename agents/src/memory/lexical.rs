//! A deterministic embedder that knows words and not what they mean: hashed words and their beginnings. It is called lexical, because that is what it is.

use std::collections::BTreeMap;

use crate::mock::hash;

/// Name of the embedder, kept with rows so that vectors of different ones are never mixed.
pub const LEXICAL_MODEL: &str = "lexical-4096";
/// Numbers of a vector; nearly all are zero and left out.
pub(super) const LEXICAL_LEN: u64 = 4_096;
/// Letters of a word by which its forms count as alike.
const STEM: usize = 5;

/// A vector without its zeros: places in order, with their numbers.
pub(super) type Sparse = Vec<(u16, f32)>;

/// The vector of a text; its length is one, or zero where it has no words.
#[must_use]
pub(super) fn embed(text: &str) -> Sparse {
    let mut vector: BTreeMap<u16, f32> = BTreeMap::new();
    for word in text
        .to_lowercase()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.len() > 2)
    {
        *vector
            .entry((hash(1, word) % LEXICAL_LEN) as u16)
            .or_default() += 1.0;
        let stem: String = word.chars().take(STEM).collect();
        *vector
            .entry((hash(2, &stem) % LEXICAL_LEN) as u16)
            .or_default() += 0.5;
    }
    let length = vector.values().map(|it| it * it).sum::<f32>().sqrt();
    let vector = vector.into_iter();
    vector
        .map(|(place, number)| (place, number / length))
        .collect()
}

/// How alike two texts are: 0 to 1.
pub(super) fn likeness(one: &Sparse, other: &Sparse) -> f32 {
    let (mut sum, mut others) = (0.0, other.iter().peekable());
    for &(place, number) in one {
        while others.next_if(|&&(theirs, _)| theirs < place).is_some() {}
        if let Some(&&(_, theirs)) = others.peek().filter(|&&&(theirs, _)| theirs == place) {
            sum += number * theirs;
        }
    }
    sum
}
