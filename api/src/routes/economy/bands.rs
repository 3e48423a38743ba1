//! How balances are spread: how many have how much.

use hamlet_protocol::money::{MICROS, Money};
use serde::Serialize;
use utoipa::ToSchema;

use super::shown;

/// Bands at most.
const BANDS_MAX: i64 = 12;

/// How many have so much.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct BandBody {
    /// From this balance on.
    from: String,
    /// Less than this.
    below: String,
    /// Residents who have that.
    residents: usize,
}

/// Bands of one width from 0 to the highest balance: the narrowest of 1, 2, 5, 10, 20 … aiDollars that need no more than twelve.
pub(super) fn bands(balances: &[i64]) -> Vec<BandBody> {
    let Some(&highest) = balances.iter().max() else {
        return Vec::new();
    };
    let highest = highest.max(0);
    let wide = width(highest);
    let many = usize::try_from(highest / wide).unwrap_or(0) + 1;
    let mut residents = vec![0_usize; many];
    for balance in balances {
        let at = usize::try_from(balance.max(&0) / wide).unwrap_or(0);
        residents[at.min(many - 1)] += 1;
    }
    let edge = |at: i64| shown(Money(at.saturating_mul(wide)));
    (0_i64..)
        .zip(residents)
        .map(|(at, residents)| BandBody {
            from: edge(at),
            below: edge(at + 1),
            residents,
        })
        .collect()
}

fn width(highest: i64) -> i64 {
    let steps = [1, 2, 5].into_iter();
    let mut widths = (0..13_u32).flat_map(|ten| steps.clone().map(move |it| it * 10_i64.pow(ten)));
    let fits = |wide: &i64| {
        let wide = wide.checked_mul(MICROS);
        wide.is_none_or(|wide| highest / wide < BANDS_MAX)
    };
    let wide = widths.find(fits).unwrap_or(i64::MAX / MICROS);
    wide.saturating_mul(MICROS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(balances: &[i64]) -> Vec<(String, usize)> {
        let bands = bands(balances).into_iter();
        bands.map(|it| (it.from, it.residents)).collect()
    }

    #[test]
    fn everybody_is_in_one_band() {
        let balances = [0, 500_000, 1_000_000, 2_999_999, -4];
        let expected = [("0", 3), ("1", 1), ("2", 1)].map(|(from, many)| (from.to_owned(), many));
        assert_eq!(counted(&balances), expected);
        assert!(bands(&[]).is_empty());
    }

    #[test]
    fn there_are_never_more_than_twelve_bands() {
        for highest in [1, 11_999_999, 12_000_000, 999 * MICROS, i64::MAX] {
            let bands = bands(&[0, highest]);
            let all: usize = bands.iter().map(|it| it.residents).sum();
            assert!(bands.len() <= 12 && all == 2, "{highest}: {bands:?}");
        }
    }
}
