//! At the board: reading the newest and hottest, voting, answering, and writing of what happened to one.

use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::board::{Sort, TOWN};
use hamlet_protocol::image::SeenImage;

use crate::minds::speech;
use crate::rng::{Purpose, Stream};
use crate::town::Town;

/// Posts one looks through at the top of each list.
const GLANCE: usize = 10;
/// Comments after which a thread seems to have said it all.
const THREAD_ENOUGH: usize = 9;

/// One step of a visit to the board: write, or read the next note and perhaps react to it.
pub(super) fn read(town: &mut Town, no: u32, stream: &mut Stream) -> Option<Act> {
    if stream.chance(2_200)
        && let Some(act) = write(town, no)
    {
        return Some(act);
    }
    let post = next_unread(town, no)?;
    take_in(town, no, post);
    react(town, no, post, stream)
}

/// The first of the hottest and newest that one has not read and did not write.
fn next_unread(town: &mut Town, no: u32) -> Option<u32> {
    let read = town.resident(no).memory.read.clone();
    let board = &town.board;
    let mut glance = board
        .ranked(Sort::Hot)
        .take(GLANCE)
        .chain(board.ranked(Sort::New).take(GLANCE));
    glance.find(|&post| {
        !read.contains(&post) && board.post(post).author != Some(no) && town.finds(no, post)
    })
}

/// Reading leaves a trace, and carries news.
fn take_in(town: &mut Town, no: u32, post: u32) {
    town.resident(no).memory.mark_read(post);
    town.observe(no, SeenImage::Read(post));
    let record = *town.board.post(post);
    if let (Some(news), Some(author)) = (record.news, record.author) {
        town.pass_news(news, author, no);
    }
}

/// What one does about a note: answers it, votes on it, follows its author, or walks on.
fn react(town: &mut Town, no: u32, post: u32, stream: &mut Stream) -> Option<Act> {
    let record = *town.board.post(post);
    let author = record.author.filter(|&author| town.is_resident(author));
    let liking = author
        .and_then(|author| town.resident(no).ties.get(author).map(|tie| tie.liking))
        .unwrap_or(0);
    let fond = (i32::from(liking) / 2).clamp(-400, 400);
    let id = town.roster.ids.make(u64::from(post));
    if town.board.takes_comments(post)
        && town.board.thread(post).len() < THREAD_ENOUGH
        && stream.chance((1_900 + fond) as u32)
    {
        return speech::reply(town, no, post).map(|(parent, text)| {
            let parent = parent.map(|parent| town.roster.ids.make(u64::from(parent)));
            Act::Comment {
                post: id,
                parent,
                text,
            }
        });
    }
    if stream.chance((4_800 + fond) as u32) {
        let against = stream.chance((900 - 2 * fond).max(100) as u32);
        let value = if against { -1 } else { 1 };
        return Some(Act::Vote {
            target: VoteTarget::Post(id),
            value,
        });
    }
    let author = author.filter(|_| liking > 60 && stream.chance(1_500))?;
    let follows = town
        .resident(no)
        .ties
        .get(author)
        .is_some_and(|tie| tie.follows);
    (!follows).then(|| Act::Follow {
        agent: town.roster.agent_id(author),
        on: true,
    })
}

/// A note about something that happened since the last one, if there is something and the day's share is not used up.
fn write(town: &mut Town, no: u32) -> Option<Act> {
    let (day, max, tick) = (
        town.clock.now().day(),
        town.rules.0.notes_per_day,
        town.clock.tick,
    );
    let mut notes = town.resident(no).plan.notes;
    if notes.day != day {
        (notes.day, notes.count) = (day, 0);
    }
    if notes.count >= max {
        return None;
    }
    let mut stream = Stream::new(town.seed.0, Purpose::Write, u64::from(no), tick);
    let (title, text) = speech::note(town, no, notes.tick, &mut stream)?;
    notes.count += 1;
    notes.tick = tick;
    town.resident(no).plan.notes = notes;
    Some(Act::Post {
        submolt: TOWN.to_owned(),
        title,
        text,
    })
}
