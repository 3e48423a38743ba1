//! Where a served village keeps what its minds remember: written by the pump like all rows, read from the store.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{Later, MemoryError, MemoryRecord, MemoryStore, MemoryWrite};
use hamlet_store::{Store, StoreError, Write};

use super::desk::Desk;

/// Keeps what minds remember in the village's own database.
#[derive(Clone, Debug)]
pub struct Shelf {
    desk: Desk,
    store: Store,
}

impl Shelf {
    /// A shelf of this village.
    #[must_use]
    pub fn new(desk: Desk, store: Store) -> Self {
        Self { desk, store }
    }
}

impl MemoryStore for Shelf {
    fn agents(&self) -> Later<'_, Result<Vec<AgentId>, MemoryError>> {
        Box::pin(async move {
            self.store
                .remembering()
                .await
                .map_err(|error| unread(&error))
        })
    }

    fn load(
        &self,
        agent: AgentId,
        until: Option<u64>,
    ) -> Later<'_, Result<Vec<MemoryRecord>, MemoryError>> {
        Box::pin(async move {
            let rows = self.store.memories(agent, until).await;
            rows.map_err(|error| unread(&error))
        })
    }

    fn write(&self, writes: Vec<MemoryWrite>) -> Later<'_, Result<(), MemoryError>> {
        Box::pin(async move {
            let written = self.desk.write(None, move |draft| {
                for write in writes {
                    draft.push(Write::Memory(write));
                }
                Ok(())
            });
            match written.await {
                Ok(_) => Ok(()),
                Err(problem) => Err(MemoryError(format!(
                    "what minds remember is not kept for now ({}); it is tried again",
                    problem.detail
                ))),
            }
        })
    }
}

fn unread(error: &StoreError) -> MemoryError {
    MemoryError(format!("what minds remember cannot be read: {error}"))
}
