//! Reads that an answer can do without while the database is gone.

use std::time::Duration;

use crate::problem::Problem;
use crate::state::App;

/// How long a database that was gone a moment ago is waited for by an answer that can do without it.
const PAUSED_WAIT: Duration = Duration::from_millis(250);

/// What the database says, where it says something; `None` where it is gone: then the answer goes without.
pub(crate) async fn spare<T>(
    app: &App,
    read: impl Future<Output = Result<T, Problem>>,
) -> Option<T> {
    if app.published.is_ready() {
        // The log has been told where it was read.
        return read.await.ok();
    }
    // A disk that is full can still be read, a database that cannot be reached answers nobody.
    tokio::time::timeout(PAUSED_WAIT, read).await.ok()?.ok()
}
