//! What is written into the log, where it goes, and when it flows.

use daemonproxy_protocol::{Event, FilterChange, LogLevel, Name, write_i64};

use crate::connection::controller::ControllerId;
use crate::log::writer::LogWait;
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::system::{Fd, Monotonic, Pid, System};
use crate::table::Slot;

impl<S: System> Proxy<S> {
    /// Writes a message to the log.
    pub fn log(&mut self, level: LogLevel, parts: &[&[u8]]) {
        let to = self.log_fd();
        self.log.write(level, parts, to, &mut self.sys, self.now);
    }

    /// Where the log is written to, if there is such a descriptor.
    pub(crate) fn log_fd(&self) -> Option<Fd> {
        self.fds.fd(self.log.destination().as_name())
    }

    /// Gets ready to write the log, while there are descriptors left.
    pub fn prepare_log(&mut self) {
        if let Some(fd) = self.log_fd() {
            let _ = self.sys.write_log(fd, b"");
        }
    }

    /// Sends the log to the descriptor of that name (`log.dest`).
    pub fn set_log_destination(&mut self, name: &[u8]) {
        if let Some(name) = Name::new(name) {
            self.log.set_destination(name);
        }
    }

    /// Puts a moment in front of each line (`--log-time`).
    pub fn set_log_times(&mut self) {
        self.log.set_times();
    }

    /// The log's descriptor is writable, or its retry is due.
    pub fn log_writable(&mut self, now: Monotonic) {
        self.now = now;
        let to = self.log_fd();
        self.log.writable(to, &mut self.sys, now);
        // An orderly shutdown may have waited for this.
        self.stopping.look_again();
    }

    /// What the log waits for.
    pub fn log_wait(&self) -> LogWait {
        self.log.wait(self.log_fd())
    }

    /// The command `log.filter`.
    pub(crate) fn log_filter(&mut self, id: ControllerId, change: Option<FilterChange>) {
        let level = self.log.change_filter(change);
        self.answer(id, &Event::LogFilter { level });
        if change.is_some() {
            self.announce_own_setting(Some(id), |_, out| Event::LogFilter { level }.encode(out));
        }
    }

    /// The command `log.dest`.
    pub(crate) fn log_dest(&mut self, id: ControllerId, name: Name<'_>) {
        self.log.set_destination(name);
        if self.fds.find(name).is_none() {
            self.warn(id, &[b"fd \"", name.as_bytes(), b"\" does not exist"]);
        }
        self.announce_own_setting(None, |_, out| Event::LogDest { fd: name }.encode(out));
        self.flush_log();
    }

    /// Writes as much as possible of what waits.
    pub(crate) fn flush_log(&mut self) {
        let to = self.log_fd();
        self.log.flush(to, &mut self.sys, self.now);
    }

    /// A descriptor has got that name, or lost it: perhaps it is the one of the log.
    pub(crate) fn log_descriptor_changed(&mut self, name: Name<'_>) {
        if name.as_bytes() == self.log.destination().as_bytes() {
            self.log.begin_anew();
            self.flush_log();
        }
    }

    /// Composes `service 'NAME`, what to say about it, and a pid; and has it said.
    pub(crate) fn say_of_service(
        &mut self,
        slot: Slot,
        what: &[u8],
        pid: Pid,
        say: impl FnOnce(&mut Self, &[u8]),
    ) {
        self.with_text(|proxy, text| {
            text.add(b"service '");
            text.add(proxy.services.get(slot).name().as_bytes());
            text.add(what);
            write_i64(text, pid.0.into());
            say(proxy, text);
        });
    }
}
