//! How a bench is run.

/// What every bench is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Fewer rounds and smaller worlds: to see that it works, not to compare.
    pub(crate) quick: bool,
    /// Most threads an arm may use.
    pub(crate) threads: usize,
    /// Seed of every chance.
    pub(crate) seed: u64,
}

impl Options {
    /// How many rounds to run: `full`, or a few when it is to be quick.
    pub(crate) fn rounds(self, full: usize) -> usize {
        if self.quick { full.min(5) } else { full }
    }
}
