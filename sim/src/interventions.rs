//! Scheduled interventions: what a scenario makes happen at set times.
//!
//! They are derived from the scenario, so the journal does not repeat them.

use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::act::Act;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Command, Outcome, Rejection, RejectionCode, SpawnAgent};
use hamlet_protocol::economy::command::EconomyCommand;
use hamlet_protocol::event::Event;
use hamlet_protocol::map::Point;
use hamlet_protocol::moderation::{Measure, MeasureKind, ModerationCommand, Moderator, Subject};
use hamlet_protocol::scenario::{Intervention, InterventionKind, PlaceName, Population, Scenario};

use crate::clock::Clock;
use crate::lifecycle;
use crate::places::Places;
use crate::roster::Roster;
use crate::scenario::people::{NameBook, persona};
use crate::schedule::{Tick, TickSet};
use crate::town::{Seed, with_town};
use crate::village::apply;

const HOUR_MS: i64 = 3_600_000;

/// What the scenario has planned, and how far it is.
#[derive(Resource, Debug)]
pub(crate) struct Agenda {
    pub(crate) scenario: Arc<Scenario>,
    /// Interventions already carried out.
    pub(crate) done: u32,
}

/// Carries out what is due, in order. What can't be done becomes an event and stops nothing.
pub(crate) fn carry_out(world: &mut World) {
    loop {
        let tick = world.resource::<Clock>().tick;
        let agenda = world.resource::<Agenda>();
        let index = agenda.done;
        let due = agenda
            .scenario
            .interventions
            .get(index as usize)
            .filter(|next| next.at_tick <= tick)
            .cloned();
        let Some(intervention) = due else {
            return;
        };
        world.resource_mut::<Agenda>().done += 1;
        if let Err(refused) = intervene(world, &intervention) {
            let detail = refused.to_string();
            lifecycle::record(
                world,
                Event::InterventionRefused {
                    index,
                    code: refused.code,
                    detail,
                },
            );
        }
    }
}

fn intervene(world: &mut World, intervention: &Intervention) -> Result<(), Rejection> {
    let command = match &intervention.what {
        InterventionKind::Spawn(population) => return populate(world, population),
        InterventionKind::Open { landmark, open } => {
            return set_open(world, landmark, *open);
        }
        InterventionKind::Say { agent, text } => {
            act(world, agent, Act::Say { text: text.clone() })?
        }
        InterventionKind::Rumour { agent, text } => Command::Rumour {
            agent: agent_id(world, agent)?,
            text: text.clone(),
        },
        InterventionKind::Post {
            agent: Some(agent),
            submolt,
            title,
            text,
        } => act(
            world,
            agent,
            Act::Post {
                submolt: submolt.clone(),
                title: title.clone(),
                text: text.clone(),
            },
        )?,
        InterventionKind::Post {
            agent: None,
            submolt,
            title,
            text,
        } => Command::Notice {
            submolt: submolt.clone(),
            title: title.clone(),
            text: text.clone(),
        },
        InterventionKind::Remove { agent } => Command::Remove {
            agent: agent_id(world, agent)?,
        },
        InterventionKind::Move {
            agent,
            to,
            instantly,
        } => go(world, agent, to, *instantly)?,
        InterventionKind::Moderate {
            what,
            agent,
            hours,
            reason,
        } => return moderate(world, *what, agent, *hours, reason),
        InterventionKind::Set { rule, value } => Command::SetRule {
            name: rule.clone(),
            value: *value,
        },
        InterventionKind::Reward {
            agent,
            amount,
            reason,
        } => Command::Reward {
            agent: agent_id(world, agent)?,
            amount: *amount,
            reason: reason.clone(),
        },
        InterventionKind::Stimulus { amount, reason } => {
            Command::Economy(Box::new(EconomyCommand::Stimulus {
                amount: *amount,
                reason: reason.clone(),
            }))
        }
        InterventionKind::PriceShock { item, percent } => {
            Command::Economy(Box::new(EconomyCommand::PriceShock {
                item: *item,
                percent: *percent,
            }))
        }
    };
    apply(world, &command).map(|_outcome| ())
}

/// The village itself warns, mutes, sets apart or bans somebody, or ends all that.
fn moderate(
    world: &mut World,
    what: Option<MeasureKind>,
    agent: &str,
    hours: Option<u32>,
    reason: &str,
) -> Result<(), Rejection> {
    let agent = agent_id(world, agent)?;
    let Some(kind) = what else {
        let no = crate::town::agent_no(world.resource(), agent)?;
        with_town(world, |town| town.pardon(no, reason));
        return Ok(());
    };
    let now_ms = world.resource::<Clock>().stamp_ms;
    let measure = Measure {
        by: Moderator::Village,
        kind,
        subject: Subject::Agent(agent),
        submolt: None,
        until_ms: hours.map(|hours| now_ms.saturating_add(i64::from(hours) * HOUR_MS)),
        reason: reason.to_owned(),
    };
    let command = Command::Moderation(Box::new(ModerationCommand::Take(measure)));
    apply(world, &command).map(|_outcome| ())
}

fn agent_id(world: &World, name: &str) -> Result<hamlet_protocol::ids::AgentId, Rejection> {
    let roster = world.resource::<Roster>();
    let no = roster.by_name(name).ok_or_else(|| {
        Rejection::new(
            RejectionCode::NotFound,
            format!("Nobody called `{name}` lives in the town at this time."),
            "Name a resident who is there then.",
        )
    })?;
    Ok(roster.agent_id(no))
}

fn act(world: &World, agent: &str, act: Act) -> Result<Command, Rejection> {
    Ok(Command::Act {
        agent: agent_id(world, agent)?,
        act,
    })
}

fn go(world: &World, agent: &str, to: &PlaceName, instantly: bool) -> Result<Command, Rejection> {
    let agent = agent_id(world, agent)?;
    let place = |world: &World, name: &str| {
        world
            .resource::<Places>()
            .named(name)
            .first()
            .copied()
            .ok_or_else(|| no_place(name))
    };
    Ok(match (to, instantly) {
        (PlaceName::Tile(to), true) => Command::Place { agent, to: *to },
        (PlaceName::Tile(to), false) => Command::Act {
            agent,
            act: Act::GoTo { to: *to },
        },
        (PlaceName::Landmark(name), true) => Command::Place {
            agent,
            to: entrance(world, name)?,
        },
        (PlaceName::Landmark(name), false) => {
            let landmark = world.resource::<Roster>().landmark_id(place(world, name)?);
            Command::Act {
                agent,
                act: Act::GoToLandmark { landmark },
            }
        }
    })
}

fn no_place(name: &str) -> Rejection {
    Rejection::new(
        RejectionCode::NotFound,
        format!("The map has no landmark named or of the kind `{name}`."),
        "Name one that the map has, or a kind.",
    )
}

fn entrance(world: &World, name: &str) -> Result<Point, Rejection> {
    let places = world.resource::<Places>();
    let no = places
        .named(name)
        .first()
        .copied()
        .ok_or_else(|| no_place(name))?;
    Ok(places.all[no as usize].entrance)
}

fn set_open(world: &mut World, name: &str, open: Option<bool>) -> Result<(), Rejection> {
    let meant = world.resource::<Places>().named(name);
    if meant.is_empty() {
        return Err(no_place(name));
    }
    for no in meant {
        let landmark = world.resource::<Roster>().landmark_id(no);
        apply(world, &Command::SetOpen { landmark, open })?;
    }
    Ok(())
}

/// Lets a population in, one after the other; the first refusal ends it.
pub(crate) fn populate(world: &mut World, population: &Population) -> Result<(), Rejection> {
    if population.mind == MindKind::Walker {
        return lifecycle::spawn_walkers(world, population.count);
    }
    let at = match &population.at {
        None => None,
        Some(PlaceName::Tile(tile)) => Some(*tile),
        Some(PlaceName::Landmark(name)) => Some(entrance(world, name)?),
    };
    // The handles of the scenario and of all who ever lived here.
    let mut names = NameBook::given(&world.resource::<Agenda>().scenario);
    for name in world.resource::<Roster>().names().keys() {
        names.take(name);
    }
    (0..population.count).try_for_each(|index| {
        let new = newcomer(world, population, index, at, &mut names);
        lifecycle::spawn(world, &new).map(|_outcome: Outcome| ())
    })
}

fn newcomer(
    world: &World,
    population: &Population,
    index: u32,
    at: Option<Point>,
    names: &mut NameBook,
) -> SpawnAgent {
    let given = population.personas.get(index as usize).cloned();
    let persona = given.unwrap_or_else(|| {
        let agenda = world.resource::<Agenda>();
        let template = agenda
            .scenario
            .templates
            .get(&population.template)
            .cloned()
            .unwrap_or_default();
        let no = world.resource::<crate::space::Space>().numbers();
        persona(&template, world.resource::<Seed>().0, no, names)
    });
    SpawnAgent {
        persona,
        template: population.template.clone(),
        mind: population.mind,
        at,
    }
}

pub(crate) fn plugin(app: &mut App) {
    app.add_systems(
        Tick,
        carry_out
            .in_set(TickSet::Perceive)
            .after(crate::clock::begin_tick),
    );
}
