//! Copy-on-write pages: a long list that is cheap to publish because only the pages that changed are copied.

use std::sync::Arc;

/// Items in one page. Small enough that one changed item copies little, large enough that the page table stays short.
pub const PAGE_LEN: usize = 64;

/// A list in pages that clones in `O(len / PAGE_LEN)` pointer copies and shares every page nobody wrote to.
#[derive(Clone, Debug)]
pub struct Pages<T> {
    pages: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Clone> Pages<T> {
    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item at an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.pages.get(index / PAGE_LEN)?.get(index % PAGE_LEN)
    }

    /// The item at an index, to be changed. Its page is copied where somebody else holds it too.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let page = self.pages.get_mut(index / PAGE_LEN)?;
        Arc::make_mut(page).get_mut(index % PAGE_LEN)
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }

    /// Replaces the item at `index`, or appends when `index` is the length.
    ///
    /// # Panics
    /// When `index` lies beyond the length: items are added one after the other.
    pub fn set(&mut self, index: usize, item: T) {
        assert!(
            index <= self.len,
            "page item {index} would leave a gap after {}",
            self.len
        );
        if index == self.len {
            self.push(item);
        } else {
            Arc::make_mut(&mut self.pages[index / PAGE_LEN])[index % PAGE_LEN] = item;
        }
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(PAGE_LEN) {
            self.pages.push(Arc::new(Vec::with_capacity(PAGE_LEN)));
        }
        let last = self.pages.len() - 1;
        Arc::make_mut(&mut self.pages[last]).push(item);
        self.len += 1;
    }

    /// Whether two lists share the page that holds an index: nothing in it changed between them.
    #[must_use]
    pub fn shares_page(&self, other: &Self, index: usize) -> bool {
        match (
            self.pages.get(index / PAGE_LEN),
            other.pages.get(index / PAGE_LEN),
        ) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(ours, theirs),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_copies_one_page() {
        let mut now: Pages<u32> = Pages::default();
        for n in 0..200 {
            now.push(n);
        }
        let before = now.clone();
        now.set(70, 7000);
        assert_eq!((before.get(70), now.get(70)), (Some(&70), Some(&7000)));
        assert!(now.shares_page(&before, 0) && now.shares_page(&before, 199));
        assert!(!now.shares_page(&before, 64));
        assert_eq!(now.iter().count(), 200);
        let before = now.clone();
        *now.get_mut(3).expect("it is there") = 9;
        assert_eq!((before.get(3), now.get(3)), (Some(&3), Some(&9)));
        assert!(!now.shares_page(&before, 0) && now.shares_page(&before, 64));
        assert_eq!(now.get_mut(200), None);
    }
}
