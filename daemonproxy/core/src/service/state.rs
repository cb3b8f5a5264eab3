//! A service: what to run, with what, when, and how it is now.

use std::time::Duration;

use daemonproxy_protocol::{
    Backoff, Condition, Event, ExitField, Fields, GiveUp, Kill, Name, Options, ServiceOption,
    Signal, StateField, Triggers,
};

use crate::memory::{NoRoom, Reserved, Text, at_start};
use crate::notify::notifying::Notifier;
use crate::service::awaiting::Waits;
use crate::service::restarts::Restarts;
use crate::service::run::{Phase, Run};
use crate::system::{Death, Ended, Monotonic, Pid};
use crate::table::{NameBuf, Record, Slot};
use crate::upgrade::state::{Carried, Read, StateLine, Writer, Wrong, carried};
use crate::upgrade::value::Value;

/// What a service with no `service.fds` gets, and one with an empty list too.
pub(crate) const DEFAULT_FDS: &[u8] = b"null\tnull\tnull";

/// Bytes that are kept when memory is given back: a logger's own list of descriptors fits into
/// them, so that it can be set after its list of arguments has become shorter.
pub(super) const SPARE: usize = 64;

/// The lists of strings that a service has, kept as they are written on a line: joined by TABs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Args,
    Tags,
    Fds,
    /// Those besides `always` and single signals.
    Triggers,
    Options,
    Env,
}

pub(crate) struct Service {
    name: NameBuf,
    pub(super) run: Run,
    /// Seconds between two starts; 0 if none were ever given.
    pub(super) interval: u32,
    /// Its triggers besides those in the list, see [`packed`].
    triggers: u32,
    /// The lists in one block of memory, one after the other.
    text: Vec<u8>,
    lengths: [u16; 6],
    has_fds: bool,
    /// Its triggers do not count any more. What they name still says what must be stopped before
    /// what.
    quiet: bool,
    /// Whether it is to be looked at again because of a descriptor.
    pub(super) waits: Waits,
    pooled: bool,
}

impl List {
    /// Whether it says what the service is started with.
    pub(super) fn is_for_start(self) -> bool {
        match self {
            Self::Args | Self::Fds | Self::Options | Self::Env => true,
            Self::Tags | Self::Triggers => false,
        }
    }
}

impl Record for Service {
    fn vacant(bytes: Option<usize>) -> Self {
        Self {
            name: NameBuf::NONE,
            run: Run::NONE,
            interval: 0,
            triggers: 0,
            text: bytes.map(at_start).unwrap_or_default(),
            lengths: [0; 6],
            has_fds: false,
            quiet: false,
            waits: Waits::Never,
            pooled: bytes.is_some(),
        }
    }

    fn name_buf(&self) -> &NameBuf {
        &self.name
    }

    fn reset(&mut self, name: NameBuf) {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        if !self.pooled {
            text = Vec::new();
        }
        *self = Self { name, text, pooled: self.pooled, ..Self::vacant(None) };
    }
}

carried!(
    Service, as in Service::vacant(None),
    carries interval has_fds quiet,
    but not name run triggers text lengths waits pooled
);

/// The lists that commands set, but for the triggers.
const LISTS: [(&[u8], List); 5] = [
    (b"service.tags", List::Tags),
    (b"service.args", List::Args),
    (b"service.fds", List::Fds),
    (b"service.options", List::Options),
    (b"service.env", List::Env),
];

// Over an upgrade.
impl Service {
    /// Writes everything about it.
    pub(super) fn write_state(&self, slot: Slot, to: &mut Writer) {
        let name = self.name.as_bytes();
        to.begin(b"resume.service");
        to.field(name);
        to.keyed("slot", &slot);
        self.save(to);
        to.end();
        if self.run != Run::NONE {
            to.begin(b"resume.run");
            to.field(name);
            self.run.save(to);
            to.end();
        }
        for (command, list) in LISTS {
            let fields = self.list(list);
            if !fields.is_empty() {
                to.command(command, name, fields);
            }
        }
        let others = self.list(List::Triggers);
        if self.triggers != 0 || !others.is_empty() {
            let signals = Triggers::new(false, (self.triggers & !ALWAYS).into(), Fields::default());
            to.begin(b"service.auto_up");
            to.field(name);
            to.field(b"-");
            if self.triggers & ALWAYS != 0 {
                to.field(b"always");
            }
            for signal in signals.signals() {
                to.field(b"");
                signal.write(to);
            }
            if !others.is_empty() {
                to.field(others.as_bytes());
            }
            to.end();
        }
    }

    /// Becomes as a command has it that was written there.
    pub(super) fn read_command<'a>(&mut self, record: StateLine<'a>) -> Read<'a> {
        let (_, fields) = record.first()?;
        if let Some(&(_, list)) = LISTS.iter().find(|&&(command, _)| command == record.kind) {
            return Ok(self.set_list(list, fields)?);
        }
        // The interval is said elsewhere.
        let (_, triggers) = StateLine { rest: fields, ..record }.first()?;
        let read = Triggers::parse(triggers).ok_or(Wrong::Value(triggers.as_bytes()))?;
        let is_plain = |text: &[u8]| {
            matches!(Condition::parse(text), Some(Condition::Always | Condition::Signal(_)))
        };
        let plain = triggers.iter().take_while(|text| is_plain(text));
        let length: usize = plain.map(|text| text.len() + 1).sum();
        let others = Fields::new(triggers.as_bytes().get(length..).unwrap_or_default());
        self.triggers = packed(read);
        Ok(self.set_list(List::Triggers, others)?)
    }

    /// What was said of it without a command.
    pub(super) fn read_run<'a>(&mut self, fields: Fields<'a>) -> Read<'a> {
        self.run.load(fields)
    }
}

impl Service {
    pub(crate) fn name(&self) -> Name<'_> {
        self.name.as_name()
    }

    pub(crate) fn list(&self, list: List) -> Fields<'_> {
        let (start, len) = self.place(list);
        Fields::new(self.text.get(start..start + len).unwrap_or_default())
    }

    /// The descriptors to start it with.
    pub(crate) fn start_fds(&self) -> Fields<'_> {
        let fds = self.list(List::Fds);
        if fds.is_empty() { Fields::new(DEFAULT_FDS) } else { fds }
    }

    /// Sets a list. Nothing changes when there is no room.
    pub(super) fn set_list(&mut self, list: List, fields: Fields<'_>) -> Result<(), NoRoom> {
        let new = fields.as_bytes();
        let length = u16::try_from(new.len()).map_err(|_| NoRoom)?;
        let (start, old) = self.place(list);
        self.reserve(&[(list, new.len())])?;
        self.text.replace(start..start + old, new);
        self.lengths[list as usize] = length;
        if list == List::Fds {
            self.has_fds = true;
        }
        self.shrink();
        Ok(())
    }

    /// Gives back memory, if much of it is no longer used. If there is no memory for a smaller
    /// piece, the large one is kept.
    fn shrink(&mut self) {
        let wanted = self.text.len() + SPARE;
        if self.pooled || self.text.capacity() <= 2 * wanted {
            return;
        }
        let mut smaller = Vec::new();
        if smaller.try_reserve_exact(wanted).is_ok() {
            smaller.fill(self.text.iter().copied());
            self.text = smaller;
        }
    }

    pub(crate) fn has_args(&self) -> bool {
        self.lengths[List::Args as usize] > 0
    }

    /// Makes sure that lists of this many bytes can be set, one after the other.
    pub(super) fn reserve(&mut self, changes: &[(List, usize)]) -> Result<(), NoRoom> {
        // On the way, one list may already be longer while the next is not yet shorter.
        let (mut total, mut most) = (self.text.len(), 0);
        for &(list, len) in changes {
            total = total - usize::from(self.lengths[list as usize]) + len;
            most = most.max(total);
        }
        let more = most.saturating_sub(self.text.len());
        if self.pooled {
            return if most <= self.text.capacity() { Ok(()) } else { Err(NoRoom) };
        }
        Ok(self.text.try_reserve_exact(more)?)
    }

    pub(crate) fn pid(&self) -> Option<Pid> {
        self.run.pid()
    }

    /// Whether a start is planned.
    pub(crate) fn is_about_to_start(&self) -> bool {
        self.run.phase == Phase::Starting
    }

    /// Whether a start is planned that a trigger has asked for.
    pub(super) fn is_about_to_be_triggered(&self) -> bool {
        self.is_about_to_start() && self.run.triggered
    }

    /// Whether it was stopped by a command, or given up, so that no trigger starts it.
    pub(crate) fn is_held(&self) -> bool {
        self.run.held
    }

    /// What starts it by itself.
    pub(crate) fn triggers(&self) -> Triggers<'_> {
        let (always, signals) = (self.triggers & ALWAYS != 0, self.triggers & !ALWAYS);
        let others = if self.quiet { Fields::default() } else { self.list(List::Triggers) };
        Triggers::new(always, signals.into(), others)
    }

    /// Those of its triggers that have conditions, or had them before the shutdown began.
    pub(crate) fn conditions(&self) -> Fields<'_> {
        self.list(List::Triggers)
    }

    /// Sets them, but for those in the list.
    pub(super) fn set_triggers(&mut self, triggers: Triggers<'_>) {
        self.triggers = packed(triggers);
        self.quiet = false;
    }

    /// From now on it has none.
    pub(super) fn silence(&mut self) {
        self.triggers = 0;
        self.quiet = true;
    }

    /// The process that it has or had.
    pub(crate) fn last_pid(&self) -> Option<Pid> {
        self.run.last_start().map(|(pid, _)| pid)
    }

    /// Whether its last run was a success; `None` while it runs, and if it never ran.
    pub(crate) fn last_success(&self) -> Option<bool> {
        self.run.last_success()
    }

    /// How its last run ended; `None` while it runs, and if it never ran.
    pub(crate) fn last_end(&self) -> Option<Ended> {
        Some(self.run.ended()?.1)
    }

    /// Whether it was never started.
    pub(super) fn never_ran(&self) -> bool {
        self.run.number() == 0
    }

    /// Whether it runs, and is its program.
    pub(crate) fn is_executed(&self) -> bool {
        self.run.is_executed()
    }

    /// Whether the daemon has begun to stop its run.
    pub(crate) fn is_told_to_stop(&self) -> bool {
        self.run.is_told_to_stop()
    }

    /// Whether what it was started with includes the read end of a pipe.
    pub(crate) fn reads_pipes(&self) -> bool {
        self.run.reads_pipes
    }

    pub(crate) fn state_event(&self, now: Monotonic) -> Event<'_> {
        let state = match (self.run.phase, self.run.last_start(), self.run.ended()) {
            (Phase::Starting, ..) => StateField::Starting { at: self.run.next.seconds() },
            (Phase::Up, Some((pid, since)), _) => StateField::Up {
                since: since.seconds(),
                pid: pid.0,
                uptime: now.seconds_since(since),
            },
            (Phase::Down, Some((pid, since)), Some((reaped, end))) => StateField::Down {
                reaped: reaped.seconds(),
                pid: pid.0,
                end: match end {
                    Ended::Exit(status) => ExitField::Exit(status),
                    Ended::Signal(signal) => ExitField::Signal(signal),
                },
                uptime: reaped.seconds_since(since),
                downtime: now.seconds_since(reaped),
            },
            (Phase::Down | Phase::Up, ..) => StateField::NeverStarted,
        };
        Event::ServiceState { name: self.name(), state }
    }

    /// Writes `service.run`. `restarts`: what is counted of its starts; `left`: how many it has left
    /// behind; `said`: what it says of itself; `death`: the run has just ended like this.
    pub(super) fn write_run(
        &self,
        restarts: Option<&Restarts>,
        left: u32,
        said: Option<&Notifier>,
        death: Option<&Death>,
        out: &mut Vec<u8>,
    ) {
        let run = self.run.number();
        Event::ServiceRun { name: self.name(), run, facts: Fields::default() }.encode(out);
        self.run.write_facts(self.list(List::Triggers), restarts, left, said, death, out);
    }

    pub(crate) fn tags_event(&self) -> Event<'_> {
        Event::ServiceTags { name: self.name(), tags: self.list(List::Tags) }
    }

    pub(crate) fn args_event(&self) -> Event<'_> {
        Event::ServiceArgs { name: self.name(), args: self.list(List::Args) }
    }

    pub(crate) fn fds_event(&self) -> Event<'_> {
        let fds = if self.has_fds { self.list(List::Fds) } else { Fields::new(DEFAULT_FDS) };
        Event::ServiceFds { name: self.name(), fds }
    }

    /// What `wanted` takes of the options; the last of several counts.
    fn option<'s, T>(&'s self, wanted: impl Fn(ServiceOption<'s>) -> Option<T>) -> Option<T> {
        Options::new(self.list(List::Options)).iter().filter_map(wanted).last()
    }

    /// The signal that stops it.
    pub(crate) fn stop_signal(&self) -> Signal {
        let stop = self.option(|option| match option {
            ServiceOption::Stop(signal) => Some(signal),
            _ => None,
        });
        stop.unwrap_or(Signal::TERM)
    }

    /// What its stop is about.
    pub(crate) fn kill(&self) -> Kill {
        let kill = self.option(|option| match option {
            ServiceOption::Kill(kill) => Some(kill),
            _ => None,
        });
        kill.unwrap_or(Kill::Group)
    }

    /// Whether its process leads a session, or has led one.
    pub(crate) fn leads_session(&self) -> bool {
        self.run.bounds.has_session()
    }

    /// Whether its run is, or was, in a cgroup of its own.
    pub(crate) fn is_in_cgroup(&self) -> bool {
        self.run.bounds.has_cgroup()
    }

    /// Whether its next run is to be in one.
    pub(crate) fn wants_cgroup(&self) -> bool {
        wants_cgroup(Options::new(self.list(List::Options)))
    }

    /// The same, of the process of its next start.
    pub(super) fn has_session(&self) -> bool {
        self.option(|option| matches!(option, ServiceOption::Session(_)).then_some(())).is_some()
    }

    /// The seconds from that to SIGKILL, if an option says so; the highest number for never.
    pub(crate) fn stop_after(&self) -> Option<Duration> {
        self.option(|option| match option {
            ServiceOption::StopAfter(time) => Some(time),
            _ => None,
        })
    }

    /// The signal by which it reads its configuration again.
    pub(crate) fn reload_signal(&self) -> Signal {
        let reload = self.option(|option| match option {
            ServiceOption::Reload(signal) => Some(signal),
            _ => None,
        });
        reload.unwrap_or(Signal::HUP)
    }

    /// Whether an option says that this end is a success.
    pub(super) fn ends_well(&self, end: Ended) -> bool {
        let ends = self.option(|option| match option {
            ServiceOption::Success(ends) => Some(ends),
            _ => None,
        });
        ends.is_some_and(|ends| match end {
            Ended::Exit(status) => ends.has_exit(status),
            Ended::Signal(signal) => ends.has_signal(signal),
        })
    }

    /// How the interval between two starts grows.
    pub(super) fn backoff(&self) -> Option<Backoff> {
        self.option(|option| match option {
            ServiceOption::Backoff(backoff) => Some(backoff),
            _ => None,
        })
    }

    /// When starting it by triggers is given up.
    pub(super) fn giveup(&self) -> Option<GiveUp> {
        self.option(|option| match option {
            ServiceOption::Giveup(giveup) => Some(giveup),
            _ => None,
        })
    }

    /// What is started then.
    pub(super) fn on_giveup(&self) -> Option<Name<'_>> {
        self.option(|option| match option {
            ServiceOption::OnGiveup(name) => Some(name),
            _ => None,
        })
    }

    pub(crate) fn options_event(&self) -> Event<'_> {
        Event::ServiceOptions { name: self.name(), options: self.list(List::Options) }
    }

    pub(crate) fn auto_up_event(&self) -> Event<'_> {
        let triggers = self.triggers();
        let interval = (!triggers.is_empty()).then_some(self.interval);
        Event::ServiceAutoUp { name: self.name(), interval, triggers }
    }

    fn place(&self, list: List) -> (usize, usize) {
        let start = self.lengths[..list as usize].iter().map(|&len| usize::from(len)).sum();
        (start, usize::from(self.lengths[list as usize]))
    }
}

/// Whether a run with these options is in a cgroup of its own.
pub(super) fn wants_cgroup(options: Options<'_>) -> bool {
    let wants =
        |option| matches!(option, ServiceOption::Kill(Kill::Cgroup) | ServiceOption::Memory(_));
    options.iter().any(wants)
}

/// The bit of [`packed`] that no signal has which can be a trigger.
const ALWAYS: u32 = 1 << 31;

/// Triggers in four bytes: only the standard signals can be among them.
fn packed(triggers: Triggers<'_>) -> u32 {
    let signals = triggers.signals as u32 & !ALWAYS;
    if triggers.always { signals | ALWAYS } else { signals }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields<'_> {
        Fields::new(text.as_bytes())
    }

    #[test]
    fn the_lists_do_not_disturb_each_other() {
        let mut service = Service::vacant(None);
        service.set_list(List::Fds, fields("null\tx\ty")).unwrap();
        service.set_list(List::Args, fields("sh\t-c\texit 1")).unwrap();
        service.set_list(List::Tags, fields("a\tb=c")).unwrap();
        service.set_list(List::Args, fields("true")).unwrap();
        assert_eq!(service.list(List::Args).as_bytes(), b"true");
        assert_eq!(service.list(List::Tags).as_bytes(), b"a\tb=c");
        assert_eq!(service.list(List::Fds).as_bytes(), b"null\tx\ty");
        service.set_list(List::Tags, fields("")).unwrap();
        assert_eq!(service.list(List::Fds).as_bytes(), b"null\tx\ty");
    }

    #[test]
    fn memory_is_given_back_when_much_of_it_is_no_longer_used() {
        let mut service = Service::vacant(None);
        let long = "x".repeat(8 * SPARE);
        service.set_list(List::Args, fields(&long)).unwrap();
        assert!(service.text.capacity() >= long.len());
        service.set_list(List::Args, fields("true")).unwrap();
        assert_eq!(service.text.capacity(), "true".len() + SPARE);
        // As long as less than half of it is unused, it stays.
        let place = service.text.as_ptr();
        service.set_list(List::Args, fields("false")).unwrap();
        service.set_list(List::Args, fields("true")).unwrap();
        assert_eq!(service.text.as_ptr(), place);
    }

    #[test]
    fn a_pooled_service_refuses_what_does_not_fit_and_keeps_what_it_has() {
        let mut service = Service::vacant(Some(8));
        service.set_list(List::Args, fields("sleep\t9")).unwrap();
        assert_eq!(service.set_list(List::Tags, fields("long")), Err(NoRoom));
        assert_eq!(service.list(List::Args).as_bytes(), b"sleep\t9");
        assert!(service.list(List::Tags).is_empty());
    }

    /// What a service costs besides its strings and the memory around them: of the 250 bytes that
    /// one may cost in all, this leaves 98.
    #[test]
    fn a_service_is_small() {
        assert!(size_of::<Service>() <= 152, "{} bytes", size_of::<Service>());
    }
}
