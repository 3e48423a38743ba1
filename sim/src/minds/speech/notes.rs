//! What to write on the board, and what to answer there.

use hamlet_protocol::board::{Sort, TOWN};
use hamlet_protocol::image::SeenImage;

use super::recall;
use crate::minds::words;
use crate::rng::{Purpose, Stream, mix};
use crate::town::Town;

/// Newest posts one doesn't want to repeat.
const LATELY: usize = 60;
/// Newest comments one doesn't want to repeat.
const ANSWERS_LATELY: usize = 250;
/// Of the newest posts, those that carry a piece of news after which it is old.
const NEWS_POSTS_ENOUGH: usize = 2;
/// Drafts one throws away because somebody has written the like.
const DRAFTS_MAX: u32 = 6;
/// Newest comments of a thread among which one looks for answers to oneself.
const THREAD_LOOK: usize = 48;
/// Deepest comment that one still answers back to.
const EXCHANGE_DEPTH_MAX: u16 = 6;
/// Chance in 10 000 that one answers back, by how often one has in this thread; beyond, one lets it rest.
const COMEBACK_CHANCES: [u64; 4] = [7_500, 4_200, 2_200, 900];
/// Where newcomers say hello, if there is such a community.
const INTRODUCTIONS: &str = "introductions";
/// Chance in 10 000 that a newcomer does.
const INTRODUCTION_CHANCE: u32 = 6_500;

/// A note, written.
pub(crate) struct Note {
    /// Slug of the community it is for.
    pub(crate) submolt: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// A note for the board about something that happened after a tick.
pub(crate) fn note(town: &mut Town, no: u32, since: u64, stream: &mut Stream) -> Option<Note> {
    let told = recall::event(town, no, since, stream)?;
    let scene = recall::scene(town, no, None);
    let mut draft = words::note(&scene, &told, stream);
    for _ in 1..DRAFTS_MAX {
        if !title_taken(town, &draft.0) {
            break;
        }
        draft = words::note(&scene, &told, stream);
    }
    let (title, text, community) = draft;
    Some(Note {
        submolt: known(town, community),
        title,
        text,
    })
}

/// A newcomer's first note, where there is a community for such notes and they are not too shy.
pub(crate) fn introduction(town: &mut Town, no: u32, stream: &mut Stream) -> Option<Note> {
    if known(town, INTRODUCTIONS) != INTRODUCTIONS || !stream.chance(INTRODUCTION_CHANCE) {
        return None;
    }
    let scene = recall::scene(town, no, None);
    let (title, text) = words::introduction(&scene, stream);
    Some(Note {
        submolt: INTRODUCTIONS,
        title,
        text,
    })
}

/// A community if this town has it, else the board itself.
fn known(town: &Town, slug: &'static str) -> &'static str {
    let mut submolts = town.board.data.submolts.iter();
    if submolts.any(|known| known == slug) {
        slug
    } else {
        TOWN
    }
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

/// What somebody sees in a note at first sight.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Looks {
    /// Its title names them.
    pub(crate) names_one: bool,
    /// It is about something they like.
    pub(crate) interests: bool,
    /// Its writer likes something that they like.
    pub(crate) shared: bool,
}

/// Looks at a note.
pub(crate) fn look_at(town: &mut Town, no: u32, post: u32) -> Looks {
    let identity = town.resident(no).identity.clone();
    let ours = &identity.persona.interests;
    let author = town.board.post(post).author;
    let shared = author
        .filter(|&author| town.is_resident(author))
        .is_some_and(|author| {
            let theirs = town.resident(author).identity;
            ours.iter().any(|it| theirs.persona.interests.contains(it))
        });
    let Some((title, text)) = town.board.text(post) else {
        return Looks {
            shared,
            ..Looks::default()
        };
    };
    Looks {
        names_one: words::names(title, identity.first_name()),
        interests: ours.iter().any(|it| words::is_about(title, text, it)),
        shared,
    }
}

/// An answer to a note, or to a comment on it: the comment answered and the words. Who is `named` by the note answers itself.
pub(crate) fn reply(
    town: &mut Town,
    no: u32,
    post: u32,
    named: bool,
) -> Option<(Option<u32>, String)> {
    let mut stream = Stream::new(
        town.seed.0,
        Purpose::Write,
        u64::from(no) | 1 << 40,
        town.clock.tick,
    );
    let parent = if named {
        None
    } else {
        answerable(town, no, post, &mut stream)
    };
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
    let knows_author = scene.listener.is_some();
    let community = usize::from(town.board.post(post).submolt);
    let submolts = &town.board.data.submolts;
    let hello = submolts
        .get(community)
        .is_some_and(|slug| slug == INTRODUCTIONS);
    let words = fresh(town, post, || match parent {
        Some(_) => words::reply_to_comment(&scene, &title, &mut stream),
        None if named && knows_author => words::answer_as_named(&scene, &title, &mut stream),
        None if hello && knows_author => words::welcome(&scene, &mut stream),
        None => words::reply(&scene, &title, &text, &mut stream),
    });
    (!words.is_empty()).then_some((parent, words))
}

/// Somebody has answered one, and one answers back: post, comment answered, words.
/// Whether one does is settled by who and what, so that standing there longer changes no mind.
pub(crate) fn comeback(town: &mut Town, no: u32) -> Option<(u32, u32, String)> {
    let (post, comment) = awaited(town, no)?;
    let mut stream = Stream::new(
        town.seed.0,
        Purpose::Write,
        u64::from(no) | 2 << 40,
        u64::from(comment),
    );
    let other = town.board.data.comments[comment as usize].author;
    let title = town.board.text(post).map(|(title, _)| title.clone())?;
    let own_note = town.board.post(post).author == Some(no);
    let mut scene = recall::scene(town, no, Some(other));
    scene.comment = town.board.data.comment_texts.get(&comment).cloned();
    scene.lines = u32::from(town.board.data.comments[comment as usize].depth);
    let words = fresh(town, post, || {
        if own_note {
            words::answer_as_author(&scene, &mut stream)
        } else {
            words::reply_to_comment(&scene, &title, &mut stream)
        }
    });
    (!words.is_empty()).then_some((post, comment, words))
}

/// An answer to something of one's own that one means to answer, of those one remembers the newest: post and comment.
pub(crate) fn awaited(town: &mut Town, no: u32) -> Option<(u32, u32)> {
    let mut posts: Vec<u32> = town
        .resident(no)
        .memory
        .observations
        .iter()
        .rev()
        .filter_map(|seen| match seen.what {
            SeenImage::Answered(_, post) => Some(post),
            _ => None,
        })
        .collect();
    posts.dedup();
    let comment = posts
        .into_iter()
        .find_map(|post| Some((post, awaited_in(town, no, post)?)))?;
    let author = town.board.data.comments[comment.1 as usize].author;
    town.is_resident(author).then_some(comment)
}

fn awaited_in(town: &Town, no: u32, post: u32) -> Option<u32> {
    let board = &town.board;
    let comments = &board.data.comments;
    let thread = board.thread(post);
    let newest = &thread[thread.len().saturating_sub(THREAD_LOOK)..];
    let ours = |comment: &&u32| comments[**comment as usize].author == no;
    let said = newest.iter().filter(ours).count();
    let chance = COMEBACK_CHANCES.get(said).copied()?;
    let deepest = town.rules.0.comment_depth_max.min(EXCHANGE_DEPTH_MAX);
    newest.iter().rev().copied().find(|&comment| {
        let record = &comments[comment as usize];
        let to = match record.parent {
            Some(parent) => Some(comments[parent as usize].author),
            None => board.post(post).author,
        };
        let for_us = to == Some(no) && record.author != no && record.depth < deepest;
        let settled = mix(town.seed.0 ^ mix(u64::from(no) << 32 | u64::from(comment))) % 10_000;
        let done = |other: &u32| {
            let other = &comments[*other as usize];
            other.parent == Some(comment) && other.author == no
        };
        for_us && settled < chance && !newest.iter().any(done)
    })
}

/// Words that nobody has written here lately; empty where nothing else comes to mind.
fn fresh(town: &Town, post: u32, mut draft: impl FnMut() -> String) -> String {
    for _ in 0..DRAFTS_MAX {
        let words = draft();
        if !said_already(town, post, &words) {
            return words;
        }
    }
    String::new()
}

/// A comment of somebody else to answer, half of the time.
fn answerable(town: &Town, no: u32, post: u32, stream: &mut Stream) -> Option<u32> {
    if !stream.chance(4_500) {
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
            record.author != no && record.depth < deep && town.is_read_by(no, post, Some(comment))
        })
        .collect();
    stream.pick(&others).copied()
}

fn said_already(town: &Town, post: u32, words: &str) -> bool {
    let texts = &town.board.data.comment_texts;
    let mut thread = town.board.thread(post).iter();
    texts
        .values()
        .rev()
        .take(ANSWERS_LATELY)
        .any(|text| text == words)
        || thread.any(|comment| texts.get(comment).is_some_and(|text| text == words))
}
