//! A controller: something that sends commands and reads events, with a buffer for each direction.
//!
//! Back pressure: while its output cannot be written, its further commands wait (`blocked_since`).
//! When that has lasted for the reset time, everything new for it is thrown away, whole lines only,
//! and its commands are executed again (`dropping`). Once it has read everything that was still
//! buffered it is told `overflow`, and is as good as new. After the close time it is closed.

mod resume;

use std::mem::take;

use daemonproxy_protocol::LineFramer;

use crate::connection::features::Features;
use crate::connection::outbox::Outbox;
use crate::connection::scope::Scope;
use crate::connection::timers::Timers;
use crate::limits::{CLOSE_SECONDS, ENDING_SECONDS, Limits, RESET_SECONDS};
use crate::memory::NoRoom;
use crate::system::{Credentials, Fd, Monotonic, Pid, System};
use crate::table::NameBuf;
use crate::upgrade::state::carried;

/// Which controller, as long as it is connected.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct ControllerId(pub(crate) u32);

/// Where a controller comes from; it decides what happens at its end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ControllerKind {
    /// The configuration file: commands only; its errors go to the log.
    Config,
    /// Standard input and output (`-i`): at its end the daemon leaves.
    Interactive,
    /// A connection to the control socket.
    Socket,
    /// A service with one of the `control.*` descriptors, and its pid.
    Service(Pid),
}

/// Where an unfinished answer continues: a state dump by name and not by place, since the tables
/// may change meanwhile.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum DumpCursor {
    /// With the first descriptor at or after this name.
    Fds(NameBuf),
    /// With that setting of the daemon itself.
    Own(usize),
    /// With the first control socket at or after this name.
    Sockets(NameBuf),
    /// With the environment of all services, from this place in the list on.
    Env(usize),
    /// With the given part of the service of this name, or else with the first service after it.
    Services(NameBuf, usize),
    /// With the pending count of the given signal, or of one after it.
    Signals(usize),
    /// Of `conn.list`, with the first connection at or after this number.
    Connections(u32),
}

impl DumpCursor {
    pub(super) const START: Self = Self::Fds(NameBuf::NONE);
}

impl ControllerKind {
    /// Whether it is connected by a socket of the daemon's own making, over which descriptors can
    /// come.
    pub fn is_connection(self) -> bool {
        matches!(self, Self::Socket | Self::Service(_))
    }
}

pub(crate) struct Controller {
    pub(crate) kind: ControllerKind,
    /// Of a config file, its name.
    pub(super) origin: Vec<u8>,
    /// Lines that were taken from it so far.
    pub(super) lines: u32,
    /// The name of the control socket that it came by; [`NameBuf::NONE`] is the one without a name.
    pub(super) socket: Option<NameBuf>,
    /// Who has connected, if it came by a control socket.
    pub(super) peer: Option<Credentials>,
    pub(super) read: Option<Fd>,
    pub(super) write: Option<Fd>,
    pub(super) framer: LineFramer,
    pub(super) outbox: Outbox,
    pub(super) features: Features,
    pub(super) scope: Scope,
    /// A state dump, or a list of connections, that is not finished. Commands after it wait.
    pub(super) dump: Option<DumpCursor>,
    /// The tag of the command that asked for it.
    pub(super) dump_tag: Option<NameBuf>,
    /// It has asked for an upgrade, and commands after that wait; and the tag of that command.
    pub(crate) awaits_upgrade: bool,
    pub(crate) upgrade_tag: Option<NameBuf>,
    pub(super) timers: Timers,
    /// Since when its output has not moved.
    blocked_since: Option<Monotonic>,
    /// It has been blocked for the reset time: what is new for it is thrown away.
    dropping: bool,
    /// It has missed something, and is to be told.
    overflow: bool,
    /// The service that it belongs to has ended.
    ending: Option<Ending>,
    /// Nothing more will be read.
    pub(super) input_ended: bool,
    /// It is closed as soon as it has got what it is owed.
    pub(super) closing: bool,
    pub(super) reset_after: u32,
    pub(super) close_after: u32,
}

/// What a timeout did.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Timeout {
    None,
    Reset,
    Close,
    Ended,
}

/// What remains of a connection whose service has ended.
#[derive(Copy, Clone, PartialEq, Eq)]
struct Ending {
    /// Bytes that the service had sent and that were not read yet; `None` if that cannot be known.
    unread: Option<usize>,
    /// The deadline for all of that.
    until: Monotonic,
}

carried!(
    Controller, as in Controller::NONE,
    carries kind origin lines socket peer read write features scope dump dump_tag awaits_upgrade
        upgrade_tag timers
        blocked_since dropping overflow ending input_ended closing reset_after close_after,
    // They have lines of their own.
    but not framer outbox
);

impl Controller {
    /// One that is not connected, without memory.
    pub(super) const NONE: Self = Self {
        kind: ControllerKind::Socket,
        origin: Vec::new(),
        lines: 0,
        socket: None,
        peer: None,
        read: None,
        write: None,
        framer: LineFramer::empty(),
        outbox: Outbox::NONE,
        features: Features::NONE,
        scope: Scope::FULL,
        dump: None,
        dump_tag: None,
        awaits_upgrade: false,
        upgrade_tag: None,
        timers: Timers::NONE,
        blocked_since: None,
        dropping: false,
        overflow: false,
        ending: None,
        input_ended: false,
        closing: false,
        reset_after: RESET_SECONDS,
        close_after: CLOSE_SECONDS,
    };

    /// One that is not connected yet. With `fixed`, all memory that it may ever need is taken now;
    /// otherwise as much as it needs to be told any single line, and to send one of ordinary
    /// length.
    pub(super) fn new(limits: &Limits, fixed: bool) -> Result<Self, NoRoom> {
        Ok(Self {
            framer: if fixed {
                LineFramer::new(limits.max_line)
            } else {
                LineFramer::try_growing(limits.max_line)?
            },
            outbox: Outbox::new(
                limits.outbox(),
                if fixed { limits.outbox() } else { limits.max_line },
            )?,
            ..Self::NONE
        })
    }

    /// Resets one that has been used.
    pub(super) fn reset(&mut self) {
        let (mut origin, mut framer) = (take(&mut self.origin), take(&mut self.framer));
        let mut outbox = std::mem::replace(&mut self.outbox, Outbox::NONE);
        origin.clear();
        framer.reset();
        outbox.clear();
        *self = Self { origin, framer, outbox, ..Self::NONE };
    }

    /// Whether a command may be executed now: its answers have somewhere to go.
    pub(super) fn may_execute(&self, reserve: usize) -> bool {
        if self.closing || self.awaits_upgrade {
            return false;
        }
        self.write.is_none()
            || self.dropping
            || self.ending.is_some()
            || (self.blocked_since.is_none()
                && !self.outbox.has_gift()
                && self.outbox.free() >= reserve)
    }

    /// Whether more input is wanted.
    pub(super) fn may_read(&self) -> bool {
        !self.input_ended
            && !self.closing
            && self.dump.is_none()
            && (self.write.is_none()
                || self.dropping
                || self.ending.is_some()
                || self.blocked_since.is_none())
    }

    /// Where to put what it sends: no more than it may still send.
    pub(super) fn space(&mut self) -> &mut [u8] {
        let space = self.framer.space();
        let unread = self.ending.as_ref().and_then(|ending| ending.unread).unwrap_or(usize::MAX);
        let count = space.len().min(unread);
        &mut space[..count]
    }

    /// It has sent `count` bytes.
    pub(super) fn received(&mut self, count: usize) {
        self.framer.filled(count);
        if let Some(Ending { unread: Some(unread), .. }) = &mut self.ending {
            *unread = unread.saturating_sub(count);
            self.input_ended |= *unread == 0;
        }
    }

    /// The service that it belongs to has ended, and had sent this many bytes that nobody has read
    /// yet. Only those are read, whoever holds the other end now, and we do not wait for anybody to
    /// take the answers.
    pub(super) fn service_ended(&mut self, unread: Option<usize>, now: Monotonic) {
        self.ending = Some(Ending { unread, until: now.plus_seconds(ENDING_SECONDS) });
        if self.read.is_none() {
            self.closing = true;
        } else if unread == Some(0) {
            self.input_ended = true;
        }
    }

    /// Whether the service that it belongs to has ended.
    pub(super) fn is_ending(&self) -> bool {
        self.ending.is_some()
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.blocked_since.is_some()
    }

    /// Tells it a line. One that does not fit causes an overflow; a line is never cut.
    pub(super) fn tell(&mut self, line: &[u8], sys: &mut impl System, now: Monotonic) {
        if !self.closing {
            self.tell_last([line], sys, now);
        }
    }

    /// The same for a line in parts, also to one that is about to be closed: the end of an answer.
    pub(super) fn tell_last<const N: usize>(
        &mut self,
        line: [&[u8]; N],
        sys: &mut impl System,
        now: Monotonic,
    ) {
        if self.write.is_none() || self.overflow || self.outbox.push(line) {
            return;
        }
        if !self.is_blocked() {
            self.flush(sys, now);
            if self.write.is_none() || self.outbox.push(line) {
                return;
            }
        }
        self.overflow = true;
    }

    /// Whether descriptors can be passed to it: over a unix socket.
    pub(super) fn takes_fds(&self) -> bool {
        self.kind.is_connection() && self.write.is_some()
    }

    /// Tells it a line that has a descriptor with it, which belongs to it from now on. There is
    /// room: otherwise the command would not be executed, unless it misses everything anyway.
    pub(super) fn give(&mut self, line: &[u8], fd: Fd, sys: &mut impl System, now: Monotonic) {
        if self.closing || self.overflow || !self.outbox.push_with(line, fd) {
            self.overflow |= !self.closing;
            sys.close(fd);
            return;
        }
        if !self.is_blocked() {
            self.flush(sys, now);
        }
    }

    /// Sends as much as possible of what waits.
    pub(super) fn flush(&mut self, sys: &mut impl System, now: Monotonic) {
        let Some(fd) = self.write else { return };
        loop {
            if self.outbox.is_empty() {
                self.blocked_since = None;
                self.dropping = false;
                if !self.overflow || !self.outbox.push([b"overflow"]) {
                    return;
                }
                self.overflow = false;
            }
            let sent = match self.outbox.next() {
                (bytes, None) => sys.send(fd, bytes),
                (bytes, Some(gift)) => sys.send_with(fd, bytes, gift),
            };
            match sent {
                Ok(0) => {
                    self.blocked_since.get_or_insert(now);
                    return;
                }
                Ok(count) => {
                    if let Some(gift) = self.outbox.advance(count) {
                        sys.close(gift);
                    }
                    // It moves: the time for which it has been blocked starts over.
                    if self.is_blocked() {
                        self.blocked_since = Some(now);
                    }
                }
                Err(_) => {
                    self.break_output(sys);
                    return;
                }
            }
        }
    }

    /// Nobody reads any more. What it still sends is read to the end.
    pub(super) fn break_output(&mut self, sys: &mut impl System) {
        self.outbox.clear();
        if let Some(gift) = self.outbox.take_gift() {
            sys.close(gift);
        }
        self.blocked_since = None;
        self.dropping = false;
        self.overflow = false;
        self.dump = None;
        self.dump_tag = None;
        self.upgrade_tag = None;
        self.timers.clear();
        if let Some(fd) = self.write.take()
            && self.read != Some(fd)
        {
            sys.close(fd);
        }
        if self.read.is_none() {
            self.input_ended = true;
        }
    }

    /// The earliest of its deadlines.
    pub(super) fn deadline(&self) -> Option<Monotonic> {
        if let Some(ending) = &self.ending {
            return Some(ending.until);
        }
        let Some(since) = self.blocked_since else {
            return self.timers.next().filter(|_| self.has_timers());
        };
        Some(since.plus_seconds(if self.dropping { self.close_after } else { self.reset_after }))
    }

    /// Checks its deadlines.
    pub(super) fn timeout(&mut self, now: Monotonic) -> Timeout {
        if let Some(ending) = &self.ending {
            return if now >= ending.until { Timeout::Ended } else { Timeout::None };
        }
        let Some(since) = self.blocked_since else { return Timeout::None };
        if now >= since.plus_seconds(self.close_after) {
            Timeout::Close
        } else if !self.dropping && now >= since.plus_seconds(self.reset_after) {
            self.dropping = true;
            self.overflow = true;
            Timeout::Reset
        } else {
            Timeout::None
        }
    }

    /// Whether it is told when a timer runs out: one that does not read is told later, and one that
    /// is about to be closed is not.
    fn has_timers(&self) -> bool {
        self.write.is_some() && !self.closing && !self.is_blocked() && !self.overflow
    }

    /// The first of its timers, if that has run out and there is room to say so.
    pub(super) fn take_due_timer(&mut self, now: Monotonic, reserve: usize) -> Option<NameBuf> {
        let may_be_told = self.has_timers() && self.outbox.free() >= reserve;
        if may_be_told { self.timers.take_due(now) } else { None }
    }

    /// Whether it has got all that it is owed.
    pub(super) fn is_flushed(&self) -> bool {
        self.write.is_none() || self.outbox.is_empty()
    }

    /// Whether there is something of it to be executed at once; `reserve` is room for the answers.
    pub(super) fn has_command(&self, reserve: usize) -> bool {
        self.may_execute(reserve)
            && (self.dump.is_some()
                || self.framer.has_line()
                || (self.input_ended && self.read.is_some()))
    }

    /// Whether it is to be told now that a timer has run out.
    pub(super) fn has_due_timer(&self, now: Monotonic) -> bool {
        self.has_timers() && self.timers.next().is_some_and(|at| at <= now)
    }

    /// Whether nothing is left to do for it.
    pub(super) fn is_finished(&self) -> bool {
        self.closing && self.outbox.is_empty()
    }
}
