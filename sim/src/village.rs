//! The village as one value: a world that takes commands, ticks, and says what happened.
//!
//! Nothing here knows threads or channels; [`crate::bridge`] runs a village for others.

use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::command::{Answer, Applied, Command, Outcome, Rejection, StampedCommand};
use hamlet_protocol::event::EventRecord;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::image::WorldImage;
use hamlet_protocol::map::TownMap;
use hamlet_protocol::metrics::Sample;
use hamlet_protocol::minds::{MindsCommand, ThoughtAsk};
use hamlet_protocol::scenario::{MapSource, Outputs, Scenario, Stop};
use hamlet_protocol::time::TimeSpec;
use hamlet_protocol::view::WorldView;

use crate::board::Board;
use crate::board::rights::Power;
use crate::clock::Clock;
use crate::community::{self, Communities};
use crate::economy::Economy;
use crate::interventions::{Agenda, populate};
use crate::inventory::Ground;
use crate::journal::{StateHash, run_digest, state_hash};
use crate::log::{EventLog, Totals, Touched};
use crate::metrics::{Ended, Samples};
use crate::minds::Thinking;
use crate::movement::PathQueue;
use crate::news::NewsDesk;
use crate::people::{People, member_no};
use crate::places::Places;
use crate::reputation::Reputation;
use crate::roster::Roster;
use crate::schedule::Tick;
use crate::social::Social;
use crate::space::ways::FLOW_MEMORY_MAX_BYTES;
use crate::space::{Space, Ways};
use crate::standing::Standings;
use crate::talk::Talks;
use crate::town::{ActResult, RulesNow, Seed, agent_no, landmark_no, with_town};
use crate::view::Showcase;
use crate::{image, lifecycle, people, places, profile};

/// How a village is run; none of it changes what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VillageOptions {
    /// Threads that may help inside a tick, at least 1.
    pub threads: usize,
    /// Whether readers get [`WorldView`]s.
    pub views: bool,
    /// Whether transient events are recorded.
    pub transient: bool,
    /// Whether somebody takes the questions to minds outside the tick.
    pub thoughts: bool,
}

impl Default for VillageOptions {
    fn default() -> Self {
        Self {
            threads: 1,
            views: false,
            transient: false,
            thoughts: false,
        }
    }
}

/// Why a village can't begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VillageError {
    /// A resident could not be let in.
    #[error("population {population} could not move in: {why}")]
    Population {
        /// Its place in the scenario, from 1.
        population: usize,
        /// What is wrong and what to do.
        why: Rejection,
    },
    /// The system gives no threads.
    #[error("{0}; ask for fewer threads")]
    Threads(String),
    /// The image does not describe a world.
    #[error("the image is not a world: {0}; use an undamaged image of this version")]
    Image(String),
}

/// A running village.
pub struct Village {
    world: World,
    map: Arc<TownMap>,
    /// Digest of all that never changes in a run, part of every state hash.
    base: u128,
}

impl Village {
    /// Founds a village: the map is laid out and the populations move in.
    ///
    /// # Errors
    /// When a population does not fit the map or its names are taken.
    pub fn found(
        scenario: Scenario,
        map: TownMap,
        options: VillageOptions,
    ) -> Result<Self, VillageError> {
        let stamp_ms = scenario.time.at(0).millis();
        Self::found_at(scenario, map, options, stamp_ms)
    }

    /// Founds a village whose first stamp is this one, UTC milliseconds: for one that lives by the clock on the wall.
    ///
    /// # Errors
    /// As [`Village::found`].
    pub fn found_at(
        scenario: Scenario,
        map: TownMap,
        options: VillageOptions,
        stamp_ms: i64,
    ) -> Result<Self, VillageError> {
        let (scenario, map) = (Arc::new(scenario), Arc::new(map));
        let clock = Clock::new(scenario.time, 0, stamp_ms);
        let space = Space::new(&map);
        let mut village = Self::build(&scenario, map, clock, space, options)?;
        let world = &mut village.world;
        let now = world.resource::<Clock>().now();
        world.resource_mut::<Places>().look_at_clock(now);
        community::found(world, &scenario.submolts);
        make_room(world, &scenario);
        for (index, population) in scenario.populations.iter().enumerate() {
            populate(world, population).map_err(|why| VillageError::Population {
                population: index + 1,
                why,
            })?;
        }
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method's path is not general enough in its lifetimes"
        )]
        with_town(&mut village.world, |town| town.found_economy());
        Ok(village)
    }

    /// Goes on from an image, exactly where it was made.
    ///
    /// # Errors
    /// When the image contradicts itself.
    pub fn resume(world_image: WorldImage, options: VillageOptions) -> Result<Self, VillageError> {
        let WorldImage {
            scenario,
            map,
            state,
            ..
        } = world_image;
        let mut clock = Clock::new(scenario.time, state.tick, state.stamp_ms);
        clock.order = state.order;
        let space = Space::from_image(&map, &state.bodies).map_err(VillageError::Image)?;
        let mut village = Self::build(&scenario, map, clock, space, options)?;
        image::restore(&mut village.world, state).map_err(VillageError::Image)?;
        Ok(village)
    }

    fn build(
        scenario: &Arc<Scenario>,
        map: Arc<TownMap>,
        clock: Clock,
        mut space: Space,
        options: VillageOptions,
    ) -> Result<Self, VillageError> {
        space
            .set_threads(options.threads)
            .map_err(VillageError::Threads)?;
        let base = run_digest(&what_matters(scenario), &nameless(&map));
        let mut app = App::empty();
        app.insert_resource(clock)
            .insert_resource(Ways::new(space.grid(), FLOW_MEMORY_MAX_BYTES))
            .insert_resource(space)
            .insert_resource(Seed(scenario.seed))
            .insert_resource(RulesNow(scenario.rules.clone()))
            .insert_resource(Roster::new(scenario.seed))
            .insert_resource(Economy::new(scenario.seed, &scenario.economy))
            .insert_resource(Places::new(&map))
            .insert_resource(Board::new())
            .insert_resource(Agenda {
                scenario: Arc::clone(scenario),
                done: 0,
            })
            .insert_resource(EventLog {
                transient: options.transient,
                ..EventLog::default()
            })
            .insert_resource(Touched {
                on: options.views,
                ..Touched::default()
            })
            .insert_resource(Showcase::new(Arc::clone(&map)))
            .init_resource::<Communities>()
            .init_resource::<Ground>()
            .init_resource::<PathQueue>()
            .init_resource::<Talks>()
            .init_resource::<NewsDesk>()
            .init_resource::<Standings>()
            .init_resource::<Social>()
            .init_resource::<People>()
            .init_resource::<Reputation>()
            .insert_resource(Thinking::new(options.thoughts))
            .init_resource::<Totals>();
        app.add_plugins(crate::plugins);
        // The app has put everything in its place; from here on the world runs its one schedule and can go to any thread.
        let world = std::mem::take(app.world_mut());
        Ok(Self { world, map, base })
    }

    /// Ticks done.
    #[must_use]
    pub fn tick_count(&self) -> u64 {
        self.world.resource::<Clock>().tick
    }

    /// Commands applied since the last tick: the number of the next one.
    #[must_use]
    pub fn order(&self) -> u32 {
        self.world.resource::<Clock>().order
    }

    /// Number of the last durable event.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.world.resource::<EventLog>().seq
    }

    /// Stamp of the last thing that happened, UTC milliseconds.
    #[must_use]
    pub fn stamp_ms(&self) -> i64 {
        self.world.resource::<Clock>().stamp_ms
    }

    /// Agents in the town: residents and walkers.
    #[must_use]
    pub fn population(&self) -> u32 {
        self.world.resource::<Space>().len() as u32
    }

    /// The scenario the run started from.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.world.resource::<Agenda>().scenario
    }

    /// The map.
    #[must_use]
    pub fn map(&self) -> &Arc<TownMap> {
        &self.map
    }

    /// Memory that flow fields to landmarks take now, in bytes. They are a cache within a budget of its own, and no part of the state.
    #[must_use]
    pub fn flow_bytes(&self) -> usize {
        self.world.resource::<Ways>().flows().held_bytes()
    }

    /// Applies a command between ticks, or refuses it and changes nothing.
    ///
    /// # Errors
    /// The village's refusal, with its reason and the way out.
    pub fn apply(&mut self, stamped: &StampedCommand) -> Answer {
        let world = &mut self.world;
        let before = world.resource::<Clock>().stamp_ms;
        world
            .resource_mut::<Clock>()
            .advance_stamp(stamped.stamp_ms);
        match apply(world, &stamped.command) {
            Ok(outcome) => {
                let mut clock = world.resource_mut::<Clock>();
                let (tick, order) = (clock.tick, clock.order);
                clock.order += 1;
                let seq = world.resource::<EventLog>().seq;
                Ok(Applied {
                    tick,
                    order,
                    seq,
                    outcome,
                })
            }
            Err(refused) => {
                world.resource_mut::<Clock>().stamp_ms = before;
                Err(refused)
            }
        }
    }

    /// Runs one tick with this stamp, UTC milliseconds; without one, and with `i64::MIN`, the stamp is sim time.
    /// Sim time is no floor for a stamp that is given: in a live village it runs faster than the clock on the wall.
    pub fn tick(&mut self, stamp_ms: Option<i64>) {
        let world = &mut self.world;
        let mut clock = world.resource_mut::<Clock>();
        let given = stamp_ms.filter(|&stamp_ms| stamp_ms != i64::MIN);
        let stamp_ms = given.unwrap_or_else(|| clock.next_sim_stamp());
        clock.advance_stamp(stamp_ms);
        world.run_schedule(Tick);
    }

    /// What happened since the last call, in order.
    pub fn take_events(&mut self) -> Vec<EventRecord> {
        self.world.resource_mut::<EventLog>().take()
    }

    /// Whether residents with such a mind are asked for thoughts.
    #[must_use]
    pub fn minds_attached(&self) -> bool {
        self.world.resource::<Thinking>().data.think_secs.is_some()
    }

    /// Questions to minds outside the tick since the last call, in order of agent numbers.
    pub fn take_asks(&mut self) -> Vec<ThoughtAsk> {
        std::mem::take(&mut self.world.resource_mut::<Thinking>().asks)
    }

    /// The tick after which an open thought takes effect, and whose it is; `None` for an answer that is out of date.
    #[must_use]
    pub fn thought_due(&self, agent: AgentId, fence: u64) -> Option<(u64, u32)> {
        let no = self.world.resource::<Roster>().number(agent)?;
        let due = self.world.resource::<Thinking>().due_of(no, fence)?;
        Some((due, no))
    }

    /// The last tick's sample of the series, if it was one to sample.
    pub fn take_sample(&mut self) -> Option<Sample> {
        self.world.resource_mut::<Samples>().pending.take()
    }

    /// Why the run is over, if a stop condition holds.
    #[must_use]
    pub fn ended(&self) -> Option<String> {
        self.world.resource::<Ended>().0.clone()
    }

    /// The whole world as plain data.
    #[must_use]
    pub fn image(&self) -> WorldImage {
        image::world_image(&self.world, Arc::clone(&self.map))
    }

    /// One number for the whole state: equal states have equal hashes on every machine and thread count.
    #[must_use]
    pub fn state_hash(&self) -> StateHash {
        state_hash(&image::state_image(&self.world), self.base)
    }

    /// The world itself, for tests of what is done in it.
    #[cfg(test)]
    pub(crate) fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// The world for readers as it is now; pages nobody wrote to are shared with the view before.
    ///
    /// Without [`VillageOptions::views`] it is made anew each time.
    pub fn view(&mut self) -> Arc<WorldView> {
        crate::view::refresh(&mut self.world)
    }
}

/// The scenario without what changes nothing in the world: two runs that differ only in what they write down, or in when they stop, have one hash.
fn what_matters(scenario: &Scenario) -> Scenario {
    Scenario {
        name: String::new(),
        description: String::new(),
        // The map itself is hashed beside the scenario; how its file is called is not the world's business.
        map: MapSource::File(String::new()),
        time: TimeSpec {
            tick_hz: 1.0,
            ..scenario.time
        },
        stop: Stop::default(),
        outputs: Outputs {
            every_ticks: 0,
            series: Vec::new(),
            events: Vec::new(),
            hash_every_ticks: 0,
        },
        ..scenario.clone()
    }
}

/// The map without its name.
fn nameless(map: &TownMap) -> TownMap {
    TownMap {
        name: String::new(),
        ..map.clone()
    }
}

/// One command against the world.
pub(crate) fn apply(world: &mut World, command: &Command) -> ActResult {
    with_town(world, |town| town.may_command(command))?;
    match command {
        Command::Act { agent, act } => {
            let no = member_no(world.resource(), world.resource(), *agent)?;
            with_town(world, |town| town.act(no, act))
        }
        Command::Spawn(new) => lifecycle::spawn(world, new),
        Command::Enrol {
            name,
            display_name,
            speaks_for_town,
        } => people::enrol(world, name, display_name, *speaks_for_town),
        Command::Remove { agent } => {
            let no = member_no(world.resource(), world.resource(), *agent)?;
            if world.resource::<People>().has(no) {
                return people::leave(world, no);
            }
            lifecycle::remove(world, no)
        }
        Command::Place { agent, to } => {
            let no = agent_no(world.resource(), *agent)?;
            lifecycle::place(world, no, *to)
        }
        Command::SetProfile {
            agent,
            display_name,
            description,
        } => {
            let no = member_no(world.resource(), world.resource(), *agent)?;
            profile::set_profile(world, no, display_name.as_deref(), description.as_deref())
        }
        Command::SetRule { name, value } => lifecycle::set_rule(world, name, *value),
        Command::SetOpen { landmark, open } => {
            let no = landmark_no(world.resource(), world.resource(), *landmark)?;
            places::set_open(world, no, *open);
            Ok(Outcome::Done)
        }
        Command::Reward {
            agent,
            amount,
            reason,
        } => {
            let agent = *agent;
            with_town(world, |town| town.reward(agent, *amount, reason))
        }
        Command::Economy(command) => with_town(world, |town| town.economy_command(command)),
        Command::Rumour { agent, text } => {
            let no = agent_no(world.resource(), *agent)?;
            with_town(world, |town| town.break_news(no, text))
        }
        Command::Moderation(what) => with_town(world, |town| town.moderation(what)),
        Command::SetPost { by, post, set } => {
            let by = staff_no(world, *by)?;
            with_town(world, |town| town.set_post(Power::Staff(by), *post, *set))
        }
        Command::SetComment {
            by,
            comment,
            removed,
        } => {
            let by = staff_no(world, *by)?;
            with_town(world, |town| town.set_comment(by, *comment, *removed))
        }
        Command::Reputation { agent, act } => {
            let no = member_no(world.resource(), world.resource(), *agent)?;
            with_town(world, |town| town.reputation_act(no, act))
        }
        Command::Notice {
            submolt,
            title,
            text,
        } => with_town(world, |town| town.post(None, submolt, title, text)),
        Command::Minds(MindsCommand::Attach {
            think_secs,
            estimate,
            late_secs,
        }) => with_town(world, |town| {
            town.attach_minds(*think_secs, *estimate, *late_secs)
        }),
        Command::Minds(MindsCommand::Detach) => with_town(world, |town| Ok(town.detach_minds())),
        Command::Minds(MindsCommand::Think(answer)) => {
            let no = agent_no(world.resource(), answer.agent)?;
            with_town(world, |town| town.think(no, answer))
        }
        Command::Notify { agent, kind, text } => with_town(world, |town| {
            let no = town.member_no(*agent)?;
            town.announce(no, *kind, text)
        }),
    }
}

/// Makes room for those whom the scenario brings, and for no more than the map has tiles.
fn make_room(world: &mut World, scenario: &Scenario) {
    let coming = scenario.populations.iter();
    let residents = coming
        .filter(|population| population.mind != MindKind::Walker)
        .fold(0u32, |sum, population| sum.saturating_add(population.count));
    let grid = world.resource::<Space>().grid();
    let tiles = grid.width().saturating_mul(grid.height());
    lifecycle::make_room(world, residents.min(tiles));
}

/// The number of somebody of the staff, where they are a member.
fn staff_no(world: &World, by: Option<AgentId>) -> Result<Option<u32>, Rejection> {
    by.map(|by| member_no(world.resource(), world.resource(), by))
        .transpose()
}

#[cfg(test)]
mod tests;
