//! `service.pipe`: a logger of its own for a service, put together from commands of protocol 1.

use daemonproxy_protocol::{FdNumbers, Fields, Name, PipeFlags, Refusal, Triggers};

use crate::dispatch::Outcome;
use crate::proxy::Proxy;
use crate::service::{DEFAULT_FDS, List, Service};
use crate::system::System;
use crate::table::Slot;

/// Seconds between two starts of a logger.
const LOGGER_INTERVAL: u32 = 1;

impl<S: System> Proxy<S> {
    /// A logger of its own for a service, put together from commands of protocol 1.
    pub(crate) fn service_pipe(
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
    pub(crate) fn make_logger(
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
    pub(crate) fn list_with_logger(
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
