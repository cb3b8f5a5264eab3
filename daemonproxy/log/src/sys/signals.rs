//! Signals only wait to be read, and so interrupt nothing.

use std::cell::Cell;
use std::os::fd::{AsFd, BorrowedFd};

use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::io::Errno;

/// What has been asked for by a signal. INT is taken and means nothing: a ^C is sent to everything
/// that runs in a terminal, and the last lines of whatever is logged are still to come.
pub(crate) struct Signals {
    source: SignalFd,
    /// TERM: write what is there, and end.
    pub(crate) end: Cell<bool>,
    /// ALRM: begin a new file.
    pub(crate) rotate: Cell<bool>,
    /// HUP: open the files again.
    pub(crate) reopen: Cell<bool>,
    /// CHLD: a program may have ended.
    pub(crate) child: Cell<bool>,
}

impl Signals {
    pub(crate) fn new() -> Result<Self, Errno> {
        let taken: SigSet =
            [Signal::SIGTERM, Signal::SIGALRM, Signal::SIGHUP, Signal::SIGCHLD, Signal::SIGINT]
                .into_iter()
                .collect();
        let errno = |errno: nix::errno::Errno| Errno::from_raw_os_error(errno as i32);
        taken.thread_block().map_err(errno)?;
        // These would end us, where the error of write(2) says the same.
        SigSet::from_iter([Signal::SIGPIPE, Signal::SIGXFSZ]).thread_block().map_err(errno)?;
        let source = SignalFd::with_flags(&taken, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC);
        let source = source.map_err(errno)?;
        let no = || Cell::new(false);
        Ok(Self { source, end: no(), rotate: no(), reopen: no(), child: no() })
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.source.as_fd()
    }

    /// Whether something has been asked for and not been done.
    pub(crate) fn any(&self) -> bool {
        [&self.end, &self.rotate, &self.reopen, &self.child].into_iter().any(Cell::get)
    }

    /// Takes all that have come.
    pub(crate) fn take(&self) {
        while let Ok(Some(info)) = self.source.read_signal() {
            let flag = match Signal::try_from(info.ssi_signo as i32) {
                Ok(Signal::SIGTERM) => &self.end,
                Ok(Signal::SIGALRM) => &self.rotate,
                Ok(Signal::SIGHUP) => &self.reopen,
                Ok(Signal::SIGCHLD) => &self.child,
                _ => continue,
            };
            flag.set(true);
        }
    }
}
