//! `service.pipe`: a logger of its own for a service, put together from commands of protocol 1.

use daemonproxy_protocol::{FdNumbers, Fields, Name, PipeFlags, Refusal, Triggers};

use crate::connection::controller::ControllerId;
use crate::descriptor::table::NO_FD;
use crate::dispatch::Outcome;
use crate::proxy::Proxy;
use crate::service::state::{DEFAULT_FDS, List};
use crate::system::System;

/// Seconds between two starts of a logger.
const LOGGER_INTERVAL: u32 = 1;
/// What stands behind its end of the pipe in the list of its descriptors.
const STDERR_TWICE: &[u8] = b"\tstderr\tstderr";
/// The longest such list.
const LOGGER_FDS: usize = Name::MAX + STDERR_TWICE.len();

impl<S: System> Proxy<S> {
    pub(crate) fn service_pipe(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        numbers: FdNumbers<'_>,
        args: Fields<'_>,
    ) -> Outcome<'static> {
        let names = LoggerNames::new(name);
        let (logger, read, write) = names.get().ok_or(Refusal::InvalidServiceName)?;
        let mut own_fds = std::mem::take(&mut self.pipe_scratch);
        self.list_with_logger(name, numbers, write, &mut own_fds);
        let mut logger_fds = [0; LOGGER_FDS];
        let logger_fds = read_and_stderr(read, &mut logger_fds);
        let wanted = Wanted {
            name,
            fds: Fields::new(&own_fds),
            logger,
            logger_args: args,
            logger_fds: Fields::new(logger_fds),
            read,
            write,
        };
        let outcome = self.check_logger(&wanted).and_then(|()| self.make_logger(id, &wanted));
        self.pipe_scratch = own_fds;
        outcome
    }

    /// Finds out whether all of it can be had, before any of it is made.
    fn check_logger(&self, wanted: &Wanted<'_>) -> Outcome<'static> {
        let &Wanted { name, fds, logger, logger_args, logger_fds, read, write } = wanted;
        self.check_alterable(&[read, write], 0)?;
        let new = [name, logger].iter().filter(|&&name| self.services.find(name).is_none()).count();
        if new > self.services.room() {
            return Err(Refusal::UnableToAllocateService);
        }
        let (args_len, fds_len) = (logger_args.as_bytes().len(), logger_fds.as_bytes().len());
        // Their events must fit into a line.
        let longest = self.limits.max_line - (Name::MAX + b"service.args\t\t\n".len());
        if args_len > longest || !self.lists_fit(logger, &[(List::Args, args_len)]) {
            return Err(Refusal::UnableToSetArgv);
        }
        let own_len = fds.as_bytes().len();
        if own_len > longest
            || !self.lists_fit(logger, &[(List::Args, args_len), (List::Fds, fds_len)])
            || !self.lists_fit(name, &[(List::Fds, own_len)])
        {
            return Err(Refusal::UnableToSetFds);
        }
        Ok(())
    }

    /// Executes the commands that it stands for. Only the first can still fail.
    fn make_logger(&mut self, id: ControllerId, wanted: &Wanted<'_>) -> Outcome<'static> {
        let &Wanted { name, fds, logger, logger_args, logger_fds, read, write } = wanted;
        if !self.is_pipe(read, write) {
            self.fd_pipe(read, write, PipeFlags::default())?;
        }
        self.service_fds(id, name, fds)?;
        self.service_args(logger, logger_args)?;
        self.service_fds(id, logger, logger_fds)?;
        let always = Triggers { always: true, ..Triggers::default() };
        self.service_auto_up(id, logger, Some(LOGGER_INTERVAL), always)
    }

    /// Whether a service, which may be yet to be made, has room for lists of so many bytes.
    fn lists_fit(&self, name: Name<'_>, lists: &[(List, usize)]) -> bool {
        match self.services.find(name) {
            Some(slot) => self.services.get(slot).has_room(lists),
            None => {
                let total = lists.iter().map(|&(_, len)| len).sum::<usize>();
                self.limits.services.is_none_or(|pool| total <= pool.bytes)
            }
        }
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
        let padded = now.iter().chain(std::iter::repeat(NO_FD));
        for (at, fd) in padded.take(now.len().max(last + 1)).enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            let replaced = numbers.iter().any(|number| usize::from(number) == at);
            out.extend_from_slice(if replaced { write.as_bytes() } else { fd });
        }
    }
}

/// The descriptors of a logger: its end of the pipe, and where the daemon's own messages go.
fn read_and_stderr<'a>(read: Name<'_>, out: &'a mut [u8; LOGGER_FDS]) -> &'a [u8] {
    let (name, rest) = out.split_at_mut(read.as_bytes().len());
    name.copy_from_slice(read.as_bytes());
    rest[..STDERR_TWICE.len()].copy_from_slice(STDERR_TWICE);
    &out[..read.as_bytes().len() + STDERR_TWICE.len()]
}

/// What a `service.pipe` comes to.
struct Wanted<'a> {
    name: Name<'a>,
    fds: Fields<'a>,
    logger: Name<'a>,
    logger_args: Fields<'a>,
    logger_fds: Fields<'a>,
    read: Name<'a>,
    write: Name<'a>,
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
