//! What was sent to where members want to be told.

use uuid::Uuid;

use crate::rows::DeliveryRow;
use crate::store::{Result, Store};

impl Store {
    /// Deliveries with a smaller number, newest first.
    ///
    /// # Errors
    /// `Unavailable` and the like.
    pub async fn deliveries(
        &self,
        webhook: Uuid,
        below: i64,
        limit: u32,
    ) -> Result<Vec<DeliveryRow>> {
        self.backend()
            .rows(
                "WHERE webhook = $1 AND no < $2 ORDER BY no DESC LIMIT $3",
                vec![webhook.into(), below.into(), i64::from(limit).into()],
            )
            .await
    }
}
