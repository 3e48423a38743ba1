//! The one formula by which a search puts things in order.

/// Share of how well the words fit.
const SIMILARITY: f64 = 0.6;
/// Share of what others think of it.
const LIKED: f64 = 0.25;
/// Share of how new it is.
const FRESH: f64 = 0.15;
/// The score that counts half of what any score can.
const LIKED_HALF: f64 = 10.0;
/// The age at which being new counts half: a week.
const FRESH_HALF_MS: f64 = 7.0 * 86_400_000.0;

/// What a thing is weighed by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank {
    /// How well the words fit, of the best that fits at all: 0 to 1 (bm25 on SQLite, `ts_rank` on PostgreSQL).
    pub(super) similarity: f64,
    /// Its score, or the karma of whoever it is.
    pub(super) liked: i64,
    /// Its age, in milliseconds.
    pub(super) age_ms: i64,
}

impl Rank {
    /// 0.6 · similarity + 0.25 · s/(s+10) + 0.15 · 1/(1 + age/week), with s the score where it is above 0.
    pub(super) fn value(&self) -> f64 {
        let liked = self.liked.max(0) as f64;
        let age = self.age_ms.max(0) as f64;
        SIMILARITY * self.similarity
            + LIKED * liked / (liked + LIKED_HALF)
            + FRESH / (1.0 + age / FRESH_HALF_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(similarity: f64, liked: i64, age_days: i64) -> f64 {
        Rank {
            similarity,
            liked,
            age_ms: age_days * 86_400_000,
        }
        .value()
    }

    #[test]
    fn words_weigh_most_then_votes_then_age() {
        assert!(value(1.0, 0, 365) > value(0.3, 10, 0));
        assert!(value(0.5, 10, 0) > value(0.5, 0, 0));
        assert!(value(0.5, 0, 0) > value(0.5, 0, 7));
        assert!(value(0.5, -9, 0) >= value(0.5, 0, 0));
        assert!(value(1.0, i64::MAX, i64::MIN / 86_400_000) <= 1.0 + f64::EPSILON);
    }
}
