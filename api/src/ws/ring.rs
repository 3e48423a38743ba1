//! What was told lately, so that a listener who comes back can go on where it was.

use std::collections::VecDeque;
use std::sync::Arc;

/// News as the ring sees it.
pub(super) trait Numbered {
    /// Whether all that matters in it has a number of its own. Steps have none: a frame with nothing but steps carries the number of the frame before.
    const EXACT: bool;

    /// Number of the last durable event in it.
    fn seq(&self) -> u64;
}

/// The last news, oldest first.
#[derive(Debug)]
pub(super) struct Ring<T> {
    news: VecDeque<Arc<T>>,
    max: usize,
    /// Everything after the event with this number is in it.
    from: u64,
}

impl<T: Numbered> Ring<T> {
    /// A ring that keeps so many.
    pub(super) fn new(max: usize) -> Self {
        Self {
            news: VecDeque::new(),
            max,
            from: 0,
        }
    }

    pub(super) fn push(&mut self, news: Arc<T>) {
        if self.news.len() == self.max
            && let Some(oldest) = self.news.pop_front()
        {
            self.from = oldest.seq();
        }
        self.news.push_back(news);
    }

    /// Begins anew after the event with this number: what came before is not whole.
    pub(super) fn begin(&mut self, from: u64) {
        self.news.clear();
        self.from = from;
    }

    /// All news that somebody may have missed whose last frame had this number, or `None` when it is too long ago to say, or has not happened yet.
    pub(super) fn since(&self, seq: u64, latest: u64) -> Option<impl Iterator<Item = &Arc<T>>> {
        let oldest = if T::EXACT { self.from } else { self.from + 1 };
        let whole = (oldest..=latest).contains(&seq);
        whole.then(|| {
            self.news
                .iter()
                .filter(move |news| news.seq() > seq || (!T::EXACT && news.seq() == seq))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Told<const EXACT: bool>(u64);

    impl<const EXACT: bool> Numbered for Told<EXACT> {
        const EXACT: bool = EXACT;

        fn seq(&self) -> u64 {
            self.0
        }
    }

    fn ring<const EXACT: bool>() -> Ring<Told<EXACT>> {
        let mut ring = Ring::new(3);
        ring.begin(1);
        for seq in [4, 6, 6, 9] {
            ring.push(Arc::new(Told(seq)));
        }
        ring
    }

    fn since<const EXACT: bool>(ring: &Ring<Told<EXACT>>, seq: u64) -> Option<Vec<u64>> {
        Some(ring.since(seq, 12)?.map(|told| told.0).collect())
    }

    #[test]
    fn one_goes_on_only_from_what_is_still_whole() {
        let ring = ring::<true>();
        assert_eq!(since(&ring, 3), None, "the first was dropped");
        assert_eq!(since(&ring, 4), Some(vec![6, 6, 9]));
        assert_eq!(since(&ring, 6), Some(vec![9]));
        assert_eq!(since(&ring, 12), Some(vec![]));
        assert_eq!(since(&ring, 13), None, "of another world");
    }

    #[test]
    fn what_has_no_number_of_its_own_is_told_again() {
        let ring = ring::<false>();
        assert_eq!(since(&ring, 4), None, "frames with 4 may have been dropped");
        assert_eq!(since(&ring, 5), Some(vec![6, 6, 9]));
        assert_eq!(since(&ring, 6), Some(vec![6, 6, 9]));
        assert_eq!(since(&ring, 9), Some(vec![9]));
    }
}
