//! Where the minds of a headless run keep what they remember: a file among the run's outputs.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{Later, MemoryError, MemoryRecord, MemoryStore, MemoryWrite};
use hamlet_store::MindsFile;

use crate::outputs::{Adopted, OutputFolder};

/// Name of the file in the output folder.
pub(crate) const MINDS: &str = "minds.db";

/// The file while it is being written.
pub(crate) struct Memories {
    pub(super) file: Arc<MindsFile>,
    adopted: Adopted,
}

/// What an image was the end of: what was remembered by then goes on with a fork.
pub(crate) struct Earlier<'a> {
    /// The image.
    pub(crate) image: &'a Path,
    /// Its tick.
    pub(crate) tick: u64,
    /// Whether anybody had thought by then.
    pub(crate) has_thought: bool,
}

impl Memories {
    /// Begins the file. Gives back what is worth a warning.
    ///
    /// # Errors
    /// When the disk refuses; when the earlier run's file cannot be read.
    pub(super) async fn begin(
        folder: &OutputFolder,
        earlier: Option<&Earlier<'_>>,
    ) -> anyhow::Result<(Self, Option<String>)> {
        let adopted = folder.adopt(MINDS)?;
        let file = MindsFile::create(adopted.path()).await?;
        let warning = match earlier {
            Some(earlier) if earlier.has_thought => take_over(&file, earlier).await?,
            _ => None,
        };
        let memories = Self {
            file: Arc::new(file),
            adopted,
        };
        Ok((memories, warning))
    }

    /// The file is whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) async fn end(self) -> anyhow::Result<()> {
        self.file.close().await;
        self.adopted.commit()?;
        Ok(())
    }
}

/// Takes over what counts at the image's tick.
async fn take_over(file: &MindsFile, earlier: &Earlier<'_>) -> anyhow::Result<Option<String>> {
    let Some(glance) = Glance::of(earlier).await? else {
        return Ok(Some(forgotten(earlier)));
    };
    file.take_over(&glance.file, glance.until)
        .await
        .with_context(|| {
            format!(
                "what minds remember, from beside {}",
                earlier.image.display()
            )
        })?;
    glance.file.close().await;
    Ok(None)
}

/// What was remembered by an image's tick, to be read and not to be added to.
pub(super) struct Glance {
    file: MindsFile,
    until: u64,
}

impl Glance {
    /// Opens what lies beside an image, if anything does.
    pub(super) async fn of(earlier: &Earlier<'_>) -> anyhow::Result<Option<Self>> {
        let path = earlier.image.with_file_name(MINDS);
        if !path.exists() {
            return Ok(None);
        }
        let file = MindsFile::open(&path).await;
        let file = file.with_context(|| format!("what minds remember, in {}", path.display()))?;
        Ok(Some(Self {
            file,
            until: earlier.tick,
        }))
    }
}

impl MemoryStore for Glance {
    fn agents(&self) -> Later<'_, Result<Vec<AgentId>, MemoryError>> {
        self.file.agents()
    }

    fn load(
        &self,
        agent: AgentId,
        until: Option<u64>,
    ) -> Later<'_, Result<Vec<MemoryRecord>, MemoryError>> {
        let until = until.map_or(self.until, |until| until.min(self.until));
        self.file.load(agent, Some(until))
    }

    fn write(&self, _writes: Vec<MemoryWrite>) -> Later<'_, Result<(), MemoryError>> {
        // The run keeps nothing: it has no folder.
        Box::pin(async { Ok(()) })
    }
}

/// What to know where nothing lies beside an image.
pub(super) fn forgotten(earlier: &Earlier<'_>) -> String {
    let Earlier { image, tick, .. } = earlier;
    format!(
        "no {MINDS} lies beside {}: whoever thinks remembers nothing of before tick {tick}; to keep it, leave the image in the folder of its run",
        image.display()
    )
}
