//! How the child reports that it could not become the program: one record in a pipe.
//!
//! The pipe's write end is close-on-exec, so its end of file without a record means that the
//! program has been executed, or that the child died before it could be.

use std::ffi::c_int;

use daemonproxy_core::{Errno, Fd, SpawnFailure, SpawnStage};
use nix::poll::{PollFd, PollFlags, PollTimeout};

use super::super::fd;
use super::super::raw::{self, int};

/// What even the smallest pipe takes in one piece (PIPE_BUF, pipe(7)).
const MOST: usize = 4096;
/// The stage and the number of the error.
const HEAD: usize = 8;

/// How the execution of a program went.
pub(crate) enum Outcome<'a> {
    /// It was executed.
    Executed,
    /// It was not, and the child is about to exit. The program, or the beginning of a long name.
    Failed(SpawnFailure, &'a [u8]),
}

/// Room for a record; after its head comes the program, as far as that fits.
pub(crate) struct Report {
    bytes: [u8; MOST],
}

impl Report {
    /// In the child: just a system call.
    pub(super) fn write(to: c_int, failure: SpawnFailure, program: &[u8]) {
        let stage =
            SpawnStage::ALL.iter().position(|&stage| stage == failure.stage).unwrap_or_default();
        let head = [stage as i32, failure.errno.0];
        let parts = [
            libc::iovec { iov_base: head.as_ptr().cast_mut().cast(), iov_len: HEAD },
            libc::iovec {
                iov_base: program.as_ptr().cast_mut().cast(),
                iov_len: program.len().min(MOST - HEAD),
            },
        ];
        let args = [int(to), parts.as_ptr().expose_provenance(), parts.len(), 0, 0];
        // SAFETY: two pieces of memory to read from. The pipe is empty and takes all of it at once.
        let _ = unsafe { raw::call(libc::SYS_writev, args) };
    }

    pub(crate) const fn new() -> Self {
        Self { bytes: [0; MOST] }
    }

    /// What there is to read: a failure and the program, or no failure and the end of file. `None`
    /// if there is neither yet.
    pub(super) fn read(&mut self, from: Fd) -> Option<Option<(SpawnFailure, &[u8])>> {
        // An error of read(2) is as good as the end.
        let count = fd::read(from, &mut self.bytes).unwrap_or(Some(0))?;
        let Some((head, program)) = self.bytes[..count].split_at_checked(HEAD) else {
            return Some(None);
        };
        let [a, b, c, d, ..] = *head else { return Some(None) };
        let stage = SpawnStage::ALL.get(i32::from_ne_bytes([a, b, c, d]) as usize)?;
        let [.., a, b, c, d] = *head else { return Some(None) };
        let errno = Errno(i32::from_ne_bytes([a, b, c, d]));
        Some(Some((SpawnFailure { stage: *stage, errno }, program)))
    }
}

/// Whether nothing is to be read from a pipe but its end: whoever could write to it has executed
/// something, or died.
pub(super) fn is_at_its_end(pipe: Fd) -> bool {
    let mut poll = [PollFd::new(fd::borrow(pipe), PollFlags::POLLIN)];
    let ready = nix::poll::poll(&mut poll, PollTimeout::ZERO);
    ready == Ok(1) && poll[0].revents() == Some(PollFlags::POLLHUP)
}
