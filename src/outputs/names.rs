//! Who is who: agents and landmarks by id, with the names people know them by.

use std::collections::HashMap;

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::ids::{AgentId, IdCodec, LandmarkId};
use hamlet_protocol::map::{Landmark, TownMap};
use hamlet_protocol::view::WorldView;

/// A resident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// Handle; empty for somebody who was never introduced.
    pub(crate) handle: String,
    /// How others call them; the handle where nothing better is known.
    pub(crate) label: String,
}

/// The residents met so far, numbered in the order of meeting. Walkers are left out: they have no names.
#[derive(Debug, Default)]
pub(crate) struct People {
    numbers: HashMap<AgentId, u32>,
    list: Vec<Person>,
}

impl People {
    /// Learns names from an event.
    pub(crate) fn learn(&mut self, record: &EventRecord) {
        if let Event::AgentJoined {
            agent, name, mind, ..
        } = &record.event
            && *mind != MindKind::Walker
        {
            let number = self.number(*agent);
            self.introduce(number, name, name);
        }
        if let Event::PersonJoined { agent, name, .. } = &record.event {
            let number = self.number(*agent);
            self.introduce(number, name, name);
        }
    }

    /// Learns the names of everybody in a view: those who were there before the first event.
    pub(crate) fn learn_all(&mut self, view: &WorldView) {
        for agent in view.agents.iter().flatten() {
            let number = self.number(agent.id);
            let persona = &agent.persona;
            let label = match persona.display_name.trim() {
                "" => &persona.name,
                shown => shown,
            };
            self.introduce(number, &persona.name, label);
        }
    }

    fn introduce(&mut self, number: u32, handle: &str, label: &str) {
        let person = &mut self.list[number as usize];
        handle.clone_into(&mut person.handle);
        label.clone_into(&mut person.label);
    }

    /// The number of an agent, who is met now if not before.
    pub(crate) fn number(&mut self, agent: AgentId) -> u32 {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(agent).or_insert(next);
        if number == next {
            let short: String = agent.to_string().chars().take(8).collect();
            self.list.push(Person {
                handle: String::new(),
                label: format!("somebody {short}"),
            });
        }
        number
    }

    /// The handle of an agent, if they were introduced.
    pub(crate) fn handle(&self, agent: AgentId) -> Option<&str> {
        let number = *self.numbers.get(&agent)?;
        let handle = self.list[number as usize].handle.as_str();
        (!handle.is_empty()).then_some(handle)
    }

    /// How others call the person of this number.
    pub(crate) fn label(&self, number: u32) -> &str {
        &self.list[number as usize].label
    }

    /// How many have been met.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }
}

/// The landmarks of a map by id.
#[derive(Debug)]
pub(crate) struct Places {
    codec: IdCodec,
    landmarks: Vec<Landmark>,
}

impl Places {
    /// The landmarks of a run's map; `seed` is that of the run, from which ids are derived.
    pub(crate) fn new(map: &TownMap, seed: u64) -> Self {
        Self {
            codec: IdCodec::new(seed),
            landmarks: map.landmarks.clone(),
        }
    }

    /// The landmark of an id, or `None` when it is of another run.
    pub(crate) fn get(&self, id: LandmarkId) -> Option<&Landmark> {
        self.landmarks
            .get(usize::try_from(self.codec.number(id)?).ok()?)
    }

    /// All of them, in the order of the map.
    pub(crate) fn all(&self) -> &[Landmark] {
        &self.landmarks
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use hamlet_protocol::map::Point;

    use super::*;

    fn joined(agent: AgentId, name: &str, mind: MindKind) -> EventRecord {
        EventRecord {
            seq: 1,
            tick: 0,
            stamp_ms: 0,
            event: Event::AgentJoined {
                agent,
                name: name.to_owned(),
                display_name: String::new(),
                description: String::new(),
                template: "townsfolk".to_owned(),
                mind,
                at: Point::new(0, 0),
            },
        }
    }

    #[test]
    fn people_are_numbered_as_they_are_met() {
        let ids = IdCodec::new(1);
        let [ada, stranger, walker]: [AgentId; 3] = [ids.make(0), ids.make(1), ids.make(2)];
        let mut people = People::default();
        people.learn(&joined(ada, "ada", MindKind::Scripted));
        people.learn(&joined(walker, "", MindKind::Walker));
        assert_eq!((people.number(ada), people.number(stranger)), (0, 1));
        assert_eq!(people.handle(ada), Some("ada"));
        assert_eq!(people.handle(stranger), None);
        assert_eq!(people.handle(walker), None);
        assert!(people.label(1).starts_with("somebody "));
        people.learn(&joined(stranger, "bo", MindKind::Llm));
        assert_eq!((people.label(1), people.len()), ("bo", 2));
    }
}
