//! Hears what services say by sd_notify(3).
//!
//! Each run that may say something has a socket of its own, so it is known who a message is about;
//! and only the user of that run and root are heard. A service can say as much as it likes: of each
//! only some messages are heard in one turn, of what they say only a little is kept, and of what is
//! wrong with them little is logged.

use daemonproxy_protocol::{LogLevel, Ready};

use crate::limits::{NOTICE_BYTES, NOTICE_FDS};
use crate::memory::Text;
use crate::notify::message::{Bark, Message};
use crate::notify::notifying::Late;
use crate::notify::status::Status;
use crate::proxy::Proxy;
use crate::system::{Errno, Fd, Notice, Pid, System};
use crate::table::{Record, Slot};

/// Messages of one service that are heard in one turn.
const MESSAGES: usize = 32;
/// Messages of one that has ended that are still heard: the kernel does not keep more of them
/// waiting, unless it was told to (net.unix.max_dgram_qlen).
const LAST_MESSAGES: usize = 1024;
/// Milliseconds in which a status is told once, and a complaint is logged once.
const PAUSE_MILLIS: u64 = 1000;

/// What can be wrong with messages. One does not hide another: a stranger who says much does not
/// keep the errors of the service out of the log.
#[derive(Copy, Clone)]
pub(super) enum Complaint {
    TooLong,
    Stranger,
    Barrier,
    MainPid,
    Errno,
    Store,
    Remove,
}

impl<S: System> Proxy<S> {
    /// Hears some messages. `is_last`: the process has ended.
    pub(super) fn hear_socket(&mut self, slot: Slot, socket: Fd, is_last: bool) {
        let mut space = [0; NOTICE_BYTES];
        let mut fds = [Fd(-1); NOTICE_FDS];
        for _ in 0..if is_last { LAST_MESSAGES } else { MESSAGES } {
            match self.sys.receive_notice(socket, &mut space, &mut fds) {
                Ok(Some(notice)) => self.hear_message(slot, &notice, &space, &fds),
                Ok(None) => return,
                // It would be there again and again.
                Err(errno) => return self.stop_hearing(slot, socket, errno),
            }
        }
    }

    fn stop_hearing(&mut self, slot: Slot, socket: Fd, errno: Errno) {
        if let Some(notifier) = self.notifying.get_mut(slot) {
            notifier.socket = None;
        }
        self.sys.close(socket);
        let name = *self.services.get(slot).name_buf();
        let reason = self.sys.explain(errno).as_bytes();
        let what = b"' is not heard any more: its messages cannot be received: ";
        self.log(LogLevel::Error, &[b"service '", name.as_bytes(), what, reason]);
    }

    fn hear_message(&mut self, slot: Slot, notice: &Notice, space: &[u8], fds: &[Fd]) {
        let text = space.get(..notice.bytes).unwrap_or_default();
        let fds = fds.get(..notice.fds).unwrap_or_default();
        let mut claimed = 0;
        if notice.is_cut {
            self.complain(
                slot,
                Complaint::TooLong,
                b"' has sent a message that is too long: ignored",
            );
        } else if self.may_say(slot, notice) {
            claimed = self.take_message(slot, &Message::parse(text), fds);
        }
        // What nobody has claimed. For a barrier, that is what the sender waits for.
        for &fd in fds.get(claimed..).unwrap_or_default() {
            self.sys.close(fd);
        }
    }

    /// Whether the sender is the user of that run, or root.
    fn may_say(&mut self, slot: Slot, notice: &Notice) -> bool {
        let user = self.notifying.get(slot).map(|notifier| notifier.user);
        let sender = notice.sender;
        let may = sender.is_some_and(|sender| sender.uid == 0 || Some(sender.uid) == user);
        if !may {
            let (uid, pid) = sender.map_or((u32::MAX, Pid(0)), |sender| (sender.uid, sender.pid));
            self.with_text(|proxy, text| {
                text.add(b"' is spoken for by user ");
                add_number(text, uid.into());
                text.add(b", process ");
                add_number(text, pid.0.into());
                text.add(b": refused");
                proxy.complain(slot, Complaint::Stranger, text);
            });
        }
        may
    }

    /// Does what a message says. Returns how many of the descriptors are somebody's now: the first
    /// ones.
    fn take_message(&mut self, slot: Slot, message: &Message<'_>, fds: &[Fd]) -> usize {
        if message.barrier && fds.len() != 1 {
            self.complain(
                slot,
                Complaint::Barrier,
                b"' has sent a barrier without just one descriptor",
            );
        }
        if message.main_pid {
            let what = b"' has said that another process is its main one: refused";
            self.complain(slot, Complaint::MainPid, what);
        }
        if let Some(status) = message.status {
            self.take_status(slot, Status::new(status));
        }
        if let Some(errno) = message.errno {
            let reason = self.sys.explain(Errno(errno)).as_bytes();
            self.with_text(|proxy, text| {
                text.add(b"' says: ");
                text.add(reason);
                proxy.complain(slot, Complaint::Errno, text);
            });
        }
        if let Some(time) = message.extend {
            let until = self.notifying.extend(slot, self.now.plus(time));
            self.extend_stop(slot, until);
        }
        if message.ready {
            let by = self.notifying.get(slot).and_then(|notifier| notifier.by);
            if by == Some(Ready::Notify) {
                self.is_ready_now(slot);
            }
        }
        if message.reloading {
            self.log_notice(LogLevel::Debug, slot, b"' is reading its configuration");
        }
        if message.stopping {
            self.log_notice(LogLevel::Debug, slot, b"' is about to end");
            if let Some(notifier) = self.notifying.get_mut(slot) {
                notifier.alive_by = None;
            }
        }
        match message.watchdog {
            Some(Bark::Alive) => self.is_alive_now(slot),
            Some(Bark::Trigger) if self.may_be_late(slot) => self.bite(slot, Late::Watchdog),
            Some(Bark::Trigger) | None => {}
        }
        let name = message.fd_name.unwrap_or(b"stored");
        if message.remove {
            self.unstore(slot, name);
        }
        if message.store { self.store(slot, name, fds) } else { 0 }
    }

    /// Tells how a service is, now or later.
    fn take_status(&mut self, slot: Slot, status: Status) {
        let Some(notifier) = self.notifying.get_mut(slot) else { return };
        notifier.status = status;
        if notifier.tell_at.is_none() {
            notifier.tell_at = Some(notifier.told_at.max(self.now));
        }
    }

    /// Tells how those services are whose turn it is.
    pub(super) fn tell_statuses(&mut self) {
        while let Some(slot) = self.notifying.take_status_due(self.now) {
            if let Some(notifier) = self.notifying.get_mut(slot) {
                notifier.told_at = self.now.plus_millis(PAUSE_MILLIS);
            }
            self.announce_run(slot, None);
        }
    }

    /// Logs what is wrong with what a service says, unless that was logged a moment ago.
    pub(super) fn complain(&mut self, slot: Slot, complaint: Complaint, what: &[u8]) {
        let Some(notifier) = self.notifying.get_mut(slot) else { return };
        if notifier.quiet_until <= self.now {
            notifier.quiet_until = self.now.plus_millis(PAUSE_MILLIS);
            notifier.complaints = 0;
        }
        let bit = 1 << complaint as u32;
        if notifier.complaints & bit == 0 {
            notifier.complaints |= bit;
            let name = *self.services.get(slot).name_buf();
            self.log(LogLevel::Warning, &[b"service '", name.as_bytes(), what]);
        }
    }
}

fn add_number(text: &mut Vec<u8>, number: i64) {
    let mut digits = [0; 20];
    let mut rest = number.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.add(&digits[at..]);
}
