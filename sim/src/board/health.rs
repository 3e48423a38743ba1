//! How well people talk to each other on the board, measured over the newest posts and comments.

use std::collections::BTreeSet;

use hamlet_protocol::board::Sort;
use xxhash_rust::xxh3::xxh3_64;

use super::Board;

/// Newest posts, and newest comments, that are looked at: more of them would cost a large village time at every sample.
const WINDOW: usize = 2_048;
/// Hottest posts whose age is taken.
const HOTTEST: usize = 10;
const HOUR_MS: f64 = 3_600_000.0;

/// Shares lie between 0 and 1; `NaN` where there is nothing to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Health {
    /// Share of posts that somebody else has answered.
    pub(crate) posts_answered: f64,
    /// Share of comments that somebody else has answered.
    pub(crate) comments_answered: f64,
    /// Mean depth of comments; 1 is an answer to the post.
    pub(crate) depth_mean: f64,
    /// Greatest depth of a comment.
    pub(crate) depth_max: f64,
    /// Of those who answered somebody, counted by pairs, the share that was answered by them.
    pub(crate) reciprocity: f64,
    /// Share of texts that say, but for case and punctuation, what another has said before.
    pub(crate) duplicates: f64,
    /// Mean age in hours of the hottest posts, by the stamp.
    pub(crate) hot_age: f64,
}

impl Board {
    /// Measures the newest part of the board; `now_ms` is the present stamp.
    pub(crate) fn health(&self, now_ms: i64) -> Health {
        let first_post = self.data.posts.len().saturating_sub(WINDOW);
        let first = self.data.comments.len().saturating_sub(WINDOW);
        let posts = &self.data.posts[first_post..];
        let comments = &self.data.comments[first..];
        let answered = |index: &usize| {
            let author = posts[*index].author;
            let mut thread = self.thread((first_post + index) as u32).iter();
            thread.any(|&comment| Some(self.data.comments[comment as usize].author) != author)
        };
        let mut answered_comments = BTreeSet::new();
        let mut pairs = BTreeSet::new();
        for comment in comments {
            let to = match comment.parent {
                Some(parent) => Some(self.data.comments[parent as usize].author),
                None => self.post(comment.post).author,
            };
            let Some(to) = to.filter(|&to| to != comment.author) else {
                continue;
            };
            pairs.insert((comment.author, to));
            // Who answers comes after what they answer: an answer to one of these is one of these.
            answered_comments.extend(comment.parent.filter(|&parent| parent as usize >= first));
        }
        let mutual = pairs
            .iter()
            .filter(|&&(one, other)| pairs.contains(&(other, one)));
        let depths = comments.iter().map(|comment| u32::from(comment.depth));
        Health {
            posts_answered: share((0..posts.len()).filter(answered).count(), posts.len()),
            comments_answered: share(answered_comments.len(), comments.len()),
            depth_mean: share(depths.clone().sum::<u32>() as usize, comments.len()),
            depth_max: depths.max().map_or(f64::NAN, f64::from),
            reciprocity: share(mutual.count(), pairs.len()),
            duplicates: self.duplicates(first_post, first),
            hot_age: self.hot_age(now_ms),
        }
    }

    /// Texts that are out of memory are not looked at.
    fn duplicates(&self, first_post: usize, first: usize) -> f64 {
        let posts = self.data.post_texts.range(first_post as u32..);
        let posts = posts.map(|(_, (title, text))| fingerprint(&[title, text]));
        let comments = self.data.comment_texts.range(first as u32..);
        let comments = comments.map(|(_, text)| fingerprint(&[text]));
        let mut prints: Vec<u64> = posts.chain(comments).collect();
        let all = prints.len();
        prints.sort_unstable();
        prints.dedup();
        share(all - prints.len(), all)
    }

    fn hot_age(&self, now_ms: i64) -> f64 {
        let hottest = self.ranked(Sort::Hot).take(HOTTEST);
        let ages: Vec<f64> = hottest
            .map(|post| now_ms.saturating_sub(self.post(post).created_ms) as f64 / HOUR_MS)
            .collect();
        ages.iter().sum::<f64>() / ages.len() as f64
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// A number for what texts say, without case, punctuation and spacing.
fn fingerprint(texts: &[&str]) -> u64 {
    let mut words = String::new();
    for text in texts {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        words.extend(letters.flat_map(char::to_lowercase));
        // What stands in the title is not what stands in the text.
        words.push('\n');
    }
    xxh3_64(words.as_bytes())
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::Act;

    use super::*;
    use crate::testing::{Stage, post};

    fn health(stage: &mut Stage) -> Health {
        let now_ms = stage.village.stamp_ms();
        stage.in_town(|town| town.board.health(now_ms))
    }

    #[test]
    fn an_empty_board_has_no_measures() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        let health = health(&mut stage);
        for value in [
            health.posts_answered,
            health.depth_max,
            health.duplicates,
            health.hot_age,
        ] {
            assert!(value.is_nan(), "{health:?}");
        }
    }

    #[test]
    fn what_goes_back_and_forth_is_counted() {
        let mut stage = Stage::of(&[("Ada", (14, 5)), ("Bo", (15, 5)), ("Cy", (16, 5))]);
        let first = stage.post("Ada", "A bench");
        let alone = stage.post("Ada", "A second bench");
        stage.act("Bo", post("a BENCH!"));
        // Her own afterthought is no answer.
        stage.comment("Ada", alone, None);
        let answer = stage.comment("Bo", first, None);
        let back = stage.comment("Ada", first, Some(answer));
        stage.comment("Cy", first, Some(back));
        let health = health(&mut stage);
        assert_eq!(health.posts_answered, 1.0 / 3.0);
        assert_eq!(health.comments_answered, 2.0 / 4.0);
        assert_eq!((health.depth_mean, health.depth_max), (7.0 / 4.0, 3.0));
        // Bo and Ada answered each other, Cy only Ada.
        assert_eq!(health.reciprocity, 2.0 / 3.0);
        // One title again, and four times "Indeed.".
        assert_eq!(health.duplicates, 4.0 / 7.0);
    }

    #[test]
    fn what_is_hot_grows_old() {
        let mut stage = Stage::of(&[("Ada", (14, 5))]);
        stage.act("Ada", post("A bench"));
        assert_eq!(health(&mut stage).hot_age, 0.0);
        stage.ticks(600);
        assert_eq!(health(&mut stage).hot_age, 1.0);
        let text = "A table".to_owned();
        stage.act("Ada", Act::Say { text });
        stage.act("Ada", post("A table"));
        assert_eq!(health(&mut stage).hot_age, 0.5);
    }
}
