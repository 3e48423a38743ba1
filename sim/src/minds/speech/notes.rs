//! What to write on the board, and what to answer there.

use hamlet_protocol::board::Sort;

use super::recall;
use crate::minds::words;
use crate::rng::{Purpose, Stream};
use crate::town::Town;

/// Newest posts one doesn't want to repeat.
const LATELY: usize = 60;
/// Of the newest posts, those that carry a piece of news after which it is old.
const NEWS_POSTS_ENOUGH: usize = 2;
/// Drafts one throws away because somebody has written the like.
const DRAFTS_MAX: u32 = 5;

/// A note for the board about something that happened after a tick: title and text.
pub(crate) fn note(
    town: &mut Town,
    no: u32,
    since: u64,
    stream: &mut Stream,
) -> Option<(String, String)> {
    let told = recall::event(town, no, since, stream)?;
    let scene = recall::scene(town, no, None);
    let mut note = words::note(&scene, &told, stream);
    for _ in 1..DRAFTS_MAX {
        if !title_taken(town, &note.0) {
            break;
        }
        note = words::note(&scene, &told, stream);
    }
    Some(note)
}

fn title_taken(town: &Town, title: &str) -> bool {
    let mut lately = town.board.ranked(Sort::New).take(LATELY);
    lately.any(|post| {
        town.board
            .text(post)
            .is_some_and(|(taken, _)| taken == title)
    })
}

/// Whether the board has had enough of a piece of news.
pub(super) fn is_old_news(town: &Town, news: u32) -> bool {
    let lately = town.board.ranked(Sort::New).take(LATELY);
    lately
        .filter(|&post| town.board.post(post).news == Some(news))
        .count()
        >= NEWS_POSTS_ENOUGH
}

/// An answer to a note, or to a comment on it: the comment answered and the words.
pub(crate) fn reply(town: &mut Town, no: u32, post: u32) -> Option<(Option<u32>, String)> {
    let mut stream = Stream::new(
        town.seed.0,
        Purpose::Write,
        u64::from(no) | 1 << 40,
        town.clock.tick,
    );
    let parent = answerable(town, no, post, &mut stream);
    let author = match parent {
        Some(parent) => Some(town.board.data.comments[parent as usize].author),
        None => town.board.post(post).author,
    };
    if author == Some(no) {
        return None;
    }
    let (title, text) = town.board.text(post)?.clone();
    let mut scene = recall::scene(town, no, author.filter(|&author| town.is_resident(author)));
    scene.comment = parent.and_then(|parent| town.board.data.comment_texts.get(&parent).cloned());
    let mut words = String::new();
    for _ in 0..DRAFTS_MAX {
        words = match parent {
            Some(_) => words::reply_to_comment(&scene, &title, &mut stream),
            None => words::reply(&scene, &title, &text, &mut stream),
        };
        if !said_already(town, post, &words) {
            break;
        }
    }
    Some((parent, words))
}

/// A comment of somebody else to answer, half of the time.
fn answerable(town: &Town, no: u32, post: u32, stream: &mut Stream) -> Option<u32> {
    if !stream.chance(5_000) {
        return None;
    }
    let deep = town.rules.0.comment_depth_max.min(4);
    let others: Vec<u32> = town
        .board
        .thread(post)
        .iter()
        .copied()
        .filter(|&comment| {
            let record = &town.board.data.comments[comment as usize];
            record.author != no && record.depth < deep && town.board.is_readable(comment)
        })
        .collect();
    stream.pick(&others).copied()
}

fn said_already(town: &Town, post: u32, words: &str) -> bool {
    let texts = &town.board.data.comment_texts;
    town.board
        .thread(post)
        .iter()
        .any(|comment| texts.get(comment).is_some_and(|text| text == words))
}
