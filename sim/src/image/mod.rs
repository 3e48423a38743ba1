//! The world to plain data and back.

mod check;

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::RULES_VERSION;
use hamlet_protocol::image::{GroundImage, IMAGE_FORMAT, ResidentImage, StateImage, WorldImage};
use hamlet_protocol::map::TownMap;
use hamlet_protocol::reputation::ReputationImage;

use crate::board::Board;
use crate::clock::Clock;
use crate::community::Communities;
use crate::economy::Economy;
use crate::interventions::Agenda;
use crate::inventory::Ground;
use crate::lifecycle;
use crate::log::{EventLog, Totals};
use crate::minds::Thinking;
use crate::moderation::Court;
use crate::movement::PathQueue;
use crate::news::NewsDesk;
use crate::people::People;
use crate::places::Places;
use crate::reputation::Reputation;
use crate::resident::{AgentNo, Bag, Doing, Identity, Memory, Plan, Walk, Wants};
use crate::roster::Roster;
use crate::social::Social;
use crate::space::Space;
use crate::standing::Standings;
use crate::talk::Talks;
use crate::ties::Ties;
use crate::town::{RulesNow, Seed};

/// Everything of the world.
pub(crate) fn world_image(world: &World, map: Arc<TownMap>) -> WorldImage {
    WorldImage {
        format: IMAGE_FORMAT,
        rules_version: RULES_VERSION,
        scenario: Arc::clone(&world.resource::<Agenda>().scenario),
        map,
        state: state_image(world),
    }
}

/// Everything that changes.
pub(crate) fn state_image(world: &World) -> StateImage {
    let (clock, talks, roster) = (
        world.resource::<Clock>(),
        world.resource::<Talks>(),
        world.resource::<Roster>(),
    );
    let residents: Vec<ResidentImage> = roster
        .residents()
        .iter()
        .filter_map(|&(no, entity)| resident_image(world, no, entity))
        .collect();
    StateImage {
        seed: world.resource::<Seed>().0,
        tick: clock.tick,
        order: clock.order,
        stamp_ms: clock.stamp_ms,
        seq: world.resource::<EventLog>().seq,
        interventions_done: world.resource::<Agenda>().done,
        rules: world.resource::<RulesNow>().0.clone(),
        totals: world.resource::<Totals>().to_map(),
        bodies: world.resource::<Space>().image(),
        residents,
        former_names: former_names(roster, world.resource()),
        open_orders: open_orders(world.resource::<Places>()),
        ground: ground_image(world.resource::<Ground>()),
        path_queue: world.resource::<PathQueue>().0.iter().copied().collect(),
        talks: talks.open.values().cloned().collect(),
        talks_begun: talks.begun,
        lines: talks.lines.iter().cloned().collect(),
        lines_said: talks.said,
        news: world.resource::<NewsDesk>().all.clone(),
        board: world.resource::<Board>().data.clone(),
        communities: world.resource::<Communities>().data.clone(),
        social: world.resource::<Social>().data.clone(),
        people: world.resource::<People>().0.clone(),
        moderation: world.resource::<Court>().data.clone(),
        reputation: ReputationImage::clone(&world.resource::<Reputation>().0),
        economy: world.resource::<Economy>().image(),
        minds: world.resource::<Thinking>().data.clone(),
    }
}

fn former_names(roster: &Roster, people: &People) -> BTreeMap<String, u32> {
    let gone = roster
        .names()
        .iter()
        .filter(|(_, no)| roster.entity(**no).is_none() && !people.has(**no));
    gone.map(|(name, no)| (name.to_string(), *no)).collect()
}

fn open_orders(places: &Places) -> BTreeMap<u32, bool> {
    (0..)
        .zip(&places.all)
        .filter_map(|(no, place)| Some((no, place.order?)))
        .collect()
}

fn ground_image(ground: &Ground) -> Vec<GroundImage> {
    ground
        .0
        .iter()
        .map(|(&(at, item), &count)| GroundImage { at, item, count })
        .collect()
}

fn resident_image(world: &World, no: u32, entity: Entity) -> Option<ResidentImage> {
    let identity = world.get::<Identity>(entity)?;
    let (doing, wants) = (world.get::<Doing>(entity)?, world.get::<Wants>(entity)?);
    let (plan, memory) = (world.get::<Plan>(entity)?, world.get::<Memory>(entity)?);
    Some(ResidentImage {
        no,
        persona: Arc::clone(&identity.persona),
        template: identity.template.to_string(),
        mind: identity.mind,
        presence: doing.presence,
        doing: doing.what,
        health: wants.health,
        needs: wants.needs,
        mood: wants.mood,
        home: identity.home,
        workplace: identity.workplace,
        last_seen: doing.last_seen,
        last_seen_ms: doing.last_seen_ms,
        walk: world.get::<Walk>(entity)?.0.clone(),
        plan: plan.now.clone(),
        inventory: world.get::<Bag>(entity)?.0.clone(),
        relations: world.get::<Ties>(entity)?.iter().collect(),
        observations: memory.observations.iter().cloned().collect(),
        news: memory.news.clone(),
        talk: memory.talk,
        read: memory.read.iter().copied().collect(),
        notes: plan.notes,
    })
}

/// Puts everything that changes back; the resources of a fresh world and the bodies are there already.
///
/// # Errors
/// What contradicts what.
pub(crate) fn restore(world: &mut World, state: StateImage) -> Result<(), String> {
    let interventions = world.resource::<Agenda>().scenario.interventions.len();
    if state.interventions_done as usize > interventions {
        return Err(format!(
            "{} interventions are done, and its scenario has {interventions}",
            state.interventions_done
        ));
    }
    check::check(&state, world.resource::<Places>().all.len())?;
    world.insert_resource(Seed(state.seed));
    world.insert_resource(RulesNow(state.rules));
    world.insert_resource(Totals::from_map(&state.totals));
    world.resource_mut::<EventLog>().seq = state.seq;
    world.resource_mut::<Agenda>().done = state.interventions_done;
    *world.resource_mut::<Roster>() = Roster::new(state.seed);
    lifecycle::make_room(world, state.residents.len() as u32);
    for resident in state.residents {
        restore_resident(world, resident);
    }
    for (name, no) in &state.former_names {
        world.resource_mut::<Roster>().reserve(name, *no);
    }
    for (&no, person) in state.people.iter().filter(|(_, person)| !person.left) {
        world.resource_mut::<Roster>().sign(no, &person.name);
    }
    world.insert_resource(People(state.people));
    world.insert_resource(Reputation(Arc::new(state.reputation)));
    restore_places(world, &state.open_orders);
    let ground = state
        .ground
        .into_iter()
        .map(|pile| ((pile.at, pile.item), pile.count))
        .collect();
    world.insert_resource(Ground(ground));
    world.insert_resource(PathQueue(state.path_queue.into()));
    let open = state
        .talks
        .into_iter()
        .map(|talk| (talk.no, talk))
        .collect();
    world.insert_resource(Talks {
        open,
        begun: state.talks_begun,
        lines: state.lines.into(),
        said: state.lines_said,
    });
    world.insert_resource(NewsDesk { all: state.news });
    let founded_ms = world.resource::<Agenda>().scenario.time.at(0).millis();
    let slugs = &state.board.submolts;
    let communities = Communities::from_image(state.communities, slugs, founded_ms);
    world.insert_resource(communities);
    world.insert_resource(Board::from_image(state.board));
    world.insert_resource(Court::from_image(state.moderation));
    world.insert_resource(Social::from_image(state.social));
    let terms = &world.resource::<Agenda>().scenario.economy;
    let economy = Economy::from_image(state.seed, terms, state.economy);
    world.insert_resource(economy);
    world.resource_mut::<Thinking>().data = state.minds;
    let standings = Standings::count(world);
    world.insert_resource(standings);
    Ok(())
}

fn restore_places(world: &mut World, orders: &BTreeMap<u32, bool>) {
    let now = world.resource::<Clock>().now();
    let mut places = world.resource_mut::<Places>();
    for (&no, &open) in orders {
        places.order(no, Some(open), now);
    }
    places.look_at_clock(now);
}

fn restore_resident(world: &mut World, image: ResidentImage) {
    let home = image.home;
    let name = image.persona.name.clone();
    let mut persona = image.persona;
    let mut roster = world.resource_mut::<Roster>();
    roster.share_words(Arc::make_mut(&mut persona));
    let identity = Identity {
        persona,
        template: roster.shared(&image.template),
        mind: image.mind,
        home,
        workplace: image.workplace,
    };
    let memory = Memory {
        observations: image.observations.into(),
        news: image.news,
        read: image.read.into(),
        talk: image.talk,
    };
    let doing = Doing {
        what: image.doing,
        presence: image.presence,
        last_seen: image.last_seen,
        last_seen_ms: image.last_seen_ms,
    };
    let wants = Wants {
        needs: image.needs,
        mood: image.mood,
        health: image.health,
    };
    let plan = Plan {
        now: image.plan,
        notes: image.notes,
    };
    let parts = (
        identity,
        doing,
        Walk(image.walk),
        wants,
        plan,
        Bag(image.inventory),
        Ties::from_image(image.relations),
        memory,
    );
    let entity = world.spawn((AgentNo(image.no), parts)).id();
    world
        .resource_mut::<Roster>()
        .enter(image.no, &name, entity);
    if let Some(home) = home {
        world.resource_mut::<Places>().lodge(home);
    }
}
