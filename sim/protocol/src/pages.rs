//! Copy-on-write pages: a long list that is cheap to publish because only what changed is copied.

use std::sync::Arc;

/// Items in one page. Small enough that one changed item copies little, large enough that the table of pages stays short.
pub const PAGE_LEN: usize = 64;
/// Pages in one book: so a list of millions clones in a thousand copies of pointers.
const BOOK_PAGES: usize = 64;
/// Items in one book.
const BOOK_LEN: usize = PAGE_LEN * BOOK_PAGES;

type Page<T> = Arc<Vec<T>>;

/// A list in pages, and these in books, that clones in `O(len / 4096)` copies of pointers and shares every page nobody wrote to.
#[derive(Clone, Debug)]
pub struct Pages<T> {
    books: Vec<Arc<Vec<Page<T>>>>,
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            books: Vec::new(),
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
        self.page(index)?.get(index % PAGE_LEN)
    }

    /// The item at an index, to be changed. Its page is copied where somebody else holds it too.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let book = Arc::make_mut(self.books.get_mut(index / BOOK_LEN)?);
        let page = book.get_mut(index % BOOK_LEN / PAGE_LEN)?;
        Arc::make_mut(page).get_mut(index % PAGE_LEN)
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let pages = self.books.iter().flat_map(|book| book.iter());
        pages.flat_map(|page| page.iter())
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
        match self.get_mut(index) {
            Some(old) => *old = item,
            None => self.push(item),
        }
    }

    /// Appends an item.
    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(BOOK_LEN) {
            self.books.push(Arc::default());
        }
        let last = self.books.len() - 1;
        let book = Arc::make_mut(&mut self.books[last]);
        if self.len.is_multiple_of(PAGE_LEN) {
            book.push(Arc::new(Vec::with_capacity(PAGE_LEN)));
        }
        let last = book.len() - 1;
        Arc::make_mut(&mut book[last]).push(item);
        self.len += 1;
    }

    /// Whether two lists share the page that holds an index: nothing in it changed between them.
    #[must_use]
    pub fn shares_page(&self, other: &Self, index: usize) -> bool {
        match (self.page(index), other.page(index)) {
            (Some(ours), Some(theirs)) => Arc::ptr_eq(ours, theirs),
            _ => false,
        }
    }

    /// The first index of each page that two lists do not share, in order: whatever changed, or came, is in one of them.
    pub fn changed_pages(&self, before: &Self) -> impl Iterator<Item = usize> {
        let books = self.books.iter().enumerate();
        let changed = books.filter(|&(no, book)| {
            let earlier = before.books.get(no);
            earlier.is_none_or(|earlier| !Arc::ptr_eq(book, earlier))
        });
        changed.flat_map(move |(no, book)| {
            let firsts = (0..book.len()).map(move |page| no * BOOK_LEN + page * PAGE_LEN);
            firsts.filter(move |&first| !self.shares_page(before, first))
        })
    }

    fn page(&self, index: usize) -> Option<&Page<T>> {
        let book = self.books.get(index / BOOK_LEN)?;
        book.get(index % BOOK_LEN / PAGE_LEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize) -> Pages<usize> {
        let mut pages = Pages::default();
        (0..count).for_each(|n| pages.push(n));
        pages
    }

    #[test]
    fn a_change_copies_one_page() {
        let mut now = numbers(200);
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

    #[test]
    fn a_list_of_many_books_is_one_list() {
        for count in [
            0,
            1,
            PAGE_LEN,
            BOOK_LEN - 1,
            BOOK_LEN,
            BOOK_LEN + 1,
            3 * BOOK_LEN + 65,
        ] {
            let pages = numbers(count);
            assert_eq!((pages.len(), pages.is_empty()), (count, count == 0));
            assert!(pages.iter().copied().eq(0..count), "{count}");
            for at in [0, count / 2, count.saturating_sub(1)] {
                assert_eq!(pages.get(at), Some(&at).filter(|_| at < count), "{count}");
            }
            assert_eq!(pages.get(count), None);
        }
    }

    #[test]
    fn what_changed_is_found_by_its_pages() {
        let before = numbers(2 * BOOK_LEN + 10);
        assert_eq!(before.changed_pages(&before.clone()).count(), 0);
        let mut now = before.clone();
        now.set(70, 0);
        now.set(BOOK_LEN + 3, 0);
        now.push(1);
        let changed: Vec<usize> = now.changed_pages(&before).collect();
        assert_eq!(changed, [64, BOOK_LEN, 2 * BOOK_LEN]);
        // All of it, for whoever has nothing yet; and nothing of what is only in the other.
        let all = now.changed_pages(&Pages::default()).count();
        assert_eq!(all, now.len().div_ceil(PAGE_LEN));
        assert_eq!(Pages::default().changed_pages(&now).count(), 0);
    }
}
