//! Minds of which only the work on tasks matters: of everything else they have nothing.

use std::sync::Arc;

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{
    Later, MemoryPage, MemoryQuery, MemoryWrite, Revised, Revision, RevisionError,
};
use hamlet_protocol::minds::{CostsView, MindsView, PoolView, ThoughtView};
use hamlet_protocol::task::{TaskEar, TaskTurn, TaskWork};

/// Whoever works on tasks.
pub(crate) trait Worker: Send + Sync {
    /// Works on what was asked.
    fn work(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork;
}

/// A mind that does nothing but this work.
pub(crate) struct AtWork<W>(pub(crate) Arc<W>);

impl<W: Worker> MindsView for AtWork<W> {
    fn pool(&self) -> PoolView {
        PoolView::default()
    }

    fn thoughts(&self, _agent: AgentId, _limit: usize) -> Vec<ThoughtView> {
        Vec::new()
    }

    fn memories(&self, _agent: AgentId, _query: &MemoryQuery) -> MemoryPage {
        MemoryPage::default()
    }

    fn revise(
        &self,
        _agent: AgentId,
        _tick: u64,
        _revision: Revision,
    ) -> Later<'_, Result<Revised, RevisionError>> {
        Box::pin(async { Err(RevisionError::Unknown) })
    }

    fn settle(&self, _agent: AgentId, _kept: &[MemoryWrite]) -> bool {
        true
    }

    fn costs(&self) -> CostsView {
        CostsView::default()
    }

    fn task(&self, turn: TaskTurn, ear: Arc<dyn TaskEar>) -> TaskWork {
        self.0.work(turn, ear)
    }
}
