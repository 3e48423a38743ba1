//! Coming to the town and leaving it.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Outcome, Rejection, RejectionCode, SpawnAgent};
use hamlet_protocol::event::Event;
use hamlet_protocol::image::BodyKind;
use hamlet_protocol::map::{LandmarkKind, Point};
use hamlet_protocol::persona::{Persona, PersonaError};
use hamlet_protocol::scenario::AGENTS_MAX;

use crate::clock::Clock;
use crate::log::{EventLog, Touched};
use crate::moderation::check_secrets;
use crate::movement::landing;
use crate::places::Places;
use crate::resident::{AgentNo, Bag, Doing, Identity, Wants};
use crate::rng::{Purpose, Stream, mix};
use crate::roster::Roster;
use crate::space::{Space, Ways};
use crate::town::{ActResult, RulesNow, Seed, with_town};

/// Tries to find a free tile by chance before the map is searched in order.
const TILE_TRIES: u32 = 64;
/// Longest slug of a template.
const SLUG_BYTES_MAX: usize = 200;

/// Makes room for so many more residents: one by one the tables would double, and half of them could stay empty for good.
pub(crate) fn make_room(world: &mut World, residents: u32) {
    // A batch asks for the room of the most that may come; here nobody does.
    let nobody = (0..residents).filter_map(|_| None::<(AgentNo, Identity, Doing, Bag, Wants)>);
    drop(world.spawn_batch(nobody));
}

/// Somebody comes to live in the town.
pub(crate) fn spawn(world: &mut World, new: &SpawnAgent) -> ActResult {
    check_persona(world, new)?;
    if new.mind == MindKind::Walker {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            "Walkers have no persona and come in populations only.",
            "Choose the mind scripted, llm, external or puppet.",
        ));
    }
    check_numbers(world.resource(), 1)?;
    let seed = world.resource::<Seed>().0;
    let next = u64::from(world.resource::<Space>().numbers());
    let mut stream = Stream::new(seed, Purpose::Spawn, next, 0);
    // Everything that can fail comes before anything changes.
    let home = world
        .resource::<Places>()
        .find_home(new.persona.home.as_deref());
    let at = spawn_tile(world, new.at, home, &mut stream)?;
    let workplace = workplace(world.resource::<Places>(), &new.persona, next);
    if let Some(home) = home {
        world.resource_mut::<Places>().lodge(home);
    }
    let no = world
        .resource_mut::<Space>()
        .spawn(BodyKind::Resident, at)
        .ok_or_else(|| {
            Rejection::new(
                RejectionCode::Unreachable,
                "The tile is taken.",
                "Choose another.",
            )
        })?;
    let mut persona = new.persona.clone();
    let mut roster = world.resource_mut::<Roster>();
    roster.share_words(&mut persona);
    let identity = Identity {
        persona: Arc::new(persona),
        template: roster.shared(&new.template),
        mind: new.mind,
        home,
        workplace,
    };
    let mut bag = Bag::default();
    let pieces = 1 + stream.below(3) as u16;
    let room = world.resource::<RulesNow>().0.inventory_max;
    bag.add(identity.product(), pieces.min(room));
    // Nobody arrives equally rested and fed, so the town does not move in step.
    let wants = Wants {
        needs: std::array::from_fn(|_| 6_000 + stream.below(3_500) as u16),
        ..Wants::default()
    };
    let clock = world.resource::<Clock>();
    // Coming is their first act.
    let doing = Doing {
        last_seen: clock.tick,
        last_seen_ms: clock.stamp_ms,
        ..Doing::default()
    };
    let entity = world.spawn((AgentNo(no), identity, doing, bag, wants)).id();
    announce(world, no, new, entity, at);
    with_town(world, |town| town.welcome(no));
    let agent = world.resource::<Roster>().agent_id(no);
    Ok(Outcome::Spawned { agent })
}

fn announce(world: &mut World, no: u32, new: &SpawnAgent, entity: Entity, at: Point) {
    world
        .resource_mut::<Roster>()
        .enter(no, &new.persona.name, entity);
    let agent = world.resource::<Roster>().agent_id(no);
    let event = Event::AgentJoined {
        agent,
        name: new.persona.name.clone(),
        display_name: new.persona.display_name.clone(),
        description: new.persona.about.clone(),
        template: new.template.clone(),
        mind: new.mind,
        at,
    };
    record(world, event);
    let mut touched = world.resource_mut::<Touched>();
    touched.body(no);
    touched.agent(no);
}

/// Records an event outside any system.
pub(crate) fn record(world: &mut World, event: Event) {
    world.resource_scope(|world, mut log: Mut<EventLog>| {
        log.record(world.resource(), event);
    });
}

/// Walkers: bodies of the crowd. They have no entity: a slot in the body store is all they need.
pub(crate) fn spawn_walkers(world: &mut World, count: u32) -> Result<(), Rejection> {
    let seed = world.resource::<Seed>().0;
    let mut space = world.resource_mut::<Space>();
    check_numbers(&space, count)?;
    let free = space.count_free();
    if count > free {
        return Err(Rejection::new(
            RejectionCode::Limit,
            format!("There are {free} free tiles for {count} walkers."),
            "Use a larger map or fewer walkers.",
        ));
    }
    let numbers = space.spawn_walkers(count, seed);
    let mut touched = world.resource_mut::<Touched>();
    numbers.for_each(|no| touched.body(no));
    Ok(())
}

/// Checks that so many more agents can be numbered.
pub(crate) fn check_numbers(space: &Space, more: u32) -> Result<(), Rejection> {
    if space.numbers().saturating_add(more) > AGENTS_MAX {
        return Err(Rejection::new(
            RejectionCode::Limit,
            format!("A village has room for {AGENTS_MAX} agents, those who left included."),
            "Start another village.",
        ));
    }
    Ok(())
}

/// Somebody leaves for good. What they wrote stays, and so does their name.
pub(crate) fn remove(world: &mut World, no: u32) -> ActResult {
    with_town(world, |town| {
        town.leave_talk(no);
        town.stop(no);
        town.part_ways(no);
        town.leave_communities(no);
        town.leave_society(no);
        town.leave_economy(no);
        town.space.remove(no);
        let agent = town.roster.agent_id(no);
        town.log.record(&town.clock, Event::AgentLeft { agent });
        town.touched.body(no);
        town.touched.agent(no);
    });
    let Some(entity) = world.resource_mut::<Roster>().strike(no) else {
        return Ok(Outcome::Done);
    };
    let home = world
        .get::<Identity>(entity)
        .and_then(|identity| identity.home);
    if let Some(home) = home {
        world.resource_mut::<Places>().move_out(home);
    }
    world.despawn(entity);
    Ok(Outcome::Done)
}

/// Puts somebody on a tile, or on the nearest free one.
pub(crate) fn place(world: &mut World, no: u32, to: Point) -> ActResult {
    with_town(world, |town| {
        if town.at(no) == to {
            return Ok(Outcome::Done);
        }
        let at = landing(&town.space, to)?;
        town.leave_talk(no);
        town.stop(no);
        town.space.place(no, at);
        town.uproot(no, at);
        let agent = town.roster.agent_id(no);
        town.log
            .record(&town.clock, Event::AgentPlaced { agent, at });
        town.touched.body(no);
        Ok(Outcome::Done)
    })
}

fn check_persona(world: &World, new: &SpawnAgent) -> Result<(), Rejection> {
    let persona = &new.persona;
    hamlet_protocol::persona::check_persona(persona).map_err(|fault| match fault {
        PersonaError::Name(fault) => Rejection::new(
            RejectionCode::Name,
            sentence(&fault),
            "Choose another name.",
        ),
        fault => Rejection::new(RejectionCode::Invalid, sentence(&fault), "Shorten it."),
    })?;
    check_secrets("a display name", &persona.display_name)?;
    check_secrets("a description", &persona.about)?;
    if new.template.len() > SLUG_BYTES_MAX {
        return Err(Rejection::new(
            RejectionCode::Invalid,
            format!("The slug of a template has at most {SLUG_BYTES_MAX} bytes."),
            "Take a slug from the catalogue.",
        ));
    }
    name_is_free(world.resource(), &persona.name)
}

/// Checks that nobody bears, or bore, a handle or one that looks like it.
pub(crate) fn name_is_free(roster: &Roster, name: &str) -> Result<(), Rejection> {
    if roster.name_taken(name) {
        return Err(Rejection::new(
            RejectionCode::Name,
            format!(
                "Somebody called `{name}`, or something that looks like it, lives here already or has lived here."
            ),
            "Choose another name.",
        ));
    }
    Ok(())
}

/// Where somebody appears: where asked for, else at home, else anywhere.
fn spawn_tile(
    world: &World,
    wish: Option<Point>,
    home: Option<u32>,
    stream: &mut Stream,
) -> Result<Point, Rejection> {
    let (space, places) = (world.resource::<Space>(), world.resource::<Places>());
    if let Some(wish) = wish {
        return landing(space, wish);
    }
    let ways = world.resource::<Ways>();
    if let Some(home) = home {
        let place = &places.all[home as usize];
        let within = |&p: &Point| space.is_free(p) && ways.same_region(p, place.entrance);
        let free: Vec<Point> = place.area.tiles().filter(within).collect();
        return match stream.pick(&free) {
            Some(&spot) => Ok(spot),
            None => landing(space, place.entrance),
        };
    }
    let (width, height) = (space.grid().width(), space.grid().height());
    // Nobody begins in a yard without a gate, as long as there is room elsewhere.
    let town = ways.regions().largest();
    for _ in 0..TILE_TRIES {
        let p = Point::new(stream.below(width) as u16, stream.below(height) as u16);
        if space.is_free(p) && ways.regions().region(p) == town {
            return Ok(p);
        }
    }
    let all = (0..height as u16).flat_map(|y| (0..width as u16).map(move |x| Point::new(x, y)));
    let free = || all.clone().filter(|&p| space.is_free(p));
    let found = free()
        .find(|&p| ways.regions().region(p) == town)
        .or_else(|| free().next());
    found.ok_or_else(|| {
        Rejection::new(
            RejectionCode::Limit,
            "No tile of the map is free.",
            "Use a larger map or fewer agents.",
        )
    })
}

/// Where somebody of a trade works: at a place that suits it, the same for the same number.
fn workplace(places: &Places, persona: &Persona, no: u64) -> Option<u32> {
    let suits = match persona
        .occupation
        .as_deref()
        .unwrap_or_default()
        .to_lowercase()
        .as_str()
    {
        "baker" | "cook" | "brewer" | "miller" => LandmarkKind::Cafe,
        "librarian" | "teacher" | "writer" | "poet" | "printer" => LandmarkKind::Library,
        "nurse" | "doctor" | "healer" | "apothecary" | "herbalist" => LandmarkKind::Clinic,
        "clerk" | "postmaster" | "messenger" | "guide" => LandmarkKind::TownHall,
        "gardener" | "farmer" | "beekeeper" | "florist" => LandmarkKind::Park,
        "merchant" | "fisher" | "ferryman" => LandmarkKind::Market,
        _ => LandmarkKind::Workshop,
    };
    let pick = |kind: &LandmarkKind| {
        let all = places.of_kind(kind);
        all.get((mix(no ^ 0x3088) % all.len().max(1) as u64) as usize)
            .copied()
    };
    pick(&suits)
        .or_else(|| pick(&LandmarkKind::Workshop))
        .or_else(|| pick(&LandmarkKind::Market))
}

/// Changes a rule by name.
pub(crate) fn set_rule(world: &mut World, name: &str, value: f64) -> ActResult {
    let mut rules = world.resource::<RulesNow>().0.clone();
    rules.set(name, value).map_err(|fault| {
        Rejection::new(
            RejectionCode::Invalid,
            sentence(&fault),
            "See the list of rules for names and ranges.",
        )
    })?;
    world.resource_mut::<RulesNow>().0 = rules;
    world.resource_mut::<Touched>().town = true;
    record(
        world,
        Event::RuleSet {
            name: name.to_owned(),
            value,
        },
    );
    Ok(Outcome::Done)
}

/// An error's message as a sentence.
pub(crate) fn sentence(fault: &impl std::fmt::Display) -> String {
    let text = fault.to_string();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!(
            "{}{}.",
            first.to_uppercase(),
            letters.as_str().trim_end_matches('.')
        ),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::command::Command;

    use super::*;
    use crate::testing::Stage;

    fn spawn(name: &str) -> Command {
        let persona = Persona {
            name: name.to_owned(),
            display_name: "Somebody".to_owned(),
            about: "Is somebody.".to_owned(),
            ..Persona::default()
        };
        Command::Spawn(Box::new(SpawnAgent {
            persona,
            template: "townsfolk".to_owned(),
            mind: MindKind::External,
            at: Some(Point::new(20, 5)),
        }))
    }

    #[test]
    fn who_comes_is_told_of_with_all_a_row_needs() {
        let mut stage = Stage::of(&[]);
        stage.command(spawn("mira")).expect("there is room");
        let joined = Event::AgentJoined {
            agent: stage.id("mira"),
            name: "mira".to_owned(),
            display_name: "Somebody".to_owned(),
            description: "Is somebody.".to_owned(),
            template: "townsfolk".to_owned(),
            mind: MindKind::External,
            at: Point::new(20, 5),
        };
        assert_eq!(stage.events(), [joined]);
        let mira = stage.resident("mira");
        assert_eq!(mira.last_seen_ms, stage.village.stamp_ms());
    }

    #[test]
    fn nobody_may_be_taken_for_somebody_else_even_for_who_has_left() {
        let mut stage = Stage::of(&[("Ada", (14, 5)), ("Will_5", (20, 5))]);
        let agent = stage.id("Will_5");
        stage.command(Command::Remove { agent }).expect("allowed");
        stage.events();
        let look_alikes = ["ada", "A_d-a", "vvills", "WILL-S", "w1ll5"];
        for name in look_alikes.into_iter().chain(["admin", "T0wn", "_ada2"]) {
            assert_eq!(stage.refused_command(spawn(name)), RejectionCode::Name);
        }
        // The image knows who has left.
        stage.edit(|_state| {});
        for name in look_alikes {
            assert_eq!(stage.refused_command(spawn(name)), RejectionCode::Name);
        }
        stage.command(spawn("ada_2")).expect("another");
    }
}
