//! `service.pipe`: a logger of its own for a service, put together from commands of protocol 1.

use daemonproxy_protocol::{Event, FdNumbers, Fields, Name, PipeFlags, Refusal, Triggers};

use crate::connection::controller::ControllerId;
use crate::descriptor::descriptors::NO_FD;
use crate::memory::{NoRoom, Reserved, Text};
use crate::proxy::Proxy;
use crate::refusal::Outcome;
use crate::service::state::{DEFAULT_FDS, List, SPARE};
use crate::system::System;
use crate::table::Slot;

/// Seconds between two starts of a logger.
const LOGGER_INTERVAL: u32 = 1;
/// What follows its end of the pipe in the list of its descriptors.
const STDERR_TWICE: &[u8] = b"\tstderr\tstderr";
/// The longest such list.
const LOGGER_FDS: usize = Name::MAX + STDERR_TWICE.len();
const _: () = assert!(LOGGER_FDS <= SPARE);

impl<S: System> Proxy<S> {
    pub(crate) fn service_pipe(
        &mut self,
        id: ControllerId,
        name: Name<'_>,
        numbers: FdNumbers<'_>,
        args: Fields<'_>,
    ) -> Outcome<'static> {
        let names = LoggerNames::new(name);
        let names = (names.logger(), names.read(), names.write());
        let (Some(logger), Some(read), Some(write)) = names else {
            return Err(Refusal::InvalidServiceName);
        };
        let mut logger_fds = [0; LOGGER_FDS];
        let logger_fds = Fields::new(read_and_stderr(read, &mut logger_fds));
        self.with_text(|proxy, own_fds| {
            proxy.list_with_logger(name, numbers, write, own_fds);
            let fds = Fields::new(own_fds);
            let wanted = Wanted { name, fds, logger, logger_args: args, logger_fds, read, write };
            proxy.check_logger(&wanted)?;
            proxy.with_services([name, logger], |proxy, slots| {
                proxy.reserve_logger(&wanted, slots)?;
                if !proxy.is_pipe(read, write) {
                    proxy.fd_pipe(read, write, PipeFlags::default())?;
                }
                Ok(())
            })?;
            proxy.make_logger(id, &wanted)
        })
    }

    /// Finds out whether all of it may be made.
    fn check_logger(&mut self, wanted: &Wanted<'_>) -> Outcome<'static> {
        let &Wanted { name, fds, logger, logger_args, logger_fds, read, write } = wanted;
        self.check_ready_fd(name, None, Some(fds))?;
        self.check_ready_fd(logger, None, Some(logger_fds))?;
        self.check_alterable(&[read, write], b"")?;
        if !self.fits(&Event::ServiceArgs { name: logger, args: logger_args }) {
            return Err(Refusal::UnableToSetArgv);
        }
        if !self.fits(&Event::ServiceFds { name, fds }) {
            return Err(Refusal::UnableToSetFds);
        }
        Ok(())
    }

    /// Takes the memory for all of it.
    fn reserve_logger(
        &mut self,
        wanted: &Wanted<'_>,
        [own, logger]: [Slot; 2],
    ) -> Outcome<'static> {
        let own_fds = (List::Fds, wanted.fds.as_bytes().len());
        let args = (List::Args, wanted.logger_args.as_bytes().len());
        let fds = (List::Fds, wanted.logger_fds.as_bytes().len());
        let mut reserve = |slot, changes: &[_], refusal| {
            self.services.reserve_lists(slot, changes).map_err(|NoRoom| refusal)
        };
        reserve(logger, &[args], Refusal::UnableToSetArgv)?;
        reserve(logger, &[args, fds], Refusal::UnableToSetFds)?;
        reserve(own, &[own_fds], Refusal::UnableToSetFds)
    }

    /// Does something with two services, which are made for it if needed, and forgotten again if it
    /// fails. Neither is announced.
    fn with_services(
        &mut self,
        names: [Name<'_>; 2],
        work: impl FnOnce(&mut Self, [Slot; 2]) -> Outcome<'static>,
    ) -> Outcome<'static> {
        let [first, second] = names;
        let (one, one_is_new) = self.service(first)?;
        let outcome = self.service(second).and_then(|(two, two_is_new)| {
            let outcome = work(self, [one, two]);
            if outcome.is_err() && two_is_new {
                self.services.remove(two);
            }
            outcome.map(|()| (two, two_is_new))
        });
        if outcome.is_err() && one_is_new {
            self.services.remove(one);
        }
        let (two, two_is_new) = outcome?;
        self.wake_watchers_if(one_is_new, one);
        self.wake_watchers_if(two_is_new, two);
        Ok(())
    }

    /// Executes the commands that it stands for, except for the pipe, which is there. None of them
    /// can fail any more.
    fn make_logger(&mut self, id: ControllerId, wanted: &Wanted<'_>) -> Outcome<'static> {
        let &Wanted { name, fds, logger, logger_args, logger_fds, .. } = wanted;
        self.service_fds(id, name, fds)?;
        self.service_args(logger, logger_args)?;
        self.service_fds(id, logger, logger_fds)?;
        let always = Triggers::new(true, 0, Fields::new(b""));
        self.service_auto_up(id, logger, Some(LOGGER_INTERVAL), always)
    }

    /// The descriptor list of a service with `write` in some places; cut as soon as it is too long
    /// for a line.
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
        let padded = now.iter().chain(std::iter::repeat(NO_FD));
        for (at, fd) in padded.take(now.len().max(last + 1)).enumerate() {
            if out.len() > self.limits.max_line {
                break;
            }
            if at > 0 {
                out.put(b'\t');
            }
            let replaced = numbers.iter().any(|number| usize::from(number) == at);
            out.add(if replaced { write.as_bytes() } else { fd });
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

/// What a `service.pipe` makes.
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
    /// `NAME-log.r`, and `NAME-log.w`, whose beginning is also `NAME-log`.
    read: ([u8; Name::MAX], usize),
    write: ([u8; Name::MAX], usize),
}

impl LoggerNames {
    fn new(name: Name<'_>) -> Self {
        let make = |end: &[u8]| {
            let mut bytes = [0; Name::MAX];
            let whole = name.as_bytes().iter().chain(end);
            let len = bytes.iter_mut().zip(whole).map(|(to, &from)| *to = from).count();
            // A name that was cut is not a name.
            let fits = name.as_bytes().len() + end.len() <= Name::MAX;
            (bytes, if fits { len } else { 0 })
        };
        Self { read: make(b"-log.r"), write: make(b"-log.w") }
    }

    fn logger(&self) -> Option<Name<'_>> {
        Name::new(self.read()?.as_bytes().strip_suffix(b".r")?)
    }

    /// The logger's end of the pipe.
    fn read(&self) -> Option<Name<'_>> {
        Name::new(self.read.0.get(..self.read.1)?)
    }

    /// The service's end.
    fn write(&self) -> Option<Name<'_>> {
        Name::new(self.write.0.get(..self.write.1)?)
    }
}
