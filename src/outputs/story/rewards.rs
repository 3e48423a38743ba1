//! Who was rewarded on the whole, and who penalised, by the rule of the series `….rewarded` and `….penalised`.

use std::collections::BTreeMap;

use hamlet_protocol::event::{Event, EventRecord};

use super::super::names::People;

/// Rewards less penalties in micro-aiDollars, by number of the person.
#[derive(Debug, Default)]
pub(crate) struct Rewards {
    net: BTreeMap<u32, i64>,
}

impl Rewards {
    /// Takes an event in. A penalty that found nothing to take counts as the least there is.
    pub(crate) fn event(&mut self, record: &EventRecord, people: &mut People) {
        if let Event::Rewarded { agent, amount, .. } = &record.event {
            let counted = if amount.0 == 0 { -1 } else { amount.0 };
            let net = self.net.entry(people.number(*agent)).or_default();
            *net = net.saturating_add(counted);
        }
    }

    /// Those who were given more than was taken from them.
    pub(crate) fn rewarded(&self) -> Vec<u32> {
        self.with_sign(1)
    }

    /// Those from whom more was taken than they were given.
    pub(crate) fn penalised(&self) -> Vec<u32> {
        self.with_sign(-1)
    }

    fn with_sign(&self, sign: i64) -> Vec<u32> {
        let all = self.net.iter().filter(|(_, net)| net.signum() == sign);
        all.map(|(&who, _)| who).collect()
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::ids::IdCodec;
    use hamlet_protocol::money::Money;

    use super::*;

    #[test]
    fn a_penalty_that_took_nothing_is_one_too() {
        let ids = IdCodec::new(1);
        let mut people = People::default();
        let mut rewards = Rewards::default();
        for (who, amount) in [(0, 5), (1, 3), (2, 0), (1, -9), (3, 4), (3, -4)] {
            let event = Event::Rewarded {
                agent: ids.make(who),
                amount: Money(amount),
                reason: String::new(),
            };
            let record = EventRecord {
                seq: 1,
                tick: 0,
                stamp_ms: 0,
                event,
            };
            rewards.event(&record, &mut people);
        }
        assert_eq!(
            (rewards.rewarded(), rewards.penalised()),
            (vec![0], vec![1, 2])
        );
    }
}
