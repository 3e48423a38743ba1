//! From what somebody remembers to what words may refer to.

use hamlet_protocol::agent::Activity;
use hamlet_protocol::board::Sort;
use hamlet_protocol::image::SeenImage;

use crate::minds::words::{Scene, Spot, Told};
use crate::rng::{Stream, mix};
use crate::town::Town;

/// What words may refer to, outside of a conversation.
pub(super) fn scene(town: &mut Town, no: u32, listener: Option<u32>) -> Scene {
    let at = town.at(no);
    let place = town.places.at(at).map(|place| spot(town, no, place));
    let other = listener.map(|listener| town.resident(listener).identity.clone());
    let hot = town
        .board
        .ranked(Sort::Hot)
        .next()
        .and_then(|post| Some(town.board.text(post)?.0.clone()));
    let (time, tick) = (town.clock.now(), town.clock.tick);
    let resident = town.resident(no);
    let tie = listener.and_then(|listener| resident.ties.get(listener));
    Scene {
        speaker: resident.identity.first_name().to_owned(),
        persona: resident.identity.persona.clone(),
        listener: other
            .as_ref()
            .map(|identity| identity.first_name().to_owned()),
        other: other.map(|identity| identity.persona),
        hour: time.hour(),
        place,
        mood: resident.wants.mood,
        eating: resident.doing.what.activity == Activity::Eating,
        closeness: tie.map_or(0, |tie| tie.closeness),
        liking: tie.map_or(0, |tie| tie.liking),
        board_title: hot,
        thread: mix(u64::from(no) ^ mix(tick)),
        ..Scene::default()
    }
}

/// Something that happened to somebody after a tick and is worth a note.
pub(super) fn event(town: &mut Town, no: u32, since: u64, stream: &mut Stream) -> Option<Told> {
    let mut kinds = remembered(town, no, since, &[]);
    kinds.retain(|(_, seen)| !matches!(seen, SeenImage::News(_, news) if super::notes::is_old_news(town, *news)));
    let total: u32 = kinds.iter().map(|(weight, _)| weight).sum();
    let mut drawn = stream.below(total);
    let chosen = kinds.into_iter().find(|(weight, _)| {
        let found = drawn < *weight;
        drawn = drawn.wrapping_sub(*weight);
        found
    });
    told(town, no, &chosen?.1)
}

/// Something that happened to somebody and is worth telling the others: another thing each time in a conversation.
pub(super) fn tale(town: &mut Town, no: u32, scene: &Scene, others: &[u32]) -> Option<Told> {
    let mut kinds = remembered(town, no, 0, others);
    kinds.retain(|(_, seen)| !matches!(seen, SeenImage::News(..)));
    let turn = |weight: u32, at: usize| {
        mix(scene.thread ^ mix(u64::from(no) << 8 ^ at as u64)) / u64::from(weight)
    };
    let mut order: Vec<(u64, SeenImage)> = kinds
        .into_iter()
        .enumerate()
        .map(|(at, (weight, seen))| (turn(weight, at), seen))
        .collect();
    order.sort_by_key(|(turn, _)| *turn);
    // Each has told something at every other line.
    let (_, seen) = order.get(scene.lines as usize / 2 % order.len().max(1))?;
    told(town, no, &seen.clone())
}

/// The latest thing of each kind that somebody remembers, with its weight; nothing that was shared with `others`.
fn remembered(town: &mut Town, no: u32, since: u64, others: &[u32]) -> Vec<(u32, SeenImage)> {
    let mut kinds: [Option<SeenImage>; KINDS] = [const { None }; KINDS];
    for observation in &town.resident(no).memory.observations {
        let shared = with(&observation.what).is_some_and(|who| others.contains(&who));
        if observation.tick > since && !shared {
            kinds[kind(&observation.what).0] = Some(observation.what.clone());
        }
    }
    kinds
        .into_iter()
        .flatten()
        .map(|seen| (kind(&seen).1, seen))
        .filter(|(weight, _)| *weight > 0)
        .collect()
}

/// Kinds of things one remembers.
const KINDS: usize = 14;

/// The number of a kind of observation, and how much it is worth telling.
fn kind(seen: &SeenImage) -> (usize, u32) {
    match seen {
        SeenImage::TalkedWith(_) => (0, 5),
        SeenImage::News(..) => (1, 6),
        SeenImage::Ate(_) => (2, 4),
        SeenImage::Slept => (3, 4),
        SeenImage::Worked(..) => (4, 5),
        SeenImage::Traded(..) => (5, 6),
        SeenImage::Received(..) => (6, 9),
        SeenImage::Read(_) => (7, 2),
        SeenImage::Answered(..) => (8, 1),
        SeenImage::FoundClosed(_) => (9, 5),
        SeenImage::Rewarded(..) => (10, 12),
        SeenImage::Rested(_) => (11, 5),
        SeenImage::FollowedBy(_) => (12, 3),
        // Words of others are theirs to repeat.
        SeenImage::Heard(..) => (13, 0),
    }
}

/// With whom something was shared.
fn with(seen: &SeenImage) -> Option<u32> {
    match seen {
        SeenImage::TalkedWith(who)
        | SeenImage::News(who, _)
        | SeenImage::Traded(who, ..)
        | SeenImage::Received(who, _)
        | SeenImage::Answered(who, _)
        | SeenImage::FollowedBy(who) => Some(*who),
        _ => None,
    }
}

/// An observation with names instead of numbers.
fn told(town: &mut Town, no: u32, seen: &SeenImage) -> Option<Told> {
    Some(match seen {
        SeenImage::TalkedWith(other) => Told::Talked(first_name(town, *other)),
        SeenImage::News(from, news) => {
            Told::News(first_name(town, *from), town.news.text(*news).to_owned())
        }
        SeenImage::Ate(place) => Told::Ate(spot(town, no, *place)),
        SeenImage::Slept => Told::Slept,
        SeenImage::Worked(place, item) => Told::Worked(spot(town, no, *place), *item),
        SeenImage::Traded(other, gave, got) => Told::Traded(first_name(town, *other), *gave, *got),
        SeenImage::Received(other, item) => Told::Received(first_name(town, *other), *item),
        SeenImage::Read(post) => Told::Read(town.board.text(*post)?.0.clone()),
        SeenImage::Answered(other, post) => {
            Told::Answered(first_name(town, *other), town.board.text(*post)?.0.clone())
        }
        SeenImage::FoundClosed(place) => Told::FoundClosed(spot(town, no, *place)),
        SeenImage::Rewarded(reward) => {
            let (amount, reason) = &**reward;
            Told::Rewarded(*amount, reason.to_string())
        }
        SeenImage::Rested(place) => Told::Rested(spot(town, no, *place)),
        SeenImage::FollowedBy(other) => Told::FollowedBy(first_name(town, *other)),
        SeenImage::Heard(..) => return None,
    })
}

fn first_name(town: &mut Town, no: u32) -> String {
    if town.is_resident(no) {
        town.resident(no).identity.first_name().to_owned()
    } else {
        // Somebody who has left since.
        "an old neighbour".to_owned()
    }
}

fn spot(town: &mut Town, no: u32, place: u32) -> Spot {
    let own = town.resident(no).identity.home == Some(place);
    match town.places.get(place) {
        Some(place) => Spot {
            name: place.name.to_string(),
            kind: place.kind.clone(),
            own,
        },
        // Landmarks don't go away; a number that is none's is nowhere in particular.
        None => Spot {
            name: "an old spot".to_owned(),
            kind: hamlet_protocol::map::LandmarkKind::Place,
            own: false,
        },
    }
}
