//! The clock: CLOCK_MONOTONIC (clock_gettime(2)), the one of the protocol's timestamps.

use daemonproxy_core::Monotonic;

/// What time it is.
pub(crate) fn monotonic() -> Monotonic {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the kernel writes one timespec to a valid place. For this clock it cannot fail
    // (clock_gettime(2) knows only EFAULT and EINVAL), and if it did, the time would be 0.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    Monotonic::from_nanos(time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64)
}
