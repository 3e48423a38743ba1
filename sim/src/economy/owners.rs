//! Who owns an agent. The API knows of claims and says it here, so that caps of owners hold for thoughts too.

use std::sync::Arc;

use hamlet_protocol::command::Rejection;
use hamlet_protocol::economy::image::OwnerImage;
use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use crate::town::Town;

impl Town<'_, '_> {
    /// The account of somebody's owner.
    pub(crate) fn owner_account(&self, no: u32) -> Option<Uuid> {
        self.economy.owners.get(&no).map(|owner| owner.account)
    }

    /// Whether a person answers for somebody.
    pub(crate) fn is_owned(&self, no: u32) -> bool {
        self.economy.owners.contains_key(&no)
    }

    /// Whether one of the two owns the other.
    pub(crate) fn is_owner_and_owned(&self, one: u32, other: u32) -> bool {
        let owner = |no: u32| self.economy.owners.get(&no).and_then(|it| it.person);
        owner(one) == Some(other) || owner(other) == Some(one)
    }

    /// Somebody has this owner from now on.
    pub(super) fn own(
        &mut self,
        agent: AgentId,
        account: Option<Uuid>,
        person: Option<AgentId>,
    ) -> Result<(), Rejection> {
        let no = self.agent_no(agent)?;
        let person = person.map(|person| self.member_no(person)).transpose()?;
        let owner = account.map(|account| OwnerImage { account, person });
        if self.economy.owners.get(&no).copied() == owner {
            return Ok(());
        }
        let owners = Arc::make_mut(&mut self.economy.owners);
        match owner {
            Some(owner) => owners.insert(no, owner),
            None => owners.remove(&no),
        };
        self.touched.economy = true;
        self.end_halts_of_former_owners(no);
        Ok(())
    }
}
