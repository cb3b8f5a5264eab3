//! Waiting, but not for ever.

use std::os::fd::{BorrowedFd, RawFd};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// How long anything may take that should happen at once. Only a failing test waits that long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How often is looked for what cannot be waited for.
pub(crate) const GLANCE: Duration = Duration::from_millis(5);

/// Asks again and again until there is an answer, for what cannot be waited for: files, `/proc`.
#[track_caller]
pub fn eventually<T>(what: &str, mut probe: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = probe() {
            return found;
        }
        assert!(Instant::now() < deadline, "did not happen within {PATIENCE:?}: {what}");
        std::thread::sleep(GLANCE);
    }
}

/// Waits for any of these descriptors, which the caller has open. `false` when none was in time.
pub fn ready(fds: &[(RawFd, PollFlags)], deadline: Instant) -> bool {
    let mut polled: Vec<PollFd<'_>> = fds
        .iter()
        // SAFETY: the caller has these open for longer than this call.
        .map(|&(fd, flags)| PollFd::new(unsafe { BorrowedFd::borrow_raw(fd) }, flags))
        .collect();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut polled, timeout) {
            Ok(0) => return false,
            Ok(_) => return true,
            Err(Errno::EINTR) => {}
            Err(error) => panic!("poll: {error}"),
        }
    }
}
