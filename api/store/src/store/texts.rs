//! Words of many posts or comments at once: a page asks for all it needs in one statement.

use hamlet_protocol::ids::{CommentId, PostId};
use uuid::Uuid;

use crate::rows::{CommentRow, PostDetailRow, PostRow};
use crate::store::{Result, Store};
use crate::tables::Stored;
use crate::value::Row;

/// Ids of one statement; what is beyond goes into another.
const IDS_MAX: usize = 2_048;

impl Store {
    /// Posts with their texts, in no particular order; what is not there is left out.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn post_texts(&self, ids: &[PostId]) -> Result<Vec<PostRow>> {
        self.with_ids(ids.iter().map(|id| id.0).collect()).await
    }

    /// What posts have besides their texts, in no particular order.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn posts_details(&self, ids: &[PostId]) -> Result<Vec<PostDetailRow>> {
        self.with_ids(ids.iter().map(|id| id.0).collect()).await
    }

    /// Comments with their texts, in no particular order; what is not there is left out.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn comment_texts(&self, ids: &[CommentId]) -> Result<Vec<CommentRow>> {
        self.with_ids(ids.iter().map(|id| id.0).collect()).await
    }

    async fn with_ids<T: Stored>(&self, mut ids: Vec<Uuid>) -> Result<Vec<T>> {
        ids.sort_unstable();
        ids.dedup();
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS_MAX) {
            let (rest, args) = among(ids);
            let rows: Vec<T> = self.backend().rows(&rest, args).await?;
            found.extend(rows);
        }
        Ok(found)
    }
}

/// The condition that an id is one of these, and its arguments.
/// There are as many places as the next power of two, so that a dozen statements stand for all lengths; the last id fills them up.
fn among(ids: &[Uuid]) -> (String, Row<'static>) {
    let width = ids.len().next_power_of_two();
    let places: Vec<String> = (1..=width).map(|no| format!("${no}")).collect();
    let last = ids.last().into_iter().cycle();
    let filled = ids.iter().chain(last).take(width);
    (
        format!("WHERE id IN ({})", places.join(", ")),
        filled.map(|&id| id.into()).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn places_are_filled_up_to_a_power_of_two() {
        let ids = [1, 2, 3].map(Uuid::from_u128);
        let (rest, args) = among(&ids);
        assert_eq!(rest, "WHERE id IN ($1, $2, $3, $4)");
        let numbers = [1, 2, 3, 3].map(|no| Value::Uuid(Uuid::from_u128(no)));
        assert_eq!(args, numbers);
        assert_eq!(among(&ids[..1]).1.len(), 1);
        assert_eq!(among(&[Uuid::nil(); IDS_MAX]).1.len(), IDS_MAX);
    }
}
