//! What a descriptor refers to: what has been written to it, and what can be read from it.

use std::borrow::Cow;
use std::collections::VecDeque;

use daemonproxy_core::{Direction, Errno, Fd, FdKind, Pid, Readiness};

/// How a descriptor takes what is written to it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// All of it.
    Free,
    /// This many bytes more, and then nothing.
    Room(usize),
    /// Any number of bytes, but only this many at a time.
    Pieces(usize),
    /// It fails.
    Fails(Errno),
}

impl Output {
    /// Nothing at all.
    pub const BLOCKED: Self = Self::Room(0);

    /// Whether poll(2) would say so.
    pub fn is_writable(self) -> bool {
        self != Self::BLOCKED
    }

    /// Of `length` bytes, how many it takes now.
    fn take(&mut self, length: usize) -> Result<usize, Errno> {
        match self {
            Self::Free => Ok(length),
            Self::Room(room) => {
                let count = length.min(*room);
                *room -= count;
                Ok(count)
            }
            Self::Pieces(size) => Ok(length.min(*size)),
            Self::Fails(errno) => Err(*errno),
        }
    }
}

/// What a descriptor is one end of.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing that matters here.
    Plain,
    /// The read end of a pipe; the other one is this.
    From(Fd),
    /// The write end of a pipe; the other one is this.
    To(Fd),
    /// The daemon's end of a connection; with a direction, the other end was made for a service.
    Ours(Option<Direction>),
    /// A service's end of a connection; the daemon's is this.
    Theirs(Fd),
}

/// A message of a service.
pub(super) struct Said {
    pub(super) text: Vec<u8>,
    pub(super) fds: Vec<Fd>,
    pub(super) uid: u32,
    pub(super) pid: Pid,
}

/// A descriptor that was made at some time.
pub struct File {
    /// In words.
    pub what: Cow<'static, str>,
    /// What it is one end of.
    pub end: End,
    /// What `fd.take` finds that it is; a pipe from outside when there is nothing here.
    pub kind: Option<FdKind>,
    /// The daemon has it open.
    pub is_open: bool,
    /// How it takes what the daemon writes.
    pub output: Output,
    /// What the daemon has written.
    pub written: Vec<u8>,
    /// Nothing more will come.
    pub input_ended: bool,
    /// Nobody reads it any more.
    pub peer_gone: bool,
    /// How many processes hold it, the daemon included.
    pub(super) holders: u32,
    /// What services have sent to it.
    pub(super) notices: VecDeque<Said>,
    /// It watches the cgroup of this service, in which there was somebody when it was last read.
    pub(super) cgroup: Option<(Vec<u8>, bool)>,
    /// What can be read from it, as it was sent, with the descriptors that come along.
    pub(super) input: VecDeque<(Vec<u8>, Vec<Fd>)>,
}

impl File {
    pub(super) fn new(what: Cow<'static, str>, end: End) -> Self {
        Self {
            what,
            end,
            kind: None,
            is_open: true,
            output: Output::Free,
            written: Vec::new(),
            input_ended: false,
            peer_gone: false,
            holders: 1,
            notices: VecDeque::new(),
            cgroup: None,
            input: VecDeque::new(),
        }
    }

    /// What there is to be read, as poll(2) would say.
    pub(super) fn readiness(&self) -> Readiness {
        match (self.input.is_empty(), self.peer_gone) {
            (false, _) => Readiness::Data,
            (true, true) => Readiness::Broken,
            (true, false) => Readiness::Nothing,
        }
    }

    /// Whether poll(2) would say so.
    pub fn is_writable(&self) -> bool {
        self.peer_gone || self.output.is_writable()
    }

    /// The other end sends this in one piece, and descriptors with it.
    pub fn sends(&mut self, bytes: Vec<u8>, fds: Vec<Fd>) {
        self.input.push_back((bytes, fds));
    }

    /// Somebody who has it, too, has read all of that.
    pub fn is_read(&mut self) {
        self.input.clear();
    }

    /// How many bytes have come and were not read.
    pub fn unread(&self) -> usize {
        self.input.iter().map(|(bytes, _)| bytes.len()).sum()
    }

    /// What one recvmsg(2) gives of what has come: at most this many bytes. It goes on over what
    /// was sent without descriptors, and ends within the first piece that was sent with some.
    pub(super) fn receive(&mut self, most: usize) -> Option<(Vec<u8>, Vec<Fd>)> {
        let mut received = Vec::new();
        while let Some((bytes, fds)) = self.input.front_mut()
            && received.len() < most
        {
            let count = bytes.len().min(most - received.len());
            received.extend(bytes.drain(..count));
            let fds = std::mem::take(fds);
            if bytes.is_empty() {
                self.input.pop_front();
            }
            if !fds.is_empty() {
                return Some((received, fds));
            }
        }
        (!received.is_empty()).then_some((received, Vec::new()))
    }

    /// Whoever has the other end closes it.
    pub fn hang_up(&mut self) {
        self.peer_gone = true;
        self.input_ended = true;
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<usize, Errno> {
        if self.peer_gone {
            return Err(Errno(libc::EPIPE));
        }
        let count = self.output.take(bytes.len())?;
        self.written.extend_from_slice(&bytes[..count]);
        Ok(count)
    }
}
