//! How long a server thinks before it answers: rarely long, and now and then very.

use super::mix;

/// So many bits of a hash are a fraction.
const BITS: u32 = 53;

/// Tokens that are thought before an answer, as reasoning models do: they take the time of writing and are counted with the answer's, and nobody sees them.
///
/// Their number is log-normal, drawn from the words of the request, so that any number of servers think alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thinking {
    /// Half of the answers take at most so many tokens.
    pub median: f64,
    /// Standard deviation of the logarithm; 0: all take the median.
    pub spread: f64,
    /// Where the tail is cut off.
    pub most: u64,
}

impl Thinking {
    /// Tokens before one answer, by a chance that was made from its words.
    pub(super) fn tokens(&self, chance: u64) -> u64 {
        // Two halves of a normal distribution's draw (Box and Muller), apart from what else is chosen by this chance.
        let one = fraction(mix(chance ^ 0x7468_696e_6b31));
        let two = fraction(mix(chance ^ 0x7468_696e_6b32));
        let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * two).cos();
        let tokens = self.median * (self.spread * normal).exp();
        (tokens.round() as u64).min(self.most)
    }
}

/// Above 0, and at most 1.
fn fraction(bits: u64) -> f64 {
    ((bits >> (64 - BITS)) + 1) as f64 / (1_u64 << BITS) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: Thinking = Thinking {
        median: 129.0,
        spread: 1.0,
        most: 1_500,
    };

    #[test]
    fn half_is_below_the_median_and_the_tail_is_long_and_cut() {
        let mut drawn: Vec<u64> = (0..10_000).map(|chance| CHAT.tokens(chance)).collect();
        drawn.sort_unstable();
        let median = drawn[5_000];
        assert!((120..140).contains(&median), "{median}");
        // A hundredth has 129 × e^2.33 or more.
        let p99 = drawn[9_900];
        assert!((1_100..=1_500).contains(&p99), "{p99}");
        assert_eq!(drawn.last(), Some(&1_500));
    }

    #[test]
    fn the_same_chance_the_same_number_and_without_spread_the_median() {
        assert_eq!(CHAT.tokens(7), CHAT.tokens(7));
        let steady = Thinking {
            spread: 0.0,
            ..CHAT
        };
        assert!((0..100).all(|chance| steady.tokens(chance) == 129));
    }
}
