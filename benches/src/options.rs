//! How a bench is run.

use crate::net::grown::Size;

/// What every bench is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Fewer rounds and smaller worlds: to see that it works, not to compare.
    pub(crate) quick: bool,
    /// Most threads an arm may use.
    pub(crate) threads: usize,
    /// Seed of every chance.
    pub(crate) seed: u64,
    /// How large a grown village is, where it is not as large as the bench has it.
    pub(crate) sizes: Sizes,
}

/// How much of everything there is in a grown village; `None`: what the bench has.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Sizes {
    /// Agents of `scale`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) agents: Option<u32>,
    /// Posts, and as many votes, of `scale` and `feed`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    pub(crate) posts: Option<u32>,
    /// Comments of `scale` and `feed`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=30_000_000))]
    pub(crate) comments: Option<u32>,
}

impl Sizes {
    /// A village of this size, or of what was asked for.
    pub(crate) fn of(self, usual: Size) -> Size {
        let posts = self.posts.unwrap_or(usual.posts);
        Size {
            posts,
            comments: self.comments.unwrap_or(usual.comments),
            votes: self.posts.unwrap_or(usual.votes),
        }
    }
}

impl Options {
    /// How many rounds to run: `full`, or a few when it is to be quick.
    pub(crate) fn rounds(self, full: usize) -> usize {
        if self.quick { full.min(5) } else { full }
    }
}
