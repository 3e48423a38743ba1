//! Money.

use hamlet_protocol::economy::Transfer;

/// An entry of the ledger as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferRow(pub Transfer);
