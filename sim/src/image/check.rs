//! Whether the state in an image hangs together: every number leads somewhere, and what is kept twice agrees.
//!
//! Checksums keep accidents away; this keeps a hand-made image from stopping a run in its middle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hamlet_protocol::agent::NEED_FULL;
use hamlet_protocol::image::{
    AudienceImage, BoardImage, BodyKind, ObservationImage, RelationImage, ResidentImage, SeenImage,
    StateImage, TalkImage, WalkImage,
};
use hamlet_protocol::name::name_key;
use hamlet_protocol::persona::check_persona;
use hamlet_protocol::reputation::{ReputationImage, VouchImage};
use hamlet_protocol::rules::RULES;

use crate::community;
use crate::economy;
use crate::moderation;
use crate::social;

/// Checks a state on a map with so many landmarks.
///
/// # Errors
/// What contradicts what, as a clause.
pub(super) fn check(state: &StateImage, landmarks: usize) -> Result<(), String> {
    let refs = Refs {
        agents: state.bodies.at.len(),
        landmarks,
        news: state.news.len(),
        posts: state.board.posts.len(),
    };
    for rule in RULES {
        let value = state.rules.get(rule.name).unwrap_or(f64::NAN);
        rule.check(value).map_err(|fault| fault.to_string())?;
    }
    check_roll(state)?;
    for resident in &state.residents {
        check_resident(resident, &refs)
            .map_err(|what| format!("resident {}: {what}", resident.no))?;
    }
    check_people(state, &refs)?;
    check_reputation(&state.reputation, &refs)?;
    check_talks(state)?;
    check_queue(state)?;
    check_board(&state.board, &refs).map_err(|what| format!("the board: {what}"))?;
    let counts = community::check::Counts {
        slugs: state.board.submolts.len(),
        agents: refs.agents,
        posts: refs.posts,
    };
    community::check::check(&state.communities, &counts)?;
    moderation::check(state).map_err(|what| format!("moderation: {what}"))?;
    economy::check(&state.economy, refs.agents)?;
    let comments = state.board.comments.len();
    social::check(&state.social, refs.agents, refs.posts, comments)?;
    let origins = state.news.iter().map(|news| news.origin);
    let speakers = state.lines.iter().map(|line| line.speaker);
    let agents = origins
        .chain(speakers)
        .chain(state.former_names.values().copied());
    refs.agents(agents)?;
    refs.landmarks(state.open_orders.keys().copied())?;
    let piles = state.ground.iter().map(|pile| (pile.at, pile.item));
    ensure(piles.is_sorted_by(|a, b| a < b), || {
        "goods on the ground are out of order".to_owned()
    })
}

/// How many of each there are.
struct Refs {
    agents: usize,
    landmarks: usize,
    news: usize,
    posts: usize,
}

impl Refs {
    fn agents(&self, numbers: impl IntoIterator<Item = u32>) -> Result<(), String> {
        within(numbers, self.agents, "agent")
    }

    fn landmarks(&self, numbers: impl IntoIterator<Item = u32>) -> Result<(), String> {
        within(numbers, self.landmarks, "landmark")
    }

    fn news(&self, numbers: impl IntoIterator<Item = u32>) -> Result<(), String> {
        within(numbers, self.news, "piece of news")
    }

    fn posts(&self, numbers: impl IntoIterator<Item = u32>) -> Result<(), String> {
        within(numbers, self.posts, "post")
    }
}

fn within(numbers: impl IntoIterator<Item = u32>, count: usize, what: &str) -> Result<(), String> {
    match numbers.into_iter().find(|&no| no as usize >= count) {
        Some(no) => Err(format!("there is no {what} {no}")),
        None => Ok(()),
    }
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

/// Each resident has a body and each resident's body a resident; no name is borne twice.
fn check_roll(state: &StateImage) -> Result<(), String> {
    let kinds = (0..).zip(&state.bodies.kind);
    let bodies = kinds
        .filter(|&(_, &kind)| kind == BodyKind::Resident)
        .map(|(no, _)| no);
    let residents = state.residents.iter().map(|resident| resident.no);
    ensure(residents.eq(bodies), || {
        "residents and their bodies don't match".to_owned()
    })?;
    let mut names: BTreeSet<String> = state.former_names.keys().cloned().collect();
    for resident in &state.residents {
        let name = &resident.persona.name;
        check_persona(&resident.persona).map_err(|fault| format!("{name}: {fault}"))?;
        ensure(names.insert(name_key(name)), || {
            format!("the name {name} or one that looks like it is borne twice")
        })?;
    }
    Ok(())
}

/// Whoever has part in a reputation exists, and words stand in order, each once.
fn check_reputation(book: &ReputationImage, refs: &Refs) -> Result<(), String> {
    for project in &book.projects {
        refs.agents([project.owner])?;
        for contribution in &project.contributions {
            refs.agents([contribution.by])?;
            refs.agents(contribution.verifiers.iter().copied())?;
        }
    }
    refs.agents(book.accepted.iter().flat_map(|it| [it.by, it.whom]))?;
    let vouches = &book.vouches;
    refs.agents(vouches.iter().flat_map(|vouch| [vouch.by, vouch.whom]))?;
    let place = |vouch: &VouchImage| (vouch.by, vouch.whom, Arc::clone(&vouch.subject));
    ensure(vouches.is_sorted_by(|a, b| place(a) < place(b)), || {
        "words given stand out of order".to_owned()
    })
}

/// People have numbers without bodies, names of their own, and follow whom there is.
fn check_people(state: &StateImage, refs: &Refs) -> Result<(), String> {
    let mut names: BTreeSet<String> = state.former_names.keys().cloned().collect();
    let residents = state.residents.iter();
    names.extend(residents.map(|resident| name_key(&resident.persona.name)));
    for (&no, person) in &state.people {
        let kind = state.bodies.kind.get(no as usize);
        ensure(kind == Some(&BodyKind::Gone), || {
            format!("person {no} has a body")
        })?;
        refs.agents(person.follows.iter().copied())?;
        ensure(person.follows.is_sorted_by(|a, b| a < b), || {
            format!("person {no} follows out of order")
        })?;
        let name = &person.name;
        ensure(person.left || names.insert(name_key(name)), || {
            format!("the name {name} or one that looks like it is borne twice")
        })?;
    }
    Ok(())
}

fn check_resident(resident: &ResidentImage, refs: &Refs) -> Result<(), String> {
    let going = match resident.walk {
        WalkImage::Flow { landmark, .. } => Some(landmark),
        WalkImage::Still | WalkImage::Asked { .. } | WalkImage::Path { .. } => None,
    };
    let (doing, plan) = (resident.doing.landmark, resident.plan.landmark);
    let landmarks = [resident.home, resident.workplace, doing, plan, going];
    refs.landmarks(landmarks.into_iter().flatten())?;
    refs.agents(resident.plan.agent)?;
    refs.news(resident.news.iter().copied())?;
    refs.posts(resident.read.iter().copied())?;
    let levels = resident.needs.iter().all(|&level| level <= NEED_FULL)
        && (-1000..=1000).contains(&resident.mood)
        && resident.health <= 1000;
    ensure(levels, || "a level is out of range".to_owned())?;
    let bag = resident.inventory.is_sorted_by(|a, b| a.0 < b.0)
        && resident.inventory.iter().all(|&(_, count)| count > 0);
    ensure(bag, || "the goods are out of order".to_owned())?;
    let ties = &resident.relations;
    refs.agents(ties.iter().map(|tie| tie.other))?;
    let strengths =
        |tie: &RelationImage| tie.closeness <= 1000 && (-1000..=1000).contains(&tie.liking);
    let orderly = ties.is_sorted_by(|a, b| a.other < b.other) && ties.iter().all(strengths);
    ensure(orderly, || "the ties are out of order".to_owned())?;
    resident
        .observations
        .iter()
        .try_for_each(|seen| check_seen(seen, refs))
}

fn check_seen(observation: &ObservationImage, refs: &Refs) -> Result<(), String> {
    match observation.what {
        SeenImage::TalkedWith(other)
        | SeenImage::Heard(other, _)
        | SeenImage::Traded(other, ..)
        | SeenImage::Received(other, _)
        | SeenImage::FollowedBy(other) => refs.agents([other]),
        SeenImage::News(other, news) => {
            refs.agents([other])?;
            refs.news([news])
        }
        SeenImage::Ate(place)
        | SeenImage::Worked(place, _)
        | SeenImage::FoundClosed(place)
        | SeenImage::Rested(place) => refs.landmarks([place]),
        SeenImage::Read(post) => refs.posts([post]),
        SeenImage::Answered(other, post) => {
            refs.agents([other])?;
            refs.posts([post])
        }
        SeenImage::Slept | SeenImage::Rewarded(..) => Ok(()),
    }
}

/// Conversations know their members and members their conversation.
fn check_talks(state: &StateImage) -> Result<(), String> {
    let mut talk_of = BTreeMap::new();
    for talk in &state.talks {
        let whole = talk.members.len() >= 2 && talk.no < state.talks_begun;
        let fresh = talk
            .members
            .iter()
            .all(|&member| talk_of.insert(member, talk.no).is_none());
        ensure(whole && fresh, || {
            format!("conversation {} has not the members it should", talk.no)
        })?;
        let mentioned = [talk.asked, talk.last_speaker].into_iter().flatten();
        let mentioned = mentioned.chain(talk.left.iter().copied());
        within(mentioned, state.bodies.at.len(), "agent")?;
    }
    let in_order = |a: &TalkImage, b: &TalkImage| a.no < b.no;
    ensure(state.talks.is_sorted_by(in_order), || {
        "the conversations are out of order".to_owned()
    })?;
    let talking = state
        .residents
        .iter()
        .filter_map(|resident| Some((resident.no, resident.talk?)));
    ensure(talking.eq(talk_of), || {
        "residents and conversations disagree about who talks with whom".to_owned()
    })?;
    ensure(state.lines.len() as u64 <= state.lines_said, || {
        "there are more lines than were said".to_owned()
    })
}

/// Whoever waits for a way is in the queue once, and nobody else is.
fn check_queue(state: &StateImage) -> Result<(), String> {
    let mut queue: Vec<_> = state
        .path_queue
        .iter()
        .map(|request| (request.no, request.to))
        .collect();
    queue.sort_unstable();
    let waiting = state
        .residents
        .iter()
        .filter_map(|resident| match resident.walk {
            WalkImage::Asked { to } => Some((resident.no, to)),
            WalkImage::Still | WalkImage::Path { .. } | WalkImage::Flow { .. } => None,
        });
    ensure(waiting.eq(queue), || {
        "the queue for ways is not that of those who wait".to_owned()
    })
}

fn check_board(board: &BoardImage, refs: &Refs) -> Result<(), String> {
    let post_authors = board.posts.iter().filter_map(|post| post.author);
    let comment_authors = board.comments.iter().map(|comment| comment.author);
    let voters = board.post_votes.keys().chain(board.comment_votes.keys());
    let voters = voters.map(|&(_, agent)| agent);
    refs.agents(post_authors.chain(comment_authors).chain(voters))?;
    refs.news(board.posts.iter().filter_map(|post| post.news))?;
    let communities = board.posts.iter().map(|post| u32::from(post.submolt));
    within(communities, board.submolts.len(), "community")?;
    refs.posts(board.post_texts.keys().copied())?;
    refs.posts(board.comments.iter().map(|comment| comment.post))?;
    let comments = board.comments.len();
    within(board.comment_texts.keys().copied(), comments, "comment")?;
    refs.posts(board.post_extras.keys().copied())?;
    refs.posts(board.collaborators.keys().copied())?;
    refs.agents(board.collaborators.values().flatten().copied())?;
    let readers = board.posts.iter().filter_map(|post| match post.audience {
        AudienceImage::One(member) => Some(member),
        AudienceImage::Public | AudienceImage::Agents | AudienceImage::Humans => None,
    });
    refs.agents(readers)?;
    check_threads(board)?;
    let on_posts = board.posts.iter().map(|post| (post.up, post.down));
    check_votes(&board.post_votes, on_posts)?;
    let on_comments = board.comments.iter();
    let on_comments = on_comments.map(|comment| (comment.up, comment.down));
    check_votes(&board.comment_votes, on_comments)
}

/// Replies answer an earlier comment of their post, and posts know how many there are.
fn check_threads(board: &BoardImage) -> Result<(), String> {
    let mut counts = vec![0; board.posts.len()];
    for (no, comment) in board.comments.iter().enumerate() {
        counts[comment.post as usize] += 1;
        let above = match comment.parent {
            None => Some(0),
            Some(parent) => board.comments[..no]
                .get(parent as usize)
                .filter(|parent| parent.post == comment.post)
                .map(|parent| parent.depth),
        };
        let depth = above.and_then(|above| u16::checked_add(above, 1));
        ensure(depth == Some(comment.depth), || {
            format!("comment {no} answers nothing")
        })?;
    }
    let counted = board.posts.iter().map(|post| post.comments);
    ensure(counted.eq(counts), || {
        "the posts' comments are miscounted".to_owned()
    })
}

/// The counters are the sums of the votes.
fn check_votes(
    votes: &BTreeMap<(u32, u32), i8>,
    counters: impl Iterator<Item = (u32, u32)>,
) -> Result<(), String> {
    let mut sums: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for (&(on, _), &value) in votes {
        let sum = sums.entry(on).or_default();
        match value {
            1 => sum.0 += 1,
            -1 => sum.1 += 1,
            _ => return Err(format!("there is a vote of {value}")),
        }
    }
    let counted = (0..)
        .zip(counters)
        .filter(|&(_, counters)| counters != (0, 0));
    ensure(counted.eq(sums), || "the votes are miscounted".to_owned())
}
