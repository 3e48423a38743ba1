//! Words of a question in words of a memory: the weighing known as BM25, with a root where others take a logarithm, so that every machine ranks alike.

use std::collections::BTreeMap;

use crate::mock::hash;

/// How soon a word that is said again counts no more.
const SATURATION: f32 = 1.2;
/// How much the length of a text counts.
const LENGTH: f32 = 0.75;
/// Letters of the shortest word that counts.
const LETTERS_MIN: usize = 3;

/// The words of a text: their hashes, in order, and how often each is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Words {
    counts: Vec<(u32, u8)>,
    all: f32,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut counts: BTreeMap<u32, u8> = BTreeMap::new();
        let mut all = 0.0;
        for word in text
            .to_lowercase()
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| word.chars().count() >= LETTERS_MIN)
        {
            let count = counts.entry(hash(4, word) as u32).or_default();
            *count = count.saturating_add(1);
            all += 1.0;
        }
        Self {
            counts: counts.into_iter().collect(),
            all,
        }
    }

    fn count(&self, word: u32) -> f32 {
        let at = self.counts.binary_search_by_key(&word, |&(word, _)| word);
        at.map_or(0.0, |at| f32::from(self.counts[at].1))
    }
}

/// How well each text answers a question by its words: 1 for the best, 0 where none is shared.
pub(super) fn scores(question: &Words, texts: &[&Words]) -> Vec<f64> {
    let many = texts.len() as f32;
    let mean = (texts.iter().map(|text| text.all).sum::<f32>() / many.max(1.0)).max(1.0);
    let mut sums = vec![0.0_f32; texts.len()];
    for &(word, _) in &question.counts {
        let counts: Vec<f32> = texts.iter().map(|text| text.count(word)).collect();
        let with = counts.iter().filter(|&&count| count > 0.0).count() as f32;
        if with == 0.0 {
            continue;
        }
        let rarity = (1.0 + (many - with + 0.5) / (with + 0.5)).sqrt() - 1.0;
        for ((sum, text), count) in sums.iter_mut().zip(texts).zip(counts) {
            let length = 1.0 - LENGTH + LENGTH * text.all / mean;
            *sum += rarity * count * (SATURATION + 1.0) / (count + SATURATION * length);
        }
    }
    let best = sums.iter().copied().fold(0.0, f32::max);
    let share = |sum: f32| {
        if best > 0.0 {
            f64::from(sum / best)
        } else {
            0.0
        }
    };
    sums.into_iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_weigh_more_than_common_ones_and_short_texts_more_than_long() {
        let texts = [
            "the baker bakes bread and cakes all day and sells them at the market to people",
            "the baker bakes",
            "the smith and the baker",
            "the smith sleeps",
            "",
        ];
        let texts: Vec<Words> = texts.iter().map(|text| Words::of(text)).collect();
        let texts: Vec<&Words> = texts.iter().collect();
        let scores = |question: &str| scores(&Words::of(question), &texts);
        let found = scores("does the BAKER sell bread?");
        assert!((found[0] - 1.0).abs() < 1e-6, "{found:?}");
        assert!(found[1] > found[3] && found[3] > found[4], "{found:?}");
        let found = scores("baker");
        assert!(found[1] > found[0], "{found:?}");
        assert!((scores("dragons")[0]).abs() < 1e-9);
    }
}
