//! Who has a part in a bounty.

use hamlet_protocol::command::{Rejection, RejectionCode};
use hamlet_protocol::ids::AgentId;

use crate::town::Town;

impl Town<'_, '_> {
    /// Nobody settles what they, or agents of theirs, announced or worked for.
    pub(super) fn check_no_part(&self, number: u32, by: &[AgentId]) -> Result<(), Rejection> {
        let Some(bounty) = self.economy.bounties.get(number as usize) else {
            return Ok(());
        };
        let shares = bounty.shares.iter().map(|share| share.0);
        let mut parties = shares.chain([bounty.by]);
        let judges: Vec<u32> = by.iter().filter_map(|&id| self.roster.number(id)).collect();
        if parties.any(|party| judges.contains(&party)) {
            return Err(Rejection::new(
                RejectionCode::Forbidden,
                "Whoever settles a dispute has no part in the bounty, and no agent of theirs has one.",
                "Leave it to another moderator.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::act::Act;
    use hamlet_protocol::command::{Command, RejectionCode};
    use hamlet_protocol::economy::command::{BountyAct, EconomyAct, EconomyCommand};
    use hamlet_protocol::money::{MICROS, Money};

    use crate::testing::Stage;

    #[test]
    fn nobody_settles_a_dispute_they_have_a_part_in() {
        let people = [("Ada", (14, 5)), ("Bo", (15, 5)), ("Cy", (16, 5))];
        let mut stage = Stage::with(&people, |scenario| {
            scenario.economy.grant = Money(25 * MICROS);
        });
        stage.ticks(1);
        let act = |bounty| Act::Economy(EconomyAct::Bounty(bounty));
        let open = BountyAct::Open {
            title: "Mend the mill".to_owned(),
            text: "It squeaks.".to_owned(),
            reward: Money(MICROS),
            hours: 1,
        };
        stage.act("Ada", act(open));
        let (bounty, shares) = (0, Vec::new());
        stage.act("Bo", act(BountyAct::Claim { bounty, shares }));
        let deliverable = "Done.".to_owned();
        stage.act(
            "Bo",
            act(BountyAct::Submit {
                bounty,
                deliverable,
            }),
        );
        let reason = "It still squeaks.".to_owned();
        stage.act("Ada", act(BountyAct::Dispute { bounty, reason }));
        stage.events();
        let [ada, bo, cy] = ["Ada", "Bo", "Cy"].map(|name| stage.id(name));
        let settle = |by: &[_]| {
            Command::Economy(Box::new(EconomyCommand::Settlement {
                bounty,
                permille: 1000,
                reason: "So be it.".to_owned(),
                by: by.to_vec(),
                staff: None,
            }))
        };
        for by in [&[ada][..], &[bo], &[cy, bo]] {
            assert_eq!(stage.refused_command(settle(by)), RejectionCode::Forbidden);
        }
        stage.command(settle(&[cy])).expect("Cy has no part in it");
    }
}
