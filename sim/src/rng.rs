//! Chance as a parameter: streams that depend on the run's seed and on what they are for, never on order or threads.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What a stream is for, so that two uses in one tick never share numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Making the residents of a scenario.
    Spawn = 1,
    /// A scripted mind deciding.
    Decide = 2,
    /// A conversation finding its words.
    Talk = 3,
    /// A resident writing.
    Write = 4,
    /// A walker choosing its way.
    Walk = 5,
    /// Work and its fruits.
    Work = 6,
    /// A map being generated.
    Map = 7,
    /// A researcher's own model.
    Model = 8,
}

/// A short-lived stream of chance.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

impl Stream {
    /// The stream of one thing (`who`, such as an agent's number) at one tick.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, who: u64, tick: u64) -> Self {
        let key = mix(seed ^ mix(purpose as u64 ^ mix(who ^ mix(tick))));
        Self(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `bound`; 0 when `bound` is 0.
    /// Multiply-shift without rejection: its bias is below 2⁻³² for every bound a village has, and it never loops.
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// Whether something of this chance (in 10 000) happens.
    pub fn chance(&mut self, of_10_000: u32) -> bool {
        self.below(10_000) < of_10_000
    }

    /// A number from 0 up to but not including 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Whether something of this probability happens: never at 0 or less, always at 1 or more.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number from `low` up to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A number of the normal distribution with mean 0 and standard deviation 1 (Marsaglia's polar method).
    pub fn gauss(&mut self) -> f64 {
        loop {
            let (u, v) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * libm::sqrt(-2.0 * libm::log(s) / s);
            }
        }
    }

    /// A direction: a vector of length 1.
    pub fn direction(&mut self) -> [f64; 2] {
        loop {
            let (x, y) = (self.between(-1.0, 1.0), self.between(-1.0, 1.0));
            let square = x * x + y * y;
            if square > 1e-6 && square <= 1.0 {
                let length = libm::sqrt(square);
                return [x / length, y / length];
            }
        }
    }

    /// One of the items, or `None` when there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u32) as usize)
    }

    /// Puts the items in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u32 + 1) as usize);
        }
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014).
#[must_use]
pub fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_all_it_is_made_from() {
        let first = |seed, purpose, who, tick| Stream::new(seed, purpose, who, tick).bits();
        let base = first(1, Purpose::Walk, 2, 3);
        assert_eq!(base, first(1, Purpose::Walk, 2, 3));
        for other in [
            first(2, Purpose::Walk, 2, 3),
            first(1, Purpose::Talk, 2, 3),
            first(1, Purpose::Walk, 3, 3),
            first(1, Purpose::Walk, 2, 4),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn gauss_has_its_mean_and_deviation() {
        let mut stream = Stream::new(1, Purpose::Model, 0, 0);
        let drawn: Vec<f64> = (0..20_000).map(|_| stream.gauss()).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let variance =
            drawn.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / drawn.len() as f64;
        assert!(
            mean.abs() < 0.03 && (variance - 1.0).abs() < 0.04,
            "mean {mean}, variance {variance}"
        );
    }

    #[test]
    fn directions_have_length_one_and_point_everywhere() {
        let mut stream = Stream::new(1, Purpose::Model, 0, 0);
        let mut quadrants = [0_u32; 4];
        for _ in 0..4000 {
            let [x, y] = stream.direction();
            assert!((x * x + y * y - 1.0).abs() < 1e-12);
            quadrants[usize::from(x < 0.0) * 2 + usize::from(y < 0.0)] += 1;
        }
        assert!(
            quadrants.iter().all(|&n| (850..1150).contains(&n)),
            "{quadrants:?}"
        );
    }

    #[test]
    fn what_is_certain_happens_and_what_is_impossible_does_not() {
        let mut stream = Stream::new(1, Purpose::Model, 0, 0);
        assert!((0..1000).all(|_| stream.happens(1.0) && !stream.happens(0.0)));
    }

    #[test]
    fn below_covers_its_range() {
        let mut stream = Stream::new(1, Purpose::Model, 0, 0);
        let mut seen = [0_u32; 6];
        for _ in 0..6000 {
            seen[stream.below(6) as usize] += 1;
        }
        assert!(seen.iter().all(|&n| (800..1200).contains(&n)), "{seen:?}");
        assert_eq!(stream.below(0), 0);
    }
}
