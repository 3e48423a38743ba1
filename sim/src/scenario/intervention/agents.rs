//! The agents that interventions name: whether they are in the town by then.

use std::collections::BTreeMap;

use hamlet_protocol::scenario::{Intervention, InterventionKind, Scenario};

use crate::scenario::people::{self, NameBook};
use crate::scenario::reader::Faults;
use crate::scenario::suggest;
use crate::scenario::tree::Place;

/// Looks up every agent that an intervention names, and writes the name as its bearer does.
/// `places` has one entry per intervention, `None` for those at an unknown time, which are left alone.
pub(in crate::scenario) fn resolve_agents(
    scenario: &mut Scenario,
    places: &[Option<Place>],
    faults: &Faults,
) {
    let named = |intervention: &mut Intervention| agent_of(&mut intervention.what).is_some();
    if !scenario.interventions.iter_mut().any(named) {
        return;
    }
    let mut people = Presence::of(scenario);
    for (index, (intervention, place)) in scenario.interventions.iter_mut().zip(places).enumerate()
    {
        let (optional, removal) = (
            intervention.optional,
            matches!(intervention.what, InterventionKind::Remove { .. }),
        );
        let (Some(agent), Some(place)) = (agent_of(&mut intervention.what), place) else {
            continue;
        };
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
        | InterventionKind::Open { .. } => None,
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
