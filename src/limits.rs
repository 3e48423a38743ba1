//! Limits of the system that must not end the program without a word.

/// A file that may not grow any further is a full disk, not a reason to die: without anybody to hear it, the signal would end the process. With this a write is refused, and whoever writes says so.
#[cfg(unix)]
pub(crate) fn bear_file_limits() {
    use tokio::signal::unix::{SignalKind, signal};
    /// `SIGXFSZ` on Linux, macOS and the BSDs.
    const FILE_TOO_LONG: i32 = 25;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    // Whoever may not listen goes without.
    if let Ok(runtime) = runtime.enable_io().build() {
        let _inside = runtime.enter();
        // Once somebody has listened, the system's own way never comes back, also when they are gone.
        drop(signal(SignalKind::from_raw(FILE_TOO_LONG)));
    }
}

#[cfg(not(unix))]
pub(crate) fn bear_file_limits() {}
