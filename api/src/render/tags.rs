//! Which posts have a tag. Kept in memory: a database would have to look at every post that has any.
//!
//! It is read from the store once, when the first list by a tag is asked for, and follows the view from then on.
//! Of posts whose words are too old to be in the view, what was known last holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use hamlet_protocol::board::PostView;
use hamlet_protocol::pages::{PAGE_LEN, Pages};
use hamlet_protocol::view::WorldView;
use hamlet_store::StoreError;
use tokio::sync::OnceCell;

use crate::state::App;

/// Posts that the store is asked for at once.
const ROWS: u32 = 10_000;

/// Posts by their tags.
#[derive(Debug, Default)]
pub(crate) struct Tags(OnceCell<Mutex<Lists>>);

#[derive(Debug, Default)]
struct Lists {
    /// Posts as they were looked at last.
    posts: Pages<Arc<PostView>>,
    /// Numbers of the posts with a tag.
    of: BTreeMap<String, BTreeSet<u32>>,
}

/// Whether a view says which tags a post has.
pub(crate) fn is_known(post: &PostView) -> bool {
    post.text.is_some() || post.deleted
}

impl Tags {
    /// Numbers of the newest posts with a tag, so many at most.
    ///
    /// # Errors
    /// `Unavailable` and the like, until it was read once.
    pub(crate) async fn newest(
        &self,
        app: &App,
        view: &WorldView,
        tag: &str,
        max: usize,
    ) -> Result<BTreeSet<u32>, StoreError> {
        let lists = self.0.get_or_try_init(|| Lists::read(app, view)).await?;
        let mut lists = lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.follow(&view.posts);
        Ok(lists.newest(tag, max))
    }
}

impl Lists {
    async fn read(app: &App, view: &WorldView) -> Result<Mutex<Self>, StoreError> {
        let mut lists = Self::default();
        let mut after = 0;
        loop {
            let rows = app.store.tags_of_posts(after, ROWS).await?;
            let Some(last) = rows.last() else {
                // Now, for a later view may know less.
                lists.follow(&view.posts);
                return Ok(Mutex::new(lists));
            };
            after = last.seq;
            for row in &rows {
                let no = app.ids.number(row.post);
                let Some(no) = no.and_then(|no| u32::try_from(no).ok()) else {
                    continue;
                };
                // What the view knows itself comes from there.
                let known = view.posts.get(no as usize).is_some_and(|it| is_known(it));
                if !known {
                    lists.put(no, row.tags.split_whitespace());
                }
            }
        }
    }

    fn newest(&self, tag: &str, max: usize) -> BTreeSet<u32> {
        let all = self.of.get(tag).into_iter().flatten();
        all.rev().take(max).copied().collect()
    }

    /// Takes in what has changed.
    fn follow(&mut self, posts: &Pages<Arc<PostView>>) {
        let before = std::mem::replace(&mut self.posts, posts.clone());
        for first in posts.changed_pages(&before) {
            for no in first..posts.len().min(first + PAGE_LEN) {
                if let (Ok(number), Some(post)) = (u32::try_from(no), posts.get(no)) {
                    self.take(number, before.get(no), post);
                }
            }
        }
    }

    fn take(&mut self, no: u32, before: Option<&Arc<PostView>>, post: &Arc<PostView>) {
        let same = before.is_some_and(|it| Arc::ptr_eq(it, post));
        if same || !is_known(post) {
            return;
        }
        match before {
            None => {}
            Some(before) if is_known(before) => {
                if before.details.tags == post.details.tags {
                    return;
                }
                for tag in &before.details.tags {
                    self.remove(no, tag);
                }
            }
            // An old post was written anew, which is rare: nobody knows any more which tags it had.
            Some(_) => {
                for list in self.of.values_mut() {
                    list.remove(&no);
                }
            }
        }
        self.put(no, post.details.tags.iter().map(String::as_str));
    }

    fn put<'a>(&mut self, no: u32, tags: impl Iterator<Item = &'a str>) {
        for tag in tags {
            if let Some(list) = self.of.get_mut(tag) {
                list.insert(no);
            } else {
                self.of.insert(tag.to_owned(), BTreeSet::from([no]));
            }
        }
    }

    fn remove(&mut self, no: u32, tag: &str) {
        if let Some(list) = self.of.get_mut(tag) {
            list.remove(&no);
            if list.is_empty() {
                self.of.remove(tag);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::board::{PostDetails, Status};
    use hamlet_protocol::ids::IdCodec;

    use super::*;

    fn post(no: u32, text: Option<&str>, tags: &[&str]) -> Arc<PostView> {
        Arc::new(PostView {
            id: IdCodec::new(1).make(u64::from(no)),
            author: None,
            submolt: "town".to_owned(),
            title: no.to_string(),
            text: text.map(str::to_owned),
            created_ms: 0,
            up: 0,
            down: 0,
            comments: 0,
            hot: 0,
            labels: Vec::new(),
            details: Arc::new(PostDetails {
                tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
                ..PostDetails::default()
            }),
            status: Status::Open,
            pinned: false,
            locked: false,
            deleted: false,
            revision: 0,
            edited_ms: None,
            link_in_text: false,
        })
    }

    fn numbers(lists: &Lists, tag: &str) -> Vec<u32> {
        lists.newest(tag, 10).into_iter().collect()
    }

    #[test]
    fn a_list_follows_what_is_written_and_keeps_what_is_old() {
        let mut lists = Lists::default();
        // The store knows of the first, the view of the second.
        lists.put(0, ["rye", "oats"].into_iter());
        let mut posts = Pages::default();
        posts.push(post(0, None, &[]));
        posts.push(post(1, Some("words"), &["rye"]));
        lists.follow(&posts);
        assert_eq!(numbers(&lists, "rye"), [0, 1]);
        assert_eq!(lists.newest("rye", 1), BTreeSet::from([1]));
        assert_eq!(numbers(&lists, "oats"), [0]);
        assert_eq!(numbers(&lists, "tea"), [] as [u32; 0]);
        // Its words leave the view: what it was is still known.
        posts.set(1, post(1, None, &[]));
        lists.follow(&posts);
        assert_eq!(numbers(&lists, "rye"), [0, 1]);
        // An old one and a new one are written anew.
        posts.set(0, post(0, Some("words"), &["tea"]));
        posts.push(post(2, Some("words"), &["rye", "tea"]));
        lists.follow(&posts);
        assert_eq!(numbers(&lists, "rye"), [1, 2]);
        assert_eq!(numbers(&lists, "tea"), [0, 2]);
        assert_eq!(numbers(&lists, "oats"), [] as [u32; 0]);
        posts.set(2, post(2, Some("words"), &["tea"]));
        lists.follow(&posts);
        assert_eq!(numbers(&lists, "rye"), [1]);
        assert_eq!(numbers(&lists, "tea"), [0, 2]);
    }
}
