//! What a controller knows about the daemon, put together from events.
//!
//! [`service`] is what is known of one service, [`marked`] what tells old news from new.

mod marked;
mod service;

use std::collections::BTreeMap;

use crate::event::{FdStateField, ShutdownPhase, StateField};
use crate::field::{Fields, Name};
use crate::flags::LogFilter;
use crate::generated::event::{Event, EventName};
use crate::generated::fact::Fact;
use crate::kind;
use crate::signal::Signal;
use crate::socket_options::SocketOptions;
use crate::view::marked::{Marked, MarkedList};
pub use crate::view::service::ServiceView;

/// The services, file descriptors and signals of a daemon, as its events report them.
///
/// Give it every event with [`apply`](Self::apply). A controller that connects knows nothing, and
/// one that has [overflowed](Self::has_overflowed) has missed something. It then sends
/// an `echo`, `statedump` and another `echo`, calls [`reset`](Self::reset) when the first of them
/// is back, and [`sweep`](Self::sweep) at the second: what the dump did not mention is gone. In
/// between, everything that was known stays visible. A service that has the name of one that went
/// unnoticed can be made while the dump is on its way, after its place there; what was known of the
/// old one is then gone as well, fact by fact.
///
/// It grows with what the daemon has, and with nothing else.
#[derive(Clone, Debug, Default)]
pub struct StateView {
    services: BTreeMap<Box<[u8]>, Marked<ServiceView>>,
    fds: BTreeMap<Box<[u8]>, Marked<FdView>>,
    signals: BTreeMap<Signal, Marked<u32>>,
    env: MarkedList,
    /// The settings of the daemon itself, as the lines that told them, by what is set.
    settings: BTreeMap<Box<[u8]>, Marked<Vec<u8>>>,
    log_filter: Option<LogFilter>,
    shutdown: Option<(ShutdownPhase, u32)>,
    overflowed: bool,
}

/// A file descriptor, as far as events have reported it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FdView {
    /// The fields of its last `fd.state`, as they were on the line: they own their text.
    fields: Vec<u8>,
}

impl FdView {
    /// What it is.
    #[must_use]
    pub fn state(&self) -> FdStateField<'_> {
        kind::fd_state(&self.fields).map_or(FdStateField::Deleted, |(_, state)| state)
    }
}

impl StateView {
    /// A view that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in an event. Those that say nothing about the state of the daemon change nothing.
    pub fn apply(&mut self, event: &Event<'_>) {
        if let Some((name, which, list)) = event.service_list() {
            let service = self.service_mut(name);
            match which {
                EventName::ServiceEnvApply => service.add_to_list(EventName::ServiceEnv, list),
                _ => service.set_list(which, list),
            }
            return;
        }
        self.note_setting(event);
        match *event {
            Event::ServiceState { name, state: StateField::Deleted } => {
                self.services.remove(name.as_bytes());
            }
            Event::ServiceState { name, state } => self.service_mut(name).set_state(state),
            Event::ServiceAutoUp { name, interval, triggers } => {
                self.service_mut(name).set_auto_up(interval, triggers);
            }
            Event::ServiceRun { name, run, facts } => self.service_mut(name).set_run(run, facts),
            Event::FdState { name, state: FdStateField::Deleted } => {
                self.fds.remove(name.as_bytes());
            }
            Event::FdState { name, state } => {
                let fields = &mut touch(&mut self.fds, name).fields;
                fields.clear();
                kind::put_fd_state(fields, state);
            }
            Event::Signal { signal, count: 0, .. } => {
                self.signals.remove(&signal);
            }
            Event::Signal { signal, count, .. } => {
                self.signals.insert(signal, Marked::fresh(count));
            }
            Event::Env { env } => self.env.set(env),
            Event::EnvApply { apply } => self.env.add(apply),
            Event::LogFilter { level } => self.log_filter = Some(level),
            Event::TerminateState { phase, remaining } => self.shutdown = Some((phase, remaining)),
            Event::Overflow => self.overflowed = true,
            Event::ServiceTags { .. }
            | Event::ServiceArgs { .. }
            | Event::ServiceFds { .. }
            | Event::ServiceOptions { .. }
            | Event::ServiceEnv { .. }
            | Event::ServiceEnvApply { .. }
            | Event::Info { .. }
            | Event::Warning { .. }
            | Event::Error { .. }
            | Event::ConnFeatures { .. }
            | Event::ConnTimer { .. }
            | Event::ConnState { .. }
            | Event::FdGive { .. }
            | Event::LogDest { .. }
            | Event::TerminateExecArgs { .. }
            | Event::SignalDefault { .. }
            | Event::Chdir { .. }
            | Event::SocketCreate { .. }
            | Event::SocketDelete { .. }
            | Event::Done { .. }
            | Event::Other { .. } => {}
        }
    }

    /// Call just before the dump begins: from here on it notes what is still there. Earlier news
    /// may be of a signal that was cleared meanwhile, which no event reports. Also resets
    /// [`has_overflowed`](Self::has_overflowed).
    pub fn reset(&mut self) {
        for service in self.services.values_mut() {
            service.mark();
            service.value.mark();
        }
        self.fds.values_mut().for_each(Marked::mark);
        self.signals.values_mut().for_each(Marked::mark);
        self.settings.values_mut().for_each(Marked::mark);
        self.env.mark();
        self.overflowed = false;
    }

    /// Call when the dump is complete: forgets what was not mentioned since the last
    /// [`reset`](Self::reset). Returns the events, a line each, that nobody heard: of a service, a
    /// descriptor or a signal that is gone, and of each fact that is gone of a service that stays,
    /// since the fact was of another one that had its name.
    ///
    /// Does nothing if the view has overflowed meanwhile, since then the dump has gaps: reset, and
    /// ask again.
    pub fn sweep(&mut self) -> Vec<Vec<u8>> {
        let mut events = Vec::new();
        if self.overflowed {
            return events;
        }
        self.services.retain(|name, service| {
            let Some(name) = Name::new(name) else { return false };
            if service.is_fresh() {
                service.value.sweep(name, &mut events);
            } else {
                events.push(line(Event::ServiceState { name, state: StateField::Deleted }));
            }
            service.is_fresh()
        });
        self.fds.retain(|name, fd| {
            let Some(name) = Name::new(name) else { return false };
            if !fd.is_fresh() {
                events.push(line(Event::FdState { name, state: FdStateField::Deleted }));
            }
            fd.is_fresh()
        });
        self.signals.retain(|&signal, count| {
            if !count.is_fresh() {
                events.push(line(Event::Signal { signal, at: 0, count: 0 }));
            }
            count.is_fresh()
        });
        self.settings.retain(|_, line| line.is_fresh());
        self.env.sweep();
        events
    }

    /// The services, in the order of their names.
    pub fn services(&self) -> impl Iterator<Item = (&[u8], &ServiceView)> {
        self.services.iter().map(|(name, service)| (&**name, &service.value))
    }

    /// The service of this name.
    #[must_use]
    pub fn service(&self, name: &[u8]) -> Option<&ServiceView> {
        self.services.get(name).map(|service| &service.value)
    }

    /// Whether this run of a service has ended: it is known to, another one has begun, or the
    /// service is gone.
    #[must_use]
    pub fn run_is_over(&self, name: &[u8], run: u32) -> bool {
        self.service(name).is_none_or(|service| {
            let now = service.run();
            now.number() > run || (now.number() == run && now.has(Fact::End))
        })
    }

    /// The file descriptors, in the order of their names.
    pub fn fds(&self) -> impl Iterator<Item = (&[u8], &FdView)> {
        self.fds.iter().map(|(name, fd)| (&**name, &fd.value))
    }

    /// The file descriptor of this name.
    #[must_use]
    pub fn fd(&self, name: &[u8]) -> Option<&FdView> {
        self.fds.get(name).map(|fd| &fd.value)
    }

    /// The signals that are pending, with their counts, in the order of their numbers.
    ///
    /// No event reports a `signal.clear`: counts are those of the last `signal` or dump.
    pub fn signals(&self) -> impl Iterator<Item = (Signal, u32)> {
        self.signals.iter().map(|(&signal, count)| (signal, count.value))
    }

    /// How many of this signal are pending.
    #[must_use]
    pub fn pending(&self, signal: Signal) -> u32 {
        self.signals.get(&signal).map_or(0, |count| count.value)
    }

    /// The environment of every service, as far as it was set. It is told to connections with the
    /// feature `settings` only.
    #[must_use]
    pub fn env(&self) -> Fields<'_> {
        self.env.fields()
    }

    /// The daemon's own settings as the commands that set them, in an order in which they can be
    /// sent: the working directory, the log, signals, control sockets, and what the daemon becomes
    /// in the end. All of them are told to connections with the feature `settings` only.
    pub fn settings(&self) -> impl Iterator<Item = &[u8]> {
        self.settings.values().map(|line| &*line.value)
    }

    /// The log filter, if it was ever reported.
    #[must_use]
    pub fn log_filter(&self) -> Option<LogFilter> {
        self.log_filter
    }

    /// How far an orderly shutdown has got, and how many services are still running, if one is in
    /// progress.
    #[must_use]
    pub fn shutdown(&self) -> Option<(ShutdownPhase, u32)> {
        self.shutdown
    }

    /// Whether events were missed since the last [`reset`](Self::reset).
    #[must_use]
    pub fn has_overflowed(&self) -> bool {
        self.overflowed
    }

    /// What a setting is of is its event, and with some the signal or the name of the socket.
    fn note_setting(&mut self, event: &Event<'_>) {
        let of = match *event {
            Event::LogFilter { .. }
            | Event::LogDest { .. }
            | Event::TerminateExecArgs { .. }
            | Event::Chdir { .. } => Vec::new(),
            Event::SignalDefault { signal, .. } => signal.to_string().into_bytes(),
            Event::SocketCreate { options: SocketOptions { name, .. }, .. }
            | Event::SocketDelete { name } => name.map_or(&b""[..], Name::as_bytes).to_vec(),
            _ => return,
        };
        let Some(name) = event.name() else { return };
        let what = match name {
            EventName::SocketDelete => EventName::SocketCreate,
            name => name,
        };
        let key = [what.as_str().as_bytes(), b"\t", &of].concat().into_boxed_slice();
        if name == EventName::SocketDelete {
            self.settings.remove(&key);
            return;
        }
        self.settings.insert(key, Marked::fresh(line(*event)));
    }

    fn service_mut(&mut self, name: Name<'_>) -> &mut ServiceView {
        touch(&mut self.services, name)
    }
}

/// The line of an event, without its end.
fn line(event: Event<'_>) -> Vec<u8> {
    let mut line = Vec::new();
    event.encode(&mut line);
    line
}

/// The entry of this name, which exists from now on and is not stale.
fn touch<'m, T: Default>(map: &'m mut BTreeMap<Box<[u8]>, Marked<T>>, name: Name<'_>) -> &'m mut T {
    let entry = map.entry(name.as_bytes().into()).or_default();
    entry.touch()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(view: &mut StateView, lines: &[&str]) {
        for line in lines {
            view.apply(&Event::parse(line.as_bytes()).unwrap());
        }
    }

    #[test]
    fn events_add_up() {
        let mut view = StateView::new();
        feed(
            &mut view,
            &[
                "service.args\tweb\thttpd\t-p",
                "service.tags\tweb\trole=x",
                "service.fds\tweb\tnull\t-",
                "service.auto_up\tweb\t5\talways",
                "service.state\tweb\tup\t10\t77\t-\t-\t0\t-",
                "fd.state\tlog\tfile\twrite\t/x",
                "signal\tSIGHUP\t10\t2",
                "log.filter\tinfo",
                "anything that echo made",
            ],
        );
        let web = view.service(b"web").unwrap();
        assert_eq!(web.pid(), Some(77));
        assert_eq!(web.args().iter().collect::<Vec<_>>(), [&b"httpd"[..], b"-p"]);
        assert_eq!((web.fds().len(), web.tags().as_bytes()), (2, &b"role=x"[..]));
        assert!(web.interval() == Some(5) && web.triggers().always);
        assert!(matches!(view.fd(b"log").unwrap().state(), FdStateField::File { path: b"/x", .. }));
        assert_eq!(view.pending(Signal::HUP), 2);
        assert_eq!(view.log_filter(), Some(LogFilter::Info));

        feed(
            &mut view,
            &["service.state\tweb\tdeleted\t-\t-\t-\t-\t-\t-", "fd.state\tlog\tdeleted"],
        );
        assert_eq!(view.services().count() + view.fds().count(), 0);
    }

    #[test]
    fn the_last_word_on_a_setting_counts() {
        let mut view = StateView::new();
        feed(
            &mut view,
            &[
                "log.dest\tfd\tstderr",
                "signal.default\tSIGHUP\tevent",
                "signal.default\tSIGTERM\tshutdown",
                "socket.create\t-\t/c",
                "socket.create\tname=a\t/a",
                "chdir\t/x",
                "log.dest\tfd\tlog",
                "socket.delete",
                "terminate.exec_args",
            ],
        );
        let lines: Vec<_> = view.settings().map(|line| String::from_utf8_lossy(line)).collect();
        assert_eq!(
            lines,
            [
                "chdir\t/x",
                "log.dest\tfd\tlog",
                "signal.default\tSIGHUP\tevent",
                "signal.default\tSIGTERM\tshutdown",
                "socket.create\tname=a\t/a",
                "terminate.exec_args\t",
            ]
        );
        view.reset();
        feed(&mut view, &["chdir\t/"]);
        view.sweep();
        assert!(view.settings().eq([b"chdir\t/"]));
    }

    #[test]
    fn the_end_of_a_run_is_not_that_of_another() {
        let mut view = StateView::new();
        feed(&mut view, &["service.run\tweb\t7\tpid=12"]);
        assert!(!view.run_is_over(b"web", 7) && view.run_is_over(b"web", 6));
        feed(&mut view, &["service.run\tweb\t7\tpid=12\tend=9\texit=0"]);
        assert!(view.run_is_over(b"web", 7) && !view.run_is_over(b"web", 8));
        assert!(view.run_is_over(b"gone", 1));
    }

    #[test]
    fn a_dump_takes_away_what_it_does_not_mention() {
        let mut view = StateView::new();
        feed(
            &mut view,
            &[
                "service.args\ta\tx",
                "service.args\tb\tx",
                "fd.state\tf\tfile\tread\t/",
                "signal\tSIGHUP\t1\t1",
            ],
        );
        view.reset();
        feed(&mut view, &["service.state\tb\tdown\t-\t-\t-\t-\t-\t-", "service.args\tb\tx"]);
        assert!(view.service(b"a").is_some(), "until the dump is complete, nothing is taken away");
        let events = view.sweep();
        let events: Vec<_> = events.iter().map(|line| String::from_utf8_lossy(line)).collect();
        let gone = "service.state\ta\tdeleted\t-\t-\t-\t-\t-\t-";
        assert_eq!(events, [gone, "fd.state\tf\tdeleted", "signal\tSIGHUP\t0\t0"]);
        assert_eq!(view.services().map(|(name, _)| name).collect::<Vec<_>>(), [b"b"]);
        assert_eq!((view.fds().count(), view.pending(Signal::HUP)), (0, 0));
    }

    #[test]
    fn what_is_known_of_a_service_does_not_pass_to_another_one_of_its_name() {
        let mut view = StateView::new();
        feed(
            &mut view,
            &[
                "service.args\ta\told",
                "service.tags\ta\trole=old",
                "service.env\ta\tA=old",
                "service.auto_up\ta\t5\talways",
                "service.state\ta\tup\t10\t77\t-\t-\t0\t-",
                "service.run\ta\t7\tpid=77",
                "env\tALL=old",
            ],
        );
        // Its end was missed. A new one is made when the dump has already passed its name.
        view.reset();
        feed(&mut view, &["service.args\ta\tnew", "service.env.apply\ta\tA=new"]);
        assert_eq!(view.service(b"a").unwrap().pid(), Some(77), "until then it can be the old one");
        let events = view.sweep();
        let events: Vec<_> = events.iter().map(|line| String::from_utf8_lossy(line)).collect();
        assert_eq!(
            events,
            [
                "service.state\ta\tdown\t-\t-\t-\t-\t-\t-",
                "service.run\ta\t0",
                "service.tags\ta\t",
                "service.env\ta\tA=new",
                "service.auto_up\ta\t-",
            ]
        );
        let mut new = StateView::new();
        feed(&mut new, &["service.args\ta\tnew", "service.env\ta\tA=new"]);
        let (a, new) = (view.service(b"a").unwrap(), new.service(b"a").unwrap());
        assert_eq!((a.state(), a.run(), a.interval()), (new.state(), new.run(), new.interval()));
        assert_eq!((a.args(), a.tags(), a.env()), (new.args(), new.tags(), new.env()));
        assert!(a.triggers() == new.triggers() && view.env().is_empty());
        assert_eq!(view.sweep().len(), 0, "once is enough");
        assert_eq!(view.service(b"a").unwrap().args(), new.args());
    }

    #[test]
    fn a_dump_with_gaps_takes_nothing_away() {
        let mut view = StateView::new();
        feed(&mut view, &["service.args\ta\tx", "overflow"]);
        assert!(view.has_overflowed());
        view.reset();
        feed(&mut view, &["overflow"]);
        view.sweep();
        assert!(view.service(b"a").is_some() && view.has_overflowed());
    }
}
