//! What thinking costs: reserved before, posted after, capped per agent, per owner and for the whole village.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::economy::Code;
use hamlet_protocol::economy::command::{EconomyOutcome, Reserve, Usage};
use hamlet_protocol::economy::image::{MeterImage, Spending};
use hamlet_protocol::money::Money;
use uuid::Uuid;

use super::ledger::{Entry, Purse, Step};
use super::params;
use crate::town::Town;

const HOUR_MS: i64 = 3_600_000;
const DAY_HOURS: i64 = 24;
/// Seconds a reservation lasts at most.
const TTL_SECS_MAX: u32 = 24 * 3600;
/// Longest purpose and name of a model, in bytes.
const NAME_BYTES_MAX: usize = 100;
/// The purpose that takes one of an agent's places for tools.
const TOOL: &str = "tool";

impl Town<'_, '_> {
    /// Reserves what a thought or a run of a tool may cost, for as long as was said.
    pub(super) fn reserve(&mut self, wanted: &Reserve) -> Result<EconomyOutcome, Rejection> {
        let until_ms = self.reserved_until(wanted.ttl_secs);
        let (reservation, amount) = self.reserve_until(wanted, Some(until_ms))?;
        Ok(EconomyOutcome::Reserved {
            reservation,
            amount,
        })
    }

    /// When what is reserved now for so many seconds is free again by itself.
    pub(crate) fn reserved_until(&self, ttl_secs: u32) -> i64 {
        let ttl_ms = i64::from(ttl_secs.clamp(1, TTL_SECS_MAX)) * 1000;
        self.clock.stamp_ms.saturating_add(ttl_ms)
    }

    /// The same until then; `None`: whoever reserved it settles or releases it in any case.
    pub(crate) fn reserve_until(
        &mut self,
        wanted: &Reserve,
        until_ms: Option<i64>,
    ) -> Result<(u64, Money), Rejection> {
        let no = self.agent_no(wanted.agent)?;
        let owner = wanted.owner.or_else(|| self.owner_account(no));
        check_names(wanted)?;
        if !self.can_pay_to_think(no) {
            return Err(Rejection::new(
                RejectionCode::Funds,
                "Nothing is left to think with.",
                "It lives by habit until it has earned, or was given, something.",
            ));
        }
        let amount = params::usage_price(self.terms(), &wanted.model, &wanted.estimate);
        self.check_tier_limits(no, wanted)?;
        self.check_caps(no, owner, amount)?;
        let entry = Entry::new(Purse::of(no), Purse::TREASURY, amount, Code::Usage)
            .saying(format!("{} {}", wanted.purpose, wanted.model))
            .by(Some(wanted.agent));
        let reservation = self.enter_books(&[Step::Reserve(entry, until_ms)])?;
        let tokens = wanted.estimate.tokens();
        let meter = MeterImage {
            agent: no,
            owner,
            purpose: wanted.purpose.clone(),
            model: wanted.model.clone(),
            tokens,
            hour: self.hour(),
        };
        self.count_spending(&meter, amount.0, signed(tokens), 1);
        self.economy.meters.insert(reservation, meter);
        Ok((reservation, amount))
    }

    /// Posts what it did cost. What is above the reservation nobody is charged for.
    pub(crate) fn settle_usage(
        &mut self,
        reservation: u64,
        usage: &Usage,
    ) -> Result<Money, Rejection> {
        let (meter, reserved) = self.meter(reservation)?;
        let price = params::usage_price(self.terms(), &meter.model, usage);
        let amount = price.min(reserved);
        self.enter_books(&[Step::Post {
            pending: reservation,
            amount,
            to: None,
        }])?;
        self.economy.meters.remove(&reservation);
        let unused = signed(usage.tokens()).saturating_sub(signed(meter.tokens));
        self.count_spending(&meter, amount.0 - reserved.0, unused, 0);
        self.count_cost(&meter, usage, amount);
        Ok(amount)
    }

    /// Nothing was used: all of it is free again.
    pub(crate) fn release_usage(&mut self, reservation: u64) -> Result<(), Rejection> {
        self.free_meter(reservation, false)
    }

    /// What was used is not known: the money is free again, and the use counts as had.
    pub(crate) fn forfeit_usage(&mut self, reservation: u64) -> Result<(), Rejection> {
        self.free_meter(reservation, true)
    }

    fn free_meter(&mut self, reservation: u64, expired: bool) -> Result<(), Rejection> {
        let (meter, reserved) = self.meter(reservation)?;
        self.enter_books(&[Step::Void {
            pending: reservation,
            expired,
        }])?;
        self.economy.meters.remove(&reservation);
        // Whoever gave it back did not think; of what ran out nobody knows.
        let runs = if expired { 0 } else { -1 };
        self.count_spending(&meter, -reserved.0, -signed(meter.tokens), runs);
        Ok(())
    }

    /// Whoever leaves pays for no more thoughts.
    pub(super) fn leave_meters(&mut self, no: u32) {
        let own = self.economy.meters.iter();
        let own: Vec<u64> = own
            .filter(|(_, meter)| meter.agent == no)
            .map(|(&reservation, _)| reservation)
            .collect();
        for reservation in own {
            drop(self.free_meter(reservation, false));
        }
    }

    /// Frees what was reserved for longer than it may be.
    pub(super) fn expire_reservations(&mut self) {
        for reservation in self.economy.ledger.overdue(self.clock.stamp_ms) {
            let freed = if self.economy.meters.contains_key(&reservation) {
                self.free_meter(reservation, true)
            } else {
                let void = Step::Void {
                    pending: reservation,
                    expired: true,
                };
                self.enter_books(&[void]).map(|_no| ())
            };
            debug_assert!(freed.is_ok(), "what is overdue is reserved: {freed:?}");
        }
    }

    fn meter(&self, reservation: u64) -> Result<(MeterImage, Money), Rejection> {
        let meter = self.economy.meters.get(&reservation).cloned();
        let reserved = self.economy.ledger.pending(reservation);
        meter.zip(reserved).ok_or_else(|| {
            Rejection::new(
                RejectionCode::NotFound,
                format!("There is no reservation {reservation} for a thought or a tool."),
                "It was settled, or its time was over. Reserve anew before thinking on.",
            )
        })
    }

    fn check_tier_limits(&self, no: u32, wanted: &Reserve) -> Result<(), Rejection> {
        let spec = self.entitlement(no);
        let spent = at(self.economy.spent.agent(no), self.hour());
        let over = |what: String, hint: &str| {
            Err(Rejection::new(RejectionCode::Quota, what, hint.to_owned()))
        };
        if spent.runs >= spec.thoughts_per_hour {
            return over(
                format!(
                    "The tier `{}` has {} thoughts an hour, and they are used up.",
                    spec.name, spec.thoughts_per_hour
                ),
                "Wait for the next hour, or rise to a higher tier.",
            );
        }
        if spent.tokens.saturating_add(wanted.estimate.tokens()) > spec.tokens_per_hour {
            return over(
                format!(
                    "The tier `{}` has {} tokens an hour, and too few are left.",
                    spec.name, spec.tokens_per_hour
                ),
                "Wait for the next hour, use less, or rise to a higher tier.",
            );
        }
        let running = self.economy.meters.values();
        let running = running
            .filter(|it| it.agent == no && it.purpose == TOOL)
            .count();
        if wanted.purpose == TOOL && running >= spec.tool_runs as usize {
            return over(
                format!(
                    "The tier `{}` has {} runs of tools at once.",
                    spec.name, spec.tool_runs
                ),
                "Wait until one has ended.",
            );
        }
        Ok(())
    }

    fn check_caps(&self, no: u32, owner: Option<Uuid>, amount: Money) -> Result<(), Rejection> {
        let hour = self.hour();
        let spent = &self.economy.spent;
        let agent = spent.agent(no);
        let owned = owner.and_then(|owner| spent.owners.get(&owner).copied());
        let all = [
            ("agent", Some(agent), "of the agent"),
            (
                "owner",
                owner.map(|_| owned.unwrap_or_default()),
                "of its owner",
            ),
            ("village", Some(spent.village), "of the whole village"),
        ];
        for (name, spending, whose) in all {
            let Some(spending) = spending.map(|it| at(it, hour)) else {
                continue;
            };
            for (span, used) in [("hour", spending.in_hour), ("day", spending.in_day)] {
                let cap = params::budget(self.terms(), &format!("{name}_{span}"));
                if used.saturating_add(amount.0) > cap.0 {
                    return Err(Rejection::new(
                        RejectionCode::Quota,
                        format!(
                            "The cap {whose} for a {span} is {cap} aiDollars, and {} of it are spent.",
                            Money(used)
                        ),
                        format!(
                            "Until the next {span} it lives by habit; who runs the village may raise `economy.budgets.{name}_{span}`."
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    pub(super) fn hour(&self) -> i64 {
        self.clock.stamp_ms.div_euclid(HOUR_MS)
    }

    /// Counts a reservation, or corrects it: in the hour and day in which it was made, as far as these still run.
    /// So a reservation of the hour before that is freed makes no room in this one.
    fn count_spending(&mut self, meter: &MeterImage, by: i64, tokens: i64, runs: i32) {
        let hour = self.hour();
        let this_hour = meter.hour == hour;
        let today = meter.hour.div_euclid(DAY_HOURS) == hour.div_euclid(DAY_HOURS);
        let spent = &mut self.economy.spent;
        let add = |spending: &mut Spending| {
            *spending = at(*spending, hour);
            if this_hour {
                spending.in_hour = spending.in_hour.saturating_add(by).max(0);
                spending.runs = spending.runs.saturating_add_signed(runs);
                spending.tokens = spending.tokens.saturating_add_signed(tokens);
            }
            if today {
                spending.in_day = spending.in_day.saturating_add(by).max(0);
            }
        };
        spent.change_agent(meter.agent, add);
        if let Some(owner) = meter.owner {
            add(spent.owners.entry(owner).or_default());
        }
        add(&mut spent.village);
        self.touched.economy = true;
    }

    fn count_cost(&mut self, meter: &MeterImage, usage: &Usage, amount: Money) {
        let now_ms = self.clock.stamp_ms;
        let kind = (meter.purpose.as_str(), meter.model.as_str());
        self.economy.costs.count(meter.agent, kind, |cost| {
            if cost.count == 0 {
                cost.since_ms = now_ms;
            }
            cost.count += 1;
            cost.tokens_in += usage.tokens_in;
            cost.tokens_cached += usage.tokens_cached;
            cost.tokens_out += usage.tokens_out;
            cost.tool_ms += usage.tool_ms;
            cost.amount = cost.amount.saturating_add(amount.0);
            cost.last_ms = now_ms;
        });
        self.touched.economy = true;
    }
}

/// Spending as it is in an hour: what was spent in an hour or a day before no longer counts.
pub(super) fn at(spending: Spending, hour: i64) -> Spending {
    if spending.hour == hour {
        return spending;
    }
    let same_day = spending.hour.div_euclid(DAY_HOURS) == hour.div_euclid(DAY_HOURS);
    Spending {
        hour,
        in_day: if same_day { spending.in_day } else { 0 },
        ..Spending::default()
    }
}

/// Tokens as a change of their count. Nobody uses as many as do not fit.
fn signed(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

fn check_names(wanted: &Reserve) -> Result<(), Rejection> {
    for (what, name) in [("purpose", &wanted.purpose), ("model", &wanted.model)] {
        let good =
            (1..=NAME_BYTES_MAX).contains(&name.len()) && !name.chars().any(char::is_control);
        if !good {
            return Err(Rejection::new(
                RejectionCode::Invalid,
                format!("A {what} has 1 to {NAME_BYTES_MAX} bytes."),
                "Send its name.",
            ));
        }
    }
    Ok(())
}
