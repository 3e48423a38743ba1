//! At the board: answering those who answered, reading the newest and hottest, voting, and writing of what happened to one.

use hamlet_protocol::act::{Act, VoteTarget};
use hamlet_protocol::board::{Sort, TOWN};
use hamlet_protocol::image::SeenImage;

use crate::minds::speech;
use crate::rng::{Purpose, Stream};
use crate::town::Town;

/// Posts one looks through at the top of each list.
const GLANCE: usize = 10;
/// Newest posts among which one looks for some that nobody has answered.
const UNANSWERED: usize = 24;
/// Comments after which a thread seems to have said it all.
const THREAD_ENOUGH: usize = 10;
/// Chance in 10 000 of an answer to a note that names one; that nobody has answered; by how many have.
const NAMED: i32 = 8_000;
const FIRST: i32 = 5_800;
const FEW: i32 = 2_400;
const MORE: i32 = 1_200;
/// What is added where a note is about something one likes.
const INTERESTED: i32 = 1_500;
/// Liking from which one follows gladly.
const FOLLOW_LIKING: i16 = 50;

/// One step of a visit to the board: answer back, write, or read the next note and perhaps react to it.
pub(super) fn read(town: &mut Town, no: u32, stream: &mut Stream) -> Option<Act> {
    if let Some((post, parent, text)) = speech::comeback(town, no) {
        return Some(Act::Comment {
            post: town.roster.ids.make(u64::from(post)),
            parent: Some(town.roster.ids.make(u64::from(parent))),
            text,
        });
    }
    if stream.chance(2_200)
        && let Some(act) = write(town, no)
    {
        return Some(act);
    }
    let post = next_unread(town, no)?;
    take_in(town, no, post);
    react(town, no, post, stream)
}

/// A note that one has not read and did not write: of the newest one that nobody has answered, else of the hottest and newest.
fn next_unread(town: &mut Town, no: u32) -> Option<u32> {
    let read = town.resident(no).memory.read.clone();
    let board = &town.board;
    let fresh = |post: &u32| {
        !read.contains(post) && board.post(*post).author != Some(no) && town.finds(no, *post)
    };
    let unanswered = board
        .ranked(Sort::New)
        .take(UNANSWERED)
        .filter(|&post| board.thread(post).is_empty());
    let mut glance = unanswered
        .chain(board.ranked(Sort::Hot).take(GLANCE))
        .chain(board.ranked(Sort::New).take(GLANCE));
    glance.find(fresh)
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

/// What one does about a note: answers it, follows its author, votes on it or on an answer, or walks on.
fn react(town: &mut Town, no: u32, post: u32, stream: &mut Stream) -> Option<Act> {
    let author = town.board.post(post).author;
    let author = author.filter(|&author| town.is_resident(author));
    let tie = author.and_then(|author| town.resident(no).ties.get(author));
    let (liking, follows) = tie.map_or((0, false), |tie| (tie.liking, tie.follows));
    let fond = (i32::from(liking) / 2).clamp(-400, 400);
    let looks = speech::look_at(town, no, post);
    let answers = town.board.thread(post).len();
    let eager = match answers {
        _ if looks.names_one => NAMED,
        0 => FIRST,
        1..=3 => FEW,
        _ => MORE,
    };
    let eager = eager + fond + if looks.interests { INTERESTED } else { 0 };
    if answers < THREAD_ENOUGH
        && town.board.takes_comments(post)
        && stream.chance(eager.max(0) as u32)
        && let Some(act) = answer(town, no, post, looks.names_one)
    {
        return Some(act);
    }
    let drawn = liking > FOLLOW_LIKING || (liking >= 0 && looks.shared);
    if let Some(author) = author.filter(|_| drawn && !follows && stream.chance(900)) {
        return Some(Act::Follow {
            agent: town.roster.agent_id(author),
            on: true,
        });
    }
    if (looks.interests || stream.chance(300))
        && let Some(submolt) = unsubscribed(town, no, post)
    {
        return Some(Act::Subscribe { submolt, on: true });
    }
    let target = match comment_to_vote_on(town, no, post, stream) {
        Some(comment) => VoteTarget::Comment(town.roster.ids.make(u64::from(comment))),
        None => VoteTarget::Post(town.roster.ids.make(u64::from(post))),
    };
    stream.chance((4_800 + fond) as u32).then(|| {
        let against = stream.chance((900 - 2 * fond).max(100) as u32);
        let value = if against { -1 } else { 1 };
        Act::Vote { target, value }
    })
}

/// The slug of a note's community, where one does not subscribe to it yet. The town's own board is everybody's anyway.
fn unsubscribed(town: &Town, no: u32, post: u32) -> Option<String> {
    let index = town.board.post(post).submolt;
    let membership = town.communities.membership(no);
    let subscribes = membership.is_some_and(|it| it.subscriptions.contains(&index));
    let slug = town.board.data.submolts.get(usize::from(index))?;
    (!subscribes && slug != TOWN).then(|| slug.clone())
}

fn answer(town: &mut Town, no: u32, post: u32, named: bool) -> Option<Act> {
    let (parent, text) = speech::reply(town, no, post, named)?;
    Some(Act::Comment {
        post: town.roster.ids.make(u64::from(post)),
        parent: parent.map(|parent| town.roster.ids.make(u64::from(parent))),
        text,
    })
}

/// Now and then it is an answer that one has something to say to, and has not said yet.
fn comment_to_vote_on(town: &Town, no: u32, post: u32, stream: &mut Stream) -> Option<u32> {
    let comment = *stream
        .pick(town.board.thread(post))
        .filter(|_| stream_says(no, post))?;
    let data = &town.board.data;
    let own = data.comments[comment as usize].author == no;
    (!own && !data.comment_votes.contains_key(&(comment, no))).then_some(comment)
}

/// Of three notes one reads, one for its answers.
fn stream_says(no: u32, post: u32) -> bool {
    no.wrapping_add(post).is_multiple_of(3)
}

/// A note about something that happened since the last one, if there is something and the day's share is not used up.
fn write(town: &mut Town, no: u32) -> Option<Act> {
    let (day, max, tick) = (
        town.clock.now().day(),
        town.rules.0.notes_per_day,
        town.clock.tick,
    );
    let mut notes = town.resident(no).plan.notes;
    let is_first = notes.tick == 0;
    if notes.day != day {
        (notes.day, notes.count) = (day, 0);
    }
    if notes.count >= max {
        return None;
    }
    let mut stream = Stream::new(town.seed.0, Purpose::Write, u64::from(no), tick);
    let note = if is_first {
        speech::introduction(town, no, &mut stream)
    } else {
        None
    };
    let note = match note {
        Some(note) => note,
        None => speech::note(town, no, notes.tick, &mut stream)?,
    };
    notes.count += 1;
    notes.tick = tick;
    town.resident(no).plan.notes = notes;
    Some(Act::Post {
        submolt: note.submolt.to_owned(),
        title: note.title,
        text: note.text,
    })
}
