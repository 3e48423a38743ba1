//! Heap bytes in use, counted by the allocator itself while a bench asks for it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

static ON: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicIsize = AtomicIsize::new(0);

/// The system's allocator, which counts bytes asked for and given back while counting is on.
/// While it is off an allocation costs one more relaxed load, the same for every arm.
pub(crate) struct Counting;

impl Counting {
    fn count(bytes: isize) {
        if ON.load(Ordering::Relaxed) {
            LIVE.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

// SAFETY: every call goes to the system's allocator as it came; counting touches two atomics and allocates nothing.
#[allow(
    unsafe_code,
    reason = "an allocator can be counted only from inside, and its trait is unsafe"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        Self::count(-(layout.size() as isize));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::count(size as isize - layout.size() as isize);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// What `make` makes, and the heap bytes it holds: those asked for, without what an allocator adds or rounds up.
pub(crate) fn measured<T>(make: impl FnOnce() -> T) -> (T, f64) {
    let before = LIVE.load(Ordering::Relaxed);
    ON.store(true, Ordering::Relaxed);
    let made = make();
    ON.store(false, Ordering::Relaxed);
    (made, (LIVE.load(Ordering::Relaxed) - before) as f64)
}

/// Heap bytes in use now beyond those of when counting began; while something is [`measured`].
#[cfg(feature = "viewer")]
pub(crate) fn live() -> f64 {
    LIVE.load(Ordering::Relaxed) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test, for the count is one for the whole process.
    #[test]
    fn what_is_kept_is_counted_and_what_is_let_go_is_not() {
        let (kept, bytes) = measured(|| {
            drop(vec![0_u8; 70_000_000]);
            let mut grown: Vec<u64> = Vec::with_capacity(1);
            grown.reserve_exact(10_000_000);
            grown
        });
        // Other tests of this binary allocate meanwhile, but nothing of this size.
        assert!((bytes - 80e6).abs() < 20e6, "{bytes} bytes");
        assert_eq!(kept.len(), 0);
    }
}
