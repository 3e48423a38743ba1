//! What people outside the village did to it, and who came and went.

use hamlet_protocol::agent::MindKind;
use hamlet_protocol::event::{Event, EventRecord};
use hamlet_protocol::goods::Item;
use hamlet_protocol::map::Point;
use hamlet_protocol::money::Money;
use hamlet_protocol::scenario::{InterventionKind, PlaceName, Scenario};

use super::super::names::{People, Places};

/// Moments kept at most.
const MOMENTS_MAX: usize = 300;

/// Something out of the ordinary, and when.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moment {
    /// When.
    pub(crate) tick: u64,
    /// What.
    pub(crate) what: What,
}

/// What happened. People are given by number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    /// People came to live in the town.
    Joined(Vec<u32>),
    /// People left for good.
    Left(Vec<u32>),
    /// Somebody was put on a tile.
    Placed(u32, Point),
    /// Landmarks were opened, closed, or go by their hours again.
    OpenSet(Option<bool>, Vec<String>),
    /// A rule changed.
    Rule(String, f64),
    /// A reward, or with a negative amount a penalty.
    Reward(u32, Money, String),
    /// A piece of news began to spread.
    News(u32, String),
    /// The town itself posted.
    Notice(String),
    /// An intervention could not be carried out; its index in the scenario.
    Refused(u32, String),
    /// What goods are worth changed at once, as a sentence.
    Shock(String),
    /// Everybody was given money, as a sentence.
    Stimulus(String),
    /// An intervention that leaves no event of its own, as a sentence.
    Done(String),
}

/// The moments of a run, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The first of them.
    pub(crate) moments: Vec<Moment>,
    /// How many more there were.
    pub(crate) left_out: u64,
}

impl Timeline {
    /// Takes an event in.
    pub(crate) fn event(&mut self, record: &EventRecord, people: &mut People, places: &Places) {
        let what = match &record.event {
            // Those who live here at the start are no news.
            Event::AgentJoined { agent, mind, .. }
                if record.tick > 0 && *mind != MindKind::Walker =>
            {
                What::Joined(vec![people.number(*agent)])
            }
            Event::AgentLeft { agent } => What::Left(vec![people.number(*agent)]),
            Event::AgentPlaced { agent, at } => What::Placed(people.number(*agent), *at),
            Event::OpenSet { landmark, open } => {
                let landmark = places.get(*landmark);
                let name = landmark.map_or("a place", |landmark| &landmark.name);
                What::OpenSet(*open, vec![name.to_owned()])
            }
            Event::RuleSet { name, value } => What::Rule(name.clone(), *value),
            Event::Rewarded {
                agent,
                amount,
                reason,
            } => What::Reward(people.number(*agent), *amount, reason.clone()),
            Event::NewsBroke { agent, text, .. } => What::News(people.number(*agent), text.clone()),
            Event::Posted {
                author: None,
                title,
                ..
            } => What::Notice(title.clone()),
            Event::InterventionRefused { index, detail, .. } => {
                What::Refused(*index, detail.clone())
            }
            _ => return,
        };
        self.add(record.tick, what);
    }

    /// Adds the scenario's interventions between two ticks that leave no telling event of their own.
    pub(crate) fn add_scheduled(&mut self, scenario: &Scenario, from: u64, to: u64) {
        let due = scenario
            .interventions
            .iter()
            .filter(|intervention| (from..to).contains(&intervention.at_tick));
        for intervention in due {
            if let Some(what) = told(&intervention.what) {
                self.add(intervention.at_tick, what);
            }
        }
        self.moments.sort_by_key(|moment| moment.tick);
    }

    /// Adds a moment; several alike in one tick become one.
    fn add(&mut self, tick: u64, what: What) {
        if let Some(last) = self.moments.last_mut()
            && last.tick == tick
            && merged(&mut last.what, &what)
        {
            return;
        }
        if self.moments.len() < MOMENTS_MAX {
            self.moments.push(Moment { tick, what });
        } else {
            self.left_out += 1;
        }
    }
}

fn told(what: &InterventionKind) -> Option<What> {
    Some(match what {
        InterventionKind::Say { agent, text } => {
            What::Done(format!("{agent} is told to say “{text}”"))
        }
        InterventionKind::Post {
            agent: Some(agent),
            title,
            ..
        } => What::Done(format!("{agent} is told to post “{title}”")),
        InterventionKind::Move {
            agent,
            to,
            instantly: false,
        } => {
            let to = match to {
                PlaceName::Tile(at) => format!("tile {at}"),
                PlaceName::Landmark(name) => name.clone(),
            };
            What::Done(format!("{agent} is sent to {to}"))
        }
        InterventionKind::PriceShock { item, percent } => What::Shock(shock(*item, *percent)),
        InterventionKind::Stimulus { amount, reason } => {
            What::Stimulus(format!("Everybody is given {amount} aiDollars: “{reason}”"))
        }
        _ => return None,
    })
}

/// "Bread is worth 2.5 times as much from now on".
fn shock(item: Option<Item>, percent: u32) -> String {
    let what = item.map_or("everything", Item::as_str);
    let (first, rest) = what.split_at(1);
    let times = format!("{:.2}", f64::from(percent) / 100.0);
    let times = times.trim_end_matches('0').trim_end_matches('.');
    let first = first.to_uppercase();
    format!("{first}{rest}: worth {times} times what it was, from now on")
}

fn merged(into: &mut What, next: &What) -> bool {
    match (into, next) {
        (What::Joined(all), What::Joined(more)) | (What::Left(all), What::Left(more)) => {
            all.extend(more);
            true
        }
        (What::OpenSet(a, all), What::OpenSet(b, more)) if a == b => {
            all.extend(more.iter().cloned());
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_worth_reads_well() {
        let cases = [
            (Some(Item::Bread), 250, "Bread: worth 2.5 times"),
            (Some(Item::Fish), 50, "Fish: worth 0.5 times"),
            (None, 300, "Everything: worth 3 times"),
        ];
        for (item, percent, begin) in cases {
            let told = shock(item, percent);
            assert!(told.starts_with(begin), "{told}");
        }
    }
}
