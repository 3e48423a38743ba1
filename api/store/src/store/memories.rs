//! What minds remember.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::MemoryRecord;

use crate::store::{Result, Store};
use crate::tables::{agent_of, number};

impl Store {
    /// Agents who remember something.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn remembering(&self) -> Result<Vec<AgentId>> {
        let sql = "SELECT DISTINCT agent FROM memories ORDER BY agent";
        self.backend().read(sql, vec![], agent_of).await
    }

    /// What an agent remembers, in order of the rows' numbers: what counts after a tick, or all of it.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn memories(&self, agent: AgentId, until: Option<u64>) -> Result<Vec<MemoryRecord>> {
        let args = vec![agent.0.into(), number(until.unwrap_or(u64::MAX))];
        self.backend()
            .rows("WHERE agent = $1 AND since <= $2 ORDER BY no", args)
            .await
    }
}
