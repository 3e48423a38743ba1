//! Tiers: the one place that says what a balance, or a purchase, entitles to.

use hamlet_protocol::economy::event::EconomyEvent;
use hamlet_protocol::economy::tier::{TierSpec, tier_of};
use hamlet_protocol::event::Event;

use super::ledger::Purse;
use crate::town::Town;

impl Town<'_, '_> {
    /// Somebody's tier.
    pub(crate) fn tier(&self, no: u32) -> u8 {
        self.economy.tiers.get(no as usize).copied().unwrap_or(0)
    }

    /// What somebody is entitled to. Limits, minds and tools ask here and nowhere else.
    pub(crate) fn entitlement(&self, no: u32) -> &TierSpec {
        let specs = &self.economy.specs;
        let tier = usize::from(self.tier(no)).min(specs.len() - 1);
        &specs[tier]
    }

    /// Whether somebody can pay for thoughts at all. Who can't lives by habit until they can.
    pub(crate) fn can_pay_to_think(&self, no: u32) -> bool {
        self.available(no).0 > 0
    }

    /// Looks whether somebody has crossed the line between two tiers; it is told of.
    pub(super) fn look_at_tier(&mut self, no: u32) {
        self.touched.purse(no);
        let before = self.tier(no);
        let balance = self.economy.ledger.balance(Purse::of(no));
        let slack = self.rules.0.tier_hysteresis_percent;
        let by_balance = tier_of(&self.economy.specs, before, balance, slack);
        let now_ms = self.clock.stamp_ms;
        let bought = self.economy.purchases.get(&no);
        let bought = bought
            .filter(|it| it.until_ms > now_ms)
            .map_or(0, |it| it.tier);
        let tier = by_balance.max(bought);
        if tier == before {
            return;
        }
        let tiers = &mut self.economy.tiers;
        if tiers.len() <= no as usize {
            tiers.resize(no as usize + 1, 0);
        }
        tiers[no as usize] = tier;
        self.rouse_mind(no);
        let event = EconomyEvent::TierChanged {
            agent: self.roster.agent_id(no),
            from: before,
            to: tier,
            name: self.entitlement(no).name.clone(),
        };
        self.log.record(&self.clock, Event::Economy(event));
        self.tell_of_tier(no, before, tier);
    }

    /// Ends what was bought for a time.
    pub(super) fn expire_tiers(&mut self) {
        if self.economy.purchases.is_empty() {
            return;
        }
        let now_ms = self.clock.stamp_ms;
        let over = self.economy.purchases.iter();
        let over: Vec<u32> = over
            .filter(|(_, it)| it.until_ms <= now_ms)
            .map(|(&no, _)| no)
            .collect();
        for no in over {
            self.economy.purchases.remove(&no);
            self.look_at_tier(no);
        }
    }
}
