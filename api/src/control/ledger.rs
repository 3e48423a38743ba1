//! The ledger checked from its first entry: chain, balances, what the world itself says of both.

use hamlet_protocol::economy::{Account, ChainHash};
use hamlet_protocol::view::WorldView;
use hamlet_sim::economy::ledger::{Auditor, Broken};
use hamlet_sim::journal::decode_image;
use hamlet_store::{Store, StoreError};
use serde_json::{Value, json};

/// Entries read at once.
const PAGE: u32 = 1_000;

/// What is wrong with a ledger.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The database's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain, or a balance on the way.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The world knows more entries than there are, or another hash.
    #[error(
        "the world says that transfer {transfers} has the hash {says}, the ledger has {found}: entries were removed or changed"
    )]
    World {
        /// Number of the transfer.
        transfers: u64,
        /// What the world says.
        says: ChainHash,
        /// What the ledger has there; nothing: it ends before.
        found: String,
    },
    /// The kept balances are not the sums of the entries.
    #[error("{account:?} has {kept} micro-aiDollars by the accounts and {summed} by the entries")]
    Account {
        /// Whose.
        account: Account,
        /// What the table says.
        kept: i64,
        /// What comes out.
        summed: i128,
    },
    /// Balances do not sum to zero.
    #[error("all accounts together have {0} micro-aiDollars, not zero")]
    Unbalanced(i128),
}

/// What the world itself says of the end of the chain: as it is served, or as its newest image has it.
async fn said(store: &Store, view: &WorldView) -> Result<Option<(u64, ChainHash)>, StoreError> {
    let town = &view.economy.town;
    if town.transfers > 0 {
        return Ok(Some((town.transfers, town.head)));
    }
    let images = store.images().await?;
    let Some(newest) = images.first() else {
        return Ok(None);
    };
    let row = store.image(newest.id).await?;
    // An image that cannot be read is not the ledger's fault, and booting says so.
    let image = row.and_then(|row| decode_image(&row.bytes).ok());
    let ledger = image.map(|image| image.state.economy.ledger);
    Ok(ledger.map(|ledger| (ledger.transfers, ledger.head)))
}

/// Follows the ledger from its first entry.
///
/// # Errors
/// [`Fault`]: the first that is found.
pub(super) async fn verify(store: &Store, view: &WorldView) -> Result<Value, Fault> {
    let says = said(store, view).await?;
    // Balances first: entries that come meanwhile then only add to what is followed.
    let kept = store.ledger_balances().await?;
    let mut auditor = Auditor::default();
    let mut agreed = says.is_none_or(|(transfers, _)| transfers == 0);
    loop {
        let after = i64::try_from(auditor.transfers()).unwrap_or(i64::MAX);
        let page = store.transfers_after(after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for transfer in &page {
            auditor.follow(transfer)?;
            if let Some((transfers, head)) = says.filter(|says| says.0 == transfer.no) {
                if auditor.head() != head {
                    return Err(Fault::World {
                        transfers,
                        says: head,
                        found: auditor.head().to_string(),
                    });
                }
                agreed = true;
            }
        }
    }
    if let Some((transfers, head)) = says.filter(|_| !agreed) {
        return Err(Fault::World {
            transfers,
            says: head,
            found: "nothing".to_owned(),
        });
    }
    if auditor.sum() != 0 {
        return Err(Fault::Unbalanced(auditor.sum()));
    }
    // What came while it was read is looked at in the next try.
    let settled = store.ledger_balances().await? == kept;
    for (account, kept) in kept.into_iter().filter(|_| settled) {
        let summed = auditor.balance(account);
        if summed != i128::from(kept) {
            return Err(Fault::Account {
                account,
                kept,
                summed,
            });
        }
    }
    Ok(json!({
        "transfers": auditor.transfers(),
        "accounts": auditor.accounts(),
        "head": auditor.head().to_string(),
        "balances_compared": settled,
    }))
}
