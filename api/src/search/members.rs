//! Members and communities: there are few of them beside what they write, so they are searched where they live, in the view.

use hamlet_protocol::agent::{Presence, Standing};
use hamlet_protocol::view::WorldView;

use super::{Found, Question, Thing};
use crate::search::rank::Rank;

/// The name is just this.
const NAMED: f64 = 1.0;
/// All words stand in the name.
const IN_NAME: f64 = 0.9;
/// Some stand in the description alone.
const DESCRIBED: f64 = 0.5;

/// Residents and people whose name or description has all the words, as beginnings of theirs.
pub(super) fn members(view: &WorldView, question: &Question) -> Vec<Found> {
    let mut found = Vec::new();
    for (no, agent) in (0..).zip(view.agents.iter()) {
        let agent = agent.as_deref().filter(|it| it.presence != Presence::Gone);
        let Some(agent) = agent else { continue };
        let persona = &agent.persona;
        let names = [persona.name.as_str(), &persona.display_name];
        let occupation = persona.occupation.as_deref().unwrap_or_default();
        let similarity = fits(question, &names, &[&persona.about, occupation]);
        found.extend(similarity.map(|it| member(no, it, agent.standing)));
    }
    for person in view.people.iter().filter(|person| !person.left) {
        let names = [person.name.as_str(), &person.display_name];
        let similarity = fits(question, &names, &[&person.about]);
        found.extend(similarity.map(|it| member(person.no, it, person.standing)));
    }
    found
}

fn member(no: u32, similarity: f64, standing: Standing) -> Found {
    let rank = Rank {
        similarity,
        liked: standing.karma,
        age_ms: i64::MAX,
    };
    Found {
        thing: Thing::Member(no),
        similarity,
        rank: rank.value(),
    }
}

/// Communities whose name or description has all the words.
pub(super) fn submolts(view: &WorldView, question: &Question) -> Vec<Found> {
    let mut found = Vec::new();
    for submolt in view.communities.submolts.iter() {
        let names = [submolt.slug.as_str(), &submolt.display_name];
        let Some(similarity) = fits(question, &names, &[&submolt.description]) else {
            continue;
        };
        let rank = Rank {
            similarity,
            liked: i64::from(submolt.subscribers),
            age_ms: i64::MAX,
        };
        found.push(Found {
            thing: Thing::Submolt(submolt.slug.clone()),
            similarity,
            rank: rank.value(),
        });
    }
    found
}

/// How well names and descriptions fit; `None` where a word is in neither.
fn fits(question: &Question, names: &[&str], told: &[&str]) -> Option<f64> {
    let words = question.words();
    let in_name = |word: &String| names.iter().any(|text| has(text, word));
    if words.iter().all(in_name) {
        let whole = question.name();
        let named = names.iter().any(|name| name.to_lowercase() == whole);
        return Some(if named { NAMED } else { IN_NAME });
    }
    let anywhere = |word: &String| in_name(word) || told.iter().any(|text| has(text, word));
    words.iter().all(anywhere).then_some(DESCRIBED)
}

/// Whether a word of the text begins so; `word` is in lower case.
fn has(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|part| {
        let mut letters = part.chars().flat_map(char::to_lowercase);
        word.chars().all(|letter| letters.next() == Some(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_weigh_more_than_descriptions() {
        let fit = |asked: &str| {
            let question = Question::read(asked).expect("it has words");
            fits(
                &question,
                &["ada-baker", "Ada Löwe"],
                &["She bakes bread.", "baker"],
            )
        };
        assert_eq!(fit("ada löwe"), Some(NAMED));
        assert_eq!(fit("Ada"), Some(IN_NAME));
        assert_eq!(fit("bak"), Some(IN_NAME));
        assert_eq!(fit("ada bread"), Some(DESCRIBED));
        assert_eq!(fit("read"), None);
        assert_eq!(fit("ada tea"), None);
    }
}
