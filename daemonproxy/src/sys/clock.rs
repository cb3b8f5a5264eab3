//! The clocks: CLOCK_MONOTONIC (clock_gettime(2)), the one of the protocol's timestamps, and
//! CLOCK_BOOTTIME.

use daemonproxy_core::Monotonic;

/// What time it is.
pub(crate) fn monotonic() -> Monotonic {
    read(libc::CLOCK_MONOTONIC)
}

/// The same, on the clock that goes on while the machine sleeps.
pub(super) fn boottime() -> Monotonic {
    read(libc::CLOCK_BOOTTIME)
}

fn read(clock: libc::clockid_t) -> Monotonic {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the kernel writes one timespec to a valid place. For these clocks it cannot fail
    // (clock_gettime(2) knows only EFAULT and EINVAL), and if it did, the time would be 0.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    Monotonic::from_nanos(time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64)
}
