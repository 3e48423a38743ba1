//! The agents that interventions name: whether they are in the town by then.

use std::collections::BTreeMap;

use hamlet_protocol::persona::Template;
use hamlet_protocol::scenario::{Intervention, InterventionKind, Scenario};

use crate::scenario::faults::Faults;
use crate::scenario::people::{self, NameBook};
use crate::scenario::suggest;
use crate::scenario::tree::Place;

/// Looks up every agent that an intervention names, and writes the name as its bearer does.
/// `places` has one entry per intervention, with whether its time is known: where it is not, one can only say who never comes.
pub(in crate::scenario) fn resolve_agents(
    scenario: &mut Scenario,
    places: &[(Place, bool)],
    faults: &Faults,
) {
    let named = |intervention: &mut Intervention| agent_of(&mut intervention.what).is_some();
    if !scenario.interventions.iter_mut().any(named) {
        return;
    }
    let mut people = Presence::of(scenario);
    let planned = scenario.interventions.iter_mut().zip(places);
    for (index, (intervention, (place, timed))) in planned.enumerate() {
        let (optional, removal) = (
            intervention.optional,
            matches!(intervention.what, InterventionKind::Remove { .. }),
        );
        let Some(agent) = agent_of(&mut intervention.what) else {
            continue;
        };
        if !timed && people.know(agent) {
            continue;
        }
        match people.find(agent, index) {
            Ok(name) => {
                *agent = name;
                if removal {
                    people.leaves(agent, index);
                }
            }
            Err((message, help)) if optional => faults.warning(place, message, help),
            Err((message, help)) => faults.error(place, message, help),
        }
    }
}

/// Looks up agents where it is not certain who comes: those are lost whom the scenario does not name and no template could bring.
pub(in crate::scenario) fn find_the_lost(
    scenario: &mut Scenario,
    places: &[(Place, bool)],
    faults: &Faults,
) {
    let given = NameBook::given(scenario);
    let names: Vec<String> = given_names(scenario).map(str::to_owned).collect();
    let Scenario {
        templates,
        interventions,
        ..
    } = scenario;
    for (intervention, (place, _)) in interventions.iter_mut().zip(places) {
        let Some(agent) = agent_of(&mut intervention.what) else {
            continue;
        };
        let may_come = |template: &Template| people::may_bring(template, agent);
        if given.is_taken(agent) || templates.values().any(may_come) {
            continue;
        }
        let message = format!("nobody here is named `{agent}`");
        let help = suggest::help(
            agent,
            "residents named so far",
            names.iter().map(String::as_str),
        );
        if intervention.optional {
            faults.warning(place, message, help);
        } else {
            faults.error(place, message, help);
        }
    }
}

/// The handles that the scenario and its sources give.
fn given_names(scenario: &Scenario) -> impl Iterator<Item = &str> {
    let spawned =
        scenario
            .interventions
            .iter()
            .filter_map(|intervention| match &intervention.what {
                InterventionKind::Spawn(population) => Some(population),
                _ => None,
            });
    let populations = scenario.populations.iter().chain(spawned);
    let personas = populations.flat_map(|population| &population.personas);
    personas.map(|persona| persona.name.as_str())
}

fn agent_of(what: &mut InterventionKind) -> Option<&mut String> {
    match what {
        InterventionKind::Say { agent, .. }
        | InterventionKind::Rumour { agent, .. }
        | InterventionKind::Remove { agent }
        | InterventionKind::Move { agent, .. }
        | InterventionKind::Moderate { agent, .. }
        | InterventionKind::Reward { agent, .. } => Some(agent),
        InterventionKind::Post { agent, .. } => agent.as_mut(),
        InterventionKind::Spawn(_)
        | InterventionKind::Set { .. }
        | InterventionKind::Open { .. }
        | InterventionKind::Stimulus { .. }
        | InterventionKind::PriceShock { .. } => None,
    }
}

/// Who is in the town between which interventions.
struct Presence {
    /// By lower-case handle: the handle, the intervention that brings them (`None`: there from the start), the one that removes them.
    people: BTreeMap<String, (String, Option<usize>, Option<usize>)>,
}

impl Presence {
    fn of(scenario: &Scenario) -> Self {
        let mut people = BTreeMap::new();
        let mut enter =
            |name: String, since| people.insert(name.to_lowercase(), (name, since, None));
        for persona in people::cast(scenario).into_iter().flatten() {
            enter(persona.name, None);
        }
        let mut taken: NameBook = people.values().map(|(name, ..)| name).collect();
        for (index, intervention) in scenario.interventions.iter().enumerate() {
            if matches!(intervention.what, InterventionKind::Spawn(_)) {
                for persona in people::spawned(scenario, index, &mut taken) {
                    people.insert(
                        persona.name.to_lowercase(),
                        (persona.name, Some(index), None),
                    );
                }
            }
        }
        Self { people }
    }

    fn know(&self, name: &str) -> bool {
        self.people.contains_key(&name.to_lowercase())
    }

    fn find(&self, name: &str, index: usize) -> Result<String, (String, Option<String>)> {
        match self.people.get(&name.to_lowercase()) {
            None => {
                let names = self.people.values().map(|(name, ..)| name.as_str());
                let help = suggest::help(name, "residents", names);
                Err((format!("nobody here is named `{name}`"), Some(help)))
            }
            Some((_, Some(since), _)) if *since > index => {
                let help = "spawn them earlier, or let this happen later".to_owned();
                Err((
                    format!("`{name}` has not come to the town by then"),
                    Some(help),
                ))
            }
            Some((_, _, Some(gone))) if *gone < index => Err((
                format!("`{name}` has left the town by then"),
                Some("let this happen earlier".to_owned()),
            )),
            Some((name, ..)) => Ok(name.clone()),
        }
    }

    fn leaves(&mut self, name: &str, index: usize) {
        if let Some((_, _, gone)) = self.people.get_mut(&name.to_lowercase()) {
            *gone = Some(index);
        }
    }
}
