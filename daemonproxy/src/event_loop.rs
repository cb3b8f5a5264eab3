//! The loop: waits for something to happen, tells the state machine, lets it act.

use daemonproxy_core::{
    ControllerId, ControllerKind, Fd, Leave, LogWait, Monotonic, Pid, Proxy, limits,
};
use daemonproxy_protocol::{LogLevel, Name};

use crate::file;
use crate::main_service;
use crate::own::Own;
use crate::setup::standard::starter_is_gone;
use crate::sys::{
    self, BootAlarm, Editor, Heard, Os, Outcome, Poll, Report, SignalSource, monotonic,
};
use crate::upgrade::Upgrade;

/// How long no connection is accepted after accepting one failed (no descriptors are left): the
/// connection keeps waiting, and trying again at once would be a busy loop.
const ACCEPT_PAUSE_MILLIS: u64 = 200;
/// How many of the descriptors that come with one message are kept.
const MOST_PASSED: usize = daemonproxy_core::limits::MOST_PASSED;
/// How many connections are accepted before everything else gets its turn.
const ACCEPTS: usize = 16;

/// What an entry in the list of polled descriptors stands for.
#[derive(Copy, Clone)]
enum Source {
    Signals,
    /// The answer of a program that may take over: looked at in the next turn.
    Upgrade,
    Log,
    Listener,
    Start(Pid),
    Read {
        id: ControllerId,
        fd: Fd,
        is_socket: bool,
    },
    Write(ControllerId),
    Hangup(ControllerId),
    /// One of those is ready that services wait for.
    Awaited,
    /// A service is started when there is something to read here, and that cannot be watched.
    Unwatched(Fd),
    /// A service says something of itself.
    Notifier(Fd),
    BootAlarm,
    /// This says when a cgroup is empty.
    Cgroup(Fd),
}

pub(crate) struct EventLoop {
    proxy: Proxy<Os>,
    signals: SignalSource,
    poll: Poll,
    sources: Vec<Source>,
    accept_again: Option<Monotonic>,
    /// The last attempt to accept one failed.
    accept_failed: bool,
    boot_alarm: BootAlarm,
    own: Own,
    upgrade: Upgrade,
}

impl EventLoop {
    pub(crate) fn new(
        proxy: Proxy<Os>,
        signals: SignalSource,
        own: Own,
        controllers: usize,
        starts: usize,
    ) -> Self {
        // Taken now, so that there is memory to poll every controller that may come: at most two
        // descriptors each; signals, log, upgrade, what services wait for, control sockets. And for each service its start,
        // and what it says of itself.
        let most = 2 * controllers + 3 * starts + 5 + limits::MOST_SOCKETS;
        Self {
            proxy,
            signals,
            poll: Poll::with_capacity(most),
            sources: Vec::with_capacity(most),
            accept_again: None,
            accept_failed: false,
            boot_alarm: BootAlarm::new(),
            own,
            upgrade: Upgrade::default(),
        }
    }

    /// What the start has needed for a moment takes up no memory any more.
    pub(crate) fn forget_the_start(&mut self) {
        self.proxy.forget_the_start();
        self.proxy.sys().forget_the_start();
    }

    /// The line editor, which is to be ended after the loop.
    pub(crate) fn editor(&self) -> Option<&Editor> {
        self.own.editor.as_ref()
    }

    /// Reads a configuration file that can be read without waiting, to its end, before anything
    /// else happens.
    pub(crate) fn read_config(&mut self, id: ControllerId, fd: Fd) {
        while self.proxy.leave().is_none() && self.proxy.is_connected(id) {
            self.receive(id, fd, false);
            self.collect_signals();
            self.collect_starts();
            self.proxy.run(monotonic());
        }
    }

    /// Carries out commands as if they were at the end of the configuration file.
    ///
    /// `option`: the one that they stand for.
    pub(crate) fn carry_out(&mut self, option: &[u8], commands: &[u8]) -> Result<(), String> {
        if self.proxy.is_ending() {
            return Ok(());
        }
        let wrong = |why: &str| format!("cannot carry out the commands of the command line: {why}");
        let fd = sys::with_content(commands).map_err(|errno| wrong(sys::explain(errno)))?;
        let id = self.proxy.connected(ControllerKind::Config, Some(fd), None, monotonic());
        let id = id.ok_or_else(|| wrong("the controller pool is exhausted"))?;
        self.proxy.set_origin(id, option);
        self.read_config(id, fd);
        Ok(())
    }

    /// Starts the service of `--main`, unless it has triggers for that. Without it there would be
    /// nothing to wait for.
    pub(crate) fn start_main(&mut self) -> Result<(), String> {
        let name = Name::new(main_service::SERVICE.as_bytes());
        if self.proxy.is_ending() || name.is_some_and(|name| self.proxy.has_triggers(name)) {
            return Ok(());
        }
        self.carry_out(b"--main", &main_service::start())?;
        if name.is_some_and(|name| self.proxy.is_main(name)) {
            Ok(())
        } else {
            Err("cannot set up the service of --main: see above".to_owned())
        }
    }

    /// The daemon of a file is ready when that has been applied.
    pub(crate) fn is_ready_after_apply(&mut self) {
        self.own.starter.wait();
    }

    /// Says that the daemon is ready, if it waited for that and has become it.
    fn become_ready(&mut self) {
        if !self.own.starter.waits() || self.proxy.is_ending() {
            return;
        }
        let name = Name::new(file::SERVICE.as_bytes());
        if name.is_some_and(|name| self.proxy.has_succeeded(name)) {
            // If there is no room for the message, it is tried again in the next turn.
            let was_waited_for = self.own.starter.background().is_some();
            self.own.starter.ready_at_last();
            if was_waited_for && self.own.starter.background().is_none() {
                starter_is_gone(&mut self.proxy);
            }
        }
    }

    /// Runs until it is time to leave.
    pub(crate) fn run(&mut self) -> Leave {
        if !self.proxy.is_ending() && !self.own.starter.waits() {
            self.own.starter.ready();
        }
        loop {
            self.become_ready();
            let mut more = self.proxy.run(monotonic());
            if self.proxy.is_ending() {
                self.own.starter.stopping();
            }
            if let Some(leave) = self.proxy.leave() {
                self.proxy.farewell();
                return leave;
            }
            more |= self.go_on_with_upgrade();
            self.prepare();
            let now = monotonic();
            self.own.starter.alive(now);
            let deadline = if more { Some(now) } else { self.deadline() };
            self.poll.wait(now, deadline);
            self.handle();
        }
    }

    fn deadline(&self) -> Option<Monotonic> {
        let own = [self.accept_again, self.upgrade.deadline(), self.own.starter.deadline()];
        self.proxy.deadline().into_iter().chain(own.into_iter().flatten()).min()
    }

    /// Looks after an upgrade, if somebody has asked for one. Returns whether its outcome is known:
    /// then commands may be executed that have waited.
    fn go_on_with_upgrade(&mut self) -> bool {
        let was_asked = self.proxy.upgrade_asked().is_some();
        self.upgrade.begin_if_asked(&mut self.proxy, &self.own);
        self.upgrade.go_on(&mut self.proxy, &self.own);
        was_asked && self.proxy.upgrade_asked().is_none()
    }

    /// Lists what to wait for.
    fn prepare(&mut self) {
        let Self { proxy, signals, poll, sources, accept_again, boot_alarm, upgrade, .. } = self;
        poll.clear();
        sources.clear();
        let mut add = |source, fd, read, write| {
            poll.add(fd, read, write);
            sources.push(source);
        };
        add(Source::Signals, signals.fd(), true, false);
        if let Some(fd) = upgrade.fd() {
            add(Source::Upgrade, fd, true, false);
        }
        if let LogWait::Writable(fd) = proxy.log_wait() {
            add(Source::Log, fd, false, true);
        }
        if accept_again.is_none() {
            proxy.listeners().for_each(|fd| add(Source::Listener, fd, true, false));
        }
        proxy.interests(|interest| {
            if let Some(fd) = interest.read {
                let is_socket = interest.kind.is_connection();
                add(Source::Read { id: interest.id, fd, is_socket }, fd, true, false);
            }
            if let Some(fd) = interest.write {
                add(Source::Write(interest.id), fd, false, true);
            }
            if let Some(fd) = interest.hangup {
                add(Source::Hangup(interest.id), fd, false, false);
            }
        });
        if let Some(fd) = proxy.sys().awaited() {
            add(Source::Awaited, fd, true, false);
        }
        proxy.unwatched(|fd| {
            // What there is no memory for is looked at in a later turn.
            if poll.has_room() && sources.try_reserve(1).is_ok() {
                poll.add(fd, true, false);
                sources.push(Source::Unwatched(fd));
            }
        });
        proxy.watched_cgroups(|fd| {
            // The kernel reports a change as an error (POLLERR, POLLPRI). What there is no memory
            // for is found by a look.
            if poll.has_room() && sources.try_reserve(1).is_ok() {
                poll.add(fd, false, false);
                sources.push(Source::Cgroup(fd));
            }
        });
        for (pid, fd) in proxy.sys().starts() {
            // What there is no memory for is heard in a later turn, or when that child has ended.
            if !poll.has_room() || sources.try_reserve(1).is_err() {
                break;
            }
            poll.add(fd, true, false);
            sources.push(Source::Start(pid));
        }
        if let Some(fd) = boot_alarm.set(proxy.boot_deadline())
            && poll.has_room()
            && sources.try_reserve(1).is_ok()
        {
            poll.add(fd, true, false);
            sources.push(Source::BootAlarm);
        }
        // After the starts: a program says nothing before it is known that it was executed.
        proxy.notifiers(|fd| {
            if poll.has_room() && sources.try_reserve(1).is_ok() {
                poll.add(fd, true, false);
                sources.push(Source::Notifier(fd));
            }
        });
    }

    /// Tells the state machine what has happened.
    fn handle(&mut self) {
        let now = monotonic();
        if self.accept_again.is_some_and(|at| at <= now) {
            self.accept_again = None;
        }
        if let LogWait::Until(at) = self.proxy.log_wait()
            && at <= now
        {
            self.proxy.log_writable(now);
        }
        let mut someone_connects = false;
        for at in 0..self.sources.len() {
            let ready = self.poll.result(at);
            match self.sources[at] {
                Source::Signals if ready.readable => self.collect_signals(),
                Source::Log if ready.writable => self.proxy.log_writable(now),
                Source::Listener if ready.readable => someone_connects = true,
                Source::Start(pid) if ready.readable => self.collect_start(pid),
                Source::Read { id, fd, is_socket } if ready.readable => {
                    let is_socket = is_socket || self.own.input_socket == Some(fd);
                    self.receive(id, fd, is_socket);
                }
                Source::Write(id) if ready.writable => self.proxy.writable(id, now),
                Source::Hangup(id) if ready.hung_up => self.proxy.hung_up(id),
                Source::Awaited if ready.readable => self.collect_awaited(now),
                Source::Unwatched(fd) if ready.readable => self.proxy.awaited_is_ready(fd, now),
                Source::BootAlarm if ready.readable => self.boot_alarm.heard(),
                Source::Notifier(fd) if ready.readable => self.proxy.notified(fd, now),
                Source::Cgroup(fd) if ready.hung_up => self.proxy.cgroup_changed(fd, now),
                Source::Signals
                | Source::Upgrade
                | Source::Log
                | Source::Listener
                | Source::Start(_)
                | Source::Read { .. }
                | Source::Write(_)
                | Source::Hangup(_)
                | Source::Awaited
                | Source::Unwatched(_)
                | Source::Notifier(_)
                | Source::BootAlarm
                | Source::Cgroup(_) => {}
            }
        }
        if someone_connects {
            // Those who have left make room for those who come. This may also replace a listener,
            // or give its number to something else.
            self.proxy.run(now);
            for nth in 0..limits::MOST_SOCKETS {
                let Some(listener) = self.proxy.listeners().nth(nth) else { break };
                self.accept(listener, now);
            }
        }
    }

    /// Reads what a controller sends, as much as there is room for, and the descriptors that come
    /// with it.
    fn receive(&mut self, id: ControllerId, fd: Fd, is_socket: bool) {
        let space = self.proxy.input(id);
        if space.is_empty() {
            return;
        }
        let mut passed = [Fd(-1); MOST_PASSED];
        let mut count = 0;
        let result = if is_socket {
            sys::receive(fd, space, |fd| match passed.get_mut(count) {
                Some(place) => {
                    *place = fd;
                    count += 1;
                }
                None => sys::close(fd),
            })
        } else {
            sys::read(fd, space)
        };
        match result {
            Ok(None) => {}
            Ok(Some(0)) => self.proxy.input_ended(id),
            Err(errno) => self.proxy.input_failed(id, errno),
            Ok(Some(bytes)) => {
                self.proxy.received(id, bytes);
                for &fd in &passed[..count] {
                    self.proxy.received_fd(id, fd, bytes);
                }
            }
        }
    }

    /// Some of the descriptors that services wait for are ready.
    fn collect_awaited(&mut self, now: Monotonic) {
        let mut fds = [Fd(-1); sys::AWAITED];
        let count = self.proxy.sys().awaited_ready(&mut fds);
        fds.iter().take(count).for_each(|&fd| self.proxy.awaited_is_ready(fd, now));
    }

    fn collect_signals(&mut self) {
        let mut children = None;
        while let Some(heard) = self.signals.next() {
            match heard {
                Heard::Signal(signal) => self.proxy.signalled(signal, monotonic()),
                Heard::Children(one) => children = Some(one),
            }
        }
        if let Some(one) = children {
            self.proxy.children_ended(one, monotonic());
        }
    }

    /// Hears how the execution of a program went.
    fn collect_start(&mut self, pid: Pid) {
        let now = monotonic();
        match self.proxy.sys().start_outcome(pid, &mut Report::new()) {
            None => {}
            Some(Outcome::Executed) => self.proxy.executed(pid, now),
            Some(Outcome::Failed(failure, program)) => {
                self.proxy.exec_failed(pid, failure, program, now);
            }
        }
    }

    /// The same for all starts.
    fn collect_starts(&mut self) {
        // From the end: those that are over are replaced by the last.
        for nth in (0..self.proxy.sys().starts().count()).rev() {
            let start = self.proxy.sys().starts().nth(nth);
            if let Some((pid, _)) = start {
                self.collect_start(pid);
            }
        }
    }

    fn accept(&mut self, listener: Fd, now: Monotonic) {
        for _ in 0..ACCEPTS {
            match sys::accept(listener) {
                Ok(Some(fd)) => {
                    self.accept_failed = false;
                    self.proxy.accepted(listener, fd, now);
                }
                Ok(None) => break,
                Err(_) => {
                    // Reported once, not at every attempt.
                    if !std::mem::replace(&mut self.accept_failed, true) {
                        let text =
                            b"cannot accept a controller: no file descriptor, or no memory, is left";
                        self.proxy.log(LogLevel::Warning, &[text]);
                    }
                    self.accept_again = Some(now.plus_millis(ACCEPT_PAUSE_MILLIS));
                    break;
                }
            }
        }
    }
}
