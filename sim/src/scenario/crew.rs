//! Everybody a scenario brings, put together: names, numbers, what they are told to do.

use hamlet_protocol::map::TownMap;
use hamlet_protocol::scenario::{AGENTS_MAX, Intervention, InterventionKind, Scenario};

use super::faults::Faults;
use super::intervention::{self, What, find_the_lost, resolve_agents};
use super::people::NameBook;
use super::tree::Place;
use super::{moment, population};

/// The drafts of all who come and of all that happens to them.
pub(super) struct Crew {
    pub(super) populations: Vec<population::Draft>,
    /// In the order they happen.
    pub(super) interventions: Vec<intervention::Draft>,
    /// Whether templates and populations were read without an error.
    pub(super) sound: bool,
    /// Where `stop.after_ticks` was written.
    pub(super) end: Option<Place>,
}

impl Crew {
    /// Fills in a scenario's populations and interventions.
    /// Where it is not certain who comes, for a population with a fault brings others than it was meant to, only those agents are lost whom no population could bring.
    pub(super) fn join(
        self,
        scenario: &mut Scenario,
        map: Option<&TownMap>,
        whole: &Place,
        faults: &Faults,
    ) {
        warn_of_never(scenario, &self.interventions, self.end.as_ref(), faults);
        let errors_before = faults.errors();
        check_counts(&self.populations, &self.interventions, map, whole, faults);
        let place = |draft: &intervention::Draft| (draft.place.clone(), draft.timed);
        let places: Vec<_> = self.interventions.iter().map(place).collect();
        let spawns_sound = self.interventions.iter().all(|draft| match &draft.what {
            What::Spawn(spawn) => spawn.sound && draft.timed,
            What::Ready(_) => true,
        });
        let drafts = self.populations.iter().chain(spawns(&self.interventions));
        let open = drafts.into_iter().any(|draft| draft.open);
        name_all(scenario, self.populations, self.interventions, faults);
        if self.sound && spawns_sound && faults.errors() == errors_before {
            resolve_agents(scenario, &places, faults);
        } else if !open {
            find_the_lost(scenario, &places, faults);
        }
    }
}

/// The populations that interventions bring.
fn spawns(interventions: &[intervention::Draft]) -> impl Iterator<Item = &population::Draft> {
    interventions.iter().filter_map(|draft| match &draft.what {
        What::Spawn(draft) => Some(draft),
        What::Ready(_) => None,
    })
}

/// Gives everybody their name and what else they lack, and counts them.
fn name_all(
    scenario: &mut Scenario,
    mut populations: Vec<population::Draft>,
    mut interventions: Vec<intervention::Draft>,
    faults: &Faults,
) {
    let mut taken = NameBook::default();
    let spawns = interventions
        .iter_mut()
        .filter_map(|draft| match &mut draft.what {
            What::Spawn(draft) => Some(draft),
            What::Ready(_) => None,
        });
    let mut drafts: Vec<_> = populations.iter_mut().chain(spawns).collect();
    drafts
        .iter()
        .for_each(|draft| draft.take_inline_names(&mut taken, faults));
    drafts
        .iter_mut()
        .for_each(|draft| draft.take_source_names(&mut taken));
    let (seed, mut no) = (scenario.seed, 0_u32);
    let templates = &scenario.templates;
    let mut finish = |draft: population::Draft| {
        let first_no = no;
        no = no.saturating_add(draft.population.count);
        let template = templates.get(&draft.population.template);
        draft.finish(template, seed, first_no)
    };
    scenario.populations = populations.into_iter().map(&mut finish).collect();
    let finish = |draft: intervention::Draft| Intervention {
        at_tick: draft.at_tick,
        what: match draft.what {
            What::Ready(what) => what,
            What::Spawn(population) => InterventionKind::Spawn(finish(population)),
        },
        optional: draft.optional,
    };
    scenario.interventions = interventions.into_iter().map(finish).collect();
}

/// A town may not hold more people than its map has walkable tiles, nor more than [`AGENTS_MAX`].
fn check_counts(
    populations: &[population::Draft],
    interventions: &[intervention::Draft],
    map: Option<&TownMap>,
    whole: &Place,
    faults: &Faults,
) {
    let count = |draft: &population::Draft| u64::from(draft.population.count);
    let at_start: u64 = populations.iter().map(count).sum();
    let spawned: u64 = spawns(interventions).map(count).sum();
    let last = populations.last().map_or(whole, |draft| &draft.place);
    if at_start + spawned > u64::from(AGENTS_MAX) {
        let message = format!(
            "{} residents and walkers are more than {AGENTS_MAX}",
            at_start + spawned
        );
        faults.error(last, message, "lower a `count`".to_owned());
    }
    if at_start + spawned == 0 {
        faults.warning(
            last,
            "nobody lives in this town",
            "add a [[population]]".to_owned(),
        );
    }
    let Some(map) = map else { return };
    let free = (0..map.tiles())
        .filter(|&tile| !map.blocked.get(tile))
        .count() as u64;
    if at_start > free {
        let message =
            format!("{at_start} residents and walkers don't fit on {free} walkable tiles");
        faults.error(
            last,
            message,
            "lower a `count`, or take a larger map".to_owned(),
        );
    } else if at_start + spawned > free {
        let message = format!(
            "with all spawns there are {} agents for {free} walkable tiles",
            at_start + spawned
        );
        faults.warning(
            last,
            message,
            "the last spawns are refused unless somebody leaves".to_owned(),
        );
    }
}

/// Warns of interventions after the end: each where the file says both, once where the end was shortened by an argument.
fn warn_of_never(
    scenario: &Scenario,
    interventions: &[intervention::Draft],
    end: Option<&Place>,
    faults: &Faults,
) {
    let after = scenario.stop.after_ticks;
    let at = scenario
        .stop
        .at
        .and_then(|at| moment::tick_at(&scenario.time, at.timestamp()));
    let Some(last) = [after, at].into_iter().flatten().min() else {
        return;
    };
    let never = interventions.iter().filter(|draft| draft.at_tick >= last);
    if let Some(place) = end.filter(|place| place.at.is_none() && after == Some(last)) {
        let count = never.count();
        if count > 0 {
            let message =
                format!("the run ends at tick {last}, before {count} of the interventions");
            faults.warning(place, message, None);
        }
        return;
    }
    for draft in never {
        let message = format!(
            "this would happen at tick {}, but the run ends at tick {last}",
            draft.at_tick
        );
        faults.warning(&draft.place, message, None);
    }
}
