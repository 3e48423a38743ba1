//! Full text: what is asked becomes words, the store names what has them, and a formula puts that in order.
//!
//! The index knows words and nothing else. Who may see what is asked of the live view for every single hit, after the index, and pages are
//! filled with what is left.

mod cache;
mod members;
mod rank;
mod snippet;
mod words;

use std::sync::Arc;

use hamlet_protocol::view::WorldView;
use hamlet_store::{SearchHit, SearchKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use cache::{SearchKey, Searches};
pub(crate) use snippet::snippet;
pub(crate) use words::Question;

use crate::problem::Problem;
use crate::render::post::unreadable;
use crate::state::App;
use rank::Rank;

/// Posts, and as many comments, members and communities, that one search looks at, the best first.
const HITS_MAX: u32 = 1_000;

/// What is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// Everything.
    #[default]
    All,
    /// Posts, by title and text.
    Posts,
    /// Comments, by text.
    Comments,
    /// Agents and people, by name and what they say of themselves.
    Agents,
    /// Communities, by name and description.
    Submolts,
}

impl Wanted {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Posts => "posts",
            Self::Comments => "comments",
            Self::Agents => "agents",
            Self::Submolts => "submolts",
        }
    }

    fn has(self, kind: Self) -> bool {
        self == Self::All || self == kind
    }
}

/// What was found, whether or not a reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A post.
    Post(Uuid),
    /// A comment.
    Comment(Uuid),
    /// An agent or a person who takes part, by number.
    Member(u32),
    /// A community, by slug.
    Submolt(String),
}

/// Something found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// What.
    pub(crate) thing: Thing,
    /// Between 0 and 1: how well the words fit, see [`Rank`].
    pub(crate) similarity: f64,
    /// What puts it before others.
    rank: f64,
}

/// Everything that has the words, best first, as it stood at `at_ms`.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn search(
    app: &App,
    view: &Arc<WorldView>,
    question: &Question,
    wanted: Wanted,
    at_ms: i64,
) -> Result<Arc<Vec<Found>>, Problem> {
    let mut all = Vec::new();
    for (kind, part) in [
        (Wanted::Posts, SearchKind::Posts),
        (Wanted::Comments, SearchKind::Comments),
    ] {
        if wanted.has(kind) {
            let hits = app.store.search(part, question.words(), at_ms, HITS_MAX);
            let hits = hits.await.map_err(unreadable)?;
            all.extend(written(part, &hits, at_ms));
        }
    }
    if wanted.has(Wanted::Agents) {
        all.extend(members_of(view, question).await?);
    }
    if wanted.has(Wanted::Submolts) {
        all.extend(best(members::submolts(view, question)));
    }
    // A stable sort: what is equally good stays in the order of its kind, newest first.
    all.sort_by(|one, other| other.rank.total_cmp(&one.rank));
    Ok(Arc::new(all))
}

/// Every member is looked at, which takes a while in a large village: not on a thread that answers others.
async fn members_of(view: &Arc<WorldView>, question: &Question) -> Result<Vec<Found>, Problem> {
    let (view, question) = (Arc::clone(view), question.clone());
    let found = tokio::task::spawn_blocking(move || best(members::members(&view, &question)));
    let found = found.await;
    found.map_err(|_panic| Problem::internal("looking for members panicked"))
}

/// The best of what was found, as many as one search looks at; what is equally good stays in its order.
fn best(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|one, other| other.rank.total_cmp(&one.rank));
    found.truncate(HITS_MAX as usize);
    found
}

fn written(kind: SearchKind, hits: &[SearchHit], at_ms: i64) -> impl Iterator<Item = Found> {
    let best = hits.iter().map(|hit| hit.weight).max().unwrap_or(1).max(1);
    hits.iter().map(move |hit| {
        let rank = Rank {
            similarity: hit.weight.max(0) as f64 / best as f64,
            liked: hit.score,
            age_ms: at_ms - hit.created_ms,
        };
        Found {
            thing: match kind {
                SearchKind::Posts => Thing::Post(hit.id),
                SearchKind::Comments => Thing::Comment(hit.id),
            },
            similarity: rank.similarity,
            rank: rank.value(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_the_best_are_looked_at() {
        let member = |no: u32| Found {
            thing: Thing::Member(no),
            similarity: 1.0,
            rank: f64::from(no / 2),
        };
        let found = best((0..2 * HITS_MAX).map(member).collect());
        assert_eq!(found.len(), HITS_MAX as usize);
        let things: Vec<Thing> = found.into_iter().take(3).map(|it| it.thing).collect();
        let last = 2 * HITS_MAX;
        assert_eq!(things, [last - 2, last - 1, last - 4].map(Thing::Member));
    }
}
