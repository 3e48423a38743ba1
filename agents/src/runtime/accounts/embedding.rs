//! What vectors of memories cost.
//!
//! Against a budget they count as part of the thought they were wanted for, from when it takes effect: then who may think does not depend on how
//! quickly they came.

use std::collections::BTreeMap;

use hamlet_protocol::minds::CostLine;

use super::{Accounts, Spent, Whose, add, used};
use crate::config::{ModelsConfig, Price, Purpose};
use crate::memory::Embedder;
use crate::runtime::vectors::texts_max;
use crate::wire::Usage;

/// The books of vectors.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    /// The dearest price of endpoints that make them.
    price: Price,
    /// By thought that has not taken effect: what they cost so far.
    open: BTreeMap<u64, f64>,
    line: CostLine,
}

impl Vectors {
    pub(super) fn new(config: &ModelsConfig) -> Self {
        let endpoints = config.endpoints.iter();
        let able = endpoints.filter(|it| it.model_for(Purpose::Embedding).is_some());
        let input = able.map(|it| it.price.input).fold(0.0, f64::max);
        Self {
            price: Price {
                input,
                ..Price::default()
            },
            ..Self::default()
        }
    }

    /// The most that those of one thought can cost: a token has at least one letter.
    pub(super) fn worst(&self, config: &ModelsConfig) -> f64 {
        match config.embedder() {
            Ok(Embedder::Model(_)) => texts_max(config.turns_max) as f64 * self.price.input,
            Ok(Embedder::Lexical) | Err(_) => 0.0,
        }
    }

    /// A thought takes effect: what its vectors cost.
    pub(super) fn settled(&mut self, thought: u64) -> f64 {
        self.open.remove(&thought).unwrap_or_default()
    }

    /// What those of thoughts cost that have not taken effect.
    pub(super) fn open(&self) -> f64 {
        self.open.values().sum()
    }

    pub(super) fn line(&self) -> CostLine {
        CostLine {
            of: Purpose::Embedding.as_str().to_owned(),
            ..self.line.clone()
        }
    }
}

impl Accounts {
    /// Books the vectors that somebody wanted for a thought, or for a person's task.
    pub(in crate::runtime) fn embedded(&mut self, thought: u64, whose: &Whose, spent: &Spent) {
        self.spent += spent.cost;
        let uncached = Usage {
            cached: 0,
            ..spent.usage
        };
        let counted = crate::pool::cost(&self.vectors.price, uncached);
        if self.open.contains_key(&thought) {
            *self.vectors.open.entry(thought).or_default() += counted;
        } else {
            self.counted += counted;
        }
        let entry = CostLine {
            took_ms: spent.took_ms,
            ..used(spent.usage, spent.cost)
        };
        self.book(whose, spent.by.as_ref(), &entry);
        self.vectors.line.thoughts += 1;
        add(&mut self.vectors.line, &entry);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::ask;
    use super::*;
    use crate::thought::Outcome;

    fn wanted(tokens: u64) -> Spent {
        Spent {
            by: Some(("meaning".to_owned(), "here".to_owned())),
            usage: Usage {
                input: tokens,
                ..Usage::default()
            },
            cost: tokens as f64,
            ..Spent::default()
        }
    }

    #[test]
    fn vectors_count_against_the_budget_when_their_thought_takes_effect() {
        let mut config = ModelsConfig::default();
        config.add(&["http://127.0.0.1:9/v1".to_owned()], Some("any"));
        config.endpoints[0].price.input = 1.0;
        let without = Accounts::new(&config, 0.0).worst;
        let names = &mut config.endpoints[0].models;
        names.insert(Purpose::Embedding, "meaning".to_owned());
        config.budget = 1.0;
        let mut books = Accounts::new(&config, 0.0);
        let ada = Whose {
            agent: "ada".to_owned(),
            day: "today".to_owned(),
        };
        assert!(books.worst > without, "vectors are reserved too");
        assert!(books.may_begin(&ask(1, 0)));
        books.embedded(1, &ada, &wanted(100));
        assert_eq!((books.counted, books.spent), (0.0, 100.0));
        books.ended_at_once(1, Outcome::Stale);
        books.settle(5);
        assert!(books.may_begin(&ask(2, 5)));
        assert_eq!(books.counted, 0.0, "it has not taken effect yet");
        books.settle(100);
        assert_eq!(books.counted, 100.0);
        // For nobody's thought: at once.
        books.embedded(9, &ada, &wanted(11));
        assert_eq!(books.counted, 111.0);
        let view = books.view();
        assert_eq!(
            (view.embedding.tokens_in, view.embedding.thoughts),
            (111, 2)
        );
        assert_eq!(
            (view.total.cost_micros, view.models[0].tokens_in),
            (111, 111)
        );
        assert_eq!(view.agents[0].of, "ada");
    }
}
