//! What can be asked: one `match` over every command, one short method for each.
//!
//! A method either does the whole of its command or returns the [`Refusal`] and has changed nothing.

use daemonproxy_protocol::{
    Address, Command, Event, FdNumbers, FdStateField, Fields, FileFlags, FilterChange, LogFilter,
    LogLevel, Name, PipeEnd, PipeFlags, Refusal, Signal, SocketFlags, StateField, Triggers,
    is_ignored, write_error_event,
};

use crate::controller::ControllerId;
use crate::fd::{FdKind, FdTable, Peer};
use crate::leave::Leave;
use crate::limits::DEFAULT_INTERVAL;
use crate::proxy::Proxy;
use crate::refusal;
use crate::service::{DEFAULT_FDS, List, Service};
use crate::statedump::DumpCursor;
use crate::system::{Fd, System};
use crate::table::{Record, Slot};

type Outcome<'a> = Result<(), Refusal<'a>>;

/// Seconds between two starts of a logger that `service.pipe` made.
const LOGGER_INTERVAL: u32 = 1;

impl<S: System> Proxy<S> {
    /// Executes one line of a controller. `line_end` is where it ends in the controller's stream.
    pub(crate) fn execute(&mut self, id: ControllerId, line: &[u8], line_end: u64) {
        if is_ignored(line) {
            return;
        }
        let outcome =
            Command::parse(line).and_then(|command| self.dispatch(id, &command, line, line_end));
        if let Err(refusal) = outcome {
            self.refuse(id, &refusal, line);
        }
    }

    /// A line that was too long to be looked at. A comment may be as long as it likes.
    pub(crate) fn too_long(&mut self, id: ControllerId, start: &[u8]) {
        if !start.starts_with(b"#") {
            self.answer(id, &Event::Error { text: b"line too long" });
            self.log(LogLevel::Error, &[b"command exceeds buffer size"]);
        }
    }

    fn dispatch<'a>(
        &mut self,
        id: ControllerId,
        command: &Command<'a>,
        line: &[u8],
        line_end: u64,
    ) -> Outcome<'a> {
        match *command {
            Command::Echo { rest } => {
                if let Some(rest) = rest {
                    self.tell(id, rest);
                }
                Ok(())
            }
            Command::Statedump => {
                if let Some(controller) = self.controllers.get_mut(id) {
                    // Nobody to tell it to: a dump without a reader is over at once.
                    controller.dump = controller.write.map(|_| DumpCursor::START);
                }
                Ok(())
            }
            Command::ServiceArgs { name, args } => self.service_args(name, args),
            Command::ServiceFds { name, fds } => self.service_fds(id, name, fds),
            Command::ServiceTags { name, tags } => self.service_tags(name, tags),
            Command::ServiceTagsApply { name, changes } => self.service_tags_apply(name, changes),
            Command::ServiceAutoUp { name, interval, triggers } => {
                self.service_auto_up(id, name, interval, triggers)
            }
            Command::ServiceStart { name, at } => self.service_start(name, at),
            Command::ServiceSignal { name, signal, group } => {
                self.service_signal(name, signal, group)
            }
            Command::ServiceDelete { name } => self.service_delete(name),
            Command::ServicePipe { name, fds, args } => self.service_pipe(name, fds, args),
            Command::FdPipe { read, write, flags } => self.fd_pipe(read, write, flags),
            Command::FdOpen { name, flags, path } => self.fd_open(name, flags, path),
            Command::FdSocket { name, flags, address } => {
                // The address is shown as it was given, of which there are more ways than one.
                let text = line.split(|&byte| byte == b'\t').nth(3).unwrap_or_default();
                self.fd_socket(name, flags, address, text)
            }
            Command::FdTake { name } => self.fd_take(id, name, line_end),
            Command::FdDelete { name } => self.fd_delete(name),
            Command::SocketCreate { path, .. } => self.socket_create(path),
            Command::SocketDelete => {
                self.socket_delete();
                Ok(())
            }
            Command::SignalClear { signal, count } => {
                self.signals.clear(signal, count);
                Ok(())
            }
            Command::SignalDefault { signal, action } => {
                let known = self.signals.set_default(signal, action);
                if known { Ok(()) } else { Err(Refusal::InvalidSignalArgument) }
            }
            Command::LogFilter { change } => {
                self.log_filter(id, change);
                Ok(())
            }
            Command::LogDest { fd, .. } => {
                self.log_dest(id, fd);
                Ok(())
            }
            Command::Chdir { path } => {
                self.sys.chdir(path).map_err(|errno| refusal::chdir(errno, &self.sys))
            }
            Command::ConnEventTimeout { reset, close } => {
                if let Some(controller) = self.controllers.get_mut(id) {
                    controller.reset_after = reset;
                    controller.close_after = close;
                }
                Ok(())
            }
            Command::Exit => {
                if let Some(controller) = self.controllers.get_mut(id) {
                    controller.closing = true;
                }
                Ok(())
            }
            Command::Terminate { code, guard } => {
                self.guard.check(guard, self.exit_exec)?;
                self.set_leave(Leave { code, reason: "terminate command" });
                Ok(())
            }
            Command::TerminateGuard { on: true, code } => self.guard.turn_on(code),
            Command::TerminateGuard { on: false, code } => self.guard.turn_off(code),
            Command::TerminateExecArgs { args } => {
                self.set_exit_exec(args);
                Ok(())
            }
            Command::TerminateShutdown { term, kill, flush, guard } => {
                self.guard.check(guard, self.exit_exec)?;
                self.begin_shutdown(term, kill, flush);
                Ok(())
            }
        }
    }

    fn refuse(&mut self, id: ControllerId, refusal: &Refusal<'_>, line: &[u8]) {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        write_error_event(&mut text, refusal, line);
        self.tell(id, &text);
        text.clear();
        refusal.write(&mut text);
        self.log(LogLevel::Error, &[&text]);
        if !matches!(refusal, Refusal::UnknownCommand { .. }) {
            text.clear();
            text.extend(line.iter().map(|&byte| if byte < b' ' { b' ' } else { byte }));
            self.log(LogLevel::Error, &[b"  in the command: ", &text]);
        }
        self.scratch = text;
    }

    // Services

    fn service_args(&mut self, name: Name<'_>, args: Fields<'_>) -> Outcome<'static> {
        let slot = self.set_list(name, List::Args, args, Refusal::UnableToSetArgv)?;
        self.announce(|proxy, out| proxy.services.get(slot).args_event().encode(out));
        // A trigger may have waited for this.
        self.arm(slot);
        self.start_if_due(slot);
        Ok(())
    }

    fn service_fds(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        fds: Fields<'_>,
    ) -> Outcome<'static> {
        let slot = self.set_list(name, List::Fds, fds, Refusal::UnableToSetFds)?;
        self.announce(|proxy, out| proxy.services.get(slot).fds_event().encode(out));
        for fd in fds.iter().filter(|&fd| fd != b"-") {
            if Name::new(fd).is_some_and(|fd| self.fds.find(fd).is_none()) {
                self.warn(id, &[b"fd \"", fd, b"\" is not yet defined"]);
            }
        }
        Ok(())
    }

    fn service_tags(&mut self, name: Name<'_>, tags: Fields<'_>) -> Outcome<'static> {
        let slot = self.set_list(name, List::Tags, tags, Refusal::UnableToSetTags)?;
        self.announce(|proxy, out| proxy.services.get(slot).tags_event().encode(out));
        Ok(())
    }

    fn service_tags_apply(&mut self, name: Name<'_>, changes: Fields<'_>) -> Outcome<'static> {
        let mut tags = std::mem::take(&mut self.list_scratch);
        tags.clear();
        if let Some(slot) = self.services.find(name) {
            tags.extend_from_slice(self.services.get(slot).list(List::Tags).as_bytes());
        }
        for change in changes.iter() {
            apply_tag(&mut tags, change);
        }
        // The event must fit into a line.
        let fits = tags.len() + name.as_bytes().len() + b"service.tags\t\t\n".len();
        let outcome = if fits <= self.limits.max_line {
            self.service_tags(name, Fields::new(&tags))
        } else {
            Err(Refusal::UnableToSetTags)
        };
        self.list_scratch = tags;
        outcome
    }

    fn service_auto_up(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        interval: Option<u32>,
        triggers: Triggers,
    ) -> Outcome<'static> {
        let (slot, _) = self.service(name)?;
        let service = self.services.get_mut(slot);
        service.triggers = triggers;
        service.interval = match (interval, service.interval) {
            (Some(interval), _) => interval,
            (None, 0) => DEFAULT_INTERVAL,
            (None, before) => before,
        };
        let idle = !triggers.is_empty() && !service.has_args();
        self.announce(|proxy, out| proxy.services.get(slot).auto_up_event().encode(out));
        if idle {
            self.warn(id, &[b"service \"", name.as_bytes(), b"\" has no args yet"]);
        }
        self.arm(slot);
        self.start_if_due(slot);
        Ok(())
    }

    fn service_signal<'a>(&mut self, name: Name<'a>, signal: Signal, group: bool) -> Outcome<'a> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        let pid = self.services.get(slot).pid().ok_or(Refusal::ServiceIsNotRunning)?;
        self.sys.kill(pid, signal, group).map_err(|errno| Refusal::Kill {
            name: name.as_bytes(),
            pid: pid.0,
            reason: self.sys.explain(errno),
        })
    }

    fn service_delete(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.services.find(name).ok_or(Refusal::NoSuchService)?;
        if self.services.get(slot).pid().is_some() {
            return Err(Refusal::ServiceIsRunning);
        }
        self.forget_start(slot);
        self.services.remove(slot);
        self.announce(|_, out| {
            Event::ServiceState { name, state: StateField::Deleted }.encode(out);
        });
        Ok(())
    }

    /// The service of that name, made if need be; and whether it was made.
    fn service(&mut self, name: Name<'_>) -> Result<(Slot, bool), Refusal<'static>> {
        let before = self.services.len();
        let slot =
            self.services.find_or_insert(name).map_err(|_| Refusal::UnableToAllocateService)?;
        Ok((slot, self.services.len() > before))
    }

    fn set_list(
        &mut self,
        name: Name<'_>,
        list: List,
        fields: Fields<'_>,
        refusal: Refusal<'static>,
    ) -> Result<Slot, Refusal<'static>> {
        let (slot, new) = self.service(name)?;
        if self.services.get_mut(slot).set_list(list, fields).is_err() {
            if new {
                self.services.remove(slot);
            }
            return Err(refusal);
        }
        Ok(slot)
    }

    /// A logger of its own for a service, put together from commands of protocol 1.
    fn service_pipe(
        &mut self,
        name: Name<'_>,
        numbers: FdNumbers<'_>,
        args: Fields<'_>,
    ) -> Outcome<'static> {
        let names = LoggerNames::new(name);
        let (logger, read, write) = names.get().ok_or(Refusal::InvalidServiceName)?;
        if self.fds.is_constant(read) || self.fds.is_constant(write) {
            return Err(Refusal::FdCannotBeAltered);
        }
        if !self.fds.has_room(&[read, write], 0) {
            return Err(Refusal::UnableToAllocateFd);
        }
        let mut own_fds = std::mem::take(&mut self.list_scratch);
        self.list_with_logger(name, numbers, write, &mut own_fds);
        let mut logger_fds = std::mem::take(&mut self.text_scratch);
        logger_fds.clear();
        logger_fds.extend_from_slice(read.as_bytes());
        logger_fds.extend_from_slice(b"\tstderr\tstderr");
        let outcome = self.make_logger(name, logger, &own_fds, args, &logger_fds);
        self.list_scratch = own_fds;
        self.text_scratch = logger_fds;
        let (service, logger) = outcome?;
        if !self.is_pipe(read, write) {
            self.fd_pipe(read, write, PipeFlags::default())?;
        }
        for slot in [service, logger] {
            self.announce(|proxy, out| proxy.services.get(slot).fds_event().encode(out));
        }
        self.announce(|proxy, out| proxy.services.get(logger).args_event().encode(out));
        self.announce(|proxy, out| proxy.services.get(logger).auto_up_event().encode(out));
        self.arm(logger);
        self.start_if_due(logger);
        Ok(())
    }

    /// Sets the lists of a service and of its logger: both, or neither.
    fn make_logger(
        &mut self,
        name: Name<'_>,
        logger: Name<'_>,
        own_fds: &[u8],
        args: Fields<'_>,
        logger_fds: &[u8],
    ) -> Result<(Slot, Slot), Refusal<'static>> {
        // Both events must fit into a line.
        let longest = self.limits.max_line - (Name::MAX + b"service.args\t\t\n".len());
        if own_fds.len() > longest {
            return Err(Refusal::UnableToSetFds);
        }
        if args.as_bytes().len() > longest {
            return Err(Refusal::UnableToSetArgv);
        }
        let (service, new_service) = self.service(name)?;
        let (logger, new_logger) = match self.service(logger) {
            Ok(made) => made,
            Err(refusal) => {
                if new_service {
                    self.services.remove(service);
                }
                return Err(refusal);
            }
        };
        let fits = [
            (service, &[(List::Fds, own_fds.len())] as &[_], Refusal::UnableToSetFds),
            (logger, &[(List::Args, args.as_bytes().len())], Refusal::UnableToSetArgv),
            (
                logger,
                &[(List::Args, args.as_bytes().len()), (List::Fds, logger_fds.len())],
                Refusal::UnableToSetFds,
            ),
        ];
        let refusal = fits.into_iter().find_map(|(slot, lists, refusal)| {
            (!self.services.get(slot).has_room(lists)).then_some(refusal)
        });
        let outcome = match refusal {
            Some(refusal) => Err(refusal),
            None => {
                let own_fds = Fields::new(own_fds);
                let set = |service: &mut Service, list, fields, refusal| {
                    service.set_list(list, fields).map_err(|_| refusal)
                };
                let fds = Refusal::UnableToSetFds;
                set(self.services.get_mut(service), List::Fds, own_fds, fds)
                    .and_then(|()| {
                        let refusal = Refusal::UnableToSetArgv;
                        set(self.services.get_mut(logger), List::Args, args, refusal)
                    })
                    .and_then(|()| {
                        let fields = Fields::new(logger_fds);
                        set(self.services.get_mut(logger), List::Fds, fields, fds)
                    })
            }
        };
        if let Err(refusal) = outcome {
            for (slot, new) in [(service, new_service), (logger, new_logger)] {
                if new {
                    self.services.remove(slot);
                }
            }
            return Err(refusal);
        }
        let service = (service, logger);
        let logger = self.services.get_mut(logger);
        logger.interval = LOGGER_INTERVAL;
        logger.triggers = Triggers { always: true, ..Triggers::default() };
        Ok(service)
    }

    /// The fd list of a service with `write` in some places of it.
    fn list_with_logger(
        &self,
        name: Name<'_>,
        numbers: FdNumbers<'_>,
        write: Name<'_>,
        out: &mut Vec<u8>,
    ) {
        let now = self.services.find(name).map(|slot| self.services.get(slot).start_fds());
        let now = now.unwrap_or(Fields::new(DEFAULT_FDS));
        let last = numbers.iter().max().map_or(0, usize::from);
        out.clear();
        let padded = now.iter().chain(std::iter::repeat(b"-" as &[u8]));
        for (at, fd) in padded.take(now.len().max(last + 1)).enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            let replaced = numbers.iter().any(|number| usize::from(number) == at);
            out.extend_from_slice(if replaced { write.as_bytes() } else { fd });
        }
    }

    // File descriptors

    fn fd_pipe(&mut self, read: Name<'_>, write: Name<'_>, flags: PipeFlags) -> Outcome<'static> {
        self.check_alterable(&[read, write], 0)?;
        let (from, to) = match flags.socket {
            None => self.sys.pipe(flags.nonblock).map_err(|e| refusal::pipe(e, &self.sys))?,
            Some((domain, kind)) => self
                .sys
                .socketpair(domain, kind, flags.nonblock)
                .map_err(|errno| refusal::socketpair(errno, &self.sys))?,
        };
        let kind = |end| FdKind::Pipe { flags, end, peer: Peer::Unknown };
        // Both ends of a socket pair can be written to.
        let first = if flags.socket.is_some() { PipeEnd::To } else { PipeEnd::From };
        let ends = [(read, from, kind(first)), (write, to, kind(PipeEnd::To))];
        let slots = ends.map(|(name, fd, kind)| self.put_fd(name, fd, kind, b""));
        if let [Some(read), Some(write)] = slots {
            self.fds.pair(read, write);
        }
        for slot in slots.into_iter().flatten() {
            self.announce_fd(slot);
        }
        Ok(())
    }

    fn fd_open(&mut self, name: Name<'_>, flags: FileFlags, path: &[u8]) -> Outcome<'static> {
        self.check_alterable(&[name], path.len())?;
        let fd = self.sys.open(path, flags).map_err(|errno| refusal::open(errno, &self.sys))?;
        if let Some(slot) = self.put_fd(name, fd, FdKind::File(flags), path) {
            self.announce_fd(slot);
        }
        Ok(())
    }

    fn fd_socket(
        &mut self,
        name: Name<'_>,
        flags: SocketFlags,
        address: Option<Address<'_>>,
        text: &[u8],
    ) -> Outcome<'static> {
        self.check_alterable(&[name], text.len())?;
        let fd = self
            .sys
            .socket(flags, address)
            .map_err(|failure| refusal::socket(failure, &self.sys))?;
        if let Some(slot) = self.put_fd(name, fd, FdKind::Socket(flags), text) {
            self.announce_fd(slot);
        }
        Ok(())
    }

    fn fd_take(&mut self, id: ControllerId, name: Name<'_>, line_end: u64) -> Outcome<'static> {
        self.check_alterable(&[name], 0)?;
        let taken = self.controllers.get_mut(id).and_then(|c| c.passed.take(line_end));
        let fd = taken.ok_or(Refusal::NoAncillaryFd)?;
        let kind = self.sys.inspect(fd);
        if let Some(slot) = self.put_fd(name, fd, kind, FdTable::unknown_text(kind)) {
            self.announce_fd(slot);
        }
        Ok(())
    }

    fn fd_delete(&mut self, name: Name<'_>) -> Outcome<'static> {
        let slot = self.fds.find(name).ok_or(Refusal::NoSuchFd)?;
        if self.fds.is_constant(name) {
            return Err(Refusal::FdCannotBeAltered);
        }
        self.remove_fd(slot);
        Ok(())
    }

    /// Closes and forgets a named descriptor, and tells so.
    pub(crate) fn remove_fd(&mut self, slot: Slot) {
        let name = *self.fds.get(slot).name_buf();
        if let Some(fd) = self.fds.remove(slot) {
            self.sys.close(fd);
        }
        self.announce(|_, out| {
            let state = FdStateField::Deleted;
            Event::FdState { name: name.as_name(), state }.encode(out);
        });
    }

    fn check_alterable(&self, names: &[Name<'_>], text: usize) -> Outcome<'static> {
        if names.iter().any(|&name| self.fds.is_constant(name)) {
            return Err(Refusal::FdCannotBeAltered);
        }
        if !self.fds.has_room(names, text) {
            return Err(Refusal::UnableToAllocateFd);
        }
        Ok(())
    }

    /// Puts a new descriptor under a name; what had the name before is closed.
    fn put_fd(&mut self, name: Name<'_>, fd: Fd, kind: FdKind, text: &[u8]) -> Option<Slot> {
        match self.fds.put(name, Some(fd), kind, text) {
            Ok((slot, before)) => {
                if let Some(before) = before {
                    self.sys.close(before);
                }
                if name.as_bytes() == self.log.destination().as_bytes() {
                    self.flush_log();
                }
                Some(slot)
            }
            Err(_) => {
                // There was room a moment ago; only an allocation can have failed.
                self.sys.close(fd);
                None
            }
        }
    }

    fn announce_fd(&mut self, slot: Slot) {
        self.announce(|proxy, out| proxy.fds.event(slot).encode(out));
    }

    fn is_pipe(&self, read: Name<'_>, write: Name<'_>) -> bool {
        let (Some(read), Some(write)) = (self.fds.find(read), self.fds.find(write)) else {
            return false;
        };
        self.fds.peer(read) == Some(write)
    }

    // The control socket, the log

    fn socket_create(&mut self, path: &[u8]) -> Outcome<'static> {
        self.listen(path).map_err(|errno| {
            // The answer of protocol 1 has no room for the reason; the log has.
            let reason = self.sys.explain(errno).as_bytes();
            self.log(LogLevel::Error, &[b"cannot listen at ", path, b": ", reason]);
            Refusal::FailedToCreateControlSocket
        })
    }

    fn socket_delete(&mut self) {
        if let Some(listener) = self.control_socket.take() {
            self.sys.control_unlisten(listener);
        }
    }

    fn log_filter(&mut self, id: ControllerId, change: Option<FilterChange>) {
        let now = self.log.filter;
        self.log.filter = match change {
            None => now,
            Some(change) => now.changed(change),
        };
        let level: LogFilter = self.log.filter;
        self.answer(id, &Event::LogFilter { level });
    }

    fn log_dest(&mut self, id: ControllerId, name: Name<'_>) {
        self.log.set_destination(name);
        if self.fds.find(name).is_none() {
            self.warn(id, &[b"fd \"", name.as_bytes(), b"\" does not exist"]);
        }
        self.flush_log();
    }

    pub(crate) fn flush_log(&mut self) {
        let to = self.log_fd();
        self.log.flush(to, &mut self.sys, self.now);
    }

    /// A warning to one controller, and to the log.
    fn warn(&mut self, id: ControllerId, parts: &[&[u8]]) {
        let mut text = std::mem::take(&mut self.text_scratch);
        text.clear();
        for part in parts {
            text.extend_from_slice(part);
        }
        self.answer(id, &Event::Warning { text: &text });
        self.log(LogLevel::Warning, &[&text]);
        self.text_scratch = text;
    }
}

/// The names that `service.pipe` makes of the name of a service.
struct LoggerNames {
    /// `NAME-log.r`, and `NAME-log.w`, of which the front is also `NAME-log`.
    read: ([u8; Name::MAX], usize),
    write: ([u8; Name::MAX], usize),
}

impl LoggerNames {
    fn new(name: Name<'_>) -> Self {
        let make = |end: &[u8]| {
            let mut bytes = [0; Name::MAX];
            let whole = name.as_bytes().iter().chain(end);
            let len = bytes.iter_mut().zip(whole).map(|(to, &from)| *to = from).count();
            // A name that was cut is none.
            let fits = name.as_bytes().len() + end.len() <= Name::MAX;
            (bytes, if fits { len } else { 0 })
        };
        Self { read: make(b"-log.r"), write: make(b"-log.w") }
    }

    /// The logger, its end of the pipe, the service's end.
    fn get(&self) -> Option<(Name<'_>, Name<'_>, Name<'_>)> {
        let read = self.read.0.get(..self.read.1)?;
        let write = self.write.0.get(..self.write.1)?;
        let logger = read.strip_suffix(b".r")?;
        Some((Name::new(logger)?, Name::new(read)?, Name::new(write)?))
    }
}

/// The part of a tag that tells which one it is.
fn key(tag: &[u8]) -> &[u8] {
    tag.split(|&byte| byte == b'=').next().unwrap_or_default()
}

/// Sets, replaces or removes one tag in a TAB-joined list, in place.
fn apply_tag(tags: &mut Vec<u8>, change: &[u8]) {
    let (wanted, new) = match change.strip_prefix(b"-") {
        Some(removed) => (removed, None),
        None => (key(change), Some(change)),
    };
    let mut place = 0;
    let found = (!tags.is_empty())
        .then(|| {
            tags.split(|&byte| byte == b'\t').find_map(|tag| {
                let start = place;
                place += tag.len() + 1;
                (key(tag) == wanted).then_some(start..start + tag.len())
            })
        })
        .flatten();
    match (found, new) {
        (Some(range), Some(new)) => drop(tags.splice(range, new.iter().copied())),
        (Some(range), None) => {
            // One of the TABs beside it goes too.
            let range = if range.start > 0 {
                range.start - 1..range.end
            } else {
                range.start..(range.end + 1).min(tags.len())
            };
            tags.drain(range);
        }
        (None, Some(new)) => {
            if !tags.is_empty() {
                tags.push(b'\t');
            }
            tags.extend_from_slice(new);
        }
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(tags: &str, changes: &[&str]) -> String {
        let mut tags = tags.as_bytes().to_vec();
        for change in changes {
            apply_tag(&mut tags, change.as_bytes());
        }
        String::from_utf8(tags).unwrap()
    }

    #[test]
    fn tags_are_set_replaced_and_removed_in_place() {
        assert_eq!(applied("", &["a"]), "a");
        assert_eq!(applied("a\tb=1\tc", &["b=2"]), "a\tb=2\tc");
        assert_eq!(applied("a\tb=1\tc", &["-b"]), "a\tc");
        assert_eq!(applied("a\tb=1\tc", &["-a", "-c"]), "b=1");
        assert_eq!(applied("a", &["-a"]), "");
        assert_eq!(applied("a=1", &["a"]), "a");
        assert_eq!(applied("a", &["-x", "b=c=d", "b="]), "a\tb=");
    }
}
